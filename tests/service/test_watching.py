"""`fawen index --watch` as a process of its own: the index follows the folder, and the running server the index."""

from __future__ import annotations

import queue
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from indexer.errors import IndexUnusable
from indexer.store import LocalStore
from tests.samples import write
from tests.servers import COMMAND, environment, fawen, running
from tests.writing import GARDEN

PATIENCE = 60.0
EVERY = "0.2"
WATCHING = "守候中"


def text(court: str, visits: int = 54) -> str:
    return (
        f"清溪市{court}区人民法院2022年工作报告\n一、工作\n走访企业{visits}家，收集意见建议73条，逐条答复。\n"
    )


class Watcher:
    """A watch that runs, and the lines it has written to standard error."""

    def __init__(self, *words: str | Path):
        self.process = subprocess.Popen(
            [COMMAND, "index", *words, "--watch", "--every", EVERY],
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr as errors:
            for line in errors:
                self._lines.put(line)

    def said(self, words: str) -> str:
        """Wait for a line with these words and return it with those before it."""
        lines = []
        while True:
            lines.append(self._lines.get(timeout=PATIENCE))
            if words in lines[-1]:
                return "".join(lines)

    def stop(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@contextmanager
def watching(*words: str | Path) -> Iterator[Watcher]:
    watcher = Watcher(*words)
    try:
        watcher.said(WATCHING)
        yield watcher
    finally:
        watcher.process.kill()
        watcher.process.wait()
        watcher.reader.join()


def courts(index: Path) -> set[str]:
    try:
        store = LocalStore.open(index)
    except IndexUnusable:
        return set()
    found = {one.court.name.removeprefix("清溪市").removesuffix("区人民法院") for one in store.reports()}
    store.close()
    return found


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "did not come about"
        time.sleep(0.05)


def test_the_index_follows_the_folder_and_the_server_the_index(tmp_path: Path) -> None:
    folder, index = write(tmp_path / "c", 东=text("东")), tmp_path / "index"
    with (
        watching(folder, "--index", index) as watcher,
        running(index, tmp_path / "log") as server,
        server.client() as client,
    ):

        def visits() -> dict[str, float]:
            found = client.get("/api/facts", params={"object": "企业", "limit": 50}).raise_for_status().json()
            return {fact["court"][3]: fact["number"] for fact in found["facts"] if fact["unit"] == "家"}

        assert visits() == {"东": 54}
        write(folder, 西=text("西", 12))
        until(lambda: visits() == {"东": 54, "西": 12})
        write(folder, 西=text("西", 13))
        until(lambda: visits() == {"东": 54, "西": 13})
        watcher.said(WATCHING)
        (folder / "破.docx").write_bytes(b"no document")
        assert "破.docx" in watcher.said("skipped")
        write(folder, 南=text("南", 99))
        until(lambda: visits() == {"东": 54, "西": 13, "南": 99})
        (folder / "东.txt").unlink()
        until(lambda: visits() == {"西": 13, "南": 99})
        assert watcher.stop(signal.SIGTERM) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_watch_that_is_told_to_stop_does_and_says_so(tmp_path: Path, number: signal.Signals) -> None:
    with watching(write(tmp_path / "c", 东=text("东")), "--index", tmp_path / "index") as watcher:
        assert watcher.stop(number) == 0
        assert "Traceback" not in watcher.said("已停止守候")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_build_that_is_interrupted_says_so_and_leaves_the_index(
    tmp_path: Path, number: signal.Signals
) -> None:
    folder, index = write(tmp_path / "c", 东=text("东")), tmp_path / "index"
    assert fawen("index", folder, "--index", index).returncode == 0
    write(folder, 西=text("西"), **{f"大{n}": text("西") + f"走访企业{n}家。\n" * 30_000 for n in range(40)})
    process = subprocess.Popen(
        [COMMAND, "index", folder, "--index", index],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    until(lambda: _writes(index))
    process.send_signal(number)
    _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 128 + number
    assert "Traceback" not in errors
    assert "interrupted" in errors
    assert courts(index) == {"东"}
    assert fawen("check", "--index", index).returncode == 0


def _writes(index: Path) -> bool:
    """Tell whether a build holds the index's lock."""
    held = subprocess.run(["flock", "--nonblock", index / ".lock", "true"], check=False)
    return held.returncode != 0


def test_a_second_watch_of_an_index_is_refused(tmp_path: Path) -> None:
    folder, index = write(tmp_path / "c", 东=text("东")), tmp_path / "index"
    with watching(folder, "--index", index) as watcher:
        second = fawen("index", write(tmp_path / "d", 西=text("西")), "--index", index, "--watch")
        assert second.returncode == 1
        assert "another watch" in second.stderr
        assert courts(index) == {"东"}
        assert watcher.stop(signal.SIGTERM) == 0
    with watching(tmp_path / "d", "--index", index):
        assert courts(index) == {"西"}


def test_a_watch_that_finds_the_index_being_written_waits_its_turn(tmp_path: Path) -> None:
    from indexer.store import generations

    folder, index = write(tmp_path / "c", 东=text("东")), tmp_path / "index"
    with watching(folder, "--index", index) as watcher:
        with generations.locked(index):
            write(folder, 西=text("西"))
            assert "another build" in watcher.said(WATCHING)
        until(lambda: courts(index) == {"东", "西"})


def test_a_folder_that_vanishes_keeps_its_reports_and_is_taken_up_when_it_comes_back(tmp_path: Path) -> None:
    folder, index = write(tmp_path / "c", 东=text("东")), tmp_path / "index"
    with watching(folder, "--index", index) as watcher:
        folder.rename(tmp_path / "away")
        assert "no such file or folder" in watcher.said(WATCHING)
        assert courts(index) == {"东"}
        write(tmp_path / "away", 西=text("西"))
        (tmp_path / "away").rename(folder)
        until(lambda: courts(index) == {"东", "西"})


def test_a_watch_may_begin_before_there_is_anything_to_index(tmp_path: Path) -> None:
    folder, index = tmp_path / "c", tmp_path / "index"
    with watching(folder, "--index", index):
        write(folder, 花=GARDEN)
        until(lambda: len(courts(index)) == 1)
