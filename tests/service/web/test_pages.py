"""The pages as a browser without scripts gets them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

from tests.servers import Server, running
from tests.writing import WATERMARK

HOSTILE_QUERY = "<script>alert('整改')</script>\"'&amp;"


class Page(HTMLParser):
    """A page's elements, and the text within elements of some kinds."""

    def __init__(self, text: str):
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.links_in_hits: list[str] = []
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "a" and "li" in self._open and "#cited" in (href := dict(attrs)["href"] or ""):
            self.links_in_hits.append(href)
        if tag not in {"meta", "link", "input"}:
            self._open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        for tag in set(self._open):
            self.texts[tag][-1] += data

    def all(self, tag: str, **wanted: str) -> list[dict[str, str | None]]:
        return [
            found
            for name, found in self.elements
            if name == tag and all(found.get(key) == value for key, value in wanted.items())
        ]


def get(client: httpx.Client, path: str, status: int = 200, **parameters: str | list[str]) -> Page:
    """A page, checked to be HTML in our language that runs nothing but our own files."""
    reply = client.get(path, params=parameters or None)
    assert reply.status_code == status, reply.text[:500]
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    page = Page(reply.text)
    assert page.all("html", lang="zh-CN")
    assert not "".join(page.texts.get("script", []))
    assert all((found["src"] or "").startswith("/static/") for found in page.all("script"))
    assert not [name for _, found in page.elements for name in found if name.startswith("on")]
    return page


@pytest.fixture(scope="module")
def odd(odd_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a server over the odd reports."""
    with (
        running(odd_index, tmp_path_factory.mktemp("odd-server") / "log") as started,
        started.client() as client,
    ):
        yield client


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"q": "整改", "year": "去年"}, "去年"),
        ({"q": "整改", "year": "9" * 5000}, "年份"),
        ({"q": "整改", "court": "火星法院"}, "某市第二中级人民法院"),
        ({"q": "整改", "court": "长" * 101}, "筛选条件有误"),
        ({"q": "整改", "mode": "psychic"}, "筛选条件有误"),
        ({"q": "长" * 1001}, "至多 1000 字"),
        ({"q": "整改", "court": "<b>x</b>"}, "<b>x</b>"),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_a_search_that_cannot_be_made_says_why_and_keeps_the_query(
    client: httpx.Client, parameters: dict[str, str], words: str
) -> None:
    page = get(client, "/", 422, **parameters)
    assert page.all("p", role="alert")
    assert any(words in text for text in page.texts["p"])
    assert page.all("input", name="q", value=parameters["q"])
    assert not page.all("li", **{"class": "hit"})
    assert not page.all("b", **{"class": "x"})


@pytest.mark.parametrize("query", ["😀😀", "。。。", "\x00", "\u200b"], ids=ascii)
def test_a_search_that_finds_nothing_says_so_and_what_to_do(client: httpx.Client, query: str) -> None:
    page = get(client, "/", q=query)
    assert any("没有找到相关段落" in text for text in page.texts["div"])
    assert not page.all("li", **{"class": "hit"})


def test_markup_in_a_query_is_shown_as_words(client: httpx.Client) -> None:
    page = get(client, "/", q=HOSTILE_QUERY)
    assert page.all("input", name="q", value=HOSTILE_QUERY)
    assert page.texts["title"][0].startswith(HOSTILE_QUERY)
    assert page.all("li", **{"class": "hit"})


def test_markup_in_a_report_is_shown_as_words(odd: httpx.Client) -> None:
    home = get(odd, "/")
    assert any("<script>alert(1)</script>" in text for text in home.texts["a"])
    page = get(odd, "/", q="接待来访人次")
    assert not page.all("img")
    assert any("<b>九十</b>人次，&lt;转义&gt;" in text for text in page.texts["p"])
    report = get(odd, page.links_in_hits[0])
    assert not report.all("img")
    assert any("<img src=x onerror=alert(2)>" in text for text in report.texts["h2"])
    assert any("<b>九十</b>人次" in text for text in report.texts["mark"])


def test_the_first_page_asks_and_lists_the_reports(client: httpx.Client) -> None:
    for path in "/", "/?q=", "/?q=%20":
        page = get(client, path)
        assert page.all("input", name="q", type="search")
        assert page.all("form", action="/", method="get")
        assert [found["value"] for found in page.all("input", name="court")] == [
            "某市中级人民法院",
            "某市第一中级人民法院",
            "某市第二中级人民法院",
        ]
        links = [found["href"] for found in page.all("a") if (found["href"] or "").startswith("/reports/")]
        assert len(links) == 3
        for link in links:
            get(client, link or "")


def test_results_show_the_court_the_path_the_marked_words_and_the_place(client: httpx.Client) -> None:
    page = get(client, "/", q="排查廉政风险多少个")
    assert len(page.all("li", **{"class": "hit"})) == 10
    first = page.texts["li"][0]
    assert "某市中级人民法院" in first
    assert "四、从严正风反腐，以铁的纪律涵养清风正气" in first
    assert "廉政风险299个" in first
    assert "01-某市中级人民法院-2023.txt [" in first
    assert "廉政风险" in page.texts["mark"]


def test_what_the_page_shows_is_what_the_api_finds(client: httpx.Client) -> None:
    parameters: dict[str, str | list[str]] = {"q": "整改措施", "court": ["三中院"], "mode": "lexical"}
    page = get(client, "/", **parameters)
    hits = client.get("/api/search", params=parameters).json()["hits"]
    assert page.links_in_hits == [hit["citation"]["url"] for hit in hits]


def test_choices_stay_chosen(client: httpx.Client) -> None:
    court = "某市第一中级人民法院"
    page = get(client, "/", q="整改", court=court, year="2023", mode="dense")
    assert [found["value"] for found in page.all("input", name="court") if "checked" in found] == [court]
    assert [found["value"] for found in page.all("input", name="year") if "checked" in found] == ["2023"]
    assert [found["value"] for found in page.all("input", name="mode") if "checked" in found] == ["dense"]
    assert {court in text for text in page.texts["li"]} == {True}


def test_a_report_without_a_citation_has_no_mark(client: httpx.Client) -> None:
    for entry in client.get("/api/reports").json()["reports"]:
        page = get(client, entry["url"])
        assert page.texts["h1"] == [entry["title"]]
        assert not page.all("mark")
        assert not page.all("p", id="cited")
        assert (
            len([found for found in page.all("p") if re.fullmatch(r"p\d+", found.get("id") or "")])
            == (entry["paragraph_count"])
        )


@pytest.mark.parametrize("query", ["廉政风险", "群众路线走访", "12368热线", "整改措施"])
def test_a_report_page_marks_exactly_the_cited_characters(client: httpx.Client, query: str) -> None:
    for hit in client.get("/api/search", params={"q": query, "top_k": 20}).json()["hits"]:
        page = get(client, hit["citation"]["url"].removesuffix("#cited"))
        assert "".join(page.texts["mark"]) == hit["citation"]["quote"]
        assert len(page.all("p", id="cited")) == 1


def test_part_of_a_paragraph_can_be_cited_and_two_paragraphs_too(client: httpx.Client) -> None:
    entry = client.get("/api/reports").json()["reports"][0]
    paragraphs = client.get(f"/api{entry['url']}").json()["paragraphs"]
    text = client.get(f"/api/sources/{entry['source_id']}").json()["text"]
    first, second = paragraphs[1], paragraphs[2]
    start, end = first["start"] + 3, first["start"] + 9
    page = get(client, entry["url"], start=str(start), end=str(end))
    assert page.texts["mark"] == [text[start:end]]
    page = get(client, entry["url"], start=str(first["end"] - 4), end=str(second["start"] + 4))
    assert page.texts["mark"] == [first["text"][-4:], second["text"][:4]]
    assert len(page.all("p", id="cited")) == 1


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("", ""),
        ("5", ""),
        ("", "5"),
        ("abc", "def"),
        ("-5", "90"),
        ("90", "90"),
        ("400", "90"),
        ("9999999", "99999999"),
        ("9" * 5000, "9" * 5001),
        ("0", "1"),
        ("1.5", "9.5"),
        ("1e3", "2e3"),
        ("٣", "٩٩٩"),
    ],
    ids=lambda value: ascii(value)[:12],
)
def test_places_that_are_none_mark_nothing(client: httpx.Client, start: str, end: str) -> None:
    url = client.get("/api/reports").json()["reports"][0]["url"]
    page = get(client, url, start=start, end=end)
    assert not page.all("mark")
    assert not page.all("a", href="#cited")


def test_a_repaired_paragraph_marks_its_words_and_shows_the_watermark_struck_out(odd: httpx.Client) -> None:
    hit = odd.get("/api/search", params={"q": "湖面漂浮物"}).json()["hits"][0]
    assert WATERMARK in hit["citation"]["quote"]
    assert WATERMARK not in hit["text"]
    page = get(odd, hit["citation"]["url"].removesuffix("#cited"))
    assert "".join(page.texts["mark"]) == hit["text"]
    assert "".join(page.texts["del"]) == WATERMARK


@pytest.mark.parametrize("name", ["none", "%3Cscript%3E", "x" * 3000, "%00", "..%5c.."])
def test_a_report_that_is_not_there_has_a_page_that_leads_back(client: httpx.Client, name: str) -> None:
    page = get(client, f"/reports/{name}", 404)
    assert page.all("div", role="alert")
    assert any(found["href"] == "/" for found in page.all("a"))


def test_every_control_has_a_name_and_headings_come_in_order(client: httpx.Client, server: Server) -> None:
    page = get(client, "/", q="整改")
    assert page.all("label", **{"for": "q"})
    assert page.all("main", id="main")
    assert page.all("a", href="#main")
    url = client.get("/api/reports").json()["reports"][0]["url"]
    report = get(client, url)
    levels = [int(tag[1]) for tag, _ in report.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_the_style_sheet_is_ours_and_loads_nothing_from_elsewhere(client: httpx.Client) -> None:
    (sheet,) = get(client, "/").all("link", rel="stylesheet")
    reply = client.get(sheet["href"] or "")
    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("text/css")
    assert "http" not in reply.text
    assert "@import" not in reply.text
