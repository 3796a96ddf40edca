"""Evaluation of an encoder alone on public sets that training never saw: recall of passages and translations."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.encoder import Encoder
from models.training.text import fold

__all__ = ["TASKS", "evaluate"]

TASKS = ("cmrc", "xquad zh", "xquad en-zh", "tatoeba zh-en", "tatoeba en-zh")
_SENTENCE = re.compile(r"[^。！？；!?\n]*[。！？；!?\n]+[”’」』）)》]*|[^。！？；!?\n]+$")

Ranks = NDArray[np.int64]


def evaluate(encoder: Encoder, folder: Path) -> dict[str, Ranks]:
    """Return, task by task, the rank (0 is first) of each question's passage or sentence's translation.

    The folder holds cmrc2018_dev.json, xquad.zh.json, xquad.en.json and tatoeba.cmn-eng.{cmn,eng}. A passage is
    encoded whole and in windows, and scored by its nearest vector, as the index does.
    """
    cmrc = list(_cmrc(folder / "cmrc2018_dev.json"))
    chinese, english = list(_xquad(folder / "xquad.zh.json")), list(_xquad(folder / "xquad.en.json"))
    crossed = [(text, asked) for (text, _), (_, asked) in zip(chinese, english, strict=True)]
    sides = [
        encoder.encode_passages([fold(line) for line in path.read_text(encoding="utf-8").splitlines()])
        for path in (folder / "tatoeba.cmn-eng.cmn", folder / "tatoeba.cmn-eng.eng")
    ]
    near = sides[0] @ sides[1].T
    own = np.diagonal(near)
    return {
        "cmrc": _passages(encoder, cmrc),
        "xquad zh": _passages(encoder, chinese),
        "xquad en-zh": _passages(encoder, crossed),
        "tatoeba zh-en": (near > own[:, None]).sum(axis=1),
        "tatoeba en-zh": (near > own[None]).sum(axis=0),
    }


def _cmrc(path: Path) -> Iterator[tuple[str, list[str]]]:
    for paragraph in json.loads(path.read_text(encoding="utf-8")):
        yield paragraph["context_text"], [asked["query_text"] for asked in paragraph["qas"]]


def _xquad(path: Path) -> Iterator[tuple[str, list[str]]]:
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            yield paragraph["context"], [asked["question"] for asked in paragraph["qas"]]


def _windows(text: str, longest: int) -> list[str]:
    found = [""]
    for sentence in _SENTENCE.findall(text):
        if found[-1] and len(found[-1]) + len(sentence) > longest:
            found.append("")
        found[-1] += sentence
    return [text, *found] if len(found) > 1 else [text]


def _passages(encoder: Encoder, paragraphs: list[tuple[str, list[str]]]) -> Ranks:
    cut = [_windows(fold(text), encoder.window_chars) for text, _ in paragraphs]
    starts = np.cumsum([0, *map(len, cut)])[:-1]
    vectors = encoder.encode_passages([window for windows in cut for window in windows])
    asked = [(fold(question), i) for i, (_, questions) in enumerate(paragraphs) for question in questions]
    queries = encoder.encode_queries([question for question, _ in asked])
    near = np.maximum.reduceat(queries @ vectors.T, starts, axis=1)
    own = near[np.arange(len(asked)), [i for _, i in asked]]
    ranks: Ranks = (near > own[:, None]).sum(axis=1)
    return ranks
