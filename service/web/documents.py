"""The OpenAPI document: bodies that routes read themselves, and the media type of errors."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from service.web.errors import MEDIA_TYPE
from service.web.schemas import SearchRequest

__all__ = ["body_of", "complete"]

_REFERENCE = "#/components/schemas/{model}"


def body_of(model: str) -> dict[str, Any]:
    """Return what a route says of a JSON body that it reads itself."""
    schema = {"$ref": _REFERENCE.format(model=model)}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def complete(app: FastAPI) -> None:
    """Add to an app's OpenAPI document the schemas that `body_of` names and the media type its errors have."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        document = plain()
        schema = SearchRequest.model_json_schema(ref_template=_REFERENCE)
        components = document["components"]["schemas"]
        for name, definition in schema.pop("$defs", {}).items():
            components.setdefault(name, definition)
        components["SearchRequest"] = schema
        for operations in document["paths"].values():
            for operation in operations.values():
                for response in operation["responses"].values():
                    content = response.get("content", {})
                    if MEDIA_TYPE in content and "application/json" in content:
                        content[MEDIA_TYPE] = content.pop("application/json")
        return document

    app.openapi = openapi  # type: ignore[method-assign]
