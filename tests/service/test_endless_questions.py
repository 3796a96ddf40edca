"""Questions made to take long: words that can be cut in many ways, again and again."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.servers import ROOT

QUESTIONS = (
    "制定修订" * 60 + "吗",
    "人次" * 120 + "？",
    "共计" * 120 + "多少",
    "比较" * 120 + "甲",
    "的" * 400,
    "最多" * 120 + "x",
)
PROGRAM = """
import sys
from indexer.courts import court_of
from service.conversation import understood
from service.questions import parse_question
courts = [court_of("江州市中级人民法院", None), court_of("清溪市向阳区人民法院", None)]
parse_question(sys.argv[1], courts, [2022])
understood(["江州中院审结案件多少件？", sys.argv[1]], courts, [2022])
"""


@pytest.mark.parametrize("question", QUESTIONS, ids=range(len(QUESTIONS)))
def test_a_question_is_read_in_time(question: str) -> None:
    read = subprocess.run([sys.executable, "-c", PROGRAM, question], cwd=ROOT, timeout=60, check=False)
    assert read.returncode == 0
