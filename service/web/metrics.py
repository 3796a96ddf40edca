"""Prometheus metrics: requests and their times by route, and what is being served."""

from __future__ import annotations

import time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Metrics"]

_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)

_RERANK_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """One registry per app, so that two apps in a process do not share figures."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._known: dict[tuple[str, int], tuple[Counter, Histogram]] = {}
        self._requests = Counter("fawen_requests", "Requests", ["route", "status"], registry=self.registry)
        self._seconds = Histogram(
            "fawen_request_seconds",
            "Seconds per request",
            ["route"],
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.rerank_seconds = Histogram(
            "fawen_rerank_seconds",
            "Seconds per run of the reranker, none where none is loaded",
            buckets=_RERANK_BUCKETS,
            registry=self.registry,
        )
        self.passages = Gauge("fawen_passages", "Passages in the index", registry=self.registry)

    def _of(self, route: str, status: int) -> tuple[Counter, Histogram]:
        """Return the counter and histogram of a route; looking a label up costs more than counting."""
        found = self._known.get((route, status))
        if found is None:
            found = self._requests.labels(route, status), self._seconds.labels(route)
            self._known[route, status] = found
        return found

    def text(self) -> bytes:
        """Return the exposition format."""
        return generate_latest(self.registry)

    def measure(self, app: ASGIApp) -> ASGIApp:
        """Wrap an app so that every request is counted under its route's pattern."""

        async def measured(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            status = 500
            started = time.perf_counter()

            async def noted(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                await send(message)

            try:
                await app(scope, receive, noted)
            finally:
                route = getattr(scope.get("route"), "path", "other")
                counter, histogram = self._of(route, status)
                counter.inc()
                histogram.observe(time.perf_counter() - started)

        return measured
