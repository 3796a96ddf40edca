"""Facts: every quantity a report states, with unit, counted object and the matter it belongs to."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from indexer.numerals import Quantity, quantities
from indexer.objects import Phrase, context_of, counted_object, is_act
from indexer.records import Fact, Paragraph, Report
from indexer.setphrases import named_spans, quoted_names
from indexer.tables import is_table, table_facts
from indexer.text import fold, sentences, widened
from indexer.titles import years_of
from indexer.units import HAN_ONLY_IN_NAMES, UNIT, unit_kind

__all__ = ["facts_of"]

REACH = 400
"""Characters around a figure that are read for what it is; sentences without full stops can be endless."""
NEIGHBOURS = 24
_NEAR = 48

_THRESHOLD = re.compile(r"(?:及|或)?以(?:上|下|内|外)(?![，。；、,;]|$)")
_HONOURED = re.compile(r"^[^，。；]{0,24}(?:被评为|获|荣|入选|当选|评为|立功|受聘|表彰|列为)")
_FROM_TO = re.compile(r"([一-鿿]{2,24}?)(?:由|从)(?!业)")
_OLD_VALUE = re.compile(r"(?:由|从)(?!业)[^，。；\d]{0,8}$")
_TO_NEW = r"(?:大幅|逐步)?(?:上升|下降|降低?|缩短|压缩|压减|压降|减少|精简|控制|提高|提升|增加|增长|扩大|增|减|升|跃升|扩充|发展|调整|整合|优化)(?:至|到|为)"
_NEW_VALUE = re.compile(_TO_NEW)
_AT_A_LEVEL = re.compile(rf"{_TO_NEW}了?$")
_AT_NEW_VALUE = re.compile(rf"(?:由|从)[^。；]*{_TO_NEW}了?$")
_SHARE_OF = re.compile(
    r"占(?!用|据)(?:比|(?:全部|同期|所有)?(?P<whole>[^，。；\d]{2,14}?)的?)?(?:为|近|约|超过?)?$"
)
_ABOUT = re.compile(r"(?:大?约|仅|只|共|已|还|则|我院|本院|同期)+$")
_ELSEWHERE = re.compile(r"^(?:全国|全省|全市|全区)(?:法院)?(?=[一-鿿]{2})")
_BARE = re.compile(
    r"^(?:同比|环比|分别|和|与|及|较(?:年初|上年末?|去年|上年同期|去年同期)?|比(?:上年|去年|上一年|20\d\d年)?|由|从|为|高出|"
    + _TO_NEW
    + r"|缩短|提高|提升|上升|下降|降低|增长|减少|我[省市院区]|(?:上年|去年|上一年|往年)(?:度|同期)?(?:为|是|有)?|岁|%|％|[\d.])+"
)
_CHANGE = re.compile(
    r"(?:上升|增长|增加|提高|提升|下降|减少|降低|缩短|压缩|增幅|降幅|升高|回落|同比|环比|翻)[^，。；\d]{0,8}$"
    r"|[比较](?:上年|去年|上一年|往年|年初|上年末|20\d\d年)(?:同期|度)?(?:净|共)?[多少]$"
)
_CHANGES_GO_ON = re.compile(r"分别(?:上升|增长|增加|提高|提升|下降|减少|降低)[^，。；]*$")
_SECTION_YEAR = re.compile(r"(20\d\d)年(?!以来|来)")
_PLANS = re.compile(
    r"下一步|下步|打算|(?:工作|20\d\d年)(?:安排|思路|计划|考虑|设想|展望|怎么[干办做])|今后.{0,6}(?:措施|方向|工作)|努力方向"
)
_SPANS = frozenset(("天", "日", "周", "个月", "小时", "个工作日", "工作日", "分钟"))
"""Units of time; what is done within one (4周内完成) is not counted by it."""
_PLANS_AHEAD = re.compile(
    r"(?:(?<=[。；\n])|^)[\s　]{0,4}(?:(?P<year>20\d\d)年|新的一年|下一?(?:步|阶段)|明年|来年|今后(?:一个时期)?)(?:里|中)?(?:的工作)?[，,][^。；]{0,40}?"
    r"(?:将(?:重点|继续|着力|进一步|主要|突出|围绕|坚持)|拟(?!定|制)|计划(?=[^，。；]{0,12}\d)|打算|要(?:重点|着力|继续|进一步|坚持|抓好|做好)|(?P<may>将))"
)
"""What opens the plans at a paragraph's end: 2025年，我院将重点抓好以下工作：一是…；二是…"""
_INTENDED = re.compile(
    r"(?:明年|来年|新的一年|下一步|下一阶段|今后|力争|计划|打算|拟)(?!完成|书|生育)[^。；]*$|不(?:少于|低于)$"
)
_PAST = re.compile(
    r"(?<![比较与对])(?:上年|去年|上一年|往年|前年|(?P<year>20\d\d)年(?!度))(?:同期)?[^，。；]{0,16}$"
    r"|(?<=[比较与对])(?:上年|去年|上一年|前年)(?:同期)?的?$"
)
_PART = re.compile(r"(?:其中|包括|含)[^。；]*$")
_OF_THE_WHOLE = re.compile(
    r"(?:(?<=[，；。])|^)(?:目前|现|其中)?(?:已(?:经)?(?:完成|落实|整改|解决|办结|化解|销号|兑现|采纳)|其余|剩余|尚有)[^，。；]*$"
)
_TOTAL = re.compile(r"(?:共计|总计|合计|累计|总共|一共|共)[^，。；\d]{0,16}$")
_OTHER_BODY = re.compile(
    r"(?:全国(?![^，。；]*(?:奖|先进|优秀|最美|荣誉|称号|标兵|模范))|其他法院|兄弟法院)[^，。；]{0,16}$"
)

_SINCE = re.compile(r"(?:[一二三四五六七八九十\d]+年(?:以)?来|(?:建院|成立|揭牌)以来|历年)[^。；]{0,24}$")
_SUBJECT = re.compile(
    r"(?:(?<=[，；：。])|^)(?:据统计|今年|全年|20\d\d年|其中|同期|，)*"
    r"(?:(?P<area>全[省市区县](?:两级|各级|三级|基层)?(?:法院|共有|有|登记|常住)|两级法院|辖区(?:基层)?法院)|(?:本院|我院|[省市区县]法院|[省市]?高院|[省市]?中院|院机关|本级))"
    r"(?![^，。；]{0,6}(?:优秀|先进|典型|十佳|最美|标兵|示范|奖))"
)
_OTHER_ACTS = re.compile(
    r"^(?:其中|据)?[^，。；与向被由对同会和获为将把请联携协配经受]{0,8}"
    r"(?:检察院|检察机关|公安(?:局|厅|机关)|纪委(?:监委)?|监委|工商联|工会|妇联|人民政府|该局|(?:证监|监管|司法|财政|人社|税务|住建|资源|环境|民政|教育|医保|市监)局)"
    r"(?:同期|全年|共|累计|已|在[^，。；]{1,10}?){0,4}"
    r"(?:提[出起]|移送|通报|办理|作出|收到|立案|登记|走访|谈话|核定|发出|开展|组织|受理|查处|批捕|起诉|审查|约谈|印发)"
)


def facts_of(report: Report) -> Iterator[Fact]:
    """Yield a report's facts in order; ids count them within the report."""
    quoted = quoted_names([paragraph.text for paragraph in report.paragraphs])
    number = 0
    plans_under: tuple[str, ...] | None = None
    for paragraph in report.paragraphs:
        path = tuple(report.section_path(paragraph))
        planned_from = 0 if path == plans_under else _plans_from(widened(paragraph.text), report.year)
        if path != plans_under:
            plans_under = path if _announces(paragraph.text, planned_from) else None
        stated = (
            table_facts(report, paragraph, number)
            if is_table(paragraph.text)
            else _facts_in(report, paragraph, quoted, number, planned_from)
        )
        for fact in stated:
            number += 1
            yield fact


def _plans_from(text: str, reported: int | None) -> int | None:
    """Return from where a paragraph tells of plans, None where nowhere. A year past or present has none that 将 alone tells."""
    for match in _PLANS_AHEAD.finditer(text):
        year = int(match["year"]) if match["year"] else None
        coming = year is None or reported is None or year > reported
        if coming or (year == reported and match["may"] is None):
            return match.start()
    return None


def _announces(text: str, planned_from: int | None) -> bool:
    """Tell whether a paragraph's plans follow in those behind it: 2025年将抓好以下工作：."""
    return planned_from is not None and text.rstrip().endswith(("：", ":"))


def _facts_in(
    report: Report, paragraph: Paragraph, quoted: frozenset[str], counted: int, planned_from: int | None
) -> Iterator[Fact]:
    text = widened(paragraph.text)
    figures = list(quantities(text))
    if not figures:
        return
    of_year = _year_of_section(report, paragraph)
    planned = any(_PLANS.search(heading) for heading in report.section_path(paragraph))
    folded = fold(text)
    names = named_spans(folded, quoted)
    named = bytearray(len(folded))
    for low, high in names:
        named[low:high] = b"\1" * (min(high, len(folded)) - low)
    found: list[tuple[Quantity, int]] = []
    for quantity in figures:
        unit_end = _unit_end(folded, quantity, named)
        if unit_end is not None and (not found or quantity.start >= found[-1][1]):
            found.append((quantity, unit_end))
    spans = sentences(text)
    span_starts = [span[0] for span in spans]
    source_span = paragraph.source_spans()
    starts = [q.start for q, _ in found]
    stated: list[Fact] = []
    for place, (quantity, end) in enumerate(found):
        low, high = spans[bisect_right(span_starts, quantity.start) - 1]
        sentence = max(low, quantity.start - REACH), min(high, end + REACH)
        unit_start = quantity.end
        unit = "%" if quantity.fraction == "%" else "分之一" if quantity.fraction else text[unit_start:end]
        previous = (starts[place - 1], found[place - 1][1]) if place else None
        following = starts[place + 1] if place + 1 < len(starts) else None
        phrase = Phrase(
            text=text,
            sentence=sentence,
            start=quantity.start,
            end=end,
            previous=previous if previous and previous[1] > sentence[0] else None,
            next_start=following if following is not None and following < sentence[1] else None,
            unit=fold(unit),
        )
        lead = text[sentence[0] : quantity.start]
        counted += 1
        source_start, source_end = source_span(quantity.start, end)
        counted_thing, clause = counted_object(phrase)
        kind = _kind(lead, unit, stated[-1] if stated else None)
        role, year = ("own", None) if kind == "change" else _role(lead, clause, report)
        if year is None and role != "past":
            year = of_year
        announced = planned_from is not None and quantity.start >= planned_from
        if role in {"own", "area"} and (planned or announced or _INTENDED.search(lead)):
            role = "plan"
        if _OLD_VALUE.search(lead) and _NEW_VALUE.match(text, end):
            role, year = "past", None
        nearby = starts[max(0, place - NEIGHBOURS) : place + NEIGHBOURS]
        counted_thing = _subject(counted_thing, phrase, kind, stated[-NEIGHBOURS:], nearby)
        counted_thing = _with_cases(counted_thing, unit)
        earlier = Fact(
            id=f"{report.id}-f{counted}",
            report_id=report.id,
            paragraph=paragraph.number,
            number=quantity.value,
            upper=quantity.upper,
            number_text=text[quantity.start : quantity.end].rstrip("余多来"),
            approx=quantity.approx,
            unit=_shown_unit(unit, quantity.fraction is not None),
            object=counted_thing,
            context=context_of(phrase, report.section_path(paragraph)),
            clause=_as_written(clause, paragraph.text, text, end),
            role=role,
            kind=kind,
            year=year,
            start=source_start,
            end=source_end,
            text_start=quantity.start,
            text_end=end,
        )
        stated.append(earlier)
        yield earlier


def _as_written(clause: str, written: str, widened_text: str, end: int) -> str:
    """Return a clause with the stops that the paragraph has in it."""
    at = widened_text.rfind(clause, max(0, end - 2 * REACH), end + len(clause))
    return written[at : at + len(clause)] if at >= 0 else clause


def _year_of_section(report: Report, paragraph: Paragraph) -> int | None:
    """Return the year that a heading names in a report of several years, None in all others."""
    covered = years_of(report.title, report.year)
    if len(covered) < 2:
        return None
    named = (
        int(found[1])
        for heading in report.section_path(paragraph)
        for found in _SECTION_YEAR.finditer(heading)
    )
    return next((year for year in named if year in covered), None)


def _subject(words: str, phrase: Phrase, kind: str, stated: Sequence[Fact], starts: Sequence[int]) -> str:
    """Return what a figure without an object of its own is of: what the figure before it in the sentence counts.

    分别上升4.6%和7.2% speaks of the last two in their order; 由61天缩短至48天 of one thing twice.
    """
    opened = max(phrase.text.rfind(mark, phrase.sentence[0], phrase.start) for mark in "，。；")
    clause = phrase.text[max(opened + 1, phrase.sentence[0]) : phrase.start]
    ranged = _FROM_TO.match(clause)
    if ranged is not None and _OLD_VALUE.search(clause) and _NEW_VALUE.match(phrase.text, phrase.end):
        return ranged[1]
    before = [fact for fact in stated if phrase.sentence[0] <= fact.text_start]
    part = _SHARE_OF.search(clause) if unit_kind(phrase.unit) == "share" else None
    if part is not None and kind != "change":
        head = _BARE.sub("", _ABOUT.sub("", clause[: part.start()]).removeprefix("其中")) or (
            before[-1].object if before else ""
        )
        return f"{head}占{part['whole'] or '比'}" if head else words
    bare = _BARE.sub("", words)
    if before and kind != "change" and _of_the_same(bare, phrase.unit, before[-1]):
        return before[-1].object
    if len(bare) >= 2 and bare != phrase.unit:
        return bare
    if ranged is not None:
        return ranged[1]
    if not before:
        return words
    if kind == "change" and "分别" in clause:
        first = phrase.start - len(clause)
        within = [start for start in starts if first <= start <= phrase.start]
        earlier = [fact for fact in before if fact.text_start < first and fact.kind != "change"]
        at = len(within) - 1
        following = [start for start in starts if start >= first and start < phrase.start + 24]
        last = earlier[-len(following) :] if len(earlier) >= len(following) else earlier
        return last[at].object if at < len(last) else before[-1].object
    return _ELSEWHERE.sub("", before[-1].object)


def _of_the_same(words: str, unit: str, before: Fact) -> bool:
    """Tell whether a figure only says what was done with the things counted before it, or who came to them.

    整改举措41项，已落实38项; 旁听庭审14次，210人次到场.
    """
    if unit_kind(unit) in {"people", "visits"}:
        return unit_kind(before.unit) == "times" and _CAME.fullmatch(words) is not None
    return fold(before.unit) == unit and (is_act(words) or _DONE_WITH.fullmatch(words) is not None)


_CAME = re.compile(
    r"(?:干警|人员|群众)?(?:到场|到会|参加|参与|受训|参训|接受教育|受教育|接受(?:警示)?教育|观看|听课)(?:干警|人员)?"
)
_DONE_WITH = re.compile(
    r"(?:需|待)?(?:长期坚持|持续推进|落实|完成|整改|销号|采纳|生效|公开)|(?:其中)?(?:本|[省市区县])(?:法院|院|中院|高院)(?:发出|提出|办理|开展|制定)"
)


def _with_cases(words: str, unit: str) -> str:
    """Complete 审结5938件 to the cases it counts."""
    return f"{words}案件" if unit == "件" and words.endswith(_ON_CASES) else words


_ON_CASES = ("审结", "受理", "执结", "办结", "新收", "审执结")


def _shown_unit(unit: str, fraction: bool) -> str:
    return "％" if unit == "%" and fraction else unit


def _unit_end(folded: str, quantity: Quantity, named: bytearray) -> int | None:
    """Return where the unit after a number ends, or None where the number counts nothing."""
    start, end = quantity.start, quantity.end
    if named[start]:
        return None
    if quantity.fraction:
        return end if not quantity.han or not folded[end : end + 1].isdigit() else None
    match = UNIT.match(folded, end)
    if match is None:
        return None
    unit, after = match[0], folded[match.end() : match.end() + _NEAR]
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
    if unit in {"月", "日", "点", "级", "层", "号"} and not quantity.han:
        return None
    if unit == "年" and (
        quantity.value >= 1900 or re.match(r"(?:行动|规划|计划|方案|来|内|级|制|前|后|以来|期)", after)
    ):
        return None
    if _THRESHOLD.match(after) or (unit in _SPANS and after.startswith("内")):
        return None
    return match.end()


def _honoured(after: str) -> bool:
    return _HONOURED.match(after) is not None


def _counted_in_han(quantity: Quantity, unit: str, after: str) -> bool:
    """Tell whether a Chinese numeral before a compound-prone unit counts after all: 百余人, 两年争创活动."""
    if unit in {"人", "天", "日", "户", "对", "组", "支", "点", "岁"} and (
        not after or after[0] in "，、。；：）)"
    ):
        return True
    if unit == "成":
        return re.match(r"以上|以下|左右|多|[，。；、]", after) is not None
    if quantity.approx or quantity.value > 10:
        return unit not in {"年", "月", "日", "届", "周年", "字", "级", "层", "面", "线", "部"}
    return unit == "年" and re.match(r"[一-鿿]{2}", after) is not None


def _role(lead: str, clause: str, report: Report) -> tuple[str, int | None]:
    """Return whose figure one is and of when, and the earlier year that it names.

    A sentence's figures are of the subject named last before them: 全市法院受理12件，审结11件，其中市中院审结3件.
    """
    past = None if _AT_NEW_VALUE.search(lead) else _PAST.search(lead)
    if past and past["year"] is None:
        return "past", report.year - 1 if report.year else None
    if past and report.year is not None and int(past["year"]) < report.year:
        return "past", int(past["year"])
    if _SINCE.search(lead):
        return "past", None
    if _OTHER_BODY.search(lead) or _OTHER_ACTS.match(clause):
        return "other", None
    subjects = list(_SUBJECT.finditer(lead))
    return ("area" if subjects and subjects[-1]["area"] else "own"), None


def _kind(lead: str, unit: str, before: Fact | None) -> str:
    """Tell a change from a part, a total and a plain count; a clause behind 其中 goes on with parts of the same unit."""
    if _AT_A_LEVEL.search(lead):
        return "count"
    if _CHANGE.search(lead) or (unit_kind(unit) == "share" and _CHANGES_GO_ON.search(lead)):
        return "change"
    part = _PART.search(lead)
    if _OF_THE_WHOLE.search(lead):
        return "part"
    if part and ("，" not in part[0] or (before and before.kind == "part" and before.unit == unit)):
        return "part"
    return "total" if _TOTAL.search(lead) else "count"
