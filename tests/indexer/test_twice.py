"""A report that is indexed twice, or replaced by another of the same name, is spoken of."""

from __future__ import annotations

from pathlib import Path

from indexer.build import build
from models import Encoder

REPORT = "青禾市东岸区人民法院2024年工作报告\n一、主要工作\n组织志愿服务{}次，服务群众。\n"


def test_two_versions_of_one_report_are_warned_of(tmp_path: Path, builtin_encoder: Encoder) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text(REPORT.format(118), encoding="utf-8")
    (corpus / "b.txt").write_text(REPORT.format(119), encoding="utf-8")
    built = build([corpus], tmp_path / "index", builtin_encoder, max_bytes=10_000)
    assert any("the same report twice" in warning for warning in built.warnings)


def test_a_source_replaced_by_another_of_its_name_is_warned_of(
    tmp_path: Path, builtin_encoder: Encoder
) -> None:
    for folder, number in (("old", 118), ("new", 119)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.txt").write_text(REPORT.format(number), encoding="utf-8")
    index = tmp_path / "index"
    build([tmp_path / "old" / "x.txt"], index, builtin_encoder, max_bytes=10_000)
    built = build([tmp_path / "new" / "x.txt"], index, builtin_encoder, max_bytes=10_000, add=True)
    assert any("replaces the one indexed" in warning for warning in built.warnings)


def test_a_missing_path_costs_no_report_that_is_indexed(tmp_path: Path, builtin_encoder: Encoder) -> None:
    for folder, number in (("one", 118), ("two", 119)):
        (tmp_path / folder).mkdir()
        text = REPORT.format(number).replace("东岸", "西岸" if folder == "two" else "东岸")
        (tmp_path / folder / f"{folder}.txt").write_text(text, encoding="utf-8")
    index = tmp_path / "index"
    build([tmp_path / "one", tmp_path / "two"], index, builtin_encoder, max_bytes=10_000)
    (tmp_path / "two" / "two.txt").unlink()
    (tmp_path / "two").rmdir()
    built = build([tmp_path / "one", tmp_path / "two"], index, builtin_encoder, max_bytes=10_000)
    assert built.kept == ("two.txt",)
    assert [problem.code for problem in built.problems] == ["missing"]
