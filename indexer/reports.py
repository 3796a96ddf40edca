"""From a source to its reports: whose they are, of which year, with sections and paragraphs."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from indexer.courts import court_of, name_in_title, self_name
from indexer.lines import Block, Kind, blocks
from indexer.numbering import IN_TEXT_RANK, PLAIN_RANK
from indexer.records import Paragraph, Report, Section, Source
from indexer.titles import bare_title, genre_of, is_court_line, year_of

__all__ = ["parse"]

_LONGEST_LEAD = 44
_LONGEST_PLAIN_LEAD = 26
_LEAD_END = re.compile(r"[。：:]")
_LABEL = re.compile(
    r"[【\[]?((?:问题|具体|主要)表现|(?:存在|反馈|主要)问题|问题描述|(?:原因|问题)分析|产生原因"
    r"|整改(?:落实|完成|进展)?(?:情况|措施|结果|成效|进展|目标|任务|要求|时限|责任人|责任单位|责任部门)"
    r"|(?:落实|进展|完成|办理)情况|(?:工作|取得)成效|责任(?:单位|部门|领导|人)|完成时限|下一步(?:措施|打算|安排|工作))"
    r"[】\]]?(?:[：:]|(?<=[】\]]))"
)
"""What the parts of an item are called where problems and what was done about them are told one after another."""
_LABEL_RANK = 68
_CLOSING = re.compile(
    r"^(?:20\d{2}年(?:以来|来|度)?[，,]|今年以来|一年来|过去(?:的)?一年|总的来看|总体(?:来)?看|回顾|在(?:认真|充分)?(?:总结|肯定)"
    r"|认真总结|同时[，,]?(?:也|我们|还|工作)|但(?:也|与|仍|是)|对此|下一步|下一阶段|今后|新的一年|展望|以上|各位)"
)
_INNER_ITEM = re.compile(r"^(?:[一二三四五六七八九十]{1,3}(?:是|要)|第[一二三四五六七八九十]{1,3}[，,])")


def parse(source: Source) -> list[Report]:
    """Split a source into reports; text before the first title belongs to the first report."""
    markdown = PurePosixPath(source.name).suffix.lower() in {".md", ".markdown"}
    drafts: list[_Draft] = []
    waiting: list[Block] = []
    for block in blocks(source.text, markdown, source.layout):
        if _opens_report(block, drafts, waiting, markdown):
            drafts.append(_Draft(title=block, blocks=waiting))
            waiting = []
        elif drafts:
            drafts[-1].blocks.append(block)
        else:
            waiting.append(block)
    if waiting:
        drafts.append(_Draft(title=None, blocks=waiting))
    return [draft.report(source, number) for number, draft in enumerate(drafts, 1)]


def _opens_report(block: Block, drafts: Sequence[_Draft], waiting: Sequence[Block], markdown: bool) -> bool:
    if block.kind is Kind.TITLE:
        return True
    first_heading = markdown and not drafts and not waiting and block.number is not None
    return (
        first_heading and block.kind is Kind.HEADING and block.rank == 1 and genre_of(block.text) is not None
    )


@dataclass
class _Draft:
    """A report while its blocks are gathered."""

    title: Block | None
    blocks: list[Block] = field(default_factory=list)

    def report(self, source: Source, number: int) -> Report:
        body = [block for block in self.blocks if block.kind is not Kind.FRONT]
        front = [block.text for block in self.blocks if block.kind is Kind.FRONT]
        opening = "".join(block.text for block in body[:3] if block.kind is Kind.PARAGRAPH)[:800]
        stem = PurePosixPath(source.name).stem
        told = source.told
        title = told.title or (bare_title(self.title.text) if self.title else _title_without_line(body, stem))
        announced = told.court or name_in_title(title) or next(filter(None, map(name_in_title, front)), None)
        announced = announced or name_in_title(stem) or _signature(body)
        own = self_name(opening, announced)
        if not announced and told.court_else:
            fitting = self_name(opening, told.court_else)
            if own is None or fitting is not None:
                announced, own = told.court_else, fitting
        court = court_of(announced, own)
        sections, paragraphs = _outline(body)
        ends = [block.end for block in self.blocks]
        starts = [block.start for block in self.blocks]
        start = self.title.start if self.title else min(starts)
        headings = [section.title for section in sections]
        return Report(
            id=f"{source.id}-{number}",
            source_id=source.id,
            number=number,
            title=title,
            genre=genre_of(title) or "报告",
            court=court,
            year=told.year or year_of(title, front, opening, headings) or _year_in_name(stem),
            start=min([start, *starts]),
            end=max([self.title.end if self.title else start, *ends]),
            sections=tuple(sections),
            paragraphs=tuple(paragraphs),
            repairs=sum(block.repairs for block in self.blocks if block.kind is Kind.PARAGRAPH),
            titled=self.title is not None,
        )


def _title_without_line(body: Sequence[Block], stem: str) -> str:
    first = body[0] if body else None
    if first and first.kind is Kind.HEADING and len(first.text) <= 60 and genre_of(first.text):
        return bare_title(first.text)
    return stem


def _signature(body: Sequence[Block]) -> str | None:
    """Return the court that signs a report whose title names none."""
    signed = [block.text for block in body[-3:] if is_court_line(block.text)]
    return name_in_title(signed[-1]) if signed else None


def _year_in_name(stem: str) -> int | None:
    found = re.search(r"(?<!\d)(20\d{2})(?!\d)", stem)
    return int(found[1]) if found else None


def _outline(found: Sequence[Block]) -> tuple[list[Section], list[Paragraph]]:
    """Turn blocks into nested sections and paragraphs; a heading with nothing under it is a paragraph."""
    heads = {i for i, block in enumerate(found) if block.kind is Kind.HEADING and _heads_something(found, i)}
    ends = _section_ends(found, heads)
    sections: list[Section] = []
    stack: list[int] = []
    paragraphs: list[Paragraph] = []
    leads: list[tuple[int, str]] = []
    plain_leads = _plain_leads_used(found)
    ahead = _Ahead(found, heads)
    for i, block in enumerate(found):
        if i in heads:
            while stack and sections[stack[-1]].rank >= block.rank:
                stack.pop()
            title = block.text[block.number.words :] if block.number and block.number.markdown else block.text
            sections.append(
                Section(title.rstrip("。：:"), block.rank, block.start, ends[i], stack[-1] if stack else None)
            )
            stack.append(len(sections) - 1)
            leads = []
            continue
        lead = _lead(block, plain=plain_leads and bool(stack))
        if lead is not None:
            leads = [*(old for old in leads if old[0] < lead[0]), lead]
        elif leads and not ahead.continues(i, leads[-1][0]):
            leads = []
        paragraphs.append(
            Paragraph(
                number=len(paragraphs) + 1,
                section=stack[-1] if stack else None,
                leads=tuple(text for _, text in leads),
                text=block.text,
                start=block.start,
                end=block.end,
                pieces=block.pieces,
            )
        )
    return sections, paragraphs


def _heads_something(found: Sequence[Block], at: int) -> bool:
    after = found[at + 1] if at + 1 < len(found) else None
    if after is None:
        return False
    return after.kind is not Kind.HEADING or after.rank > found[at].rank


def _section_ends(found: Sequence[Block], heads: set[int]) -> dict[int, int]:
    ends: dict[int, int] = {}
    open_heads: list[int] = []
    for i, block in enumerate(found):
        if i in heads:
            while open_heads and found[open_heads[-1]].rank >= block.rank:
                ends[open_heads.pop()] = found[i - 1].end
            open_heads.append(i)
    if open_heads:
        ends.update(dict.fromkeys(open_heads, found[-1].end))
    return ends


def _lead(block: Block, plain: bool) -> tuple[int, str] | None:
    """Return rank and words of the lead sentence a paragraph opens with, or None.

    A numbered lead ends at its first full stop; an unnumbered one is a short first sentence before a longer
    rest, without figures. An enumeration inside the paragraph (一是…。二是…) is not its heading. A label (整改情况：)
    is one, also where it stands alone.
    """
    if label := _LABEL.match(block.text):
        return _LABEL_RANK, label[1]
    end = _LEAD_END.search(block.text, block.number.words if block.number else 0)
    if end is None or end.end() >= len(block.text):
        return None
    words, rest = block.text[: end.start()], block.text[end.end() :]
    if block.number is not None and not block.number.markdown:
        if len(words) > _LONGEST_LEAD or (block.rank == IN_TEXT_RANK and _INNER_ITEM.match(rest)):
            return None
        return block.rank, words
    if not plain or len(words) > _LONGEST_PLAIN_LEAD or end[0] != "。" or re.search(r"\d", words):
        return None
    if len(words) < 4 or len(rest) < 2 * len(words) or _CLOSING.match(words):
        return None
    return PLAIN_RANK, words


def _plain_leads_used(found: Sequence[Block]) -> bool:
    """Tell whether a report sets unnumbered lead sentences: in two paragraphs at least, and in a third of all."""
    long = [block for block in found if block.kind is Kind.PARAGRAPH and len(block.text) >= 60]
    led = [block for block in long if block.number is None and _lead(block, plain=True)]
    return len(led) >= 2 and 3 * len(led) >= len(long)


class _Ahead:
    """What follows each block of a report under the same heading; looked through once, however long it is."""

    def __init__(self, found: Sequence[Block], heads: set[int]):
        self._section_ends = [len(found)] * len(found)
        self._closes = [False] * len(found)
        self._leads: dict[int, list[int]] = {}
        end, closes = len(found), False
        for i in range(len(found) - 1, -1, -1):
            self._section_ends[i] = end
            if i in heads:
                end, closes = i, False
                continue
            closes = closes or _CLOSING.match(found[i].text) is not None
            self._closes[i] = closes
        for i, block in enumerate(found):
            lead = _lead(block, plain=True)
            if lead is not None:
                self._leads.setdefault(lead[0], []).append(i)

    def continues(self, at: int, rank: int) -> bool:
        """Tell whether a paragraph without a lead goes on under the lead before it.

        It does where a sibling lead follows in the same section; at a section's end, a closing (今年以来…,
        下一步…) does not.
        """
        siblings = self._leads.get(rank, [])
        following = bisect_right(siblings, at)
        if following < len(siblings) and siblings[following] < self._section_ends[at]:
            return True
        return not self._closes[at]
