"""Errors of a question rather than of the index: what was asked cannot be answered as asked."""

from __future__ import annotations

from indexer.errors import FawenError

__all__ = ["NotFoundError", "UnknownCourtError", "UnknownKnowledgeError"]


class UnknownCourtError(FawenError):
    """A filter names a court that no indexed report is of."""

    def __init__(self, name: str, known: list[str]):
        super().__init__(f"索引中没有法院“{name}”，现有：{'、'.join(known)} / no such court in the index")
        self.name, self.known = name, known


class NotFoundError(FawenError):
    """A report or source is asked for that is not in the index."""


class UnknownKnowledgeError(NotFoundError):
    """A knowledge set is asked for that no setting names."""

    def __init__(self, name: str, known: list[str]):
        super().__init__(
            f"没有名为“{name}”的模型或知识库，现有：{'、'.join(known)} / no such model or knowledge set"
        )
        self.name, self.known = name, known
