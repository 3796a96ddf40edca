"""An index directory: whole generations side by side, and CURRENT, which names the one in use.

A generation is written under a name that begins with a dot, made durable, renamed, and only then named in
CURRENT by another rename. So at every moment CURRENT names a whole generation, whenever the process dies.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from indexer.errors import BuildError, IndexBusy, IndexUnusable

__all__ = [
    "FORMAT",
    "check",
    "current",
    "every",
    "locked",
    "publish",
    "read_manifest",
    "rollback",
    "staging",
    "watched",
]

FORMAT = 5
KEPT = 3
_MANIFEST = "manifest.json"


def _file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def locked(index: Path) -> AbstractContextManager[None]:
    """Hold the index's writer lock. Raises IndexBusy where another build holds it, else BuildError."""
    return _held(index, ".lock", f"另一个进程正在写 {index}，请稍后再试 / another build is running")


def watched(index: Path) -> AbstractContextManager[None]:
    """Hold the lock of the one watch that keeps an index. Raises IndexBusy where another holds it, else BuildError."""
    return _held(
        index,
        ".watch",
        f"已有 fawen index --watch 在守候 {index}；请先停止它，或用一条命令守候全部目录 / another watch keeps this index: "
        "stop it, or give all folders to one command",
    )


@contextmanager
def _held(index: Path, name: str, busy: str) -> Iterator[None]:
    try:
        index.mkdir(parents=True, exist_ok=True)
        handle = os.open(index / name, os.O_CREAT | os.O_RDWR, 0o644)
    except OSError as error:
        raise BuildError(f"不能写入索引目录 {index} / cannot write there: {error.strerror}") from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise IndexBusy(busy) from error
        yield
    finally:
        os.close(handle)


def staging(index: Path, generation: str) -> Path:
    """Return a new, empty directory to write a generation into; left-overs of killed builds are removed."""
    home = index / "generations"
    home.mkdir(exist_ok=True)
    for left in home.glob(".*/"):
        shutil.rmtree(left)
    place = home / f".{generation}"
    place.mkdir()
    return place


def publish(index: Path, staged: Path, manifest: dict[str, Any]) -> str:
    """Checksum, make durable and name CURRENT a staged generation; older ones beyond the last few go."""
    generation = staged.name.lstrip(".")
    files = sorted(path for path in staged.rglob("*") if path.is_file())
    sums = {path.relative_to(staged).as_posix(): _file_digest(path) for path in files}
    body = json.dumps(
        {"format": FORMAT, "generation": generation, **manifest, "files": sums}, ensure_ascii=False, indent=1
    )
    (staged / _MANIFEST).write_text(body + "\n", encoding="utf-8")
    for path in [*files, staged / _MANIFEST, *(p for p in staged.rglob("*") if p.is_dir()), staged]:
        _sync(path)
    staged.rename(index / "generations" / generation)
    _sync(index / "generations")
    check(index / "generations" / generation)
    _point(index, generation)
    names = every(index)
    for old in names[: max(0, names.index(generation) - KEPT + 1)]:
        with contextlib.suppress(OSError):  # the new one is in use; a later build removes what is left
            _remove(index / "generations" / old)
    return generation


def _remove(place: Path) -> None:
    """Remove a generation; a kill half-way leaves it under a name that is no generation's."""
    doomed = place.with_name(f".{place.name}")
    place.rename(doomed)
    shutil.rmtree(doomed)


def _point(index: Path, generation: str) -> None:
    seal = _file_digest(index / "generations" / generation / _MANIFEST)
    fresh = index / ".CURRENT"
    with fresh.open("w", encoding="utf-8") as file:
        file.write(f"{generation} {seal}\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(index / "CURRENT")
    _sync(index)


def every(index: Path) -> list[str]:
    """Return the names of all whole generations, oldest first."""
    home = index / "generations"
    return (
        sorted(path.name for path in home.iterdir() if path.is_dir() and not path.name.startswith("."))
        if home.is_dir()
        else []
    )


def current(index: Path) -> Path:
    """Return the directory of the generation in use.

    Raises IndexUnusable where there is no index, or CURRENT names none or another manifest than it sealed.
    """
    try:
        named = (index / "CURRENT").read_text(encoding="utf-8").split()
    except FileNotFoundError:
        raise IndexUnusable(
            f"{index} 没有索引 / no index there。先运行 fawen index 报告目录 --index {index}"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise IndexUnusable(f"{index / 'CURRENT'} 读不出来 / unreadable: {error}") from error
    if len(named) != 2:
        raise IndexUnusable(
            f"{index / 'CURRENT'} 已损坏 / damaged。用 fawen rollback 或重新 fawen index 修复"
        )
    place = index / "generations" / named[0]
    if not (place / _MANIFEST).is_file():
        raise IndexUnusable(
            f"{index} 的 CURRENT 指向不存在的版本 {named[0]} / generation missing。用 fawen rollback 或重建"
        )
    if _file_digest(place / _MANIFEST) != named[1]:
        raise IndexUnusable(
            f"{place / _MANIFEST} 与 CURRENT 的校验和不符 / checksum mismatch。用 fawen rollback 或重建"
        )
    return place


def read_manifest(place: Path) -> dict[str, Any]:
    """Read a generation's manifest. Raises IndexUnusable where it is damaged or of another format."""
    try:
        manifest = json.loads((place / _MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise IndexUnusable(f"{place / _MANIFEST} 读不出来 / unreadable: {error}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        found = manifest.get("format") if isinstance(manifest, dict) else None
        raise IndexUnusable(
            f"{place} 的格式版本是 {found}，本程序读 {FORMAT} / index format {found}, not {FORMAT}。请重新 fawen index"
        )
    return manifest


def check(place: Path) -> dict[str, Any]:
    """Verify every file of a generation against its manifest and return the manifest.

    Raises IndexUnusable naming each file that is missing or changed.
    """
    manifest = read_manifest(place)
    sums: dict[str, str] = manifest["files"]
    wrong = []
    for name, digest in sums.items():
        path = place / name
        if not path.is_file():
            wrong.append(f"缺少 {name} / missing")
        elif _file_digest(path) != digest:
            wrong.append(f"{name} 校验和不符 / checksum mismatch")
    if wrong:
        raise IndexUnusable(
            f"{place} 已损坏 / damaged: {'; '.join(wrong)}。用 fawen rollback 或重新 fawen index"
        )
    return manifest


def rollback(index: Path) -> str:
    """Name CURRENT the whole generation before the one in use, and return its name.

    Raises IndexUnusable where there is none.
    """
    names = every(index)
    try:
        using = (index / "CURRENT").read_text(encoding="utf-8", errors="replace").partition(" ")[0]
    except OSError:
        using = ""
    older = names[: names.index(using)] if using in names else names
    for name in reversed(older):
        try:
            check(index / "generations" / name)
        except IndexUnusable:
            continue
        _point(index, name)
        return name
    raise IndexUnusable(f"{index} 没有更早的完整版本可退回 / no earlier generation to return to")
