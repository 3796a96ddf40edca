"""Scanned pages: rendered, set upright, their ruled lines found and their words recognised, as a sheet like any other."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray

from indexer.forms.ocr import DPI, Image, Ocr, Word
from indexer.forms.pdf_glyphs import Run, Sheet, usual

__all__ = ["recognised"]

_LONGEST_SIDE = 5000
_DARK = 140
_TURNS = np.arange(-30, 31) / 10
_SAMPLE = 120_000
_ACROSS, _DOWN = 130, 90
_MOST_RULES = 2000

_ENOUGH = 6
_MARGIN = 0.075
_CHINESE = "\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”‘’"
_FULL_WIDTH = str.maketrans({"(": "（", ")": "）", ":": "：", ";": "；", ",": "，", "?": "？", "!": "！"})
_HALF = re.compile(rf"(?<=[{_CHINESE}])[(),:;?!]|[(),:;?!](?=[{_CHINESE}])")
_PERCENT = re.compile(r"(?<=\d)%[06](?!\d)")
_DATED = re.compile(r"《(?:19|20)\d\d年")
_DASHES = re.compile(rf"(?<=[{_CHINESE}])[-—一]{{2,}}(?=[{_CHINESE}])")

Bits = NDArray[np.bool_]
Rule = tuple[float, float, float]


def recognised(page: pdfium.PdfPage, ocr: Ocr) -> tuple[Sheet, float]:
    """Return what a scanned page shows, coordinates in points, and how sure its characters are on average, 0 to 1.

    Raises FormProblem where recognition cannot be done.
    """
    width, height = page.get_size()
    scale = min(DPI / 72, _LONGEST_SIDE / max(width, height, 1.0))
    image = page.render(scale=scale, grayscale=True).to_numpy()
    image = upright(image if image.ndim == 2 else image[:, :, 0])
    across, down, cleared = rules_of(image)
    sheet = Sheet(width=image.shape[1] / scale, height=image.shape[0] / scale, pictured=1.0)
    tall = sheet.height
    sheet.across = [(tall - y / scale, a / scale, b / scale) for y, a, b in across]
    sheet.down = [(x / scale, tall - b / scale, tall - a / scale) for x, a, b in down]
    lines = [line for line in ocr.lines(cleared) if not _speck(line)]
    words = [word for line in lines for word in line]
    runs = [run for line in lines if line for run in _runs(line, sheet.down, scale, tall) if run.text]
    sheet.runs = _even([run for run in runs if not _in_margin(run, tall)])
    weight = sum(len(word.text) for word in words)
    sure = sum(word.confidence * len(word.text) for word in words) / weight if weight else 0.0
    return sheet, round(sure, 3)


def _in_margin(run: Run, tall: float) -> bool:
    """Tell whether a few characters stand at the page's edge, as its number does, whatever it was read as."""
    return len(run.text) <= 3 and (run.y1 < _MARGIN * tall or run.y0 > (1 - _MARGIN) * tall)


def _speck(line: Sequence[Word]) -> bool:
    """Tell whether a line is a single doubtful character, as dirt and folds are read."""
    return (
        len(line) == 1 and len(line[0].text) == 1 and line[0].confidence < 0.5 and not line[0].text.isdigit()
    )


def upright(image: Image) -> Image:
    """Return a page turned so that its lines run level, as far as it was laid askew by up to three degrees.

    The turn sought is that at which rows of dark pixels are most unevenly filled.
    """
    ys, xs = np.nonzero(image[::2, ::2] < _DARK)
    if len(ys) < 500:
        return image
    step = max(1, len(ys) // _SAMPLE)
    ys, xs = ys[::step], xs[::step]
    best, most = 0.0, -1.0
    for turn in _TURNS:
        slope = np.tan(np.radians(turn))
        rows = np.bincount((ys - xs * slope + len(image)).astype(int))
        even = float((rows.astype(float) ** 2).sum())
        if even > most * (1.001 if abs(turn) >= abs(best) else 0.999):
            best, most = float(turn), even
    return image if abs(best) < 0.05 else _sheared(image, float(np.tan(np.radians(best))))


def _sheared(image: Image, slope: float) -> Image:
    """Turn an image by a small angle: columns are shifted down, then rows sideways."""
    height, width = image.shape
    level = _shifted(image.T, (np.arange(width) - width / 2) * slope).T
    return _shifted(level, -(np.arange(height) - height / 2) * slope)


def _shifted(image: Image, shifts: NDArray[np.float64]) -> Image:
    """Shift each row by its part of pixels, white coming in at the ends; a pixel between two is their mean by place."""
    width = image.shape[1]
    whole = np.floor(shifts).astype(int)
    part = (shifts - whole).astype(np.float32)[:, None]
    padded = np.pad(image, ((0, 0), (0, 1)), constant_values=255)
    places = np.arange(width)[None, :] + whole[:, None]
    rows = np.arange(len(image))[:, None]
    near, next_to = (
        np.where((at >= 0) & (at < width), padded[rows, np.clip(at, 0, width)], 255).astype(np.float32)
        for at in (places, places + 1)
    )
    mixed: Image = np.rint(near * (1 - part) + next_to * part).astype(np.uint8)
    return mixed


def rules_of(image: Image) -> tuple[list[Rule], list[Rule], Image]:
    """Return the ruled lines of a page, across and down, in pixels, and the page without them."""
    dark = image < _DARK
    across, flat = _long(dark, _ACROSS)
    down, steep = _long(dark.T, _DOWN)
    if not across or not down or len(across) > _MOST_RULES or len(down) > _MOST_RULES:
        return [], [], image
    cleared = image.copy()
    cleared[_grown(flat) | _grown(steep).T] = 255
    return across, down, np.ascontiguousarray(cleared)


def _long(dark: Bits, least: int) -> tuple[list[Rule], Bits]:
    """Return the runs of dark pixels along rows that are `least` long or more, as rules, and the pixels they cover."""
    height, width = dark.shape
    found = np.zeros_like(dark)
    if width <= least:
        return [], found
    sums = np.zeros((height, width + 1), dtype=np.int32)
    np.cumsum(dark, axis=1, out=sums[:, 1:])
    begins = (sums[:, least:] - sums[:, :-least]) >= 0.95 * least
    rules: list[list[float]] = []
    for y in np.nonzero(begins.any(axis=1))[0].tolist():
        places = np.nonzero(begins[y])[0]
        cuts = np.nonzero(np.diff(places) > 5)[0]
        firsts, lasts = places[np.r_[0, cuts + 1]], places[np.r_[cuts, len(places) - 1]] + least
        for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
            found[y, first:last] = True
            near = (rule for rule in reversed(rules[-400:]) if y - rule[1] <= 6)
            same = next((rule for rule in near if first <= rule[3] + 12 and rule[2] <= last + 12), None)
            if same is None:
                rules.append([y, y, first, last])
            else:
                same[1], same[2], same[3] = y, min(same[2], first), max(same[3], last)
    thin = [rule for rule in rules if rule[1] - rule[0] <= 24]
    return [((top + bottom) / 2, left, right) for top, bottom, left, right in thin], found


def _grown(bits: Bits) -> Bits:
    """Add the two pixels above and below."""
    grown = bits.copy()
    for step in (1, 2):
        grown[step:] |= bits[:-step]
        grown[:-step] |= bits[step:]
    return grown


def _runs(line: Sequence[Word], down: Sequence[Rule], scale: float, tall: float) -> list[Run]:
    """Gather a line's words into runs, parted by wide gaps and ruled lines; blanks stand between Latin words only."""
    high = usual([float(word.y1 - word.y0) for word in line], 1.0)
    groups: list[list[Word]] = []
    for word in sorted(line, key=lambda word: word.x0):
        before = groups[-1][-1] if groups else None
        ruled = before is not None and any(
            before.x1 / scale - 1 <= x <= word.x0 / scale + 1 for x, _, _ in down
        )
        if before is None or ruled or word.x0 - before.x1 > 2.2 * high:
            groups.append([word])
        else:
            groups[-1].append(word)
    return [_run(words, scale, tall) for words in groups]


def _run(words: Sequence[Word], scale: float, tall: float) -> Run:
    text = words[0].text
    for word in words[1:]:
        latin = re.search("[A-Za-z]$", text) and re.match("[A-Za-z]", word.text)
        text += (" " if latin else "") + word.text
    highest = max(word.y1 - word.y0 for word in words)
    full = [word for word in words if word.y1 - word.y0 >= 0.7 * highest]
    top, bottom = (
        usual([float(y) for y in ys], 0.0) / scale for ys in zip(*((w.y0, w.y1) for w in full), strict=True)
    )
    x0, x1 = min(word.x0 for word in words) / scale, max(word.x1 for word in words) / scale
    wide = sum(1.0 if ord(char) > 0x2E7F else 0.5 for char in text)
    size = (x1 - x0) / wide if wide >= _ENOUGH else 0.0
    return Run(_mended(text), x0, tall - bottom, x1, tall - top, size)


def _mended(text: str) -> str:
    """Put right what recognition gets wrong of marks: half-width among Chinese, brackets of other kinds, 46.8%6."""
    text = _DASHES.sub("——", _HALF.sub(lambda mark: mark[0].translate(_FULL_WIDTH), text))
    text = _PERCENT.sub("%", text).replace("〈", "（").replace("〉", "）")
    if "《" in text and "》" not in text and (_DATED.match(text) or text.count("）") > text.count("（")):
        text = text.replace("《", "（", 1)
    return text.lstrip("”’`'")


def _even(runs: list[Run]) -> list[Run]:
    """Set the sizes of runs that their boxes do not tell: those near the body's are the body's, and a few characters

    are as large as the line before them where they are about as high.
    """
    sized = [run for run in runs if run.size]
    body = usual([run.size for run in sized for _ in range(len(run.text) // 8)], 0.0)
    share = usual([run.size / (run.y1 - run.y0) for run in sized if run.y1 > run.y0], 0.8)
    before: Run | None = None
    for run in runs:
        high = run.y1 - run.y0
        if not run.size:
            alike = before is not None and 0.5 * (before.y1 - before.y0) < high < 1.3 * (
                before.y1 - before.y0
            )
            run.size = before.size if before is not None and alike else share * high
        if body and 0.8 * body < run.size < 1.2 * body:
            run.size = body
        before = run
    return runs
