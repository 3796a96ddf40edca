"""The records a corpus is made of. Offsets are characters into the text of the source."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

__all__ = ["Court", "Fact", "Layout", "Paragraph", "Passage", "Report", "Section", "Source", "Span", "Told"]

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Layout:
    """What a file's form says of its text, by the characters at which things begin.

    `pages[i]` is where page i + 1 begins, `paragraphs[i]` where the file's own paragraph i + 1 does. `headings`
    are the lines that are headings, with their levels (0: a title). `whole`: each line is a paragraph. `unread` are
    pages that were left out, `recognised` those whose text was recognised from a picture, with the mean confidence.
    """

    pages: tuple[int, ...] = ()
    paragraphs: tuple[int, ...] = ()
    headings: tuple[tuple[int, int], ...] = ()
    whole: bool = False
    unread: tuple[int, ...] = ()
    recognised: tuple[tuple[int, float], ...] = ()

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Layout:
        """Return the layout that was written as plain lists."""
        return cls(
            pages=tuple(plain["pages"]),
            paragraphs=tuple(plain["paragraphs"]),
            headings=tuple((start, level) for start, level in plain["headings"]),
            whole=plain["whole"],
            unread=tuple(plain.get("unread", ())),
            recognised=tuple((page, sure) for page, sure in plain.get("recognised", ())),
        )

    def confidence(self, start: int, end: int) -> float | None:
        """Return how sure the recognition of [start, end) is: that of its least sure page; None for a text layer."""
        if not self.recognised:
            return None
        first, last = self.page(start) or 1, self.page(max(start, end - 1)) or 1
        return min((sure for page, sure in self.recognised if first <= page <= last), default=None)

    def page(self, offset: int) -> int | None:
        """Return the page on which a character stands, counted from 1, or None where there are no pages."""
        return bisect_right(self.pages, offset) or None

    def paragraph(self, offset: int) -> int | None:
        """Return the file's own paragraph that a character is of, counted from 1, or None without such."""
        return bisect_right(self.paragraphs, offset) or None


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a file beside it: `court`, `year` and `title` win over what is read in it.

    `court_else` is the court where the file names none: the one given for all, or its folder's. `part` is which part
    the file is of the report called `title`.
    """

    court: str = ""
    year: int | None = None
    title: str = ""
    court_else: str = ""
    part: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One input file as text; `sha256` is that of its bytes, `form` the kind of file it is.

    `modified` is when the file was last changed, in seconds since 1970; `warnings` tell how it was read.
    """

    id: str
    name: str
    sha256: str
    text: str
    form: str = "txt"
    layout: Layout = Layout()
    told: Told = Told()
    modified: float = field(default=0.0, compare=False)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Court:
    """A court as its report names it; `key` tells apart courts that share a name."""

    name: str
    key: str
    level: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading on a line of its own; `parent` is the index of the section around it."""

    title: str
    rank: int
    start: int
    end: int
    parent: int | None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as a reader sees it.

    `pieces` are the source spans that make up `text`, in order: a break inside a sentence or a watermark
    lies between two of them. `leads` are the headings set into paragraphs that it stands under.
    """

    number: int
    section: int | None
    leads: tuple[str, ...]
    text: str
    start: int
    end: int
    pieces: tuple[Span, ...]

    def source_spans(self) -> Callable[[int, int], Span]:
        """Return what tells where in the source the characters [start, end) of `text` stand.

        It raises ValueError for characters that the text does not have.
        """
        starts = list(accumulate((b - a for a, b in self.pieces), initial=0))

        def span(start: int, end: int) -> Span:
            if not 0 <= start < end <= starts[-1]:
                raise ValueError(f"[{start}, {end}) lies outside a paragraph of {len(self.text)} characters")
            first, last = bisect_right(starts, start) - 1, bisect_left(starts, end) - 1
            return self.pieces[first][0] + start - starts[first], self.pieces[last][0] + end - starts[last]

        return span

    def source_span(self, start: int, end: int) -> Span:
        """Return where in the source the characters [start, end) of `text` stand. Raises ValueError."""
        return self.source_spans()(start, end)


@dataclass(frozen=True, slots=True)
class Report:
    """One court's report within a source. `titled`: it begins with a title of its own; known while it is parsed."""

    id: str
    source_id: str
    number: int
    title: str
    genre: str
    court: Court
    year: int | None
    start: int
    end: int
    sections: tuple[Section, ...]
    paragraphs: tuple[Paragraph, ...]
    repairs: int
    titled: bool = field(default=True, compare=False)

    def section_path(self, paragraph: Paragraph) -> tuple[str, ...]:
        """Return the headings above a paragraph, from the outermost to its lead sentence."""
        path: list[str] = []
        at = paragraph.section
        while at is not None:
            path.append(self.sections[at].title)
            at = self.sections[at].parent
        return (*reversed(path), *paragraph.leads)


@dataclass(frozen=True, slots=True)
class Passage:
    """What is ranked: a paragraph, or a part of a long one; `row` is its place in the index."""

    id: str
    row: int
    report_id: str
    source_id: str
    court: Court
    report_title: str
    year: int | None
    section_path: tuple[str, ...]
    paragraph: int
    text: str
    start: int
    end: int
    pieces: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A quantity that a report states.

    `object` is what is counted, `context` the matter it belongs to, `clause` the words around it. `start` and
    `end` are the source characters of number and unit, `text_start` and `text_end` those of the paragraph's text.
    `role` tells whose figure it is and of when: own, area (of all courts of its province, city or county), other (another body's), past (of an earlier period); `year` is
    the year that a past figure names.
    `kind` tells a plain count from a change (同比上升…), a part (其中…) and a total (共…).
    """

    id: str
    report_id: str
    paragraph: int
    number: float
    upper: float | None
    number_text: str
    approx: str | None
    unit: str
    object: str
    context: str
    clause: str
    role: str
    kind: str
    year: int | None
    start: int
    end: int
    text_start: int
    text_end: int
