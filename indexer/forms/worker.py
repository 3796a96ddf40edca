"""The process in which a file is taken apart: whatever a crafted file does, it does it here and within bounds.

Frames on standard input and output: the length as eight bytes, then that many bytes. A request is two frames, a
JSON header and the file; a reply is one, JSON, after an empty one for each page that was recognised. A text longer
than any report is rehearsed here: what indexing does with it is done once and thrown away, so that one that takes
too long or too much costs its file and not the build.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import struct
import sys
from collections import deque
from dataclasses import asdict
from typing import IO, Any

from indexer.errors import FileProblem
from indexer.forms import Extracted, FormProblem, extract
from indexer.forms.encodings import decode
from indexer.forms.ocr import Ocr
from indexer.records import Layout, Source

__all__ = ["GOES_ON", "TEXT_FORMS", "read_frame", "write_frame"]

GOES_ON = bytes(8)
"""An empty frame: the file is still being read."""
TEXT_FORMS = frozenset({"txt", "md"})
LONGER_THAN_A_REPORT = 700_000
"""Characters, ten times a long report; a compilation of a hundred reports is rehearsed and then indexed."""


def read_frame(stream: IO[bytes]) -> bytes | None:
    """Return the next frame, None at the end of the stream."""
    head = stream.read(8)
    if len(head) < 8:
        return None
    size: int = struct.unpack(">Q", head)[0]
    data = stream.read(size)
    return data if len(data) == size else None


def write_frame(stream: IO[bytes], data: bytes) -> None:
    """Write one frame."""
    stream.write(struct.pack(">Q", len(data)))
    stream.write(data)
    stream.flush()


def _limit_memory(limit: int) -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # no such limits on this system
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _reply(form: str, data: bytes, ocr: Ocr | None) -> dict[str, Any]:
    try:
        if form in TEXT_FORMS:
            _rehearse(form, Extracted(decode(data, ""), Layout()))
            return {}
        found = extract(form, data, ocr)
        if len(found.text) > LONGER_THAN_A_REPORT:
            _rehearse(form, found)
        return {"extracted": asdict(found)}
    except (FormProblem, FileProblem) as problem:
        return {"code": problem.code, "reason": problem.reason if problem.reason else str(problem)}
    except MemoryError:
        return {
            "code": "memory",
            "reason": "占用内存超过上限(FAWEN_FILE_MEMORY) / needs more memory than is allowed",
        }
    except RecursionError:
        return {"code": "damaged", "reason": "嵌套过深 / nested too deep"}
    except Exception as error:  # noqa: BLE001 - a library's fault on one file is that file's problem
        return {
            "code": "damaged",
            "reason": f"无法解析，文件可能损坏 / cannot be parsed: {type(error).__name__}: {error}"[:300],
        }


def _rehearse(form: str, found: Extracted) -> None:
    """Read a text for its reports, facts and passages; few workers ever load what that takes."""
    from indexer.facts import facts_of
    from indexer.passages import passages_of
    from indexer.reports import parse

    for report in parse(Source("", f"rehearsed.{form}", "", found.text, form, found.layout)):
        deque(facts_of(report), maxlen=0)
        deque(passages_of(report), maxlen=0)


def main() -> None:
    """Serve requests until the input ends; one that outlasts its time ends the process, whoever still waits for it."""
    _limit_memory(int(sys.argv[1]))
    seconds = int(sys.argv[2])
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    while (header := read_frame(requests)) is not None:
        data = read_frame(requests)
        if data is None:
            return
        asked = json.loads(header)

        def goes_on() -> None:
            write_frame(replies, b"")
            signal.alarm(seconds)

        signal.alarm(seconds)
        reply = _reply(asked["form"], data, Ocr(goes_on) if asked["ocr"] else None)
        write_frame(replies, json.dumps(reply, ensure_ascii=True).encode())
        signal.alarm(0)


if __name__ == "__main__":
    main()
