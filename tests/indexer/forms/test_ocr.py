"""Scanned pages: refused with the remedy, or recognised with a mark of how surely, beside the twin they were printed from."""

from __future__ import annotations

import difflib
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from indexer.build import build
from indexer.citations import cite
from indexer.facts import facts_of
from indexer.files import Candidate, read
from indexer.forms import ocr
from indexer.forms.workers import Bounds, Workers
from indexer.records import Report, Source
from indexer.reports import parse
from indexer.store.local import LocalStore
from models import Encoder
from service.cli import main

FORMS = Path(__file__).parents[2] / "forms"
SCANS = FORMS / "scans"
needs_tesseract = pytest.mark.skipif(bool(ocr.missing()), reason=f"no text recognition here: {ocr.missing()}")


def source_of(path: Path, recognise: bool = False) -> Source:
    with Workers(Bounds(ocr=recognise)) as workers:
        return read(Candidate(path, path.name), 10**7, workers.extract)


def figures(report: Report) -> Counter[tuple[float, str, str]]:
    return Counter((fact.number, fact.unit, fact.object) for fact in facts_of(report))


def test_a_scan_is_refused_with_the_switch_that_recognises_it(
    tmp_path: Path, builtin_encoder: Encoder
) -> None:
    ran = CliRunner().invoke(
        main, ["index", str(SCANS), str(FORMS / "twins"), "--index", str(tmp_path / "i")]
    )
    assert ran.exit_code == 1
    assert ran.output.count("fawen index --ocr") == 3
    assert "tesseract-ocr-chi-sim" in ran.output


def test_without_tesseract_a_scan_names_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Exception, match="apt install tesseract-ocr tesseract-ocr-chi-sim"):
        source_of(SCANS / "xiangyang.pdf", recognise=True)


def bare(stated: Counter[tuple[float, str, str]]) -> Counter[tuple[float, str]]:
    return Counter((number, unit) for number, unit, _ in stated.elements())


@needs_tesseract
@pytest.mark.parametrize("name", ["fenglin", "xiangyang"])
def test_a_scan_says_nearly_what_its_twin_says(name: str) -> None:
    scan, twin = source_of(SCANS / f"{name}.pdf", recognise=True), source_of(FORMS / "twins" / f"{name}.txt")
    (found,), (expected,) = parse(scan), parse(twin)
    words, wanted = (
        "".join(re.sub(r"[\s|]", "", p.text) for p in report.paragraphs) for report in (found, expected)
    )
    blocks = difflib.SequenceMatcher(None, wanted, words, autojunk=False).get_matching_blocks()
    right = sum(block.size for block in blocks) / len(wanted)
    stated = figures(expected)
    same = (figures(found) & stated).total()
    counted = (bare(figures(found)) & bare(stated)).total()
    print(
        f"{name}: {right:.3f} of characters, {len(found.sections)} of {len(expected.sections)} sections,"
        f" {len(found.paragraphs)} of {len(expected.paragraphs)} paragraphs, {same} of {stated.total()} facts,"
        f" {counted} in number and unit"
    )
    assert right >= 0.95
    assert same >= 0.8 * stated.total()
    assert counted >= 0.9 * stated.total()
    assert abs(len(found.paragraphs) - len(expected.paragraphs)) <= 2
    assert len(found.sections) >= len(expected.sections) - 2
    assert not re.search(r"[一-鿿] [一-鿿]", words)


@needs_tesseract
def test_recognised_words_are_cited_with_page_and_confidence(
    tmp_path: Path, builtin_encoder: Encoder
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "扫描.pdf").write_bytes((SCANS / "xiangyang.pdf").read_bytes())
    index = tmp_path / "index"
    built = build([corpus], index, builtin_encoder, max_bytes=10**7, bounds=Bounds(ocr=True))
    (kind,) = built.kinds
    assert (kind.files, kind.failed, kind.recognised) == (1, 0, 2)
    store = LocalStore.open(index)
    for passage in store.passages():
        source = store.source(passage.source_id)
        assert source is not None
        citation = cite(passage, source)
        assert citation.quote == source.text[citation.start : citation.end]
        assert citation.page in {1, 2}
        assert citation.ocr_confidence is not None
        assert 0.7 < citation.ocr_confidence <= 1
    store.close()
    again = build([corpus], index, builtin_encoder, max_bytes=10**7)
    assert again.problems == ()
    asked = CliRunner().invoke(main, ["ask", "评查案件多少件", "--index", str(index)])
    assert "420件" in asked.output
    assert re.search(r"第\d段（原件第1页，文字识别，把握\d\d%，请核对原件）", asked.output)
    plain = CliRunner().invoke(main, ["ask", "评查案件多少件", "--index", str(index), "--json"])
    assert json.loads(plain.output)["citations"][0]["ocr_confidence"] > 0.7


@needs_tesseract
def test_an_unsure_page_is_warned_of(tmp_path: Path, builtin_encoder: Encoder) -> None:
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "糊.pdf").write_bytes((SCANS / "coarse.pdf").read_bytes())
    built = build([tmp_path / "c"], tmp_path / "i", builtin_encoder, max_bytes=10**7, bounds=Bounds(ocr=True))
    assert any(
        re.search(r"糊\.pdf: 文字识别的把握低于 0\.8，请核对原件：第 \d 页 0\.\d\d", told)
        for told in built.warnings
    )
    assert built.kinds[0].warnings >= 1
