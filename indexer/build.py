"""Building an index: files to sources, reports, passages and vectors, and a new generation of them all."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from tqdm import tqdm

from indexer import files
from indexer.courts import UNKNOWN
from indexer.errors import BuildError, FileProblem, IndexUnusable
from indexer.facts import facts_of
from indexer.lexical import Lexical
from indexer.passages import LONGEST_PASSAGE, inputs_of, passages_of
from indexer.records import Passage, Report, Source
from indexer.reports import parse
from indexer.store import database, generations
from indexer.store.base import Floats
from indexer.store.local import (
    DATABASE,
    FACTS,
    HASHES,
    LEXICAL,
    VECTORS,
    WINDOWS,
    LocalStore,
    new_vector_index,
)
from models import Encoder

__all__ = ["BuildReport", "build"]

BATCH = 256


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. `problems` are files not indexed; `kept` of them still stand in an earlier version."""

    generation: str
    sources: int
    reports: tuple[Report, ...]
    sections: int
    paragraphs: int
    passages: int
    facts: int
    vectors_reused: int
    vectors_encoded: int
    problems: tuple[FileProblem, ...]
    kept: tuple[str, ...]
    dropped: tuple[str, ...]
    warnings: tuple[str, ...]


def build(
    paths: Sequence[Path],
    index: Path,
    encoder: Encoder,
    *,
    max_bytes: int,
    add: bool = False,
    progress: bool = False,
) -> BuildReport:
    """Index every file under the paths into a new generation and put it in use.

    A file that cannot be read is reported and the others are indexed; if an earlier version of it is in the
    index, that stays. With `add`, sources that are indexed already and not among the paths stay as well.
    Raises BuildError where nothing could be indexed; the index is then as it was.
    """
    with generations.locked(index):
        before = _previous(index)
        try:
            return _build(paths, index, encoder, before, max_bytes, add, progress)
        finally:
            if before is not None:
                before.close()


def _previous(index: Path) -> LocalStore | None:
    """Open the generation in use; a build over a missing or damaged one starts from nothing."""
    try:
        return LocalStore.open(index)
    except IndexUnusable:
        return None


def _build(
    paths: Sequence[Path],
    index: Path,
    encoder: Encoder,
    before: LocalStore | None,
    max_bytes: int,
    add: bool,
    progress: bool,
) -> BuildReport:
    show = _progress(progress)
    problems: list[FileProblem] = []
    warnings: list[str] = []
    sources: dict[str, Source] = {}
    for found in show(list(files.find(paths)), "读取 read", "file"):
        try:
            if isinstance(found, FileProblem):
                raise found
            source = files.read(found, max_bytes)
        except FileProblem as problem:
            problems.append(problem)
            continue
        if source.id in sources:
            warnings.append(
                f"{source.name}: 与 {sources[source.id].name} 内容相同，只索引一份 / same text, indexed once"
            )
        else:
            sources[source.id] = source
    read = {source.name for source in sources.values()}
    failed = {problem.path for problem in problems}
    failed |= {Path(problem.path).name for problem in problems if problem.code == "missing"}
    unseen = [problem.path for problem in problems if problem.code == "folder"]
    lost_a_path = any(problem.code == "missing" for problem in problems)
    kept, dropped = [], []
    for old in before.sources() if before else []:
        if old.id in sources:
            continue
        if old.name in read:
            if add:
                warnings.append(
                    f"{old.name}: 取代索引中同名的文件 / replaces the one indexed under this name"
                )
            continue
        below = any(folder == "." or old.name.startswith(f"{folder}/") for folder in unseen)
        if add or lost_a_path or below or old.name in failed:
            sources[old.id] = old
            kept.append(old.name)
        else:
            dropped.append(old.name)
    if not sources or all(name in kept for name in (source.name for source in sources.values())):
        detail = "；".join(map(str, problems)) or "路径下没有可索引的文件 / no file to index"
        raise BuildError(f"没有建立新索引，原有索引不变 / nothing indexed: {detail}")

    reports = [
        report for source in show(list(sources.values()), "解析 parse", "file") for report in parse(source)
    ]
    reports = [report for report in reports if report.paragraphs]
    warnings += [
        f"{sources[r.source_id].name}: 认不出法院，记为{UNKNOWN.name} / no court found"
        for r in reports
        if r.court == UNKNOWN
    ]
    warnings += [
        f"{sources[r.source_id].name}: “{r.title}” 认不出年份 / no year found"
        for r in reports
        if r.year is None
    ]
    facts = [fact for report in show(reports, "抽取 extract", "report") for fact in facts_of(report)]
    warnings += _twice(reports, {source.id: source.name for source in sources.values()})
    passages = _numbered(passage for report in reports for passage in passages_of(report))
    if not passages:
        raise BuildError("没有建立新索引：文件里没有段落 / nothing indexed: the files hold no paragraph")

    inputs = [inputs_of(passage, encoder.window_chars) for passage in passages]
    texts = [text for entry in inputs for text in entry.embedded]
    hashes = [
        hashlib.blake2b(f"{encoder.fingerprint}\0{text}".encode(), digest_size=16).digest() for text in texts
    ]
    vectors, reused = _vectors(encoder, texts, hashes, _reusable(index, before, encoder), show)

    generation = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{secrets.token_hex(3)}"
    sections = sum(len(report.sections) for report in reports)
    paragraphs = sum(len(report.paragraphs) for report in reports)
    with _writing(index):
        staged = generations.staging(index, generation)
        database.write(staged / DATABASE, sources.values(), reports, passages, facts)
        faiss_index = new_vector_index(len(texts), encoder.dims)
        faiss_index.add(vectors)
        faiss.write_index(faiss_index, str(staged / VECTORS))
        np.save(staged / WINDOWS, np.cumsum([0, *(len(entry.embedded) for entry in inputs)], dtype=np.int64))
        np.save(staged / HASHES, np.frombuffer(b"".join(hashes), dtype=np.uint8).reshape(-1, 16))
        (staged / LEXICAL).mkdir()
        Lexical.build([entry.lexical for entry in inputs]).save(staged / LEXICAL)
        (staged / FACTS).mkdir()
        Lexical.build([f"{f.object} {f.object} {f.clause} {f.context}" for f in facts]).save(staged / FACTS)
        generations.publish(
            index,
            staged,
            {
                "created": datetime.now(UTC).isoformat(timespec="seconds"),
                "encoder": {"name": encoder.name, "fingerprint": encoder.fingerprint, "dims": encoder.dims},
                "parameters": {"longest_passage": LONGEST_PASSAGE, "window_chars": encoder.window_chars},
                "counts": {
                    "sources": len(sources),
                    "reports": len(reports),
                    "sections": sections,
                    "paragraphs": paragraphs,
                    "passages": len(passages),
                    "facts": len(facts),
                    "vectors": len(texts),
                },
            },
        )
    return BuildReport(
        generation=generation,
        sources=len(sources),
        reports=tuple(reports),
        sections=sections,
        paragraphs=paragraphs,
        passages=len(passages),
        facts=len(facts),
        vectors_reused=reused,
        vectors_encoded=len(texts) - reused,
        problems=tuple(problems),
        kept=tuple(kept),
        dropped=tuple(dropped),
        warnings=tuple(warnings),
    )


@contextmanager
def _writing(index: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, RuntimeError, sqlite3.Error) as error:  # FAISS tells of a full disk by RuntimeError
        raise BuildError(
            f"写不进 {index}，原有索引不变 / cannot be written, the index is as it was: {error}"
        ) from error


def _twice(reports: Sequence[Report], names: dict[str, str]) -> list[str]:
    """Return a warning for each report that the index holds twice: its figures would be counted twice."""
    first: dict[tuple[str, int | None, str], Report] = {}
    found = []
    for report in reports:
        same = first.setdefault((report.court.key, report.year, report.title), report)
        if same is not report:
            found.append(
                f"{names[report.source_id]}: 与 {names[same.source_id]} 是同一法院同一年度的同名报告，数字会重复计算，"
                "请只留一份 / the same report twice"
            )
    return found


def _numbered(passages: Iterable[Passage]) -> list[Passage]:
    from dataclasses import replace

    return [replace(passage, row=row) for row, passage in enumerate(passages)]


def _reusable(index: Path, before: LocalStore | None, encoder: Encoder) -> dict[bytes, Floats]:
    if before is None or before.encoder_fingerprint != encoder.fingerprint:
        return {}
    return before.known_vectors(generations.current(index))


def _vectors(
    encoder: Encoder,
    texts: Sequence[str],
    hashes: Sequence[bytes],
    known: dict[bytes, Floats],
    show: Callable[[list[Any], str, str], Iterable[Any]],
) -> tuple[Floats, int]:
    """Return one vector per text, shape (n, dims), and how many were taken from what is known."""
    vectors = np.zeros((len(texts), encoder.dims), dtype=np.float32)
    missing = [i for i, digest in enumerate(hashes) if digest not in known]
    for i, digest in enumerate(hashes):
        if digest in known:
            vectors[i] = known[digest]
    batches = [missing[i : i + BATCH] for i in range(0, len(missing), BATCH)]
    for batch in show(batches, "编码 encode", "batch"):
        vectors[batch] = encoder.encode_passages([texts[i] for i in batch])
    if not np.isfinite(vectors).all():
        raise BuildError(
            f"编码器 {encoder.name} 给出了非数 / the encoder returned NaN or infinity; 原有索引不变"
        )
    return vectors, len(texts) - len(missing)


def _progress(wanted: bool) -> Callable[[list[Any], str, str], Iterable[Any]]:
    def show(items: list[Any], what: str, unit: str) -> Iterable[Any]:
        bar: Iterable[Any] = tqdm(
            items, desc=what, unit=unit, disable=None if wanted else True, leave=False, file=sys.stderr
        )
        return bar

    return show
