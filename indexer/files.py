"""From paths to source texts: which files, and what characters their bytes stand for."""

from __future__ import annotations

import codecs
import hashlib
import os
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import FileProblem
from indexer.records import Source

__all__ = ["FORMATS", "Candidate", "decode", "find", "read"]

FORMATS = (".txt", ".text", ".md", ".markdown")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LEAST_READABLE = 0.97


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file to read, and the name that citations give it."""

    path: Path
    name: str


def find(paths: Iterable[Path]) -> Iterator[Candidate | FileProblem]:
    """Yield every file under the paths in a fixed order; a path that leads nowhere is a FileProblem.

    Hidden files and links to folders are passed over. Names are relative to the folder given; where two
    folders hold the same name, as many folder names as tell them apart are put before it.
    """
    seen: set[str] = set()
    names: set[str] = set()
    for root in paths:
        try:
            there = root.exists()
        except OSError as error:
            yield FileProblem(str(root), "missing", f"无法到达 / cannot be reached: {error.strerror}")
            continue
        if not there:
            yield FileProblem(str(root), "missing", "没有这个文件或目录 / no such file or folder")
            continue
        for file in _walk(root):
            if isinstance(file, FileProblem):
                yield file
                continue
            place = os.path.realpath(file)  # unlike Path.resolve, it bears a link that leads to itself
            if place in seen:
                continue
            seen.add(place)
            name = file.relative_to(root).as_posix() if root.is_dir() else file.name
            name = os.fsencode(name).decode("utf-8", "replace")
            folder = root.resolve() if root.is_dir() else root.resolve().parent
            while name in names and folder.name:
                name, folder = f"{folder.name}/{name}", folder.parent
            names.add(name)
            yield Candidate(file, name)


def _walk(root: Path) -> Iterator[Path | FileProblem]:
    if not root.is_dir():
        yield root
        return
    closed: list[OSError] = []
    for folder, folders, files in os.walk(root, onerror=closed.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith((".", "~$")):
                yield Path(folder, name)
    for error in closed:
        place = Path(os.fsdecode(error.filename or root))
        name = place.relative_to(root).as_posix() if place.is_relative_to(root) else str(place)
        yield FileProblem(name, "folder", f"无法打开目录 / cannot open the folder: {error.strerror}")


def read(candidate: Candidate, max_bytes: int) -> Source:
    """Read one file as text, newlines untouched.

    Raises FileProblem with code unsupported, unreadable, empty, too_long, binary or encoding.
    """
    path, name = candidate.path, candidate.name
    if path.suffix.lower() not in FORMATS:
        kind = path.suffix or "无扩展名 / none"
        raise FileProblem(
            name,
            "unsupported",
            f"不支持的格式 {kind}，目前支持 {' '.join(FORMATS)}；请另存为 UTF-8 文本 / save it as text",
        )
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise FileProblem(name, "unreadable", "不是普通文件 / not a regular file")
        if size > max_bytes:
            raise FileProblem(
                name,
                "too_long",
                f"{size:,} 字节，超过上限 {max_bytes:,} / over the limit; 用 --max-bytes 或 FAWEN_MAX_BYTES 调整",
            )
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as error:
        raise FileProblem(name, "unreadable", f"无法读取 / cannot be read: {error.strerror}") from error
    text = decode(data, name)
    if not text.strip("\ufeff\u200b \t\r\n\u3000\xa0"):
        raise FileProblem(name, "empty", "文件没有文字 / the file has no text")
    return Source(
        id=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16],
        name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        text=text,
    )


def decode(data: bytes, name: str) -> str:
    """Decode bytes as UTF-8, UTF-16 or GB18030; a byte order mark is a signature, not text.

    Raises FileProblem with code binary or encoding.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], encoding, name)
    if b"\0" in data:
        wide = _wide_encoding(data)
        if wide is None:
            raise FileProblem(name, "binary", "是二进制文件，不是文本 / binary, not text")
        return _strict(data, wide, name)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        text = _strict(data, "gb18030", name, first_bad=error.start)
    if _readable(text) < _LEAST_READABLE:
        raise FileProblem(
            name, "encoding", "编码无法识别(支持 UTF-8、GB18030、UTF-16)，请另存为 UTF-8 / unknown encoding"
        )
    return text


def _strict(data: bytes, encoding: str, name: str, first_bad: int | None = None) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        at = error.start if first_bad is None else first_bad
        raise FileProblem(
            name,
            "encoding",
            f"第 {at} 字节处不合 UTF-8、GB18030 或 UTF-16，文件可能损坏 / undecodable at byte {at}",
        ) from error


def _wide_encoding(data: bytes) -> str | None:
    """Tell UTF-16 without a mark by where its zero bytes stand; None where it is none."""
    if len(data) % 2:
        return None
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and _readable(text) >= _LEAST_READABLE:
            return encoding
    return None


def _readable(text: str) -> float:
    """Return the share of a text's characters that are letters, marks, digits, punctuation or space."""
    if not text:
        return 1.0
    sample = text if len(text) <= 200_000 else text[:100_000] + text[-100_000:]
    odd = sum(
        unicodedata.category(char) in {"Cc", "Cn", "Co", "Cs"} and char not in "\t\r\n\f\v\x85"
        for char in sample
    )
    return 1 - odd / len(sample)
