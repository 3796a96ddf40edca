"""English sentences read in the words of what they cite: which Chinese word an English one may stand for, and what it turns."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.text import HAN
from service import english_terms
from service.cited_words import CitedWords
from service.english_gloss import glossed
from service.english_terms import LITTLE_WORDS, advised, in_cited_words

TABLE = english_terms._table()


def gloss(text: str, cited: str) -> str:
    return " ".join(glossed(text, [], cited).replace("　", " ").split())


def test_the_table_of_terms_is_well_formed() -> None:
    assert len(TABLE) > 1_500
    for chinese, names in TABLE.items():
        assert re.fullmatch(rf"[{HAN}]+", chinese), chinese
        assert all(re.search(r"[A-Za-z]", name) for name in names), chinese
        assert not LITTLE_WORDS & {name.lower() for name in names}, chinese


def test_no_word_is_read_across_two_cited_words() -> None:
    words = CitedWords("澜江市人民法院审结刑事案件742件")
    assert words.hold("刑事")
    assert words.hold("法院")
    assert words.hold("刑事案件")
    assert not words.hold("民法")
    assert not words.hold("结刑")


def test_a_single_character_is_read_as_a_whole_word_alone() -> None:
    assert not CitedWords("增强人民群众获得感").hold("获")
    assert CitedWords("文书获一等奖2篇").hold("获")


@pytest.mark.parametrize(
    ("english", "cited", "chinese"),
    [
        ("standards", "统一裁判标准", "标准"),
        ("Chengdong", "在城东人民法庭设置专窗", "城东"),
        ("guilty", "依法宣告14名被告人无罪", ""),
        ("civil", "审结刑事案件742件", ""),
        ("liquidation", "审结上市公司破产重整案件3件", ""),
        ("youngest", "选派12名年轻干警", ""),
    ],
)
def test_a_word_stands_for_a_cited_one_that_means_the_same_only(
    english: str, cited: str, chinese: str
) -> None:
    assert in_cited_words(english, CitedWords(cited)).strip() == (chinese or english)


def test_the_word_of_the_figure_beside_it_is_read_first() -> None:
    cited = CitedWords("共提出整改措施60条，明确整改措施56条，细化为整改措施39条")
    assert in_cited_words("specified 56 measures", cited).split()[0] == "明确"
    assert in_cited_words("detailed 39 measures", cited).split()[0] == "细化"


@pytest.mark.parametrize(
    ("said", "cited", "chinese"),
    [
        ("from 11 March to 10 May 2024", "2024年3月11日至5月10日", "2024年3月11日至5月10日"),
        ("on January 5, 2024", "2024年1月5日反馈", "2024年1月5日"),
        ("rose by 5.3% and 7.9% year on year respectively", "同比分别上升5.3％和7.9％", "同比分别上升5.3%、7.9%"),
        ("was shortened by 11 days compared with the previous year", "较上年缩短11天", "同比缩短11天"),
        ("rose from 58% in the previous year to 86%", "由上年的58％升至86％", "上年 由58%升至86%"),
        ("held 9 sessions of training", "举办培训班九期", "举办 培训9期"),
        ("27 more than the year before", "比上年多27件", ", 比上年多27"),
        ("fewer than in the previous year", "上年为53次", "少于 上年"),
        ("handed over 15 petitions to the inspection team", "巡察组移交的信访件15件", "移交 信访件15向 巡察组"),
        ("63 cases", "案件9件63人", "案件63件"),
    ],
)  # fmt: skip
def test_what_turns_the_sense_is_put_as_chinese_has_it(said: str, cited: str, chinese: str) -> None:
    assert gloss(said, cited) == chinese


def test_english_is_advised_for_the_longest_words_of_the_table() -> None:
    assert advised("向43名困难当事人发放司法救助金96.5万元") == {
        "困难当事人": "parties in difficulty",
        "发放": "issued",
        "司法救助金": "judicial relief funds",
    }


@given(st.text(max_size=120), st.text(max_size=60))
def test_any_text_can_be_read_in_any_cited_words(said: str, cited: str) -> None:
    assert isinstance(glossed(said, [], cited), str)
