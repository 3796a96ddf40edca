"""Run by test_crashes.py in a process of its own: builds that are killed at each step of the file system.

Usage: python -m tests.indexer.crash_driver FOLDER
Prints one JSON list: for every step, which text the index holds after the kill, or why it does not open.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from pathlib import Path

from indexer.build import build
from indexer.errors import FawenError
from indexer.store import LocalStore, generations
from tests.samples import MAX_BYTES
from tests.store_contract import ENCODER

STEPS = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "shutil.rmtree", "sqlite3.connect"}

REPAIRED_EVERY = 7


def forked_build(texts: Path, index: Path, kill_at: int | None) -> bool:
    """Build in a child that is killed at one step; tell whether it lived."""
    child = os.fork()
    if child == 0:
        steps = 0

        def hook(event: str, args: tuple[object, ...]) -> None:
            nonlocal steps
            if event in STEPS and str(index) in str(args[0]):
                steps += 1
                if steps == kill_at:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        build([texts], index, ENCODER, max_bytes=MAX_BYTES)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return status == 0


def state(index: Path) -> str:
    """Name what the index holds, after checking every generation that can be seen."""
    try:
        for name in generations.every(index):
            generations.check(index / "generations" / name)
        store = LocalStore.open(index)
    except FawenError as error:
        return f"unusable: {error}"
    held = store.sources()[0].name
    store.close()
    return held


def main(home: Path) -> None:
    base = home / "base"
    if not forked_build(home / "old", base, None):
        sys.exit("the first build failed")
    states = []
    lived, step = False, 0
    while not lived:
        step += 1
        index = home / f"killed-{step}"
        shutil.copytree(base, index)
        lived = forked_build(home / "new", index, step)
        states.append(state(index))
        if lived or step % REPAIRED_EVERY == 0:
            if not forked_build(home / "new", index, None) or state(index) != "新.txt":
                sys.exit(f"the build after the kill at step {step} failed")
            if left := [path.name for path in (index / "generations").iterdir() if path.name[0] == "."]:
                sys.exit(f"after the kill at step {step} and another build, {left} is left")
        shutil.rmtree(index)
    print(json.dumps(states))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
