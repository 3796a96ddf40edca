"""What plugs Fawen into chatbots: their routes, the form of their errors, and what stays open while serving."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from starlette.responses import Response
from starlette.routing import Route

from service.llm import Wordsmith
from service.settings import Settings
from service.web import chat_dingtalk, chat_feishu, chat_wecom, dify, openai, openai_errors
from service.web.chat_common import ChatState
from service.web.errors import Refusal, Shape
from service.web.mcp_host import PATH, McpHost
from service.web.outbox import Outbox

__all__ = ["SHAPES", "include", "open_for"]

SHAPES: dict[str, Shape] = {"/dify/": dify.refused, "/v1/": openai_errors.refused}
"""The form of errors by the prefix of a path."""


def include(app: FastAPI, settings: Settings) -> None:
    """Add the connectors to an app."""
    app.state.settings = settings
    app.include_router(dify.router)
    app.include_router(openai.router)
    for adapter in (chat_wecom, chat_feishu, chat_dingtalk):
        app.include_router(adapter.router)
    app.state.chat, app.state.outbox = ChatState(), Outbox(settings)
    app.state.wordsmith = Wordsmith.of(settings)
    app.state.mcp = McpHost(app.state.engine, settings)
    app.router.routes.append(Route(PATH, app.state.mcp, methods=["GET", "POST", "DELETE"]))
    app.add_exception_handler(openai_errors.BadRequestError, _bad_request)


async def _bad_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, openai_errors.BadRequestError)
    fields = [{"field": error.field, "message": str(error)}]
    return openai_errors.refused(Refusal(400, str(error), fields, reason=error.code))


@asynccontextmanager
async def open_for(app: FastAPI) -> AsyncIterator[None]:
    """Keep open what the connectors need until the app shuts down."""
    try:
        yield
    finally:
        await app.state.outbox.close()
        await app.state.mcp.close()
        if app.state.wordsmith is not None:
            await app.state.wordsmith.close()
