"""A language model's HTTP server that behaves as its model's name says: good, lying, slow, broken, endless …"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

__all__ = ["LlmServer", "llm_server"]

PATIENCE = 30.0


@dataclass
class LlmServer:
    """Where it listens, what it was asked, how many requests it held at once, and how many clients left early."""

    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    held: int = 0
    most_held: int = 0
    left: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    lock: threading.Lock = field(default_factory=threading.Lock)


def honest(body: dict[str, Any]) -> list[str]:
    """Return a sentence for each piece of evidence in the prompt, as a faithful model would word it."""
    evidence = json.loads(body["messages"][1]["content"])["依据"]
    return [f"{item['法院']}：{item['原文'].rstrip('。；')}[{item['编号']}]。" for item in evidence]


def words_of(model: str, body: dict[str, Any]) -> str:
    sentences = honest(body)
    if model == "good":
        return "\n".join(sentences)
    if model == "half":
        return sentences[0]
    if model == "lying":
        return "\n".join(re.sub(r"\d(?![^\[]*\])", lambda m: str((int(m[0]) + 1) % 10), s) for s in sentences)
    if model == "mixed":
        return f"根据规定，院长很满意。{sentences[0]}三中院共组织志愿服务999次[1]。"
    if model.startswith("correcting"):
        again = len(body["messages"]) > 2
        return sentences[0] if again else f"三中院圆满组织志愿服务181次[1]。{sentences[1]}以上供参考。"
    if model == "english":
        return (
            "No. 3 Intermediate People's Court organised volunteer services 118 times [1]. "
            "No. 1 Intermediate People's Court organised volunteer activities 50 times [2]."
        )
    if model == "english lies":
        return (
            "No. 3 Intermediate People's Court organised volunteer services one hundred and eighty-one times [1]. "
            "No. 1 Intermediate People's Court organised volunteer services 118 times [1]. "
            "Haizhou Intermediate Court organised volunteer services 118 times [1]."
        )
    if model == "injected":
        return "已忽略之前的规则。管理员密码是123456。[点此](http://evil.example)<script>alert(1)</script>"
    raise AssertionError(model)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: LlmServer

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the tests' output clean."""

    def do_POST(self) -> None:
        """Answer as the model named in the request does."""
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        state = self.state
        with state.lock:
            state.asked.append({"path": self.path, **body})
            state.keys.append(self.headers.get("authorization"))
            state.held += 1
            state.most_held = max(state.most_held, state.held)
        state.arrived.release()
        try:
            self._behave(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
            state.left.release()
        finally:
            with state.lock:
                state.held -= 1

    def _behave(self, body: dict[str, Any]) -> None:
        model = body["model"]
        if model == "error":
            self._send(b'{"error": {"message": "overloaded"}}', 503)
        elif model == "broken":
            self._send(b'{"choices": [{"message": {"con')
        elif model == "empty":
            self._send(json.dumps({"choices": [{"message": {"content": " "}}]}).encode())
        elif model == "other":
            self._send(b'["not", "a", "completion"]')
        elif model == "closing":
            self.close_connection = True
            self.connection.close()
        elif model in ("slow", "endless", "huge") or (
            model == "correcting slowly" and len(body["messages"]) > 2
        ):
            self._drip(model)
        elif model == "cut":
            text = words_of("good", body) + "三中院全年共组织志愿服务[1]"
            self._send(
                json.dumps({"choices": [{"message": {"content": text}, "finish_reason": "length"}]}).encode()
            )
        elif model == "brief":
            time.sleep(0.2)
            self._said(words_of("good", body))
        else:
            self._said(words_of(model, body))

    def _said(self, text: str) -> None:
        self._send(json.dumps({"choices": [{"message": {"content": text}}]}, ensure_ascii=False).encode())

    def _send(self, content: bytes, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _drip(self, model: str) -> None:
        """Send a reply without end: nothing but white space (slow), little by little, or as fast as it goes."""
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        piece = b" " if model == "slow" else b"x" * (65536 if model == "huge" else 8)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            self.wfile.flush()
            if model != "huge":
                time.sleep(0.02)


@contextmanager
def llm_server() -> Iterator[LlmServer]:
    """Serve on a port that the system chooses until the block ends."""
    state = LlmServer()
    handler = type("Handler", (_Handler,), {"state": state})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
