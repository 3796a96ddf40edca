"""A client of any OpenAI-compatible chat server: bounded in time, size and number of requests at once."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

from service.settings import Settings

if TYPE_CHECKING:
    import httpx2

__all__ = ["LlmError", "Wordsmith"]

LONGEST_REPLY = 200_000
"""Bytes read of a reply; a longer one is no answer to a question of figures."""
MOST_TOKENS = 1500

_UNFINISHED = re.compile(r"[^。！？!?\n]*$")

Messages = list[dict[str, str]]


class LlmError(Exception):
    """The server did not give a usable reply in time."""


class Wordsmith:
    """Asks the server of the settings for words. Safe to call from several tasks of one event loop."""

    def __init__(self, url: str, model: str, key: str | None, seconds: float, concurrency: int):
        self._url, self._model, self._key = f"{url.rstrip('/')}/chat/completions", model, key
        self.seconds = seconds
        self._places = asyncio.Semaphore(concurrency)
        self._client: httpx2.AsyncClient | None = None

    @classmethod
    def of(cls, settings: Settings) -> Wordsmith | None:
        """Return the client that the settings ask for, None where they name no server."""
        if settings.llm_url is None:
            return None
        key = settings.llm_key.get_secret_value() if settings.llm_key else None
        return cls(settings.llm_url, settings.llm_model, key, settings.llm_seconds, settings.llm_concurrency)

    async def reply(self, messages: Messages, seconds: float | None = None) -> str:
        """Return the server's reply within so many seconds (as set, by default); waiting for a place counts as waiting.

        Raises LlmError where there is none in time, or none that is whole.
        """
        import httpx2

        seconds = self.seconds if seconds is None else seconds
        try:
            async with asyncio.timeout(seconds), self._places:
                return _content(await self._asked(messages))
        except TimeoutError as error:
            raise LlmError(f"{seconds:.3g} 秒内没有答复 / no reply in time") from error
        except httpx2.HTTPError as error:
            raise LlmError(f"连接失败 / {type(error).__name__}: {error}") from error

    async def _asked(self, messages: Messages) -> bytes:
        import httpx2

        if self._client is None:
            headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
            self._client = httpx2.AsyncClient(headers=headers, timeout=self.seconds, trust_env=False)
        body = {"model": self._model, "messages": messages, "temperature": 0, "max_tokens": MOST_TOKENS}
        async with self._client.stream("POST", self._url, json=body) as response:
            if response.status_code != 200:
                raise LlmError(f"状态 {response.status_code} / status")
            read = bytearray()
            async for piece in response.aiter_bytes():
                read += piece
                if len(read) > LONGEST_REPLY:
                    raise LlmError(f"答复超过 {LONGEST_REPLY} 字节 / reply too long")
        return bytes(read)

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None


def _content(body: bytes) -> str:
    try:
        reply: Any = from_json(body)
        choice = reply["choices"][0]
        content = choice["message"]["content"]
        cut_off = choice.get("finish_reason") == "length"
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise LlmError("答复不是 chat completion / not a chat completion") from error
    if not isinstance(content, str) or not content.strip():
        raise LlmError("答复是空的 / empty reply")
    return _UNFINISHED.sub("", content) if cut_off else content
