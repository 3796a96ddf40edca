"""Retrieval: hybrid beside each half alone, over gold questions; weights and public sets with --sweep.

    python -m benchmarks.retrieval [CORPUS QUESTIONS] [--sweep] [--public DIR] [--model DIR] [--reranker DIR]

Without arguments the sample reports and tests/gold/samples.jsonl are scored. --public takes a folder with
cmrc2018_dev.json and xquad.zh.json (CC BY-SA 4.0) and scores passage recall on them as a check from outside.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

import service.search
from indexer.build import build
from indexer.lexical import Lexical
from indexer.passages import windows
from indexer.text import fold
from models import load
from models.encoder import BUILTIN
from service import expansion
from service.engine import Engine
from service.evaluate import GoldQuestion, read_gold, score_retrieval
from service.search import Mode

WEIGHTS = (0.3, 0.4, 0.5, 0.6, 0.7)
NAMES = ("recall@5", "recall@10", "low_overlap_recall@10", "english_recall@5", "mrr@10")


def paragraphs(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield context and questions of a reading-comprehension set in the SQuAD or the CMRC layout."""
    content: Any = json.loads(path.read_text(encoding="utf-8"))
    if isinstance(content, dict):
        for article in content["data"]:
            for paragraph in article["paragraphs"]:
                yield paragraph["context"], [one["question"] for one in paragraph["qas"]]
    else:
        for paragraph in content:
            yield paragraph["context_text"], [one["query_text"] for one in paragraph["qas"]]


def public(path: Path, most: int = 1200) -> None:
    encoder = load()
    found = list(paragraphs(path))
    contexts = [context for context, _ in found]
    asked = [(question, i) for i, (_, questions) in enumerate(found) for question in questions]
    pick = np.random.default_rng(0).choice(len(asked), min(most, len(asked)), replace=False)
    lexical = Lexical.build(contexts)
    cut = [windows(context, encoder.window_chars) for context in contexts]
    texts = [
        [context, *parts] if len(parts) > 1 else [context]
        for context, parts in zip(contexts, cut, strict=True)
    ]
    starts = np.cumsum([0, *(len(part) for part in texts)])[:-1]
    vectors = encoder.encode_passages([text for part in texts for text in part])
    right: dict[str, list[int]] = {}
    for place in pick:
        question, gold = asked[place]
        near = np.clip(
            np.maximum.reduceat(vectors @ encoder.encode_queries([fold(question)])[0], starts), 0, 1
        )
        shared = lexical.scores(question)
        scored = {"lexical": shared, "dense": near}
        scored |= {f"hybrid {w}": w * shared + (1 - w) * near for w in WEIGHTS}
        for name, scores in scored.items():
            rank = int((scores > scores[gold]).sum() + (scores[:gold] == scores[gold]).sum())
            right.setdefault(name, []).append(rank)
    print(f"{path.name}: {len(pick)} questions, {len(contexts)} paragraphs: recall@1 / recall@5")
    for name, ranks in right.items():
        first, five = np.mean([rank < 1 for rank in ranks]), np.mean([rank < 5 for rank in ranks])
        print(f"  {name:12} {first:.3f} / {five:.3f}")


def _without(engine: Engine, questions: list[GoldQuestion], *parts: tuple[str, Any]) -> dict[str, Any]:
    """Score hybrid search with parts of the query expansion giving nothing."""
    with ExitStack() as stack:
        for name, nothing in parts:
            stack.enter_context(mock.patch.object(expansion, name, return_value=nothing))
        for cached in (expansion.expanded, expansion.in_chinese_wordings):
            cached.cache_clear()
            stack.callback(cached.cache_clear)
        return score_retrieval(engine, questions, Mode.HYBRID)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("corpus", nargs="?", default="reports", type=Path)
    parser.add_argument("questions", nargs="?", default="tests/gold/samples.jsonl", type=Path)
    parser.add_argument("--sweep", action="store_true", help="other weights of the lexical side")
    parser.add_argument("--public", type=Path, help="folder with cmrc2018_dev.json and xquad.zh.json")
    parser.add_argument("--model", default=BUILTIN, help="encoder: a name or a directory")
    parser.add_argument("--reranker", type=Path, help="directory of a cross-encoder: one more row")
    options = parser.parse_args()
    questions = read_gold(options.questions)
    with tempfile.TemporaryDirectory() as folder:
        build([options.corpus], Path(folder), load(options.model), max_bytes=10**9)
        engine = Engine(Path(folder))
        rows = {mode.value: score_retrieval(engine, questions, mode) for mode in Mode}
        rows["no lexicon"] = _without(
            Engine(Path(folder)),
            questions,
            ("in_chinese_at", []),
            ("variants_at", []),
            ("in_report_words", ""),
        )
        with mock.patch("service.search.TRANSLATED_WEIGHT", 0):
            rows["no translation"] = score_retrieval(Engine(Path(folder)), questions, Mode.HYBRID)
        if options.reranker:
            ordered = Engine(Path(folder), reranker=options.reranker)
            rows["reranked"] = score_retrieval(ordered, questions, Mode.HYBRID)
        if options.sweep:
            for weight in WEIGHTS:
                service.search.LEXICAL_WEIGHT = weight
                rows[f"hybrid {weight}"] = score_retrieval(Engine(Path(folder)), questions, Mode.HYBRID)
    names = [name for name in NAMES if name in rows["hybrid"]]
    print(f"{'':15}" + "".join(f"{name:>23}" for name in names))
    for label, figures in rows.items():
        print(f"{label:15}" + "".join(f"{figures[name]:>23.3f}" for name in names))
    if options.public:
        for name in ("cmrc2018_dev.json", "xquad.zh.json"):
            public(options.public / name)


if __name__ == "__main__":
    main()
