"""Errors as RFC 9457 problem documents."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from service.errors import NotFoundError, UnknownCourtError, UnknownKnowledgeError
from service.web.advice import advice

__all__ = ["MEDIA_TYPE", "STRICT_HEADERS", "Refusal", "Shape", "handle_errors", "problem", "shape_of"]

MEDIA_TYPE = "application/problem+json"
STRICT_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
}
"""What every response carries to keep browsers strict."""
log = logging.getLogger("fawen")

_TITLES = {
    400: "请求无法解析 / bad request",
    401: "需要密钥 / key required",
    404: "没有找到 / not found",
    405: "方法不允许 / method not allowed",
    408: "请求太慢 / request timed out",
    413: "请求过大 / request too large",
    422: "参数有误 / invalid request",
    500: "服务器内部错误 / internal error",
}
_WORDS = {
    "missing": "缺少此项 / required",
    "extra_forbidden": "没有这个字段 / unknown field",
    "string_too_short": "不能为空 / must not be empty",
    "string_too_long": "过长，至多 {max_length} 字 / at most {max_length} characters",
    "too_long": "过多，至多 {max_length} 项 / at most {max_length} items",
    "greater_than_equal": "须不小于 {ge} / at least {ge}",
    "less_than_equal": "须不大于 {le} / at most {le}",
    "enum": "须为 {expected} 之一 / one of {expected}",
    "int_parsing": "须为整数 / must be an integer",
    "int_type": "须为整数 / must be an integer",
    "int_from_float": "须为整数 / must be an integer",
    "string_type": "须为文字 / must be a string",
    "string_unicode": "含有非法字符 / not valid Unicode",
    "list_type": "须为列表 / must be a list",
    "bool_parsing": "须为 true 或 false / must be true or false",
    "bool_type": "须为 true 或 false / must be true or false",
    "json_invalid": "不是合法的 JSON / not valid JSON: {error}",
    "model_type": "须为 JSON 对象 / must be an object",
    "dict_type": "须为 JSON 对象 / must be an object",
    "float_parsing": "须为数字 / must be a number",
    "float_type": "须为数字 / must be a number",
    "literal_error": "须为 {expected} / must be {expected}",
    "model_attributes_type": "须为 JSON 对象，并带 Content-Type: application/json / must be a JSON object",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error before it has a form; `reason` names the ones that a foreign API has a code of its own for."""

    status: int
    detail: str
    errors: Sequence[dict[str, str]] = ()
    headers: dict[str, str] | None = None
    reason: str = ""


Shape = Callable[[Refusal], Response]
"""The form in which an API reports errors."""


def shape_of(shapes: Mapping[str, Shape], path: str) -> Shape:
    """Return the form of the API that a path belongs to: that of the prefix it has, else a problem document."""
    return next((shape for prefix, shape in shapes.items() if path.startswith(prefix)), _as_problem)


def _as_problem(refusal: Refusal) -> Response:
    return problem(refusal.status, refusal.detail, refusal.errors, refusal.headers)


def problem(
    status: int, detail: str, errors: Sequence[dict[str, str]] = (), headers: dict[str, str] | None = None
) -> Response:
    """Build a problem document's response."""
    title = _TITLES.get(status) or HTTPStatus(status).phrase
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "errors": list(errors)}
    text = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return Response(text, status_code=status, media_type=MEDIA_TYPE, headers=headers)


def handle_errors(app: FastAPI, shapes: Mapping[str, Shape] | None = None) -> None:
    """Make every error of an app leave as a problem document, or in the form that its path's prefix has."""
    forms = shapes or {}

    def refuse(request: Request, refusal: Refusal) -> Response:
        return shape_of(forms, request.url.path)(refusal)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        every = [(_field(entry), _message(entry)) for entry in error.errors()]
        by_field: dict[str, dict[str, None]] = {}
        for field, message in every:
            by_field.setdefault(field, {})[message] = None
        found = [{"field": field, "message": "，或".join(told)} for field, told in by_field.items()]
        unparsed = any(entry["type"] == "json_invalid" for entry in error.errors())
        detail = "；".join(f"{entry['field']}: {entry['message']}" for entry in found)
        return refuse(request, Refusal(400 if unparsed else 422, detail, found))

    async def unknown_court(request: Request, error: Exception) -> Response:
        field = {"field": "filters.court", "message": str(error)}
        return refuse(request, Refusal(422, str(error), [field], reason="unknown_court"))

    async def not_found(request: Request, error: Exception) -> Response:
        reason = "unknown_knowledge" if isinstance(error, UnknownKnowledgeError) else ""
        return refuse(request, Refusal(404, str(error), reason=reason))

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        detail = f"{request.method} {request.url.path}: {_told(error, request)}"
        return refuse(request, Refusal(error.status_code, detail, headers=dict(error.headers or {})))

    async def unforeseen(request: Request, error: Exception) -> Response:
        log.error("%s %s failed", request.method, request.url.path, exc_info=error)
        detail = "这是程序的缺陷，详情见服务器日志 / a fault in the program; the server's log says more"
        return refuse(request, Refusal(500, detail, headers=STRICT_HEADERS))

    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(UnknownCourtError, unknown_court)
    app.add_exception_handler(NotFoundError, not_found)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, unforeseen)


def _told(error: HTTPException, request: Request) -> str:
    """Return what is wrong, and for an address that is not served or a wrong method what to do."""
    if error.status_code == 404 and error.detail == HTTPStatus.NOT_FOUND.phrase:
        return "；".join(filter(None, ("没有这个地址 / no such address", advice(request.url.path))))
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "")
        return f"方法不对，请用 {allowed} / use {allowed}" if allowed else error.detail
    return error.detail


def _field(entry: dict[str, Any]) -> str:
    place = entry["loc"]
    if entry["type"] == "json_invalid":
        return "body"
    parts = place[1:] if place and place[0] in {"body", "query", "path"} else place
    named = [part for part in parts if not (isinstance(part, str) and _OF_A_UNION.match(part))]
    return ".".join(map(str, named)) or "body"


_OF_A_UNION = re.compile(r"(?:str|int|float|bool|list\[.*\]|_[A-Z]\w*)$")
"""Parts of a place that name a type that was tried, and no field."""


def _message(entry: dict[str, Any]) -> str:
    context = {key: str(value) for key, value in entry.get("ctx", {}).items()}
    words = _WORDS.get(entry["type"])
    return words.format(**context) if words else str(entry["msg"])
