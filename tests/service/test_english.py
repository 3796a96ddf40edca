"""Courts by their English names, answers in English, and English sentences in the reports' terms."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from indexer.courts import court_of
from indexer.records import Court
from service.cards import as_markdown
from service.chat import answer_turn
from service.engine import Engine
from service.english_courts import courts_in_english, english_name
from service.english_gloss import glossed, is_english
from service.english_wording import figure
from service.search import Filters

COURTS = {
    name: court_of(title, own)
    for name, title, own in (
        ("ze", "泽安市中级人民法院", None),
        ("hu", "澄湖市中级人民法院", None),
        ("three", "某市中级人民法院", "市三中院"),
        ("one", "某市第一中级人民法院", None),
        ("liu", "澜江市柳溪区人民法院", None),
        ("high", "云岭省高级人民法院", None),
        ("sea", "宁州海事法院", None),
    )
}
ALL = list(COURTS.values())


@pytest.mark.parametrize(
    ("court", "name"),
    [
        ("ze", "Ze'an Intermediate People's Court (泽安市中级人民法院)"),
        ("three", "No. 3 Intermediate People's Court (某市中级人民法院)"),
        ("liu", "Liuxi District People's Court (澜江市柳溪区人民法院)"),
        ("high", "Yunling High People's Court (云岭省高级人民法院)"),
        ("sea", "Ningzhou Maritime Court (宁州海事法院)"),
    ],
)
def test_a_court_has_an_english_name(court: str, name: str) -> None:
    assert english_name(COURTS[court]) == name


def test_a_court_of_no_known_place_keeps_its_own_name() -> None:
    assert english_name(Court("某某人民法院", "某某人民法院", "基层", ())) == "某某人民法院"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("How many cases did the Ze'an Intermediate People's Court conclude?", ["ze"]),
        ("How many cases did zean court conclude?", ["ze"]),
        ("the intermediate people's court of Chenghu City", ["hu"]),
        ("What did Ze'an do, and the Chenghu court?", ["hu"]),
        ("cases in Chenghu in 2022", ["hu"]),
        ("the No. 3 Intermediate Court", ["three"]),
        ("the first intermediate court", ["one"]),
        ("liuxi district court cases", ["liu"]),
        ("the Yunling High Court", ["high"]),
        ("the maritime court", ["sea"]),
        ("measures of the first and the third intermediate court", ["one", "three"]),
        ("How many did the third, and first intermediate people's courts draw up?", ["three", "one"]),
        ("No. 1 or No. 3 Intermediate Court", ["one", "three"]),
        ("Which court has the most?", []),
    ],
)
def test_courts_are_found_by_english_names(words: str, found: list[str]) -> None:
    courts, strangers, _ = courts_in_english(words, ALL, every="Which" in words)
    assert [court.key for court in courts] == [COURTS[name].key for name in found]
    assert not strangers


@pytest.mark.parametrize(
    ("words", "stranger"),
    [
        ("How many cases did the Haizhou Intermediate Court conclude?", "Haizhou Intermediate Court"),
        ("the second intermediate court", "second intermediate court"),
        ("the Supreme People's Court", "Supreme People's Court"),
        ("How many cases did the Supreme People's Court hear?", "Supreme People's Court"),
    ],
)
def test_an_english_name_of_another_court_is_a_stranger(words: str, stranger: str) -> None:
    assert courts_in_english(words, ALL, every=False)[:2] == ((), (stranger,))


@pytest.mark.parametrize(
    "words",
    [
        "How did the courts carry out the opinions of the Supreme People's Court?",
        "What was done to follow the Supreme People's Court's decision?",
    ],
)
def test_the_supreme_court_is_no_stranger_where_others_follow_it(words: str) -> None:
    assert courts_in_english(words, ALL, every=False)[:2] == ((), ())


@pytest.mark.parametrize(
    "question",
    [
        "How many volunteer services did each court organise?",
        "Which court drew up the most rectification measures?",
        "How many rectification measures did the second intermediate court draw up?",
        "How many ships were arrested?",
        "What did the first intermediate court do about volunteer services?",
        "How many measures did the Haizhou Intermediate Court draw up?",
        "How many volunteer services in 2019?",
        "List the prizes of each court",
        "What are the shortcomings of the second intermediate court?",
    ],
)
def test_only_names_and_quotations_of_an_english_answer_are_chinese(engine: Engine, question: str) -> None:
    text = engine.answer(question).text
    bare = re.sub(r"“.*?”(?=\[|\)\[|；|;|$)", "", text, flags=re.MULTILINE)
    bare = re.sub(r"[（(][^()（）]*法院[)）]", "", bare)
    assert not re.search(r"[一-鿿：。；、]", bare), text


def test_what_has_little_to_do_with_an_english_question_is_said_to_be_only_the_nearest(
    engine: Engine,
) -> None:
    text = engine.answer("what is quantum entanglement").text
    assert text.startswith("Nothing speaks of this directly")
    assert engine.answer("How is warning education done?").text.startswith("The reports say")


@pytest.mark.parametrize(
    ("text", "number", "unit", "approx", "said"),
    [
        ("1", 1, "人", None, "1 person"),
        ("2", 2, "人", None, "2 people"),
        ("1", 1, "次", None, "1 time"),
        ("三分之一", 1 / 3, "分之一", "超", "over 1/3"),
        ("12.6万", 12.6, "万元", "近", "nearly 126000 yuan"),
    ],
)
def test_figures_are_told_in_english(
    engine: Engine, text: str, number: float, unit: str, approx: str | None, said: str
) -> None:
    _, (fact, *_) = engine.facts(limit=1)
    told = replace(fact.fact, number_text=text, number=number, unit=unit, approx=approx, upper=None)
    assert figure(told) == said


def test_cards_are_headed_in_the_language_of_the_turn(engine: Engine) -> None:
    turn = answer_turn(engine, ["How many volunteer services did each court organise?"], Filters())
    card = as_markdown(turn, "http://x", 20_000)
    assert "**Citations**" in card
    assert "para. 7" in card
    assert "引注" not in card


@pytest.mark.parametrize(
    ("english", "terms"),
    [
        (
            "Ze'an Intermediate Court concluded twenty-seven bankruptcy cases.",
            ["泽安市中级人民法院", "27", "破产案件"],
        ),
        ("Chenghu recovered one billion two hundred million yuan.", ["澄湖市中级人民法院", "1200000000元"]),
        ("Cases rose by nearly 8.3 per cent year on year.", ["上升近8.3%", "同比"]),
        ("Ze'an ranked third.", ["排名第三"]),
        ("No case was concluded.", ["无"]),
        ("Ze'an had more cases than Chenghu.", ["多于"]),
        ("The Haizhou Intermediate Court held three meetings.", ["外地法院", "3"]),
        ("Over two thousand people took part.", ["超2000人"]),
    ],
)
def test_english_is_put_into_the_reports_terms(english: str, terms: list[str]) -> None:
    text = glossed(english, ALL, "")
    assert [term for term in terms if term not in text] == [], text


@pytest.mark.parametrize(
    ("words", "english"),
    [
        ("Ze'an concluded 27 cases (“审结破产案件27件”).", True),
        ("泽安中院审结27件。", False),
        ("泽安中院建成online系统。", False),
    ],
)
def test_english_sentences_are_told_from_chinese(words: str, english: bool) -> None:
    assert is_english(words) is english
