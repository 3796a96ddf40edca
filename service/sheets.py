"""Facts as tables to download: CSV and XLSX whose cells a spreadsheet cannot mistake for formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from service.cited import CitedFact

__all__ = ["CSV_TYPE", "XLSX_TYPE", "as_csv", "as_xlsx"]

CSV_TYPE = "text/csv"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_HEADER = (
    "法院",
    "年度",
    "所计事物",
    "数",
    "上限",
    "概数",
    "单位",
    "事由",
    "类别",
    "归属",
    "原文",
    "章节",
    "段",
    "报告",
    "来源文件",
    "起",
    "止",
)
_KINDS = {"count": "计数", "change": "增减", "part": "其中", "total": "合计"}
_ROLES = {"own": "本院", "area": "辖区法院", "other": "他方", "past": "往期", "plan": "计划"}


def _row(cited: CitedFact) -> Sequence[str | int | float | None]:
    fact, citation = cited.fact, cited.citation
    return (
        citation.court,
        citation.year,
        fact.object,
        _whole(fact.number),
        fact.upper if fact.upper is None else _whole(fact.upper),
        fact.approx,
        fact.unit,
        fact.context,
        _KINDS.get(fact.kind, fact.kind),
        _ROLES.get(fact.role, fact.role),
        citation.quote,
        " › ".join(citation.section_path),
        citation.paragraph,
        citation.report_title,
        citation.source,
        citation.start,
        citation.end,
    )


def _whole(number: float) -> int | float:
    return int(number) if number == int(number) else number


def _inert(cell: str | int | float | None) -> str | int | float | None:
    """Return a cell that no spreadsheet runs as a formula (OWASP, CSV injection)."""
    if isinstance(cell, str) and cell.lstrip()[:1] in {"=", "+", "-", "@", "\t", "\r"}:
        return "'" + cell
    return cell


def as_csv(facts: Iterable[CitedFact]) -> bytes:
    """Return the facts as CSV in UTF-8 with a byte order mark."""
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(_HEADER)
    rows.writerows([_inert(cell) for cell in _row(fact)] for fact in facts)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(facts: Iterable[CitedFact]) -> bytes:
    """Return the facts as a workbook of one sheet; text cells are text, never formulas or links."""
    import xlsxwriter  # not at start: few ask for a workbook

    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        sheet = book.add_worksheet("数据")
        sheet.write_row(0, 0, _HEADER, book.add_format({"bold": True}))
        for place, fact in enumerate(facts, 1):
            sheet.write_row(place, 0, _row(fact))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, 0, len(_HEADER) - 1)
        sheet.set_column(2, 2, 28)
        sheet.set_column(7, 7, 36)
        sheet.set_column(10, 10, 48)
    return content.getvalue()
