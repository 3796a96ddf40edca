"""Extraction in worker processes: bounded in time and memory, so that no file can take the build with it."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from typing import Any, Self

from indexer.forms.extracted import Extracted, FormProblem
from indexer.forms.worker import GOES_ON, write_frame
from indexer.records import Layout

__all__ = ["Bounds", "Workers"]

_FILES_A_WORKER = 200
_GRACE = 10
_CHUNK = 1 << 20
_LONGEST_REPLY = 400_000_000


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one file may take: seconds, and bytes of memory. With `ocr` scanned pages are recognised.

    Each page that is recognised has those seconds anew.
    """

    seconds: float = 120.0
    memory: int = 2_000_000_000
    ocr: bool = False


class Workers:
    """A worker process for each thread that asks; one that hangs or dies costs its file only."""

    def __init__(self, bounds: Bounds):
        self._bounds = bounds
        self._own = threading.local()
        self._every: list[_Worker] = []
        self._lock = threading.Lock()

    def extract(self, form: str, data: bytes) -> Extracted:
        """Extract in this thread's worker. Raises FormProblem, also with code timeout, memory or crashed."""
        found = self._worker().ask(form, data)["extracted"]
        return Extracted(found["text"], Layout.from_plain(found["layout"]), tuple(found["warnings"]))

    def rehearse(self, form: str, data: bytes) -> None:
        """Do in this thread's worker what indexing does with a plain text. Raises FormProblem as `extract` does."""
        self._worker().ask(form, data)

    def _worker(self) -> _Worker:
        worker: _Worker | None = getattr(self._own, "worker", None)
        if worker is None or worker.done():
            if worker is not None:
                worker.stop()
            worker = self._own.worker = _Worker(self._bounds)
            with self._lock:
                self._every.append(worker)
        return worker

    def close(self) -> None:
        """End every worker process."""
        with self._lock:
            for worker in self._every:
                worker.stop()
            self._every.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Worker:
    def __init__(self, bounds: Bounds):
        self._bounds = bounds
        self._files = 0
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-c", _start(), str(bounds.memory), str(int(bounds.seconds) + _GRACE)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def done(self) -> bool:
        return self._files >= _FILES_A_WORKER or self._process.poll() is not None

    def stop(self) -> None:
        """Kill the worker and what it has started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def ask(self, form: str, data: bytes) -> dict[str, Any]:
        self._files += 1
        reply = self._exchange(form, data)
        if "code" in reply:
            if reply["code"] in {"memory", "crashed", "timeout"}:
                self.stop()
            raise FormProblem(reply["code"], reply["reason"])
        return reply

    def _exchange(self, form: str, data: bytes) -> dict[str, Any]:
        deadline = time.monotonic() + self._bounds.seconds
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        sender = threading.Thread(target=self._send, args=(form, data), daemon=True)
        sender.start()
        answer = bytearray()
        with selectors.DefaultSelector() as ready:
            ready.register(stdout, selectors.EVENT_READ)
            while len(answer) < 8 or len(answer) < 8 + int.from_bytes(answer[:8], "big"):
                left = deadline - time.monotonic()
                if left <= 0 or not ready.select(left):
                    return {
                        "code": "timeout",
                        "reason": f"{self._bounds.seconds:g} 秒未读完，已放弃(FAWEN_FILE_SECONDS) / took too long",
                    }
                chunk = os.read(stdout.fileno(), _CHUNK)
                if not chunk:
                    return {
                        "code": "crashed",
                        "reason": "读取进程中途退出，文件可能损坏或需内存过多(FAWEN_FILE_MEMORY) / the reader died: damaged, or too large",
                    }
                answer += chunk
                while answer.startswith(GOES_ON):
                    del answer[: len(GOES_ON)]
                    deadline = time.monotonic() + self._bounds.seconds
                if len(answer) > _LONGEST_REPLY:
                    return {"code": "memory", "reason": "展开后过大 / unfolds to too much"}
        reply: dict[str, Any] = json.loads(answer[8:])
        return reply

    def _send(self, form: str, data: bytes) -> None:
        with contextlib.suppress(
            BrokenPipeError, OSError, ValueError
        ):  # the reader of the reply tells of its death
            stdin = self._process.stdin
            assert stdin is not None
            write_frame(stdin, json.dumps({"form": form, "ocr": self._bounds.ocr}).encode())
            write_frame(stdin, data)


def _start() -> str:
    """Return the code that a worker begins with: it finds the packages where this process does."""
    return f"import sys; sys.path[:] = {sys.path!r}; from indexer.forms.worker import main; main()"
