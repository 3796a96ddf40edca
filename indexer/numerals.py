"""Numbers as reports write them: 552, １．２万, 十五, 两千余, 近百, 三分之一, 百分之八, 16.5％, 30至40."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.text import fold

__all__ = ["Quantity", "han_value", "quantities"]

_HAN_DIGITS = {
    "〇": 0,
    "○": 0,
    "零": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_HAN_TENS = {"十": 10, "百": 100, "千": 1000}
_HAN_MYRIADS = {"万": 10_000, "亿": 100_000_000}
_LONGEST = 32
"""Characters. No figure is written with as many; a run of them is a rule, a code, or made to do harm."""

_ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_HAN = r"[一二两三四五六七八九十百千万亿〇零○]+"
_PLAIN = rf"(?:(?:{_ARABIC})(?:[十百千]?[万亿]|[百千](?=余|多|[条项个次场名件篇份家人]))?|{_HAN}点[一二三四五六七八九零]+[万亿]?|{_HAN})"
_BEFORE = r"不(?:少|低|超)于|不到|不足|超过|高达|多达|达到|将近|接近|大约|至少|至多|最多|最少|近|约|超|逾|达|仅|过|上(?=[百千万])|数(?=[十百千万])"
_NOT_VAGUE = {"达", "达到", "高达", "多达", "仅"}
_MORE = r"余|多(?![方样元层种边维少数])|来(?=[条项个次场名件篇份家人])"
_NUMBER = re.compile(
    rf"(?P<before>{_BEFORE})?"
    rf"(?:(?P<whole>{_HAN}|\d+)分之(?P<part>{_HAN}(?:点{_HAN})?|\d+(?:\.\d+)?)"
    rf"|(?P<low>{_PLAIN})(?P<lowmore>余)?(?P<percent>[%])?(?:至|到|[-—–~～]{{1,2}})(?P<high>{_PLAIN})(?P<highmore>余)?(?=[^年月日时\d])"
    rf"|(?P<plain>{_PLAIN})(?P<more>{_MORE})?(?P<scale>[万亿])?)"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a text: its span without approximation words before it, its value, and what it is like.

    `upper` is the other end of a range, `approx` the words that make it approximate (近, 余, 超 …).
    """

    start: int
    end: int
    value: float
    upper: float | None
    approx: str | None
    han: bool
    fraction: str | None


def han_value(numeral: str) -> float | None:
    """Return the value of a Chinese numeral, or None where it is none (一三, 百百, or one without end)."""
    if len(numeral) > _LONGEST:
        return None
    if all(char in _HAN_DIGITS for char in numeral):
        return float("".join(str(_HAN_DIGITS[char]) for char in numeral)) if len(numeral) in (1, 4) else None
    total = section = digit = 0
    last_unit = 10**9
    for char in numeral:
        if char in _HAN_DIGITS:
            if digit and char != "零":
                return None
            digit = _HAN_DIGITS[char]
        elif char in _HAN_TENS:
            unit = _HAN_TENS[char]
            if unit >= last_unit:
                return None
            section += (digit or 1) * unit
            digit, last_unit = 0, unit
        else:
            section += digit
            if not section and not total:
                section = 1
            total = (total + section) * _HAN_MYRIADS[char]
            section = digit = 0
            last_unit = 10**9
    return float(total + section + digit)


def _value(written: str) -> float | None:
    if len(written) > _LONGEST:
        return None
    match = re.fullmatch(r"([\d,.]+)([十百千]?)([万亿]?)", written)
    if match is None and "点" in written:
        decimal = _decimal(written.rstrip("万亿"))
        return None if decimal is None else decimal * _HAN_MYRIADS.get(written[-1], 1)
    if match is None:
        return han_value(written)
    scale = _HAN_TENS.get(match[2], 1) * _HAN_MYRIADS.get(match[3], 1)
    return round(float(match[1].replace(",", "")) * scale, 6)


def _decimal(written: str) -> float | None:
    whole, _, part = written.partition("点")
    value = _value(whole)
    if value is None or not part:
        return value
    digits = "".join(str(_HAN_DIGITS[char]) for char in part if char in _HAN_DIGITS)
    return float(f"{int(value)}.{digits}")


def quantities(text: str) -> Iterator[Quantity]:
    """Yield every number in a text, in order; what follows it decides whether it counts anything."""
    folded = fold(text)
    for match in _NUMBER.finditer(folded):
        before = match["before"]
        start = match.end("before") if before else match.start()
        upper: float | None = None
        fraction: str | None = None
        if match["whole"]:
            base, part = _value(match["whole"]), _decimal(match["part"])
            if base is None or part is None or base <= 0:
                continue
            value = part if base == 100 else part / base
            fraction = "%" if base == 100 else "分之"
            approx = before
        elif match["low"]:
            low, high = _value(match["low"]), _value(match["high"])
            if low is None or high is None or high < low:
                continue
            value, upper = low, high
            approx = before or match["lowmore"] or match["highmore"]
        else:
            plain = _value(match["plain"])
            if plain is None:
                continue
            value = round(plain * _HAN_MYRIADS.get(match["scale"] or "", 1), 6)
            approx = _joined(None if before in _NOT_VAGUE else before, match["more"])
        yield Quantity(start, match.end(), value, upper, approx, not re.search(r"\d", match[0]), fraction)


def _joined(before: str | None, after: str | None) -> str | None:
    return "".join(filter(None, (before, after))) or None
