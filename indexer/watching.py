"""Watching folders by looking: works on network shares too, which tell nobody of changes."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Sequence
from pathlib import Path

__all__ = ["Snapshot", "Watch", "snapshot"]

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


class Watch:
    """What a watch saw of its folders when it looked last, and when what it saw was indexed."""

    def __init__(self, paths: Sequence[Path], every: float):
        self._paths, self._every = paths, every
        self._indexed: Snapshot | None = None
        self._again = 0.0

    def wait(self) -> Snapshot:
        """Return what is under the paths as soon as it is to be indexed: at once, and when it has changed.

        A change counts once nothing has changed for one look more, so that no half-copied file is read.
        """
        before = snapshot(self._paths)
        if self._indexed is None:
            return before
        while True:
            time.sleep(self._every)
            now = snapshot(self._paths)
            if now == before and (now != self._indexed or time.monotonic() >= self._again):
                return now
            before = now

    def indexed(self, seen: Snapshot) -> None:
        """Take note that what was seen is indexed."""
        self._indexed, self._again = seen, math.inf

    def failed(self, seen: Snapshot, again: float) -> None:
        """Take note that what was seen could not be indexed, and try again after so many seconds or a change."""
        self._indexed, self._again = seen, time.monotonic() + again
