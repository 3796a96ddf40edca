"""Tables to download cannot run as formulas."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

from service.engine import Engine
from service.sheets import as_csv


@pytest.mark.parametrize("start", ["=1+1", "+cmd", "-2", "@SUM(A1)", "\t=1", "  =1"])
def test_a_cell_that_a_spreadsheet_would_run_is_made_text(sample_index: Path, start: str) -> None:
    _, (cited, *_) = Engine(sample_index).facts(limit=1)
    hostile = replace(cited, fact=replace(cited.fact, object=start))
    row = list(csv.reader(io.StringIO(as_csv([hostile]).decode("utf-8-sig"))))[1]
    assert row[2] == "'" + start
