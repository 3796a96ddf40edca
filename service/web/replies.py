"""The JSON of search replies, put together from parts that do not change between queries.

A passage's text and citation read the same in every reply of one generation, so each is encoded once; the
result is what `schemas.SearchReply` would give, which tests/service/web/test_replies.py holds it to.
"""

from __future__ import annotations

from pydantic_core import to_json

from service.search import Hit, SearchResult
from service.web.schemas import Citation

__all__ = ["SearchReplies"]

_KEPT = 4096


class SearchReplies:
    """Writes search replies; keeps the encoded parts of the passages shown most lately."""

    def __init__(self) -> None:
        self._generation = ""
        self._parts: dict[str, tuple[bytes, bytes]] = {}

    def write(self, generation: str, query: str, result: SearchResult, took_ms: float) -> bytes:
        """Return the reply to a query answered from a generation."""
        if generation != self._generation or len(self._parts) > _KEPT:
            self._generation, self._parts = generation, {}
        hits = b",".join([self._hit(hit) for hit in result.hits])
        facets = {
            "court": [{"value": facet.value, "count": facet.count} for facet in result.courts],
            "year": [{"value": facet.value, "count": facet.count} for facet in result.years],
        }
        return b'{"query":%b,"took_ms":%b,"hits":[%b],"facets":%b}' % (
            to_json(query),
            to_json(round(took_ms, 3)),
            hits,
            to_json(facets),
        )

    def _hit(self, hit: Hit) -> bytes:
        name = hit.passage.id
        parts = self._parts.get(name)
        if parts is None:
            head = b',"passage_id":%b,"text":%b,"highlights":[' % (to_json(name), to_json(hit.passage.text))
            tail = b'],"citation":%b}' % Citation.of(hit.citation).model_dump_json().encode()
            parts = self._parts[name] = head, tail
        spans = ",".join([f'{{"start":{start},"end":{end}}}' for start, end in hit.highlights])
        return b'{"rank":%d,"score":%b%b%b%b' % (
            hit.rank,
            to_json(hit.score),
            parts[0],
            spans.encode(),
            parts[1],
        )
