"""Automatic list numbers of Word, as Word would show them (ECMA-376 part 1, §17.9)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from indexer.forms.package import local_name

__all__ = ["Numbering", "attribute", "child"]

_HAN = "零一二三四五六七八九"
_FORMAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_DEEPEST = 9


def child(element: Any, *names: str) -> Any:
    """Return the descendant that the names lead to, one step each, or None."""
    for name in names:
        if element is None:
            return None
        element = next((below for below in element if local_name(below) == name), None)
    return element


def attribute(element: Any, name: str = "val") -> str | None:
    """Return an attribute by its name without namespace, or None."""
    if element is None:
        return None
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), None)


def _number(text: str | None, default: int) -> int:
    try:
        return int(text) if text is not None else default
    except ValueError:
        return default


def _han(number: int, digits: str = _HAN, ten: str = "十", hundred: str = "百") -> str:
    if not 0 < number < 1000:
        return "".join(digits[int(digit)] for digit in str(number))
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    said = f"{digits[hundreds]}{hundred}" if hundreds else ""
    if tens:
        said += ("" if tens == 1 and not hundreds else digits[tens]) + ten
    elif hundreds and ones:
        said += digits[0]
    return said + (digits[ones] if ones else "")


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    steps = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"))
    said = ""
    for value, sign in (*steps, (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):
        said += sign * (number // value)
        number %= value
    return said


def _letter(number: int) -> str:
    return chr(97 + (number - 1) % 26) * ((number - 1) // 26 + 1) if 0 < number <= 780 else str(number)


def _circled(number: int) -> str:
    return chr(0x245F + number) if 1 <= number <= 20 else str(number)


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimalZero": lambda n: f"{n:02}",
    "upperLetter": lambda n: _letter(n).upper(),
    "lowerLetter": _letter,
    "upperRoman": lambda n: _roman(n).upper(),
    "lowerRoman": _roman,
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": lambda n: f"（{n}）",
    "decimalEnclosedFullstop": lambda n: f"{n}.",
    "decimalFullWidth": lambda n: "".join(chr(ord(digit) + 0xFEE0) for digit in str(n)),
    "ideographDigital": lambda n: "".join("〇一二三四五六七八九"[int(digit)] for digit in str(n)),
    "chineseLegalSimplified": lambda n: _han(n, _FORMAL, "拾", "佰"),
    "ideographLegalTraditional": lambda n: _han(n, _FORMAL, "拾", "佰"),
    "ideographTraditional": lambda n: _STEMS[(n - 1) % 10],
    "ideographZodiac": lambda n: _BRANCHES[(n - 1) % 12],
    "ideographEnclosedCircle": lambda n: chr(0x327F + n) if 1 <= n <= 10 else _han(n),
} | dict.fromkeys(
    (
        "chineseCounting",
        "chineseCountingThousand",
        "japaneseCounting",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
        "japaneseDigitalTenThousand",
        "koreanCounting",
        "taiwaneseDigital",
    ),
    _han,
)


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    kind: str
    text: str
    restart: int | None
    style: str | None


@dataclass
class Numbering:
    """The numbering definitions of a document and how far each list has counted."""

    lists: dict[str, tuple[str, dict[int, _Level]]] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)
    fresh: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def of(cls, root: Any) -> Numbering:
        """Read numbering.xml; None where the document has none."""
        abstract: dict[str, dict[int, _Level]] = {}
        found = cls()
        for element in root if root is not None else ():
            if local_name(element) == "abstractNum":
                abstract[attribute(element, "abstractNumId") or ""] = _levels(element)
            elif local_name(element) == "num":
                number = attribute(element, "numId") or ""
                base = attribute(child(element, "abstractNumId")) or ""
                levels = dict(abstract.get(base, {}))
                for override in element:
                    if local_name(override) != "lvlOverride":
                        continue
                    depth = _number(attribute(override, "ilvl"), 0)
                    levels.update(_levels(override))
                    start = attribute(child(override, "startOverride"))
                    if start is not None and depth in levels:
                        old = levels[depth]
                        levels[depth] = _Level(_number(start, 1), old.kind, old.text, old.restart, old.style)
                        found.fresh.add((number, depth))
                found.lists[number] = (base, levels)
        return found

    def of_style(self, number: str, style: str) -> int:
        """Return the level that a list gives to paragraphs of a style, 0 where it names none."""
        _, levels = self.lists.get(number, ("", {}))
        return next((depth for depth, level in levels.items() if level.style == style), 0)

    def next(self, number: str, depth: int) -> str:
        """Count one paragraph of a list and return the number it shows, "" for a bullet or no number."""
        base, levels = self.lists.get(number, ("", {}))
        level = levels.get(depth)
        if level is None or not 0 <= depth < _DEEPEST:
            return ""
        counts = self.counts.setdefault(base, {})
        if (number, depth) in self.fresh and (number, depth) not in self.begun:
            counts.pop(depth, None)
        self.begun.add((number, depth))
        counts[depth] = counts[depth] + 1 if depth in counts else level.start
        for deeper in [d for d in counts if d > depth]:
            restart = levels[deeper].restart if deeper in levels else None
            if restart is None or (restart and depth < restart):
                del counts[deeper]
        if level.kind in {"bullet", "none"}:
            return ""
        shown = level.text
        for above in range(_DEEPEST):
            if f"%{above + 1}" in shown:
                kind = levels[above].kind if above in levels else "decimal"
                value = counts.get(above, levels[above].start if above in levels else 1)
                shown = shown.replace(f"%{above + 1}", _FORMATS.get(kind, str)(value))
        return shown


def _levels(element: Any) -> dict[int, _Level]:
    found: dict[int, _Level] = {}
    for level in element:
        if local_name(level) != "lvl":
            continue
        restart = attribute(child(level, "lvlRestart"))
        found[_number(attribute(level, "ilvl"), 0)] = _Level(
            start=_number(attribute(child(level, "start")), 1),
            kind=attribute(child(level, "numFmt")) or "decimal",
            text=attribute(child(level, "lvlText")) or "",
            restart=None if restart is None else _number(restart, 0),
            style=attribute(child(level, "pStyle")),
        )
    return found
