"""What can go wrong with a model."""

__all__ = ["ModelError", "first_line"]


class ModelError(Exception):
    """A model cannot be loaded or used; the message says what was tried and what to do."""


def first_line(error: Exception) -> str:
    """Return the first line of an error's message, its kind where it has none."""
    return next(iter(str(error).strip().splitlines()), "") or type(error).__name__
