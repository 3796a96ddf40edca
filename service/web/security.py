"""The outer layer of every request: size limit, key, and headers that keep browsers strict."""

from __future__ import annotations

import base64
import binascii
import hmac

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.web.errors import problem

__all__ = ["Guard"]

LONGEST_BODY = 1_000_000
_OPEN = ("/healthz", "/readyz")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
}


class _TooLargeError(Exception):
    pass


class Guard:
    """ASGI middleware: refuses large bodies, asks for the key where one is set, adds headers."""

    def __init__(self, app: ASGIApp, key: str | None):
        self._app, self._key = app, key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        declared = headers.get("content-length", "0")
        if declared.isdigit() and int(declared) > LONGEST_BODY:
            await _too_large(scope, receive, send)
            return
        if self._key and scope["path"] not in _OPEN and not self._admits(headers.get("authorization", "")):
            refusal = problem(
                401,
                "请带 Authorization: Bearer 密钥；浏览器中用户名任意，密码填密钥 / send the key as a bearer token",
                headers={"WWW-Authenticate": 'Basic realm="fawen", charset="UTF-8"'},
            )
            await refusal(scope, receive, send)
            return
        received = 0
        started = False

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > LONGEST_BODY:
                raise _TooLargeError
            return message

        async def with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        try:
            await self._app(scope, counted, with_headers)
        except _TooLargeError:
            if not started:
                await _too_large(scope, receive, send)

    def _admits(self, authorization: str) -> bool:
        scheme, _, credentials = authorization.partition(" ")
        if scheme.lower() == "basic":
            try:
                credentials = base64.b64decode(credentials, validate=True).decode().partition(":")[2]
            except (binascii.Error, UnicodeDecodeError):
                return False
        elif scheme.lower() != "bearer":
            return False
        return hmac.compare_digest(credentials.strip().encode(), (self._key or "").encode())


async def _too_large(scope: Scope, receive: Receive, send: Send) -> None:
    await problem(413, f"请求体至多 {LONGEST_BODY:,} 字节 / body over the limit")(scope, receive, send)
