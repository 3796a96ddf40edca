"""Items asked for by their number: 问题2的整改情况, 第三个问题, 第2项整改任务."""

from __future__ import annotations

from pathlib import Path

import pytest

from models import Encoder
from service.engine import Engine
from service.numbered import asked_item
from tests.service.conftest import build_texts

CALLED = """清溪市临江区人民法院关于巡察反馈问题整改进展情况的通报
2023年，区委巡察组反馈问题4个，现将整改进展情况通报如下。
一、整改落实情况
问题1：以案释法做得不深。
整改情况：印发普法手册2600册，到学校授课31次。
责任单位：研究室。
问题2：送达周期偏长。
整改情况：
建立集约送达中心，配备送达专员6人。
电子送达率提高到百分之九十一。
问题3：固定资产账实不符。整改措施：清查资产1420件，处置报废设备73台。
问题4：信访回复不及时。
具体表现：群众来信逾期未复。
整改情况：清理来信58件，全部办结。
二、下一步工作
一是巩固整改成果。二是健全长效机制，制定制度9项。
"""
LISTED = """青石县人民法院关于主题教育检视问题整改情况的报告
2023年，我院检视问题3个，制定整改措施12条，整改情况如下。
一、存在问题的整改情况
（一）关于调查研究不够的问题。院领导下基层调研17次，形成报告8篇。
（二）关于判后答疑不够的问题。开展判后答疑240次。
（三）关于年轻干警培养不够的问题。选派干警到基层锻炼5人。
二、下一步打算
（一）持续抓好整改。完成剩余措施2条。
"""

NARRATED = """白桦县人民法院关于全面从严治党工作情况的报告
一、压实主体责任
1.学习抓得更实。党组会学习32次。督查反馈的意见建议全部落实。
2.领导更加全面。巡察反馈的问题扎实整改，制度执行更加规范。
3.较真碰硬促整改。提出整改措施60条，全部整改完毕。
"""


@pytest.fixture(scope="module")
def items(tmp_path_factory: pytest.TempPathFactory, builtin_encoder: Encoder) -> Engine:
    place = tmp_path_factory.mktemp("items")
    build_texts(place / "index", builtin_encoder, place / "files", called=CALLED, listed=LISTED)
    return Engine(place / "index")


@pytest.mark.parametrize(
    "question",
    [
        "发现问题34个整改了多少",
        "问题一共有几个",
        "第一议题学习多少次",
        "第三方评估多少次",
        "第四季度整改问题几个",
        "整改问题12条",
        "第一种形态处理多少人",
        "第三类案件审结多少件",
        "提高第1个百分点",
        "第二批主题教育整改问题多少个",
    ],
)
def test_a_number_that_counts_or_names_is_no_item(question: str) -> None:
    assert asked_item(question) is None


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("问题4的整改情况", 4),
        ("反馈问题（四）的整改情况", 4),
        ("第三个问题怎么改的", 3),
        ("问题三十二整改完成了吗", 32),
        ("第2项整改任务完成情况", 2),
        ("第5项的责任单位", 5),
    ],
)
def test_an_item_is_read_by_its_number(question: str, number: int) -> None:
    item = asked_item(question)
    assert item is not None
    assert item.number == number


def test_a_number_that_no_report_reaches_is_refused_with_how_far_they_go(items: Engine) -> None:
    answer = items.answer("问题7的整改情况")
    assert answer.abstained
    assert "没有第7项" in answer.text
    assert "清溪市临江区人民法院编到第4项；青石县人民法院编到第3项" in answer.text


@pytest.mark.parametrize(
    ("question", "said", "unsaid"),
    [
        ("临江法院问题4的整改情况", ["清理来信58件"], ["逾期未复", "1420"]),
        ("临江法院问题四的具体表现是什么", ["逾期未复"], ["58件"]),
        ("临江法院第2个问题怎么整改的", ["集约送达中心", "百分之九十一"], ["2600"]),
        ("临江法院问题1由哪个部门负责", ["研究室"], ["2600"]),
        ("临江法院第三个问题的整改措施有哪些", ["清查资产1420件"], ["58件"]),
        ("青石法院第2个问题的整改情况", ["判后答疑240次"], ["17次", "剩余措施"]),
        ("青石法院问题三整改得怎么样", ["基层锻炼5人"], ["240"]),
    ],
)
def test_an_item_is_answered_from_its_own_passages(
    items: Engine, question: str, said: list[str], unsaid: list[str]
) -> None:
    answer = items.answer(question)
    assert not answer.abstained
    assert all(words in answer.text for words in said), answer.text
    assert not any(words in answer.text for words in unsaid), answer.text
    for citation in answer.citations:
        source = items.store.source(citation.source_id)
        assert source is not None
        assert source.text[citation.start : citation.end] == citation.quote


def test_a_figure_of_an_item_is_counted_within_it(items: Engine) -> None:
    answer = items.answer("临江法院问题2整改中配备送达专员多少人")
    assert [(fact.fact.number, fact.fact.unit) for fact in answer.facts] == [(6, "人")]
    assert "问题2：送达周期偏长" in answer.text


def test_labels_end_the_section_path(items: Engine) -> None:
    paths = {
        hit.passage.text: hit.citation.section_path
        for hit in items.search("送达周期偏长 整改情况", top_k=20).hits
    }
    assert paths["整改情况：清理来信58件，全部办结。"] == (
        "一、整改落实情况",
        "问题4：信访回复不及时",
        "整改情况",
    )
    assert paths["电子送达率提高到百分之九十一。"] == ("一、整改落实情况", "问题2：送达周期偏长", "整改情况")
    assert paths["责任单位：研究室。"][-1] == "责任单位"


def test_both_courts_answer_where_none_is_named(items: Engine) -> None:
    answer = items.answer("各院第1个问题的整改情况")
    assert {entry.court.name for entry in answer.courts if entry.stated} == {
        "清溪市临江区人民法院",
        "青石县人民法院",
    }
    assert "2600册" in answer.text
    assert "17次" in answer.text


@pytest.mark.parametrize("question", ["第一个问题是什么", "问题4的整改情况", "第三个问题整改了吗"])
def test_sections_that_mention_problems_are_no_list_of_them(
    tmp_path: Path, builtin_encoder: Encoder, question: str
) -> None:
    build_texts(tmp_path / "index", builtin_encoder, tmp_path / "files", narrated=NARRATED)
    text = Engine(tmp_path / "index").answer(question).text
    assert "没有第" not in text
    assert "32次" not in text
