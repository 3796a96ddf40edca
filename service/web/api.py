"""The JSON API: search, reports, sources, health."""

from __future__ import annotations

import time
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.responses import PlainTextResponse, Response

from service import sheets
from service.answers import Answer
from service.cited import CitedFact
from service.engine import Engine
from service.errors import NotFoundError
from service.search import SearchResult
from service.web import answer_schemas, schemas
from service.web.documents import body_of
from service.web.errors import MEDIA_TYPE
from service.web.replies import SearchReplies
from service.web.words import while_connected

__all__ = ["router"]

_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": schemas.Problem, "content": {MEDIA_TYPE: {}}, "description": description}
    for status, description in (
        (400, "请求体不是 JSON / body is not JSON"),
        (401, "需要密钥 / key required"),
        (413, "请求过大 / too large"),
        (422, "参数有误 / invalid"),
    )
}
_NOT_FOUND: dict[int | str, dict[str, Any]] = {
    404: {"model": schemas.Problem, "content": {MEDIA_TYPE: {}}, "description": "没有找到 / not found"}
}

Body = TypeVar("Body", bound=BaseModel)


async def parsed(model: type[Body], request: Request) -> Body:
    """Read a request's body, in a third of the time that a parameter of the route takes.

    Raises RequestValidationError as such a parameter does.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not kind.endswith("+json"):
        raise RequestValidationError([{"type": "model_attributes_type", "loc": ("body",), "msg": ""}])
    body = await request.body()
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        found = [{**entry, "loc": ("body", *entry["loc"])} for entry in error.errors(include_url=False)]
        raise RequestValidationError(found, body=body) from error


_CSV: dict[int | str, dict[str, Any]] = {200: {"content": {sheets.CSV_TYPE: {"schema": {"type": "string"}}}}}
_XLSX: dict[int | str, dict[str, Any]] = {
    200: {"content": {sheets.XLSX_TYPE: {"schema": {"type": "string", "format": "binary"}}}}
}

router = APIRouter(prefix="/api", responses=_PROBLEMS)


def engine_of(request: Request) -> Engine:
    """Return the engine of the app that handles a request."""
    engine: Engine = request.app.state.engine
    return engine


async def searched(engine: Engine, wanted: schemas.SearchRequest) -> SearchResult:
    """Run a search, off the event loop where the encoder is slow."""
    options: dict[str, Any] = {
        "top_k": wanted.top_k,
        "mode": wanted.mode,
        "filters": wanted.filters.record(),
        "per_court": wanted.per_court,
    }
    if engine.blocking:
        return await run_in_threadpool(engine.search, wanted.query, **options)
    return engine.search(wanted.query, **options)


async def _search_reply(request: Request, wanted: schemas.SearchRequest) -> Response:
    started = time.perf_counter()
    engine = engine_of(request)
    generation = engine.store.generation
    result = await searched(engine, wanted)
    took_ms = (time.perf_counter() - started) * 1000
    replies: SearchReplies = request.app.state.replies
    content = replies.write(generation, wanted.query, result, took_ms)
    return Response(content, media_type="application/json")


async def answered(engine: Engine, wanted: answer_schemas.AnswerRequest) -> Answer:
    """Answer a question, off the event loop where the encoder is slow."""
    options: dict[str, Any] = {"top_k": wanted.top_k, "filters": wanted.filters.record()}
    if engine.blocking:
        return await run_in_threadpool(engine.answer, wanted.question, **options)
    return engine.answer(wanted.question, **options)


@router.post(
    "/search",
    response_model=schemas.SearchReply,
    summary="检索 / search",
    openapi_extra=body_of("SearchRequest"),
)
async def search(request: Request) -> Response:
    """Ranked passages with citations. 带引注的相关段落，按相关度排序。"""
    return await _search_reply(request, await parsed(schemas.SearchRequest, request))


@router.get("/search", response_model=schemas.SearchReply, summary="检索 / search by GET")
async def search_by_get(request: Request, wanted: Annotated[schemas.SearchParameters, Query()]) -> Response:
    """The same by GET. 与 POST 相同。"""
    return await _search_reply(request, wanted.request())


@router.post("/answer", response_model=answer_schemas.AnswerReply, summary="问答 / answer")
async def answer(request: Request, wanted: answer_schemas.AnswerRequest) -> Response:
    """A cited answer, by court where figures are asked for; an honest refusal where no report states it."""
    started = time.perf_counter()
    found = await answered(engine_of(request), wanted)
    text, generated = await while_connected(request, found)
    reply = answer_schemas.AnswerReply.of(found, (time.perf_counter() - started) * 1000)
    reply.text, reply.generated = text, generated
    return Response(reply.model_dump_json(), media_type="application/json")


@router.get("/facts", response_model=answer_schemas.FactList, summary="数据列表 / figures")
def facts(request: Request, wanted: Annotated[answer_schemas.FactParameters, Query()]) -> Response:
    """The figures that the reports state, in their order."""
    total, found = engine_of(request).facts(
        courts=wanted.court,
        years=wanted.year,
        about=wanted.object.strip(),
        unit=wanted.unit.strip(),
        limit=wanted.limit,
        offset=wanted.offset,
    )
    reply = answer_schemas.FactList.model_construct(
        total=total, facts=[answer_schemas.Fact.of(fact) for fact in found]
    )
    return Response(reply.model_dump_json(), media_type="application/json")


@router.get("/facts.csv", response_class=Response, responses=_CSV, summary="数据 CSV / figures as CSV")
def facts_csv(request: Request, wanted: Annotated[answer_schemas.FactFilter, Query()]) -> Response:
    """All the figures that fit, as CSV in UTF-8 with a byte order mark, as Excel reads it."""
    return _download(sheets.as_csv(_every_fact(request, wanted)), sheets.CSV_TYPE, "fawen-facts.csv")


@router.get("/facts.xlsx", response_class=Response, responses=_XLSX, summary="数据 Excel / figures as XLSX")
def facts_xlsx(request: Request, wanted: Annotated[answer_schemas.FactFilter, Query()]) -> Response:
    """All the figures that fit, as an Excel workbook."""
    return _download(sheets.as_xlsx(_every_fact(request, wanted)), sheets.XLSX_TYPE, "fawen-facts.xlsx")


def _every_fact(request: Request, wanted: answer_schemas.FactFilter) -> list[CitedFact]:
    _, found = engine_of(request).facts(
        courts=wanted.court, years=wanted.year, about=wanted.object.strip(), unit=wanted.unit.strip()
    )
    return found


def _download(content: bytes, media_type: str, name: str) -> Response:
    return Response(
        content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@router.get("/reports", summary="报告列表 / every report")
def reports(request: Request) -> schemas.ReportList:
    """Every report in the index, in the order of the files."""
    store = engine_of(request).store
    listed = [
        schemas.Report(**schemas.Report.particulars(report, source.name))
        for report in store.reports()
        if (source := store.source(report.source_id)) is not None
    ]
    return schemas.ReportList(total=len(listed), reports=listed)


@router.get("/reports/{report_id}", summary="一份报告 / one report", responses=_NOT_FOUND)
def report(request: Request, report_id: str) -> schemas.ReportDetail:
    """A report with its sections and paragraphs and their places in the source."""
    record, source = engine_of(request).report(report_id)
    return schemas.ReportDetail.of(record, source.name)


@router.get("/sources/{source_id}", summary="来源全文 / a source's text", responses=_NOT_FOUND)
def source(request: Request, source_id: str) -> schemas.Source:
    """The text that every offset refers to."""
    record = engine_of(request).store.source(source_id)
    if record is None:
        raise NotFoundError(f"没有来源 {source_id} / no such source")
    return schemas.Source(source_id=record.id, name=record.name, sha256=record.sha256, text=record.text)


operations = APIRouter()


@operations.get("/healthz", summary="存活 / alive")
async def healthz() -> schemas.Health:
    """The process answers."""
    return schemas.Health()


@operations.get("/readyz", summary="就绪 / ready")
async def readyz(request: Request) -> schemas.Readiness:
    """The index is open, the encoder and any reranker loaded."""
    engine = engine_of(request)
    store = engine.store
    return schemas.Readiness(
        generation=store.generation,
        encoder=engine.encoder.name,
        reranker=engine.reranker.name if engine.reranker else None,
        reports=len(store.reports()),
        passages=len(store),
    )


@operations.get("/metrics", response_class=PlainTextResponse, summary="Prometheus 指标 / metrics")
async def metrics(request: Request) -> Response:
    """Requests, times and the size of the index."""
    gathered = request.app.state.metrics
    gathered.passages.set(len(engine_of(request).store))
    return Response(gathered.text(), media_type="text/plain; version=0.0.4; charset=utf-8")
