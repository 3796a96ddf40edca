"""Getting a public model on a connected machine, and checking a model's directory on any."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.encoder import Encoder, load
from models.errors import ModelError, first_line
from models.known import KNOWN, RERANKERS, KnownModel, known, known_reranker
from models.onnx import OnnxEncoder, is_onnx
from models.reranker import Reranker, is_reranker

__all__ = ["Checked", "CheckedReranker", "check", "fetch", "keep_prompts"]

WANTED = ("*.json", "*.safetensors", "*.txt", "*.model", "README.md", "LICENSE*")
UNWANTED = ("onnx/*", "openvino/*", "pytorch_model*", "tf_model*", "flax_model*")
UNSAFE = frozenset({".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".h5", ".msgpack"})
"""Formats whose reading can run code."""
_TEXTS = ("为小微企业减免诉讼费", "法院减免小微企业的诉讼费用。", "Court fees waived for small businesses.")


@dataclass(frozen=True, slots=True)
class Checked:
    """What a sound encoder's directory holds."""

    directory: Path
    dims: int
    window_chars: int
    query_prompt: str
    passage_prompt: str
    licence: str
    fingerprint: str
    megabytes: float


@dataclass(frozen=True, slots=True)
class CheckedReranker:
    """What a sound cross-encoder's directory holds."""

    directory: Path
    licence: str
    megabytes: float


def fetch(name: str, directory: Path, progress: bool = False) -> Checked | CheckedReranker:
    """Download a model from the hub into a directory, safetensors only, and check it.

    A short name of a known model (bge-m3) will do. Raises ModelError where the name is unknown, the model
    would need to run code of its own, the directory holds something else, or the hub cannot be reached.
    """
    facts = known(name) or known_reranker(name)
    if facts is None and "/" not in name:
        raise ModelError(
            f"不认识模型 {name} / unknown model。请写全名(所有者/名称)，或用："
            + "、".join(
                sorted([one.name for one in KNOWN.values()] + [one.name for one in RERANKERS.values()])
            )
        )
    full = facts.name if facts and "/" not in name else name
    if facts and facts.remote_code:
        raise ModelError(
            f"{full} 加载时要运行自带代码，法问不允许 / it needs to run code of its own, which is refused"
        )
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise ModelError(f"{directory} 不是空目录 / not an empty directory；请换一个目录")
    import httpx
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError
    from huggingface_hub.utils.tqdm import disable_progress_bars, enable_progress_bars

    if progress:
        enable_progress_bars()
    else:
        disable_progress_bars()
    try:
        snapshot_download(
            full, local_dir=directory, allow_patterns=list(WANTED), ignore_patterns=list(UNWANTED)
        )
    except (OSError, ValueError, HfHubHTTPError, httpx.HTTPError) as error:
        reason = first_line(error)
        raise ModelError(
            f"下载 {full} 失败 / download failed: {reason}。请在联网机器上重试(镜像站可用环境变量 HF_ENDPOINT 指定)"
        ) from error
    if isinstance(facts, KnownModel):
        keep_prompts(directory, facts)
    return check(directory)


def keep_prompts(directory: Path, facts: KnownModel) -> None:
    """Write a known model's prompts beside it where it has none of its own: its directory may have any name."""
    path = directory / "config_sentence_transformers.json"
    try:
        described = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except ValueError as error:
        raise ModelError(f"{path} 读不出来 / cannot be read: {error}") from error
    if (facts.query_prompt or facts.passage_prompt) and not any((described.get("prompts") or {}).values()):
        described["prompts"] = {"query": facts.query_prompt, "document": facts.passage_prompt}
        path.write_text(json.dumps(described, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def check(directory: Path) -> Checked | CheckedReranker:
    """Load a model's directory and try it: files, safetensors only; of an encoder dimensions, prompts, finite unit
    vectors; of a cross-encoder one output, finite scores.

    A directory of `fawen model onnx` holds no safetensors; its graph holds no code.

    Raises ModelError naming the first thing that is wrong.
    """
    if not directory.is_dir():
        raise ModelError(f"没有模型目录 {directory} / no such model directory")
    files = [path for path in sorted(directory.rglob("*")) if path.is_file()]
    unsafe = [path for path in files if path.suffix in UNSAFE]
    if unsafe:
        raise ModelError(
            f"{unsafe[0]} 的格式可运行代码，只用 safetensors / only safetensors are used；请删去它"
        )
    code = [path for path in files if path.suffix == ".py"]
    if code:
        raise ModelError(
            f"{code[0]} 是代码，法问从不运行模型自带代码 / code that a model brings along is never run；请删去它"
        )
    if not is_onnx(directory):
        if not any(path.suffix == ".safetensors" for path in files):
            raise ModelError(f"{directory} 没有 .safetensors 权重 / no safetensors weights")
        _same_as_index(directory)
    megabytes = round(sum(path.stat().st_size for path in files) / 1e6, 1)
    if is_reranker(directory):
        return _checked_reranker(directory, megabytes)
    encoder = load(str(directory))
    facts = known(encoder.about.source if isinstance(encoder, OnnxEncoder) else str(directory))
    if facts and facts.dims != encoder.dims:
        raise ModelError(
            f"{directory}: 向量 {encoder.dims} 维，{facts.name} 应为 {facts.dims} 维 / dimensions do not fit the name"
        )
    _try(encoder, directory)
    query, passage = getattr(encoder, "prompts", ("", ""))
    return Checked(
        directory=directory,
        dims=encoder.dims,
        window_chars=encoder.window_chars,
        query_prompt=query,
        passage_prompt=passage,
        licence=facts.licence if facts else "",
        fingerprint=encoder.fingerprint,
        megabytes=megabytes,
    )


def _checked_reranker(directory: Path, megabytes: float) -> CheckedReranker:
    scores = np.array(Reranker.open(directory).scores(_TEXTS[0], _TEXTS[1:]))
    if not np.isfinite(scores).all():
        raise ModelError(f"{directory}: 分数含非数 / scores are not finite")
    facts = known_reranker(str(directory))
    return CheckedReranker(directory, facts.licence if facts else "", megabytes)


def _same_as_index(directory: Path) -> None:
    """Raise ModelError where an index of split weights names a file that is not there."""
    for index in directory.rglob("*.safetensors.index.json"):
        try:
            named = set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values())
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelError(f"{index} 读不出来 / cannot be read: {error}") from error
        missing = sorted(name for name in named if not (index.parent / name).is_file())
        if missing:
            raise ModelError(f"{directory} 缺 {missing[0]} / a weights file is missing；请重新拷贝")


def _try(encoder: Encoder, directory: Path) -> None:
    query = encoder.encode_queries(_TEXTS[:1])
    passages = encoder.encode_passages(_TEXTS[1:])
    vectors = np.concatenate([query, passages])
    if vectors.shape != (len(_TEXTS), encoder.dims) or not np.isfinite(vectors).all():
        raise ModelError(
            f"{directory}: 向量含非数或形状不对 / vectors are not finite or not of the right shape"
        )
    lengths = np.linalg.norm(vectors, axis=1)
    if not np.allclose(lengths, 1, atol=1e-3):
        raise ModelError(
            f"{directory}: 向量长度 {lengths.min():.3f}，应为 1 / vectors are not of unit length"
        )
