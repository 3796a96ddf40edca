"""The paragraphs that a PDF's lines were broken from, joined over lines, columns and pages."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from indexer.forms.extracted import Writer
from indexer.forms.pdf_glyphs import usual
from indexer.forms.pdf_lines import Line
from indexer.forms.pdf_tables import Table
from indexer.numbering import PLAIN_RANK, enumerated_within, numbered
from indexer.titles import is_court_line, is_title

__all__ = ["write"]

_ENDED = re.compile(r"[。！？；：”』」）)…]$")
_LEADERS = re.compile(r"[.．·…]{4,}\s*\d{0,3}$")
_NOTE = re.compile(r"^(?:[①-⑳]|\[\d{1,2}\]|[（(]?注|\d{1,2}\s)")
_FEW_LINES = 10
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_UNBROKEN = re.compile(
    r"[“‘（《〈「『【(\[]*(?:[A-Za-z0-9.,%-]+[％‰]?|.)[，。、；：？！”’）》〉」』】)\]]*[A-Za-z0-9.,%-]*"
)
_DAY = re.compile(r"^(?:\d{4}|[〇○零一二三四五六七八九]{4})年\S{2,8}日$")
_REST_OF_TITLE = re.compile(r"^(?:[的和及与暨]|如下|（|\(|[①-⑳*]$)")
_CONTENTS = re.compile(r"^目\s*[录錄次]$")


def write(pages: Sequence[Sequence[Line]], writer: Writer) -> None:
    """Write the pages' paragraphs and tables, each paragraph as one line, and say where pages begin."""
    every = [line for lines in pages for line in lines if line.table is None]
    margins = _margins(every)
    for lines in pages:
        for line in lines if len(lines) < _FEW_LINES else ():
            low, high = margins.get(line.column, (line.left, line.right))
            line.left, line.right = min(line.left, low), max(line.right, high)
    body = usual([line.size for line in every for _ in range(len(line.text) // 8)], 12.0)
    text = _Text(writer, body, _pitch(pages, body))
    for lines in pages:
        text.page()
        for line in lines:
            text.add(line, lines)
    text.end()


@dataclass
class _Text:
    """What is read so far of a paragraph, or of a table; notes at the foot of a page wait for its end."""

    writer: Writer
    body: float
    pitch: float
    words: str = ""
    before: Line | None = None
    turns: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    tables: list[tuple[int, Table]] = field(default_factory=list)

    def page(self) -> None:
        """Begin a page: at the next character, wherever that comes to stand."""
        self.turns.append(len(self.words))

    def add(self, line: Line, page: Sequence[Line]) -> None:
        """Take the next line, or table, in reading order."""
        if line.table is not None:
            self._end_paragraph()
            if self.tables and not _goes_on(self.tables[-1], line):
                self._end_table()
            self.tables.append((line.page, line.table))
            self.before = None
            return
        if _is_note(line, self.body, page):
            self.notes.append(line.text)
            return
        self._end_table()
        if self.before is None or _begins(self.before, line, self.words, self.pitch):
            self._end_paragraph()
            self.words = line.text
        else:
            self.words = _joined(self.words, line.text)
        self.before = line

    def end(self) -> None:
        """Write what is left."""
        self._end_paragraph()
        self._end_table()
        for note in self.notes:
            self.writer.line(note)

    def _end_paragraph(self) -> None:
        start, length = self.writer.length, len(self.words)
        self.writer.line(self.words)
        within = [turn for turn in self.turns if turn < length]
        self.writer.pages += [start + turn for turn in within]
        told = self.notes if _ENDED.search(self.words) else []
        for note in told:
            self.writer.line(note)
        self.turns = [0 for turn in self.turns if turn >= length]
        self.notes = [] if told else self.notes
        self.words = ""
        if not length:
            self.writer.pages += [self.writer.length for _ in self.turns]
            self.turns = []

    def _end_table(self) -> None:
        if self.tables:
            first, *rest = self.tables
            rows = [list(row) for row in first[1].rows]
            pages = [first[0]] * len(rows)
            for page, table in rest:
                _continue(rows, table)
                pages += [page] * (len(rows) - len(pages))
            self._turned(len(self.turns) - len(rest))
            for page, same in itertools.groupby(zip(pages, rows, strict=True), key=lambda item: item[0]):
                self._turned(len(self.turns) if page == rest[-1][0] else 1) if page != first[0] else None
                self.writer.rows(row for _, row in same)
            self.writer.gap()
            self.tables = []

    def _turned(self, count: int) -> None:
        self.writer.pages += [self.writer.length] * max(0, count)
        del self.turns[: max(0, count)]


def _goes_on(last: tuple[int, Table], line: Line) -> bool:
    page, table = last
    return line.table is not None and line.page == page + 1 and len(line.table.rows[0]) == len(table.rows[0])


def _continue(rows: list[list[str]], table: Table) -> None:
    """Add a table's continuation on the next page: a repeated header goes, a row cut in two is joined."""
    for place, row in enumerate(table.rows):
        if not place and list(row) == rows[0]:
            continue
        if not place and any(row) and 2 * sum(map(bool, row)) <= len(row):
            rows[-1] = [above + below for above, below in zip(rows[-1], row, strict=True)]
        else:
            rows.append(list(row))


def _margins(lines: Sequence[Line]) -> dict[int, tuple[float, float]]:
    found: dict[int, tuple[float, float]] = {}
    for column in {line.column for line in lines}:
        own = [line for line in lines if line.column == column]
        lows, highs = sorted(line.x0 for line in own), sorted(line.x1 for line in own)
        found[column] = lows[len(own) // 12], highs[-1 - len(own) // 12]
    return found


def _pitch(pages: Sequence[Sequence[Line]], body: float) -> float:
    steps = [
        before.y1 - line.y1
        for lines in pages
        for before, line in itertools.pairwise(lines)
        if before.table is None and line.table is None and 0 < before.y1 - line.y1 < 4 * body
    ]
    return usual(steps, 1.5 * body)


def _is_note(line: Line, body: float, lines: Sequence[Line]) -> bool:
    lowest = min((other.y0 for other in lines), default=0.0)
    return line.size < 0.85 * body and bool(_NOTE.match(line.text)) and line.y0 < lowest + 8 * body


def _begins(before: Line, line: Line, words: str, pitch: float) -> bool:
    """Tell whether a line begins a paragraph, from how it and the line before it are set."""
    size = max(before.size, line.size)
    told = all(_CHINESE.search(one.text) for one in (before, line))  # figures alone are lower than their type
    if told and min(before.size, line.size) < 0.86 * size:
        return True
    if _LEADERS.search(before.text) or _LEADERS.search(line.text):
        return True
    if abs(before.size - line.size) < 0.06 * size and _completes_title(words, line.text):
        return False
    if is_title(words) and not _REST_OF_TITLE.match(line.text):
        return True
    ended = _ENDED.search(words) is not None
    beside = before.page == line.page and before.column == line.column and line.y1 < before.y1
    step = before.y1 - line.y1
    if beside and (step > 1.45 * pitch or (ended and step > pitch + 0.2 * size)):
        return True
    if _centred(before) and _centred(line):
        return is_title(words) or line.text.startswith(("（", "(", "—")) or not beside
    if before.x1 < before.right - (0.9 + _least(line.text)) * size:
        return True
    if ended and (is_court_line(line.text) or _DAY.match(line.text)):
        return True
    mark = numbered(line.text)
    marked = mark is not None and mark.rank < PLAIN_RANK and not enumerated_within(words, line.text)
    if line.x0 > line.left + 1.1 * size:
        return _centred(line) or ended or marked or not beside or before.x0 <= before.left + 0.5 * size
    return ended and marked and not words.endswith(("；", "："))


def _least(text: str) -> float:
    """Return how many characters wide the least is that a line can break after: opening marks, one character or a

    number or Latin word, and closing marks.
    """
    found = _UNBROKEN.match(text)
    return (
        max(1.0, sum(1.0 if ord(char) > 0x2E7F or char in "“”‘’—…" else 0.5 for char in found[0]))
        if found
        else 1.0
    )


def _completes_title(words: str, more: str) -> bool:
    if _CONTENTS.match(words):
        return False
    return len(words) + len(more) <= 90 and not is_title(words) and is_title(words + more)


def _centred(line: Line) -> bool:
    before, after = line.x0 - line.left, line.right - line.x1
    return before > 1.5 * line.size and after > 1.5 * line.size and abs(before - after) < 1.5 * line.size


def _joined(words: str, more: str) -> str:
    if re.search(r"[A-Za-z]-$", words) and re.match("[a-z]", more):
        return words[:-1] + more
    apart = re.search("[A-Za-z,]$", words) and re.match("[A-Za-z]", more)
    return f"{words} {more}" if apart else words + more
