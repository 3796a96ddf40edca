"""Building an index: files to sources, reports, passages and vectors, and a new generation of them all."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from tqdm import tqdm

from indexer.calibration import fit
from indexer.courts import UNKNOWN
from indexer.errors import BuildError, FileProblem, IndexUnusable
from indexer.facts import facts_of
from indexer.forms import EXTRACTION
from indexer.forms.workers import Bounds
from indexer.gather import Gathered, Reading, gather, kind_of
from indexer.history import Superseded, newest
from indexer.lexical import Lexical
from indexer.parts import joined
from indexer.passages import LONGEST_PASSAGE, inputs_of, passages_of
from indexer.records import Fact, Passage, Report, Source
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

__all__ = ["BuildReport", "KindCount", "build"]

BATCH = 256


@dataclass(frozen=True, slots=True)
class KindCount:
    """What the files of one kind gave: how many were read and how many not, and what is indexed of them.

    `recognised` counts the pages whose text was recognised from a picture.
    """

    kind: str
    files: int
    failed: int
    reports: int
    sections: int
    paragraphs: int
    facts: int
    warnings: int
    recognised: int = 0


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. `problems` are files not indexed; `kept` of them still stand in an earlier version.

    `superseded` are older versions of reports, whose source texts are kept and nothing else of them.
    """

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
    superseded: tuple[Superseded, ...]
    kinds: tuple[KindCount, ...]


def build(
    paths: Sequence[Path],
    index: Path,
    encoder: Encoder,
    *,
    max_bytes: int,
    add: bool = False,
    progress: bool = False,
    court: str = "",
    bounds: Bounds | None = None,
) -> BuildReport:
    """Index every file under the paths into a new generation and put it in use.

    `court` is whose reports those are that name no court; `bounds` are what reading one file may take.
    A file that cannot be read is reported and the others are indexed; if an earlier version of it is in the
    index, that stays. With `add`, sources that are indexed already and not among the paths stay as well.
    Raises BuildError where nothing could be indexed; the index is then as it was.
    """
    reading = Reading(max_bytes, bounds or Bounds(), court)
    with generations.locked(index):
        before = _previous(index)
        try:
            return _build(paths, index, encoder, before, reading, add, progress)
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
    reading: Reading,
    add: bool,
    progress: bool,
) -> BuildReport:
    show = _progress(progress)
    found = gather(paths, reading, _known_texts(before, reading.bounds.ocr), show)
    sources, problems, warnings = found.sources, found.problems, found.warnings
    kept, dropped = _carry_over(found, before, add)
    if not sources or all(name in kept for name in (source.name for source in sources.values())):
        detail = "；".join(map(str, problems)) or "路径下没有可索引的文件 / no file to index"
        raise BuildError(f"没有建立新索引，原有索引不变 / nothing indexed: {detail}")

    reports = [
        report for source in show(list(sources.values()), "解析 parse", "file") for report in parse(source)
    ]
    reports, apart = joined(reports, sources)
    warnings += apart
    reports, superseded, doubled = newest([r for r in reports if r.paragraphs], sources)
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
    warnings += doubled
    passages = _numbered(passage for report in reports for passage in passages_of(report))
    if not passages:
        raise BuildError("没有建立新索引：文件里没有段落 / nothing indexed: the files hold no paragraph")

    inputs = [inputs_of(passage, encoder.window_chars) for passage in passages]
    texts = [text for entry in inputs for text in entry.embedded]
    hashes = [
        hashlib.blake2b(f"{encoder.fingerprint}\0{text}".encode(), digest_size=16).digest() for text in texts
    ]
    vectors, reused = _vectors(encoder, texts, hashes, _reusable(index, before, encoder), show)
    bounds = np.cumsum([0, *(len(entry.embedded) for entry in inputs)], dtype=np.int64)
    calibration = fit(encoder, [passage.text for passage in passages], vectors[bounds[:-1]])

    generation = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{secrets.token_hex(3)}"
    sections = sum(len(report.sections) for report in reports)
    paragraphs = sum(len(report.paragraphs) for report in reports)
    with _writing(index):
        staged = generations.staging(index, generation)
        database.write(staged / DATABASE, sources.values(), reports, passages, facts)
        faiss_index = new_vector_index(len(texts), encoder.dims)
        faiss_index.add(vectors)
        faiss.write_index(faiss_index, str(staged / VECTORS))
        np.save(staged / WINDOWS, bounds)
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
                "encoder": {
                    "name": encoder.name,
                    "fingerprint": encoder.fingerprint,
                    "dims": encoder.dims,
                    "calibration": asdict(calibration),
                },
                "parameters": {
                    "longest_passage": LONGEST_PASSAGE,
                    "window_chars": encoder.window_chars,
                    "extraction": EXTRACTION,
                },
                "history": [asdict(version) for version in superseded],
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
        superseded=tuple(superseded),
        kinds=tuple(_kinds(found, reports, facts)),
    )


def _known_texts(before: LocalStore | None, ocr: bool) -> dict[tuple[str, str], Source]:
    """Return the texts that need not be extracted again, by the hash and form of their files."""
    if before is None or before.manifest["parameters"].get("extraction") != EXTRACTION:
        return {}
    sources = before.sources()
    return {(s.sha256, s.form): s for s in sources if not (ocr and s.layout.unread)}


def _carry_over(found: Gathered, before: LocalStore | None, add: bool) -> tuple[list[str], list[str]]:
    """Add to what was read the sources that stay from before; return their names, and those that go."""
    sources = found.sources
    read = {source.name for source in sources.values()}
    failed = {problem.path for problem in found.problems}
    failed |= {Path(problem.path).name for problem in found.problems if problem.code == "missing"}
    unseen = [problem.path for problem in found.problems if problem.code in {"folder", *_ARCHIVE_FAULTS}]
    lost_a_path = any(problem.code == "missing" for problem in found.problems)
    kept: list[str] = []
    dropped: list[str] = []
    for old in before.sources() if before else []:
        if old.id in sources:
            continue
        if old.name in read:
            if add:
                found.warnings.append(
                    f"{old.name}: 取代索引中同名的文件 / replaces the one indexed under this name"
                )
            continue
        below = any(folder == "." or old.name.startswith(f"{folder}/") for folder in unseen)
        if add or lost_a_path or below or old.name in failed:
            sources[old.id] = old
            kept.append(old.name)
        else:
            dropped.append(old.name)
    return kept, dropped


_ARCHIVE_FAULTS = frozenset({"damaged", "bomb", "unreadable"})


def _kinds(found: Gathered, reports: Sequence[Report], facts: Sequence[Fact]) -> Iterator[KindCount]:
    """Yield what each kind of file gave, the most frequent first."""
    kind = {source.id: source.form for source in found.sources.values()}
    of_report = {report.id: kind[report.source_id] for report in reports}
    names = {source.name: source.form for source in found.sources.values()}
    files, failed = Counter(kind.values()), Counter(kind_of(problem.path) for problem in found.problems)
    stated = Counter(of_report[fact.report_id] for fact in facts)
    warned = Counter(form for warning in found.warnings if (form := names.get(warning.split(": ", 1)[0])))
    for form in sorted(files | failed, key=lambda form: (-files[form], form)):
        own = [report for report in reports if of_report[report.id] == form]
        yield KindCount(
            kind=form,
            files=files[form],
            failed=failed[form],
            reports=len(own),
            sections=sum(len(report.sections) for report in own),
            paragraphs=sum(len(report.paragraphs) for report in own),
            facts=stated[form],
            warnings=warned[form],
            recognised=sum(len(s.layout.recognised) for s in found.sources.values() if s.form == form),
        )


@contextmanager
def _writing(index: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, RuntimeError, sqlite3.Error) as error:  # FAISS tells of a full disk by RuntimeError
        raise BuildError(
            f"写不进 {index}，原有索引不变 / cannot be written, the index is as it was: {error}"
        ) from error


def _numbered(passages: Iterable[Passage]) -> list[Passage]:
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
