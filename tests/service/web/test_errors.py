"""Bad requests: what comes back is a problem document that says what is wrong and where."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.settings import Settings
from service.web.app import create_app

HUGE = b"9" * 5000


def problem(reply: httpx.Response, status: int) -> dict[str, Any]:
    """The problem document of a reply, checked for its form."""
    assert reply.status_code == status, reply.text[:500]
    assert reply.headers["content-type"] == "application/problem+json"
    body = reply.json()
    assert list(body) == ["type", "title", "status", "detail", "errors"]
    assert (body["type"], body["status"]) == ("about:blank", status)
    assert body["title"]
    assert body["detail"]
    assert all(set(error) == {"field", "message"} for error in body["errors"])
    assert all(error["message"] for error in body["errors"])
    return dict(body)


def fields(reply: httpx.Response) -> list[str]:
    return [error["field"] for error in problem(reply, 422)["errors"]]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "query"),
        ({"query": ""}, "query"),
        ({"query": " \u3000\n\t"}, "query"),
        ({"query": "长" * 1001}, "query"),
        ({"query": "长" + " " * 1000}, "query"),
        ({"query": "措施", "filters": {"report_id": ["号" + " " * 100]}}, "filters.report_id.0"),
        ({"query": 5}, "query"),
        ({"query": None}, "query"),
        ({"query": ["整改"]}, "query"),
        ({"query": {"$ne": ""}}, "query"),
        ({"query": "整改", "nosuch": 1}, "nosuch"),
        ({"query": "整改", "topk": 3}, "topk"),
        ({"query": "整改", "top_k": 0}, "top_k"),
        ({"query": "整改", "top_k": -1}, "top_k"),
        ({"query": "整改", "top_k": 101}, "top_k"),
        ({"query": "整改", "top_k": 10**100}, "top_k"),
        ({"query": "整改", "top_k": 1.5}, "top_k"),
        ({"query": "整改", "top_k": "many"}, "top_k"),
        ({"query": "整改", "top_k": "5"}, "top_k"),
        ({"query": "整改", "top_k": True}, "top_k"),
        ({"query": "整改", "top_k": None}, "top_k"),
        ({"query": "整改", "top_k": []}, "top_k"),
        ({"query": "整改", "mode": "psychic"}, "mode"),
        ({"query": "整改", "mode": None}, "mode"),
        ({"query": "整改", "per_court": "perhaps"}, "per_court"),
        ({"query": "整改", "per_court": 1}, "per_court"),
        ({"query": "整改", "filters": None}, "filters"),
        ({"query": "整改", "filters": []}, "filters"),
        ({"query": "整改", "filters": {"courts": []}}, "filters.courts"),
        ({"query": "整改", "filters": {"court": "三中院"}}, "filters.court"),
        ({"query": "整改", "filters": {"court": [""]}}, "filters.court.0"),
        ({"query": "整改", "filters": {"court": ["三中院", 3]}}, "filters.court.1"),
        ({"query": "整改", "filters": {"court": ["长" * 101]}}, "filters.court.0"),
        ({"query": "整改", "filters": {"court": ["三中院"] * 51}}, "filters.court"),
        ({"query": "整改", "filters": {"court": ["火星法院"]}}, "filters.court"),
        ({"query": "整改", "filters": {"court": ["\x00"]}}, "filters.court"),
        ({"query": "整改", "filters": {"year": ["去年"]}}, "filters.year.0"),
        ({"query": "整改", "filters": {"year": [True]}}, "filters.year.0"),
        ({"query": "整改", "filters": {"year": ["2023"]}}, "filters.year.0"),
        ({"query": "整改", "filters": {"year": [10**30]}}, "filters.year.0"),
        ({"query": "整改", "filters": {"year": [-2023]}}, "filters.year.0"),
        ({"query": "整改", "filters": {"year": 2023}}, "filters.year"),
        ({"query": "整改", "filters": {"report_id": [7]}}, "filters.report_id.0"),
    ],
    ids=lambda value: ascii(value)[:60],
)
def test_a_wrong_value_is_refused_by_the_name_of_its_field(
    client: httpx.Client, body: dict[str, Any], field: str
) -> None:
    assert fields(client.post("/api/search", json=body)) == [field]


def test_every_wrong_field_is_named_at_once(client: httpx.Client) -> None:
    body = {"query": "", "top_k": 0, "mode": "x", "filters": {"year": ["x"]}, "extra": 1}
    found = fields(client.post("/api/search", json=body))
    assert sorted(found) == ["extra", "filters.year.0", "mode", "query", "top_k"]


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ("", "q"),
        ("q=", "q"),
        ("q=%20%E3%80%80", "q"),
        ("query=a", "q"),
        ("q=a&top_k=many", "top_k"),
        ("q=a&top_k=", "top_k"),
        ("q=a&top_k=" + "9" * 5000, "top_k"),
        ("q=a&mode=HYBRID", "mode"),
        ("q=a&year=abc", "year.0"),
        ("q=a&year=99999", "year.0"),
        ("q=a&bogus=1", "bogus"),
        ("q=a&per_court=x", "per_court"),
        ("q=a&court=%00", "filters.court"),
        ("q=a&court=%ff", "filters.court"),
        ("q=" + "x" * 1001, "q"),
    ],
    ids=lambda value: value[:30],
)
def test_a_wrong_parameter_is_refused_by_name(client: httpx.Client, parameters: str, field: str) -> None:
    assert field in fields(client.get(f"/api/search?{parameters}"))


def test_an_unknown_court_is_answered_with_those_that_there_are(client: httpx.Client) -> None:
    reply = client.post("/api/search", json={"query": "整改", "filters": {"court": ["火星法院"]}})
    detail = problem(reply, 422)["detail"]
    for name in "火星法院", "某市中级人民法院", "某市第一中级人民法院", "某市第二中级人民法院":
        assert name in detail


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{]",
        b"\xff\xfe",
        b"\x00",
        b"query=a",
        b"{'query': 'a'}",
        b'{"query": "a"} trailing',
        b"[" * 50_000,
        b'{"query": "a", "top_k": ' + HUGE + b"}",
        '{"query": "整改"}'.encode("gb18030"),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_a_body_that_is_no_json_is_a_bad_request(client: httpx.Client, body: bytes) -> None:
    reply = client.post("/api/search", content=body, headers={"content-type": "application/json"})
    found = problem(reply, 400)
    assert {error["field"] for error in found["errors"]} <= {"body"}


@pytest.mark.parametrize("body", [b"[]", b'"words"', b"null", b"7"], ids=ascii)
def test_json_that_is_no_object_is_refused(client: httpx.Client, body: bytes) -> None:
    reply = client.post("/api/search", content=body, headers={"content-type": "application/json"})
    assert fields(reply) == ["body"]


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_a_body_that_is_not_declared_as_json_is_refused(client: httpx.Client, kind: str) -> None:
    reply = client.post("/api/search", content=b'{"query": "a"}', headers={"content-type": kind})
    assert "application/json" in problem(reply, 422)["detail"]


@pytest.mark.parametrize(
    "body", [b'{"query": "\\ud800"}', b'{"query": "a", "\\udfff": 1}', b'{"query": "a", "mode": "\\ud800"}']
)
def test_half_of_a_surrogate_pair_is_refused(client: httpx.Client, body: bytes) -> None:
    reply = client.post("/api/search", content=body, headers={"content-type": "application/json"})
    assert [error["field"] for error in problem(reply, 400)["errors"]] == ["body"]


@pytest.mark.parametrize(
    "query",
    [
        "整改\x00措施",
        "\u202e整改\u200f措施\u2066",
        "整改\ufeff",
        "😀整改",
        "<script>",
        "' OR 1=1 --",
        "%s{0}$x",
    ],
)
def test_strange_characters_in_a_query_are_answered_and_returned_unchanged(
    client: httpx.Client, query: str
) -> None:
    reply = client.post("/api/search", json={"query": query})
    assert reply.status_code == 200
    assert reply.json()["query"] == query
    assert reply.json()["hits"]


def test_numbers_that_json_does_not_know_are_refused(client: httpx.Client) -> None:
    for value in b"NaN", b"Infinity", b"1e999":
        body = b'{"query": "a", "top_k": ' + value + b"}"
        reply = client.post("/api/search", content=body, headers={"content-type": "application/json"})
        assert fields(reply) == ["top_k"]


@pytest.mark.parametrize(
    "path",
    [
        "/nope",
        "/api",
        "/api/",
        "/api/nope",
        "/api/reports/none",
        "/api/reports/%2e%2e",
        "/api/reports/%00",
        "/api/reports/" + "x" * 5000,
        "/api/sources/none",
        "/api/sources/..%2f..%2fetc%2fpasswd",
        "/static/none.css",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static/",
    ],
    ids=lambda value: value[:40],
)
def test_what_is_not_there_is_not_found(client: httpx.Client, path: str) -> None:
    assert problem(client.get(path), 404)["errors"] == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/api/search"),
        ("DELETE", "/api/reports"),
        ("POST", "/api/reports"),
        ("PATCH", "/api/sources/none"),
        ("POST", "/"),
        ("POST", "/healthz"),
        ("OPTIONS", "/api/search"),
    ],
)
def test_a_method_that_is_not_offered_is_refused_with_those_that_are(
    client: httpx.Client, method: str, path: str
) -> None:
    reply = client.request(method, path)
    assert method in problem(reply, 405)["detail"]
    assert reply.headers["allow"]


def test_a_declared_body_over_the_limit_is_refused(client: httpx.Client) -> None:
    reply = client.post("/api/search", content=b" " * 1_000_001, headers={"content-type": "application/json"})
    assert "1,000,000" in problem(reply, 413)["detail"]


def test_a_chunked_body_over_the_limit_is_refused(client: httpx.Client) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(11):
            yield b" " * 100_000

    reply = client.post("/api/search", content=chunks(), headers={"content-type": "application/json"})
    assert "content-length" not in reply.request.headers
    assert "1,000,000" in problem(reply, 413)["detail"]


def test_a_body_of_exactly_the_limit_is_read(client: httpx.Client) -> None:
    body = json.dumps({"query": "整改"}).encode()
    body += b" " * (1_000_000 - len(body))
    reply = client.post("/api/search", content=body, headers={"content-type": "application/json"})
    assert reply.status_code == 200


def test_a_fault_in_the_program_is_a_problem_document_without_its_particulars(sample_index: Path) -> None:
    app = create_app(Settings(index=sample_index))

    @app.get("/fault")
    def fault() -> None:
        raise ZeroDivisionError("inner particulars")

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://fawen") as inside:
            return await inside.get("/fault")

    reply = asyncio.run(ask())
    assert problem(reply, 500)["errors"] == []
    assert "inner particulars" not in reply.text
    assert reply.headers["x-content-type-options"] == "nosniff"


def test_the_server_still_answers_after_all_that(client: httpx.Client) -> None:
    assert client.post("/api/search", json={"query": "整改"}).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "told"),
    [
        ("GET", "/v1/v1/models", "http://HOST:8000/v1"),
        ("POST", "/chat/completions", "http://HOST:8000/v1"),
        ("POST", "/v1/completions", "/v1/chat/completions"),
        ("POST", "/v1/responses", "/v1/chat/completions"),
        ("POST", "/v2/rerank", "/v1/rerank"),
        ("POST", "/dify/retrieval/retrieval", "http://HOST:8000/dify"),
        ("POST", "/retrieval", "http://HOST:8000/dify"),
        ("GET", "/sse", "http://HOST:8000/mcp"),
        ("POST", "/chat/lark", "/chat/feishu"),
        ("GET", "/api/answers", "/docs"),
        ("GET", "/v1/chat/completions", "POST"),
        ("GET", "/dify/retrieval", "POST"),
    ],
)
def test_an_address_put_in_wrongly_is_told_how_to_put_it(
    client: httpx.Client, method: str, path: str, told: str
) -> None:
    reply = client.request(method, path)
    assert reply.status_code in (404, 405)
    assert told in reply.text


def test_a_field_of_several_types_is_named_once(client: httpx.Client) -> None:
    body = {"model": "fawen", "messages": [{"role": "user", "content": {"text": "x"}}]}
    error = client.post("/v1/chat/completions", json=body).json()["error"]
    assert error["param"] == "messages.0.content"
    assert error["message"] == "messages.0.content: 须为文字 / must be a string，或须为列表 / must be a list"
