"""Serving: start, memory, throughput beside a FastAPI route with a stored reply, and latency.

    python -m benchmarks.serving [CORPUS] [--seconds 6]

Starts real server processes on loopback, one after the other, and one client process with 8 connections.
Requests per second depend on the client too, so the servers' own CPU time per request is printed beside it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from benchmarks.queries import different_queries
from service.engine import Engine

CLIENTS = 8
QUERIES = 2000
STORED = """
import sys, uvicorn
from fastapi import FastAPI, Request, Response
app = FastAPI()
body = open(sys.argv[1], "rb").read()
@app.post("/api/search")
async def stored(request: Request) -> Response:
    await request.body()
    return Response(body, media_type="application/json")
@app.get("/readyz")
async def ready() -> dict[str, str]:
    return {}
uvicorn.run(app, port=int(sys.argv[2]), access_log=False, log_level="warning")
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def post(port: int, query: str) -> bytes:
    body = json.dumps({"query": query}).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/search", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=5) as reply:
        content: bytes = reply.read()
        return content


def first_answer(port: int, started: float, limit: float = 60) -> float:
    """Return seconds from `started` until a query is answered."""
    while time.perf_counter() - started < limit:
        try:
            post(port, "整改措施")
        except OSError:
            time.sleep(0.005)
        else:
            return time.perf_counter() - started
    raise TimeoutError(f"no answer on port {port} within {limit} s")


def status(pid: int, field: str) -> float:
    """Return a field of /proc/PID/status in MB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(field))


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _connection(port: int, bodies: list[bytes], until: float, done: list[int]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    at = 0
    while time.perf_counter() < until:
        body = bodies[at % len(bodies)]
        at += 1
        writer.write(
            b"POST /api/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
        )
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        done[0] += 1
    writer.close()


def _load(port: int, queries: list[str], seconds: float, result: multiprocessing.Queue[float]) -> None:
    bodies = [json.dumps({"query": query}, ensure_ascii=False).encode() for query in queries]
    done = [0]

    async def run() -> None:
        until = time.perf_counter() + seconds
        shares = [bodies[i::CLIENTS] for i in range(CLIENTS)]
        await asyncio.gather(*(_connection(port, share, until, done) for share in shares))

    asyncio.run(run())
    result.put(done[0] / seconds)


def throughput(port: int, pid: int, queries: list[str], seconds: float) -> tuple[float, float]:
    """Return requests per second of 8 connections, and the server's CPU milliseconds per request."""
    result: multiprocessing.Queue[float] = multiprocessing.Queue()
    before = cpu_seconds(pid)
    client = multiprocessing.Process(target=_load, args=(port, queries, seconds, result))
    client.start()
    rate = result.get()
    client.join()
    return rate, (cpu_seconds(pid) - before) / (rate * seconds) * 1000


def percentiles(times: list[float]) -> str:
    ordered = sorted(times)
    return f"p50 {statistics.median(ordered) * 1000:.2f} ms, p99 {ordered[int(len(ordered) * 0.99)] * 1000:.2f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("corpus", nargs="?", default="reports", type=Path)
    parser.add_argument("--seconds", default=6.0, type=float, help="of load, for each server")
    options = parser.parse_args()
    fawen = str(Path(sys.executable).with_name("fawen"))
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder, "index")
        subprocess.run([fawen, "index", str(options.corpus), "--index", str(index)], check=True)
        engine = Engine(index)
        queries = different_queries(engine, QUERIES)
        starts = []
        for _ in range(3):
            port, started = free_port(), time.perf_counter()
            server = subprocess.Popen([fawen, "serve", "--index", str(index), "--port", str(port)])
            starts.append(first_answer(port, started))
            if len(starts) < 3:
                server.terminate()
                server.wait()
        resident = status(server.pid, "VmRSS")
        reply = Path(folder, "reply.json")
        reply.write_bytes(post(port, queries[0]))
        over_http = []
        for query in queries:
            begun = time.perf_counter()
            post(port, query)
            over_http.append(time.perf_counter() - begun)
        many = different_queries(engine, 40_000, seed=11)
        rate, cpu = throughput(port, server.pid, many, options.seconds)
        again, again_cpu = throughput(port, server.pid, queries, options.seconds)
        loaded = status(server.pid, "VmRSS")
        server.terminate()
        server.wait()
        stored_port = free_port()
        stored = subprocess.Popen([sys.executable, "-c", STORED, str(reply), str(stored_port)])
        first_answer(stored_port, time.perf_counter())
        stored_rate, stored_cpu = throughput(stored_port, stored.pid, queries, options.seconds)
        stored.terminate()
        stored.wait()
        in_process = []
        for query in queries:
            begun = time.perf_counter()
            engine.search(query)
            in_process.append(time.perf_counter() - begun)
        answers = []
        for query in queries[:500]:
            begun = time.perf_counter()
            engine.answer(query)
            answers.append(time.perf_counter() - begun)
    print(
        f"exec to first answered query  {statistics.median(starts):.2f} s (of 3: {', '.join(f'{s:.2f}' for s in starts)})"
    )
    print(
        f"resident after the first query {resident:.0f} MB, after {QUERIES} queries and the load {loaded:.0f} MB"
    )
    print(
        f"{CLIENTS} clients: stored reply of the same size {stored_rate:.0f} requests/s, {stored_cpu:.3f} ms of server CPU each"
    )
    for label, per_second, each in (
        ("never asked before", rate, cpu),
        (f"{QUERIES} queries in turn", again, again_cpu),
    ):
        print(
            f"  /api/search, {label}: {per_second:.0f} requests/s, {each:.3f} ms of server CPU each, "
            f"ratio {per_second / stored_rate:.2f} by requests, {stored_cpu / each:.2f} by CPU"
        )
    print(f"{QUERIES} different queries: HTTP {percentiles(over_http)}; in process {percentiles(in_process)}")
    print(f"500 answers in process: {percentiles(answers)}")


if __name__ == "__main__":
    main()
