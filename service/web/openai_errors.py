"""Errors in OpenAI's form. Source: OpenAI API reference, “Error codes”."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from service.web.errors import Refusal

__all__ = ["BadRequestError", "refused"]

_CODES = {"no_key": "invalid_api_key", "wrong_key": "invalid_api_key", "unknown_knowledge": "model_not_found"}
_BY_STATUS = {404: "not_found", 405: "method_not_allowed", 413: "request_too_large", 501: "not_implemented"}


class BadRequestError(Exception):
    """A request that its schema allows and that cannot be answered; `field` and `code` as OpenAI words them."""

    def __init__(self, message: str, field: str, code: str = "invalid_value"):
        super().__init__(message)
        self.field, self.code = field, code


def refused(refusal: Refusal) -> Response:
    """Report an error as an OpenAI client expects it; what is invalid is 400 there."""
    status = 400 if refusal.status == 422 else refusal.status
    code = _CODES.get(refusal.reason) or refusal.reason or _BY_STATUS.get(status)
    error = {
        "message": refusal.detail,
        "type": "server_error" if status >= 500 else "invalid_request_error",
        "param": refusal.errors[0]["field"] if refusal.errors else None,
        "code": code,
    }
    return JSONResponse({"error": error}, status_code=status, headers=refusal.headers)
