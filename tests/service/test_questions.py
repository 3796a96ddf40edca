"""What a question asks for is read from its words."""

from __future__ import annotations

import pytest

from indexer.courts import court_of
from service.questions import Kind, parse_question

COURTS = [
    court_of("青禾市第一中级人民法院", None),
    court_of("青禾市第二中级人民法院", None),
    court_of("青禾市东岸区人民法院", None),
]


def parsed(text: str) -> object:
    return parse_question(text, COURTS, {2023, 2024})


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("各院整改措施有多少条", Kind.COUNT),
        ("开了几次党组会", Kind.COUNT),
        ("哪家法院的志愿服务最多", Kind.COMPARE),
        ("一中院比二中院多多少件", Kind.COMPARE),
        ("列出东岸法院得的奖及数量", Kind.LIST),
        ("怎么方便残疾人立案", Kind.PASSAGE),
        ("How many cases did the court close?", Kind.COUNT),
        ("Which court held the most meetings?", Kind.COMPARE),
        ("一中院和二中院，哪边旁听人次更多", Kind.COMPARE),
        ("特约监督员一中院和二中院哪家多", Kind.COMPARE),
        ("党员占全院干警的比例是多少", Kind.COUNT),
    ],
)
def test_the_kind_of_a_question(text: str, kind: Kind) -> None:
    assert parse_question(text, COURTS, {2024}).kind is kind


@pytest.mark.parametrize(
    "name", ["一中院", "1中院", "市一中院", "第一中级人民法院", "青禾市第一中级人民法院", "市一中法院"]
)
def test_a_court_is_known_under_its_names(name: str) -> None:
    question = parse_question(f"{name}审结多少案件", COURTS, {2024})
    assert [court.name for court in question.courts] == ["青禾市第一中级人民法院"]
    assert question.strangers == ()
    assert not question.each_court


def test_a_court_that_is_not_in_the_index_is_a_stranger() -> None:
    question = parse_question("第四中级人民法院制定了多少条整改措施", COURTS, {2024})
    assert question.courts == ()
    assert question.strangers == ("第四中级人民法院",)


@pytest.mark.parametrize("name", ["青溪县人民法院", "西河区法院", "天山市二中院"])
def test_another_courts_name_is_not_read_as_the_short_form_of_one_that_is(name: str) -> None:
    question = parse_question(f"{name}制定了多少条整改措施", COURTS, {2024})
    assert question.courts == ()
    assert question.strangers == (name,)


def test_an_ordinal_in_english_names_a_court() -> None:
    question = parse_question("How many measures did the Second Intermediate Court adopt?", COURTS, {2024})
    assert [court.name for court in question.courts] == ["青禾市第二中级人民法院"]


@pytest.mark.parametrize(
    ("text", "objects", "unit"),
    [
        ("各院整改措施有多少条", ("整改措施",), "条"),
        ("各院制定了多少条整改措施", ("整改措施",), "条"),
        ("东岸法院志愿服务搞了几次", ("志愿服务",), "次"),
        ("为基层减负的措施各院各有几条", ("措施",), "条"),
        ("东岸法院有几名法官当法治副校长", ("法官",), "名"),
        ("东岸法院转化多少成果", ("成果",), None),
        ("东岸法院结案率提高了多少", ("结案率",), None),
        ("东岸法院案件平均审理天数是多少", ("案件平均审理天数",), None),
        ("召开党组会次数最多的法院比最少的多几次", ("党组会",), "次"),
        ("聘任特约监督员，一中院和二中院哪家人多", ("特约监督员",), "人"),
        ("东岸法院办结多少", ("办结案件",), None),
        ("旁听庭审人次最多的是哪个法院", ("旁听庭审",), "人次"),
    ],
)
def test_the_counted_object_and_its_unit(text: str, objects: tuple[str, ...], unit: str | None) -> None:
    ask = parse_question(text, COURTS, {2024}).asks[0]
    assert (ask.objects, ask.unit) == (objects, unit)


def test_several_numbers_asked_in_a_row_are_several_asks() -> None:
    asks = parse_question("东岸法院走访多少次、解决多少困难、发了多少司法建议", COURTS, {2024}).asks
    assert [ask.objects for ask in asks] == [("走访",), ("困难",), ("司法建议",)]


def test_a_part_without_an_object_asks_about_the_one_before() -> None:
    first, second = parse_question("东岸法院办了几期培训班，有多少人次参加", COURTS, {2024}).asks
    assert first.objects == second.objects == ("培训班",)
    assert (second.unit, second.inherited) == ("人次", True)


def test_several_things_asked_in_english_are_several_asks() -> None:
    text = "How many integrity risks were found, and how many preventive measures were set?"
    assert [ask.objects for ask in parse_question(text, COURTS, {2024}).asks] == [
        ("廉政风险",),
        ("防控措施",),
    ]


def test_a_quoted_name_must_occur() -> None:
    (ask,) = parse_question("“以案四说”的措施有几条", COURTS, {2024}).asks
    assert ask.names == ("以案四说",)


def test_a_year_limits_reports_but_not_when_it_qualifies_an_assessment() -> None:
    assert parse_question("2023年各院整改措施多少条", COURTS, {2023, 2024}).years == (2023,)
    assert parse_question("针对2022年度考核反馈的整改措施多少条", COURTS, {2023}).years == ()


def test_a_figure_in_the_question_is_looked_up() -> None:
    assert parse_question("５５２条贯彻落实措施是哪家法院制定的", COURTS, {2024}).number == 552


@pytest.mark.parametrize("named", ["白崖市中级人民法院", "白崖市中院", "白崖中院", "白崖县人民法院"])
def test_a_court_that_no_report_is_of_is_not_taken_for_one_of_its_kind(named: str) -> None:
    courts = [court_of("衡阑市中级人民法院", None), court_of("澄泊县人民法院", None)]
    question = parse_question(f"{named}2022年结了多少案", courts, {2022})
    assert question.courts == ()
    assert question.strangers == (named,)


@pytest.mark.parametrize("asked", ["今年市中院开了几次会", "市中院开了几次会", "衡阑那边开了几次会"])
def test_a_short_name_after_a_time_is_still_the_court(asked: str) -> None:
    court = court_of("衡阑市中级人民法院", None)
    question = parse_question(asked, [court], {2022})
    assert (question.courts, question.strangers) == ((court,), ())
