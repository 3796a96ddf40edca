"""What is handed to a chatbot that answers by itself: the computed answer first, then passages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from indexer.records import Report
from service.answers import Answer
from service.asks import Kind
from service.calibration import relevance
from service.engine import Engine
from service.metadata import Conditions, matches, of_paragraph, of_passage
from service.questions import parse_question
from service.search import Filters, Hit, reports_matching

__all__ = ["Retrieved", "retrieve"]

_MOST_A_SEARCH = 100
_SEARCHED_ONE_BY_ONE = 64


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The computed answer, where the question asks for figures, and passages with their relevance, best first."""

    answer: Answer | None
    passages: tuple[tuple[Hit, float], ...]


def retrieve(
    engine: Engine, query: str, filters: Filters, top_k: int, threshold: float, conditions: Conditions | None
) -> Retrieved:
    """Find at most `top_k` records whose relevance is at least the threshold and whose metadata fit.

    Raises UnknownCourtError for a court filter that fits no report.
    """
    reports = list(reports_matching(engine.store.reports(), filters)) if filters else engine.store.reports()
    whole, partly = (list(reports), []) if conditions is None else _sorted_out(reports, conditions)
    if not whole and not partly:
        return Retrieved(None, ())
    answer = _computed(engine, query, _within([*whole, *partly]), conditions if partly else None)
    left = top_k - (answer is not None)
    hits = _found(engine, query, whole, partly, left, conditions)
    scored = [(hit, hit.score if hit.reranked else relevance(hit.score)) for hit in hits]
    return Retrieved(answer, tuple([pair for pair in scored if pair[1] >= threshold][:left]))


def _within(reports: Iterable[Report]) -> Filters:
    return Filters(report_id=tuple(report.id for report in reports))


def _sorted_out(reports: Iterable[Report], wanted: Conditions) -> tuple[list[Report], list[Report]]:
    """Return the reports that fit in every paragraph, and those that fit in some."""
    whole, partly = [], []
    for report in reports:
        told = {matches(wanted, of_paragraph(report, paragraph)) for paragraph in report.paragraphs}
        if told == {True}:
            whole.append(report)
        elif True in told:
            partly.append(report)
    return whole, partly


def _found(
    engine: Engine,
    query: str,
    whole: list[Report],
    partly: list[Report],
    most: int,
    wanted: Conditions | None,
) -> list[Hit]:
    if not partly or wanted is None:
        return list(engine.search(query, top_k=max(1, most), filters=_within(whole)).hits)
    groups = [whole] if whole else []
    groups += [[report] for report in partly] if len(partly) <= _SEARCHED_ONE_BY_ONE else [partly]
    hits = [
        hit
        for group in groups
        for hit in engine.search(
            query, top_k=_MOST_A_SEARCH, filters=_within(group), rerank=len(groups) == 1
        ).hits
        if matches(wanted, of_passage(hit.passage))
    ]
    return sorted(hits, key=lambda hit: -hit.score)


def _computed(engine: Engine, query: str, within: Filters, wanted: Conditions | None) -> Answer | None:
    """Return the answer to a question of figures, a refusal too; None where it would reach past the conditions."""
    reports = engine.store.reports()
    courts = {report.court.key: report.court for report in reports}
    years = {report.year for report in reports if report.year is not None}
    if parse_question(query, courts.values(), years).kind not in (Kind.COUNT, Kind.COMPARE):
        return None
    answer = engine.answer(query, filters=within)
    if wanted is None:
        return answer
    fits = all(
        matches(
            wanted,
            {
                "court": (citation.court, *citation.court_aliases),
                "year": () if citation.year is None else (str(citation.year),),
                "section": (" › ".join(citation.section_path), *citation.section_path),
                "report_title": (citation.report_title,),
            },
        )
        for citation in answer.citations
    )
    return answer if fits and not answer.abstained else None
