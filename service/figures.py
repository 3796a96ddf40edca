"""The figures of a sentence as its check reads them: value, unit, bound, and whether they tell a change."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import isclose

from indexer.numerals import Quantity, quantities
from indexer.units import HAN_ONLY_IN_NAMES, UNIT

__all__ = [
    "DATES",
    "OF_AREA",
    "Figure",
    "counts_an_area",
    "figures",
    "numerals_in_words",
    "same_figure",
    "same_qualifiers",
    "ungrouped",
    "without_area",
    "without_figures",
]

_NEAR, _OVER = re.compile(r"近|将近|接近|不到|不足"), re.compile(r"余|多|超|逾|以上|过|上|来")
_CHANGE = re.compile(
    r"(?:增长|增加|上升|升高|提高|提升|下降|减少|降低|下滑|缩短|压缩|节约|回落|[增升降减])(?:了|率?达|[近约逾超])*$|(?:[增降涨升]幅|增速)(?:[为达是近约逾超])*$"
)
_CHANGED = re.compile(r"(?:增长|增加|上升|提高|提升|下降|减少|降低|缩短)(?:了)?$")
_BOUND = re.compile(
    r"以上|以下|左右|上下|以内|之内|之上|之下|不到|开外|出头|有余|余|多(?![元发方种样层次个家名项边维年])"
)
_BOUND_BEFORE = re.compile(r"(?:[低高多少大小]于|不满|未满|未达|突破|不及)$")
_MORE_THAN = re.compile(r"[比较](?!上年|去年|上一年)[^，,。；;]*$")
"""Before a figure, it makes the 多 behind one the comparison's: 比乙院的12件多."""
_TENTHS = re.compile(
    r"(?<!第)(?P<ten>[一二两三四五六七八九])成(?P<one>[一二三四五六七八九])?(?![果绩员效本立年不功])"
)
_GROUPING = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
DATES = frozenset(("年", "年度", "月", "日"))
"""Units of what is no count but a date."""
_NO_COUNT = re.compile(
    r"一起(?![一-鿿“”]{0,12}案)|[两三四]处(?=数字|数据|说法|记载|表述)|一处(?=表述|[是为写提说载记]|[，,])"
)
_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"两": 2}
_IN_WORDS = re.compile(r"第?[一二两三四五六七八九十百千万亿半双]+|第\d+")
_IDIOM = re.compile(
    r"统一|进一步|一步|一些|一定|一方面|一并|一起|一同|一直|一系列|之一|一般|一旦|一致|一贯|一体|单一|逐一|唯一|一线|一律|"
    r"一道|一面|一支|一家|一名|一种|万一|十分|千方百计|百姓|一切|同一|另一|每一|任一|一样|专一|一一|这[一两三几]|那[一两]|[一两三](?:处|节|段|栏)|其[一二三]|下一年|下一步|新一年|一升一降|一增一减|一是|二是|三是|四是|五是|一手|一把手"
)
OF_AREA = re.compile(
    r"(?:全国|全[省市区县州])(?![^，,。；;、\d]{0,12}(?:奖|优秀|先进|集体|模范|标兵|典型|评选|表彰|红旗|文明|讨论会|荣誉|称号|竞赛|比赛))|"
    r"两级法院|辖区"
)
"""Words that make a figure a whole area's; those that say where a prize or title is given make none."""
_COURTS_OF_AREA = re.compile(rf"(?:{OF_AREA.pattern})各?级?(?:人民)?(?:法院)?")
_OWN = re.compile(r"其中|本院|中院|院本级|院机关")
_AVERAGE = re.compile(r"平均|[人日月周年户件]均")
_BEFORE = re.compile(
    r"(?<![比较与同])(?:上年|去年|上一年|往年)(?:同期(?!相?比|[增下上减])|(?!同期|[增下上减]))"
)
_YEAR_BEFORE = re.compile(
    r"(?<![比较与同])(?:上年|上一年|前一年)(?:同期(?!相?比|[增下上减])|(?!同期|[增下上减]))"
)
"""The year before that of the report; 去年 may be the report's own, by who says it."""
_FROM_TO = re.compile(r"[由从][^，,；;。]*\d[^，,；;。]*[至到]")
_QUALIFIERS = (
    _AVERAGE,
    re.compile(r"每(?!一?[项个件]?[都均])"),
    re.compile(r"预计|计划|力争|目标"),
    _BEFORE,
    OF_AREA,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that counts something: the words around it, and what keeps it from being another's equal.

    `lead` are those of the words that stand before it, `clause` all between the commas and what leads there; `changes`: it is by how much something changed, which is not what was reached.
    """

    quantity: Quantity
    unit: str
    segment: str
    changes: bool
    bound: str
    lead: str = ""
    clause: str = ""


def ungrouped(text: str) -> str:
    """Return the text with no commas inside numbers, where they would end a clause: 4,850万元."""
    return _GROUPING.sub("", text)


def figures(text: str) -> list[Figure]:
    """Return what a text counts: every number in digits, and numerals that a unit follows or that have two digits."""
    return [figure for figure, _ in _spans(text)]


def _spans(text: str) -> Iterator[tuple[Figure, int]]:
    taken, ends = 0, [0]
    tenths = {match.start(): match for match in _TENTHS.finditer(text)}
    for quantity in quantities(text):
        if quantity.start < taken or _NO_COUNT.match(text, quantity.start):
            continue
        if (match := tenths.get(quantity.start)) is not None:
            share = _DIGITS[match["ten"]] * 10 + (_DIGITS[match["one"]] if match["one"] else 0)
            quantity = replace(quantity, end=match.end(), value=float(share), fraction="%")
            taken = match.end()
            yield _figure(text, quantity, "%", match.end(), ends), match.end()
            ends.append(taken)
            continue
        unit = UNIT.match(text, quantity.end)
        name = _unit(quantity, unit[0] if unit else "")
        if quantity.han and not quantity.fraction:
            length = quantity.end - quantity.start
            if length == 1 and (not name or name in HAN_ONLY_IN_NAMES):
                continue
        end = quantity.end + (len(name) if text.startswith(name, quantity.end) else 0)
        taken = end
        yield _figure(text, quantity, name, end, ends), end
        if name not in DATES:
            ends.append(end)


def _figure(text: str, quantity: Quantity, unit: str, end: int, ends: Sequence[int]) -> Figure:
    after = _BOUND.match(text, end)
    before = _BOUND_BEFORE.search(text[: quantity.start])
    if after is not None and after[0] == "多" and _MORE_THAN.search(text[: quantity.start]):
        after = None
    bound = "".join(match[0] for match in (before, after) if match is not None)
    ahead = text[: quantity.start]
    changes = (_CHANGE if unit == "%" else _CHANGED).search(ahead) is not None
    start = _segment_start(text, quantity)
    return Figure(
        quantity,
        unit,
        _segment(text, quantity),
        changes,
        bound,
        text[start : quantity.start],
        _clause(text, quantity, ends),
    )


def _unit(quantity: Quantity, after: str) -> str:
    name = "%" if quantity.fraction == "%" or after == "％" else after
    return "人" if name in {"名", "位"} else name


def _segment(text: str, quantity: Quantity) -> str:
    """Return the words around a number that tell what it counts: those between the marks that end a part."""
    start = _segment_start(text, quantity)
    ends = [place for mark in "，,；;。、（(）)\n" if (place := text.find(mark, quantity.end)) >= 0]
    return text[start : min(ends, default=len(text))]


def _clause(text: str, quantity: Quantity, ends: Sequence[int]) -> str:
    """Return the words between the commas around a number, and those before that lead to it: no figure ends there."""
    start = max(text.rfind(mark, 0, quantity.start) for mark in "，,；;。：:\n") + 1
    sentence = max(text.rfind(mark, 0, quantity.start) for mark in "；;。\n") + 1
    start = max(sentence, max(end for end in ends if end <= start))
    close = [place for mark in "，,；;。\n" if (place := text.find(mark, quantity.end)) >= 0]
    return text[start : min(close, default=len(text))]


def _segment_start(text: str, quantity: Quantity) -> int:
    return max(text.rfind(mark, 0, quantity.start) for mark in "，,；;。：:、（(\n") + 1


def same_figure(one: Figure, other: Figure) -> bool:
    """Tell whether two figures are equal in value, vagueness, bound, and in being a change or not."""
    return _same(one.quantity, other.quantity) and (one.changes, one.bound) == (other.changes, other.bound)


def _same(one: Quantity, other: Quantity) -> bool:
    return (
        isclose(one.value, other.value)
        and one.upper == other.upper
        and (one.fraction == "分之") == (other.fraction == "分之")
        and _vagueness(one.approx) == _vagueness(other.approx)
    )


def _vagueness(approx: str | None) -> str:
    if not approx:
        return ""
    return "near" if _NEAR.search(approx) else "over" if _OVER.search(approx) else "about"


def same_qualifiers(said: str, before: str, stated: str, ahead: str) -> bool:
    """Tell whether what qualifies a figure where it is stated (平均, 每, 计划, 上年, 全市) is said with it too.

    What makes it an average stands `ahead` of it where it is stated, and may be said anywhere `before` in the sentence. None may be said of the year before that is not.
    """
    if _YEAR_BEFORE.search(said) and not (_BEFORE.search(stated) or _FROM_TO.search(said)):
        return False
    return all(
        pattern.search(f"{before if pattern is _AVERAGE else ''}{said}") is not None
        for pattern in _QUALIFIERS
        if pattern.search(ahead if pattern is _AVERAGE else stated) is not None
        and not (pattern is _BEFORE and _FROM_TO.search(said) and _FROM_TO.search(stated))
    )


def counts_an_area(before: str) -> bool:
    """Tell whether a figure behind these words of its sentence is a whole area's: no court's own comes between."""
    sentence = re.split(r"[。；;]", before)[-1]
    area = [match.end() for match in OF_AREA.finditer(sentence)]
    return bool(area) and _OWN.search(sentence, area[-1]) is None


def without_area(text: str) -> str:
    """Return the text without 全市法院 and the like, which tell whose the figures are and not what they count."""
    return _COURTS_OF_AREA.sub("", text)


def numerals_in_words(text: str) -> list[Figure]:
    """Return the numerals that count nothing by themselves but tell one from another: 第三, 前三年, 过半, 两番.

    What follows stands for their unit. Set phrases with 一 are left out.
    """
    bare = without_figures(text)
    bare = _IDIOM.sub(lambda match: "　" * len(match[0]), bare)
    found = []
    for match in _IN_WORDS.finditer(bare):
        digits = match[0].removeprefix("第")
        value = next((q.value for q in quantities(digits)), 0.5 if digits == "半" else 2.0)
        following = bare[match.end() : match.end() + 1]
        unit = f"{'第' if match[0][0] == '第' else ''}{following if following.isalpha() else ''}"
        quantity = Quantity(match.start(), match.end(), value, None, None, True, None)
        measure = UNIT.match(bare, match.end())
        after = _BOUND.match(bare, measure.end() if measure else match.end() + len(following))
        found.append(Figure(quantity, unit, _segment(bare, quantity), False, after[0] if after else ""))
    return found


def without_figures(text: str) -> str:
    """Return the text, as long as before, without the figures, their units and 近, 约 before them."""
    for figure, end in reversed(list(_spans(text))):
        start = figure.quantity.start
        vague = (figure.quantity.approx or "").rstrip("余多来")
        start -= len(vague) if text[:start].endswith(vague) else 0
        text = f"{text[:start]}{'　' * (end - start)}{text[end:]}"
    return text
