"""List questions are answered with the names they ask for, each cited."""

from __future__ import annotations

import pytest

from indexer.build import build
from models import Encoder
from service.engine import Engine

REPORT = """青禾市东岸区人民法院党组2024年落实全面从严治党主体责任情况报告
2024年，区法院党组全面履行职责，认真学习《准则》《条例》。
一、健全制度
印发《审判权监督管理办法》，修订《党组议事规则》，与区司法局签署《诉调对接合作协议》。
二、队伍建设
打造“海棠红”党建品牌，开展“青年说法”、“书香东岸”等活动。2名干警获“全市优秀法官“”办案标兵“称号。
"""
OTHER = """青禾市西陵县人民法院党组2024年落实全面从严治党主体责任情况报告
2024年，县法院党组坚持从严管理。
一、抓实整改
对照检查发现问题12个，制定整改措施21项。
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, builtin_encoder: Encoder) -> Engine:
    folder = tmp_path_factory.mktemp("items")
    (folder / "east.txt").write_text(REPORT, encoding="utf-8")
    (folder / "west.txt").write_text(OTHER, encoding="utf-8")
    build([folder], folder / "index", builtin_encoder, max_bytes=10**6)
    return Engine(folder / "index")


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("东岸区法院出台了哪些制度文件", ["《审判权监督管理办法》", "《党组议事规则》"]),
        ("东岸区法院签了哪些协议", ["《诉调对接合作协议》"]),
        ("列出东岸区法院的党建品牌", ["“海棠红”"]),
        ("东岸区法院开展了哪些活动", ["“青年说法”", "“书香东岸”"]),
        ("东岸区法院干警拿了哪些荣誉称号", ["“全市优秀法官”", "“办案标兵”"]),
        ("What documents did the district court issue?", ["《审判权监督管理办法》"]),
    ],
)
def test_the_names_asked_for_are_listed_and_no_others(
    engine: Engine, question: str, names: list[str]
) -> None:
    answer = engine.answer(question)
    listed = [name for name in _ALL if name in answer.text]
    assert answer.kind == "list"
    assert listed == names if "What" not in question else set(names) <= set(listed)


_ALL = [
    "《准则》",
    "《条例》",
    "《审判权监督管理办法》",
    "《党组议事规则》",
    "《诉调对接合作协议》",
    "“海棠红”",
    "“青年说法”",
    "“书香东岸”",
    "“全市优秀法官”",
    "“办案标兵”",
]


def test_each_name_cites_the_sentence_it_stands_in(engine: Engine) -> None:
    answer = engine.answer("东岸区法院出台了哪些制度文件")
    assert "《审判权监督管理办法》[1]" in answer.text
    assert "《审判权监督管理办法》" in answer.citations[0].quote


def test_a_court_that_names_none_is_said_to(engine: Engine) -> None:
    answer = engine.answer("各院出台了哪些制度文件")
    assert "未见列出：青禾市西陵县人民法院" in answer.text
    assert {entry.court.name: entry.stated for entry in answer.courts} == {
        "青禾市东岸区人民法院": True,
        "青禾市西陵县人民法院": False,
    }
