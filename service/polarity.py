"""Words that turn the sense of a sentence (未, 没有, 将), held against those of the words it rests on, both ways.

A negation that the cited words carry may not be left out, and one that they do not carry may not be put in.
"""

from __future__ import annotations

import re

from indexer.text import HAN

__all__ = ["sense_kept", "under_plans", "without_intent"]

_NEGATION = re.compile(
    r"(?<!拒)(?:没有|并未|并非|并无|从未|从无|尚未|未曾|未(?!来|成年|检|决|遂|央|结)|没(?!收)|"
    r"无(?!锡|人机|障碍|偿|罪|效|害|线|期|缝|疑|论|私|纸|愧|一例外)|"
    r"不(?!断|仅|但|懈|少|同|良|法|动产|忘|止|久|已|论|管|只|过|够|足|到|超|低于|高于|少于|多于|一而足)|"
    r"非(?!法|常|遗|诉|公|凡|标|党|银)|零(?=[一-鿿]))"
)
_PLAN = re.compile(
    r"(?:计划|预计|力争|争取|即将|有望|准备|拟)|将(?=继续|坚持|进一步|深入|着力|更加|持续|大力|始终)"
)
_PLANS = re.compile(
    r"^(?!.*(?:问题|不足|困难)[^ ]{0,6}(?:打算|安排|思路|计划|展望|设想)).*(?:工作|下步|下一步|今后|下一?阶段|明年|20\d\d年)的?(?:主要)?(?:打算|安排|思路|计划|展望|设想|考虑|怎么[干办做])"
)
"""Headings of what is yet to be done."""
_OF_PLANS = re.compile(
    r"将|要|计划|打算|拟|准备|下一?步|今后|安排|部署|目标|继续|进一步|力争|着力|坚持|任务|重点|思路|明年|提出"
)
_INTENDS = re.compile(
    r"(?:按照?|根据)?的?(?:打算|计划|目标|安排|任务)(?:[是为]|$)?|将|要(?!求|案)|拟(?!定|制)|准备|力争|把"
)
_OF_NOW = re.compile(r"看到|存在|欢迎|不足|差距|问题|困难")
"""What words under such headings tell of the present."""
_CLAUSE = re.compile(r"[，,；;。：:、！？!?\s　]+")
_HEAD = 4
"""Characters behind a word of negation that tell what it denies."""


def under_plans(headings: str) -> bool:
    """Tell whether headings are of what is yet to be done."""
    return _PLANS.search(headings) is not None


def without_intent(said: str) -> str:
    """Return words without what says that a thing is yet to be done, to be held against those of a plan."""
    return _INTENDS.sub("", said)


def sense_kept(said: str, support: str, headings: str = "", planned: bool = False) -> bool:
    """Tell whether each part of what is said denies, and plans, just as often as the supporting words do of it.

    What headings deny may be said, and need not be; what is `planned`, or stands under a heading of plans, is not said to be
    done.
    """
    of_plans = planned or (_PLANS.search(headings) is not None and _OF_NOW.search(support) is None)
    if of_plans and not _OF_PLANS.search(said):
        return False
    return all(
        _kept(pattern, said, support, headings) for pattern in (_NEGATION, *(() if of_plans else (_PLAN,)))
    )


def _kept(pattern: re.Pattern[str], said: str, support: str, headings: str) -> bool:
    heads = {head for clause in _CLAUSE.split(support) for head in _heads(pattern, clause)}
    optional = {head for head in heads if _also_plain(pattern, head, support)}
    heads -= optional
    above = (
        optional
        | {scope for clause in _CLAUSE.split(support) for scope in _scopes(pattern, clause)}
        | {head for clause in _CLAUSE.split(headings) for head in _heads(pattern, clause)} - heads
    )
    for clause in _CLAUSE.split(said):
        bare = pattern.sub("", clause)
        wanted = sum(any(bigram in bare for bigram in head) for head in heads)
        allowed = sum(any(bigram in bare for bigram in head) for head in above)
        found = len(pattern.findall(clause))
        if found != min(wanted, 1) and not wanted <= found <= wanted + allowed:
            return False
    return True


def _also_plain(pattern: re.Pattern[str], head: tuple[str, ...], support: str) -> bool:
    """Tell whether what a word denies is also said outright: 拒不执行 beside 被执行人."""
    return any(
        bigram in clause
        for clause in _CLAUSE.split(support)
        if pattern.search(clause) is None
        for bigram in head
    )


def _scopes(pattern: re.Pattern[str], clause: str) -> list[tuple[str, ...]]:
    """Return for each turning word all pairs of characters behind it, which it may deny too: 未发生甲和乙."""
    behind = [clause[match.end() :] for match in pattern.finditer(clause)]
    return [tuple(rest[i : i + 2] for i in range(len(rest) - 1)) for rest in behind]


def _heads(pattern: re.Pattern[str], clause: str) -> set[tuple[str, ...]]:
    """Return for each turning word the pairs of characters that it stands before, or, at an end, amid."""
    heads = set()
    for match in pattern.finditer(clause):
        behind = re.match(rf"[{HAN}]*", pattern.sub("", clause[match.end() :]))
        run = behind[0][:_HEAD] if behind else ""
        if len(run) < 2:
            run = pattern.sub("", clause[: match.start()])[-2:] + run
        heads.add(tuple(run[i : i + 2] for i in range(len(run) - 1)) or (run,) * bool(run))
    return {head for head in heads if head}
