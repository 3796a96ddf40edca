"""What the chat adapters remember: a user's last turns, and which messages have been answered."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

__all__ = ["Answered", "Conversations"]

Clock = Callable[[], float]


class Conversations:
    """A user's turns of late, by conversation; forgotten after a pause."""

    def __init__(
        self, most: int = 2000, turns: int = 12, pause: float = 1800.0, clock: Clock = time.monotonic
    ):
        self._most, self._turns, self._pause, self._clock = most, turns, pause, clock
        self._kept: OrderedDict[str, tuple[float, list[str]]] = OrderedDict()
        self._lock = threading.Lock()

    def with_turn(self, conversation: str, words: str) -> list[str]:
        """Add a turn and return those of the conversation, the new one last."""
        with self._lock:
            now = self._clock()
            spoken, turns = self._kept.pop(conversation, (now, []))
            turns = [*(turns if now - spoken <= self._pause else []), words][-self._turns :]
            self._kept[conversation] = (now, turns)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
            return list(turns)


class Answered:
    """Replies by message, so that one delivered twice, or replayed, is not answered anew."""

    def __init__(self, most: int = 5000, window: float = 3600.0, clock: Clock = time.monotonic):
        self._most, self._window, self._clock = most, window, clock
        self._kept: OrderedDict[str, tuple[float, str]] = OrderedDict()
        self._lock = threading.Lock()

    def reply_to(self, message: str) -> str | None:
        """Return what was replied to a message within the window."""
        with self._lock:
            replied = self._kept.get(message)
            return replied[1] if replied and self._clock() - replied[0] <= self._window else None

    def note(self, message: str, reply: str) -> None:
        """Remember a reply."""
        with self._lock:
            self._kept[message] = (self._clock(), reply)
            self._kept.move_to_end(message)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
