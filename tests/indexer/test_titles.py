"""Titles in their variants, the year a report is about, tables of contents."""

from __future__ import annotations

import pytest

from indexer.titles import bare_title, contents_end, genre_of, is_court_line, is_front_line, is_title, year_of
from tests.samples import report, reports

BODY = "江州中院全面履行审判职责，受理各类案件18400件，审结17950件，结案率稳步上升。"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "报告",
        "工作报告",
        "一、江州市中级人民法院工作报告",
        "江州市中级人民法院党组向市委作了工作报告。",
        "会议听取了江州市中级人民法院工作报告，",
        "江州市中级人民法院",
        "审结案件18400件，形成专题报告",
    ],
)
def test_a_line_that_is_no_title_is_not_taken_for_one(line: str) -> None:
    assert not is_title(line)


@pytest.mark.parametrize(
    ("line", "genre"),
    [
        ("中共江州市中级人民法院党组2022年履行主体责任情况报告", "报告"),
        ("江州市中级人民法院党组2022年度履行主体责任情况的报告", "报告"),
        ("江州市中级人民法院工作报告", "报告"),
        ("江州市中级人民法院关于执行工作的通报", "通报"),
        ("江州市第三中级人民法院2022年上半年审判态势通报③", "通报"),
        ("江州市中院2022年工作总结", "总结"),
        ("江州市青禾区人民法院2022年工作情况汇报", "报告"),
        ("江州市中级人民法院2022年工作报告（摘要）", "报告"),
        ("江州市中级人民法院2022年工作报告【全文】", "报告"),
        ("  江州市中级人民法院 2022 年工作报告  ", "报告"),
        ("# 江州市中级人民法院2022年工作报告", "报告"),
        ("**江州市中级人民法院2022年工作报告**", "报告"),
        ("最高人民法院环境资源审判白皮书", "白皮书"),
        ("江州海事法院2023年工作要点", "方案"),
    ],
)
def test_titles_of_the_genre_are_recognised(line: str, genre: str) -> None:
    assert is_title(line)
    assert genre_of(line) == genre


@pytest.mark.parametrize("mark", ["①", "②", "⑩", "（摘要）", "(一)", "*", "摘登"])
def test_marks_after_a_title_are_no_part_of_it(mark: str) -> None:
    assert bare_title(f"江州市中级人民法院2022年工作报告{mark}") == "江州市中级人民法院2022年工作报告"


def test_a_court_alone_on_a_line_begins_a_title() -> None:
    assert is_court_line("江州市中级人民法院")
    assert is_court_line("中共江州市中级人民法院党组")
    assert not is_court_line("全市人民法院")
    assert not is_court_line("江州市中级人民法院工作报告")


@pytest.mark.parametrize(
    "line",
    [
        "——2023年1月12日在江州市第九届人民代表大会第三次会议上",
        "（2023年1月12日）",
        "2023年1月12日",
        "江州市中级人民法院院长 林一舟",
        "（二〇二三年一月十二日市九届人大三次会议通过）",
    ],
)
def test_dates_and_speakers_stand_in_front_of_the_text(line: str) -> None:
    assert is_front_line(line)


@pytest.mark.parametrize("line", ["2023年，江州中院全面履行职责。", BODY, "（一）立案工作。", ""])
def test_text_is_no_front_line(line: str) -> None:
    assert not is_front_line(line)


@pytest.mark.parametrize(
    ("title", "front", "opening", "headings", "year"),
    [
        ("江州市中级人民法院2022年工作报告", [], "2021年度考核已完成。", [], 2022),
        ("江州市中级人民法院2022年度工作报告", [], "", [], 2022),
        ("江州市中级人民法院二〇二三年工作报告", [], "", [], 2023),
        ("江州市中级人民法院二○二三年工作报告", [], "", [], 2023),
        ("江州市中级人民法院二零一九年度工作报告", [], "", [], 2019),
        ("江州市中级人民法院2020—2022年工作报告", [], "", [], 2022),
        ("江州市中级人民法院2020至2022年工作报告", [], "", [], 2022),
        ("江州市中级人民法院2020年至2022年工作报告", [], "", [], 2022),
        ("江州市中级人民法院工作报告", ["（2023年1月12日）"], "", [], 2022),
        ("江州市中级人民法院工作报告", ["（2023年7月3日）"], "", [], 2023),
        ("江州市中级人民法院工作报告", ["——2023年1月12日在市人代会上"], "", ["一、2022年工作回顾"], 2022),
        ("江州市中级人民法院工作报告", [], "2022年，我院全面履职。", [], 2022),
        ("江州市中级人民法院工作报告", [], "2022年以来，我院全面履职。", [], 2022),
        ("江州市中级人民法院工作报告", ["（2023年1月12日）"], "2022年，我院全面履职。", [], 2022),
        ("江州市中级人民法院工作报告", [], "根据2022年度安排开展工作。", [], 2022),
        ("江州市中级人民法院工作报告", [], "我院全面履职。", [], None),
        ("", [], "", [], None),
    ],
)
def test_the_year_is_the_one_reported_on(
    title: str, front: list[str], opening: str, headings: list[str], year: int | None
) -> None:
    assert year_of(title, front, opening, headings) == year


def test_a_year_in_the_body_does_not_win_over_the_titles() -> None:
    text = f"江州市中级人民法院2023年工作报告\n对2022年度考核反馈的问题逐项整改。{BODY}\n"
    assert report(text).year == 2023


def test_the_delivery_date_below_the_title_gives_the_year_before() -> None:
    text = (
        "江州市中级人民法院工作报告\n——2023年1月12日在江州市第九届人民代表大会第三次会议上\n"
        f"江州市中级人民法院院长 林一舟\n{BODY}\n"
    )
    found = report(text)
    assert found.year == 2022
    assert [paragraph.text for paragraph in found.paragraphs] == [BODY]


def test_the_year_in_the_file_name_is_the_last_resort() -> None:
    assert report(f"江州市中级人民法院工作报告\n{BODY}\n", "江州中院-2019.txt").year == 2019


@pytest.mark.parametrize(
    "text",
    [
        "江州市中级人民法院\n2022年工作报告\n",
        "江州市中级人民法院\n\n2022年工作报告\n",
        "中共江州市中级人民法院党组\n关于2022年履行主体责任情况的报告\n",
    ],
)
def test_a_title_over_two_lines_is_one(text: str) -> None:
    found = report(text + BODY + "\n")
    assert found.title.startswith(text.split("\n")[0])
    assert found.title.endswith("报告")
    assert (found.court.name, found.year) == ("江州市中级人民法院", 2022)
    assert [paragraph.text for paragraph in found.paragraphs] == [BODY]


TITLES = ["江州市中级人民法院2022年工作报告", "江州市青禾区人民法院2022年工作总结"]


@pytest.mark.parametrize(
    "contents",
    [
        "目录\n{0}①\n{1}②\n",
        "目  录\n{0}①    \n{1}②\xa0\xa0\n\n",
        "目录\n{0}..........1\n{1}..........12\n",
        "目录\n{0}……………（1）\n{1}……………（12）\n",
        "目录\n\n1. {0}·····1\n\n2. {1}·····12\n\n",
        "目次\n{0}\t1\n{1}\t12\n",
        "【目录】\n{0}\n  一、执行工作......2\n{1}\n  一、执行工作......13\n",
        "江州法院报告汇编\n目录\n{0}\n{1}\n",
        "# 目录\n{0}\n{1}\n",
    ],
)
def test_a_table_of_contents_is_never_content(contents: str) -> None:
    head = contents.format(*TITLES)
    body = "".join(
        f"{title}{mark}\n{BODY}\n一、执行工作\n{BODY}\n" for title, mark in zip(TITLES, "①②", strict=True)
    )
    found = reports(head + body)
    assert [r.title for r in found] == TITLES
    assert [len(r.paragraphs) for r in found] == [2, 2]
    assert all(r.start >= len(head) for r in found)


def test_a_report_without_a_table_of_contents_loses_nothing() -> None:
    assert contents_end([]) == 0
    assert contents_end(["", TITLES[0], BODY, "目录"]) == 0


def test_a_line_saying_contents_inside_a_report_is_text() -> None:
    text = f"{TITLES[0]}\n{BODY}\n{BODY}\n{BODY}\n目录\n{BODY}\n"
    assert len(report(text).paragraphs) >= 4


def test_a_compilation_is_split_into_its_reports() -> None:
    found = reports("\n".join(f"{title}①\n{BODY}\n" for title in TITLES))
    assert [(r.court.name, r.number) for r in found] == [
        ("江州市中级人民法院", 1),
        ("江州市青禾区人民法院", 2),
    ]
    assert found[0].end <= found[1].start
    assert found[0].id != found[1].id
