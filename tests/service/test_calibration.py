"""One scale for the similarities of encoders whose cosines mean different things."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from indexer.build import build
from indexer.calibration import OWN, Calibration, fit
from indexer.store import LocalStore
from models import load
from models.encoder import Vectors
from service.search import Mode, SearchResult, search

SAMPLES = Path(__file__).parents[2] / "reports"
QUERIES = ("整改措施有多少条", "为企业省钱的事", "how many volunteers took part", "今天中午吃什么")


class Narrow:
    """The built-in encoder with a component that all texts share, as many transformers have: cosines from 0.8 up."""

    name, window_chars, blocking = "narrow", 200, False

    def __init__(self, shared: float) -> None:
        self._encoder, self._shared = load(), shared
        self.fingerprint, self.dims = f"narrow-{shared}", self._encoder.dims + 1

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        vectors = self._encoder.encode_queries(texts)
        wide = np.hstack([vectors, np.full((len(texts), 1), self._shared, np.float32)])
        return np.asarray(wide / np.sqrt(1 + self._shared**2), dtype=np.float32)

    encode_passages = encode_queries


def test_passages_without_a_short_opening_still_get_a_scale() -> None:
    encoder = load()
    texts = ["短。", "也短。"]
    found = fit(encoder, texts, encoder.encode_passages(texts))
    assert found.ceiling > found.floor
    assert found.similarity(np.array([found.floor, 1.0], np.float32)).tolist() == [0.0, 1.0]


def test_an_encoder_that_takes_everything_for_the_same_still_gets_a_scale() -> None:
    texts = ["本院今年开展了三次专题学习。" + "会后各部门分头抓落实，逐月报告进度，年底对账销号。" * 2] * 3

    class Blind(Narrow):
        def encode_queries(self, texts: Sequence[str]) -> Vectors:
            vectors = np.zeros((len(texts), self.dims), np.float32)
            vectors[:, 0] = 1
            return vectors

        encode_passages = encode_queries

    blind = Blind(1)
    found = fit(blind, texts, blind.encode_passages(texts))
    assert np.isfinite(found.similarity(np.ones(2, np.float32))).all()


def test_similarities_lie_between_0_and_1() -> None:
    found = Calibration(floor=0.2, ceiling=0.6).similarity(np.array([-1, 0.2, 0.6, 1], np.float32))
    np.testing.assert_allclose(found, [0, 0, OWN, 1], atol=1e-6)


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> dict[float | None, list[SearchResult]]:
    found: dict[float | None, list[SearchResult]] = {}
    for shared in (None, 2.0, 4.0):
        encoder = load() if shared is None else Narrow(shared)
        index = tmp_path_factory.mktemp(f"shared-{shared}")
        build([SAMPLES], index, encoder, max_bytes=10**7)
        store = LocalStore.open(index)
        found[shared] = [
            search(store, encoder, query, mode=mode)
            for query in QUERIES
            for mode in (Mode.HYBRID, Mode.DENSE)
        ]
    return found


@pytest.mark.parametrize("shared", [2.0, 4.0])
def test_scores_and_order_do_not_depend_on_what_all_texts_of_an_encoder_share(
    searched: dict[float | None, list[SearchResult]], shared: float
) -> None:
    for plain, narrow in zip(searched[None], searched[shared], strict=True):
        np.testing.assert_allclose(
            [hit.score for hit in narrow.hits], [hit.score for hit in plain.hits], atol=0.01
        )
        assert narrow.hits[0].passage.text == plain.hits[0].passage.text


def test_without_the_scale_such_an_encoder_would_find_everything_alike() -> None:
    encoder = Narrow(4.0)
    near = encoder.encode_queries(["整改措施"]) @ encoder.encode_passages(["整改措施三十条", "红烧肉"]).T
    assert near.min() > 0.9
