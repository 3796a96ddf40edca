"""What is taken out of a file: its text line by line, and what its form says of the lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from indexer.records import Layout

__all__ = ["LONGEST_TEXT", "Extracted", "FormProblem", "Writer", "clean"]

LONGEST_TEXT = 20_000_000
"""Characters. A file whose text is longer is no report; the limit bounds what a crafted file can unfold to."""

_UNSEEN = re.compile(
    "[\0-\x08\x0e-\x1f\x7f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\uffff\ue000-\uf8ff]"
)
_BLANKS = re.compile(r"[ \t\r\n\f\v\x85\xa0\u2028\u2029]+")
_LONGEST_HEADING = 70


class FormProblem(Exception):  # noqa: N818 - becomes a FileProblem once the file's name is known
    """A file's content cannot be extracted: a code for machines, and why in words."""

    def __init__(self, code: str, reason: str):
        super().__init__(reason)
        self.code, self.reason = code, reason


@dataclass(frozen=True, slots=True)
class Extracted:
    """A file's text, its layout, and what a reader should know of how it was read."""

    text: str
    layout: Layout
    warnings: tuple[str, ...] = ()


def clean(text: str) -> str:
    """Return a line without characters that show nothing, its white space as single blanks."""
    return _BLANKS.sub(" ", _UNSEEN.sub("", text)).strip(" \u3000")


@dataclass
class Writer:
    """Collects lines, each a paragraph, heading or table row, and where pages and paragraphs begin."""

    whole: bool = True
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    pages: list[int] = field(default_factory=list)
    paragraphs: list[int] = field(default_factory=list)
    headings: list[tuple[int, int]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)
    recognised: list[tuple[int, float]] = field(default_factory=list)

    def line(self, text: str, *, level: int | None = None, own: bool = False) -> None:
        """Write one line of clean text; `level` makes it a heading, `own` counts it as the file's paragraph.

        Raises FormProblem where the text becomes too long.
        """
        if not text:
            return
        if level is not None and _can_head(text):
            self.headings.append((self.length, level))
        if own:
            self.paragraphs.append(self.length)
        self.pieces.append(text + "\n")
        self.length += len(text) + 1
        if self.length > LONGEST_TEXT:
            raise FormProblem(
                "too_long",
                f"展开后超过 {LONGEST_TEXT:,} 字 / unfolds to more than {LONGEST_TEXT:,} characters",
            )

    def gap(self) -> None:
        """Write a blank line, which parts a table from the next."""
        self.pieces.append("\n")
        self.length += 1

    def table(self, rows: Iterable[Sequence[str]], *, own: bool = False) -> None:
        """Write a table, one line a row, cells between bars, and a blank line that parts it from the next."""
        self.rows(rows, own=own)
        self.gap()

    def rows(self, rows: Iterable[Sequence[str]], *, own: bool = False) -> None:
        """Write rows of a table; one without a word is none."""
        for row in rows:
            cells = [clean(cell).replace("|", "｜") for cell in row]
            if any(cells):
                self.line(f"| {' | '.join(cells)} |", own=own)

    def done(self) -> Extracted:
        """Return what was written. Raises FormProblem with code empty where that is nothing."""
        text = "".join(self.pieces)
        if not text.strip():
            raise FormProblem("empty", "文件没有文字 / the file has no text")
        layout = Layout(
            pages=tuple(self.pages),
            paragraphs=tuple(self.paragraphs),
            headings=tuple(self.headings),
            whole=self.whole,
            unread=tuple(self.unread),
            recognised=tuple(self.recognised),
        )
        return Extracted(text, layout, tuple(self.warnings))


def _can_head(text: str) -> bool:
    """Tell whether a line that is styled as a heading can be one; a whole paragraph so styled is none."""
    return len(text) <= _LONGEST_HEADING and not re.search(r"[。！？；;].", text) and not text.startswith("|")
