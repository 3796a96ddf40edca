"""Augmentation: Chinese texts reworded, or turned into English word by word, by the dictionaries among the pairs."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from models.training.sources import Pair
from models.training.text import has_han, latin_words, words

__all__ = ["Dictionary", "numerals"]

LONGEST_GLOSS = 3
"""Words of an English gloss that can stand for a Chinese word."""
SENSES = 4
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_YEAR = re.compile("[〇零一二三四五六七八九]{4}(?=年)")
_COUNT = re.compile(r"(?<![\d.])([1-9])(?=[个名件次项条起人份家场期])")


def numerals(text: str) -> str:
    """Return a text with years in digits, and counts below ten in Chinese numerals."""
    text = _YEAR.sub(lambda found: found[0].translate(_DIGITS), text)
    return _COUNT.sub(lambda found: "〇一二三四五六七八九"[int(found[1])], text)


class Dictionary:
    """Chinese words with their English glosses, the commoner in the English texts the likelier."""

    def __init__(
        self, glossed: Iterable[Pair], synonyms: Iterable[Pair], counts: Mapping[str, Counter[str]]
    ) -> None:
        latin: dict[str, float] = defaultdict(float)
        for found in counts.values():
            total = sum(n for word, n in found.items() if not has_han(word)) or 1
            for word, n in found.items():
                if not has_han(word):
                    latin[word] += n / total
        senses: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for left, right in glossed:
            english, chinese = (left, right) if has_han(right) else (right, left)
            gloss = re.sub(r"^(to|a|an|the) ", "", re.sub(r"\(.*?\)", "", english).strip())
            if has_han(gloss) or not 0 < len(latin_words(gloss)) <= LONGEST_GLOSS:
                continue
            senses[chinese][gloss] += min(latin[word] for word in latin_words(gloss)) ** 0.5
        self._english = {
            word: sorted(found.items(), key=lambda sense: -sense[1])[:SENSES]
            for word, found in senses.items()
        }
        alike: dict[str, list[str]] = defaultdict(list)
        for left, right in synonyms:
            alike[left].append(right)
            alike[right].append(left)
        self._alike = dict(alike)

    def switch(self, text: str, draw: random.Random) -> str:
        """Return a Chinese text's words in English; a word without a gloss is left out, Latin words stay."""
        found: list[str] = []
        for word in words(text):
            senses = self._english.get(word)
            if senses:
                found.append(draw.choices([s for s, _ in senses], [w + 1e-9 for _, w in senses])[0])
            elif not has_han(word):
                found.append(word)
        return re.sub(r"\s+", " ", " ".join(found)).strip()

    def reword(self, text: str, draw: random.Random) -> str:
        """Return a text with about a third of the words that have a synonym replaced by one."""
        return "".join(
            draw.choice(self._alike[word]) if word in self._alike and draw.random() < 0.35 else word
            for word in words(text)
        )
