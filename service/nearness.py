"""How near figures are to a question in meaning: similarities by the encoder, the figures' vectors kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.calibration import Calibration
from indexer.records import Fact
from indexer.text import fold
from models import Encoder

__all__ = ["Nearness", "nearness"]

KEPT = 8192
"""Vectors kept, about 12 MB; forgotten together when there would be more."""

Nearness = Callable[[Sequence[Fact]], Sequence[float]]

_vectors: dict[tuple[str, str], NDArray[np.float16]] = {}


def nearness(encoder: Encoder, calibration: Calibration, question: str) -> Nearness | None:
    """Return what tells the similarity in 0-1 of each fact to a question, None for an encoder too slow to ask it of many."""
    if encoder.blocking:
        return None

    def near(facts: Sequence[Fact]) -> Sequence[float]:
        vector = encoder.encode_queries([fold(question)])[0]
        texts = [fold(f"{fact.object} {fact.clause}") for fact in facts]
        new = list(dict.fromkeys(text for text in texts if (encoder.fingerprint, text) not in _vectors))
        known = dict(_vectors)
        if new:
            made = encoder.encode_passages(new).astype(np.float16)
            known.update(zip(((encoder.fingerprint, text) for text in new), made, strict=True))
            if len(_vectors) + len(new) > KEPT:
                _vectors.clear()
            _vectors.update(zip(((encoder.fingerprint, text) for text in new), made, strict=True))
        if not texts:
            return []
        rows = np.stack([known[encoder.fingerprint, text] for text in texts]).astype(np.float32)
        similarities: list[float] = calibration.similarity(rows @ vector).tolist()
        return similarities

    return near
