"""`fawen index`: bad files beside good ones, and what is told about them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.servers import REPORTS, fawen
from tests.writing import GARDEN, REPAIRED

BAD: dict[str, tuple[bytes, str]] = {
    "empty.txt": (b"", "empty"),
    "blank.txt": (" \n\u3000\n\ufeff".encode(), "empty"),
    "cut.txt": (GARDEN.encode()[:100] + b"\xe6", "encoding"),
    "noise.txt": (bytes(range(256)) * 4, "binary"),
    "picture.png": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "unsupported"),
    "report.docx": (b"PK\x03\x04", "damaged"),
    "README": (b"words", "unsupported"),
    "long.txt": (("长" * 1000).encode(), "too_long"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two good files, and bad ones of every kind."""
    place = tmp_path / "files"
    place.mkdir()
    for name, (data, _) in BAD.items():
        (place / name).write_bytes(data)
    (place / "garden.txt").write_bytes(GARDEN.encode())
    (place / "lake.md").write_bytes(REPAIRED.encode("gb18030"))
    (place / "gone.txt").symlink_to(place / "nowhere")
    (place / "folder.txt").mkdir()
    os.mkfifo(place / "pipe.txt")
    return place


def test_bad_files_are_listed_the_others_indexed_and_the_status_is_1(folder: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    result = fawen("index", folder, tmp_path / "missing", "--index", index, "--max-bytes", "2000")
    assert result.returncode == 1
    skipped = [line for line in result.stderr.splitlines() if "skipped" in line]
    bad = {*BAD, "gone.txt", "pipe.txt", str(tmp_path / "missing")}
    assert len(skipped) == len(bad)
    for name in bad:
        assert sum(f" {name}: " in line for line in skipped) == 1
    assert "2 个文件，2 份报告" in result.stdout
    assert f"{len(bad)} 个文件未入库" in result.stdout
    assert "Traceback" not in result.stderr
    assert fawen("check", "--index", index).returncode == 0
    assert "银杏" in fawen("search", "栽种花木", "-k", "1", "--index", index).stdout
    assert "漂浮" in fawen("search", "湖面巡查", "-k", "1", "--index", index).stdout


def test_bad_files_have_codes_for_machines(folder: Path, tmp_path: Path) -> None:
    result = fawen("index", folder, "--index", tmp_path / "index", "--max-bytes", "2000", "--json")
    assert result.returncode == 1
    printed = json.loads(result.stdout)
    codes = {problem["file"]: problem["code"] for problem in printed["problems"]}
    expected = {name: code for name, (_, code) in BAD.items()}
    assert codes == {**expected, "gone.txt": "unreadable", "pipe.txt": "unreadable"}
    assert all(problem["reason"] for problem in printed["problems"])
    assert [(r["court"], r["year"]) for r in printed["reports"]] == [
        ("某州中级人民法院", 2021),
        ("某市南湖区人民法院", 2019),
    ]


@pytest.mark.parametrize("name", ["empty.txt", "picture.png"])
def test_where_nothing_can_be_indexed_one_line_says_why(folder: Path, tmp_path: Path, name: str) -> None:
    result = fawen("index", folder / name, "--index", tmp_path / "index")
    assert result.returncode == 1
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert name in result.stderr


def test_an_empty_folder_and_a_missing_one_are_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for place in "empty", "missing":
        result = fawen("index", tmp_path / place, "--index", tmp_path / "index")
        assert result.returncode == 1
        assert len(result.stderr.splitlines()) == 1


def test_a_failed_build_leaves_the_index_as_it_was(folder: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    assert fawen("index", folder / "garden.txt", "--index", index).returncode == 0
    before = (index / "CURRENT").read_bytes()
    assert fawen("index", folder / "noise.txt", "--index", index).returncode == 1
    assert (index / "CURRENT").read_bytes() == before
    assert fawen("check", "--index", index).returncode == 0


def test_a_file_of_titles_alone_does_not_stop_the_others(tmp_path: Path) -> None:
    place = tmp_path / "files"
    place.mkdir()
    (place / "title.txt").write_text("某州中级人民法院2021年工作报告\n", encoding="utf-8")
    (place / "garden.txt").write_text(GARDEN, encoding="utf-8")
    result = fawen("index", place, "--index", tmp_path / "index")
    assert result.returncode == 0
    assert "1 份报告" in result.stdout


def test_a_file_name_that_is_no_text_does_not_stop_the_others(tmp_path: Path) -> None:
    place = tmp_path / "files"
    place.mkdir()
    Path(os.fsdecode(os.fsencode(place) + b"/\xff\xfe.txt")).write_text(GARDEN, encoding="utf-8")
    result = fawen("index", place, "--index", tmp_path / "index")
    assert (result.returncode, result.stderr) == (0, "")
    shown = json.loads(fawen("search", "银杏", "-k", "1", "--json", "--index", tmp_path / "index").stdout)
    assert shown["hits"][0]["citation"]["source"] == "\ufffd\ufffd.txt"


def test_no_progress_bar_goes_into_a_pipe(tmp_path: Path) -> None:
    result = fawen("index", REPORTS, "--index", tmp_path / "index")
    assert (result.returncode, result.stderr) == (0, "")
    assert "\r" not in result.stdout
    assert "it/s" not in result.stdout
    assert result.stdout.splitlines()[-2].startswith("3 个文件，3 份报告，17 节，62 段")


def test_an_unchanged_file_keeps_its_vectors_and_added_files_join_it(folder: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    first = json.loads(fawen("index", folder / "garden.txt", "--index", index, "--json").stdout)
    assert first["vectors_reused"] == 0
    added = json.loads(fawen("index", folder / "lake.md", "--index", index, "--add", "--json").stdout)
    assert (added["sources"], added["kept"]) == (2, ["garden.txt"])
    assert added["vectors_reused"] == first["vectors_encoded"]
    replaced = json.loads(fawen("index", folder / "lake.md", "--index", index, "--json").stdout)
    assert (replaced["sources"], replaced["dropped"]) == (1, ["garden.txt"])
    assert replaced["vectors_encoded"] == 0


def test_a_file_that_turned_bad_stays_in_its_earlier_version(folder: Path, tmp_path: Path) -> None:
    index, garden = tmp_path / "index", folder / "garden.txt"
    both = (garden, folder / "lake.md")
    assert fawen("index", *both, "--index", index).returncode == 0
    garden.write_bytes(b"")
    result = fawen("index", *both, "--index", index, "--json")
    assert result.returncode == 1
    assert json.loads(result.stdout)["kept"] == ["garden.txt"]
    assert "银杏" in fawen("search", "栽种花木", "-k", "1", "--index", index).stdout
