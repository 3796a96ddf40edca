"""DingTalk (钉钉): messages to a robot in HTTP mode. Source: 钉钉开放平台, 机器人接收消息.

The answer goes to the sessionWebhook of the message, where that is DingTalk's own address; else into the response.
"""

from __future__ import annotations

import hmac
import json
import time
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from service.cards import as_markdown
from service.signing import dingtalk_sign, is_fresh
from service.web.chat_common import (
    forbidden,
    identity_of,
    not_configured,
    object_in,
    settings_of,
    state_of,
    turn_for,
)
from service.web.links import base_of
from service.web.outbox import Outbox, SendError

__all__ = ["router"]

WINDOW = 3600.0
"""An hour, as DingTalk's document says."""
SECONDS = 4.0
LONGEST = 18_000

router = APIRouter(include_in_schema=False)


@router.post("/chat/dingtalk")
async def receive(request: Request) -> Response:
    """Answer a message with a Markdown card; one delivered again is not answered anew."""
    settings = settings_of(request)
    if settings.dingtalk_app_secret is None:
        raise not_configured("dingtalk_app_secret")
    timestamp, sign = request.headers.get("timestamp", ""), request.headers.get("sign", "")
    wanted = dingtalk_sign(timestamp, settings.dingtalk_app_secret.get_secret_value())
    if not hmac.compare_digest(wanted.encode(), sign.encode()):
        raise forbidden("钉钉签名不符 / wrong signature")
    if not is_fresh(timestamp, time.time(), WINDOW, per_second=1000):
        raise forbidden("钉钉请求过期 / stale request")
    given = object_in(await request.body())
    identity = identity_of("dingtalk", given.get("msgId"))
    kept = state_of(request).answered.reply_to(identity)
    if kept is not None:
        return Response(kept, media_type="application/json")
    text = given.get("text")
    words = text.get("content") if given.get("msgtype") == "text" and isinstance(text, dict) else None
    user = given.get("senderStaffId") or given.get("senderId")
    turn = await turn_for(request, f"dingtalk:{given.get('conversationId')}:{user}", words, SECONDS)
    markdown = {"title": turn.question[:20] or "法问", "text": as_markdown(turn, base_of(request), LONGEST)}
    reply: dict[str, Any] = {"msgtype": "markdown", "markdown": markdown}
    if await _sent(request, given.get("sessionWebhook"), reply):
        reply = {}
    state_of(request).answered.note(identity, json.dumps(reply, ensure_ascii=False))
    return JSONResponse(reply)


async def _sent(request: Request, address: Any, reply: dict[str, Any]) -> bool:
    """Send a reply to the message's own address; the signature does not cover it, so only DingTalk's is used."""
    if not isinstance(address, str) or not address.startswith(
        f"{settings_of(request).dingtalk_url.rstrip('/')}/"
    ):
        return False
    outbox: Outbox = request.app.state.outbox
    try:
        told = await outbox.post(address, reply)
    except SendError:
        return False
    return told.get("errcode") in (0, None)
