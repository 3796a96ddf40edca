"""The encoder protocol and the one way to load an encoder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["BUILTIN", "LONGEST_WINDOW", "Encoder", "Vectors", "load", "useful_window"]

Vectors = NDArray[np.float32]

BUILTIN = "builtin"
"""Name of the model that ships with the package."""


LONGEST_WINDOW = 480
"""Characters; beyond this one vector blurs, however many tokens the model reads."""
CHARS_PER_TOKEN = 1.0
"""Chinese characters that one token covers, at the least, in the vocabularies of the known models."""


def useful_window(max_tokens: int) -> int:
    """Return the longest text, in characters, that a transformer of so many tokens represents well."""
    return max(32, min(LONGEST_WINDOW, int(max_tokens * CHARS_PER_TOKEN) - 16))


class Encoder(Protocol):
    """Turns texts into unit vectors; queries and passages may be encoded differently."""

    name: str
    """What `load` was given."""
    fingerprint: str
    """Changes whenever the same text could get another vector."""
    dims: int
    """Width of every vector."""
    window_chars: int
    """Longest text, in characters, that one vector still represents well."""
    blocking: bool
    """True where encoding one query takes long enough to be kept off an event loop."""

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return float32 unit vectors, shape (len(texts), dims); a text without known tokens gets zeros."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return float32 unit vectors, shape (len(texts), dims); a text without known tokens gets zeros."""
        ...


def load(name: str = BUILTIN) -> Encoder:
    """Load the built-in encoder, a directory of `fawen model onnx`, or any sentence-transformers model.

    Raises ModelError where the model cannot be loaded, saying what was tried.
    """
    if name == BUILTIN:
        from models.static import StaticEncoder

        return StaticEncoder.open(Path(__file__).with_name("builtin"))
    from models.onnx import OnnxEncoder, is_onnx

    if is_onnx(Path(name).expanduser()):
        return OnnxEncoder.open(Path(name))
    from models.transformer import TransformerEncoder

    return TransformerEncoder.open(name)
