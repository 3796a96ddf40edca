"""Worded answers as clients get them: from the API and the chat, streamed and not, and when the client leaves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

from tests.llm_server import LlmServer, llm_server
from tests.servers import Server, running

QUESTION = "各院开展志愿服务多少次"
ASKED: list[Any] = [{"role": "user", "content": QUESTION}]
WORDED = "某市中级人民法院：全年共组织志愿服务118次[1]。"


@contextmanager
def fawen_with(index: Path, folder: Path, model: str, **more: str) -> Iterator[tuple[LlmServer, Server]]:
    """Run a language model's server and a server that asks it."""
    with llm_server() as llm:
        settings = {"FAWEN_LLM_URL": llm.url, "FAWEN_LLM_MODEL": model, "FAWEN_LLM_KEY": "llm-key", **more}
        with running(index, folder / "log", **settings) as started:
            yield llm, started


@pytest.fixture(scope="module")
def good(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LlmServer, Server]]:
    with fawen_with(sample_index, tmp_path_factory.mktemp("good"), "good") as both:
        yield both


def test_the_api_gives_the_models_words_and_says_so(good: tuple[LlmServer, Server]) -> None:
    llm, server = good
    with server.client() as client:
        reply = client.post("/api/answer", json={"question": QUESTION}).json()
        assert reply["generated"] is True
        assert reply["text"].startswith(WORDED)
        assert "未载明：某市第二中级人民法院" in reply["text"]
        refused = client.post("/api/answer", json={"question": "海港区法院整改措施有多少条"}).json()
        assert refused["generated"] is False
    assert llm.keys[-1] == "Bearer llm-key"


def test_the_chat_gives_the_models_words_with_links(good: tuple[LlmServer, Server]) -> None:
    with openai.OpenAI(base_url=f"{good[1].url}/v1", api_key="x", max_retries=0) as ai:
        whole = ai.chat.completions.create(model="fawen", messages=ASKED)
        stream = ai.chat.completions.create(model="fawen", messages=ASKED, stream=True)
        text = "".join(chunk.choices[0].delta.content or "" for chunk in stream)
    assert whole.fawen["generated"] is True  # type: ignore[attr-defined]
    assert text == whole.choices[0].message.content
    assert "志愿服务118次[\\[1\\]](" in text


@pytest.mark.parametrize("model", ["lying", "injected", "slow", "endless", "broken"])
def test_whatever_the_model_does_the_answer_holds(sample_index: Path, tmp_path: Path, model: str) -> None:
    settings = {"FAWEN_LLM_SECONDS": "0.5"} if model in ("slow", "endless") else {}
    with fawen_with(sample_index, tmp_path, model, **settings) as (_, server), server.client() as client:
        reply = client.post("/api/answer", json={"question": QUESTION}).json()
        body = {"model": "fawen", "messages": ASKED, "stream": True}
        streamed = client.post("/v1/chat/completions", json=body).text
    assert reply["generated"] is False
    assert "志愿服务118次（涵养文明新风）[1]" in reply["text"]
    assert "123456" not in reply["text"] + streamed
    assert "evil.example" not in streamed
    assert streamed.endswith("data: [DONE]\n\n")
    assert "118次" in streamed


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/answer", {"question": QUESTION}),
        ("/v1/chat/completions", {"model": "fawen", "messages": ASKED}),
        ("/v1/chat/completions", {"model": "fawen", "messages": ASKED, "stream": True}),
    ],
)
def test_the_model_is_left_when_the_client_leaves(
    sample_index: Path, tmp_path: Path, path: str, body: dict[str, Any]
) -> None:
    with fawen_with(sample_index, tmp_path, "slow", FAWEN_LLM_SECONDS="60") as (llm, server):
        with httpx.Client(base_url=server.url, trust_env=False) as client:
            if body.get("stream"):
                with client.stream("POST", path, json=body, timeout=60) as reply:
                    lines = reply.iter_lines()
                    assert "assistant" in next(lines)
                    assert llm.arrived.acquire(timeout=20)
            else:
                with pytest.raises(httpx.ReadTimeout):
                    client.post(path, json=body, timeout=1.0)
                assert llm.arrived.acquire(timeout=20)
        assert llm.left.acquire(timeout=20)
        with server.client() as client:
            assert client.get("/readyz").status_code == 200


def test_others_are_answered_while_the_model_is_slow(sample_index: Path, tmp_path: Path) -> None:
    with fawen_with(sample_index, tmp_path, "slow", FAWEN_LLM_SECONDS="60") as (llm, server):
        body = {"model": "fawen", "messages": ASKED, "stream": True}
        with server.client() as slow, slow.stream("POST", "/v1/chat/completions", json=body):
            assert llm.arrived.acquire(timeout=20)
            with server.client() as client:
                assert client.get("/api/search", params={"q": "整改"}).json()["hits"]
                assert client.get("/api/facts").json()["total"] > 0


def test_the_settings_show_no_key_of_the_model(sample_index: Path) -> None:
    from tests.servers import fawen

    shown = fawen(
        "serve", "--show-settings", FAWEN_LLM_URL="http://llm:1/v1", FAWEN_LLM_KEY="tell-nobody"
    ).stdout
    assert "FAWEN_LLM_URL=http://llm:1/v1" in shown
    assert "tell-nobody" not in shown
