"""The sentences that bear on a question, chosen from the passages found for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.records import Court, Passage, Report
from indexer.store import Store
from indexer.text import fold, sentences, terms
from models import Encoder
from service.lexicon import canonical, in_report_words
from service.questions import Question
from service.search import Filters, Hit, search

__all__ = ["Sentence", "best_sentences", "out_of_reach", "sentences_of_court"]

SHORTEST_SENTENCE = 12
PASSAGES_A_COURT = 3
BEYOND_REACH = 0.05
"""Cosine below which, with no word shared, the nearest passage is as near as to any text."""
RELEVANT = 0.55
"""Share of the best sentence's score that a further one needs to be quoted beside it."""

_ITEM = re.compile(
    r"^[\s，；：]*(?:[一二三四五六七八九十]{1,2}(?:是|要)|第[一二三四五六七八九十][，,、]|[（(][一二三四五六七八九十\d]{1,2}[）)])|：[一二三四五]是"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    score: float
    passage: Passage
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.passage.text[self.start : self.end].strip()


def best_sentences(encoder: Encoder, question: Question, hits: Sequence[Hit], most: int) -> list[Sentence]:
    """Return the sentences of the hits that bear most on a question, best first."""
    asked = {term for term, _, _ in terms(canonical(_in_report_terms(question)))}
    spans = [
        (hit, start, end)
        for hit in hits
        for start, end in sentences(hit.passage.text)
        if end - start >= SHORTEST_SENTENCE and not _is_lead(hit.passage, start, end)
    ]
    if not spans:
        return []
    words = [hit.passage.text[start:end] for hit, start, end in spans]
    near = [0.0] * len(words)
    if not encoder.blocking:
        vector = encoder.encode_queries([fold(question.text)])[0]
        near = (encoder.encode_passages(words) @ vector).tolist()
    scored = []
    for (hit, start, end), sentence, closeness in zip(spans, words, near, strict=True):
        shared = len(asked & {term for term, _, _ in terms(canonical(sentence))}) / max(1, len(asked))
        scored.append(
            Sentence(0.6 * shared + 0.4 * max(0.0, closeness) + 0.3 * hit.score, hit.passage, start, end)
        )
    scored.sort(key=lambda sentence: -sentence.score)
    return [sentence for sentence in scored if sentence.score >= RELEVANT * scored[0].score][:most]


def _in_report_terms(question: Question) -> str:
    """Return a question's words with those that reports use for the same."""
    asked = " ".join(" ".join([*ask.objects, ask.qualifiers]) for ask in question.asks)
    return f"{question.rest if question.chinese else asked} {in_report_words(question.text)}"


def _is_lead(passage: Passage, start: int, end: int) -> bool:
    words = passage.text[start:end].rstrip("。：: ")
    return start == 0 and bool(passage.section_path) and words.endswith(passage.section_path[-1])


def sentences_of_court(
    store: Store, encoder: Encoder, question: Question, scope: Sequence[Report], court: Court, most: int
) -> list[Sentence]:
    """Return what one court says to a question: the items of an enumeration, or the best sentences."""
    own = tuple(report.id for report in scope if report.court.key == court.key)
    words = f"{question.rest} {in_report_words(question.text)}".strip()
    hits = search(store, encoder, words, top_k=PASSAGES_A_COURT, filters=Filters(report_id=own)).hits
    best = best_sentences(encoder, question, hits, 2)
    if most > 2 and best:
        items = [
            Sentence(best[0].score, best[0].passage, start, end)
            for start, end in sentences(best[0].passage.text)
            if _ITEM.search(best[0].passage.text[start:end])
        ]
        if len(items) >= 2:
            return items[:most]
    return best


def out_of_reach(store: Store, encoder: Encoder, text: str) -> bool:
    """Tell whether no passage shares a word with a question, and none is nearer to it than to anything."""
    if len(store.lexical(text, 1).rows):
        return False
    vector = encoder.encode_queries([fold(text)])[0]
    near = store.dense(vector, 1)
    return not len(near.scores) or float(near.scores[0]) < BEYOND_REACH
