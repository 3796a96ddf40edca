"""Word translations, English to Chinese, learnt from the bilingual pairs: IBM model 1.

Brown et al., The Mathematics of Statistical Machine Translation (1993), section 4: expectation maximisation of
p(Chinese word | English word) over aligned texts, with an empty English word for what has no counterpart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from models.training.data import Held, held_out
from models.training.sources import Pair, glossary, read_pairs
from models.training.text import fold, has_han, latin_words, words

__all__ = ["BILINGUAL", "aligned", "learn", "write"]

BILINGUAL = "moj_law moj_title tatoeba ntrex pud wordnet cedict pydocs reactdocs difydocs d2l".split()
"""Pairs files of texts in both languages."""
LONGEST = 40
"""English words of a text; longer ones say little about which word is whose."""
ROUNDS = 6
GLOSSARY_COPIES = 5
MOST, LEAST = 10, 0.01
"""Translations kept of a word, and the least probability of one."""

Words = Sequence[str]


def aligned(folders: Sequence[Path], evaluation: Path) -> list[tuple[Words, Words]]:
    """Return the words of every bilingual pair that evaluation does not hold, English first.

    Raises FileNotFoundError naming a pairs file that no folder has.
    """
    held = held_out(evaluation)
    found = [pair for pair in map(_words, glossary()) if pair] * GLOSSARY_COPIES
    for name in BILINGUAL:
        path = next((f / f"{name}.tsv.xz" for f in folders if (f / f"{name}.tsv.xz").is_file()), None)
        if path is None:
            raise FileNotFoundError(f"{name}.tsv.xz is in none of {', '.join(map(str, folders))}")
        found += _kept(tqdm(read_pairs(path), desc=name, unit=" pairs", delay=1), held)
    return found


def _kept(pairs: Iterable[Pair], held: Held) -> Iterable[tuple[Words, Words]]:
    for left, right in pairs:
        pair = fold(left), fold(right)
        both = _words(pair)
        if both and not held.touches(pair):
            yield both


def _words(pair: Pair) -> tuple[Words, Words] | None:
    """Return the English and the Chinese words of a folded pair; None where a side has none or is too long."""
    left, right = pair
    english, chinese = (left, right) if has_han(right) else (right, left)
    ours = latin_words(re.sub(r"\(.*?\)", " ", english))
    theirs = [word for word in islice(words(chinese), 2 * LONGEST) if has_han(word)]
    return (ours, theirs) if theirs and 0 < len(ours) <= LONGEST else None


def learn(pairs: Iterable[tuple[Words, Words]]) -> dict[str, list[tuple[str, float]]]:
    """Return each English word's likeliest Chinese words of two characters or more, likeliest first."""
    english: dict[str, int] = {"": 0}
    chinese: dict[str, int] = {}
    lefts: list[int] = []
    rights: list[int] = []
    widths: list[int] = []
    for ours, theirs in pairs:
        row = [0, *(english.setdefault(word, len(english)) for word in ours)]
        for word in theirs:
            lefts += row
            rights += [chinese.setdefault(word, len(chinese))] * len(row)
            widths.append(len(row))
    of = np.repeat(np.arange(len(widths), dtype=np.int32), widths)
    cells, cell = np.unique(
        np.array(lefts, dtype=np.int64) * len(chinese) + np.array(rights, dtype=np.int64), return_inverse=True
    )
    left, right = cells // len(chinese), cells % len(chinese)
    chance = _maximise(cell.astype(np.int32), of, left)
    names, meanings = list(english), list(chinese)
    found: dict[str, list[tuple[str, float]]] = {}
    for place in np.lexsort((right, -chance, left)).tolist():
        word, meaning = names[left[place]], meanings[right[place]]
        kept = found.setdefault(word, [])
        if word and len(kept) < MOST and chance[place] >= LEAST and len(meaning) > 1:
            kept.append((meaning, float(chance[place])))
    return {word: kept for word, kept in sorted(found.items()) if kept}


def _maximise(cell: NDArray[np.int32], of: NDArray[np.int32], left: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return p(Chinese | English) of each kind of cell; `of` tells which Chinese word of which text a cell explains."""
    chance = np.ones(len(left), dtype=np.float32)
    for _ in tqdm(range(ROUNDS), desc="IBM model 1", unit="round"):
        share = chance[cell]
        share /= np.bincount(of, share)[of]
        counted = np.bincount(cell, share, minlength=len(left))
        chance = (counted / np.bincount(left, counted)[left]).astype(np.float32)
    return chance


def write(path: Path, table: dict[str, list[tuple[str, float]]]) -> None:
    """Write one line a word: the word, then each translation and its probability in thousandths, parted by tabs."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for word, found in table.items():
            cells = [f"{meaning} {round(chance * 1000)}" for meaning, chance in found]
            file.write("\t".join([word, *cells]) + "\n")
