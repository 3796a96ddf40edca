"""What every store must do; tests/store_contract.py is the suite each must pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.calibration import Calibration
from indexer.lexical import Query
from indexer.records import Fact, Passage, Report, Source

__all__ = ["Floats", "Mask", "Ranking", "Rows", "Store"]

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Passage rows, best first, no row twice, with their scores: two arrays of one length."""

    rows: Rows
    scores: Floats


class Store(Protocol):
    """Passages, their reports and sources, and dense and lexical look-ups. Rows number the passages from 0."""

    generation: str
    encoder_fingerprint: str
    calibration: Calibration
    """What a cosine of that encoder means on these passages."""

    def __len__(self) -> int:
        """Return the number of passages."""
        ...

    def dense(self, vector: Floats, k: int, allowed: Mask | None = None) -> Ranking:
        """Rank the k allowed passages nearest to a unit vector of shape (dims,); scores are cosines."""
        ...

    def dense_scores(self, vector: Floats, rows: Rows) -> Floats:
        """Return the cosine of a unit vector to each of the passages given."""
        ...

    def lexical(self, query: Query, k: int, allowed: Mask | None = None) -> Ranking:
        """Rank up to k allowed passages that share a term with the query; scores lie in (0, 1]."""
        ...

    def lexical_scores(self, query: Query, rows: Rows) -> Floats:
        """Return the lexical score of each of the passages given, 0 where no term is shared."""
        ...

    def passage(self, row: int) -> Passage:
        """Return one passage. Raises IndexError for a row that does not exist."""
        ...

    def places(self, rows: Rows) -> tuple[Rows, Rows]:
        """Return for each row the position of its report in `reports` and the number of its paragraph."""
        ...

    def rows_of(self, report_ids: Sequence[str]) -> Mask:
        """Return which rows belong to the reports given."""
        ...

    def reports(self) -> tuple[Report, ...]:
        """Return every report, whole, in the order of the sources."""
        ...

    def find_facts(self, query: str, k: int, report_ids: Sequence[str] | None = None) -> list[Fact]:
        """Return up to k facts that share terms with the query in object, clause or context, best first."""
        ...

    def facts(
        self, report_ids: Sequence[str] | None, about: str, unit: str, limit: int, offset: int
    ) -> tuple[int, list[Fact]]:
        """Return how many facts fit, and those from `offset` on: of the reports given, `about` in the object."""
        ...

    def source(self, source_id: str) -> Source | None:
        """Return a source with its text, or None."""
        ...

    def close(self) -> None:
        """Let go of files; the store answers nothing afterwards."""
        ...
