"""Builds of every form in real processes that are killed or run out of disk: the index stays whole, nothing is left behind."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from indexer.store import LocalStore, generations
from tests.indexer.test_crashes import ENDLESS
from tests.samples import write
from tests.servers import COMMAND, ROOT, environment, fawen

FORMS = ROOT / "tests" / "forms"
TEXT = "清溪市{}区人民法院2022年工作报告\n一、工作\n走访企业54家，收集意见建议73条。\n"
OLD = (
    "fenglin/styled.docx",
    "fenglin/writer.pdf",
    "fenglin/page.html",
    "fenglin/page.mht",
    "fenglin/gb18030.txt",
)
NEW = ("wulan/writer.docx", "xiangyang/writer.pdf", "xiangyang/page.html", "mixed.zip")
KILLS = 12


def filled(folder: Path, files: tuple[str, ...], court: str) -> Path:
    write(folder, 文=TEXT.format(court))
    for name in files:
        shutil.copy(FORMS / name, folder / name.replace("/", "-"))
    return folder


def held(index: Path) -> frozenset[str]:
    store = LocalStore.open(index)
    names = frozenset(source.name for source in store.sources())
    for passage in store.passages():
        source = store.source(passage.source_id)
        assert source is not None
        assert "".join(source.text[a:b] for a, b in passage.pieces) == passage.text
    store.close()
    return names


def with_mark(mark: str) -> list[int]:
    """Return the processes that have a mark in their environment."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (place / "environ").read_bytes():
                found.append(int(place.name))
        except OSError:
            continue
    return found


@pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="left-over processes are looked for in /proc"
)
def test_kills_at_random_moments_of_builds_of_every_form_leave_a_whole_index(tmp_path: Path) -> None:
    old, new = filled(tmp_path / "old", OLD, "东"), filled(tmp_path / "new", NEW, "西")
    index, mark = tmp_path / "index", f"FAWEN_TEST_MARK={tmp_path}"
    first = subprocess.run(
        [sys.executable, "-c", ENDLESS.replace("while True", "for _ in (1,)"), old, new, index],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    assert first.stdout == b"built\nbuilt\n"
    whole = {held(index), held(_built(new, tmp_path / "other"))}
    assert len(whole) == 2
    moments = random.Random(11)
    for _ in range(KILLS):
        builder = subprocess.Popen(
            [sys.executable, "-c", ENDLESS, old, new, index],
            cwd=ROOT,
            env={**os.environ, "FAWEN_TEST_MARK": str(tmp_path), "OMP_NUM_THREADS": "1"},
            stdout=subprocess.PIPE,
        )
        assert builder.stdout is not None
        assert builder.stdout.readline() == b"built\n"
        time.sleep(moments.uniform(0, 1.0))
        builder.kill()
        builder.communicate()
        assert builder.returncode == -signal.SIGKILL
        assert held(index) in whole
        for name in generations.every(index):
            generations.check(index / "generations" / name)
    assert held(_built(new, index)) == held(tmp_path / "other")
    assert not list((index / "generations").glob(".*"))
    end = time.monotonic() + 30
    while with_mark(mark):
        assert time.monotonic() < end, "a reader outlives the build that started it"
        time.sleep(0.1)


def _built(folder: Path, index: Path) -> Path:
    script = ENDLESS.replace("while True", "for _ in (1,)").replace("(new, old)", "(new,)")
    subprocess.run(
        [sys.executable, "-c", script, folder, folder, index], cwd=ROOT, check=True, capture_output=True
    )
    return index


@pytest.mark.parametrize("room", [0, 20_000, 60_000])
def test_a_disk_that_is_full_is_told_and_costs_nothing(tmp_path: Path, room: int) -> None:
    index = tmp_path / "index"
    assert fawen("index", filled(tmp_path / "old", OLD, "东"), "--index", index).returncode == 0
    before = held(index)
    new = filled(tmp_path / "new", NEW, "西")
    program = f"import resource, os, sys; resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room})); os.execv(sys.argv[1], sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", program, COMMAND, "index", new, "--index", index],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "cannot be written, the index is as it was" in done.stderr
    assert held(index) == before
    assert fawen("index", new, "--index", index).returncode == 0
    assert held(index) != before
    assert not list((index / "generations").glob(".*"))


def test_a_disk_without_a_byte_left_is_told_and_costs_nothing(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    old, new = write(tmp_path / "old", 文=TEXT.format("东")), filled(tmp_path / "new", NEW, "西")
    script = (
        'mount -t tmpfs -o size=3m tmpfs "$1" || exit 77; "$2" index "$3" --index "$1/i" || exit 3; '
        'dd if=/dev/zero of="$1/full" bs=4k 2>/dev/null; "$2" index "$4" --index "$1/i"; echo "status $?"; '
        '"$2" check --index "$1/i" || exit 4; rm "$1/full"; "$2" index "$4" --index "$1/i" || exit 5; "$2" check --index "$1/i"'
    )
    done = (
        subprocess.run(
            ["unshare", "--mount", "--map-root-user", "sh", "-c", script, "sh", disk, COMMAND, old, new],
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if shutil.which("unshare")
        else None
    )
    if done is None or (done.returncode in {1, 77} and "index" not in done.stdout):
        pytest.skip("a small file system cannot be mounted here")
    assert done.returncode == 0, done.stderr
    assert "status 1" in done.stdout
    assert "the index is as it was" in done.stderr
    assert "Traceback" not in done.stderr
