"""Fuzzing with Hypothesis of every reader, the parsing of texts and of questions: `python -m benchmarks.fuzzing SECONDS`.

Told for each kind of input: how many were tried and what came of them, crashes, hangs, and the longest time per MB of
an input or of the text that it unfolds to (of at least 50 kB; the least of three runs, so that what else the machine
did is left out). A hang is what takes longer than indexing gives a file. Inputs that
crash, hang or take longest are kept in the folder given with --keep.
"""

from __future__ import annotations

import argparse
import contextlib
import math
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import NoReturn

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from benchmarks import mutations
from indexer import files
from indexer.citations import verify
from indexer.courts import court_of
from indexer.errors import FileProblem
from indexer.facts import facts_of
from indexer.forms.workers import Bounds, Workers
from indexer.lexical import Lexical
from indexer.passages import inputs_of, passages_of
from indexer.records import Source
from indexer.reports import parse
from service.questions import parse_question

HANG = Bounds().seconds
LEAST = 50_000
OFTEN = ("docx", "html", "mht", "pdf", "txt", "md", "text", "question", "sidecar")
COURTS = [court_of("江州市中级人民法院", None), court_of("清溪市向阳区人民法院", "向阳区法院")]


@dataclass
class Tally:
    """What came of one kind of input."""

    outcomes: Counter[str] = field(default_factory=Counter)
    crashes: int = 0
    hangs: int = 0
    worst: float = 0.0


class HangError(Exception):
    """An input took longer than any may."""


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> NoReturn:
        raise HangError

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def examine(source: Source) -> None:
    """Do with a source what indexing does, and check that what comes of it can be cited."""
    texts = []
    for report in parse(source):
        for passage in passages_of(report):
            verify(passage, source)
            texts.append(inputs_of(passage, 200).lexical)
        for fact in facts_of(report):
            if not (0 <= fact.start < fact.end <= len(source.text) and math.isfinite(fact.number)):
                raise AssertionError(fact)
    Lexical.build(texts)


def tried(kind: str, data: bytes, folder: Path, workers: Workers) -> tuple[str, int]:
    """Read one input; return what came of it, and its bytes or those of the text that it unfolds to."""
    if kind == "text":
        examine(Source("0", "x.txt", "", data.decode("utf-8", "surrogatepass")))
        return "read", len(data)
    if kind == "question":
        parse_question(data.decode("utf-8", "surrogatepass"), COURTS, [2022, 2023])
        return "read", len(data)
    name = {"sidecar": f"fawen.{'toml' if data[:1] == b'c' else 'csv'}"}.get(kind, f"x.{kind}")
    (folder / name).write_bytes(data)
    (folder / "a.txt").write_text("工作报告\n一、工作\n走访企业54家。\n", encoding="utf-8")
    outcome, size = "nothing", len(data)
    try:
        for found in files.find([folder]):
            if isinstance(found, FileProblem):
                outcome = found.code
                continue
            if found.name == "a.txt" and kind != "sidecar":
                continue
            source = files.read(found, 10**9, workers.extract)
            examine(source)
            size = max(size, 3 * len(source.text))
            outcome = "read" if outcome == "nothing" else outcome
    except FileProblem as problem:
        outcome = problem.code
    finally:
        (folder / name).unlink()
    return outcome, size


def drawn(seed: int) -> tuple[str, bytes]:
    """Return the kind and bytes of the input with a number; what is slow to read comes seldom."""
    chance = random.Random(seed)
    seldom = chance.random()
    kind = "doc" if seldom < 0.0005 else "zip" if seldom < 0.02 else chance.choice(OFTEN)
    if kind == "text":
        return kind, mutations.text(chance).encode("utf-8", "surrogatepass")
    if kind == "question":
        return kind, mutations.question(chance).encode("utf-8", "surrogatepass")
    return kind, mutations.sidecar(chance) if kind == "sidecar" else mutations.mutated(kind, chance)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("seconds", type=float, nargs="?", default=60.0)
    options.add_argument("--keep", type=Path)
    given_options = options.parse_args()
    until = time.monotonic() + given_options.seconds
    tallies = {kind: Tally() for kind in (*OFTEN, "zip", "doc")}

    def keep(kind: str, why: str, data: bytes) -> None:
        if given_options.keep:
            given_options.keep.mkdir(parents=True, exist_ok=True)
            (given_options.keep / f"{kind}-{why}.{kind}").write_bytes(data)

    with tempfile.TemporaryDirectory() as home, Workers(Bounds(seconds=HANG)) as workers:
        folder = Path(home)

        def timed(kind: str, data: bytes) -> tuple[str, float, int]:
            began = time.perf_counter()
            with within(HANG + 15):
                outcome, size = tried(kind, data, folder, workers)
            return outcome, time.perf_counter() - began, size

        @settings(
            max_examples=10**8,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(st.integers(0, 2**64))
        def one(seed: int) -> None:
            if time.monotonic() > until:
                raise KeyboardInterrupt
            kind, data = drawn(seed)
            tally = tallies[kind]
            try:
                outcome, seconds, size = timed(kind, data)
                tally.outcomes[outcome] += 1
                size_mb = max(LEAST, size) / 1e6
                if outcome in {"timeout", "memory", "crashed"}:
                    keep(kind, f"{outcome}-{seed}", data)
                    tally.hangs += outcome == "timeout"
                    tally.crashes += outcome == "crashed"
                elif seconds / size_mb > tally.worst:
                    seconds = min(seconds, timed(kind, data)[1], timed(kind, data)[1])
                    if seconds / size_mb > tally.worst:
                        tally.worst = seconds / size_mb
                        keep(kind, "slowest", data)
            except HangError:
                tally.hangs += 1
                keep(kind, f"hang-{seed}", data)
            except Exception:  # noqa: BLE001 - a fuzzer tells of every fault and goes on
                tally.crashes += 1
                keep(kind, f"crash-{seed}", data)
                print(f"{kind} {seed}", traceback.format_exc(limit=-4), file=sys.stderr)

        with contextlib.suppress(KeyboardInterrupt):
            one()
    for kind, tally in tallies.items():
        inputs = sum(tally.outcomes.values()) + tally.crashes + tally.hangs
        print(
            f"{kind:<8} {inputs:>7} inputs  {tally.crashes} crashes  {tally.hangs} hangs  worst {tally.worst:6.2f} s/MB  "
            f"{dict(tally.outcomes.most_common())}"
        )


if __name__ == "__main__":
    main()
