"""The application: routes, layers, and the watch for a new index."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from starlette.middleware import Middleware
from starlette.types import ASGIApp

from service.engine import Engine
from service.settings import Settings
from service.web import api, connectors, pages
from service.web.documents import complete
from service.web.errors import handle_errors
from service.web.metrics import Metrics
from service.web.replies import SearchReplies
from service.web.security import Guard

__all__ = ["create_app"]

log = logging.getLogger("fawen")

_DESCRIPTION = "法院工作报告的语义检索；每个结果都带可核对的引注。Semantic search over court work reports, every hit cited."


def create_app(settings: Settings) -> FastAPI:
    """Build the application around an opened index.

    Raises IndexUnusable or ModelError where the index, its encoder or the reranker cannot be opened.
    """
    engine = Engine(settings.index, settings.model, settings.reranker, settings.rerank_most)
    metrics = Metrics()
    if engine.reranker is not None:
        engine.reranker.observe = metrics.rerank_seconds.observe
    key = settings.api_key.get_secret_value() if settings.api_key else None

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with _watching(engine.refresh, settings.reload_seconds):
            async with connectors.open_for(app):
                yield

    def measured(app: ASGIApp) -> ASGIApp:
        return metrics.measure(app)

    app: FastAPI = FastAPIOffline(
        title="Fawen 法问",
        description=_DESCRIPTION,
        version=version("fawen"),
        lifespan=lifespan,
        redoc_url=None,
        middleware=[Middleware(measured), Middleware(Guard, key, connectors.SHAPES)],
    )
    app.state.engine, app.state.metrics, app.state.replies = engine, metrics, SearchReplies()
    app.include_router(api.router)
    app.include_router(api.operations)
    app.include_router(pages.router)
    app.mount("/static", pages.static_files())
    connectors.include(app, settings)
    handle_errors(app, connectors.SHAPES)
    complete(app)
    return app


class _watching:  # noqa: N801 - used as a with-statement's word
    """Call `look` every so many seconds in a thread of its own until the block ends."""

    def __init__(self, look: Callable[[], object], seconds: float):
        self._stop = threading.Event()

        def run() -> None:
            while not self._stop.wait(seconds):
                try:
                    look()
                except (OSError, sqlite3.Error, KeyError, ValueError):
                    log.exception(
                        "查看新索引时出错，稍后再看 / looking for a new index failed; will look again"
                    )

        self._thread = threading.Thread(target=run, name="fawen-index-watch", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
