"""The built-in static encoder: one stored vector per token, summed; needs tokenizers and numpy alone."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from models.encoder import BUILTIN, Vectors
from models.errors import ModelError

__all__ = ["StaticEncoder", "quantize"]

TABLE_FILE, SCALES_FILE, TOKENIZER_FILE = "table.npy", "scales.npy", "tokenizer.json"


def quantize(table: NDArray[np.floating]) -> tuple[NDArray[np.int8], Vectors]:
    """Split a (tokens, dims) table into int8 rows and float32 row scales: row ≈ int8 row x scale."""
    scales = np.abs(table).max(axis=1).astype(np.float32) / 127
    safe = np.where(scales > 0, scales, 1)
    return np.rint(table / safe[:, None]).astype(np.int8), scales


class StaticEncoder:
    """Mean of token vectors, scaled to unit length.

    The table is memory-mapped, so only the rows of tokens that occur are ever read.
    """

    window_chars = 200  # a mean of many tokens blurs: docs/retrieval.md compares window lengths
    blocking = False

    def __init__(
        self, name: str, tokenizer: Tokenizer, table: NDArray[np.int8], scales: Vectors, fingerprint: str
    ):
        self.name, self.fingerprint = name, fingerprint
        self.dims = int(table.shape[1])
        self._tokenizer, self._table, self._scales = tokenizer, table, scales

    @classmethod
    def open(cls, directory: Path, name: str = BUILTIN) -> StaticEncoder:
        """Open a directory of tokenizer.json, table.npy and scales.npy.

        Raises ModelError where a file is missing, or table, scales and vocabulary do not fit together.
        """
        try:
            table = np.asarray(np.load(directory / TABLE_FILE, mmap_mode="r"))
            scales = np.load(directory / SCALES_FILE)
            definition = (directory / TOKENIZER_FILE).read_bytes()
            tokenizer = Tokenizer.from_buffer(definition)
            with (directory / TABLE_FILE).open("rb") as file:
                digest = hashlib.file_digest(file, "sha256")
        except (OSError, ValueError, EOFError) as error:
            raise ModelError(f"模型目录不完整 / incomplete static model in {directory}: {error}") from error
        if not (tokenizer.get_vocab_size() == table.shape[0] == scales.shape[0]):
            raise ModelError(
                f"static model in {directory}: {tokenizer.get_vocab_size()} tokens, "
                f"{table.shape[0]} rows, {scales.shape[0]} scales; they must be equal"
            )
        digest.update(definition + scales.tobytes())
        return cls(name, tokenizer, table, scales, f"static-{digest.hexdigest()[:16]}")

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode questions; the static model treats them as passages."""
        return self.encode_passages(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Encode passages: (n, dims) float32 unit vectors, zeros where no token is known."""
        vectors = np.zeros((len(texts), self.dims), dtype=np.float32)
        if len(texts) == 1:  # without the thread pool that a batch is handed to
            encodings = [self._tokenizer.encode(texts[0], add_special_tokens=False)]
        else:
            encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        for vector, encoding in zip(vectors, encodings, strict=True):
            tokens = encoding.ids
            if tokens:
                np.matmul(self._scales[tokens], self._table[tokens].astype(np.float32), out=vector)
                length = np.sqrt(vector @ vector)
                if length > 0:
                    vector /= length
        return vectors
