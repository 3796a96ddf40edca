"""What a build takes, keeps, drops and reuses."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from indexer.build import BuildReport, build
from indexer.errors import BuildError
from indexer.store import LocalStore, generations
from models.encoder import Vectors
from tests.samples import MAX_BYTES, OTHER, REPORT, write
from tests.store_contract import ENCODER, CharacterEncoder

BAD = b"\x01\x02\x03\x04\x05\x06"


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """Where the index is built."""
    return tmp_path / "index"


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """A folder of two reports."""
    return write(tmp_path / "texts", 甲=REPORT, 乙=OTHER)


def run(texts: Path, index: Path, **options: bool) -> BuildReport:
    return build([texts], index, ENCODER, max_bytes=MAX_BYTES, **options)


def names(index: Path) -> list[str]:
    store = LocalStore.open(index)
    found = [source.name for source in store.sources()]
    store.close()
    return found


def test_paths_without_any_file_make_no_index(tmp_path: Path, index: Path) -> None:
    (tmp_path / "empty").mkdir()
    for paths in ([], [tmp_path / "empty"], [tmp_path / "missing"]):
        with pytest.raises(BuildError):
            build(paths, index, ENCODER, max_bytes=MAX_BYTES)
    assert not (index / "CURRENT").exists()


def test_where_every_file_fails_each_is_named_and_the_index_stays(texts: Path, index: Path) -> None:
    run(texts, index)
    before = generations.current(index)
    for path in texts.iterdir():
        path.write_bytes(BAD)
    with pytest.raises(BuildError, match=r"乙\.txt.*甲\.txt"):
        run(texts, index)
    assert generations.current(index) == before
    assert names(index) == ["乙.txt", "甲.txt"]


def test_files_without_a_paragraph_make_no_index(tmp_path: Path, index: Path) -> None:
    with pytest.raises(BuildError, match="no paragraph"):
        run(write(tmp_path / "texts", 标题="江州市中级人民法院2021年工作报告\n"), index)


def test_an_encoder_that_returns_nonsense_leaves_the_index(texts: Path, index: Path) -> None:
    class Broken(CharacterEncoder):
        fingerprint = "broken"

        def encode_passages(self, texts: Sequence[str]) -> Vectors:
            return np.full((len(texts), self.dims), np.nan, dtype=np.float32)

    run(texts, index)
    with pytest.raises(BuildError, match="NaN"):
        build([texts], index, Broken(), max_bytes=MAX_BYTES)
    assert names(index) == ["乙.txt", "甲.txt"]


def test_a_file_that_fails_is_reported_and_the_others_are_indexed(texts: Path, index: Path) -> None:
    (texts / "坏.txt").write_bytes(BAD)
    (texts / "表.xlsx").write_bytes(b"PK")
    (texts / "空.txt").touch()
    report = run(texts, index)
    assert {(problem.path, problem.code) for problem in report.problems} == {
        ("坏.txt", "encoding"),
        ("表.xlsx", "unsupported"),
        ("空.txt", "empty"),
    }
    assert names(index) == ["乙.txt", "甲.txt"]


def test_a_file_that_fails_keeps_its_earlier_version(texts: Path, index: Path) -> None:
    run(texts, index)
    (texts / "甲.txt").write_bytes(BAD)
    (texts / "乙.txt").write_text(f"{OTHER}新增一段话。\n", encoding="utf-8")
    report = run(texts, index)
    assert (report.kept, report.dropped) == (("甲.txt",), ())
    store = LocalStore.open(index)
    assert {source.name: source.text for source in store.sources()} == {
        "甲.txt": REPORT,
        "乙.txt": f"{OTHER}新增一段话。\n",
    }
    store.close()


def test_a_file_named_on_its_own_that_vanished_keeps_its_earlier_version(texts: Path, index: Path) -> None:
    paths = [texts / "甲.txt", texts / "乙.txt"]
    build(paths, index, ENCODER, max_bytes=MAX_BYTES)
    paths[0].unlink()
    report = build(paths, index, ENCODER, max_bytes=MAX_BYTES)
    assert [problem.code for problem in report.problems] == ["missing"]
    assert (report.kept, report.dropped) == (("甲.txt",), ())


def test_a_file_that_is_gone_from_its_folder_is_dropped(texts: Path, index: Path) -> None:
    run(texts, index)
    (texts / "甲.txt").unlink()
    report = run(texts, index)
    assert (report.kept, report.dropped) == ((), ("甲.txt",))
    assert names(index) == ["乙.txt"]


def test_adding_keeps_what_is_indexed_already(tmp_path: Path, texts: Path, index: Path) -> None:
    run(texts, index)
    report = run(write(tmp_path / "more", 丙=REPORT + OTHER), index, add=True)
    assert set(report.kept) == {"甲.txt", "乙.txt"}
    assert set(names(index)) == {"甲.txt", "乙.txt", "丙.txt"}


def test_adding_a_changed_file_replaces_it(texts: Path, index: Path) -> None:
    run(texts, index)
    (texts / "甲.txt").write_text(f"{REPORT}新增一段话。\n", encoding="utf-8")
    build([texts / "甲.txt"], index, ENCODER, max_bytes=MAX_BYTES, add=True)
    assert sorted(names(index)) == ["乙.txt", "甲.txt"]


def test_without_adding_other_files_are_dropped(tmp_path: Path, texts: Path, index: Path) -> None:
    run(texts, index)
    report = run(write(tmp_path / "more", 丙=REPORT + OTHER), index)
    assert set(report.dropped) == {"甲.txt", "乙.txt"}
    assert names(index) == ["丙.txt"]


def test_one_text_under_two_names_is_indexed_once_with_a_warning(texts: Path, index: Path) -> None:
    (texts / "副本.md").write_bytes(REPORT.encode("gb18030"))
    report = run(texts, index)
    assert report.sources == 2
    assert any("副本.md" in warning and "甲.txt" in warning for warning in report.warnings)


def test_a_renamed_file_is_known_by_its_text_and_takes_its_new_name(texts: Path, index: Path) -> None:
    run(texts, index)
    (texts / "甲.txt").rename(texts / "丁.txt")
    report = run(texts, index)
    assert (report.vectors_encoded, report.dropped) == (0, ())
    assert sorted(names(index)) == ["丁.txt", "乙.txt"]


def test_a_second_build_of_the_same_files_encodes_nothing(texts: Path, index: Path) -> None:
    first = run(texts, index)
    assert (first.vectors_reused, first.vectors_encoded > 0) == (0, True)
    second = run(texts, index)
    assert (second.vectors_encoded, second.vectors_reused) == (0, first.vectors_encoded)
    assert second.generation != first.generation


def test_reused_vectors_are_those_that_would_be_encoded(tmp_path: Path, texts: Path, index: Path) -> None:
    run(texts, index)
    (texts / "乙.txt").write_text(f"{OTHER}新增一段话。\n", encoding="utf-8")
    run(texts, index)
    run(texts, tmp_path / "fresh")
    query = ENCODER.encode_queries(["渔港"])[0]
    reused, fresh = LocalStore.open(index), LocalStore.open(tmp_path / "fresh")
    rows = np.arange(len(fresh))
    np.testing.assert_array_equal(reused.dense_scores(query, rows), fresh.dense_scores(query, rows))
    reused.close()
    fresh.close()


def test_a_changed_file_encodes_its_new_paragraphs_alone(texts: Path, index: Path) -> None:
    first = run(texts, index)
    (texts / "乙.txt").write_text(f"{OTHER}新增一段话。\n", encoding="utf-8")
    report = run(texts, index)
    assert 0 < report.vectors_encoded < first.vectors_encoded / 4


def test_another_encoder_reuses_nothing(texts: Path, index: Path) -> None:
    class Other(CharacterEncoder):
        fingerprint = "other"

    run(texts, index)
    assert build([texts], index, Other(), max_bytes=MAX_BYTES).vectors_reused == 0


def test_vectors_of_a_damaged_index_are_not_reused(texts: Path, index: Path) -> None:
    run(texts, index)
    path = generations.current(index) / "vectors.faiss"
    path.write_bytes(path.read_bytes()[:-4])
    assert run(texts, index).vectors_reused == 0


def test_passage_ids_survive_a_rebuild_in_another_place(tmp_path: Path, texts: Path, index: Path) -> None:
    run(texts, index)
    moved = shutil.copytree(texts, tmp_path / "moved")
    run(moved, tmp_path / "other")
    first, second = LocalStore.open(index), LocalStore.open(tmp_path / "other")
    assert first.passages() == second.passages()
    first.close()
    second.close()


def test_the_report_and_the_manifest_count_what_is_in_the_index(texts: Path, index: Path) -> None:
    report = run(texts, index)
    assert (report.sources, len(report.reports), report.sections, report.paragraphs) == (2, 2, 5, 9)
    counts = generations.check(generations.current(index))["counts"]
    store = LocalStore.open(index)
    assert counts["passages"] == report.passages == len(store)
    assert counts["paragraphs"] == report.paragraphs
    assert counts["vectors"] == report.vectors_encoded
    store.close()


def test_an_unknown_court_or_year_is_warned_of(tmp_path: Path, index: Path) -> None:
    report = run(write(tmp_path / "texts", 随笔="这一段话没有说是哪家单位，也没有说是何时。\n"), index)
    assert [("随笔.txt" in warning) for warning in report.warnings] == [True, True]


def test_a_progress_bar_changes_nothing(texts: Path, index: Path) -> None:
    assert run(texts, index, progress=True).sources == 2
