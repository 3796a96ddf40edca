"""Paragraphs cut into passages, and what of a passage is embedded and matched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.passages import LONGEST_PASSAGE, inputs_of, windows
from tests.samples import OTHER, REPORT, TITLE, passages, report

SENTENCE = "逐案排查长期未结案件的症结所在，明确承办人和化解时限，办结一件销号一件，避免久拖不决。"
ITEMS = [f"{number}是推进第{at}项工作。{SENTENCE * 3}" for at, number in enumerate("一二三四五六", 1)]

BODY = st.lists(
    st.sampled_from(
        [
            SENTENCE,
            SENTENCE[:-1] + "；",
            "一是快审快结。",
            "第二，准。",
            "（三）稳；",
            "无标点长句" * 30,
            "秘书之友公众号整理，",
        ]
    ),
    min_size=1,
    max_size=60,
).map("".join)


def test_a_report_without_paragraphs_has_no_passages() -> None:
    assert passages(TITLE) == []


def test_a_paragraph_up_to_the_limit_is_one_passage() -> None:
    body = "审" * (LONGEST_PASSAGE - 1) + "。"
    (only,) = passages(f"{TITLE}\n{body}\n")
    assert only.text == body
    assert only.id.endswith("-p1")


def test_a_long_paragraph_is_cut_where_its_items_begin() -> None:
    found = passages(f"{TITLE}\n全年主要做了以下工作：{''.join(ITEMS)}\n")
    assert len(found) > 1
    assert [p.text[:2] in {"全年", "一是", "二是", "三是", "四是", "五是", "六是"} for p in found] == [
        True
    ] * len(found)
    assert all(len(p.text) <= LONGEST_PASSAGE for p in found)
    assert [p.id.rsplit("-", 1)[1] for p in found] == [f"p1.{part}" for part in range(1, len(found) + 1)]
    assert {p.paragraph for p in found} == {1}


def test_a_long_paragraph_without_items_is_cut_at_sentence_ends() -> None:
    found = passages(f"{TITLE}\n{SENTENCE * 40}\n")
    assert all(p.text.endswith("。") for p in found)
    assert max(len(p.text) for p in found) <= LONGEST_PASSAGE
    assert min(len(p.text) for p in found) >= LONGEST_PASSAGE / 2


def test_a_sentence_over_the_limit_is_cut_rather_than_kept_whole() -> None:
    found = passages(f"{TITLE}\n{'审' * (LONGEST_PASSAGE * 3)}。\n")
    assert max(len(p.text) for p in found) <= LONGEST_PASSAGE


@given(BODY)
def test_parts_cover_their_paragraph_in_order(body: str) -> None:
    text = f"{TITLE}\n{body}\n"
    found = report(text)
    made = passages(text)
    for paragraph in found.paragraphs:
        parts = [p for p in made if p.paragraph == paragraph.number]
        assert "".join(p.text for p in parts) == paragraph.text
        assert [span for p in parts for span in p.pieces if span[0] < span[1]]
        for part in parts:
            assert "".join(text[a:b] for a, b in part.pieces) == part.text
            assert (part.pieces[0][0], part.pieces[-1][1]) == (part.start, part.end)
            assert len(part.text) <= LONGEST_PASSAGE


def test_rows_and_ids_are_unique_in_a_report_and_repeat_on_a_rebuild() -> None:
    text = f"{REPORT}{''.join(ITEMS)}\n"
    first = passages(text)
    assert [p.row for p in first] == list(range(len(first)))
    assert len({p.id for p in first}) == len(first)
    assert passages(text) == first


def test_ids_do_not_depend_on_the_files_name() -> None:
    assert [p.id for p in passages(REPORT, "甲.txt")] == [p.id for p in passages(REPORT, "乙.txt")]


def test_ids_of_different_texts_differ() -> None:
    assert {p.id for p in passages(REPORT)}.isdisjoint(p.id for p in passages(OTHER))


def test_a_passage_carries_where_it_stands() -> None:
    passage = passages(REPORT)[2]
    assert passage.court.name == "江州市中级人民法院"
    assert (passage.year, passage.report_title, passage.paragraph) == (2021, TITLE, 3)
    assert passage.section_path == ("一、保障经济发展", "护航绿色江州")


def test_court_and_section_path_are_embedded_with_the_words_and_matched() -> None:
    passage = passages(REPORT)[2]
    inputs = inputs_of(passage, 200)
    assert inputs.lexical == inputs.embedded[0]
    for words in ("江州市中级人民法院", "一、保障经济发展", "护航绿色江州", passage.text):
        assert words in inputs.lexical
    assert inputs.embedded[1] == passage.text


def test_a_passage_over_the_encoders_window_is_also_embedded_in_windows() -> None:
    (passage,) = passages(f"{TITLE}\n{SENTENCE * 10}\n")
    whole, *parts = inputs_of(passage, 100).embedded
    assert passage.text in whole
    assert "".join(parts) == passage.text
    assert all(len(part) <= 100 for part in parts)


@given(BODY, st.integers(min_value=1, max_value=300))
def test_windows_cover_the_text_and_are_cut_at_sentence_ends(text: str, longest: int) -> None:
    found = windows(text, longest)
    assert "".join(found) == text
    assert all(part[-1] in "。！？；" for part in found[:-1])


@pytest.mark.parametrize("text", ["", "短"])
def test_a_short_text_is_its_own_window(text: str) -> None:
    assert windows(text, 200) == [text]
