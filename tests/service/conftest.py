"""Fixtures of the service's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from indexer.build import BuildReport, build
from models import Encoder
from service.engine import Engine
from tests.servers import Server, server
from tests.writing import GARDEN, HOSTILE, REPAIRED

__all__ = ["engine", "odd_engine", "odd_index", "server"]

MAX_BYTES = 1_000_000


@pytest.fixture(scope="session")
def engine(sample_index: Path) -> Engine:
    """An engine over the sample reports; read only."""
    return Engine(sample_index)


def build_texts(index: Path, encoder: Encoder, folder: Path, **texts: str) -> BuildReport:
    """Index texts, each as a file of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8", newline="")
    return build([folder], index, encoder, max_bytes=MAX_BYTES)


@pytest.fixture(scope="session")
def odd_index(builtin_encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of odd reports of three years: markup in the text, a watermark in a broken sentence."""
    place = tmp_path_factory.mktemp("odd")
    build_texts(
        place / "index", builtin_encoder, place / "files", garden=GARDEN, hostile=HOSTILE, repaired=REPAIRED
    )
    return place / "index"


@pytest.fixture(scope="session")
def odd_engine(odd_index: Path) -> Engine:
    """An engine over the odd reports; read only."""
    return Engine(odd_index)


@pytest.fixture(scope="session")
def client(server: Server) -> Iterator[httpx.Client]:
    """A client of the shared server."""
    with server.client() as opened:
        yield opened
