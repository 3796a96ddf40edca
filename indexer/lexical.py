"""BM25 over an inverted index in flat arrays, weighted when it is built so that a query only adds.

Formula: Robertson & Zaragoza, The Probabilistic Relevance Framework (2009), with the idf of Lucene; weights
computed at build time as in BM25S (arXiv 2407.03618). A score is given as a share of what a passage of mean
length scores that holds every term of the query twice, so that it lies in 0-1 and can be compared between
queries. Terms that occur nowhere in the corpus, mostly the question's own turns of phrase, count a quarter.

A query in another language is given as concepts, each with its possible wordings and their weights. Frequencies
of the wordings are added up before they are weighted: probabilistic structured queries, Darwish & Oard (2003).
"""

from __future__ import annotations

import json
import math
from array import array
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.text import has_han, terms, words

__all__ = ["Concept", "Lexical", "Query"]

K1, B = 1.2, 0.5
TWICE = 2 * (K1 + 1) / (2 + K1)
UNSEEN_WEIGHT = 0.25

Floats = NDArray[np.float32]

Concept = tuple[tuple[str, float], ...]
"""Wordings of one thing, each with its weight in 0-1; one of several terms is as frequent as its rarest term."""
Query = str | tuple[Concept, ...]
"""What is looked up: a text as it is, or concepts."""


class Lexical:
    """Postings of every term: passage rows and their BM25 weights, term after term."""

    def __init__(
        self,
        vocabulary: dict[str, int],
        bounds: NDArray[np.int64],
        rows: NDArray[np.int32],
        weights: Floats,
        idf: Floats,
        size: int,
    ):
        self._vocabulary, self._bounds, self._rows, self._weights = vocabulary, bounds, rows, weights
        self._idf, self._size = idf, size
        ends = bounds.tolist()
        self._spans, self._idf_of = list(pairwise(ends)), idf.tolist()
        self._unseen = math.log(1 + (size + 0.5) / 0.5)

    @classmethod
    def build(cls, texts: Sequence[str]) -> Lexical:
        """Index texts; row i is texts[i]."""
        numbers: dict[str, int] = {}
        found, occurring, distinct = array("i"), array("i"), array("i")
        for text in texts:
            count = Counter(words(text))
            found.extend(numbers.setdefault(term, len(numbers)) for term in count)
            occurring.extend(count.values())
            distinct.append(len(count))
        vocabulary = {term: i for i, term in enumerate(sorted(numbers))}
        places = np.fromiter((vocabulary[term] for term in numbers), np.int32, len(numbers))
        of_term = places[np.frombuffer(found, np.int32)]
        order = np.argsort(of_term, kind="stable")
        rows = np.repeat(np.arange(len(texts), dtype=np.int32), np.frombuffer(distinct, np.int32))[order]
        frequencies = np.frombuffer(occurring, np.int32).astype(np.float32)[order]
        sizes = np.bincount(of_term, minlength=len(numbers))
        bounds = np.concatenate([[0], np.cumsum(sizes)])
        lengths = np.bincount(rows, frequencies, minlength=len(texts)).astype(np.float32)
        mean = float(lengths.mean()) if len(texts) else 1.0
        df = sizes.astype(np.float32)
        idf = np.log(1 + (len(texts) - df + 0.5) / (df + 0.5)).astype(np.float32)
        norm = K1 * (1 - B + B * lengths[rows] / max(mean, 1e-9)) if len(rows) else np.zeros(0, np.float32)
        weights = (np.repeat(idf, sizes) * frequencies * (K1 + 1) / (frequencies + norm)).astype(np.float32)
        return cls(vocabulary, bounds.astype(np.int64), rows, weights, idf, len(texts))

    def save(self, directory: Path) -> None:
        """Write the index's files into a directory."""
        words = json.dumps([self._size, list(self._vocabulary)], ensure_ascii=False)
        (directory / "vocabulary.json").write_text(words, encoding="utf-8")
        for name in ("bounds", "rows", "weights", "idf"):
            np.save(directory / f"{name}.npy", getattr(self, f"_{name}"))

    @classmethod
    def open(cls, directory: Path) -> Lexical:
        """Open what `save` wrote; the arrays stay on disk until used."""
        size, words = json.loads((directory / "vocabulary.json").read_text(encoding="utf-8"))
        bounds, rows, weights, idf = (
            np.asarray(np.load(directory / f"{name}.npy", mmap_mode="r"))
            for name in ("bounds", "rows", "weights", "idf")
        )
        return cls({word: i for i, word in enumerate(words)}, bounds, rows, weights, idf, size)

    def scores(self, query: Query) -> Floats:
        """Score every row, shape (rows,), in 0-1: its BM25 sum as a share of a full match's."""
        if not isinstance(query, str):
            return self._concept_scores(query)
        low_high: list[tuple[int, int]] = []
        full = 0.0
        for term in {term for term, _, _ in terms(query)}:
            known = self._known(term)
            if not known:
                full += self._unseen * UNSEEN_WEIGHT
                continue
            low_high += [self._spans[number] for number in known]
            full += max(self._idf_of[number] for number in known)
        if not low_high:
            return np.zeros(self._size, dtype=np.float32)
        rows = np.concatenate([self._rows[low:high] for low, high in low_high])
        weights = np.concatenate([self._weights[low:high] for low, high in low_high])
        found = np.bincount(rows, weights, minlength=self._size).astype(np.float32)
        np.divide(found, full * TWICE, out=found)
        return np.minimum(found, 1, out=found)

    def _concept_scores(self, concepts: tuple[Concept, ...]) -> Floats:
        found = np.zeros(self._size, dtype=np.float32)
        full = 0.0
        for concept in concepts:
            frequency, df = np.zeros(self._size, dtype=np.float32), 0.0
            for wording, weight in concept:
                rows, relative = self._frequencies(wording)
                frequency[rows] += weight * relative
                df = min(df + weight * len(rows), float(self._size))
            if df == 0:
                full += self._unseen * UNSEEN_WEIGHT
                continue
            idf = math.log(1 + (self._size - df + 0.5) / (df + 0.5))
            found += idf * (K1 + 1) * frequency / (frequency + 1)
            full += idf
        if full > 0:
            np.divide(found, full * TWICE, out=found)
        return np.minimum(found, 1, out=found)

    def _frequencies(self, wording: str) -> tuple[NDArray[np.int32], Floats]:
        """Return the rows that hold every term of a wording, and how often, over BM25's length norm."""
        rows, least = np.zeros(0, np.int32), np.zeros(0, np.float32)
        for place, (term, _, _) in enumerate(terms(wording)):
            number = self._vocabulary.get(term)
            if number is None:
                return np.zeros(0, np.int32), np.zeros(0, np.float32)
            low, high = self._spans[number]
            share = self._weights[low:high] / (self._idf_of[number] * (K1 + 1))
            relative = share / (1 - share)
            if place == 0:
                rows, least = self._rows[low:high], relative
                continue
            rows, ours, theirs = np.intersect1d(
                rows, self._rows[low:high], assume_unique=True, return_indices=True
            )
            least = np.minimum(least[ours], relative[theirs])
        return rows, least

    def _known(self, term: str) -> list[int]:
        """Return the numbers of a term; one Chinese character stands for every bigram that holds it."""
        number = self._vocabulary.get(term)
        if len(term) == 1 and has_han(term):
            return [i for word, i in self._vocabulary.items() if term in word]
        return [] if number is None else [number]
