"""The best of the fused passages put in the order of a cross-encoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from indexer.passages import in_context
from indexer.store import Store

if TYPE_CHECKING:
    from models.reranker import Reranker

__all__ = ["Candidate", "Reranking"]


class Candidate(NamedTuple):
    """A passage's row in the store, its score in 0-1, and the place of its report."""

    row: int
    score: float
    report: int


@dataclass(frozen=True, slots=True)
class Reranking:
    """A cross-encoder and how many passages it reads at most, which is what bounds its time."""

    reranker: Reranker
    most: int

    def ordered(self, store: Store, query: str, ranked: list[Candidate]) -> list[Candidate]:
        """Return candidates with the first `most` in the cross-encoder's order and with its scores.

        Those after them stay in their order, below. Of equal scores the earlier stays first.
        """
        head, tail = ranked[: self.most], ranked[self.most :]
        scores = self.reranker.scores(query, [in_context(store.passage(one.row)) for one in head])
        order = sorted(range(len(head)), key=lambda i: (-scores[i], i))
        first = [head[i]._replace(score=scores[i]) for i in order]
        lowest = first[-1].score if first else 1.0
        return first + [one._replace(score=min(one.score, lowest)) for one in tail]
