"""Cross-encoders: refusals, and scores of a tiny one trained to look for one character."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models import ModelError, load
from models.fetch import CheckedReranker, check, fetch
from models.known import known_reranker
from models.reranker import MOST_TOKENS, Reranker, is_reranker
from tests.models.test_transformer import make
from tests.samples import OTHER, REPORT

SOUGHT = "渔"
"""The tiny model's scores are high for texts that hold this character, whatever is asked."""


def make_reranker(directory: Path, outputs: int = 1, steps: int = 200) -> Path:
    """Write a tiny BERT of one output, trained on random strings with and without the sought character."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    directory.mkdir(parents=True)
    characters = sorted({char for char in (REPORT + OTHER).lower() if not char.isspace()})
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *characters]
    (directory / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    tokenizer = BertTokenizer(vocab=str(directory / "vocab.txt"), model_max_length=1024)
    tokenizer.save_pretrained(directory)
    torch.manual_seed(3)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=1024,
        num_labels=outputs,
        hidden_dropout_prob=0,
        attention_probs_dropout_prob=0,
    )
    model = BertForSequenceClassification(config).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    generator = np.random.default_rng(3)
    others = [char for char in characters if char != SOUGHT]
    for _ in range(steps):
        texts = ["".join(generator.choice(others, generator.integers(4, 160))) for _ in range(16)]
        for i in range(0, len(texts), 2):
            at = int(generator.integers(0, len(texts[i])))
            texts[i] = texts[i][:at] + SOUGHT + texts[i][at:]
        right = torch.tensor([float(SOUGHT in text) for text in texts])
        encoded = tokenizer(["执行工作"] * 16, texts, padding=True, return_tensors="pt")
        loss = torch.nn.functional.binary_cross_entropy_with_logits(model(**encoded).logits[:, 0], right)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    torch.set_num_threads(threads)
    model.eval().save_pretrained(directory)
    return directory


@pytest.fixture(scope="session")
def tiny_reranker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_reranker(tmp_path_factory.mktemp("rerankers") / "tiny")


@pytest.fixture
def copy(tiny_reranker: Path, tmp_path: Path) -> Path:
    """A copy to damage."""
    return Path(shutil.copytree(tiny_reranker, tmp_path / "copy"))


def refusal(directory: Path) -> str:
    with pytest.raises(ModelError) as caught:
        Reranker.open(directory)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def configured(directory: Path, **changed: Any) -> None:
    path = directory / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | changed), encoding="utf-8")


def test_a_directory_that_is_not_there_says_how_to_get_one(tmp_path: Path) -> None:
    said = refusal(tmp_path / "nowhere")
    assert "nowhere" in said
    assert "bge-reranker-v2-m3" in said


def test_a_name_is_never_looked_up_on_a_hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert "BAAI/bge-reranker-v2-m3" in refusal(Path("BAAI/bge-reranker-v2-m3"))


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"architectures": ["BertModel"]}', '{"architectures": 3}']
)
def test_a_directory_that_is_no_cross_encoder_is_refused(copy: Path, content: str) -> None:
    (copy / "config.json").write_text(content, encoding="utf-8")
    assert not is_reranker(copy)
    assert "ForSequenceClassification" in refusal(copy)


def test_an_encoder_is_no_reranker_and_a_reranker_no_encoder(tmp_path: Path, tiny_reranker: Path) -> None:
    assert "--model" in refusal(make(tmp_path / "encoder", {}))
    (tmp_path / "copy").mkdir()
    other = Path(shutil.copytree(tiny_reranker, tmp_path / "copy" / "tiny"))
    (other / "modules.json").write_text("[]", encoding="utf-8")
    with pytest.raises(ModelError, match="--reranker"):
        load(str(other))


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_a_damaged_file_is_refused(copy: Path, name: str) -> None:
    (copy / name).write_bytes((copy / name).read_bytes()[:100])
    assert str(copy) in refusal(copy)


def test_weights_that_are_not_safetensors_are_refused(copy: Path) -> None:
    import torch
    from safetensors.torch import load_file

    torch.save(load_file(copy / "model.safetensors"), copy / "pytorch_model.bin")
    (copy / "model.safetensors").unlink()
    refusal(copy)
    with pytest.raises(ModelError, match=r"pytorch_model\.bin"):
        check(copy)


def test_code_that_a_model_brings_along_is_never_run(copy: Path) -> None:
    marker = copy / "was-run"
    (copy / "brought.py").write_text(
        f"open({str(marker)!r}, 'w').close()\nclass Config: pass\nclass Model: pass\n", encoding="utf-8"
    )
    configured(
        copy,
        model_type="brought",
        auto_map={
            "AutoConfig": "brought.Config",
            "AutoModelForSequenceClassification": "brought.Model",
        },
    )
    refusal(copy)
    assert not marker.exists()


def test_a_classifier_of_several_classes_is_refused(tmp_path: Path) -> None:
    assert "3" in refusal(make_reranker(tmp_path / "three", outputs=3, steps=0))


def test_weights_that_give_no_numbers_are_refused_by_the_check(copy: Path) -> None:
    import torch
    from safetensors.torch import load_file, save_file

    path = copy / "model.safetensors"
    weights = {name: torch.full_like(one, float("nan")) for name, one in load_file(path).items()}
    save_file(weights, path, metadata={"format": "pt"})
    with pytest.raises(ModelError, match="finite"):
        check(copy)


def test_what_holds_the_sought_stands_above_what_does_not(tiny_reranker: Path) -> None:
    texts = ["巡回审判点审理案件", "渔港巡回审判点", "审结商事纠纷五千二百件", "会同渔政部门开展联合巡查"]
    scores = Reranker.open(tiny_reranker).scores("执行工作", texts)
    assert all(0 <= score <= 1 for score in scores)
    assert min(scores[1], scores[3]) > 0.5 > max(scores[0], scores[2])


def test_a_score_is_the_logistic_of_the_models_output(tiny_reranker: Path) -> None:
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(tiny_reranker)
    model = AutoModelForSequenceClassification.from_pretrained(tiny_reranker)
    with torch.no_grad():
        output = model(**tokenizer("执行工作", "渔港巡回", return_tensors="pt")).logits[0, 0]
    (score,) = Reranker.open(tiny_reranker).scores("执行工作", ["渔港巡回"])
    assert score == pytest.approx(float(torch.sigmoid(output)), abs=1e-5)


def test_scores_do_not_depend_on_company_and_come_out_the_same_again(tiny_reranker: Path) -> None:
    reranker = Reranker.open(tiny_reranker)
    texts = [f"第{i}件{'渔港' * (i % 3)}审判" * (i % 7 + 1) for i in range(150)]
    together = reranker.scores("执行", texts)
    assert reranker.scores("执行", texts) == together
    alone = [reranker.scores("执行", [text])[0] for text in texts[:20]]
    assert alone == pytest.approx(together[:20], abs=1e-5)
    assert reranker.scores("执行", []) == []


def test_no_more_tokens_are_read_than_the_limit(tiny_reranker: Path) -> None:
    reranker = Reranker.open(tiny_reranker)
    long = "审判" * MOST_TOKENS
    assert reranker.scores("执行", [long + SOUGHT]) == reranker.scores("执行", [long])


def test_each_run_is_timed(tiny_reranker: Path) -> None:
    reranker, seen = Reranker.open(tiny_reranker), list[float]()
    reranker.observe = seen.append
    reranker.scores("执行", ["渔港", "法院"])
    assert len(seen) == 1
    assert seen[0] > 0


def test_a_sound_directory_is_recognised(tiny_reranker: Path) -> None:
    found = check(tiny_reranker)
    assert isinstance(found, CheckedReranker)
    assert found.megabytes > 0


def test_known_cross_encoders_are_found_by_the_last_part_of_their_name(tmp_path: Path) -> None:
    found = known_reranker("/data/BGE-reranker-v2-m3")
    assert found is not None
    assert (found.name, found.licence) == ("BAAI/bge-reranker-v2-m3", "Apache-2.0")
    with pytest.raises(ModelError, match="gte-multilingual-reranker-base"):
        fetch("gte-multilingual-reranker-base", tmp_path / "new")
    with pytest.raises(ModelError, match="BAAI/bge-reranker-base"):
        fetch("no-such-reranker", tmp_path / "new")
