"""Markdown of answers: report text cannot act, marks become links, citations are listed."""

from __future__ import annotations

import pytest

from indexer.citations import Citation
from service.engine import Engine
from service.markdown import LONGEST_QUOTE, harmless, rendered


@pytest.fixture(scope="module")
def citations(engine: Engine) -> tuple[Citation, ...]:
    return engine.answer("各院志愿服务多少次").citations


@pytest.mark.parametrize(
    "text",
    [
        "![看](http://evil/x.png)",
        "[点我](javascript:alert(1))",
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "`code` **粗** _斜_ ~~删~~ | 表",
        "# 标题",
        "- 列表",
        "1. 列表",
        "> 引用",
        "&lt;b&gt;",
    ],
)
def test_nothing_of_a_report_acts_as_markdown(text: str) -> None:
    from markdown_it import MarkdownIt

    shown = MarkdownIt("commonmark").parse(harmless(text))
    kinds = {token.type for token in shown} | {
        child.type for token in shown for child in token.children or ()
    }
    assert kinds <= {"paragraph_open", "inline", "paragraph_close", "text", "text_special", "softbreak"}
    words = "".join(child.content for token in shown for child in token.children or ())
    assert words == text


def test_marks_become_links_to_the_cited_characters(citations: tuple[Citation, ...]) -> None:
    made = rendered("甲118次[1]，乙[2]，无[99]，零[0]。", citations, "http://h")
    assert (
        f"甲118次[\\[1\\]](http://h{citations[0].url})，乙[\\[2\\]](http://h{citations[1].url})" in made.text
    )
    assert "无\\[99\\]，零\\[0\\]" in made.text
    assert [link.number for link in made.links] == [1, 2]
    for link in made.links:
        assert made.text[link.start : link.end] == f"[\\[{link.number}\\]](http://h{link.citation.url})"


def test_every_citation_is_listed_with_its_words(citations: tuple[Citation, ...]) -> None:
    listed = rendered("无", citations, "http://h").text.split("**引注**")[1].strip().split("\n")
    assert len(listed) == len(citations)
    for number, (line, citation) in enumerate(zip(listed, citations, strict=True), 1):
        assert line.startswith(f"{number}. [")
        assert f"](http://h{citation.url})：" in line
        assert line.endswith("”")
        assert len(line.rsplit("：“", 1)[1]) <= 2 * LONGEST_QUOTE
    assert rendered("无", citations, "http://h", references=False).text == "无"


def test_lines_stay_lines() -> None:
    assert rendered("一\n二", (), "").text == "一\n\n二"
