"""The search page and the report page, rendered on the server; neither needs JavaScript."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.templating import Jinja2Templates
from pydantic import ValidationError
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from indexer.records import Paragraph, Report, Source
from service import places
from service.answers import Answer
from service.cited import CitedFact
from service.errors import NotFoundError, UnknownCourtError
from service.places import place_in_file
from service.search import Mode
from service.web import answer_schemas, schemas
from service.web.api import answered, engine_of, searched
from service.wording import court_name, figure

__all__ = ["router", "static_files"]

_HERE = Path(__file__).with_name("page")
_OFFSET = re.compile(r"[0-9]{1,12}")
_POLICY = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'"
}

FACTS_A_PAGE = 100

router = APIRouter(include_in_schema=False)
templates = Jinja2Templates(directory=_HERE)
templates.env.globals.update(court_name=court_name, figure=figure, paragraph=places.paragraph)
templates.env.trim_blocks = templates.env.lstrip_blocks = True


def static_files() -> StaticFiles:
    """Return the app that serves the page's style sheet."""
    return StaticFiles(directory=_HERE / "static")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters, marked (matched or cited) or cut (not part of the report's own text)."""

    text: str
    marked: bool = False
    cut: bool = False


@router.get("/")
async def search_page(
    request: Request,
    q: Annotated[str, Query()] = "",
    court: Annotated[list[str], Query()] = [],  # noqa: B006 - FastAPI copies it
    year: Annotated[list[str], Query()] = [],  # noqa: B006
    mode: Annotated[str, Query()] = Mode.HYBRID.value,
) -> Response:
    """The query box and, for a query, its ranked passages."""
    engine = engine_of(request)
    reports = engine.store.reports()
    reply: schemas.SearchReply | None = None
    given: Answer | None = None
    error = None
    if q.strip():
        try:
            wanted = schemas.SearchParameters.model_validate(
                {"q": q, "court": court, "year": year, "mode": mode}
            )
            started = time.perf_counter()
            found = await searched(engine, wanted.request())
            reply = schemas.SearchReply.of(wanted.q, found, (time.perf_counter() - started) * 1000)
            question = answer_schemas.AnswerRequest(question=wanted.q, filters=wanted.request().filters)
            given = await answered(engine, question)
        except ValidationError as invalid:
            error = _in_words(invalid)
        except UnknownCourtError as unknown:
            error = str(unknown)
    return _page(
        request,
        "search.html",
        status=422 if error else 200,
        query=q,
        error=error,
        reply=reply,
        answer=given,
        plain=_as_text(given) if given else "",
        parts=list(_linked(given)) if given else [],
        hits=[(hit, list(marked(hit.text, hit.highlights))) for hit in reply.hits] if reply else [],
        courts=list(dict.fromkeys(report.court.name for report in reports)),
        years=sorted({report.year for report in reports if report.year is not None}, reverse=True),
        chosen_courts=set(court),
        chosen_years=set(year),
        mode=mode,
        reports=reports,
    )


def _linked(answer: Answer) -> Iterator[list[tuple[str, int | None]]]:
    """Yield an answer's lines, each as words and the citation number that follows them."""
    for line in answer.text.split("\n"):
        pieces = re.split(r"\[(\d+)\]", line)
        numbers: list[int | None] = [*(int(number) for number in pieces[1::2]), None]
        yield list(zip(pieces[::2], numbers, strict=True))


def _as_text(answer: Answer) -> str:
    """Return an answer with its citations spelt out, to be copied into a document."""
    cited = [
        f"[{number}] {c.report_title}，{' › '.join(c.section_path) or '前言'}，{places.paragraph(c)}：“{c.quote}”（{c.source} {c.start}–{c.end}）"
        for number, c in enumerate(answer.citations, 1)
    ]
    return "\n".join([answer.text, "", *cited])


@router.get("/facts")
def facts_page(
    request: Request,
    court: Annotated[list[str], Query()] = [],  # noqa: B006 - FastAPI copies it
    year: Annotated[list[str], Query()] = [],  # noqa: B006
    object: Annotated[str, Query()] = "",
    unit: Annotated[str, Query()] = "",
    offset: Annotated[str, Query()] = "0",
) -> Response:
    """Every figure in the index, with filters and downloads."""
    engine = engine_of(request)
    reports = engine.store.reports()
    error, total, at = None, 0, 0
    found: list[CitedFact] = []
    asked = {
        "court": court,
        "year": year,
        "object": object,
        "unit": unit,
        "offset": offset,
        "limit": FACTS_A_PAGE,
    }
    try:
        wanted = answer_schemas.FactParameters.model_validate(asked)
        total, found = engine.facts(
            courts=wanted.court,
            years=wanted.year,
            about=wanted.object.strip(),
            unit=wanted.unit.strip(),
            limit=wanted.limit,
            offset=wanted.offset,
        )
        at = wanted.offset
    except ValidationError as invalid:
        error = _in_words(invalid)
    except UnknownCourtError as unknown:
        error = str(unknown)
    query = [*(("court", name) for name in court if name), *(("year", one) for one in year if one)]
    query += [(name, value) for name, value in (("object", object), ("unit", unit)) if value]
    return _page(
        request,
        "facts.html",
        status=422 if error else 200,
        error=error,
        total=total,
        facts=found,
        courts=list(dict.fromkeys(report.court.name for report in reports)),
        years=sorted({report.year for report in reports if report.year is not None}, reverse=True),
        chosen_courts=set(court),
        chosen_years=set(year),
        object=object,
        unit=unit,
        query=urlencode(query),
        before=urlencode([*query, ("offset", max(0, at - FACTS_A_PAGE))]) if at else None,
        after=urlencode([*query, ("offset", at + FACTS_A_PAGE)]) if at + FACTS_A_PAGE < total else None,
        first=at + 1,
    )


def _in_words(invalid: ValidationError) -> str:
    for error in invalid.errors():
        if error["loc"][:1] == ("q",):
            return f"问题过长，至多 {schemas.LONGEST_QUERY} 字 / the question is too long"
        if error["loc"][:1] == ("year",):
            return f"年份“{error['input']}”不是合法的年份 / not a year"
    return "筛选条件有误 / invalid filter"


@router.get("/reports/{report_id}")
def report_page(
    request: Request,
    report_id: str,
    start: Annotated[str, Query()] = "",
    end: Annotated[str, Query()] = "",
) -> Response:
    """A report with the source characters [start, end) marked; places that are none mark nothing."""
    try:
        report, source = engine_of(request).report(report_id)
    except NotFoundError as error:
        return _page(request, "missing.html", status=404, message=str(error))
    cited = (int(start), int(end)) if _OFFSET.fullmatch(start) and _OFFSET.fullmatch(end) else (0, 0)
    blocks = list(_blocks(report, source, cited if cited[0] < cited[1] else None))
    return _page(
        request,
        "report.html",
        report=report,
        source=source,
        blocks=blocks,
        cited=cited if any(block.cited for block in blocks) else None,
        place=place_in_file(source.layout, *cited) if cited[0] < cited[1] else "",
    )


def marked(text: str, spans: list[schemas.Span]) -> Iterator[Piece]:
    """Cut a text into pieces, those within the spans marked."""
    at = 0
    for span in spans:
        if at < span.start:
            yield Piece(text[at : span.start])
        yield Piece(text[span.start : span.end], marked=True)
        at = span.end
    if at < len(text):
        yield Piece(text[at:])


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (with its depth) or a paragraph of the report page; `cited` where the citation begins in it.

    `place` is where in the file it stands, `page` the page of the file that begins with it or before it.
    """

    pieces: list[Piece]
    depth: int = 0
    number: int | None = None
    cited: bool = False
    place: str = ""
    page: int | None = None


def _blocks(report: Report, source: Source, cited: tuple[int, int] | None) -> Iterator[Block]:
    waiting = list(enumerate(report.sections))
    first = True
    page: int | None = None
    for paragraph in report.paragraphs:
        while waiting and waiting[0][1].start < paragraph.start:
            _, section = waiting.pop(0)
            depth, parent = 2, section.parent
            while parent is not None:
                depth, parent = depth + 1, report.sections[parent].parent
            yield Block([Piece(section.title)], depth=min(depth, 6))
        touched = cited is not None and cited[0] < paragraph.end and paragraph.start < cited[1]
        turned = source.layout.page(paragraph.start)
        yield Block(
            list(_pieces(paragraph, source, cited)),
            number=paragraph.number,
            cited=touched and first,
            place=place_in_file(source.layout, paragraph.start, paragraph.end),
            page=turned if turned != page else None,
        )
        page = turned
        first = first and not touched


def _pieces(paragraph: Paragraph, source: Source, cited: tuple[int, int] | None) -> Iterator[Piece]:
    """Yield a paragraph's source characters in order, cut ones included, split where the citation begins or ends."""
    at = paragraph.start
    runs = []
    for start, end in paragraph.pieces:
        if at < start:
            runs.append((at, start, True))
        runs.append((start, end, False))
        at = end
    if at < paragraph.end:
        runs.append((at, paragraph.end, True))
    for start, end, cut in runs:
        edges = sorted({start, end, *(edge for edge in cited or () if start < edge < end)})
        for a, b in itertools.pairwise(edges):
            text = source.text[a:b]
            if not cut or text.strip():
                yield Piece(text, marked=cited is not None and cited[0] <= a and b <= cited[1], cut=cut)


def _page(request: Request, template: str, status: int = 200, **context: Any) -> Response:
    return templates.TemplateResponse(request, template, context, status_code=status, headers=_POLICY)
