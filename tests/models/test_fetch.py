"""Fetching a model from a hub, here one on loopback, and checking a model's directory."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from models import ModelError
from models.fetch import Checked, check, fetch, keep_prompts
from models.known import KNOWN
from tests.conftest import ROOT
from tests.models.test_transformer import DIMS, make

COMMIT = "0123456789abcdef0123456789abcdef01234567"
FETCH = """
import sys
from pathlib import Path
from models.fetch import fetch
print(fetch(sys.argv[1], Path(sys.argv[2])).dims)
"""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("fetch") / "tiny", {"query": "问：", "document": "段："})


@pytest.fixture
def copy(tiny: Path, tmp_path: Path) -> Path:
    """A copy to damage."""
    return Path(shutil.copytree(tiny, tmp_path / "copy"))


@pytest.fixture
def hub(copy: Path) -> Iterator[str]:
    """A hub that holds one model, someone/tiny: the directory's files, and a pickle that nobody should want."""
    (copy / "pytorch_model.bin").write_bytes(b"not to be fetched")
    names = [path.relative_to(copy).as_posix() for path in copy.rglob("*") if path.is_file()]

    class Hub(BaseHTTPRequestHandler):
        def answer(self, body: bool) -> None:
            path = self.path.split("?")[0]
            if path.startswith("/api/models/someone/tiny/tree/"):
                sizes = {name: (copy / name).stat().st_size for name in names}
                tree = [{"type": "file", "path": n, "size": size, "oid": "0"} for n, size in sizes.items()]
                content = json.dumps(tree).encode()
            elif path.startswith("/api/models/someone/tiny"):
                found = {"id": "someone/tiny", "sha": COMMIT, "siblings": [{"rfilename": n} for n in names]}
                content = json.dumps(found).encode()
            elif path.startswith("/someone/tiny/resolve/") and path.split("/", 5)[5] in names:
                content = (copy / path.split("/", 5)[5]).read_bytes()
            else:
                self.send_response(404)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("ETag", f'"{hashlib.sha256(content).hexdigest()}"')
            self.send_header("X-Repo-Commit", COMMIT)
            self.end_headers()
            if body:
                self.wfile.write(content)

        def do_GET(self) -> None:
            self.answer(body=True)

        def do_HEAD(self) -> None:
            self.answer(body=False)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def run_fetch(hub: str, name: str, directory: Path) -> subprocess.CompletedProcess[str]:
    """Fetch in a process of its own: the library reads its hub's address once, when it is imported."""
    environment = {"HF_ENDPOINT": hub, "PATH": "", "HF_HUB_DISABLE_XET": "1", "HOME": str(directory.parent)}
    return subprocess.run(
        [sys.executable, "-c", FETCH, name, str(directory)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )


def refusal(directory: Path) -> str:
    with pytest.raises(ModelError) as caught:
        check(directory)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("name", ["pytorch_model.bin", "weights.pt", "model.pkl", "tf_model.h5"])
def test_a_format_that_can_run_code_is_refused_by_its_name(copy: Path, name: str) -> None:
    (copy / name).write_bytes(b"x")
    assert name in refusal(copy)


def test_code_in_the_directory_is_refused_and_not_run(copy: Path) -> None:
    (copy / "modeling.py").write_text("raise SystemExit('was run')", encoding="utf-8")
    assert "modeling.py" in refusal(copy)


def test_a_directory_without_weights_is_refused(copy: Path) -> None:
    for path in copy.rglob("*.safetensors"):
        path.unlink()
    assert "safetensors" in refusal(copy)


def test_a_directory_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "nowhere" in refusal(tmp_path / "nowhere")


def test_a_part_missing_from_split_weights_is_named(copy: Path) -> None:
    index = {"weight_map": {"a": "model-00001-of-00002.safetensors"}}
    (copy / "model.safetensors.index.json").write_text(json.dumps(index), encoding="utf-8")
    assert "model-00001-of-00002.safetensors" in refusal(copy)


def test_an_index_of_split_weights_that_is_not_one_is_named(copy: Path) -> None:
    (copy / "model.safetensors.index.json").write_text("[]", encoding="utf-8")
    assert "model.safetensors.index.json" in refusal(copy)


def test_dimensions_that_do_not_fit_the_models_name_are_refused(tiny: Path, tmp_path: Path) -> None:
    directory = Path(shutil.copytree(tiny, tmp_path / "multilingual-e5-small"))
    said = refusal(directory)
    assert str(DIMS) in said
    assert "384" in said


def test_weights_that_give_no_numbers_are_refused(copy: Path) -> None:
    import torch
    from safetensors.torch import load_file, save_file

    (path,) = copy.rglob("model.safetensors")
    weights = {name: torch.full_like(one, float("nan")) for name, one in load_file(path).items()}
    save_file(weights, path, metadata={"format": "pt"})
    refusal(copy)


def test_a_sound_directory_is_described(copy: Path) -> None:
    found = check(copy)
    assert isinstance(found, Checked)
    assert (found.dims, found.window_chars) == (DIMS, 112)
    assert (found.query_prompt, found.passage_prompt) == ("问：", "段：")
    assert found.licence == ""


def test_an_unknown_short_name_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"BAAI/bge-m3"):
        fetch("no-such-model", tmp_path / "new")


def test_a_model_that_needs_its_own_code_is_refused_before_anything_is_fetched(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="gte-multilingual-base"):
        fetch("gte-multilingual-base", tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_directory_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ModelError, match=str(tmp_path)):
        fetch("bge-m3", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_model_is_fetched_without_its_pickle_and_checked(hub: str, copy: Path, tmp_path: Path) -> None:
    done = run_fetch(hub, "someone/tiny", tmp_path / "new")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(DIMS)
    assert not (tmp_path / "new" / "pytorch_model.bin").exists()
    fetched = (tmp_path / "new" / "model.safetensors").read_bytes()
    assert fetched == (copy / "model.safetensors").read_bytes()


@pytest.mark.parametrize("described", [None, {}, {"prompts": {"query": "", "document": ""}}])
def test_a_known_models_prompts_stay_with_it_whatever_its_directory_is_called(
    copy: Path, described: object
) -> None:
    path = copy / "config_sentence_transformers.json"
    path.unlink() if described is None else path.write_text(json.dumps(described), encoding="utf-8")
    keep_prompts(copy, KNOWN["multilingual-e5-small"])
    found = check(copy)
    assert isinstance(found, Checked)
    assert (found.query_prompt, found.passage_prompt) == ("query: ", "passage: ")


def test_a_models_own_prompts_are_left_as_they_are(copy: Path) -> None:
    keep_prompts(copy, KNOWN["multilingual-e5-small"])
    found = check(copy)
    assert isinstance(found, Checked)
    assert (found.query_prompt, found.passage_prompt) == ("问：", "段：")


def test_a_description_that_cannot_be_read_is_named(copy: Path) -> None:
    (copy / "config_sentence_transformers.json").write_text("{", encoding="utf-8")
    with pytest.raises(ModelError, match=r"config_sentence_transformers\.json"):
        keep_prompts(copy, KNOWN["multilingual-e5-small"])


def test_a_model_that_the_hub_does_not_have_gives_one_line(hub: str, tmp_path: Path) -> None:
    done = run_fetch(hub, "someone/else", tmp_path / "new")
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert "ModelError" in last
    assert "someone/else" in last


def test_a_hub_out_of_reach_gives_one_line_with_what_to_do(tmp_path: Path) -> None:
    done = run_fetch("http://127.0.0.1:9", "someone/tiny", tmp_path / "new")
    assert done.returncode == 1
    assert "HF_ENDPOINT" in done.stderr.strip().splitlines()[-1]
