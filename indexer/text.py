"""Pure functions on text: folding of variants, search terms with their places, sentences."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import chain
from operator import add

import opencc

__all__ = ["Term", "fold", "has_han", "sentences", "squeeze", "terms", "widened", "words"]

Term = tuple[str, int, int]
"""A search term and the characters [start, end) it stands on."""

HAN = "\u3400-\u9fff"
_RUN = re.compile(rf"[{HAN}]+|[a-zà-öø-ÿ]+|\d+(?:[.,]\d+)*")
_HAN = re.compile(f"[{HAN}]")
_HALF_STOP = re.compile(r"(?<![0-9A-Za-z])[,:]|[,:](?![0-9A-Za-z])|[;?!]")
_FULL_STOP = {",": "，", ":": "：", ";": "；", "?": "？", "!": "！"}
_SENTENCE = re.compile(r"[^。！？；!?\n]*[。！？；!?\n]+[”’」』）)》]*|[^。！？；!?\n]+$")


@cache
def _folding() -> dict[int, str]:
    """Map each character with another form to the form that is searched: width, case, 繁 to 简.

    Only one-to-one mappings, so that a place in the folded text is a place in the text.
    """
    ranges = (
        (0x41, 0x5B),
        (0xC0, 0xDF),
        (0x2460, 0x2500),
        (0x2E80, 0x2FE0),
        (0xF900, 0xFB00),
        (0xFF01, 0xFF5F),
    )
    table: dict[int, str] = {}
    for code in chain.from_iterable(range(*bounds) for bounds in ranges):
        form = unicodedata.normalize("NFKC", chr(code)).lower()
        if len(form) == 1 and form != chr(code):
            table[code] = form
    han = [chr(code) for code in range(0x3400, 0xA000)]
    simplified = opencc.OpenCC("t2s").convert("\n".join(han)).split("\n")
    table.update(
        {ord(old): new for old, new in zip(han, simplified, strict=True) if old != new and len(new) == 1}
    )
    return {code: table.get(ord(form), form) for code, form in table.items()}


def fold(text: str) -> str:
    """Return the text with width, case and 繁简 variants folded, character for character."""
    return text.translate(_folding())


def widened(text: str) -> str:
    """Return the text with the half-width stops of a Chinese one in full width, place for place; those in numbers stay."""
    return _HALF_STOP.sub(lambda match: _FULL_STOP[match[0]], text)


def has_han(text: str) -> bool:
    """Tell whether a text has any Chinese character."""
    return _HAN.search(text) is not None


def squeeze(text: str) -> str:
    """Return the text without any white space."""
    return "".join(text.split())


def terms(text: str) -> list[Term]:
    """Return search terms with their places: bigrams of Chinese runs, Latin words and numbers whole.

    A run of one Chinese character is a term by itself.
    """
    found: list[Term] = []
    for run in _RUN.finditer(fold(text)):
        start, end = run.span()
        word = run[0]
        if word[0] < "\u3400" or end - start == 1:
            found.append((word, start, end))
        else:
            found.extend((word[i : i + 2], start + i, start + i + 2) for i in range(end - start - 1))
    return found


def words(text: str) -> list[str]:
    """Return the search terms of a text, as `terms` does, without their places."""
    found: list[str] = []
    for word in _RUN.findall(fold(text)):
        if word[0] < "\u3400" or len(word) == 1:
            found.append(word)
        else:
            found.extend(map(add, word, word[1:]))
    return found


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the spans of a text's sentences (ends: 。！？；), which together cover the whole text."""
    spans = [match.span() for match in _SENTENCE.finditer(text)]
    covered = [(0 if i == 0 else spans[i - 1][1], end) for i, (_, end) in enumerate(spans)]
    if covered and covered[-1][1] < len(text):
        covered[-1] = (covered[-1][0], len(text))
    return covered or ([(0, len(text))] if text else [])
