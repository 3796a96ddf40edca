"""Messages to chat platforms by HTTP, within their time."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

from service.settings import Settings

if TYPE_CHECKING:
    import httpx2

__all__ = ["Outbox", "SendError"]

SECONDS = 5.0
_EARLY = 60.0
"""Seconds before its end at which a token is fetched anew."""

log = logging.getLogger("fawen")


class SendError(Exception):
    """The platform could not be reached or would not take a message."""


class Outbox:
    """Posts JSON; keeps the connections and Feishu's access token."""

    def __init__(self, settings: Settings):
        self._settings = settings
        self._client: httpx2.AsyncClient | None = None
        self._token, self._until = "", 0.0
        self._fetching = asyncio.Lock()
        self._under_way: set[asyncio.Task[None]] = set()

    async def post(self, url: str, body: dict[str, Any], token: str = "") -> dict[str, Any]:
        """Post an object and return the one that is answered. Raises SendError."""
        import httpx2

        if self._client is None:
            self._client = httpx2.AsyncClient(timeout=SECONDS, trust_env=False)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            response = await self._client.post(url, json=body, headers=headers)
            told = from_json(response.content)
        except (httpx2.HTTPError, ValueError) as error:
            log.warning("发送失败 / could not send: %s", type(error).__name__)
            raise SendError(type(error).__name__) from error
        if response.status_code >= 400 or not isinstance(told, dict):
            log.warning("对方拒收，状态 %s / refused", response.status_code)
            raise SendError(f"status {response.status_code}")
        return told

    async def feishu_token(self) -> str:
        """Return a tenant access token. Raises SendError where Feishu gives none."""
        async with self._fetching:
            if time.monotonic() < self._until:
                return self._token
            secret = self._settings.feishu_app_secret
            told = await self.post(
                f"{self._settings.feishu_url.rstrip('/')}/open-apis/auth/v3/tenant_access_token/internal",
                {
                    "app_id": self._settings.feishu_app_id,
                    "app_secret": secret.get_secret_value() if secret else "",
                },
            )
            token, lasts = told.get("tenant_access_token"), told.get("expire", 0)
            if told.get("code") != 0 or not isinstance(token, str) or not isinstance(lasts, int):
                log.warning("飞书没有给出令牌 / no token: code %s", told.get("code"))
                raise SendError("no token")
            self._token, self._until = token, time.monotonic() + lasts - _EARLY
            return token

    def later(self, work: asyncio.Task[None]) -> None:
        """Hold a task that goes on after its request has been answered."""
        self._under_way.add(work)
        work.add_done_callback(self._under_way.discard)

    async def close(self) -> None:
        """Let what is under way end, and close the connections."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=SECONDS)
        if self._client is not None:
            await self._client.aclose()
            self._client = None
