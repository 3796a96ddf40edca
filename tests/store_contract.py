"""What every store must do. Inherit from StoreContract and give it a `store` fixture of CORPUS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from indexer.lexical import Lexical
from indexer.passages import inputs_of, passages_of
from indexer.records import Passage, Report
from indexer.reports import parse
from indexer.store import Store
from indexer.store.base import Floats, Mask, Ranking
from models.encoder import Vectors
from tests.samples import OTHER, REPORT, source

SOURCES = (source(REPORT, "甲.txt"), source(OTHER, "乙.txt"))


class CharacterEncoder:
    """Counts characters: texts are alike as far as their characters are, which can be worked out by hand."""

    name = "characters"
    fingerprint = "characters-1"
    dims = 64
    window_chars = 40
    blocking = False

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self.encode_passages(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dims), dtype=np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            for char in text:
                vector[ord(char) % self.dims] += 1
            length = np.linalg.norm(vector)
            if length:
                vector /= length
        return vectors


ENCODER = CharacterEncoder()


def records() -> tuple[list[Report], list[Passage]]:
    """The reports and numbered passages that a store of SOURCES holds."""
    reports = [report for one in SOURCES for report in parse(one)]
    passages = [passage for report in reports for passage in passages_of(report)]
    return reports, [replace(passage, row=row) for row, passage in enumerate(passages)]


REPORTS, PASSAGES = records()
QUERY: Floats = ENCODER.encode_queries(["渔港巡回审判点方便群众就近诉讼"])[0]
WORDS = "渔港巡回审判"


def mask(*rows: int) -> Mask:
    allowed = np.zeros(len(PASSAGES), dtype=np.bool_)
    allowed[list(rows)] = True
    return allowed


def expected_dense() -> Floats:
    """The cosine of QUERY to each passage: that of the nearest text embedded for it."""
    return np.array(
        [
            (ENCODER.encode_passages(inputs_of(passage, ENCODER.window_chars).embedded) @ QUERY).max()
            for passage in PASSAGES
        ],
        dtype=np.float32,
    )


def expected_lexical(query: str = WORDS) -> Floats:
    return Lexical.build([inputs_of(p, ENCODER.window_chars).lexical for p in PASSAGES]).scores(query)


def check_ranking(found: Ranking, scores: Floats, k: int, allowed: Mask | None = None) -> None:
    """Assert that a ranking is the k best of the scores, in order, each row once."""
    possible = [r for r in range(len(scores)) if allowed is None or allowed[r]]
    best = sorted((float(scores[r]) for r in possible), reverse=True)[:k]
    rows = found.rows.tolist()
    assert len(set(rows)) == len(rows) == len(best)
    assert set(rows) <= set(possible)
    np.testing.assert_allclose(found.scores, best, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(found.scores, scores[found.rows], rtol=1e-4, atol=1e-6)
    assert all(first >= second for first, second in pairwise(found.scores.tolist()))


class StoreContract:
    """Inherited by the tests of each store."""

    @pytest.mark.parametrize("row", [-1, len(PASSAGES), 10**9])
    def test_a_row_that_does_not_exist_is_an_index_error(self, store: Store, row: int) -> None:
        with pytest.raises(IndexError):
            store.passage(row)

    def test_a_source_that_does_not_exist_is_none(self, store: Store) -> None:
        assert store.source("0" * 16) is None
        assert store.source("") is None

    def test_it_holds_every_passage_whole(self, store: Store) -> None:
        assert len(store) == len(PASSAGES)
        assert [store.passage(row) for row in range(len(store))] == PASSAGES

    def test_it_holds_every_report_whole_in_order(self, store: Store) -> None:
        assert list(store.reports()) == REPORTS

    def test_it_holds_every_source_whole(self, store: Store) -> None:
        assert [store.source(one.id) for one in SOURCES] == list(SOURCES)

    def test_it_says_which_encoder_made_it(self, store: Store) -> None:
        assert store.encoder_fingerprint == ENCODER.fingerprint
        assert store.generation

    @pytest.mark.parametrize("k", [1, 3, len(PASSAGES), len(PASSAGES) + 50])
    def test_dense_ranks_by_cosine(self, store: Store, k: int) -> None:
        check_ranking(store.dense(QUERY, k), expected_dense(), k)

    def test_every_text_embedded_for_a_passage_finds_it(self, store: Store) -> None:
        for passage in PASSAGES:
            for vector in ENCODER.encode_queries(inputs_of(passage, ENCODER.window_chars).embedded):
                found = store.dense(vector, 1)
                assert found.rows.tolist() == [passage.row]
                assert found.scores[0] == pytest.approx(1, abs=1e-5)

    def test_a_vector_that_points_away_has_negative_scores(self, store: Store) -> None:
        found = store.dense(-QUERY, len(PASSAGES))
        assert (found.scores < 0).all()
        assert len(set(found.rows.tolist())) == len(PASSAGES)
        np.testing.assert_allclose(found.scores, np.sort(store.dense_scores(-QUERY, found.rows))[::-1])

    @pytest.mark.parametrize("rows", [(0,), (2, 5), (1, 3, 7), tuple(range(len(PASSAGES)))])
    @pytest.mark.parametrize("k", [1, 2, 100])
    def test_dense_under_a_filter_ranks_the_allowed_alone(
        self, store: Store, rows: tuple[int, ...], k: int
    ) -> None:
        check_ranking(store.dense(QUERY, k, mask(*rows)), expected_dense(), k, mask(*rows))

    def test_nothing_is_found_where_nothing_is_allowed_or_asked_for(self, store: Store) -> None:
        for found in (
            store.dense(QUERY, 5, mask()),
            store.dense(QUERY, 0),
            store.lexical(WORDS, 5, mask()),
            store.lexical(WORDS, 0),
        ):
            assert len(found.rows) == len(found.scores) == 0

    def test_dense_scores_are_those_of_the_ranking_in_any_order(self, store: Store) -> None:
        found = store.dense(QUERY, len(PASSAGES))
        for rows in (found.rows, found.rows[::-1].copy(), found.rows[2:4], np.array([3, 3, 0])):
            np.testing.assert_allclose(store.dense_scores(QUERY, rows), expected_dense()[rows], rtol=1e-4)
        assert store.dense_scores(QUERY, np.zeros(0, np.int64)).shape == (0,)

    @pytest.mark.parametrize("k", [1, 3, 100])
    def test_lexical_ranks_the_passages_that_share_a_term(self, store: Store, k: int) -> None:
        scores = expected_lexical()
        sharing = int((scores > 0).sum())
        assert 1 < sharing < len(PASSAGES)
        check_ranking(store.lexical(WORDS, k), scores, min(k, sharing))

    def test_lexical_scores_lie_above_nought_and_up_to_one(self, store: Store) -> None:
        found = store.lexical(WORDS, 100)
        assert ((found.scores > 0) & (found.scores <= 1)).all()

    @pytest.mark.parametrize("query", ["", "，。", "zebra", "鳄"])
    def test_a_query_that_shares_no_term_finds_nothing(self, store: Store, query: str) -> None:
        assert len(store.lexical(query, 10).rows) == 0
        assert not store.lexical_scores(query, np.arange(len(PASSAGES))).any()

    @pytest.mark.parametrize("k", [1, 100])
    def test_lexical_under_a_filter_ranks_the_allowed_alone(self, store: Store, k: int) -> None:
        best = int(expected_lexical().argmax())
        allowed = mask(*(set(range(len(PASSAGES))) - {best}))
        scores = np.where(allowed, expected_lexical(), 0)
        check_ranking(store.lexical(WORDS, k, allowed), scores, min(k, int((scores > 0).sum())), allowed)

    def test_a_filter_leaves_nothing_behind_for_the_next_query(self, store: Store) -> None:
        before = store.lexical(WORDS, 100)
        store.lexical(WORDS, 100, mask(0))
        store.dense(QUERY, 100, mask(0))
        after = store.lexical(WORDS, 100)
        assert after.rows.tolist() == before.rows.tolist()
        np.testing.assert_array_equal(after.scores, before.scores)
        check_ranking(store.dense(QUERY, 100), expected_dense(), 100)

    def test_lexical_scores_are_those_of_the_ranking(self, store: Store) -> None:
        rows = np.arange(len(PASSAGES))[::-1].copy()
        np.testing.assert_allclose(store.lexical_scores(WORDS, rows), expected_lexical()[rows], rtol=1e-5)

    def test_rows_of_a_report_are_its_passages(self, store: Store) -> None:
        for report in REPORTS:
            rows = [p.row for p in PASSAGES if p.report_id == report.id]
            assert np.flatnonzero(store.rows_of([report.id])).tolist() == rows
        assert store.rows_of([report.id for report in REPORTS]).all()

    def test_unknown_reports_have_no_rows(self, store: Store) -> None:
        for ids in ([], ["nobody-1"]):
            found = store.rows_of(ids)
            assert found.shape == (len(PASSAGES),)
            assert not found.any()

    def test_places_name_report_and_paragraph(self, store: Store) -> None:
        rows = np.array([p.row for p in reversed(PASSAGES)])
        reports, paragraphs = store.places(rows)
        assert [REPORTS[at].id for at in reports.tolist()] == [p.report_id for p in reversed(PASSAGES)]
        assert paragraphs.tolist() == [p.paragraph for p in reversed(PASSAGES)]

    def test_closing_it_lets_go(self, store: Store) -> None:
        store.close()
        with pytest.raises(Exception, match="closed"):
            store.passage(len(PASSAGES) - 1)
