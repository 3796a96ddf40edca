"""WeCom (企业微信): messages to an application (XML) and to a 智能机器人 (JSON), answered in the response.

Source: 企业微信开发者中心, 接收消息与事件, 被动回复消息, 智能机器人.
"""

from __future__ import annotations

import hmac
import json
import re
import secrets
import time
import uuid
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response

from service.cards import as_markdown, as_text
from service.signing import CipherError, WecomCipher, is_fresh, wecom_signature
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

__all__ = ["router"]

WINDOW = 300.0
SECONDS = 4.0
"""WeCom waits five."""
LONGEST_TEXT = 2048
LONGEST_STREAM = 20480

_ENCRYPTED = re.compile(r"<Encrypt>\s*(?:<!\[CDATA\[)?\s*([A-Za-z0-9+/=]+)")

router = APIRouter(include_in_schema=False)


def _opened(request: Request, encrypted: str) -> tuple[WecomCipher, str]:
    """Check a request's signature and age and decrypt what it carries."""
    settings = settings_of(request)
    if settings.wecom_token is None or settings.wecom_aes_key is None:
        raise not_configured("wecom_token", "wecom_aes_key")
    given = request.query_params
    timestamp, nonce = given.get("timestamp", ""), given.get("nonce", "")
    token = settings.wecom_token.get_secret_value()
    signature = wecom_signature(token, timestamp, nonce, encrypted)
    if not hmac.compare_digest(signature.encode(), given.get("msg_signature", "").encode()):
        raise forbidden("企业微信签名不符 / wrong signature")
    if not is_fresh(timestamp, time.time(), WINDOW):
        raise forbidden("企业微信请求过期 / stale request")
    cipher = WecomCipher(settings.wecom_aes_key.get_secret_value(), settings.wecom_corp_id)
    try:
        return cipher, cipher.decrypt(encrypted)
    except CipherError as error:
        raise forbidden(f"企业微信密文有误 / {error}") from error


@router.get("/chat/wecom")
async def verify(request: Request) -> Response:
    """Answer the check that WeCom makes when the address is saved."""
    _, echo = _opened(request, request.query_params.get("echostr", ""))
    return PlainTextResponse(echo)


@router.post("/chat/wecom")
async def receive(request: Request) -> Response:
    """Answer a message in the response; one delivered again gets the same answer."""
    body = (await request.body()).decode("utf-8", "replace")
    as_json = body.lstrip().startswith("{")
    if as_json:
        encrypted = object_in(body).get("encrypt")
    else:
        found = _ENCRYPTED.search(body)
        encrypted = found[1] if found else None
    if not isinstance(encrypted, str):
        raise HTTPException(400, "缺少密文 / no Encrypt")
    cipher, message = _opened(request, encrypted)
    reply = await (_to_robot(request, message) if as_json else _to_application(request, message))
    if not reply:
        return PlainTextResponse("")
    settings = settings_of(request)
    token = settings.wecom_token.get_secret_value() if settings.wecom_token else ""
    sealed, timestamp, nonce = cipher.encrypt(reply), str(int(time.time())), secrets.token_hex(8)
    signature = wecom_signature(token, timestamp, nonce, sealed)
    if as_json:
        packet = {"encrypt": sealed, "msgsignature": signature, "timestamp": int(timestamp), "nonce": nonce}
        return Response(json.dumps(packet), media_type="application/json")
    xml = (
        f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt><MsgSignature><![CDATA[{signature}]]></MsgSignature>"
        f"<TimeStamp>{timestamp}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
    )
    return Response(xml, media_type="application/xml")


async def _to_robot(request: Request, message: str) -> str:
    given = object_in(message)
    kind, sender = given.get("msgtype"), given.get("from")
    if kind == "event" or kind is None:
        return ""
    identity = identity_of("wecom", given.get("msgid"))
    kept = state_of(request).answered.reply_to(identity)
    if kept is not None:
        return kept
    text = given.get("text")
    words = text.get("content") if kind == "text" and isinstance(text, dict) else None
    user = sender.get("userid") if isinstance(sender, dict) else ""
    turn = await turn_for(request, f"wecom:{given.get('chatid', '')}:{user}", words, SECONDS)
    content = as_markdown(turn, base_of(request), LONGEST_STREAM)
    stream = {"id": uuid.uuid4().hex, "finish": True, "content": content}
    reply = json.dumps({"msgtype": "stream", "stream": stream}, ensure_ascii=False)
    state_of(request).answered.note(identity, reply)
    return reply


async def _to_application(request: Request, message: str) -> str:
    given = _fields(message)
    if given.get("MsgType") == "event":
        return ""
    user, corp = given.get("FromUserName", ""), given.get("ToUserName", "")
    identity = identity_of("wecom", given.get("MsgId"))
    kept = state_of(request).answered.reply_to(identity)
    if kept is not None:
        return kept
    words = given.get("Content") if given.get("MsgType") == "text" else None
    turn = await turn_for(request, f"wecom:{given.get('AgentID', '')}:{user}", words, SECONDS)
    content = as_text(turn, base_of(request), LONGEST_TEXT)
    reply = (
        f"<xml><ToUserName>{escape(user)}</ToUserName><FromUserName>{escape(corp)}</FromUserName>"
        f"<CreateTime>{int(time.time())}</CreateTime><MsgType>text</MsgType><Content>{escape(content)}</Content></xml>"
    )
    state_of(request).answered.note(identity, reply)
    return reply


def _fields(message: str) -> dict[str, str]:
    """Return the fields of a message in XML; one that declares entities is refused unread."""
    if "<!DOCTYPE" in message or "<!ENTITY" in message:
        raise HTTPException(400, "XML 不应含 DTD / no DTD allowed")
    try:
        return {child.tag: child.text or "" for child in ElementTree.fromstring(message)}
    except ElementTree.ParseError as error:
        raise HTTPException(400, "不是合法的 XML / not valid XML") from error
