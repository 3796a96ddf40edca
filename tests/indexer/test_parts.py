"""One report over several files: joined where names or a sidecar say so and the text goes on, else told apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.build import BuildReport, build
from indexer.citations import cite
from indexer.parts import part_of
from indexer.store.local import LocalStore
from models import Encoder

TITLE = "云河市桥东区人民法院2023年工作报告"
FIRST = f"""{TITLE}
2023年，桥东区法院受理案件6120件，审结5987件。
一、坚持公正司法
（一）刑事审判。审结刑事案件402件，判处罪犯517人。
二、坚持司法为民
（一）诉讼服务
网上立案1830件，上门立案47件。
"""
SECOND = """（二）执行工作
执结案件1964件，到位金额2.1亿元，开展集中执行行动12次。
三、坚持从严治院
开展审务督察36次，约谈干警5人。
"""
THIRD = """四、下一步工作
走访企业83家，化解积案29件的做法要坚持下去。
"""
AGAIN = """一、坚持公正司法
审结民事案件3305件。
"""


def built(tmp_path: Path, encoder: Encoder, **texts: str) -> tuple[BuildReport, LocalStore]:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for name, text in texts.items():
        (corpus / (name if name.endswith((".toml", ".csv")) else f"{name}.txt")).write_text(
            text, encoding="utf-8"
        )
    report = build([corpus], tmp_path / "index", encoder, max_bytes=10**6)
    return report, LocalStore.open(tmp_path / "index")


def numbers(store: LocalStore) -> set[float]:
    return {fact.number for fact in store.facts(None, "", "", 200, 0)[1]}


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ({"报告（一）": FIRST, "报告（三）": THIRD}, "缺第2部分"),
        ({"报告（二）": SECOND, "报告（三）": THIRD}, "缺第1部分"),
        (
            {"报告（一）": FIRST, "报告（1）": FIRST.replace("402", "403"), "报告（二）": SECOND},
            "都是第1部分",
        ),
        ({"报告-1": FIRST, "报告-2": SECOND, "报告_2": THIRD}, "都是第2部分"),
        ({"报告（一）": FIRST, "报告（二）": AGAIN}, "序号不接"),
        (
            {
                "报告（一）": FIRST,
                "报告（二）": SECOND,
                "报告（三）": "江口县人民法院2023年工作报告\n一、工作\n走访企业83家。\n",
            },
            "另有标题",
        ),
    ],
)
def test_parts_that_do_not_fit_are_told_and_lose_nothing(
    tmp_path: Path, builtin_encoder: Encoder, texts: dict[str, str], message: str
) -> None:
    report, store = built(tmp_path, builtin_encoder, **texts)
    told = [warning for warning in report.warnings if message in warning]
    grouped = {name for name in texts if part_of(name) is not None}
    assert {warning.split(": ", 1)[0].removesuffix(".txt") for warning in told} <= grouped
    assert len(told) >= 2
    assert all("fawen.toml" in warning for warning in told)
    assert report.problems == ()
    assert numbers(store) >= ({1964, 12, 36, 5} if SECOND in texts.values() else set())
    assert numbers(store) >= ({83} if any("83家" in text for text in texts.values()) else set())
    assert not any("部分）" in one.title for one in store.reports())
    store.close()


def test_reports_that_each_have_a_title_are_no_parts(tmp_path: Path, builtin_encoder: Encoder) -> None:
    other = FIRST.replace("桥东区", "桥西区").replace("402", "377")
    report, store = built(
        tmp_path, builtin_encoder, **{"报告1": FIRST, "报告-2": other, "报告（1）": FIRST + SECOND}
    )
    assert len({one.court.name for one in store.reports()}) == 2
    assert not any("部分" in warning for warning in report.warnings)
    store.close()


@pytest.mark.parametrize(
    "names",
    [
        ("报告（一）", "报告（二）", "报告（三）"),
        ("报告(1)", "报告(2)", "报告(3)"),
        ("报告上", "报告中", "报告下"),
        ("报告第1部分", "报告第2部分", "报告第3部分"),
        ("2023年报告-1", "2023年报告-2", "2023年报告-3"),
        ("报告之一", "报告之二", "报告之三"),
    ],
)
def test_parts_that_go_on_are_one_report(
    tmp_path: Path, builtin_encoder: Encoder, names: tuple[str, str, str]
) -> None:
    report, store = built(tmp_path, builtin_encoder, **dict(zip(names, (FIRST, SECOND, THIRD), strict=True)))
    assert report.warnings == ()
    assert [(one.title, one.court.name, one.year) for one in store.reports()] in [
        [(f"{TITLE}（第{n}部分）", "云河市桥东区人民法院", 2023) for n in order]
        for order in ((1, 2, 3), (1, 3, 2), (3, 1, 2), (2, 1, 3), (2, 3, 1), (3, 2, 1))
    ]
    for passage in store.passages():
        source = store.source(passage.source_id)
        assert source is not None
        citation = cite(passage, source)
        assert source.text[citation.start : citation.end] == citation.quote
        assert source.name.removesuffix(".txt") in names
    paths = {passage.text: passage.section_path for passage in store.passages()}
    assert paths["执结案件1964件，到位金额2.1亿元，开展集中执行行动12次。"] == (
        "二、坚持司法为民",
        "（二）执行工作",
    )
    assert paths["开展审务督察36次，约谈干警5人。"] == ("三、坚持从严治院",)
    store.close()


def test_a_part_that_repeats_the_title_with_its_mark_is_one(tmp_path: Path, builtin_encoder: Encoder) -> None:
    marked = {"报告（上）": FIRST.replace(TITLE, f"{TITLE}（上）"), "报告（下）": f"{TITLE}（下）\n{SECOND}"}
    report, store = built(tmp_path, builtin_encoder, **marked)
    assert sorted(one.title for one in store.reports()) == [f"{TITLE}（第{n}部分）" for n in (1, 2)]
    assert report.warnings == ()
    store.close()


def test_a_sidecar_says_what_is_a_part(tmp_path: Path, builtin_encoder: Encoder) -> None:
    sidecar = "文件,标题,部分\n" + "".join(
        f"{name}.txt,{TITLE},{n}\n" for n, name in enumerate(("开头", "中段", "结尾"), 1)
    )
    texts = {"fawen.csv": sidecar, "开头": FIRST, "中段": SECOND, "结尾": THIRD}
    report, store = built(tmp_path, builtin_encoder, **texts)
    assert {one.title for one in store.reports()} == {f"{TITLE}（第{n}部分）" for n in (1, 2, 3)}
    assert {one.court.name for one in store.reports()} == {"云河市桥东区人民法院"}
    assert report.warnings == ()
    store.close()


def test_a_sidecar_with_a_part_and_no_title_is_told(tmp_path: Path, builtin_encoder: Encoder) -> None:
    report, store = built(
        tmp_path, builtin_encoder, **{"fawen.csv": "文件,部分\n开头.txt,1\n", "开头": FIRST}
    )
    assert any("须写 title" in problem.reason for problem in report.problems)
    store.close()


def test_the_index_answers_over_all_parts(tmp_path: Path, builtin_encoder: Encoder) -> None:
    from service.engine import Engine

    _, store = built(tmp_path, builtin_encoder, **{"报告（一）": FIRST, "报告（二）": SECOND})
    store.close()
    answer = Engine(tmp_path / "index").answer("桥东区法院执结案件多少件")
    assert [fact.fact.number for fact in answer.facts] == [1964]
    assert answer.citations[0].source == "报告（二）.txt"
    (entry,) = answer.courts
    assert entry.court.name == "云河市桥东区人民法院"
