"""The words of an answer, in the question's language; every figure carries the number of its citation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.records import Court, Fact
from service import english_wording as english
from service.asks import Ask, Kind
from service.questions import Question

if TYPE_CHECKING:
    from service.answers import LedgerEntry
    from service.cited import CitedFact

__all__ = [
    "ItemTold",
    "beyond_filters",
    "court_name",
    "figure",
    "figures",
    "list_of_facts",
    "list_of_names",
    "no_such_item",
    "of_item",
    "quotation",
    "refusal",
    "similar",
]

LONGEST_MATTER = 30


def court_name(court: Court) -> str:
    """Return a court's name, with the name it gives itself where the title's alone would mislead."""
    return f"{court.name}（{court.aliases[0]}）" if court.key != court.name and court.aliases else court.name


def _plain(number: float) -> str:
    return str(int(number)) if number == int(number) else f"{number:.10g}"


def figure(fact: Fact) -> str:
    """Return a figure as the report gives it, in Arabic digits: 近2000人次, 100余场（原文“百余场”）."""
    if fact.unit == "分之一":
        return f"{_before(fact)}{fact.number_text}（约{fact.number:.3g}）"
    after = next((mark for mark in "余多来" if fact.approx and fact.approx.endswith(mark)), "")
    number = _in_scale(fact) if fact.upper is None else f"{_plain(fact.number)}至{_plain(fact.upper)}"
    written = any(char.isdigit() for char in fact.number_text)
    per_cent = fact.number_text.startswith("百分之")
    original = (
        ""
        if written
        else f"（原文“{_before(fact)}{fact.number_text}{after}{'' if per_cent else fact.unit}”）"
    )
    return f"{_before(fact)}{number}{after}{fact.unit}{bound_behind(fact)}{original}"


def bound_behind(fact: Fact) -> str:
    """Return the word behind a figure that bounds it (95%以上, 55天以内), "" where there is none."""
    bounded = re.search(
        rf"{re.escape(fact.number_text)}[余多来]?[^\d，,。；;、]{{0,4}}?(以上|以下|以内|左右|上下)",
        fact.clause,
    )
    return bounded[1] if bounded else ""


def _in_scale(fact: Fact) -> str:
    """Return a number in the scale the report gives it in: 5120万, 412.7亿."""
    for name, scale in (("亿", 1e8), ("万", 1e4)):
        if name in fact.number_text and fact.number >= scale:
            return f"{fact.number / scale:.10g}{name}"
    return _plain(fact.number)


def _scaled(number: float) -> str:
    """Return a number of our own in 亿 or 万 where its digits would be hard to read."""
    if number >= 1e8:
        return f"{number / 1e8:.10g}亿"
    return f"{number / 1e4:.10g}万" if number >= 1e6 else _plain(number)


def _before(fact: Fact) -> str:
    return (fact.approx or "").rstrip("余多来")


def _mark(fact: CitedFact) -> str:
    return f"[{fact.number}]"


def _matter(fact: Fact) -> str:
    words = re.sub(
        r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|\d+[.．、])",
        "",
        fact.context.strip("，、"),
    )
    return words if len(words) <= LONGEST_MATTER else words[:LONGEST_MATTER] + "…"


def _one(fact: CitedFact, name: bool) -> str:
    words = f"{fact.fact.object}{figure(fact.fact)}" if name else figure(fact.fact)
    if fact.fact.kind == "change":
        words = (
            fact.fact.clause if figure(fact.fact) in fact.fact.clause else f"{words}（{fact.fact.clause}）"
        )
        return f"{words}{_mark(fact)}"
    when = ""
    if fact.fact.role == "past":
        when = f"{fact.fact.year}年数，" if fact.fact.year else "往年数，"
    elif fact.fact.role == "plan":
        when = "计划数，"
    elif fact.fact.year:
        when = f"{fact.fact.year}年，"
    return f"{words}（{when}{_matter(fact.fact)}）{_mark(fact)}"


def figures(
    question: Question,
    groups: Sequence[tuple[Ask, Sequence[CitedFact]]],
    ledger: Sequence[LedgerEntry],
    near: Sequence[CitedFact],
    *,
    sure: bool,
) -> str:
    """Word counts by court, the comparison where one is asked for, who states nothing, and near wordings.

    `sure` is False where the figures were found by the words around them, none being of just what is asked.
    """
    if not question.chinese:
        return english.figures(question, ledger, near, sure=sure)
    stated = [entry for entry in ledger if entry.stated]
    silent = [entry.court for entry in ledger if not entry.stated]
    several_things = len(groups) > 1
    lines = [] if sure else ["没有与所问措辞一致的数量，以下为最相符的，请核对原文："]
    if question.kind is Kind.COMPARE:
        lines.append(_comparison(question, ledger))
    elif len(ledger) > 1:
        lines.append(f"{len(ledger)}家法院中，{len(stated)}家的报告载明了数量：")
    for entry in stated:
        parts = "；".join(_one(fact, name=True) for fact in entry.facts)
        total = ""
        if entry.total is not None and len(entry.facts) > 1:
            approximate = "约" if any(fact.fact.approx for fact in entry.facts) else ""
            total = f"。以上合计{approximate}{_plain(entry.total)}{entry.facts[0].fact.unit}，系本系统相加，报告未给出总数"
        lines.append(f"{court_name(entry.court)}：{parts}{total}。")
    clauses = "".join(fact.fact.clause for _, facts in groups for fact in facts)
    asked = [
        "或".join(ask.objects)
        for ask, facts in groups
        if not facts and not ask.inherited and not any(item in clauses for item in ask.objects)
    ]
    if several_things and asked:
        lines.append(f"未找到：{'、'.join(words for words in asked if len(words) > 1) or '所问的另一数量'}。")
    if silent:
        lines.append(f"未载明：{'、'.join(court_name(court) for court in silent)}。")
    return "\n".join(lines) + similar(question, near)


def _comparison(question: Question, ledger: Sequence[LedgerEntry]) -> str:
    ranked = [(value, entry) for entry in ledger if (value := entry.value) is not None]
    ranked.sort(key=lambda pair: pair[0], reverse=not question.least)
    if not ranked:
        return "各数所指不同或单位不一，不宜相加比较，分列如下："
    unclear = [court_name(entry.court) for entry in ledger if entry.stated and entry.value is None]
    if unclear:
        return f"{'、'.join(unclear)}有多项所指不同的数量，不宜相加，无法直接比较，分列如下："
    if len(ranked) == 1:
        return f"仅{court_name(ranked[0][1].court)}载明了数量，无从比较："
    (first, winner), (second, runner) = ranked[0], ranked[1]
    unit = winner.facts[0].fact.unit
    approximate = any(fact.fact.approx for entry in (winner, runner) for fact in entry.facts)
    difference = _scaled(round(abs(first - second), 6))
    if first == second:
        return f"{court_name(winner.court)}与{court_name(runner.court)}相同，均为{_plain(first)}{unit}："
    word = "最少" if question.least else "最多"
    word = word if len(ranked) > 2 else ("较少" if question.least else "较多")
    gap = f"{'约' if approximate else ''}{difference}{unit}"
    note = "（原文为概数，差额仅供参考）" if approximate else ""
    return (
        f"{court_name(winner.court)}{word}，为{_total_words(winner, first)}；{court_name(runner.court)}为"
        f"{_total_words(runner, second)}，相差{gap}{note}。分列如下："
    )


def differences(
    question: Question, pairs: Sequence[tuple[CitedFact, CitedFact]], ledger: Sequence[LedgerEntry]
) -> str:
    """Word what changed since an earlier year, from the figures of both, and say that the difference is ours."""
    if not question.chinese:
        return english.differences(pairs, ledger)
    lines = []
    for now, before in pairs:
        change = round(now.fact.number - before.fact.number, 6)
        approximate = bool(now.fact.approx or before.fact.approx)
        unit = "个百分点" if now.fact.unit in {"%", "％"} else now.fact.unit
        word = "增加" if change > 0 else "减少"
        gap = f"{word}{'约' if approximate else ''}{_plain(abs(change))}{unit}" if change else "持平"
        lines.append(
            f"{court_name(now.court)}：{now.fact.object}{figure(now.fact)}{_mark(now)}，"
            f"上年{figure(before.fact)}{_mark(before)}，{gap}（系本系统相减，报告未给出）。"
        )
    silent = [court_name(entry.court) for entry in ledger if not entry.stated]
    return "\n".join([*lines, *([f"未载明：{'、'.join(silent)}。"] if silent else [])])


def _total_words(entry: LedgerEntry, value: float) -> str:
    alone = [fact for fact in entry.facts if fact.fact.number == value]
    if len(entry.facts) == 1 or (entry.total is None and alone):
        return figure(alone[0].fact)
    approximate = "约" if any(fact.fact.approx for fact in entry.facts) else ""
    return f"合计{approximate}{_plain(value)}{entry.facts[0].fact.unit}（{len(entry.facts)}项相加）"


def similar(question: Question, near: Sequence[CitedFact]) -> str:
    """Word the near wordings, which are counted in nothing."""
    if not question.chinese:
        return english.similar(near)
    items = "；".join(
        f"{court_name(fact.court)}{fact.fact.object}{figure(fact.fact)}（{fact.fact.clause}）{_mark(fact)}"
        for fact in near
    )
    return f"\n相近表述（措辞不同，未计入）：{items}。" if near else ""


def list_of_facts(question: Question, ledger: Sequence[LedgerEntry]) -> str:
    """Word a list whose items are figures."""
    if not question.chinese:
        return english.list_of_facts(ledger)
    lines = []
    for entry in ledger:
        if entry.facts:
            stated = dict.fromkeys(f"{fact.fact.clause}{_mark(fact)}" for fact in entry.facts)
            items = [f"{place}. {words}" for place, words in enumerate(stated, 1)]
            lines += [f"{court_name(entry.court)}：", *items]
    silent = [court_name(entry.court) for entry in ledger if not entry.stated]
    return "\n".join([*lines, *([f"未载明：{'、'.join(silent)}。"] if silent else [])])


def list_of_names(
    question: Question, ledger: Sequence[LedgerEntry], named: Sequence[tuple[Court, str, int]]
) -> str:
    """Word a list of names, court by court, and who gives none."""
    if not question.chinese:
        return english.list_of_names(ledger, named)
    lines = []
    for entry in ledger:
        own = [f"{name}[{number}]" for court, name, number in named if court.key == entry.court.key]
        if own:
            lines.append(f"{court_name(entry.court)}：{'、'.join(own)}。")
    silent = [court_name(entry.court) for entry in ledger if not entry.stated]
    return "\n".join([*lines, *([f"未见列出：{'、'.join(silent)}。"] if silent else [])])


def quotation(
    question: Question, quoted: Sequence[tuple[Court, str, int]], facts: Sequence[CitedFact], sure: bool
) -> str:
    """Word an answer of quoted sentences, court by court, and the figures that bear on it."""
    if not question.chinese:
        return english.quotation(quoted, facts, sure)
    lines = [] if sure else ["没有直接对应的表述，以下为最接近的原文："]
    lines += [f"{court_name(court)}：“{text}”[{number}]" for court, text, number in quoted]
    if facts:
        figures_stated = "；".join(f"{fact.fact.object}{figure(fact.fact)}{_mark(fact)}" for fact in facts)
        lines.append(f"有关数据：{figures_stated}")
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class ItemTold:
    """What a report says of a numbered item: its heading, and the words, or the figures asked for, with their citations."""

    court: Court
    heading: str
    quoted: tuple[tuple[str, int], ...]
    facts: tuple[CitedFact, ...]


def of_item(told: Sequence[ItemTold]) -> str:
    """Word what the reports say of the item whose number is asked for."""
    lines = []
    for one in told:
        words = "".join(f"“{text}”[{number}]" for text, number in one.quoted)
        figures_stated = "；".join(_one(fact, name=True) for fact in one.facts)
        heading = f"（{one.heading}）" if one.heading else ""
        lines.append(f"{court_name(one.court)}{heading}：{words or figures_stated + '。'}")
    return "\n".join(lines)


def no_such_item(number: int, reach: Sequence[tuple[Court, int]]) -> str:
    """Word a refusal of an item whose number no report has: up to which number each goes."""
    held = "；".join(f"{court_name(court)}编到第{last}项" for court, last in reach if last)
    return f"所查报告没有第{number}项：{held}。所附为最接近的段落，仅供参考。"


def beyond_filters(question: Question, permitted: Sequence[Court]) -> str:
    """Word a refusal where the filters leave no report that could answer."""
    if not question.chinese:
        return english.beyond_filters(question, permitted)
    names = "、".join(court_name(court) for court in permitted)
    wanted = "、".join(court_name(court) for court in question.courts)
    held = f"范围内有：{names}。" if names else ""
    return f"所限范围内没有{f'{wanted}的' if wanted else ''}报告，无从回答。{held}"


def refusal(question: Question, courts: Sequence[Court], years: Sequence[int]) -> str:
    """Word a refusal: what is not stated, and where it was looked for."""
    if not question.chinese:
        return english.refusal(question, courts, years)
    names = "、".join(court_name(court) for court in courts)
    objects = "、".join("或".join(ask.objects) for ask in question.asks if ask.objects)
    if question.strangers:
        return f"索引中没有{'、'.join(question.strangers)}的报告，无从回答。现有：{names}。"
    if years:
        return f"索引中没有{'、'.join(f'{year}年' for year in years)}的报告，无从回答。已查：{names}。"
    if question.kind in (Kind.COUNT, Kind.COMPARE):
        what = (
            f"“{objects}”的数量"
            if objects and all(len(ask.objects[0]) > 1 for ask in question.asks)
            else "所问的数量"
        )
        return f"所查报告均未载明{what}。已查：{names}。所附为最接近的段落，仅供参考。"
    return f"所查报告没有相关内容。已查：{names}。所附为最接近的段落，仅供参考。"
