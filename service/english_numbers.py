"""Numbers, dates and units of an English sentence, written as Chinese has them."""

from __future__ import annotations

import re

from service.cited_words import CitedWords

__all__ = [
    "dates_first",
    "dates_in_chinese",
    "in_digits",
    "kinds_in_chinese",
    "ordinals_in_chinese",
    "units_in_chinese",
    "years_in_chinese",
]

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_VALUES = {word: value for value, word in enumerate(_SMALL)} | {
    word: 20 + 10 * place for place, word in enumerate(_TENS)
}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000, "dozen": 12}
_ORDINALS = dict(
    zip(
        "first second third fourth fifth sixth seventh eighth ninth tenth".split(),
        "一二三四五六七八九十",
        strict=True,
    )
)
_MONTHS = "january february march april may june july august september october november december".split()
_PARTS = {"end": "底", "beginning": "初", "start": "初"}
_MONTH = re.compile(
    rf"\b(?:(?:the\s+)?(?P<part>{'|'.join(_PARTS)})\s+of\s+)?(?P<month>{'|'.join(_MONTHS)})\b(?=\s+\d|\s*[,.]|\s*$)",
    re.IGNORECASE,
)
_DAY = r"(?:(?P<d{0}>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<m{0}>{2})|(?P<m{1}>{2})\s+(?P<d{1}>\d{{1,2}})(?:st|nd|rd|th)?)"
_DATE = re.compile(
    rf"\b{_DAY.format(1, 2, '|'.join(_MONTHS))}(?:,?\s+(?P<year>(?:19|20)\d\d))?"
    rf"(?:\s*(?:to|until|through|and|–|-)\s*{_DAY.format(3, 4, '|'.join(_MONTHS))}(?:,?\s+(?P<year2>(?:19|20)\d\d))?)?(?!\d)",
    re.IGNORECASE,
)
_WORD = "|".join([*_VALUES, *_SCALES])
_NUMBER = re.compile(
    rf"\b(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|(?:an?\s+(?=(?:hundred|thousand|million|billion|dozen)\b))?(?:{_WORD})\b)"
    rf"(?:(?:[\s-]+(?:and\s+)?)(?:{_WORD})\b)*",
    re.IGNORECASE,
)
_ONE_ALONE = re.compile(r"\bone\b(?!\s+(?:hundred|thousand|million))", re.IGNORECASE)
_VAGUE = (
    (r"(?:nearly|almost|close to|just under|approaching)", "近"),
    (r"(?:more than|over|above|upwards? of|in excess of|exceed(?:ed|ing|s)?)", "超"),
    (r"(?:about|around|approximately|roughly|some|circa)", "约"),
    (r"(?:at least|no (?:fewer|less) than)", "不少于"),
    (r"(?:at most|up to|no more than)", "至多"),
    (r"(?:fewer than|less than|under|below)", "不足"),
)
_BEFORE_NUMBER = tuple((re.compile(rf"\b{words}\s+(?=\d)", re.IGNORECASE), term) for words, term in _VAGUE)
_AFTER_NUMBER = (
    (r"(?<=\d)\s*(?:percentage points?|pct\. points?)\b", "个百分点"),
    (r"(?<=\d)\s*(?:per\s?cent|percent|%)", "%"),
    (r"(?<=[\d%])\s+(?:or|and) (?:more|above|over)\b", "以上"),
    (r"(?<=\d)\s+(?:yuan|rmb|cny|renminbi)\b", "元"),
    (r"(?<=\d)\s+(?:people(?!['’]s)|persons?(?![- ]times)|individuals?|men and women)\b", "人"),
    (r"(?<=\d)\s+(?:person[- ]times|attendances)\b", "人次"),
    (r"(?<=\d)\s+times\b", "次"),
    (r"(?<=\d)\s+days?\b", "天"),
    (r"(?<=\d)\s+hours?\b", "小时"),
    (r"(?<=\d)\s+months?\b", "个月"),
    (r"(?<=\d)\s+years?\b", "年"),
    (r"\b(?:rmb|cny|¥)\s*(\d[\d.]*)", r"\1元"),
)
_COUNTED: tuple[tuple[str, str], ...] = (
    ("cases?|lawsuits?", "件 起 宗"),
    ("items?|pieces?|copies|copy", "件 份 篇 条 本 幅 册 项"),
    ("sessions?|times|occasions|rounds?", "场次 批次 次 期 场 轮 批 班 堂 讲 届"),
    ("batch(?:es)?|groups?|lots", "批次 批 组"),
    ("households?", "户"),
)
"""What stands in English behind a number where Chinese has a unit: 5 cases is 5件."""
_AFTER = tuple((re.compile(pattern, re.IGNORECASE), term) for pattern, term in _AFTER_NUMBER)
_COUNTS = tuple(
    (re.compile(rf"(?<![\d.])(\d+(?:\.\d+)?)\s+(?:{nouns})\b", re.IGNORECASE), units.split())
    for nouns, units in _COUNTED
)
_KINDS = tuple(
    (
        re.compile(
            rf"(?<![\d.])(\d+(?:\.\d+)?)(?=(?:\s+(?!(?:of|by|in|for|to|with|from|on|and|or|against|among|at|about|as|was|were|had|have|has|who|that|which)\b)[A-Za-z'’-]+){{0,3}}?\s+(?:{nouns})\b(?!['’]))",
            re.IGNORECASE,
        ),
        units.split(),
    )
    for nouns, units in (
        ("cases?|lawsuits?", "件 起 宗 例 案 个 篇"),
        (
            "officers|judges|people(?!['’]s)|persons(?![- ]times)|defendants|criminals|offenders|cadres|workers|students|deputies|supervisors|mediators|officials|debtors|lawyers|volunteers",
            "人 位",
        ),
    )
)
"""Units of which what an English word counts is: 9 cases are no 9人."""
_DATE_BEHIND = re.compile(r"^(.*?\S.*?)\s((?:\d{4}年)?\d{1,2}月\d{1,2}日(?:至\d{1,2}月\d{1,2}日)?)(?=\W*$)")
_ORDINAL = re.compile(rf"\b({'|'.join(_ORDINALS)})\b(?![\s-]+instance)", re.IGNORECASE)
_YEAR = re.compile(
    r"\b(?:in|of|for|during|year)\s+((?:19|20)\d\d)\b(?!\.\d)|\b((?:19|20)\d\d)(?=\s*[,，]|\s+(?:work\s+)?report)",
    re.IGNORECASE,
)


def dates_in_chinese(text: str) -> str:
    """Return the text with its dates in Chinese: from 11 March to 10 May 2024 → 2024年3月11日至5月10日."""
    return _DATE.sub(_date, text)


def dates_first(text: str) -> str:
    """Return the text with the date that a clause ends with before it, as Chinese has it."""
    return "".join(_DATE_BEHIND.sub(r"\2 , \1", clause) for clause in re.split(r"(?<=[,;])", text))


def in_digits(text: str) -> str:
    """Return the text with its numbers in digits: two hundred and five, 1.2 million → 205, 1200000."""
    return _NUMBER.sub(_in_digits, text)


def ordinals_in_chinese(text: str) -> str:
    """Return the text with its ordinals in Chinese: the fourth, 4th → 第四, 第4."""
    words = _ORDINAL.sub(lambda match: f"第{_ORDINALS[match[1].lower()]}", text)
    return re.sub(r"\b(\d+)(?:st|nd|rd|th)\b", r"第\1", words)


def years_in_chinese(text: str) -> str:
    """Return the text with years and months that stand by themselves in Chinese: in 2023, the end of May → 2023年, 5月底."""
    years = _YEAR.sub(lambda match: f"{match[1] or match[2]}年", text)
    return _MONTH.sub(
        lambda match: (
            f" {_MONTHS.index(match['month'].lower()) + 1}月{_PARTS.get((match['part'] or '').lower(), '')} "
        ),
        years,
    )


def units_in_chinese(text: str, cited: CitedWords) -> str:
    """Return the text with what is counted put as the unit that the cited words have behind the number, and with
    approximation, percent, people and times in Chinese: nearly 5 sessions → 近5期.
    """
    text = _with_units(text, cited)
    for pattern, term in (*_BEFORE_NUMBER, *_AFTER):
        text = pattern.sub(term, text)
    return text


def kinds_in_chinese(text: str, cited: CitedWords) -> str:
    """Return the text with a number of cases or people given their unit where the cited words have it with another: no 9人."""
    for pattern, units in _KINDS:
        for match in reversed(list(pattern.finditer(text))):
            own = cited.units_of(float(match[1]))
            if own and not any(unit.endswith(kind) for unit in own for kind in units):
                text = f"{text[: match.end()]}{units[0]} {text[match.end() :]}"
    return text


def _with_units(text: str, cited: CitedWords) -> str:
    """Return the text with what is counted put as the unit that the cited words have behind the number."""
    for pattern, units in _COUNTS:
        for match in reversed(list(pattern.finditer(text))):
            unit = cited.unit_of(float(match[1]), units)
            if unit:
                text = f"{text[: match.end(1)]}{unit} {text[match.end() :]}"
    return text


def _date(match: re.Match[str]) -> str:
    year = next((f"{part}年" for part in (match["year"], match["year2"]) if part), "")
    days = [
        f"{_MONTHS.index(month.lower()) + 1}月{day}日"
        for month, day in (
            (match["m1"] or match["m2"], match["d1"] or match["d2"]),
            (match["m3"] or match["m4"], match["d3"] or match["d4"]),
        )
        if month
    ]
    return f" {year}{'至'.join(days)} "


def _in_digits(match: re.Match[str]) -> str:
    """Return a number in digits; a lone “one” is a pronoun as often, and is left."""
    if _ONE_ALONE.fullmatch(match[0]):
        return match[0]
    total, current = 0.0, 0.0
    for word in re.findall(r"[\d,.]+\d|\d|[A-Za-z]+", match[0].lower()):
        if word[0].isdigit():
            current += float(word.replace(",", ""))
        elif word in _VALUES:
            current += _VALUES[word]
        elif word in ("hundred", "dozen"):
            current = (current or 1) * _SCALES[word]
        elif word in _SCALES:
            total, current = total + (current or 1) * _SCALES[word], 0.0
    return f"{round(total + current, 6):.15g}"
