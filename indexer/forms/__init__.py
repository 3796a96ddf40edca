"""The forms that a court's files come in, and the one function that takes the text out of any of them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from indexer.forms.extracted import Extracted, FormProblem
from indexer.forms.ocr import Ocr

__all__ = ["ARCHIVES", "EXTRACTION", "LEGACY", "SUFFIXES", "Extracted", "FormProblem", "extract", "form_of"]

EXTRACTION = 2
"""Raised with every change to what is extracted, so that stored text of an earlier version is not taken for it."""

SUFFIXES = {
    ".txt": "txt",
    ".text": "txt",
    ".md": "md",
    ".markdown": "md",
    ".docx": "docx",
    ".pdf": "pdf",
    ".html": "html",
    ".htm": "html",
    ".mht": "mht",
    ".mhtml": "mht",
    ".doc": "doc",
    ".wps": "wps",
    ".rtf": "rtf",
    ".odt": "odt",
}
ARCHIVES = (".zip",)
LEGACY = frozenset({"doc", "wps", "rtf", "odt"})
_MACROS = frozenset({".docm", ".dotm"})
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_EXTRACTORS = {
    "docx": ("indexer.forms.word", "extract"),
    "pdf": ("indexer.forms.pdf", "extract"),
    "html": ("indexer.forms.webpage", "extract"),
    "mht": ("indexer.forms.webpage", "extract_archive"),
} | {form: ("indexer.forms.office", f"extract_{form}") for form in LEGACY}


def form_of(suffix: str, data: bytes) -> str:
    """Return the form of a file: what its first bytes say, as far as they say it, else what its suffix does.

    Raises FormProblem with code unsupported, macro or encrypted.
    """
    suffix = suffix.lower()
    if suffix in _MACROS:
        raise FormProblem(
            "macro", "是带宏的文档，未打开；请另存为 .docx / has macros, not opened: save it as .docx"
        )
    form = SUFFIXES.get(suffix)
    if form is None:
        kind = suffix or "无扩展名 / none"
        raise FormProblem(
            "unsupported",
            f"不支持的格式 {kind}，目前支持 {' '.join((*SUFFIXES, *ARCHIVES))}；请另存为 .docx、.pdf 或 UTF-8 文本"
            " / save it as one of these",
        )
    if form in {"txt", "md"}:
        return form
    return _seen(data, form)


def _seen(data: bytes, form: str) -> str:
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(_OLE):
        if _ENCRYPTED_STREAM in data:
            raise FormProblem(
                "encrypted", "文档设有密码，请去掉密码后另存 / needs a password: save it without one"
            )
        return form if form in LEGACY else "doc"
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if head.startswith(b"{\\rtf"):
        return "rtf"
    if head.startswith(b"PK\x03\x04"):
        return form if form in {"docx", "odt"} else "docx"
    lower = head.lower()
    if form in LEGACY and (lower.startswith((b"<html", b"<!doctype html")) or b"<html" in lower):
        return "html"
    if form in LEGACY | {"html"} and lower.startswith((b"mime-version:", b"from: <saved by")):
        return "mht"
    return form


def extract(form: str, data: bytes, ocr: Ocr | None = None) -> Extracted:
    """Return the text of a file of one of the forms that are more than text; with `ocr`, of scanned pages too.

    Raises FormProblem where that cannot be; what else a library raises on crafted input is for the caller, who
    runs this in a process of its own.
    """
    module, name = _EXTRACTORS[form]
    function: Callable[..., Extracted] = getattr(import_module(module), name)
    return function(data, ocr) if form == "pdf" else function(data)
