"""Facts: number, unit, counted object, matter, and what is none."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.facts import facts_of
from indexer.files import Candidate, read
from indexer.records import Fact, Source
from indexer.reports import parse

TITLE = "青禾市东岸区人民法院2024年工作报告"


def facts_in(*paragraphs: str) -> list[Fact]:
    text = "\n".join([TITLE, "一、主要工作", *paragraphs])
    (report,) = parse(Source("0" * 16, "东岸.txt", "", text))
    found = list(facts_of(report))
    for fact in found:
        assert text[fact.start : fact.end].startswith(text[fact.start : fact.start + 1])
        assert fact.number_text[0] in text[fact.start : fact.end]
    return found


def counted(text: str) -> list[tuple[float, str, str]]:
    return [(fact.number, fact.unit, fact.object) for fact in facts_in(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("针对巡察意见，细化整改措施59条。", (59, "条", "整改措施")),
        ("推动126项整改措施全部落实。", (126, "项", "整改措施")),
        ("组织志愿服务118次。", (118, "次", "志愿服务")),
        ("制定十五条措施。", (15, "条", "措施")),
        ("召开党组会二十六次。", (26, "次", "党组会")),
        ("扣押船舶57艘次。", (57, "艘次", "扣押船舶")),
    ],
)
def test_the_object_is_read_on_either_side_of_the_number(text: str, expected: tuple[float, str, str]) -> None:
    assert counted(text) == [expected]


def test_each_number_of_a_sentence_has_its_own_object() -> None:
    found = counted("专项整治中梳理问题21个，细化整改措施59条。")
    assert found == [(21, "个", "问题"), (59, "条", "整改措施")]


def test_a_thousands_separator_ends_no_clause() -> None:
    found = facts_in("总投资4,850万元、建筑面积9,600平方米的审判楼，审结借款案件3,478件、商标案件1,325件。")
    assert [(fact.number, fact.object) for fact in found] == [
        (4850_0000, "总投资"),
        (9600, "审判楼"),
        (3478, "审结借款案件"),
        (1325, "商标案件"),
    ]
    assert {fact.clause for fact in found} == {
        "总投资4,850万元、建筑面积9,600平方米的审判楼",
        "审结借款案件3,478件、商标案件1,325件",
    }


def test_half_width_stops_end_clauses_and_stay_in_them_as_written() -> None:
    found = facts_in(
        "受理案件1,862件,审结1,203件,同比分别上升5.3%和6.1%,结案率为94.4%;改判率由2.8%降至2.1%,审理天数由78天压缩至65天。"
    )
    assert [(fact.number, fact.object, fact.kind) for fact in found if fact.number in {94.4, 78, 65}] == [
        (94.4, "结案率", "count"),
        (78, "审理天数", "count"),
        (65, "审理天数", "count"),
    ]
    assert found[-1].clause == "审理天数由78天压缩至65天"


def test_a_span_of_time_that_something_is_done_within_is_no_fact() -> None:
    assert [found[0] for found in counted("4周内发放案款5380万元。")] == [53800000]


def test_prizes_share_what_they_are_for() -> None:
    found = counted("获全省优秀庭审一等奖2个、二等奖1个。")
    assert [(number, unit) for number, unit, _ in found] == [(2, "个"), (1, "个")]
    assert all("优秀庭审" in what for _, _, what in found)


def test_figures_given_respectively_are_of_the_things_named_before() -> None:
    found = facts_in("全年受理案件8643件，审结8107件，同比分别上升4.6%和7.2%。")
    assert [(fact.number, fact.object, fact.kind) for fact in found[2:]] == [
        (4.6, "受理案件", "change"),
        (7.2, "审结案件", "change"),
    ]


def test_a_change_from_one_value_to_another_is_of_one_thing() -> None:
    found = facts_in("案件平均审理天数由61天缩短至48天。")
    assert [(fact.number, fact.object) for fact in found] == [
        (61, "案件平均审理天数"),
        (48, "案件平均审理天数"),
    ]


@pytest.mark.parametrize(
    "sentence",
    ["明年力争巡回审判达到60场。", "全年督察不少于100次。", "下一步新建法庭2个。"],
)
def test_what_is_intended_is_no_achievement(sentence: str) -> None:
    assert [fact.role for fact in facts_in(sentence)] == ["plan"]


@pytest.mark.parametrize(
    ("paragraphs", "roles"),
    [
        (["2025年，全院将重点抓好以下工作：一是新建解纷站点15个；二是轮训干警80人。"], ["plan", "plan"]),
        (["2025年，我院将重点抓好以下工作：", "新建解纷站点15个。", "轮训干警80人。"], ["plan", "plan"]),
        (["新建解纷站点15个。下一步，将继续轮训干警80人。"], ["own", "plan"]),
        (["2024年，我院将党建与审判同部署，新建解纷站点15个。"], ["own"]),
        (["2023年，全院将着力点放在调解上，新建解纷站点15个。"], ["own"]),
        (["2024年，我院将继续新建解纷站点15个。"], ["plan"]),
        (["力争平均用时降至55天以内；新建解纷站点15个。"], ["plan", "own"]),
    ],
)
def test_what_is_announced_is_a_plan_to_the_end_of_its_paragraph_or_list(
    paragraphs: list[str], roles: list[str]
) -> None:
    assert [fact.role for fact in facts_in(*paragraphs)] == roles


def test_last_years_figure_is_not_this_years() -> None:
    (fact,) = facts_in("上年审结案件7000件。")
    assert fact.role == "past"


def test_what_is_compared_with_last_year_is_last_years() -> None:
    found = facts_in("终本率38.2%，较上年43.7%下降5.5个百分点；判处94人，比上年的141人减少三分之一。")
    assert [(fact.number, fact.object, fact.role) for fact in found[:4]] == [
        (38.2, "终本率", "own"),
        (43.7, "终本率", "past"),
        (5.5, "终本率", "own"),
        (94, "判处", "own"),
    ]
    assert found[4].role == "past"


def test_another_bodys_figure_is_not_the_courts_own() -> None:
    (fact,) = facts_in("全国法院一审服判息诉率平均为88.7%。")
    assert fact.role == "other"


@pytest.mark.parametrize(
    "text",
    [
        "市检察院全年发出检察建议45件。",
        "市纪委监委同期在全市政法系统谈话提醒145人次。",
        "市人社局核定招录名额20个。",
    ],
)
def test_what_another_body_did_is_its_own_figure(text: str) -> None:
    (fact,) = facts_in(text)
    assert fact.role == "other"


@pytest.mark.parametrize(
    "text", ["会同市公安局开展专项行动12次。", "经验被市纪委监委通报推广3次。", "向市检察院移送线索6件。"]
)
def test_what_the_court_does_with_another_body_is_the_courts_own(text: str) -> None:
    (fact,) = facts_in(text)
    assert fact.role == "own"


def test_a_unit_that_holds_a_numeral_is_one_unit() -> None:
    assert counted("一审服判息诉率上升1.9个百分点。") == [(1.9, "个百分点", "一审服判息诉率")]


@pytest.mark.parametrize(
    ("text", "objects"),
    [
        ("员额法官人均结案308件，比上年多27件。", ["员额法官人均结案", "员额法官人均结案"]),
        ("买卖合同纠纷平均审理用时46天，上年为58天。", ["买卖合同纠纷平均审理用时"] * 2),
        ("在全国评选中获一等奖2个、二等奖1个。", ["一等奖", "二等奖"]),
        ("诉前调解成功3890件，调解成功率67.3%。", ["诉前调解成功", "调解成功率"]),
        ("在线开庭706次，召开新闻发布会15场。", ["在线开庭", "新闻发布会"]),
        ("电子送达520次，再审案件12件。", ["电子送达", "再审案件"]),
        ("依法宣告27名被告人无罪。", ["被告人无罪"]),
        ("帮助312名农民工讨回工资。", ["农民工"]),
    ],
)
def test_the_object_is_the_whole_noun(text: str, objects: list[str]) -> None:
    assert [what for _, _, what in counted(text)] == objects


def test_more_or_fewer_than_last_year_is_a_change() -> None:
    found = facts_in("2名干警受到处分，比上年减少3人，立案比去年多4件。")
    assert [fact.kind for fact in found] == ["count", "change", "change"]


def test_parts_end_where_another_thing_is_counted() -> None:
    found = facts_in("现有人民法庭412个，其中城区法庭96个，巡回审判8300余次。")
    assert [fact.kind for fact in found] == ["count", "part", "count"]


def test_the_unit_is_shown_as_it_is_written() -> None:
    assert [fact.unit for fact in facts_in("结案率96.5％。", "采纳率87%。")] == ["％", "%"]


def test_the_matter_is_the_event_that_the_sentence_names() -> None:
    (fact,) = facts_in("针对2023年度考核反馈的问题，研究提出整改措施46条。")
    assert "考核反馈" in fact.context


@pytest.mark.parametrize(
    "text",
    [
        "严格落实“三个规定”和中央八项规定精神。",
        "坚持第一议题制度，贯彻党的二十大精神。",
        "2024年3月15日，印发〔2024〕12号文件。",
        "完善一站式诉讼服务，12368热线全天候开通。",
        "落实“一岗双责”，抓好“三会一课”。",
        "某市第三中级人民法院和检察二分院参加。",
        "制定三年行动方案，下半年进一步推进。",
        "出台“向海图强18条”，打造“1＋17”体系。",
        "刑一庭、民三庭依法履职，推进二审网上立案。",
        "保持24小时值班。",
    ],
)
def test_names_dates_ordinals_and_slogans_are_no_facts(text: str) -> None:
    assert counted(text) == []


def test_a_local_plan_quoted_once_is_a_name_everywhere() -> None:
    assert counted("落实“十项行动”部署。推动十项行动见效。") == []


@given(
    st.text(
        alphabet="一二三十百千万近余超条项次名件%％“”《》，。；、第年月的共0123456789整改措施法院 ",
        max_size=80,
    )
)
def test_no_text_breaks_extraction_and_every_span_holds_its_number(text: str) -> None:
    source = Source("0" * 16, "a.txt", "", f"{TITLE}\n一、工作\n{text}")
    for report in parse(source):
        for fact in facts_of(report):
            paragraph = report.paragraphs[fact.paragraph - 1]
            assert paragraph.text[fact.text_start : fact.text_end].startswith(fact.number_text)
            assert 0 <= fact.start < fact.end <= len(source.text)


def test_every_gold_fact_of_the_shared_corpus_is_found(shared: Path) -> None:
    import json

    file = next((shared / "corpus").glob("*.txt"))
    reports = parse(read(Candidate(file, file.name), 10**7))
    served = [fact for report in reports for fact in facts_of(report)]
    rows = [
        json.loads(line)
        for line in (shared / "eval" / "facts.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    missed = [
        row["quote"]
        for row in rows
        if row["kind"] == "achievement"
        and not any(
            fact.start <= row["number_start"] < fact.end
            and abs(fact.number - row["number"]) < 1e-4 * max(1, row["number"])
            for fact in served
        )
    ]
    assert missed == []


def test_what_a_figure_came_from_is_the_earlier_one() -> None:
    found = facts_in("平均审理天数由68.5天降至51.2天，结案率从91%提高到95%，从3个方面提出建议。")
    assert [(fact.number, fact.role) for fact in found] == [
        (68.5, "past"),
        (51.2, "own"),
        (91, "past"),
        (95, "own"),
        (3, "own"),
    ]


def test_what_a_figure_came_to_is_this_years_count_of_the_same_thing() -> None:
    found = facts_in(
        "全县性会议由上年的24个压减至16个，未结案由年初时的150件减少到30件，支部由9个调整为12个。"
    )
    assert [(fact.number, fact.object, fact.role, fact.kind) for fact in found] == [
        (24, "全县性会议", "past", "count"),
        (16, "全县性会议", "own", "count"),
        (150, "未结案", "past", "count"),
        (30, "未结案", "own", "count"),
        (9, "支部", "past", "count"),
        (12, "支部", "own", "count"),
    ]


def test_a_column_of_units_gives_the_unit_and_is_no_name() -> None:
    found = facts_in(
        "| 序号 | 指标 | 单位 | 2024年1—8月 | 2023年同期 | 同比 |\n"
        "| 1 | 受理案件 | 件 | 7316 | 6874 | +6.4% |\n"
        "| 2 | 执行到位金额 | 万元 | 18640 | 15230 | +22.4% |"
    )
    assert [(fact.number, fact.unit, fact.object, fact.kind, fact.role) for fact in found] == [
        (7316, "件", "受理案件", "count", "own"),
        (6874, "件", "受理案件", "count", "past"),
        (6.4, "%", "受理案件", "change", "own"),
        (18640, "万元", "执行到位金额", "count", "own"),
        (15230, "万元", "执行到位金额", "count", "past"),
        (22.4, "%", "执行到位金额", "change", "own"),
    ]


@pytest.mark.parametrize(
    ("sentence", "thing"),
    [
        ("网上立案835件，占新收案件的12.9％。", "网上立案占新收案件"),
        ("现有干警89人，占三成。", "干警占比"),
        ("硕士以上学历人员占93.5%。", "硕士以上学历人员占比"),
        ("院庭长办理案件占结案总数的38.2%。", "院庭长办理案件占结案总数"),
    ],
)
def test_a_share_is_of_the_thing_before_it(sentence: str, thing: str) -> None:
    share = facts_in(sentence)[-1]
    assert share.object == thing
