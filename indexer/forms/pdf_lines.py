"""Lines of PDF pages in reading order, without what is no text of the document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from indexer.forms.extracted import clean
from indexer.forms.pdf_glyphs import Run, Sheet, usual
from indexer.forms.pdf_tables import Table, tables_of

__all__ = ["Line", "gutter_of", "lines_of", "without_running"]

_PAGE_NUMBER = re.compile(
    r"^[\s—–―\-_·.－]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／]\s*\d{1,4}|\s*[,，]?\s*共\s*\d{1,4}\s*页)?[\s—–―\-_·.－]*$"
)
_ADDRESS = re.compile(r"^(?:https?|file)://\S+?(?:\s*\d+/\d+)?$")
_EDGE = 0.14


@dataclass(slots=True)
class Line:
    """A line of text or a table, where it stands, and the margins of its column."""

    page: int
    text: str
    x0: float
    x1: float
    y0: float
    y1: float
    size: float
    left: float = 0.0
    right: float = 0.0
    column: int = 0
    table: Table | None = field(default=None)


def gutter_of(sheet: Sheet) -> float | None:
    """Return where the blank strip between a page's two columns is, None on a page of one."""
    return _gutter(_free(sheet, tables_of(sheet)))


def lines_of(sheet: Sheet, page: int, usual_gutter: float | None = None) -> list[Line]:
    """Return a page's lines in reading order: down the left column before the right, across where lines cross.

    A page too short to tell has the document's usual gutter, where that divides its lines.
    """
    tables = tables_of(sheet)
    free = _free(sheet, tables)
    lines: list[Line] = []
    gutter = _gutter(free)
    if gutter is None and usual_gutter is not None and _divides(usual_gutter, free):
        gutter = usual_gutter
    for number, band in _bands(free, gutter, tables):
        if isinstance(band, Table):
            lines.append(Line(page, "", band.x0, band.x1, band.y0, band.y1, 0.0, column=number, table=band))
        else:
            lines += [_line(page, runs, number) for runs in _rows(band)]
    for column in {line.column for line in lines}:
        own = [line for line in lines if line.column == column and line.table is None]
        edges = sorted(line.x0 for line in own), sorted(line.x1 for line in own)
        for line in own:
            line.left = edges[0][len(own) // 12]
            line.right = edges[1][-1 - len(own) // 12]
    return lines


def _free(sheet: Sheet, tables: Sequence[Table]) -> list[Run]:
    in_tables = frozenset().union(*(table.runs for table in tables))
    return [run for index, run in enumerate(sheet.runs) if index not in in_tables]


def _divides(gutter: float, runs: Sequence[Run]) -> bool:
    """Tell whether lines stand on both sides of a gutter and hardly any across it."""
    left = sum(run.x1 <= gutter for run in runs)
    right = sum(run.x0 >= gutter for run in runs)
    return left >= 2 and right >= 1 and len(runs) - left - right <= 0.1 * len(runs)


def _gutter(runs: Sequence[Run]) -> float | None:
    """Return the middle of the blank strip between two columns, None on a page of one."""
    if len(runs) < 12:
        return None
    low, high = min(run.x0 for run in runs), max(run.x1 for run in runs)
    size = usual([run.size for run in runs], 12.0)
    best: tuple[int, float] | None = None
    for step in range(30, 71):
        x = low + (high - low) * step / 100
        crossing = sum(run.x0 < x + 0.3 * size and run.x1 > x - 0.3 * size for run in runs)
        if best is None or (crossing, abs(step - 50)) < (
            best[0],
            abs((best[1] - low) / (high - low) * 100 - 50),
        ):
            best = crossing, x
    if best is None or best[0] > 0.2 * len(runs):
        return None
    left = [run for run in runs if run.x1 <= best[1]]
    right = [run for run in runs if run.x0 >= best[1]]
    beside = sum(any(abs(run.middle - other.middle) < size for other in right) for run in left)
    wordy = usual([float(len(run.text)) for run in (*left, *right)], 0.0) >= 6
    return best[1] if len(left) >= 5 and len(right) >= 2 and beside >= 2 and wordy else None


def _bands(
    runs: Sequence[Run], gutter: float | None, tables: Sequence[Table]
) -> Iterator[tuple[int, list[Run] | Table]]:
    """Yield runs and tables in reading order with the number of their column (0: across the page)."""
    items: list[Run | Table] = sorted((*runs, *tables), key=lambda item: -item.y1)
    waiting: dict[int, list[Run | Table]] = {1: [], 2: []}

    def flushed() -> Iterator[tuple[int, list[Run] | Table]]:
        for column in (1, 2):
            yield from _parted(column, waiting[column])
            waiting[column] = []

    if gutter is None:
        yield from _parted(0, items)
        return
    across: list[Run | Table] = []
    for item in items:
        side = 1 if item.x1 <= gutter + 2 else 2 if item.x0 >= gutter - 2 else 0
        if side:
            if across:
                yield from _parted(0, across)
                across = []
            waiting[side].append(item)
        else:
            yield from flushed()
            across.append(item)
    yield from _parted(0, across)
    yield from flushed()


def _parted(column: int, items: Sequence[Run | Table]) -> Iterator[tuple[int, list[Run] | Table]]:
    runs: list[Run] = []
    for item in items:
        if isinstance(item, Table):
            if runs:
                yield column, runs
                runs = []
            yield column, item
        else:
            runs.append(item)
    if runs:
        yield column, runs


def _rows(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """Yield the runs that stand beside one another, each line from left to right."""
    row: list[Run] = []
    for run in sorted(runs, key=lambda run: -run.middle):
        if row and abs(row[0].middle - run.middle) > 0.5 * max(row[0].size, run.size):
            yield sorted(row, key=lambda run: run.x0)
            row = []
        row.append(run)
    if row:
        yield sorted(row, key=lambda run: run.x0)


def _line(page: int, runs: list[Run], column: int) -> Line:
    text, end = "", runs[0].x0
    for run in runs:
        gap = run.x0 - end
        text += (" " if text and gap > 1.2 * run.size else "") + run.text
        end = run.x1
    size = max(runs, key=lambda run: len(run.text)).size
    return Line(
        page,
        clean(text),
        runs[0].x0,
        end,
        min(r.y0 for r in runs),
        max(r.y1 for r in runs),
        size,
        column=column,
    )


def without_running(pages: Sequence[tuple[Sheet, list[Line]]]) -> list[list[Line]]:
    """Return the pages' lines without headers, footers and page numbers.

    Those are lines at the edges that come again, their figures aside, at the same height on other pages.
    """
    seen: Counter[tuple[str, int]] = Counter()
    for sheet, lines in pages:
        for key in {_key(line) for line in _edge_lines(sheet, lines)}:
            for near in (-1, 0, 1):
                seen[key[0], key[1] + near] += 1
    kept = []
    for sheet, lines in pages:
        gone = set()
        for line in _edge_lines(sheet, lines):
            often = seen[_key(line)]
            repeated = often >= 2 and often >= 0.3 * len(pages)
            if (
                repeated
                or _apart(sheet, line, lines)
                or _PAGE_NUMBER.match(line.text)
                or _ADDRESS.match(line.text)
            ):
                gone.add(id(line))
        kept.append([line for line in lines if id(line) not in gone])
    return kept


def _edge_lines(sheet: Sheet, lines: Sequence[Line]) -> list[Line]:
    ordered = sorted((line for line in lines if line.table is None), key=lambda line: -(line.y0 + line.y1))
    edge = _EDGE * sheet.height
    top = [line for line in ordered[:3] if line.y0 > sheet.height - edge]
    return top + [line for line in ordered[-3:] if line.y1 < edge and line not in top]


def _apart(sheet: Sheet, line: Line, lines: Sequence[Line]) -> bool:
    """Tell whether a line stands small and alone in the margin, as a header does on the only page."""
    if 0.07 * sheet.height < line.y0 and line.y1 < 0.93 * sheet.height:
        return False
    others = [other for other in lines if other is not line and other.table is None]
    smaller = line.size < 0.9 * usual([other.size for other in others], line.size)
    nearest = min((max(line.y0 - other.y1, other.y0 - line.y1) for other in others), default=0.0)
    return smaller and nearest > 1.2 * line.size


def _key(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text), round((line.y0 + line.y1) / 8)
