"""The API's own documentation: served whole by us, and with examples that work."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def described(client: httpx.Client) -> dict[str, Any]:
    """The OpenAPI document."""
    reply = client.get("/openapi.json")
    assert reply.status_code == 200
    return dict(reply.json())


def test_the_documentation_page_needs_nothing_from_elsewhere(client: httpx.Client) -> None:
    page = client.get("/docs")
    assert page.status_code == 200
    assert "//" not in "".join(re.findall(r"""(?:src|href|url)\s*[=:]\s*["']([^"']+)["']""", page.text))
    assets = re.findall(r"""(?:src|href)=["']([^"']+)["']""", page.text)
    assert len(assets) >= 3
    for asset in assets:
        reply = client.get(asset)
        assert reply.status_code == 200
        assert reply.content


def test_every_route_of_the_contract_is_described(described: dict[str, Any]) -> None:
    operations = {(path, method) for path, methods in described["paths"].items() for method in methods}
    assert operations >= {
        ("/api/search", "post"),
        ("/api/search", "get"),
        ("/api/reports", "get"),
        ("/api/reports/{report_id}", "get"),
        ("/api/sources/{source_id}", "get"),
        ("/healthz", "get"),
        ("/readyz", "get"),
        ("/metrics", "get"),
    }
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], (path, method)


def test_errors_are_described_as_problem_documents(described: dict[str, Any]) -> None:
    described_errors = 0
    for path, methods in described["paths"].items():
        if not path.startswith("/api/"):
            continue
        for operation in methods.values():
            for status, response in operation["responses"].items():
                if not status.startswith("2"):
                    described_errors += 1
                    (kind, content), *others = response["content"].items()
                    assert (kind, others) == (PROBLEM, []), (path, status)
                    assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
    assert described_errors >= 20
    assert set(described["components"]["schemas"]["Problem"]["properties"]) == {
        "type",
        "title",
        "status",
        "detail",
        "errors",
    }


def test_the_examples_of_a_search_work(client: httpx.Client, described: dict[str, Any]) -> None:
    examples = described["components"]["schemas"]["SearchRequest"]["examples"]
    assert examples
    for example in examples:
        reply = client.post("/api/search", json=example)
        assert reply.status_code == 200
        assert reply.json()["hits"]
