"""What stands where on a PDF page: runs of text, ruled lines, pictures. Coordinates in points, y upwards."""

from __future__ import annotations

import ctypes
import unicodedata
from dataclasses import dataclass, field
from statistics import median

import pypdfium2 as pdfium
import pypdfium2.raw as raw

__all__ = ["Run", "Sheet", "sheet_of"]

_MOST_GLYPHS = 60_000
_MOST_OBJECTS = 30_000
_THIN = 3.0
_RULE = 8.0


@dataclass(slots=True)
class Run:
    """Neighbouring characters of one line: the text and the box around it; `size` is the height of a character."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float

    @property
    def middle(self) -> float:
        """The height of the run's middle on the page."""
        return (self.y0 + self.y1) / 2


@dataclass(slots=True)
class Sheet:
    """One page. Rules are (place, from, to): y of a horizontal one and its x range, x of a vertical and its y range."""

    width: float
    height: float
    runs: list[Run] = field(default_factory=list)
    across: list[tuple[float, float, float]] = field(default_factory=list)
    down: list[tuple[float, float, float]] = field(default_factory=list)
    pictured: float = 0.0


def sheet_of(page: pdfium.PdfPage) -> Sheet:
    """Read a page. `pictured` is the share of it that pictures cover."""
    left, bottom, right, top = page.get_bbox()
    sheet = Sheet(width=right - left, height=top - bottom)
    _read_objects(page, sheet)
    text = page.get_textpage()
    try:
        sheet.runs = [run for run in map(_evened, _runs(text, sheet.down)) if run.text]
    finally:
        text.close()
    for run in sheet.runs:
        run.x0, run.x1, run.y0, run.y1 = run.x0 - left, run.x1 - left, run.y0 - bottom, run.y1 - bottom
    sheet.across = [(y - bottom, a - left, b - left) for y, a, b in sheet.across]
    sheet.down = [(x - left, a - bottom, b - bottom) for x, a, b in sheet.down]
    return sheet


def _runs(text: pdfium.PdfTextPage, down: list[tuple[float, float, float]]) -> list[Run]:
    """Gather characters into runs: a jump to another height, over more than a character's width or
    over a ruled line parts them.

    Slanted characters are watermarks and are left out. A blank that only a gap stands for is none between
    Chinese characters and figures.
    """
    found: list[Run] = []
    box = raw.FS_RECTF()
    page = text.raw
    run: Run | None = None
    blank = ""
    for index in range(min(text.count_chars(), _MOST_GLYPHS)):
        code = raw.FPDFText_GetUnicode(page, index)
        char = _plain(code)
        if not char:
            continue
        if char.isspace():
            generated = raw.FPDFText_IsGenerated(page, index) == 1
            blank = blank or (" " if not generated else "\t")
            continue
        if not raw.FPDFText_GetLooseCharBox(page, index, ctypes.byref(box)):
            continue
        size = abs(box.top - box.bottom)
        if size <= 0.5 or box.right - box.left > 20 * size:
            continue
        low, high = min(box.top, box.bottom), max(box.top, box.bottom)
        on_line = run is not None and abs((low + high) / 2 - run.middle) < 0.45 * max(size, run.size)
        near = run is not None and -0.6 * size < box.left - run.x1 < 1.3 * max(size, run.size)
        ruled = (
            near
            and run is not None
            and box.left - run.x1 > 0.1 * size
            and _between(down, run.x1, box.left, (low + high) / 2)
        )
        if run is None or not on_line or not near or ruled:
            angle = raw.FPDFText_GetCharAngle(page, index)
            if 0.06 < angle % 6.2832 < 6.2232:
                run = None
                continue
            run = Run(char, box.left, low, box.right, high, size)
            found.append(run)
        else:
            if blank and _spaced(run.text[-1], char, real=blank == " " or box.left - run.x1 > 0.2 * size):
                run.text += " "
            run.text += char
            run.x1 = max(run.x1, box.right)
            if size > run.size:
                run.y0, run.y1, run.size = min(run.y0, low), max(run.y1, high), size
        blank = ""
    return found


def _between(down: list[tuple[float, float, float]], left: float, right: float, height: float) -> bool:
    return any(left - 1 <= x <= right + 1 and low <= height <= high for x, low, high in down)


def _evened(run: Run) -> Run:
    """Take out the blanks of a line that is set wide to fill its measure."""
    if run.text.count(" ") > 3 and run.text.count(" ") * 4 > len(run.text) and not run.text.isascii():
        run.text = run.text.replace(" ", "")
    return run


def _plain(code: int) -> str:
    """Return a character in the form that text is written in: no radical or ligature that stands for a letter."""
    if not code or code in {0xFFFE, 0xFFFF} or 0xD800 <= code <= 0xDFFF:
        return ""
    char = chr(code)
    if 0x2E80 <= code <= 0x2FDF or 0xF900 <= code <= 0xFAFF or 0xFB00 <= code <= 0xFB06:
        return unicodedata.normalize("NFKC", _RADICALS.get(char, char))
    return "" if unicodedata.category(char) == "Cc" and not char.isspace() else char


_RADICALS = dict(
    zip(
        "⺠⻅⻓⻔⻚⻛⻋⻢⻥⻦⻨⻩⻬⻮⻰⻜⻝⻉⻤⺟⻄⻳⻘⺁⺝⺾",
        "民见长门页风车马鱼鸟麦黄齐齿龙飞食贝鬼母西龟青厂月艹",
        strict=True,
    )
)
"""Radicals of the supplement that Chromium writes for the characters; Unicode gives them no folding."""


def _spaced(before: str, after: str, real: bool) -> bool:
    if before.isascii() and after.isascii():
        return before.isalnum() and after.isalnum()
    return real and not (before.isdigit() or after.isdigit())


def _read_objects(page: pdfium.PdfPage, sheet: Sheet) -> None:
    """Note the ruled lines and how much of the page pictures cover."""
    area = max(1.0, sheet.width * sheet.height)
    for count, item in enumerate(page.get_objects(max_depth=4)):
        if count > _MOST_OBJECTS:
            return
        if item.type not in {raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE}:
            continue
        try:
            left, bottom, right, top = item.get_bounds()
        except pdfium.PdfiumError:
            continue
        wide, high = right - left, top - bottom
        if item.type == raw.FPDF_PAGEOBJ_IMAGE:
            sheet.pictured += max(0.0, wide * high) / area
        elif high <= _THIN and wide >= _RULE:
            sheet.across.append(((top + bottom) / 2, left, right))
        elif wide <= _THIN and high >= _RULE:
            sheet.down.append(((left + right) / 2, bottom, top))
        elif wide >= _RULE and high >= _RULE and _stroked(item):
            sheet.across += [(bottom, left, right), (top, left, right)]
            sheet.down += [(left, bottom, top), (right, bottom, top)]


def _stroked(item: pdfium.PdfObject) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    return bool(raw.FPDFPath_GetDrawMode(item.raw, ctypes.byref(fill), ctypes.byref(stroke)) and stroke.value)


def usual(values: list[float], default: float) -> float:
    """Return the median, or the default where there is nothing."""
    return median(values) if values else default
