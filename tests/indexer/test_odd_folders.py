"""Folders as they are found: files that vanish, are closed, lead in circles or are none; each told, the rest indexed."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from indexer.build import build
from indexer.errors import FileProblem
from indexer.files import Candidate, find, read
from indexer.forms import Extracted
from indexer.gather import Reading, gather
from indexer.records import Layout
from indexer.store.local import LocalStore
from tests.samples import write
from tests.servers import COMMAND, environment
from tests.store_contract import ENCODER

FORMS = Path(__file__).parents[1] / "forms"
GOOD = "清溪市{}区人民法院2022年工作报告\n一、工作\n走访企业54家，收集意见建议73条。\n"


def zipped(path: Path, **texts: str) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in texts.items():
            archive.writestr(f"{name}.txt", text)


def names(index: Path) -> set[str]:
    store = LocalStore.open(index)
    held = {source.name for source in store.sources()}
    store.close()
    return held


def test_files_that_vanish_between_the_look_and_the_reading_are_told_by_name(tmp_path: Path) -> None:
    folder = write(tmp_path / "c", 甲=GOOD.format("东"), 乙=GOOD.format("西"))
    shutil.copy(FORMS / "wulan" / "styled.docx", folder / "丙.docx")
    zipped(folder / "丁.zip", 内=GOOD.format("南"))
    below = write(folder / "下", 戊=GOOD.format("北"))

    def vanish(items: list[Any], what: str, unit: str) -> Iterable[Any]:
        for name in ("乙.txt", "丙.docx", "丁.zip"):
            (folder / name).unlink()
        shutil.rmtree(below)
        return items

    found = gather([folder], Reading(10**6), {}, vanish)
    assert {source.name for source in found.sources.values()} == {"甲.txt"}
    assert {(problem.path, problem.code) for problem in found.problems} == {
        ("乙.txt", "unreadable"),
        ("丙.docx", "unreadable"),
        ("丁.zip/内.txt", "unreadable"),
        ("下/戊.txt", "unreadable"),
    }
    assert all("No such file" in problem.reason for problem in found.problems)


def test_an_archive_that_is_being_replaced_is_told(tmp_path: Path) -> None:
    folder = write(tmp_path / "c", 甲=GOOD.format("东"))
    zipped(folder / "丁.zip", 内=GOOD.format("南"))

    def replaced(items: list[Any], what: str, unit: str) -> Iterable[Any]:
        (folder / "丁.zip").write_bytes((folder / "丁.zip").read_bytes()[:60])
        return items

    found = gather([folder], Reading(10**6), {}, replaced)
    assert [(problem.path, problem.code) for problem in found.problems] == [("丁.zip/内.txt", "damaged")]
    assert len(found.sources) == 1


def test_what_a_vanished_file_said_stays_until_the_next_look(tmp_path: Path) -> None:
    folder = write(tmp_path / "c", 甲=GOOD.format("东"), 乙=GOOD.format("西"))
    index = tmp_path / "index"
    build([folder], index, ENCODER, max_bytes=10**6)
    (folder / "乙.txt").unlink()
    (folder / "乙.txt").symlink_to(folder / "已删.txt")
    kept = build([folder], index, ENCODER, max_bytes=10**6)
    assert kept.kept == ("乙.txt",)
    (folder / "乙.txt").unlink()
    assert build([folder], index, ENCODER, max_bytes=10**6).dropped == ("乙.txt",)
    assert names(index) == {"甲.txt"}


@pytest.mark.parametrize("suffix", ["txt", "docx", "zip"])
def test_pipes_sockets_and_devices_are_refused_without_waiting_for_them(tmp_path: Path, suffix: str) -> None:
    folder = write(tmp_path / "c", 甲=GOOD.format("东"))
    os.mkfifo(folder / f"管道.{suffix}")
    (folder / f"零.{suffix}").symlink_to("/dev/zero")
    (folder / f"终端.{suffix}").symlink_to("/dev/tty")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(folder / f"口.{suffix}"))
        done = build([folder], tmp_path / "index", ENCODER, max_bytes=10**6)
    assert {problem.path for problem in done.problems} == {
        f"{name}.{suffix}" for name in ("管道", "零", "终端", "口")
    }
    assert {problem.code for problem in done.problems} == {"unreadable"}
    assert names(tmp_path / "index") == {"甲.txt"}


def test_links_in_circles_are_walked_once(tmp_path: Path) -> None:
    folder = write(tmp_path / "c", 甲=GOOD.format("东"))
    below = write(folder / "下", 乙=GOOD.format("西"))
    (below / "上").symlink_to(folder)
    (folder / "圈").symlink_to(below)
    (folder / "一.txt").symlink_to("二.txt")
    (folder / "二.txt").symlink_to("一.txt")
    (folder / "又是.txt").symlink_to(below / "乙.txt")
    done = build([folder], tmp_path / "index", ENCODER, max_bytes=10**6)
    assert {(problem.path, problem.code) for problem in done.problems} == {
        ("一.txt", "unreadable"),
        ("二.txt", "unreadable"),
    }
    assert len(done.reports) == 2


@pytest.mark.parametrize(
    "name",
    [
        b"\xff\xfe\x80.txt",
        "报告".encode("gb18030") + b".txt",
        "换\n行.txt".encode(),
        "空 \u3000白.txt".encode(),
        b"\x1b[2J.txt",
    ],
)
def test_a_name_of_odd_bytes_is_indexed_and_can_be_shown(tmp_path: Path, name: bytes) -> None:
    folder = write(tmp_path / "c", 甲=GOOD.format("东"))
    Path(os.fsdecode(os.path.join(os.fsencode(folder), name))).write_text(GOOD.format("西"), encoding="utf-8")  # noqa: PTH118
    done = build([folder], tmp_path / "index", ENCODER, max_bytes=10**6)
    assert done.problems == ()
    assert len(done.reports) == 2
    assert all(shown.encode() for shown in names(tmp_path / "index"))


def test_half_characters_that_a_form_lets_through_are_replaced_where_they_stand(tmp_path: Path) -> None:
    (tmp_path / "页.html").write_bytes(b"<p>x</p>")

    def extract(form: str, data: bytes) -> Extracted:
        return Extracted("收集\ud800意见\udfff", Layout())

    assert read(Candidate(tmp_path / "页.html", "页.html"), 100, extract).text == "收集\ufffd意见\ufffd"


def test_a_page_of_a_codec_that_makes_no_characters_is_read_without_it(tmp_path: Path) -> None:
    (tmp_path / "页.html").write_text("<meta charset=hex><p>" + GOOD.format("西") + "</p>", encoding="utf-8")
    done = build([tmp_path], tmp_path / "index", ENCODER, max_bytes=10**6)
    assert done.problems == ()


@pytest.mark.skipif(
    os.geteuid() == 0 and shutil.which("setpriv") is None,
    reason="root reads everything, and setpriv is not installed",
)
def test_closed_files_and_folders_are_told_and_what_they_said_stays(tmp_path: Path) -> None:
    folder = write(tmp_path / "c", 甲=GOOD.format("东"), 乙=GOOD.format("西"))
    below = write(folder / "下", 丙=GOOD.format("南"))
    zipped(folder / "丁.zip", 内=GOOD.format("北"))
    index = tmp_path / "index"
    assert _without_privilege("index", folder, "--index", index).returncode == 0
    closed = [folder / "乙.txt", folder / "丁.zip", below]
    before = [path.stat().st_mode for path in closed]
    for path in closed:
        path.chmod(0)
    try:
        done = _without_privilege("index", folder, "--index", index, "--json")
    finally:
        for path, mode in zip(closed, before, strict=True):
            path.chmod(mode)
    assert done.returncode == 1, done.stderr
    built = json.loads(done.stdout)
    assert {(one["file"], one["code"]) for one in built["problems"]} == {
        ("乙.txt", "unreadable"),
        ("丁.zip", "unreadable"),
        ("下", "folder"),
    }
    assert all("Permission denied" in one["reason"] for one in built["problems"])
    assert names(index) == {"甲.txt", "乙.txt", "下/丙.txt", "丁.zip/内.txt"}


def _without_privilege(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command as one whom permissions bind, which root is not."""
    bound = "-dac_override,-dac_read_search"
    dropped = ["setpriv", f"--inh-caps={bound}", f"--bounding-set={bound}"] if os.geteuid() == 0 else []
    return subprocess.run(
        [*dropped, COMMAND, *words],
        env=environment(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def test_a_folder_that_vanishes_while_it_is_walked_is_told(tmp_path: Path) -> None:
    folder = write(tmp_path / "c", 甲=GOOD.format("东"))
    below = write(folder / "下", 乙=GOOD.format("西"))
    looked = find([folder])
    first = next(looked)
    shutil.rmtree(below)
    rest = list(looked)
    assert not isinstance(first, FileProblem)
    assert [(one.path, one.code) for one in rest if isinstance(one, FileProblem)] == [("下", "folder")]
