"""The recipe on a few pairs: what it reads, what it keeps out, and that it makes a model that works."""

from __future__ import annotations

import json
import lzma
import random
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from models.static import StaticEncoder
from models.training.augment import Dictionary, numerals
from models.training.combine import combine
from models.training.data import held_out
from models.training.sources import READERS, SOURCES, glossary, read_pairs, write_pairs
from models.training.vocabulary import Sizes, build, pieces_of
from models.translation import Translations
from tests.conftest import ROOT

SUBJECTS = ["渔港", "粮仓", "茶园", "码头", "牧场", "窑洞", "果林", "盐田", "书院", "磨坊"]
ENGLISH = [
    "harbour",
    "granary",
    "garden",
    "wharf",
    "pasture",
    "cave",
    "orchard",
    "saltern",
    "academy",
    "mill",
]
ACTS = ["修缮", "看守", "丈量", "租用", "归还", "清点"]
ACTED = ["repair", "guard", "measure", "rent", "return", "count"]


@pytest.mark.parametrize("line", ["no tab", "one\ttwo\tthree"])
def test_a_line_that_is_no_pair_is_refused_with_its_place(tmp_path: Path, line: str) -> None:
    path = tmp_path / "bad.tsv"
    path.write_text(f"left\tright\n\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"bad\.tsv:3"):
        list(read_pairs(path))


def test_pairs_are_read_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "some.tsv.xz"
    assert write_pairs(path, iter([("a  b", "甲\n乙"), ("", "丙"), ("c", "丁")])) == 2
    assert list(read_pairs(path)) == [("a b", "甲 乙"), ("c", "丁")]


def test_every_source_has_a_licence_and_a_share_and_a_line_in_the_readme() -> None:
    readme = (ROOT / "models" / "training" / "README.md").read_text(encoding="utf-8")
    assert set(READERS) < {source.name for source in SOURCES}
    for source in SOURCES:
        assert source.licence
        assert source.share > 0
        assert f"`{source.name}`" in readme, source.name


def test_the_glossary_pairs_every_alternative_with_every_other() -> None:
    found = set(glossary())
    assert {("people's court", "法院"), ("court", "人民法院"), ("bailiff", "法警")} <= found
    assert all(left and right and left != right for left, right in found)
    assert not any(mark in side for pair in found for side in pair for mark in ";；\t")


def test_a_laws_articles_are_paired_by_number_and_only_where_both_versions_are_of_one_date(
    tmp_path: Path,
) -> None:
    for name, date in (("A1", "20200101"), ("A2", "20210101")):
        for folder, title, number, text, changed in (
            ("FalVMingLing", "法規名稱", "第 1 條", "書院由\r\n鄉里共管。", "20200101"),
            ("Eng_FalVMingLing", "英文法規名稱", "Article 1", "The village runs the academy.", date),
        ):
            (tmp_path / folder).mkdir(exist_ok=True)
            stamp = "最新異動日期" if folder == "FalVMingLing" else "最新英文異動日期"
            law = {title: name, stamp: changed, "法規內容": [{"條號": number, "條文內容": text}]}
            (tmp_path / folder / f"{name}.json").write_text(json.dumps(law), encoding="utf-8")
    assert list(READERS["moj_law"][0](tmp_path)) == [("The village runs the academy.", "書院由鄉里共管。")]


def test_what_evaluation_holds_is_kept_out(tmp_path: Path) -> None:
    evaluation(tmp_path)
    held = held_out(tmp_path)
    assert held.touches(("问", "前言。清晨的薄雾里渔船一艘接一艘驶出了港口向东。后记"))
    assert held.touches(("漁船何時出港", "随便一句话"))
    assert held.touches(("Whatever it is", "潮水退了！"))
    assert not held.touches(("渔船出港的时间", "清晨的薄雾里，渔船驶出了港口。"))


def evaluation(folder: Path) -> Path:
    """Write evaluation sets of one passage, one question and two sentences each."""
    context = "清晨的薄雾里，渔船一艘接一艘驶出了港口，向东驶去。"
    asked = [{"query_text": "渔船何时出港？"}]
    cmrc = [{"context_text": context, "qas": asked}]
    (folder / "cmrc2018_dev.json").write_text(json.dumps(cmrc), encoding="utf-8")
    for name, text, question in (
        ("zh", "牧场的围栏每年春天都要重新刷一遍油漆以防锈。", "围栏何时刷漆？"),
        ("en", "The fence of the pasture is painted every spring.", "When is the fence painted?"),
    ):
        data = {"data": [{"paragraphs": [{"context": text, "qas": [{"question": question}]}]}]}
        (folder / f"xquad.{name}.json").write_text(json.dumps(data), encoding="utf-8")
    (folder / "tatoeba.cmn-eng.cmn").write_text("潮水退了。\n井水很甜。\n", encoding="utf-8")
    (folder / "tatoeba.cmn-eng.eng").write_text("The tide is out.\nThe well is sweet.\n", encoding="utf-8")
    return folder


def test_the_tokenizer_is_made_of_the_words_that_were_counted() -> None:
    counts = {
        "a": Counter({"法院": 9, "院": 4, "court": 5, "courts": 2}),
        "b": Counter({"审理": 3, "the": 20}),
    }
    tokenizer = build({"a": 1.0, "b": 1.0}, counts, Sizes(chinese=2, characters=4, latin=3, groups=20))
    assert tokenizer.encode("法院审理 THE Court，2023年", add_special_tokens=False).tokens == [
        "法院",
        "审理",
        "the",
        "court",
        "2023",
        "[UNK]",
    ] or tokenizer.encode("法院审理").tokens == ["法院", "审理"]
    assert tokenizer.encode("院").tokens == ["院"]
    assert tokenizer.get_vocab()["[PAD]"] == 0


def test_a_tokens_parts_are_its_characters_or_letter_groups() -> None:
    assert pieces_of("法院", 100) == ["法", "院"]
    assert pieces_of("院", 100) == []
    assert pieces_of("2023", 100) == []
    shared = set(pieces_of("courts", 1 << 30)) & set(pieces_of("court", 1 << 30))
    assert len(shared) == len({"<cou", "cour", "ourt", "<cour", "court"})


def test_rewording_uses_the_dictionaries() -> None:
    counts = {"x": Counter({"harbour": 3, "repair": 2})}
    dictionary = Dictionary([("harbour", "渔港"), ("to repair", "修缮")], [("渔港", "码头")], counts)
    assert dictionary.switch("修缮渔港 2023", random.Random(0)) == "repair harbour 2023"
    assert {dictionary.reword("渔港", random.Random(seed)) for seed in range(20)} == {"渔港", "码头"}


@pytest.mark.parametrize(
    ("text", "changed"),
    [("二〇二三年", "2023年"), ("共5项", "共五项"), ("15项", "15项"), ("3.5万", "3.5万"), ("三个", "三个")],
)
def test_numerals_change_their_form_and_not_their_value(text: str, changed: str) -> None:
    assert numerals(text) == changed


def run(*arguments: str | Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "models.training", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_whole_recipe_runs_gives_the_same_twice_and_learns_what_the_pairs_say(tmp_path: Path) -> None:
    (tmp_path / "pairs").mkdir()
    crossed = [
        (f"{act} the {english}", f"{doing}{subject}的事")
        for subject, english in zip(SUBJECTS, ENGLISH, strict=True)
        for doing, act in zip(ACTS, ACTED, strict=True)
    ]
    for source in SOURCES:
        write_pairs(tmp_path / "pairs" / f"{source.name}.tsv.xz", iter(crossed))
    with lzma.open(tmp_path / "mono.txt.xz", "wt", encoding="utf-8") as mono:
        mono.write("\n".join(right for _, right in crossed))
    (tmp_path / "public").mkdir()
    public, work = evaluation(tmp_path / "public"), tmp_path / "work"
    run(
        "prepare",
        tmp_path / "pairs",
        "--mono",
        tmp_path / "mono.txt.xz",
        "--evaluation",
        public,
        "--work",
        work,
    )
    for out in ("one", "two"):
        run("train", "--work", work, "--out", tmp_path / out, "--dims", 32, "--steps", 60, "--threads", 1)
    np.testing.assert_array_equal(np.load(tmp_path / "one/float.npy"), np.load(tmp_path / "two/float.npy"))
    run(
        "train",
        "--work",
        work,
        "--out",
        tmp_path / "other",
        "--dims",
        32,
        "--steps",
        60,
        "--threads",
        1,
        "--seed",
        1,
    )
    run("combine", tmp_path / "one", tmp_path / "other", "--dims", 48, "--out", tmp_path / "both")
    assert "tatoeba zh-en" in run("evaluate", tmp_path / "one", tmp_path / "two", "--evaluation", public)
    (tmp_path / "shipped").mkdir()
    run("translate", tmp_path / "pairs", "--evaluation", public, "--out", tmp_path / "translations.tsv")
    table = Translations.open(tmp_path / "translations.tsv")
    meanings = {english: [found for found, _ in table.of(english.split()[-1])] for english in ENGLISH}
    assert all(meanings.values())
    run("export", tmp_path / "both", "--out", tmp_path / "shipped")
    encoder = StaticEncoder.open(tmp_path / "shipped")
    trained = StaticEncoder.open(tmp_path / "both")
    assert encoder.dims == 48
    left, right = ([pair[side] for pair in crossed] for side in (0, 1))
    np.testing.assert_array_equal(encoder.encode_passages(left), trained.encode_passages(left))
    near = encoder.encode_queries(left) @ encoder.encode_passages(right).T
    assert (near.argmax(axis=1) == np.arange(len(crossed))).mean() > 0.9


def test_combined_tables_keep_the_sum_of_inner_products() -> None:
    draw = np.random.default_rng(2)
    tables = [draw.normal(size=(30, 4)).astype(np.float32) for _ in range(2)]
    found = combine(tables, 8)
    np.testing.assert_allclose(found @ found.T, sum(one @ one.T for one in tables), atol=1e-4)


@pytest.mark.parametrize(("rows", "dims", "said"), [((3, 4), 2, "3, 4"), ((3, 3), 9, "8 columns")])
def test_tables_that_cannot_be_combined_are_refused(rows: tuple[int, int], dims: int, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        combine([np.ones((count, 4), np.float32) for count in rows], dims)


def test_a_missing_source_is_named(tmp_path: Path) -> None:
    (tmp_path / "pairs").mkdir()
    with lzma.open(tmp_path / "mono.txt.xz", "wt", encoding="utf-8") as mono:
        mono.write("文")
    public = tmp_path / "public"
    public.mkdir()
    evaluation(public)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "models.training",
            "prepare",
            str(tmp_path / "pairs"),
            "--mono",
            str(tmp_path / "mono.txt.xz"),
            "--evaluation",
            str(public),
            "--work",
            str(tmp_path / "work"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert "moj_law.tsv" in done.stderr
    shutil.rmtree(tmp_path / "pairs")
