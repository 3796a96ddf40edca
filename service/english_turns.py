"""Follow-ups in English: “what about the second court?” put into the question before it."""

from __future__ import annotations

import re

__all__ = ["is_follow_up", "resolved"]

_LEAD = re.compile(
    r"^(?:(?:ok(?:ay)?|and|so|then|also|now)[,\s]+)*(?:what about|how about|and|same for)\b[\s,]*|^(?:and|then)\b[\s,]*",
    re.IGNORECASE,
)
_COURT = re.compile(
    r"\b(?:the\s+)?(?:no\.?\s*\d|first|second|third|fourth|fifth|sixth|1st|2nd|3rd|4th|5th)\s+(?:intermediate\s+)?(?:people'?s\s+)?court\b",
    re.IGNORECASE,
)
_EACH = re.compile(r"\b(?:each|every|which|all(?:\s+the)?)\s+courts?\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:(?:in|for|of)\s+)?((?:19|20)\d\d)\b", re.IGNORECASE)
_COUNTED = re.compile(
    r"\b(how many|how much)\s+(.+?)(?=\s+(?:did|does|do|were|was|are|is|has|have|had|in|at|by|of)\b|\s*\?|$)",
    re.IGNORECASE,
)
_MOST = re.compile(
    r"\b(?:the\s+)?(?:most|fewest|least)\s+(.+?)(?=\s+(?:in|at|of|by)\b|\s*\?|$)", re.IGNORECASE
)
_ASKS = re.compile(
    r"\b(?:how|what|which|who|why|when|where|list|did|does|do|is|are|was|were)\b", re.IGNORECASE
)


def is_follow_up(turn: str) -> bool:
    """Tell whether an English turn leans on the one before."""
    return _LEAD.match(turn.strip()) is not None or len(_rest(turn)) < 3


def _rest(turn: str) -> str:
    """Return what a turn asks for apart from court and year."""
    words = _LEAD.sub("", turn.strip())
    words = _EACH.sub(" ", _YEAR.sub(" ", _COURT.sub(" ", words)))
    return " ".join(re.sub(r"[?.!,]|\b(?:the|in|for|of|at|by)\b(?=\s*(?:[?.!,]|$))", " ", words).split())


def resolved(before: str, turn: str) -> str:
    """Return a turn as a question that stands by itself, from the question before it."""
    if not is_follow_up(turn):
        return turn
    words = _LEAD.sub("", turn.strip())
    rest = _rest(turn)
    if _ASKS.search(rest):
        return turn
    court = _COURT.search(words) or _EACH.search(words)
    year = _YEAR.search(words)
    whole = before.strip()
    if court:
        whole = _of_court(whole, court[0])
    if year:
        whole = _in_year(whole, year[1])
    if rest:
        whole = _of_thing(whole, rest)
    return whole


def _of_court(question: str, court: str) -> str:
    most = _MOST.search(question)
    if most and _EACH.search(question) and _COURT.fullmatch(court):
        return f"How many {most[1]} at {court}?"
    for phrase in (_COURT, _EACH):
        if phrase.search(question):
            return phrase.sub(court, question, count=1)
    return _with_end(question, f"at {court}")


def _in_year(question: str, year: str) -> str:
    found = _YEAR.search(question)
    if found:
        return question[: found.start(1)] + year + question[found.end(1) :]
    return _with_end(question, f"in {year}")


def _of_thing(question: str, thing: str) -> str:
    for phrase, group in ((_COUNTED, 2), (_MOST, 1)):
        found = phrase.search(question)
        if found:
            return question[: found.start(group)] + thing + question[found.end(group) :]
    return thing


def _with_end(question: str, words: str) -> str:
    return f"{question.rstrip('?. ')} {words}?"
