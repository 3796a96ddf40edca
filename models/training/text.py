"""Text as the encoder will see it, and the words that a vocabulary is made of."""

from __future__ import annotations

import re
from functools import cache

import opencc
import rjieba

__all__ = ["HAN", "fold", "has_han", "key", "latin_words", "words"]

HAN = "\u3400-\u9fff"
_HAN = re.compile(f"[{HAN}]")
_LATIN = re.compile(r"[a-zà-öø-ÿ]+")
_LETTERS = re.compile(rf"[{HAN}a-z0-9]+")


@cache
def _simplify() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def fold(text: str) -> str:
    """Return the text in simplified characters and lower case, as queries and passages are encoded."""
    return str(_simplify().convert(text)).lower()


def has_han(text: str) -> bool:
    """Tell whether a text has any Chinese character."""
    return _HAN.search(text) is not None


def words(text: str) -> list[str]:
    """Return a folded text's Chinese words, cut by jieba's dictionary; runs of other letters whole."""
    return list(rjieba.cut(text, False))


def latin_words(text: str) -> list[str]:
    """Return a folded text's words in Latin letters."""
    return _LATIN.findall(text)


def key(text: str) -> str:
    """Return a folded text without anything but letters and digits, to compare texts by."""
    return "".join(_LETTERS.findall(fold(text)))
