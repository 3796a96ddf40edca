"""What the lexical side looks up: the genre's other words, and Chinese wordings of English."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.lexical import Lexical
from service.english_lexicon import in_chinese
from service.expansion import expanded, in_chinese_wordings, lexical_query


@pytest.mark.parametrize("query", ["", " ", "？！", "12", "鲸鱼", "2021"])
def test_a_query_for_which_the_lexicon_has_nothing_stays_as_it_is(query: str) -> None:
    assert lexical_query(query) == (query, False)


@given(st.text(max_size=40))
def test_any_text_can_be_looked_up(query: str) -> None:
    scores = Lexical.build(["党组会议研究协作事宜", "court 12"]).scores(lexical_query(query)[0])
    assert ((scores >= 0) & (scores <= 1)).all()


def test_another_wording_of_the_same_is_found_after_the_one_asked_with() -> None:
    texts = ["召开座谈会", "举行座谈会", "种植水稻"]
    assert not Lexical.build(texts).scores("召开")[1]
    one, other, none = Lexical.build(texts).scores(expanded("召开"))
    assert one >= other > none == 0


def test_everyday_words_bring_those_of_reports_too() -> None:
    index = Lexical.build(["要求填报过问案件情况", "有人递条子", "种植水稻"])
    reported, said, none = index.scores(expanded("递条子"))
    assert min(said, reported) > none == 0


def test_an_english_query_is_looked_up_in_chinese() -> None:
    texts = ["教师节慰问教师", "整改措施三十条", "桥梁垮塌一案", "种植水稻"]
    for query, row in (("teachers", 0), ("rectification measures", 1), ("the bridge that fell down", 2)):
        words, translated = lexical_query(query)
        assert translated
        scores = Lexical.build(texts).scores(words)
        assert scores.argmax() == row
        assert scores[row] > 0


def test_words_of_a_term_of_the_genre_are_not_translated_one_by_one() -> None:
    wordings = [concept[0][0] for concept in in_chinese_wordings("rectification measures of teachers")]
    assert "整改" in wordings
    assert "teachers" in wordings
    assert "measures" not in wordings


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("party group meetings", "党组会议"),
        ("what the party group decided", "党组"),
        ("typical cases published", "典型案例"),
        ("long pending cases", "长期未结案件"),
        ("judges' workstations", "法官工作室"),
        ("the inspection team", "巡察组"),
        ("volunteer teams", "志愿服务队"),
        ("reminder talks", "谈话提醒"),
        ("deputies to the people's congress", "人大代表"),
    ],
)
def test_a_term_of_several_words_goes_before_the_terms_within_it(question: str, words: str) -> None:
    assert in_chinese(question)[0] == words
