"""One report over several files: parts that their names, or a sidecar, call so, and whose text goes on.

Each part stays a report of its own file, so that citations quote that file; title, court and year are the first
part's, and headings open at a part's end stand above the next part's text.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from indexer.numbering import PLAIN_RANK, numbered
from indexer.numerals import han_value
from indexer.records import Report, Section, Source

__all__ = ["joined", "part_of"]

_HAN = "[一二三四五六七八九十]{1,3}"
_MARK = re.compile(
    rf"[\s_\-—·.]*(?:[（(【\[](?P<bracketed>\d{{1,2}}|{_HAN}|[上中下])[）)】\]]"
    rf"|(?:第(?P<named>\d{{1,2}}|{_HAN})(?:部分|分册|册|卷)|之(?P<nth>{_HAN}))"
    r"|[_\-—\s](?:part|p|部分)?\s*(?P<trailing>\d{1,2})|(?<=[^\d\s_\-—])(?P<half>[上中下])(?:[册篇卷]|半?部分)?)$",
    re.IGNORECASE,
)
_REMEDY = "请改文件名，或在 fawen.toml 中写明 title 与 part"


@dataclass(frozen=True, slots=True)
class _Part:
    number: int
    report: Report
    source: Source
    stated: bool

    @property
    def goes_on(self) -> bool:
        """Tell whether the file has no title of its own, or the report's with the mark of a later part."""
        line = self.source.text[self.report.start :].lstrip().split("\n", 1)[0].strip()
        called = part_of(line)
        return not self.report.titled or (self.number > 1 and called is not None and called[1] == self.number)


def part_of(name: str) -> tuple[str, int] | None:
    """Return the name that a part's name is made of and the part's number; None for what is called no part.

    上 and 下 are 1 and 2; with 中 between them 下 is 3, which only the other parts tell.
    """
    found = _MARK.search(name)
    if found is None or not name[: found.start()].strip():
        return None
    written = next(text for text in found.groups() if text)
    halves = {"上": 1, "中": 2, "下": 2}
    number = halves.get(written) or (int(written) if written.isdigit() else int(han_value(written) or 0))
    return (name[: found.start()].strip(), number) if number else None


def joined(reports: Sequence[Report], sources: Mapping[str, Source]) -> tuple[list[Report], list[str]]:
    """Return the reports with the parts of one joined, and warnings of files that seem parts but do not fit.

    Those stay reports by themselves, so that nothing of them is lost.
    """
    warnings: list[str] = []
    replaced: dict[str, Report] = {}
    for group in _groups(reports, sources):
        fault = _fault(group)
        if fault:
            warnings += [
                f"{part.source.name}: {fault}，没有合成一份，按单独的报告入库；{_REMEDY}" for part in group
            ]
        else:
            replaced |= {part.id: part for part in _one(group)}
    return [replaced.get(report.id, report) for report in reports], warnings


def _groups(reports: Sequence[Report], sources: Mapping[str, Source]) -> list[list[_Part]]:
    """Return the groups of files that are meant as one report, each in the order of its numbers."""
    groups: dict[tuple[str, str], list[_Part]] = {}
    for report in reports:
        if report.number != 1:
            continue
        source = sources[report.source_id]
        path = PurePosixPath(source.name)
        stated = source.told.part
        named = (source.told.title, stated) if stated else part_of(path.stem)
        if named is not None:
            part = _Part(_third(path.stem, named[1], sources), report, source, bool(stated))
            groups.setdefault((path.parent.as_posix(), named[0]), []).append(part)
    meant = []
    for group in groups.values():
        group.sort(key=lambda part: part.number)
        if len(group) > 1 and any(part.stated or part.goes_on for part in group[1:]):
            meant.append(group)
    return meant


def _third(stem: str, number: int, sources: Mapping[str, Source]) -> int:
    """Return 3 for the last of 上 中 下."""
    found = _MARK.search(stem)
    if found is None or "下" not in (found["half"], found["bracketed"]):
        return number
    middle = stem[: found.start()] + found[0].replace("下", "中")
    return 3 if any(PurePosixPath(source.name).stem == middle for source in sources.values()) else number


def _fault(group: Sequence[_Part]) -> str:
    """Return why a group is not one report, "" where it is."""
    numbers = [part.number for part in group]
    for number in numbers:
        if numbers.count(number) > 1:
            names = "、".join(part.source.name for part in group if part.number == number)
            return f"{names} 都是第{number}部分 / the same part twice"
    missing = [str(number) for number in range(1, numbers[-1] + 1) if number not in numbers]
    if missing:
        return f"缺第{'、'.join(missing)}部分 / parts are missing"
    if all(part.stated for part in group):
        return ""
    own = [part.source.name for part in group[1:] if not part.goes_on]
    if own:
        return f"{'、'.join(own)} 另有标题，不是续篇 / has a title of its own"
    for before, after in itertools.pairwise(group):
        if not _numbering_goes_on(before.report, after.report):
            return f"{after.source.name} 的序号不接 {before.source.name} / the numbering does not go on"
    return ""


def _numbering_goes_on(before: Report, after: Report) -> bool:
    """Tell whether the first heading of a part is not one that the part before has been past already."""
    if not after.sections or not before.sections:
        return True
    first = after.sections[0]
    number = _number(first.title)
    last = next(
        (_number(section.title) for section in reversed(before.sections) if section.rank == first.rank), 0
    )
    outer = any(section.rank < first.rank for section in before.sections)
    return not number or not last or number == last + 1 or (number == 1 and outer)


def _number(title: str) -> int:
    mark = numbered(title)
    if mark is None or mark.rank >= PLAIN_RANK:
        return 0
    found = re.search(r"\d+|[一二三四五六七八九十百]+", title[: mark.words])
    if found is None:
        return 0
    return int(found[0]) if found[0].isdigit() else int(han_value(found[0]) or 0)


def _one(group: Sequence[_Part]) -> list[Report]:
    """Return the parts as one report's: its title, court and year, and the headings that they stand under."""
    first = group[0].report
    called = part_of(first.title)
    title = group[0].source.told.title or (called[0] if called else first.title)
    parts: list[Report] = []
    for part in group:
        report = replace(
            part.report,
            title=f"{title}（第{part.number}部分）",
            court=first.court,
            year=first.year,
            genre=first.genre,
        )
        parts.append(_under(parts[-1], report) if parts else report)
    return parts


def _under(before: Report, report: Report) -> Report:
    """Put the headings open at the end of the part before above a part; they are empty places at its beginning."""
    open_ones: list[Section] = []
    at = len(before.sections) - 1 if before.sections else None
    while at is not None:
        open_ones.insert(0, before.sections[at])
        at = before.sections[at].parent
    carried = [
        replace(section, start=report.start, end=report.start, parent=place - 1 if place else None)
        for place, section in enumerate(open_ones)
    ]
    shift = len(carried)

    def above(section: Section) -> int | None:
        outer = [place for place, other in enumerate(carried) if other.rank < section.rank]
        return outer[-1] if outer else None

    own = [
        replace(section, parent=above(section) if section.parent is None else section.parent + shift)
        for section in report.sections
    ]
    paragraphs = [
        replace(
            paragraph,
            section=(shift - 1 if shift else None)
            if paragraph.section is None
            else paragraph.section + shift,
        )
        for paragraph in report.paragraphs
    ]
    return replace(report, sections=(*carried, *own), paragraphs=tuple(paragraphs))
