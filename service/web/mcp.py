"""The MCP server: five read-only tools over the reports, and each report as a resource.

Source: Model Context Protocol, specification 2025-11-25 and 2026-07-28, through the package `mcp`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from importlib.metadata import version
from typing import Annotated, TypeVar

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ResourceNotFoundError, ToolError
from mcp_types import Resource, ToolAnnotations
from pydantic import Field

from indexer.records import Report
from indexer.text import fold, has_han, squeeze
from service.engine import Engine
from service.errors import NotFoundError, UnknownCourtError
from service.search import Filters
from service.web.mcp_schemas import (
    AnswerResult,
    CountResult,
    ReportEntry,
    ReportsResult,
    SearchResult,
    SectionParagraph,
    SectionResult,
)
from service.web.schemas import LONGEST_QUERY

__all__ = ["build_server"]

_INSTRUCTIONS = (
    "法院工作报告的检索与问答。凡问数量、比较、有哪些，先用 answer_question 或 count_by_court，其数字由程序从报告取出，"
    "请原样转述并保留引注 [n] 与链接；abstained 为真即报告没有写，不要猜。"
    "Search and question answering over Chinese court work reports; pass figures and citations on unchanged."
)
_READ_ONLY = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)

Result = TypeVar("Result")
Words = Annotated[str, Field(min_length=1, max_length=LONGEST_QUERY)]
Courts = Annotated[
    list[str], Field(max_length=50, description="只看这些法院，任何称呼均可 / only these courts, by any name")
]
Years = Annotated[list[int], Field(max_length=50, description="只看这些年度 / only these years")]


def build_server(engine: Engine, base: Callable[[], str]) -> MCPServer[None]:
    """Build the server; `base` returns what links begin with. What clients do wrong is not logged."""
    logging.getLogger("mcp").setLevel(logging.WARNING)
    server = _Server(engine)

    @server.tool(title="检索报告 / search", annotations=_READ_ONLY)
    def search_reports(
        query: Words,
        courts: Courts = [],  # noqa: B006 - read only; a default that the schema can show
        years: Years = [],  # noqa: B006
        top_k: Annotated[int, Field(ge=1, le=100)] = 8,
    ) -> SearchResult:
        """检索报告中与 query 最相关的段落，附出处。Rank the passages nearest to a query, each cited."""
        hits = _told(lambda: engine.search(_asked(query), top_k=top_k, filters=_limits(courts, years)).hits)
        return SearchResult.of(query, hits, base())

    @server.tool(title="回答问题 / answer", annotations=_READ_ONLY)
    def answer_question(
        question: Words,
        courts: Courts = [],  # noqa: B006
        years: Years = [],  # noqa: B006
    ) -> AnswerResult:
        """回答关于报告的问题：数量、比较、列举、做法，逐条引注；报告没写的如实说没有。Answer a question, every statement cited."""
        answer = _told(lambda: engine.answer(_asked(question), filters=_limits(courts, years)))
        return AnswerResult.of(answer, base())

    @server.tool(title="报告列表 / list reports", annotations=_READ_ONLY)
    def list_reports() -> ReportsResult:
        """列出收录的全部报告：法院、年度、章节、编号。List every report with its court, year, sections and id."""
        return ReportsResult(reports=[ReportEntry.of(report, base()) for report in engine.store.reports()])

    @server.tool(title="读章节 / read a section", annotations=_READ_ONLY)
    def read_section(
        report_id: Annotated[str, Field(description="list_reports 给出的编号 / id from list_reports")],
        section: Annotated[
            str,
            Field(
                max_length=200, description="标题或其中几个字，空为全文 / heading or part of it; empty: all"
            ),
        ] = "",
    ) -> SectionResult:
        """读一份报告某个标题下的全部段落。Read the paragraphs under a heading of a report."""
        report = _report(engine, report_id)
        return _section(report, section, base())

    @server.tool(title="各院数量 / count by court", annotations=_READ_ONLY)
    def count_by_court(
        thing: Annotated[
            str, Field(min_length=1, max_length=100, description="要计数的事物，如 整改措施 / what to count")
        ],
        courts: Courts = [],  # noqa: B006
        years: Years = [],  # noqa: B006
    ) -> CountResult:
        """各法院报告载明的某事物数量：逐院列数、合计、谁未载明。How many of a thing each court states."""
        asked = _asked(thing)
        question = f"各院{asked}有多少" if has_han(asked) else f"How many {asked} does each court state?"
        answer = _told(lambda: engine.answer(question, filters=_limits(courts, years)))
        return CountResult.of(answer, base())

    @server.resource(
        "report://{report_id}", name="report", title="报告全文 / a report", mime_type="text/plain"
    )
    def report_text(report_id: str) -> str:
        """一份报告的全文，标题单独成行。The text of a report, headings on lines of their own."""
        try:
            return _as_text(engine.report(report_id)[0])
        except NotFoundError as error:
            raise ResourceNotFoundError(str(error)) from error

    return server


class _Server(MCPServer[None]):
    """Lists the reports of the generation in use as resources."""

    def __init__(self, engine: Engine):
        super().__init__(
            "fawen",
            title="法问 Fawen",
            instructions=_INSTRUCTIONS,
            version=version("fawen"),
            log_level="WARNING",
        )
        self._engine = engine

    async def list_resources(self) -> list[Resource]:
        return [
            Resource(
                uri=f"report://{report.id}",
                name=report.id,
                title=report.title,
                description=f"{report.court.name} {report.year or ''}".strip(),
                mime_type="text/plain",
            )
            for report in self._engine.store.reports()
        ]


def _limits(courts: list[str], years: list[int]) -> Filters:
    return Filters(court=tuple(court for court in courts if court.strip()), year=tuple(years))


def _asked(words: str) -> str:
    """Return what is asked. Raises ToolError where it is blank."""
    if not words.strip():
        raise ToolError("问题是空的 / nothing is asked")
    return words.strip()


def _told(ask: Callable[[], Result]) -> Result:
    """Ask, and tell the model which courts there are where it names another."""
    try:
        return ask()
    except UnknownCourtError as error:
        raise ToolError(str(error)) from error


def _report(engine: Engine, report_id: str) -> Report:
    try:
        return engine.report(report_id)[0]
    except NotFoundError as error:
        known = "、".join(report.id for report in engine.store.reports()[:50])
        raise ToolError(f"{error}；现有：{known}") from error


def _section(report: Report, section: str, base: str) -> SectionResult:
    wanted = squeeze(fold(section))
    found = [
        paragraph
        for paragraph in report.paragraphs
        if not wanted or any(wanted in squeeze(fold(title)) for title in report.section_path(paragraph))
    ]
    if not found:
        titles = "、".join(dict.fromkeys(t for p in report.paragraphs for t in report.section_path(p)))
        raise ToolError(f"没有标题含“{section}”；现有：{titles} / no such heading")
    return SectionResult(
        report_id=report.id,
        report_title=report.title,
        court=report.court.name,
        year=report.year,
        paragraphs=[
            SectionParagraph(
                paragraph=paragraph.number,
                section_path=list(report.section_path(paragraph)),
                text=paragraph.text,
                start=paragraph.start,
                end=paragraph.end,
            )
            for paragraph in found
        ],
        url=f"{base}/reports/{report.id}?start={found[0].start}&end={found[-1].end}#cited",
    )


def _as_text(report: Report) -> str:
    lines = [report.title]
    above: tuple[str, ...] = ()
    for paragraph in report.paragraphs:
        path = report.section_path(paragraph)[: len(report.section_path(paragraph)) - len(paragraph.leads)]
        lines += [title for place, title in enumerate(path) if above[place : place + 1] != (title,)]
        above = path
        lines.append(paragraph.text)
    return "\n".join(lines)
