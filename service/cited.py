"""Facts and words of an answer with the citations that hold them, numbered in the order of use."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.citations import Citation, cite
from indexer.records import Court, Fact, Paragraph, Passage, Report
from indexer.store import Store

__all__ = ["Citations", "CitedFact", "cite_fact", "cite_words"]

REACH = 80
"""Characters before a fact's clause in which it is looked for what it counts."""
_SENTENCE_ENDS, _CLAUSE_ENDS = "。；！？\n", "，：:。；！？\n"


@dataclass(frozen=True, slots=True)
class CitedFact:
    """A fact with the citation of its clause; `number` is its place in the answer's citations, from 1."""

    fact: Fact
    court: Court
    year: int | None
    citation: Citation
    number: int


class Citations:
    """The answer's citations in the order in which they are first used."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.found: list[Citation] = []

    def number(self, citation: Citation) -> int:
        for place, known in enumerate(self.found, 1):
            if (known.source_id, known.start, known.end) == (
                citation.source_id,
                citation.start,
                citation.end,
            ):
                return place
        self.found.append(citation)
        return len(self.found)

    def fact(self, fact: Fact, report: Report) -> CitedFact:
        citation = cite_fact(self._store, fact, report)
        return CitedFact(fact, report.court, report.year, citation, self.number(citation))


def cite_fact(store: Store, fact: Fact, report: Report) -> Citation:
    """Cite the sentence part that states a fact, from where it names what it counts, verified against the source.

    Raises LookupError where the index has lost the source.
    """
    paragraph = report.paragraphs[fact.paragraph - 1]
    stated = paragraph.text.rfind(fact.clause, 0, fact.text_end + len(fact.clause))
    covers = stated >= 0 and stated <= fact.text_start and fact.text_end <= stated + len(fact.clause)
    start, end = (stated, stated + len(fact.clause)) if covers else (fact.text_start, fact.text_end)
    return cite_words(store, report, paragraph, _naming(fact, paragraph.text, start), end)


def _naming(fact: Fact, text: str, start: int) -> int:
    """Return where the clause begins that names what a fact counts, where its own (同比增加17份) does not, or the whole of a part (其中…)."""
    opened = max(text.rfind(mark, 0, start) for mark in _SENTENCE_ENDS) + 1
    if text.startswith("其中", start) and start > opened:
        return max(opened, *(text.rfind(mark, opened, start - 1) + 1 for mark in _CLAUSE_ENDS))
    if not fact.object or fact.object in text[start : fact.text_end + len(fact.object)]:
        return start
    named = text.rfind(fact.object, max(opened, start - REACH), start)
    if named < 0:
        return start
    return max(opened, *(text.rfind(mark, opened, named) + 1 for mark in _CLAUSE_ENDS))


def cite_words(store: Store, report: Report, paragraph: Paragraph, start: int, end: int) -> Citation:
    """Cite the characters [start, end) of a paragraph's text."""
    source = store.source(report.source_id)
    if source is None:
        raise LookupError(f"report {report.id} has no source {report.source_id}")
    source_start, source_end = paragraph.source_span(start, end)
    whole = Passage(
        id=f"{report.id}-p{paragraph.number}",
        row=-1,
        report_id=report.id,
        source_id=report.source_id,
        court=report.court,
        report_title=report.title,
        year=report.year,
        section_path=report.section_path(paragraph),
        paragraph=paragraph.number,
        text=paragraph.text,
        start=paragraph.start,
        end=paragraph.end,
        pieces=paragraph.pieces,
    )
    return cite(whole, source, source_start, source_end)
