"""What an answer is: its text, the figures and courts behind it, and the citations that hold them."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.citations import Citation
from indexer.records import Court
from service.cited import CitedFact
from service.search import Hit

__all__ = ["Answer", "LedgerEntry"]


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """What one court states.

    `total` is our sum of the facts, None where they must not be added up; `value` is what the court is compared
    by: the sum, or the one figure of just what is asked for.
    """

    court: Court
    stated: bool
    facts: tuple[CitedFact, ...]
    total: float | None
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer; `similar` are facts of near wording, offered apart and counted in nothing."""

    question: str
    kind: str
    abstained: bool
    text: str
    facts: tuple[CitedFact, ...]
    similar: tuple[CitedFact, ...]
    courts: tuple[LedgerEntry, ...]
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
