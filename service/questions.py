"""What a question asks for, read from its words: kind, counted object, qualifiers, courts, years."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from indexer.numerals import quantities
from indexer.records import Court
from indexer.text import fold, has_han
from indexer.units import UNIT
from service.asks import ANY_YEAR, EACH_COURT, HOW_MANY, Ask, Kind, chinese_asks, paired_asks
from service.english_asks import english_asks
from service.english_courts import courts_in_english

__all__ = ["Ask", "Kind", "Question", "asks_each_court", "asks_for_a_list", "parse_question"]


@dataclass(frozen=True, slots=True)
class Question:
    """A question as read. `rest` is it without the courts it names; `strangers` are such that the index has not."""

    text: str
    rest: str
    chinese: bool
    kind: Kind
    asks: tuple[Ask, ...]
    courts: tuple[Court, ...]
    strangers: tuple[str, ...]
    years: tuple[int, ...]
    each_court: bool
    least: bool
    number: float | None


_COUNTED = re.compile(
    r"(?:数量|总数|总量|总共|合计|人次|[件人次条项家份期场篇户名批艘起天](?<!一)数)(?:是|为|有|呢)?(?:$|[？?，、]|分别|各|都)"
)
_COMPARED = re.compile(
    r"最[多少高低大小长短快慢]|更[多少高低大小]|[差多]多少|(?<!减)少多少|相差|差距|差几|多几|(?<!减)少几|(?<![同环相占])比(?![例重率值对]|上年|去年|上一年|往年|同期)[^，。？]{1,16}[多少高低]|谁(?:家)?[^，。？]{0,16}[多少高低]|哪(?:边|家|方|个法院|个)[^，。？]{0,8}[多少高低](?!少)|排名|排序|名列|对比|比较"
)
_WHO = re.compile(
    r"最[多少高长](?:的)?(?:法官|干警|同志|人|员|庭|部门)[^，。？]{0,4}(?:谁|哪[位个])|哪[位个](?:法官|干警|同志|庭)"
)
"""What asks for a person or a division, which no figure names."""
_LISTED = re.compile(
    r"列出|列举|罗列|哪些|有什么|是什么奖|分别是|都(?:做|有|开展|搞)[^，。？]{0,4}(?:什么|哪)|清单|名单"
)
_ENGLISH_COUNT = re.compile(
    r"\bhow (?:many|much|often)\b|\bnumber of\b|\bwhat (?:[\w-]+ ){0,4}?(?:rate|percentage|proportion)\b|"
    r"\bwhat (?:is|was) the (?:[\w'’-]+ ){0,6}?(?:rate|percentage|proportion)\b|\bwhat percent\w*|\bby what\b|\btotal\b",
    re.IGNORECASE,
)
_ENGLISH_COMPARE = re.compile(
    r"\b(?:most|fewest|least|highest|lowest|largest|more than|fewer than|less than|difference|compare\w*|rank)\b",
    re.IGNORECASE,
)
_ENGLISH_LIST = re.compile(
    r"^\s*(?:list|what are|name|which (?!courts?\b)\w+)|\bwhat (?:\w+ )?\w+s (?:were|are|did|do|does|have|has)\b",
    re.IGNORECASE,
)
_OWN_FIGURES = re.compile(
    r"本级|本院|不(?:算|含|包括|计)(?:全[省市区县]|下级|辖区|基层)|院机关|自己(?:院)?(?:收|审|办|结|执|发|受)|\bitself\b"
)
_AREA_FIGURES = re.compile(
    r"全[省市区县国]|两级法院|三级法院|辖区(?:基层)?法院|\b(?:province|city|county|nation)[- ]?wide\b"
)
_PAST_TOO = re.compile(r"(?:去年|上年|上一年|往年)(?:同期)?(?:呢|是多少|是几|又是多少|多少)(?![^。？?]*今年)")
_THEN_AND_NOW = re.compile(
    r"(?:去年|上年|上一年)(?:(?:是多少|多少|是几)[一-鿿]?)?[、，,和与及]\s*(?:今年|本年)(?:是|又)?(?:多少|几)?"
)
_LAST_YEARS = re.compile(
    r"(?<![比较与和跟同])(?:上一年|上年|去年|前一年)(?!同期|相比|度?的?(?:考核|反馈|整改))(?![^，。？]*(?:呢|又是))"
)
_LEAST = re.compile(r"最[少低小短慢]|更[少低小]|\b(?:fewest|least|lowest)\b", re.IGNORECASE)
_STRANGER = re.compile(
    r"(?:[一-鿿]{0,8}?[省市区县州盟旗])?第?(?:[一二三四五六七八九十]{1,3}|\d{1,2})(?:中级人民法院|中级法院|中法院|中院)"
    r"|[一-鿿]{0,10}?(?:高级人民法院|中级人民法院|海事法院|知识产权法院|知产法院|金融法院|互联网法院|铁路运输法院)"
    r"|(?:[一-鿿]{1,8}?)(?:[区县市旗])(?:人民)?法院|[一-鿿]{0,4}?[省市]?高院"
    r"|[一-鿿]{2,6}?[市州盟]中院|^[一-鿿]{2,3}中院"
)
_GENERIC_STRANGER = re.compile(
    r"(?:各|每|哪|全|所有|两|我|本|外|上|下|基层|其他|其它|辖|及|与|和|跟|同|对|被|由|向|最高|几|三|家|个)[一-鿿]{0,6}?(?:法院|中院)$"
)


def asks_each_court(question: str) -> bool:
    """Tell whether a question asks about every court in turn (各院, 三家法院, each court)."""
    return EACH_COURT.search(question) is not None


def asks_for_a_list(question: str) -> bool:
    """Tell whether a question asks for things to be listed, whatever else it asks for."""
    return re.search(r"哪些|列出|列举|罗列|列一?下|情况", fold(question)) is not None


def parse_question(text: str, courts: Iterable[Court], years: Iterable[int]) -> Question:
    """Read a question. `courts` and `years` are those of the index; another court named is a stranger."""
    folded = fold(text).strip()
    chinese = has_han(folded)
    found, strangers, rest, places = _courts(folded if chinese else text.strip(), list(courts), chinese)
    asked_years, rest = _years(rest, set(years))
    kind = _kind(rest if chinese else folded, chinese)
    each = asks_each_court(folded)
    named_none = rest
    rest = EACH_COURT.sub("", rest) if chinese else rest
    numbers = (
        [
            quantity.value
            for quantity in quantities(rest)
            if (unit := UNIT.match(rest, quantity.end)) and unit[0] not in {"年", "月", "日"}
        ]
        if chinese
        else []
    )
    stated = [value for value in numbers if value >= 10 and re.search(r"哪|谁|是.{0,6}的$|which", folded)]
    both = _THEN_AND_NOW.search(rest) is not None
    rest = _THEN_AND_NOW.sub("是多少", rest)
    asks = chinese_asks(rest, kind) if chinese else english_asks(folded, kind)
    if kind is Kind.COMPARE and chinese and len(found) == 2:
        asks = _each_its_own(rest, found, places) or asks
    if (both or _PAST_TOO.search(folded)) and len(asks) == 1:
        asks = (*asks, replace(asks[0], past=ANY_YEAR))
    if not both and _LAST_YEARS.search(folded):
        asks = tuple(replace(ask, past=ANY_YEAR) for ask in asks if not ask.change) or asks
    whose = "own" if _OWN_FIGURES.search(folded) else "area" if _AREA_FIGURES.search(folded) else ""
    asks = tuple(replace(ask, whose=whose) for ask in asks)
    return Question(
        text=text,
        rest=" ".join(named_none.split()) or text,
        chinese=chinese,
        kind=Kind.COUNT if stated and kind is not Kind.LIST else kind,
        asks=asks,
        courts=found,
        strangers=strangers,
        years=asked_years,
        each_court=each,
        least=_LEAST.search(folded) is not None,
        number=stated[0] if stated else None,
    )


def _kind(text: str, chinese: bool) -> Kind:
    if chinese and re.match(r"\s*(?:请|帮我)?(?:列出|列举|罗列)", text):
        return Kind.LIST
    if chinese and _WHO.search(text):
        return Kind.PASSAGE
    compare, count, listed = (
        (_COMPARED, HOW_MANY, _LISTED) if chinese else (_ENGLISH_COMPARE, _ENGLISH_COUNT, _ENGLISH_LIST)
    )
    if compare.search(text):
        return Kind.COMPARE
    if count.search(text) or (chinese and _COUNTED.search(text)):
        return Kind.COUNT
    return Kind.LIST if listed.search(text) else Kind.PASSAGE


def _each_its_own(rest: str, courts: tuple[Court, ...], places: dict[str, int]) -> tuple[Ask, ...]:
    """Read a comparison in which each court is asked for a thing of its own: 甲院走访和乙院接访，哪边多."""
    first, second = (places[court.key] for court in courts)
    if rest[:first].strip():
        return ()
    between, (thing, _, comparing) = rest[first:second], rest[second:].partition("，")
    return paired_asks([(courts[0].key, between), (courts[1].key, thing)], comparing)


def _courts(
    text: str, courts: list[Court], chinese: bool
) -> tuple[tuple[Court, ...], tuple[str, ...], str, dict[str, int]]:
    """Return the courts named, in order, the names of strangers, the text without them, and where each stands.

    Names are blanked out, so that places in the text stay what they are.
    """
    places: dict[str, int] = {}
    rest = text
    if not chinese:
        return (*courts_in_english(text, courts, every=asks_each_court(fold(text))), places)
    names = [(fold(name), court) for court in courts for name in (court.name, court.key, *court.aliases)]
    for name, court in sorted(names, key=lambda pair: -len(pair[0])):
        at = _place_of(name, rest, 0)
        while at >= 0:
            places.setdefault(court.key, at)
            for other_name, other in names:
                if other_name == name:
                    places.setdefault(other.key, at)
            rest = rest[:at] + " " * len(name) + rest[at + len(name) :]
            at = _place_of(name, rest, at)
    if not places or re.search(r"[和与跟比、]", text):
        rest = _by_place(rest, courts, places)
    strangers = []
    for match in _STRANGER.finditer(rest):
        if match[0].endswith("高院") and match.start() > 2:
            continue
        if not _GENERIC_STRANGER.search(match[0]) and (match.start() <= 4 or not places):
            strangers.append(match[0].strip())
            rest = rest[: match.start()] + " " * len(match[0]) + rest[match.end() :]
    by_key = {court.key: court for court in courts}
    named = tuple(by_key[key] for key in sorted(places, key=lambda key: places[key]))
    return named, tuple(strangers), rest, places


def _by_place(rest: str, courts: list[Court], places: dict[str, int]) -> str:
    """Find courts by their place alone (岭川那边), where no other court is of it; return the text without them."""
    owners: dict[str, set[str]] = {}
    for court in courts:
        for name in (court.name, *court.aliases):
            if stem := _STEM.match(fold(name)):
                owners.setdefault(stem[1], set()).add(court.key)
    for place, keys in sorted(owners.items(), key=lambda pair: -len(pair[0])):
        at = rest.find(place)
        if len(keys) == 1 and at >= 0 and not places.keys() & keys:
            behind = re.match(r"[省市区县]?(?:法院|院)?(?:那边|这边|那里|方面)?", rest[at + len(place) :])
            end = at + len(place) + (behind.end() if behind else 0)
            places[next(iter(keys))] = at
            rest = rest[:at] + " " * (end - at) + rest[end:]
    return rest


_STEM = re.compile(
    r"(?![省市区县州盟旗])([一-鿿]{1,5}[^省市区县州盟旗某第全本我中高级民一二三四五六七八九十\d])(?:高级人民法院|中级人民法院|人民法院|高院|中院|海院|法院)$"
)


def _place_of(name: str, text: str, start: int) -> int:
    """Return where a court's name stands from `start` on, -1 for nowhere.

    A short form (县法院, 二中院) within another court's name (青溪县法院, 云州市二中院) does not count.
    """
    at = text.find(name, start)
    while at > 0:
        before = text[at - 1]
        partial = name[0] in "省市区县州盟旗第一二三四五六七八九十" and (
            before in "省市区县州盟旗"
            if name[0] in "第一二三四五六七八九十"
            else _IN_PLACE.match(before) is not None
        )
        if not partial or re.search(r"[我本该全]$|[我本该全][省市区县]$", text[:at]):
            break
        at = text.find(name, at + 1)
    return at


_IN_PLACE = re.compile(r"[一-鿿](?<![和与跟比由在对是的及、，到向让请问我本该全各年月日底初时])")


_THAN_YEAR = re.compile(
    r"[比较与同跟和](?P<year>20\d\d)年(?:同期|相比)?(?=[多少高低大小长短增减提上下升降快慢变])"
)


def _years(text: str, known: set[int]) -> tuple[tuple[int, ...], str]:
    """Return the years asked for; one that qualifies a matter (2022年度考核反馈的) is left in the text.

    The year before a report's own, compared with (比2022年高多少), is last year, and asks for the report's.
    """
    asked = []
    for match in _THAN_YEAR.finditer(text):
        if int(match["year"]) + 1 in known:
            asked.append(int(match["year"]) + 1)
            text = f"{text[: match.start()]}{'比上年'.rjust(len(match[0]))}{text[match.end() :]}"
    for match in re.finditer(r"(20\d\d|19\d\d)\s*(?:年度|年)?", text):
        following = text[match.end() : match.end() + 8]
        qualifies = re.match(
            r"(?:落实|考核|政治|评价|反馈|述职|党支部|民主|专题|巡)|\s*(?:annual )?(?:asse|appr|eval|feed|insp)",
            following,
        )
        if not qualifies or not (known - {int(match[1])}):
            if qualifies:
                continue
            asked.append(int(match[1]))
            text = text[: match.start()] + " " * len(match[0]) + text[match.end() :]
    return tuple(dict.fromkeys(asked)), text
