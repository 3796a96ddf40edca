"""The words an answer is given in: a language model's where one is configured and passes the check, else plain."""

from __future__ import annotations

import asyncio

from fastapi import Request

from service.answers import Answer
from service.engine import Engine
from service.llm import Wordsmith
from service.worded import worded

__all__ = ["while_connected", "words_of"]

LOOKS_A_SECOND = 10


async def words_of(request: Request, answer: Answer) -> tuple[str, bool]:
    """Return an answer's words, and whether a language model wrote them."""
    wordsmith: Wordsmith | None = request.app.state.wordsmith
    if wordsmith is None:
        return answer.text, False
    engine: Engine = request.app.state.engine
    courts = {report.court.key: report.court for report in engine.store.reports()}
    text = await worded(wordsmith, answer, courts.values())
    return (answer.text, False) if text is None else (text, True)


async def while_connected(request: Request, answer: Answer) -> tuple[str, bool]:
    """Do the same, and stop asking the model when the client has gone."""
    if request.app.state.wordsmith is None:
        return answer.text, False
    asking = asyncio.ensure_future(words_of(request, answer))
    while not asking.done():
        await asyncio.wait({asking}, timeout=1 / LOOKS_A_SECOND)
        if not asking.done() and await request.is_disconnected():
            asking.cancel()
            return answer.text, False
    return asking.result()
