"""Courts by their English names: 泽安市中级人民法院 is Ze'an Intermediate People's Court, the place in pinyin.

Spelling of places: GB/T 28039 for persons' and places' names (an apostrophe before a, e, o within a word), and the
names that are settled otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from indexer.courts import name_parts
from indexer.records import Court

__all__ = ["EnglishMention", "courts_by_place", "courts_in_english", "english_name", "mentions_in_english"]

_DIVISIONS = (
    ("特别行政区", "Special Administrative Region"), ("壮族自治区", ""), ("回族自治区", ""), ("维吾尔自治区", ""),
    ("自治区", ""), ("自治州", "Prefecture"), ("自治县", "County"), ("自治旗", "Banner"), ("新区", "New Area"),
    ("地区", "Prefecture"), ("林区", "Forestry District"), ("省", "Province"), ("市", ""), ("区", "District"), ("县", "County"),
    ("州", "Prefecture"), ("盟", "League"), ("旗", "Banner"),
)  # fmt: skip
_SETTLED = {
    "陕西": "Shaanxi", "内蒙古": "Inner Mongolia", "西藏": "Xizang", "哈尔滨": "Harbin", "乌鲁木齐": "Urumqi",
    "呼和浩特": "Hohhot", "拉萨": "Lhasa", "新疆": "Xinjiang", "香港": "Hong Kong", "澳门": "Macao",
}  # fmt: skip
_SPECIAL = (
    ("知识产权", "Intellectual Property"), ("互联网", "Internet"), ("金融", "Financial"), ("海事", "Maritime"),
    ("铁路运输", "Railway Transport"), ("铁路", "Railway"), ("军事", "Military"), ("林区", "Forestry"), ("森林", "Forestry"),
    ("农垦", "Reclamation"), ("油田", "Oilfield"), ("矿区", "Mining Area"),
)  # fmt: skip
_LEVELS = {"最高": "Supreme", "高级": "High", "中级": "Intermediate", "基层": "", "专门": ""}
_WORDS_OF_LEVEL = (
    (r"supreme", "最高"),
    (r"high(?:er)?", "高级"),
    (r"intermediate", "中级"),
    (r"primary|basic|grass-?roots", "基层"),
    (r"district|county", "基层"),
)
_ORDINALS = {
    word: numeral
    for words, numeral in zip(
        ("first 1st", "second 2nd", "third 3rd", "fourth 4th", "fifth 5th", "sixth 6th"),
        "一二三四五六",
        strict=True,
    )
    for word in words.split()
}
_NUMERALS = "一二三四五六七八九"
_ORDINAL_WORDS = (
    r"(?:no\.?\s*[1-9]|number\s+[1-9]|first|second|third|fourth|fifth|sixth|[1-6](?:st|nd|rd|th))"
)
_IN_COMMON = re.compile(
    rf"\b(?P<one>{_ORDINAL_WORDS})(?P<joint>\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or)\s+)(?:the\s+)?"
    rf"(?=(?P<other>{_ORDINAL_WORDS})(?P<court>\s+(?:intermediate\s+)?(?:people[’']?s\s+)?court)s?\b)",
    re.IGNORECASE,
)
"""Courts that share their last words: the first and second intermediate courts."""
_ORDINAL = r"(?:no\.?\s*(?P<digit>[1-9])|number\s+(?P<number>[1-9])|(?P<word>first|second|third|fourth|fifth|sixth|[1-6](?:st|nd|rd|th)))"
_COURT = re.compile(
    rf"(?P<division>(?:\b(?:city|municipal|municipality|province|provincial|district|county|prefecture|region|area)\s+)*)"
    rf"(?:\b{_ORDINAL}\s+)?(?P<level>(?:\b(?:supreme|high|higher|intermediate|primary|basic|grass-?roots|district|county|"
    rf"maritime|intellectual\s+property|financial|internet|railway(?:\s+transport)?|military|forestry|level)\s+)*)"
    rf"(?:\bpeople[’']?s\s+)?\bcourt\b(?:['’]s\b)?"
    rf"(?:\s+(?:of|in)\s+(?P<of>[A-Za-z]+(?:['’-][A-Za-z]+)*)(?:\s+(?:city|municipality|province|district|county)\b)?)?",
    re.IGNORECASE,
)
_SUPREME = re.compile(r"\bsupreme\b", re.IGNORECASE)
_ASKED_OF = re.compile(
    r"(?:^|\b(?:did|does|do|has|have|had|was|were|is|are|can|at|in|for|about)\s+)(?:the\s+)?$", re.IGNORECASE
)
"""Before the supreme court, the words that ask after it; else it is whose opinions and decisions others carry out."""
_BEFORE = re.compile(r"([A-Za-z]+(?:['’`-][A-Za-z]+)*)\s+$")
_LONGEST_PLACE = 4
"""Words that a place's name may be written in: Nei Meng Gu."""
_NO_PLACE = frozenset(
    "the which what each every all any this that did does do has have had is was are were and or of by at in for than how many "
    "much who whose with to from on about between other another both same an one it local chinese people lower superior upper "
    "several many".split()
)


@dataclass(frozen=True, slots=True)
class EnglishMention:
    """A court named in English at [start, end); none of the keys where no court of the index fits."""

    start: int
    end: int
    words: str
    courts: frozenset[str]


@lru_cache(maxsize=4096)
def _pinyin(han: str) -> str:
    """Return a place in pinyin, with an initial capital."""
    if han in _SETTLED:
        return _SETTLED[han]
    from pypinyin import lazy_pinyin

    syllables = lazy_pinyin(han, v_to_u=False)
    joined = "".join(("'" if at and each[:1] in "aeo" else "") + each for at, each in enumerate(syllables))
    return joined[:1].upper() + joined[1:]


@lru_cache(maxsize=4096)
def _parts(name: str) -> tuple[str, str, str, str, str]:
    """Return a court's place in pinyin, what the place is, level, ordinal, speciality; the last division of a place."""
    parts = name_parts(name)
    if parts is None:
        return "", "", "", "", ""
    place, level, ordinal, special = parts
    last = re.split(r"(?<=.[省市])(?=.)|(?<=自治区)(?=.)|(?<=自治州)(?=.)", place)[-1]
    for ending, kind in _DIVISIONS:
        if last.endswith(ending) and len(last) - len(ending) >= 2:
            return _pinyin(last.removesuffix(ending)), kind, level, ordinal, special
    known = len(last) >= 2 and not re.search(r"[某×XＸ○〇*]", last)
    return (_pinyin(last) if known else ""), "", level, ordinal, special


def english_name(court: Court) -> str:
    """Return a court's English name with its own in brackets: Ze'an Intermediate People's Court (泽安市中级人民法院)."""
    place, kind, level, ordinal, special = _parts(court.key)
    number = f"No. {_NUMERALS.index(ordinal) + 1}" if ordinal and ordinal in _NUMERALS else ""
    if level == "专门":
        words = next((english for han, english in _SPECIAL if han in special), "Special")
        kind, people = "", ""
    else:
        words, people = _LEVELS.get(level, ""), "People's"
    whole = " ".join(filter(None, (place, kind if level != "高级" else "", number, words, people, "Court")))
    known = place or number or level in ("最高", "专门")
    return f"{whole} ({court.name})" if known else court.name


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.lower())


def mentions_in_english(text: str, courts: Iterable[Court]) -> Iterator[EnglishMention]:
    """Yield the courts that a text names in English, by place, number, or level; not “each court”, “the court”."""
    known = list(courts)
    places = {_letters(_parts(court.key)[0]) for court in known} - {""}
    for match in _COURT.finditer(text):
        place, start = _place_before(text, match.start(), places)
        after = _letters(match["of"] or "")
        if not place and (after in places or (match["of"] or "a")[0].isupper()):
            place = after
        ordinal = _ordinal(match)
        words = f"{match['level']} {match['division']}"
        levels = {
            name
            for pattern, name in _WORDS_OF_LEVEL
            if re.search(rf"\b(?:{pattern})\b", words, re.IGNORECASE)
        }
        special = next(
            (han for han, english in _SPECIAL if re.search(rf"\b{english}\b", words, re.IGNORECASE)), ""
        )
        if place or ordinal or levels or special:
            fitting = frozenset(
                court.key for court in known if _fits(_parts(court.key), place, ordinal, levels, special)
            )
            end = match.end() if not match["of"] or place == after else match.start("of")
            yield EnglishMention(start, end, text[start:end].strip(), fitting)


def _place_before(text: str, end: int, places: set[str]) -> tuple[str, int]:
    """Return the place that stands right before a court's level, and where it begins.

    It is the longest that is a known one, else the capitalised words there.
    """
    start, joined = end, ""
    best, capitalised = ("", end), ("", end)
    for _ in range(_LONGEST_PLACE):
        match = _BEFORE.search(text, 0, start)
        if match is None:
            break
        word = re.sub(r"['’]s$", "", match[1])
        if _letters(word) in _NO_PLACE:
            break
        start, joined = match.start(), _letters(word) + joined
        if joined in places:
            best = joined, start
        if word[0].isupper() and capitalised[1] == match.end():
            capitalised = joined, start
    return best if best[0] else capitalised


def _ordinal(match: re.Match[str]) -> str:
    if digit := match["digit"] or match["number"]:
        return _NUMERALS[int(digit) - 1]
    return _ORDINALS.get((match["word"] or "").lower(), "")


def _fits(
    parts: tuple[str, str, str, str, str], place: str, ordinal: str, levels: set[str], special: str
) -> bool:
    own_place, _, level, own_ordinal, own_special = parts
    if place and _letters(own_place) != place:
        return False
    if ordinal and ordinal != own_ordinal:
        return False
    if special:
        return special in own_special
    return not levels or level in levels


def _each_in_full(text: str) -> str:
    """Return a text with the words that courts named together share put to each: the first court and the second court."""
    whole, before = text, ""
    while whole != before:
        before = whole
        whole = _IN_COMMON.sub(lambda match: f"{match['one']}{match['court']}{match['joint']}the ", whole)
    if whole == text:
        return text
    return re.sub(
        rf"\b({_ORDINAL_WORDS}\s+(?:intermediate\s+)?(?:people[’']?s\s+)?court)s\b",
        r"\1",
        whole,
        flags=re.IGNORECASE,
    )


def courts_in_english(
    text: str, courts: Sequence[Court], *, every: bool
) -> tuple[tuple[Court, ...], tuple[str, ...], str]:
    """Return the courts that an English question names, the names of strangers, and the text without them.

    A level alone (the intermediate court) names every court of it, unless the question asks each court anyway. The
    supreme court is no stranger where others carry out what is its own.
    """
    text = _each_in_full(text)
    by_key = {court.key: court for court in courts}
    found: dict[str, Court] = {}
    strangers: list[str] = []
    rest = text
    for mention in mentions_in_english(text, courts):
        found.update({key: by_key[key] for key in by_key if key in mention.courts})
        authority = _SUPREME.search(mention.words) and not _ASKED_OF.search(text[: mention.start])
        if not mention.courts and not every and not authority:
            strangers.append(re.sub(r"^the\s+", "", mention.words, flags=re.IGNORECASE))
        rest = rest.replace(text[mention.start : mention.end], " ")
    if not found and not strangers and not every:
        found.update({key: by_key[key] for _, key in courts_by_place(text, courts)})
    return tuple(found.values()), tuple(strangers), rest


def courts_by_place(text: str, courts: Iterable[Court]) -> list[tuple[str, str]]:
    """Return the words that name a court by its place alone (in Ze'an), where no other court is of it, and its key."""
    owners: dict[str, list[str]] = {}
    for court in courts:
        if place := _letters(_parts(court.key)[0]):
            owners.setdefault(place, []).append(court.key)
    words = dict.fromkeys(re.sub(r"['’]s$", "", word) for word in re.findall(r"[A-Z][\w'’-]+", text))
    return [(word, keys[0]) for word in words if len(keys := owners.get(_letters(word), [])) == 1]
