"""Dify's External Knowledge API. Source: docs.dify.ai, “External Knowledge API”."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints
from starlette.responses import JSONResponse, Response

from indexer.citations import Citation
from indexer.text import has_han
from service.answers import Answer
from service.knowledge import filters_of
from service.markdown import place
from service.metadata import Condition, Conditions, operator_called
from service.retrieval import Retrieved, retrieve
from service.search import Hit
from service.settings import Settings
from service.web.api import engine_of, parsed
from service.web.errors import Refusal
from service.web.links import base_of
from service.web.schemas import LONGEST_QUERY

__all__ = ["refused", "router"]

TOP_K = 8
MOST = 100
_CODES = {"no_key": 1001, "wrong_key": 1002, "unknown_knowledge": 2001}

router = APIRouter(include_in_schema=False)


def refused(refusal: Refusal) -> Response:
    """Report an error as Dify expects it; a fault in the key is 403 there."""
    code = _CODES.get(refusal.reason, refusal.status)
    status = 403 if code in (1001, 1002) else refusal.status
    body = {"error_code": code, "error_msg": refusal.detail}
    return JSONResponse(body, status_code=status, headers=refusal.headers if status != 403 else None)


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _without_nulls(value: Any) -> Any:
    return (
        {name: item for name, item in value.items() if item is not None} if isinstance(value, dict) else value
    )


class _Condition(BaseModel):
    name: Annotated[list[str], BeforeValidator(_listed)]
    comparison_operator: Annotated[str, AfterValidator(operator_called)]
    value: Annotated[list[float | str | None], BeforeValidator(_listed)] = [None]


class _Conditions(BaseModel):
    logical_operator: Annotated[
        Literal["and", "or"],
        BeforeValidator(lambda value: value.lower() if isinstance(value, str) else value),
    ] = "and"
    conditions: list[_Condition] = Field(default=[], max_length=100)

    def record(self) -> Conditions:
        """Return the conditions as they are evaluated."""
        return Conditions(
            tuple(
                Condition(tuple(each.name), each.comparison_operator, tuple(each.value))
                for each in self.conditions
            ),
            either=self.logical_operator == "or",
        )


class _Setting(BaseModel):
    top_k: int = TOP_K
    score_threshold: float = 0.0


class RetrievalRequest(BaseModel):
    """What Dify sends; null means the default, and fields that it does not document are let be."""

    knowledge_id: str
    query: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
    retrieval_setting: Annotated[_Setting, BeforeValidator(_without_nulls)] = Field(default_factory=_Setting)
    metadata_condition: Annotated[_Conditions, BeforeValidator(_without_nulls)] | None = None


@router.post("/dify/retrieval")
async def retrieval(request: Request) -> Response:
    """Passages for a Dify application; for a question of figures the computed, cited answer comes first."""
    wanted = await parsed(RetrievalRequest, request)
    settings: Settings = request.app.state.settings
    filters = filters_of(settings.knowledge, wanted.knowledge_id.strip())
    conditions = wanted.metadata_condition.record() if wanted.metadata_condition else None
    found = await run_in_threadpool(
        retrieve,
        engine_of(request),
        wanted.query[:LONGEST_QUERY],
        filters,
        min(max(wanted.retrieval_setting.top_k, 1), MOST),
        wanted.retrieval_setting.score_threshold,
        conditions,
    )
    return JSONResponse({"records": _records(found, base_of(request))})


def _records(found: Retrieved, base: str) -> list[dict[str, Any]]:
    first = [_computed(found.answer, base)] if found.answer else []
    return first + [_passage(hit, score, base) for hit, score in found.passages]


def _computed(answer: Answer, base: str) -> dict[str, Any]:
    chinese = has_han(answer.question)
    cited = [
        f"[{number}] {place(citation, chinese=chinese)}{'：' if chinese else ': '}“{citation.quote}” {base}{citation.url}"
        for number, citation in enumerate(answer.citations, 1)
    ]
    return {
        "content": "\n".join([answer.text, *cited]),
        "score": 1.0,
        "title": f"计算结果：{answer.question}" if chinese else f"Computed answer: {answer.question}",
        "metadata": {
            "kind": "computed",
            "abstained": answer.abstained,
            "court": "、".join(dict.fromkeys(entry.court.name for entry in answer.courts)),
            "year": "、".join(sorted({str(citation.year) for citation in answer.citations if citation.year})),
            "section": "",
            "url": f"{base}{answer.citations[0].url}" if answer.citations else base,
        },
    }


def _passage(hit: Hit, score: float, base: str) -> dict[str, Any]:
    citation: Citation = hit.citation
    return {
        "content": hit.passage.text,
        "score": score,
        "title": place(citation),
        "metadata": {
            "kind": "passage",
            "court": citation.court,
            "year": citation.year,
            "section": " › ".join(citation.section_path),
            "report_title": citation.report_title,
            "paragraph": citation.paragraph,
            "source": citation.source,
            "start": citation.start,
            "end": citation.end,
            "url": f"{base}{citation.url}",
        },
    }
