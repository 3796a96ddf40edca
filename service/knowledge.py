"""Named parts of the index, as the settings define them."""

from __future__ import annotations

from collections.abc import Mapping

from service.errors import UnknownKnowledgeError
from service.search import Filters
from service.settings import WHOLE_INDEX, KnowledgeSet

__all__ = ["filters_of", "names"]


def names(sets: Mapping[str, KnowledgeSet]) -> list[str]:
    """Return the names of all knowledge sets, the whole index first."""
    return [WHOLE_INDEX, *sets]


def filters_of(sets: Mapping[str, KnowledgeSet], name: str) -> Filters:
    """Return what a knowledge set is limited to. Raises UnknownKnowledgeError for one that is not defined."""
    if name == WHOLE_INDEX:
        return Filters()
    if name not in sets:
        raise UnknownKnowledgeError(name, names(sets))
    return Filters(court=sets[name].court, year=sets[name].year)
