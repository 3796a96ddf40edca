"""Courts with little to say beside one whose long report fills every list of candidates."""

from __future__ import annotations

import pytest

from models import Encoder
from service.engine import Engine
from service.search import POOL, Filters, Mode
from tests.service.conftest import build_texts
from tests.writing import busy_court, quiet_court

BUSY, QUIET = "某市东城区人民法院", "某市西城区人民法院"


@pytest.fixture(scope="module")
def crowded(builtin_encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    place = tmp_path_factory.mktemp("crowded")
    texts = {"busy": busy_court(POOL + 30), "quiet": quiet_court()}
    build_texts(place / "index", builtin_encoder, place / "files", **texts)
    return Engine(place / "index")


@pytest.mark.parametrize("mode", list(Mode))
def test_every_court_gets_a_place_though_one_fills_the_candidates(crowded: Engine, mode: Mode) -> None:
    query = "书屋借出图书多少册"
    assert {hit.citation.court for hit in crowded.search(query, mode=mode, top_k=100).hits} == {BUSY}
    shared = crowded.search(query, mode=mode, top_k=5, per_court=True)
    assert {hit.citation.court for hit in shared.hits} == {BUSY, QUIET}
    assert {facet.value for facet in shared.courts} == {BUSY, QUIET}
    assert [hit.score for hit in shared.hits] == sorted((hit.score for hit in shared.hits), reverse=True)


def test_a_court_that_the_filters_leave_out_gets_no_place(crowded: Engine) -> None:
    only = Filters(court=(BUSY,))
    hits = crowded.search("书屋借出图书多少册", per_court=True, filters=only).hits
    assert {hit.citation.court for hit in hits} == {BUSY}


def test_a_court_that_shares_no_word_gets_no_place_in_a_lexical_ranking(crowded: Engine) -> None:
    hits = crowded.search("归还", mode=Mode.LEXICAL, per_court=True).hits
    assert {hit.citation.court for hit in hits} == {BUSY}


@pytest.mark.parametrize("mode", list(Mode))
def test_a_filter_finds_what_lies_beyond_the_unfiltered_candidates(crowded: Engine, mode: Mode) -> None:
    hits = crowded.search("书屋借出图书多少册", mode=mode, filters=Filters(court=(QUIET,))).hits
    assert [hit.citation.court for hit in hits] == [QUIET]
