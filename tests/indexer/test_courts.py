"""Court names in titles and bodies, their levels and aliases."""

from __future__ import annotations

import pytest

from indexer.courts import UNKNOWN, court_of, name_in_title, normalize_name, self_name


@pytest.mark.parametrize(
    "title",
    [
        "",
        "工作报告",
        "人民法院工作报告",
        "基层人民法院工作报告",
        "我院2022年工作报告",
        "关于全市法院工作情况的报告",
        "全国法院工作报告",
        "江州市两级法院工作情况报告",
        "在全省法院院长会议上的讲话",
        "关于提高院务公开水平的报告",
        "江州市人民检察院工作报告",
    ],
)
def test_a_title_that_names_no_single_court_gives_none(title: str) -> None:
    assert name_in_title(title) is None


@pytest.mark.parametrize(
    ("title", "name", "level"),
    [
        ("最高人民法院工作报告", "最高人民法院", "最高"),
        ("云岭省高级人民法院2021年工作报告", "云岭省高级人民法院", "高级"),
        ("内蒙古自治区高级人民法院工作报告", "内蒙古自治区高级人民法院", "高级"),
        ("江州市中级人民法院关于2022年工作情况的报告", "江州市中级人民法院", "中级"),
        ("江州市第十二中级人民法院工作总结", "江州市第十二中级人民法院", "中级"),
        ("江州市第3中级人民法院2022年工作报告", "江州市第3中级人民法院", "中级"),
        ("江州市中院党组2022年履职情况报告", "江州市中院", "中级"),
        ("江州市青禾区人民法院2022年度工作总结", "江州市青禾区人民法院", "基层"),
        ("××县人民法院工作报告", "××县人民法院", "基层"),
        ("江州海事法院工作报告", "江州海事法院", "专门"),
        ("江州知识产权法院2022年工作报告", "江州知识产权法院", "专门"),
        ("江州铁路运输中级法院工作报告", "江州铁路运输中级法院", "专门"),
        ("江州互联网法院工作报告", "江州互联网法院", "专门"),
    ],
)
def test_courts_of_every_level_are_read_from_titles(title: str, name: str, level: str) -> None:
    assert name_in_title(title) == name
    assert court_of(name, None).level == level


@pytest.mark.parametrize(
    "title",
    [
        "中共江州市中级人民法院党组关于2022年履责情况的报告",
        "关于江州市中级人民法院2022年工作的报告",
        "2022年江州市中级人民法院工作报告",
        "二〇二二年度江州市中级人民法院工作报告",
        "2020—2022年江州市中级人民法院工作报告",
        "《江州市中级人民法院工作报告》",
        "江州市 中级人民法院 工作报告",
        "江州市中级人民法院党组关于落实云岭省高级人民法院部署的报告",
    ],
)
def test_words_around_the_name_are_no_part_of_it(title: str) -> None:
    assert name_in_title(title) == "江州市中级人民法院"


@pytest.mark.parametrize(
    ("name", "aliases"),
    [
        ("最高人民法院", {"最高法", "最高法院"}),
        ("云岭省高级人民法院", {"云岭高院", "云岭省高院", "省高院", "省高级人民法院"}),
        ("广西壮族自治区高级人民法院", {"广西高院", "自治区高院", "广西高级人民法院"}),
        ("江州市中级人民法院", {"江州中院", "江州市中院", "市中院", "市中级人民法院"}),
        ("云岭省江州市中级人民法院", {"江州市中级人民法院", "江州中院", "市中院"}),
        ("某市第三中级人民法院", {"市三中院", "三中院", "3中院", "市第三中级人民法院", "第三中级人民法院"}),
        ("江州市第十二中级人民法院", {"江州十二中院", "十二中院", "第十二中级人民法院"}),
        ("江州市青禾区人民法院", {"青禾区人民法院", "青禾法院", "青禾区法院", "区法院"}),
        ("江州知识产权法院", {"知识产权法院", "江州知产法院"}),
        ("江州铁路运输中级法院", {"江州铁路中院", "铁路运输中级法院"}),
    ],
)
def test_a_court_is_found_under_the_forms_it_is_called_by(name: str, aliases: set[str]) -> None:
    assert aliases <= set(court_of(name, None).aliases)


def test_a_name_is_no_alias_of_itself() -> None:
    assert "江州中院" not in court_of("江州中院", "江州中院").aliases


def test_an_ordinal_only_the_body_gives_makes_one_court_under_both_names() -> None:
    court = court_of("某市中级人民法院", "市三中院")
    assert court.name == "某市中级人民法院"
    assert court.key == "某市第三中级人民法院"
    assert court.aliases[0] == "市三中院"
    called = {normalize_name(alias) for alias in (court.name, court.key, *court.aliases)}
    assert {normalize_name(name) for name in ("三中院", "第三中级人民法院", "3中院", "市中院")} <= called
    assert normalize_name("一中院") not in called


def test_an_ordinal_in_digits_is_the_same_court_as_one_in_words() -> None:
    digits, words = court_of("江州市第3中级人民法院", None), court_of("江州市第三中级人民法院", None)
    assert digits.key == words.key
    assert {"三中院", "3中院"} <= set(digits.aliases)


def test_without_any_name_the_court_is_unknown() -> None:
    assert court_of(None, None) is UNKNOWN
    assert court_of("江州市人民检察院", None) is UNKNOWN


def test_without_a_title_the_self_name_is_the_name() -> None:
    assert court_of(None, "江州市三中院").name == "江州市三中院"


@pytest.mark.parametrize(
    ("opening", "title", "expected"),
    [
        ("2022年，市三中院党组坚持问题导向。", "某市中级人民法院", "市三中院"),
        ("市3中院以审判为中心。", "某市中级人民法院", "市3中院"),
        ("三中院始终抓牢主业。", "某市第三中级人民法院", "三中院"),
        ("江州中院围绕大局。江州中院全面履职。", "江州市中级人民法院", "江州中院"),
        ("一年来，青禾区法院立足辖区，青禾区法院坚持创新。", "江州市青禾区人民法院", "青禾区法院"),
        ("省高院党组带头学习。", "云岭省高级人民法院", "省高院"),
        ("江州市三中院党组积极作为。", None, "江州市三中院"),
        ("江州市三中院党组积极作为。", "某市中级人民法院", "江州市三中院"),
    ],
)
def test_a_report_calls_its_own_court_by_a_short_name(opening: str, title: str | None, expected: str) -> None:
    assert self_name(opening, title) == expected


@pytest.mark.parametrize(
    ("opening", "title"),
    [
        ("一年来，与市高院以联席会议推进协作。", "云岭省高级人民法院"),
        ("与市一中院以共建方式推进。", "江州市中级人民法院"),
        ("同市一中院在信息方面互通。", "江州市中级人民法院"),
        ("在市高院党组领导下，我院坚持改革。", None),
        ("向省高院以书面形式报告。", None),
        ("市二中院坚持创新。", "江州市第一中级人民法院"),
        ("市中院始终关心支持。", "江州市青禾区人民法院"),
        ("红山区法院在审判管理上先行一步。", "江州市青禾区人民法院"),
        ("各基层法院坚持创新。", "江州市青禾区人民法院"),
        ("全市法院坚持创新。", "江州市青禾区人民法院"),
        ("智慧法院以数据为底座。", "江州市青禾区人民法院"),
        ("人民法院坚持公正司法。", "江州市青禾区人民法院"),
        ("一审法院认真审理。", None),
        ("知识产权法院坚持创新。", "江州海事法院"),
        ("党组坚持创新。", "江州市中级人民法院"),
    ],
)
def test_another_court_is_never_taken_for_the_reports_own(opening: str, title: str | None) -> None:
    assert self_name(opening, title) is None


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("第三中院", "3中院"),
        ("市３中院", "市三中院"),
        ("12中院", "第十二中院"),
        ("21中院", "二十一中院"),
        ("20中院", "二十中院"),
        (" 江州市 第一中級人民法院", "江州市第1中级人民法院"),
    ],
)
def test_ways_of_writing_one_name_compare_equal(written: str, same: str) -> None:
    assert normalize_name(written) == normalize_name(same)


def test_different_ordinals_stay_different() -> None:
    assert len({normalize_name(f"{n}中院") for n in range(1, 30)}) == 29


@pytest.mark.parametrize(
    ("name", "level", "alias"),
    [
        ("清溪市枫林区人民法院", "基层", "枫林法院"),
        ("枫林区人民法院", "基层", "枫林法院"),
        ("敦北林区人民法院", "专门", "林区法院"),
        ("岭安省敦北林区中级法院", "专门", "林区中院"),
    ],
)
def test_a_district_named_after_a_forest_is_no_forest_court(name: str, level: str, alias: str) -> None:
    court = court_of(name, None)
    assert (court.level, alias in court.aliases) == (level, True), court.aliases
