"""What the check of worded answers keeps of whole replies: to the product's own prompts, and worded freely.

`prompted`, `english`: replies to the prompts of questions, by a model that saw the prompt alone; `corrected`: the same with its
corrections; `prompted-lying`, `english-lying`: what one that lies would reply, with what is false of it. `reworded`: sentences that people would write of two sets of reports; each cites
{words}, and stands for the whole sentence that holds them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from indexer.build import build
from indexer.records import Court
from models import Encoder
from service.correction import corrected
from service.engine import Engine
from service.evidence import Evidence, Grounds, court_names, grounds_of
from service.figures import figures
from service.verification import Checked, checked
from tests.conftest import MAX_BYTES

REPLIES = Path(__file__).with_name("replies")
TESTS = Path(__file__).parents[1]
PLACES = {
    **{name: REPLIES / name for name in ("reworded", "plains-courts", "delta-courts")},
    "samples": TESTS.parent / "reports",
}
FIGURE = re.compile(r"(?<![\d.])\d+(?:\.\d+)?(?![\d.])")
ENGLISH = re.compile(r"[A-Za-z]{4}")
MARKED = re.compile(r"\{[^}]*\}|\[\d+\]")


def read(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (REPLIES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


PROMPTED, ENGLISH_REPLIES, ENGLISH_LIES = read("prompted"), read("english"), read("english-lying")
PROMPTED_LIES, CORRECTED = read("prompted-lying"), read("corrected")
HONEST, LYING = read("reworded-honest"), read("reworded-lying")


def courts(engine: Engine) -> list[Court]:
    return list({report.court.key: report.court for report in engine.store.reports()}.values())


@pytest.fixture(scope="module")
def engines(builtin_encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Engine]:
    """Return an engine over each set of reports that prompted replies are about."""
    found = {}
    for name in sorted(
        {case["reports"] for case in (*PROMPTED, *ENGLISH_REPLIES, *ENGLISH_LIES, *PROMPTED_LIES, *CORRECTED)}
    ):
        index = tmp_path_factory.mktemp(name) / "index"
        place = PLACES.get(name, TESTS / "gold" / f"{name}.txt")
        build([place], index, builtin_encoder, max_bytes=MAX_BYTES)
        found[name] = Engine(index)
    return found


@pytest.fixture(scope="module")
def check(builtin_encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., list[Checked]]:
    """Return what checks a reworded sentence, each citation being the whole sentence that holds its words."""
    index = tmp_path_factory.mktemp("reworded") / "index"
    build([REPLIES / "reworded"], index, builtin_encoder, max_bytes=MAX_BYTES)
    engine = Engine(index)
    known = courts(engine)
    reports = {report.id: report for report in engine.store.reports()}
    sentences = [
        (passage, "".join(sentence.split()))
        for passage in engine.store.passages()
        for sentence in re.findall(r"[^。；]+[。；]?", passage.text)
    ]

    def run(question: str, reply: str) -> list[Checked]:
        evidence: list[Evidence] = []

        def number(match: re.Match[str]) -> str:
            words = "".join(match[1].split())
            passage, sentence = next(found for found in sentences if words in found[1])
            headings = " ".join((*passage.section_path, passage.report_title))
            report = reports[passage.report_id]
            evidence.append(
                Evidence(len(evidence) + 1, report.court.key, report.year, sentence, headings, headings)
            )
            return f"[{len(evidence)}]"

        text = re.sub(r"\{([^}]+)\}", number, reply)
        return checked(text, Grounds(tuple(evidence), court_names(known), (), (), tuple(known), question))

    return run


def test_no_reworded_lie_is_kept(check: Callable[..., list[Checked]]) -> None:
    assert len(LYING) == 140
    assert [s.text for case in LYING for s in check(case["question"], case["reply"]) if s.kept] == []


def test_honest_rewordings_are_kept(check: Callable[..., list[Checked]]) -> None:
    """Those lost name acts by other words than the report (填报, 不允许), above all in English."""
    told = {case["reply"]: all(s.kept for s in check(case["question"], case["reply"])) for case in HONEST}
    chinese = [kept for reply, kept in told.items() if not ENGLISH.search(reply)]
    assert len(told) == 170
    assert sum(chinese) >= 0.85 * len(chinese), (sum(chinese), len(chinese))
    assert sum(told.values()) >= 135, sum(told.values())


def test_no_figure_of_a_kept_rewording_can_be_altered(check: Callable[..., list[Checked]]) -> None:
    altered = 0
    for case in HONEST:
        reply = case["reply"]
        if not all(s.kept for s in check(case["question"], reply)):
            continue
        hidden = MARKED.sub(lambda match: "_" * len(match[0]), reply)
        for found in FIGURE.finditer(hidden):
            others = {f"{float(found[0]) + 1:g}", f"{float(found[0]) * 10:g}", found[0][::-1], f"1{found[0]}"}
            for other in others - {found[0]}:
                altered += 1
                lie = f"{reply[: found.start()]}{other}{reply[found.end() :]}"
                kept = [
                    s.text for s in check(case["question"], lie) if s.kept and other in MARKED.sub("", s.text)
                ]
                assert not kept
    assert altered > 400


def told(engines: dict[str, Engine], cases: list[dict[str, Any]]) -> list[Checked]:
    """Return the sentences of the cases' replies as the check of their questions' answers leaves them."""
    return [
        sentence
        for case in cases
        for engine in [engines[case["reports"]]]
        for sentence in checked(case["reply"], grounds_of(engine.answer(case["question"]), courts(engine)))
    ]


def test_sentences_of_prompted_replies_are_kept(engines: dict[str, Engine]) -> None:
    """Those lost deny what no cited word does, read a table's row, promise what a court can do, or use other words."""
    chinese = [s for s in told(engines, PROMPTED) if not ENGLISH.search(s.text)]
    english = told(engines, ENGLISH_REPLIES)
    for least, sentences in ((300, chinese), (150, english)):
        assert len(sentences) > least
        kept = sum(sentence.kept for sentence in sentences)
        assert kept >= 0.95 * len(sentences), [s.text for s in sentences if not s.kept]


def test_what_a_correction_puts_right_is_kept_too(engines: dict[str, Engine]) -> None:
    """Replies with what the model made of the sentences that were given back to it; sentences lost after that deny or refuse."""
    counted = {True: [0, 0], False: [0, 0]}
    for case in CORRECTED:
        engine = engines[case["reports"]]
        grounds = grounds_of(engine.answer(case["question"]), courts(engine))
        second = checked(case["correction"], grounds)
        for sentence in checked(case["reply"], grounds):
            told = counted[ENGLISH.search(sentence.text) is not None]
            told[0] += bool(corrected([sentence], second))
            told[1] += 1
    for kept, every in counted.values():
        assert every > 100
        assert kept >= 0.95 * every, counted


@pytest.mark.parametrize(("lies", "count"), [(ENGLISH_LIES, 570), (PROMPTED_LIES, 120)])
def test_no_lie_to_a_prompt_is_kept(
    engines: dict[str, Engine], lies: list[dict[str, Any]], count: int
) -> None:
    assert len(lies) == count
    kept = [
        (sentence.text, case["why"]) for case in lies for sentence in told(engines, [case]) if sentence.kept
    ]
    assert kept == []


@pytest.mark.parametrize(
    ("like", "lie"),
    [
        ("In the same period of the previous year, the Wangchuan", "上年同期，望川市中级人民法院发放执行案款9840万元[3]。"),
        ("concluded more intellectual property", "宁槐市中级人民法院审结的知识产权案件多于澜江市中级人民法院[9][10]。"),
        ("fewer than in the previous year", "岚江省高级人民法院召开党组会58次，少于上年[1]。"),
    ],
)  # fmt: skip
def test_what_is_no_lie_in_english_alone_is_not_kept_in_chinese(
    engines: dict[str, Engine], like: str, lie: str
) -> None:
    case = next(case for case in ENGLISH_LIES if like in case["reply"])
    answer = engines[case["reports"]].answer(case["question"])
    everything = replace(answer, question="各院情况如何")
    grounds = grounds_of(everything, courts(engines[case["reports"]]))
    assert [sentence.kept for sentence in checked(lie, grounds)] == [False]


def test_no_figure_of_a_prompted_reply_can_be_altered(engines: dict[str, Engine]) -> None:
    altered = 0
    for case in (*PROMPTED, *ENGLISH_REPLIES):
        engine = engines[case["reports"]]
        grounds = grounds_of(engine.answer(case["question"]), courts(engine))
        for sentence in checked(case["reply"], grounds):
            if not sentence.kept:
                continue
            hidden = MARKED.sub(lambda match: "_" * len(match[0]), sentence.text)
            for found in FIGURE.finditer(hidden):
                for other in {f"{float(found[0]) + 1:g}", f"1{found[0]}", found[0][::-1]} - {found[0]}:
                    altered += 1
                    lie = f"{sentence.text[: found.start()]}{other}{sentence.text[found.end() :]}"
                    assert not any(s.kept for s in checked(lie, grounds)), lie
    assert altered > 150


def test_no_court_of_a_kept_rewording_can_be_exchanged(check: Callable[..., list[Checked]]) -> None:
    names = {
        "澜江中院": "柏川中院",
        "柏川中院": "云岭中院",
        "云岭中院": "澜江中院",
        "宁槐市中级人民法院": "澜溪县人民法院",
    }
    exchanged = 0
    for case in HONEST:
        reply = case["reply"]
        if not all(s.kept for s in check(case["question"], reply)):
            continue
        for one, other in names.items():
            if one in MARKED.sub("", reply) and other not in MARKED.sub("", reply):
                exchanged += 1
                lie = re.sub(rf"{one}(?![^{{]*\}})", other, reply)
                assert not any(other in s.text and s.kept for s in check(case["question"], lie)), lie
    assert exchanged > 40


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("澜江市中级人民法院全市法院受理案件86412件，同比上升8.3％", True),
        ("澜江市中级人民法院全市法院受理案件86412件，同比上升9.1％", False),
        ("澜江市中级人民法院全市法院审执结81937件，同比上升9.1％", True),
        ("澜江市中级人民法院全市法院审执结81937件，同比上升8.3％", False),
        ("澜江市中级人民法院审执结81937件，同比上升9.1％", False),
        ("澜江市中级人民法院全市法院受理案件86412件、审执结81937件，同比分别上升8.3％和9.1％", True),
        ("澜江市中级人民法院全市法院受理案件86412件、审执结81937件，同比分别上升9.1％和8.3％", False),
    ],
)
def test_changes_told_in_turn_are_each_of_its_own_figure(
    check: Callable[..., list[Checked]], said: str, kept: bool
) -> None:
    told = check("澜江全市法院去年收结案情况", f"{said}{{全市法院共受理案件86412件}}。")
    assert [sentence.kept for sentence in told] == [kept]


def test_no_other_figure_of_the_citations_can_stand_in_the_place_of_one(engines: dict[str, Engine]) -> None:
    exchanged = 0
    for case in (*PROMPTED, *ENGLISH_REPLIES):
        engine = engines[case["reports"]]
        grounds = grounds_of(engine.answer(case["question"]), courts(engine))
        others = [(figure, item.quote) for item in grounds.evidence for figure in figures(item.quote)]
        for sentence in checked(case["reply"], grounds):
            if not sentence.kept:
                continue
            for own in figures(MARKED.sub(lambda mark: "　" * len(mark[0]), sentence.text)):
                start, end = own.quantity.start, own.quantity.end
                for other, quote in others:
                    if (
                        other.unit != own.unit
                        or other.quantity.value == own.quantity.value
                        or own.unit == "年"
                    ):
                        continue
                    exchanged += 1
                    value = quote[other.quantity.start : other.quantity.end]
                    lie = f"{sentence.text[:start]}{value}{sentence.text[end:]}"
                    assert not any(told.kept for told in checked(lie, grounds)), lie
    assert exchanged > 300


def test_no_court_of_a_prompted_reply_can_be_exchanged(engines: dict[str, Engine]) -> None:
    exchanged = 0
    for case in (*PROMPTED, *ENGLISH_REPLIES):
        engine = engines[case["reports"]]
        known = courts(engine)
        grounds = grounds_of(engine.answer(case["question"]), known)
        for sentence in checked(case["reply"], grounds):
            if not sentence.kept:
                continue
            named = [court.name for court in known if court.name in sentence.text]
            for one in named:
                for other in (court.name for court in known if court.name not in sentence.text):
                    exchanged += 1
                    lie = sentence.text.replace(one, other)
                    assert not any(told.kept for told in checked(lie, grounds)), lie
    assert exchanged > 300
