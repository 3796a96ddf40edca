"""The outer layer of every request: size limit, key, and headers that keep browsers strict."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.web.errors import STRICT_HEADERS, Refusal, Shape, shape_of

__all__ = ["Guard"]

LONGEST_BODY = 1_000_000
SLOWEST_BODY = 60.0
"""Seconds in which a body must have come."""
_TOO_LARGE = f"请求体至多 {LONGEST_BODY:,} 字节 / body over the limit"
_OPEN = ("/healthz", "/readyz")
_SIGNED = "/chat/"
"""Webhooks of chat platforms: each request carries a signature instead of the key."""
_KEY_WANTED = (
    "请带 Authorization: Bearer 密钥；浏览器中用户名任意，密码填密钥 / send the key as a bearer token"
)
_KEY_WRONG = "密钥不对，应与 FAWEN_API_KEY 相同 / wrong key: send FAWEN_API_KEY's value"
_CHALLENGE = {"WWW-Authenticate": 'Basic realm="fawen", charset="UTF-8"'}


_STRICT = [(name.lower().encode(), value.encode()) for name, value in STRICT_HEADERS.items()]


class _TooLargeError(HTTPException):
    def __init__(self) -> None:
        super().__init__(413, _TOO_LARGE)


class _TooSlowError(HTTPException):
    def __init__(self, seconds: float) -> None:
        super().__init__(408, f"请求体 {seconds:g} 秒内没有收完 / the body did not come in time")


class Guard:
    """ASGI middleware: refuses large bodies and slow ones, asks for the key where one is set, adds headers."""

    def __init__(
        self,
        app: ASGIApp,
        key: str | None,
        shapes: Mapping[str, Shape] | None = None,
        seconds: float = SLOWEST_BODY,
    ):
        self._app, self._key, self._shapes, self._seconds = app, key, shapes or {}, seconds

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
            await self._refuse(Refusal(413, _TOO_LARGE), scope, receive, with_headers)
            return
        is_open = scope["path"] in _OPEN or scope["path"].startswith(_SIGNED)
        if self._key and not is_open and (reason := self._fault(authorization)):
            refusal = Refusal(
                401, _KEY_WRONG if reason == "wrong_key" else _KEY_WANTED, headers=_CHALLENGE, reason=reason
            )
            await self._refuse(refusal, scope, receive, with_headers)
            return
        received, whole = 0, False
        until = asyncio.get_running_loop().time() + self._seconds

        async def counted() -> Message:
            nonlocal received, whole
            if whole:
                return await receive()
            try:
                async with asyncio.timeout_at(until):
                    message = await receive()
            except TimeoutError as error:
                raise _TooSlowError(self._seconds) from error
            whole = not message.get("more_body", False)
            received += len(message.get("body", b""))
            if received > LONGEST_BODY:
                raise _TooLargeError
            return message

        await self._app(scope, counted, with_headers)

    async def _refuse(self, refusal: Refusal, scope: Scope, receive: Receive, send: Send) -> None:
        await shape_of(self._shapes, scope["path"])(refusal)(scope, receive, send)

    def _fault(self, authorization: str) -> str | None:
        """Return what is wrong with the credentials: no_key, wrong_key, or None."""
        scheme, _, words = authorization.partition(" ")
        credentials = words.strip().encode("latin-1")
        if scheme.lower() == "basic":
            try:
                credentials = base64.b64decode(credentials, validate=True).partition(b":")[2]
            except binascii.Error:
                return "no_key"
        elif scheme.lower() != "bearer":
            return "no_key"
        if not credentials:
            return "no_key"
        return None if hmac.compare_digest(credentials, (self._key or "").encode()) else "wrong_key"
