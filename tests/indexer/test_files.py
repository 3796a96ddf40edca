"""Which files are taken, and what characters their bytes stand for."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import FileProblem
from indexer.files import Candidate, decode, find, read
from tests.samples import MAX_BYTES, REPORT

LINES = "江州市法院\r\n第二行，共3项。\r\n末行"


def read_bytes(folder: Path, data: bytes, name: str = "稿.txt", max_bytes: int = MAX_BYTES) -> str:
    path = folder / name
    path.write_bytes(data)
    return read(Candidate(path, name), max_bytes).text


def problem_of(folder: Path, data: bytes, name: str = "稿.txt", max_bytes: int = MAX_BYTES) -> FileProblem:
    with pytest.raises(FileProblem) as caught:
        read_bytes(folder, data, name, max_bytes)
    assert name in str(caught.value)
    return caught.value


def names(*roots: Path) -> list[str]:
    return [found.name for found in find(roots) if isinstance(found, Candidate)]


def unreadable_code(path: Path) -> str:
    with pytest.raises(FileProblem) as caught:
        read(Candidate(path, path.name), MAX_BYTES)
    return caught.value.code


@pytest.mark.parametrize(
    "data",
    [b"", b"  \r\n\t\n", "\u3000\u3000\n\xa0".encode(), codecs.BOM_UTF8, codecs.BOM_UTF16_LE],
    ids=["nothing", "blanks", "ideographic-spaces", "only-a-bom", "only-a-utf16-bom"],
)
def test_a_file_without_text_is_empty(tmp_path: Path, data: bytes) -> None:
    assert problem_of(tmp_path, data).code == "empty"


@pytest.mark.parametrize(
    "data",
    [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), b"\0" * 64, b"%PDF-1.7\n\0\xff\xfe\xd8\xdc\0"],
    ids=["png", "zeros", "odd-length"],
)
def test_bytes_that_are_no_text_are_binary(tmp_path: Path, data: bytes) -> None:
    assert problem_of(tmp_path, data).code == "binary"


def test_bytes_of_no_known_encoding_name_the_first_bad_byte(tmp_path: Path) -> None:
    found = problem_of(tmp_path, "法院".encode() + b"\xff\xff\xff")
    assert found.code == "encoding"
    assert "6" in found.reason


def test_a_utf8_file_cut_inside_a_character_is_refused_rather_than_read_as_gb18030(tmp_path: Path) -> None:
    assert problem_of(tmp_path, codecs.BOM_UTF8 + "法院工作".encode()[:-1]).code == "encoding"


def test_control_characters_are_not_text(tmp_path: Path) -> None:
    assert problem_of(tmp_path, b"\x01\x02\x03\x04 ab \x05\x06").code == "encoding"


@pytest.mark.parametrize("name", ["稿.xlsx", "稿.png", "稿", "稿.TXT.zip"])
def test_an_unknown_format_is_refused_by_name(tmp_path: Path, name: str) -> None:
    found = problem_of(tmp_path, "文字".encode(), name)
    assert found.code == "unsupported"
    assert ".txt" in found.reason


def test_a_file_over_the_limit_is_refused_with_both_sizes(tmp_path: Path) -> None:
    found = problem_of(tmp_path, b"a" * 2001, max_bytes=2000)
    assert found.code == "too_long"
    assert "2,001" in found.reason
    assert "2,000" in found.reason


def test_a_file_at_the_limit_is_read(tmp_path: Path) -> None:
    assert len(read_bytes(tmp_path, b"a" * 2000, max_bytes=2000)) == 2000


def test_what_is_no_regular_file_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "nowhere.txt")
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    for name in ("folder.txt", "pipe.txt", "dangling.txt", "loop.txt", "vanished.txt"):
        assert unreadable_code(tmp_path / name) == "unreadable", name


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads files whatever their permissions")
def test_a_file_without_permission_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "closed.txt"
    path.write_text("文字", encoding="utf-8")
    path.chmod(0)
    assert unreadable_code(path) == "unreadable"


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("gb18030", b""),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
        ("utf-32-le", codecs.BOM_UTF32_LE),
    ],
)
def test_every_encoding_gives_the_same_characters_at_the_same_offsets(
    tmp_path: Path, encoding: str, mark: bytes
) -> None:
    assert read_bytes(tmp_path, mark + LINES.encode(encoding)) == LINES


@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r", "\u2028"])
def test_newlines_stay_as_they_are(tmp_path: Path, newline: str) -> None:
    text = newline.join(["第一行", "第二行", ""])
    assert read_bytes(tmp_path, text.encode()) == text


def test_characters_of_four_gb18030_bytes_are_read(tmp_path: Path) -> None:
    text = "人名用字㑇与𠮷，江州法院记录在案。"
    assert read_bytes(tmp_path, text.encode("gb18030")) == text


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1))
def test_any_utf8_text_is_read_back_exactly(text: str) -> None:
    if not text.startswith("\ufeff"):
        assert decode(text.encode(), "稿.txt") == text


def test_the_suffix_may_be_in_capitals(tmp_path: Path) -> None:
    assert read_bytes(tmp_path, b"text", "A.TXT") == "text"


def test_the_id_depends_on_the_text_and_not_on_its_encoding_or_name(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(REPORT.encode())
    (tmp_path / "b.md").write_bytes(REPORT.encode("gb18030"))
    first = read(Candidate(tmp_path / "a.txt", "a.txt"), MAX_BYTES)
    second = read(Candidate(tmp_path / "b.md", "b.md"), MAX_BYTES)
    assert first.id == second.id
    assert first.sha256 != second.sha256


def test_a_path_that_leads_nowhere_is_reported_and_the_others_are_found(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    found = list(find([tmp_path / "没有", tmp_path / "loop", tmp_path / "a.txt"]))
    assert [getattr(entry, "code", None) for entry in found] == ["missing", "missing", None]


def test_a_link_that_leads_to_itself_does_not_stop_the_walk(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to("a.txt")
    (tmp_path / "b.txt").touch()
    assert names(tmp_path) == ["a.txt", "b.txt"]


def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.txt").touch()
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    assert names(tmp_path) == ["sub/a.txt"]


def test_hidden_files_and_office_locks_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    for name in (".git/a.txt", ".hidden.txt", "~$稿.txt", "稿.txt"):
        (tmp_path / name).touch()
    assert names(tmp_path) == ["稿.txt"]


def test_files_come_in_a_fixed_order_folder_by_folder(tmp_path: Path) -> None:
    for folder in ("b", "a"):
        (tmp_path / folder).mkdir()
        for name in ("2.txt", "10.txt", "1.md"):
            (tmp_path / folder / name).touch()
    (tmp_path / "z.txt").touch()
    expected = ["z.txt", "a/1.md", "a/10.txt", "a/2.txt", "b/1.md", "b/10.txt", "b/2.txt"]
    assert names(tmp_path) == expected


def test_a_file_given_twice_is_found_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    (tmp_path / "same.txt").symlink_to(tmp_path / "a.txt")
    assert names(tmp_path / "a.txt", tmp_path, tmp_path / "a.txt") == ["a.txt"]


def test_files_of_one_name_in_several_folders_get_names_that_tell_them_apart(tmp_path: Path) -> None:
    roots = []
    for place in ("2021/终稿", "2022/终稿", "2023/终稿"):
        root = tmp_path / place
        root.mkdir(parents=True)
        (root / "报告.txt").touch()
        roots.append(root)
    found = names(*roots)
    assert found[:2] == ["报告.txt", "终稿/报告.txt"]
    assert len(set(found)) == 3
    assert all(name.endswith("报告.txt") for name in found)
