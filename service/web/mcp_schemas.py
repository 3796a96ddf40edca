"""What the MCP tools return, as typed structures; addresses are absolute."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, Field

from indexer.citations import Citation as CitationRecord
from indexer.records import Report as ReportRecord
from service.answers import Answer, LedgerEntry
from service.search import Hit
from service.wording import figure

__all__ = [
    "AnswerResult",
    "Citation",
    "CountResult",
    "CourtCount",
    "Passage",
    "ReportEntry",
    "ReportsResult",
    "SearchResult",
    "SectionParagraph",
    "SectionResult",
]


class Citation(BaseModel):
    """Where words stand; [number] in a text refers to it."""

    number: int
    court: str
    year: int | None
    report_id: str
    report_title: str
    section_path: list[str]
    paragraph: int
    source: str = Field(description="文件名 / file name")
    start: int = Field(description="原文字符位置 / first character in the source")
    end: int
    quote: str = Field(description="原文 / the source's own words")
    url: str
    page: int | None = Field(description="PDF 页码 / page of the PDF")
    file_paragraph: int | None = Field(description="Word 段号 / paragraph of the Word file")
    ocr_confidence: float | None = Field(description="文字识别的把握，0–1 / recognised from a scan")

    @classmethod
    def of(cls, number: int, record: CitationRecord, base: str) -> Citation:
        """Wrap a citation."""
        return cls(
            number=number,
            court=record.court,
            year=record.year,
            report_id=record.report_id,
            report_title=record.report_title,
            section_path=list(record.section_path),
            paragraph=record.paragraph,
            source=record.source,
            start=record.start,
            end=record.end,
            quote=record.quote,
            url=f"{base}{record.url}",
            page=record.page,
            file_paragraph=record.file_paragraph,
            ocr_confidence=record.ocr_confidence,
        )


class Passage(BaseModel):
    """A ranked passage."""

    score: float
    text: str
    citation: Citation


class SearchResult(BaseModel):
    """Passages, best first."""

    query: str
    passages: list[Passage]

    @classmethod
    def of(cls, query: str, hits: Sequence[Hit], base: str) -> SearchResult:
        """Wrap hits."""
        passages = [
            Passage(
                score=hit.score, text=hit.passage.text, citation=Citation.of(hit.rank, hit.citation, base)
            )
            for hit in hits
        ]
        return cls(query=query, passages=passages)


class CourtCount(BaseModel):
    """What one court states: its figures as the report gives them, and their sum where they may be added up."""

    court: str
    stated: bool
    figures: list[str]
    total: float | None
    citations: list[int]

    @classmethod
    def of(cls, entry: LedgerEntry) -> CourtCount:
        """Wrap a line of the ledger."""
        return cls(
            court=entry.court.name,
            stated=entry.stated,
            figures=[f"{fact.fact.object}{figure(fact.fact)}" for fact in entry.facts],
            total=entry.total,
            citations=[fact.number for fact in entry.facts],
        )


class CountResult(BaseModel):
    """Counts by court. Where `abstained`, no report states it."""

    question: str
    abstained: bool
    text: str
    courts: list[CourtCount]
    citations: list[Citation]

    @classmethod
    def of(cls, answer: Answer, base: str) -> CountResult:
        """Wrap an answer."""
        return cls(
            question=answer.question,
            abstained=answer.abstained,
            text=answer.text,
            courts=[CourtCount.of(entry) for entry in answer.courts],
            citations=[Citation.of(n, citation, base) for n, citation in enumerate(answer.citations, 1)],
        )


class AnswerResult(CountResult):
    """A cited answer: give `text` on as it is; [n] is citation n."""

    kind: str = Field(description="count, compare, list, passage, none")

    @classmethod
    def of(cls, answer: Answer, base: str) -> AnswerResult:
        """Wrap an answer."""
        return cls(kind=answer.kind, **CountResult.of(answer, base).model_dump())


class ReportEntry(BaseModel):
    """A report in the index."""

    report_id: str
    title: str
    court: str
    court_aliases: list[str]
    year: int | None
    sections: list[str]
    paragraphs: int
    uri: str
    url: str

    @classmethod
    def of(cls, report: ReportRecord, base: str) -> ReportEntry:
        """Wrap a report."""
        return cls(
            report_id=report.id,
            title=report.title,
            court=report.court.name,
            court_aliases=list(report.court.aliases),
            year=report.year,
            sections=[section.title for section in report.sections],
            paragraphs=len(report.paragraphs),
            uri=f"report://{report.id}",
            url=f"{base}/reports/{report.id}",
        )


class ReportsResult(BaseModel):
    """Every report."""

    reports: list[ReportEntry]


class SectionParagraph(BaseModel):
    """A paragraph and where it stands in the source."""

    paragraph: int
    section_path: list[str]
    text: str
    start: int
    end: int


class SectionResult(BaseModel):
    """The paragraphs under a heading."""

    report_id: str
    report_title: str
    court: str
    year: int | None
    paragraphs: list[SectionParagraph]
    url: str
