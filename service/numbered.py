"""Items that a report numbers, asked for by their number: 问题4的整改情况, 第三个问题, 第2项整改任务."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.numerals import han_value
from indexer.records import Paragraph, Report
from indexer.text import fold

__all__ = ["NumberedItem", "asked_item", "heading_of", "highest", "of_aspect", "paragraphs_of"]

_NUMBER = r"(\d{1,3}|[一二三四五六七八九十百]{1,4})"
_NOUN = "问题|事项|任务|整改任务|整改措施|措施|意见|建议"
_BEFORE = re.compile(
    rf"(?:反馈|整改|巡[察视])?(问题|事项|任务)(?:清单)?(?:第|之)?\s*(?:{_NUMBER}|[（(]{_NUMBER}[）)])"
    r"(?![\d一二三四五六七八九十百个条项件次家名人年月日类点大共般直些样]|整改到)"
)
_AFTER = re.compile(
    rf"第\s*{_NUMBER}\s*(?:[个条项](?:反馈|整改|巡[察视]|具体|突出|存在|主要|方面)*的?({_NOUN})"
    r"|项(?=的?(?:整改|责任|完成|落实|进展|怎么|如何|是什么)|$))"
)
_OF_PROBLEMS = re.compile(r"^(?:反馈)?(?:问题|事项|任务)\s*" + _NUMBER)
_OF_ITEMS = tuple(
    re.compile(f"^{form}")
    for form in (
        rf"第\s*{_NUMBER}\s*[个条项类]",
        r"([一二三四五六七八九十百]{1,4})\s*、",
        r"[（(]\s*([一二三四五六七八九十百]{1,4})\s*[）)]",
        r"(\d{1,3})\s*[、.．](?!\d)",
        r"[（(]\s*(\d{1,3})\s*[）)]",
        r"([一二三四五六七八九十]{1,3})是",
    )
)
_ABOUT_ITEMS = re.compile("问题|整改|任务|事项|反馈|措施|意见|建议|清单")


@dataclass(frozen=True, slots=True)
class NumberedItem:
    """The item asked for: its number, what it is called ("" for 第3项), and the question's words without it."""

    number: int
    noun: str
    rest: str


def asked_item(question: str) -> NumberedItem | None:
    """Return the item that a question asks for by its number, None where it asks for none."""
    words = fold(question)
    if (named := _BEFORE.search(words)) is not None:
        noun, written = named[1], named[2] or named[3]
    elif (named := _AFTER.search(words)) is not None:
        noun, written = named[2] or "", named[1]
    else:
        return None
    number = _value(written)
    rest = f"{words[: named.start()]} {words[named.end() :]}"
    return NumberedItem(number, noun, rest) if number else None


def _value(written: str) -> int:
    value = float(written) if written.isdigit() else han_value(written)
    return int(value or 0)


def paragraphs_of(report: Report, item: NumberedItem) -> list[Paragraph]:
    """Return the paragraphs of a report's item: those under the heading or lead that has its number.

    A report that counts its problems as such (问题4：) is read by that; another by the numbers of headings that
    stand among problems, tasks or measures. Where several lists reach the number, none is meant more than another:
    all are returned.
    """
    numbered = _numbered(report)
    return [paragraph for paragraph, numbers in numbered if item.number in numbers]


def heading_of(report: Report, paragraph: Paragraph, item: NumberedItem) -> str:
    """Return the heading that has the item's number above a paragraph, "" where it begins the paragraph itself."""
    forms = (_OF_PROBLEMS, *_OF_ITEMS)
    path = report.section_path(paragraph)
    return next(
        (path[at] for form in forms for at in range(len(path)) if _number(form, path, at) == item.number), ""
    )


def of_aspect(report: Report, paragraphs: Sequence[Paragraph], rest: str) -> list[Paragraph]:
    """Return those of an item's paragraphs that the question asks for by their label (整改情况, 责任单位), else all."""
    asked = [label for label, words in _ASPECTS if re.search(words, fold(rest))]
    own = [
        paragraph
        for paragraph in paragraphs
        if any(
            re.match(rf"[【\[]?{label}", lead)
            for label in asked
            for lead in (*paragraph.leads, paragraph.text)
        )
    ]
    return own or list(paragraphs)


_ASPECTS = (
    (
        r"整改(?!时限|责任|要求|任务|目标)|(?:落实|进展|完成|办理)情况|(?:工作|取得)成效",
        r"整改(?!时限|责任)|改|落实|进展|完成情况|怎么做|做了什么|成效|结果",
    ),
    (r"(?:问题|具体|主要)表现|(?:存在|反馈|主要)问题|问题描述", r"表现|是什么|什么问题|内容|指什么"),
    (r"原因|产生原因|问题分析", r"原因|为什么|为何"),
    (r"责任|整改责任", r"责任|谁负责|哪个部门|哪个单位"),
    (r"(?:完成|整改)时限", r"时限|什么时候|何时|期限"),
    (r"下一步", r"下一步|打算|今后"),
)


def highest(report: Report) -> int:
    """Return the highest number of a report's items, 0 where it numbers none."""
    return max((number for _, numbers in _numbered(report) for number in numbers), default=0)


def _numbered(report: Report) -> list[tuple[Paragraph, set[int]]]:
    """Return the paragraphs that belong to items, with the items' numbers: those of the outermost list from 1 on."""
    paths = [
        (paragraph, (*report.section_path(paragraph), paragraph.text)) for paragraph in report.paragraphs
    ]
    for form in (_OF_PROBLEMS, *_OF_ITEMS):
        found = [
            (paragraph, numbers)
            for paragraph, path in paths
            if (numbers := {n for at in range(len(path)) if (n := _number(form, path, at))})
        ]
        if {number for _, numbers in found for number in numbers} >= {1, 2}:
            return found
    return []


def _number(form: re.Pattern[str], path: Sequence[str], at: int) -> int:
    """Return the number of one heading of a path, 0 where it has none or is not of problems or what is done on them."""
    match = form.match(fold(path[at]))
    own = re.split("[。；;]", path[at][:60], maxsplit=1)[0]
    about = form is _OF_PROBLEMS or any(_ABOUT_ITEMS.search(words) for words in (own, *path[:at]))
    return _value(match[1]) if match and about else 0
