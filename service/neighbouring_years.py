"""Years that no report is of, and the reports of the year beside them that may tell of them: last year's figures, next year's plans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from indexer.records import Report
from service.asks import HOW_MANY, Ask
from service.fitting import of_plans
from service.questions import Kind, Question

__all__ = ["of_neighbouring_years"]


def of_neighbouring_years(
    question: Question, scope: Sequence[Report], covered: Mapping[str, Sequence[int]], missing: Sequence[int]
) -> tuple[Question, list[Report]] | None:
    """Return a count asked of missing years as one of what the reports of the next year say of them, or the year before plans.

    A coming year is only looked for where the question asks for what is intended. `covered` are the years of each report
    by its id. None where one of the years is beyond reach: then the question is to be refused.
    """
    if question.kind not in (Kind.COUNT, Kind.COMPARE) or not question.asks:
        return None
    known = tuple(year for year in question.years if year not in missing)
    told = [report for report in scope if not known or {*covered[report.id]} & {*known}]
    own = known or HOW_MANY.search(question.text[: question.text.find(str(missing[0]))])
    planned = any(ask.planned for ask in question.asks)
    asks: list[Ask] = list(question.asks) if own else []
    within: list[Report] = list(told) if own else []
    for year in missing:
        later = [report for report in told if report.year == year + 1]
        earlier = [report for report in told if report.year == year - 1]
        if later:
            asks += [replace(ask, past=year) for ask in question.asks]
        elif earlier and of_plans(question.text):
            asks += [
                replace(ask, planned=True) for ask in question.asks if not ((own and planned) or ask.change)
            ]
        else:
            return None
        within += [report for report in later or earlier if report not in within]
    return replace(question, asks=tuple(asks), years=known), within
