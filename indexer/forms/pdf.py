"""PDF files with a text layer, read through PDFium."""

from __future__ import annotations

import pypdfium2 as pdfium

from indexer.forms.extracted import Extracted, FormProblem, Writer
from indexer.forms.pdf_glyphs import sheet_of
from indexer.forms.pdf_lines import lines_of, without_running
from indexer.forms.pdf_paragraphs import write

__all__ = ["extract"]

MOST_PAGES = 5000
_FEW = 15
_PICTURE = 0.4
_LEAST_KNOWN = 0.95
_TAIL = 4096


def extract(data: bytes) -> Extracted:
    """Return the text of a PDF's text layer.

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
        return _read(document)
    finally:
        document.close()


def _read(document: pdfium.PdfDocument) -> Extracted:
    if not 0 < len(document) <= MOST_PAGES:
        raise FormProblem("damaged", f"PDF 有 {len(document)} 页，不在 1–{MOST_PAGES} 之间 / page count")
    pages = []
    scanned, unread = [], []
    for number in range(len(document)):
        try:
            page = document[number]
            sheet = sheet_of(page)
            page.close()
        except pdfium.PdfiumError:
            unread.append(number + 1)
            continue
        written = sum(len(run.text) for run in sheet.runs)
        if written < _FEW and sheet.pictured > _PICTURE:
            scanned.append(number + 1)
        pages.append((sheet, lines_of(sheet, number)))
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
        writer.warnings.append(
            f"第 {listed} 页没有文字层(扫描件)或读不出，这些页未入库 / pages without text were left out"
        )
    write(without_running(pages), writer)
    return writer.done()


def _check(pages_text: str, scanned: list[int], pages: int) -> None:
    """Refuse what is a scan, or whose characters cannot be told. Raises FormProblem."""
    if scanned and (len(scanned) == pages or len(pages_text) < _FEW * pages):
        raise FormProblem(
            "scanned",
            "是扫描件，没有文字层；请先做文字识别(如 ocrmypdf -l chi_sim 原.pdf 新.pdf)，或用原 Word 文件"
            " / scanned, no text: recognise it first (ocrmypdf -l chi_sim) or take the Word file",
        )
    sample = pages_text[:50_000]
    unknown = sum(char == "\ufffd" or "\ue000" <= char <= "\uf8ff" for char in sample)
    if sample and unknown > (1 - _LEAST_KNOWN) * len(sample):
        raise FormProblem(
            "garbled",
            "文字层是乱码(字体没有编码表)；请从原文件重新导出 PDF，或做文字识别 / the text layer is garbled: export it again",
        )
