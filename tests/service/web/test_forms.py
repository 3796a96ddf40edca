"""Reports in Word, PDF and web pages, indexed by the command, served, and asked: figures of tables, places in files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.servers import ROOT, fawen, running

FORMS = ROOT / "tests" / "forms"
NAMES = {
    "docx": "styled.docx",
    "pdf": "writer.pdf",
    "html": "page.html",
    "txt": "gb18030.txt",
}


@pytest.fixture(scope="module", params=sorted(NAMES))
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, httpx.Client, Path]]:
    """Twins in one form, behind a server of their own."""
    place = tmp_path_factory.mktemp(request.param)
    (place / "files").mkdir()
    for stem in ("fenglin", "wulan", "xiangyang", "qinghe"):
        name = NAMES[request.param]
        if stem == "qinghe" and request.param in {"html", "txt"}:
            (place / "files" / "qinghe.txt").write_bytes((FORMS / "twins" / "qinghe.txt").read_bytes())
            continue
        (place / "files" / f"{stem}-{name}").write_bytes((FORMS / stem / name).read_bytes())
    ran = fawen("index", place / "files", "--index", place / "index")
    assert ran.returncode == 0, ran.stderr
    with running(place / "index", place / "log") as server, server.client() as client:
        yield request.param, client, place / "index"


def ask(client: httpx.Client, question: str) -> dict[str, Any]:
    reply = client.post("/api/answer", json={"question": question})
    assert reply.status_code == 200, reply.text
    answer = dict(reply.json())
    for citation in answer["citations"]:
        source = client.get(f"/api/sources/{citation['source_id']}").json()
        assert source["text"][citation["start"] : citation["end"]] == citation["quote"]
    return answer


@pytest.mark.parametrize(
    ("question", "number", "unit", "row"),
    [
        ("枫林法院刑事案件未结多少件", 15, "件", "刑事案件 | 627 | 612 | 15"),
        ("枫林法院民商事案件新收多少件", 6012, "件", "民商事案件 | 6012 | 5904 | 108"),
        ("枫林法院行政案件未结几件", 5, "件", "行政案件 | 213 | 208 | 5"),
        ("清河法院执行局已完成多少项整改任务", 10, "项", "执行局 | 12 | 10 | 2"),
        ("清河法院执行到位金额是多少", 18640, "万元", "执行到位金额 | 万元 | 18640"),
        ("乌岚中院公开文书多少份", 3960, "份", "公开文书（份） | 3960 | 3720 | 6.5%"),
    ],
)
def test_a_count_is_answered_from_the_cell_of_its_row_and_column(
    served: tuple[str, httpx.Client, Path], question: str, number: float, unit: str, row: str
) -> None:
    _, client, _ = served
    answer = ask(client, question)
    assert not answer["abstained"]
    assert {(fact["number"], fact["unit"]) for fact in answer["facts"]} == {(number, unit)}
    quotes = [fact["citation"]["quote"] for fact in answer["facts"]]
    assert any(row in quote for quote in quotes), quotes
    assert f"{number:g}{unit}" in answer["text"]


def test_a_change_in_a_table_is_never_given_as_a_count(served: tuple[str, httpx.Client, Path]) -> None:
    _, client, _ = served
    for question in ("乌岚中院公开文书多少份", "乌岚中院执结案件多少件", "乌岚中院到位标的额多少亿元"):
        answer = ask(client, question)
        assert answer["facts"], question
        assert not {fact["number"] for fact in answer["facts"]} & {6.3, 12.5, 14.3, 6.5}, question
        assert "％" not in answer["text"]
        assert "%" not in answer["text"].split("\n")[0]
    changed = ask(client, "乌岚中院公开文书同比增长百分之几")
    assert [fact["number"] for fact in changed["facts"]] == [6.5]
    assert {fact["kind"] for fact in changed["facts"]} == {"change"}


def test_last_years_column_is_not_this_years_figure(served: tuple[str, httpx.Client, Path]) -> None:
    _, client, _ = served
    facts = client.get("/api/facts", params={"object": "公开文书"}).json()["facts"]
    assert {(fact["number"], fact["role"], fact["kind"]) for fact in facts} == {
        (3960, "own", "count"),
        (3720, "past", "count"),
        (6.5, "own", "change"),
    }


def test_page_and_paragraph_of_the_file_are_shown(served: tuple[str, httpx.Client, Path]) -> None:
    form, client, index = served
    citation = ask(client, "枫林法院民商事案件新收多少件")["citations"][0]
    words = {"pdf": f"原件第{citation['page']}页", "docx": f"原件第{citation['file_paragraph']}段"}.get(
        form, ""
    )
    assert (citation["page"] is not None) == (form == "pdf")
    assert (citation["file_paragraph"] is not None) == (form == "docx")
    assert citation["ocr_confidence"] is None
    place = f"第{citation['paragraph']}段" + (f"（{words}）" if words else "")
    page = client.get("/", params={"q": "枫林法院民商事案件新收多少件"}).text
    assert f">{place}</a>" in page
    report = client.get(citation["url"].removesuffix("#cited")).text
    assert ("原件第" in report) == (form in {"pdf", "docx"})
    assert not words or f"{words}，见" in report
    if form == "pdf":
        assert report.count("page-begins") == 3
    asked = fawen("ask", "枫林法院民商事案件新收多少件", "--index", index).stdout
    assert f"，{place}" in asked
