"""Word translations, English to Chinese, that ship with the package: what an English word may be in a Chinese text."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from models.errors import ModelError

__all__ = ["Translations", "builtin_translations", "stems"]

TRANSLATIONS_FILE = "translations.tsv"
_ENDINGS = (
    ("ies", "y"),
    ("es", ""),
    ("s", ""),
    ("ed", ""),
    ("ed", "e"),
    ("ing", ""),
    ("ing", "e"),
    ("ly", ""),
)


def stems(word: str) -> tuple[str, ...]:
    """Return what an English word may be a form of, by its ending: families → family, famili, familie."""
    return tuple(word[: -len(end)] + stem for end, stem in _ENDINGS if word.endswith(end))


class Translations:
    """Chinese words of an English one, each with the probability that it stands for it; see models/training."""

    def __init__(self, lines: bytes) -> None:
        self._lines = lines

    @classmethod
    def open(cls, path: Path) -> Translations:
        """Read a file of lines `word TAB Chinese thousandths TAB ...`, sorted. Raises ModelError without one."""
        try:
            return cls(path.read_bytes())
        except OSError as error:
            raise ModelError(f"译词表读不出 / cannot read translations: {error}") from error

    def of(self, word: str) -> tuple[tuple[str, float], ...]:
        """Return the translations of a lower-case word, likeliest first; of its stem where it has none itself."""
        line = next(filter(None, map(self._line, (word, *stems(word)))), "")
        cells = [cell.rpartition(" ") for cell in line.split("\t")[1:]]
        return tuple((meaning, int(thousandths) / 1000) for meaning, _, thousandths in cells)

    def _line(self, word: str) -> str:
        """Return the line of a word by bisection, "" where there is none."""
        wanted, low, high = word.encode() + b"\t", 0, len(self._lines)
        while low < high:
            start = self._lines.rfind(b"\n", low, (low + high) // 2) + 1 or low
            end = self._lines.find(b"\n", start) % (len(self._lines) + 1)
            line = self._lines[start:end]
            if line.startswith(wanted):
                return line.decode()
            if line.partition(b"\t")[0] < wanted[:-1]:
                low = end + 1
            else:
                high = start
        return ""


@cache
def builtin_translations() -> Translations:
    """Return the translations that ship with the package, read on first use."""
    return Translations.open(Path(__file__).with_name("builtin") / TRANSLATIONS_FILE)
