"""The command as a user runs it: help, exit statuses, one line per error, JSON."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from indexer.build import build
from models import Encoder
from tests.servers import COMMAND, REPORTS, fawen
from tests.service.conftest import MAX_BYTES, build_texts
from tests.writing import GARDEN, REPAIRED

COMMANDS = ("index", "search", "serve", "check", "rollback", "eval")
THIRD = "某市中级人民法院"


@pytest.fixture
def own_index(sample_index: Path, tmp_path: Path) -> Path:
    """A copy of the sample index, that a test may change."""
    return Path(shutil.copytree(sample_index, tmp_path / "own"))


def one_line(result: subprocess.CompletedProcess[str]) -> str:
    """The one line a failed command says, on standard error."""
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert len(lines) == 1, result.stderr
    return lines[0]


@pytest.mark.parametrize(
    "words",
    [
        ["nosuchcommand"],
        ["search"],
        ["search", ""],
        ["search", " \u3000"],
        ["search", "整改", "--top-k", "0"],
        ["search", "整改", "--top-k", "101"],
        ["search", "整改", "--top-k", "三"],
        ["search", "整改", "--mode", "psychic"],
        ["search", "整改", "--year", "去年"],
        ["search", "整改", "--nosuchflag"],
        ["index"],
        ["index", ".", "--max-bytes", "0"],
        ["index", ".", "--max-bytes", "x"],
        ["serve", "--port", "99999"],
        ["serve", "--port", "abc"],
        ["serve", "extra"],
        ["eval"],
        ["eval", "/no/such/file"],
        ["check", "--index", str(COMMAND)],
    ],
    ids=" ".join,
)
def test_a_command_used_wrongly_exits_2_without_a_traceback(words: list[str]) -> None:
    result = fawen(*words)
    assert result.returncode == 2
    assert result.stdout == ""
    assert "error: " in result.stderr.splitlines()[-1].lower()
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("name", ["PORT", "MAX_BYTES", "RELOAD_SECONDS", "ACCESS_LOG"])
def test_an_invalid_variable_exits_2_with_one_line_that_names_it(name: str) -> None:
    result = fawen("serve", **{f"FAWEN_{name}": "abc"})
    assert result.returncode == 2
    assert name.lower() in one_line(result)


@pytest.mark.parametrize(
    "words",
    [
        ["search", "整改"],
        ["search", "整改", "--json"],
        ["serve"],
        ["check"],
        ["check", "--json"],
        ["rollback"],
    ],
    ids=" ".join,
)
def test_a_missing_index_exits_1_with_one_line_and_makes_nothing(words: list[str], tmp_path: Path) -> None:
    missing = tmp_path / "none"
    result = fawen(*words, "--index", missing)
    assert result.returncode == 1
    assert str(missing) in one_line(result)
    assert not missing.exists()


def test_an_index_that_is_a_file_exits_1_with_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("不是目录", encoding="utf-8")
    for words in ["search", "整改"], ["check"], ["rollback"], ["serve"], ["index", REPORTS]:
        result = fawen(*words, FAWEN_INDEX=str(tmp_path / "file"))
        assert result.returncode == 1
        assert "file" in one_line(result)


def test_an_unknown_court_exits_1_and_lists_those_there_are(sample_index: Path) -> None:
    result = fawen("search", "整改", "--court", "火星法院", "--index", sample_index)
    assert result.returncode == 1
    assert re.search("火星法院.*某市中级人民法院.*某市第二中级人民法院", one_line(result))


@pytest.mark.parametrize("words", [["search", "整改"], ["serve"]], ids=" ".join)
def test_a_model_that_is_none_exits_1_with_one_line(
    words: list[str], sample_index: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    result = fawen(*words, "--index", sample_index, "--model", tmp_path / "empty")
    assert result.returncode == 1
    assert "empty" in one_line(result)


def test_a_port_in_use_exits_1_with_one_line(sample_index: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = fawen("serve", "--index", sample_index, "--port", str(port))
    assert result.returncode == 1
    assert f"127.0.0.1:{port}" in one_line(result)


@pytest.mark.parametrize("host", ["256.0.0.1", "no.such.host.invalid"])
def test_an_address_that_is_not_ours_exits_1_with_one_line(sample_index: Path, host: str) -> None:
    result = fawen("serve", "--index", sample_index, "--host", host, "--port", "0")
    assert result.returncode == 1
    assert host in one_line(result)


def test_bytes_that_are_no_text_are_a_query_like_any_other(sample_index: Path) -> None:
    for more in [], ["--json"]:
        result = fawen("search", b"\xff\xfe", "廉政风险", "-k", "1", "--index", sample_index, *more)
        assert (result.returncode, result.stderr) == (0, "")
        assert "廉政风险299个" in result.stdout


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "latin-1"])
def test_a_terminal_that_lacks_characters_is_no_reason_to_fail(sample_index: Path, encoding: str) -> None:
    for words in ["--help"], ["search", "廉政风险", "-k", "1", "--index", sample_index]:
        result = fawen(*words, PYTHONIOENCODING=encoding)
        assert (result.returncode, result.stderr) == (0, "")
    assert "299" in result.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    result = fawen(command, "--help")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith(f"Usage: fawen {command} ")
    assert "--index" in result.stdout


def test_the_help_lists_every_command() -> None:
    result = fawen("-h")
    assert result.returncode == 0
    listed = re.findall(r"^  (\w+) ", result.stdout.partition("Commands:")[2], re.MULTILINE)
    assert set(COMMANDS) <= set(listed)


def test_the_version_is_told() -> None:
    assert re.fullmatch(r"fawen, version \d+\.\d+\.\d+\n", fawen("--version").stdout)


def test_search_prints_the_court_the_path_and_the_place(sample_index: Path) -> None:
    result = fawen("search", "排查廉政风险多少个", "-k", "1", "--index", sample_index)
    assert (result.returncode, result.stderr) == (0, "")
    for words in (THIRD, "2023", "四、从严正风反腐", "廉政风险299个", "01-某市中级人民法院-2023.txt ["):
        assert words in result.stdout
    assert "\x1b" not in result.stdout


def test_search_that_finds_nothing_says_so_and_exits_0(sample_index: Path) -> None:
    result = fawen("search", "整改", "--year", "1999", "--index", sample_index)
    assert (result.returncode, result.stdout) == (0, "没有找到相关段落 / no passage found\n")


def test_search_as_json_is_what_the_api_gives(sample_index: Path) -> None:
    result = fawen("search", "整改", "措施", "-k", "3", "--court", "3中院", "--json", "--index", sample_index)
    printed = json.loads(result.stdout)
    assert printed["query"] == "整改 措施"
    assert len(printed["hits"]) == 3
    for hit in printed["hits"]:
        assert set(hit) == {"rank", "score", "passage_id", "text", "highlights", "citation"}
        assert hit["citation"]["court"] == THIRD
        assert len(hit["citation"]["quote"]) == hit["citation"]["end"] - hit["citation"]["start"]


def test_settings_are_shown_with_secrets_masked(tmp_path: Path) -> None:
    result = fawen(
        "serve", "--show-settings", "--port", "9", FAWEN_API_KEY="tell-nobody", FAWEN_INDEX=str(tmp_path)
    )
    assert (result.returncode, result.stderr) == (0, "")
    shown = dict(line.split("=", 1) for line in result.stdout.splitlines())
    assert "tell-nobody" not in result.stdout
    assert shown["FAWEN_API_KEY"] == "*" * 10
    assert (shown["FAWEN_PORT"], shown["FAWEN_INDEX"]) == ("9", str(tmp_path))


def test_check_confirms_a_sound_index(sample_index: Path) -> None:
    result = fawen("check", "--index", sample_index)
    assert (result.returncode, result.stderr) == (0, "")
    assert "3 份报告" in result.stdout
    printed = json.loads(fawen("check", "--json", "--index", sample_index).stdout)
    assert printed["ok"] is True
    assert (printed["index"], printed["counts"]["paragraphs"]) == (str(sample_index), 62)


@pytest.mark.parametrize(
    "name", ["records.sqlite", "vectors.faiss", "lexical/vocabulary.json", "windows.npy"]
)
def test_check_detects_one_changed_byte(own_index: Path, name: str) -> None:
    (path,) = own_index.glob(f"generations/*/{name}")
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    result = fawen("check", "--index", own_index)
    assert result.returncode == 1
    assert name in one_line(result)


def test_check_detects_a_file_cut_short_and_a_file_gone(own_index: Path) -> None:
    (path,) = own_index.glob("generations/*/vectors.faiss")
    os.truncate(path, 10)
    assert "vectors.faiss" in one_line(fawen("check", "--index", own_index))
    path.unlink()
    assert "vectors.faiss" in one_line(fawen("check", "--index", own_index))


def test_rollback_returns_to_the_generation_before_until_there_is_none(
    builtin_encoder: Encoder, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    first = build_texts(index, builtin_encoder, tmp_path / "a", garden=GARDEN).generation
    build_texts(index, builtin_encoder, tmp_path / "b", lake=REPAIRED)
    assert "漂浮物" in fawen("search", "湖面巡查", "--index", index).stdout
    result = fawen("rollback", "--index", index)
    assert result.returncode == 0
    assert first in result.stdout
    assert "银杏" in fawen("search", "湖面巡查", "--index", index).stdout
    again = fawen("rollback", "--index", index)
    assert again.returncode == 1
    assert "没有更早" in one_line(again)
    assert "银杏" in fawen("search", "湖面巡查", "--index", index).stdout


def test_rollback_mends_an_index_whose_newest_generation_is_damaged(
    own_index: Path, builtin_encoder: Encoder
) -> None:
    build([REPORTS / "02-某市第一中级人民法院-2023.md"], own_index, builtin_encoder, max_bytes=MAX_BYTES)
    newest = max(own_index.glob("generations/*"))
    (newest / "records.sqlite").write_bytes(b"")
    assert fawen("check", "--index", own_index).returncode == 1
    assert fawen("rollback", "--index", own_index).returncode == 0
    assert "3 份报告" in fawen("check", "--index", own_index).stdout


def test_eval_names_a_line_that_is_no_question(sample_index: Path, tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text('{"id": 1, "type": "t", "query": "q", "passages": []}\n{"id": 2}\n', encoding="utf-8")
    result = fawen("eval", gold, "--index", sample_index)
    assert result.returncode == 1
    assert re.search(r"gold\.jsonl 第 2 行", one_line(result))


def test_eval_names_a_question_whose_passage_is_not_indexed(sample_index: Path, tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    line = {"id": "q9", "type": "count", "query": "鲸鱼", "passages": ["海里有鲸鱼"]}
    gold.write_text(json.dumps(line, ensure_ascii=False), encoding="utf-8")
    result = fawen("eval", gold, "--index", sample_index)
    assert result.returncode == 1
    assert "q9" in one_line(result)


def test_eval_scores_the_three_modes(sample_index: Path, tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    lines = [
        {"id": "1", "type": "count", "query": "廉政风险有多少个", "passages": ["排查出廉政风险299个"]},
        {"id": "2", "type": "english", "query": "hotline calls answered", "passages": ["12368热线全年接听"]},
    ]
    gold.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    printed = json.loads(fawen("eval", gold, "--json", "--index", sample_index).stdout)
    assert printed["questions"] == 2
    assert set(printed["retrieval"]) == {"hybrid", "dense", "lexical"}
    assert printed["retrieval"]["hybrid"]["recall@10"] == 1.0
    assert printed["retrieval"]["lexical"]["english_recall@10"] == 1.0
    table = fawen("eval", gold, "--index", sample_index)
    assert table.returncode == 0
    assert table.stdout.splitlines()[0].split() == ["hybrid", "dense", "lexical"]
    assert re.search(r"^recall@5 +\d\.\d{3} +\d\.\d{3} +\d\.\d{3}$", table.stdout, re.MULTILINE)
