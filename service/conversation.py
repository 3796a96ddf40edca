"""Follow-up questions made whole from the turns before: 那二中院呢？ keeps what was asked and changes the court."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from indexer.records import Court
from indexer.text import fold, has_han
from service import english_turns
from service.asks import EACH_COURT, HOW_MANY, Kind
from service.english_courts import english_name, mentions_in_english
from service.followups import about_answer
from service.questions import Question, parse_question
from service.small_talk import is_small_talk

__all__ = ["Understood", "understood"]

TURNS = 100
"""Turns looked back at."""

_FRESH = re.compile(
    r"^(?:那|现在|再)?(?:换|另|问)(?:一?个|别的)(?:话题|问题|事)[，,。:：、\s]*|^(?:new|another|different) (?:question|topic)[:,.\s]*",
    re.IGNORECASE,
)
_OF_ALL = re.compile(
    r"全[省市国区]|两级|三级|所有|全部法院|大家|哪[家些个]|谁|这些|它们|他们|总共.{0,6}法院|法院都|都有"
)
_LEAD = re.compile(
    r"^(?:(?:那么|那(?![个家边些种样]|么)|还有|另外|以及|接着|然后|再问(?:一下|问)?|换成|改成|请问|好的|嗯|对了)[，,、\s]*)+"
)
_POLITE = re.compile(r"^(?:请问|好的|嗯|[，,、\s])+$")
_TAIL = re.compile(
    r"(?:的)?(?:情况|数据|数字)?(?:又)?(?:呢|吗|吧|啊|怎么样|如何|是多少|有多少|怎样)*[？?。.!！\s]*$"
)
_MARKED = re.compile(r"呢[？?。.!！\s]*$")
_PRONOUN = re.compile(
    r"(?:这|那|该|上面|前面|刚才)(?:那|说|提到)?的?(?:家|个|所)?(?:法院|中院|院)|(?:上面|前面|刚才)(?:那|说的?那?|提到的?)(?:家|个|所)?(?=的)|它们?|他们|(?<![一-鿿])其(?=中|整|志|[一-鿿])|那边|那里"
)
_REST_OF_COURTS = re.compile(
    r"(?:其他|其它|其余|别的|另外(?:几|两|一)?)(?:几|两|一)?(?:家|个)?(?:的)?(?:法院|中院|院)?"
)
_ONLY_ASKING = re.compile(
    r"(?:的|有|是|又|还|分别|各|各自|一共|总共|合计|总计|加起来|数量|多少|几|哪个|哪家|谁|最[多少高低]|更[多少高低]|相差|差|比较|对比|相比|比|和|与|跟|起来|一下|[条项个次场名件份家期篇人位批])*"
)
_SOURCE = re.compile(
    r"(?:请)?(?:给出|列出|看看|说说|再说一遍|重复一遍|再说说|确定|真的|(?:它的?|这个|上面的?)?(?:出处|依据|来源|原文|引注)(?:是什么|在哪里?|有吗)?)"
)
_LAST_YEAR = re.compile(r"(?P<one>去年|上一?年|上年度|上一年度)|(?P<two>前年)|今年|本年度?|当年")
_AGAINST = re.compile(r"比|相差|差(?:多少|几|距)|对比")
_FEWEST = re.compile(r"最[少低]|更[少低]")
_WHO = re.compile(r"(?:谁|哪(?:个|家|边|方))(?:的)?")
_SUPERLATIVE = re.compile(r"(?:最|更|比较)[多少高低大小]|相差(?:多少|几[一-鿿]?)|[高低多少]多少")
_JOINTS = re.compile(r"^(?:和|与|跟|及|、|，|,|在|\s)+|(?:\s|[？?。])+$")


@dataclass(frozen=True, slots=True)
class Understood:
    """A turn as a whole question; `carried` is the court, and year, that it took from the turns before, else empty."""

    question: str
    carried: str = ""


@dataclass(frozen=True, slots=True)
class _Topic:
    """What a whole question is about, in parts that a follow-up can exchange.

    `spoken_of` are the courts named last, in this question or before it.
    """

    courts: tuple[str, ...]
    each: str
    years: tuple[int, ...]
    matter: str
    thing: str
    kind: Kind
    text: str
    spoken_of: tuple[str, ...] = ()

    def worded(self) -> str:
        """Return the parts as one question."""
        years = "".join(f"{year}年" for year in self.years)
        who = self.each or "和".join(self.courts)
        joint = (
            "的" if who and not self.each and len(self.courts) == 1 and self.matter[:1] not in "的" else ""
        )
        bare = self.matter == self.thing or self.matter.startswith(self.thing + "有多少")
        return f"{years}{who}{joint if bare and self.thing else ''}{self.matter}？"


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads questions against the courts and years of the index."""

    courts: tuple[Court, ...]
    years: frozenset[int]

    def read(self, text: str) -> Question:
        return parse_question(text, self.courts, self.years)

    def topic(self, text: str) -> _Topic:
        question = self.read(text)
        thing = next((ask.objects[0] for ask in question.asks if ask.objects), "")
        each = EACH_COURT.search(fold(text)) if question.each_court else None
        if question.chinese:
            matter = _JOINTS.sub("", _without_courts(question))
        else:
            matter = f"{thing}有多少" if question.kind in (Kind.COUNT, Kind.COMPARE) else thing
        return _Topic(
            self.named(question),
            (each[0] if question.chinese else "各院") if each else "",
            question.years,
            matter,
            thing,
            question.kind,
            text,
        )

    def named(self, question: Question) -> tuple[str, ...]:
        """Return the courts a question names, each as it is written there, strangers too."""
        folded = fold(question.text)
        names = []
        for court in question.courts:
            written = [name for name in (court.key, court.name, *court.aliases) if fold(name) in folded]
            names.append(max(written, key=len, default=court.key))
        return tuple(dict.fromkeys([*names, *question.strangers]))


def understood(turns: Sequence[str], courts: Iterable[Court], years: Iterable[int]) -> Understood:
    """Return the last of a user's turns as a whole question, and the court that it took from the turns before.

    A question that names no court, after one about a single court, is about that court, as in talk between people.
    Raises ValueError where there is no turn.
    """
    if not turns:
        raise ValueError("no turn to answer")
    reader = _Reader(tuple(courts), frozenset(years))
    whole = Understood(turns[-1].strip())
    topic: _Topic | None = None
    for turn in (*(turn.strip() for turn in turns[-TURNS:-1] if _carries_on(turn)), whole.question):
        whole = _resolved(reader, topic, turn) if topic else Understood(_FRESH.sub("", turn) or turn)
        found = reader.topic(whole.question)
        topic = replace(found, spoken_of=found.courts or (topic.spoken_of if topic else ()))
    return whole


def _carries_on(turn: str) -> bool:
    return not is_small_talk(turn) and about_answer(turn) is None


def _resolved(reader: _Reader, before: _Topic, turn: str) -> Understood:
    if _FRESH.match(turn):
        return Understood(_FRESH.sub("", turn) or turn)
    if not has_han(turn):
        whole = _english(reader, before, turn)
        return _carried_in_english(reader, before, turn) if whole == turn else Understood(whole)
    whole = _chinese(reader, before, turn)
    return _carried(reader, before, turn) if whole == turn else Understood(whole)


def _carried(reader: _Reader, before: _Topic, turn: str) -> Understood:
    """Put the one court spoken of, and the year, into a whole question that names none."""
    question = reader.read(turn)
    names_some = question.courts or question.strangers or question.each_court or question.kind is Kind.COMPARE
    court = _one_court(reader, before)
    if names_some or court is None or _OF_ALL.search(turn) or EACH_COURT.search(fold(turn)):
        return Understood(turn)
    year = "" if question.years or not before.years else f"{before.years[0]}年"
    name = before.courts[0]
    return Understood(f"{year}{name}{turn}", f"{year}{name}")


def _one_court(reader: _Reader, before: _Topic) -> Court | None:
    """Return the court that the topic is about, if it is just one of several in the index."""
    found = reader.read(before.text).courts
    known = len(found) == len(before.courts) == 1 and len(reader.courts) > 1 and not before.each
    return found[0] if known else None


def _english(reader: _Reader, before: _Topic, turn: str) -> str:
    if not has_han(before.text):
        return english_turns.resolved(before.text, turn, reader.courts)
    if not english_turns.is_follow_up(turn, reader.courts):
        return turn
    question = reader.read(turn)
    named, asked = reader.named(question), question.years
    if not named and not asked:
        return turn
    return _exchanged(before, named, "", asked or before.years).worded()


def _carried_in_english(reader: _Reader, before: _Topic, turn: str) -> Understood:
    question = reader.read(turn)
    court = _one_court(reader, before)
    names_some = question.courts or question.strangers or question.each_court or question.kind is Kind.COMPARE
    if court is None or names_some or list(mentions_in_english(turn, reader.courts)):
        return Understood(turn)
    name = english_name(court).split(" (")[0]
    return Understood(english_turns.with_end(turn, f"at {name}"), name)


def _chinese(reader: _Reader, before: _Topic, turn: str) -> str:
    lead = _LEAD.match(turn)
    words = turn[lead.end() :] if lead else turn
    led = lead is not None and _POLITE.match(lead[0]) is None
    if _SOURCE.fullmatch(_TAIL.sub("", words)):
        return before.text
    question = reader.read(words)
    named = reader.named(question)
    each = EACH_COURT.search(fold(words))
    others = _REST_OF_COURTS.search(words)
    everyone = each[0] if each else ("各院" if others else "")
    content = _JOINTS.sub("", _without_courts(question))
    if others:
        content = content.replace(others[0], "")
    points_back = _PRONOUN.search(content) is not None
    content = _PRONOUN.sub("", content)
    if points_back and not named and not everyone:
        named = before.courts or before.spoken_of
    asked_years = question.years
    if back := _LAST_YEAR.fullmatch(_TAIL.sub("", content)):
        years_back = 1 if back["one"] else 2 if back["two"] else 0
        latest = _latest(before, reader) if years_back else max(reader.years, default=0)
        asked_years, content = (latest - years_back,), ""
    short = _TAIL.sub("", content).strip(" 的，,")
    years = asked_years or before.years
    if _ONLY_ASKING.fullmatch(short) and (named or everyone or asked_years or short or led):
        if others and before.kind is Kind.COMPARE:
            before = _counted(before)
        return _asked_again(before, question, named, everyone, years, words)
    if not (led or points_back or _MARKED.search(turn)):
        return turn
    kept = _exchanged(before, named, everyone, years)
    asks = (
        HOW_MANY.search(content)
        or question.kind is not Kind.PASSAGE
        or re.search(r"什么|怎么|如何(?!呢)|为何|是否", content)
    )
    if asks:
        whole = content.rstrip("呢？?。 ")
        thing = next((ask.objects[0] for ask in question.asks if ask.objects), short)
        return replace(kept, matter=whole, thing=thing).worded()
    return _other_thing(kept, short).worded()


def _without_courts(question: Question) -> str:
    """Return the words of a question without courts and phrases for every court."""
    rest = "" if question.rest == question.text and (question.courts or question.strangers) else question.rest
    return " ".join(EACH_COURT.sub(" ", rest).split())


def _latest(before: _Topic, reader: _Reader) -> int:
    return min(before.years) if before.years else max(reader.years, default=0)


def _exchanged(before: _Topic, named: tuple[str, ...], everyone: str, years: tuple[int, ...]) -> _Topic:
    """Return the topic with other courts and years; asked of one court, a comparison becomes a count."""
    if not named and not everyone:
        return replace(before, years=years)
    topic = replace(before, courts=named, each=everyone, years=years)
    if before.kind is Kind.COMPARE and len(named) == 1:
        return _counted(topic)
    if before.kind is Kind.COMPARE and everyone and not _SUPERLATIVE.search(topic.matter):
        return _counted(topic)
    return topic


def _counted(topic: _Topic) -> _Topic:
    if topic.thing:
        return replace(topic, matter=f"{topic.thing}有多少", kind=Kind.COUNT)
    matter = _SUPERLATIVE.sub("有多少", _WHO.sub("", topic.matter)).lstrip("的")
    return replace(topic, matter=matter, kind=Kind.COUNT)


def _asked_again(
    before: _Topic,
    question: Question,
    named: tuple[str, ...],
    everyone: str,
    years: tuple[int, ...],
    words: str,
) -> str:
    """Ask for the same thing: of other courts or years, or in another way (哪个最多, 一共多少)."""
    against = _AGAINST.search(words) is not None
    compares = question.kind is Kind.COMPARE or against
    if not compares:
        topic = _exchanged(before, named, everyone, years)
        return (
            _counted(topic) if question.kind is Kind.COUNT and before.kind is not Kind.COUNT else topic
        ).worded()
    courts = tuple(dict.fromkeys([*before.courts, *named])) if against or not named else named
    word = "最少" if _FEWEST.search(words) else "最多"
    thing = before.thing or _SUPERLATIVE.sub("", before.matter)
    if everyone or len(courts) < 2:
        each = everyone if everyone.startswith("哪") else "哪个法院"
        return replace(
            before, courts=(), each=each, years=years, matter=f"的{thing}{word}", kind=Kind.COMPARE
        ).worded()
    word = word.replace("最", "更")
    return replace(
        before, courts=courts, each="", years=years, matter=f"谁的{thing}{word}", kind=Kind.COMPARE
    ).worded()


def _other_thing(topic: _Topic, thing: str) -> _Topic:
    """Ask the same of another thing."""
    if topic.kind is Kind.COUNT:
        return replace(topic, matter=f"{thing}有多少", thing=thing)
    if topic.thing and topic.thing in topic.matter:
        return replace(topic, matter=topic.matter.replace(topic.thing, thing), thing=thing)
    if topic.kind is Kind.LIST:
        return replace(topic, matter=f"有哪些{thing}", thing=thing)
    return replace(topic, matter=thing, thing=thing)
