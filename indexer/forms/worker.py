"""The process in which a file is taken apart: whatever a crafted file does, it does it here and within bounds.

Frames on standard input and output: the length as eight bytes, then that many bytes. A request is two frames, a
JSON header and the file; a reply is one, JSON, after an empty one for each page that was recognised.
"""

from __future__ import annotations

import contextlib
import json
import os
import struct
import sys
from dataclasses import asdict
from typing import IO, Any

from indexer.errors import FileProblem
from indexer.forms import FormProblem, extract
from indexer.forms.ocr import Ocr

__all__ = ["GOES_ON", "read_frame", "write_frame"]

GOES_ON = bytes(8)
"""An empty frame: the file is still being read."""


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
        return {"extracted": asdict(extract(form, data, ocr))}
    except (FormProblem, FileProblem) as problem:
        return {"code": problem.code, "reason": problem.reason if problem.reason else str(problem)}
    except MemoryError:
        return {"code": "memory", "reason": "占用内存超过上限 / needs more memory than is allowed"}
    except RecursionError:
        return {"code": "damaged", "reason": "嵌套过深 / nested too deep"}
    except Exception as error:  # noqa: BLE001 - a library's fault on one file is that file's problem
        return {
            "code": "damaged",
            "reason": f"无法解析，文件可能损坏 / cannot be parsed: {type(error).__name__}: {error}"[:300],
        }


def main() -> None:
    """Serve requests until the input ends."""
    _limit_memory(int(sys.argv[1]))
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    while (header := read_frame(requests)) is not None:
        data = read_frame(requests)
        if data is None:
            return
        asked = json.loads(header)
        ocr = Ocr(lambda: write_frame(replies, b"")) if asked["ocr"] else None
        write_frame(replies, json.dumps(_reply(asked["form"], data, ocr), ensure_ascii=True).encode())


if __name__ == "__main__":
    main()
