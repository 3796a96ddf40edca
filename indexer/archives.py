"""ZIP archives of reports: which files they hold, read one by one within bounds."""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from indexer.errors import FileProblem

__all__ = ["Member", "member", "members", "opened", "too_long"]

MOST_MEMBERS = 20_000
LARGEST_WHOLE = 4_000_000_000
MOST_FOLDED = 400
"""Times. Text deflates to a tenth or so; what unfolds to hundreds of times its size is made to do so."""
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, RuntimeError, KeyError)


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: its name there, and as shown, put right where it is in GBK."""

    name: str
    shown: str


def too_long(name: str, size: int, limit: int) -> FileProblem:
    """Return the problem of a file that is larger than the limit."""
    return FileProblem(
        name,
        "too_long",
        f"{size:,} 字节，超过上限 {limit:,} / over the limit; 用 --max-bytes 或 FAWEN_MAX_BYTES 调整",
    )


def members(path: Path, name: str) -> Iterator[Member | FileProblem]:
    """Yield the files of an archive in a fixed order, hidden ones left out.

    An archive that is damaged, unfolds to too much or holds another archive is a FileProblem.
    """
    try:
        with opened(path, name) as file, zipfile.ZipFile(file) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    except FileProblem as problem:
        yield problem
        return
    except OSError as error:
        yield FileProblem(name, "unreadable", f"无法读取 / cannot be read: {error.strerror}")
        return
    except _DAMAGED as error:
        yield FileProblem(name, "damaged", f"压缩包已损坏或不完整 / damaged or cut short: {error}")
        return
    if len(entries) > MOST_MEMBERS or sum(entry.file_size for entry in entries) > LARGEST_WHOLE:
        yield FileProblem(
            name, "bomb", f"压缩包内有 {len(entries)} 个文件，解开后过大，未打开 / unfolds to too much"
        )
        return
    for entry in sorted(entries, key=lambda entry: entry.filename):
        shown = _shown(entry)
        parts = PurePosixPath(shown).parts
        if any(part.startswith((".", "~$", "__MACOSX")) for part in parts):
            continue
        if entry.file_size > 10_000_000 and entry.file_size > MOST_FOLDED * max(1, entry.compress_size):
            yield FileProblem(f"{name}/{shown}", "bomb", "解压后膨胀数百倍，疑为压缩炸弹 / a zip bomb?")
        elif entry.flag_bits & 1:
            yield FileProblem(
                f"{name}/{shown}", "encrypted", "压缩包设有密码，请解开后再索引 / needs a password: unpack it"
            )
        elif PurePosixPath(shown).suffix.lower() == ".zip":
            yield FileProblem(
                f"{name}/{shown}",
                "nested",
                "压缩包里又有压缩包，请先解开 / an archive in an archive: unpack it",
            )
        else:
            yield Member(entry.filename, shown)


def _shown(entry: zipfile.ZipInfo) -> str:
    """Return a member's name; one without the UTF-8 flag is read by zipfile as CP437, and is GBK as a rule."""
    shown = entry.filename
    if not entry.flag_bits & 0x800:
        try:
            raw = shown.encode("cp437")
        except UnicodeEncodeError:
            raw = b""
        for encoding in ("utf-8", "gb18030") if raw else ():
            try:
                shown = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return "/".join(part for part in shown.replace("\\", "/").split("/") if part not in {"", ".", ".."})


def opened(path: Path, name: str) -> BinaryIO:
    """Open a regular file. Raises FileProblem for a pipe or device, which might never end or answer; OSError."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise FileProblem(name, "unreadable", "不是普通文件 / not a regular file")
    return os.fdopen(handle, "rb")


def member(packed: BinaryIO, inner: str, name: str, max_bytes: int) -> bytes:
    """Return the bytes of one file of an archive. Raises FileProblem with code damaged, too_long; OSError."""
    try:
        with zipfile.ZipFile(packed) as archive, archive.open(inner) as file:
            data = file.read(max_bytes + 1)
    except _DAMAGED as error:
        raise FileProblem(name, "damaged", f"压缩包已损坏 / damaged: {error}") from error
    if len(data) > max_bytes:
        raise too_long(name, len(data), max_bytes)
    return data
