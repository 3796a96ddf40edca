"""Facts of tables: a cell's figure is of its row and its column; units stand in heads, years and 同比 are no objects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.numerals import quantities
from indexer.records import Fact, Paragraph, Report
from indexer.text import fold
from indexer.units import UNIT

__all__ = ["Cell", "cells_of", "is_table", "table_facts"]

_UNIT_NOTE = re.compile(r"[（(](?:单位[:：])?([^（()）:：]{1,4})[）)]|单位[:：]\s*([^\s（()）|]{1,4})")
_YEAR = re.compile(r"((?:19|20)\d{2})\s*年?(?:度)?")
_NAMED_UNITS = (
    ("件数", "件"),
    ("案件数", "件"),
    ("人数", "人"),
    ("人次", "人次"),
    ("次数", "次"),
    ("场次", "场次"),
    ("份数", "份"),
)
_CASES = re.compile(r"收案|新收|受理|审结|结案|执结|旧存|未结|案件")
_CHANGE = re.compile(r"同比|环比|增减|增幅|降幅|增长|上升|下降|增加|减少")
_TOTAL = re.compile(r"^(?:合\s*计|总\s*计|共\s*计|小\s*计|总数)$")
_LAST_YEAR = re.compile(r"上年|去年|上一年|上年同期|去年同期")
_EMPTY_HEADS = frozenset(
    {"数量", "数值", "数据", "件数", "人数", "数", "指标值", "完成情况", "结果", "序号", "合计"}
)
_SERIAL = frozenset({"序号", "编号", "排名", "名次"})
_UNIT_HEADS = frozenset({"单位", "计量单位", "计算单位"})
_MONTHS = re.compile(r"\d{1,2}\s*(?:[—–~～至到-]+\s*\d{1,2}\s*)?月(?:份)?|(?:上|下)半年|第?[一二三四1-4]季度")
_GENERIC_UNITS = re.compile(r"[%％‰]|个百分点")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's words and where they stand in the table's text."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the cell's words end."""
        return self.start + len(self.text)


def is_table(text: str) -> bool:
    """Tell whether a paragraph is a table: at least two rows between bars, after its caption."""
    return text.endswith("|") and len(re.findall(r"(?m)^\|", text)) >= 2


def cells_of(text: str) -> list[list[Cell]]:
    """Return a table's rows of cells; lines before the first row are its caption and left out."""
    rows: list[list[Cell]] = []
    at = 0
    for line in re.split(r"(?<=\n)", text):
        bare = line.rstrip("\r\n ")
        if bare.startswith("|"):
            row: list[Cell] = []
            place = at + 1
            for part in bare[1:].rstrip("|").split("|") if bare.endswith("|") else bare[1:].split("|"):
                words = part.strip()
                row.append(Cell(words, place + part.find(words) if words else place))
                place += len(part) + 1
            rows.append(row)
        at += len(line)
    return rows


def table_facts(report: Report, paragraph: Paragraph, counted: int) -> Iterator[Fact]:
    """Yield the facts of a table's cells, in order; ids go on from those counted before."""
    text = paragraph.text
    source_span = paragraph.source_spans()
    rows = cells_of(text)
    heads = _heads(rows)
    caption = text[: text.find("|")].strip()
    context = caption or (report.section_path(paragraph) or ("",))[-1]
    general = _unit_in(caption)
    for row in rows[heads:]:
        own_unit = _unit_cell(row, rows[:heads])
        name = _row_name(row, rows[:heads])
        line = text[row[0].start : row[-1].end].strip(" |") if row else ""
        for column, cell in enumerate(row):
            head = _column_name(rows[:heads], column)
            if column <= name[1] or not cell.text or head in _SERIAL:
                continue
            found = _figure(cell)
            if found is None:
                continue
            value, start, end, unit, number_text, approx, upper = found
            if not _CHANGE.search(head):
                unit = unit or own_unit
            unit = unit or _unit_of(head, name[0], general)
            what, kind, role, year = _reading(head, name[0], unit, report.year)
            counted += 1
            source_start, source_end = source_span(start, end)
            yield Fact(
                id=f"{report.id}-f{counted}",
                report_id=report.id,
                paragraph=paragraph.number,
                number=value,
                upper=upper,
                number_text=number_text,
                approx=approx,
                unit=unit,
                object=what,
                context=context[:48],
                clause=line,
                role=role,
                kind=kind,
                year=year,
                start=source_start,
                end=source_end,
                text_start=start,
                text_end=end,
            )


def _heads(rows: list[list[Cell]]) -> int:
    """Return how many rows are the table's head: the first, and those after it without a figure of their own."""
    count = 1
    while count < len(rows) - 1 and not any(_figure(cell) for cell in rows[count][1:]):
        above = {cell.text for cell in rows[count - 1]}
        if not any(cell.text in above for cell in rows[count]):
            break
        count += 1
    return count


def _row_name(row: list[Cell], heads: list[list[Cell]]) -> tuple[str, int]:
    """Return what a row is of, and the last column that says so; a serial number says nothing."""
    parts: list[str] = []
    last = -1
    for column, cell in enumerate(row):
        serial = _column_name(heads, column) in _SERIAL | _UNIT_HEADS
        if not serial and (_figure(cell) is not None or (parts and not cell.text)):
            break
        last = column
        if not serial and cell.text and cell.text not in parts:
            parts.append(cell.text)
        if len(parts) == 2:
            break
    return "".join(parts)[:48], last


def _unit_cell(row: list[Cell], heads: list[list[Cell]]) -> str:
    """Return the unit that a row's cell under 单位 states."""
    for column, cell in enumerate(row):
        named = _column_name(heads, column) in _UNIT_HEADS
        if named and (UNIT.fullmatch(fold(cell.text)) or _GENERIC_UNITS.fullmatch(cell.text)):
            return cell.text
    return ""


def _column_name(heads: list[list[Cell]], column: int) -> str:
    parts = list(dict.fromkeys(row[column].text for row in heads if column < len(row) and row[column].text))
    return "".join(parts)[:48]


def _figure(cell: Cell) -> tuple[float, int, int, str, str, str | None, float | None] | None:
    """Return the figure that a cell is, with its place and unit if it has one; None for a cell of words."""
    folded = fold(cell.text)
    found = [quantity for quantity in quantities(cell.text) if not quantity.han]
    if len(found) != 1:
        return None
    quantity = found[0]
    before, after = folded[: quantity.start].strip(), folded[quantity.end :].strip()
    if before not in {"", "约", "近", "超", "逾", "+", "-", "上升", "下降", "增长", "减少", "增加"}:
        return None
    unit = "％" if quantity.fraction else ""
    end = quantity.end
    if after:
        match = UNIT.fullmatch(after) or _GENERIC_UNITS.fullmatch(after)
        if match is None:
            return None
        unit, end = unit or after, len(cell.text.rstrip())
    number_text = cell.text[quantity.start : quantity.end]
    start = cell.start + quantity.start
    return quantity.value, start, cell.start + end, unit, number_text, quantity.approx, quantity.upper


def _unit_in(words: str) -> str:
    found = _UNIT_NOTE.search(words)
    unit = (found[1] or found[2] or "").strip() if found else ""
    return unit if unit and (UNIT.fullmatch(fold(unit)) or _GENERIC_UNITS.fullmatch(unit)) else ""


def _unit_of(head: str, row: str, general: str) -> str:
    """Return the unit that the column's head, the row's, or the caption states; 件 for cases; else none."""
    named = next((unit for words, unit in _NAMED_UNITS if words in head or words in row), "")
    share = "％" if re.search(r"率$|占比|比例", re.sub(r"[（(].*", "", head) or row) else ""
    if _CHANGE.search(head):
        return _unit_in(head) or "％"
    cases = "件" if _CASES.search(head + row) else ""
    return _unit_in(head) or _unit_in(row) or share or named or general or cases


def _reading(head: str, row: str, unit: str, year: int | None) -> tuple[str, str, str, int | None]:
    """Return what a cell counts, and the kind, role and year of its figure."""
    stated = _YEAR.search(head) or _YEAR.search(row)
    column, line = _bare(head), _bare(row)
    total = _TOTAL.match(line) is not None
    kind = (
        "change"
        if _CHANGE.search(head) or (_CHANGE.search(row) and unit in {"％", "%"})
        else "total"
        if total
        else "count"
    )
    what = line + ("" if column in _EMPTY_HEADS or kind == "change" else column)
    if total:
        what = column if column not in _EMPTY_HEADS else line
    role, of_year = "own", None
    if stated and year is not None and int(stated[1]) < year:
        role, of_year = "past", int(stated[1])
    elif _LAST_YEAR.search(head):
        role, of_year = "past", year - 1 if year else None
    return what or line or head, kind, role, of_year


def _bare(words: str) -> str:
    plain = _YEAR.sub("", _UNIT_NOTE.sub("", words))
    return _LAST_YEAR.sub("", _MONTHS.sub("", plain)).strip("年度同期 、，")
