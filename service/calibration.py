"""How likely a passage is to hold what was asked, from its hybrid score."""

from __future__ import annotations

import math

__all__ = ["relevance"]

_SLOPE, _OFFSET = 14.6, -5.1
"""Logistic regression over the questions of tests/gold and off-topic ones, with the built-in encoder;
`python -m benchmarks.calibration` fits it again and prints how well it holds."""


def relevance(score: float) -> float:
    """Return the share of passages with such a score that hold what was asked, 0–1, to four places."""
    return round(1 / (1 + math.exp(-(_SLOPE * score + _OFFSET))), 4)
