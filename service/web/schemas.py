"""The API's JSON, as pydantic models; unknown fields are rejected."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StringConstraints
from pydantic_core import PydanticCustomError

from indexer.citations import Citation as CitationRecord
from indexer.records import Paragraph as ParagraphRecord
from indexer.records import Report as ReportRecord
from service.search import Filters as SearchFilters
from service.search import Hit as HitRecord
from service.search import Mode, SearchResult

__all__ = [
    "Citation",
    "Courts",
    "Filters",
    "Health",
    "Hit",
    "Name",
    "Number",
    "Problem",
    "Query",
    "Readiness",
    "Report",
    "ReportDetail",
    "ReportList",
    "SearchParameters",
    "SearchReply",
    "SearchRequest",
    "Source",
    "Span",
    "Strict",
    "TopK",
    "Year",
    "Years",
    "without_empty",
]

LONGEST_QUERY = 1000


def _within(most: int) -> BeforeValidator:
    """Let a text pass that is no longer than allowed before its white space is stripped: the schema counts it too."""

    def checked(value: Any) -> Any:
        if isinstance(value, str) and len(value) > most:
            raise PydanticCustomError("string_too_long", "too long", {"max_length": most})
        return value

    return BeforeValidator(checked)


Query = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_QUERY),
    _within(LONGEST_QUERY),
]
TopK = Annotated[int, Field(ge=1, le=100, description="要几条 / how many hits")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), _within(100)]
Year = Annotated[int, Field(ge=1949, le=2999)]


def without_empty(values: Any) -> Any:
    """Drop the empty strings that an HTML form sends for “any”."""
    return [value for value in values if value != ""] if isinstance(values, list) else values


def _number(value: Any) -> Any:
    """Let a number pass; JSON's true and "5" are none, though Python would read them as such."""
    if isinstance(value, (bool, str)):
        raise PydanticCustomError("int_type", "Input should be a valid integer")
    return value


Courts = Annotated[
    list[Name], BeforeValidator(without_empty, json_schema_input_type=list[Name | Literal[""]])
]
Years = Annotated[list[Year], BeforeValidator(without_empty, json_schema_input_type=list[Year | Literal[""]])]
Number = BeforeValidator(_number)


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Filters(Strict):
    """What a search is limited to; an empty list limits nothing."""

    court: list[Name] = Field(
        default=[], max_length=50, description="法院，任何称呼均可 / any name of a court"
    )
    year: list[Annotated[Year, Number]] = Field(
        default=[], max_length=50, description="报告年度 / year of the report"
    )
    report_id: list[Name] = Field(default_factory=list, max_length=50)

    def record(self) -> SearchFilters:
        """Return the filters as the search takes them."""
        return SearchFilters(tuple(self.court), tuple(self.year), tuple(self.report_id))


class SearchRequest(Strict):
    """A search."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"query": "各院整改措施有多少条", "top_k": 5, "filters": {"year": [2023]}}]
        },
    )

    query: Query
    top_k: Annotated[TopK, Number] = 10
    mode: Mode = Mode.HYBRID
    filters: Filters = Field(default_factory=Filters)
    per_court: StrictBool = Field(
        default=False, description="每家法院都给出最相关的段落 / every court gets its best"
    )


class SearchParameters(Strict):
    """A search by GET."""

    q: Query
    top_k: TopK = 10
    mode: Mode = Mode.HYBRID
    court: Courts = Field(default_factory=list, max_length=50)
    year: Years = Field(default_factory=list, max_length=50)
    per_court: bool = False

    def request(self) -> SearchRequest:
        """Return the same search as POST takes it."""
        return SearchRequest(
            query=self.q,
            top_k=self.top_k,
            mode=self.mode,
            filters=Filters(court=self.court, year=self.year),
            per_court=self.per_court,
        )


class Span(BaseModel):
    """Characters [start, end)."""

    start: int
    end: int


class Citation(BaseModel):
    """Where words stand: `source.text[start:end] == quote`, checked before it is sent.

    `page` (PDF) and `file_paragraph` (Word) are where the quotation begins in the file, else null. `ocr_confidence` (0–1)
    marks words that were recognised from a scanned page, null where the file has them as text.
    """

    court: str
    court_aliases: tuple[str, ...]
    report_id: str
    report_title: str
    year: int | None
    section_path: tuple[str, ...]
    paragraph: int
    source_id: str
    source: str
    start: int
    end: int
    quote: str
    url: str
    page: int | None
    file_paragraph: int | None
    ocr_confidence: float | None

    @classmethod
    def of(cls, record: CitationRecord) -> Citation:
        """Wrap a citation that has been verified."""
        return cls.model_construct(**{name: getattr(record, name) for name in cls.model_fields})


class Hit(BaseModel):
    """A ranked passage; highlights are spans of `text`."""

    rank: int
    score: float = Field(ge=0, le=1)
    passage_id: str
    text: str
    highlights: list[Span]
    citation: Citation

    @classmethod
    def of(cls, record: HitRecord) -> Hit:
        """Wrap a hit."""
        return cls.model_construct(
            rank=record.rank,
            score=record.score,
            passage_id=record.passage.id,
            text=record.passage.text,
            highlights=[Span.model_construct(start=start, end=end) for start, end in record.highlights],
            citation=Citation.of(record.citation),
        )


class CourtFacet(BaseModel):
    """A court and how many candidates it has."""

    value: str
    count: int


class YearFacet(BaseModel):
    """A year and how many candidates it has."""

    value: int
    count: int


class Facets(BaseModel):
    """What the candidates could be narrowed to."""

    court: list[CourtFacet]
    year: list[YearFacet]


class SearchReply(BaseModel):
    """Hits, best first."""

    query: str
    took_ms: float
    hits: list[Hit]
    facets: Facets

    @classmethod
    def of(cls, query: str, result: SearchResult, took_ms: float) -> SearchReply:
        """Wrap a search's result."""
        return cls.model_construct(
            query=query,
            took_ms=round(took_ms, 3),
            hits=[Hit.of(hit) for hit in result.hits],
            facets=Facets.model_construct(
                court=[CourtFacet.model_construct(value=f.value, count=f.count) for f in result.courts],
                year=[YearFacet.model_construct(value=f.value, count=f.count) for f in result.years],
            ),
        )


class Report(BaseModel):
    """A report's particulars; start and end are characters of the source."""

    id: str
    title: str
    genre: str
    court: str
    court_aliases: tuple[str, ...]
    court_level: str
    year: int | None
    source_id: str
    source: str
    start: int
    end: int
    section_count: int
    paragraph_count: int
    repairs: int = Field(description="句中断行接合处数 / breaks inside sentences that were joined")
    url: str

    @classmethod
    def particulars(cls, record: ReportRecord, source: str) -> dict[str, Any]:
        """Return the fields that a report's list entry and its detail share."""
        return {
            "id": record.id,
            "title": record.title,
            "genre": record.genre,
            "court": record.court.name,
            "court_aliases": record.court.aliases,
            "court_level": record.court.level,
            "year": record.year,
            "source_id": record.source_id,
            "source": source,
            "start": record.start,
            "end": record.end,
            "section_count": len(record.sections),
            "paragraph_count": len(record.paragraphs),
            "repairs": record.repairs,
            "url": f"/reports/{record.id}",
        }


class ReportList(BaseModel):
    """Every report in the index."""

    total: int
    reports: list[Report]


class Section(BaseModel):
    """A heading on its own line; `parent` is the index of the section around it."""

    title: str
    parent: int | None
    start: int
    end: int


class Paragraph(BaseModel):
    """A paragraph; `text` leaves out watermarks and breaks inside sentences, [start, end) holds them."""

    number: int
    section_path: tuple[str, ...]
    text: str
    start: int
    end: int

    @classmethod
    def of(cls, report: ReportRecord, record: ParagraphRecord) -> Paragraph:
        """Wrap a paragraph of a report."""
        return cls(
            number=record.number,
            section_path=report.section_path(record),
            text=record.text,
            start=record.start,
            end=record.end,
        )


class ReportDetail(Report):
    """A report with its sections and paragraphs."""

    sections: list[Section]
    paragraphs: list[Paragraph]

    @classmethod
    def of(cls, record: ReportRecord, source: str) -> ReportDetail:
        """Wrap a whole report."""
        return cls(
            **cls.particulars(record, source),
            sections=[
                Section(title=s.title, parent=s.parent, start=s.start, end=s.end) for s in record.sections
            ],
            paragraphs=[Paragraph.of(record, paragraph) for paragraph in record.paragraphs],
        )


class Source(BaseModel):
    """A source: the text all offsets refer to, and the hash of the file's bytes."""

    source_id: str
    name: str
    sha256: str
    text: str


class Health(BaseModel):
    """The process answers."""

    status: str = "ok"


class Readiness(BaseModel):
    """What the process answers from."""

    status: str = "ready"
    generation: str
    encoder: str
    reranker: str | None = None
    reports: int
    passages: int


class FieldProblem(BaseModel):
    """One field that is wrong, and how."""

    field: str
    message: str


class Problem(BaseModel):
    """An error as RFC 9457 has it."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] = []
