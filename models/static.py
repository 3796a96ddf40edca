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


STEPS = {8: 127, 4: 7}
"""Largest value of a signed integer of so many bits, kept symmetric."""


def quantize(table: NDArray[np.floating], bits: int = 8) -> tuple[NDArray[np.int8 | np.uint8], Vectors]:
    """Split a (tokens, dims) table into rows of small integers and float32 row scales: row ≈ integers x scale.

    Eight bits give int8 rows, the largest value of each at 127. Four bits give uint8 rows of dims / 2: value + 8,
    the first half of the columns in the low four bits, the second in the high; large values are cut off where that
    brings the row as a whole nearest. Raises ValueError for other bits, and for an odd width at four.
    """
    if bits not in STEPS or (bits == 4 and table.shape[1] % 2):
        raise ValueError(f"a table {table.shape[1]} wide cannot be kept in {bits} bits")
    peak = np.abs(table).max(axis=1, keepdims=True).astype(np.float32)
    best, rows, scales = np.full(len(table), np.inf), np.zeros(table.shape, np.int8), np.zeros_like(peak)
    for cut in (1.0,) if bits == 8 else (1.0, 0.8, 0.7, 0.6, 0.55, 0.5, 0.45, 0.4, 0.35):
        scale = peak * np.float32(cut) / STEPS[bits]
        found = np.clip(np.rint(table / np.where(scale > 0, scale, 1)), -STEPS[bits], STEPS[bits])
        error = ((found * scale - table) ** 2).sum(axis=1)
        nearer = error < best
        best[nearer], rows[nearer], scales[nearer] = (
            error[nearer],
            found[nearer].astype(np.int8),
            scale[nearer],
        )
    if bits == 8:
        return rows, scales[:, 0]
    half = table.shape[1] // 2
    shifted = (rows + 8).astype(np.uint8)
    return shifted[:, :half] | (shifted[:, half:] << 4), scales[:, 0]


class StaticEncoder:
    """Mean of token vectors, scaled to unit length.

    The table is memory-mapped, so only the rows of tokens that occur are ever read.
    """

    window_chars = 200  # a mean of many tokens blurs: docs/retrieval.md compares window lengths
    blocking = False

    def __init__(
        self,
        name: str,
        tokenizer: Tokenizer,
        table: NDArray[np.int8 | np.uint8],
        scales: Vectors,
        fingerprint: str,
    ):
        self.name, self.fingerprint = name, fingerprint
        self._packed = table.dtype == np.uint8
        self.dims = int(table.shape[1]) * (2 if self._packed else 1)
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
                self._sum(tokens, vector)
                length = np.sqrt(vector @ vector)
                if length > 0:
                    vector /= length
        return vectors

    def _sum(self, tokens: list[int], vector: Vectors) -> None:
        """Write the sum of some tokens' rows, times their scales."""
        scales, rows = self._scales[tokens], self._table[tokens]
        if not self._packed:
            np.matmul(scales, rows.astype(np.float32), out=vector)
            return
        half = self.dims // 2
        np.matmul(scales, (rows & 15).astype(np.float32), out=vector[:half])
        np.matmul(scales, (rows >> 4).astype(np.float32), out=vector[half:])
        vector -= 8 * scales.sum()
