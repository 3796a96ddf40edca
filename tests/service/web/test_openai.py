"""OpenAI's API, called by OpenAI's own client."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import openai
import pytest

from models import Encoder
from tests.servers import Server, running

KEY = "openai-key"
ASKED: list[Any] = [{"role": "user", "content": "各院开展志愿服务多少次"}]
FOLLOWED: list[Any] = [
    {"role": "system", "content": "你是助手，忽略引注。"},
    *ASKED,
    {"role": "assistant", "content": "……"},
    {"role": "user", "content": "那一中院呢？"},
]
IGNORED: dict[str, Any] = {
    "temperature": 0.2,
    "top_p": 0.5,
    "max_tokens": 5,
    "max_completion_tokens": 5,
    "n": 1,
    "seed": 7,
    "stop": ["。"],
    "presence_penalty": 1,
    "logprobs": True,
    "user": "u",
    "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}],
    "tool_choice": "auto",
    "response_format": {"type": "json_object"},
    "reasoning_effort": "low",
    "metadata": {"a": "b"},
}


@pytest.fixture(scope="module")
def keyed(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    settings = {
        "FAWEN_API_KEY": KEY,
        "FAWEN_KNOWLEDGE": json.dumps({"二中院/2023": {"court": ["二中院"], "year": [2023]}}),
        "FAWEN_PUBLIC_URL": "http://fawen.court",
    }
    with running(sample_index, tmp_path_factory.mktemp("openai") / "log", **settings) as started:
        yield started


@pytest.fixture(scope="module")
def ai(keyed: Server) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{keyed.url}/v1", api_key=KEY, max_retries=0) as client:
        yield client


def test_models_are_the_index_and_each_knowledge_set(ai: openai.OpenAI) -> None:
    assert [model.id for model in ai.models.list()] == ["fawen", "二中院/2023"]
    assert ai.models.retrieve("二中院/2023").owned_by == "fawen"
    with pytest.raises(openai.NotFoundError) as refused:
        ai.models.retrieve("gpt-4o")
    assert refused.value.code == "model_not_found"


def test_an_answer_links_every_citation_to_the_report(ai: openai.OpenAI) -> None:
    reply = ai.chat.completions.create(model="fawen", messages=ASKED)
    (choice,) = reply.choices
    content = choice.message.content or ""
    citations: list[dict[str, Any]] = reply.citations  # type: ignore[attr-defined]
    assert choice.finish_reason == "stop"
    assert "志愿服务118次" in content
    assert [citation["number"] for citation in citations] == list(range(1, len(citations) + 1))
    for citation in citations:
        assert citation["url"].startswith("http://fawen.court/reports/")
        assert f"[\\[{citation['number']}\\]]({citation['url']})" in content
    notes = choice.message.annotations or []
    assert {note.url_citation.url for note in notes} == {citation["url"] for citation in citations}
    for note in notes:
        linked = content[note.url_citation.start_index : note.url_citation.end_index]
        assert linked.endswith(f"({note.url_citation.url})")
    assert reply.usage is not None
    assert reply.usage.completion_tokens == len(content)
    assert reply.fawen == {  # type: ignore[attr-defined]
        "question": "各院开展志愿服务多少次",
        "kind": "count",
        "abstained": False,
        "generated": False,
    }


def test_a_follow_up_keeps_the_thing_and_changes_the_court(ai: openai.OpenAI) -> None:
    reply = ai.chat.completions.create(model="fawen", messages=FOLLOWED)
    content = reply.choices[0].message.content or ""
    assert content.startswith("按“一中院开展志愿服务多少次？”回答：")
    assert "50次" in content
    assert "118次" not in content


def test_content_in_parts_and_fields_of_other_models_are_tolerated(ai: openai.OpenAI) -> None:
    parts: list[Any] = [{"role": "user", "content": [{"type": "text", "text": ASKED[0]["content"]}]}]
    plain = ai.chat.completions.create(model="fawen", messages=ASKED).choices[0].message.content
    reply = ai.chat.completions.create(model="fawen", messages=parts, **IGNORED)
    assert reply.choices[0].message.content == plain
    assert reply.choices[0].message.tool_calls is None


def test_roles_of_other_clients_are_tolerated(ai: openai.OpenAI) -> None:
    messages: list[Any] = [
        {"role": "developer", "content": "x"},
        {"role": "user", "content": "各院开展志愿服务多少次"},
        {"role": "assistant", "content": None, "tool_calls": []},
        {"role": "tool", "tool_call_id": "1", "content": "工具结果"},
        {"role": "user", "name": "u", "content": "那三中院呢"},
        {"role": "assistant", "content": "先"},
    ]
    reply = ai.chat.completions.create(model="fawen", messages=messages)
    assert "118次" in (reply.choices[0].message.content or "")


def test_a_stream_says_the_same_and_ends_with_citations_and_usage(ai: openai.OpenAI) -> None:
    whole = ai.chat.completions.create(model="fawen", messages=FOLLOWED)
    options: Any = {"include_usage": True}
    chunks = list(
        ai.chat.completions.create(model="fawen", messages=FOLLOWED, stream=True, stream_options=options)
    )
    *told, usage = chunks
    assert len({chunk.id for chunk in chunks}) == 1
    assert told[0].choices[0].delta.role == "assistant"
    text = "".join(chunk.choices[0].delta.content or "" for chunk in told)
    assert text == whole.choices[0].message.content
    assert [chunk.choices[0].finish_reason for chunk in told] == [None] * (len(told) - 1) + ["stop"]
    assert told[-1].citations == whole.citations  # type: ignore[attr-defined]
    assert usage.choices == []
    assert usage.usage == whole.usage
    assert len(told) > 5


def test_a_stream_is_server_sent_events_to_the_end(keyed: Server) -> None:
    body = {"model": "fawen", "messages": ASKED, "stream": True}
    headers = {"Authorization": f"Bearer {KEY}"}
    with (
        keyed.client(headers=headers) as client,
        client.stream("POST", "/v1/chat/completions", json=body) as reply,
    ):
        assert reply.headers["content-type"].startswith("text/event-stream")
        lines = [line for line in reply.iter_lines() if line]
    assert all(line.startswith("data: ") for line in lines)
    assert lines[-1] == "data: [DONE]"
    chunks = [json.loads(line.removeprefix("data: ")) for line in lines[:-1]]
    assert all("usage" not in chunk for chunk in chunks)
    assert all(chunk["object"] == "chat.completion.chunk" for chunk in chunks)


def test_the_asynchronous_client_streams_too(keyed: Server) -> None:
    assert "118次" in asyncio.run(streamed(keyed))


async def streamed(keyed: Server) -> str:
    async with openai.AsyncOpenAI(base_url=f"{keyed.url}/v1", api_key=KEY, max_retries=0) as client:
        stream = await client.chat.completions.create(model="fawen", messages=ASKED, stream=True)
        return "".join([chunk.choices[0].delta.content or "" async for chunk in stream])


def test_a_knowledge_set_is_a_model(ai: openai.OpenAI) -> None:
    reply = ai.chat.completions.create(model="二中院/2023", messages=ASKED)
    assert reply.model == "二中院/2023"
    assert reply.fawen["abstained"] is True  # type: ignore[attr-defined]
    assert "118次" not in (reply.choices[0].message.content or "")


def test_a_refusal_is_an_answer(ai: openai.OpenAI) -> None:
    messages: list[Any] = [{"role": "user", "content": "海港区法院整改措施有多少条"}]
    reply = ai.chat.completions.create(model="fawen", messages=messages)
    assert reply.fawen["abstained"] is True  # type: ignore[attr-defined]
    assert "没有海港区法院的报告" in (reply.choices[0].message.content or "")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"model": "fawen"}, "messages"),
        ({"messages": ASKED}, "model"),
        ({"model": "fawen", "messages": []}, "messages"),
        ({"model": "fawen", "messages": "hello"}, "messages"),
        ({"model": "fawen", "messages": [{"role": "system", "content": "x"}]}, "messages"),
        ({"model": "fawen", "messages": [{"role": "user", "content": " "}]}, "messages"),
        ({"model": "fawen", "messages": [{"role": "user", "content": None}]}, "messages"),
        ({"model": "fawen", "messages": [{"role": "user", "content": "长" * 1001}]}, "messages"),
        ({"model": "fawen", "messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, "messages"),
    ],
)
def test_a_bad_request_is_told_in_openais_form(ai: openai.OpenAI, body: dict[str, Any], field: str) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        ai.post("/chat/completions", body=body, cast_to=httpx.Response)
    error = refused.value
    assert error.param == field
    assert error.type == "invalid_request_error"
    assert isinstance(error.body, dict)
    assert error.body["message"]


def test_a_wrong_key_a_missing_path_and_no_json_are_told_in_openais_form(
    ai: openai.OpenAI, keyed: Server
) -> None:
    with pytest.raises(openai.AuthenticationError) as refused:
        ai.with_options(api_key="wrong").models.list()
    assert refused.value.code == "invalid_api_key"
    with pytest.raises(openai.NotFoundError):
        ai.post("/completions", body={}, cast_to=httpx.Response)
    with keyed.client(headers={"Authorization": f"Bearer {KEY}"}) as client:
        for reply in (
            client.post("/v1/chat/completions", content="{", headers={"content-type": "application/json"}),
            client.post("/v1/chat/completions", content="x" * 1_100_000),
            client.get("/v1/chat/completions"),
        ):
            assert reply.status_code in (400, 405, 413)
            assert set(reply.json()["error"]) == {"message", "type", "param", "code"}


def test_embeddings_are_those_of_the_loaded_encoder(ai: openai.OpenAI, builtin_encoder: Encoder) -> None:
    texts = ["整改措施", "志愿服务"]
    for model in ("fawen", "builtin"):
        reply = ai.embeddings.create(model=model, input=texts)
        assert [item.index for item in reply.data] == [0, 1]
        np.testing.assert_array_equal(
            np.array([item.embedding for item in reply.data], dtype=np.float32),
            builtin_encoder.encode_passages(texts),
        )
    plain = ai.embeddings.create(model="fawen", input="整改措施", encoding_format="float")
    assert np.allclose(plain.data[0].embedding, builtin_encoder.encode_passages(["整改措施"])[0])
    asked = ai.embeddings.create(model="fawen", input="整改措施", extra_body={"input_type": "query"})
    assert np.allclose(asked.data[0].embedding, builtin_encoder.encode_queries(["整改措施"])[0])


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"input": []}, "input"),
        ({"input": ""}, "input"),
        ({"input": ["整改", " "]}, "input"),
        ({"input": [1, 2, 3]}, "input"),
        ({"input": [[1, 2, 3]]}, "input"),
        ({"input": "整改", "dimensions": 7}, "dimensions"),
    ],
)
def test_what_cannot_be_encoded_is_refused(ai: openai.OpenAI, more: dict[str, Any], field: str) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        ai.embeddings.create(model="fawen", **more)
    assert refused.value.param == field
    with pytest.raises(openai.NotFoundError):
        ai.embeddings.create(model="text-embedding-3-small", input="x")


def _rerank(ai: openai.OpenAI, **body: Any) -> dict[str, Any]:
    reply: dict[str, Any] = ai.post("/rerank", body=body, cast_to=httpx.Response).json()
    return reply


def test_rerank_orders_documents_by_the_loaded_encoder(ai: openai.OpenAI, builtin_encoder: Encoder) -> None:
    documents = ["开展志愿服务五十次", {"text": "制定整改措施五十九条"}, "今天天气晴朗"]
    reply = _rerank(ai, query="整改措施有多少条", documents=documents, model="fawen", return_documents=True)
    texts = ["开展志愿服务五十次", "制定整改措施五十九条", "今天天气晴朗"]
    cosines = builtin_encoder.encode_passages(texts) @ builtin_encoder.encode_queries(["整改措施有多少条"])[0]
    assert [result["index"] for result in reply["results"]] == sorted(
        range(3), key=lambda index: -max(0.0, cosines[index])
    )
    assert reply["results"][0]["document"] == {"text": texts[reply["results"][0]["index"]]}
    assert reply["results"][0]["relevance_score"] == pytest.approx(float(cosines.max()), abs=1e-5)
    assert len(_rerank(ai, query="整改", documents=documents, top_n=2)["results"]) == 2


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"query": " ", "documents": ["x"]}, "query"),
        ({"query": "x", "documents": []}, "documents"),
        ({"query": "x", "documents": ["y", ""]}, "documents"),
        ({"query": "x", "documents": ["y"], "top_n": 0}, "top_n"),
    ],
)
def test_what_cannot_be_reranked_is_refused(ai: openai.OpenAI, body: dict[str, Any], field: str) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        _rerank(ai, **body)
    assert field in str(refused.value.param)
    with pytest.raises(openai.NotFoundError):
        _rerank(ai, query="x", documents=["y"], model="other")
