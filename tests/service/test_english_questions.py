"""English questions whose matter no list of terms names, over reports that were written apart from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.build import build
from models import Encoder
from service.engine import Engine
from tests.conftest import MAX_BYTES

REPORTS = Path(__file__).with_name("replies") / "plains-courts"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, builtin_encoder: Encoder) -> Engine:
    index = tmp_path_factory.mktemp("english") / "index"
    build([REPORTS], index, builtin_encoder, max_bytes=MAX_BYTES)
    return Engine(index)


@pytest.mark.parametrize(
    ("question", "figure", "quoted"),
    [
        ("How many family education guidance orders did the Qingtong court issue?", 48, "家庭教育指导令48份"),
        ("How many deputies' suggestions did the Qingtong court handle?", 15, "代表建议15件"),
        ("How many people did the Yuchuan Railway Transport Court detain?", 13, "拘留13人"),
        (
            "How much did the Cangling Intermediate Court invest in Party building?",
            426_000,
            "党建经费42.6万元",
        ),
        ("What was the premium rate of the Qingtong court's online auctions?", 17.3, "溢价率17.3%"),
    ],
)
def test_a_question_is_read_in_the_words_of_the_passages_found_for_it(
    engine: Engine, question: str, figure: float, quoted: str
) -> None:
    answer = engine.answer(question)
    assert figure in [cited.fact.number for cited in answer.facts]
    assert any(quoted in citation.quote for citation in answer.citations)


def test_a_rate_is_not_answered_with_a_number_of_cases(engine: Engine) -> None:
    facts = engine.answer("What was the case closing rate of each court?").facts
    assert facts
    assert {cited.fact.unit for cited in facts} == {"%"}


@pytest.mark.parametrize(
    "question",
    [
        "How many satellites did the Qingtong court launch?",
        "How many aircraft did the Cangling Intermediate Court buy?",
        "How many more cases did the Yuchuan Railway Transport Court accept than in 2015?",
    ],
)
def test_what_no_passage_tells_is_not_answered_with_a_figure_of_something_else(
    engine: Engine, question: str
) -> None:
    answer = engine.answer(question)
    assert answer.abstained or "No figure is worded just so" in answer.text
