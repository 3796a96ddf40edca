"""Where the cited words state a number that a sentence says: of the same thing, year and area, and where none fits better."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.text import HAN, fold
from service.evidence import HEADLINE, Evidence
from service.figures import (
    DATES,
    OF_AREA,
    Figure,
    counts_an_area,
    figures,
    same_figure,
    same_qualifiers,
    without_area,
    without_figures,
)
from service.polarity import without_intent
from service.spreading import spread
from service.support import (
    almost_supported,
    carries_matter,
    either_wording,
    matter,
    same_wording,
    share_supported,
    similarity,
    without_cases,
)

__all__ = ["Given", "Said", "is_label", "small_numerals_in_digits", "stated"]

_YEARS = range(1900, 2101)
_SHARES = frozenset(("%", "个百分点"))
"""Units that no one leaves out."""
_MATTER = 4
"""Characters after a year, 年 among them, that tell what it qualifies: 年度考核."""
_CHANGE_ALONE = re.compile(
    r"同比|环比|[较比](?:上年|年初|[^，]{0,4}同期)?|上升|下降|提高|降低|增长|减少|增加|缩短|[增升降减][至到]?|幅度?|率"
)
"""What says that something changed, and not what."""
_SMALL_NUMERAL = re.compile(
    r"(?<![第一二三四五六七八九十百千前首])[二两三四五六七八九](?=[名位](?![列于居次单义称额誉字])|[天场期件]|人(?![民大员才格])|年(?![级代])|次(?!序))|(?<![第一二三四五六七八九十百千前首])一(?=[名位](?![列于居次单义称额誉字]))"
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_PARTED = re.compile(rf"(?<=[{HAN}]) +(?=[{HAN}])")
"""Between the words of an English sentence in their Chinese terms."""
_LISTED = re.compile(r"^[^，,。；;：:、和与及]{0,3}[、和与及]$")
_YEAR_AHEAD = re.compile(r"((?:19|20)\d\d)年(?!度|来|以|工作)")
_NAMES_A_REPORT = re.compile(r"[　 ]*(?:度|的)?[　 ]*(?:[一-鿿]{0,12}(?:报告|总结|通报))")
_LABEL = re.compile(r"(?:问题|第|附件|表)$")


def small_numerals_in_digits(text: str) -> str:
    """Return the text, as long as before, with a small numeral before a unit in digits: 九名 → 9名, 连续七年 → 连续7年."""
    return _SMALL_NUMERAL.sub(_digit, text)


def _digit(match: re.Match[str]) -> str:
    return str("一二三四五六七八九".find(match[0]) + 1 or 2)


@dataclass(frozen=True, slots=True)
class Said:
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
    def verbatim(self) -> str:
        """The words from the figure before to the end of the clause that this one stands in."""
        start = self.before[-1].quantity.start if self.before else self.figure.quantity.start
        tail = self.figure.segment[self.figure.segment.find(self.figure.lead) + len(self.figure.lead) :]
        return f"{self.sentence[start : self.figure.quantity.start]}{tail}".rstrip(" 　。.")

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
        telling = [figure.segment for figure in self.before if figure.unit not in DATES and _tells(figure)]
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


@dataclass(frozen=True, slots=True)
class Given:
    """A figure of the cited words. `before`: the words of the figure that it is a change of; `of_area`: it counts a
    whole area's courts (全市法院共受理…，审执结…), not one court's own; `alone`: no other stands beside it; `led`: others
    lead up to the clause that it stands in; `prior`: the words of the figure before; `text`: all that is cited, as it is read.
    """

    figure: Figure
    item: Evidence
    before: str
    of_area: bool
    alone: bool
    led: bool
    prior: str
    text: str

    @property
    def led_by(self) -> str:
        """What leads up to its clause, where that counts in other units: 发出司法建议36份，采纳率94%."""
        if not self.led or any(other.unit == self.figure.unit for other in figures(fold(self.item.lead))):
            return ""
        return fold(self.item.lead)

    @property
    def place(self) -> tuple[int, int]:
        """Which citation, and where in it."""
        return self.item.number, self.figure.quantity.start

    def words(self, of_change: bool) -> str:
        """Return what tells what the figure counts; of a change, with what has changed."""
        before = self.prior if of_change and (self.figure.changes or not _tells(self.figure)) else ""
        beside = self.item.around if self.alone else ""
        if self.item.lead and not self.figure.changes:
            beside = self.item.matter if self.led else self.item.headings
        return f"{before} {self.figure.segment} {beside}"


def stated(figure: Figure, items: Sequence[Evidence], said: Said) -> list[Given]:
    """Return the figures of the cited words that give a number for the thing it is said of, where none fits better."""
    found = _stated(figure, [other for item in items for other in _given(item)], said)
    if found or not figure.unit or not any(item.lead for item in items):
        return found
    return _stated(figure, [other for item in items for other in _given(item, together=True)], said)


def _stated(figure: Figure, every: Sequence[Given], said: Said) -> list[Given]:
    given = [
        other
        for other in every
        if other.figure.unit == figure.unit or (not figure.unit and other.figure.unit not in _SHARES)
    ]
    copied = [
        other
        for other in given
        if said.before and said.verbatim in other.text and same_figure(figure, other.figure)
    ]
    if copied and all(_of_year(said.year, other.item) for other in copied):
        return copied
    ahead = said.ahead
    best, rivals = _ranked(figure, ahead, given)
    if not best and not said.listed:
        ahead = said.before_it
        best, rivals = _ranked(figure, ahead, given)
    if not best and not (said.listed and figure.unit) and len({g.figure.quantity.value for g in given}) > 1:
        return []
    named = figure.unit or _PARTED.search(said.sentence)
    if named and _told_by_none(figure, best, rivals):
        return []
    return [
        other
        for score, other in rivals
        if score >= best
        and not (_PARTED.search(said.sentence) and _of_another(figure, other, given))
        and same_figure(figure, other.figure)
        and same_qualifiers(
            f"{said.since}{figure.segment}", said.led, other.figure.segment, other.figure.lead
        )
        and (OF_AREA.search(f"{said.led}{figure.segment}") or not other.of_area)
        and _of_year(said.year, other.item)
        and _of_the_same(figure, other, ahead)
    ]


_COUNTED_NEXT = re.compile(rf"([{HAN}]{{2}}[{HAN}]{{0,4}}?)(?=[、，,和与及])")


def _of_another(figure: Figure, given: Given, every: Sequence[Given]) -> bool:
    """Tell whether an English sentence names what another figure of a list counts (42个集体、67名个人), and not this one's thing."""
    words = _PARTED.sub("", figure.segment)
    own = _behind(given)[:2]
    others = (_COUNTED_NEXT.match(_behind(other)) for other in every if other.place != given.place)
    return len(own) == 2 and own not in words and any(noun and noun[1] in words for noun in others)


def _behind(given: Given) -> str:
    """Return the Chinese words that stand behind a figure's unit."""
    rest = given.text[given.figure.quantity.end :].removeprefix(given.figure.unit)
    found = re.match(rf"[个名位件项]?([{HAN}、，,]*)", rest)
    return found[1] if found else ""


def _told_by_none(figure: Figure, best: int, rivals: Sequence[tuple[int, Given]]) -> bool:
    """Tell whether a sentence's figure fits another of its clause no worse, and by the words joined to it better."""
    words = _PARTED.sub("", figure.segment)
    close = [other for score, other in rivals if score >= best]
    joined = [(similarity(words, _joined_to(other.figure)), other) for other in close]
    own = [score for score, other in joined if same_figure(figure, other.figure)]
    return bool(own) and any(
        score > max(own) and not same_figure(figure, other.figure) for score, other in joined
    )


def _joined_to(figure: Figure) -> str:
    """Return the words of a figure's part of a sentence that no 和 parts from it."""
    ahead = re.split(r"[和与及]", figure.lead)[-1]
    behind = figure.segment[figure.segment.find(figure.lead) + len(figure.lead) :]
    return f"{ahead}{re.split(r'[和与及]', behind)[0]}"


def _ranked(figure: Figure, ahead: str, given: Sequence[Given]) -> tuple[int, list[tuple[int, Given]]]:
    """Return the figures of the cited words by how far their words are those said, and how far at most."""
    words = _PARTED.sub("", without_area(f"{ahead} {figure.segment}"))
    rivals = [(similarity(words, without_area(other.words(of_change=bool(ahead)))), other) for other in given]
    return max((score for score, _ in rivals), default=0), rivals


def _of_year(year: int | None, item: Evidence) -> bool:
    """Tell whether the cited words may be of a year: it is theirs, or their sections name none."""
    of_sections = set(_YEAR.findall(fold(item.headings)))
    words = fold(f"{item.quote} {item.around}".split(item.headings)[0] if item.headings else item.quote)
    return year is None or not of_sections or str(year) in of_sections | set(_YEAR.findall(words))


def _of_the_same(figure: Figure, given: Given, ahead: str) -> bool:
    """Tell whether the words before a number are of the part of the cited sentence that states it, not of another's."""
    item = given.item
    said = matter(without_figures(figure.lead.removesuffix((figure.quantity.approx or "").rstrip("余多来"))))
    whole = either_wording(fold(f"{item.quote} {item.around}"))
    own = either_wording(f"{given.before} {given.figure.clause} {fold(item.around)} {given.led_by}")
    if given.of_area:
        said = without_area(said)
    if item.of_plans:
        said = without_intent(said)
    if said.strip(" 　")[:2] == matter(fold(item.quote))[:2]:
        said = said.strip(" 　")[2:]
    if figure.unit == "件":
        said = without_cases(said, whole)
    if _another_step(said, given):
        return False
    nearly = share_supported(said, whole) and almost_supported(said, own, whole)
    changed = matter(_CHANGE_ALONE.sub("", without_figures(ahead)))
    return (share_supported(said, own) or nearly) and share_supported(changed, whole)


_STEPS = ("受理", "审结", "执结")


def _another_step(said: str, given: Given) -> bool:
    """Tell whether a figure is said of another step of cases than the one that its own words name: 审结 for 新收."""
    asked = {step for step in _STEPS if step in said}
    own = either_wording(f"{given.before} {given.figure.clause}")
    return bool(asked) and any(step in own for step in _STEPS) and not any(step in own for step in asked)


def _given(item: Evidence, together: bool = False) -> list[Given]:
    """Return the figures of cited words; `together`, what leads up to their clause is read as one with it (…分别上升)."""
    quote = HEADLINE.sub(lambda match: "　" * len(match[0]), item.quote)
    lead = "" if together else _as_read(quote[: len(item.lead)])
    text = f"{lead}{_as_read(quote if together else quote[len(item.lead) :])}"
    found = figures(text)
    led = len(figures(lead))
    return [
        Given(
            figure,
            item,
            found[at - 1].segment if at and figure.changes else "",
            counts_an_area(text[len(lead) if at >= led else 0 : figure.quantity.start]),
            len(found) == 1,
            0 < led <= at,
            found[at - 1].segment if at else "",
            text,
        )
        for at, figure in enumerate(found)
    ]


def _as_read(words: str) -> str:
    return same_wording(spread(small_numerals_in_digits(fold(words))))


def _tells(figure: Figure) -> bool:
    """Tell whether the words around a figure name a thing, and not only a change of one."""
    return carries_matter(matter(_CHANGE_ALONE.sub("", without_figures(figure.segment))))


def _change_alone(figure: Figure) -> bool:
    """Tell whether a figure says by how much something changed, and what it was stands before."""
    return figure.changes and not carries_matter(matter(_CHANGE_ALONE.sub("", without_figures(figure.lead))))


def is_label(figure: Figure, items: Sequence[Evidence]) -> bool:
    """Tell whether a number is a year that the cited words bear out, or part of a heading's name."""
    if figure.unit in ("年", "年度") and figure.quantity.value in _YEARS:
        return any(_year_fits(figure, item) for item in items)
    return _labels(figure, items)


def _labels(figure: Figure, items: Sequence[Evidence]) -> bool:
    """Tell whether a number is part of the name of a heading that the cited words stand under: 问题11."""
    label = _LABEL.search(figure.lead)
    written = f"{label[0]}{figure.quantity.value:g}" if label else ""
    return bool(written) and any(
        re.search(rf"{written}(?!\d)", fold(item.headings).replace(" ", "")) for item in items
    )


def _year_fits(figure: Figure, item: Evidence) -> bool:
    """Tell whether a year is the report's or in its words, and no other year qualifies the same matter, or begins the words.

    A year that names a report (2024年工作报告) is not that of what it tells.
    """
    behind = figure.segment[figure.segment.find(figure.unit) + len(figure.unit) :]
    own = _YEAR_AHEAD.match(fold(item.quote))
    if own is not None and int(own[1]) != figure.quantity.value and not _NAMES_A_REPORT.match(behind):
        return False
    matter = figure.segment[figure.segment.find(figure.unit) :][:_MATTER]
    texts = fold(f"{item.quote} {item.around}")
    written = {
        int(found[1]): found[2] for found in re.finditer(rf"((?:19|20)\d\d)(年.{{{_MATTER - 1}}})", texts)
    }
    if any(year != figure.quantity.value and words == matter for year, words in written.items()):
        return False
    return figure.quantity.value in (item.year, *written) or str(int(figure.quantity.value)) in texts
