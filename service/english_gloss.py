"""English sentences put into the reports' terms, word by word, so that they can be held against Chinese words.

What has no term here is left as it is: the cited words do not hold it, and the sentence is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from indexer.records import Court
from indexer.text import HAN
from service.cited_words import CitedWords
from service.english_courts import courts_by_place, mentions_in_english
from service.english_lexicon import terms_in_english
from service.english_terms import LITTLE_WORDS, in_cited_words

__all__ = ["glossed", "is_english"]

STRANGER = "外地法院"
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
    rf"\b(?:(?:the\s+)?(?P<part>{'|'.join(_PARTS)})\s+of\s+)?(?P<month>{'|'.join(_MONTHS)})\b(?=\s+\d|\s*[,.]|\s*$)", re.IGNORECASE
)
_DAY = r"(?:(?P<d{0}>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<m{0}>{2})|(?P<m{1}>{2})\s+(?P<d{1}>\d{{1,2}})(?:st|nd|rd|th)?)"
_DATE = re.compile(
    rf"\b{_DAY.format(1, 2, '|'.join(_MONTHS))}(?:,?\s+(?P<year>(?:19|20)\d\d))?"
    rf"(?:\s*(?:to|until|through|and|–|-)\s*{_DAY.format(3, 4, '|'.join(_MONTHS))}(?:,?\s+(?P<year2>(?:19|20)\d\d))?)?(?!\d)",
    re.IGNORECASE,
)
_NEW_CLAUSE = re.compile(
    r",?\s+(?:and(?=\s+(?:[a-z]+ed|held|sent|gave|paid|took|made|brought|built|saw|set|put|drew|found|won|ran|led|came|kept|met|wrote|taught|sold|heard|dealt|cut|spent|that)\b)|with(?=\s+an?\s))",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(rf"([{HAN}]+(?:法院|中院|高院))\s*[（(]\s*([{HAN}]+(?:法院|中院|高院))\s*[)）]")
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
_MORE = "raised?|raising|rose|risen|ris(?:es|ing)|increas(?:ed|es|ing)|improv(?:ed|es|ing)|gr[eo]w[ns]?|growing|climb(?:ed|s|ing)|lift(?:ed|s|ing)|boost(?:ed|s|ing)|enhanced|expanded|up"
_LESS = "f[ae]ll(?:en|s|ing)?|decreas(?:ed|es|ing)|declin(?:ed|es|ing)|dropp(?:ed|ing)|drops|reduc(?:ed|es|ing)|cut(?:s|ting)?|shorten(?:ed|s|ing)|lower(?:ed|s|ing)|compress(?:ed|es|ing)|down"
_ON_THE_YEAR = r"\byear[- ]on[- ]year\b|\b(?:compared (?:with|to)|from|over|than|on) (?:the )?(?:previous|last|prior) year\b|\b(?:from )?a year (?:earlier|before|ago)\b"
_BEFORE_NAMES: tuple[tuple[str, str], ...] = (
    (r"\b((?:handed over|handed|transferred|referred|forwarded|passed on|gave|given|reported)\b[^.,;]{0,60}?)\bto\b(?=[^.,;\d]*\w)", r"\1 向 "),
    (r"\bnot (\w+(?:-\w+)?) enough\b", r" 不够 \1 "),
    (r"\b(?:took|takes?|taken|taking) place\b", " "),
    (r"\b(?:received|won|took|earned|got|obtained|gained|(?:was|were) (?:awarded|given))\s+(?=(?:an? |\d+ )?(?:\w+[ -]){0,3}?(?:prizes?|awards?|medals?)\b)", " "),
)  # fmt: skip
"""What is put otherwise before the names of the cited words are read."""
_CHANGES: tuple[tuple[str, str], ...] = (
    (_ON_THE_YEAR, " 同比 "),
    (rf"\b(?:{_MORE})\b([^.,;\d]{{0,60}}?)\bfrom\s+([近超约]?\d\S*)([^.,;\d]{{0,60}}?)\bto\s+(?=[近超约]?\d)", r"\1 \3 由\2升至"),
    (rf"\b(?:{_LESS})\b([^.,;\d]{{0,60}}?)\bfrom\s+([近超约]?\d\S*)([^.,;\d]{{0,60}}?)\bto\s+(?=[近超约]?\d)", r"\1 \3 由\2降至"),
    (r"\b(?:cover|reach|number|total|compris|involv|benefit)(?:s|ed|e|es|ing|ting|ling|led)?\s+(?=[超近约]\s*\d|\d)", " "),
    (r",?\s*(\d[\d.]*\S{0,2}) more than (?:in |during )?(?:the )?(?:(?:previous|last|prior|preceding) year|year before)\b", r", 比上年多\1"),
    (r",?\s*(\d[\d.]*\S{0,2}) (?:fewer|less) than (?:in |during )?(?:the )?(?:(?:previous|last|prior|preceding) year|year before)\b", r", 比上年少\1"),
    (r"(\d[\d.]*\S{0,2}) of (?:whom|which|them|these)\b", r"其中\1"),
    (r"(?:,?\s+compared (?:with|to)|,?\s+against|,?\s+from)?\s+(\d[\d.]*\S{0,2}) (?:in |during )?(?:the )?(?:previous|last|prior) year\b", r" 上年为\1"),
    (rf"\b(?:{_MORE})\b([^.,;\d]{{0,60}}?)\bby\s+(?=[近超约]?\d)", r"\1 上升"),
    (rf"\b(?:{_LESS})\b([^.,;\d]{{0,60}}?)\bby\s+(?=[近超约]?\d)", r"\1 下降"),
    (rf"\b(?:{_MORE})\b([^.,;\d]{{0,60}}?)\bto\s+(?=[近超约]?\d)", r"\1 升至"),
    (rf"\b(?:{_LESS})\b([^.,;\d]{{0,60}}?)\bto\s+(?=[近超约]?\d)", r"\1 降至"),
    (r"\b(?:rises?|increases?|growth|gains?)\s+of\s+(?=[近超约]?\d)", "上升"),
    (r"\b(?:falls?|decreases?|declines?|drops?|reductions?|cuts?)\s+of\s+(?=[近超约]?\d)", "下降"),
)  # fmt: skip
_PHRASES: tuple[tuple[str, str], ...] = (
    (r"\b(?:year[- ]on[- ]year|compared (?:with|to) (?:the )?(?:previous|last|prior) year|(?:from|over|than|on) (?:the )?(?:previous|last|prior) year)\b", "同比"),
    (r"\b(?:the previous|the prior|the preceding) year\b|\b(?:the year before|a year earlier)\b", "上年"),
    (r"\blast year\b", "去年"),
    (r"\b(?:rose|risen|increased|grew|grown|climbed|went up|(?<!drew )(?<!drawn )(?<!set )(?<!made )(?<!put )(?<!came )(?<!took )(?<!taken )(?<!picked )(?<!built )(?<!opened )(?<!summed )(?<!followed )(?<!backed )up|(?:an? )?(?:rise|increase|growth))\s+(?:by|of)?\s*(?=[近超约]?\d)", "上升"),
    (r"\b(?:fell|fallen|decreased|declined|dropped|went down|down|reduced|(?:an? )?(?:fall|decrease|decline|drop))\s+(?:by|of)?\s*(?=[近超约]?\d)", "下降"),
    (r"\b(?:rose|risen|increased|grew|raised|brought|up)\s+to\b", "升至"),
    (r"\b(?:fell|fallen|decreased|declined|dropped|reduced|cut|shortened|down)\s+to\b", "降至"),
    (r"\b(?:more|higher|larger|greater)\b([^.,;]{0,60}?)\bthan\b(?!\s*[近超约]?\d)", r"\1 多于 "),
    (r"\b(?:fewer|less|lower|smaller)\b([^.,;]{0,60}?)\bthan\b(?!\s*[近超约]?\d)", r"\1 少于 "),
    (r"\b(?:exceed(?:s|ed)?|surpass(?:es|ed)?|outnumber(?:s|ed)?)\b", "多于"),
    (r"\bthe (?:most|highest|largest|greatest|biggest)\b|\bhighest\b|\blargest\b", "最多"),
    (r"\bthe (?:fewest|least|lowest|smallest)\b|\bfewest\b|\blowest\b", "最少"),
    (r"\b(?:rank(?:ed|s|ing)?|came|placed|stood)\s+(?:in\s+)?(?=第)", "排名"),
    (r"\bdoubled\b", "翻了一番"),
    (r"\brespectively\b", "分别"),
    (r"\b(?:in total|in all|altogether|combined|together|a total of|totall?(?:ed|ing)?|total)\b", "合计"),
    (r"\b(?:on average|average[ds]?)\b", "平均"),
    (r"\b(?:each|every|per)\b", "每年"),
    (r"\b(?:did not|does not|do not|was not|were not|has not|have not|had not|not|never|nor|neither|failed to|n't)\b|n['’]t\b", " 不 "),
    (r"\b(?:without|none|no)\b", " 无 "),
    (r"\b(?:only|merely|just)\b", "仅"),
    (r"\b(?:most of|the majority of|a majority of)\b", "多数"),
    (r"\b(?:half of|half)\b", "半数"),
    (r"\ball\b", "全部"),
    (r"\bfor the first time\b", "首次"),
    (r"\b(?:will|plans? to|planned|intends? to|expects? to|is expected to)\b", "计划"),
    (r"\b(?:of whom|of which|of these|of them|among them|including)\b", "其中"),
    (r"\b(?:reached|amounted to|came to|stood at)\b", "达到"),
    (r"\b(?:province-?wide|(?:across |throughout |in )?(?:the )?(?:whole |entire )province|the province(?: now)?)\b", "全省"),
    (r"\b(?:city-?wide|(?:across |throughout |in )?(?:the )?(?:whole |entire )city|courts? (?:across|throughout) the city)\b", "全市"),
    (r"\b(?:by|as of|up to|until) the end of\b", " "),
    (r"\b(?:aims?|aimed|strives?|seeks?) to\b", "力争"),
    (r"\b(?:shortened|cut|reduced|lowered|fell|fallen|dropped|declined|decreased|down) from ([近超约]?\d\S*) to\b", r"由\1降至"),
    (r"\b(?:raised|rose|risen|increased|grew|climbed|improved|lifted|up) from ([近超约]?\d\S*) to\b", r"由\1升至"),
)  # fmt: skip
_MATTERS: tuple[tuple[str, str], ...] = (
    (r"\bleading groups?\b", "领导小组"),
    (r"\b(?:leading )?party (?:group|leadership group)s?\b", "党组"),
    (r"\bparty (?:committee)s?\b", "党委"),
    (r"\bparty (?:building|construction)\b", "党建"),
    (r"\bparty members?\b", "党员"),
    (r"\b(?:full(?:y)? and (?:rigorous|strict)|strict|rigorous)\b(?: and comprehensive)? (?:party (?:self-)?governance|governance of the party)\b", "从严治党"),
    (r"\bparty (?:and|or) (?:administrative|government)(?: disciplinary)? (?:sanctions?|penalt(?:y|ies)|punishments?)\b", "党纪政务处分"),
    (r"\bparty disciplin(?:e|ary)(?: (?:action|sanctions?|punishments?|penalt(?:y|ies)))?\b", "党纪处分"),
    (r"\bjudicial (?:relief|assistance|aid)\b", "司法救助"),
    (r"\bjudicial (?:suggestions?|proposals?|recommendations?|advice)\b", "司法建议"),
    (r"\bjudicial authorit(?:y|ies)\b", "司法机关"),
    (r"\bfirst[- ]time enforcement\b", "首次执行"),
    (r"\btime taken\b", "用时"),
    (r"\bbefore (?:litigation|trial|filing)\b", "诉前"),
    (r"\b(?:equal to|accounting for|accounted for|representing|making up|made up)\b", "占"),
    (r"\bneeds? (?:to be )?improv(?:e|ed|ement|ing)\b", "有待提高"),
    (r"\b(?:acknowledges?|admits?|concedes?|acknowledged|admitted|conceded)(?: that)?\b", " "),
    (r"\bcase interference\b", "干预案件"),
    (r"\bissued?(?=\s+\d)", "发出"),
    (r"\bcompleted\b(?! (?:cases|trials))", "完成"),
    (r"\b(?:remaining|the rest)\b", "其余"),
    (r"\bmatters?\b", "事项"),
    (r"\b(?:decided|agreed)(?: on)?\b|\bresolved (?:on|that)\b", "议定"),
    (r"\b(?:stolen|illicit|ill-gotten|criminal)\s+(?:money|funds|gains|proceeds|assets)\b", "赃款"),
    (r"\brecover\w*\b((?:[^.,;]|[.,](?=\d)){0,60}?)(?<!\w)(?:in|through|by) (?:enforcement|execution)\b", r"\1执行到位 "),
    (r"\b(?:recovered|recovering|recover)\b", "追回"),
    (r"\bassets?\b", "资产"),
    (r"\b(?:satisfaction rate)\b", "满意率"),
    (r"\b(?:success rate)\b", "成功率"),
    (r"\b(?:pre-?litigation|pre-?trial)\b", "诉前"),
    (r"\b(?:wage arrears|back pay|unpaid wages)\b", "欠薪"),
    (r"\b(?:special (?:operations?|campaigns?|actions?))\b", "专项行动"),
    (r"\b(?:convicted|sentenced)\b", "判处"),
    (r"\b(?:criminals?|offenders?)\b(?! case)", "罪犯"),
    (r"\b(?:circuit|itinerant)\b", "巡回"),
    (r"\b(?:tribunal points?|trial points?|court points?|sites?)\b", "审判点"),
    (r"\bfirst[- ]instance\b", "一审"),
    (r"\b(?:telecom(?:munications?)?(?: and (?:online|internet))? fraud)\b", "电信网络诈骗"),
    (r"\b(?:convened)\b", "召开"),
    (r"\b(?:civil and commercial|civil)\b", "民商事"),
)  # fmt: skip
_COUNTED: tuple[tuple[str, str], ...] = (
    ("cases?|lawsuits?", "件 起 宗"),
    ("items?|pieces?|copies|copy", "件 份 篇 条 本 幅 册 项"),
    ("sessions?|times|occasions|rounds?", "场次 批次 次 期 场 轮 批 班 堂 讲 届"),
    ("batch(?:es)?|groups?|lots", "批次 批 组"),
    ("households?", "户"),
)
"""What stands in English behind a number where Chinese has a unit: 5 cases is 5件."""
_GLUE = re.compile(
    rf"\b(?:{'|'.join(LITTLE_WORDS)}|according|reports?|reported|states?|stated|says?|said|notes?|noted|recorded|shows?|showed|number|figures?|"
    r"handled?|dealt|h[eo]ld|numbered|numbering|counting|took|taken|carried|titles?|compared|organi[sz]ed|conducted|provided|gave|gives?|given|saw|launched|came|further|same|respective|"
    r"separately|share|areas?|heading|currently|overall|addition|additionally|moreover|meanwhile|furthermore|"
    r"elsewhere|likewise|similarly|correspondingly|comparison|part|total(?:s|led)?|amount(?:s|ed)?|respect|regard|terms|aspect|using|used|"
    r"courts?|period|year|stood)\b|['’]s\b",
    re.IGNORECASE,
)


def is_english(text: str) -> bool:
    """Tell whether a sentence is English; Chinese that it quotes, or a name in brackets, does not make it Chinese."""
    bare = re.sub(r"“[^”]*”|\"[^\"]*\"|[（(][^)）]*[)）]", "", text)
    return len(re.findall(r"[A-Za-z]{2,}", bare)) > len(re.findall(f"[{HAN}]", bare))


def glossed(text: str, courts: Iterable[Court], cited: str) -> str:
    """Return an English sentence in Chinese terms, those of the cited words where it may mean them.

    A court of no known name becomes one that nobody knows.
    """
    known = list(courts)
    text = _IN_BRACKETS.sub(
        lambda found: _unless_same(found[1].strip(), found[2], known), _with_courts(text, known)
    )
    held = CitedWords(cited)
    text = re.sub(r'"([^"]+)"', r"“\1”", text)
    text = _NUMBER.sub(_in_digits, _NEW_CLAUSE.sub(" , ", _DATE.sub(_date, text)))
    for pattern, term in _AHEAD:
        text = pattern.sub(term, text)
    text = in_cited_words(text, held, least=2)
    text = re.sub(
        rf"\b({'|'.join(_ORDINALS)})\b(?![\s-]+instance)",
        lambda m: f"第{_ORDINALS[m[1].lower()]}",
        text,
        flags=re.I,
    )
    text = _with_units(re.sub(r"\b(\d+)(?:st|nd|rd|th)\b", r"第\1", text), held)
    for pattern, term in (*_BEFORE_NUMBER, *_AFTER):
        text = pattern.sub(term, text)
    text = re.sub(
        r"\b(?:in|of|for|during|year)\s+((?:19|20)\d\d)\b(?!\.\d)|\b((?:19|20)\d\d)(?=\s*[,，]|\s+(?:work\s+)?report)",
        lambda m: f"{m[1] or m[2]}年",
        text,
    )
    text = _MONTH.sub(lambda m: f" {_MONTHS.index(m['month'].lower()) + 1}月{_PARTS.get((m['part'] or '').lower(), '')} ", text)
    for pattern, term in (*_CHANGED, *_TURNS):
        text = pattern.sub(term, text)
    for pattern, term in terms_in_english():
        if term in cited:
            text = pattern.sub(f" {term} ", text)
    text = in_cited_words(text, held)
    for pattern, term in (*_ELSE, *terms_in_english()):
        text = pattern.sub(f" {term} ", text)
    text = re.sub(r"\band\b|&", "和", text, flags=re.IGNORECASE)
    text = re.sub(r"(?<=\s)和\s*(?=[近超约]?\d)", "、", _GLUE.sub(" ", text))
    text = re.sub(r"(第[一二三四五六七八九十\d]+)\s+", r"\1", re.sub(r"\s*、\s*", "、", text))
    for pattern, term in _ORDER:
        text = pattern.sub(term, text)
    text = re.sub(r"(?<=\d)\s+(?=[一-鿿])", "　", re.sub(r"(?<=[一-鿿])\s+(?=\d)", "", text))
    return "".join(map(_date_first, re.split(r"(?<=[,;])", text)))


def _date_first(clause: str) -> str:
    """Return a clause with the date that it ends with before it, as Chinese has it."""
    return _DATE_BEHIND.sub(r"\2 , \1", clause)


_AFTER = tuple((re.compile(pattern, re.IGNORECASE), term) for pattern, term in _AFTER_NUMBER)
_AHEAD = tuple((re.compile(pattern, re.IGNORECASE), term) for pattern, term in _BEFORE_NAMES)
_CHANGED = tuple((re.compile(pattern, re.IGNORECASE), term) for pattern, term in _CHANGES)
_COUNTS = tuple(
    (re.compile(rf"(?<![\d.])(\d+(?:\.\d+)?)\s+(?:{nouns})\b", re.IGNORECASE), units.split())
    for nouns, units in _COUNTED
)
_VALUE = r"\d[\d.]*(?:%|个百分点)?"
_ORDER = tuple(
    (re.compile(pattern), term)
    for pattern, term in (
        (rf"(上升|下降)\s*({_VALUE})((?:\s*[、,和]\s*{_VALUE})+)\s*,?\s*(?:同比)?\s*,?\s*分别\s*(?:同比)?", r" 同比分别\1\2\3 "),
        (rf"(上升|下降)\s*({_VALUE})\s*,?\s*同比", r"同比\1\2"),
    )
)
_DATE_BEHIND = re.compile(r"^(.*?\S.*?)\s((?:\d{4}年)?\d{1,2}月\d{1,2}日(?:至\d{1,2}月\d{1,2}日)?)(?=\W*$)")
_TURNS = tuple((re.compile(pattern, re.IGNORECASE), term) for pattern, term in _PHRASES)
_ELSE = tuple((re.compile(pattern, re.IGNORECASE), term) for pattern, term in _MATTERS)


def _with_courts(text: str, courts: list[Court]) -> str:
    for mention in reversed(list(mentions_in_english(text, courts))):
        key = next(iter(mention.courts)) if len(mention.courts) == 1 else STRANGER
        text = f"{text[: mention.start]} {key} {text[mention.end :]}"
    for words, key in courts_by_place(text, courts):
        text = re.sub(rf"\b{re.escape(words)}(?:['’]s)?(?!\w)", f" {key} ", text)
    return text


def _unless_same(name: str, in_brackets: str, courts: list[Court]) -> str:
    """Return a court's name alone where the one in brackets is its own, else both, so that the other is noticed."""
    names = next(({c.key, c.name, *c.aliases} for c in courts if name in (c.key, c.name)), {name})
    return f" {name} " if in_brackets in names else f" {name} {in_brackets} "


def _with_units(text: str, cited: CitedWords) -> str:
    """Return the text with what is counted put as the unit that the cited words have behind the number."""
    for pattern, units in _COUNTS:
        for match in reversed(list(pattern.finditer(text))):
            unit = cited.unit_of(float(match[1]), units)
            if unit:
                text = f"{text[: match.end(1)]}{unit} {text[match.end() :]}"
    return text


def _date(match: re.Match[str]) -> str:
    """Return a date, or two, in Chinese: from 11 March to 10 May 2024 → 2024年3月11日至5月10日."""
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
