"""Dify's External Knowledge API, as Dify calls it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.servers import Server, running

KEY = "dify-key"
KNOWLEDGE = {"一中院": {"court": ["一中院"]}, "旧": {"year": [1999]}, "坏": {"court": ["没有的法院"]}}
COUNTING = "各院整改措施有多少条"


@pytest.fixture(scope="module")
def keyed(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a key, knowledge sets and an address of its own."""
    settings = {
        "FAWEN_API_KEY": KEY,
        "FAWEN_KNOWLEDGE": json.dumps(KNOWLEDGE),
        "FAWEN_PUBLIC_URL": "http://fawen.court/",
    }
    with running(sample_index, tmp_path_factory.mktemp("dify") / "log", **settings) as started:
        yield started


@pytest.fixture
def dify(keyed: Server) -> Iterator[httpx.Client]:
    with keyed.client(headers={"Authorization": f"Bearer {KEY}"}) as opened:
        yield opened


def asked(query: str = "廉政风险排查", top_k: Any = 5, threshold: Any = 0.0, **more: Any) -> dict[str, Any]:
    setting = {"top_k": top_k, "score_threshold": threshold}
    return {"knowledge_id": "fawen", "query": query, "retrieval_setting": setting, **more}


def records(dify: httpx.Client, body: dict[str, Any]) -> list[dict[str, Any]]:
    reply = dify.post("/dify/retrieval", json=body)
    assert reply.status_code == 200, reply.text
    assert set(reply.json()) == {"records"}
    found: list[dict[str, Any]] = reply.json()["records"]
    for record in found:
        assert isinstance(record["metadata"], dict)
        assert 0 <= record["score"] <= 1
        assert record["title"]
        assert record["content"]
        assert record["metadata"]["url"].startswith("http://fawen.court/")
    return found


def condition(name: Any, operator: str, value: Any = None) -> dict[str, Any]:
    return {"name": name, "comparison_operator": operator, "value": value}


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, 1001),
        ("", 1001),
        (KEY, 1001),
        ("Bearer", 1001),
        ("Token " + KEY, 1001),
        ("Bearer wrong", 1002),
        (f"Bearer {KEY}x", 1002),
    ],
)
def test_a_fault_in_the_key_is_told_as_dify_expects(keyed: Server, header: str | None, code: int) -> None:
    with keyed.client(headers={} if header is None else {"Authorization": header}) as client:
        reply = client.post("/dify/retrieval", json=asked())
    assert reply.status_code == 403
    assert reply.json()["error_code"] == code
    assert reply.json()["error_msg"]
    assert KEY not in reply.text


def test_an_unknown_knowledge_id_is_told(dify: httpx.Client) -> None:
    reply = dify.post("/dify/retrieval", json=asked() | {"knowledge_id": "nope"})
    assert (reply.status_code, reply.json()["error_code"]) == (404, 2001)
    assert "一中院" in reply.json()["error_msg"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ("[]", 422),
        ("{}", 422),
        (json.dumps(asked(" ")), 422),
        (json.dumps(asked(top_k="many")), 422),
        (json.dumps(asked(metadata_condition={"conditions": [condition("court", "like", "x")]})), 422),
        (json.dumps(asked(metadata_condition={"logical_operator": "xor", "conditions": []})), 422),
        (json.dumps(asked() | {"knowledge_id": "坏"}), 422),
    ],
)
def test_a_bad_request_is_told_in_the_same_form(dify: httpx.Client, body: str, status: int) -> None:
    reply = dify.post("/dify/retrieval", content=body, headers={"Content-Type": "application/json"})
    assert reply.status_code == status
    assert set(reply.json()) == {"error_code", "error_msg"}


def test_paths_and_methods_of_no_meaning_are_told_in_the_same_form(dify: httpx.Client) -> None:
    for reply in (dify.post("/dify/nope"), dify.get("/dify/retrieval")):
        assert reply.status_code in (404, 405)
        assert reply.json()["error_code"] == reply.status_code


def test_passages_come_best_first_with_their_places(dify: httpx.Client) -> None:
    found = records(dify, asked())
    assert len(found) == 5
    assert [record["score"] for record in found] == sorted((r["score"] for r in found), reverse=True)
    assert "排查出廉政风险299个" in found[0]["content"]
    assert found[0]["metadata"] | {"url": ""} == {
        "kind": "passage",
        "court": "某市中级人民法院",
        "year": 2023,
        "section": "四、从严正风反腐，以铁的纪律涵养清风正气 › 厚植廉洁文化",
        "report_title": "某市中级人民法院党组关于2023年度履行全面从严治党主体责任情况的报告",
        "paragraph": 11,
        "source": "01-某市中级人民法院-2023.txt",
        "start": 3018,
        "end": 3277,
        "url": "",
    }


def test_a_question_of_figures_gets_the_computed_cited_answer_first(dify: httpx.Client) -> None:
    first, *others = records(dify, asked(COUNTING, top_k=4))
    assert first["score"] == 1.0
    assert "合计137条" in first["content"]
    assert "[1] " in first["content"]
    assert "“对应细化整改措施59条” http://fawen.court/reports/" in first["content"]
    assert first["metadata"]["kind"] == "computed"
    assert [record["metadata"]["kind"] for record in others] == ["passage"] * 3
    (alone,) = records(dify, asked(COUNTING, top_k=1))
    assert alone["content"] == first["content"]


def test_a_figure_that_no_report_states_is_said_to_be_missing(dify: httpx.Client) -> None:
    first = records(dify, asked("各院购买了多少辆消防车"))[0]
    assert first["metadata"]["abstained"] is True
    assert "未载明" in first["content"]


def test_a_knowledge_set_limits_answer_and_passages(dify: httpx.Client) -> None:
    found = records(dify, asked(COUNTING) | {"knowledge_id": "一中院"})
    assert {record["metadata"]["court"] for record in found} == {"某市第一中级人民法院"}
    assert records(dify, asked(COUNTING) | {"knowledge_id": "旧"}) == []


def test_the_threshold_keeps_what_is_likely_and_drops_the_rest(dify: httpx.Client) -> None:
    everything = records(dify, asked(top_k=20))
    likely = records(dify, asked(top_k=20, threshold=0.5))
    assert likely == [record for record in everything if record["score"] >= 0.5]
    assert 0 < len(likely) < len(everything)
    assert records(dify, asked("红烧肉怎么做", threshold=0.5)) == []
    assert records(dify, asked(threshold=1.0)) == []


def test_null_and_unknown_fields_are_tolerated(dify: httpx.Client) -> None:
    wanted = records(dify, asked(top_k=8))
    assert records(dify, asked(top_k=None, threshold=None, metadata_condition=None, extra=[1])) == wanted
    assert records(dify, {"knowledge_id": "fawen", "query": "廉政风险排查"}) == wanted
    nulls = {"logical_operator": None, "conditions": None}
    assert records(dify, asked(top_k=8, metadata_condition=nulls)) == wanted
    unset = {"conditions": [condition("court", "is")]}
    assert records(dify, asked(top_k=8, metadata_condition=unset)) == wanted
    assert len(records(dify, asked(top_k=0))) == 1
    assert len(records(dify, asked("整改" * 2000, top_k="3"))) <= 3


def test_conditions_on_the_report_limit_what_is_found(dify: httpx.Client) -> None:
    either = {
        "logical_operator": "or",
        "conditions": [condition("court", "is", "二中院"), condition(["title", "court"], "contains", "第一")],
    }
    found = records(dify, asked(COUNTING, top_k=10, metadata_condition=either))
    assert found[0]["metadata"]["court"] == "某市第一中级人民法院、某市第二中级人民法院"
    assert {record["metadata"]["court"] for record in found[1:]} <= {
        "某市第一中级人民法院",
        "某市第二中级人民法院",
    }
    none = {"conditions": [condition("year", ">", 2023)]}
    assert records(dify, asked(COUNTING, metadata_condition=none)) == []


def test_conditions_on_the_section_reach_passages_however_low_they_rank(dify: httpx.Client) -> None:
    narrow = {"conditions": [condition("section", "contains", "激发群团活力")]}
    (only,) = records(dify, asked("廉政风险排查", top_k=10, metadata_condition=narrow))
    assert only["metadata"]["section"].endswith("激发群团活力")
    assert (
        records(dify, asked(COUNTING, top_k=10, metadata_condition=narrow))[0]["metadata"]["kind"]
        == "passage"
    )
    holding = {"conditions": [condition("section", "contains", "推动作风转变")]}
    found = records(dify, asked("三中院发文数量减少多少", metadata_condition=holding))
    assert found[0]["metadata"]["kind"] == "computed"
    assert "16.5％" in found[0]["content"]


def test_without_a_key_every_header_is_let_in(client: httpx.Client) -> None:
    for header in ({}, {"Authorization": "Bearer anything"}):
        reply = client.post("/dify/retrieval", json=asked(), headers=header)
        assert reply.status_code == 200
        assert reply.json()["records"][0]["metadata"]["url"].startswith(str(client.base_url))
