"""Scoring retrieval: which gold files are taken, and what the figures say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from indexer.errors import FawenError
from service.engine import Engine
from service.evaluate import GoldQuestion, read_facts, read_gold, score_retrieval
from service.search import Mode
from tests.writing import GARDEN

GOOD = {"id": "a", "type": "count", "query": "银杏几棵", "passages": ["栽种花木"]}


def write(folder: Path, *lines: object) -> Path:
    """Write a gold file, objects as JSON and texts as they are."""
    path = folder / "gold.jsonl"
    rows = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in GOOD.items() if key != name}


@pytest.mark.parametrize(
    "bad",
    [
        "not json",
        "{",
        "[]",
        "7",
        "null",
        '"words"',
        *(without(name) for name in GOOD),
        {**GOOD, "passages": "栽种花木"},
        {**GOOD, "passages": None},
        {**GOOD, "passages": [""]},
        {**GOOD, "passages": [7]},
        {**GOOD, "passages": {"a": "b"}},
        {**GOOD, "answers": [[]]},
        {**GOOD, "answers": ["七"]},
        {**GOOD, "answers": [{"court": "三中院"}]},
        {**GOOD, "answers": [{"court": "三中院", "number": "许多"}]},
        {**GOOD, "courts_without_figure": "三中院"},
        {**GOOD, "derived": 7},
    ],
    ids=str,
)
def test_a_line_that_is_no_question_is_named(tmp_path: Path, bad: object) -> None:
    path = write(tmp_path, GOOD, "", bad, GOOD)
    with pytest.raises(FawenError, match=r"gold\.jsonl 第 3 行"):
        read_gold(path)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xfe\x00", b"\x89PNG"])
def test_a_file_without_questions_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_bytes(content)
    with pytest.raises(FawenError, match=r"gold\.jsonl"):
        read_gold(path)


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(FawenError, match="none"):
        read_gold(tmp_path / "none")


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c"])
def test_a_line_ends_where_json_lines_end_and_nowhere_else(tmp_path: Path, separator: str) -> None:
    line = json.dumps({**GOOD, "query": f"一{separator}二"}, ensure_ascii=False)
    assert read_gold(write(tmp_path, line))[0].query == f"一{separator}二"


def test_a_byte_order_mark_and_windows_line_ends_are_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    line = json.dumps(GOOD, ensure_ascii=False)
    path.write_bytes(b"\xef\xbb\xbf" + f"{line}\r\n{line}\r\n".encode())
    expected = GoldQuestion(id="a", type="count", query="银杏几棵", passages=("栽种花木",))
    assert read_gold(path) == [expected, expected]


def test_a_gold_passage_that_no_report_holds_is_named(odd_engine: Engine) -> None:
    question = GoldQuestion("g7", "count", "银杏", ("世上没有的句子",))
    with pytest.raises(FawenError, match=r"g7.*世上没有的句子"):
        score_retrieval(odd_engine, [question], Mode.HYBRID)


def test_questions_without_gold_passages_are_not_scored(odd_engine: Engine) -> None:
    assert score_retrieval(odd_engine, [GoldQuestion("n", "none", "火星", ())], Mode.HYBRID) == {}


def test_a_passage_found_first_scores_one_and_one_not_found_scores_nothing(odd_engine: Engine) -> None:
    found = GoldQuestion("a", "count", "银杏三十二棵", ("银杏三十二棵",))
    lost = GoldQuestion("b", "count", "", ("银杏三十二棵",))
    names = ("recall@5", "recall@10", "hit@1", "hit@5", "mrr@10")
    for questions, value in ([found], 1.0), ([lost], 0.0), ([found, lost], 0.5):
        figures = score_retrieval(odd_engine, questions, Mode.LEXICAL)
        assert figures == dict.fromkeys(names, value)


def test_recall_counts_each_gold_passage_and_rank_the_best(odd_engine: Engine) -> None:
    lake, garden = "组织巡查", "栽种花木"
    query = "组织巡查湖面"
    question = GoldQuestion("a", "count", query, (lake, garden))
    ranked = [hit.passage.text for hit in odd_engine.search(query, mode=Mode.LEXICAL).hits]
    assert [lake in text for text in ranked] == [True]
    figures = score_retrieval(odd_engine, [question], Mode.LEXICAL)
    assert figures["recall@5"] == figures["recall@10"] == 0.5
    assert figures["hit@1"] == figures["mrr@10"] == 1.0


def test_paraphrases_and_english_questions_are_told_apart(odd_engine: Engine) -> None:
    gold = (GARDEN.splitlines()[2],)
    questions = [
        GoldQuestion("a", "count", "银杏", gold),
        GoldQuestion("b", "paraphrase", "园艺", gold),
        GoldQuestion("c", "english", "ginkgo trees", gold),
    ]
    figures = score_retrieval(odd_engine, questions, Mode.DENSE)
    groups = {name.rpartition("recall@5")[0] for name in figures if name.endswith("recall@5")}
    assert groups == {"", "low_overlap_", "english_"}


def test_gold_over_the_maintainers_corpus_is_read_and_scored(
    shared: Path, builtin_encoder: object, tmp_path: Path
) -> None:
    from indexer.build import build

    build([shared / "corpus"], tmp_path / "index", builtin_encoder, max_bytes=10_000_000)  # type: ignore[arg-type]
    questions = read_gold(shared / "eval" / "questions.jsonl")
    engine = Engine(tmp_path / "index")
    hybrid, lexical = (score_retrieval(engine, questions, mode) for mode in (Mode.HYBRID, Mode.LEXICAL))
    for group in ("", "low_overlap_", "english_"):
        for name in ("recall@5", "recall@10"):
            assert hybrid[group + name] >= lexical[group + name]


@pytest.mark.parametrize(
    "bad", ["{", "[]", {"court": "三中院"}, {"number": 7}, {"court": "三中院", "number": "许多"}], ids=str
)
def test_a_line_that_is_no_gold_fact_is_named(tmp_path: Path, bad: object) -> None:
    good = {"court": "三中院", "number": 7, "unit": "件", "number_start": 3}
    assert [figure.number for figure in read_facts(write(tmp_path, good))] == [7.0]
    with pytest.raises(FawenError, match=r"gold\.jsonl 第 2 行"):
        read_facts(write(tmp_path, good, bad))
