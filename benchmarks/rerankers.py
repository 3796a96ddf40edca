"""Time of cross-encoders on this machine: seconds for so many passages, beside the smallest of those given.

    python -m benchmarks.rerankers DIR [DIR ...] [--passages 50]

Each DIR is a cross-encoder as `fawen serve --reranker` takes it. The passages are those of the sample reports.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from indexer.build import build
from indexer.passages import in_context
from indexer.store import LocalStore
from models import load
from models.reranker import Reranker

QUESTIONS = ("整改措施有多少条", "怎样帮小企业省钱", "how are polluters dealt with")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("models", nargs="+", type=Path)
    parser.add_argument("--passages", type=int, default=50)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        build([Path("reports")], Path(folder), load(), max_bytes=10**9)
        store = LocalStore.open(Path(folder))
        texts = [in_context(passage) for passage in store.passages()][: options.passages]
        store.close()
    rerankers = [Reranker.open(path) for path in options.models]
    seconds = [0.0] * len(rerankers)
    for reranker in rerankers:
        reranker.scores(QUESTIONS[0], texts[:2])
    for question in QUESTIONS:
        for i, reranker in enumerate(rerankers):
            started = time.perf_counter()
            reranker.scores(question, texts)
            seconds[i] += (time.perf_counter() - started) / len(QUESTIONS)
    for reranker, taken in zip(rerankers, seconds, strict=True):
        print(
            f"{reranker.name}: {taken:.2f} s for {len(texts)} passages, {taken / min(seconds):.1f} times the fastest"
        )


if __name__ == "__main__":
    main()
