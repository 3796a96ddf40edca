"""Scoring retrieval against gold questions, in process."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import FawenError
from indexer.records import Source
from service.engine import Engine
from service.search import Mode

__all__ = ["GoldQuestion", "read_gold", "score_retrieval"]

CUTOFFS = (5, 10)
_LOW_OVERLAP = {"topic", "paraphrase"}


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question, its type, and the source passages (verbatim) that bear on it."""

    id: str
    type: str
    query: str
    passages: tuple[str, ...]


def read_gold(path: Path) -> list[GoldQuestion]:
    """Read gold questions from JSON Lines: id, type, query, passages.

    Raises FawenError naming the line that cannot be used.
    """
    questions = []
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise FawenError(f"{path} 读不出来 / cannot be read: {error}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            passages = row["passages"]
            if not isinstance(passages, list) or not all(isinstance(p, str) and p for p in passages):
                raise TypeError("passages must be a list of non-empty strings")
            questions.append(
                GoldQuestion(str(row["id"]), str(row["type"]), str(row["query"]), tuple(passages))
            )
        except (ValueError, KeyError, TypeError) as error:
            raise FawenError(
                f"{path} 第 {number} 行不是题目(需 id、type、query、passages) / not a gold question: {error!r}"
            ) from error
    if not questions:
        raise FawenError(f"{path} 没有题目 / no questions")
    return questions


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
    return {name: sum(values) / len(values) for name, values in tally.items()}


def _place(question: GoldQuestion, words: str, sources: Sequence[Source]) -> tuple[str, int]:
    for source in sources:
        at = source.text.find(words)
        if at >= 0:
            return source.id, at
    raise FawenError(
        f"题目 {question.id} 的原文不在索引中 / its gold passage is in no indexed source: {words[:40]}"
    )


def _rank(place: tuple[str, int], spans: Sequence[tuple[str, int, int]]) -> int:
    source, at = place
    found = (rank for rank, (name, start, end) in enumerate(spans, 1) if name == source and start <= at < end)
    return next(found, 1_000_000)
