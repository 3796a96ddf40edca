"""Encoders exported to ONNX: refusals of damaged directories, and agreement with torch on tiny transformers."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx.external_data_helper import set_external_data

from indexer.build import build
from models import ModelError, load
from models.agreement import ANSWERS, PASSAGES, QUESTIONS, agreement
from models.fetch import check
from models.onnx import OnnxEncoder
from models.onnx_export import export, write_graphs
from models.transformer import TransformerEncoder
from service.engine import Engine
from tests.conftest import ROOT
from tests.models.test_transformer import DIMS, make
from tests.samples import MAX_BYTES, OTHER, REPORT, write

WIDTH = 32


def make_xlm_roberta(directory: Path, pooling: str, side: str = "right", steps: int = 80) -> Path:
    """Write a tiny XLM-R whose tokenizer splits at characters, trained to find the passage of each question."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast, XLMRobertaConfig, XLMRobertaModel

    parts = directory.with_name(f"{directory.name}-parts")
    characters = sorted({char for text in (*QUESTIONS, *PASSAGES) for char in text if not char.isspace()})
    tokens = ["<s>", "<pad>", "</s>", "<unk>", *characters]
    tokenizer = Tokenizer(models.WordLevel({token: i for i, token in enumerate(tokens)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(pattern="", behavior="isolated")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<s>",
        pad_token="<pad>",
        eos_token="</s>",
        unk_token="<unk>",
        padding_side=side,
        model_max_length=126,
        model_input_names=["input_ids", "attention_mask"],
    ).save_pretrained(parts)
    torch.manual_seed(5)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    config = XLMRobertaConfig(
        vocab_size=len(tokens),
        hidden_size=WIDTH,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=128,
    )
    XLMRobertaModel(config).save_pretrained(parts)
    modules = [Transformer(str(parts)), Pooling(WIDTH, pooling_mode=pooling)]
    prompts = {"query": "问：", "document": ""}
    model = SentenceTransformer(modules=modules, prompts=prompts, device="cpu")
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    asked = model.preprocess([f"问：{question}" for question in QUESTIONS])
    found = model.preprocess([text for text in PASSAGES if len(text) < 100])
    for _ in range(steps):
        vectors = [
            torch.nn.functional.normalize(model(dict(one))["sentence_embedding"]) for one in (asked, found)
        ]
        right = torch.tensor(ANSWERS)
        loss = torch.nn.functional.cross_entropy(20 * vectors[0] @ vectors[1].T, right)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    torch.set_num_threads(threads)
    model.eval().save_pretrained(str(directory))
    return directory


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("onnx") / "tiny", {"query": "问：", "document": "段："})


@pytest.fixture(scope="module")
def exported(source: Path) -> Path:
    """The tiny BERT, float32; read only."""
    folder = source.with_name("graphs")
    folder.mkdir()
    return write_graphs(TransformerEncoder.open(str(source)), source, folder)["float32"]


@pytest.fixture
def copy(exported: Path, tmp_path: Path) -> Path:
    """A copy to damage."""
    return Path(shutil.copytree(exported, tmp_path / "copy"))


def refusal(directory: Path) -> str:
    with pytest.raises(ModelError) as caught:
        load(str(directory))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def described(directory: Path, **changed: Any) -> None:
    path = directory / "encoder.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | changed), encoding="utf-8")


def with_weights_at(directory: Path, location: str) -> None:
    """Let the graph read its largest weights from another file."""
    model = onnx.load(directory / "model.onnx")
    largest = max(model.graph.initializer, key=lambda weights: len(weights.raw_data))
    raw = largest.raw_data
    set_external_data(largest, location=location, offset=0, length=len(raw))
    largest.ClearField("raw_data")
    (directory / "model.onnx").write_bytes(model.SerializeToString())
    (directory.parent / "outside.bin").write_bytes(raw)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_missing_file_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()
    assert name in refusal(copy)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "encoder.json"])
@pytest.mark.parametrize("share", [0, 0.5, 0.99])
def test_a_truncated_file_is_named(copy: Path, name: str, share: float) -> None:
    data = (copy / name).read_bytes()
    (copy / name).write_bytes(data[: int(len(data) * share)])
    assert name in refusal(copy)


def test_dimensions_that_are_not_the_graphs_are_refused(copy: Path) -> None:
    described(copy, dims=DIMS + 1)
    said = refusal(copy)
    assert str(DIMS) in said
    assert str(DIMS + 1) in said


@pytest.mark.parametrize(
    ("field", "value"),
    [("model", "../model.onnx"), ("model", "/etc/passwd"), ("format", 2), ("dims", 0), ("code", "x.py")],
)
def test_a_description_that_makes_no_sense_is_refused_by_its_field(
    copy: Path, field: str, value: object
) -> None:
    described(copy, **{field: value})
    assert field in refusal(copy)


@pytest.mark.parametrize("location", ["../outside.bin", "{}/outside.bin", "link.bin"])
def test_weights_outside_the_directory_are_refused(copy: Path, location: str) -> None:
    with_weights_at(copy, location.format(copy.parent))
    (copy / "link.bin").symlink_to(copy.parent / "outside.bin")
    assert "model.onnx" in refusal(copy)


def test_weights_in_a_file_beside_the_graph_are_read_and_count_for_the_fingerprint(
    copy: Path, exported: Path
) -> None:
    with_weights_at(copy, "model.onnx.data")
    weights = bytearray((copy.parent / "outside.bin").read_bytes())
    (copy / "model.onnx.data").write_bytes(weights)
    found = load(str(copy))
    np.testing.assert_allclose(
        found.encode_passages(PASSAGES), load(str(exported)).encode_passages(PASSAGES), atol=1e-5
    )
    weights[-1] ^= 1
    (copy / "model.onnx.data").write_bytes(weights)
    assert load(str(copy)).fingerprint != found.fingerprint


def test_a_graph_that_is_a_link_out_of_the_directory_is_refused(copy: Path) -> None:
    (copy / "model.onnx").rename(copy.parent / "elsewhere.onnx")
    (copy / "model.onnx").symlink_to(copy.parent / "elsewhere.onnx")
    assert "model.onnx" in refusal(copy)


def test_a_graph_that_is_no_encoder_is_refused(copy: Path) -> None:
    number = onnx.TensorProto.FLOAT
    node = onnx.helper.make_node("Relu", ["x"], ["y"])
    ends = [onnx.helper.make_tensor_value_info(name, number, [1, DIMS]) for name in "xy"]
    graph = onnx.helper.make_graph([node], "other", ends[:1], ends[1:])
    onnx.save(onnx.helper.make_model(graph, ir_version=10), copy / "model.onnx")
    assert "x" in refusal(copy)


def test_a_tokenizer_of_another_model_is_refused_by_the_check(copy: Path) -> None:
    tokenizer = json.loads((copy / "tokenizer.json").read_text(encoding="utf-8"))
    tokenizer["model"]["vocab"] = {token: i + 5000 for token, i in tokenizer["model"]["vocab"].items()}
    (copy / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
    with pytest.raises(ModelError, match="copy"):
        check(copy)


def test_a_format_that_can_run_code_is_refused_beside_the_graph(copy: Path) -> None:
    (copy / "pytorch_model.bin").write_bytes(b"x")
    with pytest.raises(ModelError, match=r"pytorch_model\.bin"):
        check(copy)


def test_without_the_extra_one_line_says_what_to_install(exported: Path) -> None:
    program = (
        "import sys; sys.modules['onnxruntime'] = None\n"
        "from models import ModelError, load\n"
        "try: load(sys.argv[1])\n"
        "except ModelError as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(exported)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "pip install 'fawen[onnx]'" in done.stdout


def test_a_model_without_a_transformer_has_nothing_to_export(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(ROOT / "models" / "builtin" / "tokenizer.json"))
    static = StaticEmbedding(tokenizer, embedding_dim=4)
    SentenceTransformer(modules=[static], device="cpu").save_pretrained(str(tmp_path / "static"))
    with pytest.raises(ModelError, match="StaticEmbedding"):
        export(tmp_path / "static", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_what_is_no_model_or_no_empty_place_is_refused(source: Path, exported: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nowhere"):
        export(tmp_path / "nowhere", tmp_path / "out")
    with pytest.raises(ModelError, match=r"modules\.json"):
        export(tmp_path, tmp_path / "out")
    with pytest.raises(ModelError, match="exported already"):
        export(exported, tmp_path / "out")
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ModelError, match="not an empty directory"):
        export(source, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("pooling", "side"), [("mean", "right"), ("cls", "right"), ("lasttoken", "right"), ("lasttoken", "left")]
)
def test_torch_and_onnx_agree_in_float_and_rank_alike_in_int8(
    tmp_path: Path, pooling: str, side: str
) -> None:
    directory = make_xlm_roberta(tmp_path / "xlm-r", pooling, side)
    torch = load(str(directory))
    assert isinstance(torch, TransformerEncoder)
    before = torch.encode_queries(QUESTIONS), torch.encode_passages(PASSAGES)
    assert (before[0] @ before[1].T).argmax(axis=1).tolist() == ANSWERS.tolist()
    ways = write_graphs(torch, directory, tmp_path)
    single, small = load(str(ways["float32"])), load(str(ways["int8"]))
    assert isinstance(single, OnnxEncoder)
    np.testing.assert_allclose(single.encode_queries(QUESTIONS), before[0], atol=2e-5)
    np.testing.assert_allclose(single.encode_passages(PASSAGES), before[1], atol=2e-5)
    assert agreement(torch, single).equal_ranking
    close = agreement(torch, small)
    assert close.same_first == 1
    assert close.equal_ranking
    assert 0.95 < close.cosine < 0.99999
    assert (ways["int8"] / "model.onnx").stat().st_size < (ways["float32"] / "model.onnx").stat().st_size
    assert single.fingerprint != small.fingerprint
    assert (single.about.pooling, single.about.query_prompt, single.about.max_tokens) == (
        pooling,
        "问：",
        126,
    )


def test_large_weights_go_into_a_file_of_their_own(
    source: Path, exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.onnx_export.ONE_FILE", 0)
    ways = write_graphs(TransformerEncoder.open(str(source)), source, tmp_path)
    for folder in ways.values():
        weights, graph = (folder / "model.onnx.data").stat(), (folder / "model.onnx").stat()
        assert weights.st_size > 0
        assert weights.st_mode == graph.st_mode
        assert agreement(load(str(exported)), load(str(folder))).cosine > 0.99
    (ways["float32"] / "model.onnx.data").unlink()
    assert "model.onnx" in refusal(ways["float32"])


def test_a_model_of_another_ranking_is_not_called_equal(tmp_path: Path) -> None:
    one = make_xlm_roberta(tmp_path / "one", "mean", steps=0)
    other = make_xlm_roberta(tmp_path / "other", "cls", steps=0)
    found = agreement(load(str(one)), load(str(other)))
    assert not found.equal_ranking
    assert found.cosine < 0.9


def test_encoders_of_other_widths_cannot_be_compared(source: Path, builtin_encoder: Any) -> None:
    with pytest.raises(ModelError, match=str(DIMS)):
        agreement(builtin_encoder, load(str(source)))


def test_prompts_tokens_and_batches_are_those_of_the_original(source: Path, exported: Path) -> None:
    original, found = load(str(source)), load(str(exported))
    assert isinstance(found, OnnxEncoder)
    assert found.prompts == ("问：", "段：")
    assert (found.dims, found.window_chars, found.blocking) == (DIMS, original.window_chars, True)
    texts = ["", "法", "很长的文字" * 200, *(f"执行{i}" * i for i in range(70))]
    np.testing.assert_allclose(found.encode_passages(texts), original.encode_passages(texts), atol=1e-5)
    np.testing.assert_allclose(found.encode_queries(["执行"]), original.encode_queries(["执行"]), atol=1e-5)
    assert found.encode_passages([]).shape == (0, DIMS)
    assert found.encode_queries([]).shape == (0, DIMS)


def test_questions_of_several_threads_get_the_vectors_they_get_alone(exported: Path) -> None:
    together, alone = load(str(exported)), load(str(exported))
    found: dict[str, Any] = {}

    def ask(text: str) -> None:
        found[text] = together.encode_queries([text])[0]

    threads = [threading.Thread(target=ask, args=(text,)) for text in QUESTIONS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for text in QUESTIONS:
        np.testing.assert_allclose(found[text], alone.encode_queries([text])[0], atol=1e-5)


def test_the_fingerprint_follows_the_content_and_not_the_place(exported: Path, copy: Path) -> None:
    assert load(str(copy)).fingerprint == load(str(exported)).fingerprint
    described(copy, query_prompt="另：")
    assert load(str(copy)).fingerprint != load(str(exported)).fingerprint


def test_neither_torch_nor_sentence_transformers_is_loaded(exported: Path) -> None:
    program = (
        "import sys; from models import load\n"
        "load(sys.argv[1]).encode_queries(['执行'])\n"
        "print([name for name in ('torch', 'transformers', 'sentence_transformers') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(exported)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_an_index_is_made_and_served_with_it_by_the_setting_alone(exported: Path, tmp_path: Path) -> None:
    texts, index = write(tmp_path / "texts", 甲=REPORT, 乙=OTHER), tmp_path / "index"
    environment = {**os.environ, "FAWEN_MODEL": str(exported), "FAWEN_INDEX": str(index)}
    for command in (["index", str(texts)], ["search", "渔港巡回审判点", "--mode", "dense", "--json"]):
        done = subprocess.run(
            [str(Path(sys.executable).with_name("fawen")), *command],
            env=environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["hits"][0]["citation"]["quote"]
    engine = Engine(index)
    assert engine.encoder.fingerprint == load(str(exported)).fingerprint
    assert build([texts], index, load(str(exported)), max_bytes=MAX_BYTES).vectors_encoded == 0


def test_an_export_measures_checks_and_keeps_one_graph(source: Path, tmp_path: Path) -> None:
    said: list[str] = []
    done = export(source, tmp_path / "new" / "out", said=said.append)
    assert [one.name for one in done.measured] == ["torch", "float32", "int8"]
    assert all(one.megabytes > 0 and one.cost.query_ms > 0 and one.start_seconds > 0 for one in done.measured)
    small, single = done.measured[2], done.measured[1]
    assert (done.kept == "int8") == (small.agreement.equal_ranking and small.cost.below(single.cost))
    assert done.advised in ("torch", done.kept)
    assert said
    names = {path.name for path in done.directory.iterdir()}
    assert names == {"encoder.json", "tokenizer.json", "model.onnx"}
    assert [path.name for path in done.directory.parent.iterdir()] == ["out"]
    found = check(done.directory)
    assert (found.dims, found.query_prompt, found.passage_prompt) == (DIMS, "问：", "段：")


def test_a_precision_that_is_asked_for_is_kept_also_in_a_folder_that_is_there(
    source: Path, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    done = export(source, tmp_path / "out", "int8")
    assert done.kept == "int8"
    assert json.loads((tmp_path / "out" / "encoder.json").read_text(encoding="utf-8"))["precision"] == "int8"
    assert check(tmp_path / "out").dims == DIMS
