"""Reading the files of a build: in worker processes where they are more than text, each fault told and passed over."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from indexer import files, forms
from indexer.errors import FileProblem
from indexer.files import Candidate
from indexer.forms.workers import Bounds, Workers
from indexer.records import Source

__all__ = ["Gathered", "Reading", "gather", "kind_of"]

Show = Callable[[list[Any], str, str], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are read: the largest file, what one may take, the court where a file names none."""

    max_bytes: int
    bounds: Bounds = field(default_factory=Bounds)
    court: str = ""


@dataclass
class Gathered:
    """The sources read, by their ids, with what went wrong."""

    sources: dict[str, Source] = field(default_factory=dict)
    problems: list[FileProblem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def gather(
    paths: Sequence[Path], reading: Reading, known: Mapping[tuple[str, str], Source], show: Show
) -> Gathered:
    """Read every file under the paths, in a fixed order; text that is known by its file's hash is taken from there."""
    found = Gathered()
    candidates = list(files.find(paths, reading.court))
    results: Any = _Results(candidates, reading, known)  # has a length and yields its items, as `show` needs
    for read in show(results, "读取 read", "file"):
        if isinstance(read, FileProblem):
            found.problems.append(read)
        elif read.id in found.sources:
            found.warnings.append(
                f"{read.name}: 与 {found.sources[read.id].name} 内容相同，只索引一份 / same text, indexed once"
            )
        else:
            found.sources[read.id] = read
            found.warnings += [f"{read.name}: {warning}" for warning in read.warnings]
    return found


@dataclass(frozen=True, slots=True)
class _Results:
    """What reading each candidate gives, in their order; its length is known beforehand, for a progress bar."""

    candidates: Sequence[Candidate | FileProblem]
    reading: Reading
    known: Mapping[tuple[str, str], Source]

    def __len__(self) -> int:
        return len(self.candidates)

    def __iter__(self) -> Iterator[Source | FileProblem]:
        with Workers(self.reading.bounds) as workers:

            def read(candidate: Candidate | FileProblem) -> Source | FileProblem:
                if isinstance(candidate, FileProblem):
                    return candidate
                try:
                    return files.read(
                        candidate, self.reading.max_bytes, workers.extract, self.known, workers.rehearse
                    )
                except FileProblem as problem:
                    return problem

            if not any(_hard(candidate) for candidate in self.candidates):
                yield from map(read, self.candidates)
                return
            pool = ThreadPoolExecutor(os.cpu_count() or 1)
            try:
                yield from pool.map(read, self.candidates)
            finally:
                workers.close()
                pool.shutdown(cancel_futures=True)


def _hard(candidate: Candidate | FileProblem) -> bool:
    return isinstance(candidate, Candidate) and kind_of(candidate.name) not in {"txt", "md"}


def kind_of(name: str) -> str:
    """Return the form that a file's name announces, its bare suffix where that is none of ours."""
    suffix = PurePosixPath(name).suffix.lower()
    return forms.SUFFIXES.get(suffix, suffix.lstrip(".") or "—")
