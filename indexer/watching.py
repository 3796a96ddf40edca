"""Watching folders by looking: works on network shares too, which tell nobody of changes."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

__all__ = ["changes", "snapshot"]

Snapshot = dict[str, tuple[int, int, int]]


def snapshot(paths: Sequence[Path]) -> Snapshot:
    """Return size, time of change and inode of every file under the paths that is not hidden."""
    found: Snapshot = {}
    for root in paths:
        folders = os.walk(root) if root.is_dir() else [(str(root.parent), [], [root.name])]
        for folder, below, files in folders:
            below[:] = [name for name in below if not name.startswith(".")]
            for name in files:
                if name.startswith((".", "~$")):
                    continue
                place = os.path.join(folder, name)  # noqa: PTH118 - a million of these make Path objects felt
                try:
                    status = os.stat(place)  # noqa: PTH116
                except OSError:
                    continue
                found[place] = status.st_size, status.st_mtime_ns, status.st_ino
    return found


def changes(paths: Sequence[Path], every: float) -> Iterator[None]:
    """Yield at once, and again whenever files under the paths came, went or changed.

    A change counts once nothing has changed for one look more, so that no half-copied file is read.
    """
    done: Snapshot | None = None
    before = snapshot(paths)
    yield
    done = before
    while True:
        time.sleep(every)
        now = snapshot(paths)
        if now == before != done:
            done = now
            yield
        before = now
