"""Files that are damaged, locked or made to do harm: each is refused by name and reason, and the rest is indexed."""

from __future__ import annotations

import io
import os
import shutil
import sys
import zipfile
from pathlib import Path

import pytest

from indexer.build import build
from indexer.errors import FileProblem
from indexer.files import Candidate, find, read
from indexer.forms.extracted import FormProblem
from indexer.forms.workers import Bounds, Workers
from indexer.store.local import LocalStore
from models import Encoder

FORMS = Path(__file__).parents[2] / "forms"
GOOD = FORMS / "xiangyang" / "styled.docx"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
ENTITIES = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
XML_BOMB = f'<!DOCTYPE x [<!ENTITY a0 "哈哈哈哈">{ENTITIES}]><w:document {W}><w:body><w:p><w:r><w:t>&a8;</w:t></w:r></w:p></w:body></w:document>'


def word(document: str | bytes, **more: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", document)
        for name, data in more.items():
            archive.writestr(f"word/{name.replace('__', '.')}", data)
    return packed.getvalue()


def problem(folder: Path, name: str, data: bytes) -> FileProblem:
    path = folder / name
    path.write_bytes(data)
    with pytest.raises(FileProblem) as caught:
        read(Candidate(path, name), 10**9)
    assert name in str(caught.value)
    return caught.value


@pytest.mark.parametrize("name", ["writer.pdf", "styled.docx", "browser.pdf"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_file_is_damaged(tmp_path: Path, name: str, share: float) -> None:
    data = (FORMS / "xiangyang" / name).read_bytes()
    assert problem(tmp_path, name, data[: int(len(data) * share)]).code == "damaged"


@pytest.mark.parametrize(
    ("name", "code", "remedy"),
    [
        ("encrypted.pdf", "encrypted", "密码"),
        ("encrypted.docx", "encrypted", "密码"),
        ("scanned.pdf", "scanned", "文字识别"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_remedy(
    tmp_path: Path, name: str, code: str, remedy: str
) -> None:
    found = problem(tmp_path, name, (FORMS / "bad" / name).read_bytes())
    assert found.code == code
    assert remedy in found.reason


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("空.docx", b"", "empty"),
        ("空.pdf", b"", "empty"),
        ("假.docx", "这不是文档".encode(), "damaged"),
        ("假.pdf", "这不是文档".encode(), "damaged"),
        ("宏.docm", GOOD.read_bytes(), "macro"),
        ("宏.docx", word(f"<w:document {W}><w:body/></w:document>", vbaProject__bin=b"x"), "macro"),
        ("炸弹.docx", word(XML_BOMB), "bomb"),
        ("膨胀.docx", word(b"<a>" + b" " * 80_000_000 + b"</a>"), "bomb"),
        (
            "深.docx",
            word(f"<w:document {W}>" + "<w:p>" * 5000 + "</w:p>" * 5000 + "</w:document>"),
            "damaged",
        ),
        ("无文字.html", b"<html><script>var x = 1;</script></html>", "empty"),
        ("破.mht", b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x", "damaged"),
        (
            "乱码.txt",
            "向阳区人民法院工作报告，全年审结案件六百件。".encode().decode("gb18030", "replace").encode(),
            "encoding",
        ),
        (
            "乱码2.txt",
            "向阳区人民法院工作报告，全年审结案件六百件。".encode().decode("latin-1").encode(),
            "encoding",
        ),
        ("零.txt", "法院\0工作报告".encode(), "binary"),
    ],
)
def test_each_trap_is_told_by_its_code(tmp_path: Path, name: str, data: bytes, code: str) -> None:
    assert problem(tmp_path, name, data).code == code


def test_without_libreoffice_an_old_format_names_its_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = problem(tmp_path, "旧.doc", (FORMS / "wulan" / "writer.doc").read_bytes())
    assert found.code == "legacy"
    assert ".docx" in found.reason


def test_archives_are_read_within_bounds(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("x.txt", "x")
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("炸弹.txt", b"0" * 30_000_000)
        archive.writestr("又一层.zip", inner.getvalue())
        archive.writestr("../../逃.txt", "清溪市向阳区人民法院2022年工作报告\n一、工作\n走访企业54家。")
    (tmp_path / "b.zip").write_bytes(b"PK\x03\x04 no archive")
    found = {
        item.path if isinstance(item, FileProblem) else item.name: getattr(item, "code", "")
        for item in find([tmp_path])
    }
    assert found == {
        "a.zip/炸弹.txt": "bomb",
        "a.zip/又一层.zip": "nested",
        "a.zip/逃.txt": "",
        "b.zip": "damaged",
    }


def test_a_reader_that_hangs_or_needs_too_much_memory_costs_its_file_only() -> None:
    with Workers(Bounds(seconds=0.01)) as workers:
        with pytest.raises(FormProblem) as caught:
            workers.extract("docx", GOOD.read_bytes())
        assert caught.value.code == "timeout"
    with Workers(Bounds(memory=256_000_000)) as workers:
        with pytest.raises(FormProblem) as caught:
            workers.extract("html", b"<p>" + b"a<i>b</i>" * 8_000_000)
        assert caught.value.code in {"memory", "crashed", "damaged"}
        assert "向阳区" in workers.extract("docx", GOOD.read_bytes()).text


def test_turned_and_unseen_characters_do_not_show_in_passages(tmp_path: Path) -> None:
    from indexer.reports import parse

    path = tmp_path / "倒.txt"
    path.write_text(
        "清溪市向阳区人民法院2022年工作报告\n一、工作\n走访\u202e企业\u202c54家\u200f，收集建议73条。\n",
        encoding="utf-8",
    )
    (report,) = parse(read(Candidate(path, path.name), 10**6))
    assert report.paragraphs[0].text == "走访企业54家，收集建议73条。"


def test_one_line_of_ten_megabytes_is_cut_into_passages(tmp_path: Path, builtin_encoder: Encoder) -> None:
    corpus = tmp_path / "c"
    corpus.mkdir()
    line = "走访企业，收集建议，听取意见。" * 40_000
    (corpus / "长.txt").write_text(
        f"清溪市向阳区人民法院2022年工作报告\n一、工作\n{line}\n", encoding="utf-8"
    )
    built = build([corpus], tmp_path / "index", builtin_encoder, max_bytes=10**8)
    assert built.passages > 900


def test_bad_files_cost_nothing_of_the_good_ones(tmp_path: Path, builtin_encoder: Encoder) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(FORMS / "bad", corpus)
    shutil.copy(GOOD, corpus / "好.docx")
    shutil.copy(FORMS / "fenglin" / "writer.pdf", corpus / "好.pdf")
    (corpus / "炸弹.docx").write_bytes(word(XML_BOMB))
    (corpus / "断.pdf").write_bytes((FORMS / "fenglin" / "writer.pdf").read_bytes()[:9000])
    (corpus / "圈").symlink_to(corpus)
    (corpus / "自己.docx").symlink_to(corpus / "自己.docx")
    os.mkfifo(corpus / "管道.docx")
    index = tmp_path / "index"
    built = build([corpus], index, builtin_encoder, max_bytes=10**7)
    assert {report.title for report in built.reports} == {
        "清溪市向阳区人民法院关于巡察反馈问题整改情况的通报",
        "清溪市枫林区人民法院2023年工作报告",
    }
    codes = {problem.path: problem.code for problem in built.problems}
    assert codes == {
        "encrypted.docx": "encrypted",
        "encrypted.pdf": "encrypted",
        "scanned.pdf": "scanned",
        "断.pdf": "damaged",
        "炸弹.docx": "bomb",
        "管道.docx": "unreadable",
        "自己.docx": "unreadable",
    }
    counts = {kind.kind: (kind.files, kind.failed, kind.reports) for kind in built.kinds}
    assert counts["docx"] == (1, 4, 1)
    assert counts["pdf"] == (1, 3, 1)
    (corpus / "好.pdf").write_bytes(b"%PDF-1.7 damaged since")
    again = build([corpus], index, builtin_encoder, max_bytes=10**7)
    assert again.kept == ("好.pdf",)
    store = LocalStore.open(index)
    assert len(store.reports()) == 2
    store.close()


def test_workers_do_not_need_the_callers_program_to_be_importable() -> None:
    assert sys.executable
    with Workers(Bounds()) as workers:
        assert workers.extract("pdf", (FORMS / "wulan" / "writer.pdf").read_bytes()).layout.pages[0] == 0
