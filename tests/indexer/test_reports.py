"""Headings, nested sections, lead sentences and paragraphs of a report."""

from __future__ import annotations

import pytest

from indexer.courts import UNKNOWN
from indexer.numbering import numbered
from indexer.records import Report
from tests.samples import OTHER, REPORT, TITLE, report, reports

LONG = "组织干警深入渔港码头走访调研，听取渔民对海上劳务纠纷处理的意见，逐项研究改进办法并公开答复。"
MORE = "选派法官到边远乡镇驻点办公，配合当地组织排查邻里矛盾，把多数争议解决在起诉之前。"


def paths(found: Report) -> list[tuple[str, ...]]:
    return [found.section_path(paragraph) for paragraph in found.paragraphs]


def texts(found: Report) -> list[str]:
    return [paragraph.text for paragraph in found.paragraphs]


@pytest.mark.parametrize(
    "text",
    ["", "\n\n", "。", "#", "目录", TITLE, f"{TITLE}\n{TITLE}\n", "（2023年1月12日）", "\ufeff|"],
)
def test_fragments_are_read_without_an_error_and_without_paragraphs(text: str) -> None:
    assert [texts(found) for found in reports(text) if found.paragraphs] == []


def test_a_text_without_any_title_is_one_report_named_after_its_file() -> None:
    found = report(f"{LONG}\n{MORE}\n", "随笔.txt")
    assert (found.title, found.court, found.year) == ("随笔", UNKNOWN, None)
    assert texts(found) == [LONG, MORE]


def test_text_before_the_first_title_is_kept_with_the_first_report() -> None:
    found = report(f"{LONG}\n{TITLE}\n{MORE}\n")
    assert texts(found) == [LONG, MORE]
    assert found.start == 0


@pytest.mark.parametrize(
    ("line", "rank", "words"),
    [
        ("第一部分 审判工作", 10, "审判工作"),
        ("一、审判工作", 20, "审判工作"),
        ("十二、审判工作", 20, "审判工作"),
        ("（一）审判工作", 30, "审判工作"),
        ("(三)审判工作", 30, "审判工作"),
        ("1.审判工作", 40, "审判工作"),
        ("1．审判工作", 40, "审判工作"),
        ("2、审判工作", 40, "审判工作"),
        ("（1）审判工作", 50, "审判工作"),
        ("3）审判工作", 50, "审判工作"),
        ("①审判工作", 60, "审判工作"),
        ("第一，审判工作", 70, "审判工作"),
        ("一是审判工作", 70, "审判工作"),
        ("二要审判工作", 70, "审判工作"),
        ("## 审判工作", 2, "审判工作"),
        ("### 一、审判工作", 3, "一、审判工作"),
    ],
)
def test_each_kind_of_number_has_its_depth(line: str, rank: int, words: str) -> None:
    found = numbered(line)
    assert found is not None
    assert (found.rank, line[found.words :]) == (rank, words)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "审判工作",
        "1.5万件",
        "2021年",
        "一审判决",
        "三、四、五中院",
        "十项行动",
        "12368热线",
        "第一议题学习",
        "#标签",
    ],
)
def test_words_that_only_look_like_numbers_are_none(line: str) -> None:
    assert numbered(line) is None


def test_headings_of_every_level_nest() -> None:
    text = f"{TITLE}\n" + "".join(
        f"{line}\n"
        for line in (
            "第一部分 回顾",
            "一、审判",
            "（一）刑事",
            "1.重罪",
            LONG,
            "（1）量刑",
            MORE,
            "（二）民事",
            LONG,
            "二、执行",
            MORE,
        )
    )
    found = report(text)
    assert paths(found) == [
        ("第一部分 回顾", "一、审判", "（一）刑事", "1.重罪"),
        ("第一部分 回顾", "一、审判", "（一）刑事", "1.重罪", "（1）量刑"),
        ("第一部分 回顾", "一、审判", "（二）民事"),
        ("第一部分 回顾", "二、执行"),
    ]
    assert texts(found) == [LONG, MORE, LONG, MORE]
    for section in found.sections:
        assert text[section.start : section.end].startswith(section.title)


def test_a_section_reaches_to_the_next_heading_of_its_depth() -> None:
    text = f"{TITLE}\n一、审判\n（一）刑事\n{LONG}\n（二）民事\n{MORE}\n二、执行\n{LONG}\n"
    found = report(text)
    spans = {section.title: text[section.start : section.end] for section in found.sections}
    assert spans["一、审判"] == f"一、审判\n（一）刑事\n{LONG}\n（二）民事\n{MORE}"
    assert spans["（一）刑事"] == f"（一）刑事\n{LONG}"
    assert [found.sections[s.parent].title if s.parent is not None else None for s in found.sections] == [
        None,
        "一、审判",
        "一、审判",
        None,
    ]


def test_an_unnumbered_line_over_what_it_heads_is_a_heading() -> None:
    found = report(f"{TITLE}\n2021年工作回顾\n一、审判\n{LONG}\n2022年工作安排\n一、执行\n{MORE}\n")
    assert paths(found) == [("2021年工作回顾", "一、审判"), ("2022年工作安排", "一、执行")]


def test_a_line_that_names_a_years_plans_heads_them_however_short_they_are() -> None:
    found = report(f"{TITLE}\n2021年工作回顾\n一、审判\n{LONG}\n2022年工作打算\n——多调解。\n")
    assert paths(found) == [("2021年工作回顾", "一、审判"), ("2022年工作打算",)]


def test_a_heading_may_end_in_a_full_stop_or_colon() -> None:
    found = report(f"{TITLE}\n一、审判工作。\n{LONG}\n（一）执行工作：\n{MORE}\n")
    assert paths(found) == [("一、审判工作",), ("一、审判工作", "（一）执行工作")]


def test_a_heading_cut_inside_a_quotation_goes_on_in_the_next_line() -> None:
    found = report(f"{TITLE}\n一、打造“渔港\n枫桥”品牌\n{LONG}\n")
    assert paths(found) == [("一、打造“渔港枫桥”品牌",)]


def test_markdown_headings_nest_and_lose_their_marks() -> None:
    text = f"# {TITLE}\n\n## 一、审判\n\n### 刑事\n\n{LONG}\n\n## 二、执行\n\n**重点** {MORE}\n"
    found = report(text, "稿.md")
    assert (found.title, found.year) == (TITLE, 2021)
    assert paths(found) == [("一、审判", "刑事"), ("二、执行",)]
    assert texts(found)[1].replace(" ", "") == f"重点{MORE}"


def test_markdown_lists_lose_their_bullets() -> None:
    found = report(f"# {TITLE}\n\n- {LONG}\n- {MORE}\n", "稿.md")
    assert texts(found) == [LONG, MORE]


def test_hashes_in_a_plain_text_file_are_text() -> None:
    found = report(f"{TITLE}\n# 这不是标题而是正文里的话，{LONG}\n", "稿.txt")
    assert texts(found) == [f"# 这不是标题而是正文里的话，{LONG}"]


@pytest.mark.parametrize("style", ["{}.{}", "（{}）{}"], ids=["digits", "brackets"])
def test_a_numbered_lead_sentence_is_the_last_of_the_path(style: str) -> None:
    leads = [style.format(number, words) for number, words in (("1", "办好案件"), ("2", "做好执行"))]
    found = report(f"{TITLE}\n一、主业\n{leads[0]}。{LONG}\n{leads[1]}。{MORE}\n")
    assert paths(found) == [("一、主业", leads[0]), ("一、主业", leads[1])]
    assert texts(found)[0] == f"{leads[0]}。{LONG}"


def test_a_paragraph_opening_with_first_is_led_by_its_sentence() -> None:
    found = report(f"{TITLE}\n一、主业\n一是办好案件。{LONG}\n二是做好执行。{MORE}\n")
    assert paths(found) == [("一、主业", "一是办好案件"), ("一、主业", "二是做好执行")]


def test_unnumbered_short_first_sentences_lead_where_the_report_sets_them() -> None:
    found = report(REPORT)
    assert paths(found) == [
        (),
        ("一、保障经济发展", "办好涉企案件"),
        ("一、保障经济发展", "护航绿色江州"),
        ("二、回应群众关切", "办好民生案件"),
        ("二、回应群众关切", "便利群众诉讼"),
        ("三、存在的不足",),
    ]


def test_a_single_short_first_sentence_is_no_lead() -> None:
    found = report(f"{TITLE}\n一、主业\n{LONG}\n形势逼人。{MORE}{MORE}\n{LONG}\n{LONG}\n{LONG}\n")
    assert set(paths(found)) == {("一、主业",)}


def test_items_inside_one_paragraph_are_no_leads() -> None:
    found = report(
        f"{TITLE}\n一、不足\n存在以下问题：一是调研不够。二是创新不够。三是力度不够。\n一是学习不够。二是落实不够。\n"
    )
    assert paths(found) == [("一、不足",), ("一、不足",)]


def test_a_paragraph_between_two_leads_stays_under_the_first() -> None:
    found = report(f"{TITLE}\n一、主业\n1.办好案件。{LONG}\n{MORE}\n2.做好执行。{MORE}\n")
    assert paths(found)[1] == ("一、主业", "1.办好案件")


@pytest.mark.parametrize(
    "closing", ["下一步，", "今后，", "2021年，", "一年来，", "同时，我们", "总的来看，"]
)
def test_a_closing_after_the_last_lead_stands_under_the_section_alone(closing: str) -> None:
    found = report(f"{TITLE}\n一、主业\n1.办好案件。{LONG}\n2.做好执行。{MORE}\n{closing}{LONG}\n")
    assert paths(found)[-1] == ("一、主业",)


def test_leads_end_with_their_section() -> None:
    found = report(f"{TITLE}\n一、主业\n1.办好案件。{LONG}\n2.做好执行。{MORE}\n二、队伍\n{LONG}\n")
    assert paths(found)[-1] == ("二、队伍",)


def test_leads_of_two_depths_nest() -> None:
    found = report(
        f"{TITLE}\n一、主业\n（一）办好案件。{LONG}\n1.刑事。{MORE}\n2.民事。{LONG}\n（二）做好执行。{MORE}\n"
    )
    assert paths(found) == [
        ("一、主业", "（一）办好案件"),
        ("一、主业", "（一）办好案件", "1.刑事"),
        ("一、主业", "（一）办好案件", "2.民事"),
        ("一、主业", "（二）做好执行"),
    ]


def test_list_items_that_head_nothing_stay_as_paragraphs() -> None:
    found = report(f"{TITLE}\n一、获奖情况\n（一）集体二等功\n（二）文明单位\n（三）青年文明号\n")
    assert paths(found) == [("一、获奖情况",)] * 3
    assert texts(found) == ["（一）集体二等功", "（二）文明单位", "（三）青年文明号"]


def test_a_heading_at_the_very_end_stays_as_a_paragraph() -> None:
    found = report(f"{TITLE}\n一、主业\n{LONG}\n二、结语\n")
    assert texts(found) == [LONG, "二、结语"]


def test_a_long_numbered_line_is_a_paragraph() -> None:
    line = f"（一）{LONG}"
    assert texts(report(f"{TITLE}\n一、主业\n{line}\n{MORE}\n"))[0] == line


def test_a_signature_and_date_at_the_end_stay_apart_from_the_text() -> None:
    found = report(f"{TITLE}\n{LONG}\n江州市中级人民法院\n2022年1月5日\n")
    assert texts(found) == [LONG, "江州市中级人民法院", "2022年1月5日"]


def test_the_signature_names_the_court_where_the_title_does_not() -> None:
    found = report(f"2021年工作报告\n{LONG}\n江州市中级人民法院\n2022年1月5日\n", "稿.txt")
    assert found.court.name == "江州市中级人民法院"


def test_a_report_calls_its_court_by_title_and_by_self_name() -> None:
    text = f"某市中级人民法院党组2021年履职情况报告①\n2021年，市三中院党组坚持问题导向。{LONG}\n"
    court = report(text).court
    assert (court.name, court.key) == ("某市中级人民法院", "某市第三中级人民法院")
    assert "市三中院" in court.aliases


def test_paragraphs_are_numbered_from_one_in_each_report() -> None:
    found = reports(REPORT + "\n" + OTHER)
    assert [[p.number for p in r.paragraphs] for r in found] == [[1, 2, 3, 4, 5, 6], [1, 2, 3]]
    assert [(r.court.name, r.year) for r in found] == [
        ("江州市中级人民法院", 2021),
        ("江州市青禾区人民法院", 2022),
    ]
