"""Refusals where the filters leave out what is asked for."""

from __future__ import annotations

import pytest

from service.engine import Engine
from service.search import Filters


@pytest.mark.parametrize("question", ["三中院志愿服务多少次", "三中院怎样开展志愿服务"])
def test_a_court_that_the_filters_leave_out_is_not_said_to_be_silent(engine: Engine, question: str) -> None:
    told = engine.answer(question, filters=Filters(court=("一中院",)))
    assert told.abstained
    assert told.text.startswith("所限范围内没有某市中级人民法院（市三中院）的报告")
    assert "未载明" not in told.text
    assert "已查" not in told.text
    assert [entry.court.name for entry in told.courts] == ["某市第一中级人民法院"]


def test_filters_that_leave_no_report_say_so(engine: Engine) -> None:
    told = engine.answer("志愿服务多少次", filters=Filters(year=(1999,)))
    assert told.text == "所限范围内没有报告，无从回答。"
