"""What an operator's Prometheus reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.servers import running


@pytest.fixture
def fresh(sample_index: Path, tmp_path: Path) -> Iterator[httpx.Client]:
    """A client of a server that nobody else asks."""
    with running(sample_index, tmp_path / "log") as server, server.client() as client:
        yield client


def samples(client: httpx.Client) -> dict[tuple[str, ...], float]:
    """The requests counted so far, by route and status, and other figures by name."""
    reply = client.get("/metrics")
    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("text/plain; version=0.0.4")
    found: dict[tuple[str, ...], float] = {}
    for family in text_string_to_metric_families(reply.text):
        for sample in family.samples:
            labels = (sample.labels[name] for name in ("route", "status") if name in sample.labels)
            if "le" not in sample.labels:
                found[(sample.name, *labels)] = sample.value
    return found


def test_requests_are_counted_by_route_and_status(fresh: httpx.Client) -> None:
    for _ in range(3):
        fresh.post("/api/search", json={"query": "整改"})
    fresh.post("/api/search", json={})
    fresh.get("/api/reports/none")
    fresh.get("/api/reports/other")
    fresh.get("/no/such/page/1")
    fresh.get("/no/such/page/2")
    counted = samples(fresh)
    assert counted["fawen_requests_total", "/api/search", "200"] == 3
    assert counted["fawen_requests_total", "/api/search", "422"] == 1
    assert counted["fawen_requests_total", "/api/reports/{report_id}", "404"] == 2
    assert counted["fawen_requests_total", "other", "404"] == 2
    assert counted["fawen_request_seconds_count", "/api/search"] == 4
    assert counted["fawen_request_seconds_sum", "/api/search"] > 0
    assert not any("none" in label or "page" in label for key in counted for label in key[1:])


def test_refused_requests_are_counted(fresh: httpx.Client) -> None:
    fresh.post("/api/search", content=b" " * 1_000_001)
    assert samples(fresh)["fawen_requests_total", "other", "413"] == 1


def test_the_size_of_the_index_is_told(fresh: httpx.Client) -> None:
    passages = fresh.get("/readyz").json()["passages"]
    assert samples(fresh)["fawen_passages",] == passages
