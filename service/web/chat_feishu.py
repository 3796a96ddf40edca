"""Feishu (飞书): message events of a robot; the answer is sent as a card. Source: 飞书开放平台, 接收事件, 回复消息, 卡片 JSON 2.0.

Feishu waits three seconds for the receipt, so that is given at once and the card follows.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import time
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from pydantic import SecretStr
from pydantic_core import from_json
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from service.cards import as_markdown, flat
from service.chat import Turn
from service.signing import CipherError, feishu_decrypt, feishu_signature, is_fresh
from service.web.chat_common import (
    forbidden,
    identity_of,
    log,
    not_configured,
    object_in,
    settings_of,
    state_of,
    turn_for,
)
from service.web.links import base_of
from service.web.outbox import Outbox, SendError

__all__ = ["router"]

WINDOW = 300.0
SECONDS = 30.0
LONGEST = 20_000

router = APIRouter(include_in_schema=False)


@router.post("/chat/feishu")
async def receive(request: Request) -> Response:
    """Take an event: confirm the address, or answer a message; one delivered again is not answered anew."""
    settings = settings_of(request)
    key, token = settings.feishu_encrypt_key, settings.feishu_verification_token
    if not settings.feishu_app_id or settings.feishu_app_secret is None or (key is None and token is None):
        raise not_configured("feishu_app_id", "feishu_app_secret", "feishu_encrypt_key")
    body = await request.body()
    event = _opened(object_in(body), key)
    _check_token(event, token)
    if event.get("type") == "url_verification":
        return JSONResponse({"challenge": event.get("challenge")})
    if key is not None:
        _check_signature(request, body, key.get_secret_value())
    header, content = event.get("header"), event.get("event")
    if not isinstance(header, dict) or not isinstance(content, dict):
        raise HTTPException(400, "不是 2.0 版事件 / not an event of schema 2.0")
    message = content.get("message")
    if header.get("event_type") == "im.message.receive_v1" and isinstance(message, dict):
        identity = identity_of("feishu", message.get("message_id"))
        if state_of(request).answered.reply_to(identity) is None:
            state_of(request).answered.note(identity, "")
            outbox: Outbox = request.app.state.outbox
            outbox.later(asyncio.create_task(_answer(request, content, message, base_of(request))))
    return JSONResponse({})


def _opened(body: dict[str, Any], key: SecretStr | None) -> dict[str, Any]:
    encrypted = body.get("encrypt")
    if encrypted is None:
        if key is not None:
            raise forbidden("飞书事件未加密 / event is not encrypted")
        return body
    if key is None or not isinstance(encrypted, str):
        raise forbidden("飞书事件已加密，请设置 FAWEN_FEISHU_ENCRYPT_KEY / event is encrypted")
    try:
        return object_in(feishu_decrypt(key.get_secret_value(), encrypted))
    except CipherError as error:
        raise forbidden(f"飞书密文有误 / {error}") from error


def _check_token(event: dict[str, Any], token: SecretStr | None) -> None:
    header = event.get("header")
    given = header.get("token") if isinstance(header, dict) else event.get("token")
    if token is not None and not hmac.compare_digest(str(given).encode(), token.get_secret_value().encode()):
        raise forbidden("飞书 Verification Token 不符 / wrong token")


def _check_signature(request: Request, body: bytes, key: str) -> None:
    timestamp = request.headers.get("x-lark-request-timestamp", "")
    wanted = feishu_signature(timestamp, request.headers.get("x-lark-request-nonce", ""), key, body)
    if not hmac.compare_digest(wanted.encode(), request.headers.get("x-lark-signature", "").encode()):
        raise forbidden("飞书签名不符 / wrong signature")
    if not is_fresh(timestamp, time.time(), WINDOW):
        raise forbidden("飞书请求过期 / stale request")


async def _answer(request: Request, event: dict[str, Any], message: dict[str, Any], base: str) -> None:
    sender = event.get("sender")
    identity = sender.get("sender_id") if isinstance(sender, dict) else None
    user = identity.get("open_id") if isinstance(identity, dict) else ""
    turn = await turn_for(request, f"feishu:{message.get('chat_id')}:{user}", _words(message), SECONDS)
    outbox: Outbox = request.app.state.outbox
    address = f"{settings_of(request).feishu_url.rstrip('/')}/open-apis/im/v1/messages/"
    body = {"msg_type": "interactive", "content": json.dumps(_card(turn, base), ensure_ascii=False)}
    try:
        token = await outbox.feishu_token()
        told = await outbox.post(
            f"{address}{quote(str(message.get('message_id')), safe='')}/reply", body, token
        )
    except SendError as error:
        log.warning("飞书消息没有答复 / message not answered: %s", error)
        return
    if told.get("code") != 0:
        log.warning("飞书拒收卡片 / card refused: code %s", told.get("code"))


def _words(message: dict[str, Any]) -> str | None:
    if message.get("message_type") != "text":
        return None
    try:
        content = from_json(message.get("content") or "")
    except (ValueError, TypeError):
        return None
    text = content.get("text") if isinstance(content, dict) else None
    return text if isinstance(text, str) else None


def _card(turn: Turn, base: str) -> dict[str, Any]:
    title = {"tag": "plain_text", "content": flat(turn.question[:60]) or "法问"}
    markdown = {"tag": "markdown", "content": as_markdown(turn, base, LONGEST)}
    return {"schema": "2.0", "header": {"title": title}, "body": {"elements": [markdown]}}
