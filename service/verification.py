"""The check that a worded answer passes sentence by sentence: cited, each figure and court where it was found.

A sentence is kept only where it cites, every court it names is one of those cited, every number stands in the words
cited for that court with the same unit, approximation and thing counted, comparisons hold, and what else it says is
in the cited words. What is not provable so is dropped: a true sentence may be lost, a false one must not be kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.numerals import Quantity, quantities
from indexer.text import fold
from indexer.units import HAN_ONLY_IN_NAMES, UNIT
from service.comparisons import compares, comparison_holds
from service.evidence import Evidence, Grounds
from service.lexicon import canonical
from service.mentions import Mention, mentions, names_many
from service.support import carries_matter, negations_supported, share_supported, similarity

__all__ = ["Checked", "checked", "normal_marks"]

_SENTENCE = re.compile(r"[^。！？!?\n]*[。！？!?]*(?:[ \t]*\[\d+\])*")
_AHEAD = re.compile(r"(?:\[\d{1,4}\]\s*)+(?=[^\[\s])")
_MARK = re.compile(r"\[(\d{1,4})\]")
_OTHER_MARKS = re.compile(r"[\[【［〔]\^?\s*(\d{1,4}(?:\s*[,，、;；]\s*\d{1,4})*)\s*[\]】］〕]")
_LIST_MARKER = re.compile(r"^\s*(?:[-*•·]+|\d{1,2}[.、)）]|[（(]\d{1,2}[)）]|#{1,6})\s*")
_MARKUP = re.compile(r"https?:|www\.|\]\(|[<>`|{}\\]|!\[", re.IGNORECASE)
_EMPHASIS = re.compile(r"\*{1,3}|_{2,3}")
_SUMMED = re.compile(r"合计|共计|总计|一共|总共|加起来|相加")
_NEAR, _OVER = re.compile(r"近|将近|接近|不到|不足"), re.compile(r"余|多|超|逾|以上|过|上|来")
_YEARS = range(1900, 2101)
_MATTER = 4
"""Characters after a year, 年 among them, that tell what it qualifies: 年度考核."""
_CHANGE = re.compile(
    r"(?:增长|增加|上升|升高|提高|提升|下降|减少|降低|下滑|[增升降减])(?:了|率?达|[近约逾超])*$|(?:[增降涨升]幅|增速)(?:[为达是近约逾超])*$"
)
_BOUND = re.compile(r"以上|以下|左右|上下|以内")
_EACH = re.compile(r"分别|依次|各自")


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence, the citations it names, and why it was dropped (empty: kept)."""

    text: str
    cites: tuple[int, ...]
    fault: str

    @property
    def kept(self) -> bool:
        """Tell whether the sentence passed."""
        return not self.fault


def normal_marks(text: str) -> str:
    """Write every form of citation mark ([1, 2], 【1】, [^1]) as [1][2]."""

    def one_by_one(match: re.Match[str]) -> str:
        return "".join(f"[{number}]" for number in re.findall(r"\d+", match[1]))

    return _OTHER_MARKS.sub(one_by_one, text)


def checked(reply: str, grounds: Grounds) -> list[Checked]:
    """Check a reply's sentences, in order."""
    found = (match[0].strip() for match in _SENTENCE.finditer(normal_marks(_EMPHASIS.sub("", reply))))
    return [
        _checked(_LIST_MARKER.sub("", text).strip(), grounds) for text in found if _MARK.sub("", text).strip()
    ]


def _checked(text: str, grounds: Grounds) -> Checked:
    ahead = _AHEAD.match(text)
    if ahead:
        text = f"{text[ahead.end() :]}{ahead[0].strip()}"
    cites = tuple(dict.fromkeys(int(number) for number in _MARK.findall(text)))
    return Checked(text, cites, _fault(text, cites, grounds))


def _fault(text: str, cites: Sequence[int], grounds: Grounds) -> str:
    by_number = {item.number: item for item in grounds.evidence}
    if not cites or any(number not in by_number for number in cites):
        return "citation"
    if _MARKUP.search(text):
        return "markup"
    cited = [by_number[number] for number in cites]
    words = fold(_MARK.sub("", text))
    named = mentions(words, grounds.names)
    if named is None or any(not {item.court for item in cited} & mention.courts for mention in named):
        return "court"
    bare = _blanked(words, named)
    quotes = fold("".join(item.quote for item in cited))
    whose = {item.court for item in cited}
    if names_many(bare, quotes) or (not named and len(whose) > 1 and _figures(bare)):
        return "court"
    if not _numbers_hold(words, bare, named, cited, cites, grounds):
        return "number"
    if compares(bare, named) and not comparison_holds(words, named, grounds.values):
        return "comparison"
    support = canonical(fold(" ".join(f"{item.quote} {item.around}" for item in cited)))
    stated = canonical(_without_numbers(bare))
    says_nothing = not _figures(bare) and not carries_matter(stated)
    if says_nothing or not negations_supported(stated, support) or not share_supported(stated, support):
        return "unsupported"
    return ""


def _blanked(words: str, named: Sequence[Mention]) -> str:
    """Return the words with the courts' names blanked, so that their numerals are none."""
    for mention in named:
        words = words[: mention.start] + "　" * (mention.end - mention.start) + words[mention.end :]
    return words


@dataclass(frozen=True, slots=True)
class _Figure:
    quantity: Quantity
    unit: str
    segment: str
    changes: bool
    """Whether it is a share by which something changed, which a share reached is not."""
    bound: str


def _figures(text: str) -> list[_Figure]:
    """Return what a text counts: every number in digits, and numerals that a unit follows or that have two digits."""
    found = []
    for quantity in quantities(text):
        unit = UNIT.match(text, quantity.end)
        name = _unit(quantity, unit[0] if unit else "")
        if quantity.han and not quantity.fraction:
            length = quantity.end - quantity.start
            if length == 1 and (not name or name in HAN_ONLY_IN_NAMES):
                continue
        after = quantity.end + (len(name) if text.startswith(name, quantity.end) else 0)
        bound = _BOUND.match(text, after)
        changes = name == "%" and _CHANGE.search(text[: quantity.start]) is not None
        found.append(_Figure(quantity, name, _segment(text, quantity), changes, bound[0] if bound else ""))
    return found


def _unit(quantity: Quantity, after: str) -> str:
    return "%" if quantity.fraction == "%" or after == "％" else after


def _segment(text: str, quantity: Quantity) -> str:
    """Return the words around a number that tell what it counts: those between the marks that end a part."""
    start = max(text.rfind(mark, 0, quantity.start) for mark in "，,；;。：:、\n") + 1
    ends = [place for mark in "，,；;。、\n" if (place := text.find(mark, quantity.end)) >= 0]
    return text[start : min(ends, default=len(text))]


def _numbers_hold(
    words: str,
    bare: str,
    named: Sequence[Mention],
    cited: Sequence[Evidence],
    cites: Sequence[int],
    grounds: Grounds,
) -> bool:
    figures = _figures(bare)
    groups = _groups(words, named)
    shared_out = _shared_out(bare, figures, groups)
    if shared_out is None:
        return False
    for place, figure in enumerate(figures):
        holders = shared_out.get(place) or _holders(figure, groups)
        for courts in holders:
            items = [item for item in cited if not courts or item.court in courts]
            if not (_stated(figure, items) or _summed(figure, bare, courts, cites, grounds)):
                return False
    return True


def _groups(words: str, named: Sequence[Mention]) -> list[list[Mention]]:
    """Return the courts that are named in one breath (甲院、乙院和丙院) together."""
    groups: list[list[Mention]] = []
    for mention in named:
        joint = words[groups[-1][-1].end : mention.start] if groups else "。"
        if re.fullmatch(r"[、和与及跟以,，\s]{0,3}", joint):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    return groups


def _holders(figure: _Figure, groups: Sequence[Sequence[Mention]]) -> list[frozenset[str]]:
    """Return for which courts a number is said: each of the group named last before it, else of the first."""
    before = [group for group in groups if group[0].start < figure.quantity.start]
    group = before[-1] if before else (groups[0] if groups else [])
    return [mention.courts for mention in group] or [frozenset()]


def _shared_out(
    bare: str, figures: Sequence[_Figure], groups: Sequence[Sequence[Mention]]
) -> dict[int, list[frozenset[str]]] | None:
    """Give each court of a group its number where they are said 分别; None where they do not come out even."""
    shared: dict[int, list[frozenset[str]]] = {}
    for place, group in enumerate(groups):
        start = group[-1].end
        end = groups[place + 1][0].start if place + 1 < len(groups) else len(bare)
        if len(group) < 2 or not _EACH.search(bare, start, end):
            continue
        own = [i for i, figure in enumerate(figures) if start <= figure.quantity.start < end]
        if len(own) != len(group):
            return None
        shared.update({i: [mention.courts] for i, mention in zip(own, group, strict=True)})
    return shared


def _stated(figure: _Figure, items: Sequence[Evidence]) -> bool:
    """Tell whether the cited words give a number for the thing it is said of, and no other number fits it better."""
    value = figure.quantity.value
    if figure.unit in ("年", "年度") and value in _YEARS:
        return any(_year_fits(figure, item) for item in items)
    rivals = [
        (similarity(figure.segment, f"{other.segment} {item.around if alone else ''}"), other)
        for item in items
        for stated in [_figures(fold(item.quote))]
        for alone in [len(stated) == 1]
        for other in stated
        if other.unit == figure.unit or not figure.unit
    ]
    if not rivals:
        return False
    best = max(score for score, _ in rivals)
    return any(
        score >= best
        and _same(figure.quantity, other.quantity)
        and (figure.changes, figure.bound) == (other.changes, other.bound)
        for score, other in rivals
    )


def _year_fits(figure: _Figure, item: Evidence) -> bool:
    """Tell whether a year is the report's or in its words, and no other year qualifies the same matter there."""
    matter = figure.segment[figure.segment.find(figure.unit) :][:_MATTER]
    texts = fold(f"{item.quote} {item.around}")
    written = {
        int(found[1]): found[2] for found in re.finditer(rf"((?:19|20)\d\d)(年.{{{_MATTER - 1}}})", texts)
    }
    if any(year != figure.quantity.value and words == matter for year, words in written.items()):
        return False
    return figure.quantity.value in (item.year, *written) or str(int(figure.quantity.value)) in texts


def _same(one: Quantity, other: Quantity) -> bool:
    return (
        one.value == other.value
        and one.upper == other.upper
        and (one.fraction == "分之") == (other.fraction == "分之")
        and _vagueness(one.approx) == _vagueness(other.approx)
    )


def _vagueness(approx: str | None) -> str:
    if not approx:
        return ""
    return "near" if _NEAR.search(approx) else "over" if _OVER.search(approx) else "about"


def _summed(
    figure: _Figure, bare: str, courts: frozenset[str], cites: Sequence[int], grounds: Grounds
) -> bool:
    """Tell whether a number is the answer's own sum, said to be one, with all that was added up cited."""
    return _SUMMED.search(bare) is not None and any(
        total.value == figure.quantity.value
        and total.court in courts
        and len(courts) == 1
        and total.of <= set(cites)
        and figure.unit in ("", total.unit)
        and not figure.quantity.approx
        for total in grounds.totals
    )


def _without_numbers(bare: str) -> str:
    """Return the words without the numbers that have been checked, and their units."""
    for figure in reversed(_figures(bare)):
        end = figure.quantity.end + (
            len(figure.unit) if bare.startswith(figure.unit, figure.quantity.end) else 0
        )
        bare = f"{bare[: figure.quantity.start]}　{bare[end:]}"
    return bare
