"""What an English question asks for, read in the words of the passages found for it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.text import HAN
from service.asks import Ask, Kind
from service.cited_words import CitedWords
from service.english_asks import english_unit
from service.english_terms import in_cited_words
from service.lexicon import ACT_KINDS
from service.questions import Question
from service.search import Hit

__all__ = ["asks_in_report_words"]

PASSAGES = 6
_ASKING = re.compile(
    r"\bhow (?:many|much)\b|\b(?:what|which) (?:[\w-]+ ){0,4}?(?:percentage|proportion|share|rate|number|amount)\b|\bwhat (?:was|is|were|are)\b",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"\b(?:ris|rose|increas|grow|grew|improv|fall|fell|drop|declin|decreas|chang)", re.IGNORECASE
)
_RUN = re.compile(rf"[{HAN}]+(?: +[{HAN}]+)*")
_BARE = frozenset("人 人员 人数 次 次数 件 案件 金额 资金 款 元 法院 人民法院 天 多 名".split())
"""What a unit says already, or the asking court."""


def asks_in_report_words(question: Question, hits: Sequence[Hit]) -> tuple[Ask, ...]:
    """Return an ask for each number that an English question asks for; empty where the passages have no word of it."""
    if question.chinese or question.kind not in (Kind.COUNT, Kind.COMPARE):
        return ()
    cited = CitedWords("。".join(hit.passage.text for hit in hits[:PASSAGES]))
    starts = [match.start() for match in _ASKING.finditer(question.rest)] or [0]
    parts = [question.rest[a:b] for a, b in zip(starts, [*starts[1:], len(question.rest)], strict=True)]
    asks: list[Ask] = []
    for part in parts:
        read = in_cited_words(in_cited_words(part, cited, least=2), cited)
        named = [match[0].replace(" ", "") for match in _RUN.finditer(read)]
        nouns = [words for words in named if words not in _BARE and words not in ACT_KINDS]
        acts = frozenset(ACT_KINDS[words] for words in named if words in ACT_KINDS)
        if not nouns and not asks:
            continue
        thing, *rest = nouns or asks[-1].objects
        asks.append(
            Ask(
                (thing,),
                english_unit(part),
                " ".join(rest),
                (),
                acts,
                change=_CHANGE.search(part) is not None,
                share=re.search(r"\b(?:percent|proportion|share|rate)", part, re.IGNORECASE) is not None,
                words=" ".join(named),
                inherited=not nouns,
            )
        )
    return tuple(asks)
