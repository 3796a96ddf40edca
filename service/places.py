"""Where in its report and in its file a citation stands, in words."""

from __future__ import annotations

from indexer.citations import Citation
from indexer.records import Layout

__all__ = ["paragraph", "place_in_file"]


def paragraph(citation: Citation) -> str:
    """Return the paragraph of the report, with the place in the file: 第3段（原件第2页）."""
    place = _words(citation.page, citation.file_paragraph, citation.ocr_confidence)
    return f"第{citation.paragraph}段" + (f"（{place}）" if place else "")


def place_in_file(layout: Layout, start: int, end: int) -> str:
    """Return where in the file the characters [start, end) stand; "" where its form has no such places."""
    return _words(layout.page(start), layout.paragraph(start), layout.confidence(start, end))


def _words(page: int | None, file_paragraph: int | None, ocr_confidence: float | None) -> str:
    parts = []
    if page is not None:
        parts.append(f"原件第{page}页")
    if file_paragraph is not None:
        parts.append(f"原件第{file_paragraph}段")
    if ocr_confidence is not None:
        parts.append(f"文字识别，把握{ocr_confidence:.0%}，请核对原件")
    return "，".join(parts)
