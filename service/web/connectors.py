"""What plugs Fawen into chatbots: their routes, the form of their errors, and what stays open while serving."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from service.settings import Settings
from service.web import dify
from service.web.errors import Shape

__all__ = ["SHAPES", "include", "open_for"]

SHAPES: dict[str, Shape] = {"/dify/": dify.refused}
"""The form of errors by the prefix of a path."""


def include(app: FastAPI, settings: Settings) -> None:
    """Add the connectors to an app."""
    app.state.settings = settings
    app.include_router(dify.router)


@asynccontextmanager
async def open_for(app: FastAPI) -> AsyncIterator[None]:
    """Keep open what the connectors need until the app shuts down."""
    yield
