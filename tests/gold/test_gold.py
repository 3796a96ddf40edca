"""Figures over our own gold do not drop: the sample reports, and four reports of other levels and years."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.build import build
from models import Encoder
from service.engine import Engine
from service.evaluate import read_facts, read_gold, score_answers, score_facts, score_retrieval
from service.search import Mode

GOLD = Path(__file__).parent
REPORTS = GOLD.parents[1] / "reports"

FLOORS = {
    "samples": {
        "answered": 1.0,
        "abstained": 1.0,
        "ledger": 1.0,
        "derived": 1.0,
        "count_recall": 0.96,
        "count_precision": 0.96,
        "count_exact": 0.9,
    },
    "four-courts": {
        "answered": 0.97,
        "abstained": 1.0,
        "ledger": 1.0,
        "derived": 1.0,
        "count_recall": 0.95,
        "count_precision": 0.97,
        "count_exact": 0.99,
    },
    "river-courts": {
        "answered": 0.97,
        "abstained": 1.0,
        "ledger": 0.97,
        "derived": 0.83,
        "count_recall": 0.9,
        "count_precision": 0.93,
        "count_exact": 0.8,
    },
    "coast-courts": {
        "answered": 0.9,
        "abstained": 0.66,
        "ledger": 0.87,
        "derived": 0.8,
        "count_recall": 0.72,
        "count_precision": 0.77,
        "count_exact": 0.53,
    },
}
QUESTIONS = {
    "samples": GOLD / "samples.jsonl",
    "four-courts": GOLD / "questions.jsonl",
    "river-courts": GOLD / "river-questions.jsonl",
    "coast-courts": GOLD / "coast-questions.jsonl",
}
FACTS = {
    "four-courts": GOLD / "facts.jsonl",
    "river-courts": GOLD / "river-facts.jsonl",
    "coast-courts": GOLD / "coast-facts.jsonl",
}


@pytest.fixture(scope="module", params=list(FLOORS))
def case(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, builtin_encoder: Encoder
) -> tuple[str, Engine]:
    corpus = REPORTS if request.param == "samples" else GOLD / f"{request.param}.txt"
    index = tmp_path_factory.mktemp(request.param)
    build([corpus], index, builtin_encoder, max_bytes=10**7)
    return request.param, Engine(index)


def test_answers_hold_their_figures(case: tuple[str, Engine]) -> None:
    name, engine = case
    lost: list[str] = []
    figures = score_answers(engine, read_gold(QUESTIONS[name]), lost)
    fallen = {key: figures[key] for key, floor in FLOORS[name].items() if figures[key] < floor}
    assert not fallen, "\n".join(lost)


def test_hybrid_retrieval_is_no_worse_than_either_half(case: tuple[str, Engine]) -> None:
    name, engine = case
    questions = read_gold(QUESTIONS[name])
    hybrid, lexical, dense = (
        score_retrieval(engine, questions, mode)["recall@10"]
        for mode in (Mode.HYBRID, Mode.LEXICAL, Mode.DENSE)
    )
    assert hybrid >= max(lexical, dense)


def test_every_citation_of_every_answer_quotes_its_source(case: tuple[str, Engine]) -> None:
    name, engine = case
    texts = {source.id: source.text for source in engine.store.sources()}
    checked = 0
    for question in read_gold(QUESTIONS[name]):
        for citation in engine.answer(question.query).citations:
            assert texts[citation.source_id][citation.start : citation.end] == citation.quote != ""
            checked += 1
    assert checked > 50


@pytest.mark.parametrize("name", list(FACTS))
def test_the_facts_of_other_courts_are_found_and_names_are_none(
    name: str, tmp_path: Path, builtin_encoder: Encoder
) -> None:
    build([GOLD / f"{name}.txt"], tmp_path, builtin_encoder, max_bytes=10**7)
    lost: list[str] = []
    figures = score_facts(Engine(tmp_path), read_facts(FACTS[name]), read_gold(QUESTIONS[name]), lost)
    assert figures["recall"] >= 0.98, "\n".join(lost)
    assert figures["unit"] >= 0.97
    assert figures["court"] >= 0.98
    assert figures["names_served_as_facts"] == 0, "\n".join(lost)
