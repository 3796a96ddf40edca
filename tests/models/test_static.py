"""The built-in encoder: its vectors, and its refusals."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from models import Encoder, ModelError
from models.static import StaticEncoder, quantize

SENTENCES = [
    "渔港巡回审判点方便渔民就近打官司。",
    "全年审结环境资源案件132件，发出补种复绿令17份。",
    "为小微企业减免诉讼费210万元。",
    "家事调解室由心理咨询师轮流值班。",
    "夜间集中执行行动开展了九次。",
    "年轻法官办理疑难案件的经验还不够。",
    "诉讼服务热线接听电话3.2万次。",
    "组织干警学习民法典合同编司法解释。",
    "The maritime court heard disputes over fishing boats.",
    "How many cases about the environment were closed?",
    "立案登记制让当事人少跑腿。",
    "食堂新增了两个取餐窗口。",
]
QUESTIONS = [
    "在港口开庭的情况",
    "环境保护案件办了多少",
    "fees waived for small companies",
    "法官能力的不足",
    "打电话咨询",
]
ANSWERS = [0, 1, 2, 5, 6]
"""For each question, the sentence that answers it."""


@pytest.fixture
def words(tmp_path: Path) -> Path:
    """A directory of a static model of four words, whose vectors are known."""
    tokenizer = Tokenizer(WordLevel({"[UNK]": 0, "a": 1, "b": 2, "c": 3}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    table, scales = quantize(np.array([[0, 0], [3, 4], [-1, 0], [0, 2]], dtype=np.float32))
    np.save(tmp_path / "table.npy", table)
    np.save(tmp_path / "scales.npy", scales)
    return tmp_path


@pytest.mark.parametrize("name", ["tokenizer.json", "table.npy", "scales.npy"])
def test_a_directory_without_one_of_its_files_is_refused(words: Path, name: str) -> None:
    (words / name).unlink()
    with pytest.raises(ModelError, match=str(words)):
        StaticEncoder.open(words)


@pytest.mark.parametrize("name", ["table.npy", "scales.npy", "tokenizer.json"])
@pytest.mark.parametrize("content", [b"", b"\x93NUMPY", b"not a model", b"{}"])
def test_a_file_of_other_content_is_refused(words: Path, name: str, content: bytes) -> None:
    (words / name).write_bytes(content)
    with pytest.raises(ModelError):
        StaticEncoder.open(words)


def test_files_that_do_not_fit_together_are_refused_with_their_numbers(words: Path) -> None:
    np.save(words / "scales.npy", np.ones(7, dtype=np.float32))
    with pytest.raises(ModelError, match=r"4 tokens.*4 rows.*7 scales"):
        StaticEncoder.open(words)


def test_a_directory_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        StaticEncoder.open(tmp_path / "nowhere")


def test_a_vector_is_the_direction_of_the_sum_of_its_tokens(words: Path) -> None:
    encoder = StaticEncoder.open(words)
    expected = [[0.6, 0.8], [-1, 0], [2, 4] / np.sqrt(20), [0.6, 0.8], [0, 0], [0, 0]]
    found = encoder.encode_passages(["a", "b", "a b", "a a a", "zebra", ""])
    np.testing.assert_allclose(found, expected, atol=0.01)


def test_no_texts_give_no_vectors(builtin_encoder: Encoder) -> None:
    assert builtin_encoder.encode_passages([]).shape == (0, builtin_encoder.dims)
    assert builtin_encoder.encode_queries([]).shape == (0, builtin_encoder.dims)


def test_empty_and_unknown_texts_give_zeros_and_disturb_no_neighbour(builtin_encoder: Encoder) -> None:
    texts = ["", "  \n", "，。！", "\U0001f600", "审判工作"]
    found = builtin_encoder.encode_passages(texts)
    assert not found[:4].any()
    np.testing.assert_array_equal(found[4], builtin_encoder.encode_passages(["审判工作"])[0])


@given(st.lists(st.text(max_size=40), max_size=4))
def test_vectors_are_finite_and_of_unit_length_or_zero(builtin_encoder: Encoder, texts: list[str]) -> None:
    found = builtin_encoder.encode_queries(texts)
    assert found.shape == (len(texts), builtin_encoder.dims)
    assert found.dtype == np.float32
    lengths = np.linalg.norm(found, axis=1)
    assert (np.isclose(lengths, 1, atol=1e-5) | (lengths == 0)).all()


def test_a_texts_vector_does_not_depend_on_its_neighbours(builtin_encoder: Encoder) -> None:
    together = builtin_encoder.encode_passages(SENTENCES)
    alone = np.concatenate([builtin_encoder.encode_passages([text]) for text in SENTENCES])
    np.testing.assert_array_equal(together, alone)


def test_a_long_text_is_read_to_its_end(builtin_encoder: Encoder) -> None:
    body = "审判工作稳步推进。" * 2000
    first, second = builtin_encoder.encode_passages([body, body + "渔港台风救援" * 2000])
    assert first @ second < 0.95


def test_the_fingerprint_follows_the_weights_and_the_tokenizer(words: Path, tmp_path: Path) -> None:
    before = StaticEncoder.open(words).fingerprint
    assert StaticEncoder.open(Path(shutil.copytree(words, tmp_path / "copy"))).fingerprint == before
    np.save(words / "scales.npy", np.load(words / "scales.npy") * 2)
    assert StaticEncoder.open(words).fingerprint != before


def test_the_fingerprint_follows_the_table(words: Path) -> None:
    before = StaticEncoder.open(words).fingerprint
    table = np.load(words / "table.npy")
    np.save(words / "table.npy", table[::-1].copy())
    assert StaticEncoder.open(words).fingerprint != before


def test_eight_bits_lose_at_most_half_a_step_of_a_row() -> None:
    table = np.random.default_rng(3).normal(size=(50, 16)).astype(np.float32)
    table[7] = 0
    rows, scales = quantize(table)
    assert rows.dtype == np.int8
    assert (np.abs(rows * scales[:, None] - table) <= scales[:, None] / 2 + 1e-7).all()
    assert not rows[7].any()


@pytest.mark.parametrize("dims", [16, 64])
def test_four_bits_keep_a_rows_direction_and_read_back_as_they_were_written(words: Path, dims: int) -> None:
    table = np.random.default_rng(5).normal(size=(4, dims)).astype(np.float32)
    table[0] = 0
    rows, scales = quantize(table, bits=4)
    assert rows.dtype == np.uint8
    assert rows.nbytes == 4 * dims // 2
    np.save(words / "table.npy", rows)
    np.save(words / "scales.npy", scales)
    encoder = StaticEncoder.open(words)
    assert encoder.dims == dims
    for text, expected in [("a", table[1]), ("b", table[2]), ("a b c c", table[1] + table[2] + 2 * table[3])]:
        found = encoder.encode_passages([text])[0]
        assert found @ expected / np.linalg.norm(expected) > 0.97
        assert (found[np.abs(expected) > 1] * expected[np.abs(expected) > 1] > 0).all()
    assert not encoder.encode_passages(["zebra"]).any()


@pytest.mark.parametrize(("width", "bits"), [(15, 4), (16, 3), (16, 16)])
def test_a_width_or_bits_that_cannot_be_kept_are_refused(width: int, bits: int) -> None:
    with pytest.raises(ValueError, match=f"{width} wide"):
        quantize(np.ones((2, width), np.float32), bits)


def test_the_shipped_model_fits_in_thirty_megabytes() -> None:
    import models

    directory = Path(models.__file__).with_name("builtin")
    assert sum(path.stat().st_size for path in directory.iterdir()) <= 30 * 2**20


def test_it_agrees_with_sentence_transformers_reading_of_the_shipped_files(builtin_encoder: Encoder) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding

    import models

    directory = Path(models.__file__).with_name("builtin")
    packed, scales = np.load(directory / "table.npy"), np.load(directory / "scales.npy")
    values = np.concatenate([packed % 16, packed // 16], axis=1).astype(np.float32) - 8
    weights = values * scales[:, None]
    tokenizer = Tokenizer.from_file(str(directory / "tokenizer.json"))
    reference = SentenceTransformer(
        modules=[StaticEmbedding(tokenizer, embedding_weights=weights), Normalize()], device="cpu"
    )
    texts = [*SENTENCES, *QUESTIONS]
    theirs = reference.encode(texts, show_progress_bar=False)
    np.testing.assert_allclose(builtin_encoder.encode_passages(texts), theirs, atol=1e-5)


def test_it_finds_what_is_asked_in_other_words_and_in_english(builtin_encoder: Encoder) -> None:
    near = builtin_encoder.encode_queries(QUESTIONS) @ builtin_encoder.encode_passages(SENTENCES).T
    ranks = [int((row > row[place]).sum()) for row, place in zip(near, ANSWERS, strict=True)]
    assert max(ranks) <= 2
    assert ranks.count(0) >= 3
