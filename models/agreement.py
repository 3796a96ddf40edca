"""How well one encoder stands for another: the same vectors, the same ranking, and what each costs on this machine."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.encoder import Encoder, Vectors
from models.errors import ModelError

__all__ = ["PASSAGES", "QUESTIONS", "Agreement", "Cost", "agreement", "costs", "start_up"]

_ASKED = (
    ("怎样帮小企业省钱", "help for small businesses", "为小微企业减免、缓交诉讼费，降低维权成本。"),
    (
        "欠钱不还怎么治",
        "people who refuse to pay debts",
        "开展集中执行行动，将失信被执行人纳入名单，限制高消费。",
    ),
    ("老人打官司方便吗", "services for the elderly", "为老年人、残疾人提供上门立案和绿色窗口服务。"),
    ("法官收礼管不管", "integrity of judges", "逐级签订廉政责任书，查处违反中央八项规定精神的问题。"),
    ("孩子的案子怎么办", "juvenile cases", "少年审判庭聘请社会调查员，对未成年人案件开展心理疏导和回访。"),
    ("网上能不能开庭", "remote hearings", "在线诉讼平台全年立案过半，远程庭审系统覆盖全部法庭。"),
    ("院里请谁来监督", "supervision by deputies", "邀请人大代表、政协委员和特约监督员旁听庭审、座谈评议。"),
    ("年轻干警怎么培养", "training of young staff", "举办业务讲座和庭审观摩，选送骨干到上级法院学习锻炼。"),
    (
        "谁来管排污",
        "how are polluters dealt with",
        "依法审理环境资源案件，发出补植复绿令，设立生态修复基金。",
    ),
    ("判决书哪里能看到", "court rulings published online", "裁判文书依法上网公开，庭审直播接受社会监督。"),
    ("专利被抄了怎么办", "patents and trade marks", "加大知识产权保护力度，对恶意侵权适用惩罚性赔偿。"),
    (
        "能不能先劝和再打官司",
        "mediation before a lawsuit",
        "诉前调解中心吸收行业调解组织，大量纠纷未经诉讼即告化解。",
    ),
)
_OTHERS = (
    "刑事审判坚持宽严相济，依法严惩严重暴力犯罪和电信网络诈骗。",
    "健全院庭长办案机制，疑难复杂案件由院长担任审判长。",
    "案件平均审理天数有所缩短，长期未结案件逐案清理。",
    "认真办理来信来访，落实领导包案和公开听证。",
    "加强审判质量评查，对发回改判案件逐件分析原因。",
    "机关食堂、车辆和办公用房管理进一步规范，厉行节约。",
    "The court heard administrative cases and urged agencies to correct unlawful acts.",
    "2022年，全院共受理各类案件12345件，审结11890件，结案率96.3％，同比上升1.2个百分点。",
    "①Ａ类、B类与“○○”类事项——详见附件（略）。🙂",
    "法",
    "一年来，全院干警在上级法院指导下，围绕中心，服务大局，审判执行、队伍建设、司法改革等各项工作都有新的进展。"
    * 12,
)
QUESTIONS = (*(chinese for chinese, _, _ in _ASKED), *(english for _, english, _ in _ASKED))
PASSAGES = (*(passage for _, _, passage in _ASKED), *_OTHERS)
ANSWERS = np.arange(len(QUESTIONS)) % len(_ASKED)
"""Which passage answers each question."""
FIRST = 5
"""How many of a question's passages are compared."""
TIE = 1e-4
"""Passages whose cosines differ by less may change places."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Lowest cosine between the two vectors of a text; share of the same first passage among the questions whose
    answer the reference finds first (all, if it finds none); share of the first five passages that are the same."""

    cosine: float
    same_first: float
    same_five: float

    @property
    def equal_ranking(self) -> bool:
        """Nineteen in twenty of what was found first is still first, and nine in ten of the first five are the same."""
        return self.same_first >= 0.95 and self.same_five >= 0.9


@dataclass(frozen=True, slots=True)
class Cost:
    """Median milliseconds a question asked alone, passages a second in batches."""

    query_ms: float
    passages_per_second: float

    def below(self, other: Cost) -> bool:
        """Tell whether this is faster both ways."""
        return self.query_ms < other.query_ms and self.passages_per_second > other.passages_per_second


def agreement(reference: Encoder, other: Encoder) -> Agreement:
    """Compare two encoders on the texts above. Raises ModelError where their vectors are of different width."""
    if reference.dims != other.dims:
        raise ModelError(
            f"{other.name}: {other.dims} 维，应为 {reference.dims} / dimensions differ from {reference.name}"
        )
    ours = other.encode_queries(QUESTIONS), other.encode_passages(PASSAGES)
    theirs = reference.encode_queries(QUESTIONS), reference.encode_passages(PASSAGES)
    cosine = min(float((a * b).sum(axis=1).min()) for a, b in zip(ours, theirs, strict=True))
    same_first, same_five = _same_places(theirs[0] @ theirs[1].T, ours[0] @ ours[1].T)
    return Agreement(cosine, same_first, same_five)


def _same_places(reference: Vectors, other: Vectors) -> tuple[float, float]:
    """Return how often the first place, and a place among the first five, goes to a passage that earned it."""
    best = -np.sort(-reference, axis=1)
    chosen = np.argsort(-other, axis=1, kind="stable")[:, :FIRST]
    earned = np.take_along_axis(reference, chosen, axis=1)
    right = reference.argmax(axis=1) == ANSWERS
    first = earned[:, 0] >= best[:, 0] - TIE
    five = earned >= best[:, [FIRST - 1]] - TIE
    return float(first[right].mean() if right.any() else first.mean()), float(five.mean())


def costs(encoders: Sequence[Encoder], rounds: int = 5) -> list[Cost]:
    """Time encoders side by side, in turns, so that what else the machine does falls on all alike."""
    queries: list[list[float]] = [[] for _ in encoders]
    passages: list[list[float]] = [[] for _ in encoders]
    long = [text[:300] for text in PASSAGES] * 3
    for encoder in encoders:
        encoder.encode_queries(["预热"])
    for turn in range(rounds):
        asked = [f"{question}{turn}" for question in QUESTIONS]  # an encoder remembers what it was asked
        for i, encoder in enumerate(encoders):
            queries[i] += [_seconds(lambda e=encoder, q=q: e.encode_queries([q])) for q in asked]  # type: ignore[misc]
            passages[i].append(_seconds(lambda e=encoder: e.encode_passages(long)))  # type: ignore[misc]
    return [
        Cost(statistics.median(one) * 1000, len(long) / statistics.median(many))
        for one, many in zip(queries, passages, strict=True)
    ]


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def start_up(directory: Path) -> tuple[float, float]:
    """Return the seconds from starting Python to a first vector of a model, and the MB held at most by then.

    Raises ModelError where the model cannot be loaded. MB is NaN where the system does not tell.
    """
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "models.agreement", str(directory)],
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - started
    if done.returncode:
        raise ModelError(f"{directory}: {(done.stderr.strip().splitlines() or ['?'])[-1]}")
    return seconds, float(json.loads(done.stdout))


def _peak_megabytes() -> float:
    """Return the most memory this process has held, as Linux counts it (VmHWM)."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return float("nan")
    (line,) = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1000


if __name__ == "__main__":
    from models.encoder import load

    load(sys.argv[1]).encode_queries(QUESTIONS[:1])
    print(json.dumps(_peak_megabytes()))
