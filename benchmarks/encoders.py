"""Encoders side by side: BM25, corpus-fitted LSA, each model, and their weighted sums, on held-out tasks.

    python -m benchmarks.encoders DIR [DIR ...] --public FOLDER [--corpus FILE --questions FILE]
    python -m benchmarks.encoders DIR --questions FILE --speed

Each DIR is a static model; the first is the one that the others are compared with. FOLDER holds
cmrc2018_dev.json, xquad.zh.json, xquad.en.json and tatoeba.cmn-eng.{cmn,eng}. Weights of fusions are chosen on
the questions of even number and reported on those of odd number. BM25x is BM25 after query expansion: word translations
for English questions, the genre's lexicon for all. Signs are two-sided sign tests on recall@1 and
recall@5 of the questions on which two systems differ.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from math import comb
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from benchmarks.retrieval import paragraphs
from indexer.build import build
from indexer.lexical import Lexical
from indexer.passages import inputs_of, windows
from indexer.store import LocalStore
from indexer.text import fold
from models.static import StaticEncoder
from service.evaluate import read_gold
from service.expansion import lexical_query

GRID = tuple(w / 10 for w in range(11))
LSA_DIMS = 256
LOW_OVERLAP = {"topic", "paraphrase"}

Scores = NDArray[np.float32]


@dataclass
class Task:
    """Questions, the texts that each passage is embedded as, and the passages to be found for each question."""

    name: str
    questions: list[str]
    passages: list[list[str]]
    gold: list[list[int]]
    groups: list[str] = field(default_factory=list)

    def lexical(self, *, expanded: bool) -> Scores:
        """BM25 of a question as it is, or of what the search looks up for it."""
        index = Lexical.build([texts[0] for texts in self.passages])
        queries = [lexical_query(question)[0] if expanded else question for question in self.questions]
        return np.stack([index.scores(query) for query in queries])

    def lsa(self) -> Scores:
        """Similarities after a singular value decomposition of TF-IDF over characters and bigrams."""
        tfidf = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True)
        matrix = tfidf.fit_transform([fold(texts[0]) for texts in self.passages])
        svd = TruncatedSVD(min(LSA_DIMS, len(self.passages) - 1), random_state=0)
        near = normalize(svd.fit_transform(matrix))
        asked = normalize(svd.transform(tfidf.transform(map(fold, self.questions))))
        return np.clip(asked @ near.T, 0, 1).astype(np.float32)

    def dense(self, encoder: StaticEncoder) -> Scores:
        starts = np.cumsum([0, *map(len, self.passages)])[:-1]
        vectors = encoder.encode_passages([fold(text) for texts in self.passages for text in texts])
        asked = encoder.encode_queries([fold(question) for question in self.questions])
        return np.clip(np.maximum.reduceat(asked @ vectors.T, starts, axis=1), 0, 1)

    def recall(self, scores: Scores, k: int) -> NDArray[np.float64]:
        """Return, question by question, the share of its passages among the first k."""
        found = []
        for row, gold in zip(scores, self.gold, strict=True):
            found.append(np.mean([rank(row, place) < k for place in gold]))
        return np.array(found)


def rank(scores: Scores, place: int) -> int:
    """Return the rank of a passage, 0 the first; of equal scores the earlier passage is first, as in the index."""
    return int((scores > scores[place]).sum() + (scores[:place] == scores[place]).sum())


def public(folder: Path, window_chars: int) -> list[Task]:
    tasks = []
    chinese = list(paragraphs(folder / "xquad.zh.json"))
    english = [asked for _, asked in paragraphs(folder / "xquad.en.json")]
    crossed = [(text, asked) for (text, _), asked in zip(chinese, english, strict=True)]
    for name, found in (
        ("CMRC2018-dev", list(paragraphs(folder / "cmrc2018_dev.json"))),
        ("XQuAD zh", chinese),
        ("XQuAD en-zh", crossed),
    ):
        texts = [[text, *windows(text, window_chars)] for text, _ in found]
        questions = [(one, [i]) for i, (_, asked) in enumerate(found) for one in asked]
        tasks.append(Task(name, [one for one, _ in questions], texts, [gold for _, gold in questions]))
    sides = [
        (folder / f"tatoeba.cmn-eng.{side}").read_text(encoding="utf-8").splitlines()
        for side in ("cmn", "eng")
    ]
    for name, (asked, found_in) in (("Tatoeba zh-en", sides), ("Tatoeba en-zh", sides[::-1])):
        tasks.append(Task(name, asked, [[text] for text in found_in], [[i] for i in range(len(asked))]))
    return tasks


def court_reports(corpus: Path, questions: Path, encoder: StaticEncoder) -> Task:
    """The gold questions over the passages of an index of the corpus."""
    with tempfile.TemporaryDirectory() as folder:
        build([corpus], Path(folder), encoder, max_bytes=10**9)
        store = LocalStore.open(Path(folder))
        passages, sources = store.passages(), store.sources()
        asked, gold, groups = [], [], []
        for question in read_gold(questions):
            places = [
                (source.id, source.text.find(words))
                for words in question.passages
                for source in sources
                if words in source.text
            ]
            rows = [
                row
                for source, at in places
                for row, passage in enumerate(passages)
                if passage.source_id == source and passage.start <= at < passage.end
            ]
            if rows:
                asked.append(question.query)
                gold.append(rows)
                groups.append("low" if question.type in LOW_OVERLAP else question.type)
        texts = [list(inputs_of(passage, encoder.window_chars).embedded) for passage in passages]
    return Task("court reports", asked, texts, gold, groups)


def fused(parts: Sequence[Scores], weights: Sequence[float]) -> Scores:
    """Return the weighted sum."""
    return np.asarray(sum(weight * part for weight, part in zip(weights, parts, strict=True)))


def sign_test(ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> tuple[int, int, float]:
    """Return wins, losses and the two-sided p of the sign test."""
    wins, losses = int((ours > theirs).sum()), int((ours < theirs).sum())
    count = wins + losses
    tail = sum(comb(count, i) for i in range(min(wins, losses) + 1)) / 2**count
    return wins, losses, min(1.0, 2 * tail)


def choose(task: Task, parts: Sequence[Scores], half: NDArray[np.bool_]) -> tuple[float, ...]:
    """Return the weights, tenths that add up to 1, of the best mean of recall@1 and @5 on half of the questions."""
    best: tuple[float, tuple[float, ...]] = (-1.0, ())
    for head in product(GRID, repeat=len(parts) - 1):
        if sum(head) <= 1 + 1e-9:
            weights = (*head, max(0.0, 1 - sum(head)))
            scores = fused(parts, weights)
            value = float((task.recall(scores, 1)[half] + task.recall(scores, 5)[half]).mean())
            best = max(best, (round(value, 6), weights))
    return best[1]


def report(task: Task, models: list[tuple[str, StaticEncoder]]) -> None:
    odd = np.arange(len(task.questions)) % 2 == 1
    plain, lexical, lsa = task.lexical(expanded=False), task.lexical(expanded=True), task.lsa()
    dense = {name: task.dense(encoder) for name, encoder in models}
    systems: dict[str, Scores] = {"BM25": plain, "BM25x": lexical, "LSA": lsa, **dense}
    for name, near in dense.items():
        weights = choose(task, (lexical, near), ~odd)
        systems[f"{weights[0]:.1f} BM25x + {weights[1]:.1f} {name}"] = fused((lexical, near), weights)
        systems[f"0.4 BM25x + 0.6 {name}"] = fused((lexical, near), (0.4, 0.6))
        systems[f"0.5 BM25x + 0.5 {name}"] = fused((lexical, near), (0.5, 0.5))
        three = choose(task, (lexical, lsa, near), ~odd)
        label = " + ".join(f"{w:.1f} {part}" for w, part in zip(three, ("BM25x", "LSA", name), strict=True))
        systems[label] = fused((lexical, lsa, near), three)
    print(f"\n{task.name}: {len(task.questions)} questions, {len(task.passages)} passages")
    print(
        f"  {'recall@1/@5/@10':44} {'all':>20} {'odd half':>20}"
        + "".join(f"{g:>20}" for g in sorted(set(task.groups)))
    )
    for name, scores in systems.items():
        found = {k: task.recall(scores, k) for k in (1, 5, 10)}
        cells = [np.ones(len(odd), bool), odd]
        cells += [np.array([one == group for one in task.groups]) for group in sorted(set(task.groups))]
        figures = ["/".join(f"{values[kept].mean():.3f}" for values in found.values()) for kept in cells]
        print(f"  {name:44} " + " ".join(f"{figure:>19}" for figure in figures))
    first = models[0][0]
    for name, _ in models[1:]:
        for k in (1, 5):
            wins, losses, p = sign_test(task.recall(dense[name], k), task.recall(dense[first], k))
            print(f"  {name} beside {first}, recall@{k}: better on {wins}, worse on {losses}, p = {p:.2g}")
    mixed = {name: fused((lexical, near), (0.5, 0.5)) for name, near in dense.items()}
    for name, scores in mixed.items():
        wins, losses, p = sign_test(task.recall(scores, 1), task.recall(plain, 1))
        print(
            f"  0.5 BM25x + 0.5 {name} beside BM25, recall@1: better on {wins}, worse on {losses}, p = {p:.2g}"
        )


def speed(path: Path, questions: Sequence[str]) -> None:
    """Print a model's size, load time, short queries a second one by one in one thread, and resident memory."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    encoder = StaticEncoder.open(path)
    encoder.encode_queries(["整改"])
    loaded = time.perf_counter() - started
    asked = [fold(question) for question in questions] * 20
    started = time.perf_counter()
    for question in asked:
        encoder.encode_queries([question])
    rate = len(asked) / (time.perf_counter() - started)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    size = sum((path / name).stat().st_size for name in ("table.npy", "scales.npy", "tokenizer.json")) / 1e6
    print(
        f"{path.name}: {size:.1f} MB, loaded in {loaded:.2f} s, {rate:.0f} queries/s, memory grew {grown:.0f} MB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("models", nargs="+", type=Path)
    parser.add_argument("--public", type=Path)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--questions", type=Path)
    parser.add_argument("--speed", action="store_true", help="size, load time and queries a second instead")
    options = parser.parse_args()
    if options.speed:
        for path in options.models:
            speed(path, [question.query for question in read_gold(options.questions)])
        return
    models = [(path.name, StaticEncoder.open(path)) for path in options.models]
    tasks = public(options.public, models[0][1].window_chars) if options.public else []
    if options.corpus and options.questions:
        tasks.append(court_reports(options.corpus, options.questions, models[0][1]))
    for task in tasks:
        report(task, models)


if __name__ == "__main__":
    main()
