"""Fuzzing of every reader with Hypothesis: real files, cut, changed and spliced. `python -m benchmarks.fuzzing SECONDS`."""

from __future__ import annotations

import contextlib
import random
import sys
import time
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from indexer.errors import FileProblem
from indexer.forms import FormProblem
from indexer.forms.encodings import decode
from indexer.forms.workers import Bounds, Workers
from indexer.records import Source
from indexer.reports import parse

FORMS = Path(__file__).parents[1] / "tests" / "forms"
SEEDS = [
    (form, (FORMS / stem / name).read_bytes())
    for stem in ("wulan", "xiangyang")
    for form, name in (
        ("docx", "styled.docx"),
        ("docx", "writer.docx"),
        ("html", "page.html"),
        ("mht", "page.mht"),
        ("pdf", "writer.pdf"),
        ("txt", "gb18030.txt"),
    )
]


@st.composite
def inputs(draw: st.DrawFn) -> tuple[str, bytes]:
    """A real file with some bytes changed, cut out, doubled or taken from another."""
    form, data = draw(st.sampled_from(SEEDS))
    chance = random.Random(draw(st.integers(0, 2**32)))
    changed = bytearray(data)
    for _ in range(draw(st.integers(1, 24))):
        at, length = chance.randrange(len(changed) or 1), chance.choice((1, 1, 2, 8, 64, 1024))
        act = chance.randrange(5)
        if act == 0:
            changed[at : at + length] = chance.randbytes(length)
        elif act == 1:
            del changed[at : at + length]
        elif act == 2:
            changed[at:at] = changed[at : at + length] * chance.choice((1, 4, 64))
        elif act == 3:
            other = chance.choice(SEEDS)[1]
            start = chance.randrange(len(other))
            changed[at:at] = other[start : start + length]
        elif changed:
            changed[at % len(changed)] ^= 1 << chance.randrange(8)
    return form, bytes(changed)


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    until = time.monotonic() + seconds
    outcomes: Counter[str] = Counter()
    worst = 0.0
    with Workers(Bounds(seconds=30)) as workers:

        @settings(
            max_examples=10**6,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(inputs())
        def one(case: tuple[str, bytes]) -> None:
            nonlocal worst
            if time.monotonic() > until:
                raise KeyboardInterrupt
            form, data = case
            began = time.perf_counter()
            try:
                if form == "txt":
                    text, layout = decode(data, "x.txt"), Source("", "", "", "").layout
                else:
                    found = workers.extract(form, data)
                    text, layout = found.text, found.layout
                parse(Source("0", "x.txt", "", text, form, layout))
                outcomes["read"] += 1
            except (FormProblem, FileProblem) as problem:
                outcomes[problem.code] += 1
                if problem.code in {"crashed", "timeout", "memory"}:
                    print(form, problem, len(data), file=sys.stderr)
            worst = max(worst, (time.perf_counter() - began) / max(0.05, len(data) / 1e6))

        with contextlib.suppress(KeyboardInterrupt):
            one()
    print(f"{seconds:.0f} s, {sum(outcomes.values())} inputs, worst {worst:.2f} s per MB: {dict(outcomes)}")


if __name__ == "__main__":
    main()
