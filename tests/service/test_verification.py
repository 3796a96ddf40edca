"""The check of worded answers: what share of lies it catches, and of honest sentences it keeps.

In the data {words} stands for the number of the citation that quotes these words.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from indexer.build import build
from models import Encoder
from service.engine import Engine
from service.evidence import Grounds, grounds_of
from service.verification import Checked, checked, normal_marks
from tests.conftest import MAX_BYTES

REPLIES = Path(__file__).with_name("replies")
WHOLLY_CAUGHT = {"number", "court"}


def read(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (REPLIES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


LYING, HONEST = read("lying"), read("honest")
HELDOUT_LYING, HELDOUT_HONEST = read("heldout-lying"), read("heldout-honest")
FRESH_LYING, FRESH_HONEST = read("fresh-lying"), read("fresh-honest")
SECOND_LYING, SECOND_HONEST = read("second-lying"), read("second-honest")
THIRD_LYING, THIRD_HONEST = read("third-lying"), read("third-honest")


@pytest.fixture(scope="module")
def check(engine: Engine) -> Any:
    """Return what checks a reply of the data against the answer to its question."""
    return checker(engine)


@pytest.fixture(scope="module")
def check_fresh(builtin_encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return the same over the reports that the fresh sets are about."""
    index = tmp_path_factory.mktemp("fresh") / "index"
    build([REPLIES / "reports"], index, builtin_encoder, max_bytes=MAX_BYTES)
    return checker(Engine(index))


def checker(engine: Engine) -> Any:
    """Return what checks a reply against the answer that an engine gives to its question."""

    @cache
    def grounds(question: str) -> Grounds:
        courts = {report.court.key: report.court for report in engine.store.reports()}
        return grounds_of(engine.answer(question), courts.values())

    def with_numbers(reply: str, given: Grounds) -> str:
        def number(match: re.Match[str]) -> str:
            found = next((item.number for item in given.evidence if match[1] in item.quote), None)
            assert found is not None, f"no citation quotes “{match[1]}”"
            return f"[{found}]"

        return re.sub(r"\{([^}]+)\}", number, reply)

    def run(case: dict[str, Any]) -> list[Checked]:
        given = grounds(case["question"])
        return checked(with_numbers(case["reply"], given), given)

    return run


def test_there_are_enough_replies_of_every_kind() -> None:
    kinds = Counter(case["kind"] for case in LYING)
    assert len(LYING) >= 60
    assert min(kinds[kind] for kind in ("number", "court", "invented", "citation")) >= 10
    assert len(HONEST) >= 40


@pytest.mark.parametrize("case", LYING, ids=lambda case: case["reply"][:40])
def test_a_lie_is_dropped(check: Any, case: dict[str, Any]) -> None:
    kept = [sentence.text for sentence in check(case) if sentence.kept]
    assert kept == []


def test_honest_sentences_are_kept(check: Any) -> None:
    lost = [
        (sentence.fault, sentence.text) for case in HONEST for sentence in check(case) if not sentence.kept
    ]
    assert len(lost) <= 0.05 * len(HONEST), lost


def test_no_lie_written_apart_from_the_check_is_kept(check: Any) -> None:
    assert len(HELDOUT_LYING) == 40
    kept = [sentence.text for case in HELDOUT_LYING for sentence in check(case) if sentence.kept]
    assert kept == []


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("三中院发文数量减少多少", "三中院发文数量减为16.5%{发文数量减少16.5％}。"),
        ("三中院发文数量减少多少", "三中院发文数量减少后为16.5%{发文数量减少16.5％}。"),
        ("三中院发文数量减少多少", "三中院发文数量减少达16.5%以上{发文数量减少16.5％}。"),
        ("二中院审执结案件情况", "二中院结案率为5.58%{执法办案成效明显}。"),
        ("二中院审执结案件情况", "二中院结案率上升到5.58%{执法办案成效明显}。"),
    ],
)
def test_a_change_is_not_a_share_reached_nor_bounded(check: Any, question: str, reply: str) -> None:
    assert not any(sentence.kept for sentence in check({"question": question, "reply": reply}))


def test_honest_rewordings_written_apart_from_the_check_are_kept(check: Any) -> None:
    assert len(HELDOUT_HONEST) == 25
    lost = [sentence.text for case in HELDOUT_HONEST for sentence in check(case) if not sentence.kept]
    assert len(lost) == 1, lost


@pytest.mark.parametrize(("lying", "count"), [(FRESH_LYING, 60), (SECOND_LYING, 40), (THIRD_LYING, 40)])
def test_no_lie_of_the_fresh_sets_is_kept(check_fresh: Any, lying: list[dict[str, Any]], count: int) -> None:
    assert len(lying) == count
    assert [s.text for case in lying for s in check_fresh(case) if s.kept] == []


@pytest.mark.parametrize(
    ("honest", "count", "kept"), [(FRESH_HONEST, 40, 39), (SECOND_HONEST, 20, 18), (THIRD_HONEST, 40, 36)]
)
def test_honest_sentences_of_the_fresh_sets_are_kept(
    check_fresh: Any, honest: list[dict[str, Any]], count: int, kept: int
) -> None:
    """Those lost say what no cited word says (在破产审判中, 受益), or put together what stands apart."""
    assert len(honest) == count
    lost = [s.text for case in honest for s in check_fresh(case) if not s.kept]
    assert len(lost) <= count - kept, lost


@pytest.mark.parametrize(
    ("reply", "kept"),
    [
        ("三家法院中，泽安中院审结的破产案件最多{件27件}{件15件}{件6件}。", True),
        ("三家法院中，澄湖中院审结的破产案件最多{件27件}{件15件}{件6件}。", False),
        ("泽安中院等三家法院审结破产案件27件{件27件}{件15件}{件6件}。", False),
        ("泽安中院等三家法院中，审结破产案件27件{件27件}{件15件}{件6件}。", False),
        ("三家法院审结的破产案件分别为27件、15件和6件{件27件}{件15件}{件6件}。", True),
        ("三家法院审结的破产案件分别为27件、6件和15件{件27件}{件15件}{件6件}。", False),
        ("两家法院审结的破产案件分别为27件、15件和6件{件27件}{件15件}{件6件}。", False),
        ("三家法院审结的破产案件分别为15件、27件和6件{件27件}{件15件}{件6件}。", False),
        ("泽安中院和澄湖中院均审结破产案件27件{件27件}{件15件}。", False),
    ],
)
def test_courts_taken_together_are_those_cited_in_their_order(
    check_fresh: Any, reply: str, kept: bool
) -> None:
    told = check_fresh({"question": "各院审结破产案件多少件", "reply": reply})
    assert [sentence.kept for sentence in told] == [kept]


def test_a_lie_among_honest_sentences_is_dropped_alone(check: Any) -> None:
    honest = HONEST[0]["reply"]
    for case in LYING:
        if case["question"] != HONEST[0]["question"] or "[" in case["reply"]:
            continue
        told = check({"question": case["question"], "reply": f"{case['reply']}\n{honest}"})
        assert [sentence.kept for sentence in told][-1] is True
        assert sum(sentence.kept for sentence in told) == 1, case


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("a[1, 2]", "a[1][2]"),
        ("a【3】", "a[3]"),
        ("a［4］", "a[4]"),
        ("a[^5]", "a[5]"),
        ("a[6、7]", "a[6][7]"),
        ("a[x]", "a[x]"),
    ],
)
def test_marks_of_every_form_are_read(written: str, normal: str) -> None:
    assert normal_marks(written) == normal


@pytest.mark.parametrize(
    "reply", ["", "\n\n", "[1]", "。。。", "1.", "[" * 5000, "甲" * 20000, "[1]" * 5000, "一" * 5000]
)
def test_nothing_and_floods_are_checked_without_fault(check: Any, reply: str) -> None:
    assert not any(sentence.kept for sentence in check({"question": "各院志愿服务多少次", "reply": reply}))


def test_a_mark_before_a_sentence_is_its_citation(check: Any) -> None:
    (sentence,) = check(
        {
            "question": "各院志愿服务多少次",
            "reply": "{全年共组织志愿服务118次} 三中院全年共组织志愿服务118次。",
        }
    )
    assert sentence.kept
    assert sentence.text == "三中院全年共组织志愿服务118次。[1]"


@pytest.mark.parametrize(
    "reply", ["依据：[1]", "根据报告：[1]。", "三中院[1]。", "三中院志愿服务118次。\n\n[1]"]
)
def test_what_says_nothing_or_stands_apart_from_its_mark_is_dropped(check: Any, reply: str) -> None:
    assert not any(sentence.kept for sentence in check({"question": "各院志愿服务多少次", "reply": reply}))


def test_no_number_of_an_honest_sentence_can_be_altered(check: Any) -> None:
    altered = 0
    for case in HONEST:
        reply = case["reply"]
        hidden = re.sub(r"\{[^}]*\}|[\[【][^\]】]*[\]】]|^\d+\.|“[^”]*”", lambda m: "_" * len(m[0]), reply)
        for number in re.finditer(r"\d+(?:\.\d+)?", hidden):
            value = number[0]
            others = {
                f"{float(value) + 1:g}",
                f"{float(value) - 1:g}",
                f"1{value}",
                value[::-1],
                f"{float(value) * 10:g}",
            }
            for other in others - {value}:
                altered += 1
                lie = reply[: number.start()] + other + reply[number.end() :]
                kept = [s.text for s in check(case | {"reply": lie}) if s.kept]
                assert not any(re.search(rf"(?<!\d){re.escape(other)}(?!\d)", text) for text in kept), lie
    assert altered > 200


def test_no_court_of_an_honest_sentence_can_be_exchanged(check: Any) -> None:
    exchanged = 0
    for case in HONEST:
        for one, other in (
            ("三中院", "一中院"),
            ("一中院", "二中院"),
            ("二中院", "三中院"),
            ("一中院", "三中院"),
        ):
            if one in case["reply"]:
                exchanged += 1
                lie = case["reply"].replace(other, "＠").replace(one, other).replace("＠", one)
                assert not any(sentence.kept for sentence in check(case | {"reply": lie})), lie
    assert exchanged > 40


@pytest.mark.parametrize(
    "reply",
    [
        "三中院志愿服务“50次”{全年共组织志愿服务118次}{志愿活动全年组织50次}。",
        "三中院“志愿活动全年组织50次”{全年共组织志愿服务118次}{志愿活动全年组织50次}。",
        "三中院志愿服务“118次”、一中院“118次”{全年共组织志愿服务118次}{志愿活动全年组织50次}。",
    ],
)
def test_a_figure_in_quotation_marks_is_held_to_its_court_too(check: Any, reply: str) -> None:
    told = check({"question": "各院志愿服务多少次", "reply": reply})
    assert not any(sentence.kept for sentence in told)


@pytest.mark.parametrize(
    "act", ["完成", "落实", "实施", "推进", "制定", "提出", "收到", "公布", "需要", "取消"]
)
@pytest.mark.parametrize("when", ["", "原先", "此前", "后来"])
def test_an_act_or_a_time_that_no_cited_word_tells_is_not_said_of_a_figure(
    check: Any, act: str, when: str
) -> None:
    reply = f"三中院{when}{act}志愿服务118次{{全年共组织志愿服务118次}}。"
    assert not any(sentence.kept for sentence in check({"question": "各院志愿服务多少次", "reply": reply}))
