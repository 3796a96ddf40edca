"""What is said of files beside them: fawen.toml or fawen.csv in a folder states court, year, title and part.

`fawen.toml`::

    court = "江州市中级人民法院"        # for every file of the folder and below

    [files."2023年.docx"]
    year = 2023
    title = "江州市中级人民法院2023年工作报告"

`fawen.csv` has the columns file (文件), court (法院), year (年份, 年度), title (标题) and
part (部分), all but the first optional.
"""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from indexer.courts import UNKNOWN, court_of
from indexer.errors import FileProblem
from indexer.forms.encodings import decode
from indexer.records import Told

__all__ = ["Sidecars", "is_sidecar"]

_NAMES = ("fawen.toml", "fawen.csv")
_LARGEST = 5_000_000
_COLUMNS = {
    "file": "file",
    "文件": "file",
    "文件名": "file",
    "court": "court",
    "法院": "court",
    "year": "year",
    "年份": "year",
    "年度": "year",
    "年": "year",
    "title": "title",
    "标题": "title",
    "题目": "title",
    "part": "part",
    "部分": "part",
}


def is_sidecar(path: Path) -> bool:
    """Tell whether a file says something of others and is no report."""
    return path.name.lower() in _NAMES


class Sidecars:
    """The sidecar files of a tree, each read once; a fault in one is told and the rest of it used."""

    def __init__(self) -> None:
        self._read: dict[Path, dict[str, Told]] = {}
        self._problems: list[FileProblem] = []

    def told(self, file: Path, root: Path) -> Told:
        """Return what is said of a file by the sidecars of its folder and those above, the nearest winning."""
        found = Told()
        folder = file.parent
        while True:
            for pattern, told in self._folder(folder).items():
                relative = file.relative_to(folder).as_posix()
                if pattern in {"*", relative} or fnmatch(relative, pattern):
                    found = replace(
                        found,
                        court=found.court or told.court,
                        year=found.year if found.year is not None else told.year,
                        title=found.title or told.title,
                        part=found.part or told.part,
                    )
            if folder in {root, folder.parent}:
                return found
            folder = folder.parent

    def problems(self) -> Iterator[FileProblem]:
        """Yield what was wrong with the sidecars read."""
        yield from self._problems

    def _folder(self, folder: Path) -> dict[str, Told]:
        if folder not in self._read:
            self._read[folder] = {}
            for name in _NAMES:
                path = folder / name
                if path.is_file():
                    self._read[folder].update(self._entries(path))
        # What names a file comes before what is said of the whole folder.
        return dict(sorted(self._read[folder].items(), key=lambda item: "*" in item[0]))

    def _entries(self, path: Path) -> dict[str, Told]:
        try:
            with path.open("rb") as file:
                text = decode(file.read(_LARGEST), path.name)
            stated = _toml(text) if path.suffix.lower() == ".toml" else _csv(text)
        except (OSError, tomllib.TOMLDecodeError, ValueError, csv.Error) as error:
            self._problems.append(FileProblem(str(path), "sidecar", f"读不懂 / cannot be read: {error}"))
            return {}
        except FileProblem as problem:
            self._problems.append(FileProblem(str(path), "sidecar", problem.reason))
            return {}
        found: dict[str, Told] = {}
        for pattern, entry in stated:
            try:
                found[pattern] = _told(entry)
            except ValueError as error:
                self._problems.append(FileProblem(str(path), "sidecar", f"“{pattern}”: {error}"))
        return found


def _toml(text: str) -> list[tuple[str, Mapping[str, Any]]]:
    document = tomllib.loads(text)
    files = document.pop("files", {})
    if not isinstance(files, dict) or not all(isinstance(entry, dict) for entry in files.values()):
        raise ValueError('files 应写作 [files."文件名"] / files must be tables')
    return [*files.items(), *([("*", document)] if document else [])]


def _csv(text: str) -> list[tuple[str, Mapping[str, Any]]]:
    rows = csv.reader(io.StringIO(text))
    columns = [_COLUMNS.get(name.strip().lower(), "") for name in next(rows, [])]
    if "file" not in columns:
        raise ValueError("第 1 行应有“文件”一列 / line 1 must name a column “file”")
    entries: list[tuple[str, Mapping[str, Any]]] = []
    for row in rows:
        entry = {
            column: cell.strip()
            for column, cell in zip(columns, row, strict=False)
            if column and cell.strip()
        }
        if "file" in entry:
            entries.append((entry.pop("file"), entry))
    return entries


def _told(entry: Mapping[str, Any]) -> Told:
    unknown = set(entry) - {"court", "year", "title", "part"}
    if unknown:
        raise ValueError(f"不认识的项 / unknown: {'、'.join(sorted(unknown))}，可用 court year title part")
    court, title, year = entry.get("court", ""), entry.get("title", ""), entry.get("year")
    if not (isinstance(court, str) and isinstance(title, str)):
        raise ValueError("court 与 title 应为文字 / must be text")  # noqa: TRY004 - the file's fault, told as such
    if court and court_of(court, None) == UNKNOWN:
        raise ValueError(f"法院名“{court}”认不出，应如“某市某区人民法院” / no name of a court")
    if isinstance(year, str):
        year = year.strip().rstrip("年度")
        if not year.isdigit():
            raise ValueError(f"年份“{year}”不是四位数字 / the year is no number")
        year = int(year)
    if year is not None and (not isinstance(year, int) or not 1949 <= year <= 2100):
        raise ValueError(f"年份“{year}”不在 1949–2100 之间 / the year is out of range")
    part = entry.get("part")
    if isinstance(part, str):
        part = int(part) if part.strip().isdigit() else 0
    if part is not None and (not isinstance(part, int) or not 1 <= part <= 99):
        raise ValueError("part 应为 1–99 的整数 / must be a number from 1 to 99")
    if part is not None and not title:
        raise ValueError("写了 part 的，也须写 title，各部分相同 / needs the title that the parts share")
    return Told(court=court, year=year, title=title, part=part)
