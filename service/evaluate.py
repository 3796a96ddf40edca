"""Scoring retrieval, facts and answers against gold, in process."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from indexer.courts import normalize_name
from indexer.errors import FawenError
from indexer.records import Court, Fact, Source
from indexer.text import squeeze
from service.answers import Answer
from service.engine import Engine
from service.search import Mode

__all__ = [
    "GoldFigure",
    "GoldQuestion",
    "read_facts",
    "read_gold",
    "score_answers",
    "score_facts",
    "score_retrieval",
]

CUTOFFS = (5, 10)
_LOW_OVERLAP = {"topic", "paraphrase"}
_FIGURES_ASKED = {"count_all_courts", "count_one_court", "compare", "english", "trap"}


@dataclass(frozen=True, slots=True)
class GoldFigure:
    """A figure of the gold: whose, how much, and where its number begins in the source.

    `source` is the file's name, "" for the one that holds the gold's first passage. `occurrences` are the
    places of words that hold a numeral and are no figure; empty for a figure.
    """

    court: str
    number: float
    unit: str
    number_start: int
    source: str = ""
    occurrences: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question, its type, and what answers it.

    `passages` are verbatim; `silent` are the courts that state no figure, None where that is not asked.
    """

    id: str
    type: str
    query: str
    passages: tuple[str, ...]
    answers: tuple[GoldFigure, ...] = ()
    acceptable: tuple[GoldFigure, ...] = ()
    silent: tuple[str, ...] | None = None
    derived: Mapping[str, Any] = field(default_factory=dict)


def _rows(path: Path) -> Iterable[tuple[int, dict[str, Any]]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise FawenError(f"{path} 读不出来 / cannot be read: {error}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise FawenError(f"{path} 第 {number} 行不是 JSON / not JSON: {error}") from error
        if not isinstance(row, dict):
            raise FawenError(f"{path} 第 {number} 行不是 JSON 对象 / not a JSON object")
        yield number, row


def _texts(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(value, str) and value for value in values):
        raise TypeError("not a list of non-empty strings")
    return tuple(values)


def _figure(row: Mapping[str, Any]) -> GoldFigure:
    start = int(row["number_start"]) if "number_start" in row else -1
    places = tuple(int(place) for place in row.get("occurrences") or ())
    name = row.get("kind", "achievement") != "achievement"
    return GoldFigure(
        court=str(row["court"]),
        number=float(row["number"] if row["number"] is not None else 0),
        unit=str(row.get("unit") or ""),
        number_start=start,
        source=str(row.get("source") or ""),
        occurrences=(places or (start,)) if name else (),
    )


def read_gold(path: Path) -> list[GoldQuestion]:
    """Read gold questions from JSON Lines: id, type, query, passages, and for figures answers.

    Raises FawenError naming the line that cannot be used.
    """
    questions = []
    for number, row in _rows(path):
        try:
            silent = row.get("courts_without_figure")
            questions.append(
                GoldQuestion(
                    id=str(row["id"]),
                    type=str(row["type"]),
                    query=str(row["query"]),
                    passages=_texts(row["passages"]),
                    answers=tuple(_figure(one) for one in row.get("answers") or ()),
                    acceptable=tuple(_figure(one) for one in row.get("also_acceptable") or ()),
                    silent=None if silent is None else _texts(silent),
                    derived=dict(row.get("derived") or {}),
                )
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise FawenError(
                f"{path} 第 {number} 行不是题目(需 id、type、query、passages) / not a gold question: {error!r}"
            ) from error
    if not questions:
        raise FawenError(f"{path} 没有题目 / no questions")
    return questions


def read_facts(path: Path) -> list[GoldFigure]:
    """Read gold facts from JSON Lines: kind, court, number, unit, number_start or occurrences.

    Raises FawenError naming the line that cannot be used.
    """
    found = []
    for number, row in _rows(path):
        try:
            found.append(_figure(row))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise FawenError(f"{path} 第 {number} 行不是数据 / not a gold fact: {error!r}") from error
    return found


def score_retrieval(engine: Engine, questions: Iterable[GoldQuestion], mode: Mode) -> dict[str, float]:
    """Return mean recall@5, recall@10, hit@1, hit@5 and MRR@10: over all, of little word overlap, in English.

    Recall counts the gold passages whose first character a hit's citation covers.
    Raises FawenError where a gold passage stands in no indexed source.
    """
    sources = engine.store.sources()
    tally: dict[str, list[float]] = defaultdict(list)
    for question in questions:
        if not question.passages:
            continue
        places = [_place(question, words, sources) for words in question.passages]
        hits = engine.search(question.query, top_k=max(CUTOFFS), mode=mode).hits
        spans = [(hit.citation.source_id, hit.citation.start, hit.citation.end) for hit in hits]
        ranks = [_rank(place, spans) for place in places]
        best = min(ranks)
        figures = {f"recall@{k}": sum(rank <= k for rank in ranks) / len(ranks) for k in CUTOFFS}
        figures |= {"hit@1": best == 1, "hit@5": best <= 5, "mrr@10": 1 / best if best <= 10 else 0.0}
        groups = ["", *(["low_overlap_"] if question.type in _LOW_OVERLAP else [])]
        groups += ["english_"] if question.type == "english" else []
        for group in groups:
            for name, value in figures.items():
                tally[group + name].append(float(value))
    return _means(tally)


def _means(tally: Mapping[str, Sequence[float]]) -> dict[str, float]:
    return {name: sum(values) / len(values) for name, values in tally.items()}


def _place(question: GoldQuestion, words: str, sources: Sequence[Source]) -> tuple[str, int]:
    """Return the source that holds a gold passage and where it begins there, whatever white space lines are broken by."""
    broken = re.compile(r"\s*".join(map(re.escape, squeeze(words))))
    for source in sources:
        found = broken.search(source.text)
        if found:
            return source.id, found.start()
    raise FawenError(
        f"题目 {question.id} 的原文不在索引中 / its gold passage is in no indexed source: {words[:40]}"
    )


def _rank(place: tuple[str, int], spans: Sequence[tuple[str, int, int]]) -> int:
    source, at = place
    found = (rank for rank, (name, start, end) in enumerate(spans, 1) if name == source and start <= at < end)
    return next(found, 1_000_000)


def _source_ids(questions: Iterable[GoldQuestion], sources: Sequence[Source]) -> dict[str, str]:
    """Return the ids of sources by name; under "" that of the one that holds the gold's first passage."""
    ids = {source.name: source.id for source in sources}
    for question in questions:
        if question.passages:
            return {"": _place(question, question.passages[0], sources)[0], **ids}
    raise FawenError("题目都没有原文，无法确定来源 / no question has a passage to tell the source by")


def _states(fact: Fact, gold: GoldFigure, ids: Mapping[str, str]) -> bool:
    return (
        fact.report_id.startswith(f"{ids.get(gold.source)}-")
        and fact.start <= gold.number_start < fact.end
        and abs(fact.number - gold.number) <= 1e-4 * max(1.0, abs(gold.number))
    )


def _same_court(name: str, court: Court) -> bool:
    wanted = normalize_name(name)
    return any(normalize_name(alias) == wanted for alias in (court.name, court.key, *court.aliases))


def score_facts(
    engine: Engine, gold: Sequence[GoldFigure], questions: Sequence[GoldQuestion], lost: list[str]
) -> dict[str, float]:
    """Return recall of facts, shares with the right unit and court, and how many names were served as facts."""
    ids = _source_ids(questions, engine.store.sources())
    _, served = engine.facts()
    wanted = [row for row in gold if not row.occurrences]
    found = unit = court = 0
    for row in wanted:
        hits = [cited for cited in served if _states(cited.fact, row, ids)]
        found += bool(hits)
        unit += any(cited.fact.unit == row.unit for cited in hits)
        court += any(_same_court(row.court, cited.court) for cited in hits)
        if not hits:
            lost.append(f"fact missed: {row.court} {row.number:g}{row.unit} at {row.number_start}")
    fooled = 0
    for name, place in ((one, place) for one in gold for place in one.occurrences):
        source = f"{ids.get(name.source)}-"
        own = (cited.fact for cited in served if cited.fact.report_id.startswith(source))
        wrong = [fact for fact in own if fact.start <= place < fact.end]
        fooled += bool(wrong)
        lost += [f"not a fact, at {place}: {fact.number:g}{fact.unit}" for fact in wrong]
    count = max(1, len(wanted))
    return {
        "recall": found / count,
        "unit": unit / count,
        "court": court / count,
        "names_served_as_facts": float(fooled),
    }


def score_answers(engine: Engine, questions: Sequence[GoldQuestion], lost: list[str]) -> dict[str, float]:
    """Return recall, precision and exactness of figures, the ledger's and comparisons' correctness, and refusals."""
    ids = _source_ids(questions, engine.store.sources())
    tally: dict[str, list[float]] = defaultdict(list)
    for question in questions:
        answer = engine.answer(question.query)
        if question.type == "unanswerable":
            tally["abstained"].append(answer.abstained)
            if not answer.abstained:
                lost.append(f"should abstain: {question.id} {question.query}")
            continue
        tally["answered"].append(not answer.abstained)
        if answer.abstained:
            lost.append(f"false refusal: {question.id} {question.query}")
        if question.answers and question.type in _FIGURES_ASKED:
            _score_figures(question, answer, ids, tally, lost)
        if question.silent is not None and question.type == "count_all_courts":
            for name, stated in [
                *((name, False) for name in question.silent),
                *((name, True) for name in {row.court for row in question.answers}),
            ]:
                entry = next((entry for entry in answer.courts if _same_court(name, entry.court)), None)
                tally["ledger"].append(entry is not None and entry.stated == stated)
        if question.derived and question.type == "compare":
            tally["derived"].append(_derived(question, answer))
    return _means(tally)


def _score_figures(
    question: GoldQuestion,
    answer: Answer,
    ids: Mapping[str, str],
    tally: dict[str, list[float]],
    lost: list[str],
) -> None:
    served = [cited.fact for cited in answer.facts]
    hit = [any(_states(fact, row, ids) for fact in served) for row in question.answers]
    fitting = (*question.answers, *question.acceptable)
    good = [any(_states(fact, row, ids) for row in fitting) for fact in served]
    recall = sum(hit) / len(hit)
    precision = sum(good) / len(good) if good else 0.0
    tally["count_recall"].append(recall)
    tally["count_precision"].append(precision)
    tally["count_exact"].append(recall == 1 and precision == 1)
    tally["numbers_in_text"].append(
        sum(f"{row.number:g}" in answer.text for row in question.answers) / len(question.answers)
    )
    if recall < 1 or precision < 1:
        extra = [
            f"{fact.number:g}{fact.unit}{fact.object}"
            for fact, fits in zip(served, good, strict=True)
            if not fits
        ]
        missed = [
            f"{row.court}{row.number:g}{row.unit}"
            for row, found in zip(question.answers, hit, strict=True)
            if not found
        ]
        lost.append(
            f"figures {recall:.2f}/{precision:.2f}: {question.id} {question.query} missed {missed} extra {extra[:6]}"
        )


def _derived(question: GoldQuestion, answer: Answer) -> bool:
    difference = question.derived.get("difference")
    if isinstance(difference, int):
        return str(difference) in answer.text
    winner = str(question.derived.get("winner", ""))
    courts = [entry.court for entry in answer.courts if _same_court(winner, entry.court)]
    names = [winner, *(name for court in courts for name in (court.name, *court.aliases))]
    return any(name and re.search(re.escape(name), answer.text) for name in names)
