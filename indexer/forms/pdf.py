"""PDF files, read through PDFium: their text layer, and scanned pages where recognition is asked for."""

from __future__ import annotations

from statistics import median

import pypdfium2 as pdfium

from indexer.forms.extracted import Extracted, FormProblem, Writer
from indexer.forms.ocr import Ocr
from indexer.forms.pdf_glyphs import sheet_of
from indexer.forms.pdf_lines import gutter_of, lines_of, without_running
from indexer.forms.pdf_paragraphs import write
from indexer.forms.pdf_scans import recognised

__all__ = ["extract"]

MOST_PAGES = 5000
LOW = 0.8
"""Confidence of a page below which it is warned of; cleanly printed pages have 0.86 to 0.92."""
_FEW = 15
_PICTURE = 0.4
_LEAST_KNOWN = 0.95
_TAIL = 4096


def extract(data: bytes, ocr: Ocr | None = None) -> Extracted:
    """Return the text of a PDF's text layer, and with `ocr` what its scanned pages are recognised to say.

    Raises FormProblem with code encrypted, damaged, scanned, garbled, too_long or empty.
    """
    if b"%%EOF" not in data[-_TAIL:] and b"startxref" not in data[-_TAIL:]:
        raise FormProblem("damaged", "文件不完整，末尾缺失，请重新拷贝 / cut short, copy it again")
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "assword" in str(error) or "ecurity" in str(error):
            raise FormProblem(
                "encrypted", "PDF 设有密码，请用原软件去掉密码后另存 / needs a password: save it without one"
            ) from error
        raise FormProblem("damaged", f"PDF 已损坏，打不开 / damaged: {error}") from error
    try:
        return _read(document, ocr)
    finally:
        document.close()


def _read(document: pdfium.PdfDocument, ocr: Ocr | None) -> Extracted:
    if not 0 < len(document) <= MOST_PAGES:
        raise FormProblem("damaged", f"PDF 有 {len(document)} 页，不在 1–{MOST_PAGES} 之间 / page count")
    sheets = []
    scanned, unread = [], []
    sure: list[tuple[int, float]] = []
    for number in range(len(document)):
        try:
            page = document[number]
            sheet = sheet_of(page)
            picture = sum(len(run.text) for run in sheet.runs) < _FEW and sheet.pictured > _PICTURE
            if picture and ocr is not None:
                sheet, confidence = recognised(page, ocr)
                sure.append((number + 1, confidence))
            elif picture:
                scanned.append(number + 1)
            page.close()
        except pdfium.PdfiumError:
            unread.append(number + 1)
            continue
        sheets.append((sheet, number))
    gutters = [gutter for sheet, _ in sheets if (gutter := gutter_of(sheet)) is not None]
    usual_gutter = median(gutters) if gutters else None
    pages = [(sheet, lines_of(sheet, number, usual_gutter)) for sheet, number in sheets]
    if not pages:
        raise FormProblem("damaged", "PDF 的页面都读不出 / no page can be read")
    _check(
        pages_text="".join(line.text for _, lines in pages for line in lines),
        scanned=scanned,
        pages=len(document),
    )
    writer = Writer()
    if scanned or unread:
        listed = "、".join(map(str, [*scanned, *unread][:12]))
        remedy = "，可用 --ocr 识别(FAWEN_OCR)" if scanned else ""
        writer.warnings.append(
            f"第 {listed} 页没有文字层(扫描件)或读不出，这些页未入库{remedy} / pages without text were left out"
        )
    if unsure := [f"第 {page} 页 {confidence:.2f}" for page, confidence in sure if confidence < LOW]:
        listed = "、".join(unsure[:12])
        writer.warnings.append(
            f"文字识别的把握低于 {LOW}，请核对原件：{listed} / text recognition is unsure of these pages"
        )
    writer.unread, writer.recognised = [*scanned, *unread], sure
    write(without_running(pages), writer)
    return writer.done()


def _check(pages_text: str, scanned: list[int], pages: int) -> None:
    """Refuse what is a scan, or whose characters cannot be told. Raises FormProblem."""
    if scanned and (len(scanned) == pages or len(pages_text) < _FEW * pages):
        raise FormProblem(
            "scanned",
            "是扫描件，没有文字层；用 fawen index --ocr(或 FAWEN_OCR=true)重新索引即做文字识别，本机须装有 tesseract-ocr 与"
            " tesseract-ocr-chi-sim；也可改用原 Word 文件 / scanned, no text: index with --ocr, or take the Word file",
        )
    sample = pages_text[:50_000]
    unknown = sum(char == "\ufffd" or "\ue000" <= char <= "\uf8ff" for char in sample)
    if sample and unknown > (1 - _LEAST_KNOWN) * len(sample):
        raise FormProblem(
            "garbled",
            "文字层是乱码(字体没有编码表)；请从原文件重新导出 PDF，或做文字识别 / the text layer is garbled: export it again",
        )
