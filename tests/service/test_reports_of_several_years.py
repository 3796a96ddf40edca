"""A report of several years: whose section names a year states that year's figures."""

from __future__ import annotations

import pytest

from indexer.build import build
from indexer.titles import years_of
from models import Encoder
from service.engine import Engine

THREE_YEARS = """青禾市中级人民法院党组关于2019—2021年落实主体责任情况的报告

一、2019年：打基础
召开党组会41次。
二、2020年：促规范
召开党组会46次。
三、2021年：求长效
召开党组会53次。组织志愿服务32次。
四、下一步打算
2022年召开党组会不少于60次。
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, builtin_encoder: Encoder) -> Engine:
    folder = tmp_path_factory.mktemp("years")
    (folder / "report.txt").write_text(THREE_YEARS, encoding="utf-8")
    build([folder], folder / "index", builtin_encoder, max_bytes=10**6)
    return Engine(folder / "index")


@pytest.mark.parametrize(
    ("title", "year", "years"),
    [
        ("某院工作报告", None, []),
        ("某院2021年工作报告", 2021, [2021]),
        ("某院2019—2021年工作报告", 2021, [2019, 2020, 2021]),
        ("某院2019年至2021年工作报告", 2021, [2019, 2020, 2021]),
        ("某院2021—2019年工作报告", 2019, [2019]),
        ("某院2019—2021年工作报告", 2023, [2023]),
    ],
)
def test_the_years_of_a_report_are_those_its_title_spans(
    title: str, year: int | None, years: list[int]
) -> None:
    assert list(years_of(title, year)) == years


@pytest.mark.parametrize(("year", "number"), [(2019, 41), (2020, 46), (2021, 53)])
def test_a_years_figure_is_that_of_its_section(engine: Engine, year: int, number: float) -> None:
    answer = engine.answer(f"{year}年召开党组会多少次")
    assert [cited.fact.number for cited in answer.facts] == [number]


def test_without_a_year_every_years_figure_is_given_with_its_year(engine: Engine) -> None:
    answer = engine.answer("召开党组会多少次")
    assert [cited.fact.number for cited in answer.facts] == [41, 46, 53]
    for year in ("2019年", "2020年", "2021年"):
        assert year in answer.text


def test_a_year_outside_is_refused(engine: Engine) -> None:
    assert engine.answer("2018年召开党组会多少次").abstained


def test_what_is_planned_is_given_only_where_plans_are_asked_for(engine: Engine) -> None:
    answer = engine.answer("下一步计划召开党组会多少次")
    assert 60 in [cited.fact.number for cited in answer.facts]
