"""Files per second and peak memory by form, beside plain text of the same reports in the same run.

Peak is that of the reader, or of LibreOffice where it reads.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import time
from pathlib import Path

from indexer.files import Candidate, read

FORMS = Path(__file__).parents[1] / "tests" / "forms"
NAMES = ("gb18030.txt", "styled.docx", "page.html", "page.mht", "writer.pdf", "browser.pdf", "writer.doc")
SECONDS = 3.0


def measure(name: str) -> dict[str, float]:
    """Read the three reports in one form again and again, in a process of its own."""
    near, far = os.pipe()
    child = os.fork()
    if not child:
        paths = [FORMS / stem / name for stem in ("fenglin", "wulan", "xiangyang")]
        pages = sum(len(read(Candidate(path, path.name), 10**8).layout.pages) for path in paths)
        count, began = 0, time.perf_counter()
        while time.perf_counter() - began < SECONDS:
            read(Candidate(paths[count % 3], name), 10**8)
            count += 1
        rate = count / (time.perf_counter() - began)
        peak = max(
            resource.getrusage(who).ru_maxrss / 1024
            for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        os.write(
            far, json.dumps({"files_per_s": rate, "pages_per_s": rate * pages / 3, "peak_mib": peak}).encode()
        )
        os._exit(0)
    os.waitpid(child, 0)
    found: dict[str, float] = json.loads(os.read(near, 4096))
    return found


def main() -> None:
    base = None
    for name in NAMES:
        if name.endswith(".doc") and shutil.which("soffice") is None:
            continue
        found = measure(name)
        base = base or found["files_per_s"]
        print(
            f"{name:<12} {found['files_per_s']:8.1f} files/s {found['pages_per_s']:8.1f} pages/s"
            f" {found['peak_mib']:6.0f} MiB peak  1/{base / found['files_per_s']:.0f} of plain text's rate"
        )


if __name__ == "__main__":
    main()
