"""Any sentence-transformers model: loading, prompts, and the whole pipeline on a tiny random one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer.build import build
from indexer.errors import IndexUnusable
from indexer.store import LocalStore
from models import ModelError, load
from models.known import KNOWN, known
from service.engine import Engine
from service.search import Mode
from tests.samples import MAX_BYTES, OTHER, REPORT, write

DIMS = 16


def make(directory: Path, prompts: dict[str, str]) -> Path:
    """Write a tiny random BERT with a vocabulary of the sample reports' characters."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    parts = directory.with_name(f"{directory.name}-parts")
    parts.mkdir()
    characters = sorted(
        {char for char in (REPORT + OTHER + "query: passage 问段").lower() if not char.isspace()}
    )
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *characters]
    (parts / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    BertTokenizer(vocab=str(parts / "vocab.txt")).save_pretrained(parts)
    torch.manual_seed(11)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=DIMS,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=128,
    )
    BertModel(config).save_pretrained(parts)
    modules = [Transformer(str(parts)), Pooling(DIMS)]
    SentenceTransformer(modules=modules, prompts=prompts, device="cpu").save_pretrained(str(directory))
    return directory


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model directory with prompts of its own."""
    return make(tmp_path_factory.mktemp("models") / "tiny", {"query": "问：", "document": "段："})


@pytest.fixture
def copy(tiny: Path, tmp_path: Path) -> Path:
    """A copy to damage."""
    return Path(shutil.copytree(tiny, tmp_path / "copy"))


def reading(directory: Path, texts: list[str]) -> Any:
    """What the library itself makes of texts."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(directory), device="cpu")
    return model.encode(texts, prompt="", normalize_embeddings=True, show_progress_bar=False)


def refusal(name: str) -> str:
    with pytest.raises(ModelError) as caught:
        load(name)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    "name", ["nobody/no-such-model", "no-such-model", "/no/such/directory", "a/b/c", "坏 名"]
)
def test_a_name_that_leads_nowhere_gives_one_line_with_what_to_do(name: str) -> None:
    said = refusal(name)
    assert name in said
    assert "--model" in said


def test_a_directory_that_is_no_model_is_refused(tmp_path: Path) -> None:
    assert "modules.json" in refusal(str(tmp_path))


@pytest.mark.parametrize("name", ["model.safetensors", "config.json"])
def test_a_directory_without_one_of_its_files_is_refused(copy: Path, name: str) -> None:
    for path in copy.rglob(name):
        path.unlink()
    assert str(copy) in refusal(str(copy))


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "modules.json", "tokenizer.json"])
def test_a_damaged_file_is_refused(copy: Path, name: str) -> None:
    for path in copy.rglob(name):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert str(copy) in refusal(str(copy))


def test_weights_that_are_not_safetensors_are_refused(copy: Path) -> None:
    import torch
    from safetensors.torch import load_file

    (path,) = copy.rglob("model.safetensors")
    torch.save(load_file(path), path.with_name("pytorch_model.bin"))
    path.unlink()
    refusal(str(copy))


def test_code_that_a_model_brings_along_is_never_run(copy: Path) -> None:
    marker = copy / "was-run"
    (copy / "brought.py").write_text(
        f"open({str(marker)!r}, 'w').close()\nclass Module: pass\n", encoding="utf-8"
    )
    modules = json.loads((copy / "modules.json").read_text(encoding="utf-8"))
    modules[0]["type"] = "brought.Module"
    (copy / "modules.json").write_text(json.dumps(modules), encoding="utf-8")
    refusal(str(copy))
    assert not marker.exists()


def test_the_models_own_prompts_are_put_before_queries_and_passages(tiny: Path) -> None:
    encoder = load(str(tiny))
    queries, passages = encoder.encode_queries(["执行工作"]), encoder.encode_passages(["执行工作"])
    expected = reading(tiny, ["问：执行工作", "段：执行工作"])
    np.testing.assert_allclose(np.concatenate([queries, passages]), expected, atol=1e-5)
    assert not np.allclose(queries, passages, atol=1e-3)


def test_a_known_model_without_prompts_of_its_own_gets_those_of_its_card(tmp_path: Path) -> None:
    directory = make(tmp_path / "Multilingual-E5-small", {})
    encoder = load(str(directory))
    found = np.concatenate([encoder.encode_queries(["执行"]), encoder.encode_passages(["执行"])])
    np.testing.assert_allclose(found, reading(directory, ["query: 执行", "passage: 执行"]), atol=1e-5)


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("intfloat/multilingual-e5-base", "query: "),
        ("/data/bge-small-zh-v1.5", "为这个句子生成表示以用于检索相关文章："),
        ("BAAI/BGE-M3", ""),
    ],
)
def test_what_is_known_of_a_model_is_found_by_the_last_part_of_its_name(name: str, query: str) -> None:
    found = known(name)
    assert found is not None
    assert found.query_prompt == query


def test_nothing_is_known_of_other_models() -> None:
    assert known("nobody/own-model") is None


def test_every_known_model_has_a_licence_and_a_size() -> None:
    assert all(model.licence and model.dims > 0 and model.max_tokens > 0 for model in KNOWN.values())


def test_vectors_are_of_unit_length_and_one_a_text(tiny: Path) -> None:
    encoder = load(str(tiny))
    found = encoder.encode_passages(["审判", "", "很长的文字" * 200])
    assert found.shape == (3, DIMS)
    assert found.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    assert encoder.encode_queries([]).shape == (0, DIMS)
    assert encoder.dims == DIMS


def test_the_window_is_what_the_model_reads(tiny: Path) -> None:
    assert load(str(tiny)).window_chars == 128 - 16


def test_the_fingerprint_follows_the_weights_and_not_the_place(tiny: Path, copy: Path) -> None:
    before = load(str(tiny)).fingerprint
    assert load(str(copy)).fingerprint == before
    (weights,) = copy.rglob("model.safetensors")
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)
    assert load(str(copy)).fingerprint != before


def test_the_whole_pipeline_runs_on_it(tiny: Path, tmp_path: Path) -> None:
    texts, index = write(tmp_path / "texts", 甲=REPORT, 乙=OTHER), tmp_path / "index"
    encoder = load(str(tiny))
    build([texts], index, encoder, max_bytes=MAX_BYTES)
    store = LocalStore.open(index)
    for row in range(len(store)):
        vector = encoder.encode_passages([store.passage(row).text])[0]
        found = store.dense(vector, 1)
        assert found.rows.tolist() == [row]
        assert found.scores[0] == pytest.approx(1, abs=1e-4)
    store.close()
    engine = Engine(index)
    assert engine.encoder.fingerprint == encoder.fingerprint
    for mode in Mode:
        hits = engine.search("渔港巡回审判点", top_k=3, mode=mode).hits
        assert hits
        assert all(hit.citation.quote for hit in hits)
    assert build([texts], index, encoder, max_bytes=MAX_BYTES).vectors_encoded == 0


def test_an_index_made_with_another_encoder_is_refused(tiny: Path, sample_index: Path) -> None:
    with pytest.raises(IndexUnusable, match="another encoder"):
        Engine(sample_index, str(tiny))
