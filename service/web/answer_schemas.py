"""The JSON of answers and facts, as pydantic models; unknown fields are rejected."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from service.answers import Answer as AnswerRecord
from service.cited import CitedFact
from service.web.schemas import Citation, Courts, Filters, Hit, Number, Query, Span, Strict, TopK, Years

__all__ = ["AnswerReply", "AnswerRequest", "Fact", "FactFilter", "FactList", "FactParameters", "LedgerEntry"]


class AnswerRequest(Strict):
    """A question."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"question": "各院整改措施有多少条"}]}
    )

    question: Query
    filters: Filters = Field(default_factory=Filters)
    top_k: Annotated[TopK, Number] = 8


class Fact(BaseModel):
    """A figure a report states; `span` is that of number and unit in the source, `upper` a range's other end."""

    id: str
    report_id: str
    court: str
    year: int | None
    object: str
    number: float
    upper: float | None
    number_text: str
    approx: str | None
    unit: str
    context: str
    kind: str
    role: str
    span: Span
    citation: Citation

    @classmethod
    def of(cls, cited: CitedFact) -> Fact:
        """Wrap a cited fact."""
        fact = cited.fact
        return cls.model_construct(
            id=fact.id,
            report_id=fact.report_id,
            court=cited.court.name,
            year=cited.year,
            object=fact.object,
            number=fact.number,
            upper=fact.upper,
            number_text=fact.number_text,
            approx=fact.approx,
            unit=fact.unit,
            context=fact.context,
            kind=fact.kind,
            role=fact.role,
            span=Span.model_construct(start=fact.start, end=fact.end),
            citation=Citation.of(cited.citation),
        )


class LedgerEntry(BaseModel):
    """What one court states: ids of facts, and our sum of them where they may be added up."""

    court: str
    aliases: tuple[str, ...]
    stated: bool
    facts: list[str]
    total: float | None


class AnswerReply(BaseModel):
    """A cited answer. `similar` are figures of near wording, counted in nothing; `[n]` is citations[n - 1]."""

    question: str
    kind: str
    abstained: bool
    text: str
    facts: list[Fact]
    similar: list[Fact]
    courts: list[LedgerEntry]
    citations: list[Citation]
    passages: list[Hit]
    generated: bool = Field(default=False, description="是否由语言模型行文 / worded by a language model")
    took_ms: float

    @classmethod
    def of(cls, record: AnswerRecord, took_ms: float) -> AnswerReply:
        """Wrap an answer."""
        return cls.model_construct(
            question=record.question,
            kind=record.kind,
            abstained=record.abstained,
            text=record.text,
            facts=[Fact.of(fact) for fact in record.facts],
            similar=[Fact.of(fact) for fact in record.similar],
            courts=[
                LedgerEntry.model_construct(
                    court=entry.court.name,
                    aliases=entry.court.aliases,
                    stated=entry.stated,
                    facts=[fact.fact.id for fact in entry.facts],
                    total=entry.total,
                )
                for entry in record.courts
            ],
            citations=[Citation.of(citation) for citation in record.citations],
            passages=[Hit.of(hit) for hit in record.hits],
            generated=False,
            took_ms=round(took_ms, 3),
        )


class FactFilter(Strict):
    """Which facts to list."""

    court: Courts = Field(default_factory=list, max_length=50)
    year: Years = Field(default_factory=list, max_length=50)
    object: str = Field(default="", max_length=100, description="所计事物包含的字词 / words in the object")
    unit: str = Field(default="", max_length=20, description="量词 / unit")


class FactParameters(FactFilter):
    """Which facts to list, and which page of them."""

    limit: Annotated[int, Field(ge=1, le=500)] = 100
    offset: Annotated[int, Field(ge=0, le=10_000_000)] = 0


class FactList(BaseModel):
    """A page of facts, and how many there are."""

    total: int
    facts: list[Fact]
