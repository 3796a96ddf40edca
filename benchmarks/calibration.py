"""How well the relevance that Dify is given holds: fitted again on our gold, and observed by band.

python -m benchmarks.calibration
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.build import build
from indexer.text import squeeze
from models import load
from service.calibration import relevance
from service.engine import Engine
from service.evaluate import read_gold

ROOT = Path(__file__).resolve().parents[1]
CORPORA = (
    (ROOT / "reports", ROOT / "tests/gold/samples.jsonl"),
    (ROOT / "tests/gold/four-courts.txt", ROOT / "tests/gold/questions.jsonl"),
)
OFF_TOPIC = """今天天气怎么样 红烧肉怎么做 请推荐一部科幻电影 如何重装电脑操作系统 世界杯冠军是谁 附近有什么好吃的
孩子发烧怎么办 股票什么时候涨 去省城的高铁几点发车 量子纠缠是什么 狗能吃巧克力吗 昨晚的足球比分 怎么养兰花 房贷利率是多少
新能源汽车续航多少公里 李白写过哪些诗 洗衣机漏水怎么修 怎么给植物浇水 手机屏幕碎了去哪修 面包发酵要多久""".split()
Floats = NDArray[np.float64]


def observed() -> tuple[Floats, Floats]:
    """Return the scores of the ten best passages of every question, and whether each holds a gold passage."""
    scores: list[float] = []
    holds: list[bool] = []
    for corpus, gold in CORPORA:
        with tempfile.TemporaryDirectory() as folder:
            build([corpus], Path(folder), load(), max_bytes=10**7)
            engine = Engine(Path(folder))
            asked = [(q.query, q.passages) for q in read_gold(gold) if q.passages]
            for query, passages in asked + [(query, ()) for query in OFF_TOPIC]:
                wanted = [squeeze(passage) for passage in passages]
                for hit in engine.search(query, top_k=10).hits:
                    scores.append(hit.score)
                    holds.append(any(passage in squeeze(hit.citation.quote) for passage in wanted))
    return np.array(scores), np.array(holds, dtype=np.float64)


def fitted(scores: Floats, holds: Floats) -> Floats:
    """Return slope and offset of the logistic regression, by Newton's method."""
    features = np.column_stack([scores, np.ones_like(scores)])
    weights = np.array([10.0, -3.0])
    for _ in range(50):
        likely = 1 / (1 + np.exp(-features @ weights))
        curvature = (features * (likely * (1 - likely))[:, None]).T @ features
        weights = weights + np.linalg.solve(curvature, features.T @ (holds - likely))
    return weights


def main() -> None:
    """Print the fit, the share observed in each band, and what each threshold keeps."""
    scores, holds = observed()
    slope, offset = fitted(scores, holds)
    print(
        f"{len(scores)} passages, {int(holds.sum())} hold what was asked; fit: slope {slope:.1f}, offset {offset:.1f}"
    )
    likely = np.array([relevance(score) for score in scores])
    print("relevance   passages   observed")
    for low in np.arange(0, 1, 0.2):
        band = (likely >= low) & (likely < low + 0.2)
        print(f"{low:.1f}–{low + 0.2:.1f}     {band.sum():8}   {holds[band].mean():8.2f}")
    print("threshold   kept of those that hold it   share of the kept")
    for threshold in (0.1, 0.2, 0.3, 0.5):
        kept = likely >= threshold
        print(f"{threshold:9.1f}   {holds[kept].sum() / holds.sum():26.2f}   {holds[kept].mean():17.2f}")


if __name__ == "__main__":
    main()
