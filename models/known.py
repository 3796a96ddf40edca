"""What must be known of a public model to use it well: prompts, dimensions, useful length, licence.

Sources: the model cards of each repository. A model's own sentence-transformers prompts win over these.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

__all__ = ["KNOWN", "RERANKERS", "KnownModel", "KnownReranker", "known", "known_reranker"]


@dataclass(frozen=True, slots=True)
class KnownModel:
    """One public model: prompts put before queries and passages, vector width, tokens read, licence.

    `pooling` tells how token vectors become one: mean, cls (the first token's) or last (the last token's).
    `remote_code` marks models that run code of their own when loaded, which Fawen never allows.
    """

    name: str
    dims: int
    max_tokens: int
    licence: str
    query_prompt: str = ""
    passage_prompt: str = ""
    pooling: str = "mean"
    remote_code: bool = False


@dataclass(frozen=True, slots=True)
class KnownReranker:
    """One public cross-encoder: millions of parameters, which its time grows with, and licence."""

    name: str
    millions: int
    licence: str
    remote_code: bool = False


_E5 = ("query: ", "passage: ")
_BGE_ZH = "为这个句子生成表示以用于检索相关文章："
_QWEN = "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:"
_UNLIMITED = 1_000_000
"""A static model reads any number of tokens."""

KNOWN: dict[str, KnownModel] = {
    model.name.rsplit("/", 1)[1].lower(): model
    for model in (
        KnownModel("intfloat/multilingual-e5-small", 384, 512, "MIT", *_E5),
        KnownModel("intfloat/multilingual-e5-base", 768, 512, "MIT", *_E5),
        KnownModel("intfloat/multilingual-e5-large", 1024, 512, "MIT", *_E5),
        KnownModel("BAAI/bge-m3", 1024, 8192, "MIT", pooling="cls"),
        KnownModel("BAAI/bge-small-zh-v1.5", 512, 512, "MIT", _BGE_ZH, pooling="cls"),
        KnownModel("BAAI/bge-base-zh-v1.5", 768, 512, "MIT", _BGE_ZH, pooling="cls"),
        KnownModel(
            "Alibaba-NLP/gte-multilingual-base", 768, 8192, "Apache-2.0", pooling="cls", remote_code=True
        ),
        KnownModel("Qwen/Qwen3-Embedding-0.6B", 1024, 32768, "Apache-2.0", _QWEN, pooling="last"),
        KnownModel("sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2", 384, 128, "Apache-2.0"),
        KnownModel(
            "sentence-transformers/static-similarity-mrl-multilingual-v1", 1024, _UNLIMITED, "Apache-2.0"
        ),
        KnownModel("minishlab/potion-multilingual-128M", 256, _UNLIMITED, "MIT"),
    )
}


RERANKERS: dict[str, KnownReranker] = {
    model.name.rsplit("/", 1)[1].lower(): model
    for model in (
        KnownReranker("BAAI/bge-reranker-v2-m3", 568, "Apache-2.0"),
        KnownReranker("BAAI/bge-reranker-base", 278, "MIT"),
        KnownReranker("cross-encoder/mmarco-mMiniLMv2-L12-H384-v1", 118, "Apache-2.0"),
        KnownReranker("Alibaba-NLP/gte-multilingual-reranker-base", 306, "Apache-2.0", remote_code=True),
    )
}


def known_reranker(name: str) -> KnownReranker | None:
    """Return what is known of a cross-encoder, found by the last part of its name or directory."""
    return RERANKERS.get(PurePath(name).name.lower())


def known(name: str) -> KnownModel | None:
    """Return what is known of a model, found by the last part of its name or directory."""
    return KNOWN.get(PurePath(name).name.lower())
