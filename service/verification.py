"""The check that a worded answer passes sentence by sentence: cited, each figure and court where it was found.

A sentence is kept only where it cites, every court it names is one of those cited, every number stands in the words
cited for that court with the same unit, approximation and thing counted, comparisons hold, and what else it says is
in the cited words. What is not provable so is dropped: a true sentence may be lost, a false one must not be kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.text import HAN, fold
from service.comparisons import compares, comparison_holds, difference_said
from service.english_gloss import glossed, is_english
from service.evidence import Evidence, Grounds
from service.figures import (
    DATES,
    Figure,
    figures,
    numerals_in_words,
    ungrouped,
    without_figures,
)
from service.mentions import Mention, in_groups, mentions, names_many, number_of_courts
from service.polarity import sense_kept, without_intent
from service.spreading import spread
from service.stating import Said, is_label, small_numerals_in_digits, stated
from service.support import (
    carries_matter,
    either_wording,
    matter,
    qualifiers_supported,
    same_wording,
    share_supported,
    similarity,
    unfound,
    without_cases,
)

__all__ = ["Checked", "checked", "normal_marks"]

_SENTENCE = re.compile(
    r"(?:[^。！？!?\n.]|(?<=[Nn]o)\.|\.(?![\s\[]|$))*[。！？!?.]*(?:[ \t]*\[\d+\])*[.]?", re.MULTILINE
)
_AHEAD = re.compile(r"(?:\[\d{1,4}\]\s*)+(?=[^\[\s])")
_MARK = re.compile(r"\[(\d{1,4})\]")
_OTHER_MARKS = re.compile(r"[\[【［〔]\^?\s*(\d{1,4}(?:\s*[,，、;；]\s*\d{1,4})*)\s*[\]】］〕]")
_LIST_MARKER = re.compile(r"^[ \t]*(?:[-*•·]+|\d{1,2}[.、)）]|[（(]\d{1,2}[)）]|#{1,6})\s*", re.MULTILINE)
_MARKUP = re.compile(r"https?:|www\.|\]\(|[<>`|{}\\]|!\[", re.IGNORECASE)
_EMPHASIS = re.compile(r"\*{1,3}|_{2,3}")
_SUMMED = re.compile(r"合计|共计|总计|一共|总共|加起来|相加")
_TOPIC = re.compile(
    r"[　\s]*(?:在|就|关于|对于|有关)?([^，,。；;：:\d　]{2,16}?)(?:方面|上|而言|来看|来说|的情况|情况)[　\s]*[，：,:]"
)
_QUOTED = re.compile(r"“[^”]+”")
_EACH = re.compile(r"分别|依次|各自")
_AMONG_COURTS = re.compile(
    r"(?<![等和及与])[两二三四五六七八九十\d]+家(?:[中高]级)?(?:人民)?法院(?:之?中|里|当中)|"
    r"(?<=居)[两二三四五六七八九十\d]+家(?:[中高]级)?(?:人民)?法院(?=之首)"
)
"""The courts cited as those among which one is the most: 三家法院中."""
_OF_WORDS = frozenset({"number", "unsupported"})
"""Faults that another wording may mend."""
_COURTS_TOGETHER = re.compile(r"[两二三四五六七八九十\d]+家(?:[中高]级)?(?:人民)?法院")


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence, the citations it names, why it was dropped (empty: kept), and its words that the cited ones do not hold."""

    text: str
    cites: tuple[int, ...]
    fault: str
    unfound: tuple[str, ...] = ()

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
    text = _LIST_MARKER.sub("", normal_marks(_EMPHASIS.sub("", reply)))
    found = (match[0].strip() for match in _SENTENCE.finditer(text))
    return [_checked(sentence, grounds) for sentence in found if _MARK.sub("", sentence).strip(" .")]


def _checked(text: str, grounds: Grounds) -> Checked:
    ahead = _AHEAD.match(text)
    if ahead:
        text = f"{text[ahead.end() :]}{ahead[0].strip()}"
    cites = tuple(dict.fromkeys(int(number) for number in _MARK.findall(text)))
    fault = _fault(text, cites, grounds)
    return Checked(text, cites, fault, _unfound(text, cites, grounds) if fault in _OF_WORDS else ())


def _fault(text: str, cites: Sequence[int], grounds: Grounds) -> str:
    by_number = {item.number: item for item in grounds.evidence}
    if not cites or any(number not in by_number for number in cites):
        return "citation"
    if _MARKUP.search(text):
        return "markup"
    cited = [by_number[number] for number in cites]
    quotes = fold("".join(item.quote for item in cited))
    words = _as_read(text, cited, grounds)
    named = mentions(words, grounds.names, quotes)
    if named is None or any(not {item.court for item in cited} & mention.courts for mention in named):
        return "court"
    bare, topic = _without_topic(_blanked(words, named), grounds.question)
    bare = same_wording(bare)
    if len(named) < 2:
        bare = spread(bare)
    whose = {item.court for item in cited}
    in_turn = number_of_courts(bare) == len(whose) and not named and _EACH.search(bare) is not None
    if in_turn:
        named = [Mention(0, 0, frozenset({court})) for court in dict.fromkeys(item.court for item in cited)]
        bare = _COURTS_TOGETHER.sub(lambda match: "　" * len(match[0]), bare, count=1)
    if number_of_courts(bare) in {len(whose), len(grounds.values)}:
        bare = _AMONG_COURTS.sub(lambda match: "　" * len(match[0]), bare)
    if names_many(bare, f"{quotes} {fold(' '.join(item.around for item in cited))}") or (
        not named and len(whose) > 1 and figures(bare)
    ):
        return "court"
    groups = [named] if in_turn else in_groups(words, named)
    if not _numbers_hold(topic, bare, named, groups, cited, cites, grounds):
        return "number"
    if compares(bare, named, same_wording(quotes)) and not (
        comparison_holds(words, named, _values_cited(cited, cites, grounds))
        or comparison_holds(words, named, _values_said(bare, groups))
    ):
        return "comparison"
    return "" if _supported(bare, named, groups, cited) else "unsupported"


def _as_read(text: str, cited: Sequence[Evidence], grounds: Grounds) -> str:
    """Return a sentence in the words in which it is held against the cited ones: Chinese, folded, with no marks."""
    plain = ungrouped(_MARK.sub("", text))
    if not is_english(plain):
        return fold(small_numerals_in_digits(plain))
    held = " ".join(("".join(item.quote for item in cited), *(item.matter for item in cited)))
    return fold(glossed(plain, grounds.courts, fold(held)))


def _unfound(text: str, cites: Sequence[int], grounds: Grounds) -> tuple[str, ...]:
    """Return the words of a sentence, beside courts and figures, that the cited words do not hold."""
    cited = [item for item in grounds.evidence if item.number in cites]
    words = _as_read(text, cited, grounds)
    bare = _blanked(words, mentions(words, grounds.names, fold("".join(item.quote for item in cited))) or ())
    return unfound(matter(without_figures(bare)), _support(cited))


def _without_topic(bare: str, question: str) -> tuple[str, str]:
    """Return the words without a topic that the question set (在未成年人保护方面，), which claims nothing, and it."""
    topic = _TOPIC.match(bare)
    if topic is None or not share_supported(matter(without_figures(topic[1])), matter(fold(question))):
        return bare, ""
    return "　" * topic.end() + bare[topic.end() :], topic[1]


def _supported(
    bare: str, named: Sequence[Mention], groups: Sequence[Sequence[Mention]], cited: Sequence[Evidence]
) -> bool:
    """Tell whether what a sentence says beside its figures is in the cited words, of each court in those of its own."""
    support = _support(cited)
    stated = _matter_of(bare, cited)
    if not (figures(bare) or carries_matter(stated)):
        return False
    if not (
        qualifiers_supported(stated, support, of_several=len(named) > 1)
        and sense_kept(
            _joined(without_figures(bare)),
            without_figures(_quoted(cited)),
            fold(" ".join(item.headings for item in cited)),
            all(item.planned for item in cited),
        )
        and share_supported(stated, support)
    ):
        return False
    for group, said in _said_of(bare, groups):
        apart = _EACH.search(said) is None
        for courts in (mention.courts for mention in group):
            own = [item for item in cited if item.court in courts or not apart]
            if not share_supported(_matter_of(said, own), _support(own)):
                return False
    return True


def _matter_of(said: str, cited: Sequence[Evidence]) -> str:
    """Return what words say beside their figures, and beside what the cited words' being plans or counts of cases says."""
    stated = matter(without_figures(said))
    if cited and all(item.of_plans for item in cited):
        stated = without_intent(stated)
    if any(figure.unit == "件" for figure in figures(said)):
        stated = without_cases(stated, _support(cited))
    return stated


def _joined(text: str) -> str:
    """Return the text with no spaces between Chinese words, which part those of an English sentence in their terms."""
    return re.sub(rf"(?<=[{HAN}]) +(?=[{HAN}])", "", text)


def _support(cited: Sequence[Evidence]) -> str:
    return either_wording(fold(" ".join(f"{item.quote} {item.around}" for item in cited)))


def _quoted(cited: Sequence[Evidence]) -> str:
    return same_wording(fold(" ".join(item.quote for item in cited)))


def _said_of(bare: str, groups: Sequence[Sequence[Mention]]) -> list[tuple[Sequence[Mention], str]]:
    """Return each group of courts with the words from its last name to the next group's first."""
    ends = [*(group[0].start for group in groups[1:]), len(bare)]
    return [(group, bare[group[-1].end : end]) for group, end in zip(groups, ends, strict=False)]


def _blanked(words: str, named: Sequence[Mention]) -> str:
    """Return the words with the courts' names blanked, so that their numerals are none."""
    for mention in named:
        words = words[: mention.start] + "　" * (mention.end - mention.start) + words[mention.end :]
    return words


def _numbers_hold(
    topic: str,
    bare: str,
    named: Sequence[Mention],
    groups: Sequence[Sequence[Mention]],
    cited: Sequence[Evidence],
    cites: Sequence[int],
    grounds: Grounds,
) -> bool:
    counted = figures(bare)
    shared_out = _shared_out(bare, counted, groups)
    if shared_out is None:
        return False
    if difference_said(bare, named, counted):
        return False
    backing: dict[tuple[float, str, frozenset[str]], list[frozenset[tuple[int, int]]]] = {}
    for place, figure in enumerate(counted):
        before = counted[:place]
        if _whole_as_part(bare, figure, before):
            return False
        for courts in shared_out.get(place) or _holders(figure, groups):
            items = [item for item in cited if not courts or item.court in courts]
            if is_label(figure, items) or _in_a_name(figure, bare, items):
                continue
            found = stated(figure, items, Said(bare, figure, tuple(before), topic))
            if not found and not _summed(figure, bare, courts, cites, grounds):
                return False
            if found and not _again(bare, figure, before):
                key = (figure.quantity.value, figure.unit, courts)
                backing.setdefault(key, []).append(frozenset(given.place for given in found))
    if any(len(said) > len(frozenset[tuple[int, int]]().union(*said)) for said in backing.values()):
        return False
    return all(_told_apart(figure, cited) for figure in numerals_in_words(bare))


def _whole_as_part(bare: str, figure: Figure, before: Sequence[Figure]) -> bool:
    """Tell whether a figure is said to be among the one before (其中67条) and is no less than that one."""
    whole = next((other for other in reversed(before) if other.unit == figure.unit), None)
    return (
        whole is not None
        and "其中" in bare[before[-1].quantity.end : figure.quantity.start]
        and not figure.changes
        and figure.unit not in ("%", *DATES)
        and figure.quantity.value >= whole.quantity.value
    )


def _again(bare: str, figure: Figure, before: Sequence[Figure]) -> bool:
    """Tell whether a figure in brackets is the one before them once more: 216 million yuan (2.16亿元)."""
    between = bare[before[-1].quantity.end : figure.quantity.start] if before else ""
    return bool(re.search(r"[(（]\s*$", between)) and before[-1].quantity.value == figure.quantity.value


def _in_a_name(figure: Figure, bare: str, items: Sequence[Evidence]) -> bool:
    """Tell whether a figure is part of a name in “” (“三会一课”, “百名法官进百企”) that the cited words or headings have."""
    held = fold("".join(f"{item.quote}{item.headings}" for item in items))
    return any(
        match.start() < figure.quantity.start < match.end()
        and match[0] in held
        and carries_matter(matter(without_figures(match[0])))
        for match in _QUOTED.finditer(bare)
    )


def _values_said(bare: str, groups: Sequence[Sequence[Mention]]) -> list[tuple[str, float]]:
    """Return the figure that a sentence gives of each court that it names, of the one unit in which each has just one."""
    counted = figures(bare)
    shared_out = _shared_out(bare, counted, groups) or {}
    by_unit: dict[str, list[tuple[str, float]]] = {}
    for place, figure in enumerate(counted):
        for courts in shared_out.get(place) or _holders(figure, groups):
            if figure.unit not in DATES and not figure.changes:
                by_unit.setdefault(figure.unit, []).extend((court, figure.quantity.value) for court in courts)
    named = {court for group in groups for mention in group for court in mention.courts}
    fit = [said for said in by_unit.values() if sorted(court for court, _ in said) == sorted(named)]
    return fit[0] if len(fit) == 1 else []


def _values_cited(
    cited: Sequence[Evidence], cites: Sequence[int], grounds: Grounds
) -> list[tuple[str, float]]:
    """Return what the courts are compared by, where the sentence cites for each that it cites at all what states it."""
    stated = {
        (item.court, figure.quantity.value) for item in cited for figure in figures(fold(item.quote))
    } | {(total.court, total.value) for total in grounds.totals if total.of <= set(cites)}
    whose = {item.court for item in cited}
    return [value for value in grounds.values if value[0] not in whose or value in stated]


def _told_apart(figure: Figure, cited: Sequence[Evidence]) -> bool:
    """Tell whether a numeral that is part of a word (第三, 前三年) is so in the cited words, and no other fits better."""
    rivals = [
        (similarity(figure.segment, other.segment), other)
        for item in cited
        for other in numerals_in_words(same_wording(fold(f"{item.quote} {item.around}")))
        if other.unit == figure.unit
    ]
    best = max((score for score, _ in rivals), default=0)
    return any(
        score >= best and (other.quantity.value, other.bound) == (figure.quantity.value, figure.bound)
        for score, other in rivals
    )


def _holders(figure: Figure, groups: Sequence[Sequence[Mention]]) -> list[frozenset[str]]:
    """Return for which courts a number is said: each of the group named last before it, else of the first."""
    before = [group for group in groups if group[0].start < figure.quantity.start]
    group = before[-1] if before else (groups[0] if groups else [])
    return [mention.courts for mention in group] or [frozenset()]


def _shared_out(
    bare: str, figures: Sequence[Figure], groups: Sequence[Sequence[Mention]]
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


def _summed(
    figure: Figure, bare: str, courts: frozenset[str], cites: Sequence[int], grounds: Grounds
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
