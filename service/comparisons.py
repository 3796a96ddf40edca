"""Comparisons of courts in a sentence, held against what the answer compares them by."""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.figures import Figure
from service.mentions import Mention

__all__ = ["compares", "comparison_holds", "difference_said"]

_MOST = re.compile(
    r"最(?P<more>[多高大长])|居首|居[^，。；]{0,8}之首|首位|第一位|名列第一|领先|最(?P<less>[少低小短])|垫底|末位"
)
_MORE = re.compile(
    r"长于|多于|高于|超过|大于|多过|超出|比[^，。；]{0,40}?[多高大]|较[^，。；]{0,40}?[多高大]"
)
_LESS = re.compile(
    r"短于|少于|低于|不及(?!时)|小于|落后于|比[^，。；]{0,40}?[少低小]|较[^，。；]{0,40}?[少低小]"
)
_BY_HOW_MUCH = re.compile(r"[比较][^，。；]*?[多少高低大小](?!于)[^，。；\d]{0,12}$")
_AHEAD_OF_ALL = re.compile(r"更(?P<more>[多高大长])|更(?P<less>[少低小短])")
_UNCLEAR = re.compile(
    r"优于|好于|强于|胜过|不如(?!实|期)|逊于|劣于|居前|靠前|在前|在后|相差|差距|持平|相同|相等|一样|倍|更[多少高低]|较[多少高低]|排名|第[二三四五]|(?<![平人日月年户件])均(?:为|达|是)?|都(?:是|为)"
)
_IS = re.compile(r"的(?:法院)?(?:是|为|当属)")
_THAN = re.compile(
    r"(?:(?<!不)[长多高大短少低小]于|超过|超出)(?![\s　]*[近约超逾]?[\d一二三四五六七八九十百两半])"
)
_NO_COURT = re.compile(r"最高(?:人民)?(?:法院|检)|最低限|最大限度|最高奖")


def compares(bare: str, named: Sequence[Mention], quotes: str) -> bool:
    """Tell whether a sentence (courts' names blanked) ranks courts, or holds anything against another.

    A superlative or comparison of the cited words (最高判赔额) ranks none.
    """
    text = _NO_COURT.sub("", bare)
    if any(text[most.start() : most.end() + 2] not in quotes for most in _MOST.finditer(text)):
        return True
    if any(than[0] not in quotes for than in _THAN.finditer(text)):
        return True
    return len(named) > 1 and any(pattern.search(text) for pattern in (_MORE, _LESS, _UNCLEAR))


def comparison_holds(words: str, named: Sequence[Mention], values: Sequence[tuple[str, float]]) -> bool:
    """Tell whether a sentence's one comparison is borne out; one that cannot be read is not."""
    by_court = dict(values)
    most = _MOST.search(_NO_COURT.sub(lambda match: "　" * len(match[0]), words))
    if most is not None:
        before = [mention for mention in named if mention.end <= most.start()]
        behind = [mention for mention in named if mention.start >= most.end()]
        if _IS.match(words, most.end()):
            subject = behind[0] if behind else None
        else:
            subject = before[-1] if before else (named[0] if len(named) == 1 else None)
        return subject is not None and _is_extreme(
            subject,
            by_court,
            least=most[0][-1] in "少低小短底位" and "首" not in most[0] and "第一" not in most[0],
        )
    ahead = _AHEAD_OF_ALL.search(words)
    if ahead is not None and not any(pattern.search(words) for pattern in (_MORE, _LESS)):
        before = [mention for mention in named if mention.end <= ahead.start()]
        return (
            bool(before)
            and len(named) == 2
            and _is_extreme(
                before[-1],
                {c: v for c, v in values if any(c in m.courts for m in named)},
                least=ahead["less"] is not None,
            )
        )
    found = [*_MORE.finditer(words), *_LESS.finditer(words)]
    if len(found) != 1 or _UNCLEAR.search(words):
        return False
    before = [mention for mention in named if mention.end <= found[0].start()]
    behind = [mention for mention in named if mention.end > found[0].start()]
    if not (before and behind):
        return False
    one, other = by_court.get(_only(before[-1])), by_court.get(_only(behind[0]))
    if one is None or other is None:
        return False
    return one > other if _MORE.search(found[0][0]) else one < other


def _only(mention: Mention) -> str:
    return next(iter(mention.courts)) if len(mention.courts) == 1 else ""


def _is_extreme(subject: Mention, by_court: dict[str, float], least: bool) -> bool:
    value = by_court.get(_only(subject))
    others = [other for court, other in by_court.items() if court != _only(subject)]
    if value is None or not others:
        return False
    return all(value < other for other in others) if least else all(value > other for other in others)


def difference_said(bare: str, named: Sequence[Mention], counted: Sequence[Figure]) -> bool:
    """Tell whether a figure is by how much one court is ahead of another (甲院比乙院多12件), which none states."""
    return len(named) == 2 and any(
        figure.quantity.start >= named[1].end
        and _BY_HOW_MUCH.search(bare[named[0].end : figure.quantity.start])
        for figure in counted
    )
