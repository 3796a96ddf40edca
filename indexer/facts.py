"""Facts: every quantity a report states, with unit, counted object and the matter it belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.numerals import Quantity, quantities
from indexer.objects import Phrase, context_of, counted_object
from indexer.records import Fact, Paragraph, Report
from indexer.setphrases import named_spans, quoted_names
from indexer.text import fold, sentences
from indexer.units import HAN_ONLY_IN_NAMES, UNIT

__all__ = ["facts_of"]

_THRESHOLD = re.compile(r"(?:及|或)?以(?:上|下|内|外)(?![，。；、])")
_HONOURED = re.compile(r"^[^，。；]{0,24}(?:被评为|获|荣|入选|当选|评为|立功|受聘|表彰|列为)")
_CHANGE = re.compile(
    r"(?:上升|增长|增加|提高|提升|下降|减少|降低|缩短|压缩|增幅|降幅|升高|回落|同比|环比|翻)[^，。；\d]{0,8}$"
)
_PAST = re.compile(
    r"(?:上年|去年|上一年|往年|前年|20\d\d年)(?:度)?(?:同期)?(?:的|为|是|共|末|底|审结|受理|办理|[^，。；\d]{0,6})$"
)
_PART = re.compile(r"(?:其中|包括|含)[^。；]*$")
_TOTAL = re.compile(r"(?:共计|总计|合计|累计|总共|一共|共)[^，。；\d]{0,16}$")
_OTHER_BODY = re.compile(
    r"(?:全国(?!法院先进)|全省|全市|全区|辖区|我市|我省)(?:共|有|法院|各级)?[^，。；]{0,4}$"
)


def facts_of(report: Report) -> Iterator[Fact]:
    """Yield a report's facts in order; ids count them within the report."""
    quoted = quoted_names([paragraph.text for paragraph in report.paragraphs])
    number = 0
    for paragraph in report.paragraphs:
        for fact in _facts_in(report, paragraph, quoted, number):
            number += 1
            yield fact


def _facts_in(report: Report, paragraph: Paragraph, quoted: frozenset[str], counted: int) -> Iterator[Fact]:
    text = paragraph.text
    folded = fold(text)
    names = named_spans(folded, quoted)
    found = [(q, unit_end) for q in quantities(text) if (unit_end := _unit_end(folded, q, names)) is not None]
    spans = sentences(text)
    starts = [q.start for q, _ in found]
    earlier: Fact | None = None
    for place, (quantity, end) in enumerate(found):
        sentence = next(span for span in spans if span[0] <= quantity.start < span[1])
        unit_start = quantity.end
        unit = "%" if quantity.fraction == "%" else "分之一" if quantity.fraction else text[unit_start:end]
        before = [(q.start, e) for q, e in found[:place] if e > sentence[0]]
        following = starts[place + 1] if place + 1 < len(starts) else None
        phrase = Phrase(
            text=text,
            sentence=sentence,
            start=quantity.start,
            end=end,
            previous=before[-1] if before else None,
            next_start=following if following is not None and following < sentence[1] else None,
            unit=fold(unit),
        )
        lead = text[sentence[0] : quantity.start]
        counted += 1
        source_start, source_end = paragraph.source_span(quantity.start, end)
        counted_thing, clause = counted_object(phrase)
        kind = _kind(lead, unit)
        if kind == "change" and counted_thing == phrase.unit and earlier is not None:
            counted_thing = earlier.object
        earlier = Fact(
            id=f"{report.id}-f{counted}",
            report_id=report.id,
            paragraph=paragraph.number,
            number=quantity.value,
            upper=quantity.upper,
            number_text=text[quantity.start : quantity.end].rstrip("余多来"),
            approx=quantity.approx,
            unit=_shown_unit(unit),
            object=counted_thing,
            context=context_of(phrase, report.section_path(paragraph)),
            clause=clause,
            role="own" if kind == "change" else _role(lead),
            kind=kind,
            start=source_start,
            end=source_end,
            text_start=quantity.start,
            text_end=end,
        )
        yield earlier


def _shown_unit(unit: str) -> str:
    return "％" if unit in {"%", "％"} else unit


def _unit_end(folded: str, quantity: Quantity, names: list[tuple[int, int]]) -> int | None:
    """Return where the unit after a number ends, or None where the number counts nothing."""
    start, end = quantity.start, quantity.end
    if any(a <= start < b for a, b in names):
        return None
    if quantity.fraction:
        return end if not quantity.han or not folded[end : end + 1].isdigit() else None
    match = UNIT.match(folded, end)
    if match is None:
        return None
    unit, after = match[0], folded[match.end() :]
    if quantity.han:
        if quantity.value == 1 or (unit in HAN_ONLY_IN_NAMES and not _counted_in_han(quantity, unit, after)):
            return (
                match.end()
                if quantity.value == 1 and unit in "名人件家篇项部个" and _honoured(after)
                else None
            )
        if folded[start - 1 : start] in set("第每首初十百千"):
            return None
    if folded[start - 1 : start] in {"第", "每"} or (start and re.match(r"[A-Za-z.]", folded[start - 1])):
        return None
    if unit in {"年", "月", "日", "点", "级", "层", "号"} and not quantity.han and unit != "年":
        return None
    if unit == "年" and (
        quantity.value >= 1900 or re.match(r"(?:行动|规划|计划|方案|来|内|级|制|前|后|以来|期)", after)
    ):
        return None
    if _THRESHOLD.match(after):
        return None
    return match.end()


def _honoured(after: str) -> bool:
    return _HONOURED.match(after) is not None


def _counted_in_han(quantity: Quantity, unit: str, after: str) -> bool:
    """Tell whether a Chinese numeral before a compound-prone unit counts after all: 百余人, 两年争创活动."""
    if quantity.approx or quantity.value > 10:
        return unit not in {"年", "月", "日", "届", "字", "级", "层", "面", "线", "部"}
    return unit == "年" and re.match(r"[一-鿿]{2}", after) is not None


def _role(lead: str) -> str:
    if _PAST.search(lead):
        return "past"
    return "other" if _OTHER_BODY.search(lead) else "own"


def _kind(lead: str, unit: str) -> str:
    if _CHANGE.search(lead):
        return "change"
    if _PART.search(lead):
        return "part"
    return "total" if _TOTAL.search(lead) else "count"
