"""Queries that differ from each other and fit a corpus: phrases of its own words, asked in several ways."""

from __future__ import annotations

import random
import re

from service.engine import Engine

__all__ = ["different_queries"]

_FORMS = ("{}", "{}有多少", "各院{}情况", "{}怎么做的", "关于{}的措施", "哪家法院{}")


def different_queries(engine: Engine, count: int, seed: int = 7) -> list[str]:
    """Return `count` different queries made of clauses of the indexed passages."""
    draw = random.Random(seed)
    clauses = [
        clause
        for row in range(len(engine.store))
        for clause in re.split(r"[，。；：、！？]", engine.store.passage(row).text)
        if len(clause) >= 4
    ]
    found: dict[str, None] = {}
    while len(found) < count:
        clause = draw.choice(clauses)
        length = min(len(clause), draw.randint(4, 14))
        start = draw.randrange(len(clause) - length + 1)
        found[draw.choice(_FORMS).format(clause[start : start + length])] = None
    return list(found)
