"""What a cosine means: an encoder's similarities put on one scale by the corpus that is indexed.

Some encoders give unrelated texts a cosine near 0, others near 0.8; some part near from far by a third of the
scale, others by a tenth. So two averages are taken over the corpus: of passages and questions of everyday life that
no report answers, the floor, and of passages and their own opening sentences, the ceiling. In between, a similarity
runs straight from 0 to where the built-in encoder has sentences of their own passage.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.text import fold, sentences
from models import Encoder

__all__ = ["Calibration", "fit"]

OWN = 0.55
"""Similarity of a passage and its own sentence; what the built-in encoder's cosines average over several corpora."""
MOST_PASSAGES = 200
SHORTEST, LONGEST = 12, 60
"""Characters of an opening sentence that can stand for a question."""
UNRELATED = (
    "怎样煮出好吃的米饭",
    "周末去哪里爬山",
    "这部电影好看吗",
    "猫为什么怕黄瓜",
    "手机没有信号怎么办",
    "西红柿炒鸡蛋先放什么",
    "冬天穿什么衣服暖和",
    "太阳系有几颗行星",
    "怎么学会游泳",
    "吉他和弦怎么按",
    "明天会下雨吗",
    "跑步膝盖疼是什么原因",
    "哪种咖啡豆更香",
    "怎样拍好夜景照片",
    "恐龙是怎么灭绝的",
    "婴儿几个月长牙",
    "How do I bake sourdough bread?",
    "best hiking boots for winter",
    "Why is the sky blue?",
    "who won the football match last night",
)

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Calibration:
    """The average cosines of an encoder on a corpus, for what is unrelated and for what belongs together."""

    floor: float
    ceiling: float

    def similarity(self, cosines: Floats) -> Floats:
        """Return cosines as similarities in 0-1, 0 at the floor and 0.55 at the ceiling."""
        scaled = (cosines - np.float32(self.floor)) * np.float32(OWN / (self.ceiling - self.floor))
        found: Floats = np.clip(scaled, 0, 1).astype(np.float32, copy=False)
        return found


def fit(encoder: Encoder, texts: Sequence[str], vectors: Floats) -> Calibration:
    """Fit on passages and their vectors, shape (passages, dims); a step through them where there are many.

    Where no passage opens with a sentence much shorter than itself, or the two averages are too close to tell
    apart, the ceiling is put where the built-in encoder has it above such a floor.
    """
    picked = range(0, len(texts), max(1, -(-len(texts) // MOST_PASSAGES)))
    far = encoder.encode_queries([fold(question) for question in UNRELATED])
    floor = float((far @ vectors[list(picked)].T).mean())
    own = [(opening, row) for row in picked if (opening := _opening(texts[row]))]
    ceiling = floor
    if own:
        near = encoder.encode_queries([fold(opening) for opening, _ in own])
        ceiling = float((near * vectors[[row for _, row in own]]).sum(axis=1).mean())
    if ceiling - floor < 0.02:
        ceiling = floor + max(OWN * (1 - floor), 0.02)
    return Calibration(round(floor, 4), round(ceiling, 4))


def _opening(text: str) -> str:
    """Return the first sentence of a text that is short beside the whole, "" where none of the first three is."""
    for start, end in sentences(text)[:3]:
        if SHORTEST <= end - start <= LONGEST and 2.5 * (end - start) <= len(text):
            return text[start:end]
    return ""
