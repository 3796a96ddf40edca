"""Changes that a sentence tells of several figures in turn (收案82件、结案79件，同比分别上升8.3％和9.1％), each put to its own."""

from __future__ import annotations

import re
from itertools import pairwise

from service.figures import DATES, Figure, figures

__all__ = ["spread"]

_IN_TURN = re.compile(
    r"[，,、]?(?P<before>(?:同比|环比|[较比](?:上年|去年|年初)(?:同期)?)?)分别(?P<change>[增升降][长加至幅]?|上升|提高|下降|减少|降低|提升)了?"
)
_JOINT = re.compile(r"[、，,和与及以]{1,2}")


def spread(text: str) -> str:
    """Return the text with each of the changes told 分别 behind the figure that it is of; as it is where they do not pair."""
    found = _IN_TURN.search(text)
    if found is None:
        return text
    start = max(text.rfind(mark, 0, found.start()) for mark in "。；;\n") + 1
    counted = [figure for figure in figures(text) if figure.unit not in DATES]
    own = [figure for figure in counted if start <= figure.quantity.start < found.start()]
    changes = _run(text, [figure for figure in counted if figure.quantity.start >= found.end()], found.end())
    if len(changes) < 2 or len(own) < len(changes):
        return text
    told = text[: found.start()]
    for figure, change in reversed(list(zip(own[-len(changes) :], changes, strict=True))):
        at = _end(told, figure)
        words = text[change.quantity.start : _end(text, change)]
        told = f"{told[:at]}，{found['before']}{found['change']}{words}{told[at:]}"
    return told + text[_end(text, changes[-1]) :]


def _run(text: str, behind: list[Figure], start: int) -> list[Figure]:
    """Return the figures that follow from `start` on with nothing but joints between them."""
    if not behind or behind[0].quantity.start - start > 1:
        return []
    run = behind[:1]
    for one, other in pairwise(behind):
        if not _JOINT.fullmatch(text, _end(text, one), other.quantity.start):
            break
        run.append(other)
    return run


def _end(text: str, figure: Figure) -> int:
    end = figure.quantity.end
    for unit in (figure.unit, "％", "名", "位"):
        if unit and text.startswith(unit, end):
            return end + len(unit)
    return end
