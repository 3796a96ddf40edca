"""A turn of a conversation answered: the question made whole, its cited answer, and what to say to a greeting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.text import has_han
from service.answers import Answer
from service.conversation import is_small_talk, whole_question
from service.engine import Engine
from service.search import Filters, reports_matching
from service.wording import court_name

__all__ = ["Turn", "answer_turn"]


@dataclass(frozen=True, slots=True)
class Turn:
    """An answered turn. `text` carries [n] for citation n; `question` is what was understood; None for a greeting."""

    question: str
    answer: Answer | None
    text: str
    preface: str = ""

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
        names = "、".join(court_name(court) for court in courts)
        text = (
            f"我只回答所收录的法院工作报告写了什么，逐条附出处。收录：{names}。可以问：各院整改措施有多少条？"
            if has_han(last)
            else f"I answer what the indexed court work reports state, every statement cited. Reports of: {names}."
        )
        return Turn(last, None, text)
    everywhere = {report.court.key: report.court for report in reports}
    years = {report.year for report in reports if report.year is not None}
    question = whole_question(turns, everywhere.values(), years)
    answer = engine.answer(question, filters=filters)
    understood = (
        "" if question == last else f"按“{question}”回答：" if has_han(question) else f"Taken as “{question}”"
    )
    return Turn(question, answer, answer.text, understood)
