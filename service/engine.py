"""The engine: one encoder and the generation in use, exchanged when a new one appears."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.errors import IndexUnusable
from indexer.records import Report, Source
from indexer.store import LocalStore, generations
from models import Encoder, load
from service.answers import Answer, answer
from service.cited import CitedFact, cite_fact
from service.errors import NotFoundError
from service.reranking import Reranking
from service.search import Filters, Mode, SearchResult, reports_matching, search

if TYPE_CHECKING:
    from models.reranker import Reranker

__all__ = ["Engine"]

SEARCHES_KEPT = 2048
"""About 8 KB each: a day's questions of an office, and of its chatbot."""

log = logging.getLogger("fawen")


class _Generation:
    """An opened generation and the searches of it made lately; what a search finds in it never changes."""

    def __init__(self, store: LocalStore, encoder: Encoder, reranking: Reranking | None):
        def found(
            query: str, top_k: int, mode: Mode, filters: Filters | None, per_court: bool, reranks: bool
        ) -> SearchResult:
            return search(
                store,
                encoder,
                query,
                top_k=top_k,
                mode=mode,
                filters=filters,
                per_court=per_court,
                reranking=reranking if reranks else None,
            )

        self.store = store
        self.search = lru_cache(SEARCHES_KEPT)(found)


class Engine:
    """Answers searches from the generation in use; safe to call from several threads."""

    def __init__(
        self,
        index: Path,
        model: str | None = None,
        reranker: Path | None = None,
        rerank_most: int = 50,
    ):
        """Open the index, its encoder, and the cross-encoder that orders the best passages, if one is given.

        Raises IndexUnusable where the index is missing, damaged or made with another encoder, and ModelError
        where the encoder or the cross-encoder cannot be loaded.
        """
        self._index = index
        store = LocalStore.open(index)
        self.encoder: Encoder = load(model or store.manifest["encoder"]["name"])
        self._fits(store)
        self.reranker: Reranker | None = None
        if reranker is not None:
            from models.reranker import Reranker

            self.reranker = Reranker.open(reranker)
        self._reranking = Reranking(self.reranker, rerank_most) if self.reranker else None
        self._in_use = _Generation(store, self.encoder, self._reranking)
        self._refused: str | None = None
        self._swap = threading.Lock()

    @property
    def blocking(self) -> bool:
        """True where a search takes long enough to be kept off an event loop."""
        return self.encoder.blocking or self.reranker is not None

    @property
    def store(self) -> LocalStore:
        """The generation in use; take it once for what belongs together."""
        return self._in_use.store

    def _fits(self, store: LocalStore) -> None:
        if store.encoder_fingerprint != self.encoder.fingerprint:
            raise IndexUnusable(
                f"{self._index} 由编码器 {store.manifest['encoder']['name']} 建成，现用 {self.encoder.name}，向量不能混用 / "
                "made with another encoder。用同一 --model，或重新 fawen index"
            )

    def search(
        self,
        query: str,
        *,
        top_k: int = 10,
        mode: Mode = Mode.HYBRID,
        filters: Filters | None = None,
        per_court: bool = False,
        rerank: bool = True,
    ) -> SearchResult:
        """Search the generation in use; see `service.search.search`. A repeated search is remembered.

        Without `rerank` the cross-encoder, if one is loaded, is not asked.
        """
        return self._in_use.search(query, top_k, mode, filters, per_court, rerank)

    def answer(self, question: str, *, top_k: int = 8, filters: Filters | None = None) -> Answer:
        """Answer from the generation in use; see `service.answers.answer`."""
        return answer(
            self.store,
            self.encoder,
            question,
            top_k=top_k,
            filters=filters,
            reranking=self._reranking,
        )

    def facts(
        self,
        *,
        courts: Sequence[str] = (),
        years: Sequence[int] = (),
        about: str = "",
        unit: str = "",
        limit: int = -1,
        offset: int = 0,
    ) -> tuple[int, list[CitedFact]]:
        """Return how many facts fit and those from `offset` on, cited, in the order of the reports.

        Raises UnknownCourtError for a court that no report is of.
        """
        store = self.store
        by_id = {report.id: report for report in store.reports()}
        wanted = Filters(court=tuple(courts), year=tuple(years))
        within = [report.id for report in reports_matching(by_id.values(), wanted)] if wanted else None
        total, found = store.facts(within, about, unit, limit, offset)
        reports = [by_id[fact.report_id] for fact in found]
        return total, [
            CitedFact(fact, report.court, report.year, cite_fact(store, fact, report), place)
            for place, (fact, report) in enumerate(zip(found, reports, strict=True), 1)
        ]

    def report(self, report_id: str) -> tuple[Report, Source]:
        """Return a report and its source. Raises NotFoundError where the index has no such report."""
        store = self.store
        for report in store.reports():
            if report.id == report_id and (source := store.source(report.source_id)) is not None:
                return report, source
        raise NotFoundError(f"没有报告 {report_id} / no such report")

    def refresh(self) -> bool:
        """Open the generation that CURRENT names, if it is another; tell whether it was exchanged.

        One that cannot be used is logged once, and the one in use stays.
        """
        with self._swap:
            place: Path | None = None
            try:
                place = generations.current(self._index)
                if place.name in (self.store.generation, self._refused):
                    return False
                store = LocalStore(place)
                self._fits(store)
            except IndexUnusable as error:
                name = place.name if place else "?"
                if name != self._refused:
                    log.error(  # noqa: TRY400 - foreseen: one line says it all
                        "新索引不能用，继续使用原索引 / new index refused, the old one stays: %s", error
                    )
                self._refused = name
                return False
            self._refused = None
            self._in_use = _Generation(store, self.encoder, self._reranking)
            log.info("已切换到新索引 / now serving generation %s", store.generation)
            return True
