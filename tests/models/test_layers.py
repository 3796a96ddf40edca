"""Who imports whom, and what the serving process never loads."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

SERVE = """
import json, sys
from pathlib import Path
from service.engine import Engine
hits = Engine(Path(sys.argv[1])).search("整改措施有多少条", top_k=3).hits
print(json.dumps([len(hits), sorted(sys.modules)]))
"""


def imported(package: str) -> Iterator[tuple[Path, str]]:
    """Yield every module of ours that a package's files import, those inside functions included."""
    for path in sorted((ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((path, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path} imports relatively"
                yield path, node.module or ""


@pytest.mark.parametrize(
    ("package", "forbidden"), [("models", {"indexer", "service"}), ("indexer", {"service"})]
)
def test_imports_go_one_way_only(package: str, forbidden: set[str]) -> None:
    found = list(imported(package))
    assert any(name.split(".")[0] == package for _, name in found)
    assert [(path, name) for path, name in found if name.split(".")[0] in forbidden] == []


def test_service_without_its_web_part_imports_no_web_framework() -> None:
    found = [
        (path, name)
        for path, name in imported("service")
        if "web" not in path.relative_to(ROOT).parts
        and name.split(".")[0] in {"fastapi", "starlette", "jinja2"}
    ]
    assert found == []


def test_answering_with_the_built_in_encoder_never_imports_torch(sample_index: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SERVE, str(sample_index)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    hits, modules = json.loads(done.stdout)
    assert hits == 3
    assert {"faiss", "tokenizers"} <= set(modules)
    assert {"torch", "transformers", "sentence_transformers", "opencc.torch"}.isdisjoint(modules)
