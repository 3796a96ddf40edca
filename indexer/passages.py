"""From paragraphs to passages, and from passages to the texts that are embedded and matched."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter

from indexer.records import Paragraph, Passage, Report, Span
from indexer.text import sentences

__all__ = ["LONGEST_PASSAGE", "Inputs", "inputs_of", "passages_of", "windows"]

LONGEST_PASSAGE = 600
"""Characters. A paragraph up to this length is one passage: a reader still takes it in at a glance."""

_ITEM = re.compile(
    r"(?<=[。；：])(?=(?:[一二三四五六七八九十]{1,3}(?:是|要)|第[一二三四五六七八九十]{1,3}[，,、]|[（(][一二三四五六七八九十\d]{1,3}[）)]))"
)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What is made searchable of one passage: the texts to embed, and the text for lexical matching."""

    embedded: tuple[str, ...]
    lexical: str


def passages_of(report: Report) -> Iterator[Passage]:
    """Yield a report's passages in order, with rows counted from 0.

    A long paragraph is cut where an enumeration's items begin, else at sentence ends, into parts of about
    equal length. Ids are made of the source's text and the paragraph's number, so a rebuild repeats them.
    """
    row = 0
    for paragraph in report.paragraphs:
        parts = _parts(paragraph.text)
        source_span = paragraph.source_spans()
        for part, (start, end) in enumerate(parts, 1):
            source_start, source_end = source_span(start, end)
            name = f"{report.id}-p{paragraph.number}"
            yield Passage(
                id=name if len(parts) == 1 else f"{name}.{part}",
                row=row,
                report_id=report.id,
                source_id=report.source_id,
                court=report.court,
                report_title=report.title,
                year=report.year,
                section_path=report.section_path(paragraph),
                paragraph=paragraph.number,
                text=paragraph.text[start:end],
                start=source_start,
                end=source_end,
                pieces=_pieces_within(paragraph, source_start, source_end),
            )
            row += 1


def _pieces_within(paragraph: Paragraph, start: int, end: int) -> tuple[Span, ...]:
    first = bisect_right(paragraph.pieces, start, key=itemgetter(1))
    inside = itertools.takewhile(
        lambda piece: piece[0] < end, itertools.islice(paragraph.pieces, first, None)
    )
    return tuple((max(a, start), min(b, end)) for a, b in inside)


def _parts(text: str) -> list[Span]:
    if len(text) <= LONGEST_PASSAGE:
        return [(0, len(text))]
    cuts = [0, *(match.start() for match in _ITEM.finditer(text)), len(text)]
    units = [(a, b) for a, b in itertools.pairwise(cuts) if a < b]
    fine = [span for unit in units for span in _short_units(text, unit)]
    return _evenly(fine, LONGEST_PASSAGE)


def _short_units(text: str, unit: Span) -> list[Span]:
    start, end = unit
    if end - start <= LONGEST_PASSAGE:
        return [unit]
    found: list[Span] = []
    for a, b in sentences(text[start:end]):
        a, b = a + start, b + start
        found.extend((i, min(i + LONGEST_PASSAGE, b)) for i in range(a, b, LONGEST_PASSAGE))
    return found


def _evenly(units: list[Span], longest: int) -> list[Span]:
    """Join units into about equally long spans, also where gathering alone leaves a short one at the end."""
    joined = _gather(units, longest)
    shared = _gather(units, longest, len(joined))
    return shared if len(shared) == len(joined) else joined


def _gather(units: list[Span], longest: int, count: int = 0) -> list[Span]:
    """Join neighbouring units into as few, or about `count`, spans of like length as `longest` allows."""
    total = units[-1][1] - units[0][0]
    target = total / (count or -(-total // longest))
    joined: list[Span] = []
    for start, end in units:
        if joined:
            first, last = joined[-1]
            with_unit = end - first
            if with_unit <= longest and (with_unit <= target or with_unit - target < target - (last - first)):
                joined[-1] = (first, end)
                continue
        joined.append((start, end))
    return joined


def inputs_of(passage: Passage, window_chars: int) -> Inputs:
    """Return what is embedded and matched for a passage: its words with court and section path as context.

    A passage longer than the encoder's useful length is embedded whole and also in windows.
    """
    whole = in_context(passage)
    parts = windows(passage.text, window_chars)
    return Inputs(embedded=(whole, *parts) if len(parts) > 1 else (whole, passage.text), lexical=whole)


def in_context(passage: Passage) -> str:
    """Return a passage's words with its court and section path before them."""
    own = next((alias for alias in passage.court.aliases if len(alias) <= 6), "")
    context = " ".join(filter(None, [passage.court.name, own, *passage.section_path]))
    return f"{context}。{passage.text}"


def windows(text: str, longest: int) -> list[str]:
    """Cut a text at sentence ends into windows of at most `longest` characters where sentences allow."""
    if len(text) <= longest:
        return [text]
    spans = sentences(text)
    return [text[a:b] for a, b in _gather(spans, longest)] if spans else [text]
