"""The genre's words with what they are called in English: read back where the cited words hold them, and advised to a model.

The table english_terms.tsv has a Chinese word per line, and behind a tab its names in English, the one to use first.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

from snowballstemmer import stemmer

from service.cited_words import CitedWords

__all__ = ["LITTLE_WORDS", "advised", "in_cited_words"]

_TABLE = Path(__file__).with_name("english_terms.tsv")
_WORD = re.compile(r"[A-Za-z]+(?:['’]s?)?|(?<![\d.])\d+(?![\d.])")
_SUPERLATIVE = re.compile(
    r"(?!(?:inter|requ|arr|hon|prot|cont|fore?|inv|dig|sugg|harv|mod)est).{3,}est|most|least"
)
_BETWEEN = re.compile(r"[ \-–]+|, ")
_APART = 1_000
_STOP = re.compile(r"[,;.]\s")
_NUMBER = re.compile(r"(?<![\d.])\d+(?:\.\d+)?")
_IRREGULAR = {
    form: base
    for base, forms in {
        "build": "built", "bring": "brought", "choose": "chose chosen", "cut": "cut", "deal": "dealt", "draw": "drew drawn",
        "fall": "fell fallen", "find": "found", "get": "got gotten", "give": "gave given", "go": "went gone",
        "grow": "grew grown", "hear": "heard", "hold": "held", "keep": "kept", "lead": "led", "make": "made", "meet": "met",
        "pay": "paid", "put": "put", "rise": "rose risen", "see": "saw seen", "sell": "sold", "send": "sent", "set": "set",
        "speak": "spoke spoken", "take": "took taken", "teach": "taught", "tell": "told", "win": "won", "write": "wrote written",
        "child": "children", "person": "people", "woman": "women", "man": "men", "run": "ran", "begin": "began begun",
        "freeze": "froze frozen", "break": "broke broken", "centre": "center centers centres", "programme": "program programs",
        "labour": "labor", "honour": "honor honors honored", "good": "good", "overse": "oversaw overseen",
    }.items()
    for form in forms.split()
}  # fmt: skip
LITTLE_WORDS = frozenset(
    "the a an of in at by for to on with from as its their his her it they them this that these those which who whom was were is are be "
    "been being become becomes became has have had having did do does there also while whereas during through throughout within into and or but than then so can "
    "could may where when both such each other others another itself own via under upon over about among between concerning regarding up out off one ones well now not no only stated states said says noted notes".split()
)
"""Words of grammar, which claim nothing or are looked at elsewhere, and are not read as any of the cited words."""
_DIGITS = {
    word: str(value) for value, word in enumerate("two three four five six seven eight nine ten".split(), 2)
}
_ENGLISH = stemmer("english")


@cache
def _stem(word: str) -> str:
    word = re.sub(r"['’]s?$", "", word.lower())
    word = _IRREGULAR.get(word, word).replace("iz", "is")
    if word in _DIGITS:
        return _DIGITS[word]
    return str(_ENGLISH.stemWord(word))


@cache
def _table() -> dict[str, tuple[str, ...]]:
    """Return each Chinese word with its names in English, as in the file."""
    lines = (line.split("\t") for line in _TABLE.read_text(encoding="utf-8").splitlines())
    return {chinese: tuple(name.strip() for name in names.split(";")) for chinese, names in lines}


@cache
def _by_stems() -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return the Chinese words that each English name, by the stems of its words, stands for, longest first."""
    found: dict[tuple[str, ...], set[str]] = {}
    for chinese, names in _table().items():
        for name in names:
            found.setdefault(tuple(_stem(word) for word in _WORD.findall(name)), set()).add(chinese)
    return {
        stems: tuple(sorted(words, key=lambda word: (-len(word), word))) for stems, words in found.items()
    }


@cache
def _light() -> frozenset[tuple[str, ...]]:
    """Return the stems of verbs that say no more than that something took place."""
    names = "made; held; carried out; conducted; organised; ran; launched; gave; provided; put on; staged; took; undertook; performed"
    return frozenset(tuple(_stem(word) for word in name.split()) for name in names.split("; "))


def in_cited_words(text: str, cited: CitedWords, least: int = 1) -> str:
    """Return an English text with what names a word of the cited ones replaced by that word, longest names first.

    Names of fewer words than `least` stay; a word that no cited one has the name of stays too.
    """
    words = list(_WORD.finditer(text))
    stems = [_stem(word[0]) for word in words]
    longest = max(map(len, _by_stems()))
    pieces: list[str] = []
    at, done = 0, 0
    while at < len(words):
        for length in range(min(longest, len(words) - at), least - 1, -1):
            run = words[at : at + length]
            chinese = _together(text, run) and _named(
                tuple(stems[at : at + length]), run, cited, _value_beside(text, run)
            )
            if chinese:
                pieces += [text[done : run[0].start()], f" {chinese} "]
                at, done = at + length, run[-1].end()
                break
        else:
            at += 1
    return "".join([*pieces, text[done:]])


def _together(text: str, words: list[re.Match[str]]) -> bool:
    """Tell whether words follow one another with nothing but spaces and hyphens between them."""
    return all(_BETWEEN.fullmatch(text, one.end(), other.start()) for one, other in pairwise(words))


def _value_beside(text: str, run: list[re.Match[str]]) -> float | None:
    """Return the number nearest to words in a text, one in their own clause before one beyond it."""
    start, end = run[0].start(), run[-1].end()
    near = [
        (_APART * len(_STOP.findall(between)) + len(between), float(number[0]))
        for number in _NUMBER.finditer(text)
        for between in [text[number.end() : start] if number.end() <= start else text[end : number.start()]]
    ]
    return min(near)[1] if near else None


def _named(stems: tuple[str, ...], run: list[re.Match[str]], cited: CitedWords, value: float | None) -> str:
    """Return the cited word that English ones name; of one word, else a translation, its syllables, or the nearest."""
    word = run[0][0].lower()
    if len(stems) == 1 and (word in LITTLE_WORDS or word.isdigit()):
        return ""
    named = cited.first_held(_by_stems().get(stems, ()), value, light=stems in _light())
    if named or len(stems) > 1 or _SUPERLATIVE.fullmatch(word):
        return named
    known = stems in _by_stems()
    return cited.translating(word, known) or cited.spelt(word) or cited.nearest(word, known)


def advised(cited: str) -> dict[str, str]:
    """Return the words of the table that cited words hold, with the English to use for them; longest ones, in order."""
    found: dict[str, str] = {}
    longest = max(map(len, _table()))
    at = 0
    while at < len(cited):
        for length in range(longest, 0, -1):
            names = _table().get(cited[at : at + length])
            if names:
                found.setdefault(cited[at : at + length], names[0])
                at += length
                break
        else:
            at += 1
    return found
