"""A stand-in for the servers of Feishu and DingTalk, which no test may reach: keeps what it is sent."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any

__all__ = ["Platform", "platform"]


@dataclass
class Platform:
    """Where it listens, the messages it was sent (path, authorization, body), how often a token was asked for."""

    url: str = ""
    sent: Queue[tuple[str, str | None, dict[str, Any]]] = field(default_factory=Queue)
    tokens: int = 0
    failing: bool = False


@contextmanager
def platform() -> Iterator[Platform]:
    """Serve on a port that the system chooses until the block ends."""
    state = Platform()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            """Keep the tests' output clean."""

        def do_POST(self) -> None:
            """Give a token, or take a message."""
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            reply: dict[str, Any] = {"code": 0, "errcode": 0}
            if "tenant_access_token" in self.path:
                state.tokens += 1
                right = body == {"app_id": "cli_x", "app_secret": "app-secret"}
                reply = (
                    {"code": 0, "tenant_access_token": "t-1", "expire": 7200} if right else {"code": 10014}
                )
            else:
                state.sent.put((self.path, self.headers.get("authorization"), body))
            content = json.dumps(reply).encode()
            self.send_response(500 if state.failing else 200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
