"""What OpenAI clients send. Fields that change nothing here (temperature, tools, seed …) are let be."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

__all__ = ["ChatRequest", "EmbeddingRequest", "Message"]

MOST_MESSAGES = 500
MOST_TEXTS = 2048


class _Part(BaseModel):
    type: str
    text: str | None = None


class Message(BaseModel):
    """One message; of a list of parts, the texts count."""

    role: str
    content: str | list[_Part] | None = None

    @property
    def words(self) -> str:
        """Return the message's text."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type in _TEXTS and part.text)
        return self.content or ""

    @property
    def only_text(self) -> bool:
        """Tell whether the message holds nothing but text."""
        return not isinstance(self.content, list) or all(part.type in _TEXTS for part in self.content)


_TEXTS = {"text", "input_text"}


class _StreamOptions(BaseModel):
    include_usage: bool | None = None


class ChatRequest(BaseModel):
    """A conversation whose last user message is to be answered."""

    model: str
    messages: list[Message] = Field(min_length=1, max_length=MOST_MESSAGES)
    stream: bool | None = None
    stream_options: _StreamOptions | None = None

    @property
    def include_usage(self) -> bool:
        """Tell whether a stream ends with the usage."""
        return bool(self.stream_options and self.stream_options.include_usage)


class EmbeddingRequest(BaseModel):
    """Texts to be encoded; `input_type` is ours, for encoders that treat queries otherwise."""

    model: str
    input: str | list[str] | list[int] | list[list[int]] = Field(union_mode="left_to_right")
    encoding_format: Literal["float", "base64"] | None = None
    dimensions: int | None = None
    input_type: Literal["query", "passage", "document"] | None = None
    user: Any = None


class _Document(BaseModel):
    text: str


class RerankRequest(BaseModel):
    """A query and the documents to be ranked for it, in the form of Cohere's and Jina's APIs."""

    query: str
    documents: list[str | _Document]
    model: str | None = None
    top_n: int | None = Field(default=None, ge=1)
    return_documents: bool | None = None

    @property
    def texts(self) -> list[str]:
        """The documents' texts, in the order given."""
        return [document if isinstance(document, str) else document.text for document in self.documents]
