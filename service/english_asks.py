"""What is counted in an English question, put in the Chinese terms of the genre."""

from __future__ import annotations

import re
from dataclasses import replace

from service.asks import CHANGE, SHARE, Ask, Kind
from service.english_lexicon import in_chinese
from service.lexicon import ACT_KINDS

__all__ = ["english_asks", "english_unit"]

_ENGLISH_UNITS = (
    (r"how many hours", "小时"),
    (r"how many days", "天"),
    (
        r"how many (?:people|persons|participants|volunteers|visitors|staff)|number of (?:people|visitors|participants)",
        "人",
    ),
    (r"how many times", "次"),
    (
        r"how much (?:money|was)|amount of money|how much (?:[\w'’-]+ ){1,9}?(?:invest|spend|spent|pay|paid|fine[sd]?|cost|collect|recover|award|budget|raise|donate)",
        "元",
    ),
)
_RATE = re.compile(
    r"(?<!by )\bwhat (?:is the |was the )?(?:[\w'’-]+ ){0,5}?(?:rate|percentage|proportion)\b", re.IGNORECASE
)
_ENGLISH_PAIR = re.compile(
    r"how many ((?:[\w'-]+ ){0,3}[\w'-]+?),? (?:and|,)(?: how many)? ((?!by |what )(?:[\w'-]+ ){0,3}?[\w'-]+)(?= (?:did|were|was|do|does|has|have|took|joined|in|$)|\?|$)",
    re.IGNORECASE,
)


def english_asks(text: str, kind: Kind) -> tuple[Ask, ...]:
    """Read what an English question asks for, in the Chinese terms of the genre; empty where it names none, or a rate of none."""
    parts = re.split(r",?\s+and\s+(?=how (?:many|much)\b)", text)
    if len(parts) > 1 and all(in_chinese(part) for part in parts):
        return tuple(ask for part in parts for ask in english_asks(part, kind)[:1])
    several = _ENGLISH_PAIR.search(text)
    if several is not None:
        head, tail = text[: several.start()], text[several.end() :]
        pair = [english_asks(f"{head}how many {noun} {tail}", kind) for noun in (several[1], several[2])]
        if all(pair):
            return tuple(ask for asks in pair for ask in asks[:1])
    words = [word for word in in_chinese(text) if word != "法院"]
    acts = frozenset(ACT_KINDS[word] for word in words if word in ACT_KINDS)
    terms = [word for word in words if word not in ACT_KINDS]
    changes = [word for word in terms if CHANGE.search(word)]
    nouns = [word for word in terms if word not in changes]
    kinds_of_case = [word for word in nouns if word.endswith("案件") and word not in _EVERY_CASE]
    if kinds_of_case:
        nouns = kinds_of_case[:1] + [word for word in nouns if word not in {*_EVERY_CASE, kinds_of_case[0]}]
    of_rates = _RATE.search(text) is not None and not re.search("how many", text, re.IGNORECASE)
    if of_rates:
        rates = [word for word in nouns if word.endswith("率")]
        if not rates:
            return ()
        nouns = [*rates, *(word for word in nouns if word not in rates)]
    share = SHARE.search(text) is not None
    names = (
        tuple(re.findall(r"20\d\d", text))
        if re.search(r"20\d\d\s+(?:annual\s+)?(?:assess|apprais|evaluat)", text)
        else ()
    )
    if not nouns:
        return ()
    counted = kind in (Kind.COUNT, Kind.COMPARE)
    main = Ask(
        (nouns[0],),
        english_unit(text),
        " ".join(nouns[1:]),
        names,
        acts,
        change=False,
        share=False,
        words=" ".join(words),
        counted=counted,
    )
    if of_rates:
        main = replace(main, share=True)
        return (main, replace(main, change=True)) if changes else (main,)
    if share and not changes and len(nouns) > 1:
        return replace(main, qualifiers=" ".join(nouns[1:-1])), Ask(
            (nouns[-1],), "%", "", names, acts, change=False, share=True
        )
    if not changes or not share:
        return (main,)
    changed = replace(main, unit="%", change=True, share=True)
    alone = re.search(r"\bwhat percent", text, re.IGNORECASE) and not re.search(
        "how many", text, re.IGNORECASE
    )
    return (changed,) if alone else (main, changed)


def english_unit(text: str) -> str | None:
    """Return the unit that an English question asks in, None where it leaves it open."""
    found = (unit for pattern, unit in _ENGLISH_UNITS if re.search(pattern, text, re.IGNORECASE))
    return next(found, None)


_EVERY_CASE = {"案件", "审结案件", "受理案件"}
