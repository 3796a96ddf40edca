"""What stands where on a PDF page: runs of text, ruled lines, pictures. Coordinates in points, y upwards."""

from __future__ import annotations

import ctypes
import itertools
import unicodedata
from dataclasses import dataclass, field
from statistics import median

import pypdfium2 as pdfium
import pypdfium2.raw as raw

__all__ = ["Run", "Sheet", "sheet_of"]

_MOST_GLYPHS = 60_000
_MOST_OBJECTS = 30_000
_FAR = 40
_WRITTEN = (" ", "\u3000")
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


@dataclass(slots=True)
class _Glyph:
    char: str
    x0: float
    y0: float
    x1: float
    y1: float
    place: int
    blank: str

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2

    @property
    def height(self) -> float:
        return self.y1 - self.y0


def _runs(text: pdfium.PdfTextPage, down: list[tuple[float, float, float]]) -> list[Run]:
    """Gather characters into runs by where they stand, in whatever order they were drawn.

    A gap over a character's width, a ruled line, or a gap between what was drawn far apart (two columns) parts
    them. A blank that only a small gap stands for is none between Chinese characters and figures.
    """
    found: list[Run] = []
    for row in _rows_of(_glyphs(text)):
        run: list[_Glyph] = []
        for glyph in sorted(row, key=lambda glyph: glyph.x0):
            if run:
                last = run[-1]
                gap, size = glyph.x0 - last.x1, max(glyph.height, last.height)
                far = gap > 1.3 * size or (gap > 0.6 * size and abs(glyph.place - last.place) > _FAR)
                ruled = gap > 0.1 * size and _between(down, last.x1, glyph.x0, glyph.middle)
                if far or ruled:
                    found.append(_run(run))
                    run = []
            run.append(glyph)
        if run:
            found.append(_run(run))
    return found


def _glyphs(text: pdfium.PdfTextPage) -> list[_Glyph]:
    """Return a page's characters with their places; slanted ones are watermarks and are left out."""
    found: list[_Glyph] = []
    box = raw.FS_RECTF()
    page = text.raw
    blank = ""
    for index in range(min(text.count_chars(), _MOST_GLYPHS)):
        char = _plain(raw.FPDFText_GetUnicode(page, index))
        if not char:
            continue
        if char.isspace():
            generated = raw.FPDFText_IsGenerated(page, index) == 1
            blank = blank or ("\t" if generated else char if char == "\u3000" else " ")
            continue
        if not raw.FPDFText_GetLooseCharBox(page, index, ctypes.byref(box)):
            continue
        low, high = min(box.top, box.bottom), max(box.top, box.bottom)
        if unicodedata.category(char) == "Pd" and high - low < box.right - box.left:
            low, high = _squared(low, high, box.right - box.left)
        if high - low <= 0.5 or box.right - box.left > 20 * (high - low):
            continue
        if not 0.06 < raw.FPDFText_GetCharAngle(page, index) % 6.2832 < 6.2232:
            found.append(_Glyph(char, box.left, low, box.right, high, index, blank))
        blank = ""
    return found


def _squared(low: float, high: float, width: float) -> tuple[float, float]:
    """Give a dash, whose box may be as flat as its stroke, the height of a character."""
    middle = (low + high) / 2
    return middle - width / 2, middle + width / 2


def _rows_of(glyphs: list[_Glyph]) -> list[list[_Glyph]]:
    """Group characters by line; those drawn one after another at one height stay together."""
    strings: list[list[_Glyph]] = []
    for glyph in glyphs:
        last = strings[-1][-1] if strings else None
        if last is not None and abs(last.middle - glyph.middle) < 0.45 * max(last.height, glyph.height):
            strings[-1].append(glyph)
        else:
            strings.append([glyph])
    rows: list[list[_Glyph]] = []
    for string in sorted(strings, key=lambda string: -median(glyph.middle for glyph in string)):
        middle = median(glyph.middle for glyph in string)
        above = rows[-1][0] if rows else None
        if above is not None and abs(above.middle - middle) < 0.4 * min(above.height, string[0].height):
            rows[-1] += string
        else:
            rows.append(string)
    return rows


def _space_between(before: _Glyph, glyph: _Glyph) -> float:
    """Return the gap that stands for a blank; more where a Chinese character's box is drawn tight around it.

    Between Chinese and Latin characters word processors leave a quarter of an em where no blank is written.
    """
    em = max(glyph.height, before.height)
    if glyph.blank not in _WRITTEN and before.char.isascii() != glyph.char.isascii():
        return 0.5 * em
    chinese = any("\u4e00" <= one.char <= "\u9fff" for one in (before, glyph))
    return (0.45 if chinese and not before.char.isascii() else 0.2) * em


def _run(glyphs: list[_Glyph]) -> Run:
    glyphs = _without_references(glyphs)
    text = glyphs[0].char
    for before, glyph in itertools.pairwise(glyphs):
        gap = glyph.x0 - before.x1
        wide = gap > _space_between(before, glyph)
        near = glyph.blank and glyph.place - before.place <= 3
        written = glyph.blank in _WRITTEN and gap > 0.8 * max(glyph.height, before.height)
        if written or ((near or wide) and _spaced(before.char, glyph.char, real=wide)):
            text += glyph.blank if written else " "
        text += glyph.char
    wide_ones = [glyph.x1 - glyph.x0 for glyph in glyphs if "\u4e00" <= glyph.char <= "\u9fff"]
    size = median(wide_ones) if wide_ones else median(glyph.height for glyph in glyphs)
    low, high = median(glyph.y0 for glyph in glyphs), median(glyph.y1 for glyph in glyphs)
    return Run(text, glyphs[0].x0, low, max(glyph.x1 for glyph in glyphs), high, size)


def _without_references(glyphs: list[_Glyph]) -> list[_Glyph]:
    """Leave out the raised small figures that refer to footnotes; behind a number they would become part of it."""
    usual_height = median(glyph.height for glyph in glyphs)
    usual_middle = median(glyph.middle for glyph in glyphs)

    def refers(glyph: _Glyph) -> bool:
        small, raised = glyph.height < 0.75 * usual_height, glyph.middle > usual_middle + 0.1 * usual_height
        return small and raised and (glyph.char.isdigit() or glyph.char in "[]〔〕")

    return glyphs[:1] + [glyph for glyph in glyphs[1:] if not refers(glyph)]


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
