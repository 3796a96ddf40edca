"""MCP's streamable HTTP inside the app. The package is imported, and its host started, by the first request."""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from importlib.util import find_spec
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from service.engine import Engine
from service.settings import Settings
from service.web.errors import problem

__all__ = ["McpHost", "allowed_hosts", "allowed_origins"]

PATH = "/mcp"
_ASKED_AT: ContextVar[str] = ContextVar("address that the request was sent to")
_LOCAL = ("127.0.0.1", "localhost", "[::1]")
_MISSING = "没有安装 MCP 组件：pip install 'fawen[mcp]' / the MCP package is not installed"


def allowed_hosts(settings: Settings) -> list[str]:
    """Return the Host headers that are accepted: this machine, the public address, and those of the settings."""
    public = [urlsplit(settings.public_url).netloc] if settings.public_url else []
    names = [*_LOCAL, *public, *settings.mcp_hosts]
    return list(dict.fromkeys(form for name in names for form in (name, *_any_port(name))))


def allowed_origins(settings: Settings) -> list[str]:
    """Return the Origin headers that are accepted."""
    local = [f"http://{name}" for name in _LOCAL]
    public = []
    if settings.public_url:
        address = urlsplit(settings.public_url)
        public = [f"{address.scheme}://{address.netloc}"]
    names = [*local, *public, *(origin.rstrip("/") for origin in settings.mcp_origins)]
    return list(dict.fromkeys(form for name in names for form in (name, *_any_port(name))))


def _any_port(name: str) -> list[str]:
    bare = name.rsplit("//", 1)[-1].rsplit("]", 1)[-1]
    return [] if ":" in bare else [f"{name}:*"]


class McpHost:
    """ASGI app at /mcp; `close` ends what the first request began."""

    def __init__(self, engine: Engine, settings: Settings):
        self._engine, self._settings = engine, settings
        self._app: ASGIApp | None = None
        self._host: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        self._stop = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on to the MCP app."""
        if find_spec("mcp") is None:
            await problem(501, _MISSING)(scope, receive, send)
            return
        async with self._starting:
            app = self._app or await self._start()
        _ASKED_AT.set(str(Request(scope).base_url))
        await app(scope, receive, send)

    async def _start(self) -> ASGIApp:
        from mcp.server.transport_security import TransportSecuritySettings

        from service.web.mcp import build_server

        server = build_server(self._engine, self._base)
        security = TransportSecuritySettings(
            allowed_hosts=allowed_hosts(self._settings), allowed_origins=allowed_origins(self._settings)
        )
        app = server.streamable_http_app(
            streamable_http_path=PATH, json_response=True, stateless_http=True, transport_security=security
        )
        started = asyncio.Event()

        async def host() -> None:
            async with server.session_manager.run():
                started.set()
                await self._stop.wait()

        self._host = asyncio.create_task(host())
        await started.wait()
        self._app = app
        return app

    def _base(self) -> str:
        return (self._settings.public_url or _ASKED_AT.get()).rstrip("/")

    async def close(self) -> None:
        """End the host, if it runs."""
        self._stop.set()
        if self._host is not None:
            await self._host
