"""Heading numbers of the genre and how deep each kind stands.

The order 一、 （一） 1. （1） is that of GB/T 9704—2012, §7.3.3 (official documents of Party and government).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["IN_TEXT_RANK", "PLAIN_RANK", "Numbered", "enumerated_within", "numbered"]

HAN_NUMBER = "[一二三四五六七八九十百]{1,4}"
PLAIN_RANK = 65
IN_TEXT_RANK = 70

_KINDS: tuple[tuple[int, str], ...] = (
    (10, rf"第(?:{HAN_NUMBER}|\d{{1,2}})(?:部分|章|编|篇)[\s、:：]*"),
    (20, rf"{HAN_NUMBER}、\s*(?!{HAN_NUMBER}、)"),
    (30, rf"[（(]{HAN_NUMBER}[）)]\s*[、.．]?\s*"),
    (40, r"\d{1,2}\s*[.．、]\s*(?!\d)"),
    (45, rf"(?:反馈)?(?:问题|事项)\s*(?:{HAN_NUMBER}|\d{{1,2}})\s*[：:、.．]\s*"),
    (50, r"[（(]\d{1,2}[）)]\s*|\d{1,2}[）)]\s*"),
    (60, r"[①-⑳]\s*"),
    (IN_TEXT_RANK, rf"第{HAN_NUMBER}[，,、：]\s*|{HAN_NUMBER}(?:是|要)|(?:首先|其次|再次|此外|最后)[，,]\s*"),
)
_PATTERNS = tuple((rank, re.compile(pattern)) for rank, pattern in _KINDS)
_MARKDOWN = re.compile(r"(#{1,6})\s+")


@dataclass(frozen=True, slots=True)
class Numbered:
    """A line's numbering: its rank (smaller is further out) and where the words after it begin."""

    rank: int
    words: int
    markdown: bool = False


def numbered(line: str) -> Numbered | None:
    """Return the numbering a line begins with, or None. Markdown `#` ranks 1 to 6, outside all others."""
    hashes = _MARKDOWN.match(line)
    if hashes:
        return Numbered(len(hashes[1]), hashes.end(), markdown=True)
    for rank, pattern in _PATTERNS:
        match = pattern.match(line)
        if match:
            return Numbered(rank, match.end())
    return None


def enumerated_within(words: str, line: str) -> bool:
    """Tell whether a line's ② or （2） goes on an enumeration that stands within the words before it."""
    circled = re.match("[②-⑳]", line)
    if circled:
        return words.find(chr(ord(circled[0]) - 1)) > 0
    bracketed = re.match(r"[（(](\d{1,2})[）)]", line)
    if bracketed is None or bracketed[1] == "1":
        return False
    before = re.search(rf"[（(]{int(bracketed[1]) - 1}[）)]", words)
    return before is not None and before.start() > 0
