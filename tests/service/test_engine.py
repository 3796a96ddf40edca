"""The engine: which index it opens, and what it does when another one appears."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import models
from indexer.errors import IndexUnusable
from indexer.store import generations
from models import Encoder, ModelError
from models.static import SCALES_FILE, TABLE_FILE, TOKENIZER_FILE, StaticEncoder
from service.engine import Engine
from service.errors import NotFoundError
from tests.service.conftest import build_texts
from tests.writing import GARDEN, REPAIRED

FLOWERS, LAKE = "银杏", "漂浮物"


@pytest.fixture
def index(builtin_encoder: Encoder, tmp_path: Path) -> Path:
    """An index of one report, that a test may change."""
    build_texts(tmp_path / "index", builtin_encoder, tmp_path / "first", garden=GARDEN)
    return tmp_path / "index"


@pytest.fixture
def opened(index: Path) -> Engine:
    """An engine over that index."""
    return Engine(index)


@pytest.fixture(scope="module")
def other_encoder(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    """The built-in encoder with other scales, hence other vectors."""
    builtin, copy = Path(models.__file__).with_name("builtin"), tmp_path_factory.mktemp("other")
    for name in (TABLE_FILE, TOKENIZER_FILE):
        (copy / name).symlink_to(builtin / name)
    np.save(copy / SCALES_FILE, np.load(builtin / SCALES_FILE)[::-1])
    return StaticEncoder.open(copy, name="另一编码器")


def rebuild(index: Path, encoder: Encoder, **texts: str) -> str:
    """Put a new generation in use and return its name."""
    folder = index.parent / "next"
    shutil.rmtree(folder, ignore_errors=True)
    return build_texts(index, encoder, folder, **texts).generation


def best(engine: Engine, query: str) -> str:
    return engine.search(query, top_k=1).hits[0].passage.text


def damage(index: Path, generation: str, name: str) -> None:
    path = index / "generations" / generation / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


def test_no_index_is_refused_and_the_way_to_make_one_is_told(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusable, match=f"fawen index .*{tmp_path / 'none'}"):
        Engine(tmp_path / "none")


def test_a_file_in_place_of_the_index_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("不是索引", encoding="utf-8")
    with pytest.raises(IndexUnusable):
        Engine(tmp_path / "file")


@pytest.mark.parametrize("words", ["", "garbage", "none 00", "../.. 00", "\x00 \x00"])
def test_a_damaged_pointer_to_the_generation_is_refused(index: Path, words: str) -> None:
    (index / "CURRENT").write_text(words, encoding="utf-8")
    with pytest.raises(IndexUnusable, match="fawen rollback"):
        Engine(index)


@pytest.mark.parametrize("name", ["records.sqlite", "vectors.faiss", "lexical/weights.npy", "manifest.json"])
def test_a_damaged_file_is_refused_by_name(index: Path, name: str) -> None:
    damage(index, generations.current(index).name, name)
    with pytest.raises(IndexUnusable, match=Path(name).name):
        Engine(index)


def test_an_index_made_with_another_encoder_is_refused_naming_both(
    other_encoder: Encoder, tmp_path: Path
) -> None:
    build_texts(tmp_path / "index", other_encoder, tmp_path / "files", garden=GARDEN)
    with pytest.raises(IndexUnusable, match=r"另一编码器.*builtin.*--model"):
        Engine(tmp_path / "index", "builtin")


def test_a_model_directory_without_a_model_is_refused(index: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match="empty"):
        Engine(index, str(tmp_path / "empty"))


def test_a_report_that_is_not_there_is_not_found(opened: Engine) -> None:
    with pytest.raises(NotFoundError, match="无此报告"):
        opened.report("无此报告")


def test_a_report_comes_with_its_source(opened: Engine) -> None:
    (expected,) = opened.store.reports()
    report, source = opened.report(expected.id)
    assert report == expected
    assert source.text == GARDEN


def test_nothing_is_exchanged_while_nothing_is_new(opened: Engine) -> None:
    store = opened.store
    assert opened.refresh() is False
    assert opened.store is store


def test_a_new_generation_is_taken_into_use(opened: Engine, index: Path, builtin_encoder: Encoder) -> None:
    name = rebuild(index, builtin_encoder, lake=REPAIRED)
    assert FLOWERS in best(opened, "栽种花木")
    assert opened.refresh() is True
    assert opened.store.generation == name
    assert LAKE in best(opened, "湖面巡查")
    assert opened.refresh() is False


def test_a_rollback_is_followed(opened: Engine, index: Path, builtin_encoder: Encoder) -> None:
    first = opened.store.generation
    rebuild(index, builtin_encoder, lake=REPAIRED)
    opened.refresh()
    assert generations.rollback(index) == first
    assert opened.refresh() is True
    assert opened.store.generation == first
    assert FLOWERS in best(opened, "栽种花木")


def test_a_damaged_new_generation_is_refused_once_and_the_old_stays(
    opened: Engine, index: Path, builtin_encoder: Encoder, caplog: pytest.LogCaptureFixture
) -> None:
    store = opened.store
    damage(index, rebuild(index, builtin_encoder, lake=REPAIRED), "vectors.faiss")
    with caplog.at_level(logging.ERROR, logger="fawen"):
        assert [opened.refresh() for _ in range(3)] == [False] * 3
    assert opened.store is store
    assert FLOWERS in best(opened, "栽种花木")
    (record,) = caplog.records
    assert "vectors.faiss" in record.getMessage()


def test_after_a_refused_generation_a_sound_one_is_taken(
    opened: Engine, index: Path, builtin_encoder: Encoder
) -> None:
    damage(index, rebuild(index, builtin_encoder, lake=REPAIRED), "records.sqlite")
    assert opened.refresh() is False
    sound = rebuild(index, builtin_encoder, lake=REPAIRED)
    assert opened.refresh() is True
    assert opened.store.generation == sound


def test_a_new_generation_of_another_encoder_is_refused_and_the_old_stays(
    opened: Engine, index: Path, other_encoder: Encoder, caplog: pytest.LogCaptureFixture
) -> None:
    store = opened.store
    rebuild(index, other_encoder, lake=REPAIRED)
    assert opened.refresh() is False
    assert opened.store is store
    assert "另一编码器" in caplog.text


@pytest.mark.parametrize("words", [None, "", "garbage", "none 00"])
def test_a_pointer_that_breaks_while_serving_changes_nothing_until_it_is_whole(
    opened: Engine, index: Path, builtin_encoder: Encoder, words: str | None
) -> None:
    store = opened.store
    (index / "CURRENT").unlink()
    if words is not None:
        (index / "CURRENT").write_text(words, encoding="utf-8")
    assert opened.refresh() is False
    assert opened.store is store
    name = rebuild(index, builtin_encoder, lake=REPAIRED)
    assert opened.refresh() is True
    assert opened.store.generation == name


def test_an_opened_generation_answers_after_its_files_are_gone(opened: Engine, index: Path) -> None:
    shutil.rmtree(index / "generations")
    assert FLOWERS in best(opened, "栽种花木")
    assert opened.refresh() is False


def test_searches_from_many_threads_lose_nothing_while_generations_are_exchanged(
    opened: Engine, index: Path, builtin_encoder: Encoder
) -> None:
    done = threading.Event()
    texts = [{"lake": REPAIRED}, {"garden": GARDEN}]
    found: set[str] = set()

    def ask() -> Iterator[str]:
        while not done.wait(0.002):
            yield opened.search("栽种花木，巡查湖面").hits[0].citation.quote

    with ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(lambda: list(ask())) for _ in range(4)]
        try:
            for turn in range(8):
                name = rebuild(index, builtin_encoder, **texts[turn % 2])
                assert opened.refresh() is True
                assert opened.store.generation == name
        finally:
            done.set()
        for answers in asking:
            assert answers.result()
            found.update(answers.result())
    assert all(quote in GARDEN or quote in REPAIRED for quote in found)
