"""Turns about the answer just given: where it stands, what else there is, why, and one of its items in full."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from indexer.citations import Citation
from indexer.numerals import han_value
from indexer.text import has_han
from service.answers import Answer
from service.cited import cite_words
from service.engine import Engine
from service.english_courts import english_name
from service.markdown import place
from service.search import Filters

__all__ = ["About", "AboutAnswer", "about_answer", "nothing_before", "reply_about"]

A_ROUND = 3
"""Passages that each “还有呢” adds."""
SHOWN = 160

_END = r"[\s。！!？?~～呢吗啊呀吧了]*"
_SOURCES = re.compile(
    r"(?:那|请|麻烦)?(?:给出|列出|看看|说说|告诉我)?(?:一下)?(?:它的?|这个|这些|上面的?|刚才的?|以上)?(?:数据|数字|说法|回答)?的?"
    r"(?:出处|依据|来源|原文|引注|出自哪里?|(?:在|是)?(?:报告)?(?:的)?哪一?(?:段|节|页|里|儿)(?:写的|说的)?|哪(?:里|儿)(?:写的|说的|来的)|从哪(?:里|儿)?来的?)"
    r"(?:在哪里?|是什么|是哪里?|有吗|给我)?"
    rf"{_END}|(?:what(?:'s| is| are)? the )?(?:sources?|citations?|references?)\W*|where (?:does it say (?:that|so)|is (?:that|this|it) from)\W*",
    re.IGNORECASE,
)
_MORE = re.compile(
    rf"(?:那)?(?:还有|继续|接着说?|接着讲|更多)(?:呢|吗|么|没有?|别的|其他的?|什么|更多)*(?:吗|呢|么)?{_END}|(?:anything|what) else\W*|more\W*|go on\W*|continue\W*",
    re.IGNORECASE,
)
_WHY = re.compile(
    rf"(?:那|这是)?(?:为什么|为何|为啥|什么原因|原因(?:是什么|呢)?|怎么回事)(?:会|是|要)?(?:这样|这么[多少高低快慢]|如此)?{_END}|why(?: (?:is that|so \w+))?\W*",
    re.IGNORECASE,
)
_DETAIL = r"(?:详细|展开|具体|仔细)?(?:说说|讲讲|说一?下|介绍一?下|讲一?下|说明一?下|解释一?下|展开|是什么|怎么说的?|全文|原文|详情|具体内容|再说)"
_ITEM = re.compile(
    rf"(?:请|把|那|再|麻烦)*(?:{_DETAIL})?(?:一下|的)?第?\s*[\[【(（]?(?P<n>[一二三四五六七八九十]|\d{{1,2}})[\]】)）]?\s*(?P<unit>条|点|句|项|段|个引注|个出处|个)?(?:的)?(?P<detail>{_DETAIL}|详细|具体)?(?:点|一点|一些|一下|说说)?{_END}"
    r"|(?:tell me more about|expand(?: on)?|explain|details? of)\s+(?:the\s+)?(?:item\s+|number\s+|no\.?\s*)?[\[(]?(?P<en>\d{1,2}|first|second|third|fourth|fifth)[\])]?(?:\s+(?:one|item|point))?\W*",
    re.IGNORECASE,
)
_FULL = re.compile(
    rf"(?:请|能)?(?:详细|展开|具体)(?:点|一点|一些|地)?(?:说说|讲讲|说|讲|介绍)?(?:一下)?{_END}|more details?\W*",
    re.IGNORECASE,
)
_ENGLISH = {word: at for at, word in enumerate(("first", "second", "third", "fourth", "fifth"), 1)}


class About(Enum):
    """What a turn wants of the answer before it."""

    SOURCES = "sources"
    MORE = "more"
    WHY = "why"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class AboutAnswer:
    """A turn about an answer; `number` is the item asked for, 0 for all of it."""

    what: About
    number: int = 0


def about_answer(turn: str) -> AboutAnswer | None:
    """Return what a turn wants of the answer before it, None where it is a question of its own."""
    words = turn.strip()
    for pattern, what in (
        (_SOURCES, About.SOURCES),
        (_MORE, About.MORE),
        (_WHY, About.WHY),
        (_FULL, About.ITEM),
    ):
        if pattern.fullmatch(words):
            return AboutAnswer(what)
    item = _ITEM.fullmatch(words)
    if item is None:
        return None
    if item["en"]:
        return AboutAnswer(About.ITEM, _ENGLISH.get(item["en"].lower()) or int(item["en"]))
    asks = item["detail"] or item["unit"] in ("条", "点", "句", "项", "段") or re.search(_DETAIL, words)
    if not asks or not re.search(r"第|[\[【]", words):
        return None
    written = item["n"]
    return AboutAnswer(About.ITEM, int(written) if written.isdigit() else int(han_value(written) or 0))


def nothing_before(turn: str) -> str:
    """Say that a turn about an answer comes before any."""
    if has_han(turn):
        return "前面还没有回答。请先提一个问题，例如：各院整改措施有多少条？"
    return "There is no answer yet to go by. Ask a question first: How many measures did each court draw up?"


def reply_about(engine: Engine, answer: Answer, wanted: AboutAnswer, rounds: int, filters: Filters) -> Answer:
    """Return what is wanted of an answer, as an answer that cites; `rounds` counts the turns for more in a row."""
    chinese = has_han(answer.question)
    if wanted.what is About.SOURCES:
        return _sources(answer, chinese)
    called = _court_names(engine, chinese)
    if wanted.what is About.ITEM:
        return _item(engine, answer, wanted.number, called, chinese)
    courts = tuple(dict.fromkeys(entry.court.key for entry in answer.courts))
    within = replace(filters, court=filters.court or courts)
    if wanted.what is About.WHY:
        head = (
            "报告写的是做了什么、有多少，未必写原因。与此有关的原文："
            if chinese
            else "Reports say what was done and how much, seldom why. What they say on it:"
        )
        hits = engine.search(answer.question, top_k=A_ROUND, filters=within).hits
        return _quoting(answer, head, [hit.citation for hit in hits], called, chinese)
    cited = {(citation.report_id, citation.paragraph) for citation in answer.citations}
    hits = engine.search(answer.question, top_k=len(cited) + (rounds + 1) * A_ROUND, filters=within).hits
    others = [hit for hit in hits if (hit.citation.report_id, hit.citation.paragraph) not in cited]
    shown = others[(rounds - 1) * A_ROUND : rounds * A_ROUND]
    if not shown:
        text = "没有更多相关的段落了。" if chinese else "There is nothing more on it."
        return replace(answer, kind="passage", text=text, facts=(), similar=(), citations=(), hits=())
    head = (
        "除已引的以外，相关的段落还有：" if chinese else "Besides what was cited, these passages bear on it:"
    )
    return _quoting(answer, head, [hit.citation for hit in shown], called, chinese)


def _court_names(engine: Engine, chinese: bool) -> dict[str, str]:
    """Return what each court is called in an answer, by its own name."""
    courts = {report.court.name: report.court for report in engine.store.reports()}
    return {name: name if chinese else english_name(court) for name, court in courts.items()}


def _sources(answer: Answer, chinese: bool) -> Answer:
    if not answer.citations:
        text = "上一个回答没有引用报告。" if chinese else "The answer before cites no report."
        return replace(answer, text=text, facts=(), similar=())
    head = "出处如下：" if chinese else "The sources:"
    colon = "：" if chinese else ": "
    lines = [
        f"{place(citation, chinese=chinese)}{colon}“{_cut(citation.quote)}”[{number}]"
        for number, citation in enumerate(answer.citations, 1)
    ]
    return replace(answer, kind="passage", text="\n".join([head, *lines]), facts=(), similar=())


def _item(engine: Engine, answer: Answer, number: int, called: Mapping[str, str], chinese: bool) -> Answer:
    """Show the whole paragraph of citation `number`, of the first ones for 0."""
    if not answer.citations or number > len(answer.citations):
        many = len(answer.citations)
        text = (
            f"上一个回答只有{many}条引注，没有第{number}条。"
            if chinese
            else f"The answer before has {many} citation{'' if many == 1 else 's'}, no number {number}."
        )
        return replace(answer, kind="none", text=text, facts=(), similar=(), citations=(), hits=())
    chosen = answer.citations[number - 1 : number] if number else answer.citations[:A_ROUND]
    wholes: dict[tuple[str, int], Citation] = {}
    for citation in chosen:
        report, _ = engine.report(citation.report_id)
        paragraph = report.paragraphs[citation.paragraph - 1]
        whole = cite_words(engine.store, report, paragraph, 0, len(paragraph.text))
        wholes.setdefault((citation.report_id, citation.paragraph), whole)
    head = (
        ("所在段落的原文：" if not number else f"第{number}条所在段落的原文：")
        if chinese
        else "The paragraph in full:"
    )
    return _quoting(answer, head, list(wholes.values()), called, chinese, cut=False)


def _quoting(
    answer: Answer,
    head: str,
    citations: Sequence[Citation],
    called: Mapping[str, str],
    chinese: bool,
    cut: bool = True,
) -> Answer:
    colon = "：" if chinese else ": "
    lines = [
        f"{called[citation.court]}{colon}“{_cut(citation.quote) if cut else ' '.join(citation.quote.split())}”[{number}]"
        for number, citation in enumerate(citations, 1)
    ]
    return replace(
        answer,
        kind="passage",
        text="\n".join([head, *lines]),
        facts=(),
        similar=(),
        citations=tuple(citations),
    )


def _cut(quote: str) -> str:
    words = " ".join(quote.split())
    return words if len(words) <= SHOWN else f"{words[:SHOWN]}…"
