"""How a single fact fits an ask: by what it counts, its unit, its act, and whose and which year's it is."""

from __future__ import annotations

import re
from functools import lru_cache

from indexer.objects import acts_in
from indexer.records import Fact, Report
from indexer.text import terms
from indexer.units import comparable_units, same_unit, unit_kind
from service.asks import ANY_YEAR, Ask
from service.lexicon import ACT_KINDS, canonical

__all__ = [
    "DIRECT",
    "EXACT_UNIT",
    "HEADLESS",
    "acts_agree",
    "acts_differ",
    "any_share",
    "counted_together",
    "eligible",
    "holds",
    "loose_fit",
    "near_wording",
    "object_fit",
    "of_plans",
    "other_act",
    "other_unit",
    "surroundings",
    "term_share",
    "unit_fit",
]

DIRECT = 0.65
HEADLESS = 0.72
"""What is left of a fit where the object asked for is not the head of what a fact counts (问题风险隐患)."""
EXACT_UNIT = 0.15
_OF_PLANS = re.compile(
    r"计划|打算|目标|明年|来年|下一步|下步|今后|将要?|力争|要求|准备|拟|\bplan|\bnext\b|\baim|\btarget|\bbudget|\bintend|\bgoal|\bwill\b",
    re.IGNORECASE,
)
"""Words of a question that ask for what is intended, which is else no answer to what was done."""
_OF_AGE = re.compile(r"岁|年龄|多大|\bage|\bold\b", re.IGNORECASE)
_OF_BEFORE = re.compile(r"上年|去年|20\d\d|那会儿|那时|当时|起初|原来|原先|以前|之前|此前|[从由] ")
"""Words of a question that ask for an earlier figure too; 从 or 由 with the number asked for blanked out."""
_KINDRED = (
    ("措施", "举措"),
    ("举措", "措施"),
    ("措施", "办法"),
    ("讲座", "课"),
    ("会议", "会"),
    ("案件", "案"),
)


@lru_cache(8192)
def _terms(text: str) -> frozenset[str]:
    return frozenset(term for term, _, _ in terms(canonical(text)))


def term_share(wanted: str, text: str) -> float:
    """Return the share of the wanted words' terms that a text holds."""
    asked = _terms(wanted)
    return len(asked & _terms(text)) / len(asked) if asked else 0.0


def eligible(ask: Ask, fact: Fact, number: float | None) -> bool:
    """Tell whether a fact is of the kind asked for: that number, a change or none, a share or none, this year's."""
    if number is not None and abs(fact.number - number) > 1e-6:
        return False
    if (fact.kind == "change") != ask.change or (ask.share and unit_kind(fact.unit) != "share"):
        return False
    if ask.planned:
        return fact.role == "plan"
    if ask.past is not None:
        return fact.year == ask.past or (
            fact.role == "past" and (ask.past == ANY_YEAR or fact.year in (None, ask.past))
        )
    if "人均" in fact.object and "人均" not in ask.words:
        return False
    if fact.unit == "岁" and _OF_AGE.search(ask.words) is None:
        return False
    if fact.role == "other" and ask.whose != "area":
        return False
    if fact.role == "area" and ask.whose == "own":
        return False
    if fact.role == "plan":
        return of_plans(ask.words)
    return fact.role != "past" or _OF_BEFORE.search(ask.words) is not None


def of_plans(words: str) -> bool:
    """Tell whether words of a question ask for what is intended."""
    return _OF_PLANS.search(words) is not None


def unit_fit(unit: str, wanted: str) -> float:
    if unit == wanted:
        return EXACT_UNIT
    if same_unit(unit, wanted):
        return 0.05
    return 0.0 if comparable_units(unit, wanted) else -0.6


def counted_together(ask: Ask, fact: Fact) -> bool:
    """Tell whether what is asked for is one of several things in one figure, and not the last, its head."""
    parts = re.split(r"[、和及与]", fact.object)
    return len(parts) > 1 and max(term_share(item, parts[-1]) for item in ask.objects) < DIRECT


def near_wording(ask: Ask, fact: Fact) -> bool:
    """Tell whether a fact counts something worded nearly like an object asked for (整治措施 for 整改措施)."""
    words = f"{fact.object} {fact.clause}"
    return any(
        (_same_head(item, fact) and _chars_share(item, words) >= 0.75)
        or (_kindred_head(item, fact) and _chars_share(item, words) >= 0.5)
        for item in ask.objects
    )


def _kindred_head(item: str, fact: Fact) -> bool:
    return any(item.endswith(one) and fact.object.endswith(other) for one, other in _KINDRED)


def surroundings(fact: Fact, report: Report) -> tuple[str, str]:
    """Return a fact's sentence, and all the words it stands among: clause, matter, sentence, section path."""
    paragraph = report.paragraphs[fact.paragraph - 1]
    text = paragraph.text
    start = max(text.rfind(mark, 0, fact.text_start) for mark in "。！？；") + 1
    stops = [at for mark in "。！？；" if (at := text.find(mark, fact.text_end)) >= 0]
    sentence = text[start : min(stops, default=len(text))]
    about = [fact.object, fact.clause, fact.context, sentence, report.title, *report.section_path(paragraph)]
    return sentence, " ".join(about)


def any_share(qualifiers: str, text: str) -> float:
    """Return the share of the qualifiers' terms in a text; of alternatives (甲或乙) the better one's."""
    return max(term_share(part, text) for part in re.split(r"或者?|、", qualifiers))


def _chars_share(item: str, text: str) -> float:
    wanted = set(canonical(item))
    return len(wanted & set(canonical(text))) / len(wanted) if wanted else 0.0


def holds(around: str, name: str) -> bool:
    return canonical(name) in canonical(around)


def object_fit(item: str, fact: Fact) -> float:
    """Return how well what a fact counts fits an item: 1 where it is the head of the object, less elsewhere."""
    if fact.object.startswith("《") and not item.startswith("《"):
        if canonical(fact.object.strip("《》")) == canonical(item):
            return 1.0
        return 0.4 * term_share(item, fact.object)
    if len(item) == 1:
        return 1.0 if canonical(fact.object).endswith(canonical(item)) else 0.0
    head = canonical(item)[-2:]
    return max(
        0.0
        if _another_rate(item, part)
        else term_share(item, part) * (1.0 if canonical(part).endswith(head) else HEADLESS)
        for part in re.split(r"[、和及与]", fact.object)
    )


def _another_rate(item: str, thing: str) -> bool:
    """Tell whether two rates are of different things, whatever else they share: 行政机关败诉率 and 行政机关负责人出庭应诉率."""
    one, other = canonical(item), canonical(thing)
    return one.endswith("率") and other.endswith("率") and one[-3:-1] not in other and other[-3:-1] not in one


def loose_fit(item: str, ask: Ask, fact: Fact, sentence: str, close: float) -> float:
    """Return how well a fact fits an item by the words beside what it counts."""
    if fact.object.startswith("《") or _another_rate(item, fact.object):
        return 0.0
    unit_fits = ask.unit is None or same_unit(ask.unit, fact.unit)
    same_head = _same_head(item, fact)
    if unit_fits and term_share(item, fact.clause) >= 0.9 and not _counts_what_follows(item, fact):
        return 0.65
    words = canonical(item)
    pairs = [words[i : i + 2] for i in range(0, len(words), 2)]
    within, about = canonical(f"{fact.object} {fact.clause}"), canonical(sentence)
    if (
        len(pairs) > 1
        and all(pair in about for pair in pairs)
        and any(pair in within for pair in pairs)
        and (unit_fits or same_head)
    ):
        return 0.62
    if same_head and close >= 0.8:
        return 0.62
    return 0.62 if not ask.counted and term_share(item, fact.context) >= 0.9 else 0.0


def _counts_what_follows(item: str, fact: Fact) -> bool:
    """Tell whether a fact counts what stands behind its number, and an item before it is another thing."""
    at = fact.clause.find(fact.number_text)
    return at >= 0 and fact.clause.find(fact.object, at) >= 0 and fact.clause.find(item, at) < 0


def _same_head(item: str, fact: Fact) -> bool:
    head = canonical(item)[-2:]
    return any(
        canonical(part).endswith(head) for part in [fact.object, *re.split(r"[、和及与]", fact.object)]
    )


def _own_acts(fact: Fact) -> set[str]:
    at = fact.clause.find(fact.number_text)
    words = fact.clause[: max(at, 0)]
    return {group for act, group in ACT_KINDS.items() if act in words.replace(fact.object, "")}


def acts_agree(ask: Ask, fact: Fact) -> bool:
    return bool(ask.acts and _own_acts(fact) & ask.acts)


_ANY_ACT = frozenset("召开 举办 开展 组织 制定 研究 完成 提出 明确 审议 听取 发出 发布 参加".split())
"""Acts that say too little to tell one thing done from another."""


def other_act(ask: Ask, fact: Fact) -> bool:
    """Tell whether a fact counts what another act was done to: 解封企业账户 where 走访企业 is asked for."""
    words = fact.clause[: max(fact.clause.find(fact.number_text), 0)]
    asked, stated = acts_in(canonical(ask.words)) - _ANY_ACT, acts_in(canonical(words)) - _ANY_ACT
    return bool(asked and stated) and not asked & stated


def other_unit(ask: Ask, fact: Fact) -> bool:
    return ask.unit is not None and not same_unit(fact.unit, ask.unit)


def acts_differ(ask: Ask, fact: Fact) -> bool:
    """Tell whether a fact's own act is another than the one asked about: problems solved, not found."""
    own = _own_acts(fact) if ask.acts else set()
    clash = {"find", "solve"}
    return bool(own & clash) and not (own & ask.acts) and bool(ask.acts & clash)
