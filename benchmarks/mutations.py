"""Inputs for fuzzing: real files cut, changed and spliced, outside and inside their packing; texts of the genre's pieces."""

from __future__ import annotations

import io
import random
import re
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

__all__ = ["FORMS", "mutated", "question", "sidecar", "text"]

_FOLDER = Path(__file__).parents[1] / "tests" / "forms"
_FILES = {
    "docx": ("styled.docx", "writer.docx", "revised.docx", "boxed.docx", "footnote.docx"),
    "html": ("page.html", "undeclared.html", "breaks.htm"),
    "mht": ("page.mht",),
    "pdf": ("writer.pdf", "columns.pdf"),
    "txt": ("gb18030.txt", "utf16.txt", "wrapped30.txt", "contents.txt"),
    "md": ("table.md",),
    "doc": ("writer.doc",),
}
_SEEDS = {
    form: [(_FOLDER / stem / name).read_bytes() for stem in ("wulan", "xiangyang") for name in names]
    for form, names in _FILES.items()
} | {"zip": [(_FOLDER / "mixed.zip").read_bytes()]}
FORMS = tuple(_SEEDS)
_WORDS = (
    "一 二 三 十 百 万 亿 零 点 分之 余 多 约 近 至 到 — - 1 23 456.7 1,234 % ％ 件 条 个 年 月 日 人次 万元 第 每 ， 。 ； ： 、 ！ （ ） ( ) "
    '【 】 “ ” " 《 》 | || |--| # ## ** __ ` 一是 首先 （一） 一、 1. (1) ① 第一部分 其中 分别 同比 上升 共计 累计 以上 工作报告 人民法院 市 区 '
    "中级 法院 院长 党组 情况 通报 各位代表： 目录 ...... …… 公众号 微信 关注 www. .com http:// 网 整理 来源： 版权所有 制定 举办 组织开展 的 和 "
    "在 被 为 由 从 等 等奖 空 a Ab x+y + × @ 2023年 20 . .. 全市 我院 检察院 邀请 参观 针对 问题1： 整改情况： 多少 哪些 哪个 how many which 去年 "
    "比较 与 吗 ？ ? [1] 【1】"
)
_PIECES = [
    *_WORDS.split(" "),
    "\n",
    "\n\n",
    "\r\n",
    "\t",
    "\u3000",
    "\u202e",
    "\u200b",
    "\ufeff",
    "𠮷",
    "\ud800",
    "\0",
    "²",
    "٣",
]


_MARKABLE = [piece for piece in _PIECES if not set(piece) & set("<&\0\ud800")]
_ELEMENT = re.compile(
    rb"(<((?:w:)?(?:p|r|t|tr|tc|pPr|numPr|tbl|div|table|td|li|h2|span))\b[^>]*(?<!/)>.*?</\2>)", re.S
)
_NUMBERS = (b"0", b"-1", b"7", b"63", b"1000000000", b"")


def _changed(data: bytes, chance: random.Random, other: Callable[[], bytes]) -> bytes:
    """Return bytes changed, cut out, doubled, or taken from another file, at up to 24 places."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, chance.choice((1, 4, 24)))):
        at, length = chance.randrange(len(changed) or 1), chance.choice((1, 1, 2, 8, 64, 1024))
        act = chance.randrange(5)
        if act == 0:
            changed[at : at + length] = chance.randbytes(length)
        elif act == 1:
            del changed[at : at + length]
        elif act == 2:
            changed[at:at] = changed[at : at + length] * chance.choice((1, 4, 64))
        elif act == 3:
            splice = other()
            start = chance.randrange(len(splice) or 1)
            changed[at:at] = splice[start : start + length]
        elif changed:
            changed[at % len(changed)] ^= 1 << chance.randrange(8)
    return bytes(changed)


def mutated(form: str, chance: random.Random) -> bytes:
    """Return a file of a form, changed; packed forms mostly within their packing, where checksums do not catch it."""
    data = chance.choice(_SEEDS[form])

    def other() -> bytes:
        return chance.choice(_SEEDS[chance.choice(FORMS)])

    inside = chance.random() < 0.7
    if form in {"docx", "zip"} and inside:
        return _repacked(data, chance, other)
    if form == "pdf" and inside:
        return _restreamed(data, chance, other)
    if form in {"html", "mht"} and inside:
        return _tags(data, chance, other)
    if form in {"txt", "md"} and inside:
        return _worded(data, chance)
    return _changed(data, chance, other)


def _worded(data: bytes, chance: random.Random) -> bytes:
    """Change a text by the genre's pieces, its encoding kept."""
    encoding = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8"
    try:
        lines = data.decode(encoding).split("\n")
    except UnicodeDecodeError:
        encoding = "gb18030"
        lines = data.decode(encoding).split("\n")
    for _ in range(chance.randint(1, 40)):
        at = chance.randrange(len(lines))
        cut = chance.randrange(len(lines[at]) + 1)
        lines[at] = lines[at][:cut] + chance.choice(_PIECES) * chance.choice((1, 1, 3, 300)) + lines[at][cut:]
        if chance.random() < 0.2:
            lines[at:at] = [chance.choice(lines)] * chance.choice((1, 2, 30))
    return "\n".join(lines).encode(encoding, "replace")


def _repacked(data: bytes, chance: random.Random, other: Callable[[], bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        spoilt = {chance.choice(names), *(name for name in names if name == "word/document.xml")}
        for name in names:
            part = old.read(name)
            new.writestr(name, _tags(part, chance, other) if name in spoilt else part)
    return packed.getvalue()


def _tags(data: bytes, chance: random.Random, other: Callable[[], bytes]) -> bytes:
    """Change markup by elements, words and numbers, or by tags, so that much of it stays well formed; seldom by bytes."""
    how = chance.random()
    if how < 0.1:
        return _changed(data, chance, other)
    parts = re.split(rb"(<[^>]*>)" if how < 0.3 else _ELEMENT, data)
    if how >= 0.3:
        parts = [parts[at] for at in range(len(parts)) if at % 3 != 2]
    for _ in range(chance.randint(1, 12)):
        at, act = chance.randrange(len(parts)), chance.randrange(5)
        if act == 0:
            parts[at] = b"" if parts[at].startswith(b"<") and at % 2 else parts[at]
        elif act == 1 and at % 2:
            parts[at] = parts[at] * chance.choice((2, 3, 40, 100))
        elif act == 2:
            parts[at] = re.sub(rb"(?<=\")\d+(?=\")", lambda _: chance.choice(_NUMBERS), parts[at])
        elif act == 3 and at % 2:
            parts[at] = parts[chance.randrange(len(parts) // 2) * 2 + 1] if len(parts) > 2 else parts[at]
        else:
            words = "".join(chance.choices(_MARKABLE, k=chance.randint(1, 60))).encode("utf-8", "replace")
            parts[at] = re.sub(rb"(?<=>)[^<>]+(?=<)", lambda _, words=words: words, parts[at], count=1)
    return b"".join(parts)


def _restreamed(data: bytes, chance: random.Random, other: Callable[[], bytes]) -> bytes:
    """Change what one of a PDF's deflated streams holds; readers bear a length that is no longer right."""
    streams = list(re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", data, re.S))
    one = chance.choice(streams)
    try:
        held = zlib.decompress(one[1])
    except zlib.error:
        return _changed(data, chance, other)
    return data[: one.start(1)] + zlib.compress(_changed(held, chance, other)) + data[one.end(1) :]


def text(chance: random.Random) -> str:
    """Return a text of the genre's pieces: few or many of them, or a few again and again."""
    head = chance.choice(("", "清溪市向阳区人民法院2022年工作报告\n一、工作\n"))
    if chance.random() < 0.4:
        return head + "".join(chance.choices(_PIECES, k=chance.randint(1, 600)))
    again = "".join(chance.choices(_PIECES, k=chance.choice((1, 1, 2, 2, 3, 4, 8, 30))))
    return head + again * (chance.choice((300, 3000, 30_000)) // len(again) + 1) + chance.choice(_PIECES)


def question(chance: random.Random) -> str:
    """Return what might be asked, and much that would not be."""
    return text(chance)[: chance.choice((8, 30, 100, 500))]


def sidecar(chance: random.Random) -> bytes:
    """Return a fawen.toml or fawen.csv with faults."""
    whole = chance.choice(
        (
            'court = "江州市中级人民法院"\n[files."a.txt"]\nyear = 2023\ntitle = "报告"\n',
            "文件,法院,年度,标题\na.txt,江州市中级人民法院,2023年,报告\n",
        )
    ).encode(chance.choice(("utf-8", "gb18030")))
    return _changed(whole, chance, lambda: text(chance)[:200].encode("utf-8", "replace"))
