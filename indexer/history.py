"""Several versions of one report: the newest counts, the older ones are history."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from indexer.records import Report, Source
from indexer.text import squeeze

__all__ = ["Superseded", "newest"]

SAME = 0.5
"""Share of the shorter version's words that must stand in the longer one too; two courts' reports share far less."""
_SHINGLE = 8
_VERSION = re.compile(
    r"[（(【\[]?(?:修订|修改|修正|更正|最终|终审|送审|征求意见|审议|定|终|初|草|正式)(?:版|稿|本)?[】\]）)]?|[_ -]?[vV]\d+(?:\.\d+)*|第[一二三四五]稿"
)
_LATER = (("草", "初", "征求意见"), ("送审", "审议"), ("修订", "修改", "修正", "更正"), ("定", "终", "正式"))


@dataclass(frozen=True, slots=True)
class Superseded:
    """A report that a newer version of it replaces, by the names of their sources."""

    title: str
    source: str
    by: str


def newest(
    reports: Sequence[Report], sources: Mapping[str, Source]
) -> tuple[list[Report], list[Superseded], list[str]]:
    """Return the reports that count, those that a newer version replaces, and warnings of reports that stand twice.

    Versions have the same court, year and title and mostly the same words. Newer is what its name calls so
    (修订稿 after 送审稿 after 初稿, v2 after v1), else the file changed last, else the one read last.
    """
    kept: dict[tuple[str, int | None, str], list[Report]] = {}
    gone: dict[str, Report] = {}
    warnings: list[str] = []
    for report in reports:
        same = kept.setdefault((report.court.key, report.year, _VERSION.sub("", report.title)), [])
        rival = next((other for other in same if _versions(report, other)), None)
        if rival is not None:
            older, newer = (
                (rival, report) if _age(report, sources) >= _age(rival, sources) else (report, rival)
            )
            gone[older.id] = newer
            same[same.index(rival)] = newer
            continue
        if same:
            warnings.append(
                f"{sources[report.source_id].name}: 与 {sources[same[0].source_id].name} 是同一法院同一年度的同名报告，"
                "内容不同，数字会重复计算，请只留一份 / the same report twice"
            )
        same.append(report)
    replaced = []
    for report in reports:
        if report.id in gone:
            newer = gone[report.id]
            while newer.id in gone:
                newer = gone[newer.id]
            names = sources[report.source_id].name, sources[newer.source_id].name
            replaced.append(Superseded(report.title, *names))
            warnings.append(
                f"{names[0]}: 与 {names[1]} 是同一报告的不同版本，以较新的 {names[1]} 为准，本版只存作历史"
                " / the same report twice: the newer version is used"
            )
    return [report for report in reports if report.id not in gone], replaced, warnings


def _versions(one: Report, other: Report) -> bool:
    if one.source_id == other.source_id:
        return False
    shingles = sorted((_shingles(one), _shingles(other)), key=len)
    return len(shingles[0] & shingles[1]) >= SAME * len(shingles[0]) > 0


def _shingles(report: Report) -> set[str]:
    text = squeeze("".join(paragraph.text for paragraph in report.paragraphs))
    return {text[at : at + _SHINGLE] for at in range(max(1, len(text) - _SHINGLE + 1))}


def _age(report: Report, sources: Mapping[str, Source]) -> tuple[int, tuple[int, ...], float]:
    source = sources[report.source_id]
    stem = PurePosixPath(source.name).stem
    called = _VERSION.findall(stem)
    stage = max(
        (
            place
            for place, words in enumerate(_LATER, 1)
            for word in words
            if any(word in name for name in called)
        ),
        default=0,
    )
    number = re.search(r"[vV](\d{1,9}(?:\.\d{1,9})*)(?![\w])", stem)
    version = tuple(int(part) for part in number[1].split(".")) if number else ()
    return stage, version, source.modified
