"""The API of answers and facts, its downloads, and the pages that show them, on a real server."""

from __future__ import annotations

import csv
import io
import zipfile

import httpx
import pytest

from tests.servers import Server

FACT = {
    "id",
    "report_id",
    "court",
    "year",
    "object",
    "number",
    "upper",
    "number_text",
    "approx",
    "unit",
    "context",
}


@pytest.mark.parametrize(
    "body", [{}, {"question": ""}, {"question": "x" * 1001}, {"question": "措施", "foo": 1}, {"question": 5}]
)
def test_a_bad_question_is_refused_by_field(server: Server, body: dict[str, object]) -> None:
    reply = httpx.post(f"{server.url}/api/answer", json=body)
    assert reply.status_code == 422
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["errors"]


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "offset=-1", "year=abc", "foo=1"])
def test_bad_fact_parameters_are_refused(server: Server, query: str) -> None:
    assert httpx.get(f"{server.url}/api/facts?{query}").status_code == 422


def test_an_answer_has_the_contracts_fields_and_exact_citations(server: Server) -> None:
    reply = httpx.post(f"{server.url}/api/answer", json={"question": "各院整改措施有多少条"}).json()
    assert set(reply) == {
        "question", "kind", "abstained", "text", "facts", "similar", "courts", "citations", "passages", "generated", "took_ms",
    }  # fmt: skip
    assert FACT | {"span", "citation", "kind", "role"} == set(reply["facts"][0])
    assert len(reply["courts"]) == 3
    ids = {fact["id"] for fact in reply["facts"]}
    assert {name for entry in reply["courts"] for name in entry["facts"]} == ids
    for citation in reply["citations"]:
        source = httpx.get(f"{server.url}/api/sources/{citation['source_id']}").json()
        assert source["text"][citation["start"] : citation["end"]] == citation["quote"]


def test_facts_are_paged_and_filtered(server: Server) -> None:
    everything = httpx.get(f"{server.url}/api/facts?limit=500").json()
    assert everything["total"] == len(everything["facts"]) > 100
    page = httpx.get(f"{server.url}/api/facts?limit=10&offset=20").json()
    assert [fact["id"] for fact in page["facts"]] == [fact["id"] for fact in everything["facts"][20:30]]
    measures = httpx.get(f"{server.url}/api/facts", params={"object": "整改措施", "unit": "条"}).json()[
        "facts"
    ]
    assert measures
    assert all("整改措施" in fact["object"] and fact["unit"] == "条" for fact in measures)
    one = httpx.get(f"{server.url}/api/facts", params={"court": "三中院", "limit": 500}).json()
    assert {fact["court"] for fact in one["facts"]} == {"某市中级人民法院"}


def test_the_downloads_hold_every_fact(server: Server) -> None:
    total = httpx.get(f"{server.url}/api/facts?limit=1").json()["total"]
    table = httpx.get(f"{server.url}/api/facts.csv")
    rows = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert len(rows) == total + 1
    book = httpx.get(f"{server.url}/api/facts.xlsx")
    assert "attachment" in book.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(book.content)) as parts:
        assert parts.testzip() is None
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == total + 1
    assert "<f>" not in sheet


def test_the_page_shows_the_table_and_links_to_the_marked_source(server: Server) -> None:
    page = httpx.get(f"{server.url}/", params={"q": "各院志愿服务开展了多少次"}).text
    assert "118次" in page
    assert "未载明" in page
    assert 'href="/reports/' in page


def test_a_refusal_is_shown_as_one(server: Server) -> None:
    page = httpx.get(f"{server.url}/", params={"q": "各院有多少名员额法官"}).text
    assert '<h2 id="answer">未载明</h2>' in page


def test_the_facts_page_filters_and_escapes(server: Server) -> None:
    page = httpx.get(f"{server.url}/facts", params={"object": "整改措施"}).text
    assert "126项" in page
    assert "118次" not in page
    hostile = httpx.get(f"{server.url}/facts", params={"object": "<script>alert(1)</script>"}).text
    assert "<script>alert" not in hostile
    assert httpx.get(f"{server.url}/facts?year=abc").status_code == 422
    for offset in ("-1", "²", "9" * 5000):
        assert httpx.get(f"{server.url}/facts", params={"offset": offset}).status_code == 422


def test_an_english_question_is_answered_in_english_by_every_api(client: httpx.Client) -> None:
    question = "How many rectification measures did the second intermediate court draw up?"
    first = "No. 2 Intermediate People's Court (某市第二中级人民法院): 126 (“126项整改措施悉数落地”)[1]."
    assert client.post("/api/answer", json={"question": question}).json()["text"] == first
    messages = [{"role": "user", "content": question}]
    chat = client.post("/v1/chat/completions", json={"model": "fawen", "messages": messages}).json()
    assert "**Citations**" in chat["choices"][0]["message"]["content"]
    asked = {"knowledge_id": "fawen", "query": question, "retrieval_setting": {"top_k": 1}}
    record = client.post("/dify/retrieval", json=asked).json()["records"][0]
    assert record["title"] == f"Computed answer: {question}"
    assert record["content"].startswith(first)
