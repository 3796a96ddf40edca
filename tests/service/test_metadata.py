"""Conditions on metadata: every operator, its look-alikes, and values that are missing or odd."""

from __future__ import annotations

import pytest

from service.metadata import OPERATORS, Condition, Conditions, Operand, matches, operator_called

PASSAGE = {
    "court": ("某市第二中级人民法院", "市二中院", "二中院"),
    "year": ("2023",),
    "section": ("四、正风肃纪 › 二是反腐", "四、正风肃纪", "二是反腐"),
    "report_title": ("某市第二中级人民法院党组2023年工作报告",),
}
BARE: dict[str, tuple[str, ...]] = {"court": ("甲法院",), "year": (), "section": (), "report_title": ("题",)}


def holds(name: str, operator: str, *values: Operand, metadata: dict[str, tuple[str, ...]] = PASSAGE) -> bool:
    condition = Condition((name,), operator_called(operator), values or (None,))
    return matches(Conditions((condition,)), metadata)


@pytest.mark.parametrize(
    ("name", "operator", "values", "expected"),
    [
        ("court", "contains", ("二中",), True),
        ("court", "contains", ("三中",), False),
        ("court", "not contains", ("三中",), True),
        ("court", "not contains", ("二中",), False),
        ("section", "start with", ("四、",), True),
        ("section", "start with", ("五、",), False),
        ("report_title", "end with", ("工作报告",), True),
        ("report_title", "end with", ("总结",), False),
        ("court", "is", ("二中院",), True),
        ("court", "is", ("中院",), False),
        ("court", "is not", ("一中院",), True),
        ("court", "is not", ("二中院",), False),
        ("court", "in", ("一中院", "市二中院"), True),
        ("court", "in", ("一中院，二中院",), True),
        ("court", "in", ("一中院",), False),
        ("court", "not in", ("一中院", "三中院"), True),
        ("court", "not in", ("一中院", "二中院"), False),
        ("year", "in", (2022.0, "2023"), True),
        ("year", "empty", (), False),
        ("year", "not empty", (), True),
        ("year", "=", (2023.0,), True),
        ("year", "=", ("2023年",), True),
        ("year", "=", ("2022",), False),
        ("year", "≠", (2022.0,), True),
        ("year", "≠", (2023.0,), False),
        ("year", ">", (2022.0,), True),
        ("year", ">", (2023.0,), False),
        ("year", "<", ("2024",), True),
        ("year", "<", (2023.0,), False),
        ("year", "≥", (2023.0,), True),
        ("year", "≥", (2024.0,), False),
        ("year", "≤", (2023.0,), True),
        ("year", "≤", (2022.0,), False),
        ("year", "before", ("2024-01-01",), True),
        ("year", "before", ("2023-12-31",), False),
        ("year", "after", ("2022年12月",), True),
        ("year", "after", (1_700_000_000.0,), False),
        ("year", "after", (1_600_000_000.0,), True),
        ("year", "after", ("明天",), False),
        ("year", ">", ("多",), False),
    ],
)
def test_every_operator(name: str, operator: str, values: tuple[Operand, ...], expected: bool) -> None:
    assert holds(name, operator, *values) is expected


def test_every_operator_is_among_those_tried() -> None:
    tried = {case[1] for case in test_every_operator.pytestmark[0].args[1]}  # type: ignore[attr-defined]
    assert tried == set(OPERATORS)


@pytest.mark.parametrize(
    ("spelling", "operator"),
    [
        ("!=", "≠"),
        ("<>", "≠"),
        (">=", "≥"),
        ("<=", "≤"),
        ("==", "="),
        ("＝", "="),
        ("Starts With", "start with"),
        ("does  not contain", "not contains"),
        ("is_not", "is not"),
        ("not null", "not empty"),
        ("不为空", "not empty"),
        ("早于", "before"),
    ],
)
def test_look_alikes_mean_the_same(spelling: str, operator: str) -> None:
    assert operator_called(spelling) == operator


@pytest.mark.parametrize("spelling", ["", "like", "~", "=>"])
def test_an_operator_of_no_meaning_is_refused_by_name(spelling: str) -> None:
    with pytest.raises(ValueError, match="比较符"):
        operator_called(spelling)


def test_fields_without_a_value_are_empty_and_differ_from_everything() -> None:
    assert holds("year", "empty", metadata=BARE)
    assert not holds("section", "not empty", metadata=BARE)
    assert holds("year", "is not", 2023.0, metadata=BARE)
    assert not holds("year", "≥", 1.0, metadata=BARE)
    assert holds("no_such_field", "empty")
    assert not holds("no_such_field", "is", "x")


def test_a_condition_without_its_value_is_passed_over() -> None:
    assert holds("court", "is", None)
    assert holds("court", "is", "")
    unset, wrong = Condition(("court",), "is", (None,)), Condition(("court",), "is", ("一中院",))
    assert not matches(Conditions((unset, wrong), either=True), PASSAGE)


def test_and_or_and_several_names() -> None:
    right, wrong = Condition(("year",), "=", (2023.0,)), Condition(("court",), "is", ("一中院",))
    assert not matches(Conditions((right, wrong)), PASSAGE)
    assert matches(Conditions((right, wrong), either=True), PASSAGE)
    assert matches(Conditions(()), PASSAGE)
    either_field = Condition(("section", "report_title"), "contains", ("工作报告",))
    neither_field = Condition(("section", "report_title"), "not contains", ("工作报告",))
    assert matches(Conditions((either_field,)), PASSAGE)
    assert not matches(Conditions((neither_field,)), PASSAGE)
