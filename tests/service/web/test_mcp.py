"""The MCP server, used by the SDK's own client over streamable HTTP and over stdio."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from service.settings import Settings
from service.web.mcp_host import allowed_hosts, allowed_origins
from tests.servers import COMMAND, Server, environment, fawen, running

KEY = "mcp-key"
TOOLS = {"search_reports", "answer_question", "list_reports", "read_section", "count_by_court"}
PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
HEADERS = {
    "Authorization": f"Bearer {KEY}",
    "Accept": "application/json, text/event-stream",
    "MCP-Protocol-Version": "2025-11-25",
}

Use = Callable[[Client], Awaitable[Any]]
Connect = Callable[[Use], Any]


@pytest.fixture(scope="module")
def keyed(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    settings = {
        "FAWEN_API_KEY": KEY,
        "FAWEN_MCP_HOSTS": "fawen.court, 10.0.0.8:9000",
        "FAWEN_MCP_ORIGINS": "https://chat.court",
    }
    with running(sample_index, tmp_path_factory.mktemp("mcp") / "log", **settings) as started:
        yield started


@pytest.fixture(params=["http", "http, older protocol", "stdio"])
def connect(request: pytest.FixtureRequest, keyed: Server, sample_index: Path) -> Connect:
    """Return what connects a client, lets it be used and returns what the use returned."""

    async def over_http(use: Use, mode: str) -> Any:
        async with httpx2.AsyncClient(headers={"Authorization": f"Bearer {KEY}"}, timeout=60) as http:
            transport = streamable_http_client(f"{keyed.url}/mcp", http_client=http)
            async with Client(transport, mode=mode) as client:
                return await use(client)

    async def over_stdio(use: Use) -> Any:
        command = StdioServerParameters(
            command=str(COMMAND), args=["mcp", "--index", str(sample_index)], env=environment()
        )
        async with Client(command) as client:
            return await use(client)

    if request.param == "stdio":
        return lambda use: asyncio.run(over_stdio(use))
    mode = "auto" if request.param == "http" else "legacy"
    return lambda use: asyncio.run(over_http(use, mode))


def called(keyed: Server, name: str, arguments: dict[str, Any]) -> Any:
    """Call one tool over HTTP."""

    async def use() -> Any:
        http = httpx2.AsyncClient(headers={"Authorization": f"Bearer {KEY}"}, timeout=60)
        async with http, Client(streamable_http_client(f"{keyed.url}/mcp", http_client=http)) as client:
            return await client.call_tool(name, arguments)

    return asyncio.run(use())


def test_the_tools_are_read_only_and_typed(connect: Connect) -> None:
    async def use(client: Client) -> Any:
        assert client.server_info is not None
        assert client.server_info.name == "fawen"
        assert "abstained" in (client.instructions or "")
        return (await client.list_tools()).tools

    tools = connect(use)
    assert {tool.name for tool in tools} == TOOLS
    for tool in tools:
        assert tool.annotations.read_only_hint is True
        assert tool.annotations.destructive_hint is False
        assert tool.output_schema["type"] == "object"
        assert tool.description


def test_every_tool_answers(connect: Connect, keyed: Server) -> None:
    async def use(client: Client) -> Any:
        async def call(name: str, **arguments: Any) -> Any:
            reply = await client.call_tool(name, arguments)
            assert not reply.is_error, reply.content
            assert json.loads(reply.content[0].text) == reply.structured_content
            return reply.structured_content

        answer = await call("answer_question", question="各院开展志愿服务多少次")
        report_id = answer["citations"][0]["report_id"]
        return (
            answer,
            await call("count_by_court", thing="整改措施", courts=["一中院", "二中院"]),
            await call("search_reports", query="廉政风险排查", years=[2023], top_k=2),
            await call("list_reports"),
            await call("read_section", report_id=report_id, section="涵养文明新风"),
            await call("read_section", report_id=report_id),
        )

    answer, count, found, reports, section, whole = connect(use)
    assert answer["kind"] == "count"
    assert "志愿服务118次" in answer["text"]
    assert answer["citations"][0]["quote"] == "全年共组织志愿服务118次"
    assert answer["citations"][0]["url"].startswith("http://127.0.0.1:")
    assert [(court["court"], court["total"]) for court in count["courts"]] == [
        ("某市第一中级人民法院", 252),
        ("某市第二中级人民法院", 126),
    ]
    assert count["courts"][1]["figures"] == ["整改措施126项"]
    assert [passage["citation"]["number"] for passage in found["passages"]] == [1, 2]
    assert "廉政风险299个" in found["passages"][0]["text"]
    assert len(reports["reports"]) == 3
    assert {paragraph["paragraph"] for paragraph in section["paragraphs"]} == {7}
    assert "118次" in section["paragraphs"][0]["text"]
    assert len(whole["paragraphs"]) == 21


def test_links_lead_to_the_address_that_was_asked(keyed: Server) -> None:
    reply = called(keyed, "answer_question", {"question": "各院志愿服务多少次"})
    url = reply.structured_content["citations"][0]["url"]
    assert url.startswith(f"{keyed.url}/reports/")
    with keyed.client(headers={"Authorization": f"Bearer {KEY}"}) as client:
        assert "全年共组织志愿服务118次</mark>" in client.get(url).text.replace("\n", "")


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("search_reports", {"query": "x", "courts": ["火星法院"]}, "现有：某市中级人民法院"),
        ("answer_question", {"question": "x", "courts": ["火星法院"]}, "火星法院"),
        ("count_by_court", {"thing": "x", "courts": ["火星法院"]}, "火星法院"),
        ("answer_question", {"question": "   "}, "问题是空的"),
        ("answer_question", {}, "question"),
        ("search_reports", {"query": "x", "top_k": 0}, "top_k"),
        ("read_section", {"report_id": "nope"}, "没有报告 nope"),
        ("no_such_tool", {}, "no_such_tool"),
    ],
)
def test_what_is_wrong_is_told_to_the_model(
    keyed: Server, name: str, arguments: dict[str, Any], told: str
) -> None:
    reply = called(keyed, name, arguments)
    assert reply.is_error
    assert told in reply.content[0].text
    assert "Traceback" not in reply.content[0].text


def test_a_heading_that_is_none_lists_those_there_are(connect: Connect) -> None:
    async def use(client: Client) -> Any:
        reports = (await client.call_tool("list_reports", {})).structured_content["reports"]  # type: ignore[index]
        return await client.call_tool(
            "read_section", {"report_id": reports[0]["report_id"], "section": "没有这个标题"}
        )

    reply = connect(use)
    assert reply.is_error
    assert "涵养文明新风" in reply.content[0].text


def test_each_report_is_a_resource(connect: Connect) -> None:
    async def use(client: Client) -> Any:
        resources = (await client.list_resources()).resources
        templates = (await client.list_resource_templates()).resource_templates
        text = (await client.read_resource(resources[0].uri)).contents[0]
        with pytest.raises(MCPError, match="没有报告 nope"):
            await client.read_resource("report://nope")
        return resources, templates, text

    resources, templates, text = connect(use)
    assert len(resources) == 3
    assert [template.uri_template for template in templates] == ["report://{report_id}"]
    lines = text.text.split("\n")
    assert lines[0] == resources[0].title
    assert "一、突出政治统领，在捍卫“两个确立”、践行“两个维护”上始终坚定" in lines
    assert text.mime_type == "text/plain"


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({}, 200),
        ({"Host": "fawen.court"}, 200),
        ({"Host": "fawen.court:8443"}, 200),
        ({"Host": "10.0.0.8:9000"}, 200),
        ({"Host": "localhost:1"}, 200),
        ({"Host": "evil.example"}, 421),
        ({"Host": "10.0.0.8:9001"}, 421),
        ({"Origin": "https://chat.court"}, 200),
        ({"Origin": "http://localhost:3000"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Authorization": "Bearer wrong"}, 401),
    ],
)
def test_hosts_origins_and_keys_that_are_not_allowed_are_refused(
    keyed: Server, changed: dict[str, str], status: int
) -> None:
    with keyed.client(headers=HEADERS | changed) as client:
        assert client.post("/mcp", json=PING).status_code == status


def test_the_public_address_is_allowed() -> None:
    settings = Settings(
        public_url="https://fawen.court:8443/fawen", mcp_hosts=("a",), mcp_origins=("http://b/",)
    )
    assert {"fawen.court:8443", "a", "a:*", "localhost:*", "[::1]:*"} <= set(allowed_hosts(settings))
    assert {"https://fawen.court:8443", "http://b", "http://b:*"} <= set(allowed_origins(settings))


def test_the_package_is_loaded_by_the_first_request_only() -> None:
    code = "import sys, service.web.app; print('mcp' in sys.modules, 'cryptography' in sys.modules, 'httpx2' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False", "False"]


def test_stdio_without_an_index_says_so(tmp_path: Path) -> None:
    done = fawen("mcp", "--index", tmp_path / "none")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert "fawen index" in done.stderr


def test_a_thing_named_in_english_is_counted_in_english(keyed: Server) -> None:
    told = called(keyed, "count_by_court", {"thing": "rectification measures", "courts": ["二中院"]})
    assert "No. 2 Intermediate People's Court" in told.structured_content["text"]
