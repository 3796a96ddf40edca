"""Preparation: licensed pairs folded, cleared of what evaluation holds, augmented, tokenized, stored as arrays."""

from __future__ import annotations

import json
import lzma
import random
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tqdm import tqdm

from models.training.augment import Dictionary, numerals
from models.training.sources import SOURCES, Pair, glossary, read_pairs
from models.training.text import HAN, fold, has_han, key
from models.training.vocabulary import Sizes, build, count

__all__ = ["Encoded", "Held", "held_out", "load_encoded", "prepare"]

RUN = 16
"""A passage that shares so many letters or Chinese characters in a row with an evaluation text is dropped."""
LATIN_RUN = 48
LONGEST = 96
"""Tokens kept of a text."""
SENTENCES = 8
"""Sentences of a passage that are turned into English."""

Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Held:
    """What evaluation holds: runs of its passages, and whole sentences and questions, as `text.key` gives them."""

    runs: frozenset[str]
    latin_runs: frozenset[str]
    whole: frozenset[str]

    def touches(self, pair: Pair) -> bool:
        """Tell whether a pair shares a run or a whole text with the evaluation sets."""
        for side in map(key, pair):
            if side in self.whole:
                return True
            runs, size = (self.runs, RUN) if re.search(f"[{HAN}]", side) else (self.latin_runs, LATIN_RUN)
            if any(side[i : i + size] in runs for i in range(len(side) - size + 1)):
                return True
        return False


def held_out(folder: Path) -> Held:
    """Read CMRC2018-dev, XQuAD (zh, en) and the Tatoeba test from a folder of their files."""
    passages: list[str] = []
    latin: list[str] = []
    whole: set[str] = set()
    for article in json.loads((folder / "cmrc2018_dev.json").read_text(encoding="utf-8")):
        passages.append(key(article["context_text"]))
        whole.update(key(asked["query_text"]) for asked in article["qas"])
    for name, target in (("xquad.zh.json", passages), ("xquad.en.json", latin)):
        for article in json.loads((folder / name).read_text(encoding="utf-8"))["data"]:
            for paragraph in article["paragraphs"]:
                target.append(key(paragraph["context"]))
                whole.update(key(asked["question"]) for asked in paragraph["qas"])
    for side in ("cmn", "eng"):
        lines = (folder / f"tatoeba.cmn-eng.{side}").read_text(encoding="utf-8").splitlines()
        whole.update(key(line) for line in lines)
    return Held(_runs(passages, RUN), _runs(latin, LATIN_RUN), frozenset(whole - {""}))


def _runs(texts: Iterable[str], size: int) -> frozenset[str]:
    return frozenset(text[i : i + size] for text in texts for i in range(len(text) - size + 1))


@dataclass(frozen=True, slots=True)
class Encoded:
    """Token ids of both sides of a source's pairs, flat, with the bounds of each text and a hash of its tokens."""

    name: str
    share: float
    ordered: bool
    ids: tuple[Ints, Ints]
    bounds: tuple[NDArray[np.int64], NDArray[np.int64]]
    hashes: tuple[NDArray[np.int64], NDArray[np.int64]]

    def __len__(self) -> int:
        return len(self.hashes[0])


def prepare(folders: list[Path], mono: Path, evaluation: Path, work: Path, sizes: Sizes) -> None:
    """Write work/tokenizer.json and one work/encoded/NAME.npz for each source found in the folders.

    Raises FileNotFoundError where no folder has a listed source.
    """
    held = held_out(evaluation)
    pairs: dict[str, list[Pair]] = {}
    for source in SOURCES:
        if source.name == "glossary":
            pairs[source.name] = [(fold(left), fold(right)) for left, right in glossary()]
            continue
        for folder in folders:
            path = folder / f"{source.name}.tsv.xz"
            path = path if path.is_file() else folder / f"{source.name}.tsv"
            if path.is_file():
                found = [(fold(left), fold(right)) for left, right in read_pairs(path)]
                pairs[source.name] = [pair for pair in dict.fromkeys(found) if not held.touches(pair)]
                print(f"{source.name:12} {len(found):8} pairs, {len(pairs[source.name]):8} kept", flush=True)
                break
        else:
            raise FileNotFoundError(f"no {source.name}.tsv or .tsv.xz in {', '.join(map(str, folders))}")
    with lzma.open(mono, "rt", encoding="utf-8") as file:
        lines = [fold(line.strip()) for line in file]
    counts = {name: count(side for pair in found for side in pair) for name, found in pairs.items()}
    counts["mono"] = count(lines)
    shares = {source.name: source.share for source in SOURCES} | {"mono": 15.0}
    work.mkdir(parents=True, exist_ok=True)
    tokenizer = build(shares, counts, sizes)
    tokenizer.save(str(work / "tokenizer.json"))
    dictionary = Dictionary(pairs["cedict"] + pairs["wordnet"] + pairs["glossary"], pairs["zh_syn"], counts)
    (work / "encoded").mkdir(exist_ok=True)
    for source in SOURCES:
        draw = random.Random(zlib.crc32(source.name.encode()))
        plain = [(_varied(left, draw), right) for left, right in pairs[source.name]]
        _store(work, tokenizer, source.name, source.share, source.ordered, plain)
        if source.switched:
            switched = list(_switched(pairs[source.name], dictionary, draw))
            _store(work, tokenizer, f"{source.name}_en", source.switched, source.ordered, switched)
            sentences = list(_sentences(pairs[source.name], dictionary, draw))
            _store(work, tokenizer, f"{source.name}_ict_en", source.switched / 2, source.ordered, sentences)
            reworded = [(dictionary.reword(left, draw), right) for left, right in pairs[source.name]]
            _store(work, tokenizer, f"{source.name}_syn", source.share / 4, source.ordered, reworded)


def _varied(text: str, draw: random.Random) -> str:
    return numerals(text) if draw.random() < 0.15 else text


def _switched(pairs: list[Pair], dictionary: Dictionary, draw: random.Random) -> Iterator[Pair]:
    for left, right in tqdm(pairs, desc="switched", disable=None):
        if has_han(left):
            english = dictionary.switch(left, draw)
            if len(english.split()) >= 3:
                yield english, right


def _sentences(pairs: list[Pair], dictionary: Dictionary, draw: random.Random) -> Iterator[Pair]:
    """Yield sentences of the passages in English, word by word, each with the passage that it is from."""
    passages = [passage for passage in dict.fromkeys(right for _, right in pairs) if len(passage) > 60]
    for passage in passages:
        found = [one for one in re.split("[。！？；]", passage) if len(one) >= 10]
        for sentence in draw.sample(found, min(SENTENCES, len(found))):
            yield dictionary.switch(sentence, draw), passage


def _store(
    work: Path, tokenizer: Tokenizer, name: str, share: float, ordered: bool, pairs: list[Pair]
) -> None:
    if not pairs:
        return
    arrays: dict[str, NDArray[np.generic]] = {}
    for side in (0, 1):
        texts = [pair[side] for pair in pairs]
        ids = [
            found.ids[:LONGEST]
            for start in range(0, len(texts), 20_000)
            for found in tokenizer.encode_batch_fast(texts[start : start + 20_000], add_special_tokens=False)
        ]
        arrays[f"ids{side}"] = np.array([one for some in ids for one in some], dtype=np.int32)
        arrays[f"bounds{side}"] = np.cumsum([0, *map(len, ids)], dtype=np.int64)
        arrays[f"hashes{side}"] = np.array(
            [zlib.crc32(np.array(some, np.int32).tobytes()) for some in ids], np.int64
        )
    np.savez(work / "encoded" / f"{name}.npz", meta=np.array([share, ordered]), **arrays)  # type: ignore[arg-type]


def load_encoded(work: Path) -> list[Encoded]:
    """Read what `prepare` wrote, in order of name."""
    found: list[Encoded] = []
    for path in sorted((work / "encoded").glob("*.npz")):
        with np.load(path) as file:
            found.append(
                Encoded(
                    path.stem,
                    float(file["meta"][0]),
                    bool(file["meta"][1]),
                    (file["ids0"], file["ids1"]),
                    (file["bounds0"], file["bounds1"]),
                    (file["hashes0"], file["hashes1"]),
                )
            )
    return found
