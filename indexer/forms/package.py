"""ZIP packages opened with bounds: so much of a part, so much of all, and no tricks of XML."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Any

from lxml import etree

from indexer.forms.extracted import FormProblem

__all__ = ["Package", "local_name"]

LARGEST_PART = 64_000_000
LARGEST_WHOLE = 400_000_000
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, KeyError)


class Package:
    """A ZIP package such as a .docx, read part by part."""

    def __init__(self, data: bytes):
        """Open a package. Raises FormProblem with code damaged, encrypted or bomb."""
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            members = self._zip.infolist()
        except DAMAGED as error:
            raise FormProblem("damaged", f"文件已损坏或不完整 / damaged or cut short: {error}") from error
        if any(member.flag_bits & 1 for member in members):
            raise FormProblem(
                "encrypted", "文件已加密，请去掉密码后另存 / encrypted: save it without a password"
            )
        if sum(member.file_size for member in members) > LARGEST_WHOLE:
            raise FormProblem(
                "bomb", f"解压后超过 {LARGEST_WHOLE:,} 字节，疑为压缩炸弹 / unfolds to too much, a zip bomb?"
            )
        self.names = {member.filename for member in members}

    def read(self, name: str) -> bytes:
        """Return a part's bytes, b"" for one that is not there. Raises FormProblem."""
        if name not in self.names:
            return b""
        try:
            with self._zip.open(name) as part:
                data = part.read(LARGEST_PART + 1)
        except DAMAGED as error:
            raise FormProblem("damaged", f"{name} 已损坏或不完整 / damaged or cut short: {error}") from error
        if len(data) > LARGEST_PART:
            raise FormProblem("bomb", f"{name} 解压后超过 {LARGEST_PART:,} 字节，疑为压缩炸弹 / a zip bomb?")
        return data

    def xml(self, name: str) -> Any:
        """Return a part's root element, or None where it is not there.

        Entities are not resolved, nothing is fetched. Raises FormProblem with code bomb for a document type,
        which the format forbids, and damaged for what is no XML.
        """
        data = self.read(name)
        if not data:
            return None
        if b"<!DOCTYPE" in data[:4096].replace(b"\0", b""):
            raise FormProblem(
                "bomb", f"{name} 带有文档类型声明，疑为 XML 炸弹 / a document type: an XML bomb?"
            )
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise FormProblem("damaged", f"{name} 不是完好的 XML / no sound XML: {error.msg}") from error
        return root


def local_name(element: Any) -> str:
    """Return an element's name without its namespace, "" for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
