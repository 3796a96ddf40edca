"""The local store passes the contract, and refuses what is not a whole index."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from indexer.build import build
from indexer.store import LocalStore
from tests.samples import MAX_BYTES, OTHER, REPORT, TITLE, write
from tests.store_contract import ENCODER, SOURCES, StoreContract


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the contract's sources, in their order."""
    home = tmp_path_factory.mktemp("local")
    first, second = write(home / "1", 甲=REPORT), write(home / "2", 乙=OTHER)
    build([first, second], home / "index", ENCODER, max_bytes=MAX_BYTES)
    return home / "index"


@pytest.fixture
def store(index: Path) -> Iterator[LocalStore]:
    """The store under test."""
    opened = LocalStore.open(index)
    yield opened
    opened.close()


class TestLocalStore(StoreContract):
    """Every test of the contract."""


def test_sources_and_passages_come_in_the_order_they_were_indexed(store: LocalStore) -> None:
    assert store.sources() == list(SOURCES)
    assert [passage.row for passage in store.passages()] == list(range(len(store)))


def test_two_readers_of_one_generation_do_not_disturb_each_other(index: Path) -> None:
    first, second = LocalStore.open(index), LocalStore.open(index)
    first.close()
    assert second.passage(0) == second.passages()[0]
    second.close()


def test_a_passage_of_many_like_windows_does_not_crowd_out_the_others(tmp_path: Path) -> None:
    sentence = "渔港巡回审判点方便渔民就近参加诉讼，少跑许多冤枉路。"
    others = [
        f"{words}工作按年度计划有序开展。"
        for words in ("立案", "执行", "信访", "保全", "鉴定", "送达", "阅卷", "归档")
    ]
    body = "\n".join([TITLE, sentence * 20, *others])
    build([write(tmp_path / "texts", 甲=body)], tmp_path / "index", ENCODER, max_bytes=MAX_BYTES)
    store = LocalStore.open(tmp_path / "index")
    query = ENCODER.encode_queries([sentence])[0]
    for k in range(1, len(store) + 1):
        found = store.dense(query, k)
        assert len(set(found.rows.tolist())) == k
        assert found.rows[0] == 0
        np.testing.assert_allclose(
            found.scores, np.sort(store.dense_scores(query, np.arange(len(store))))[::-1][:k]
        )
    store.close()
