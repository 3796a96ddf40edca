"""Every form of a report gives the passages and facts of its plain-text twin."""

from __future__ import annotations

import re
from pathlib import Path

import opencc
import pytest

from indexer.citations import cite
from indexer.facts import facts_of
from indexer.files import Candidate, find, read
from indexer.forms.office import program
from indexer.passages import passages_of
from indexer.records import Source
from indexer.reports import parse

FORMS = Path(__file__).parents[2] / "forms"
LEGACY = {".doc"}
FILES = sorted(
    path.relative_to(FORMS).as_posix()
    for path in FORMS.glob("*/*.*")
    if path.parent.name in {"canghai", "fenglin", "hailing", "qinghe", "wulan", "xiangyang"}
    and path.name != "footnote.pdf"
)
NOTE = "注：结案数含诉前调解成功的案件1106件。"

Told = tuple[list[tuple[str, int | None]], list[tuple[str, ...]], list[str], list[tuple[object, ...]]]


def told(source: Source) -> Told:
    """Whose reports, their section titles, passages, and facts, as a reader would compare them."""
    reports = parse(source)
    passages = [passage for report in reports for passage in passages_of(report)]
    for passage in passages:
        assert cite(passage, source).quote == source.text[passage.start : passage.end]
    facts = [fact for report in reports for fact in facts_of(report)]
    for fact in facts:
        assert source.text[fact.start : fact.end].startswith(fact.number_text[:1])
    return (
        [(report.court.name, report.year) for report in reports],
        [
            tuple(re.sub(r"\s", "", title) for title in report.section_path(p))
            for report in reports
            for p in report.paragraphs
        ],
        [passage.text for passage in passages],
        [(fact.number, fact.unit, fact.object, fact.kind, fact.role, fact.year) for fact in facts],
    )


def twin(stem: str) -> Source:
    path = FORMS / "twins" / f"{stem}.txt"
    return read(Candidate(path, path.name), 10**7)


@pytest.mark.parametrize("name", FILES)
def test_a_form_says_what_its_twin_says(name: str) -> None:
    path = FORMS / name
    if path.suffix in LEGACY and program() is None:
        pytest.skip("LibreOffice is not installed; the refusal is tested elsewhere")
    found = told(read(Candidate(path, path.name), 10**7))
    expected = told(twin(path.parent.name))
    if path.stem == "footnote":
        assert found[2][-1] == NOTE
        found = (found[0], found[1][:-1], found[2][:-1], found[3][:-1])
    if path.suffix == ".md":
        stripped = [[title.lstrip("#") for title in path] for path in found[1]]
        found = (found[0], [tuple(path) for path in stripped], *found[2:])
    for part, wanted in zip(found, expected, strict=True):
        assert part == wanted


@pytest.mark.parametrize("encoding", ["big5hkscs", "utf-8", "gb18030"])
def test_traditional_script_is_read_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    text = opencc.OpenCC("s2tw").convert(twin("fenglin").text)
    path = tmp_path / "繁體.txt"
    path.write_bytes(text.encode(encoding))
    assert read(Candidate(path, path.name), 10**7).text == text


def test_a_quotation_of_a_pdf_names_its_page_and_one_of_a_word_file_its_paragraph() -> None:
    for name, page, paragraph in (("writer.pdf", 3, None), ("styled.docx", None, 29)):
        path = FORMS / "fenglin" / name
        source = read(Candidate(path, path.name), 10**7)
        (report,) = parse(source)
        passage = next(p for p in passages_of(report) if p.text.startswith("一年来的工作仍有"))
        citation = cite(passage, source)
        assert (citation.page, citation.file_paragraph) == (page, paragraph)


def test_a_footnote_of_a_pdf_stands_by_itself_and_its_mark_joins_no_figure() -> None:
    path = FORMS / "hailing" / "footnote.pdf"
    found, expected = told(read(Candidate(path, path.name), 10**7)), told(twin("hailing"))
    assert [words for words in found[2] if words not in expected[2]] == [NOTE.replace("注：", "1")]
    assert [words for words in found[2] if words in expected[2]] == expected[2]
    assert [fact for fact in found[3] if fact in expected[3]] == expected[3]


def test_files_in_an_archive_are_read_each_by_itself() -> None:
    found = [item for item in find([FORMS / "mixed.zip"]) if isinstance(item, Candidate)]
    assert [item.name for item in found] == [
        f"mixed.zip/2023年/{stem}.docx" for stem in ("fenglin", "wulan", "xiangyang")
    ]
    for item, stem in zip(found, ("fenglin", "wulan", "xiangyang"), strict=True):
        assert told(read(item, 10**7)) == told(twin(stem))
