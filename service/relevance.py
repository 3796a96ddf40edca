"""How well a fact bears on an ask by the words both share, weighed by how telling each word is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from indexer.records import Fact, Report
from indexer.text import terms
from indexer.units import comparable_units, same_unit
from service.asks import Ask, content_words
from service.lexicon import ACT_KINDS, canonical

__all__ = ["FactText", "Relevance", "another_kind", "read_fact", "relevance", "telling"]

BEFORE = 120
"""Characters before a fact's sentence that are read as what it stands among."""


@dataclass(frozen=True, slots=True)
class FactText:
    """A fact and the terms of what it stands in, from the nearest to the widest, and the acts before its number."""

    fact: Fact
    object: frozenset[str]
    clause: frozenset[str]
    sentence: frozenset[str]
    around: frozenset[str]
    acts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Relevance:
    """`score` ranks facts of one ask; `covered` is the share of the ask's words, by weight, around the fact.

    `qualified` is that of its qualifiers alone, in the fact's sentence or less near; 1 where it has none.
    """

    score: float
    covered: float
    qualified: float


@lru_cache(4096)
def _terms(text: str) -> frozenset[str]:
    return frozenset(term for term, _, _ in terms(canonical(text)))


def read_fact(fact: Fact, report: Report) -> FactText:
    """Read the terms of a fact's object, clause and sentence, and of the headings and words before it."""
    paragraph = report.paragraphs[fact.paragraph - 1]
    return _read(fact, paragraph.text, report.section_path(paragraph))


@lru_cache(8192)
def _read(fact: Fact, text: str, path: tuple[str, ...]) -> FactText:
    start = max(text.rfind(mark, 0, fact.text_start) for mark in "。！？；") + 1
    stops = [at for mark in "。！？；" if (at := text.find(mark, fact.text_end)) >= 0]
    sentence = _terms(text[start : min(stops, default=len(text))])
    around = _terms(" ".join([fact.context, *path, text[max(0, start - BEFORE) : start]]))
    before = canonical(fact.clause[: max(0, fact.clause.find(fact.number_text))])
    return FactText(
        fact=fact,
        object=_terms(fact.object),
        clause=_terms(f"{fact.object} {fact.clause}"),
        sentence=sentence,
        around=sentence | around,
        acts=frozenset(group for act, group in ACT_KINDS.items() if act in before),
    )


def another_kind(item: str, text: FactText) -> bool:
    """Tell whether a fact counts things like an item, but none of its kind: 优秀法官 where 员额法官 are asked for."""
    words = canonical(item)
    kind = _terms(words[:-1])
    return len(words) == 4 and words[-2:] in text.object and not kind & text.around


def telling(texts: Sequence[FactText], size: int) -> dict[str, float]:
    """Return how telling each term is among `size` facts, of which these hold any: BM25's idf.

    Under "" stands half that of a term that none holds: such words are more often fillers.
    """
    count: dict[str, int] = {}
    for text in texts:
        for term in text.around:
            count[term] = count.get(term, 0) + 1
    weight = {term: math.log(1 + (size - n + 0.5) / (n + 0.5)) for term, n in count.items()}
    weight[""] = 0.5 * math.log(1 + (size + 0.5) / 0.5)
    return weight


def relevance(ask: Ask, text: FactText, weight: Mapping[str, float]) -> Relevance:
    """Rate a fact for an ask. The weights of the parts were chosen on our own gold (docs/retrieval.md)."""

    def share(wanted: frozenset[str], held: frozenset[str]) -> float:
        total = sum(weight.get(term, weight[""]) for term in wanted)
        return sum(weight.get(term, weight[""]) for term in wanted & held) / total if total else 0.0

    asked = _terms(" ".join([content_words(ask.words), *ask.objects, ask.qualifiers, *ask.names]))
    items = [_terms(item) for item in ask.objects]
    qualifiers = _terms(" ".join([ask.qualifiers, *ask.names]))
    covered = share(asked, text.around)
    score = (
        0.35 * share(asked, text.clause)
        + 0.2 * share(asked, text.sentence)
        + 0.1 * covered
        + 0.1 * share(text.object, asked)
        + 0.1 * max((share(item, text.object) for item in items), default=0.0)
        + 0.15 * max((share(item, text.clause) for item in items), default=0.0)
        + (
            0.1 * share(qualifiers, text.sentence) + 0.05 * share(qualifiers, text.around)
            if qualifiers
            else 0.075
        )
        + _unit_part(ask, text.fact)
        + (0.1 if text.acts & ask.acts else -0.1 if text.acts and ask.acts else 0.0)
    )
    qualified = max(share(qualifiers, text.sentence | text.clause), 0.7 * share(qualifiers, text.around))
    return Relevance(score, covered, qualified if qualifiers else 1.0)


def _unit_part(ask: Ask, fact: Fact) -> float:
    if ask.unit is None:
        return 0.0
    if fact.unit == ask.unit:
        return 0.1
    if same_unit(fact.unit, ask.unit):
        return 0.05
    return 0.0 if comparable_units(fact.unit, ask.unit) else -0.3
