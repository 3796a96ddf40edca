"""What can go wrong with a model."""

__all__ = ["ModelError"]


class ModelError(Exception):
    """A model cannot be loaded or used; the message says what was tried and what to do."""
