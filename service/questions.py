"""What a question asks for, read from its words."""

from __future__ import annotations

import re

__all__ = ["asks_each_court"]

_EACH_COURT = re.compile(
    r"各(?:个|家|级)?(?:法院|中院|院)|每(?:个|家|一家|一个)(?:法院|中院|院)|哪(?:个|家|些|几家)(?:法院|中院|院)"
    r"|(?:[两二三四五六七八九十\d]+|几|多|全部|所有)(?:个|家)?(?:法院|中院)"
    r"|\b(?:each|every|all(?:\s+the)?|which|per|both|the\s+(?:two|three|four|five))\s+(?:of\s+the\s+)?(?:\w+\s+)?courts?\b",
    re.IGNORECASE,
)


def asks_each_court(question: str) -> bool:
    """Tell whether a question asks about every court in turn (各院, 三家法院, each court)."""
    return _EACH_COURT.search(question) is not None
