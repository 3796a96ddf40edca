"""Sources, reports, sections, paragraphs and passages of one generation, in SQLite."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from indexer.errors import IndexUnusable
from indexer.records import Court, Fact, Layout, Paragraph, Passage, Report, Section, Source, Told

__all__ = ["Database", "write"]

_SCHEMA = """
CREATE TABLE sources (
  id TEXT PRIMARY KEY, name TEXT, sha256 TEXT, text TEXT, form TEXT, layout TEXT, told TEXT, modified REAL,
  warnings TEXT);
CREATE TABLE reports (
  position INTEGER PRIMARY KEY, id TEXT UNIQUE, source_id TEXT, number INTEGER, title TEXT, genre TEXT,
  court TEXT, year INTEGER, start INTEGER, end INTEGER, repairs INTEGER);
CREATE TABLE sections (
  report_id TEXT, position INTEGER, title TEXT, rank INTEGER, start INTEGER, end INTEGER, parent INTEGER,
  PRIMARY KEY (report_id, position)) WITHOUT ROWID;
CREATE TABLE paragraphs (
  report_id TEXT, number INTEGER, section INTEGER, leads TEXT, text TEXT, start INTEGER, end INTEGER, pieces TEXT,
  PRIMARY KEY (report_id, number)) WITHOUT ROWID;
CREATE TABLE passages (
  row INTEGER PRIMARY KEY, id TEXT UNIQUE, report INTEGER, paragraph INTEGER, section_path TEXT, text TEXT,
  start INTEGER, end INTEGER, pieces TEXT);
CREATE TABLE facts (
  row INTEGER PRIMARY KEY, id TEXT UNIQUE, report INTEGER, paragraph INTEGER, number REAL, upper REAL,
  number_text TEXT, approx TEXT, unit TEXT, object TEXT, context TEXT, clause TEXT, role TEXT, kind TEXT, year INTEGER,
  start INTEGER, end INTEGER, text_start INTEGER, text_end INTEGER);
"""

_FACT_COLUMNS = tuple(field.name for field in fields(Fact) if field.name not in {"id", "report_id"})


def write(
    path: Path,
    sources: Iterable[Source],
    reports: Iterable[Report],
    passages: Iterable[Passage],
    facts: Iterable[Fact],
) -> None:
    """Write a new database; passages and facts must come in row order."""
    connection = sqlite3.connect(path)
    try:
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
        connection.executemany(
            "INSERT INTO sources VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", map(_source_row, sources)
        )
        positions: dict[str, int] = {}
        for position, report in enumerate(reports):
            positions[report.id] = position
            _write_report(connection, position, report)
        connection.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    p.row,
                    p.id,
                    positions[p.report_id],
                    p.paragraph,
                    json.dumps(p.section_path, ensure_ascii=False),
                    p.text,
                    p.start,
                    p.end,
                    json.dumps(p.pieces),
                )
                for p in passages
            ),
        )
        connection.executemany(
            f"INSERT INTO facts VALUES ({', '.join('?' * 19)})",
            (
                (row, f.id, positions[f.report_id], *(getattr(f, name) for name in _FACT_COLUMNS))
                for row, f in enumerate(facts)
            ),
        )
        connection.commit()
    finally:
        connection.close()


def _write_report(connection: sqlite3.Connection, position: int, report: Report) -> None:
    court = report.court
    connection.execute(
        "INSERT INTO reports VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            position,
            report.id,
            report.source_id,
            report.number,
            report.title,
            report.genre,
            json.dumps([court.name, court.key, court.level, court.aliases], ensure_ascii=False),
            report.year,
            report.start,
            report.end,
            report.repairs,
        ),
    )
    connection.executemany(
        "INSERT INTO sections VALUES (?, ?, ?, ?, ?, ?, ?)",
        ((report.id, i, s.title, s.rank, s.start, s.end, s.parent) for i, s in enumerate(report.sections)),
    )
    connection.executemany(
        "INSERT INTO paragraphs VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                report.id,
                p.number,
                p.section,
                json.dumps(p.leads, ensure_ascii=False),
                p.text,
                p.start,
                p.end,
                json.dumps(p.pieces),
            )
            for p in report.paragraphs
        ),
    )


def _source_row(source: Source) -> tuple[object, ...]:
    layout = json.dumps({field.name: getattr(source.layout, field.name) for field in fields(Layout)})
    told = json.dumps({field.name: getattr(source.told, field.name) for field in fields(Told)})
    plain = (source.id, source.name, source.sha256, source.text, source.form, layout, told, source.modified)
    return (*plain, json.dumps(source.warnings, ensure_ascii=False))


def _source(row: tuple[Any, ...]) -> Source:
    source_id, name, sha256, text, form, layout, told, modified, warnings = row
    return Source(
        id=source_id,
        name=name,
        sha256=sha256,
        text=text,
        form=form,
        layout=Layout.from_plain(json.loads(layout)),
        told=Told(**json.loads(told)),
        modified=modified,
        warnings=tuple(json.loads(warnings)),
    )


def _pieces(encoded: str) -> tuple[tuple[int, int], ...]:
    return tuple((start, end) for start, end in json.loads(encoded))


class Database:
    """Read access to what `write` wrote; one connection, used by one thread at a time."""

    def __init__(self, path: Path):
        try:
            self._connection = sqlite3.connect(
                f"{path.resolve().as_uri()}?immutable=1", uri=True, check_same_thread=False
            )
            self._lock = threading.Lock()
            self.reports = tuple(self._reports())
        except sqlite3.Error as error:
            raise IndexUnusable(f"{path} 打不开 / cannot be opened: {error}") from error

    def _reports(self) -> Iterable[Report]:
        run = self._connection.execute
        for row in run("SELECT * FROM reports ORDER BY position").fetchall():
            _, report_id, source_id, number, title, genre, court, year, start, end, repairs = row
            name, key, level, aliases = json.loads(court)
            sections = run(
                "SELECT title, rank, start, end, parent FROM sections WHERE report_id = ? ORDER BY position",
                (report_id,),
            )
            paragraphs = run(
                "SELECT number, section, leads, text, start, end, pieces FROM paragraphs WHERE report_id = ? ORDER BY number",
                (report_id,),
            )
            yield Report(
                id=report_id,
                source_id=source_id,
                number=number,
                title=title,
                genre=genre,
                court=Court(name, key, level, tuple(aliases)),
                year=year,
                start=start,
                end=end,
                sections=tuple(Section(*values) for values in sections),
                paragraphs=tuple(
                    Paragraph(n, section, tuple(json.loads(leads)), text, a, b, _pieces(pieces))
                    for n, section, leads, text, a, b, pieces in paragraphs
                ),
                repairs=repairs,
            )

    def passage_places(self) -> list[tuple[int, int]]:
        """Return for each passage row the position of its report and the number of its paragraph."""
        with self._lock:
            return self._connection.execute("SELECT report, paragraph FROM passages ORDER BY row").fetchall()

    def passage(self, row: int) -> Passage:
        """Return one passage. Raises IndexError for a row that does not exist."""
        with self._lock:
            found = self._connection.execute(
                "SELECT id, report, paragraph, section_path, text, start, end, pieces FROM passages WHERE row = ?",
                (row,),
            ).fetchone()
        if found is None:
            raise IndexError(f"no passage in row {row}")
        passage_id, position, paragraph, path, text, start, end, pieces = found
        report = self.reports[position]
        return Passage(
            id=passage_id,
            row=row,
            report_id=report.id,
            source_id=report.source_id,
            court=report.court,
            report_title=report.title,
            year=report.year,
            section_path=tuple(json.loads(path)),
            paragraph=paragraph,
            text=text,
            start=start,
            end=end,
            pieces=_pieces(pieces),
        )

    def fact_reports(self) -> list[int]:
        """Return for each fact row the position of its report."""
        with self._lock:
            return [report for (report,) in self._connection.execute("SELECT report FROM facts ORDER BY row")]

    def fact(self, row: int) -> Fact:
        """Return one fact. Raises IndexError for a row that does not exist."""
        found = self.facts("row = ?", [row])
        if not found:
            raise IndexError(f"no fact in row {row}")
        return found[0]

    def facts(self, condition: str, values: Sequence[object], limit: int = -1, offset: int = 0) -> list[Fact]:
        """Return the facts that meet an SQL condition, in row order."""
        columns = ", ".join(_FACT_COLUMNS)
        with self._lock:
            rows = self._connection.execute(
                f"SELECT id, report, {columns} FROM facts WHERE {condition} ORDER BY row LIMIT ? OFFSET ?",
                (*values, limit, offset),
            ).fetchall()
        return [Fact(row[0], self.reports[row[1]].id, *row[2:]) for row in rows]

    def count_facts(self, condition: str, values: Sequence[object]) -> int:
        """Return how many facts meet an SQL condition."""
        with self._lock:
            found = self._connection.execute(f"SELECT count(*) FROM facts WHERE {condition}", tuple(values))
            return int(found.fetchone()[0])

    def source(self, source_id: str) -> Source | None:
        """Return a source with its text, or None."""
        with self._lock:
            found = self._connection.execute("SELECT * FROM sources WHERE id = ?", (source_id,)).fetchone()
        return _source(found) if found else None

    def sources(self) -> list[Source]:
        """Return every source, in the order in which they were indexed."""
        with self._lock:
            rows = self._connection.execute("SELECT * FROM sources ORDER BY rowid").fetchall()
        return [_source(row) for row in rows]

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
