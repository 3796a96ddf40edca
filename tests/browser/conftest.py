"""A real browser before a real server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, sync_playwright

from tests.servers import Server, server

__all__ = ["browser", "page", "server", "visit"]

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium of the system; not for the whole session, for its event loop stands in others' way."""
    if _CHROMIUM is None:
        pytest.skip("no chromium on this system: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=_CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()


@contextmanager
def visit(browser: Browser, origin: str, **options: Any) -> Iterator[Page]:
    """A page of a new visitor, who must meet no error and be sent nowhere else.

    A page that is itself an answer of 404 or 422 is no error.
    """
    context = browser.new_context(base_url=origin, **options)
    troubles: list[str] = []
    asked: list[str] = []
    page = context.new_page()

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            troubles.append(message.text)

    def answered(response: Response) -> None:
        if response.status >= 400 and response.request.resource_type != "document":
            troubles.append(f"{response.status}: {response.url}")

    page.on("console", heard)
    page.on("response", answered)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("requestfailed", lambda request: troubles.append(f"failed: {request.url}"))
    page.on("request", lambda request: asked.append(request.url))
    try:
        yield page
    finally:
        context.close()
    assert troubles == []
    assert asked
    assert [url for url in asked if not url.startswith((f"{origin}/", "data:"))] == []


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    """A visitor of the sample reports."""
    with visit(browser, server.url) as opened:
        yield opened
