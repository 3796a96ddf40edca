"""What stands beside files: sidecars, folders named after courts, older versions, and folders that change."""

from __future__ import annotations

import os
from pathlib import Path

from indexer.build import build
from indexer.errors import FileProblem
from indexer.files import Candidate, find
from indexer.reports import parse
from indexer.store.local import LocalStore
from indexer.watching import snapshot
from models import Encoder
from tests.samples import source

BODY = "一、主要工作\n组织志愿服务{}次，服务群众，走访企业54家，收集意见建议73条，逐条答复并公开办理结果，群众较为满意。\n"
BARE = "工作报告\n" + BODY.format(118)
TITLED = "青禾市东岸区人民法院2024年工作报告\n" + BODY


def courts(folder: Path, court: str = "") -> dict[str, tuple[str, int | None, str]]:
    found = {}
    for item in find([folder], court):
        assert isinstance(item, Candidate), item
        text = source(item.path.read_text(encoding="utf-8"), item.name)
        from dataclasses import replace

        (report,) = parse(replace(text, told=item.told))
        found[item.name] = report.court.name, report.year, report.title
    return found


def test_a_sidecar_wins_over_what_the_file_says(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TITLED.format(118), encoding="utf-8")
    (tmp_path / "b.txt").write_text(BARE, encoding="utf-8")
    (tmp_path / "fawen.toml").write_text(
        'court = "青禾市西岸区人民法院"\n[files."a.txt"]\ncourt = "青禾市南岸区人民法院"\nyear = 2019\ntitle = "南岸报告"\n',
        encoding="utf-8",
    )
    assert courts(tmp_path) == {
        "a.txt": ("青禾市南岸区人民法院", 2019, "南岸报告"),
        "b.txt": ("青禾市西岸区人民法院", None, "工作报告"),
    }


def test_a_csv_sidecar_may_be_in_gbk_with_chinese_columns(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text(BARE, encoding="utf-8")
    (tmp_path / "fawen.csv").write_text(
        "文件,法院,年度\nb.txt,青禾市西岸区人民法院,2020年\n", encoding="gb18030"
    )
    assert courts(tmp_path) == {"b.txt": ("青禾市西岸区人民法院", 2020, "工作报告")}


def test_a_fault_in_a_sidecar_is_told_and_the_files_are_found(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text(BARE, encoding="utf-8")
    for text in ("court = ", 'court = "某处"', 'judge = "甲"', '[files."b.txt"]\nyear = "今年"'):
        (tmp_path / "fawen.toml").write_text(text, encoding="utf-8")
        found = list(find([tmp_path]))
        assert [item.code for item in found if isinstance(item, FileProblem)] == ["sidecar"], text
        assert [item.name for item in found if isinstance(item, Candidate)] == ["b.txt"]


def test_a_court_named_nowhere_is_the_folders_and_else_the_one_given(tmp_path: Path) -> None:
    folder = tmp_path / "青禾市东岸区人民法院"
    folder.mkdir()
    (folder / "b.txt").write_text(BARE, encoding="utf-8")
    assert courts(tmp_path)["青禾市东岸区人民法院/b.txt"][0] == "青禾市东岸区人民法院"
    given = courts(tmp_path, court="青禾市北岸区人民法院")
    assert given["青禾市东岸区人民法院/b.txt"][0] == "青禾市北岸区人民法院"
    (folder / "b.txt").write_text(TITLED.format(1), encoding="utf-8")
    assert (
        courts(tmp_path, court="青禾市北岸区人民法院")["青禾市东岸区人民法院/b.txt"][0]
        == "青禾市东岸区人民法院"
    )


def test_of_two_versions_the_newer_counts_and_the_older_is_history(
    tmp_path: Path, builtin_encoder: Encoder
) -> None:
    corpus = tmp_path / "c"
    corpus.mkdir()
    for name, number, age in (("修订稿.txt", 119, 1), ("初稿.txt", 118, 2)):
        (corpus / name).write_text(TITLED.format(number), encoding="utf-8")
        os.utime(corpus / name, (age, age))
    built = build([corpus], tmp_path / "index", builtin_encoder, max_bytes=10_000)
    assert [(old.source, old.by) for old in built.superseded] == [("初稿.txt", "修订稿.txt")]
    store = LocalStore.open(tmp_path / "index")
    assert [fact.number for fact in store.facts(None, "志愿服务", "", 9, 0)[1]] == [119]
    assert {one.name for one in store.sources()} == {"初稿.txt", "修订稿.txt"}
    assert store.manifest["history"][0]["source"] == "初稿.txt"
    store.close()


def test_a_watch_sees_files_come_change_and_go(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    looks = [snapshot([tmp_path])]
    for text in ("一", "一二", None):
        path.unlink() if text is None else path.write_text(text, encoding="utf-8")
        looks.append(snapshot([tmp_path]))
    assert looks[0] == looks[3] == {}
    assert looks[1] != looks[2]
