"""Whose a report is that does not say so: `--court`, the folder's name and sidecars, by the command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.servers import fawen

BODY = "一、主要工作\n组织志愿服务118次，走访企业54家，收集意见建议73条，逐条答复并公开办理结果，群众较为满意。\n"
BARE = f"2022年工作报告\n{BODY}"
TITLED = f"青禾市西岸区人民法院2022年工作报告\n{BODY}"
SELF_NAMED = f"2022年工作报告\n2022年，江州市中院坚持司法为民，全年工作平稳。\n{BODY}"
FOLDER, GIVEN, TOLD = "青禾市东岸区人民法院", "青禾市北岸区人民法院", "青禾市南岸区人民法院"


def indexed(place: Path, text: str, *words: str, folder: str = "报告", sidecar: str = "") -> tuple[str, str]:
    """Index one file in a folder by the command; return its report's court and what was warned of."""
    home = place / "corpus" / folder
    home.mkdir(parents=True)
    (home / "一.txt").write_text(text, encoding="utf-8")
    if sidecar:
        (home / "fawen.toml").write_text(f'court = "{sidecar}"\n', encoding="utf-8")
    done = fawen("index", place / "corpus", "--index", place / "index", "--json", *words)
    assert done.returncode == 0, done.stderr
    built = json.loads(done.stdout)
    (report,) = built["reports"]
    return report["court"], "".join(built["warnings"])


@pytest.mark.parametrize(
    ("text", "words", "folder", "sidecar", "court"),
    [
        (BARE, (), "报告", "", "未知法院"),
        (BARE, (), FOLDER, "", FOLDER),
        (BARE, ("--court", GIVEN), "报告", "", GIVEN),
        (BARE, ("--court", GIVEN), FOLDER, "", GIVEN),
        (BARE, ("--court", GIVEN), FOLDER, TOLD, TOLD),
        (TITLED, ("--court", GIVEN), FOLDER, "", "青禾市西岸区人民法院"),
        (TITLED, (), FOLDER, TOLD, TOLD),
        (SELF_NAMED, ("--court", "江州市中级人民法院"), "报告", "", "江州市中级人民法院"),
        (SELF_NAMED, (), "江州市中级人民法院", "", "江州市中级人民法院"),
        (SELF_NAMED, (), FOLDER, "", "江州市中院"),
    ],
    ids=[
        "none",
        "folder",
        "given",
        "given-over-folder",
        "sidecar-over-both",
        "title-over-both",
        "sidecar-over-title",
        "given-fits-the-body",
        "folder-fits-the-body",
        "body-over-another-courts-folder",
    ],
)
def test_a_sidecar_wins_then_what_the_file_says_then_the_option_then_the_folder(
    tmp_path: Path, text: str, words: tuple[str, ...], folder: str, sidecar: str, court: str
) -> None:
    found, warnings = indexed(tmp_path, text, *words, folder=folder, sidecar=sidecar)
    assert found == court
    assert ("no court found" in warnings) == (court == "未知法院")


def test_a_court_that_is_none_is_refused_as_wrong_usage(tmp_path: Path) -> None:
    done = fawen("index", tmp_path, "--index", tmp_path / "index", "--court", "某处")
    assert done.returncode == 2
    assert "某处" in done.stderr


def test_what_the_option_names_can_be_asked_for_by_its_short_name(tmp_path: Path) -> None:
    indexed(tmp_path, SELF_NAMED, "--court", "江州市中级人民法院")
    asked = fawen("ask", "江州中院走访企业多少家", "--index", tmp_path / "index", "--json")
    answer = json.loads(asked.stdout)
    assert [fact["number"] for fact in answer["facts"]] == [54]
    assert answer["facts"][0]["court"] == "江州市中级人民法院"
