"""Word documents (.docx): paragraphs as a reader sees them, with every tracked change accepted.

Structure as in ECMA-376 part 1, §17. Headers, footers, comments, hidden text and tables of contents are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from indexer.forms.extracted import Extracted, FormProblem, Writer, clean
from indexer.forms.numbering import Numbering, attribute, child
from indexer.forms.package import Package, local_name

__all__ = ["extract"]

_SKIPPED = frozenset(
    "del moveFrom instrText delText delInstrText rPr pPr sectPr tblPr tblGrid trPr tcPr commentReference annotationRef"
    " rt binData bookmarkStart bookmarkEnd proofErr fldChar Fallback".split()
)
_BOXES = frozenset({"drawing", "pict", "object", "AlternateContent"})
_LONG_CELL = 300
_NOTE_PARTS = {"footnoteReference": "footnote", "endnoteReference": "endnote"}


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    base: str | None
    outline: int | None
    list_number: str | None
    list_level: int | None


def extract(data: bytes) -> Extracted:
    """Return the text of a .docx. Raises FormProblem with code damaged, encrypted, macro, bomb, empty, too_long."""
    package = Package(data)
    if any(name.lower().endswith("vbaproject.bin") for name in package.names):
        raise FormProblem(
            "macro",
            "带有宏，未打开；请另存为不带宏的 .docx / has macros, not opened: save it as a plain .docx",
        )
    place = _main_part(package)
    root = package.xml(place)
    body = child(root, "body")
    if body is None:
        raise FormProblem("damaged", "里面没有 Word 正文 / no Word document inside")
    folder = place.rpartition("/")[0]
    return _Document(package, folder).read(body)


def _main_part(package: Package) -> str:
    relations = package.xml("_rels/.rels")
    for relation in relations if relations is not None else ():
        if (relation.get("Type") or "").endswith("/officeDocument"):
            return (relation.get("Target") or "").lstrip("/")
    return "word/document.xml"


class _Document:
    def __init__(self, package: Package, folder: str):
        self.styles = _styles(package.xml(f"{folder}/styles.xml"))
        self.numbering = Numbering.of(package.xml(f"{folder}/numbering.xml"))
        self.notes = {kind: _notes(package.xml(f"{folder}/{kind}s.xml")) for kind in ("footnote", "endnote")}
        self.writer = Writer()
        self.cited: list[tuple[str, str]] = []
        self.boxes: list[Any] = []
        self.carried = ""

    def read(self, body: Any) -> Extracted:
        self._blocks(body)
        if self.carried:
            self._lines(self.carried, None)
        for kind, identity in self.cited:
            note = self.notes[kind].get(identity)
            if note is not None:
                words = "".join(self._words(paragraph) for paragraph in _paragraphs(note))
                self._lines(f"注：{words}" if clean(words) else "", None)
        return self.writer.done()

    def _blocks(self, parent: Any) -> None:
        for element in parent:
            name = local_name(element)
            if name == "p":
                self._paragraph(element)
            elif name == "tbl":
                self._table(element)
            elif name in {"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"}:
                if not _is_contents(element):
                    self._blocks(element)
            elif name == "altChunk":
                self.writer.warnings.append("文中嵌入的另一份文件未读 / an embedded document was not read")

    def _paragraph(self, element: Any) -> None:
        properties = child(element, "pPr")
        style_id = attribute(child(properties, "pStyle")) or ""
        chain = list(self._chain(style_id))
        if any(re.match(r"(?i)toc ?\d|目录 ?\d|table of (figures|contents)", style.name) for style in chain):
            return
        words = self.carried + self._words(element)
        self.carried = ""
        if child(properties, "rPr", "del") is not None:
            self.carried = words
            return
        if clean(words):
            words = self._list_number(properties, style_id, chain) + words
            self._lines(words, self._level(properties, chain))
        self._emit_boxes()

    def _emit_boxes(self) -> None:
        boxes, self.boxes = self.boxes, []
        for box in boxes:
            self._blocks(box)

    def _lines(self, words: str, level: int | None) -> None:
        """Write a paragraph; a line break in it ends a sentence's paragraph and is nothing within a sentence."""
        text = ""
        for part in words.split("\n"):
            part = clean(part)
            if text and re.search(r"[。！？：]$", text):
                self.writer.line(text, level=level, own=True)
                text = ""
            joint = " " if re.search(r"[A-Za-z]$", text) and re.match(r"[A-Za-z]", part) else ""
            text += joint + part
        self.writer.line(text, level=level, own=True)

    def _chain(self, style_id: str) -> Iterator[_Style]:
        seen: set[str] = set()
        while style_id in self.styles and style_id not in seen:
            seen.add(style_id)
            yield self.styles[style_id]
            style_id = self.styles[style_id].base or ""

    def _level(self, properties: Any, chain: list[_Style]) -> int | None:
        own = attribute(child(properties, "outlineLvl"))
        if own is not None and own.isdigit():
            return int(own) + 1 if int(own) < 9 else None
        for style in chain:
            if style.name.lower() in {"title", "标题"}:
                return 0
            if style.outline is not None:
                return style.outline + 1 if style.outline < 9 else None
            named = re.fullmatch(r"(?i)(?:heading|标题) ?([1-9])", style.name)
            if named:
                return int(named[1])
        return None

    def _list_number(self, properties: Any, style_id: str, chain: list[_Style]) -> str:
        own = child(properties, "numPr")
        number = attribute(child(own, "numId"))
        level = attribute(child(own, "ilvl"))
        if number is None:
            style = next((style for style in chain if style.list_number is not None), None)
            if style is None or style.list_number is None:
                return ""
            number = style.list_number
            depth = (
                style.list_level
                if style.list_level is not None
                else self.numbering.of_style(number, style_id)
            )
        else:
            depth = 0
        if level is not None and level.isdigit():
            depth = int(level)
        return "" if number == "0" else self.numbering.next(number, depth)

    def _words(self, element: Any) -> str:
        return "".join(self._pieces(element))

    def _pieces(self, element: Any) -> Iterator[str]:
        for part in element:
            name = local_name(part)
            if name == "t":
                yield part.text or ""
            elif name in _SKIPPED or not name or (name == "r" and _hidden(part)):
                continue
            elif name in _NOTE_PARTS:
                self.cited.append((_NOTE_PARTS[name], attribute(part, "id") or ""))
            elif name in _BOXES:
                self.boxes += _text_boxes(part)
            elif name in {"br", "cr"}:
                yield "\n" if attribute(part, "type") in {None, "textWrapping"} else ""
            elif name in {"tab", "ptab"}:
                yield " "
            elif name == "noBreakHyphen":
                yield "-"
            elif name == "sym":
                code = attribute(part, "char") or ""
                yield chr(int(code, 16)) if re.fullmatch("[0-9A-Fa-f]{4}", code) else ""
            else:
                yield from self._pieces(part)

    def _table(self, table: Any) -> None:
        rows = [row for row in _rows(table) if child(row, "trPr", "del") is None]
        grid = [[(cell, _span(cell)) for cell in _cells(row)] for row in rows]
        nested = any(
            local_name(below) == "tbl"
            for row in grid
            for cell, _ in row
            for below in cell.iter()
            if below is not cell
        )
        widest = max((sum(span for _, span in row) for row in grid), default=0)
        if widest <= 1 or nested:
            for row in grid:
                for cell, _ in row:
                    self._blocks(cell)
            return
        above: list[str] = [""] * widest
        written: list[list[str]] = []
        for row in grid:
            line: list[str] = []
            for cell, span in row:
                merged = child(cell, "tcPr", "vMerge")
                goes_on = merged is not None and attribute(merged) in {None, "continue"}
                words = above[len(line)] if goes_on and len(line) < widest else self._cell(cell)
                line += [words] * span
            above = (line + [""] * widest)[:widest]
            written.append(line)
        self.writer.table(written, own=True)
        self._emit_boxes()

    def _cell(self, cell: Any) -> str:
        text = ""
        for paragraph in _paragraphs(cell):
            properties = child(paragraph, "pPr")
            style_id = attribute(child(properties, "pStyle")) or ""
            words = self._words(paragraph)
            if clean(words):
                words = self._list_number(properties, style_id, list(self._chain(style_id))) + words
                joint = "" if not text or re.search(r"[。；：！？，、]$", text) else " "
                text += joint + clean(words)
        return text


def _styles(root: Any) -> dict[str, _Style]:
    found: dict[str, _Style] = {}
    for style in root if root is not None else ():
        if local_name(style) != "style" or attribute(style, "type") not in {None, "paragraph"}:
            continue
        properties = child(style, "pPr")
        outline = attribute(child(properties, "outlineLvl"))
        level = attribute(child(properties, "numPr", "ilvl"))
        found[attribute(style, "styleId") or ""] = _Style(
            name=attribute(child(style, "name")) or "",
            base=attribute(child(style, "basedOn")),
            outline=int(outline) if outline and outline.isdigit() else None,
            list_number=attribute(child(properties, "numPr", "numId")),
            list_level=int(level) if level and level.isdigit() else None,
        )
    return found


def _notes(root: Any) -> dict[str, Any]:
    return {
        attribute(note, "id") or "": note
        for note in (root if root is not None else ())
        if attribute(note, "type") not in {"separator", "continuationSeparator", "continuationNotice"}
    }


def _hidden(run: Any) -> bool:
    vanish = child(run, "rPr", "vanish")
    return vanish is not None and attribute(vanish) not in {"0", "false", "off"}


def _is_contents(element: Any) -> bool:
    gallery = attribute(child(element, "sdtPr", "docPartObj", "docPartGallery"))
    return gallery == "Table of Contents"


def _text_boxes(element: Any) -> Iterator[Any]:
    """Yield the contents of text boxes; of alternatives that say the same, the first that has any."""
    name = local_name(element)
    if name == "txbxContent":
        yield element
    elif name == "AlternateContent":
        for choice in element:
            found = list(_text_boxes(choice))
            if found:
                yield from found
                return
    else:
        for below in element:
            yield from _text_boxes(below)


_WRAPPERS = frozenset({"sdt", "sdtContent", "ins", "moveTo", "customXml"})


def _within(parent: Any, wanted: str) -> Iterator[Any]:
    for element in parent:
        name = local_name(element)
        if name == wanted:
            yield element
        elif name in _WRAPPERS:
            yield from _within(element, wanted)


def _paragraphs(parent: Any) -> Iterator[Any]:
    return _within(parent, "p")


def _rows(table: Any) -> Iterator[Any]:
    return _within(table, "tr")


def _cells(row: Any) -> Iterator[Any]:
    return _within(row, "tc")


def _span(cell: Any) -> int:
    wide = attribute(child(cell, "tcPr", "gridSpan"))
    return min(int(wide), 63) if wide and wide.isdigit() and int(wide) else 1
