"""The contract table of the chatbot APIs: each form of request, by a real client where one exists, and what is observed.

python -m benchmarks.contracts [DIRECTORY]    # the table as Markdown; replies as JSON into DIRECTORY
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import httpx2
import openai
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from indexer.build import build
from models import load
from service.signing import WecomCipher, dingtalk_sign, feishu_signature, wecom_signature
from tests.platforms import Platform, platform
from tests.servers import COMMAND, REPORTS, Server, environment, running

KEY, TOKEN, AES_KEY, SECRET = "key", "token", "6qkdMrq68nTKduznJYO1A37W2oEgpkMUvkttRToqhUt", "secret"
SETTINGS = {
    "FAWEN_API_KEY": KEY,
    "FAWEN_KNOWLEDGE": '{"一中院": {"court": ["一中院"]}}',
    "FAWEN_WECOM_TOKEN": TOKEN,
    "FAWEN_WECOM_AES_KEY": AES_KEY,
    "FAWEN_DINGTALK_APP_SECRET": SECRET,
    "FAWEN_FEISHU_APP_ID": "cli_x",
    "FAWEN_FEISHU_APP_SECRET": "app-secret",
    "FAWEN_FEISHU_ENCRYPT_KEY": SECRET,
    "FAWEN_FEISHU_VERIFICATION_TOKEN": TOKEN,
}
QUESTION = "各院开展志愿服务多少次"
Row = tuple[str, str, str]


class Table:
    """Rows of the table, and the replies behind them."""

    def __init__(self, folder: Path | None):
        self.rows: list[Row] = []
        self._folder = folder

    def add(self, api: str, form: str, observed: str, reply: Any = None) -> None:
        """Add a row; keep its reply."""
        self.rows.append((api, form, observed))
        if self._folder and reply is not None:
            name = f"{len(self.rows):02}-{api.split()[0].lower()}.json"
            (self._folder / name).write_text(
                json.dumps(reply, ensure_ascii=False, indent=1), encoding="utf-8"
            )


def dify(table: Table, server: Server) -> None:
    """Dify calls by HTTP and has no client package; this is what its source sends."""
    headers = {"Authorization": f"Bearer {KEY}"}
    plain = {
        "knowledge_id": "fawen",
        "query": QUESTION,
        "retrieval_setting": {"top_k": 3, "score_threshold": 0.2},
    }
    condition = [{"name": ["court"], "comparison_operator": "is", "value": "二中院"}]
    forms: list[tuple[str, dict[str, Any], dict[str, str]]] = [
        ("counting question", plain, headers),
        ("counting question, knowledge set", plain | {"knowledge_id": "一中院"}, headers),
        ("passages", plain | {"query": "廉政风险排查"}, headers),
        (
            "null metadata_condition, null top_k, unknown field",
            plain | {"metadata_condition": None, "retrieval_setting": {"top_k": None}, "x": 1},
            headers,
        ),
        (
            "condition court is 二中院",
            plain | {"metadata_condition": {"logical_operator": "and", "conditions": condition}},
            headers,
        ),
        (
            "condition nothing fits",
            plain
            | {
                "metadata_condition": {
                    "conditions": [{"name": "year", "comparison_operator": ">", "value": 2023}]
                }
            },
            headers,
        ),
        (
            "off-topic question, threshold 0.5",
            plain | {"query": "红烧肉怎么做", "retrieval_setting": {"top_k": 3, "score_threshold": 0.5}},
            headers,
        ),
        (
            "unknown operator",
            plain
            | {
                "metadata_condition": {
                    "conditions": [{"name": "year", "comparison_operator": "like", "value": 1}]
                }
            },
            headers,
        ),
        ("header without Bearer", plain, {"Authorization": KEY}),
        ("wrong key", plain, {"Authorization": "Bearer no"}),
        ("unknown knowledge_id", plain | {"knowledge_id": "nope"}, headers),
    ]
    with server.client() as client:
        for form, body, sent in forms:
            reply = client.post("/dify/retrieval", json=body, headers=sent)
            told = reply.json()
            if "records" in told:
                kinds = [f"{r['metadata']['kind']} {r['score']:.2f}" for r in told["records"]]
                observed = f"{reply.status_code}, records: {', '.join(kinds) or '[]'}"
            else:
                observed = f"{reply.status_code}, error_code {told['error_code']}"
            table.add("Dify (httpx)", form, observed, told)


def refused(call: Callable[[], Any]) -> str:
    try:
        call()
    except openai.APIStatusError as error:
        return f"{type(error).__name__}, {error.status_code}, code {error.code}, param {error.param}"
    return "no error"


def chat(table: Table, server: Server) -> None:
    """OpenAI's own client."""
    api = f"OpenAI (openai {openai.__version__})"
    asked: list[Any] = [{"role": "user", "content": QUESTION}]
    followed: list[Any] = [
        *asked,
        {"role": "assistant", "content": "…"},
        {"role": "user", "content": "那一中院呢？"},
    ]
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key=KEY, max_retries=0) as ai:
        models = [model.id for model in ai.models.list()]
        table.add(api, "models.list", ", ".join(models))
        table.add(api, "models.retrieve 一中院", ai.models.retrieve("一中院").id)
        whole = ai.chat.completions.create(model="fawen", messages=asked, temperature=0.7, seed=1)
        table.add(
            api,
            "chat.completions.create",
            f"finish_reason {whole.choices[0].finish_reason}, {len(whole.citations)} citations, {len(whole.choices[0].message.annotations or [])} links",
            whole.model_dump(mode="json"),
        )
        follow = ai.chat.completions.create(model="fawen", messages=followed)
        table.add(
            api,
            "…, follow-up 那一中院呢？",
            (follow.choices[0].message.content or "").split("\n")[0],
            follow.model_dump(mode="json"),
        )
        options: Any = {"include_usage": True}
        chunks = list(
            ai.chat.completions.create(model="fawen", messages=asked, stream=True, stream_options=options)
        )
        text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
        table.add(
            api,
            "…, stream=True, include_usage",
            f"{len(chunks)} chunks, same text: {text == whole.choices[0].message.content}, usage {chunks[-1].usage.total_tokens if chunks[-1].usage else None}",
        )
        tools: Any = [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}]
        tolerant = ai.chat.completions.create(
            model="fawen", messages=asked, tools=tools, max_tokens=5, stop="。"
        )
        table.add(
            api,
            "…, tools, max_tokens, stop",
            f"same text: {tolerant.choices[0].message.content == whole.choices[0].message.content}",
        )
        parts: list[Any] = [{"role": "user", "content": [{"type": "text", "text": QUESTION}]}]
        table.add(
            api,
            "…, content in parts",
            f"same text: {ai.chat.completions.create(model='fawen', messages=parts).choices[0].message.content == whole.choices[0].message.content}",
        )
        limited = ai.chat.completions.create(model="一中院", messages=asked)
        table.add(
            api,
            "…, model 一中院",
            f"{len(limited.citations)} citations, all of one court: {len({c['court'] for c in limited.citations}) == 1}",
        )
        image: list[Any] = [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]
        table.add(
            api,
            "…, unknown model",
            refused(lambda: ai.chat.completions.create(model="gpt-4o", messages=asked)),
        )
        table.add(
            api, "…, no message", refused(lambda: ai.chat.completions.create(model="fawen", messages=[]))
        )
        table.add(api, "…, image", refused(lambda: ai.chat.completions.create(model="fawen", messages=image)))
        table.add(api, "…, wrong key", refused(lambda: ai.with_options(api_key="no").models.list()))
        vectors = ai.embeddings.create(model="fawen", input=["整改措施", "志愿服务"])
        table.add(api, "embeddings.create", f"{len(vectors.data)} × {len(vectors.data[0].embedding)}")
        table.add(api, "…, token ids", refused(lambda: ai.embeddings.create(model="fawen", input=[[1, 2]])))
        wanted = {"query": "整改措施有多少条", "documents": ["志愿服务五十次", "整改措施五十九条"]}
        ranked = ai.post("/rerank", body=wanted, cast_to=httpx.Response).json()["results"]
        table.add(api, "POST /v1/rerank", f"200, order {[one['index'] for one in ranked]}")


async def tools(table: Table, target: Any, api: str) -> None:
    """The SDK's own client."""
    async with Client(target) as client:
        table.add(api, "connect", f"protocol {client.protocol_version}")
        listed = (await client.list_tools()).tools
        table.add(api, "list_tools", ", ".join(tool.name for tool in listed))
        reports = (await client.call_tool("list_reports", {})).structured_content or {}
        calls: list[tuple[str, dict[str, Any]]] = [
            ("answer_question", {"question": QUESTION}),
            ("count_by_court", {"thing": "整改措施"}),
            ("search_reports", {"query": "廉政风险排查", "top_k": 2}),
            ("list_reports", {}),
            ("read_section", {"report_id": reports["reports"][0]["report_id"], "section": "涵养文明新风"}),
            ("search_reports", {"query": "x", "courts": ["火星法院"]}),
        ]
        for name, arguments in calls:
            reply = await client.call_tool(name, arguments)
            content: Any = reply.structured_content or {}
            size = {key: len(value) for key, value in content.items() if isinstance(value, list)}
            observed = f"is_error {reply.is_error}" + (
                f", {size}" if size else f", {reply.content[0].text[:60]}"
            )
            shown = ", ".join(key for key in arguments if key != "report_id")
            table.add(api, f"{name}({shown})", observed, content)
        resources = (await client.list_resources()).resources
        text: Any = (await client.read_resource(resources[0].uri)).contents[0]
        table.add(
            api, "list_resources, read_resource", f"{len(resources)} resources, {len(text.text)} characters"
        )


def mcp(table: Table, server: Server, index: Path) -> None:
    """MCP over both transports."""

    async def over_http() -> None:
        async with httpx2.AsyncClient(headers={"Authorization": f"Bearer {KEY}"}, timeout=60) as http:
            await tools(
                table, streamable_http_client(f"{server.url}/mcp", http_client=http), "MCP HTTP (mcp)"
            )

    asyncio.run(over_http())
    command = StdioServerParameters(
        command=str(COMMAND), args=["mcp", "--index", str(index)], env=environment()
    )
    asyncio.run(tools(table, command, "MCP stdio (mcp)"))
    with server.client(headers={"Authorization": f"Bearer {KEY}"}) as client:
        for form, header in (
            ("Host evil.example", {"Host": "evil.example"}),
            ("Origin http://evil.example", {"Origin": "http://evil.example"}),
        ):
            table.add("MCP HTTP (httpx)", form, str(client.post("/mcp", json={}, headers=header).status_code))


def platforms(table: Table, server: Server) -> None:
    """Chat platforms have no client that can be pointed at a server; requests are signed as their documents say."""
    cipher = WecomCipher(AES_KEY, "")
    with server.client() as client:
        message = json.dumps(
            {"msgid": "1", "msgtype": "text", "text": {"content": QUESTION}, "from": {"userid": "u"}}
        )
        encrypted = cipher.encrypt(message)
        for form, age in (("signed message", 0), ("the same, ten minutes old", 600)):
            timestamp = str(int(time.time()) - age)
            query = {
                "msg_signature": wecom_signature(TOKEN, timestamp, "n", encrypted),
                "timestamp": timestamp,
                "nonce": "n",
            }
            reply = client.post("/chat/wecom", params=query, json={"encrypt": encrypted})
            said = json.loads(cipher.decrypt(reply.json()["encrypt"])) if reply.status_code == 200 else None
            table.add(
                "WeCom (httpx)",
                form,
                f"{reply.status_code}"
                + (f", {said['msgtype']}, finish {said['stream']['finish']}" if said else ""),
                said,
            )
        table.add(
            "WeCom (httpx)",
            "wrong signature",
            str(client.post("/chat/wecom", json={"encrypt": encrypted}).status_code),
        )
        body = {
            "msgtype": "text",
            "text": {"content": QUESTION},
            "msgId": "1",
            "conversationId": "c",
            "senderStaffId": "s",
        }
        for form, age in (("signed message", 0), ("the same, two hours old", 7200)):
            timestamp = str(int((time.time() - age) * 1000))
            reply = client.post(
                "/chat/dingtalk",
                json=body,
                headers={"timestamp": timestamp, "sign": dingtalk_sign(timestamp, SECRET)},
            )
            table.add(
                "DingTalk (httpx)",
                form,
                f"{reply.status_code}, {reply.json().get('msgtype', '')}".rstrip(", "),
                reply.json(),
            )


def feishu(table: Table, server: Server, there: Platform) -> None:
    """Feishu's events, sealed and signed as its documents say; the card goes to a server that stands in for Feishu's."""
    message = {
        "message_id": "om_1",
        "chat_id": "oc_1",
        "message_type": "text",
        "content": json.dumps({"text": QUESTION}),
    }
    header = {"event_type": "im.message.receive_v1", "token": TOKEN}
    event = {
        "schema": "2.0",
        "header": header,
        "event": {"sender": {"sender_id": {"open_id": "ou_1"}}, "message": message},
    }
    check = {"type": "url_verification", "challenge": "4242", "token": TOKEN}
    forms: list[tuple[str, dict[str, Any], int, str]] = [
        ("check of the address", check, 0, SECRET),
        ("signed message", event, 0, SECRET),
        ("the same, ten minutes old", event, 600, SECRET),
        ("wrong signature", event, 0, "other"),
    ]
    with server.client() as client:
        for form, told, age, key in forms:
            body = json.dumps({"encrypt": _sealed_for_feishu(SECRET, json.dumps(told))}).encode()
            timestamp = str(int(time.time()) - age)
            headers = {
                "X-Lark-Request-Timestamp": timestamp,
                "X-Lark-Request-Nonce": "n",
                "X-Lark-Signature": feishu_signature(timestamp, "n", key, body),
            }
            reply = client.post("/chat/feishu", content=body, headers=headers)
            observed = f"{reply.status_code}" + (f", {reply.json()}" if reply.status_code == 200 else "")
            if form == "signed message":
                path, _, card = there.sent.get(timeout=30)
                observed += f", then {card['msg_type']} to …{path[-5:]}"
            table.add("Feishu (httpx)", form, observed)


def _sealed_for_feishu(key: str, text: str) -> str:
    iv, body = os.urandom(16), text.encode()
    pad = 16 - len(body) % 16
    context = Cipher(algorithms.AES(hashlib.sha256(key.encode()).digest()), modes.CBC(iv)).encryptor()
    return base64.b64encode(iv + context.update(body + bytes([pad]) * pad) + context.finalize()).decode()


def main() -> None:
    """Print the table."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    table = Table(folder)
    with tempfile.TemporaryDirectory() as place:
        index = Path(place) / "index"
        build([REPORTS], index, load(), max_bytes=10**7)
        with (
            platform() as there,
            running(index, Path(place) / "log", **SETTINGS, FAWEN_FEISHU_URL=there.url) as server,
        ):
            dify(table, server)
            chat(table, server)
            mcp(table, server, index)
            platforms(table, server)
            feishu(table, server, there)
    print("| API (client) | form of request | observed |\n|---|---|---|")
    for api, form, observed in table.rows:
        print(f"| {api} | {form} | {observed} |")


if __name__ == "__main__":
    main()
