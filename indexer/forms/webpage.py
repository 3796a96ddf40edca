"""Saved web pages (.html, .mht): the main text, without navigation, scripts and what is not shown."""

from __future__ import annotations

import email
import email.policy
import itertools
import re
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

from lxml import etree, html

from indexer.forms.encodings import declared
from indexer.forms.extracted import Extracted, FormProblem, Writer, clean
from indexer.forms.package import local_name
from indexer.titles import is_title
from indexer.wrapping import wrapped_width

__all__ = ["extract", "extract_archive"]

_GONE = frozenset(
    "script style noscript template svg math iframe object embed applet canvas audio video select button input"
    " textarea option nav footer aside head meta link rt rp map frameset dialog menu".split()
)
_BLOCKS = frozenset(
    "p div li h1 h2 h3 h4 h5 h6 blockquote section article main header dd dt dl pre center hr ul ol td th tr table"
    " tbody thead tfoot figure figcaption address fieldset form caption body html details summary".split()
)
_ASIDE = re.compile(
    r"(?i)(?:^|[\s_-])(?:nav|navbar|navigation|menu|menus|breadcrumbs?|crumbs?|footer|foot|sidebar|side|share|copyright|related|login|"
    r"search|toolbar|pager|pagination|banner|topbar|weizhi|dangqian|recommend|links?)(?:$|[\s_-])"
)
_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "complementary", "menu", "menubar"})
_UNSHOWN = re.compile(r"(?i)display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all")
_BETWEEN_HAN = re.compile(
    r"(?<=[\u2e80-\u9fff\uff00-\uffef“”‘’、。])[ \t\r\n\f]*[\r\n][ \t\r\n\f]*(?=[\u2e80-\u9fff\uff00-\uffef“”‘’])"
)
_MOST = 0.85
_LONG_CELL = 200
_FORMS_OF_LISTS = {"a": "abcdefghijklmnopqrstuvwxyz"}


def extract(data: bytes, charset: str | None = None) -> Extracted:
    """Return the main text of a page. Raises FormProblem and FileProblem."""
    text = declared(data, "", charset)
    parser = html.HTMLParser(encoding="utf-8", huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(
            re.sub(r"^\s*<\?xml[^>]*\?>", "", text).replace("\0", "").encode("utf-8", "replace"),
            parser=parser,
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        code = "empty" if not re.search(r"[^<>\s]", re.sub(r"<[^>]*>", "", text[:100_000])) else "damaged"
        raise FormProblem(code, f"网页读不出文字 / no text can be read: {error}") from error
    heading = clean(root.findtext(".//title") or "")
    body = root.find("body") if root.find("body") is not None else root
    _strip(body)
    main = _main(body)
    page = _Page()
    for title in _titles(body, main, heading):
        page.writer.line(title, level=0)
    page.read(main)
    return page.done()


def extract_archive(data: bytes) -> Extracted:
    """Return the main text of a page saved with its pictures in one file (.mht, RFC 2557)."""
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        parts = [part for part in message.walk() if part.get_content_type() == "text/html"]
        for part in parts:
            assert isinstance(part, EmailMessage)
            content = part.get_payload(decode=True)
            if isinstance(content, bytes) and content.strip():
                return extract(content, part.get_content_charset())
    except (ValueError, LookupError, AttributeError, IndexError, TypeError) as error:
        raise FormProblem("damaged", f"不是完好的 .mht / no sound .mht: {error}") from error
    raise FormProblem("damaged", ".mht 里没有网页 / no page inside")


def _strip(body: Any) -> None:
    """Take out what is no text of the page."""
    for element in list(body.iter()):
        if element is body or element.getparent() is None:
            continue
        name = local_name(element)
        marks = f"{element.get('class') or ''} {element.get('id') or ''}" if name else ""
        if (
            not name
            or name in _GONE
            or element.get("hidden") is not None
            or element.get("aria-hidden") == "true"
            or (element.get("role") or "") in _ROLES
            or _UNSHOWN.search(element.get("style") or "")
            or (_ASIDE.search(marks) and _prose(element) < 400)
        ):
            element.drop_tree()


def _prose(element: Any) -> int:
    """Return how many characters of running text an element holds, links aside."""
    return sum(len(text) for text, linked in _texts(element) if not linked and re.search(r"[。；，：]", text))


def _texts(element: Any) -> Iterator[tuple[str, bool]]:
    for below in element.iter():
        linked = local_name(below) == "a"
        if below.text:
            yield below.text, linked
        if below is not element and below.tail:
            yield below.tail, False


def _main(body: Any) -> Any:
    """Return the innermost element that holds nearly all running text of the page."""
    sizes: dict[Any, int] = {}
    for element in reversed(list(body.iter())):
        own = element.text or ""
        linked = local_name(element) == "a"
        size = len(own) if not linked and re.search(r"[。；，：]", own) else 0
        for below in element:
            size += sizes[below] if not linked else 0
            tail = below.tail or ""
            size += len(tail) if re.search(r"[。；，：]", tail) else 0
        sizes[element] = size
    main = body
    while True:
        inner = next(
            (
                below
                for below in main
                if local_name(below) in _BLOCKS - {"p", "tr", "table", "tbody", "li"}
                or local_name(below) in {"table", "tbody", "tr"}
                if sizes[below] >= _MOST * sizes[main] > 0
            ),
            None,
        )
        if inner is None or sum(1 for _ in inner.iter()) < 3:
            break
        main = inner
    while local_name(main) in {"table", "tbody", "tr", "ul", "ol", "dl"} and main is not body:
        main = main.getparent()
    return main


def _titles(body: Any, main: Any, heading: str) -> Iterator[str]:
    """Yield the report's title where it stands outside the main text, or in the window's title only."""
    inside = [clean(line) for line in "".join(text for text, _ in _texts(main)).split("\n")]
    if any(is_title(line) for line in inside[:40] if 6 <= len(line) <= 90):
        return
    within = set(main.iter())
    for element in body.iter("h1", "h2", "h3", "div", "p", "td", "span", "strong"):
        words = clean(_BETWEEN_HAN.sub("", "".join(element.itertext()))) if element not in within else ""
        if 6 <= len(words) <= 90 and is_title(words):
            yield words
            return
    ends = [match.start() for match in re.finditer(r"\s*[_|｜—-]", heading)]
    titles = (heading[:end] for end in [*ends, len(heading)] if is_title(heading[:end]))
    yield from itertools.islice(titles, 1)


class _Page:
    """Walks a page and writes its blocks as lines."""

    def __init__(self) -> None:
        self.writer = Writer()
        self.text: list[str] = []
        self.level: int | None = None
        self.broken = 0

    def done(self) -> Extracted:
        self._flush()
        lines = "".join(self.writer.pieces).split("\n")
        if self.broken * 2 > len(lines) and wrapped_width(lines):
            self.writer.whole = False
        return self.writer.done()

    def read(self, element: Any) -> None:
        name = local_name(element)
        if name == "table" and self._table(element):
            return
        if name in _BLOCKS:
            self._flush()
        if name == "li":
            self.text.append(_marker(element))
        if re.fullmatch("h[1-6]", name):
            self.level = int(name[1])
        if name == "br":
            self._flush(broken=True)
        if name == "pre":
            for line in (element.text_content() or "").split("\n"):
                self.text.append(line)
                self._flush(broken=True)
            return
        self.text.append(element.text or "")
        for below in element:
            self.read(below)
            self.text.append(below.tail or "")
        if name in _BLOCKS:
            self._flush()
            self.level = None

    def _flush(self, broken: bool = False) -> None:
        words = clean(_BETWEEN_HAN.sub("", "".join(self.text)))
        self.text.clear()
        self.broken += broken and bool(words)
        self.writer.line(words, level=self.level)

    def _table(self, table: Any) -> bool:
        """Write a table of data; False for one that only lays out the page."""
        rows = [row for row in table.iter("tr") if _table_of(row) is table]
        grid = [[cell for cell in row if local_name(cell) in {"td", "th"}] for row in rows]
        widest = max((sum(_span(cell, "colspan") for cell in row) for row in grid), default=0)
        cells = [cell for row in grid for cell in row]
        if widest <= 1 or len(grid) < 2 or any(True for _ in table.iter("table") if _ is not table):
            return False
        texts = [cell.text_content() for cell in cells]
        if any(
            len(cell) and len(text) > 2 * _LONG_CELL and len(list(cell.iter("p", "br"))) > 4
            for cell, text in zip(cells, texts, strict=True)
        ):
            return False
        self._flush()
        caption = table.find("caption")
        if caption is not None:
            self.writer.line(clean(caption.text_content()))
        self.writer.table(_filled(grid, widest))
        return True


def _table_of(row: Any) -> Any:
    above = row.getparent()
    while above is not None and local_name(above) != "table":
        above = above.getparent()
    return above


def _span(cell: Any, name: str) -> int:
    value = cell.get(name) or ""
    return min(int(value), 64) if value.isdigit() and int(value) else 1


def _filled(grid: list[list[Any]], widest: int) -> list[list[str]]:
    """Return the cells' words as a full grid; a cell that spans several stands in each."""
    over: dict[tuple[int, int], str] = {}
    lines: list[list[str]] = []
    for y, row in enumerate(grid):
        line: list[str] = []
        for cell in row:
            while (y, len(line)) in over:
                line.append(over[y, len(line)])
            words = clean(_BETWEEN_HAN.sub("", " ".join(part for part in _cell_lines(cell) if part)))
            for _ in range(_span(cell, "colspan")):
                for below in range(1, _span(cell, "rowspan")):
                    over[y + below, len(line)] = words
                line.append(words)
        while (y, len(line)) in over:
            line.append(over[y, len(line)])
        lines.append((line + [""] * widest)[:widest])
    return lines


def _cell_lines(cell: Any) -> Iterator[str]:
    text = cell.text or ""
    for below in cell.iterdescendants():
        if local_name(below) in _BLOCKS or local_name(below) == "br":
            yield clean(text)
            text = ""
        text += (below.text or "") + (below.tail or "")
    yield clean(text)


def _marker(item: Any) -> str:
    """Return the number that an ordered list shows before an item, "" where it shows none."""
    parent = item.getparent()
    if parent is None or local_name(parent) != "ol":
        return ""
    words = clean(item.text_content())
    if re.match(r"[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]", words):
        return ""
    start = parent.get("start") or "1"
    place = [below for below in parent if local_name(below) == "li"].index(item)
    return f"{(int(start) if start.isdigit() else 1) + place}."
