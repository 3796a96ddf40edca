"""What chat adapters remember, and forget."""

from __future__ import annotations

from service.memory import Answered, Conversations


class Clock:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_turns_are_kept_by_conversation_the_last_few_only() -> None:
    kept = Conversations(turns=3)
    assert kept.with_turn("a", "1") == ["1"]
    assert kept.with_turn("b", "x") == ["x"]
    assert [kept.with_turn("a", str(n)) for n in (2, 3, 4)][-1] == ["2", "3", "4"]


def test_a_pause_begins_a_new_conversation() -> None:
    clock = Clock()
    kept = Conversations(pause=10, clock=clock)
    kept.with_turn("a", "1")
    clock.now = 10
    assert kept.with_turn("a", "2") == ["1", "2"]
    clock.now = 20.1
    assert kept.with_turn("a", "3") == ["3"]


def test_the_conversation_silent_longest_is_forgotten_first() -> None:
    kept = Conversations(most=2)
    for name in ("a", "b", "a", "c"):
        kept.with_turn(name, name)
    assert kept.with_turn("a", "x") == ["a", "a", "x"]
    assert kept.with_turn("b", "x") == ["x"]


def test_replies_are_remembered_within_the_window() -> None:
    clock = Clock()
    answered = Answered(most=2, window=10, clock=clock)
    assert answered.reply_to("m") is None
    answered.note("m", "r")
    assert answered.reply_to("m") == "r"
    clock.now = 10.1
    assert answered.reply_to("m") is None
    for message in ("x", "y", "z"):
        answered.note(message, message)
    assert [answered.reply_to(message) for message in ("x", "y", "z")] == [None, "y", "z"]
