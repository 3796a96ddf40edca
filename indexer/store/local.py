"""The local store: one generation's files, opened for look-ups."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import faiss as _typed_faiss
import numpy as np
from numpy.typing import NDArray

from indexer.calibration import Calibration
from indexer.errors import IndexUnusable
from indexer.lexical import Lexical, Query
from indexer.records import Fact, Passage, Report, Source
from indexer.store import generations
from indexer.store.base import Floats, Mask, Ranking, Rows
from indexer.store.database import Database

faiss: Any = _typed_faiss  # its type stubs are of the C++ signatures, not of the Python ones it patches in

__all__ = ["DATABASE", "FACTS", "HASHES", "LEXICAL", "VECTORS", "WINDOWS", "LocalStore", "new_vector_index"]

DATABASE, VECTORS, WINDOWS, HASHES = "records.sqlite", "vectors.faiss", "windows.npy", "hashes.npy"
LEXICAL, FACTS = "lexical", "facts"

_PASSAGES_CACHED = 4096
_SOURCES_CACHED = 64
_FACTS_CACHED = 8192
_QUERIES_CACHED = 4


def new_vector_index(count: int, dims: int) -> Any:
    """Choose the FAISS index for so many vectors: exact, which up to about 100k passages needs no tuning."""
    return faiss.IndexFlatIP(dims)


class LocalStore:
    """A generation opened read-only. A passage's score is that of the nearest of its windows."""

    def __init__(self, place: Path):
        """Open a generation, verifying every checksum. Raises IndexUnusable where it is not whole."""
        self.manifest = generations.check(place)
        self.generation: str = self.manifest["generation"]
        self.encoder_fingerprint: str = self.manifest["encoder"]["fingerprint"]
        try:
            self.calibration = Calibration(**self.manifest["encoder"]["calibration"])
            self._index = faiss.read_index(str(place / VECTORS))
            self._bounds: NDArray[np.int64] = np.load(place / WINDOWS)
            self._lexical = Lexical.open(place / LEXICAL)
            self._fact_lexical = Lexical.open(place / FACTS)
        except (OSError, RuntimeError, ValueError, KeyError, TypeError) as error:
            raise IndexUnusable(f"{place} 打不开 / cannot be opened: {error}") from error
        self._database = Database(place / DATABASE)
        self._every = np.arange(len(self))
        self._owners = np.repeat(self._every, np.diff(self._bounds))
        places = np.array(self._database.passage_places(), dtype=np.int64).reshape(-1, 2)
        self._report_of, self._paragraph_of = places[:, 0].copy(), places[:, 1].copy()
        flat = faiss.rev_swig_ptr(self._index.get_xb(), self._index.ntotal * self._index.d)
        self._vectors: Floats = flat.reshape(self._index.ntotal, self._index.d)
        self._lexical_scores = lru_cache(_QUERIES_CACHED)(self._lexical.scores)
        self._fact_report = np.array(self._database.fact_reports(), dtype=np.int64)
        self.fact = lru_cache(_FACTS_CACHED)(self._database.fact)
        self.passage = lru_cache(_PASSAGES_CACHED)(self._database.passage)
        self.source = lru_cache(_SOURCES_CACHED)(self._database.source)
        if len(self._report_of) != len(self):
            raise IndexUnusable(
                f"{place}: {len(self)} passages have vectors, {len(self._report_of)} have records"
            )

    @classmethod
    def open(cls, index: Path) -> LocalStore:
        """Open the generation in use of an index directory. Raises IndexUnusable where that cannot be."""
        return cls(generations.current(index))

    fact: Any
    passage: Any
    source: Any

    def __len__(self) -> int:
        return len(self._bounds) - 1

    def dense(self, vector: Floats, k: int, allowed: Mask | None = None) -> Ranking:
        """Rank the k allowed passages nearest to a unit vector; scores are cosines."""
        possible = len(self) if allowed is None else int(allowed.sum())
        k = min(k, possible)
        if k == 0:
            return Ranking(np.zeros(0, np.int64), np.zeros(0, np.float32))
        if k == len(self):
            scores = self._all_scores(vector)
            order = np.lexsort((self._every, -scores))
            return Ranking(order, scores[order])
        options = None
        if allowed is not None:
            bits = np.packbits(allowed[self._owners], bitorder="little")
            options = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(bits))
        wanted = k * (1 + self._index.ntotal // max(1, len(self)))
        query = np.ascontiguousarray(vector[None], dtype=np.float32)
        while True:
            wanted = min(wanted, self._index.ntotal)
            near, found = self._index.search(query, wanted, params=options)
            hits = found[0] >= 0
            rows, first = np.unique(self._owners[found[0][hits]], return_index=True)
            if len(rows) >= k or wanted == self._index.ntotal:
                order = np.argsort(first)[:k]
                return Ranking(rows[order], near[0][hits][first[order]])
            wanted *= 2

    def dense_scores(self, vector: Floats, rows: Rows) -> Floats:
        """Return the cosine of a unit vector to the nearest window of each passage."""
        if not len(rows):
            return np.zeros(0, np.float32)
        if 2 * len(rows) > len(self):
            return self._all_scores(vector)[rows]
        counts = self._bounds[rows + 1] - self._bounds[rows]
        starts = np.cumsum(counts) - counts
        windows = np.arange(counts.sum()) + np.repeat(self._bounds[rows] - starts, counts)
        return np.maximum.reduceat(self._vectors[windows] @ vector, starts)

    def _all_scores(self, vector: Floats) -> Floats:
        nearest: Floats = np.maximum.reduceat(self._vectors @ vector, self._bounds[:-1])
        return nearest

    def lexical(self, query: Query, k: int, allowed: Mask | None = None) -> Ranking:
        """Rank up to k allowed passages that share a term with the query."""
        scores = self._lexical_scores(query)
        if allowed is not None:
            scores = np.where(allowed, scores, np.float32(0))
        rows = np.flatnonzero(scores)
        if len(rows) > k:
            rows = rows[np.argpartition(-scores[rows], k)[:k]]
        rows = rows[np.lexsort((rows, -scores[rows]))]
        return Ranking(rows, scores[rows])

    def lexical_scores(self, query: Query, rows: Rows) -> Floats:
        """Return the lexical score of each of the passages given."""
        return self._lexical_scores(query)[rows]

    def places(self, rows: Rows) -> tuple[Rows, Rows]:
        """Return for each row the position of its report and the number of its paragraph."""
        return self._report_of[rows], self._paragraph_of[rows]

    def rows_of(self, report_ids: Sequence[str]) -> Mask:
        """Return which rows belong to the reports given."""
        return np.isin(self._report_of, self._positions(report_ids))

    def find_facts(self, query: str, k: int, report_ids: Sequence[str] | None = None) -> list[Fact]:
        """Return up to k facts that share terms with the query, best first."""
        scores = self._fact_lexical.scores(query)
        if report_ids is not None:
            scores = np.where(np.isin(self._fact_report, self._positions(report_ids)), scores, np.float32(0))
        rows = np.flatnonzero(scores)
        rows = rows[np.lexsort((rows, -scores[rows]))][:k]
        return [self.fact(int(row)) for row in rows]

    def facts(
        self, report_ids: Sequence[str] | None, about: str, unit: str, limit: int, offset: int
    ) -> tuple[int, list[Fact]]:
        """Return how many facts fit, and those from `offset` on, in the order of the reports."""
        conditions, values = ["1"], list[object]()
        if report_ids is not None:
            positions = self._positions(report_ids)
            conditions.append(f"report IN ({', '.join('?' * len(positions))})")
            values += positions
        if about:
            conditions.append("instr(object, ?)")
            values.append(about)
        if unit:
            conditions.append("unit = ?")
            values.append(unit)
        condition = " AND ".join(conditions)
        total = self._database.count_facts(condition, values)
        return total, self._database.facts(condition, values, limit, offset)

    def _positions(self, report_ids: Sequence[str]) -> list[int]:
        wanted = set(report_ids)
        return [i for i, report in enumerate(self._database.reports) if report.id in wanted]

    def reports(self) -> tuple[Report, ...]:
        """Return every report, whole, in the order of the sources."""
        return self._database.reports

    def sources(self) -> list[Source]:
        """Return every source with its text."""
        return self._database.sources()

    def passages(self) -> list[Passage]:
        """Return every passage in row order."""
        return [self._database.passage(row) for row in range(len(self))]

    def known_vectors(self, directory: Path) -> dict[bytes, Floats]:
        """Return this generation's vectors by the hash of what was embedded, for a later build to reuse."""
        hashes = np.load(directory / HASHES)
        return {bytes(digest): vector for digest, vector in zip(hashes, self._vectors, strict=True)}

    def close(self) -> None:
        """Let go of files."""
        self._database.close()
