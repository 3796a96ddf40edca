"""Builds in real processes that are killed: the index stays whole."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from indexer.build import build
from indexer.errors import BuildError
from indexer.store import LocalStore, generations
from tests.conftest import ROOT
from tests.samples import MAX_BYTES, OTHER, REPORT, write
from tests.store_contract import ENCODER

ENDLESS = """
import sys
from pathlib import Path
from indexer.build import build
from tests.samples import MAX_BYTES
from tests.store_contract import ENCODER
old, new, index = map(Path, sys.argv[1:])
while True:
    for texts in (new, old):
        build([texts], index, ENCODER, max_bytes=MAX_BYTES)
        print("built", flush=True)
"""

FULL_DISK = """
import resource, sys
from pathlib import Path
from indexer.build import build
from indexer.errors import BuildError
from tests.samples import MAX_BYTES
from tests.store_contract import ENCODER
texts, index = map(Path, sys.argv[1:3])
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
try:
    build([texts], index, ENCODER, max_bytes=MAX_BYTES)
except BuildError as error:
    sys.exit(str(error))
"""


def child(*command: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def held(index: Path) -> str:
    store = LocalStore.open(index)
    name = store.sources()[0].name
    store.close()
    return name


@pytest.fixture
def texts(tmp_path: Path) -> tuple[Path, Path]:
    """Two folders: what the index holds, and what the killed build would put there."""
    return write(tmp_path / "old", 旧=REPORT), write(tmp_path / "new", 新=OTHER)


def test_a_kill_at_any_step_leaves_the_old_index_or_the_new_one(
    tmp_path: Path, texts: tuple[Path, Path]
) -> None:
    driver = child("-m", "tests.indexer.crash_driver", str(tmp_path))
    out, errors = driver.communicate()
    assert driver.returncode == 0, errors
    killed = json.loads(out)
    assert len(killed) > 20
    assert set(killed) == {"旧.txt", "新.txt"}
    assert killed == sorted(killed, key="旧.txt 新.txt".index)


def test_kills_at_random_moments_leave_a_whole_index(tmp_path: Path, texts: tuple[Path, Path]) -> None:
    index = tmp_path / "index"
    moments = random.Random(5)
    for _ in range(4):
        builder = child("-c", ENDLESS, *map(str, texts), str(index))
        assert builder.stdout is not None
        assert builder.stdout.readline() == "built\n"
        time.sleep(moments.uniform(0, 0.1))
        builder.send_signal(signal.SIGKILL)
        builder.communicate()
        assert builder.returncode == -signal.SIGKILL
        assert held(index) in {"旧.txt", "新.txt"}
        for name in generations.every(index):
            generations.check(index / "generations" / name)


def test_a_killed_builder_does_not_keep_the_lock(tmp_path: Path, texts: tuple[Path, Path]) -> None:
    index = tmp_path / "index"
    builder = child("-c", ENDLESS, *map(str, texts), str(index))
    assert builder.stdout is not None
    builder.stdout.readline()
    builder.kill()
    builder.communicate()
    build([texts[1]], index, ENCODER, max_bytes=MAX_BYTES)
    assert held(index) == "新.txt"


@pytest.mark.parametrize("room", [0, 3000, 30_000])
def test_a_disk_without_room_leaves_the_index_and_is_said_in_one_line(
    tmp_path: Path, texts: tuple[Path, Path], room: int
) -> None:
    index = tmp_path / "index"
    build([texts[0]], index, ENCODER, max_bytes=MAX_BYTES)
    builder = child("-c", FULL_DISK, str(texts[1]), str(index), str(room))
    _, errors = builder.communicate()
    assert builder.returncode == 1
    assert "Traceback" not in errors
    assert held(index) == "旧.txt"
    assert [name for name in generations.every(index) if name != generations.current(index).name] == []


def test_a_second_build_at_the_same_time_is_refused(tmp_path: Path, texts: tuple[Path, Path]) -> None:
    index = tmp_path / "index"
    build([texts[0]], index, ENCODER, max_bytes=MAX_BYTES)
    with generations.locked(index), pytest.raises(BuildError, match="another build"):
        build([texts[1]], index, ENCODER, max_bytes=MAX_BYTES)
    assert held(index) == "旧.txt"
    build([texts[1]], index, ENCODER, max_bytes=MAX_BYTES)
    assert held(index) == "新.txt"
