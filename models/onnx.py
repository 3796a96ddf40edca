"""A transformer encoder exported to ONNX: onnxruntime and tokenizers alone, neither torch nor sentence-transformers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from tokenizers import Tokenizer

from models.batching import QueryBatcher
from models.encoder import Vectors, useful_window
from models.errors import ModelError, first_line

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

__all__ = ["DESCRIPTION_FILE", "TOKENIZER_FILE", "Description", "OnnxEncoder", "is_onnx", "onnx_needed"]

DESCRIPTION_FILE, TOKENIZER_FILE = "encoder.json", "tokenizer.json"
LARGEST_BATCH = 32
_INPUTS = frozenset({"input_ids", "attention_mask", "token_type_ids"})


class Description(BaseModel):
    """What encoder.json says of an exported encoder; the graph itself pools and scales to unit length."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    model: str = "model.onnx"
    """File name of the graph, in the same directory."""
    source: str
    """Name of the model that was exported."""
    precision: Literal["float32", "int8"]
    dims: int = Field(gt=0)
    max_tokens: int = Field(gt=0)
    pooling: str
    query_prompt: str = ""
    passage_prompt: str = ""

    @field_validator("model")
    @classmethod
    def _beside(cls, value: str) -> str:
        if PurePath(value).name != value or "\\" in value:
            raise ValueError("must be the name of a file in the same directory")
        return value


def is_onnx(directory: Path) -> bool:
    """Tell whether a directory holds an exported encoder."""
    return (directory / DESCRIPTION_FILE).is_file()


def onnx_needed(error: ImportError) -> ModelError:
    """Return the error that tells how to install what ONNX needs."""
    return ModelError(
        f"ONNX 模型需要 {error.name or 'onnxruntime'}，尚未安装 / not installed。请运行 pip install 'fawen[onnx]'"
    )


class OnnxEncoder:
    """An exported encoder, with the prompts of the model it comes from."""

    blocking = True

    def __init__(
        self, name: str, session: InferenceSession, tokenizer: Tokenizer, about: Description, fingerprint: str
    ):
        self.name, self.fingerprint, self.dims, self.about = name, fingerprint, about.dims, about
        self._session, self._tokenizer = session, tokenizer
        self._padding = tokenizer.padding or {}
        tokenizer.no_padding()
        self._inputs = [one.name for one in session.get_inputs()]
        self._queries = QueryBatcher(lambda texts: self._encode(texts, about.query_prompt))
        self.window_chars = useful_window(about.max_tokens)

    @property
    def prompts(self) -> tuple[str, str]:
        """What is put before a query and before a passage."""
        return self.about.query_prompt, self.about.passage_prompt

    @classmethod
    def open(cls, directory: Path) -> OnnxEncoder:
        """Open a directory of encoder.json, tokenizer.json and the graph that encoder.json names.

        Raises ModelError where a file is missing or damaged, where the graph is not one of such an encoder or
        reads files outside the directory, and where onnxruntime is not installed.
        """
        directory = directory.expanduser().resolve()
        about = _described(directory)
        graph = directory / about.model
        if not graph.resolve().is_relative_to(directory):
            raise ModelError(f"{graph} 指向目录之外 / leads out of the directory；请把文件本身放进来")
        session = _session(graph)
        inputs = {one.name for one in session.get_inputs()}
        if not {"input_ids", "attention_mask"} <= inputs <= _INPUTS:
            raise ModelError(f"{graph}: 输入 {sorted(inputs)} 不是编码器的 / not the inputs of an encoder")
        outputs = session.get_outputs()
        width = outputs[0].shape[-1] if len(outputs) == 1 and len(outputs[0].shape) == 2 else None
        if width != about.dims:
            raise ModelError(
                f"{graph}: 图输出 {width} 维，{DESCRIPTION_FILE} 写 {about.dims} 维 / dimensions do not agree"
            )
        try:
            definition = (directory / TOKENIZER_FILE).read_bytes()
            tokenizer = Tokenizer.from_buffer(definition)
            tokenizer.enable_truncation(about.max_tokens)
        # The library's errors have no class of their own.
        except (OSError, ValueError) as error:
            raise ModelError(f"{directory / TOKENIZER_FILE} 读不出来 / cannot be read: {error}") from error
        digest = hashlib.sha256(definition + about.model_dump_json().encode())
        for file in sorted(directory.glob(f"{about.model}*")):
            with file.open("rb") as content:
                digest.update(hashlib.file_digest(content, "sha256").digest())
        return cls(str(directory), session, tokenizer, about, f"onnx-{digest.hexdigest()[:16]}")

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode questions with the query prompt: (n, dims) float32 unit vectors.

        Questions that several threads ask at once are encoded together; one asked again is remembered.
        """
        return self._queries(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Encode passages with the passage prompt: (n, dims) float32 unit vectors."""
        return self._encode(texts, self.about.passage_prompt)

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        """Encode texts of like length together, so that little is spent on padding."""
        vectors = np.zeros((len(texts), self.dims), dtype=np.float32)
        if not texts:
            return vectors
        found = self._tokenizer.encode_batch_fast([prompt + text for text in texts])
        tokens = [(one.ids, one.type_ids) for one in found]
        order = sorted((i for i, (ids, _) in enumerate(tokens) if ids), key=lambda i: -len(tokens[i][0]))
        for start in range(0, len(order), LARGEST_BATCH):
            batch = order[start : start + LARGEST_BATCH]
            vectors[batch] = self._run([tokens[i] for i in batch])
        return vectors

    def _run(self, batch: Sequence[tuple[list[int], list[int]]]) -> Vectors:
        """Run the graph on texts' tokens, padded to the first and longest."""
        shape = (len(batch), len(batch[0][0]))
        feed = {
            "input_ids": np.full(shape, self._padding.get("pad_id", 0), dtype=np.int64),
            "attention_mask": np.zeros(shape, dtype=np.int64),
            "token_type_ids": np.full(shape, self._padding.get("pad_type_id", 0), dtype=np.int64),
        }
        left = self._padding.get("direction") == "left"
        for row, (ids, types) in enumerate(batch):
            place = slice(shape[1] - len(ids), None) if left else slice(len(ids))
            feed["input_ids"][row, place] = ids
            feed["attention_mask"][row, place] = 1
            feed["token_type_ids"][row, place] = types
        try:
            (found,) = self._session.run(None, {name: feed[name] for name in self._inputs})
        except _failures() as error:
            raise ModelError(
                f"{self.name}: 图运行失败 / the graph cannot be run: {first_line(error)}"
            ) from error
        vectors: Vectors = found
        return vectors


def _described(directory: Path) -> Description:
    path = directory / DESCRIPTION_FILE
    try:
        return Description.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ModelError(f"没有 {path} / no exported encoder there: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "JSON"
        raise ModelError(
            f"{path}: {place} 有误 / invalid: {first['msg']}。请重新运行 fawen model onnx"
        ) from error


def _session(graph: Path) -> InferenceSession:
    """Open a graph. onnxruntime itself refuses weights outside the graph's directory, through links too."""
    if not graph.is_file():
        raise ModelError(f"缺 {graph} / the model file is missing；请重新拷贝整个目录")
    try:
        from onnxruntime import InferenceSession, SessionOptions
    except ImportError as error:
        raise onnx_needed(error) from error
    options = SessionOptions()
    options.log_severity_level = 4
    try:
        return InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    except _failures() as error:
        raise ModelError(
            f"{graph} 不能用 / cannot be used: {first_line(error)}。请重新拷贝或重新导出"
        ) from error


def _failures() -> tuple[type[Exception], ...]:
    """Return onnxruntime's errors, which share no class of their own."""
    from onnxruntime.capi import onnxruntime_pybind11_state as raised

    return (
        raised.Fail,
        raised.InvalidArgument,
        raised.InvalidGraph,
        raised.InvalidProtobuf,
        raised.NoSuchFile,
        raised.NotImplemented,
        raised.RuntimeException,
    )
