"""Ruled tables on a PDF page: the grid that lines draw, and the words in its cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.forms.pdf_glyphs import Run, Sheet

__all__ = ["Table", "tables_of"]

_NEAR = 2.5
_MOST_RULES = 4000
_SHORTEST_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Table:
    """A table's box on the page, its rows of cells, and the runs that they are made of."""

    x0: float
    y0: float
    x1: float
    y1: float
    rows: tuple[tuple[str, ...], ...]
    runs: frozenset[int]


def tables_of(sheet: Sheet) -> list[Table]:
    """Return the tables whose cells are drawn with lines, at least two by two; the words of joined cells stand in each."""
    if not 3 <= len(sheet.across) <= _MOST_RULES or not 3 <= len(sheet.down) <= _MOST_RULES:
        return []
    found = []
    for across, down in _groups(sheet.across, sheet.down):
        ys = sorted(_levels([y for y, _, _ in across]), reverse=True)
        xs = _levels([x for x, _, _ in down])
        if len(ys) < 3 or len(xs) < 3:
            continue
        table = _table(sheet.runs, xs, ys, across, down)
        if table is not None:
            found.append(table)
    return found


def _groups(
    across: Sequence[tuple[float, float, float]], down: Sequence[tuple[float, float, float]]
) -> list[tuple[list[tuple[float, float, float]], list[tuple[float, float, float]]]]:
    """Part the lines of one table from those of another: vertical lines whose heights overlap or meet are together."""
    spans = sorted(((a, b) for _, a, b in down), reverse=True)
    bands: list[list[float]] = []
    for low, high in sorted(spans, key=lambda span: -span[1]):
        if bands and high >= bands[-1][0] - 2 * _NEAR:
            bands[-1][0] = min(bands[-1][0], low)
        else:
            bands.append([low, high])
    groups = []
    for low, high in bands:
        inside = [rule for rule in across if low - 2 * _NEAR <= rule[0] <= high + 2 * _NEAR]
        groups.append((inside, [rule for rule in down if low - _NEAR <= rule[1] and rule[2] <= high + _NEAR]))
    return groups


def _levels(values: Sequence[float]) -> list[float]:
    levels: list[float] = []
    for value in sorted(values):
        if not levels or value - levels[-1] > 2 * _NEAR:
            levels.append(value)
    return levels


def _table(
    runs: Sequence[Run],
    xs: list[float],
    ys: list[float],
    across: Sequence[tuple[float, float, float]],
    down: Sequence[tuple[float, float, float]],
) -> Table | None:
    columns, rows = len(xs) - 1, len(ys) - 1
    words: dict[tuple[int, int], list[Run]] = {}
    taken: set[int] = set()
    for index, run in enumerate(runs):
        x, y = (run.x0 + min(run.x1, run.x0 + run.size)) / 2, run.middle
        if not (xs[0] <= x <= xs[-1] and ys[-1] <= y <= ys[0]):
            continue
        column = max(i for i in range(columns) if x >= xs[i])
        row = max(i for i in range(rows) if y <= ys[i])
        words.setdefault(_owner(row, column, xs, ys, across, down), []).append(run)
        taken.add(index)
    if len(words) < 3:
        return None
    texts = {place: _joined(cell) for place, cell in words.items()}
    grid = tuple(
        tuple(texts.get(_owner(row, column, xs, ys, across, down), "") for column in range(columns))
        for row in range(rows)
    )
    return Table(xs[0], ys[-1], xs[-1], ys[0], grid, frozenset(taken))


def _owner(
    row: int,
    column: int,
    xs: list[float],
    ys: list[float],
    across: Sequence[tuple[float, float, float]],
    down: Sequence[tuple[float, float, float]],
) -> tuple[int, int]:
    """Return the first cell of those that no line parts from a cell."""
    while column and not _drawn(down, xs[column], ys[row + 1], ys[row]):
        column -= 1
    while row and not _drawn(across, ys[row], xs[column], xs[column + 1]):
        row -= 1
    return row, column


def _drawn(rules: Sequence[tuple[float, float, float]], place: float, start: float, end: float) -> bool:
    covered = sum(max(0.0, min(end, b) - max(start, a)) for at, a, b in rules if abs(at - place) <= 2 * _NEAR)
    return covered >= _SHORTEST_SHARE * (end - start)


def _joined(runs: list[Run]) -> str:
    lines: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: (-run.middle, run.x0)):
        if lines and abs(lines[-1][0].middle - run.middle) < 0.5 * run.size:
            lines[-1].append(run)
        else:
            lines.append([run])
    return "".join(run.text for line in lines for run in sorted(line, key=lambda run: run.x0))
