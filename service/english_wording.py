"""The words of an answer in English; what is quoted stays Chinese, and every figure carries the number of its citation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from indexer.numerals import han_value
from indexer.records import Court, Fact
from service.asks import Kind
from service.english_courts import english_name
from service.questions import Question

if TYPE_CHECKING:
    from service.cited import CitedFact
    from service.reply import LedgerEntry

__all__ = [
    "beyond_filters",
    "differences",
    "figure",
    "figures",
    "list_of_facts",
    "list_of_names",
    "quotation",
    "refusal",
    "similar",
]

_UNITS = {
    "人次": "person-times", "人": "people", "名": "people", "位": "people", "次": "times", "天": "days", "小时": "hours",
    "分钟": "minutes", "元": "yuan", "％": "%", "%": "%", "年": "years", "个月": "months", "个百分点": "percentage points",
    "百分点": "percentage points", "亩": "mu", "公里": "km", "平方米": "m²",
}  # fmt: skip
_RISE, _FALL = re.compile(r"上升|增长|增加|提高|提升|升高"), re.compile(r"下降|减少|降低|缩短|压缩|回落")
_SCALED = {"万元": (1e4, "yuan"), "亿元": (1e8, "yuan")}
_APPROX = {
    "近": "nearly ", "将近": "nearly ", "接近": "nearly ", "约": "about ", "大约": "about ", "超": "over ", "超过": "over ",
    "逾": "over ", "余": "over ", "多": "over ", "过": "over ", "不到": "under ", "不足": "under ", "至少": "at least ",
    "不少于": "at least ", "不低于": "at least ", "至多": "at most ", "不超于": "at most ", "来": "about ",
}  # fmt: skip


_FRACTION = re.compile(r"([一二三四五六七八九十\d]+)分之([一二三四五六七八九十\d]+)")


def _whole(numeral: str) -> str:
    return numeral if numeral.isdigit() else f"{han_value(numeral) or 0:g}"


def _plain(number: float) -> str:
    for scale, word in ((1e9, " billion"), (1e6, " million")):
        if number >= scale:
            return f"{number / scale:.10g}{word}"
    return f"{number:.10g}"


_ALONE = {"people": "person", "person-times": "person-time", "percentage points": "percentage point", "minutes": "minute",
    "times": "time", "days": "day", "hours": "hour", "years": "year", "months": "month", "cases": "case"}  # fmt: skip


def _counted(number: str, unit: str) -> str:
    """Return a number with its unit, in the singular for one."""
    if unit in ("", "%"):
        return f"{number}{unit}"
    return f"{number} {_ALONE.get(unit, unit) if number == '1' else unit}"


def _unit(fact: Fact) -> tuple[float, str]:
    scale, unit = _SCALED.get(fact.unit, (1.0, _UNITS.get(fact.unit, "")))
    if fact.unit == "件" and "案" in fact.object:
        return 1.0, "cases"
    if fact.unit == "成":
        return 10.0, "%"
    return scale, unit


def figure(fact: Fact) -> str:
    """Return a figure with its unit in English, as vague as the report gives it: nearly 2000 person-times."""
    scale, unit = _unit(fact)
    fraction = _FRACTION.search(fact.number_text) if fact.unit == "分之一" else None
    number = f"{_whole(fraction[2])}/{_whole(fraction[1])}" if fraction else _plain(fact.number * scale)
    if fact.upper is not None:
        number = f"{number} to {_plain(fact.upper * scale)}"
    vague = next((_APPROX[mark] for mark in _APPROX_LONGEST if fact.approx and mark in fact.approx), "")
    if fact.approx and not vague:
        vague = "about "
    return f"{vague}{_counted(number, unit)}"


_APPROX_LONGEST = sorted(_APPROX, key=len, reverse=True)


def _one(fact: CitedFact) -> str:
    stated = fact.fact.clause if len(fact.fact.clause) <= 60 else f"{fact.fact.clause[:60]}…"
    when = ""
    if fact.fact.role == "past":
        when = f" for {fact.fact.year}" if fact.fact.year else " for an earlier year"
    elif fact.fact.role == "plan":
        when = " planned"
    elif fact.fact.year:
        when = f" for {fact.fact.year}"
    way = ""
    if fact.fact.kind == "change":
        way = "up " if _RISE.search(fact.fact.clause) else "down " if _FALL.search(fact.fact.clause) else ""
    return f"{way}{figure(fact.fact)}{when} (“{stated}”)[{fact.number}]"


def _sum(entry: LedgerEntry, value: float) -> str:
    approximate = "about " if any(fact.fact.approx for fact in entry.facts) else ""
    scale, unit = _unit(entry.facts[0].fact)
    return f"{approximate}{_counted(_plain(value * scale), unit)}"


def _silent(ledger: Sequence[LedgerEntry]) -> list[str]:
    silent = [english_name(entry.court) for entry in ledger if not entry.stated]
    return [f"Not stated by: {', '.join(silent)}."] if silent else []


def figures(
    question: Question, ledger: Sequence[LedgerEntry], near: Sequence[CitedFact], *, sure: bool
) -> str:
    """Word counts by court, the comparison where one is asked for, who states nothing, and near wordings."""
    stated = [entry for entry in ledger if entry.stated]
    lines = [] if sure else ["No figure is worded just so; the nearest, to be checked in the source:"]
    if question.kind is Kind.COMPARE:
        lines.append(_comparison(question, stated))
    elif len(ledger) > 1:
        lines.append(f"{len(stated)} of {len(ledger)} courts state a figure:")
    for entry in stated:
        parts = "; ".join(_one(fact) for fact in entry.facts)
        total = ""
        if entry.total is not None and len(entry.facts) > 1:
            total = f"; {_sum(entry, entry.total)} in all (our sum, the report gives none)"
        lines.append(f"{english_name(entry.court)}: {parts}{total}.")
    return "\n".join([*lines, *_silent(ledger)]) + similar(near)


def _comparison(question: Question, stated: Sequence[LedgerEntry]) -> str:
    ranked = [(value, entry) for entry in stated if (value := entry.value) is not None]
    ranked.sort(key=lambda pair: pair[0], reverse=not question.least)
    unclear = [english_name(entry.court) for entry in stated if entry.value is None]
    if not ranked or unclear:
        whose = f" ({', '.join(unclear)})" if unclear and ranked else ""
        return f"The figures are of different things{whose} and cannot be compared; one by one:"
    if len(ranked) == 1:
        return f"Only {english_name(ranked[0][1].court)} states a figure, so there is nothing to compare:"
    (first, winner), (second, runner) = ranked[0], ranked[1]
    if first == second:
        return (
            f"{english_name(winner.court)} and {english_name(runner.court)} are equal: {_sum(winner, first)}."
        )
    word = (
        ("the fewest" if question.least else "the most")
        if len(ranked) > 2
        else ("fewer" if question.least else "more")
    )
    vague = "about " if any(fact.fact.approx for entry in (winner, runner) for fact in entry.facts) else ""
    scale, _ = _unit(winner.facts[0].fact)
    gap = _plain(round(abs(first - second) * scale, 6))
    return (
        f"{english_name(winner.court)} has {word}: {_sum(winner, first)}; next is {english_name(runner.court)} with "
        f"{_sum(runner, second)}, a difference of {vague}{gap}. One by one:"
    )


def differences(pairs: Sequence[tuple[CitedFact, CitedFact]], ledger: Sequence[LedgerEntry]) -> str:
    """Word what changed since an earlier year, and that the difference is ours."""
    lines = []
    for now, before in pairs:
        change = round(now.fact.number - before.fact.number, 6)
        scale, unit = _unit(now.fact)
        unit = "percentage points" if unit == "%" else unit
        vague = "about " if now.fact.approx or before.fact.approx else ""
        gap = (
            f"{'up' if change > 0 else 'down'} {vague}{_counted(_plain(abs(change) * scale), unit)}"
            if change
            else "unchanged"
        )
        lines.append(
            f"{english_name(now.court)}: {figure(now.fact)}[{now.number}], the year before {figure(before.fact)}"
            f"[{before.number}]: {gap} (our subtraction, the report gives none)."
        )
    return "\n".join([*lines, *_silent(ledger)])


def similar(near: Sequence[CitedFact]) -> str:
    """Word the near wordings, which are counted in nothing."""
    items = "; ".join(f"{english_name(fact.court)}: {_one(fact)}" for fact in near)
    return f"\nSimilar wordings, not counted: {items}." if near else ""


def list_of_facts(ledger: Sequence[LedgerEntry]) -> str:
    """Word a list whose items are figures."""
    lines = []
    for entry in ledger:
        if entry.facts:
            items = dict.fromkeys(_one(fact) for fact in entry.facts)
            lines += [
                f"{english_name(entry.court)}:",
                *(f"{place}. {item}" for place, item in enumerate(items, 1)),
            ]
    return "\n".join([*lines, *_silent(ledger)])


def list_of_names(ledger: Sequence[LedgerEntry], named: Sequence[tuple[Court, str, int]]) -> str:
    """Word a list of names, court by court, and who gives none."""
    lines = []
    for entry in ledger:
        own = [f"{name}[{number}]" for court, name, number in named if court.key == entry.court.key]
        if own:
            lines.append(f"{english_name(entry.court)}: {', '.join(own)}.")
    silent = [english_name(entry.court) for entry in ledger if not entry.stated]
    return "\n".join([*lines, *([f"None named by: {', '.join(silent)}."] if silent else [])])


def quotation(quoted: Sequence[tuple[Court, str, int]], facts: Sequence[CitedFact], sure: bool) -> str:
    """Word an answer of quoted sentences, court by court, and the figures that bear on it."""
    lead = (
        "The reports say (in Chinese):"
        if sure
        else "Nothing speaks of this directly; the nearest (in Chinese):"
    )
    lines = [lead, *(f"{english_name(court)}: “{text}”[{number}]" for court, text, number in quoted)]
    if facts:
        lines.append(f"Figures: {'; '.join(_one(fact) for fact in facts)}")
    return "\n".join(lines)


def beyond_filters(question: Question, permitted: Sequence[Court]) -> str:
    """Word a refusal where the filters leave no report that could answer."""
    wanted = ", ".join(map(english_name, question.courts))
    held = f" It holds: {', '.join(map(english_name, permitted))}." if permitted else ""
    return f"The selection searched holds no report{f' of {wanted}' if wanted else ''}.{held}"


def refusal(question: Question, courts: Sequence[Court], years: Sequence[int]) -> str:
    """Word a refusal: what is not stated, and where it was looked for."""
    names = ", ".join(map(english_name, courts))
    if question.strangers:
        return f"The index holds no report of {', '.join(question.strangers)}. It holds: {names}."
    if years:
        return f"The index holds no report for {', '.join(map(str, years))} of: {names}."
    return f"The reports do not state this. Looked through: {names}. The nearest passages are given for reference."
