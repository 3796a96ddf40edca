"""Webhooks of WeCom, Feishu and DingTalk against a real server, signed and encrypted as the platforms do."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import queue
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from service.signing import WecomCipher, dingtalk_sign, feishu_signature, wecom_signature
from tests.platforms import Platform, platform
from tests.servers import ROOT, Server, environment, running

TOKEN, AES_KEY, CORP = "wecom-token", "6qkdMrq68nTKduznJYO1A37W2oEgpkMUvkttRToqhUt", "ww1"
ENCRYPT_KEY, VERIFICATION, SECRET = "feishu-key", "feishu-token", "ding-secret"
QUESTION = "各院开展志愿服务多少次"
CIPHER = WecomCipher(AES_KEY, CORP)
ROBOT = WecomCipher(AES_KEY, "")
SETTINGS = {
    "FAWEN_API_KEY": "key",
    "FAWEN_PUBLIC_URL": "http://fawen.court",
    "FAWEN_WECOM_TOKEN": TOKEN,
    "FAWEN_WECOM_AES_KEY": AES_KEY,
    "FAWEN_FEISHU_APP_ID": "cli_x",
    "FAWEN_FEISHU_APP_SECRET": "app-secret",
    "FAWEN_FEISHU_ENCRYPT_KEY": ENCRYPT_KEY,
    "FAWEN_FEISHU_VERIFICATION_TOKEN": VERIFICATION,
    "FAWEN_DINGTALK_APP_SECRET": SECRET,
}


@pytest.fixture(scope="module")
def there() -> Iterator[Platform]:
    with platform() as serving:
        yield serving


@pytest.fixture(scope="module")
def robots(sample_index: Path, tmp_path_factory: pytest.TempPathFactory, there: Platform) -> Iterator[Server]:
    """A server for a WeCom 智能机器人, Feishu and DingTalk."""
    settings = SETTINGS | {"FAWEN_FEISHU_URL": there.url, "FAWEN_DINGTALK_URL": there.url}
    with running(sample_index, tmp_path_factory.mktemp("robots") / "log", **settings) as started:
        yield started


@pytest.fixture(scope="module")
def application(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for a WeCom application."""
    settings = SETTINGS | {"FAWEN_WECOM_CORP_ID": CORP}
    with running(sample_index, tmp_path_factory.mktemp("application") / "log", **settings) as started:
        yield started


@pytest.fixture
def http(robots: Server) -> Iterator[httpx.Client]:
    with robots.client() as client:
        yield client


def signed(encrypted: str, at: float | None = None, token: str = TOKEN) -> dict[str, str]:
    timestamp = str(int(time.time() if at is None else at))
    return {
        "msg_signature": wecom_signature(token, timestamp, "n1", encrypted),
        "timestamp": timestamp,
        "nonce": "n1",
    }


def robot_message(words: str, message: str, kind: str = "text", user: str = "u1") -> str:
    body: dict[str, Any] = {"msgid": message, "aibotid": "b", "chattype": "single", "from": {"userid": user}}
    body |= {"msgtype": kind, kind: {"content": words}}
    return ROBOT.encrypt(json.dumps(body, ensure_ascii=False))


def said_by_robot(http: httpx.Client, encrypted: str, **more: Any) -> dict[str, Any]:
    reply = http.post("/chat/wecom", params=signed(encrypted, **more), json={"encrypt": encrypted})
    assert reply.status_code == 200, reply.text
    packet = reply.json()
    wanted = wecom_signature(TOKEN, str(packet["timestamp"]), packet["nonce"], packet["encrypt"])
    assert packet["msgsignature"] == wanted
    return dict(json.loads(ROBOT.decrypt(packet["encrypt"])))


@pytest.mark.parametrize("body", [b"[" * 20_000, b'{"msgId": "\\ud800"}', b"\xff\xfe", b""])
@pytest.mark.parametrize("place", ["feishu", "dingtalk", "wecom"])
def test_json_that_cannot_be_read_is_refused_as_such(http: httpx.Client, place: str, body: bytes) -> None:
    timestamp = str(int(time.time() * 1000))
    headers = {"timestamp": timestamp, "sign": dingtalk_sign(timestamp, SECRET)}
    assert http.post(f"/chat/{place}", content=body, headers=headers).status_code == 400


def test_messages_without_an_id_are_each_answered(http: httpx.Client) -> None:
    def answered(words: str) -> str:
        timestamp = str(int(time.time() * 1000))
        headers = {"timestamp": timestamp, "sign": dingtalk_sign(timestamp, SECRET)}
        body = {"msgtype": "text", "text": {"content": words}, "senderId": "no-id"}
        return http.post("/chat/dingtalk", json=body, headers=headers).text

    assert "118次" in answered(QUESTION)
    assert "126项" in answered("二中院整改措施有多少条")


class TestWecomRobot:
    def test_a_question_is_answered_with_a_cited_card(self, http: httpx.Client) -> None:
        said = said_by_robot(http, robot_message(f"@法问 {QUESTION}", "m1"))
        assert said["msgtype"] == "stream"
        assert said["stream"]["finish"] is True
        content = said["stream"]["content"]
        assert "志愿服务118次（涵养文明新风）[【1】](http://fawen.court/reports/" in content
        assert "**引注**" in content

    def test_a_follow_up_keeps_the_thing(self, http: httpx.Client) -> None:
        said_by_robot(http, robot_message(QUESTION, "m2", user="u2"))
        content = said_by_robot(http, robot_message("那一中院呢？", "m3", user="u2"))["stream"]["content"]
        assert "按“一中院开展志愿服务多少次？”回答" in content
        assert "50次" in content
        other = said_by_robot(http, robot_message("那一中院呢？", "m4", user="u3"))["stream"]["content"]
        assert "按“" not in other

    def test_a_message_delivered_again_gets_the_same_answer(self, http: httpx.Client) -> None:
        encrypted = robot_message(QUESTION, "m5")
        assert said_by_robot(http, encrypted) == said_by_robot(http, encrypted)

    def test_what_is_no_text_gets_help_and_events_get_nothing(self, http: httpx.Client) -> None:
        said = said_by_robot(http, robot_message("x", "m6", kind="image"))
        assert "请直接输入文字问题" in said["stream"]["content"]
        encrypted = ROBOT.encrypt(json.dumps({"msgtype": "event", "event": {"eventtype": "enter_chat"}}))
        reply = http.post("/chat/wecom", params=signed(encrypted), json={"encrypt": encrypted})
        assert (reply.status_code, reply.text) == (200, "")

    @pytest.mark.parametrize("age", [-301, 301, -10_000_000])
    def test_a_stale_request_is_refused(self, http: httpx.Client, age: int) -> None:
        encrypted = robot_message(QUESTION, "m7")
        params = signed(encrypted, at=time.time() + age)
        assert http.post("/chat/wecom", params=params, json={"encrypt": encrypted}).status_code == 403

    @pytest.mark.parametrize("field", ["msg_signature", "timestamp", "nonce"])
    def test_a_request_that_was_changed_is_refused(self, http: httpx.Client, field: str) -> None:
        encrypted = robot_message(QUESTION, "m8")
        params = signed(encrypted)
        for value in ("", "0", params[field] + "0"):
            reply = http.post("/chat/wecom", params=params | {field: value}, json={"encrypt": encrypted})
            assert reply.status_code == 403
        other = robot_message(QUESTION, "m9")
        assert http.post("/chat/wecom", params=params, json={"encrypt": other}).status_code == 403

    def test_another_token_or_receiver_is_refused(self, http: httpx.Client) -> None:
        encrypted = robot_message(QUESTION, "m10")
        params = signed(encrypted, token="guess")
        assert http.post("/chat/wecom", params=params, json={"encrypt": encrypted}).status_code == 403
        foreign = CIPHER.encrypt("{}")
        assert http.post("/chat/wecom", params=signed(foreign), json={"encrypt": foreign}).status_code == 403

    @pytest.mark.parametrize("body", ["", "{", "[]", "{}", '{"encrypt": 1}', "<xml></xml>", "\x00"])
    def test_a_body_without_a_message_is_refused(self, http: httpx.Client, body: str) -> None:
        assert http.post("/chat/wecom", params=signed(""), content=body).status_code == 400

    def test_the_address_is_confirmed(self, http: httpx.Client) -> None:
        echo = ROBOT.encrypt("1234567890")
        reply = http.get("/chat/wecom", params=signed(echo) | {"echostr": echo})
        assert (reply.status_code, reply.text) == (200, "1234567890")
        assert http.get("/chat/wecom").status_code == 403


class TestWecomApplication:
    def send(self, application: Server, message: str) -> str:
        encrypted = CIPHER.encrypt(message)
        body = f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
        with application.client() as client:
            reply = client.post("/chat/wecom", params=signed(encrypted), content=body)
        assert reply.status_code == 200, reply.text
        if not reply.text:
            return ""
        found = dict(re.findall(r"<(\w+)>(?:<!\[CDATA\[)?([^<\]]+)", reply.text))
        wanted = wecom_signature(TOKEN, found["TimeStamp"], found["Nonce"], found["Encrypt"])
        assert found["MsgSignature"] == wanted
        return CIPHER.decrypt(found["Encrypt"])

    def message(self, words: str, number: int, kind: str = "text") -> str:
        return (
            f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><FromUserName><![CDATA[zhang]]></FromUserName>"
            f"<CreateTime>1</CreateTime><MsgType><![CDATA[{kind}]]></MsgType><Content><![CDATA[{words}]]></Content>"
            f"<MsgId>{number}</MsgId><AgentID>1</AgentID></xml>"
        )

    def test_a_question_is_answered_with_linked_text(self, application: Server) -> None:
        said = self.send(application, self.message(QUESTION, 1))
        assert "<ToUserName>zhang</ToUserName>" in said
        assert "<MsgType>text</MsgType>" in said
        assert "志愿服务118次" in said
        assert '&lt;a href="http://fawen.court/reports/' in said
        content = said.split("<Content>")[1].split("</Content>")[0]
        assert len(content.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").encode()) <= 2048

    def test_a_long_answer_is_cut_at_a_line(self, application: Server) -> None:
        said = self.send(application, self.message("各院整改措施有多少条", 2))
        assert "余下见链接" in said or "整改措施126项" in said

    def test_events_and_pictures(self, application: Server) -> None:
        assert self.send(application, self.message("", 3, kind="event")) == ""
        assert "请直接输入文字问题" in self.send(application, self.message("", 4, kind="image"))

    def test_xml_that_declares_entities_is_refused(self, application: Server) -> None:
        bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><xml><MsgType>text</MsgType><Content>&a;</Content></xml>'
        for message in (bomb, "<xml><MsgType>", "no xml"):
            encrypted = CIPHER.encrypt(message)
            body = f"<xml><Encrypt>{encrypted}</Encrypt></xml>"
            with application.client() as client:
                assert client.post("/chat/wecom", params=signed(encrypted), content=body).status_code == 400


def sealed(event: dict[str, Any], key: str = ENCRYPT_KEY) -> bytes:
    """Encrypt an event as Feishu does, without our code."""
    plain, iv = json.dumps(event, ensure_ascii=False).encode(), os.urandom(16)
    pad = 16 - len(plain) % 16
    context = Cipher(algorithms.AES(hashlib.sha256(key.encode()).digest()), modes.CBC(iv)).encryptor()
    data = context.update(plain + bytes([pad]) * pad) + context.finalize()
    return json.dumps({"encrypt": base64.b64encode(iv + data).decode()}).encode()


def lark_headers(body: bytes, at: float | None = None, key: str = ENCRYPT_KEY) -> dict[str, str]:
    timestamp = str(int(time.time() if at is None else at))
    return {
        "X-Lark-Request-Timestamp": timestamp,
        "X-Lark-Request-Nonce": "n",
        "X-Lark-Signature": feishu_signature(timestamp, "n", key, body),
    }


def lark_event(words: Any, message: str, user: str = "ou_1", **more: Any) -> dict[str, Any]:
    content = {
        "message_id": message,
        "chat_id": "oc",
        "message_type": "text",
        "content": json.dumps({"text": words}),
    }
    return {
        "schema": "2.0",
        "header": {"event_id": "e", "event_type": "im.message.receive_v1", "token": VERIFICATION},
        "event": {"sender": {"sender_id": {"open_id": user}}, "message": content | more},
    }


def drained(there: Platform) -> None:
    while not there.sent.empty():
        there.sent.get()


class TestFeishu:
    def test_a_question_is_received_at_once_and_answered_by_a_card(
        self, http: httpx.Client, there: Platform
    ) -> None:
        drained(there)
        body = sealed(lark_event(f"@_user_1 {QUESTION}", "om_1"))
        reply = http.post("/chat/feishu", content=body, headers=lark_headers(body))
        assert (reply.status_code, reply.json()) == (200, {})
        path, authorization, sent = there.sent.get(timeout=20)
        assert path == "/open-apis/im/v1/messages/om_1/reply"
        assert authorization == "Bearer t-1"
        assert sent["msg_type"] == "interactive"
        card = json.loads(sent["content"])
        assert card["schema"] == "2.0"
        assert card["header"]["title"]["content"] == QUESTION
        (element,) = card["body"]["elements"]
        assert element["tag"] == "markdown"
        assert "志愿服务118次（涵养文明新风）[【1】](http://fawen.court/reports/" in element["content"]

    def test_a_follow_up_and_one_token_for_all(self, http: httpx.Client, there: Platform) -> None:
        drained(there)
        for words, message in ((QUESTION, "om_2"), ("那一中院呢？", "om_3")):
            body = sealed(lark_event(words, message, user="ou_2"))
            http.post("/chat/feishu", content=body, headers=lark_headers(body))
            _, _, sent = there.sent.get(timeout=20)
        assert "一中院开展志愿服务多少次" in sent["content"]
        assert there.tokens == 1

    def test_a_message_delivered_again_is_answered_once(self, http: httpx.Client, there: Platform) -> None:
        drained(there)
        body = sealed(lark_event(QUESTION, "om_4"))
        for _ in range(3):
            assert http.post("/chat/feishu", content=body, headers=lark_headers(body)).status_code == 200
        there.sent.get(timeout=20)
        with pytest.raises(queue.Empty):
            there.sent.get(timeout=0.5)

    def test_the_address_is_confirmed(self, http: httpx.Client) -> None:
        event = {"type": "url_verification", "challenge": "c-1", "token": VERIFICATION}
        assert http.post("/chat/feishu", content=sealed(event)).json() == {"challenge": "c-1"}
        wrong = event | {"token": "guess"}
        assert http.post("/chat/feishu", content=sealed(wrong)).status_code == 403

    def test_what_is_not_feishus_is_refused(self, http: httpx.Client, there: Platform) -> None:
        drained(there)
        event = lark_event(QUESTION, "om_5")
        body = sealed(event)
        plain = json.dumps(event).encode()
        other_key = sealed(event, key="guess")
        other_token = sealed(event | {"header": {**event["header"], "token": "guess"}})
        for content, headers in (
            (body, {}),
            (body, lark_headers(body, key="guess")),
            (body, lark_headers(body, at=time.time() - 301)),
            (body + b" ", lark_headers(body)),
            (plain, lark_headers(plain)),
            (other_key, lark_headers(other_key)),
            (other_token, lark_headers(other_token)),
        ):
            assert http.post("/chat/feishu", content=content, headers=headers).status_code == 403
        for content in (b"", b"[]", b"{"):
            assert (
                http.post("/chat/feishu", content=content, headers=lark_headers(content)).status_code == 400
            )
        assert there.sent.empty()

    @pytest.mark.parametrize("more", [{"message_type": "image"}, {"content": "not json"}, {"content": None}])
    def test_what_is_no_text_gets_help(
        self, http: httpx.Client, there: Platform, more: dict[str, Any]
    ) -> None:
        drained(there)
        body = sealed(lark_event("x", f"om_{more}", **more))
        http.post("/chat/feishu", content=body, headers=lark_headers(body))
        assert "请直接输入文字问题" in there.sent.get(timeout=20)[2]["content"]


def ding(words: Any, message: str, **more: Any) -> dict[str, Any]:
    return {
        "msgtype": "text",
        "text": {"content": words},
        "msgId": message,
        "conversationId": "c",
        "senderStaffId": "s1",
    } | more


def ding_headers(at: float | None = None, secret: str = SECRET) -> dict[str, str]:
    timestamp = str(int((time.time() if at is None else at) * 1000))
    return {"timestamp": timestamp, "sign": dingtalk_sign(timestamp, secret)}


class TestDingTalk:
    def test_a_question_is_answered_in_the_response(self, http: httpx.Client) -> None:
        reply = http.post("/chat/dingtalk", json=ding(f" {QUESTION}", "d1"), headers=ding_headers())
        assert reply.status_code == 200
        card = reply.json()
        assert card["msgtype"] == "markdown"
        assert card["markdown"]["title"] == QUESTION[:20]
        assert "志愿服务118次（涵养文明新风）[【1】](http://fawen.court/reports/" in card["markdown"]["text"]

    def test_dingtalks_own_address_is_answered_to(self, http: httpx.Client, there: Platform) -> None:
        drained(there)
        body = ding(QUESTION, "d2", sessionWebhook=f"{there.url}/robot/sendBySession?session=s")
        reply = http.post("/chat/dingtalk", json=body, headers=ding_headers())
        assert reply.json() == {}
        path, authorization, sent = there.sent.get(timeout=20)
        assert path == "/robot/sendBySession?session=s"
        assert authorization is None
        assert "118次" in sent["markdown"]["text"]

    def test_no_other_address_is_ever_called(self, http: httpx.Client, there: Platform) -> None:
        drained(there)
        host = there.url.removeprefix("http://")
        for number, address in enumerate(
            (
                f"http://evil@{host}/x",
                f"{there.url}.evil/x",
                "http://169.254.169.254/",
                f"//{host}/x",
                7,
                None,
            )
        ):
            body = ding(QUESTION, f"d3-{number}", sessionWebhook=address)
            assert (
                http.post("/chat/dingtalk", json=body, headers=ding_headers()).json()["msgtype"] == "markdown"
            )
        assert there.sent.empty()

    def test_an_address_that_fails_leaves_the_answer_in_the_response(
        self, http: httpx.Client, there: Platform
    ) -> None:
        there.failing = True
        try:
            body = ding(QUESTION, "d4", sessionWebhook=f"{there.url}/x")
            reply = http.post("/chat/dingtalk", json=body, headers=ding_headers())
        finally:
            there.failing = False
        assert "118次" in reply.json()["markdown"]["text"]

    def test_a_message_delivered_again_gets_the_same_answer(self, http: httpx.Client) -> None:
        body = ding(QUESTION, "d5")
        first, again = (
            http.post("/chat/dingtalk", json=body, headers=ding_headers()).content for _ in range(2)
        )
        assert json.loads(first) == json.loads(again)

    def test_what_is_not_dingtalks_is_refused(self, http: httpx.Client) -> None:
        for headers in (
            {},
            ding_headers(secret="guess"),
            ding_headers(at=time.time() - 3601),
            ding_headers(at=time.time() + 3601),
            ding_headers() | {"timestamp": "0"},
            ding_headers() | {"sign": ""},
        ):
            assert http.post("/chat/dingtalk", json=ding(QUESTION, "d6"), headers=headers).status_code == 403

    @pytest.mark.parametrize(
        "body", [ding("x", "d7", msgtype="picture"), ding(7, "d8"), ding("x", "d9", text=[])]
    )
    def test_what_is_no_text_gets_help(self, http: httpx.Client, body: dict[str, Any]) -> None:
        reply = http.post("/chat/dingtalk", json=body, headers=ding_headers())
        assert "请直接输入文字问题" in reply.json()["markdown"]["text"]


def test_adapters_that_are_not_set_up_say_what_to_set(client: httpx.Client) -> None:
    for path, name in (
        ("wecom", "FAWEN_WECOM_TOKEN"),
        ("feishu", "FAWEN_FEISHU_APP_ID"),
        ("dingtalk", "FAWEN_DINGTALK_APP_SECRET"),
    ):
        reply = client.post(f"/chat/{path}", json={"encrypt": "x"})
        assert reply.status_code == 404
        assert name in reply.json()["detail"]


def test_the_webhooks_need_no_key_and_nothing_else_is_opened_by_them(http: httpx.Client) -> None:
    assert http.post("/chat/dingtalk", json={}).status_code == 403
    assert http.get("/chat/../api/reports").status_code == 401
    assert http.get("/chat").status_code == 401


def example(name: str, *words: str) -> list[str]:
    """Run a script of the integrator's guide; return the lines it prints."""
    if shutil.which("openssl") is None or shutil.which("curl") is None:
        pytest.skip("the example needs openssl and curl")
    done = subprocess.run(
        ["bash", ROOT / "docs" / "examples" / name, *words],
        env=environment(NO_PROXY="*"),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.splitlines()


def test_the_guides_example_of_wecom_works(robots: Server) -> None:
    echo, reply = example("wecom.sh", TOKEN, AES_KEY, robots.url)
    assert echo == "4242"
    told = json.loads(reply)
    assert (told["msgtype"], told["stream"]["finish"]) == ("stream", True)
    assert "志愿服务118次" in told["stream"]["content"]


def test_the_guides_example_of_feishu_works(robots: Server, there: Platform) -> None:
    challenge, receipt = example("feishu.sh", ENCRYPT_KEY, VERIFICATION, robots.url)
    assert json.loads(challenge) == {"challenge": "4242"}
    assert json.loads(receipt) == {}
    sent = iter(lambda: there.sent.get(timeout=30), None)
    body = next(body for path, _, body in sent if re.search(r"/om_\d+/reply$", path))
    assert "志愿服务118次" in json.loads(body["content"])["body"]["elements"][0]["content"]
