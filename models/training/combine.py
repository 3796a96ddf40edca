"""Several runs made one: their vectors side by side, then the directions that vary most.

Runs that differ in their seed alone err differently, so the mean of their similarities is better than each. Side by
side, the inner product of two texts is the sum of the runs' inner products; principal components keep most of it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["combine"]


def combine(tables: Sequence[NDArray[np.float32]], dims: int, seed: int = 0) -> NDArray[np.float32]:
    """Return one (tokens, dims) table of several over the same vocabulary.

    The kept directions are turned at random, so that no column is much larger than another: four bits a value
    then suffice. Raises ValueError where the tables differ in length or hold fewer than `dims` columns.
    """
    if len({len(table) for table in tables}) != 1:
        raise ValueError(f"tables of {[len(table) for table in tables]} tokens cannot be combined")
    wide = np.concatenate(tables, axis=1)
    if wide.shape[1] < dims:
        raise ValueError(f"{wide.shape[1]} columns are fewer than the {dims} asked for")
    _, vectors = np.linalg.eigh(wide.T.astype(np.float64) @ wide)
    turn = np.linalg.qr(np.random.default_rng(seed).normal(size=(dims, dims)))[0]
    found: NDArray[np.float32] = (wide @ (vectors[:, ::-1][:, :dims] @ turn)).astype(np.float32)
    return found
