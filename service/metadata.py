"""Conditions on a passage's metadata, as Dify's External Knowledge API words them.

Source: docs.dify.ai, “External Knowledge API”, metadata_condition. A field may have several values (a court has
aliases): a positive operator needs one that fits, a negative one that none does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from indexer.records import Paragraph, Passage, Report
from indexer.text import fold

__all__ = ["OPERATORS", "Condition", "Conditions", "matches", "of_paragraph", "of_passage", "operator_called"]

Values = tuple[str, ...]
Metadata = Mapping[str, Values]
Operand = str | float | None

_FIELDS = {
    "court": ("court", "court_name", "法院"),
    "year": ("year", "年", "年份", "年度", "date"),
    "section": ("section", "section_path", "heading", "章节"),
    "report_title": ("report_title", "title", "document_name", "报告", "标题"),
}
_FIELD_OF = {name: field for field, names in _FIELDS.items() for name in names}
_SPELLINGS = {
    "contains": ("contain", "includes", "包含"),
    "not contains": ("not contain", "does not contain", "doesn't contain", "excludes", "不包含"),
    "start with": ("starts with", "startswith", "begins with", "开头是"),
    "end with": ("ends with", "endswith", "结尾是"),
    "is": ("equals", "equal", "eq", "是"),
    "is not": ("not equals", "not equal", "isn't", "不是"),
    "in": ("any of", "属于"),
    "not in": ("none of", "不属于"),
    "empty": ("is empty", "null", "is null", "为空"),
    "not empty": ("is not empty", "not null", "is not null", "exists", "不为空"),
    "=": ("==", "＝"),
    "≠": ("!=", "<>", "=/=", "！="),
    ">": ("＞", "gt"),
    "<": ("＜", "lt"),
    "≥": (">=", "⩾", "≧", "gte"),
    "≤": ("<=", "⩽", "≦", "lte"),
    "before": ("早于",),
    "after": ("晚于",),
}
OPERATORS = tuple(_SPELLINGS)
"""Every operator, in Dify's spelling."""
_CALLED = {spelling: name for name, others in _SPELLINGS.items() for spelling in (name, *others)}
_NEGATIVE = {"not contains": "contains", "is not": "is", "not in": "in", "≠": "="}
_UNARY = {"empty", "not empty"}
_EARLIEST_TIMESTAMP = 100_000


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison; `names` are the fields of which any may fit, `values` what they are held against."""

    names: tuple[str, ...]
    operator: str
    values: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Conditions:
    """Comparisons that all have to hold, or, with `either`, one of them."""

    conditions: tuple[Condition, ...]
    either: bool = False


def operator_called(spelling: str) -> str:
    """Return the operator that a spelling means. Raises ValueError for one that means none."""
    name = _CALLED.get(" ".join(spelling.replace("_", " ").lower().split()))
    if name is None:
        raise ValueError(f"没有比较符“{spelling}”，可用 {'、'.join(OPERATORS)} / no such comparison operator")
    return name


def of_passage(passage: Passage) -> Metadata:
    """Return what a passage's conditions are about."""
    return _metadata(
        (passage.court.name, *passage.court.aliases), passage.year, passage.section_path, passage.report_title
    )


def of_paragraph(report: Report, paragraph: Paragraph) -> Metadata:
    """Return the same for a paragraph."""
    court = report.court
    return _metadata((court.name, *court.aliases), report.year, report.section_path(paragraph), report.title)


def _metadata(court: Values, year: int | None, path: Values, title: str) -> Metadata:
    return {
        "court": court,
        "year": () if year is None else (str(year),),
        "section": (" › ".join(path), *path) if path else (),
        "report_title": (title,),
    }


def matches(wanted: Conditions, metadata: Metadata) -> bool:
    """Tell whether metadata fit the conditions. A condition without a value where one is needed is passed over."""
    told = [
        _holds(condition, metadata)
        for condition in wanted.conditions
        if condition.operator in _UNARY or any(value not in (None, "") for value in condition.values)
    ]
    return not told or (any(told) if wanted.either else all(told))


def _holds(condition: Condition, metadata: Metadata) -> bool:
    fields = [metadata.get(_FIELD_OF.get(name.strip().lower(), ""), ()) for name in condition.names]
    if condition.operator == "empty":
        return not any(fields)
    if condition.operator == "not empty":
        return any(fields)
    positive = _NEGATIVE.get(condition.operator)
    compare = _COMPARISONS[positive or condition.operator]
    found = any(
        compare(value, operand)
        for values in fields
        for value in values
        for operand in _operands(condition)
        if operand is not None
    )
    return not found if positive else found


def _operands(condition: Condition) -> Sequence[Operand]:
    """Return what is compared with; a list for `in` may be written as one string with commas."""
    if condition.operator in ("in", "not in") and len(condition.values) == 1:
        (only,) = condition.values
        if isinstance(only, str):
            return [part.strip() for part in re.split(r"[,，、;；]", only) if part.strip()]
    return condition.values


def _same(value: str, operand: Operand) -> bool:
    one, other = _number(value), _number(operand)
    return one == other if one is not None and other is not None else fold(value) == _text(operand)


def _ordered(holds: Callable[[float, float], bool]) -> Callable[[str, Operand], bool]:
    def compare(value: str, operand: Operand) -> bool:
        one, other = _number(value), _number(operand)
        return one is not None and other is not None and holds(one, other)

    return compare


def _dated(holds: Callable[[int, int], bool]) -> Callable[[str, Operand], bool]:
    def compare(value: str, operand: Operand) -> bool:
        one, other = _year(value), _year(operand)
        return one is not None and other is not None and holds(one, other)

    return compare


_COMPARISONS: dict[str, Callable[[str, Operand], bool]] = {
    "contains": lambda value, operand: _text(operand) in fold(value),
    "start with": lambda value, operand: fold(value).startswith(_text(operand)),
    "end with": lambda value, operand: fold(value).endswith(_text(operand)),
    "is": _same,
    "in": _same,
    "=": _same,
    ">": _ordered(lambda one, other: one > other),
    "<": _ordered(lambda one, other: one < other),
    "≥": _ordered(lambda one, other: one >= other),
    "≤": _ordered(lambda one, other: one <= other),
    "before": _dated(lambda one, other: one < other),
    "after": _dated(lambda one, other: one > other),
}


def _text(operand: Operand) -> str:
    if isinstance(operand, float) and operand.is_integer():
        return str(int(operand))
    return fold(str(operand).strip())


def _number(value: Operand) -> float | None:
    try:
        return float(str(value).strip().removesuffix("年"))
    except ValueError:
        return None


def _year(value: Operand) -> int | None:
    """Return the year of a year, a date (2023-05-01, 2023年5月) or a Unix time in seconds."""
    number = _number(value)
    if number is not None and number >= _EARLIEST_TIMESTAMP:
        try:
            return datetime.fromtimestamp(number, UTC).year
        except (ValueError, OverflowError, OSError):
            return None
    found = re.match(r"\s*((?:19|20)\d\d)(?!\d)", str(value))
    return int(found[1]) if found else None
