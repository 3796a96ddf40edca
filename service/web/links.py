"""Absolute addresses of the pages that citations point to, and citations in words."""

from __future__ import annotations

from fastapi import Request

from indexer.citations import Citation
from service.settings import Settings

__all__ = ["base_of", "in_words"]


def base_of(request: Request) -> str:
    """Return what links begin with: the setting, else the address that the request was sent to."""
    settings: Settings = request.app.state.settings
    return (settings.public_url or str(request.base_url)).rstrip("/")


def in_words(citation: Citation) -> str:
    """Return where a citation stands: report, section path, paragraph."""
    path = " › ".join(citation.section_path) or "前言"
    return f"{citation.report_title}，{path}，第{citation.paragraph}段"
