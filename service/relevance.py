"""How well a fact answers an ask: features of both, weighed by a logistic model fitted on our own gold."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.records import Fact, Report
from indexer.text import terms
from indexer.units import comparable_units, same_unit
from service.asks import Ask
from service.lexicon import ACT_KINDS, canonical

__all__ = ["FEATURES", "FactText", "features", "read_fact"]


@dataclass(frozen=True, slots=True)
class FactText:
    """A fact and the terms of what it stands in, from the nearest to the widest."""

    fact: Fact
    object: frozenset[str]
    clause: frozenset[str]
    sentence: frozenset[str]
    around: frozenset[str]
    acts: frozenset[str]
    object_text: str


def _terms(text: str) -> frozenset[str]:
    return frozenset(term for term, _, _ in terms(text))


def read_fact(fact: Fact, report: Report) -> FactText:
    """Read the terms of a fact's object, clause, sentence, and of headings and paragraph around it."""
    paragraph = report.paragraphs[fact.paragraph - 1]
    text = paragraph.text
    start = max(text.rfind(mark, 0, fact.text_start) for mark in "。！？；") + 1
    stops = [at for mark in "。！？；" if (at := text.find(mark, fact.text_end)) >= 0]
    sentence = canonical(text[start : min(stops, default=len(text))])
    clause = canonical(fact.clause)
    before = clause[: max(0, clause.find(fact.number_text))]
    around = canonical(
        " ".join([fact.context, *report.section_path(paragraph), text[max(0, start - 120) : start]])
    )
    what = canonical(fact.object)
    return FactText(
        fact,
        _terms(what),
        _terms(f"{what} {clause}"),
        _terms(sentence),
        _terms(f"{sentence} {around}"),
        frozenset(group for act, group in ACT_KINDS.items() if act in before),
        what,
    )


FEATURES = (
    "asked_in_object",
    "asked_in_clause",
    "asked_in_sentence",
    "asked_around",
    "object_asked",
    "item_in_object",
    "item_in_clause",
    "item_in_sentence",
    "head",
    "whole",
    "qualifiers_in_clause",
    "qualifiers_in_sentence",
    "qualifiers_around",
    "unit_same",
    "unit_kind",
    "unit_differs",
    "unit_asked",
    "act_same",
    "act_differs",
    "part",
    "near_object",
    "near_clause",
)


def features(ask: Ask, text: FactText, weight: dict[str, float], near: tuple[float, float]) -> list[float]:
    asked = _terms(canonical(ask.words)) | _terms(
        canonical(" ".join([*ask.objects, ask.qualifiers, *ask.names]))
    )
    items = [_terms(canonical(item)) for item in ask.objects]
    qualifiers = _terms(canonical(" ".join([ask.qualifiers, *ask.names])))

    def share(wanted: frozenset[str], held: frozenset[str]) -> float:
        total = sum(weight.get(term, weight[""]) for term in wanted)
        return sum(weight.get(term, weight[""]) for term in wanted & held) / total if total else 0.0

    fact = text.fact
    item_heads = [canonical(item)[-2:] for item in ask.objects if item]
    unit = ask.unit or ""
    return [
        share(asked, text.object),
        share(asked, text.clause),
        share(asked, text.sentence),
        share(asked, text.around),
        share(text.object, asked),
        max((share(item, text.object) for item in items), default=0.0),
        max((share(item, text.clause) for item in items), default=0.0),
        max((share(item, text.sentence) for item in items), default=0.0),
        float(any(text.object_text.endswith(head) for head in item_heads)),
        float(any(text.object_text == canonical(item) for item in ask.objects)),
        share(qualifiers, text.clause) if qualifiers else 0.5,
        share(qualifiers, text.sentence) if qualifiers else 0.5,
        share(qualifiers, text.around) if qualifiers else 0.5,
        float(bool(unit) and fact.unit == unit),
        float(bool(unit) and fact.unit != unit and same_unit(fact.unit, unit)),
        float(bool(unit) and not comparable_units(fact.unit, unit)),
        float(bool(unit)),
        float(bool(text.acts & ask.acts)),
        float(bool(text.acts and ask.acts and not text.acts & ask.acts)),
        float(fact.kind == "part"),
        near[0],
        near[1],
    ]


def weights_of(texts: Sequence[FactText]) -> dict[str, float]:
    """Return how telling each term is among these facts: BM25's idf; under "" that of a term none holds."""
    count: dict[str, int] = {}
    for text in texts:
        for term in text.around:
            count[term] = count.get(term, 0) + 1
    size = len(texts)
    weight = {term: math.log(1 + (size - n + 0.5) / (n + 0.5)) for term, n in count.items()}
    weight[""] = 0.5 * math.log(1 + (size + 0.5) / 0.5)
    return weight
