"""A cross-encoder: reads a question and a text together and says how well they fit; slower and finer than vectors."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import ModelError, first_line

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

__all__ = ["Reranker", "is_reranker"]

MOST_TOKENS = 512
"""Tokens read of a question and a text together, also by models that could read more: time grows with them."""
BATCH = 16
AT_ONCE = 64
"""Pairs after which another caller's turn may come."""


def is_reranker(directory: Path) -> bool:
    """Tell whether a directory holds a cross-encoder: a model that classifies, not one that gives vectors."""
    try:
        described = json.loads((directory / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    names = described.get("architectures") if isinstance(described, dict) else None
    return isinstance(names, list) and any(str(name).endswith("ForSequenceClassification") for name in names)


class Reranker:
    """A cross-encoder of one output; safe to call from several threads, which take turns.

    `observe` is told the seconds of each run.
    """

    def __init__(self, name: str, model: CrossEncoder):
        self.name, self._model = name, model
        self.observe: Callable[[float], None] = lambda _: None
        self._one_at_a_time = threading.Lock()

    @classmethod
    def open(cls, directory: Path) -> Reranker:
        """Load a cross-encoder from a directory: no network, safetensors only, no code of its own.

        Raises ModelError with one line: what is wrong with the directory and what to do.
        """
        directory = directory.expanduser()
        if not directory.is_dir():
            raise ModelError(
                f"没有重排模型目录 {directory} / no such directory。请在联网机器上 fawen model fetch "
                "bge-reranker-v2-m3 目录，拷到本机；或不设 --reranker"
            )
        directory = directory.resolve()
        if not is_reranker(directory):
            raise ModelError(
                f"{directory} 不是重排模型(config.json 的 architectures 应以 ForSequenceClassification 结尾) / "
                "not a cross-encoder；编码模型用 --model"
            )
        logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
        import torch
        from sentence_transformers import CrossEncoder

        from models.faults import LOADING_FAULTS

        try:
            model = CrossEncoder(
                str(directory),
                device="cpu",
                trust_remote_code=False,
                local_files_only=True,
                model_kwargs={"use_safetensors": True},
                activation_fn=torch.nn.Sigmoid(),
            )
        except LOADING_FAULTS as error:
            reason = first_line(error)
            raise ModelError(f"无法加载重排模型 {directory} / cannot load it: {reason}") from error
        outputs = int(model.num_labels)
        if outputs != 1:
            raise ModelError(
                f"{directory} 有 {outputs} 个输出，重排模型只有一个 / {outputs} outputs, a reranker has one"
            )
        model.max_seq_length = min(int(model.max_seq_length or MOST_TOKENS), MOST_TOKENS)
        return cls(str(directory), model)

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """Return in 0–1 how well each text fits a query: the logistic of the model's output, to six places."""
        if not texts:
            return []
        started = time.perf_counter()
        found: list[float] = []
        for start in range(0, len(texts), AT_ONCE):
            pairs = [(query, text) for text in texts[start : start + AT_ONCE]]
            with self._one_at_a_time:
                scores = self._model.predict(pairs, batch_size=BATCH, show_progress_bar=False)
            found += [round(float(one), 6) for one in scores]
        self.observe(time.perf_counter() - started)
        return found
