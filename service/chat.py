"""A turn of a conversation answered: the question made whole, its cited answer, and what to say to a greeting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.text import has_han
from service.answers import Answer
from service.conversation import Understood, understood
from service.engine import Engine
from service.followups import About, about_answer, nothing_before, reply_about
from service.search import Filters, reports_matching
from service.small_talk import is_small_talk, small_talk_reply

__all__ = ["Turn", "answer_turn"]


@dataclass(frozen=True, slots=True)
class Turn:
    """An answered turn. `text` carries [n] for citation n; `question` is what was understood; no answer to a greeting.

    `literal`: the text is for a program (JSON, a title), and must not be marked up.
    """

    question: str
    answer: Answer | None
    text: str
    preface: str = ""
    literal: bool = False

    @property
    def chinese(self) -> bool:
        """Tell whether the turn is answered in Chinese."""
        return has_han(self.question) or not any(char.isalpha() for char in self.question)


def answer_turn(engine: Engine, turns: Sequence[str], filters: Filters) -> Turn:
    """Answer the last of a user's turns, reading it as a follow-up of those before.

    Raises UnknownCourtError for a court filter that fits no report.
    """
    reports = engine.store.reports()
    within = reports_matching(reports, filters) if filters else reports
    courts = list({report.court.key: report.court for report in within}.values())
    last = turns[-1].strip()
    if is_small_talk(last):
        return Turn(last, None, small_talk_reply(last, courts))
    everywhere = {report.court.key: report.court for report in reports}
    years = {report.year for report in reports if report.year is not None}
    earlier = [turn for turn in turns[:-1] if about_answer(turn) is None and not is_small_talk(turn)]
    wanted = about_answer(last)
    if wanted is not None and not earlier:
        return Turn(last, None, nothing_before(last))
    if wanted is not None:
        whole = understood(earlier, everywhere.values(), years)
        answer = engine.answer(whole.question, filters=filters)
        answer = reply_about(engine, answer, wanted, _rounds(turns), filters)
    else:
        whole = understood(turns, everywhere.values(), years)
        answer = engine.answer(whole.question, filters=filters)
    return Turn(whole.question, answer, answer.text, _preface(whole, last, about=wanted is not None))


def _rounds(turns: Sequence[str]) -> int:
    """Return how many turns for more there are in a row at the end."""
    wants = [wanted.what if (wanted := about_answer(turn)) else None for turn in turns]
    return next((place for place, want in enumerate(reversed(wants)) if want is not About.MORE), len(wants))


def _preface(whole: Understood, said: str, *, about: bool) -> str:
    """Say how a turn was understood, and what it took from the turns before, where it was not taken as it stands."""
    if whole.question == said:
        return ""
    chinese = has_han(whole.question)
    if about:
        return f"关于“{whole.question}”：" if chinese else f"On “{whole.question}”:"
    if whole.carried:
        return (
            f"（承上文：{whole.carried}；要问全部法院，请说“各院……”）"
            if chinese
            else f"(Of {whole.carried}, as before; to ask of all, say “each court”.)"
        )
    return f"按“{whole.question}”回答：" if chinese else f"Taken as “{whole.question}”"
