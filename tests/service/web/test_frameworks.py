"""LangChain and LlamaIndex against a real server, in the virtual environment that `make clients` makes for them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from models import Encoder
from tests.servers import ROOT, Server, environment, running

KEY = "framework-key"
CLIENTS = ROOT / "tests" / "clients"
PYTHON = ROOT / ".venv-clients" / "bin" / "python"

pytestmark = pytest.mark.skipif(
    not PYTHON.exists(),
    reason="run `make clients` first: these frameworks need an openai client older than the suite's",
)


@pytest.fixture(scope="module")
def keyed(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("frameworks") / "log"
    with running(sample_index, log, FAWEN_API_KEY=KEY) as started:
        yield started


def called(script: str, url: str) -> dict[str, Any]:
    done = subprocess.run(
        [PYTHON, CLIENTS / script, f"{url}/v1", KEY],
        env=environment(LANGSMITH_TRACING="false", NO_PROXY="*"),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.fixture(scope="module", params=["langchain_client.py", "llamaindex_client.py"])
def told(request: pytest.FixtureRequest, keyed: Server) -> dict[str, Any]:
    return called(request.param, keyed.url)


def test_an_answer_comes_with_its_links(told: dict[str, Any]) -> None:
    assert "志愿服务118次" in told["whole"]
    assert "/reports/" in told["whole"]


def test_a_follow_up_in_messages_is_understood(told: dict[str, Any]) -> None:
    assert "志愿活动50次" in told["followed"]


def test_a_stream_comes_in_pieces(told: dict[str, Any]) -> None:
    assert told["pieces"] > 3
    assert "整改措施126项" in told["streamed"]


def test_vectors_are_the_encoders(told: dict[str, Any], builtin_encoder: Encoder) -> None:
    assert told["documents"] == [builtin_encoder.dims] * 2
    vector = builtin_encoder.encode_passages(["整改措施"])[0]
    assert told["query"] == pytest.approx(vector.tolist(), abs=1e-5)


def test_tools_that_are_offered_are_not_called_and_usage_is_told(keyed: Server) -> None:
    told = called("langchain_client.py", keyed.url)
    assert told["tool_calls"] == []
    assert "整改措施126项" in told["offered"]
    assert told["usage"] > 0
    assert told["finish"] == "stop"
