"""The prompts that chat programs send of themselves: a title, tags, follow-ups, queries, a completion, tools to call.

They are no questions of a user's. Forms: Open WebUI's default templates (“### Task: …”, an answer in JSON), LibreChat's and
NextChat's and Cherry Studio's requests for a title.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.text import has_han
from service.asks import Kind
from service.engine import Engine
from service.questions import Question, parse_question
from service.small_talk import is_small_talk

__all__ = ["background_reply", "question_within"]

LONGEST_TITLE = 20
LONGEST_REQUEST = 400
"""Characters of a system message that asks for a title; longer ones are an assistant's rules that mention one."""
_JSON_KEY = re.compile(r"\{\s*\"(title|tags|follow_ups|queries|text)\"\s*:")
_TASK = re.compile(r"^\s*#{2,4}\s*Task:")
_TITLE = re.compile(
    r"(?:\b(?:concise|short|brief)\b[^.\n]{0,60}\btitle\b[^\n]{0,80}\b(?:conversation|chat|language)\b|5-word-or-less title)"
    r"|(?:字(?:以)?内(?:的)?标题|总结为[^，。\n]{0,20}标题|简要主题[^\n]{0,40}不要)",
    re.IGNORECASE,
)
_TOOLS = re.compile(r"^\s*Available Tools:|choose and return the correct tool", re.IGNORECASE)
_EMOJI = re.compile(r"\bfitting emoji\b", re.IGNORECASE)
_CONTEXT = re.compile(r"<context>.*</context>\s*", re.DOTALL)
_USER_QUERY = re.compile(r"<user_query>\s*(.*?)\s*</user_query>", re.DOTALL)
_HISTORY = re.compile(r"<chat_history>(.*?)</chat_history>", re.DOTALL)
_USER_LINE = re.compile(
    r"^\s*(?:USER|User|user|Human|用户)\s*[:：]\s*(.+?)(?=^\s*(?:USER|User|user|Human|用户|ASSISTANT|Assistant|assistant|AI|助手)\s*[:：]|\Z)",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Talk:
    """What the user asked in the conversation that a prompt is about, and the last of it as read."""

    asked: tuple[str, ...]
    question: Question | None


def question_within(words: str) -> str:
    """Return what the user asks in a prompt that a program has wrapped in context of its own (Open WebUI's template)."""
    if "<context>" not in words:
        return words
    query = _USER_QUERY.search(words)
    rest = query[1] if query else _CONTEXT.sub("", words[words.find("<context>") :])
    return rest.strip() or words


def background_reply(engine: Engine, turns: Sequence[str], system: str) -> str | None:
    """Return the reply to a program's own prompt, None where the last turn is the user's.

    `turns` are the user messages in order; `system` the words of the system message.
    """
    last = turns[-1]
    if _TOOLS.search(system) or _TOOLS.search(last):
        return json.dumps({"tool_calls": []})
    if _EMOJI.search(last) and _TASK.match(last) is None and len(last) > 60:
        return "📄"
    key = _JSON_KEY.search(last) if _TASK.match(last) else None
    if key is not None:
        return json.dumps(_in_json(engine, key[1], _talk(engine, turns)), ensure_ascii=False)
    if _TITLE.search(last) or (len(system) <= LONGEST_REQUEST and _TITLE.search(system)):
        return _title(_talk(engine, turns if _TITLE.search(last) else (*turns, "")))
    return None


def _talk(engine: Engine, turns: Sequence[str]) -> _Talk:
    history = _HISTORY.search(turns[-1])
    told = history[1] if history else turns[-1]
    asked = tuple(found[1].strip() for found in _USER_LINE.finditer(told)) or tuple(turns[:-1])
    asked = tuple(said for turn in asked if (said := turn.strip()) and not is_small_talk(said))
    if not asked:
        return _Talk((), None)
    reports = engine.store.reports()
    courts = list({report.court.key: report.court for report in reports}.values())
    years = {report.year for report in reports if report.year is not None}
    return _Talk(asked, parse_question(asked[-1][:1000], courts, years))


def _in_json(engine: Engine, key: str, talk: _Talk) -> dict[str, str | list[str]]:
    if key == "title":
        return {"title": _title(talk)}
    if key == "text":
        return {"text": ""}
    if key == "queries":
        return {"queries": [talk.asked[-1]] if talk.asked else []}
    return {"tags": _tags(talk)} if key == "tags" else {"follow_ups": _follow_ups(engine, talk)}


def _title(talk: _Talk) -> str:
    """Return the first question, cut to a title's length."""
    if not talk.asked:
        return "法院工作报告"
    words = " ".join(talk.asked[0].split()).strip("？?。.！! ")
    if has_han(words):
        return words if len(words) <= LONGEST_TITLE else f"{words[: LONGEST_TITLE - 1]}…"
    return " ".join(words.split()[:7])


def _thing(talk: _Talk) -> str:
    if talk.question is None:
        return ""
    return next((ask.objects[0] for ask in talk.question.asks if ask.objects and len(ask.objects[0]) > 1), "")


def _tags(talk: _Talk) -> list[str]:
    if talk.question is None:
        return ["General"]
    courts = [court.name for court in talk.question.courts][:2]
    return [tag for tag in ("法院工作报告", _thing(talk), *courts) if tag]


def _follow_ups(engine: Engine, talk: _Talk) -> list[str]:
    """Return questions that can be answered here: the same of all courts, who has most, the same of another court."""
    thing, question = _thing(talk), talk.question
    if question is not None and not question.chinese:
        named = {court.key for court in question.courts}
        other = "What about each court?" if named else "Which court has the most?"
        return [other, "Where does it say that?", "What else?"]
    if question is None or not thing:
        return ["各院整改措施有多少条？", "各院有哪些不足？", "各院党组会议开了多少次？"]
    courts = {report.court.key: report.court for report in engine.store.reports()}
    named = {court.key for court in question.courts}
    another = next((court.name for key, court in courts.items() if key not in named), "")
    offered = [
        f"各院{thing}有多少？" if named and len(courts) > 1 else "",
        f"哪个法院的{thing}最多？" if question.kind is not Kind.COMPARE and len(courts) > 1 else "",
        f"{another}的{thing}有多少？" if named and another else "",
        "出处在哪里？",
        "第一条详细说说",
    ]
    return [words for words in offered if words][:4]
