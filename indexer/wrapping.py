"""Hard-wrapped text: at which width its lines are broken, and where a broken paragraph goes on."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from indexer.numbering import PLAIN_RANK, enumerated_within, numbered
from indexer.titles import is_title

__all__ = ["Wrapping", "continuations", "display_width", "wrapped_width"]

_LEAST_LINES = 8
_NARROWEST, _WIDEST = 16, 240
_SHARE = 0.5
_FEWEST_BROKEN = 4
_FEWEST_INSETS = 3
_LEADERS = re.compile(r"[.．·…]{3,}\s*\d{0,4}\s*$")
_LONGEST_LEADERS = 240
_MOST_ENUMERATED = 40
"""Lines before a numbered one that are looked through for the number before its own."""
_STOP = re.compile(r"[。，；]")
_FINISHED = re.compile(r"[。！？!?：:…][”’」』）)》\"*_]*$")


def display_width(text: str) -> int:
    """Return how many columns a line takes: two for a wide character, one for others."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


@dataclass(frozen=True, slots=True)
class Wrapping:
    """How a text is hard-wrapped: what is measured of a line, how much a full one has, and how much may miss."""

    measure: Callable[[str], int]
    width: int
    slack: int

    def full(self, line: str) -> bool:
        """Tell whether a line is as long as a broken one is."""
        return abs(self.measure(line.rstrip()) - self.width) <= self.slack


def wrapped_width(lines: Sequence[str]) -> Wrapping | None:
    """Return how a text is hard-wrapped, by columns or by characters, None where it is not.

    Half the lines of a wrapped text are full, or half of those that end within a sentence, and most full ones end
    within one; a line is full when at most one wide character and one closing mark are missing. Rows of tables are not
    measured.
    """
    measured = [line.rstrip() for line in lines if line.strip() and not line.startswith("|")]
    longest = sorted(map(len, measured))[-max(1, len(measured) // 50) :]
    if len(measured) < _LEAST_LINES or longest[0] > _WIDEST:
        return None
    unfinished = [line for line in measured if not _FINISHED.search(line)]
    found: list[tuple[int, Wrapping]] = []
    for measure, slack in ((display_width, 4), (len, 1)):
        widths = sorted(map(measure, measured))
        wrapping = Wrapping(measure, widths[-max(1, len(widths) // 50)], slack)
        full = sum(wrapping.full(line) for line in measured)
        broken = sum(wrapping.full(line) for line in unfinished)
        often = full >= _SHARE * len(measured) or broken >= max(_FEWEST_BROKEN, _SHARE * len(unfinished))
        if _NARROWEST <= wrapping.width <= _WIDEST and often and broken >= _SHARE * full:
            found.append((full, wrapping))
    return max(found, key=lambda item: item[0])[1] if found else None


def continuations(lines: Sequence[str]) -> list[bool]:
    """Tell of each line of a text whether the line before it was broken there to fit a width.

    All False for a text that is not hard-wrapped. A line goes on where the one before is full and it is not set
    in, where paragraphs are; a number, a title, a table's row or a line of leaders begins anew.
    """
    wrapping = wrapped_width(lines)
    if wrapping is None:
        return [False] * len(lines)
    insets = sum(line.startswith("\u3000") for line in lines) >= _FEWEST_INSETS
    found = [False] * len(lines)
    stopped, first = False, 0
    for place in range(1, len(lines)):
        before, line = lines[place - 1], lines[place]
        if not line.strip() or not before.strip() or (insets and line.startswith("\u3000")):
            continue
        if not wrapping.full(before):
            continue
        if _apart(before) or _apart(line) or is_title(before) or is_title(line):
            continue
        mark = numbered(line.strip())
        first = first if found[place - 1] else place - 1
        stopped = (stopped and found[place - 1]) or _STOP.search(before) is not None
        # A full line before a numbered one ends what it is of where it is finished, or a heading by itself.
        ends = not stopped or _FINISHED.search(before.rstrip()) is not None
        found[place] = (
            mark is None
            or mark.rank >= PLAIN_RANK
            or not ends
            or enumerated_within(_joined(lines[max(first, place - _MOST_ENUMERATED) : place]), line.strip())
        )
    return found


def _joined(lines: Sequence[str]) -> str:
    return "".join(line.strip() for line in lines)


def _apart(line: str) -> bool:
    """Tell whether a line is a table's row, or ends in leaders as those of a table of contents do."""
    return line.startswith("|") or _LEADERS.search(line[-_LONGEST_LEADERS:]) is not None
