"""A running server and an index that is built anew under it."""

from __future__ import annotations

import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from models import Encoder
from tests.servers import REPORTS, Server, fawen, running
from tests.service.conftest import build_texts
from tests.writing import GARDEN

_TURNS = 2000


@pytest.fixture
def own_index(sample_index: Path, tmp_path: Path) -> Path:
    """A copy of the sample index, that a test may change."""
    return Path(shutil.copytree(sample_index, tmp_path / "own"))


@pytest.fixture
def own_server(own_index: Path, tmp_path: Path) -> Iterator[Server]:
    """A server over that index."""
    with running(own_index, tmp_path / "log") as started:
        yield started


def generation(client: httpx.Client) -> str:
    return str(client.get("/readyz").raise_for_status().json()["generation"])


def until(happens: Callable[[], bool]) -> None:
    """Ask again until something happens; it must within a bounded number of questions."""
    pause = threading.Event()
    for _ in range(_TURNS):
        if happens():
            return
        pause.wait(0.01)
    pytest.fail("it never happened")


def test_no_request_fails_while_the_index_is_rebuilt_and_exchanged(
    own_server: Server, own_index: Path
) -> None:
    done = threading.Event()
    answered: Counter[int] = Counter()
    failures: list[str] = []

    def ask() -> None:
        with own_server.client() as client:
            while not done.is_set():
                try:
                    reply = client.post("/api/search", json={"query": "整改措施", "top_k": 3})
                    citation = reply.json()["hits"][0]["citation"]
                    page = client.get(citation["url"])
                    answered.update([reply.status_code, page.status_code])
                except (httpx.HTTPError, KeyError, IndexError, ValueError) as error:
                    failures.append(repr(error))

    askers = [threading.Thread(target=ask) for _ in range(3)]
    with own_server.client() as client:
        seen = [generation(client)]
        for asker in askers:
            asker.start()
        try:
            for _ in range(3):
                assert fawen("index", REPORTS, "--index", own_index).returncode == 0
                until(lambda: generation(client) != seen[-1])
                seen.append(generation(client))
        finally:
            done.set()
            for asker in askers:
                asker.join()
    assert failures == []
    assert set(answered) == {200}
    assert len(set(seen)) == 4


def test_what_was_indexed_while_serving_is_found_and_a_rollback_takes_it_back(
    own_server: Server, own_index: Path, builtin_encoder: Encoder, tmp_path: Path
) -> None:
    with own_server.client() as client:
        first = generation(client)
        built = build_texts(own_index, builtin_encoder, tmp_path / "files", garden=GARDEN).generation
        until(lambda: generation(client) == built)
        assert client.get("/api/reports").json()["total"] == 1
        hit = client.get("/api/search", params={"q": "银杏"}).json()["hits"][0]
        assert hit["citation"]["court"] == "某州中级人民法院"
        assert "某州中级人民法院" in client.get("/").text
        assert fawen("rollback", "--index", own_index).returncode == 0
        until(lambda: generation(client) == first)
        assert client.get("/api/reports").json()["total"] == 3


def test_a_damaged_build_is_refused_and_told_and_the_next_sound_one_is_served(
    own_server: Server, own_index: Path, builtin_encoder: Encoder, tmp_path: Path
) -> None:
    with own_server.client() as client:
        first = generation(client)
        (own_index / "CURRENT").write_text("no-such-generation 00\n", encoding="utf-8")
        until(lambda: "no-such-generation" in own_server.log.read_text(encoding="utf-8"))
        assert generation(client) == first
        assert client.post("/api/search", json={"query": "整改"}).status_code == 200
        built = build_texts(own_index, builtin_encoder, tmp_path / "files", garden=GARDEN).generation
        until(lambda: generation(client) == built)
