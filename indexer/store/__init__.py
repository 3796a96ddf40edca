"""Stores hold passages and vectors and answer look-ups under filters."""

from indexer.store.base import Ranking, Store
from indexer.store.local import LocalStore

__all__ = ["LocalStore", "Ranking", "Store"]
