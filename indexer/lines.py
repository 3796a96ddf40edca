"""Lines of a source joined into blocks: titles, headings and whole paragraphs, each with its places."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import Enum

from indexer.numbering import PLAIN_RANK, Numbered, numbered
from indexer.records import Layout, Span
from indexer.titles import contents_end, genre_of, is_court_line, is_front_line, is_title
from indexer.watermarks import watermarks
from indexer.wrapping import continuations

__all__ = ["Block", "Kind", "blocks"]

_BLANKS = " \t\r\f\v\x1c\x1d\x1e\x85\u3000\xa0\ufeff\u200b\u2028\u2029"
_FINISHED = re.compile(r"[。！？!?：:…][”’」』）)》\"*_]*$|^[|]")
_PLAIN_HEADING = re.compile(r"^[^。；！？，,：:;!?|]{2,32}$")
_OUTER_WORDS = re.compile(
    r"(?:回顾|安排|打算|部署|情况|问题|不足|成效|做法|计划|任务|建议|体会|举措|工作|前言|结语)$"
)
_OF_A_YEAR = re.compile(
    r"^(?:20\d\d年度?|新一年|下一?(?:步|阶段)|明年|今后)(?:的?(?:主要|重点))?(?:工作|目标)?的?(?:主要)?(?:打算|安排|思路|计划|任务|部署|展望|设想|回顾|总结)$"
)
"""A line that heads what was done in a year, or what is to be, however short what follows is."""
_SIGNED = re.compile(
    r"^(?:\d{4}|[〇○零一二三四五六七八九]{4})年\d{0,2}[一二三四五六七八九十]{0,3}月.{1,4}日$"
)
_EMPHASIS = re.compile(r"\*\*|__|^\s*[-*+]\s+|`")
_CAPTION = re.compile(
    r"^(?![|（(]?[一二三四五六七八九十]{1,3}[、）)])[^。！？；]{2,40}(?<![，、：])$|^[（(]?单位[:：]?.{1,8}$"
)
_RULE = re.compile(r"^\|(?:\s*:?-{2,}:?\s*\|)+$")
_TURNED = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_NO_LAYOUT = Layout()
_LONG = 40
_PAIRS = {"“": "”", "（": "）", "(": ")", "《": "》", "「": "」", "【": "】"}


@dataclass
class _Ranks:
    """The ranks of headings that a file's form marks.

    A numbered one ranks by its number, one without by what it stands in, whatever level its style has.
    """

    above: list[tuple[int, int]] = field(default_factory=list)

    def of(self, level: int, number: Numbered | None) -> int:
        """Return the rank of the next heading, of a level counted from 1."""
        while self.above and self.above[-1][0] >= level:
            self.above.pop()
        outer = self.above[-1][1] if self.above else 0
        rank = number.rank if number is not None and number.rank > outer else outer + 1
        self.above.append((level, rank))
        return rank


class Kind(Enum):
    """What a block is."""

    TITLE = "title"
    FRONT = "front"
    HEADING = "heading"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True)
class Block:
    """A title, heading or paragraph: its kept characters, their source spans, and its number if it has one."""

    kind: Kind
    text: str
    pieces: tuple[Span, ...]
    start: int
    end: int
    number: Numbered | None
    rank: int
    repairs: int


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    start: int
    inset: int = 0
    level: int | None = None
    parts: tuple[Span, ...] = ()

    @property
    def end(self) -> int:
        return self.parts[-1][1] if self.parts else self.start + len(self.text)

    @property
    def spans(self) -> tuple[Span, ...]:
        return self.parts or ((self.start, self.end),)


def blocks(source: str, markdown: bool, layout: Layout = _NO_LAYOUT) -> Iterator[Block]:
    """Yield the blocks of a source in order; tables of contents, blank lines and watermark lines are none."""
    levels = dict(layout.headings)
    lines = list(_lines(source))
    if levels:
        lines = [replace(line, level=levels.get(line.start)) for line in lines]
    if not layout.whole:
        lines = _unwrapped(lines)
    ranks = _Ranks()
    skip = contents_end([line.text for line in lines])
    at = skip
    fresh = True
    begun = False
    while at < len(lines):
        line = lines[at]
        if not line.text:
            at, fresh = at + 1, True
            continue
        taken, kind = _classify(lines, at, fresh, begun, markdown, layout.whole)
        block = _block(source, lines[at : at + taken], kind, markdown)
        if block is not None and kind is Kind.HEADING and line.level:
            block = replace(block, rank=ranks.of(line.level, block.number))
        at += taken
        if block is not None:
            begun = begun or kind is not Kind.FRONT
            fresh = kind is not Kind.PARAGRAPH or _FINISHED.search(block.text) is not None
            fresh = fresh or block.text.endswith("|")
            yield block


def _lines(source: str) -> Iterator[_Line]:
    for match in re.finditer(r"[^\n\r]*(?:\r\n|\n|\r|$)", source):
        raw = match[0].rstrip("\r\n")
        text = raw.strip(_BLANKS)
        inset = raw.find(text) if text else 0
        yield _Line(text, match.start() + inset, inset)


def _unwrapped(lines: list[_Line]) -> list[_Line]:
    """Join the lines of hard-wrapped text into the lines that they were broken from."""
    goes_on = continuations(["\u3000" * line.inset + line.text for line in lines])
    broken: list[list[_Line]] = []
    for line, more in zip(lines, goes_on, strict=True):
        if more:
            broken[-1].append(line)
        else:
            broken.append([line])
    return [_joined(parts) for parts in broken]


def _joined(lines: list[_Line]) -> _Line:
    if len(lines) == 1:
        return lines[0]
    text = "".join(line.text for line in lines)
    return replace(lines[0], text=text, parts=tuple((line.start, line.end) for line in lines))


def _classify(
    lines: list[_Line], at: int, fresh: bool, begun: bool, markdown: bool, whole: bool
) -> tuple[int, Kind]:
    """Return how many lines the block at `at` takes, and its kind."""
    line = lines[at].text
    following = _next(lines, at)
    table = _table_length(lines, at)
    if table:
        return table, Kind.PARAGRAPH
    if fresh and is_title(line):
        return 1, Kind.TITLE
    if lines[at].level is not None:
        opens = lines[at].level == 0 and not begun and genre_of(line) is not None
        return 1, Kind.TITLE if opens else Kind.HEADING
    if fresh and following is not None and is_court_line(line) and is_title(line + lines[following].text):
        return following - at + 1, Kind.TITLE
    if (not begun or _after_title(lines, at)) and is_front_line(line):
        return 1, Kind.FRONT
    mark = numbered(line)
    if mark is not None and mark.markdown:
        return (1, Kind.HEADING) if markdown else _paragraph(lines, at, whole)
    if fresh and mark is not None:
        length = _heading_length(lines, at)
        if length:
            return length, Kind.HEADING
    elif fresh and following is not None and _plain_heading(lines, at, following):
        return 1, Kind.HEADING
    return _paragraph(lines, at, whole)


def _next(lines: list[_Line], at: int) -> int | None:
    return next((i for i in range(at + 1, min(at + 8, len(lines))) if lines[i].text), None)


def _after_title(lines: list[_Line], at: int) -> bool:
    """Tell whether only front lines stand between this line and the title before it."""
    for i in range(at - 1, max(-1, at - 8), -1):
        text = lines[i].text
        if is_title(text):
            return True
        if text and not is_front_line(text):
            return False
    return False


def _heading_length(lines: list[_Line], at: int) -> int:
    """Return the lines of a numbered heading on its own line(s), 0 where the line is no such heading.

    A heading cut inside a bracket or quotation goes on in the next line.
    """
    text = lines[at].text
    if len(text) > 70 or re.search(r"[；;，,]$", text):
        return 0
    ended = re.search(r"[。！？：:]$", text)
    if ended and (len(text) > 40 or re.search(r"[。！？]", text[:-1])):
        return 0
    if not ended and re.search(r"[。！？]", text):
        return 0
    if _open_pair(text) and at + 1 < len(lines) and _closes(text, lines[at + 1].text):
        return 2
    return 1


def _open_pair(text: str) -> bool:
    return any(text.count(left) > text.count(right) for left, right in _PAIRS.items())


def _closes(text: str, following: str) -> bool:
    joined = text + following
    return (
        bool(following)
        and len(following) <= 30
        and not _open_pair(joined)
        and not re.search(r"[。！？]", following)
    )


def _plain_heading(lines: list[_Line], at: int, following: int) -> bool:
    """Tell whether an unnumbered line is a heading: short, unpunctuated, and followed by what it heads."""
    text, after = lines[at].text, lines[following].text
    if not _PLAIN_HEADING.match(text) or _SIGNED.match(text) or is_court_line(text) or is_title(after):
        return False
    heads_number = (mark := numbered(after)) is not None and mark.rank < PLAIN_RANK
    heads_words = len(after) >= 40 or _OF_A_YEAR.match(text) is not None
    return heads_number or (heads_words and _blank_or_done(lines, at))


def _blank_or_done(lines: list[_Line], at: int) -> bool:
    before = lines[at - 1].text if at else ""
    return (
        not before or _FINISHED.search(before) is not None or numbered(before) is not None or is_title(before)
    )


def _paragraph(lines: list[_Line], at: int, whole: bool) -> tuple[int, Kind]:
    """Join the lines that a break inside a sentence has cut; a full stop at a line's end ends the paragraph.

    Where each line is a paragraph of the file, only a long one that ends within a sentence was cut.
    """
    taken = 1
    if _standalone(lines[at].text):
        return taken, Kind.PARAGRAPH
    while at + taken < len(lines):
        before, line = lines[at + taken - 1].text, lines[at + taken].text
        least = _LONG // 2 if before.endswith(("、", "，")) else _LONG
        if whole and (len(before) < least or before.endswith(("；", ";"))):
            break
        if not line or _FINISHED.search(before) or _standalone(line) or lines[at + taken].level is not None:
            break
        mark = numbered(line)
        if mark is not None and (mark.rank < PLAIN_RANK or before.endswith(("；", ";"))):
            break
        if is_title(line) and _FINISHED.search(before):
            break
        taken += 1
    return taken, Kind.PARAGRAPH


def _table_length(lines: list[_Line], at: int) -> int:
    """Return the lines of the table that begins at a line, its caption among them; 0 where none begins."""
    first = at
    while first < len(lines) and first - at < 4 and not lines[first].text.startswith("|"):
        captions = _CAPTION.match(lines[first].text) or (first > at and not lines[first].text)
        if lines[first].level is not None or not captions:
            return 0
        first += 1
    last = first
    while last < len(lines) and lines[last].text.startswith("|"):
        last += 1
    return last - at if last - first >= 2 else 0


def _standalone(line: str) -> bool:
    return bool(_SIGNED.match(line)) or is_court_line(line) or line.startswith("|")


def _block(source: str, lines: list[_Line], kind: Kind, markdown: bool) -> Block | None:
    """Build a block from its lines; None where nothing is left of it but a watermark or a rule."""
    start, end = lines[0].start, lines[-1].end
    table = len(lines) > 1 and lines[-1].text.startswith("|")
    spans = [span for line in lines if line.text for span in line.spans]
    breaks = 0 if table else len(spans) - 1
    cut = [(line.start - start, line.end - start + 1) for line in lines if table and _RULE.match(line.text)]
    cut += [match.span() for match in _TURNED.finditer(source[start:end])]
    cut += list(watermarks(source[start:end]))
    if markdown:
        cut += [match.span() for match in _EMPHASIS.finditer(source[start:end])]
    if cut:
        spans = list(_without(spans, sorted((low + start, high + start) for low, high in cut)))
    if table:
        spans = _with_breaks(source, spans)
    if breaks > 0:
        spans = _spaced(source, spans)
    pieces = _merged(spans)
    text = "".join(source[a:b] for a, b in pieces)
    if not re.search(r"\w", text):
        return None
    mark = numbered(text)
    rank = mark.rank if mark else (14 if _OUTER_WORDS.search(text) else PLAIN_RANK)
    return Block(kind, text, pieces, start, end, mark, rank, breaks)


def _with_breaks(source: str, spans: list[Span]) -> list[Span]:
    """Keep one line break between the rows of a table, wherever they are set in."""
    kept: list[Span] = []
    for (start, end), (following, _) in itertools.pairwise([*spans, (len(source), len(source))]):
        broken = source.find("\n", end, following) if following < len(source) else -1
        kept += [(start, end)] if broken < 0 else [(start, end), (broken, broken + 1)]
    return kept


def _without(spans: list[Span], gaps: list[Span]) -> Iterator[Span]:
    """Yield what spans are without gaps; both are in order."""
    at = 0
    for start, end in spans:
        while at < len(gaps) and gaps[at][1] <= start:
            at += 1
        left = start
        for low, high in itertools.islice(gaps, at, None):
            if low >= end:
                break
            if left < low:
                yield left, low
            left = max(left, high)
        if left < end:
            yield left, end


def _spaced(source: str, spans: list[Span]) -> list[Span]:
    """Keep the break between two lines where it parts two Latin words; between Chinese it is nothing."""
    kept: list[Span] = []
    for a, b in spans:
        if kept and source[kept[-1][1] - 1].isascii() and source[a].isascii() and source[a].isalpha():
            kept[-1] = (kept[-1][0], kept[-1][1] + 1) if source[kept[-1][1]].isspace() else kept[-1]
        kept.append((a, b))
    return kept


def _merged(spans: list[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for a, b in spans:
        if merged and merged[-1][1] == a:
            merged[-1] = (merged[-1][0], b)
        else:
            merged.append((a, b))
    return tuple(merged)
