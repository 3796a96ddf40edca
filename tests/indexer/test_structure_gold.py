"""The corpus file's structure, read by a person, against what the parser makes of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from indexer.courts import normalize_name
from indexer.files import Candidate, read
from indexer.records import Report, Source
from indexer.reports import parse

Gold = dict[str, Any]


@pytest.fixture(scope="module")
def gold(shared: Path) -> Gold:
    """structure.json."""
    path = shared / "eval" / "structure.json"
    if not path.is_file():
        pytest.skip(f"{path} is not here")
    loaded: Gold = json.loads(path.read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def text(shared: Path, gold: Gold) -> Source:
    """The file that structure.json describes."""
    path = shared / "corpus" / gold["source"]
    return read(Candidate(path, path.name), 10_000_000)


@pytest.fixture(scope="module")
def found(text: Source) -> list[Report]:
    """The parser's reading of it."""
    return parse(text)


def test_the_file_is_read_character_for_character(text: Source, gold: Gold) -> None:
    assert len(text.text) == gold["chars"]


def test_reports_have_the_titles_years_and_spans_of_the_gold(found: list[Report], gold: Gold) -> None:
    assert [(r.year, r.start) for r in found] == [(g["year"], g["span"][0]) for g in gold["reports"]]
    for report, expected in zip(found, gold["reports"], strict=True):
        assert expected["title_line"].startswith(report.title)
        assert expected["span"][1] - 1 <= report.end <= expected["span"][1]


def test_each_court_is_found_under_every_name_of_the_gold(found: list[Report], gold: Gold) -> None:
    for report, expected in zip(found, gold["reports"], strict=True):
        called = {
            normalize_name(name) for name in (report.court.name, report.court.key, *report.court.aliases)
        }
        assert {normalize_name(name) for name in (expected["court"], *expected["aliases"])} <= called


def test_sections_have_the_headings_and_starts_of_the_gold(found: list[Report], gold: Gold) -> None:
    for report, expected in zip(found, gold["reports"], strict=True):
        sections = [(section.title, section.start) for section in report.sections]
        assert sections == [(section["heading"], section["start"]) for section in expected["sections"]]


def test_paragraphs_stand_where_the_gold_says_under_its_headings(found: list[Report], gold: Gold) -> None:
    paragraphs = [
        (f"r{r.number}-p{p.number:02}", p.start, p.end, r.section_path(p))
        for r in found
        for p in r.paragraphs
    ]
    expected = [
        (
            p["id"],
            p["start"],
            p["end"],
            tuple(words for words in (p["section"], p["subsection"]) if words not in ("（前言）", None)),
        )
        for p in gold["paragraphs"]
    ]
    assert paragraphs == expected


def test_the_breaks_inside_sentences_are_the_golds(found: list[Report], gold: Gold) -> None:
    assert [r.repairs for r in found] == [len(g["repairs"]) for g in gold["reports"]]
    texts = {f"r{r.number}-p{p.number:02}": p.text for r in found for p in r.paragraphs}
    for repair in (repair for g in gold["reports"] for repair in g["repairs"]):
        assert texts[repair["paragraph"]] == repair["first_half"] + repair["second_half"]


def test_watermarks_are_in_no_paragraphs_text_and_in_its_quote(
    found: list[Report], text: Source, gold: Gold
) -> None:
    marks = [odd for g in gold["reports"] for odd in g["oddities"] if odd["type"] == "watermark"]
    assert marks
    for mark in marks:
        start, end = mark["start"], mark["start"] + len(mark["quote"])
        (owner,) = (p for r in found for p in r.paragraphs if p.start <= start and end <= p.end)
        assert mark["quote"] in text.text[owner.start : owner.end]
        assert not any(max(a, start) < min(b, end) for a, b in owner.pieces)
