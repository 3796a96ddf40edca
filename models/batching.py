"""Queries that arrive at once share one run of a slow encoder, and a query asked again keeps its vector."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from models.encoder import Vectors

__all__ = ["QueryBatcher"]


class _Job(NamedTuple):
    text: str
    done: threading.Event
    result: list[Vectors | BaseException]


class QueryBatcher:
    """Encodes queries; safe to call from several threads.

    No thread of its own: the first caller to find the encoder free encodes what every caller is waiting for,
    at most `largest` queries at once. The last `kept` vectors are remembered.
    """

    def __init__(self, encode: Callable[[Sequence[str]], Vectors], *, largest: int = 32, kept: int = 4096):
        self._encode, self._largest, self._kept = encode, largest, kept
        self._waiting: deque[_Job] = deque()
        self._known: OrderedDict[str, Vectors] = OrderedDict()
        self._guard, self._busy = threading.Lock(), threading.Lock()

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """Return one vector a text, shape (n, dims). Raises what the encoder raises."""
        if not texts:
            return self._encode(texts)
        jobs = [self._job(text) for text in texts]
        while not all(job.done.is_set() for job in jobs):
            with self._busy:
                self._run()
        found = [job.result[0] for job in jobs]
        for one in found:
            if isinstance(one, BaseException):
                raise one
        return np.stack([one for one in found if not isinstance(one, BaseException)])

    def _job(self, text: str) -> _Job:
        job = _Job(text, threading.Event(), [])
        with self._guard:
            if text in self._known:
                self._known.move_to_end(text)
                job.result.append(self._known[text])
                job.done.set()
            else:
                self._waiting.append(job)
        return job

    def _run(self) -> None:
        """Encode some of what is waiting; every job taken is done afterwards, with a vector or an error."""
        with self._guard:
            taken = [self._waiting.popleft() for _ in range(min(self._largest, len(self._waiting)))]
        if not taken:
            return
        texts = list(dict.fromkeys(job.text for job in taken))
        try:
            vectors = self._encode(texts)
        except BaseException as error:  # noqa: BLE001 - every caller raises it again
            for job in taken:
                job.result.append(error)
                job.done.set()
            return
        by_text = dict(zip(texts, vectors, strict=True))
        with self._guard:
            self._known.update(by_text)
            while len(self._known) > self._kept:
                self._known.popitem(last=False)
        for job in taken:
            job.result.append(by_text[job.text])
            job.done.set()
