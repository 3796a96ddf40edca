"""Queries that arrive at once share a run of the encoder, and each caller gets its own answer."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from models.batching import QueryBatcher
from models.encoder import Vectors


class Slow:
    """An encoder whose first run waits until it is let go; a text's vector holds its number."""

    def __init__(self) -> None:
        self.runs: list[list[str]] = []
        self.started, self.go_on = threading.Event(), threading.Event()

    def __call__(self, texts: Sequence[str]) -> Vectors:
        self.runs.append(list(texts))
        self.started.set()
        assert self.go_on.wait(30)
        if "bad" in texts:
            raise ValueError("bad text")
        return np.array([[float(text)] for text in texts], dtype=np.float32).reshape(-1, 1)


def together(encoder: Slow, batcher: QueryBatcher, asked: list[str]) -> list[float | str]:
    """Ask `asked`, each from its own thread, while a first query keeps the encoder busy."""

    def ask(text: str) -> float | str:
        try:
            return float(batcher([text])[0, 0])
        except ValueError as error:
            return str(error)

    with ThreadPoolExecutor(len(asked) + 1) as pool:
        first = pool.submit(ask, "0")
        assert encoder.started.wait(30)
        rest = [pool.submit(ask, text) for text in asked]
        while len(batcher._waiting) < len(asked):
            threading.Event().wait(0.001)
        encoder.go_on.set()
        return [first.result(30), *(one.result(30) for one in rest)]


def test_a_failure_reaches_every_caller_of_the_run_and_none_of_the_next() -> None:
    encoder = Slow()
    batcher = QueryBatcher(encoder, largest=2)
    found = together(encoder, batcher, ["bad", "7", "8"])
    assert found[0] == 0
    assert "bad text" in found
    assert found.count("bad text") == 2
    encoder.go_on.set()
    assert batcher(["7", "8"]).tolist() == [[7], [8]]


def test_queries_that_wait_are_encoded_in_one_run_and_each_gets_its_own_vector() -> None:
    encoder = Slow()
    asked = [str(number) for number in range(1, 9)]
    found = together(encoder, QueryBatcher(encoder), asked)
    assert found == [float(text) for text in ["0", *asked]]
    assert encoder.runs[0] == ["0"]
    assert [sorted(run) for run in encoder.runs[1:]] == [sorted(asked)]


def test_no_run_is_larger_than_allowed() -> None:
    encoder = Slow()
    found = together(encoder, QueryBatcher(encoder, largest=3), [str(number) for number in range(1, 9)])
    assert sorted(found, key=float) == [float(number) for number in range(9)]
    assert [len(run) for run in encoder.runs] == [1, 3, 3, 2]


def test_the_same_query_of_several_callers_is_encoded_once() -> None:
    encoder = Slow()
    assert together(encoder, QueryBatcher(encoder), ["5"] * 4) == [0, 5, 5, 5, 5]
    assert encoder.runs == [["0"], ["5"]]


def test_a_query_asked_again_is_remembered_and_the_oldest_forgotten() -> None:
    encoder = Slow()
    encoder.go_on.set()
    batcher = QueryBatcher(encoder, kept=2)
    for text in ("1", "2", "1", "3", "1", "2"):
        assert batcher([text]).tolist() == [[float(text)]]
    assert encoder.runs == [["1"], ["2"], ["3"], ["2"]]


def test_an_error_is_not_remembered() -> None:
    encoder = Slow()
    encoder.go_on.set()
    batcher = QueryBatcher(encoder)
    for _ in range(2):
        with pytest.raises(ValueError, match="bad text"):
            batcher(["bad"])
    assert encoder.runs == [["bad"], ["bad"]]


def test_no_queries_give_no_vectors() -> None:
    encoder = Slow()
    encoder.go_on.set()
    assert QueryBatcher(encoder)([]).shape == (0, 1)
