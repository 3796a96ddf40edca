"""The tokenizer: a Unigram model put together from word counts of the licensed texts alone.

Chinese words are those that jieba's dictionary cuts, Latin words are taken whole; characters, letter groups
and number groups stand for the rest. Counting takes a minute; fitting a Unigram model takes much longer.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers
from tokenizers.models import Unigram

from models.training.text import HAN, has_han, latin_words, words

__all__ = ["Sizes", "build", "count", "pieces_of"]

PIECE_PENALTY = -3.0
"""Added to the log-probability of a letter group, so that whole words win."""
UNKNOWN = -25.0


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many tokens of each kind the vocabulary has at most."""

    chinese: int = 23_000
    characters: int = 5_800
    latin: int = 22_000
    groups: int = 2_500


def count(texts: Iterable[str]) -> Counter[str]:
    """Count the Chinese words and Latin words of folded texts."""
    counts: Counter[str] = Counter()
    for text in texts:
        if has_han(text):
            counts.update(word for word in words(text) if has_han(word))
        counts.update(latin_words(text))
    return counts


def build(shares: Mapping[str, float], counts: Mapping[str, Counter[str]], sizes: Sizes) -> Tokenizer:
    """Build the tokenizer from counts by source, each source's frequencies weighted by its share."""
    chinese: dict[str, float] = defaultdict(float)
    latin: dict[str, float] = defaultdict(float)
    for name, share in shares.items():
        found = counts[name]
        for kind, target in ((True, chinese), (False, latin)):
            total = sum(n for word, n in found.items() if has_han(word) is kind) or 1
            for word, n in found.items():
                if has_han(word) is kind:
                    target[word] += share * n / total
    characters: dict[str, float] = defaultdict(float)
    for word, weight in chinese.items():
        for character in word:
            characters[character] += weight * (1.0 if len(word) == 1 else 0.05)
    several = {word: weight for word, weight in chinese.items() if 2 <= len(word) <= 8}
    vocabulary: dict[str, float] = {"[PAD]": 0.0, "[UNK]": UNKNOWN}
    _add(vocabulary, _top(latin, sizes.latin, lambda word: len(word) > 1), sum(latin.values()), 0.0)
    _add(vocabulary, _top(several, sizes.chinese), sum(chinese.values()), 0.0)
    _add(vocabulary, _top(characters, sizes.characters, has_han), sum(chinese.values()), 0.0)
    groups = _groups(latin)
    _add(vocabulary, _top(groups, sizes.groups), sum(groups.values()), PIECE_PENALTY)
    for letter in "abcdefghijklmnopqrstuvwxyz%":
        vocabulary.setdefault(letter, -12.0)
    for number in _numbers():
        vocabulary.setdefault(number, -8.0 - len(number))
    tokenizer = Tokenizer(Unigram(list(vocabulary.items()), unk_id=1, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"[^\p{L}\p{N}%]+"), "removed"),
            pre_tokenizers.Split(Regex(f"[{HAN}]+"), "isolated"),
            pre_tokenizers.Split(Regex(r"\d{1,4}"), "isolated"),
        ]
    )
    return tokenizer


def _top(
    counts: Mapping[str, float], most: int, wanted: Callable[[str], bool] = bool
) -> list[tuple[str, float]]:
    """Return the heaviest entries, ties in alphabetical order."""
    kept = [(word, float(weight)) for word, weight in counts.items() if wanted(word)]
    return sorted(kept, key=lambda item: (-item[1], item[0]))[:most]


def _add(vocabulary: dict[str, float], entries: list[tuple[str, float]], total: float, extra: float) -> None:
    for token, weight in entries:
        vocabulary.setdefault(token, math.log(weight / total) + extra)


def _groups(latin: Mapping[str, float]) -> Counter[str]:
    """Count groups of 2 to 4 letters by the words that hold them, whatever the words' frequency."""
    groups: Counter[str] = Counter()
    for word in latin:
        for size in (2, 3, 4):
            groups.update(word[i : i + size] for i in range(len(word) - size + 1))
    return groups


def _numbers() -> list[str]:
    return [str(n) for n in range(101)] + [f"0{n}" for n in range(10)] + [str(n) for n in range(1800, 2041)]


def pieces_of(token: str, buckets: int) -> list[str | int]:
    """Return what a token's vector is made of besides its own: characters, or buckets of letter groups.

    Groups are the 4- and 5-grams of the word between boundary marks, hashed as FastText does (FNV-1a).
    """
    if has_han(token):
        return list(token) if len(token) > 1 else []
    if len(token) < 3 or not token.isalpha():
        return []
    marked = f"<{token}>"
    return [
        _fnv(marked[i : i + size]) % buckets for size in (4, 5) for i in range(max(1, len(marked) - size + 1))
    ]


def _fnv(text: str) -> int:
    value = 2166136261
    for byte in text.encode():
        value = (value ^ byte) * 16777619 & 0xFFFFFFFF
    return value
