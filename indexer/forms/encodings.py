"""What characters bytes stand for: Unicode with or without a mark, GB18030, Big5."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter

from indexer.errors import FileProblem

__all__ = ["declared", "decode"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LEAST_READABLE = 0.97
_SAMPLE = 200_000
_COMMON = frozenset(
    "的一是在不了有和人这這中大为為上个個国國我以要他时時来來用们們生到作地于於出就分对對成会會可主发發年动動同工也能下过過子说說产產种種面而方后後多定行学學法所民得经經院案审審"
)
"""Characters of which a fifth or so of any Chinese text consists, in both scripts."""
_GARBLED = re.compile(r"锟斤拷|烫烫烫|ï»¿|å\x8f|æ\x9d|Ã[\x80-\xbf¤¥©]|鈥|銆€")
_HAN = re.compile("[\u4e00-\u9fff]+")
_META = re.compile(
    rb"""<(?:meta[^>]{0,200}?charset\s*=\s*["']?|\?xml[^>]{0,100}?encoding\s*=\s*["'])\s*([A-Za-z0-9_:-]{2,24})""",
    re.I,
)


def decode(data: bytes, name: str) -> str:
    """Decode bytes as UTF-8, UTF-16, GB18030 or Big5; a byte order mark is a signature, not text.

    Raises FileProblem with code binary or encoding.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], encoding, name)
    if b"\0" in data:
        wide = _wide_encoding(data)
        if wide is None:
            raise FileProblem(name, "binary", "是二进制文件，不是文本 / binary, not text")
        return _strict(data, wide, name)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        text = _national(data, name, first_bad=error.start)
    if _readable(text) < _LEAST_READABLE:
        raise FileProblem(
            name,
            "encoding",
            "编码无法识别(支持 UTF-8、GB18030、Big5、UTF-16)，请另存为 UTF-8 / unknown encoding",
        )
    if _is_garbled(text):
        raise FileProblem(
            name,
            "encoding",
            "文字已成乱码(存盘前被按错误的编码打开过)，请从原件重新导出 / mojibake: export it again from the original",
        )
    return text


def declared(data: bytes, name: str, charset: str | None = None) -> str:
    """Decode a web page by the character set given or declared in it, else by `decode`. Raises FileProblem."""
    if any(data.startswith(mark) for mark, _ in _BOMS):
        return decode(data, name)
    found = _META.search(data[:4096])
    for label in (charset, found[1].decode("ascii") if found else None):
        encoding = _codec(label)
        if encoding is None:
            continue
        try:
            return data.decode(encoding)
        except (UnicodeError, LookupError):  # some of what `codecs` knows makes no characters of bytes
            continue
    return decode(data, name)


def _codec(label: str | None) -> str | None:
    """Return the codec for a label; pages labelled GB2312 or GBK hold characters of GB18030."""
    try:
        encoding = codecs.lookup(label or "").name
    except LookupError:
        return None
    widened = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "iso8859-1": None, "ascii": None}
    return widened.get(encoding, encoding)


def _strict(data: bytes, encoding: str, name: str, first_bad: int | None = None) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        at = error.start if first_bad is None else first_bad
        raise FileProblem(
            name,
            "encoding",
            f"第 {at} 字节处不合 UTF-8、GB18030、Big5 或 UTF-16，文件可能损坏 / undecodable at byte {at}",
        ) from error


def _national(data: bytes, name: str, first_bad: int) -> str:
    """Decode as GB18030 or Big5, whichever makes more common characters of the bytes; GB18030 where in doubt."""
    try:
        traditional = data.decode("big5hkscs")
    except UnicodeDecodeError:
        return _strict(data, "gb18030", name, first_bad)
    try:
        simplified = data.decode("gb18030")
    except UnicodeDecodeError:
        return traditional if _commonness(traditional) > 0.05 else _strict(data, "gb18030", name, first_bad)
    likelier = _commonness(traditional) > 2 * _commonness(simplified) + 0.02
    return traditional if likelier else simplified


def _commonness(text: str) -> float:
    sample = [char for char in text[:_SAMPLE] if ord(char) > 0x7F]
    return sum(char in _COMMON for char in sample) / max(1, len(sample))


def _wide_encoding(data: bytes) -> str | None:
    """Tell UTF-16 without a mark by where its zero bytes stand; None where it is none."""
    if len(data) % 2:
        return None
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and _readable(text) >= _LEAST_READABLE:
            return encoding
    return None


def _readable(text: str) -> float:
    """Return the share of a text's characters that are letters, marks, digits, punctuation or space."""
    if not text:
        return 1.0
    sample = text if len(text) <= _SAMPLE else text[: _SAMPLE // 2] + text[-_SAMPLE // 2 :]
    odd = sum(
        count
        for char, count in Counter(sample).items()
        if unicodedata.category(char) in {"Cc", "Cn", "Co", "Cs"} and char not in "\t\r\n\f\v\x85"
    )
    return 1 - odd / len(sample)


def _is_garbled(text: str) -> bool:
    """Tell a text that was once read in a wrong encoding and saved so.

    Its characters, put back into GB18030, Windows-1252 or Latin-1, are good UTF-8; no text that means something
    is. Where characters were lost on the way, the stock phrases of such accidents tell.
    """
    sample = text[:_SAMPLE]
    if len(re.findall("\ufffd", sample)) * 50 > len(sample) or len(_GARBLED.findall(sample)) * 200 > len(
        sample
    ):
        return True
    odd = [char for char in sample if ord(char) > 0x7F]
    if len(odd) < 20:
        return False
    for encoding in ("gb18030", "cp1252", "latin-1"):
        back = "".join(odd).encode(encoding, "replace").decode("utf-8", "replace")
        if len(_HAN.sub("", back)) * 2 < len(back):
            return True
    return False
