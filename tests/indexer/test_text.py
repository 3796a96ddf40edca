"""Folding, terms and sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.text import fold, has_han, sentences, squeeze, terms

MIXED = st.text(
    st.one_of(
        st.sampled_from("法院審判執行ＡＢｃ１２３①⑳㈠，。！？；“”’」）)\n\r ㎏ﬁ豈更⾺樂İßé.,"),
        st.characters(exclude_categories=["Cs"]),
    )
)


@given(MIXED)
def test_folding_keeps_every_character_at_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert [fold(char) for char in text] == list(fold(text))


def test_folding_twice_changes_nothing_more() -> None:
    every = "".join(chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000)
    assert fold(fold(every)) == fold(every)


@pytest.mark.parametrize(
    ("variant", "searched"),
    [
        ("人民法院審判執行", "人民法院审判执行"),
        ("ＡＰＰ１２３６８", "app12368"),
        ("（一）", "(一)"),
        ("①②", "12"),
        ("⾺樂更", "马乐更"),
        ("DÉBAT", "débat"),
    ],
)
def test_variants_of_width_case_and_script_fold_together(variant: str, searched: str) -> None:
    assert fold(variant) == searched


def test_characters_whose_other_form_is_longer_stay() -> None:
    assert fold("㎏ﬁ") == "㎏ﬁ"


@given(MIXED)
def test_a_term_stands_where_it_says(text: str) -> None:
    folded = fold(text)
    found = terms(text)
    assert all(folded[start:end] == term for term, start, end in found)
    assert [start for _, start, _ in found] == sorted(start for _, start, _ in found)


@given(MIXED)
def test_every_chinese_character_is_in_a_term(text: str) -> None:
    covered = {at for _, start, end in terms(text) for at in range(start, end)}
    assert {at for at, char in enumerate(fold(text)) if has_han(char)} <= covered


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("，。！", []),
        ("院", [("院", 0, 1)]),
        ("审判庭", [("审判", 0, 2), ("判庭", 1, 3)]),
        ("召开12次", [("召开", 0, 2), ("12", 2, 4), ("次", 4, 5)]),
        ("1,371.5万", [("1,371.5", 0, 7), ("万", 7, 8)]),
        ("App 更新", [("app", 0, 3), ("更新", 4, 6)]),
        ("５Ｇ网络", [("5", 0, 1), ("g", 1, 2), ("网络", 2, 4)]),
    ],
)
def test_terms_are_bigrams_words_and_numbers(text: str, expected: list[tuple[str, int, int]]) -> None:
    assert terms(text) == expected


@given(MIXED)
def test_sentences_cover_the_whole_text_in_order(text: str) -> None:
    spans = sentences(text)
    assert "".join(text[start:end] for start, end in spans) == text
    assert all(start < end for start, end in spans)
    assert [start for start, _ in spans[1:]] == [end for _, end in spans[:-1]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("立案快。审判准！执行实", ["立案快。", "审判准！", "执行实"]),
        ("他说：“案结了。”随后离开。", ["他说：“案结了。”", "随后离开。"]),
        ("真的吗？！是。", ["真的吗？！", "是。"]),
        ("一是快；二是准。", ["一是快；", "二是准。"]),
    ],
)
def test_a_sentence_ends_after_its_mark_and_closing_quotes(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == expected


def test_squeezing_removes_every_kind_of_space() -> None:
    assert squeeze(" 市\u3000三\xa0中\t院\n") == "市三中院"
