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
from service.english_numbers import (
    dates_first,
    dates_in_chinese,
    in_digits,
    kinds_in_chinese,
    ordinals_in_chinese,
    units_in_chinese,
    years_in_chinese,
)
from service.english_phrases import AHEAD_OF_NAMES, CHANGES, ORDER, TURNS, put
from service.english_terms import LITTLE_WORDS, in_cited_words

__all__ = ["glossed", "is_english"]

STRANGER = "外地法院"
_NEW_CLAUSE = re.compile(
    r",?\s+(?:and(?=\s+(?:[a-z]+ed|held|sent|gave|paid|took|made|brought|built|saw|set|put|drew|found|won|ran|led|came|kept|met|wrote|taught|sold|heard|dealt|cut|spent|that)\b)|with(?=\s+an?\s))",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(rf"([{HAN}]+(?:法院|中院|高院))\s*[（(]\s*([{HAN}]+(?:法院|中院|高院))\s*[)）]")
_BEFORE_ITS_NOUN = re.compile(
    rf"((?:[近超约]|不少于|至多|不足)?\d[\d.]*[余多]?[^\s\d,.;、%年月日]{{0,2}})[\s　]+((?:(?![和向])[{HAN}]+[ 　]*)+)(?=[,;、.(¦]|[和向]|$)"
)
_PREPOSITION = re.compile(r"\b(?:in|for|on|at|from|with|by|through|as|over|about)\b", re.IGNORECASE)
_CASES = re.compile(r"\bcases?\b", re.IGNORECASE)
_STRAIGHT_QUOTES = re.compile(r'"([^"]+)"')
_GLUE = re.compile(
    rf"\b(?:{'|'.join(LITTLE_WORDS)}|according|acknowledg(?:es|ed)|admit(?:s|ted)|conced(?:es|ed)|reports?|reported|states?|stated|says?|said|notes?|noted|recorded|shows?|showed|number|figures?|"
    r"handled?|dealt|h[eo]ld|numbered|numbering|counting|took|taken|carried|titles?|compared|organi[sz]ed|made|makes?|achiev(?:ed|es|ing)|ran|staged|performed|undertook|conducted|provided|gave|gives?|given|saw|launched|came|further|same|respective|"
    r"separately|share|areas?|heading|currently|overall|addition|additionally|moreover|meanwhile|furthermore|"
    r"elsewhere|likewise|similarly|correspondingly|comparison|part|levels?|stages?|items?|work|total(?:s|led)?|amount(?:s|ed)?|respect|regard|terms|aspect|using|used|"
    r"courts?|period|year|stood|sections?|kinds?|still|already|done)\b|['’]s\b",
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
    text = in_digits(_NEW_CLAUSE.sub(" , ", dates_in_chinese(_STRAIGHT_QUOTES.sub(r"“\1”", text))))
    text = in_cited_words(put(kinds_in_chinese(text, held), AHEAD_OF_NAMES), held, least=2)
    text = years_in_chinese(units_in_chinese(ordinals_in_chinese(text), held))
    text = put(put(text, CHANGES), TURNS)
    if not re.search("案[件例]", cited) and "案" in cited:
        text = _CASES.sub(" 案 ", text)
    text = in_cited_words(text, held)
    text = put(text, tuple((pattern, f" {term} ") for pattern, term in terms_in_english() if term in cited))
    text = put(text, tuple((pattern, f" {term} ") for pattern, term in terms_in_english()))
    text = re.sub(r"\band\b|&", "和", text, flags=re.IGNORECASE)
    text = _PREPOSITION.sub("¦", text)
    text = re.sub(r"(?<=\s)和\s*(?=[近超约]?\d)", "、", _GLUE.sub(" ", text))
    text = re.sub(r"(第[一二三四五六七八九十\d]+)\s+", r"\1", re.sub(r"\s*、\s*", "、", text))
    text = put(text, ORDER)
    if "缩短" in cited and "下降" not in cited:
        text = text.replace("下降", "缩短")
    text = _BEFORE_ITS_NOUN.sub(r"\2 \1", text).replace("¦", " ")
    return dates_first(re.sub(r"(?<=\d)\s+(?=[一-鿿])", "　", re.sub(r"(?<=[一-鿿])\s+(?=\d)", "", text)))


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
