"""Numbers in every way that reports write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.numerals import han_value, quantities

DIGITS = "零一二三四五六七八九"


def in_han(number: int) -> str:
    """Write 1 to 9,999 in Chinese numerals."""
    written, gap = "", False
    for place, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit == 0:
            gap = bool(written)
            continue
        written += ("零" if gap else "") + DIGITS[digit] + unit
        gap = False
    return written.removeprefix("一") if 10 <= number < 20 else written


@given(st.integers(1, 9999))
def test_a_chinese_numeral_has_the_value_it_writes(number: int) -> None:
    assert han_value(in_han(number)) == number


@given(st.integers(0, 10**9))
def test_an_arabic_number_has_its_value_whole(number: int) -> None:
    (found,) = quantities(f"共{number}件")
    assert (found.value, found.start, found.end) == (number, 1, 1 + len(str(number)))


@pytest.mark.parametrize("text", ["百百", "一三", "三十十", "二二"])
def test_what_is_no_numeral_has_no_value(text: str) -> None:
    assert han_value(text) is None


@pytest.mark.parametrize(
    ("text", "value", "approx"),
    [
        ("５５２条", 552, None),
        ("12,345件", 12345, None),
        ("1.2万件", 12000, None),
        ("3万余件", 30000, "余"),
        ("近2000人次", 2000, "近"),
        ("两千余人", 2000, "余"),
        ("百余场", 100, "余"),
        ("近万人", 10000, "近"),
        ("四点六万元", 46000, None),
        ("三十六条", 36, None),
        ("一千二百三十四件", 1234, None),
        ("不少于40学时", 40, "不少于"),
        ("10多次", 10, "多"),
        ("5.12亿元", 512000000, None),
    ],
)
def test_a_number_keeps_its_value_and_what_makes_it_approximate(
    text: str, value: float, approx: str | None
) -> None:
    (found,) = quantities(text)
    assert (found.value, found.approx) == (value, approx)


@pytest.mark.parametrize(
    ("text", "value", "fraction"),
    [("三分之一", 1 / 3, "分之"), ("百分之八", 8, "%"), ("百分之八点五", 8.5, "%"), ("4分之3", 0.75, "分之")],
)
def test_a_fraction_is_read_as_one_number(text: str, value: float, fraction: str) -> None:
    (found,) = quantities(text)
    assert found.value == pytest.approx(value)
    assert found.fraction == fraction


def test_a_range_has_both_its_ends() -> None:
    (found,) = quantities("每次30至40人")
    assert (found.value, found.upper) == (30, 40)


@given(st.text(alphabet="一二三十百千万亿两零〇点分之至余近多0123456789.,%％-~ 条项年月第", max_size=40))
def test_no_text_breaks_the_reading_of_numbers(text: str) -> None:
    for found in quantities(text):
        assert 0 <= found.start < found.end <= len(text)
        assert found.value >= 0
