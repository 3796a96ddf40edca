"""Who is let in, and what every response tells a browser."""

from __future__ import annotations

import asyncio
import base64
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI, Request, Response
from starlette.types import Message

from service.web.errors import handle_errors
from service.web.security import Guard
from tests.servers import Server, running

KEY = "开门-Sesame"
PATHS = ("/", "/api/reports", "/api/search?q=整改", "/metrics", "/docs", "/openapi.json", "/static/fawen.css")


@pytest.fixture(scope="module")
def locked(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that asks for a key."""
    with running(sample_index, tmp_path_factory.mktemp("locked") / "log", FAWEN_API_KEY=KEY) as started:
        yield started


def basic(words: bytes) -> bytes:
    return b"Basic " + base64.b64encode(words)


@pytest.mark.parametrize("path", PATHS)
def test_without_the_key_nothing_is_shown(locked: Server, path: str) -> None:
    with locked.client() as client:
        reply = client.get(path)
    assert reply.status_code == 401
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.headers["www-authenticate"].startswith("Basic realm=")
    assert reply.json()["status"] == 401
    assert KEY not in reply.text


@pytest.mark.parametrize(
    "credentials",
    [
        b"",
        b"Bearer",
        b"Bearer wrong",
        KEY.encode(),
        b"Token " + KEY.encode(),
        b"Bearer " + KEY.encode()[:-1],
        b"Bearer " + KEY.encode() + b"x",
        b"Basic",
        b"Basic !!!",
        b"Basic \xff\xfe",
        basic(b"\xff:\xff"),
        basic(KEY.encode()),
        basic(KEY.encode() + b":"),
        basic(b"user:wrong"),
        b"Bearer \xff\xfe",
    ],
    ids=ascii,
)
def test_anything_but_the_key_is_refused(locked: Server, credentials: bytes) -> None:
    with locked.client() as client:
        reply = client.get("/api/reports", headers=[(b"authorization", credentials)])
    assert reply.status_code == 401


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "credentials",
    [
        b"Bearer " + KEY.encode(),
        b"bearer  " + KEY.encode(),
        basic(b"anyone:" + KEY.encode()),
        basic(b":" + KEY.encode()),
    ],
    ids=ascii,
)
def test_with_the_key_all_is_open(locked: Server, credentials: bytes, path: str) -> None:
    with locked.client() as client:
        reply = client.get(path, headers=[(b"authorization", credentials)])
    assert reply.status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_need_no_key(locked: Server, path: str) -> None:
    with locked.client() as client:
        assert client.get(path).status_code == 200
        assert client.get(f"{path}/").status_code == 401
        assert client.get(f"{path}/../api/reports").status_code == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/api/reports"),
        ("GET", "/api/nope"),
        ("PUT", "/api/search"),
        ("POST", "/api/search"),
        ("GET", "/static/fawen.css"),
        ("GET", "/docs"),
        ("GET", "/healthz"),
    ],
)
def test_every_response_keeps_browsers_strict(client: httpx.Client, method: str, path: str) -> None:
    strict(client.request(method, path))


def test_refusals_keep_browsers_strict_too(client: httpx.Client, locked: Server) -> None:
    strict(client.post("/api/search", content=b" " * 1_000_001))
    with locked.client() as outside:
        strict(outside.get("/"))


def strict(reply: httpx.Response) -> None:
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["x-frame-options"] == "SAMEORIGIN"
    assert reply.headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/", "/?q=整改", "/?q=整改&year=x", "/reports/none"])
def test_pages_may_load_nothing_from_elsewhere_and_run_no_inline_script(
    client: httpx.Client, path: str
) -> None:
    policy = client.get(path).headers["content-security-policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == "'self'"
    assert directives["base-uri"] == "'none'"
    assert directives["form-action"] == "'self'"
    assert "unsafe" not in policy
    assert "http" not in policy


def test_a_wrong_key_and_none_are_told_apart(locked: Server) -> None:
    with locked.client() as client:
        missing = client.get("/api/reports").json()["detail"]
        wrong = client.get("/api/reports", headers={"Authorization": "Bearer no"}).json()["detail"]
    assert "请带 Authorization" in missing
    assert "密钥不对" in wrong


def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    app = FastAPI()
    handle_errors(app)

    @app.post("/")
    async def read(request: Request) -> Response:
        return Response(await request.body())

    sent: list[Message] = []

    async def receive() -> Message:
        if not sent and not received:
            received.append(True)
            return {"type": "http.request", "body": b"x", "more_body": True}
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    received: list[bool] = []
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "raw_path": b"/",
        "query_string": b"",
        "headers": [],
    }
    asyncio.run(Guard(app, None, seconds=0.05)(scope, receive, send))
    assert sent[0]["status"] == 408
    assert "没有收完" in sent[1]["body"].decode()


def test_slow_clients_keep_nobody_out(locked: Server) -> None:
    address = locked.url.removeprefix("http://").split(":")
    half = b"POST /api/answer HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"
    waiting = [socket.create_connection((address[0], int(address[1]))) for _ in range(100)]
    try:
        for place, connection in enumerate(waiting):
            connection.sendall(half if place % 2 else half[:20])
        with locked.client(headers={"Authorization": f"Bearer {KEY}".encode()}) as client:  # type: ignore[dict-item]
            assert client.get("/api/reports").status_code == 200
    finally:
        for connection in waiting:
            connection.close()
