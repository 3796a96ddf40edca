"""Absolute addresses of the pages that citations point to."""

from __future__ import annotations

from fastapi import Request

from service.settings import Settings

__all__ = ["base_of"]


def base_of(request: Request) -> str:
    """Return what links begin with: the setting, else the address that the request was sent to."""
    settings: Settings = request.app.state.settings
    return (settings.public_url or str(request.base_url)).rstrip("/")
