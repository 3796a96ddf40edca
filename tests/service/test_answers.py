"""Answers: figures by court with a ledger, comparisons, near wordings apart, quotations, refusals."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.build import build
from models import Encoder
from service.answers import Answer
from service.engine import Engine
from service.search import Filters

EAST = """青禾市东岸区人民法院党组2024年落实全面从严治党主体责任情况报告
2024年，区法院党组全面履行职责。
一、强化整改
针对巡察反馈意见，制定整改措施46条。结合专项治理，细化整改措施14条，提出整治举措9条。
组织志愿服务64次，旁听庭审350余人次。接待来访群众410人次，同比增加35人次。召开党组会二十六次，上年召开党组会19次。
开展廉政谈话84人次，其中任前廉政谈话12人次。区检察院全年提出检察建议5件。
二、服务群众
为残障人士开辟绿色通道，提供上门立案服务，让行动不便的当事人少跑路。
"""
WEST = """青禾市西陵县人民法院党组2024年落实全面从严治党主体责任情况报告
2024年，县法院党组坚持从严管理。
一、抓实整改
对照检查发现问题12个，制定整改措施21项。召开党组会41次，开展廉政谈话126人次，任前廉政谈话19人次。
二、加强宣传
通过巡回审判、送法下乡等方式，把法治讲座办到田间地头。审结涉农案件214件、涉企案件96件，行政机关负责人出庭应诉率94%，行政机关败诉31件，败诉率13%。涉农案件平均审理天数由上年的61天缩短至48天，调解率72%，2023年为68%。
2025年，县法院将重点抓好以下工作：一是召开座谈会不少于6次；二是将涉农案件平均审理天数降至45天以内。
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, builtin_encoder: Encoder) -> Engine:
    folder = tmp_path_factory.mktemp("answers")
    (folder / "east.txt").write_text(EAST, encoding="utf-8")
    (folder / "west.txt").write_text(WEST, encoding="utf-8")
    build([folder], folder / "index", builtin_encoder, max_bytes=10**6)
    return Engine(folder / "index")


def stated(answer: Answer) -> dict[str, list[float]]:
    return {entry.court.name: [cited.fact.number for cited in entry.facts] for entry in answer.courts}


def test_a_count_lists_every_courts_figures_and_marks_the_sum_as_ours(engine: Engine) -> None:
    answer = engine.answer("各院整改措施有多少条")
    assert stated(answer) == {"青禾市东岸区人民法院": [46, 14], "青禾市西陵县人民法院": [21]}
    assert [entry.total for entry in answer.courts] == [60, 21]
    assert "本系统相加" in answer.text


def test_a_near_wording_is_offered_apart_and_counted_in_nothing(engine: Engine) -> None:
    answer = engine.answer("各院整改举措有多少条")
    numbers = {cited.fact.number for cited in answer.facts}
    assert 9 not in {cited.fact.number for cited in engine.answer("各院整改措施有多少条").facts}
    assert not numbers & {cited.fact.number for cited in answer.similar}


def test_the_ledger_names_the_court_that_states_nothing(engine: Engine) -> None:
    answer = engine.answer("各院志愿服务开展了多少次")
    assert {entry.court.name: entry.stated for entry in answer.courts} == {
        "青禾市东岸区人民法院": True,
        "青禾市西陵县人民法院": False,
    }
    assert "未载明：青禾市西陵县人民法院" in answer.text


def test_a_comparison_names_the_winner_and_the_difference(engine: Engine) -> None:
    answer = engine.answer("党组会的次数，西陵县法院比东岸区法院多多少")
    assert answer.kind == "compare"
    assert answer.text.startswith("青禾市西陵县人民法院较多")
    assert "相差15次" in answer.text


def test_a_citation_begins_where_the_thing_counted_is_named(engine: Engine) -> None:
    (change,) = [
        cited
        for cited in engine.answer("东岸区法院接待来访群众多少人次，增加多少").facts
        if cited.fact.kind == "change"
    ]
    assert change.citation.quote == "接待来访群众410人次，同比增加35人次"


def test_last_years_figure_is_left_out_unless_asked_for(engine: Engine) -> None:
    assert stated(engine.answer("东岸区法院开了几次党组会")) == {"青禾市东岸区人民法院": [26]}


def test_an_earlier_years_figure_is_found_when_that_year_is_asked_for(engine: Engine) -> None:
    answer = engine.answer("东岸区法院2023年开了几次党组会")
    assert answer.abstained or stated(answer) == {"青禾市东岸区人民法院": [19]}


@pytest.mark.parametrize(
    ("question", "figures"),
    [
        ("西陵县法院2024年调解率是多少，2023年又是多少", [72, 68]),
        ("西陵县法院2023年调解率是多少", [68]),
        ("西陵县法院2025年打算召开座谈会多少次", [6]),
        ("西陵县法院涉农案件平均审理天数从多少天缩短到多少天", [61, 48]),
        ("西陵县法院涉农案件平均审理天数缩短了多少天", [61, 48]),
        ("西陵县法院涉农案件平均审理天数是多少，明年目标是多少", [48, 45]),
        ("西陵县法院2024年涉农案件平均审理天数从多少天缩短到多少天，2025年目标是多少", [61, 48, 45]),
    ],
)
def test_years_without_a_report_are_told_by_the_report_of_the_year_beside_them(
    engine: Engine, question: str, figures: list[float]
) -> None:
    answer = engine.answer(question)
    assert [cited.fact.number for cited in answer.facts] == figures


@pytest.mark.parametrize(
    "question",
    [
        "西陵县法院2025年召开党组会多少次",
        "西陵县法院2025年打算召开党组会多少次",
        "西陵县法院2023年召开座谈会多少次",
        "西陵县法院2022年调解率是多少",
    ],
)
def test_years_that_no_report_tells_of_are_refused(engine: Engine, question: str) -> None:
    assert engine.answer(question).abstained


def test_a_rate_is_of_just_what_is_asked_for(engine: Engine) -> None:
    assert stated(engine.answer("西陵县法院行政机关败诉率是多少")) == {"青禾市西陵县人民法院": [13]}


@pytest.mark.parametrize(
    ("question", "figures"),
    [
        ("西陵县法院去年梳理问题多少个", [12]),
        ("东岸区法院去年召开党组会多少次", [19]),
        ("东岸区法院党组会去年是多少次、今年是多少次", [26, 19]),
    ],
)
def test_last_year_is_the_reports_own_where_it_gives_no_earlier_figure(
    engine: Engine, question: str, figures: list[float]
) -> None:
    assert [cited.fact.number for cited in engine.answer(question).facts] == figures


def test_who_did_most_is_no_figure(engine: Engine) -> None:
    assert engine.answer("西陵县法院办案最多的法官是谁").kind == "passage"


def test_a_plan_and_a_bound_are_said_to_be_such(engine: Engine) -> None:
    answer = engine.answer("西陵县法院2025年涉农案件平均审理天数打算降至多少天")
    assert "45天以内（计划数" in answer.text


@pytest.mark.parametrize("question", ["西陵县法院涉农案件审结多少件", "西陵县法院审结涉农案件多少件"])
def test_the_act_may_stand_behind_the_cases_asked_for(engine: Engine, question: str) -> None:
    assert stated(engine.answer(question)) == {"青禾市西陵县人民法院": [214]}


def test_a_change_that_is_not_stated_is_worked_out_from_both_years_and_said_to_be_ours(
    engine: Engine,
) -> None:
    answer = engine.answer("东岸区法院党组会比上年多开了几次")
    assert [cited.fact.number for cited in answer.facts] == [26, 19]
    assert "增加7次" in answer.text
    assert "系本系统相减" in answer.text
    assert engine.answer("西陵县法院党组会比上年多开了几次").abstained


def test_a_comparison_is_by_the_figure_of_just_what_is_asked_for(engine: Engine) -> None:
    answer = engine.answer("廉政谈话最多的法院是哪家")
    assert answer.text.startswith("青禾市西陵县人民法院较多，为126人次")
    assert "相差42人次" in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "东岸区法院的志愿服务和西陵县法院的党组会，哪边次数多",
        "东岸区法院的志愿服务与西陵县法院的党组会相比哪家更多",
    ],
)
def test_each_court_can_be_compared_by_a_thing_of_its_own(engine: Engine, question: str) -> None:
    answer = engine.answer(question)
    assert stated(answer) == {"青禾市东岸区人民法院": [64], "青禾市西陵县人民法院": [41]}
    assert answer.text.startswith("青禾市东岸区人民法院较多，为64次；青禾市西陵县人民法院为41次")


def test_another_bodys_figure_is_not_given_as_the_courts(engine: Engine) -> None:
    assert engine.answer("东岸区法院提出检察建议多少件").facts == ()


def test_an_approximate_number_keeps_its_mark(engine: Engine) -> None:
    assert "350余人次" in engine.answer("东岸区法院旁听庭审有多少人次").text


@pytest.mark.parametrize(
    "question",
    [
        "各院有多少名员额法官",
        "西陵县法院志愿服务开展了多少次",
        "东岸区法院有几名干警受到处分",
        "第四中级人民法院制定了多少条整改措施",
        "2019年各院整改措施有多少条",
        "How many ships did the courts arrest?",
    ],
)
def test_what_no_report_states_is_refused_with_the_courts_looked_at(engine: Engine, question: str) -> None:
    answer = engine.answer(question)
    assert answer.abstained
    assert answer.facts == ()
    assert "青禾市" in answer.text


AREA = """青禾省高级人民法院2024年工作报告
2024年，全省法院共受理案件886000件，审结841000件。其中，省法院受理13275件，审结12108件。
一、主要工作
组织志愿服务活动32次，常态化开展作风督察检查52次，印发9期《作风督察通报》。选派5名优秀法官到基层法院帮带锻炼。在人民日报等市级以上媒体刊登350余篇次。
执行案款管理专项行动中，发放执行案款9840万元。
"""


@pytest.fixture(scope="module")
def high_court(tmp_path_factory: pytest.TempPathFactory, builtin_encoder: Encoder) -> Engine:
    folder = tmp_path_factory.mktemp("high")
    (folder / "high.txt").write_text(AREA, encoding="utf-8")
    build([folder], folder / "index", builtin_encoder, max_bytes=10**6)
    return Engine(folder / "index")


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        ("省高院本级收了多少案子", [13275]),
        ("全省法院受理案件多少件", [886000]),
        ("青禾那边审结了多少案件", [841000, 12108]),
        ("省法院发了多少执行案款", [98400000]),
        ("省法院的《作风督察通报》出了几期", [9]),
    ],
)
def test_a_high_courts_own_figures_are_told_from_its_provinces(
    high_court: Engine, question: str, numbers: list[float]
) -> None:
    found = [cited.fact.number for cited in high_court.answer(question).facts]
    assert set(numbers) <= set(found)
    assert len(numbers) > 1 or found == numbers


def test_a_figure_found_by_its_words_alone_is_said_to_be_the_nearest(high_court: Engine) -> None:
    answer = high_court.answer("省高院在报纸网站等媒体上发了多少篇次")
    assert [cited.fact.number for cited in answer.facts] == [350]
    assert answer.text.startswith("没有与所问措辞一致的数量")


def test_a_figure_is_found_by_meaning_where_words_do_not_do(high_court: Engine) -> None:
    answer = high_court.answer("省高院派了几位法官下去传帮带")
    assert [cited.fact.number for cited in answer.facts] == [5]


def test_a_question_that_lists_and_counts_is_not_refused_for_want_of_figures(engine: Engine) -> None:
    answer = engine.answer("列一下西陵县法院普法宣传的情况和数量")
    assert not answer.abstained
    assert answer.citations


def test_other_questions_are_answered_with_the_sentences_that_bear_on_them(engine: Engine) -> None:
    answer = engine.answer("残障人士来立案有什么方便")
    assert not answer.abstained
    assert "绿色通道" in answer.citations[0].quote


@pytest.mark.parametrize(
    "question", ["红烧肉怎么做", "怎么养兰花", "狗能吃巧克力吗", "who painted the Mona Lisa"]
)
def test_a_question_of_another_world_is_refused_with_the_nearest_passages(
    engine: Engine, question: str
) -> None:
    answer = engine.answer(question)
    assert answer.abstained
    assert answer.facts == ()
    assert answer.citations


def test_a_filter_limits_what_is_looked_at(engine: Engine) -> None:
    answer = engine.answer("整改措施有多少条", filters=Filters(court=("西陵县法院",)))
    assert stated(answer) == {"青禾市西陵县人民法院": [21]}


def test_an_english_question_is_answered_in_english(engine: Engine) -> None:
    answer = engine.answer("How many rectification measures did each court draw up?")
    assert {cited.fact.number for cited in answer.facts} == {46, 14, 21}
    assert "in all (our sum" in answer.text


def test_every_figure_in_the_text_is_followed_by_its_citation(engine: Engine) -> None:
    answer = engine.answer("各院党组会开了多少次")
    for cited in answer.facts:
        assert f"[{cited.number}]" in answer.text
        assert answer.citations[cited.number - 1] == cited.citation


@pytest.mark.parametrize(
    "question",
    [
        "发文数量减少多少",
        "发文数量减少了多少",
        "发文数量减了多少",
        "发文数量比去年减了百分之几",
        "发文数量下降了几成",
    ],
)
def test_by_how_much_something_fell_is_counted_and_not_compared(sample_index: Path, question: str) -> None:
    answer = Engine(sample_index).answer(question)
    assert answer.kind == "count"
    assert [cited.fact.number for cited in answer.facts] == [16.5]
