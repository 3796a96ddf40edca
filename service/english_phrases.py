"""What turns the sense of an English sentence (changes, comparisons, negations, times), and common phrases, in Chinese."""

from __future__ import annotations

import re

__all__ = ["AHEAD_OF_NAMES", "CHANGES", "ORDER", "TURNS", "put"]

_Pairs = tuple[tuple[re.Pattern[str], str], ...]
_MORE = "raised?|raising|rose|risen|ris(?:es|ing)|increas(?:ed|es|ing)|improv(?:ed|es|ing)|gr[eo]w[ns]?|growing|climb(?:ed|s|ing)|lift(?:ed|s|ing)|boost(?:ed|s|ing)|enhanced|expanded|up"
_LESS = "f[ae]ll(?:en|s|ing)?|decreas(?:ed|es|ing)|declin(?:ed|es|ing)|dropp(?:ed|ing)|drops|reduc(?:ed|es|ing)|cut(?:s|ting)?|shorten(?:ed|s|ing)|lower(?:ed|s|ing)|compress(?:ed|es|ing)|down"
_ON_THE_YEAR = r"\byear[- ]on[- ]year\b|\b(?:compared (?:with|to)|from|over|than|on) (?:the )?(?:previous|last|prior) year\b|\b(?:from )?a year (?:earlier|before|ago)\b"
_BEFORE_NAMES: tuple[tuple[str, str], ...] = (
    (r"\b(?:pending|unresolved|outstanding|unconcluded|open)\s+(cases?\s+)?(?:for|of|over)?\s*one\s+year\s+or\s+(?:more|longer|over)\b", r" 一年以上未结 \1 "),
    (r"\b(?:pending|unresolved|outstanding|unconcluded|open)\s+(cases?\s+)?(?:for|of|over)?\s*(\d+)\s+years?\s+or\s+(?:more|longer|over)\b", r" \2年以上未结 \1 "),
    (r"\b(?:pending|unresolved|outstanding|unconcluded|open)\s+(cases?\s+)?(?:for|of|over)?\s*(\d+)\s+months?\s+or\s+(?:more|longer|over)\b", r" \2个月以上未结 \1 "),
    (r"\b(?:in|of|by|from) (?:its|the|their|this|one|another) (?:[A-Za-z]+ )?(?:reports?|passages?)\b", " "),
    (r"\bin response\b,?(?! to)", " "),
    (r"\bmade\b(?=[^.,;]{0,40}\bcalls?\b)", "拨打"),
    (r",? and (?:the like|so on|others|other (?:fields|areas|matters|things|aspects|items|kinds|types|activities))\b|,? etc\.?", " "),
    (r"\bnot (\w+(?:-\w+)?) enough\b", r" 不够 \1 "),
    (r"\b(?:took|takes?|taken|taking) place\b", " "),
    (r"\b(?:placed|put|kept)\b(?=[^.,;]{0,60}\b(?:in|under) (?:\w+ )?(?:detention|custody|supervision|control)\b)", " "),
    (r"\bsold\b(?=[^.,;]{0,60}\bauctions?\b)", " "),
    (r"\bafter (?:being|having been)\b", " "),
    (r"\bf[ae]ll(?:s|en|ing)? (?:in)?to\b(?=[^.,;]{0,20}\b(?:areas?|aspects?|categor(?:y|ies)|kinds?|types?|groups?|parts?)\b)", " "),
    (r"\b(?:accounted|accounts|accounting) for\b", " 占 "),
    (r"\b(?:received|won|took|earned|got|obtained|gained|(?:was|were) (?:awarded|given))\s+(?=(?:an? |\d+ )?(?:\w+[ -]){0,3}?(?:prizes?|awards?|medals?)\b)", " "),
)  # fmt: skip
"""What is put otherwise before the names of the cited words are read."""
_CHANGES: tuple[tuple[str, str], ...] = (
    (r"((?:移交|移送|转交|交办|反馈)[^.,;]{0,60}?)\bto\b", r"\1 向 "),
    (_ON_THE_YEAR, " 同比 "),
    (rf"\b(?:{_MORE})\b([^.,;\d]{{0,60}}?)\bfrom\s+([近超约]?\d\S*)([^.,;\d]{{0,60}}?)\bto\s+(?=[近超约]?\d)", r"\1 \3 由\2升至"),
    (rf"\b(?:{_LESS})\b([^.,;\d]{{0,60}}?)\bfrom\s+([近超约]?\d\S*)([^.,;\d]{{0,60}}?)\bto\s+(?=[近超约]?\d)", r"\1 \3 由\2降至"),
    (r"\b(?:cover|reach|number|total|compris|involv|benefit)(?:s|ed|e|es|ing|ting|ling|led)?\s+(?=[超近约]\s*\d|\d)", " "),
    (r",?\s*(\d[\d.]*\S{0,2}) more than (?:in |during )?(?:the )?(?:(?:previous|last|prior|preceding) year|year before)\b", r", 比上年多\1"),
    (r",?\s*(\d[\d.]*\S{0,2}) (?:fewer|less) than (?:in |during )?(?:the )?(?:(?:previous|last|prior|preceding) year|year before)\b", r", 比上年少\1"),
    (r"(\d[\d.]*\S{0,2}) of (?:whom|which|them|these)\b", r"其中\1"),
    (r"(?:,?\s+compared (?:with|to)|,?\s+against|,?\s+from)?\s+(\d[\d.]*\S{0,2}) (?:in |during )?(?:the )?(?:previous|last|prior) year\b", r" 上年为\1"),
    (rf"\b(?:{_MORE})\b([^.,;\d]{{0,60}}?)\bto\s+([近超约]?\d\S*)([^.,;\d]{{0,30}}?)\bfrom\s+(?:the\s+)?([近超约]?\d\S*)", r"\1 \3 由\4升至\2"),
    (rf"\b(?:{_LESS})\b([^.,;\d]{{0,60}}?)\bto\s+([近超约]?\d\S*)([^.,;\d]{{0,30}}?)\bfrom\s+(?:the\s+)?([近超约]?\d\S*)", r"\1 \3 由\4降至\2"),
    (rf"\b(?:{_MORE})\b([^.,;\d]{{0,60}}?)\bby\s+(?=[近超约]?\d)", r"\1 上升"),
    (rf"\b(?:{_LESS})\b([^.,;\d]{{0,60}}?)\bby\s+(?=[近超约]?\d)", r"\1 下降"),
    (rf"\b(?:{_MORE})\b([^.,;\d]{{0,60}}?)\bto\s+(?=[近超约]?\d)", r"\1 升至"),
    (rf"\b(?:{_LESS})\b([^.,;\d]{{0,60}}?)\bto\s+(?=[近超约]?\d)", r"\1 降至"),
    (r"\b(?:rises?|increases?|growth|gains?)\s+of\s+(?=[近超约]?\d)", "上升"),
    (r"\b(?:falls?|decreases?|declines?|drops?|reductions?|cuts?)\s+of\s+(?=[近超约]?\d)", "下降"),
)  # fmt: skip
_PHRASES: tuple[tuple[str, str], ...] = (
    (r"\b(?:the previous|the prior|the preceding) year\b|\b(?:the year before|a year earlier)\b", "上年"),
    (r"\blast year\b", "去年"),
    (r"\b(?:over |in |during |for |within )?(?:the )?(?:past|last|recent)\s+(?=\d+年)", "近"),
    (r"\b(?:rose|risen|increased|grew|grown|climbed|went up|(?<!drew )(?<!drawn )(?<!set )(?<!made )(?<!put )(?<!came )(?<!took )(?<!taken )(?<!picked )(?<!built )(?<!opened )(?<!summed )(?<!followed )(?<!backed )up|(?:an? )?(?:rise|increase|growth))\s+(?:by|of)?\s*(?=[近超约]?\d)", "上升"),
    (r"\b(?:fell|fallen|decreased|declined|dropped|went down|down|reduced|(?:an? )?(?:fall|decrease|decline|drop))\s+(?:by|of)?\s*(?=[近超约]?\d)", "下降"),
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
)  # fmt: skip
_VALUE = r"[近超约]?\d[\d.]*[^\s,.;、\d]{0,3}"
_ORDERED = (
    (rf"占\s*({_VALUE})\s*全部", r"占全部 \1 "),
    (
        rf"(上升|下降)\s*({_VALUE})((?:\s*[、,和]\s*{_VALUE})+)\s*,?\s*(?:同比)?\s*,?\s*分别\s*(?:同比)?",
        r" 同比分别\1\2\3 ",
    ),
    (rf"(上升|下降)\s*({_VALUE})\s*,?\s*同比", r"同比\1\2"),
)


def _compiled(pairs: tuple[tuple[str, str], ...]) -> _Pairs:
    return tuple((re.compile(pattern, re.IGNORECASE), term) for pattern, term in pairs)


AHEAD_OF_NAMES, CHANGES, TURNS, ORDER = map(_compiled, (_BEFORE_NAMES, _CHANGES, _PHRASES, _ORDERED))
"""In the order in which a sentence is put: before the names of the cited words are read, what changed, what turns the
sense, and the order of the Chinese words that come out.
"""


def put(text: str, pairs: _Pairs) -> str:
    """Return the text with what each pattern finds put by its term."""
    for pattern, term in pairs:
        text = pattern.sub(term, text)
    return text
