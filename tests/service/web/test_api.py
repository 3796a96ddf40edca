"""The JSON API: exactly the fields of the contract, and citations that hold over HTTP."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import httpx
import pytest

from tests.servers import REPORTS

HIT = {"rank", "score", "passage_id", "text", "highlights", "citation"}
CITATION = {
    "court",
    "court_aliases",
    "report_id",
    "report_title",
    "year",
    "section_path",
    "paragraph",
    "source_id",
    "source",
    "start",
    "end",
    "quote",
    "url",
    "page",
    "file_paragraph",
    "ocr_confidence",
}
QUESTION = "各院整改措施有多少条"


def post(client: httpx.Client, **body: Any) -> dict[str, Any]:
    reply = client.post("/api/search", json=body)
    assert reply.status_code == 200, reply.text[:500]
    assert reply.headers["content-type"] == "application/json"
    return dict(reply.json())


def get(client: httpx.Client, path: str, **parameters: Any) -> dict[str, Any]:
    reply = client.get(path, params=parameters)
    assert reply.status_code == 200, reply.text[:500]
    assert reply.headers["content-type"] == "application/json"
    return dict(reply.json())


def test_a_search_has_exactly_the_fields_of_the_contract(client: httpx.Client) -> None:
    reply = post(client, query=QUESTION)
    assert list(reply) == ["query", "took_ms", "hits", "facets"]
    assert reply["query"] == QUESTION
    assert reply["took_ms"] > 0
    assert len(reply["hits"]) == 10
    for rank, hit in enumerate(reply["hits"], 1):
        assert set(hit) == HIT
        assert hit["rank"] == rank
        assert 0 <= hit["score"] <= 1
        assert set(hit["citation"]) == CITATION
        for span in hit["highlights"]:
            assert set(span) == {"start", "end"}
            assert 0 <= span["start"] < span["end"] <= len(hit["text"])
    assert set(reply["facets"]) == {"court", "year"}
    assert all(set(facet) == {"value", "count"} for facet in reply["facets"]["court"])
    counted = sum(facet["count"] for facet in reply["facets"]["court"])
    assert reply["facets"]["year"] == [{"value": 2023, "count": counted}]


def test_every_quote_is_what_the_source_says_at_its_place(client: httpx.Client) -> None:
    for hit in post(client, query=QUESTION, top_k=100)["hits"]:
        citation = hit["citation"]
        source = get(client, f"/api/sources/{citation['source_id']}")
        assert source["text"][citation["start"] : citation["end"]] == citation["quote"]
        assert source["name"] == citation["source"]


def test_a_citations_address_leads_to_the_page_of_its_report(client: httpx.Client) -> None:
    citation = post(client, query="廉政风险", top_k=1)["hits"][0]["citation"]
    page = client.get(citation["url"])
    assert page.status_code == 200
    assert citation["report_title"] in page.text
    assert 'id="cited"' in page.text


def test_get_gives_what_post_gives(client: httpx.Client) -> None:
    posted = post(
        client,
        query="整改措施",
        top_k=4,
        mode="lexical",
        filters={"court": ["三中院", "一中院"], "year": [2023]},
        per_court=True,
    )
    parameters = {
        "q": "整改措施",
        "top_k": 4,
        "mode": "lexical",
        "court": ["三中院", "一中院"],
        "year": 2023,
        "per_court": True,
    }
    got = get(client, "/api/search", **parameters)
    assert {**got, "took_ms": 0} == {**posted, "took_ms": 0}
    assert len(got["hits"]) == 4


def test_what_is_left_out_has_the_contracts_defaults(client: httpx.Client) -> None:
    plain = post(client, query="整改措施")
    filters: dict[str, list[str]] = {"court": [], "year": [], "report_id": []}
    spelt_out = post(client, query="整改措施", top_k=10, mode="hybrid", filters=filters, per_court=False)
    assert spelt_out["hits"] == plain["hits"]


def test_empty_choices_of_a_form_limit_nothing(client: httpx.Client) -> None:
    chosen = client.get("/api/search?q=整改措施&court=&year=").json()
    assert chosen["hits"] == get(client, "/api/search", q="整改措施")["hits"]


def test_space_around_a_query_is_no_part_of_it(client: httpx.Client) -> None:
    assert post(client, query=" \u3000整改措施\n")["query"] == "整改措施"


@pytest.mark.parametrize("mode", ["hybrid", "dense", "lexical"])
def test_every_mode_answers(client: httpx.Client, mode: str) -> None:
    assert len(post(client, query="整改措施", mode=mode, top_k=3)["hits"]) == 3


def test_a_filter_by_report_keeps_that_report(client: httpx.Client) -> None:
    wanted = get(client, "/api/reports")["reports"][2]["id"]
    hits = post(client, query="整改措施", filters={"report_id": [wanted]})["hits"]
    assert {hit["citation"]["report_id"] for hit in hits} == {wanted}


def test_the_report_list_tells_each_reports_particulars(client: httpx.Client) -> None:
    listed = get(client, "/api/reports")
    assert list(listed) == ["total", "reports"]
    assert listed["total"] == len(listed["reports"]) == 3
    first = listed["reports"][0]
    assert first["court"] == "某市中级人民法院"
    assert {"市三中院", "三中院", "第三中级人民法院", "3中院"} <= set(first["court_aliases"])
    assert (first["court_level"], first["year"]) == ("中级", 2023)
    assert (first["section_count"], first["paragraph_count"], first["repairs"]) == (7, 21, 0)
    assert first["url"] == f"/reports/{first['id']}"
    assert [(r["section_count"], r["paragraph_count"]) for r in listed["reports"]] == [
        (7, 21),
        (6, 21),
        (4, 20),
    ]


def test_a_report_has_its_sections_and_paragraphs_at_their_places(client: httpx.Client) -> None:
    for entry in get(client, "/api/reports")["reports"]:
        detail = get(client, f"/api/reports/{entry['id']}")
        sections, paragraphs = detail.pop("sections"), detail.pop("paragraphs")
        assert detail == entry
        assert (len(sections), len(paragraphs)) == (entry["section_count"], entry["paragraph_count"])
        text = get(client, f"/api/sources/{entry['source_id']}")["text"]
        assert text[entry["start"] : entry["end"]].lstrip("# ").startswith(entry["title"])
        for section in sections:
            assert set(section) == {"title", "parent", "start", "end"}
            assert section["title"] in text[section["start"] : section["end"]]
        for number, paragraph in enumerate(paragraphs, 1):
            assert set(paragraph) == {"number", "section_path", "text", "start", "end"}
            assert paragraph["number"] == number
            assert text[paragraph["start"] : paragraph["end"]] == paragraph["text"]


def test_a_source_is_its_files_text_and_hash(client: httpx.Client) -> None:
    for entry in get(client, "/api/reports")["reports"]:
        source = get(client, f"/api/sources/{entry['source_id']}")
        data = (REPORTS / entry["source"]).read_bytes()
        assert source == {
            "source_id": entry["source_id"],
            "name": entry["source"],
            "sha256": sha256(data).hexdigest(),
            "text": data.decode(),
        }


def test_health_and_readiness(client: httpx.Client) -> None:
    assert get(client, "/healthz") == {"status": "ok"}
    ready = get(client, "/readyz")
    assert set(ready) == {"status", "generation", "encoder", "reranker", "reports", "passages"}
    assert (ready["status"], ready["encoder"], ready["reports"]) == ("ready", "builtin", 3)
    assert ready["reranker"] is None
    assert ready["passages"] >= 62
