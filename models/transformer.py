"""Any sentence-transformers model, by name or local directory."""

from __future__ import annotations

import hashlib
import json
import logging
import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from models.batching import QueryBatcher
from models.encoder import LONGEST_WINDOW, Vectors, useful_window
from models.errors import ModelError, first_line
from models.known import known
from models.reranker import is_reranker

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

__all__ = ["TransformerEncoder"]

_REMEDY = (
    "无网络时：在联网机器上下载该模型(safetensors)，把目录拷到本机，用 --model 目录 指定；"
    "或去掉 --model 使用内置模型。"
)


class TransformerEncoder:
    """A sentence-transformers model with the prompts it was trained with."""

    blocking = True

    def __init__(self, name: str, model: SentenceTransformer, fingerprint: str):
        self.name, self.fingerprint, self.model = name, fingerprint, model
        facts = known(name)
        own: dict[str, str | None] = dict(model.prompts or {})
        self._query_prompt = own.get("query") or (facts.query_prompt if facts else "")
        self._passage_prompt = (
            own.get("document") or own.get("passage") or (facts.passage_prompt if facts else "")
        )
        self.dims = int(model.get_embedding_dimension() or 0)
        limit = model.max_seq_length or (facts.max_tokens if facts else 512)
        self.max_tokens = int(limit) if math.isfinite(limit) else LONGEST_WINDOW
        self._queries = QueryBatcher(lambda texts: self._encode(texts, self._query_prompt))
        self.window_chars = useful_window(self.max_tokens)

    @property
    def prompts(self) -> tuple[str, str]:
        """What is put before a query and before a passage."""
        return self._query_prompt, self._passage_prompt

    @classmethod
    def open(cls, name: str) -> TransformerEncoder:
        """Load a model from a directory, the local cache, or (where there is a network) the hub.

        Raises ModelError with one line: what was tried and how to get the model without a network.
        """
        directory = Path(name).expanduser()
        local = directory.is_dir()
        if not local and name.startswith((".", "/", "~")):
            raise ModelError(f"没有模型目录 {directory} / no such model directory。{_REMEDY}")
        if local:
            directory = directory.resolve()
            name = str(directory)
        if local and not (directory / "modules.json").is_file():
            raise ModelError(
                f"{name} 不是 sentence-transformers 模型目录(缺 modules.json) / not a model directory"
            )
        if local and is_reranker(directory):
            raise ModelError(
                f"{name} 是重排模型，不是编码模型 / a cross-encoder, no encoder；请用 --reranker"
            )
        logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
        os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
        options: dict[str, Any] = {"trust_remote_code": False, "model_kwargs": {"use_safetensors": True}}
        from sentence_transformers import SentenceTransformer

        from models.faults import LOADING_FAULTS

        try:
            model = SentenceTransformer(str(directory) if local else name, **options, local_files_only=local)
        except LOADING_FAULTS as error:
            reason = first_line(error)
            raise ModelError(
                f"无法加载模型 {name} / cannot load it: {reason}。"
                f"已尝试：{'本地目录' if local else '本地缓存与模型站'}。"
                f"{_REMEDY}"
            ) from error
        return cls(name, model, _fingerprint(model, name, directory if local else None))

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode questions with the query prompt: (n, dims) float32 unit vectors.

        Questions that several threads ask at once are encoded together; one asked again is remembered.
        """
        return self._queries(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Encode passages with the passage prompt: (n, dims) float32 unit vectors."""
        return self._encode(texts, self._passage_prompt)

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        if not texts:
            return np.zeros((0, self.dims), dtype=np.float32)
        vectors = self.model.encode(
            list(texts), prompt=prompt or None, normalize_embeddings=True, show_progress_bar=False
        )
        return np.ascontiguousarray(vectors, dtype=np.float32)


def _fingerprint(model: SentenceTransformer, name: str, directory: Path | None) -> str:
    digest = hashlib.sha256(json.dumps([model.prompts, model.max_seq_length]).encode())
    if directory is None:
        digest.update(name.encode())
    else:
        for file in sorted(directory.rglob("*")):
            if file.suffix in {".json", ".safetensors", ".txt", ".model"}:
                digest.update(file.name.encode())
                with file.open("rb") as content:
                    digest.update(hashlib.file_digest(content, "sha256").digest())
    return f"st-{digest.hexdigest()[:16]}"
