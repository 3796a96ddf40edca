"""The check that a worded answer passes sentence by sentence: cited, each figure and court where it was found.

A sentence is kept only where it cites, every court it names is one of those cited, every number stands in the words
cited for that court with the same unit, approximation and thing counted, comparisons hold, and what else it says is
in the cited words. What is not provable so is dropped: a true sentence may be lost, a false one must not be kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.text import fold
from service.comparisons import compares, comparison_holds, difference_said
from service.english_gloss import glossed, is_english
from service.evidence import Evidence, Grounds
from service.figures import (
    OF_AREA,
    Figure,
    counts_an_area,
    figures,
    numerals_in_words,
    same_figure,
    same_qualifiers,
    without_area,
    without_figures,
)
from service.mentions import Mention, in_groups, mentions, names_many, number_of_courts
from service.polarity import sense_kept
from service.spreading import spread
from service.support import (
    almost_supported,
    carries_matter,
    matter,
    qualifiers_supported,
    same_wording,
    share_supported,
    similarity,
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
_DATES = frozenset(("年", "年度", "月", "日"))
_YEARS = range(1900, 2101)
_MATTER = 4
"""Characters after a year, 年 among them, that tell what it qualifies: 年度考核."""
_CHANGE_ALONE = re.compile(
    r"同比|环比|[较比](?:上年|年初|[^，]{0,4}同期)?|上升|下降|提高|降低|增长|减少|增加|缩短|[增升降减][至到]?|幅度?|率"
)
"""What says that something changed, and not what."""
_TOPIC = re.compile(
    r"[　\s]*(?:在|就|关于|对于|有关)?([^，,。；;：:\d　]{2,16}?)(?:方面|上|而言|来看|来说|的情况|情况)[　\s]*[，：,:]"
)
_PERSONS = re.compile(
    r"(?<![第一二三四五六七八九十百千前首])[二两三四五六七八九](?=[名位](?![列于居次单义称额誉字])|[天场期件]|人(?![民大员才格])|年(?![级代])|次(?!序))|(?<![第一二三四五六七八九十百千前首])一(?=[名位](?![列于居次单义称额誉字]))"
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_LISTED = re.compile(r"^[^，,。；;：:、和与及]{0,3}[、和与及]$")
_QUOTED = re.compile(r"“[^”]+”")
_LABEL = re.compile(r"(?:问题|第|附件|表)$")
_EACH = re.compile(r"分别|依次|各自")
_AMONG_COURTS = re.compile(
    r"(?<![等和及与])[两二三四五六七八九十\d]+家(?:[中高]级)?(?:人民)?法院(?:之?中|里|当中)|"
    r"(?<=居)[两二三四五六七八九十\d]+家(?:[中高]级)?(?:人民)?法院(?=之首)"
)
"""The courts cited as those among which one is the most: 三家法院中."""
_COURTS_TOGETHER = re.compile(r"[两二三四五六七八九十\d]+家(?:[中高]级)?(?:人民)?法院")


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
    text = _LIST_MARKER.sub("", normal_marks(_EMPHASIS.sub("", reply)))
    found = (match[0].strip() for match in _SENTENCE.finditer(text))
    return [_checked(sentence, grounds) for sentence in found if _MARK.sub("", sentence).strip(" .")]


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
    plain = _MARK.sub("", text)
    words = fold(glossed(plain, grounds.courts) if is_english(plain) else _persons(plain))
    quotes = fold("".join(item.quote for item in cited))
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
    if number_of_courts(bare) == len(whose):
        bare = _AMONG_COURTS.sub(lambda match: "　" * len(match[0]), bare)
    if names_many(bare, quotes) or (not named and len(whose) > 1 and figures(bare)):
        return "court"
    groups = [named] if in_turn else in_groups(words, named)
    if not _numbers_hold(topic, bare, named, groups, cited, cites, grounds):
        return "number"
    if compares(bare, named, same_wording(quotes)) and not (
        comparison_holds(words, named, grounds.values)
        or comparison_holds(words, named, _values_said(bare, groups))
    ):
        return "comparison"
    return "" if _supported(bare, named, groups, cited) else "unsupported"


def _persons(text: str) -> str:
    """Return the text, as long as before, with a numeral of persons in digits: 九名 → 9名."""
    return _PERSONS.sub(_digit, text)


def _digit(match: re.Match[str]) -> str:
    return str("一二三四五六七八九".find(match[0]) + 1 or 2)


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
    stated = matter(without_figures(bare))
    support = _support(cited)
    if not (figures(bare) or carries_matter(stated)):
        return False
    if not (
        qualifiers_supported(stated, support, of_several=len(named) > 1)
        and sense_kept(without_figures(bare), _quoted(cited), fold(" ".join(item.headings for item in cited)))
        and share_supported(stated, support)
    ):
        return False
    for group, said in _said_of(bare, groups):
        apart = _EACH.search(said) is None
        for courts in (mention.courts for mention in group):
            own = [item for item in cited if item.court in courts or not apart]
            if not share_supported(matter(without_figures(said)), _support(own)):
                return False
    return True


def _support(cited: Sequence[Evidence]) -> str:
    return matter(fold(" ".join(f"{item.quote} {item.around}" for item in cited)))


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
        if any(start <= figure.quantity.start < end for start, end in _names_quoted(bare, cited)):
            continue
        before = counted[:place]
        if _whole_as_part(bare, figure, before):
            return False
        for courts in shared_out.get(place) or _holders(figure, groups):
            items = [item for item in cited if not courts or item.court in courts]
            if _is_label(figure, items):
                continue
            stated = _stated(figure, items, _Said(bare, figure, tuple(before), topic))
            if not stated and not _summed(figure, bare, courts, cites, grounds):
                return False
            if stated and not _again(bare, figure, before):
                key = (figure.quantity.value, figure.unit, courts)
                backing.setdefault(key, []).append(frozenset(given.place for given in stated))
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
        and figure.unit not in ("%", *_DATES)
        and figure.quantity.value >= whole.quantity.value
    )


def _again(bare: str, figure: Figure, before: Sequence[Figure]) -> bool:
    """Tell whether a figure in brackets is the one before them once more: 216 million yuan (2.16亿元)."""
    between = bare[before[-1].quantity.end : figure.quantity.start] if before else ""
    return bool(re.search(r"[(（]\s*$", between)) and before[-1].quantity.value == figure.quantity.value


def _names_quoted(bare: str, cited: Sequence[Evidence]) -> list[tuple[int, int]]:
    """Return where words stand in “” that the cited words or their headings have so: their numerals are a name's."""
    held = fold("".join(f"{item.quote}{item.headings}" for item in cited))
    return [match.span() for match in _QUOTED.finditer(bare) if match[0] in held]


def _is_label(figure: Figure, items: Sequence[Evidence]) -> bool:
    """Tell whether a number is a year that the cited words bear out, or part of a heading's name."""
    if figure.unit in ("年", "年度") and figure.quantity.value in _YEARS:
        return any(_year_fits(figure, item) for item in items)
    return _labels(figure, items)


@dataclass(frozen=True, slots=True)
class _Said:
    """Where a figure is said: the sentence (courts' names blanked), and the figures before it."""

    sentence: str
    figure: Figure
    before: tuple[Figure, ...]
    topic: str

    @property
    def led(self) -> str:
        """All that stands before the figure."""
        return self.sentence[: self.figure.quantity.start]

    @property
    def since(self) -> str:
        """What stands between the figure before and this one."""
        return self.led[self.before[-1].quantity.end if self.before else 0 :]

    @property
    def ahead(self) -> str:
        """The words of the figure before, where this one only tells its change (同比上升8.3％) or names no thing."""
        if not _change_alone(self.figure) and (self.listed or _tells(self.figure)):
            return ""
        return self.before_it

    @property
    def before_it(self) -> str:
        """The topic, or the words of the last figure that tell what it counts, or what stands before the first."""
        if self.topic and not _change_alone(self.figure):
            return self.topic
        telling = [figure.segment for figure in self.before if figure.unit not in _DATES and _tells(figure)]
        first = self.before[0].quantity.start if self.before else self.figure.quantity.start
        return telling[-1] if telling else self.sentence[:first]

    @property
    def listed(self) -> bool:
        """Tell whether the figure follows another in a list (59条、14条和64条)."""
        return bool(self.before) and _LISTED.search(self.since) is not None

    @property
    def year(self) -> int | None:
        """The year that the figure is said of: the last one named before it."""
        years = [f.quantity.value for f in self.before if f.unit == "年" and f.quantity.value in _YEARS]
        return int(years[-1]) if years else None


def _values_said(bare: str, groups: Sequence[Sequence[Mention]]) -> list[tuple[str, float]]:
    """Return the figure that a sentence gives of each court that it names, of the one unit in which each has just one."""
    counted = figures(bare)
    shared_out = _shared_out(bare, counted, groups) or {}
    by_unit: dict[str, list[tuple[str, float]]] = {}
    for place, figure in enumerate(counted):
        for courts in shared_out.get(place) or _holders(figure, groups):
            if figure.unit not in ("年", "年度", "月", "日") and not figure.changes:
                by_unit.setdefault(figure.unit, []).extend((court, figure.quantity.value) for court in courts)
    named = {court for group in groups for mention in group for court in mention.courts}
    fit = [said for said in by_unit.values() if sorted(court for court, _ in said) == sorted(named)]
    return fit[0] if len(fit) == 1 else []


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


def _stated(figure: Figure, items: Sequence[Evidence], said: _Said) -> list[_Given]:
    """Return the figures of the cited words that give a number for the thing it is said of, where none fits better."""
    given = [
        other
        for item in items
        for other in _given(item)
        if other.figure.unit == figure.unit or not figure.unit
    ]
    ahead = said.ahead
    best, rivals = _ranked(figure, ahead, given)
    if not best and not said.listed:
        ahead = said.before_it
        best, rivals = _ranked(figure, ahead, given)
    if not best and not (said.listed and figure.unit) and len({g.figure.quantity.value for g in given}) > 1:
        return []
    return [
        other
        for score, other in rivals
        if score >= best
        and same_figure(figure, other.figure)
        and same_qualifiers(f"{said.since}{figure.segment}", said.led, other.figure.segment)
        and (OF_AREA.search(f"{said.led}{figure.segment}") or not other.of_area)
        and _of_year(said.year, other.item)
        and _of_the_same(figure, other, ahead)
    ]


def _ranked(figure: Figure, ahead: str, given: Sequence[_Given]) -> tuple[int, list[tuple[int, _Given]]]:
    """Return the figures of the cited words by how far their words are those said, and how far at most."""
    words = without_area(f"{ahead} {figure.segment}")
    rivals = [(similarity(words, without_area(other.words(of_change=bool(ahead)))), other) for other in given]
    return max((score for score, _ in rivals), default=0), rivals


def _of_year(year: int | None, item: Evidence) -> bool:
    """Tell whether the cited words may be of a year: it is theirs, or their sections name none."""
    of_sections = set(_YEAR.findall(fold(item.headings)))
    words = fold(f"{item.quote} {item.around}".split(item.headings)[0] if item.headings else item.quote)
    return year is None or not of_sections or str(year) in of_sections | set(_YEAR.findall(words))


@dataclass(frozen=True, slots=True)
class _Given:
    """A figure of the cited words. `before`: the words of the figure that it is a change of; `of_area`: it counts a
    whole area's courts (全市法院共受理…，审执结…), not one court's own; `alone`: no other stands beside it; `prior`: the
    words of the figure before.
    """

    figure: Figure
    item: Evidence
    before: str
    of_area: bool
    alone: bool
    prior: str

    @property
    def place(self) -> tuple[int, int]:
        """Which citation, and where in it."""
        return self.item.number, self.figure.quantity.start

    def words(self, of_change: bool) -> str:
        """Return what tells what the figure counts; of a change, with what has changed."""
        return f"{self.prior if of_change and (self.figure.changes or not _tells(self.figure)) else ''} {self.figure.segment} {self.item.around if self.alone else ''}"


def _given(item: Evidence) -> list[_Given]:
    text = same_wording(spread(_persons(fold(item.quote))))
    found = figures(text)
    return [
        _Given(
            figure,
            item,
            found[at - 1].segment if at and figure.changes else "",
            counts_an_area(text[: figure.quantity.start]),
            len(found) == 1,
            found[at - 1].segment if at else "",
        )
        for at, figure in enumerate(found)
    ]


def _tells(figure: Figure) -> bool:
    """Tell whether the words around a figure name a thing, and not only a change of one."""
    return carries_matter(matter(_CHANGE_ALONE.sub("", without_figures(figure.segment))))


def _change_alone(figure: Figure) -> bool:
    """Tell whether a figure says by how much something changed, and what it was stands before."""
    return figure.changes and not carries_matter(matter(_CHANGE_ALONE.sub("", without_figures(figure.lead))))


def _labels(figure: Figure, items: Sequence[Evidence]) -> bool:
    """Tell whether a number is part of the name of a heading that the cited words stand under: 问题11."""
    label = _LABEL.search(figure.lead)
    written = f"{label[0]}{figure.quantity.value:g}" if label else ""
    return bool(written) and any(
        re.search(rf"{written}(?!\d)", fold(item.headings).replace(" ", "")) for item in items
    )


def _of_the_same(figure: Figure, given: _Given, ahead: str) -> bool:
    """Tell whether the words before a number are of the part of the cited sentence that states it, not of another's."""
    item = given.item
    said = matter(without_figures(figure.lead.removesuffix((figure.quantity.approx or "").rstrip("余多来"))))
    own = matter(f"{given.before} {given.figure.clause} {fold(item.around)}")
    if given.of_area:
        said = without_area(said)
    whole = matter(fold(f"{item.quote} {item.around}"))
    nearly = share_supported(said, whole) and almost_supported(said, own, whole)
    changed = matter(_CHANGE_ALONE.sub("", without_figures(ahead)))
    return (share_supported(said, own) or nearly) and share_supported(changed, whole)


def _year_fits(figure: Figure, item: Evidence) -> bool:
    """Tell whether a year is the report's or in its words, and no other year qualifies the same matter there."""
    matter = figure.segment[figure.segment.find(figure.unit) :][:_MATTER]
    texts = fold(f"{item.quote} {item.around}")
    written = {
        int(found[1]): found[2] for found in re.finditer(rf"((?:19|20)\d\d)(年.{{{_MATTER - 1}}})", texts)
    }
    if any(year != figure.quantity.value and words == matter for year, words in written.items()):
        return False
    return figure.quantity.value in (item.year, *written) or str(int(figure.quantity.value)) in texts


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
