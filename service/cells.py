"""Cells of a table: of those whose row and column both are what is asked for, no other cell is an answer too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from indexer.records import Fact, Report
from indexer.tables import is_table
from service.asks import Ask
from service.fitting import term_share

__all__ = ["named", "outdone"]

_SHORTEST = 4
_ABOUT = 0.5


def named(ask: Ask, facts: Iterable[Fact], reports: Mapping[str, Report]) -> set[str]:
    """Return the ids of the cells whose row and column the question names both, the fullest names of each table's.

    What else it asks for must stand with the table: 执行局已完成多少项整改任务 of a table of 整改任务.
    """
    words = " ".join([ask.words, *ask.objects, ask.qualifiers])
    found: set[str] = set()
    for (report_id, number), cells in _tables(facts, reports).items():
        report = reports[report_id]
        paragraph = report.paragraphs[number - 1]
        about = " ".join([paragraph.text, report.title, *report.section_path(paragraph)])
        fitting = [
            cell
            for cell in cells
            if len(cell.object) >= _SHORTEST
            and term_share(cell.object, words) == 1
            and all(term_share(item, about) >= _ABOUT for item in ask.objects)
        ]
        longest = max((len(cell.object) for cell in fitting), default=0)
        found |= {cell.id for cell in fitting if len(cell.object) == longest}
    return found


def outdone(ask: Ask, facts: Iterable[Fact], reports: Mapping[str, Report]) -> set[str]:
    """Return the ids of the facts whose table has a cell that says all that is asked for, where they do not.

    A table's cells all stand among the same words, so that the words around them tell none from another.
    """
    every = list(facts)
    chosen = named(ask, every, reports)
    beaten: set[str] = set()
    for cells in _tables(every, reports).values():
        whole = {fact.id for fact in cells if fact.id in chosen or _says_all(ask, fact)}
        if whole:
            beaten |= {fact.id for fact in cells} - whole
    return beaten


def _tables(facts: Iterable[Fact], reports: Mapping[str, Report]) -> dict[tuple[str, int], list[Fact]]:
    tables: dict[tuple[str, int], list[Fact]] = {}
    for fact in facts:
        if is_table(reports[fact.report_id].paragraphs[fact.paragraph - 1].text):
            tables.setdefault((fact.report_id, fact.paragraph), []).append(fact)
    return tables


def _says_all(ask: Ask, fact: Fact) -> bool:
    said = any(term_share(item, fact.object) == 1 for item in ask.objects)
    return said and (not ask.qualifiers or term_share(ask.qualifiers, fact.object) == 1)
