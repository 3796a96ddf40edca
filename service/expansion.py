"""Query expansion for the lexical side: other wordings of the genre, and Chinese ones of an English query.

docs/retrieval.md compares the weights.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache

from indexer.lexical import Concept, Query
from indexer.text import fold, has_han, terms
from models.translation import builtin_translations
from service.english_lexicon import in_chinese_at
from service.lexicon import in_report_words, variants_at

__all__ = ["expanded", "in_chinese_wordings", "lexical_query"]

SAME_WEIGHT = 0.6
"""Weight of another wording of the same thing beside the one asked with."""
REPORT_WEIGHT = 0.3
"""Weight of the words in which reports speak of what is asked in everyday ones."""

_WORD = re.compile(r"[a-z]+|\d+(?:[.,]\d+)*")
_FUNCTION_WORDS = frozenset(
    """a about all also am an and any are as at be been by can could did do does for from had has have how i in into
    is it its many me much my no not of on or our s shall should so some t than that the their them then there these
    they this those to us was we were what when where which who whom whose why will with would you your""".split()
)


@lru_cache(1024)
def expanded(query: str) -> Query:
    """Return a query with Chinese characters and what the lexicon of the genre has for it; unchanged without any."""
    text = fold(query)
    same = [found for found in variants_at(text) if found[2]]
    report_words = in_report_words(query)
    if not same and not report_words:
        return query
    found: list[Concept] = []
    for start, end, others in same:
        found.append(((text[start:end], 1.0), *((other, SAME_WEIGHT) for other in others)))
    whole = {(start, end) for start, end, _ in same}
    found += [((term, 1.0),) for term, start, end in terms(query) if (start, end) not in whole]
    found += [((term, REPORT_WEIGHT),) for term, _, _ in terms(report_words)]
    return tuple(dict.fromkeys(found))


@lru_cache(1024)
def in_chinese_wordings(query: str) -> tuple[Concept, ...]:
    """Return what an English query asks for in Chinese wordings.

    A term of the genre's lexicon counts in full, term by term. Any other word counts as itself or as one of its
    translations, each by the square root of its probability.
    """
    found: list[Concept] = []
    rest, last = [], 0
    for start, end, words in in_chinese_at(query):
        found += [((term, 1.0),) for term, _, _ in terms(words)]
        rest.append(query[last:start])
        last = end
    rest.append(query[last:])
    table = builtin_translations()
    for word in dict.fromkeys(_WORD.findall(fold(" ".join(rest)))):
        if word not in _FUNCTION_WORDS:
            found.append(((word, 1.0), *((meaning, math.sqrt(chance)) for meaning, chance in table.of(word))))
    found += [((term, REPORT_WEIGHT),) for term, _, _ in terms(in_report_words(query))]
    return tuple(dict.fromkeys(found))


def lexical_query(query: str) -> tuple[Query, bool]:
    """Return what the lexical side looks up for a query, and whether that is in another language than the query's."""
    if has_han(query) or not any(map(str.isalpha, query)):
        return expanded(query), False
    return in_chinese_wordings(query), True
