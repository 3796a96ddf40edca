"""What the adapters of the chat platforms share: the answer within their time, memory, refusals."""

from __future__ import annotations

import asyncio
import logging
import uuid
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from pydantic_core import from_json
from starlette.exceptions import HTTPException

from indexer.text import has_han
from service.cards import question_in
from service.chat import Turn, answer_turn
from service.memory import Answered, Conversations
from service.search import Filters
from service.settings import Settings
from service.web.api import engine_of
from service.web.schemas import LONGEST_QUERY

__all__ = [
    "ChatState",
    "forbidden",
    "identity_of",
    "not_configured",
    "object_in",
    "settings_of",
    "state_of",
    "turn_for",
]

log = logging.getLogger("fawen")

_HELP = "请直接输入文字问题，例如：各院整改措施有多少条？"
_BUSY = "正在处理的问题较多，请稍后再问一次。"
_BUSY_IN_ENGLISH = "Busy with other questions; please ask again in a moment."


@dataclass
class ChatState:
    """What is remembered between webhooks."""

    conversations: Conversations = field(default_factory=Conversations)
    answered: Answered = field(default_factory=Answered)


def state_of(request: Request) -> ChatState:
    """Return the app's memory of chats."""
    state: ChatState = request.app.state.chat
    return state


def settings_of(request: Request) -> Settings:
    """Return the app's settings."""
    settings: Settings = request.app.state.settings
    return settings


def not_configured(*names: str) -> HTTPException:
    """Return the error for an adapter that the settings leave out."""
    wanted = "、".join(f"FAWEN_{name.upper()}" for name in names)
    return HTTPException(404, f"未启用，请设置 {wanted} / not configured")


def forbidden(reason: str) -> HTTPException:
    """Return the error for a request that is not the platform's; the log says as much."""
    log.warning("拒绝聊天回调 / chat webhook refused: %s", reason)
    return HTTPException(403, reason)


def object_in(body: bytes | str) -> dict[str, Any]:
    """Return a JSON object. Raises HTTPException 400 where there is none."""
    try:
        value = from_json(body)
    except ValueError as error:
        raise HTTPException(400, "不是合法的 JSON / not valid JSON") from error
    if not isinstance(value, dict):
        raise HTTPException(400, "须为 JSON 对象 / must be a JSON object")
    return value


def identity_of(platform: str, message_id: object) -> str:
    """Return the name a message is remembered by; one without an id is like no other."""
    return f"{platform}:{message_id or uuid.uuid4().hex}"


async def turn_for(request: Request, conversation: str, words: Any, seconds: float) -> Turn:
    """Answer a message of a conversation within the platform's time; what is no text gets help."""
    question = question_in(words)[:LONGEST_QUERY] if isinstance(words, str) else ""
    if not question:
        return Turn("", None, _HELP)
    turns = state_of(request).conversations.with_turn(conversation, question)
    try:
        async with asyncio.timeout(seconds):
            return await run_in_threadpool(answer_turn, engine_of(request), turns, Filters())
    except TimeoutError:
        return Turn(question, None, _BUSY if has_han(question) else _BUSY_IN_ENGLISH)
