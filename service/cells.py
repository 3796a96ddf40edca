"""Cells of a table: of those whose row and column both are what is asked for, no other cell is an answer too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from indexer.records import Fact, Report
from indexer.tables import is_table
from service.asks import Ask
from service.fitting import term_share

__all__ = ["outdone"]


def outdone(ask: Ask, facts: Iterable[Fact], reports: Mapping[str, Report]) -> set[str]:
    """Return the ids of the facts whose table has a cell that says all that is asked for, where they do not.

    A table's cells all stand among the same words, so that the words around them tell none from another.
    """
    tables: dict[tuple[str, int], list[Fact]] = {}
    for fact in facts:
        if is_table(reports[fact.report_id].paragraphs[fact.paragraph - 1].text):
            tables.setdefault((fact.report_id, fact.paragraph), []).append(fact)
    beaten: set[str] = set()
    for cells in tables.values():
        whole = {fact.id for fact in cells if _says_all(ask, fact)}
        if whole:
            beaten |= {fact.id for fact in cells} - whole
    return beaten


def _says_all(ask: Ask, fact: Fact) -> bool:
    named = any(term_share(item, fact.object) == 1 for item in ask.objects)
    return named and (not ask.qualifiers or term_share(ask.qualifiers, fact.object) == 1)
