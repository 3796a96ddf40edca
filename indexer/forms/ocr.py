"""Text recognition of pages that are pictures, by the tesseract command with Chinese (chi_sim) where it is installed."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from indexer.forms.extracted import FormProblem

__all__ = ["DPI", "Image", "Ocr", "Word", "missing"]

DPI = 200
"""Measured: characters wrong at 200, 250 and 300 were 1.3, 1.5 and 3.2 % of a 200 dpi scan, 1.1, 2.8 and 4.1 % of a 300 dpi one."""
LANGUAGE = "chi_sim"
PAGE_SECONDS = 60
"""One page of a report takes one to three seconds; a page that takes longer than this is no text."""

Image = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Word:
    """Recognised characters, their box in pixels (y downwards), and how sure they are, 0 to 1."""

    text: str
    x0: int
    y0: int
    x1: int
    y1: int
    confidence: float


def missing() -> str:
    """Return what text recognition lacks on this machine, in words with the remedy; "" where it can be used."""
    return _missing(os.environ.get("PATH", ""), os.environ.get("TESSDATA_PREFIX", ""))


@lru_cache(4)
def _missing(path: str, _data: str) -> str:
    command = shutil.which("tesseract", path=path)
    remedy = "apt install tesseract-ocr tesseract-ocr-chi-sim"
    if command is None:
        return f"本机没有 tesseract，请安装({remedy}) / tesseract is not installed"
    listed = subprocess.run([command, "--list-langs"], capture_output=True, timeout=30, check=False)
    if LANGUAGE not in listed.stdout.decode("utf-8", "replace").split():
        return f"tesseract 缺少中文数据 {LANGUAGE}，请安装({remedy}) / its Chinese data is not installed"
    return ""


@dataclass(frozen=True, slots=True)
class Ocr:
    """Recognises page images; `each_page` is called after every one, so that a long file is seen to go on."""

    each_page: Callable[[], None] = lambda: None

    def lines(self, image: Image) -> list[list[Word]]:
        """Return the lines of words that a greyscale image shows.

        Raises FormProblem where tesseract is not there, fails, or takes too long.
        """
        if lacks := missing():
            raise FormProblem("scanned", f"是扫描件，要求了文字识别，但{lacks}")
        height, width = image.shape
        command = ["tesseract", "stdin", "stdout", "-l", LANGUAGE, "--psm", "3", "--dpi", str(DPI), "tsv"]
        try:
            done = subprocess.run(
                command,
                input=b"P5 %d %d 255\n" % (width, height) + image.tobytes(),
                capture_output=True,
                timeout=PAGE_SECONDS,
                check=False,
                env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            )
        except subprocess.TimeoutExpired as error:
            raise FormProblem(
                "timeout", f"一页的文字识别超过 {PAGE_SECONDS} 秒 / recognising one page took too long"
            ) from error
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip()[-200:]
            raise FormProblem("scanned", f"tesseract 识别失败 / text recognition failed: {said}")
        self.each_page()
        return _lines(done.stdout.decode("utf-8", "replace"))


def _lines(table: str) -> list[list[Word]]:
    lines: dict[tuple[str, str, str], list[Word]] = {}
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        text = (row.get("text") or "").strip()
        if row["level"] != "5" or not text:
            continue
        left, top, wide, high = (int(row[name]) for name in ("left", "top", "width", "height"))
        word = Word(text, left, top, left + wide, top + high, max(0.0, float(row["conf"])) / 100)
        lines.setdefault((row["block_num"], row["par_num"], row["line_num"]), []).append(word)
    return list(lines.values())
