"""Damage is found before an index is opened; earlier generations can be returned to."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.build import build
from indexer.errors import BuildError, IndexUnusable
from indexer.store import LocalStore, generations
from tests.samples import MAX_BYTES, OTHER, REPORT, write
from tests.store_contract import ENCODER

Damage = Callable[[Path], object]


def add_generation(index: Path, home: Path, name: str, text: str = REPORT) -> str:
    return build([write(home / name, **{name: text})], index, ENCODER, max_bytes=MAX_BYTES).generation


def held(index: Path) -> str:
    store = LocalStore.open(index)
    name = store.sources()[0].name
    store.close()
    return name.removesuffix(".txt")


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x20
    path.write_bytes(data)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


DAMAGES: dict[str, Damage] = {"flipped": flip, "truncated": truncate, "deleted": Path.unlink}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of one generation; tests damage copies of it."""
    home = tmp_path_factory.mktemp("whole")
    add_generation(home / "index", home, "甲")
    return home / "index"


@pytest.fixture
def index(whole: Path, tmp_path: Path) -> Path:
    """A copy to damage."""
    return Path(shutil.copytree(whole, tmp_path / "index"))


def reseal(index: Path, **changes: object) -> None:
    """Change the manifest and seal it again, as another version of the program would have written it."""
    path = generations.current(index) / "manifest.json"
    manifest = {**json.loads(path.read_text(encoding="utf-8")), **changes}
    path.write_text(json.dumps(manifest), encoding="utf-8")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    (index / "CURRENT").write_text(f"{path.parent.name} {digest}\n", encoding="utf-8")


def test_where_there_is_no_index_the_way_to_make_one_is_said(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusable, match="fawen index"):
        LocalStore.open(tmp_path / "nowhere")


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_to_any_file_is_refused_by_the_files_name(whole: Path, tmp_path: Path, damage: str) -> None:
    names = sorted(generations.check(generations.current(whole))["files"])
    assert {"records.sqlite", "vectors.faiss", "windows.npy", "hashes.npy", "lexical/rows.npy"} <= set(names)
    for at, name in enumerate(names):
        index = Path(shutil.copytree(whole, tmp_path / str(at)))
        DAMAGES[damage](generations.current(index) / name)
        with pytest.raises(IndexUnusable, match=name):
            LocalStore.open(index)


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_to_the_manifest_is_refused(index: Path, damage: str) -> None:
    DAMAGES[damage](generations.current(index) / "manifest.json")
    with pytest.raises(IndexUnusable):
        LocalStore.open(index)


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"only-a-name\n", b"a b c\n", b"\xff\xfe\x00", b"../../etc 0123\n", b"no-such 0123\n"],
)
def test_a_damaged_current_is_refused(index: Path, content: bytes) -> None:
    (index / "CURRENT").write_bytes(content)
    with pytest.raises(IndexUnusable, match=r"rollback|unreadable"):
        LocalStore.open(index)


def test_another_format_is_refused_with_both_numbers(index: Path) -> None:
    reseal(index, format=generations.FORMAT + 6)
    with pytest.raises(IndexUnusable, match=rf"{generations.FORMAT + 6}, not {generations.FORMAT}\b"):
        LocalStore.open(index)


@pytest.mark.parametrize("body", ["[]", "null", "3", "{}"])
def test_a_manifest_of_another_shape_is_refused(index: Path, body: str) -> None:
    place = generations.current(index)
    (place / "manifest.json").write_text(body, encoding="utf-8")
    with pytest.raises(IndexUnusable):
        generations.check(place)


def test_every_error_is_one_line(index: Path) -> None:
    flip(generations.current(index) / "vectors.faiss")
    with pytest.raises(IndexUnusable) as caught:
        LocalStore.open(index)
    assert "\n" not in str(caught.value)


def test_a_build_over_a_damaged_index_makes_a_whole_one(index: Path, tmp_path: Path) -> None:
    flip(generations.current(index) / "vectors.faiss")
    add_generation(index, tmp_path, "乙", OTHER)
    assert held(index) == "乙"


def test_rollback_without_an_earlier_generation_is_refused_and_changes_nothing(index: Path) -> None:
    with pytest.raises(IndexUnusable, match="no earlier"):
        generations.rollback(index)
    assert held(index) == "甲"


def test_rollback_of_what_is_no_index_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusable):
        generations.rollback(tmp_path)


def test_rollback_returns_to_the_generation_before(index: Path, tmp_path: Path) -> None:
    first = generations.current(index).name
    add_generation(index, tmp_path, "乙", OTHER)
    add_generation(index, tmp_path, "丙", REPORT + OTHER)
    assert generations.rollback(index) != first
    assert held(index) == "乙"
    assert generations.rollback(index) == first
    assert held(index) == "甲"
    with pytest.raises(IndexUnusable):
        generations.rollback(index)


def test_rollback_passes_over_a_damaged_generation(index: Path, tmp_path: Path) -> None:
    second = add_generation(index, tmp_path, "乙", OTHER)
    add_generation(index, tmp_path, "丙", REPORT + OTHER)
    truncate(index / "generations" / second / "records.sqlite")
    generations.rollback(index)
    assert held(index) == "甲"


@pytest.mark.parametrize("damage", DAMAGES)
def test_rollback_repairs_a_damaged_generation(index: Path, tmp_path: Path, damage: str) -> None:
    add_generation(index, tmp_path, "乙", OTHER)
    DAMAGES[damage](generations.current(index) / "manifest.json")
    generations.rollback(index)
    assert held(index) == "甲"


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe\x00", b"0000 0000\n", b"no-such 0123\n"])
def test_rollback_repairs_a_damaged_current_with_the_newest_whole_generation(
    index: Path, tmp_path: Path, content: bytes | None
) -> None:
    add_generation(index, tmp_path, "乙", OTHER)
    if content is None:
        (index / "CURRENT").unlink()
    else:
        (index / "CURRENT").write_bytes(content)
    generations.rollback(index)
    assert held(index) == "乙"


def test_the_last_few_generations_are_kept_and_older_ones_go(index: Path, tmp_path: Path) -> None:
    made = [generations.current(index).name]
    made += [add_generation(index, tmp_path, name, f"{OTHER}{name}。\n") for name in "乙丙丁戊"]
    assert generations.every(index) == made[-generations.KEPT :]
    assert generations.current(index).name == made[-1]


def test_left_overs_of_a_killed_build_are_removed_by_the_next(index: Path, tmp_path: Path) -> None:
    left = index / "generations" / ".20200101T000000-dead"
    left.mkdir()
    (left / "records.sqlite").write_bytes(b"half")
    add_generation(index, tmp_path, "乙", OTHER)
    assert not left.exists()


def test_stray_files_among_the_generations_are_left_alone(index: Path, tmp_path: Path) -> None:
    for name in (".DS_Store", "Thumbs.db"):
        (index / "generations" / name).write_bytes(b"stray")
    for name in "乙丙丁":
        add_generation(index, tmp_path, name, f"{OTHER}{name}。\n")
    assert len(generations.every(index)) == generations.KEPT
    assert (index / "generations" / ".DS_Store").exists()
    generations.rollback(index)
    assert held(index) == "丙"


def test_an_index_cannot_be_made_where_a_file_is(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("in the way", encoding="utf-8")
    with pytest.raises(BuildError):
        add_generation(tmp_path / "index", tmp_path, "甲")


def test_a_reader_keeps_its_generation_while_newer_ones_come_and_it_is_removed(
    index: Path, tmp_path: Path
) -> None:
    reader = LocalStore.open(index)
    expected = [passage.text for passage in reader.passages()]
    for name in "乙丙丁戊":
        add_generation(index, tmp_path, name, f"{OTHER}{name}。\n")
    assert reader.generation not in generations.every(index)
    assert [passage.text for passage in reader.passages()] == expected
    assert len(reader.lexical("渔港", 5).rows) > 0
    reader.close()
