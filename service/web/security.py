"""The outer layer of every request: size limit, key, and headers that keep browsers strict."""

from __future__ import annotations

import base64
import binascii
import hmac

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.web.errors import STRICT_HEADERS, problem

__all__ = ["Guard"]

LONGEST_BODY = 1_000_000
_TOO_LARGE = f"请求体至多 {LONGEST_BODY:,} 字节 / body over the limit"
_OPEN = ("/healthz", "/readyz")


_STRICT = [(name.lower().encode(), value.encode()) for name, value in STRICT_HEADERS.items()]


class _TooLargeError(HTTPException):
    def __init__(self) -> None:
        super().__init__(413, _TOO_LARGE)


class Guard:
    """ASGI middleware: refuses large bodies, asks for the key where one is set, adds headers."""

    def __init__(self, app: ASGIApp, key: str | None):
        self._app, self._key = app, key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_STRICT]
            await send(message)

        declared = authorization = ""
        for name, value in scope["headers"]:
            if name == b"content-length":
                declared = value.decode("latin-1")
            elif name == b"authorization":
                authorization = value.decode("latin-1")
        if declared.isdigit() and int(declared) > LONGEST_BODY:
            await problem(413, _TOO_LARGE)(scope, receive, with_headers)
            return
        if self._key and scope["path"] not in _OPEN and not self._admits(authorization):
            refusal = problem(
                401,
                "请带 Authorization: Bearer 密钥；浏览器中用户名任意，密码填密钥 / send the key as a bearer token",
                headers={"WWW-Authenticate": 'Basic realm="fawen", charset="UTF-8"'},
            )
            await refusal(scope, receive, with_headers)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > LONGEST_BODY:
                raise _TooLargeError
            return message

        await self._app(scope, counted, with_headers)

    def _admits(self, authorization: str) -> bool:
        scheme, _, words = authorization.partition(" ")
        credentials = words.strip().encode("latin-1")
        if scheme.lower() == "basic":
            try:
                credentials = base64.b64decode(credentials, validate=True).partition(b":")[2]
            except binascii.Error:
                return False
        elif scheme.lower() != "bearer":
            return False
        return hmac.compare_digest(credentials, (self._key or "").encode())
