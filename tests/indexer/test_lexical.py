"""BM25 against ranks and scores computed by hand."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.lexical import K1, UNSEEN_WEIGHT, B, Lexical

TEXTS = ["审判", "审判审判管理", "执行", "执行管理12次", "App 更新 12 次"]
WORDS = st.text(st.sampled_from("审判执行管理法院 12ab，。"), max_size=20)


def ranked(texts: list[str], query: str) -> list[int]:
    scores = Lexical.build(texts).scores(query)
    return [int(row) for row in np.argsort(-scores, kind="stable") if scores[row] > 0]


def test_an_empty_corpus_scores_nothing() -> None:
    assert Lexical.build([]).scores("审判").shape == (0,)


@pytest.mark.parametrize("query", ["", " ", "，。", "\n"])
def test_a_query_without_terms_scores_nothing(query: str) -> None:
    assert not Lexical.build(TEXTS).scores(query).any()


def test_texts_without_terms_are_never_found() -> None:
    assert ranked(["", "，。", "审判"], "审判") == [2]


def test_scores_are_those_of_the_formula() -> None:
    texts = ["审判", "审判审判", "执行"]
    lengths = [1, 3, 1]  # bigrams: 审判 | 审判 判审 审判 | 执行
    mean = sum(lengths) / 3
    idf = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))

    def weight(frequency: int, length: int) -> float:
        return idf * frequency * (K1 + 1) / (frequency + K1 * (1 - B + B * length / mean))

    full = idf * 2 * (K1 + 1) / (2 + K1)
    expected = [weight(1, 1) / full, weight(2, 3) / full, 0]
    np.testing.assert_allclose(Lexical.build(texts).scores("审判"), expected, rtol=1e-5)


def test_a_rare_term_weighs_more_than_a_common_one() -> None:
    texts = ["案件审判", "案件执行", "案件立案", "案件信访", "渔港乡镇"]
    assert ranked(texts, "案件渔港")[0] == 4


def test_of_two_texts_with_a_term_once_the_shorter_is_better() -> None:
    assert ranked(["审判与一切其他工作情况介绍", "审判工作"], "审判") == [1, 0]


def test_of_two_texts_of_one_length_the_one_with_more_of_a_term_is_better() -> None:
    assert ranked(["审判，立案，信访", "审判，审判，信访"], "审判") == [1, 0]


def test_more_of_the_querys_terms_are_better() -> None:
    assert ranked(["审判立案", "审判执行", "信访接待"], "审判执行") == [1, 0]


def test_one_chinese_character_finds_every_word_that_holds_it() -> None:
    assert set(ranked(TEXTS, "判")) == {0, 1}
    assert set(ranked(TEXTS, "理")) == {1, 3}


def test_numbers_and_latin_words_match_whole_and_in_any_case_or_width() -> None:
    assert set(ranked(TEXTS, "１２")) == {3, 4}
    assert ranked(TEXTS, "1") == []
    assert ranked(TEXTS, "APP") == [4]
    assert ranked(TEXTS, "ap") == []


def test_traditional_characters_find_simplified_ones() -> None:
    assert ranked(TEXTS, "執行") == ranked(TEXTS, "执行")


def test_repeating_a_word_in_the_query_changes_nothing() -> None:
    lexical = Lexical.build(TEXTS)
    np.testing.assert_array_equal(lexical.scores("执行，执行"), lexical.scores("执行"))


def test_words_the_corpus_lacks_lower_the_score_by_their_quarter_and_keep_the_order() -> None:
    lexical = Lexical.build(TEXTS)
    plain, padded = lexical.scores("执行"), lexical.scores("执行，渔")
    known = math.log(1 + (5 - 2 + 0.5) / (2 + 0.5))
    unseen = math.log(1 + (5 + 0.5) / 0.5) * UNSEEN_WEIGHT
    np.testing.assert_allclose(padded, plain * known / (known + unseen), rtol=1e-5)


@given(st.lists(WORDS, max_size=8), WORDS)
def test_scores_lie_between_nought_and_one(texts: list[str], query: str) -> None:
    scores = Lexical.build(texts).scores(query)
    assert scores.shape == (len(texts),)
    assert np.isfinite(scores).all()
    assert ((scores >= 0) & (scores <= 1)).all()


@given(st.lists(WORDS, min_size=1, max_size=8), st.integers(0, 7))
def test_a_text_with_terms_finds_itself(texts: list[str], at: int) -> None:
    text = texts[at % len(texts)]
    scores = Lexical.build(texts).scores(text)
    if any(map(str.isalnum, text)):
        assert scores[at % len(texts)] > 0


@pytest.mark.parametrize("texts", [TEXTS, [], [""]])
def test_a_saved_index_answers_as_the_one_that_was_built(tmp_path: Path, texts: list[str]) -> None:
    built = Lexical.build(texts)
    built.save(tmp_path)
    opened = Lexical.open(tmp_path)
    for query in ("审判管理", "判", "12", "App", "渔港", ""):
        np.testing.assert_array_equal(opened.scores(query), built.scores(query))


def test_concepts_without_wordings_score_nothing() -> None:
    assert not Lexical.build(TEXTS).scores(()).any()
    assert not Lexical.build(TEXTS).scores(((("水稻", 1.0),), (("", 1.0),))).any()


def test_a_concept_of_one_wording_scores_as_the_term_itself() -> None:
    index = Lexical.build(TEXTS)
    np.testing.assert_allclose(index.scores(((("审判", 1.0),),)), index.scores("审判"), rtol=1e-5)


def test_frequencies_of_wordings_are_added_up_by_weight() -> None:
    texts = ["审判", "执行", "审判执行"]
    lengths = np.array([1, 1, 3])
    norm = K1 * (1 - B + B * lengths / lengths.mean())
    frequency = np.array([1, 0.5, 1.5]) / norm
    df = 2 + 0.5 * 2
    idf = math.log(1 + (3 - df + 0.5) / (df + 0.5))
    expected = idf * (K1 + 1) * frequency / (frequency + 1) / (idf * 2 * (K1 + 1) / (2 + K1))
    found = Lexical.build(texts).scores(((("审判", 1.0), ("执行", 0.5)),))
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_a_wording_of_several_terms_needs_all_of_them() -> None:
    found = Lexical.build(["整改措施", "整改情况措施", "整改"]).scores(((("整改措施", 1.0),),))
    assert found[0] > 0
    assert not found[1:].any()


@given(
    st.lists(WORDS, max_size=6), st.lists(st.lists(st.tuples(WORDS, st.floats(0, 1)), max_size=3), max_size=3)
)
def test_concept_scores_lie_between_0_and_1(
    texts: list[str], concepts: list[list[tuple[str, float]]]
) -> None:
    scores = Lexical.build(texts).scores(tuple(map(tuple, concepts)))
    assert ((scores >= 0) & (scores <= 1)).all()
