"""Citations: where words stand, and the check that they stand there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from indexer.records import Passage, Source

__all__ = ["Citation", "CitationError", "cite"]


_Place = tuple[int | None, int | None, float | None]


class CitationError(Exception):
    """A citation does not quote what stands at its place: the index is damaged or there is a fault in it."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Court, report, section path, paragraph, and the exact characters [start, end) of the source.

    `page` and `file_paragraph` are the PDF page and the Word paragraph in which the quotation begins; `ocr_confidence`
    tells that its characters were recognised from a picture, and how surely (0 to 1, the mean of the page).
    """

    court: str
    court_aliases: tuple[str, ...]
    report_id: str
    report_title: str
    year: int | None
    section_path: tuple[str, ...]
    paragraph: int
    source_id: str
    source: str
    start: int
    end: int
    quote: str
    url: str
    page: int | None = None
    file_paragraph: int | None = None
    ocr_confidence: float | None = None


def cite(passage: Passage, source: Source, start: int | None = None, end: int | None = None) -> Citation:
    """Cite a passage, or the source characters [start, end) within it, and verify the citation.

    Raises CitationError where the source's characters are not the passage's.
    """
    verify(passage, source)
    if start is None and end is None:
        words = source.text[passage.start : passage.end]
        return _whole(passage, source.name, words, _place(source, passage.start, passage.end))
    first = passage.start if start is None else start
    last = passage.end if end is None else end
    if not passage.start <= first < last <= passage.end:
        raise CitationError(
            f"[{first}, {last}) lies outside passage {passage.id} [{passage.start}, {passage.end})"
        )
    return _citation(passage, source.name, source.text[first:last], first, last, _place(source, first, last))


def _place(source: Source, start: int, end: int) -> _Place:
    layout = source.layout
    return layout.page(start), layout.paragraph(start), layout.confidence(start, end)


@lru_cache(4096)
def _whole(passage: Passage, source: str, words: str, place: _Place) -> Citation:
    """Build the citation of a whole passage once; the cache holds no source's text alive."""
    return _citation(passage, source, words, passage.start, passage.end, place)


def _citation(passage: Passage, source: str, words: str, first: int, last: int, place: _Place) -> Citation:
    page, file_paragraph, ocr_confidence = place
    return Citation(
        court=passage.court.name,
        court_aliases=passage.court.aliases,
        report_id=passage.report_id,
        report_title=passage.report_title,
        year=passage.year,
        section_path=passage.section_path,
        paragraph=passage.paragraph,
        source_id=passage.source_id,
        source=source,
        start=first,
        end=last,
        quote=words,
        url=f"/reports/{quote(passage.report_id)}?start={first}&end={last}#cited",
        page=page,
        file_paragraph=file_paragraph,
        ocr_confidence=ocr_confidence,
    )


def verify(passage: Passage, source: Source) -> None:
    """Check that the passage's text is what its pieces of the source say.

    Raises CitationError where it is not.
    """
    said = "".join(source.text[a:b] for a, b in passage.pieces)
    if passage.source_id != source.id or said != passage.text or not said:
        raise CitationError(
            f"passage {passage.id} is not what {source.name} [{passage.start}, {passage.end}) says"
        )
