"""Court names: reading them in titles and bodies, their levels, and every form they are called by.

Names follow the Organic Law of the People's Courts: 最高, 高级, 中级, 基层 and special courts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer.records import Court
from indexer.text import fold, squeeze

__all__ = ["UNKNOWN", "court_of", "name_in_title", "name_parts", "normalize_name", "self_name"]

UNKNOWN = Court("未知法院", "未知法院", "未知", ())

NUMERALS = "一二三四五六七八九十"
_ORDINAL = rf"第?(?P<ordinal>[{NUMERALS}]+|\d{{1,2}})"
_SPECIAL = "知识产权|互联网|金融|海事|铁路运输|铁路|军事|森林|农垦|油田|(?<!^.)(?<![省市州县盟].)[林矿]区"
"""A district whose name ends so (枫林区) has a court like any other; of one character it is no forest of its own."""
_SHORT_SPECIAL = {"知识产权": "知产", "铁路运输": "铁路"}
_SHORTEST_SPECIAL = {"海事": "海院", "铁路": "铁院"}
_ANY_COURT = re.compile(r"(?:[\u4e00-\u9fffA-Za-z×○〇*·]|\d{1,2}(?=中)){0,30}?(?:法院|(?<![集提])[中高]院)")
_FRONT = re.compile(
    r"^(?:中国共产党|中共|关于|[〇○零一二三四五六七八九\d]{4}年度?|\d{4}[-—–~至]\d{4}年度?|印发|转发|《|“|的)+"
)
_NAME = re.compile(
    rf"^(?P<place>.*?)(?:(?P<supreme>最高(?:人民)?法院)"
    rf"|(?P<high>高级人民法院|高级法院|高院)"
    rf"|(?:{_ORDINAL})?(?P<middle>中级人民法院|中级法院|中法院|中院)"
    rf"|(?P<special>(?:第[{NUMERALS}]+)?(?:{_SPECIAL})(?:中级|基层)?(?:人民)?法院)"
    rf"|(?P<basic>人民法院|法院))$"
)
_DIVISION = re.compile(
    r"(特别行政区|壮族自治区|回族自治区|维吾尔自治区|自治区|自治州|自治县|自治旗|新区|地区|(?<!^.)林区|省|市|区|县|州|盟|旗)$"
)
_GENERIC = re.compile(r"(?:^在?全[国省市区县州]|人民|基层|[两三四各上下本]级|辖区|[一二]审|再审|原审)$")
_ANONYMOUS = re.compile(r"某|[×XＸ○〇*]")
_SELF_SHORT = re.compile(
    r"(?:^|(?<=[，。；：、\s“]))"
    rf"(?P<name>(?:[\u4e00-\u9fff×]{{0,6}}?[省市区县州])?(?:第?[{NUMERALS}\d]{{1,2}}中(?:级人民法|法)?院|高院|中院"
    r"|[\u4e00-\u9fff]{2,6}(?:人民)?法院))"
    r"(?=党组|坚持|始终|认真|深入|紧紧|全面|以|在|紧扣|聚焦|严格|高度|切实|积极|牢牢|将|共|坚决)"
)
_NOT_SUBJECT = re.compile(r"[与在由及经被对为受据按请报]|[和同向从](?=[省市区县州])")
"""Prepositions; 和 同 向 从 also begin names of places, but none that goes on with a bare 省 or 市."""
_DIGITS = str.maketrans("123456789", "一二三四五六七八九")


@dataclass(frozen=True, slots=True)
class _Parts:
    place: str
    level: str
    ordinal: str
    special: str


def normalize_name(name: str) -> str:
    """Return the form court names are compared in: no spaces, folded, ordinals as Chinese numerals."""
    name = squeeze(fold(name))
    return re.sub(r"第?(\d{1,2})(?=中)", lambda match: "第" + _numeral(match[1]), name).replace("第", "")


def _numeral(digits: str) -> str:
    if not digits.isdigit():
        return digits
    number = int(digits)
    if number < 10:
        return digits.translate(_DIGITS)
    tens, ones = divmod(number, 10)
    return (
        ("" if tens == 1 else str(tens).translate(_DIGITS))
        + "十"
        + (str(ones).translate(_DIGITS) if ones else "")
    )


def _parts(name: str) -> _Parts | None:
    match = _NAME.match(name)
    if match is None:
        return None
    place = match["place"]
    if match["supreme"]:
        return _Parts(place, "最高", "", "")
    if match["high"]:
        return _Parts(place, "高级", "", "")
    if match["middle"]:
        return _Parts(place, "中级", _numeral(match["ordinal"] or ""), "")
    if match["special"]:
        return _Parts(place, "专门", "", match["special"])
    return _Parts(place, "基层", "", "")


def name_parts(name: str) -> tuple[str, str, str, str] | None:
    """Return a court name's place, level (中级), ordinal (三) and speciality (海事法院); None where it is no court's."""
    parts = _parts(name)
    return None if parts is None else (parts.place, parts.level, parts.ordinal, parts.special)


def name_in_title(title: str) -> str | None:
    """Return the full name of the court whose report a title announces, or None."""
    bare = squeeze(title)
    while (front := _FRONT.match(bare)) is not None:
        bare = bare[front.end() :]
    match = _ANY_COURT.search(bare)
    if match is None:
        return None
    name = match[0]
    parts = _parts(name)
    if parts is None or _GENERIC.search(parts.place) or (parts.level == "基层" and not parts.place):
        return None
    return name


def self_name(opening: str, title_name: str | None) -> str | None:
    """Return the short name by which a report's opening calls its own court (市三中院), or None.

    It must be a subject, and fit the title's court: same level and place, and no other ordinal than its.
    """
    wanted = _parts(title_name) if title_name else None
    for match in _SELF_SHORT.finditer(opening):
        name = match["name"]
        parts = _parts(name)
        if parts is None or parts.place.endswith(("我", "本", "全")) or _GENERIC.search(parts.place):
            continue
        if not _place_fits(parts, wanted):
            continue
        if wanted is None:
            return name
        if (parts.level, parts.special) != (wanted.level, wanted.special):
            continue
        if wanted.ordinal and parts.ordinal != wanted.ordinal:
            continue
        if wanted.level == "基层" and normalize_name(name) == normalize_name(title_name or ""):
            continue
        return name
    return None


def _place_fits(own: _Parts, wanted: _Parts | None) -> bool:
    """Tell whether a name in the body can be of the title's place; where that is unknown, of any place."""
    if not own.place:
        return bool(own.ordinal or own.special)
    if wanted is None or _ANONYMOUS.search(wanted.place):
        return _DIVISION.search(own.place) is not None and not _NOT_SUBJECT.match(own.place)
    return own.place in _places(wanted.place)


def court_of(title_name: str | None, own_name: str | None) -> Court:
    """Build the court from its name in the title and the name its body gives it.

    A title without an ordinal (某市中级人民法院) whose body says 市三中院 is one court under both names;
    its key then carries the ordinal, so that it is not taken for a namesake.
    """
    name = title_name or own_name
    parts = _parts(name) if name else None
    if name is None or parts is None:
        return UNKNOWN
    aliases: dict[str, None] = {}
    own = _parts(own_name) if own_name else None
    if own_name:
        aliases[own_name] = None
    key = name
    if own and own.ordinal and not parts.ordinal and parts.level == "中级":
        key = f"{parts.place}第{own.ordinal}中级人民法院"
        aliases.update(dict.fromkeys(_forms(_Parts(parts.place, "中级", own.ordinal, ""))))
    elif parts.ordinal:
        key = f"{parts.place}第{parts.ordinal}中级人民法院"
    aliases.update(dict.fromkeys(_forms(parts)))
    aliases.pop(name, None)
    return Court(name, key, parts.level, tuple(aliases))


def _places(place: str) -> list[str]:
    """Return the ways a place stands before a court's name: in full, its last division, bare, as 市, none."""
    if not place:
        return [""]
    found = [place]
    cuts = [match.end() for match in re.finditer(r"省|市|自治区|自治州", place[:-1])]
    last = place[cuts[-1] :] if cuts else place
    found.append(last)
    division = _DIVISION.search(last)
    if division:
        bare = last[: division.start()]
        if len(bare) >= 2:
            found.append(bare)
        if len(bare) >= 2 or bare in {"某", "×", "X", "○"}:
            found.append("自治区" if division[1].endswith("自治区") else division[1])
    return list(dict.fromkeys(found))


def _forms(parts: _Parts) -> list[str]:
    places = _places(parts.place)
    if parts.level == "最高":
        return ["最高人民法院", "最高法院", "最高法", "最高院"]
    if parts.level == "高级":
        return [
            f"{place}{form}"
            for form in ("高级人民法院", "高院", "高级法院", "法院", "院")
            for place in places
            if place
            and (len(form) > 2 or form == "高院" or place in {"省", "自治区"} or place.endswith("省"))
        ]
    if parts.level == "专门":
        short = parts.special
        for long, brief in _SHORT_SPECIAL.items():
            short = short.replace(long, brief)
        shorts = [short, short.replace("中级法院", "中院").replace("人民", "")]
        shorts += [brief for long, brief in _SHORTEST_SPECIAL.items() if long in parts.special]
        shorts += ["法院"] if parts.place else []
        return list(
            dict.fromkeys(
                f"{place}{form}"
                for form in [parts.special, *shorts]
                for place in (*places, "")
                if place or form != "法院"
            )
        )
    if parts.level == "中级" and parts.ordinal:
        digit = str(NUMERALS.index(parts.ordinal) + 1) if parts.ordinal in NUMERALS else ""
        forms = [f"{parts.ordinal}中院", f"第{parts.ordinal}中级人民法院", f"第{parts.ordinal}中院"]
        forms += [f"{parts.ordinal}中法院"]
        forms += [f"{digit}中院", f"第{digit}中级人民法院"] if digit else []
        return [f"{place}{form}" for form in forms for place in dict.fromkeys((*places, ""))]
    if parts.level == "中级":
        return [
            f"{place}{form}" for form in ("中级人民法院", "中院", "中级法院") for place in places if place
        ]
    return [f"{place}{form}" for form in ("人民法院", "法院") for place in places if place]
