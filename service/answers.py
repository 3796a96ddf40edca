"""From a question to a cited answer: figures by court, winners, lists, sentences, or an honest refusal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from indexer.records import Fact, Report
from indexer.store import Store
from indexer.titles import years_of
from indexer.units import same_unit, unit_kind
from models import Encoder
from service import wording
from service.asks import ANY_YEAR, Ask, Kind
from service.cited import Citations, CitedFact, cite_words
from service.english_in_report_words import asks_in_report_words
from service.lexicon import canonical, in_report_words
from service.matching import Match, match_facts
from service.nearness import Nearness, nearness
from service.neighbouring_years import of_neighbouring_years
from service.numbered import NumberedItem, asked_item, heading_of, highest, of_aspect, paragraphs_of
from service.questions import Question, asks_for_a_list, parse_question
from service.quotations import LISTED, courts_of, far, listing, quotation, refusal
from service.reply import Answer, LedgerEntry
from service.reranking import Reranking
from service.search import Filters, Hit, reports_matching, search
from service.support import similarity

__all__ = ["Answer", "LedgerEntry", "answer"]


def answer(
    store: Store,
    encoder: Encoder,
    text: str,
    *,
    top_k: int = 8,
    filters: Filters | None = None,
    reranking: Reranking | None = None,
) -> Answer:
    """Answer a question from the facts and passages of the index; a cross-encoder orders the passages alone.

    Raises UnknownCourtError for a court filter that fits no report.
    """
    everything = store.reports()
    scope = reports_matching(everything, filters) if filters else list(everything)
    courts = list({report.court.key: report.court for report in everything}.values())
    covered = {report.id: years_of(report.title, report.year) for report in everything}
    years = {year for of in covered.values() for year in of}
    permitted = scope
    question = parse_question(text, courts, years)
    if question.courts:
        keys = {court.key for court in question.courts}
        scope = [report for report in scope if report.court.key in keys]
    missing_years = tuple(year for year in question.years if year not in years)
    if question.years and not missing_years:
        of_years = [report for report in scope if set(covered[report.id]) & set(question.years)]
        if scope and not any(report.year in question.years for report in of_years):
            question = _of_past_year(question)
        scope = of_years or scope
    beside = of_neighbouring_years(question, scope, covered, missing_years) if missing_years else None
    if beside is not None:
        question, scope = beside
    within = Filters(report_id=tuple(report.id for report in scope)) if len(scope) < len(everything) else None
    words = f"{question.rest if question.courts else text} {in_report_words(text)}".strip()
    hits = (
        search(store, encoder, words, top_k=top_k, filters=within, reranking=reranking, asked=text).hits
        if scope
        else ()
    )
    read = asks_in_report_words(question, hits) if missing_years and beside is None else ()
    if read:
        beside = of_neighbouring_years(replace(question, asks=read), scope, covered, missing_years)
        question, scope = beside or (question, scope)
    cited = Citations(store)
    if (question.strangers and not question.courts) or not scope or (missing_years and beside is None):
        refused = refusal(question, scope or permitted or everything, hits, cited, missing_years)
        beyond = filters and not scope and not missing_years
        return replace(refused, text=_beyond(question, permitted)) if beyond else refused
    item = asked_item(text)
    if item is not None and any(highest(report) for report in scope):
        return _of_item(store, question, item, scope, hits)
    if question.kind in (Kind.COUNT, Kind.COMPARE):
        near_it = nearness(encoder, store.calibration, question.rest)
        figures, sure = _figures(store, question, scope, hits, cited, near_it)
        if read and not all(_names(cited_fact.fact, read) for cited_fact in figures.facts):
            return refusal(question, scope, hits, Citations(store), missing_years)
        read = asks_in_report_words(question, hits) if figures.abstained and beside is None else ()
        if read:
            again, _ = _figures(store, replace(question, asks=read), scope, hits, Citations(store), near_it)
            if all(_names(cited_fact.fact, read) for cited_fact in again.facts):
                figures = again
        if (
            not sure
            and not (question.years or missing_years)
            and any(_last_year(ask) for ask in question.asks)
        ):
            plain = replace(question, asks=tuple(replace(ask, past=None) for ask in question.asks))
            own, surely = _figures(store, plain, scope, hits, Citations(store), near_it)
            if figures.abstained or surely:
                return own
        if not figures.abstained:
            return figures
        if missing_years:
            return refusal(question, scope, hits, Citations(store), missing_years)
        if (since := _since_last_year(store, question, scope, hits)) is not None:
            return since
        if not asks_for_a_list(text):
            return figures
        cited, question = Citations(store), replace(question, kind=Kind.LIST)
    if far(question, hits):
        return refusal(question, scope, hits, cited)
    found = _stated_figures(store, question, scope, cited)
    if question.kind is Kind.LIST:
        return listing(store, encoder, question, scope, hits, cited, found)
    return quotation(store, encoder, question, scope, hits, cited, found)


def _beyond(question: Question, permitted: Sequence[Report]) -> str:
    """Word that the filters leave out what is asked for: nothing was looked through, so nothing is said to be silent."""
    return wording.beyond_filters(question, courts_of(permitted))


def _of_past_year(question: Question) -> Question:
    """Ask for the figures of an earlier year that reports give beside their own."""
    return replace(question, asks=tuple(replace(ask, past=question.years[0]) for ask in question.asks))


def _matches(
    store: Store, question: Question, scope: Sequence[Report], near: Nearness | None = None
) -> list[tuple[Ask, list[Match]]]:
    found: list[tuple[Ask, list[Match]]] = []
    beside: Fact | None = None
    seen: set[str] = set()
    for ask in question.asks:
        asked = [report for report in scope if ask.court is None or report.court.key == ask.court]
        matches = [
            m for m in match_facts(store, ask, asked, question.number, beside, near) if m.fact.id not in seen
        ]
        if ask.change and not matches:
            matches = _from_one_to_another(store, ask, asked, near)
        if question.years:
            matches = [m for m in matches if _of_years(m.fact, question.years)]
        seen.update(match.fact.id for match in matches if not match.similar)
        beside = beside or next((match.fact for match in matches if not match.similar), None)
        found.append((ask, matches))
    return found


def _last_year(ask: Ask) -> bool:
    """Tell whether an ask is of last year (去年), which is the report's own where that gives no earlier figure."""
    return ask.past == ANY_YEAR


def _names(fact: Fact, asks: Sequence[Ask]) -> bool:
    """Tell whether a fact's words have two characters in a row of what is asked for."""
    words = f"{fact.context} {fact.object} {fact.clause}"
    return any(similarity(ask.words, words) for ask in asks)


_FROM_TO = re.compile(r"[由从](?!业)[^，。；]*\d[^，。；]*[至到为][^，。；]*\d")


def _from_one_to_another(
    store: Store, ask: Ask, asked: Sequence[Report], near: Nearness | None
) -> list[Match]:
    """Return the values before and after of a change that is told by them alone: 由26天缩短至12天."""
    plain = replace(ask, change=False, share=False)
    return [
        match
        for one in (replace(plain, past=ANY_YEAR), plain)
        for match in match_facts(store, one, asked, None, None, near)
        if _FROM_TO.search(match.fact.clause)
    ]


def _of_years(fact: Fact, years: tuple[int, ...]) -> bool:
    """Tell whether a fact may be of the years asked for: the section of a report of several years tells its own."""
    return fact.role == "past" or fact.year is None or fact.year in years


def _figures(
    store: Store,
    question: Question,
    scope: Sequence[Report],
    hits: tuple[Hit, ...],
    cited: Citations,
    meaning: Nearness | None,
) -> tuple[Answer, bool]:
    """Answer with figures by court, or refuse where no court states one; with whether each is worded as asked for."""
    by_id = {report.id: report for report in scope}
    order = {fact_id: place for place, fact_id in enumerate(by_id)}
    groups: list[tuple[Ask, list[CitedFact]]] = []
    near: list[Fact] = []
    guessed: set[str] = set()
    for ask, matches in _matches(store, question, scope, meaning):
        exact = sorted(
            (match.fact for match in matches if not match.similar),
            key=lambda fact: (order[fact.report_id], fact.start),
        )
        groups.append((ask, [cited.fact(fact, by_id[fact.report_id]) for fact in exact]))
        near += [match.fact for match in matches if match.similar]
        guessed |= {match.fact.id for match in matches if match.by_words}
    facts = [fact for _, group in groups for fact in group]
    if not facts:
        refused = refusal(question, scope, hits, cited)
        similar = tuple(cited.fact(fact, by_id[fact.report_id]) for fact in near[:LISTED])
        return replace(
            refused,
            similar=similar,
            text=refused.text + wording.similar(question, similar),
            citations=tuple(cited.found),
        ), False
    stated = {fact.fact.id for fact in facts}
    similar = tuple(cited.fact(fact, by_id[fact.report_id]) for fact in near if fact.id not in stated)[
        :LISTED
    ]
    ledger = []
    for court in courts_of(scope):
        own = tuple(fact for fact in facts if fact.court.key == court.key)
        asks = [ask for ask, _ in groups if ask.court in (None, court.key)]
        total = _total(own) if len(asks) == 1 else None
        ledger.append(LedgerEntry(court, bool(own), own, total, _value(own, total, asks[0])))
    sure = not guessed.issuperset(fact.fact.id for fact in facts)
    words = wording.figures(question, groups, ledger, similar, sure=sure)
    answer = Answer(
        question=question.text,
        kind=question.kind.value,
        abstained=False,
        text=words,
        facts=tuple(facts),
        similar=similar,
        courts=tuple(ledger),
        citations=tuple(cited.found),
        hits=hits,
    )
    return answer, sure


def _since_last_year(
    store: Store, question: Question, scope: Sequence[Report], hits: tuple[Hit, ...]
) -> Answer | None:
    """Answer by how much a figure changed from the two that a report gives, where it does not state the change.

    None where no court gives one figure of its own and one of an earlier year, in one unit.
    """
    if not question.asks or not all(ask.change for ask in question.asks):
        return None
    plain = replace(question.asks[0], change=False, share=False, unit=None)
    by_id = {report.id: report for report in scope}
    cited, pairs = Citations(store), list[tuple[CitedFact, CitedFact]]()
    for court in courts_of(scope):
        own_reports = [report for report in scope if report.court.key == court.key]
        found = [
            [
                match.fact
                for match in match_facts(store, ask, own_reports)
                if not match.similar and (match.fact.role == "past") == (ask.past is not None)
            ]
            for ask in (plain, replace(plain, past=ANY_YEAR))
        ]
        if all(len(facts) == 1 for facts in found) and found[0][0].unit == found[1][0].unit:
            now, before = (cited.fact(facts[0], by_id[facts[0].report_id]) for facts in found)
            pairs.append((now, before))
    if not pairs:
        return None
    facts = tuple(fact for pair in pairs for fact in pair)
    ledger = tuple(
        LedgerEntry(court, bool(own), own, None)
        for court in courts_of(scope)
        for own in [tuple(fact for fact in facts if fact.court.key == court.key)]
    )
    text = wording.differences(question, pairs, ledger)
    return Answer(
        question.text, question.kind.value, False, text, facts, (), ledger, tuple(cited.found), hits
    )


def _total(facts: Sequence[CitedFact]) -> float | None:
    """Add up facts of one object and kind of unit; shares, changes, parts and ranges are not added."""
    if not facts or any(
        fact.fact.kind in {"change", "part"} or fact.fact.upper is not None for fact in facts
    ):
        return None
    if len({canonical(fact.fact.object) for fact in facts}) > 1:
        return None
    units = [fact.fact.unit for fact in facts]
    if unit_kind(units[0]) in {"share", "time"} or not all(same_unit(units[0], unit) for unit in units):
        return None
    years = {fact.year for fact in facts}
    return sum(fact.fact.number for fact in facts) if len(years) == 1 else None


def _value(facts: Sequence[CitedFact], total: float | None, ask: Ask) -> float | None:
    """Return what a court is compared by, None where several of its figures would do."""
    if total is not None:
        return total
    wholes = [cited.fact for cited in facts if cited.fact.kind not in {"part", "change"}] or [
        cited.fact for cited in facts
    ]
    wanted = {canonical(item) for item in ask.objects}
    exact = [fact for fact in wholes if canonical(fact.object) in wanted] or wholes
    return exact[0].number if len({fact.number for fact in exact}) == 1 else None


def _stated_figures(
    store: Store, question: Question, scope: Sequence[Report], cited: Citations
) -> list[CitedFact]:
    """Return the figures that bear on a question that does not ask for any."""
    by_id = {report.id: report for report in scope}
    found = [m.fact for _, matches in _matches(store, question, scope) for m in matches if not m.similar]
    if question.kind is Kind.LIST:
        found.sort(key=lambda fact: (fact.report_id, fact.start))
    return [cited.fact(fact, by_id[fact.report_id]) for fact in found]


def _of_item(
    store: Store, question: Question, item: NumberedItem, scope: Sequence[Report], hits: tuple[Hit, ...]
) -> Answer:
    """Answer from the item whose number is asked for, or say how far the reports number theirs."""
    cited, told = Citations(store), list[wording.ItemTold]()
    for report in scope:
        chosen = of_aspect(report, paragraphs_of(report, item), item.rest)
        places = {paragraph.number for paragraph in chosen}
        facts: list[CitedFact] = []
        if chosen and question.kind is Kind.COUNT:
            within = replace(question, asks=parse_question(item.rest, (), ()).asks)
            found = [
                m.fact for _, matches in _matches(store, within, [report]) for m in matches if not m.similar
            ]
            facts = [cited.fact(fact, report) for fact in found if fact.paragraph in places]
        quoted = [
            (paragraph.text, cited.number(cite_words(store, report, paragraph, 0, len(paragraph.text))))
            for paragraph in chosen[:LISTED]
            if not facts
        ]
        if chosen:
            heading = heading_of(report, chosen[0], item)
            told.append(wording.ItemTold(report.court, heading, tuple(quoted), tuple(facts)))
    if not told:
        refused = refusal(question, scope, hits, cited)
        return replace(
            refused, text=wording.no_such_item(item.number, [(r.court, highest(r)) for r in scope])
        )
    stated = tuple(fact for one in told for fact in one.facts)
    ledger = tuple(
        LedgerEntry(court, any(one.court.key == court.key for one in told), own, None)
        for court in courts_of(scope)
        for own in [tuple(fact for fact in stated if fact.court.key == court.key)]
    )
    text, kind = wording.of_item(told), "count" if stated else "passage"
    return Answer(question.text, kind, False, text, stated, (), ledger, tuple(cited.found), hits)
