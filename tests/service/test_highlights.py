"""Which characters of a hit are marked."""

from __future__ import annotations

import pytest

from service.engine import Engine
from service.search import Mode


def marked(engine: Engine, query: str, holding: str) -> list[str]:
    """What is marked in the hit that holds certain words."""
    hits = engine.search(query, mode=Mode.HYBRID, top_k=100).hits
    (hit,) = [hit for hit in hits if holding in hit.passage.text]
    return [hit.passage.text[a:b] for a, b in hit.highlights]


@pytest.mark.parametrize("query", ["123", "2368", "热线1749", "接听7496", "236"])
def test_part_of_a_number_is_not_marked(engine: Engine, query: str) -> None:
    assert not [words for words in marked(engine, query, "17496次") if words.isdigit()]


def test_the_whole_part_of_a_decimal_is_not_marked(odd_engine: Engine) -> None:
    assert "16" not in "".join(marked(odd_engine, "归还率16", "16.5％"))
    assert "16.5" in "".join(marked(odd_engine, "归还率16.5", "16.5％"))


def test_part_of_a_latin_word_is_not_marked(odd_engine: Engine) -> None:
    assert "l" not in "".join(marked(odd_engine, "接待l", "&lt;"))
    assert "lt" in "".join(marked(odd_engine, "接待lt", "&lt;"))


@pytest.mark.parametrize("query", ["12368", "１２３６８", "12368热线", "热线12368"])
def test_a_number_beside_a_word_is_marked(engine: Engine, query: str) -> None:
    assert "12368" in "".join(marked(engine, query, "12368热线全年接听"))


def test_a_letter_beside_a_digit_is_marked_with_it_and_not_alone(odd_engine: Engine) -> None:
    assert "5G网络" in marked(odd_engine, "5G网络", "5G网络")
    assert "G" not in "".join(marked(odd_engine, "阅览室G", "5G网络"))
    assert "5" not in "".join(marked(odd_engine, "阅览室5", "5G网络"))


def test_words_that_follow_one_another_are_marked_as_one(engine: Engine) -> None:
    assert "廉政风险" in marked(engine, "廉政风险", "廉政风险299个")
    assert marked(engine, "贯彻落实措施552条", "552条").count("贯彻落实措施552条") == 1


def test_a_traditional_query_marks_the_simplified_words(engine: Engine) -> None:
    assert "贯彻落实措施" in marked(engine, "貫徹落實措施", "贯彻落实措施552条")


def test_nothing_is_marked_that_the_query_does_not_say(engine: Engine) -> None:
    query = "志愿服务时长"
    for hit in engine.search(query, top_k=100).hits:
        for start, end in hit.highlights:
            words = hit.passage.text[start:end]
            assert all(words[i : i + 2] in query for i in range(len(words) - 1))


def test_an_english_query_marks_no_chinese(engine: Engine) -> None:
    hits = engine.search("volunteer service").hits
    assert hits
    assert not any(hit.highlights for hit in hits)
