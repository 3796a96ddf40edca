"""What a worded answer may say: the cited words of an answer, whose they are, and what follows from them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from indexer.records import Court
from indexer.text import has_han
from service.answers import Answer
from service.figures import ungrouped
from service.polarity import under_plans

__all__ = ["HEADLINE", "Evidence", "Grounds", "Total", "citable", "court_names", "grounds_of"]

HEADLINE = re.compile(r"^【[^】]{1,12}】")
"""A label in brackets that heads a paragraph, which is no part of what its figures count."""

_AT_LEAST = re.compile(r"不(?:少|低)于")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One citation: the court by its key, its year, its words, the matter and headings that they stand under.

    `planned`: it tells of what is yet to be done. `headings` are those of its sections alone; `lead` is what its words begin with before the clause that states its figures.
    """

    number: int
    court: str
    year: int | None
    quote: str
    around: str
    headings: str = ""
    matter: str = ""
    lead: str = ""
    planned: bool = False

    @property
    def of_plans(self) -> bool:
        """Tell whether it may be told as what is yet to be done: it is, or stands under a heading of such."""
        return self.planned or under_plans(self.headings)


@dataclass(frozen=True, slots=True)
class Total:
    """A sum that the answer gives: of which court, in which unit, and the citations of what was added up."""

    court: str
    value: float
    unit: str
    of: frozenset[int]


@dataclass(frozen=True, slots=True)
class Grounds:
    """Everything a sentence may rest on. `names` are the courts' names with their keys, longest first; `values` are
    what courts are compared by, `question` what was asked.
    """

    evidence: tuple[Evidence, ...]
    names: tuple[tuple[str, frozenset[str]], ...]
    totals: tuple[Total, ...]
    values: tuple[tuple[str, float], ...]
    courts: tuple[Court, ...] = ()
    question: str = ""


def citable(answer: Answer) -> frozenset[int]:
    """Return the numbers of what a worded answer may cite: all that the answer does, in English what states a figure.

    What a passage tells cannot be checked word by word in another language.
    """
    if has_han(answer.question):
        return frozenset(range(1, len(answer.citations) + 1))
    return frozenset(fact.number for fact in (*answer.facts, *answer.similar))


def grounds_of(answer: Answer, courts: Iterable[Court]) -> Grounds:
    """Gather the grounds of an answer; `courts` are those of the index, so that another court's name is noticed."""
    known = list(courts)
    matters: dict[int, list[str]] = {}
    for fact in (*answer.facts, *answer.similar):
        matters.setdefault(fact.number, []).extend(
            ungrouped(HEADLINE.sub("", words))
            for words in (fact.fact.context, fact.fact.object, fact.fact.clause)
        )
    clauses = {fact.number: _packed(fact.fact.clause) for fact in reversed((*answer.facts, *answer.similar))}
    planned = {
        fact.number
        for fact in (*answer.facts, *answer.similar)
        if fact.fact.role == "plan" and not _AT_LEAST.search(fact.fact.clause)
    }
    allowed = citable(answer)
    keys = {(court.name, court.aliases): court.key for court in known}
    evidence = tuple(
        Evidence(
            number,
            keys.get((citation.court, citation.court_aliases), citation.court),
            citation.year,
            _packed(citation.quote),
            " ".join((*matters.get(number, ()), *citation.section_path, citation.report_title)),
            " ".join(citation.section_path),
            " ".join(matters.get(number, ())),
            _packed(citation.quote).partition(clauses[number])[0] if number in clauses else "",
            number in planned,
        )
        for number, citation in enumerate(answer.citations, 1)
        if number in allowed
    )
    return Grounds(
        evidence,
        court_names(known),
        tuple(
            Total(
                entry.court.key,
                entry.total,
                entry.facts[0].fact.unit,
                frozenset(fact.number for fact in entry.facts),
            )
            for entry in answer.courts
            if entry.total is not None and len(entry.facts) > 1
        ),
        tuple((entry.court.key, entry.value) for entry in answer.courts if entry.value is not None),
        tuple(known),
        answer.question,
    )


def _packed(words: str) -> str:
    return ungrouped("".join(words.split()))


def court_names(courts: Iterable[Court]) -> tuple[tuple[str, frozenset[str]], ...]:
    """Return every name of the courts with the keys of those that have it, longest first."""
    found: dict[str, set[str]] = {}
    for court in courts:
        for name in (court.name, court.key, *court.aliases):
            found.setdefault(name, set()).add(court.key)
    ordered = sorted(found.items(), key=lambda pair: -len(pair[0]))
    return tuple((name, frozenset(keys)) for name, keys in ordered)
