"""Texts that are long, or made to take long: read within bounds, or refused by name and reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer import files, numerals
from indexer.build import BuildReport, build
from indexer.facts import facts_of
from indexer.forms.workers import Bounds, Workers
from indexer.passages import passages_of
from indexer.records import Paragraph
from tests.samples import report, reports, write
from tests.store_contract import ENCODER

HEAD = "清溪市向阳区人民法院2022年工作报告\n一、工作\n"
GOOD = f"{HEAD}走访企业54家，收集意见建议73条。\n"
BOUNDS = Bounds(seconds=60)


def built(folder: Path, bounds: Bounds = BOUNDS, max_bytes: int = 10**8, **texts: str) -> BuildReport:
    return build(
        [write(folder, **texts)], folder.parent / "index", ENCODER, max_bytes=max_bytes, bounds=bounds
    )


def filled(fragment: str, size: int) -> str:
    """A text of about `size` bytes that says one thing again and again."""
    return HEAD + fragment * (size // len(fragment.encode()))


def test_a_text_over_the_limit_is_refused_with_the_remedy_and_the_rest_is_indexed(tmp_path: Path) -> None:
    done = built(tmp_path / "c", max_bytes=1_000_000, 好=GOOD, 大=filled("走访企业。\n", 1_200_000))
    assert [(one.path, one.code) for one in done.problems] == [("大.txt", "too_long")]
    assert "FAWEN_MAX_BYTES" in done.problems[0].reason
    assert len(done.reports) == 1


@pytest.mark.parametrize(
    ("bounds", "code", "setting"),
    [
        (Bounds(seconds=0.01), "timeout", "FAWEN_FILE_SECONDS"),
        (Bounds(memory=256_000_000), "memory", "FAWEN_FILE_MEMORY"),
    ],
)
def test_a_large_text_that_takes_too_much_costs_its_file_only(
    tmp_path: Path, bounds: Bounds, code: str, setting: str
) -> None:
    line = "走访企业54家，收集建议73条，"
    done = built(tmp_path / "c", bounds, 好=GOOD, 大=filled(line, 40_000_000))
    assert [(one.path, one.code) for one in done.problems] == [("大.txt", code)]
    assert setting in done.problems[0].reason
    assert [one.title for one in done.reports] == ["清溪市向阳区人民法院2022年工作报告"]


def test_a_large_text_is_rehearsed_once_and_then_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LARGE_TEXT", 100)
    built(tmp_path / "c", 大=GOOD)
    (tmp_path / "c" / "新.txt").write_text(GOOD.replace("向阳", "向阴"), encoding="utf-8")
    again = build(
        [tmp_path / "c"], tmp_path / "index", ENCODER, max_bytes=10**6, bounds=Bounds(seconds=0.001)
    )
    assert [(one.path, one.code) for one in again.problems] == [("新.txt", "timeout")]
    assert [one.title for one in again.reports] == ["清溪市向阳区人民法院2022年工作报告"]


@pytest.mark.parametrize(
    "fragment",
    [
        "1",
        "走访企业54家，收集建议73条，",
        "，",
        "走\u202e访",
        "走访\u202e企业\u202c54家，\n",
        "（一）",
        "-",
        "首先，走访企业。\n",
        "走访企业，\n1.收集建议\n",
        "、某某网整理",
        "http://1",
        "一、走访企业收集建议听取意见建议逐条答复，\n",
        "| 走访 | 54 |\n",
        "“三个清单”",
    ],
)
def test_a_text_made_to_take_long_is_read_within_bounds(fragment: str) -> None:
    with Workers(BOUNDS) as workers:
        workers.rehearse("txt", filled(fragment, 700_000).encode())


@pytest.mark.parametrize(
    "text", ["亿" * 50, "1" * 400, "9" * 5000 + "件", "万亿" * 200 + "件", "一点" + "九" * 400]
)
def test_a_run_of_digits_without_end_is_no_figure(text: str) -> None:
    assert list(numerals.quantities(f"受理{text}，办结12件。"))[-1].value == 12
    assert [fact.number for one in reports(f"{HEAD}受理{text}，办结12件。\n") for fact in facts_of(one)][
        -1
    ] == 12


def test_characters_left_out_of_a_paragraph_do_not_move_what_is_cited() -> None:
    (paragraph,) = report(f"{HEAD}走\u202e访\u202c企业54\u200f家，收集\u2066建议73条。\n").paragraphs
    assert paragraph.text == "走访企业54家，收集建议73条。"
    for at in range(len(paragraph.text)):
        start, end = paragraph.source_span(at, at + 1)
        assert end == start + 1


def test_a_passage_has_those_pieces_of_its_paragraph_that_lie_in_it() -> None:
    text = HEAD + "走访企业，\u202e听取意见，\u202c收集建议。" * 200
    (one,) = reports(text)
    for passage in passages_of(one):
        assert "".join(text[a:b] for a, b in passage.pieces) == passage.text


def test_a_place_outside_a_paragraph_is_an_error() -> None:
    paragraph = Paragraph(1, None, (), "走访", 0, 3, ((0, 1), (2, 3)))
    assert paragraph.source_span(0, 2) == (0, 3)
    for start, end in ((-1, 1), (0, 3), (1, 1), (2, 3)):
        with pytest.raises(ValueError, match="outside"):
            paragraph.source_span(start, end)


@pytest.mark.parametrize(
    "clause",
    [
        "达到" * 120 + "甲12件",
        "共计" * 120 + "甲12件",
        "以及" * 120 + "12件",
        "公安局" + "在" * 120 + "甲12件",
        "组织开展" * 60 + "甲12件",
        "累计合计共有缩短至" * 20 + "，同比" * 20 + "甲12件",
    ],
)
def test_words_that_can_be_cut_in_many_ways_are_cut_in_one(clause: str) -> None:
    source = f"{HEAD}{clause}，办结7件。\n".encode()
    with Workers(Bounds(seconds=20)) as workers:
        workers.rehearse("txt", source)
    (one,) = reports(source.decode())
    assert [fact.number for fact in facts_of(one)] == [12, 7]
