"""OpenAI's API over the reports: models, chat completions, embeddings.

Source: OpenAI API reference; for rerank, which OpenAI has not, the form of Cohere's and Jina's APIs.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response, StreamingResponse

from models import Encoder
from service.background import background_reply, question_within
from service.chat import Turn, answer_turn
from service.engine import Engine
from service.errors import UnknownKnowledgeError
from service.knowledge import filters_of, names
from service.search import Filters
from service.settings import WHOLE_INDEX, Settings
from service.web.api import engine_of, parsed
from service.web.links import base_of
from service.web.openai_chat import Completion, events, whole
from service.web.openai_errors import BadRequestError
from service.web.openai_schemas import MOST_TEXTS, ChatRequest, EmbeddingRequest, RerankRequest
from service.web.schemas import LONGEST_QUERY
from service.web.words import while_connected, words_of

__all__ = ["router"]

router = APIRouter(prefix="/v1", include_in_schema=False)


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "fawen"}


@router.get("/models")
async def models(request: Request) -> Response:
    """Every knowledge set, each a model."""
    listed = [_model(name) for name in names(_settings(request).knowledge)]
    return JSONResponse({"object": "list", "data": listed})


@router.get("/models/{name:path}")
async def model(request: Request, name: str) -> Response:
    """One knowledge set."""
    known = names(_settings(request).knowledge)
    if name not in known:
        raise UnknownKnowledgeError(name, known)
    return JSONResponse(_model(name))


def _turns(asked: ChatRequest) -> list[str]:
    """Return what the user said, up to the last turn. Raises BadRequestError where that cannot be answered."""
    said = [message for message in asked.messages if message.role == "user"]
    if not said:
        raise BadRequestError("没有 user 消息 / no message of role user", "messages")
    if not said[-1].only_text:
        raise BadRequestError("只能回答文字，不能读图片或声音 / text only", "messages", "unsupported_content")
    turns = [words for message in said if (words := question_within(message.words).strip())]
    if not said[-1].words.strip():
        raise BadRequestError("最后一条 user 消息是空的 / the last user message is empty", "messages")
    return turns


def _answered(engine: Engine, asked: ChatRequest, filters: Filters) -> Turn:
    """Answer the last user message, or the prompt that the chat program sends of itself."""
    turns = _turns(asked)
    system = "\n".join(message.words for message in asked.messages if message.role in ("system", "developer"))
    if (reply := background_reply(engine, turns, system)) is not None:
        return Turn(turns[-1], None, reply, literal=True)
    if len(turns[-1]) > LONGEST_QUERY:
        detail = f"问题过长，至多 {LONGEST_QUERY} 字 / the question is too long"
        raise BadRequestError(detail, "messages", "context_length_exceeded")
    return answer_turn(engine, [turn[:LONGEST_QUERY] for turn in turns], filters)


@router.post("/chat/completions")
async def chat(request: Request) -> Response:
    """Answer the last user message, as a follow-up of those before it."""
    asked = await parsed(ChatRequest, request)
    engine = engine_of(request)
    filters = filters_of(_settings(request).knowledge, asked.model)
    turn: Turn = await run_in_threadpool(_answered, engine, asked, filters)
    made = Completion(asked, turn, f"fawen-{engine.store.generation}", base_of(request))

    async def streamed() -> tuple[str, bool]:
        return await words_of(request, turn.answer) if turn.answer else (turn.text, False)

    if asked.stream:
        return StreamingResponse(
            events(made, streamed), media_type="text/event-stream", headers={"Cache-Control": "no-cache"}
        )
    text, generated = await while_connected(request, turn.answer) if turn.answer else (turn.text, False)
    return JSONResponse(whole(made, text, generated))


@router.post("/embeddings")
async def embeddings(request: Request) -> Response:
    """Encode texts with the loaded encoder, as passages unless `input_type` says query."""
    asked = await parsed(EmbeddingRequest, request)
    encoder = engine_of(request).encoder
    known = [WHOLE_INDEX, encoder.name]
    if asked.model not in known:
        raise UnknownKnowledgeError(asked.model, known)
    texts = _texts(asked, encoder)
    encode = encoder.encode_queries if asked.input_type == "query" else encoder.encode_passages
    vectors = await run_in_threadpool(encode, texts)
    in_base64 = asked.encoding_format == "base64"
    data = [
        {
            "object": "embedding",
            "index": index,
            "embedding": base64.b64encode(vector.astype("<f4").tobytes()).decode()
            if in_base64
            else vector.tolist(),
        }
        for index, vector in enumerate(vectors)
    ]
    count = sum(map(len, texts))
    usage = {"prompt_tokens": count, "total_tokens": count}
    return JSONResponse({"object": "list", "data": data, "model": asked.model, "usage": usage})


def _texts(asked: EmbeddingRequest, encoder: Encoder) -> list[str]:
    given = [asked.input] if isinstance(asked.input, str) else asked.input
    if asked.dimensions not in (None, encoder.dims):
        detail = f"向量是 {encoder.dims} 维的，不能改成 {asked.dimensions} / the encoder's width is fixed"
        raise BadRequestError(detail, "dimensions")
    texts = [text for text in given if isinstance(text, str)]
    if len(texts) != len(given):
        detail = "只收文字，不收词元编号；LangChain 请设 check_embedding_ctx_length=False / send texts, not token ids"
        raise BadRequestError(detail, "input")
    if not texts or not all(text.strip() for text in texts) or len(texts) > MOST_TEXTS:
        raise BadRequestError(
            f"须为 1 至 {MOST_TEXTS} 段非空文字 / 1 to {MOST_TEXTS} texts, none empty", "input"
        )
    return texts


@router.post("/rerank")
async def rerank(request: Request) -> Response:
    """Rank documents for a query, best first, scores in 0-1: by the cross-encoder, if one is loaded, else by the
    loaded encoder's cosines."""
    asked = await parsed(RerankRequest, request)
    engine = engine_of(request)
    known = [WHOLE_INDEX, engine.reranker.name if engine.reranker else engine.encoder.name]
    if asked.model not in (None, *known):
        raise UnknownKnowledgeError(str(asked.model), known)
    if not asked.query.strip() or len(asked.query) > LONGEST_QUERY:
        detail = f"query 须为 1 至 {LONGEST_QUERY} 字 / the query is empty or too long"
        raise BadRequestError(detail, "query")
    texts = asked.texts
    if not texts or not all(text.strip() for text in texts) or len(texts) > MOST_TEXTS:
        detail = f"须为 1 至 {MOST_TEXTS} 段非空文字 / 1 to {MOST_TEXTS} texts, none empty"
        raise BadRequestError(detail, "documents")
    scores = await (
        run_in_threadpool(engine.reranker.scores, asked.query, texts)
        if engine.reranker
        else run_in_threadpool(_cosines, engine.encoder, asked.query, texts)
    )
    order = sorted(range(len(texts)), key=lambda index: (-scores[index], index))[: asked.top_n]
    results: list[dict[str, Any]] = [
        {"index": index, "relevance_score": round(scores[index], 6)} for index in order
    ]
    if asked.return_documents:
        results = [{**result, "document": {"text": texts[result["index"]]}} for result in results]
    count = len(asked.query) + sum(map(len, texts))
    usage = {"prompt_tokens": count, "total_tokens": count}
    return JSONResponse({"model": asked.model or WHOLE_INDEX, "results": results, "usage": usage})


def _cosines(encoder: Encoder, query: str, texts: Sequence[str]) -> list[float]:
    vector = encoder.encode_queries([query])[0]
    return [min(1.0, max(0.0, float(cosine))) for cosine in encoder.encode_passages(texts) @ vector]
