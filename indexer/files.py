"""From paths to source texts: which files, what is said of them beside them, and the text that they hold."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from indexer import archives, forms, sidecar
from indexer.archives import too_long
from indexer.courts import name_in_title
from indexer.errors import FileProblem
from indexer.forms import Extracted
from indexer.forms.encodings import decode
from indexer.records import Layout, Source, Told

__all__ = ["FORMATS", "Candidate", "decode", "find", "read"]

LARGE_TEXT = 2_000_000
"""Bytes. A larger text is rehearsed in a worker process before it is indexed."""
_HALF = re.compile("[\ud800-\udfff]")
"""Halves of characters, which some encodings let through and nothing can store."""
FORMATS = tuple(forms.SUFFIXES)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file to read, or a `member` of an archive, the name that citations give it, and what is said of it."""

    path: Path
    name: str
    member: str = ""
    told: Told = field(default_factory=Told)


def find(paths: Iterable[Path], court: str = "") -> Iterator[Candidate | FileProblem]:
    """Yield every file under the paths in a fixed order; a path that leads nowhere is a FileProblem.

    Hidden files and links to folders are passed over, archives opened. Names are relative to the folder given;
    where two folders hold the same name, as many folder names as tell them apart are put before it. Each file
    carries what a sidecar says of it, and as a last resort the court given or the one its folder is named after.
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
        notes = sidecar.Sidecars()
        for file in _walk(root):
            if isinstance(file, FileProblem):
                yield file
                continue
            if sidecar.is_sidecar(file):
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
            told = notes.told(file, root if root.is_dir() else file.parent)
            told = replace(told, court_else=court or _court_of_folder(file, root))
            if file.suffix.lower() in forms.ARCHIVES:
                for member in archives.members(file, name):
                    yield member if isinstance(member, FileProblem) else _member(file, name, member, told)
            else:
                yield Candidate(file, name, told=told)
        yield from notes.problems()


def _member(file: Path, archive: str, member: archives.Member, told: Told) -> Candidate:
    inner = Path(member.shown)
    court = next(filter(None, (name_in_title(part) for part in reversed(inner.parts[:-1]))), None)
    return Candidate(
        file,
        f"{archive}/{member.shown}",
        member.name,
        replace(told, court_else=told.court_else or court or ""),
    )


def _court_of_folder(file: Path, root: Path) -> str:
    """Return the court that the innermost folder so named is of, "" where none is."""
    within = file.relative_to(root).parts[:-1] if root.is_dir() else ()
    folders = [*([root.resolve().name] if root.is_dir() else [root.resolve().parent.name]), *within]
    return next(filter(None, (name_in_title(folder) for folder in reversed(folders))), None) or ""


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


def read(
    candidate: Candidate,
    max_bytes: int,
    extract: Callable[[str, bytes], Extracted] = forms.extract,
    known: Mapping[tuple[str, str], Source] = MappingProxyType({}),
    rehearse: Callable[[str, bytes], None] | None = None,
) -> Source:
    """Read one file as a source; its warnings tell what a reader should know of how it was read.

    Plain text is decoded, newlines untouched; other forms go through `extract`, or are taken from `known` by
    the hash of their bytes and their form. A large text that is not known goes through `rehearse`, which may
    refuse it. Raises FileProblem, its code that of the form or unsupported, unreadable, empty, too_long, binary,
    encoding.
    """
    name = candidate.name
    _supported(candidate)
    data, modified = _bytes(candidate, max_bytes)
    digest = hashlib.sha256(data).hexdigest()
    warnings: tuple[str, ...] = ()
    try:
        form = forms.form_of(Path(name).suffix, data)
        before = known.get((digest, form))
        if form in {"txt", "md"}:
            text, layout = decode(data, name), Layout()
            if rehearse is not None and len(data) > LARGE_TEXT and before is None:
                rehearse(form, data)
        elif not data:
            raise forms.FormProblem("empty", "文件没有内容 / the file is empty")
        elif before is not None:
            text, layout, warnings = before.text, before.layout, before.warnings
        else:
            found = extract(form, data)
            text, layout, warnings = found.text, found.layout, found.warnings
    except forms.FormProblem as problem:
        raise FileProblem(name, problem.code, problem.reason) from problem
    if not text.strip("\ufeff\u200b \t\r\n\u3000\xa0"):
        raise FileProblem(name, "empty", "文件没有文字 / the file has no text")
    text = _HALF.sub("\ufffd", text)
    return Source(
        id=hashlib.sha256(text.encode()).hexdigest()[:16],
        name=name,
        sha256=digest,
        text=text,
        form=form,
        layout=layout,
        told=candidate.told,
        modified=modified,
        warnings=warnings,
    )


def _supported(candidate: Candidate) -> None:
    """Refuse a file by its suffix before a byte of it is read. Raises FileProblem."""
    try:
        forms.form_of(Path(candidate.name).suffix, b"")
    except forms.FormProblem as problem:
        raise FileProblem(candidate.name, problem.code, problem.reason) from problem


def _bytes(candidate: Candidate, max_bytes: int) -> tuple[bytes, float]:
    """Return a file's bytes and the time of its last change. Raises FileProblem."""
    path, name = candidate.path, candidate.name
    try:
        with archives.opened(path, name) as file:
            status = os.fstat(file.fileno())
            if candidate.member:
                return archives.member(file, candidate.member, name, max_bytes), status.st_mtime
            if status.st_size > max_bytes:
                raise too_long(name, status.st_size, max_bytes)
            data = file.read(max_bytes + 1)
    except OSError as error:
        raise FileProblem(name, "unreadable", f"无法读取 / cannot be read: {error.strerror}") from error
    if len(data) > max_bytes:
        raise too_long(name, len(data), max_bytes)
    return data, status.st_mtime
