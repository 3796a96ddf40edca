"""The real command and the real server, as a user starts them."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

__all__ = ["COMMAND", "ROOT", "Server", "fawen", "running", "server"]

ROOT = Path(__file__).resolve().parent.parent
COMMAND = Path(sys.executable).with_name("fawen")
REPORTS = ROOT / "reports"
_PATIENCE = 60


def environment(**settings: str) -> dict[str, str]:
    """The environment a command runs in: ours without any FAWEN_ setting but those given, and no network."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("FAWEN_")}
    return {**inherited, "HF_HUB_OFFLINE": "1", **settings}


def fawen(*words: str | Path | bytes, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end, its output in pipes."""
    return subprocess.run(
        [COMMAND, *words],
        env=environment(**settings),
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="backslashreplace",
        timeout=_PATIENCE,
        check=False,
    )


@dataclass(frozen=True)
class Server:
    """A server that answers, its process and what it has written to standard error."""

    url: str
    process: subprocess.Popen[str]
    log: Path

    def client(self, **options: str | dict[str, str]) -> httpx.Client:
        """An HTTP client of this server."""
        return httpx.Client(base_url=self.url, timeout=_PATIENCE, trust_env=False, **options)  # type: ignore[arg-type]


@contextmanager
def running(index: Path, log: Path, **settings: str) -> Iterator[Server]:
    """Serve an index on a port the system chooses until the block ends, which must be a clean one."""
    with log.open("w", encoding="utf-8") as errors:
        process = subprocess.Popen(
            [COMMAND, "serve", "--index", index, "--port", "0"],
            env=environment(FAWEN_RELOAD_SECONDS="0.05", **settings),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            encoding="utf-8",
        )
    try:
        assert process.stdout is not None
        announced = process.stdout.readline()
        found = re.search(r"http://\S+:\d+", announced)
        assert found, f"the server announced {announced!r}; log: {log.read_text(encoding='utf-8')}"
        url = found[0]
        with httpx.Client(transport=httpx.HTTPTransport(retries=8)) as first:
            first.get(f"{url}/readyz", timeout=_PATIENCE).raise_for_status()
        yield Server(url, process, log)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(_PATIENCE)
        finally:
            process.kill()
            process.communicate()
    assert process.returncode == 0
    assert "Traceback" not in log.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def server(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server over the sample reports, shared by the session."""
    with running(sample_index, tmp_path_factory.mktemp("server") / "log") as started:
        yield started
