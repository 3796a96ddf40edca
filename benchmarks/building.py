"""Building speed of plain text, beside that of another checkout: `python -m benchmarks.building OTHER_CHECKOUT`.

Both index the same 300 texts, in turns, each in a process of its own, without an encoder's part (models differ between
versions). Told are the medians and their ratio.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
TURNS = 5
COURTS = 60
PLACES = "江河湖海山川林田", "东西南北中上下前"
PROGRAM = """
import json, resource, sys, time
from pathlib import Path
import numpy as np
from indexer.build import build
class NoEncoder:
    name, fingerprint, dims, window_chars, blocking = "none", "none-1", 8, 200, False
    def encode_passages(self, texts):
        return np.ones((len(texts), 8), dtype=np.float32)
    encode_queries = encode_passages
began = time.perf_counter()
built = build([Path(sys.argv[1])], Path(sys.argv[2]), NoEncoder(), max_bytes=10**9)
print(json.dumps({"seconds": time.perf_counter() - began, "paragraphs": built.paragraphs, "facts": built.facts,
    "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


def corpus(folder: Path) -> int:
    """Write texts of 60 invented courts and return their size in bytes; no two are versions of one another."""
    folder.mkdir()
    size = 0
    samples = [*sorted((ROOT / "reports").glob("*.txt")), *sorted((ROOT / "tests/forms/twins").glob("*.txt"))]
    for number in range(COURTS):
        chance = random.Random(number)
        place = PLACES[0][number % 8] + PLACES[1][number // 8] + "市"
        for sample in samples:
            text = re.sub("某市|清溪市|青禾市", place, sample.read_text(encoding="utf-8"))
            text = re.sub(
                r"(?<!\d)\d{1,3}(?!\d)",
                lambda one, chance=chance: str(int(one[0]) + chance.randrange(9)),
                text,
            )
            data = text.encode()
            (folder / f"{number:02}-{sample.name}").write_bytes(data)
            size += len(data)
    return size


def run(checkout: Path, texts: Path) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as index:
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                f"import sys; sys.path.insert(0, {str(checkout)!r})\n{PROGRAM}",
                texts,
                index,
            ],
            cwd=checkout,
            capture_output=True,
            check=True,
        )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("other", type=Path)
    other = options.parse_args().other.resolve()
    with tempfile.TemporaryDirectory() as home:
        size = corpus(Path(home, "texts"))
        runs: dict[Path, list[dict[str, float]]] = {ROOT: [], other: []}
        for _ in range(TURNS):
            for checkout, found in runs.items():
                found.append(run(checkout, Path(home, "texts")))
    medians = {path: statistics.median(one["seconds"] for one in found) for path, found in runs.items()}
    for path, found in runs.items():
        print(
            f"{medians[path]:6.2f} s  {size / medians[path] / 1e6:5.2f} MB/s  {found[0]['paragraphs']} paragraphs  "
            f"{found[0]['facts']} facts  {found[0]['peak_mib']:.0f} MiB peak  {'here' if path == ROOT else 'other'}"
        )
    print(f"time here / other: {medians[ROOT] / medians[other]:.2f}")


if __name__ == "__main__":
    main()
