"""What sentence-transformers raises where a model cannot be loaded."""

from __future__ import annotations

from safetensors import SafetensorError

__all__ = ["LOADING_FAULTS"]

LOADING_FAULTS = (OSError, ValueError, RuntimeError, ImportError, KeyError, TypeError, SafetensorError)
"""The library's own errors, and huggingface_hub's and httpx's, are all below these."""
