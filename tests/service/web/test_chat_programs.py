"""Requests in the forms that Open WebUI, Dify, LibreChat, NextChat and Cherry Studio send, and what they send of themselves."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from service.background import question_within

HISTORY = "<chat_history>\nUSER: 三中院整改措施有多少条？\nASSISTANT: 某市中级人民法院：……合计137条。\n</chat_history>"


def task(ask: str, form: str) -> str:
    """Return a prompt in the form of Open WebUI's templates, longer than any question may be."""
    guidelines = "\n".join(f"- Guideline {n}: keep to what was said, and to the point." for n in range(20))
    return f"### Task:\n{ask}\n### Guidelines:\n{guidelines}\n### Output:\nJSON format: {form}\n### Chat History:\n{HISTORY}"


PROMPTS = {
    "title": task(
        "Make a title of a few words, with an emoji, for the chat.", '{ "title": "your title here" }'
    ),
    "tags": task("Make one to three broad tags for the chat.", '{ "tags": ["tag1", "tag2", "tag3"] }'),
    "follow_ups": task("Suggest what may be asked next.", '{ "follow_ups": ["Question 1?", "Question 2?"] }'),
    "queries": task("Decide whether a search is needed.", '{ "queries": ["query1", "query2"] }'),
    "text": task("Go on with the text in <text>.", '{ "text": "<your_completion>" }'),
}


def said(client: httpx.Client, *messages: tuple[str, Any], **more: Any) -> dict[str, Any]:
    body = {
        "model": "fawen",
        "messages": [{"role": role, "content": words} for role, words in messages],
        **more,
    }
    response = client.post("/v1/chat/completions", json=body)
    assert response.status_code == 200, response.text
    reply: dict[str, Any] = response.json()
    return reply


def content(reply: dict[str, Any]) -> str:
    words: str = reply["choices"][0]["message"]["content"]
    return words


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        ("title", "三中院整改措施有多少条"),
        ("tags", ["法院工作报告", "整改措施", "某市中级人民法院"]),
        ("queries", ["三中院整改措施有多少条？"]),
        ("text", ""),
    ],
)
def test_a_program_s_own_prompt_gets_the_json_it_asks_for(
    client: httpx.Client, key: str, wanted: Any
) -> None:
    reply = said(client, ("user", PROMPTS[key]), stream=False, max_completion_tokens=1000)
    assert json.loads(content(reply)) == {key: wanted}
    assert reply["citations"] == []


def test_follow_ups_offered_are_questions_that_are_answered(client: httpx.Client) -> None:
    offered = json.loads(content(said(client, ("user", PROMPTS["follow_ups"]))))["follow_ups"]
    assert len(offered) >= 3
    first = ("user", "三中院整改措施有多少条？"), ("assistant", "……")
    for question in offered:
        reply = said(client, *first, ("user", question))
        assert reply["citations"], question


@pytest.mark.parametrize("key", PROMPTS)
def test_a_streamed_prompt_is_json_too(client: httpx.Client, key: str) -> None:
    body = {"model": "fawen", "stream": True, "messages": [{"role": "user", "content": PROMPTS[key]}]}
    with client.stream("POST", "/v1/chat/completions", json=body) as response:
        events = [json.loads(line[6:]) for line in response.iter_lines() if line.startswith("data: {")]
    pieces = [event["choices"][0]["delta"].get("content", "") for event in events]
    assert key in json.loads("".join(pieces))


@pytest.mark.parametrize(
    "messages",
    [
        [
            ("user", "三中院整改措施有多少条？"),
            ("assistant", "……"),
            ("user", "Provide a concise, 5-word-or-less title for the conversation."),
        ],
        [
            ("user", "三中院整改措施有多少条？"),
            ("assistant", "……"),
            ("user", "用四五个字返回这句话的简要主题，不要解释、不要标点"),
        ],
        [("system", "把会话总结为语言为中文的 10 字内标题，不要标点"), ("user", "三中院整改措施有多少条？")],
    ],
)
def test_a_title_asked_for_in_plain_words_is_a_title(
    client: httpx.Client, messages: list[tuple[str, Any]]
) -> None:
    assert content(said(client, *messages)) == "三中院整改措施有多少条"


def test_an_assistant_s_rules_that_mention_a_title_change_nothing(client: httpx.Client) -> None:
    rules = "你是助手。" + "回答要准确、简短、有依据。" * 40 + "每个会话另有 10 字内标题。"
    assert "合计137条" in content(said(client, ("system", rules), ("user", "三中院整改措施有多少条？")))


def test_no_tool_is_chosen_of_those_offered_in_a_prompt(client: httpx.Client) -> None:
    reply = said(
        client, ("system", "Available Tools: [{}]\n\nReturn JSON."), ("user", "Query: 三中院整改措施")
    )
    assert json.loads(content(reply)) == {"tool_calls": []}


@pytest.mark.parametrize("question", ["各院获得哪些荣誉称号？", "### 各院整改措施有多少条"])
def test_a_question_of_titles_or_with_a_heading_s_mark_is_a_question(
    client: httpx.Client, question: str
) -> None:
    assert said(client, ("user", question))["citations"]


@pytest.mark.parametrize(
    ("wrapped", "question"),
    [
        (
            '### Task:\nUse the context.\n<context>\n<source id="1">文字</source>\n</context>\n\n各院志愿服务多少次',
            "各院志愿服务多少次",
        ),
        ("<context>文字</context>\n<user_query>\n各院志愿服务多少次\n</user_query>", "各院志愿服务多少次"),
        ("各院志愿服务多少次", "各院志愿服务多少次"),
        ("<context>没有问题</context>", "<context>没有问题</context>"),
    ],
)
def test_the_question_is_taken_out_of_a_template(wrapped: str, question: str) -> None:
    assert question_within(wrapped) == question


def test_open_webui_s_request(client: httpx.Client) -> None:
    """With its field order, parts, a developer's message, an earlier picture, tools, and its headers."""
    body = {
        "stream": False,
        "model": "fawen",
        "messages": [
            {"role": "developer", "content": "你是助手"},
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "各院开展志愿服务多少次"},
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
                ],
            },
            {"role": "assistant", "content": None, "tool_calls": [{"id": "c", "type": "function"}]},
            {"role": "tool", "tool_call_id": "c", "content": "{}"},
            {"role": "assistant", "content": "……", "reasoning_content": "……"},
            {"role": "user", "content": [{"type": "text", "text": "那一中院呢？"}]},
        ],
        "tools": [{"type": "function", "function": {"name": "f", "parameters": {}}}],
        "tool_choice": "auto",
        "parallel_tool_calls": True,
        "stream_options": {"include_usage": True},
        "options": {"num_ctx": 2048},
        "chat_id": "x",
        "metadata": {"task": "chat"},
    }
    headers = {
        "X-OpenWebUI-User-Name": "u",
        "X-OpenWebUI-Chat-Id": "x",
        "HTTP-Referer": "https://openwebui.com/",
    }
    response = client.post("/v1/chat/completions", json=body, headers=headers)
    assert response.status_code == 200, response.text
    assert "志愿活动50次" in content(response.json())


def test_dify_s_check_of_a_model_gets_a_short_reply(client: httpx.Client) -> None:
    reply = said(
        client, ("user", "ping"), max_tokens=5, temperature=0.7, top_p=1, user="abc-123", stop=["\n"]
    )
    assert reply["object"] == "chat.completion"
    assert reply["citations"] == []
    assert "every statement cited" in content(reply)


def test_dify_s_stream_ends_with_a_reason(client: httpx.Client) -> None:
    body = {
        "model": "fawen",
        "stream": True,
        "messages": [{"role": "user", "content": "各院志愿服务多少次"}],
        "user": "u",
    }
    with client.stream("POST", "/v1/chat/completions", json=body) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        lines = [line for line in response.iter_lines() if line]
    assert lines[-1] == "data: [DONE]"
    assert json.loads(lines[-2][6:])["choices"][0]["finish_reason"] == "stop"


def test_a_picture_in_the_question_is_refused_with_what_to_do(client: httpx.Client) -> None:
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    body = {
        "model": "fawen",
        "messages": [{"role": "user", "content": [{"type": "text", "text": "看图"}, picture]}],
    }
    response = client.post("/v1/chat/completions", json=body)
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "unsupported_content"
