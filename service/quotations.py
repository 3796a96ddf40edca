"""Answers in the reports' own words: lists, names and sentences, each cited, or a refusal with what is nearest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from indexer.records import Court, Report
from indexer.store import Store
from models import Encoder
from service import wording
from service.cited import Citations, CitedFact, cite_words
from service.items import Item, named_items
from service.questions import Question
from service.reply import Answer, LedgerEntry
from service.search import Hit
from service.sentences import Sentence, best_sentences, out_of_reach, sentences_of_court

__all__ = ["LISTED", "courts_of", "far", "listing", "quotation", "refusal"]

SENTENCES = 3
MOST_COURTS = 30
LISTED = 8
SURE, SURE_FROM_ENGLISH = 0.15, 0.18
"""Score of the best passage under which an answer says that nothing speaks of the question directly."""
FAR, FAR_FROM_ENGLISH, FAR_OF = 0.065, 0.11, 3
"""A mean score of the three best passages below which nothing is quoted: docs/retrieval.md."""

_FIGURES_LISTED = re.compile(
    r"数量|条数|项数|次数|数字|多少|几|措施|奖|how many|number|figure|measure|prize|award", re.IGNORECASE
)


def far(question: Question, hits: Sequence[Hit]) -> bool:
    """Tell whether even the best passages have so little to do with a question that to quote them would mislead.

    The limits are of fused scores; a cross-encoder's own are left to the reader.
    """
    best = [hit.score for hit in hits[:FAR_OF]]
    far = FAR if question.chinese else FAR_FROM_ENGLISH
    fused = not any(hit.reranked for hit in hits)
    return fused and not question.courts and sum(best) < far * len(best)


def refusal(
    question: Question,
    scope: Sequence[Report],
    hits: tuple[Hit, ...],
    cited: Citations,
    years: tuple[int, ...] = (),
) -> Answer:
    """Say that the reports do not state what is asked, with the courts looked through and the nearest passages."""
    ledger = tuple(LedgerEntry(court, False, (), None) for court in courts_of(scope))
    for hit in hits[:SENTENCES]:
        cited.number(hit.citation)
    return Answer(
        question=question.text,
        kind="none",
        abstained=True,
        text=wording.refusal(question, [entry.court for entry in ledger], years),
        facts=(),
        similar=(),
        courts=ledger,
        citations=tuple(cited.found),
        hits=hits,
    )


def courts_of(reports: Iterable[Report]) -> list[Court]:
    """Return the courts of reports, each once, in their order."""
    return list({report.court.key: report.court for report in reports}.values())


def _quote(store: Store, sentence: Sentence, cited: Citations) -> int:
    report = next(report for report in store.reports() if report.id == sentence.passage.report_id)
    paragraph = report.paragraphs[sentence.passage.paragraph - 1]
    offset = paragraph.text.find(sentence.text)
    if offset < 0:
        raise LookupError(f"passage {sentence.passage.id} is not in its report")
    return cited.number(cite_words(store, report, paragraph, offset, offset + len(sentence.text)))


def listing(
    store: Store,
    encoder: Encoder,
    question: Question,
    scope: Sequence[Report],
    hits: tuple[Hit, ...],
    cited: Citations,
    facts: list[CitedFact],
) -> Answer:
    """Answer with figures where they are what is listed, else with the sentences or items that bear on it."""
    if facts and _FIGURES_LISTED.search(question.text):
        ledger = tuple(
            LedgerEntry(court, bool(own), own, None)
            for court in courts_of(scope)
            for own in [tuple(fact for fact in facts if fact.court.key == court.key)]
        )
        text = wording.list_of_facts(question, ledger)
        return Answer(question.text, "list", False, text, tuple(facts), (), ledger, tuple(cited.found), hits)
    if items := named_items(question, scope):
        return _names(store, question, scope, hits, items)
    return quotation(store, encoder, question, scope, hits, cited, facts, kind="list", most=LISTED)


def _names(
    store: Store,
    question: Question,
    scope: Sequence[Report],
    hits: tuple[Hit, ...],
    items: Sequence[Item],
) -> Answer:
    """Answer with the names asked for, court by court, each citing the sentence it stands in."""
    cited = Citations(store)
    named = []
    for item in items:
        citation = cite_words(store, item.report, item.paragraph, item.low, item.high)
        named.append((item.report.court, item.name, cited.number(citation)))
    speaking = {court.key for court, _, _ in named}
    ledger = tuple(LedgerEntry(court, court.key in speaking, (), None) for court in courts_of(scope))
    text = wording.list_of_names(question, ledger, named)
    return Answer(question.text, "list", False, text, (), (), ledger, tuple(cited.found), hits)


def quotation(
    store: Store,
    encoder: Encoder,
    question: Question,
    scope: Sequence[Report],
    hits: tuple[Hit, ...],
    cited: Citations,
    facts: list[CitedFact],
    kind: str = "passage",
    most: int = SENTENCES,
) -> Answer:
    """Answer with the sentences that bear on a question, each cited; refuse where nothing is near."""
    if not hits or out_of_reach(store, encoder, question.text):
        return refusal(question, scope, hits, cited)
    if question.each_court or len(question.courts) > 1:
        chosen = [
            sentence
            for court in courts_of(scope)[:MOST_COURTS]
            for sentence in sentences_of_court(
                store, encoder, question, scope, court, 2 if kind == "passage" else LISTED
            )
        ]
    else:
        chosen = best_sentences(encoder, question, _with_facts_first(hits, facts), most)
    quoted = [(sentence.passage.court, sentence.text, _quote(store, sentence, cited)) for sentence in chosen]
    speaking = {court.key for court, _, _ in quoted} | {fact.court.key for fact in facts}
    ledger = tuple(
        LedgerEntry(court, court.key in speaking, tuple(f for f in facts if f.court.key == court.key), None)
        for court in courts_of(scope)
    )
    sure = bool(facts) or hits[0].score >= (SURE if question.chinese else SURE_FROM_ENGLISH)
    text = wording.quotation(question, quoted, facts, sure=sure)
    return Answer(question.text, kind, False, text, tuple(facts), (), ledger, tuple(cited.found), hits)


def _with_facts_first(hits: Sequence[Hit], facts: Sequence[CitedFact]) -> list[Hit]:
    """Return the hits to quote from: those that hold facts that bear on the question, if any does."""
    places = {(fact.fact.report_id, fact.fact.paragraph) for fact in facts}
    holding = [hit for hit in hits if (hit.passage.report_id, hit.passage.paragraph) in places]
    return holding or list(hits[:5])
