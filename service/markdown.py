"""Answers as Markdown: report text made harmless, [n] made a link to the cited characters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.citations import Citation
from service.places import paragraph

__all__ = ["Link", "Rendered", "harmless", "place", "rendered"]

LONGEST_QUOTE = 120
"""Characters of a quotation shown below an answer; the link leads to the rest."""

_MARK = re.compile(r"\[(\d{1,4})\]")
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!&])")
_LINE_START = re.compile(r"^(\s*)(\d*)([-+>.)=])", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Link:
    """A numbered link in rendered text: its characters [start, end) and the citation it points to."""

    start: int
    end: int
    number: int
    citation: Citation


@dataclass(frozen=True, slots=True)
class Rendered:
    """Markdown and the numbered links in it."""

    text: str
    links: tuple[Link, ...]


def harmless(text: str) -> str:
    """Escape what Markdown or HTML would act on."""
    return _LINE_START.sub(r"\1\2\\\3", _SPECIAL.sub(r"\\\1", text))


def place(citation: Citation, *, chinese: bool = True) -> str:
    """Return where a citation stands: report, section path, paragraph."""
    path = " › ".join(citation.section_path) or ("前言" if chinese else "opening")
    if not chinese:
        page = "" if citation.page is None else f" (page {citation.page} of the file)"
        return f"{citation.report_title}, {path}, para. {citation.paragraph}{page}"
    return f"{citation.report_title}，{path}，{paragraph(citation)}"


def rendered(
    text: str, citations: Sequence[Citation], base: str, references: bool = True, *, chinese: bool = True
) -> Rendered:
    """Render an answer's text; with `references`, list every citation with its words below it, headed as is said."""
    out: list[str] = []
    links: list[Link] = []
    length = 0

    def add(piece: str) -> None:
        nonlocal length
        out.append(piece)
        length += len(piece)

    at = 0
    for mark in _MARK.finditer(text):
        number = int(mark[1])
        if not 1 <= number <= len(citations):
            continue
        add(_paragraphs(harmless(text[at : mark.start()])))
        citation = citations[number - 1]
        link = f"[\\[{number}\\]]({base}{citation.url})"
        links.append(Link(length, length + len(link), number, citation))
        add(link)
        at = mark.end()
    add(_paragraphs(harmless(text[at:])))
    if references and citations:
        add("\n\n**引注**\n" if chinese else "\n\n**Citations**\n")
        for number, citation in enumerate(citations, 1):
            quote = " ".join(citation.quote.split())
            quote = quote if len(quote) <= LONGEST_QUOTE else f"{quote[:LONGEST_QUOTE]}…"
            where = harmless(place(citation, chinese=chinese))
            colon = "：" if chinese else ": "
            add(f"\n{number}. [{where}]({base}{citation.url}){colon}“{harmless(quote)}”")
    return Rendered("".join(out), tuple(links))


def _paragraphs(text: str) -> str:
    """Make every line a paragraph, which a single line break is not in Markdown."""
    return text.replace("\n", "\n\n")
