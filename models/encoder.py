"""The encoder protocol and the one way to load an encoder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["BUILTIN", "Encoder", "Vectors", "load"]

Vectors = NDArray[np.float32]

BUILTIN = "builtin"
"""Name of the model that ships with the package."""


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
    """Load the built-in encoder, or any sentence-transformers model by name or directory.

    Raises ModelError where the model cannot be loaded, saying what was tried.
    """
    if name == BUILTIN:
        from models.static import StaticEncoder

        return StaticEncoder.open(Path(__file__).with_name("builtin"))
    from models.transformer import TransformerEncoder

    return TransformerEncoder.open(name)
