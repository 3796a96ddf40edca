"""Search: dense and lexical look-ups fused into one ranking of cited passages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np

from indexer.citations import Citation, cite
from indexer.courts import normalize_name
from indexer.records import Court, Passage, Report
from indexer.store import Store
from indexer.store.base import Floats, Mask, Rows
from indexer.text import Term, fold, has_han, terms
from models import Encoder
from service.errors import UnknownCourtError
from service.expansion import lexical_query
from service.questions import asks_each_court
from service.reranking import Candidate, Reranking

__all__ = ["Facet", "Filters", "Hit", "Mode", "SearchResult", "reports_matching", "search"]

LEXICAL_WEIGHT = 0.5
"""Share of the lexical score in a hybrid one; chosen in docs/retrieval.md."""
TRANSLATED_WEIGHT = 0.4
"""The same where the lexical score is that of an English query in Chinese wordings."""
POOL = 100
"""Passages each side brings in before they are fused."""


class Mode(StrEnum):
    """How passages are scored."""

    HYBRID = "hybrid"
    DENSE = "dense"
    LEXICAL = "lexical"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is limited to; empty means no limit."""

    court: tuple[str, ...] = ()
    year: tuple[int, ...] = ()
    report_id: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.court or self.year or self.report_id)


@dataclass(frozen=True, slots=True)
class Hit:
    """A ranked passage: its score in 0-1, its citation, and the spans of its text that match the query.

    `reranked` tells that the score is a cross-encoder's and not the fused one.
    """

    rank: int
    score: float
    passage: Passage
    highlights: tuple[tuple[int, int], ...]
    citation: Citation
    reranked: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter value and how many of the fused candidates have it."""

    value: str | int
    count: int


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits, best first, and what they could be narrowed to."""

    hits: tuple[Hit, ...]
    courts: tuple[Facet, ...]
    years: tuple[Facet, ...]


def search(
    store: Store,
    encoder: Encoder,
    query: str,
    *,
    top_k: int = 10,
    mode: Mode = Mode.HYBRID,
    filters: Filters | None = None,
    per_court: bool = False,
    reranking: Reranking | None = None,
    asked: str = "",
) -> SearchResult:
    """Rank passages for a query. At most one hit per paragraph.

    In hybrid mode the best are then put in order by the cross-encoder of `reranking`, if there is one, which reads
    the question as `asked`, or else the query.

    With `per_court`, or where the query itself asks about each court, every court gets its best passages a
    place. Raises UnknownCourtError for a court filter that fits no report.
    """
    query = query.encode("utf-8", "replace").decode()
    allowed = _allowed(store, filters) if filters else None
    reports = store.reports()
    each = per_court or asks_each_court(query)
    rows, scores = _scored(store, encoder, query, mode, allowed)
    if each:
        rows, scores = _with_other_courts(store, encoder, query, mode, allowed, top_k, rows, scores)
    positions, paragraphs = store.places(rows)
    reranks = reranking if mode is Mode.HYBRID else None
    wanted = max(top_k, reranks.most) if reranks else top_k
    ranked = _one_per_paragraph(rows, scores, positions, paragraphs, None if each else wanted)
    if reranks:
        ranked = reranks.ordered(store, asked or query, ranked)
    if each:
        ranked = _shared_out(ranked, [report.court.key for report in reports], top_k)
    courts, years = _facets(reports, positions)
    matched = [(term, has_han(term)) for term in sorted({term for term, _, _ in terms(query)})]
    return SearchResult(
        hits=tuple(
            _hit(store, rank, candidate, matched, reranks is not None)
            for rank, candidate in enumerate(ranked[:top_k], 1)
        ),
        courts=courts,
        years=years,
    )


def _facets(reports: Sequence[Report], positions: Rows) -> tuple[tuple[Facet, ...], tuple[Facet, ...]]:
    """Count the candidates of each court, most first, and of each year, latest first."""
    courts: Counter[str] = Counter()
    years: Counter[int] = Counter()
    counts = np.bincount(positions) if len(positions) else positions
    for position in np.flatnonzero(counts).tolist():
        report, count = reports[position], int(counts[position])
        courts[report.court.name] += count
        if report.year is not None:
            years[report.year] += count
    return (
        tuple(Facet(name, count) for name, count in courts.most_common()),
        tuple(Facet(year, years[year]) for year in sorted(years, reverse=True)),
    )


def reports_matching(reports: Iterable[Report], filters: Filters) -> list[Report]:
    """Return the reports a filter admits. Raises UnknownCourtError for a court that none is of."""
    reports = list(reports)
    wanted = [_courts_called(reports, name) for name in filters.court]
    keys = {court.key for courts in wanted for court in courts}
    return [
        report
        for report in reports
        if (not filters.court or report.court.key in keys)
        and (not filters.year or report.year in filters.year)
        and (not filters.report_id or report.id in filters.report_id)
    ]


def _courts_called(reports: Sequence[Report], name: str) -> list[Court]:
    wanted = normalize_name(name)
    courts = {report.court.key: report.court for report in reports}
    found = [
        court
        for court in courts.values()
        if any(normalize_name(alias) == wanted for alias in (court.name, court.key, *court.aliases))
    ]
    if not found:
        raise UnknownCourtError(name, [court.name for court in courts.values()])
    return found


def _allowed(store: Store, filters: Filters) -> Mask:
    return store.rows_of([report.id for report in reports_matching(store.reports(), filters)])


def _scored(
    store: Store, encoder: Encoder, query: str, mode: Mode, allowed: Mask | None
) -> tuple[Rows, Floats]:
    """Return candidate rows and their scores in 0-1, best first.

    A query in Latin letters alone shares no terms with Chinese reports but numbers and names: its lexical side
    looks for it in Chinese wordings, and where none occurs the dense side ranks it alone.
    """
    words, translated = lexical_query(query)
    share = TRANSLATED_WEIGHT if translated else LEXICAL_WEIGHT
    if mode is Mode.LEXICAL:
        found = store.lexical(words, POOL, allowed)
        return found.rows, found.scores
    vector = encoder.encode_queries([fold(query)])[0]
    if not vector.any():
        found = store.lexical(words, POOL, allowed)
        return found.rows, found.scores
    near = store.dense(vector, POOL, allowed)
    shared = store.lexical(words, POOL, allowed)
    if mode is Mode.DENSE or (translated and not len(shared.rows)):
        return near.rows, store.calibration.similarity(near.scores)
    if len(near.rows) < POOL:
        rows, dense = near.rows, near.scores
    else:
        rows = np.union1d(near.rows, shared.rows)
        dense = store.dense_scores(vector, rows)
    scores = share * store.lexical_scores(words, rows) + (1 - share) * store.calibration.similarity(dense)
    order = np.lexsort((rows, -scores))
    return rows[order], scores[order]


def _with_other_courts(
    store: Store,
    encoder: Encoder,
    query: str,
    mode: Mode,
    allowed: Mask | None,
    places: int,
    rows: Rows,
    scores: Floats,
) -> tuple[Rows, Floats]:
    """Add candidates of the courts that have none yet, while there are places for them."""
    reports = store.reports()
    while len(rows):
        found = {reports[position].court.key for position in np.unique(store.places(rows)[0])}
        others = store.rows_of([report.id for report in reports if report.court.key not in found])
        mask = others if allowed is None else others & allowed
        if len(found) >= places or not mask.any():
            break
        more, their_scores = _scored(store, encoder, query, mode, mask)
        if not len(more):
            break
        rows, scores = np.concatenate([rows, more]), np.concatenate([scores, their_scores])
    order = np.lexsort((rows, -scores))
    return rows[order], scores[order]


def _one_per_paragraph(
    rows: Rows, scores: Floats, positions: Rows, paragraphs: Rows, most: int | None
) -> list[Candidate]:
    """Return the best candidate of each paragraph, at most so many, best first."""
    seen: set[tuple[int, int]] = set()
    kept: list[Candidate] = []
    for i in range(len(rows)):
        if len(kept) == most:
            break
        key = (int(positions[i]), int(paragraphs[i]))
        if key not in seen:
            seen.add(key)
            kept.append(Candidate(int(rows[i]), float(scores[i]), key[0]))
    return kept


def _shared_out(ranked: list[Candidate], court_of: Sequence[str], top_k: int) -> list[Candidate]:
    """Give every court a share of the first `top_k` places, the rest to the best, in order of score."""
    share = max(1, top_k // (len({court_of[candidate.report] for candidate in ranked}) + 1))
    taken: Counter[str] = Counter()
    first: list[Candidate] = []
    rest: list[Candidate] = []
    for candidate in ranked:
        court = court_of[candidate.report]
        taken[court] += 1
        (first if taken[court] <= share else rest).append(candidate)
    return sorted((first + rest)[:top_k], key=lambda candidate: -candidate.score)


def _hit(
    store: Store, rank: int, candidate: Candidate, matched: Sequence[tuple[str, bool]], reranked: bool
) -> Hit:
    passage = store.passage(candidate.row)
    source = store.source(passage.source_id)
    if source is None:
        raise LookupError(f"passage {passage.id} has no source {passage.source_id}")
    return Hit(
        rank,
        round(candidate.score, 4),
        passage,
        _highlights(passage.text, matched),
        cite(passage, source),
        reranked,
    )


_folded = lru_cache(4096)(fold)


@lru_cache(1024)
def _latin_runs(text: str) -> list[list[Term]]:
    """Return a text's unbroken runs of Latin words and numbers, each as its terms."""
    runs: list[list[Term]] = []
    for term in terms(text):
        if has_han(term[0]):
            continue
        if runs and runs[-1][-1][2] == term[1]:
            runs[-1].append(term)
        else:
            runs.append([term])
    return runs


def _whole_words(text: str, wanted: set[str]) -> list[tuple[int, int]]:
    """Return the spans of a text's runs of Latin words and numbers, all of whose terms are wanted."""
    return [(run[0][1], run[-1][2]) for run in _latin_runs(text) if all(term in wanted for term, _, _ in run)]


def _highlights(text: str, matched: Sequence[tuple[str, bool]]) -> tuple[tuple[int, int], ...]:
    """Return the merged spans of a text where the query's terms stand; words and numbers only whole."""
    folded = _folded(text)
    whole = {term for term, han in matched if not han and term in folded}
    found = _whole_words(text, whole) if whole else []
    for term, han in matched:
        start = folded.find(term) if han else -1
        while start >= 0:
            found.append((start, start + len(term)))
            start = folded.find(term, start + 1)
    if not found:
        return ()
    found.sort()
    spans: list[tuple[int, int]] = []
    low, high = found[0]
    for start, end in found:
        if start > high:
            spans.append((low, high))
            low, high = start, end
        elif end > high:
            high = end
    spans.append((low, high))
    return tuple(spans)
