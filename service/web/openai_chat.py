"""OpenAI chat completions out of answered turns: whole, or as server-sent events."""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

from indexer.citations import Citation
from service.chat import Turn
from service.markdown import Rendered, place, rendered
from service.web.openai_schemas import ChatRequest
from service.web.schemas import Citation as CitationSchema

__all__ = ["Completion", "events", "whole"]

_PIECE = re.compile(r"\[\\\[\d+\\\]\]\([^)]*\)|[^\[]{1,24}|\[")


@dataclass(frozen=True, slots=True)
class Completion:
    """What a completion is made of: the turn, the words it is given in, and who asked for what."""

    asked: ChatRequest
    turn: Turn
    fingerprint: str
    base: str

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Return what the turn's answer cites."""
        return self.turn.answer.citations if self.turn.answer else ()

    def words(self, text: str) -> Rendered:
        """Return a text of the turn as Markdown, under the line that says how the question was understood."""
        if self.turn.literal:
            return Rendered(text, ())
        preface = f"{self.turn.preface}\n" if self.turn.preface else ""
        return rendered(preface + text, self.citations, self.base, chinese=self.turn.chinese)


def _identity(made: Completion, kind: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{uuid.uuid4().hex}",
        "object": kind,
        "created": int(time.time()),
        "model": made.asked.model,
        "system_fingerprint": made.fingerprint,
    }


def _usage(made: Completion, text: str) -> dict[str, int]:
    """Count characters: there is no model whose tokens could be counted."""
    prompt = sum(len(message.words) for message in made.asked.messages)
    return {"prompt_tokens": prompt, "completion_tokens": len(text), "total_tokens": prompt + len(text)}


def _annotations(made: Completion, words: Rendered) -> list[dict[str, Any]]:
    return [
        {
            "type": "url_citation",
            "url_citation": {
                "start_index": link.start,
                "end_index": link.end,
                "title": place(link.citation, chinese=made.turn.chinese),
                "url": made.base + link.citation.url,
            },
        }
        for link in words.links
    ]


def _particulars(made: Completion, generated: bool) -> dict[str, Any]:
    """Return what OpenAI has no field for: the citations and how the question was understood."""
    answer = made.turn.answer
    cited = [CitationSchema.of(citation).model_dump(mode="json") for citation in made.citations]
    return {
        "citations": [
            {"number": number, **citation, "url": made.base + citation["url"]}
            for number, citation in enumerate(cited, 1)
        ],
        "fawen": {
            "question": made.turn.question,
            "kind": answer.kind if answer else "none",
            "abstained": answer.abstained if answer else False,
            "generated": generated,
        },
    }


def whole(made: Completion, text: str, generated: bool) -> dict[str, Any]:
    """Return a completion that is not streamed."""
    words = made.words(text)
    message = {
        "role": "assistant",
        "content": words.text,
        "refusal": None,
        "annotations": _annotations(made, words),
    }
    return {
        **_identity(made, "chat.completion"),
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}],
        "usage": _usage(made, words.text),
        **_particulars(made, generated),
    }


async def events(made: Completion, words_of: Callable[[], Awaitable[tuple[str, bool]]]) -> AsyncIterator[str]:
    """Yield a completion's chunks; the first comes before the words are there, to show that an answer begins."""
    identity = _identity(made, "chat.completion.chunk")
    with_usage = made.asked.include_usage

    def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        usage = {"usage": None} if with_usage else {}
        return _event({**identity, "choices": [choice], **usage, **more})

    yield chunk({"role": "assistant", "content": ""})
    text, generated = await words_of()
    words = made.words(text)
    for piece in _pieces(words.text):
        yield chunk({"content": piece})
    yield chunk({}, "stop", **_particulars(made, generated))
    if with_usage:
        yield _event({**identity, "choices": [], "usage": _usage(made, words.text)})
    yield "data: [DONE]\n\n"


def _pieces(text: str) -> Iterator[str]:
    """Cut a text into short pieces, links whole."""
    return (match[0] for match in _PIECE.finditer(text))


def _event(body: dict[str, Any]) -> str:
    return f"data: {json.dumps(body, ensure_ascii=False)}\n\n"
