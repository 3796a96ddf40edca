"""Encoders: what turns texts into unit vectors. Imports neither `indexer` nor `service`."""

from models.encoder import Encoder, load
from models.errors import ModelError

__all__ = ["Encoder", "ModelError", "load"]
