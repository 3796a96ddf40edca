"""Hard-wrapped text: at which width its lines are broken, and where a broken paragraph goes on."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from indexer.numbering import PLAIN_RANK, numbered
from indexer.titles import is_title

__all__ = ["continuations", "display_width", "wrapped_width"]

_LEAST_LINES = 12
_NARROWEST, _WIDEST = 16, 240
_SHARE = 0.55


def display_width(text: str) -> int:
    """Return how many columns a line takes: two for a wide character, one for others."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def wrapped_width(lines: Sequence[str]) -> int | None:
    """Return the width in columns at which most lines of a text are broken, None where it is not hard-wrapped.

    Lines of a wrapped text are full but for the last of each paragraph; a line is full when at most one wide
    character and one closing mark are missing.
    """
    lengths = sorted(len(line.rstrip()) for line in lines if line.strip())
    if len(lengths) < _LEAST_LINES or lengths[-max(1, len(lengths) // 50)] > _WIDEST:
        return None
    widths = [display_width(line.rstrip()) for line in lines if line.strip()]
    widest = sorted(widths)[-max(1, len(widths) // 50)]
    if not _NARROWEST <= widest <= _WIDEST:
        return None
    full = sum(widest - 4 <= width <= widest + 4 for width in widths)
    return widest if full >= _SHARE * len(widths) else None


_SLACK = 4
_FEWEST_INSETS = 3
_APART = re.compile(r"^\||[.．·…]{3,}\s*\d{0,4}\s*$")
_FINISHED = re.compile(r"[。！？!?：:…][”’」』）)》\"*_]*$")


def continuations(lines: Sequence[str]) -> list[bool]:
    """Tell of each line of a text whether the line before it was broken there to fit a width.

    All False for a text that is not hard-wrapped. A line goes on where the one before is full and it is not set
    in, where paragraphs are; a number, a title, a table's row or a line of leaders begins anew.
    """
    width = wrapped_width(lines)
    if width is None:
        return [False] * len(lines)
    insets = sum(line.startswith(" ") for line in lines) >= _FEWEST_INSETS
    found = [False] * len(lines)
    for place in range(1, len(lines)):
        before, line = lines[place - 1], lines[place]
        if not line.strip() or not before.strip() or (insets and line.startswith(" ")):
            continue
        if not width - _SLACK <= display_width(before) <= width + _SLACK:
            continue
        if _APART.search(before) or _APART.search(line) or is_title(before) or is_title(line):
            continue
        mark = numbered(line.strip())
        found[place] = not (
            mark is not None and mark.rank < PLAIN_RANK and _ends(before, found, lines, place)
        )
    return found


def _ends(before: str, found: Sequence[bool], lines: Sequence[str], place: int) -> bool:
    """Tell whether a full line before a numbered one ends what it is of: it is finished, or a heading by itself."""
    first = place - 1
    while found[first]:
        first -= 1
    whole = "".join(line.strip() for line in lines[first:place])
    return _FINISHED.search(before.rstrip()) is not None or re.search(r"[。，；]", whole) is None
