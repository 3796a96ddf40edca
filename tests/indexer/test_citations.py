"""A citation quotes what stands at its place, or there is none."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from indexer.citations import CitationError, cite, verify
from indexer.records import Passage, Source
from tests.samples import REPORT, TITLE, passages, source

MARKED = f"{TITLE}\n组织干警走访渔港，秘书之友公众号整理，听取渔民的\r\n意见，逐项改进。\n"


@pytest.fixture
def cited() -> Source:
    """A source with a watermark and a break inside one sentence."""
    return source(MARKED)


@pytest.fixture
def passage() -> Passage:
    """Its one passage."""
    (only,) = passages(MARKED)
    return only


def test_a_source_that_was_tampered_with_is_refused(cited: Source, passage: Passage) -> None:
    at = passage.start
    for changed in (
        MARKED[:at] + "不" + MARKED[at + 1 :],
        MARKED[:at] + "多" + MARKED[at:],
        MARKED[: passage.end - 1],
        "",
    ):
        with pytest.raises(CitationError, match=passage.id):
            cite(passage, replace(cited, text=changed))


def test_another_source_is_refused_even_with_the_same_words(cited: Source, passage: Passage) -> None:
    with pytest.raises(CitationError):
        verify(passage, replace(cited, id="another"))


def test_a_passage_that_was_tampered_with_is_refused(cited: Source, passage: Passage) -> None:
    first, *rest = passage.pieces
    for changed in (
        replace(passage, text=passage.text + "。"),
        replace(passage, text=passage.text.replace("渔民", "居民")),
        replace(passage, pieces=((first[0] + 1, first[1]), *rest)),
        replace(passage, pieces=tuple(rest)),
        replace(passage, text="", pieces=()),
    ):
        with pytest.raises(CitationError):
            cite(changed, cited)


@pytest.mark.parametrize("shift", [(-1, 0), (0, 1), (5, -1000)])
def test_a_span_outside_the_passage_is_refused(
    cited: Source, passage: Passage, shift: tuple[int, int]
) -> None:
    with pytest.raises(CitationError, match="outside"):
        cite(passage, cited, passage.start + shift[0], passage.end + shift[1])


def test_an_empty_span_is_refused(cited: Source, passage: Passage) -> None:
    with pytest.raises(CitationError):
        cite(passage, cited, passage.start, passage.start)


def test_the_quote_is_the_sources_own_characters_watermark_and_break_included(
    cited: Source, passage: Passage
) -> None:
    citation = cite(passage, cited)
    assert passage.text == "组织干警走访渔港，听取渔民的意见，逐项改进。"
    assert citation.quote == cited.text[citation.start : citation.end]
    assert "公众号" in citation.quote
    assert "\r\n" in citation.quote


def test_a_part_of_a_passage_can_be_cited(cited: Source, passage: Passage) -> None:
    start = cited.text.index("渔民")
    citation = cite(passage, cited, start, start + 2)
    assert (citation.quote, citation.start, citation.end) == ("渔民", start, start + 2)


def test_a_citation_says_whose_words_they_are_and_leads_there() -> None:
    where = source(REPORT, "年报/甲.txt")
    passage = passages(REPORT, "年报/甲.txt")[2]
    citation = cite(passage, where)
    assert (citation.court, citation.year, citation.report_title) == ("江州市中级人民法院", 2021, TITLE)
    assert "市中院" in citation.court_aliases
    assert citation.section_path == ("一、保障经济发展", "护航绿色江州")
    assert (citation.paragraph, citation.source, citation.source_id) == (3, "年报/甲.txt", where.id)
    url = urlsplit(citation.url)
    assert url.path == f"/reports/{passage.report_id}"
    assert parse_qs(url.query) == {"start": [str(citation.start)], "end": [str(citation.end)]}
