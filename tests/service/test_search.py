"""What a search returns: filters, places for every court, citations, scores."""

from __future__ import annotations

import pytest

from indexer.citations import verify
from service.engine import Engine
from service.errors import UnknownCourtError
from service.search import Filters, Hit, Mode

THIRD, FIRST, SECOND = "某市中级人民法院", "某市第一中级人民法院", "某市第二中级人民法院"
QUERIES = ("廉政风险排查与防控", "整改措施", "志愿服务", "how many volunteers", "12368热线")
every_mode = pytest.mark.parametrize("mode", list(Mode))


def courts(hits: tuple[Hit, ...]) -> set[str]:
    return {hit.citation.court for hit in hits}


@pytest.mark.parametrize(
    "name", ["火星法院", "第四中级人民法院", "四中院", "中院", "", "第", "\x00", "\ud800"]
)
def test_a_court_that_no_report_is_of_is_refused_with_those_that_there_are(engine: Engine, name: str) -> None:
    with pytest.raises(UnknownCourtError) as refused:
        engine.search("整改", filters=Filters(court=(name,)))
    assert refused.value.name == name
    assert refused.value.known == [THIRD, FIRST, SECOND]
    for known in (THIRD, FIRST, SECOND):
        assert known in str(refused.value)


def test_one_unknown_court_among_known_ones_is_refused(engine: Engine) -> None:
    with pytest.raises(UnknownCourtError, match="火星法院"):
        engine.search("整改", filters=Filters(court=("三中院", "火星法院")))


@every_mode
@pytest.mark.parametrize("filters", [Filters(year=(1999,)), Filters(report_id=("none",))])
def test_a_filter_that_nothing_fits_finds_nothing(engine: Engine, mode: Mode, filters: Filters) -> None:
    result = engine.search("整改措施", mode=mode, filters=filters)
    assert (result.hits, result.courts, result.years) == ((), (), ())


@every_mode
@pytest.mark.parametrize(
    "name",
    [
        "某市中级人民法院",
        "市三中院",
        "三中院",
        "3中院",
        "３中院",
        "市3中院",
        "第三中级人民法院",
        "第3中级人民法院",
        "某市第三中级人民法院",
        "某市三中院",
        " 三 中 院 ",
    ],
)
def test_a_court_is_found_under_each_of_its_names(engine: Engine, mode: Mode, name: str) -> None:
    hits = engine.search("整改措施", mode=mode, filters=Filters(court=(name,))).hits
    assert hits
    assert courts(hits) == {THIRD}


@pytest.mark.parametrize(
    ("name", "court"),
    [
        ("一中院", FIRST),
        ("市一中院", FIRST),
        ("1中院", FIRST),
        ("二中院", SECOND),
        ("市第二中级人民法院", SECOND),
    ],
)
def test_names_of_namesakes_are_told_apart_by_their_number(engine: Engine, name: str, court: str) -> None:
    assert courts(engine.search("整改措施", filters=Filters(court=(name,))).hits) == {court}


@every_mode
def test_two_courts_asked_for_are_both_searched_and_no_third(engine: Engine, mode: Mode) -> None:
    hits = engine.search("整改措施", mode=mode, top_k=20, filters=Filters(court=("3中院", "二中院"))).hits
    assert courts(hits) == {THIRD, SECOND}


def test_a_year_filter_keeps_reports_of_that_year_only(odd_engine: Engine) -> None:
    for year in (2019, 2020, 2021):
        hits = odd_engine.search("全年", filters=Filters(year=(year,))).hits
        assert {hit.citation.year for hit in hits} == {year}
    both = odd_engine.search("全年", top_k=50, filters=Filters(year=(2019, 2021))).hits
    assert {hit.citation.year for hit in both} == {2019, 2021}


def test_a_report_filter_keeps_that_report_only(engine: Engine) -> None:
    wanted = engine.store.reports()[1]
    hits = engine.search("整改措施", top_k=50, filters=Filters(report_id=(wanted.id,))).hits
    assert {hit.citation.report_id for hit in hits} == {wanted.id}


def test_filters_of_several_kinds_must_all_hold(engine: Engine) -> None:
    third, first = engine.store.reports()[:2]
    assert engine.search("整改", filters=Filters(court=("三中院",), report_id=(first.id,))).hits == ()
    assert engine.search("整改", filters=Filters(court=("三中院",), year=(2022,))).hits == ()
    agreed = Filters(court=("三中院",), year=(2023,), report_id=(third.id,))
    assert courts(engine.search("整改", filters=agreed).hits) == {THIRD}


@every_mode
@pytest.mark.parametrize("query", QUERIES)
def test_every_citation_quotes_exactly_what_stands_at_its_place(
    engine: Engine, mode: Mode, query: str
) -> None:
    for hit in engine.search(query, mode=mode, top_k=100).hits:
        source = engine.store.source(hit.citation.source_id)
        assert source is not None
        assert source.text[hit.citation.start : hit.citation.end] == hit.citation.quote
        assert source.name == hit.citation.source
        verify(hit.passage, source)


@every_mode
@pytest.mark.parametrize("query", QUERIES)
def test_scores_lie_in_0_to_1_and_descend_and_ranks_count_from_1(
    engine: Engine, mode: Mode, query: str
) -> None:
    hits = engine.search(query, mode=mode, top_k=100).hits
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))


@every_mode
@pytest.mark.parametrize("query", QUERIES)
def test_no_two_hits_come_from_one_paragraph(engine: Engine, mode: Mode, query: str) -> None:
    hits = engine.search(query, mode=mode, top_k=100).hits
    places = [(hit.citation.report_id, hit.citation.paragraph) for hit in hits]
    assert len(places) == len(set(places))


@pytest.mark.parametrize("top_k", [1, 2, 7, 62])
def test_as_many_hits_as_asked_for_come_back_and_they_are_the_best_ones(engine: Engine, top_k: int) -> None:
    longest = engine.search("整改措施", top_k=62).hits
    assert len(longest) == 62
    assert engine.search("整改措施", top_k=top_k).hits == longest[:top_k]


@pytest.mark.parametrize(
    ("query", "court", "words"),
    [
        ("全院贯彻落实措施多少条", THIRD, "552条"),
        ("排查廉政风险多少个", THIRD, "廉政风险299个"),
        ("12368热线接听电话次数", FIRST, "17496次"),
        ("审执结案件共多少件", SECOND, "17644件"),
        ("children's welfare institution publicity", FIRST, "儿童福利院"),
    ],
)
def test_the_paragraph_that_answers_comes_first(engine: Engine, query: str, court: str, words: str) -> None:
    best = engine.search(query).hits[0]
    assert best.citation.court == court
    assert words in best.passage.text


def test_hybrid_is_neither_half_alone_and_each_half_ranks_by_itself(engine: Engine) -> None:
    ranked = {
        mode: [(hit.passage.id, hit.score) for hit in engine.search("整改措施落实情况", mode=mode).hits]
        for mode in Mode
    }
    assert len({tuple(ranking) for ranking in ranked.values()}) == 3


@pytest.mark.parametrize("query", ["and of the", "Café", "zyzzyvas"])
def test_a_query_in_latin_letters_without_a_wording_in_the_reports_is_ranked_by_meaning_alone(
    engine: Engine, query: str
) -> None:
    assert engine.search(query).hits == engine.search(query, mode=Mode.DENSE).hits


@pytest.mark.parametrize(
    ("query", "chinese"),
    [
        ("rectification measures", "整改措施"),
        ("How many volunteer activities?", "志愿服务"),
        ("telephone answered", "接听"),
    ],
)
def test_an_english_query_is_ranked_by_its_chinese_wordings_too(
    engine: Engine, query: str, chinese: str
) -> None:
    hits = engine.search(query).hits
    assert any(chinese in hit.passage.text for hit in hits[:3])
    near = {hit.passage.id: hit.score for hit in engine.search(query, mode=Mode.DENSE, top_k=100).hits}
    shared = {hit.passage.id: hit.score for hit in engine.search(query, mode=Mode.LEXICAL, top_k=100).hits}
    for hit in hits:
        expected = 0.6 * near[hit.passage.id] + 0.4 * shared.get(hit.passage.id, 0)
        assert hit.score == pytest.approx(expected, abs=2e-4)


@pytest.mark.parametrize("query", ["552", "５５２", "17496", "17644"])
def test_a_query_of_a_number_finds_the_paragraph_that_holds_it(engine: Engine, query: str) -> None:
    number = str(int(query))
    best = engine.search(query).hits[0]
    assert number in best.passage.text
    assert [best.passage.text[a:b] for a, b in best.highlights] == [number]


@every_mode
@pytest.mark.parametrize(
    "query", ["各院整改措施有多少条", "三家法院的志愿服务", "what did each court do about discipline"]
)
def test_a_question_about_each_court_gives_every_court_a_place(
    engine: Engine, mode: Mode, query: str
) -> None:
    for top_k in (3, 5, 10):
        hits = engine.search(query, mode=mode, top_k=top_k).hits
        assert courts(hits) == {THIRD, FIRST, SECOND}
        assert len(hits) == top_k


def test_per_court_gives_places_that_the_plain_ranking_would_not(engine: Engine) -> None:
    query = "贯彻落实措施552条"
    assert courts(engine.search(query, top_k=3).hits) != {THIRD, FIRST, SECOND}
    shared = engine.search(query, top_k=3, per_court=True).hits
    assert courts(shared) == {THIRD, FIRST, SECOND}
    assert [hit.score for hit in shared] == sorted((hit.score for hit in shared), reverse=True)


def test_per_court_with_fewer_places_than_courts_gives_them_to_the_best(engine: Engine) -> None:
    hits = engine.search("整改措施", top_k=2, per_court=True).hits
    assert len(hits) == len(courts(hits)) == 2


def test_per_court_stays_within_the_filters(engine: Engine) -> None:
    hits = engine.search("各院整改措施", filters=Filters(court=("一中院", "二中院"))).hits
    assert courts(hits) == {FIRST, SECOND}


def test_facets_count_the_candidates_by_court_and_year(engine: Engine) -> None:
    result = engine.search("整改措施", top_k=1)
    assert {facet.value for facet in result.courts} == {THIRD, FIRST, SECOND}
    assert [facet.value for facet in result.years] == [2023]
    assert all(facet.count >= 20 for facet in result.courts)
    assert sum(facet.count for facet in result.courts) == result.years[0].count
    narrowed = engine.search("整改措施", top_k=1, filters=Filters(court=("三中院",)))
    assert narrowed.courts == tuple(facet for facet in result.courts if facet.value == THIRD)
