"""Queries that are hardly queries, and queries written another way."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.engine import Engine
from service.search import Hit, Mode

every_mode = pytest.mark.parametrize("mode", list(Mode))
WORDLESS = (
    "",
    " ",
    "\u3000",
    "。，！？",
    "😀😀😀",
    "👩‍👩‍👧‍👦",
    "\u200b",
    "\u202e",
    "\x00",
    "\ud800",
    "\udfff",
    "\ufeff",
)


def sound(hits: tuple[Hit, ...]) -> None:
    for rank, hit in enumerate(hits, 1):
        assert hit.rank == rank
        assert 0 <= hit.score <= 1
        assert hit.citation.quote
        bounds = [edge for span in hit.highlights for edge in span]
        assert bounds == sorted(set(bounds))
        assert not bounds or (bounds[0] >= 0 and bounds[-1] <= len(hit.passage.text))


@every_mode
@pytest.mark.parametrize("query", WORDLESS, ids=ascii)
def test_a_query_without_words_finds_nothing(engine: Engine, mode: Mode, query: str) -> None:
    assert engine.search(query, mode=mode).hits == ()


@every_mode
@pytest.mark.parametrize("query", ["法", "院", "a", "1", "é", "𠀀"])
def test_a_single_character_is_a_query(engine: Engine, mode: Mode, query: str) -> None:
    sound(engine.search(query, mode=mode).hits)


def test_a_single_han_character_finds_words_that_hold_it(engine: Engine) -> None:
    hits = engine.search("廉").hits
    assert "廉" in hits[0].passage.text
    marked = [hits[0].passage.text[a:b] for a, b in hits[0].highlights]
    assert marked
    assert set(marked) == {"廉"}


@every_mode
@pytest.mark.parametrize("query", ["整改措施" * 250, "的" * 1000, "x" * 1000, "1" * 1000, "整 " * 500])
def test_a_query_of_a_thousand_characters_is_answered(engine: Engine, mode: Mode, query: str) -> None:
    sound(engine.search(query, mode=mode).hits)


@pytest.mark.parametrize(
    ("plain", "variant"),
    [
        ("贯彻落实措施", "貫徹落實措施"),
        ("廉政风险", "廉政風險"),
        ("552条", "５５２条"),
        ("12368热线", "１２３６８熱線"),
        ("整改措施", "整改措施\u3000"),
    ],
)
def test_traditional_and_full_width_forms_find_the_same(engine: Engine, plain: str, variant: str) -> None:
    def found(query: str) -> list[tuple[str, float]]:
        return [(hit.passage.id, hit.score) for hit in engine.search(query).hits]

    assert found(variant) == found(plain)
    assert found(plain)


@pytest.mark.parametrize("mark", ["\u200f", "\u202e", "\u200b", "\x00", "\ud800", "😀", "\n"], ids=ascii)
def test_stray_characters_between_words_do_not_hide_them(engine: Engine, mark: str) -> None:
    hits = engine.search(f"廉政风险{mark}防控措施").hits
    assert "廉政风险299个" in hits[0].passage.text


@pytest.mark.parametrize("mode", list(Mode))
@given(query=st.text(max_size=60))
@example(query="\ud800整改")
@example(query="第" * 60)
@example(query="１,0.0")
def test_any_text_is_answered_soundly(engine: Engine, mode: Mode, query: str) -> None:
    sound(engine.search(query, mode=mode, top_k=5).hits)
