"""Word translations: what is read, found and learnt."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import ModelError
from models.training.translation import learn, write
from models.translation import Translations, builtin_translations

WORDS = st.dictionaries(
    st.text(st.characters(min_codepoint=97, max_codepoint=122), min_size=1, max_size=6),
    st.lists(
        st.tuples(st.text("法院整改问题", min_size=2, max_size=4), st.integers(1, 1000)),
        min_size=1,
        max_size=3,
    ),
)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"none\.tsv"):
        Translations.open(tmp_path / "none.tsv")


@pytest.mark.parametrize("lines", [b"", b"\n", b"\xff\xfe", b"court"])
def test_a_file_without_words_translates_nothing(lines: bytes) -> None:
    assert Translations(lines).of("courts") == ()


@given(WORDS, st.text(max_size=6))
def test_every_word_of_a_file_is_found_and_no_other(
    words: dict[str, list[tuple[str, int]]], other: str
) -> None:
    lines = ["\t".join([word, *(f"{m} {n}" for m, n in words[word])]) for word in sorted(words)]
    table = Translations(("\n".join(lines) + "\n").encode())
    for word, found in words.items():
        assert table.of(word) == tuple((meaning, n / 1000) for meaning, n in found)
    if not any(other.startswith(word[:1]) for word in words):
        assert table.of(other) == ()


def test_a_word_without_translations_has_those_of_its_stem() -> None:
    table = Translations("court\t法院 700\nstudy\t学习 600\nwithdraw\t撤回 500\n".encode())
    assert table.of("courts") == (("法院", 0.7),)
    assert table.of("studies") == (("学习", 0.6),)
    assert table.of("withdrawing") == (("撤回", 0.5),)
    assert table.of("s") == table.of("ing") == ()


def test_what_ships_is_sorted_and_knows_common_words_and_those_of_the_genre() -> None:
    path = Path(__file__).parents[2] / "models/builtin/translations.tsv"
    words = [line.split(b"\t")[0] for line in path.read_bytes().splitlines()]
    assert words == sorted(set(words))
    table = builtin_translations()
    for word, meaning in (
        ("court", "法院"),
        ("rectification", "整改"),
        ("bridges", "桥"),
        ("teacher", "教师"),
    ):
        assert any(meaning in found for found, _ in table.of(word)), word
    for word in words[:: len(words) // 500]:
        chances = [chance for _, chance in table.of(word.decode())]
        assert chances == sorted(chances, reverse=True)
        assert 0 < sum(chances) <= 1.01


def test_words_that_always_come_together_are_learnt_as_translations(tmp_path: Path) -> None:
    pairs = [
        (f"{act} the {thing}".split(), [doing, subject])
        for act, doing in (("repair", "修理"), ("buy", "购买"), ("sell", "出售"))
        for thing, subject in (("bridge", "桥梁"), ("house", "房屋"), ("ship", "船舶"))
    ] * 3
    table = learn(pairs)
    assert table["bridge"][0][0] == "桥梁"
    assert table["sell"][0][0] == "出售"
    assert "" not in table
    write(tmp_path / "out.tsv", table)
    assert Translations.open(tmp_path / "out.tsv").of("ship")[0][0] == "船舶"


def test_meanings_of_one_character_are_left_out() -> None:
    assert learn([(["car"], ["车"])] * 3) == {}
