"""Fixtures that every part of the suite shares."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from indexer.build import build
from models import Encoder, load

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
MAX_BYTES = 50_000_000

os.environ["HF_HUB_OFFLINE"] = "1"  # no test asks a network for a model

settings.register_profile("fawen", derandomize=True, deadline=None, database=None, print_blob=False)
settings.load_profile("fawen")


@pytest.fixture(scope="session")
def builtin_encoder() -> Encoder:
    """The encoder that ships with the package."""
    return load()


@pytest.fixture(scope="session")
def sample_index(builtin_encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the sample reports; shared, so tests must not write to it."""
    index = tmp_path_factory.mktemp("sample") / "index"
    build([ROOT / "reports"], index, builtin_encoder, max_bytes=MAX_BYTES)
    return index


@pytest.fixture(scope="session")
def shared() -> Path:
    """The material beside a maintainer's checkout; tests that need it skip elsewhere."""
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED} is not here: it lies beside a maintainer's checkout only")
    return SHARED
