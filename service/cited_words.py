"""The Chinese words of what is cited, and which of them an English word may stand for by the built-in encoder."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

import numpy as np
import rjieba
from numpy.typing import NDArray
from pypinyin import lazy_pinyin

from indexer.text import HAN
from models import Encoder, load
from models.translation import builtin_translations, stems
from service.figures import figures

__all__ = ["CitedWords"]

_NEAR = 0.35
"""Least cosine of an English word and the Chinese one that it may stand for. Of words of the genre that are mistaken for
one another (civil and 刑事, accepted and 审结, rose and 下降) it is below .3."""
_NEAR_CHARACTER = 0.55
"""The same of a single character."""
_KNOWN = 0.65
"""The same of an English word of the genre, whose names in Chinese are known."""
_LIKELY = 0.02
"""Least probability of a translation, whose cosine is then _NOT_FAR at least."""
_SURE = 0.2
"""Probability of a translation for which its cosine is not asked."""
_NOT_FAR = 0.15
_CLAUSE = re.compile(r"[，,；;。：:\s]+")
_DENIES = re.compile(r"[无不未非没否拒免]")
_MAY_DENY = re.compile(r"^(?:un|in|im|il|ir|non|dis|mis|de|re[fj]|ab|ex|den|acq)|less$|free$")


class CitedWords:
    """Cited words cut into words, so that none is read across two of them: 人民法院 holds no 民法."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._clauses = _CLAUSE.split(text)
        self._words: list[str] = rjieba.cut(text, False)
        ends = np.cumsum([len(word) for word in self._words]).tolist()
        self._starts, self._ends = {0, *ends}, set(ends)

    def hold(self, chinese: str) -> bool:
        """Tell whether a Chinese word stands in them, and begins or ends where one of theirs does; a character, both."""
        ends = (
            (match.start() in self._starts, match.end() in self._ends)
            for match in re.finditer(re.escape(chinese), self.text)
        )
        return any(map(all if len(chinese) == 1 else any, ends))

    def translating(self, english: str, known: bool) -> str:
        """Return the word of theirs that is a translation of an English one, the longest; "" without one.

        Of a `known` word of the genre it must be a sure one.
        """
        likely = sorted(
            (
                chinese
                for form in (english, *stems(english))
                for chinese, share in builtin_translations().of(form)
                if len(chinese) > 1
                and _both_deny(english, chinese)
                and (
                    share >= _SURE
                    or (not known and share >= _LIKELY and _nearness(english, chinese) >= _NOT_FAR)
                )
            ),
            key=len,
            reverse=True,
        )
        return next(filter(self.hold, likely), "")

    def first_held(self, candidates: Iterable[str], value: float | None, light: bool) -> str:
        """Return the first of the Chinese words that they hold, first in a clause with a figure of a value; "" without one.

        A `light` one, which only says that something took place, stands in such a clause, where there is one, or for nothing.
        """
        held = [chinese for chinese in candidates if self.hold(chinese)]
        beside = "\n".join(clause for clause in self._clauses if value in _values(clause))
        held.sort(key=lambda chinese: chinese not in beside)
        return held[0] if held and not (light and beside and held[0] not in beside) else ""

    def units_of(self, value: float) -> frozenset[str]:
        """Return the units that their figures of a value have."""
        return frozenset(figure.unit for figure in figures(self.text) if figure.quantity.value == value)

    def unit_of(self, value: float, units: Iterable[str]) -> str:
        """Return the unit of their figures of a value that is, or ends in, the first of some units that any does; or ""."""
        own = sorted(self.units_of(value))
        return next(
            (unit for end in units for unit in own if unit == end or (unit.endswith(end) and unit != "人次")),
            "",
        )

    def spelt(self, english: str) -> str:
        """Return what of theirs an English word spells: Chengdong is 城东; "" without one."""
        return next(
            (
                chinese
                for start in sorted(self._starts)
                for length in (2, 3, 4)
                if _spelling(chinese := self.text[start : start + length]) == english
            ),
            "",
        )

    def nearest(self, english: str, known: bool) -> str:
        """Return the word of theirs whose embedding is nearest to that of an English one; "" where none is near.

        A `known` word of the genre must be nearer.
        """
        words = sorted(
            {word for word in self._words if re.fullmatch(rf"[{HAN}]+", word) and _both_deny(english, word)}
        )
        near = [(_nearness(english, word), word) for word in words]
        return max(
            (
                (cosine, word)
                for cosine, word in near
                if cosine >= max(_KNOWN if known else _NEAR, _NEAR if len(word) > 1 else _NEAR_CHARACTER)
            ),
            default=(0.0, ""),
        )[1]


def _both_deny(english: str, chinese: str) -> bool:
    """Tell whether a Chinese word denies only where the English one may: guilty is not 无罪."""
    return _DENIES.match(chinese) is None or _MAY_DENY.search(english) is not None


@lru_cache(maxsize=1_000)
def _values(clause: str) -> frozenset[float]:
    return frozenset(figure.quantity.value for figure in figures(clause))


@lru_cache(maxsize=10_000)
def _spelling(word: str) -> str:
    return "".join(lazy_pinyin(word)) if re.fullmatch(rf"[{HAN}]{{2,4}}", word) else ""


def _nearness(english: str, chinese: str) -> float:
    """Return the cosine of an English word, or of what it is a form of, and a Chinese one."""
    return max(float(_vector(form) @ _vector(chinese)) for form in (english, *stems(english)))


@lru_cache(maxsize=10_000)
def _vector(word: str) -> NDArray[np.float32]:
    return np.asarray(_encoder().encode_queries([word])[0])


@cache
def _encoder() -> Encoder:
    return load()
