"""Which facts answer what a question asks for: by object, qualifiers, unit and act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from indexer.records import Fact, Report
from indexer.store import Store
from indexer.units import comparable_units, unit_kind
from service.asks import Ask, content_words
from service.cells import named, outdone
from service.fitting import (
    DIRECT,
    EXACT_UNIT,
    HEADLESS,
    acts_agree,
    acts_differ,
    any_share,
    counted_together,
    eligible,
    holds,
    loose_fit,
    near_wording,
    object_fit,
    other_act,
    other_unit,
    surroundings,
    term_share,
    unit_fit,
)
from service.lexicon import canonical, variants
from service.nearness import Nearness
from service.relevance import FactText, another_kind, read_fact, relevance, telling

__all__ = ["Match", "match_facts"]

CANDIDATES = 400
ACCEPTED = 0.6
"""Least fit of a fact's object to the one asked for; in between lie near wordings."""
QUALIFIED = 0.3
"""Least share of the qualifiers' terms that a fact's surroundings must hold."""
SHORTEST_RUN = 2
PLAIN_UNITS = frozenset("个 次 条 项 名 人 件 家 份 场 期 篇 部 人次".split())
COVERED_WITH_UNIT = 0.3
"""The same where the question names the fact's unit, and it is no everyday one (篇次, 艘次)."""
SPECIFIC = 4
"""Characters of an object that names its thing well enough without the question's other words."""
COVERED = 0.6
"""Least share of a question's own words that must stand around a fact found by its longest words alone."""
MARGIN = 0.4
"""How far below its court's best match a fact may lie and still answer."""
BEARING = 0.75
"""Share of its court's best relevance that a fact needs to answer too."""
ENOUGH = 0.28
"""Least share of an ask's words, by weight, around a fact that is found by words alone."""
LEAST_BEARING = 0.28
NEAR = 0.3
"""Weight of the similarity beside the relevance by words."""
NEAR_ENOUGH = 0.4
"""Cosine from which a figure is near enough whatever words it shares."""
AS_GOOD = 0.7
"""Share of the best relevance that another fact found by words alone needs."""
GLOBAL_MARGIN = 0.8
"""The same below the best match of all courts."""


@dataclass(frozen=True, slots=True)
class Match:
    """A fact and how well it fits what is asked.

    `direct` where it counts the object, `exact` where that is the head of what it counts, `agrees` where its
    act is the one asked about, `shared` where it counts that and others together, `similar`
    where its object is only a near wording, `by_words` where it was found by the words around it alone.
    """

    fact: Fact
    score: float
    direct: bool
    similar: bool
    shared: bool = False
    exact: bool = False
    agrees: bool = False
    by_words: bool = False


def match_facts(
    store: Store,
    ask: Ask,
    reports: Sequence[Report],
    number: float | None = None,
    beside: Fact | None = None,
    near: Nearness | None = None,
) -> list[Match]:
    """Return the facts of the reports that answer an ask, and those of near wording, best first.

    A fact answers if it counts an object asked for, stands among the qualifiers, and with every quoted name;
    unit and act decide between those that do. `beside` is the fact that answers the question's part before:
    facts of the same sentence are preferred. `near` tells the similarity of facts to the question: where none counts the
    object, the nearest in words and meaning are taken.
    """
    by_id = {report.id: report for report in reports}
    asked = " ".join([*ask.objects, ask.qualifiers, *ask.names])
    query = " ".join([canonical(asked), asked, *variants(asked)])
    candidates = {fact.id: fact for fact in store.find_facts(query, CANDIDATES, list(by_id))}
    for item in ask.objects:
        if len(item) == 1:
            _, more = store.facts(list(by_id), item, "", CANDIDATES, 0)
            candidates |= {fact.id: fact for fact in more}
    found = [
        match
        for fact in candidates.values()
        if (match := _match(ask, fact, by_id[fact.report_id], number, beside)) is not None
    ]
    cells = named(ask, candidates.values(), by_id)
    found = [match for match in found if match.fact.id not in cells] + [
        Match(fact, 1 + EXACT_UNIT, direct=True, similar=False, exact=True, agrees=True)
        for fact in candidates.values()
        if fact.id in cells and eligible(ask, fact, number) and _unit_allows(ask, fact)
    ]
    if not any(not match.similar for match in found):
        found = [_settled(match, ask) for match in found]
    owned = {_clause_place(match.fact) for match in found if match.direct}
    found = [
        match for match in found if match.direct or match.similar or _clause_place(match.fact) not in owned
    ]

    def court_of(match: Match) -> str:
        return by_id[match.fact.report_id].court.key

    certain = {court_of(match) for match in found if match.direct}
    settled = (_demoted(match, ask) if court_of(match) in certain else match for match in found)
    found = [match for match in settled if match is not None]
    best: dict[str, float] = {}
    for match in found:
        if not match.similar:
            court = court_of(match)
            best[court] = max(best.get(court, 0.0), match.score)
    top = max(best.values(), default=0.0)
    kept = [
        match
        for match in found
        if match.similar or match.score >= max(best[court_of(match)] - MARGIN, top - GLOBAL_MARGIN)
    ]
    if ask.whose == "area" and any(match.fact.role == "area" for match in kept if not match.similar):
        kept = [match for match in kept if match.similar or match.fact.role == "area"]
    if ask.whose != "area":
        kept = [_as_areas(match, by_id[match.fact.report_id].court.level) for match in kept]
    exact = {court_of(match) for match in kept if match.exact and not match.similar}
    kept = [
        match
        for match in kept
        if match.exact or match.similar or match.agrees or court_of(match) not in exact
    ]
    alone = {court_of(match) for match in kept if match.direct and not match.shared}
    kept = [match for match in kept if not match.shared or court_of(match) not in alone]
    beaten = outdone(ask, [match.fact for match in kept], by_id)
    kept = [match for match in kept if match.fact.id not in beaten]
    kept = _pruned(store, ask, reports, number, kept, near)
    return sorted(kept, key=lambda match: -match.score)


def _pruned(
    store: Store,
    ask: Ask,
    reports: Sequence[Report],
    number: float | None,
    kept: Sequence[Match],
    near: Nearness | None,
) -> list[Match]:
    """Leave out of each court's matches those that bear on the ask much less than its best.

    Where there is none, take what holds most of the ask's words, if that is enough of them.
    """
    by_id = {report.id: report for report in reports}
    words = " ".join([ask.words, *ask.objects, ask.qualifiers, *ask.names])
    query = " ".join([words, canonical(words), *variants(words)])
    known = {fact.id: fact for fact in store.find_facts(query, CANDIDATES, list(by_id))}
    known |= {match.fact.id: match.fact for match in kept}
    texts = {fact.id: read_fact(fact, by_id[fact.report_id]) for fact in known.values()}
    size, _ = store.facts(list(by_id), "", "", 0, 0)
    weight = telling(list(texts.values()), max(size, len(texts)))
    answering = [match for match in kept if not match.similar]
    if not answering:
        elsewhere = len(reports) < len(store.reports()) and _stated_elsewhere(store, ask, number)
        if not elsewhere and near is not None:
            _, every = store.facts(list(by_id), "", "", CANDIDATES, 0)
            texts |= {
                fact.id: read_fact(fact, by_id[fact.report_id]) for fact in every if fact.id not in texts
            }
        found = [] if elsewhere else _by_relevance(ask, number, texts, weight, near)
        return [*kept, *(found or _by_longest_words(store, ask, reports, number))]
    if not (ask.qualifiers or ask.names):
        return list(kept)
    rated = {match.fact.id: relevance(ask, texts[match.fact.id], weight) for match in answering}
    best: dict[str, tuple[float, float]] = {}
    for match in answering:
        court, rating = by_id[match.fact.report_id].court.key, rated[match.fact.id]
        score, qualified = best.get(court, (0.0, 0.0))
        best[court] = max(score, rating.score), max(qualified, rating.qualified)

    def bears(match: Match) -> bool:
        score, qualified = best[by_id[match.fact.report_id].court.key]
        rating = rated[match.fact.id]
        return rating.score >= BEARING * score and rating.qualified >= BEARING * qualified

    return [match for match in kept if match.similar or bears(match)]


def _stated_elsewhere(store: Store, ask: Ask, number: float | None) -> bool:
    """Tell whether any report states just what is asked for: then its wording is known, and silence is silence."""
    by_id = {report.id: report for report in store.reports()}
    asked = " ".join(ask.objects)
    found = store.find_facts(" ".join([canonical(asked), asked, *variants(asked)]), CANDIDATES, list(by_id))
    matches = (_match(ask, fact, by_id[fact.report_id], number, None) for fact in found)
    return any(match is not None and match.exact for match in matches)


def _by_relevance(
    ask: Ask,
    number: float | None,
    texts: Mapping[str, FactText],
    weight: Mapping[str, float],
    near: Nearness | None,
) -> list[Match]:
    if not ask.counted or not (ask.words.strip() or near):
        return []
    possible = [
        text
        for text in texts.values()
        if eligible(ask, text.fact, number)
        and not acts_differ(ask, text.fact)
        and not other_act(ask, text.fact)
        and not any(another_kind(item, text) for item in ask.objects)
        and not (ask.unit and not comparable_units(text.fact.unit, ask.unit))
    ]
    cosines = near([text.fact for text in possible]) if near else [0.0] * len(possible)
    rated = [
        (rating.score + NEAR * max(0.0, cosine), text.fact)
        for text, cosine in zip(possible, cosines, strict=True)
        for rating in [relevance(ask, text, weight)]
        if (rating.covered >= ENOUGH and rating.score >= LEAST_BEARING) or cosine >= NEAR_ENOUGH
    ]
    top = max((score for score, _ in rated), default=0.0)
    return [
        Match(fact, score, direct=False, similar=False, by_words=True)
        for score, fact in rated
        if score >= AS_GOOD * top
    ]


def _as_areas(match: Match, level: str) -> Match:
    """Take a figure of all courts of a city or county as a near one: its court's own was asked for.

    High courts report on their province as their own work.
    """
    apart = match.fact.role == "area" and not match.similar and level not in {"高级", "最高"}
    return replace(match, score=match.score - 2, similar=True, direct=False, exact=False) if apart else match


def _by_longest_words(store: Store, ask: Ask, reports: Sequence[Report], number: float | None) -> list[Match]:
    """Return the facts whose objects share the longest run of characters with the question's own words.

    For questions whose object cannot be told from their verbs: 志愿服务搞了几次 names 志愿服务 all the same.
    """
    by_id = {report.id: report for report in reports}
    words, asked = canonical(ask.words), content_words(canonical(ask.words))
    found: list[tuple[int, Match]] = []
    for fact in store.find_facts(" ".join([words, ask.words, *variants(ask.words)]), CANDIDATES, list(by_id)):
        if not eligible(ask, fact, number):
            continue
        _, around = surroundings(fact, by_id[fact.report_id])
        unit = unit_fit(fact.unit, ask.unit) if ask.unit else 0.0
        telling = ask.unit is not None and fact.unit == ask.unit and ask.unit not in PLAIN_UNITS
        if term_share(asked, f"{around} {canonical(around)}") < (COVERED_WITH_UNIT if telling else COVERED):
            continue
        if unit < 0 or not all(holds(around, name) for name in ask.names) or acts_differ(ask, fact):
            continue
        run = _longest_run(words, canonical(fact.object))
        if run >= SHORTEST_RUN:
            score = 0.5 + 0.1 * run + unit + 0.3 * term_share(ask.words, around)
            found.append((run, Match(fact, score, direct=True, similar=False, by_words=True)))
    longest = max((run for run, _ in found), default=0)
    return [match for run, match in found if run >= 0.75 * longest]


def _longest_run(words: str, text: str) -> int:
    return SequenceMatcher(None, words, text, autojunk=False).find_longest_match().size


def _settled(match: Match, ask: Ask) -> Match:
    """Take a fact that counts just what is asked, though the question's other words stand nowhere near it."""
    wanted = {canonical(item) for item in ask.objects if len(item) >= SPECIFIC}
    if not match.similar or ask.names or canonical(match.fact.object) not in wanted:
        return match
    return replace(match, score=match.score + 2, direct=True, similar=False, exact=True)


def _demoted(match: Match, ask: Ask) -> Match | None:
    """Return a match of a court that has certain ones: a loose one only as a near wording, if it is one."""
    if match.direct or match.similar:
        return match
    return replace(match, score=match.score - 2, similar=True) if near_wording(ask, match.fact) else None


def _unit_allows(ask: Ask, fact: Fact) -> bool:
    return ask.unit is None or unit_fit(fact.unit, ask.unit) >= 0


def _clause_place(fact: Fact) -> tuple[str, int, str]:
    return fact.report_id, fact.paragraph, fact.clause


def _match(ask: Ask, fact: Fact, report: Report, number: float | None, beside: Fact | None) -> Match | None:
    if not eligible(ask, fact, number):
        return None
    sentence, around = surroundings(fact, report)
    if not all(holds(around, name) for name in ask.names):
        return None
    unit = 0.0
    if ask.unit is not None:
        unit = unit_fit(fact.unit, ask.unit)
        kinds = {unit_kind(ask.unit), unit_kind(fact.unit)}
        if len(kinds) == 2 and kinds & {"share", "money", "time"}:
            return None
    if ask.inherited and (unit < 0 or (beside is not None and fact.id == beside.id)):
        return None
    near_words = f"{fact.object} {fact.clause}"
    close = any_share(ask.qualifiers, near_words)
    qualified = max(close, 0.6 * any_share(ask.qualifiers, around)) if ask.qualifiers else 0.5
    direct = max((object_fit(item, fact) for item in ask.objects), default=0.0)
    if DIRECT <= direct <= HEADLESS and (other_act(ask, fact) or other_unit(ask, fact)):
        direct = 0.0
    elsewhere = direct == 0.0 and other_act(ask, fact)
    loose = (
        0.0
        if elsewhere
        else max((loose_fit(item, ask, fact, sentence, close) for item in ask.objects), default=0.0)
    )
    fit = max(direct, loose)
    named = 0.6 * sum(holds(near_words, name) for name in ask.names)
    same_sentence = (
        beside is not None and beside.report_id == fact.report_id and holds(sentence, beside.clause)
    )
    score = fit + 0.5 * qualified + unit + named + 0.6 * same_sentence + 0.15 * acts_agree(ask, fact)
    if acts_differ(ask, fact):
        return None
    if (
        fit >= ACCEPTED
        and unit >= 0
        and (same_sentence or not ask.qualifiers or any_share(ask.qualifiers, around) >= QUALIFIED)
    ):
        return Match(
            fact,
            score,
            direct >= DIRECT,
            similar=False,
            shared=counted_together(ask, fact),
            exact=direct > HEADLESS,
            agrees=acts_agree(ask, fact),
        )
    qualifies = not ask.qualifiers or any_share(ask.qualifiers, around) >= QUALIFIED
    near = unit >= 0 and (direct > HEADLESS or (qualifies and near_wording(ask, fact)))
    return Match(fact, score - 2, direct=False, similar=True) if near else None
