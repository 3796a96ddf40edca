"""fawen model: what it says of a directory, and its refusals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import main
from tests.models.test_transformer import DIMS, make


def test_help_shows_how_to_carry_a_model_over() -> None:
    shown = CliRunner().invoke(main, ["model", "--help"])
    assert shown.exit_code == 0
    assert "fawen model fetch" in shown.output
    assert "fawen model check" in shown.output


@pytest.mark.parametrize("arguments", [["check"], ["fetch"], ["fetch", "bge-m3"], ["weigh", "x"]])
def test_a_command_without_what_it_needs_is_a_usage_error(arguments: list[str]) -> None:
    assert CliRunner().invoke(main, ["model", *arguments]).exit_code == 2


def test_a_directory_that_is_no_model_is_one_line_and_status_1(tmp_path: Path) -> None:
    failed = CliRunner().invoke(main, ["model", "check", str(tmp_path)])
    assert failed.exit_code == 1
    assert failed.stderr.count("\n") == 1
    assert str(tmp_path) in failed.stderr


def test_an_unknown_name_is_one_line_and_status_1(tmp_path: Path) -> None:
    failed = CliRunner().invoke(main, ["model", "fetch", "no-such-model", str(tmp_path / "new")])
    assert failed.exit_code == 1
    assert "BAAI/bge-m3" in failed.stderr


def test_a_sound_directory_is_described_in_words_and_in_json(tmp_path: Path) -> None:
    directory = make(tmp_path / "tiny", {"query": "问：", "document": "段："})
    told = CliRunner().invoke(main, ["model", "check", str(directory)])
    assert told.exit_code == 0
    assert f"{DIMS} 维" in told.output
    assert "问：" in told.output
    found = json.loads(CliRunner().invoke(main, ["model", "check", str(directory), "--json"]).stdout)
    assert (found["dims"], found["query_prompt"], found["passage_prompt"]) == (DIMS, "问：", "段：")
