"""A cross-encoder over the best passages: its order and scores, what it must leave alone, and where it shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from indexer.build import build
from models import Encoder, ModelError
from service.engine import Engine
from service.retrieval import retrieve
from service.search import Filters, Mode
from tests.models.test_reranker import SOUGHT, make_reranker
from tests.samples import MAX_BYTES, OTHER, REPORT, write
from tests.servers import fawen, running

ASKED = "法院为群众办了什么事"


@pytest.fixture(scope="module")
def reranker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_reranker(tmp_path_factory.mktemp("rerankers") / "tiny")


@pytest.fixture(scope="module")
def index(builtin_encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("reranked")
    texts = write(place / "texts", 甲=REPORT, 乙=OTHER)
    build([texts], place / "index", builtin_encoder, max_bytes=MAX_BYTES)
    return place / "index"


@pytest.fixture(scope="module")
def plain(index: Path) -> Engine:
    return Engine(index)


@pytest.fixture(scope="module")
def ordered(index: Path, reranker: Path) -> Engine:
    return Engine(index, reranker=reranker)


@pytest.fixture(scope="module")
def client(index: Path, reranker: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    log = tmp_path_factory.mktemp("log") / "log"
    with running(index, log, FAWEN_RERANKER=str(reranker)) as server, server.client() as opened:
        yield opened


def places(engine: Engine, **options: object) -> list[tuple[str, int]]:
    hits = engine.search(ASKED, **options).hits  # type: ignore[arg-type]
    return [(hit.passage.report_id, hit.passage.paragraph) for hit in hits]


def test_a_directory_that_is_no_cross_encoder_is_refused_when_opened(index: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cross-encoder"):
        Engine(index, reranker=tmp_path)
    for command in (["search", ASKED], ["ask", ASKED], ["serve", "--port", "0"]):
        failed = fawen(*command, "--index", index, "--reranker", tmp_path)
        assert failed.returncode == 1
        assert failed.stderr.count("\n") == 1
        assert str(tmp_path) in failed.stderr


@pytest.mark.parametrize("value", ["0", "101", "many"])
def test_a_number_of_passages_out_of_range_is_a_wrong_setting(index: Path, value: str) -> None:
    failed = fawen("search", ASKED, "--index", index, FAWEN_RERANK_MOST=value)
    assert failed.returncode == 2
    assert "rerank_most" in failed.stderr


def test_the_passages_are_in_the_cross_encoders_order_with_its_scores(plain: Engine, ordered: Engine) -> None:
    before, after = plain.search(ASKED, top_k=20).hits, ordered.search(ASKED, top_k=20).hits
    assert {hit.passage.id for hit in after} == {hit.passage.id for hit in before}
    assert [hit.passage.id for hit in after] != [hit.passage.id for hit in before]
    holding = [SOUGHT in hit.passage.text for hit in after]
    assert holding == sorted(holding, reverse=True)
    assert 0 < sum(holding) < len(after)
    assert all((hit.score > 0.5) == held for hit, held in zip(after, holding, strict=True))
    scores = [hit.score for hit in after]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert [hit.rank for hit in after] == list(range(1, len(after) + 1))
    assert all(hit.reranked for hit in after)
    assert not any(hit.reranked for hit in before)
    for hit in after:
        source = ordered.store.source(hit.citation.source_id)
        assert source is not None
        assert source.text[hit.citation.start : hit.citation.end] == hit.citation.quote


def test_passages_beyond_those_read_keep_their_order_below(
    index: Path, reranker: Path, plain: Engine
) -> None:
    few = Engine(index, reranker=reranker, rerank_most=3)
    before, after = places(plain, top_k=20), places(few, top_k=20)
    assert sorted(after[:3]) == sorted(before[:3])
    assert after[3:] == before[3:]
    scores = [hit.score for hit in few.search(ASKED, top_k=20).hits]
    assert scores == sorted(scores, reverse=True)


def test_a_passage_far_down_the_fused_list_can_come_first(plain: Engine, ordered: Engine) -> None:
    asked = "夜间执行失信被执行人"
    assert SOUGHT not in plain.search(asked, top_k=1).hits[0].passage.text
    assert SOUGHT in ordered.search(asked, top_k=1).hits[0].passage.text


def test_a_search_gives_the_same_again(index: Path, reranker: Path, ordered: Engine) -> None:
    again = Engine(index, reranker=reranker)
    assert again.search(ASKED, top_k=20) == ordered.search(ASKED, top_k=20)


@pytest.mark.parametrize("mode", [Mode.DENSE, Mode.LEXICAL])
def test_one_side_alone_is_left_as_it_is(plain: Engine, ordered: Engine, mode: Mode) -> None:
    assert ordered.search(ASKED, mode=mode) == plain.search(ASKED, mode=mode)


def test_every_court_still_gets_its_place(ordered: Engine) -> None:
    hits = ordered.search(ASKED, top_k=4, per_court=True).hits
    assert len({hit.passage.court.key for hit in hits}) == 2


def test_filters_hold(ordered: Engine) -> None:
    hits = ordered.search(ASKED, filters=Filters(year=(2022,))).hits
    assert hits
    assert {hit.citation.year for hit in hits} == {2022}


@pytest.mark.parametrize("question", ["网上立案多少件", "哪家法院举办业务讲座最多", "各院执结案件多少件"])
def test_computed_answers_are_the_same(plain: Engine, ordered: Engine, question: str) -> None:
    before, after = plain.answer(question), ordered.answer(question)
    assert not before.abstained
    assert (after.text, after.facts, after.courts) == (before.text, before.facts, before.courts)
    assert after.citations == before.citations
    assert all(hit.reranked for hit in after.hits)


def test_a_question_of_no_figures_is_answered_from_the_first_passages(ordered: Engine) -> None:
    answer = ordered.answer("怎样保护环境")
    assert SOUGHT in answer.hits[0].passage.text
    assert answer.citations


def test_a_chatbots_threshold_is_on_the_cross_encoders_score(ordered: Engine) -> None:
    found = retrieve(ordered, ASKED, Filters(), 5, 0.5, None).passages
    assert found
    assert all(SOUGHT in hit.passage.text and relevance == hit.score for hit, relevance in found)


def test_a_slow_search_is_kept_off_the_event_loop(plain: Engine, ordered: Engine) -> None:
    assert not plain.blocking
    assert ordered.blocking


def test_the_server_names_it_counts_its_runs_and_searches_with_it(
    client: httpx.Client, reranker: Path
) -> None:
    assert client.get("/readyz").json()["reranker"] == str(reranker)

    def runs() -> float:
        lines = client.get("/metrics").text.splitlines()
        return float(next(line for line in lines if line.startswith("fawen_rerank_seconds_count")).split()[1])

    before = runs()
    hits = client.post("/api/search", json={"query": ASKED}).json()["hits"]
    assert SOUGHT in hits[0]["text"]
    assert runs() == before + 1
    client.post("/api/search", json={"query": ASKED})
    assert runs() == before + 1


def test_v1_rerank_asks_the_cross_encoder(client: httpx.Client, reranker: Path) -> None:
    documents = ["执行工作卓有成效", "渔港巡回审判", "举办业务讲座"]
    body = {"query": "执行工作", "documents": documents}
    found = client.post("/v1/rerank", json=body).json()["results"]
    assert found[0]["index"] == 1
    assert found[0]["relevance_score"] > 0.5 > found[1]["relevance_score"]
    assert client.post("/v1/rerank", json={**body, "model": str(reranker)}).status_code == 200
    assert client.post("/v1/rerank", json={**body, "model": "builtin"}).status_code == 404


def test_the_evaluation_runs_with_it(index: Path, reranker: Path, tmp_path: Path) -> None:
    passage = next(line for line in REPORT.splitlines() if SOUGHT in line)
    gold = tmp_path / "gold.jsonl"
    question = {"id": "1", "type": "list", "query": ASKED, "passages": [passage[:30]]}
    gold.write_text(json.dumps(question, ensure_ascii=False), encoding="utf-8")
    done = fawen("eval", gold, "--index", index, "--reranker", reranker, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["retrieval"]["hybrid"]["recall@5"] == 1
