"""Follow-ups in English: “what about the second court?” put into the question before it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.records import Court
from service.english_courts import courts_by_place, mentions_in_english

__all__ = ["is_follow_up", "resolved", "with_end"]

_LEAD = re.compile(
    r"^(?:(?:ok(?:ay)?|and|so|then|also|now)[,\s]+)*(?:what about|how about|and|same for)\b[\s,]*|^(?:and|then)\b[\s,]*",
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


def is_follow_up(turn: str, courts: Sequence[Court]) -> bool:
    """Tell whether an English turn leans on the one before."""
    return _LEAD.match(turn.strip()) is not None or len(_rest(turn, courts)) < 3


def _court(text: str, courts: Sequence[Court]) -> tuple[int, int] | None:
    """Return where a text names a court, “the” before it included."""
    for mention in mentions_in_english(text, courts):
        the = re.search(r"\bthe\s+$", text[: mention.start], re.IGNORECASE)
        return (the.start() if the else mention.start), mention.end
    for words, _ in courts_by_place(text, courts):
        return text.find(words), text.find(words) + len(words)
    return None


def _rest(turn: str, courts: Sequence[Court]) -> str:
    """Return what a turn asks for apart from court and year."""
    words = _LEAD.sub("", turn.strip())
    if (named := _court(words, courts)) is not None:
        words = f"{words[: named[0]]} {words[named[1] :]}"
    words = _EACH.sub(" ", _YEAR.sub(" ", words))
    return " ".join(re.sub(r"[?.!,]|\b(?:the|in|for|of|at|by)\b(?=\s*(?:[?.!,]|$))", " ", words).split())


def resolved(before: str, turn: str, courts: Sequence[Court]) -> str:
    """Return a turn as a question that stands by itself, from the question before it."""
    if not is_follow_up(turn, courts):
        return turn
    words = _LEAD.sub("", turn.strip())
    rest = _rest(turn, courts)
    if _ASKS.search(rest):
        return turn
    named, each, year = _court(words, courts), _EACH.search(words), _YEAR.search(words)
    whole = before.strip()
    if each:
        whole = _of_court(whole, each[0], courts, one=False)
    elif named:
        whole = _of_court(whole, words[slice(*named)], courts, one=True)
    if year:
        whole = _in_year(whole, year[1])
    if rest:
        whole = _of_thing(whole, rest)
    return whole


def _of_court(question: str, court: str, courts: Sequence[Court], *, one: bool) -> str:
    most = _MOST.search(question)
    each = _EACH.search(question)
    if most and each and one:
        return f"How many {most[1]} at {court}?"
    place = _court(question, courts) or (each.span() if each else None)
    if place is not None:
        return f"{question[: place[0]]}{court}{question[place[1] :]}"
    return with_end(question, f"at {court}")


def _in_year(question: str, year: str) -> str:
    found = _YEAR.search(question)
    if found:
        return question[: found.start(1)] + year + question[found.end(1) :]
    return with_end(question, f"in {year}")


def _of_thing(question: str, thing: str) -> str:
    for phrase, group in ((_COUNTED, 2), (_MOST, 1)):
        found = phrase.search(question)
        if found:
            return question[: found.start(group)] + thing + question[found.end(group) :]
    return thing


def with_end(question: str, words: str) -> str:
    """Return a question with words put at its end."""
    return f"{question.rstrip('?. ')} {words}?"
