"""Export of a sentence-transformers encoder to ONNX, in float32 and int8, keeping what measures better."""

from __future__ import annotations

import logging
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from models.agreement import Agreement, Cost, agreement, costs, start_up
from models.encoder import Encoder
from models.errors import ModelError, first_line
from models.onnx import DESCRIPTION_FILE, TOKENIZER_FILE, Description, OnnxEncoder, is_onnx, onnx_needed
from models.transformer import TransformerEncoder

if TYPE_CHECKING:
    import torch

__all__ = ["Exported", "Measured", "Precision", "export", "write_graphs"]

Precision = Literal["auto", "float32", "int8"]
NEAR = 0.9999
"""Least cosine between the vectors of torch and of the float32 graph."""
ONE_FILE = 20_000_000
"""Bytes of weights that still go into the graph's file. Those in a file of their own are mapped into memory and read
where they are needed; the graph's file is read whole, and holds two GB at most."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One way to run the model: torch, float32 or int8."""

    name: str
    megabytes: float
    agreement: Agreement
    cost: Cost
    start_seconds: float
    start_megabytes: float


@dataclass(frozen=True, slots=True)
class Exported:
    """What was measured, what was kept in the directory, and what runs fastest at equal ranking here."""

    directory: Path
    measured: tuple[Measured, ...]
    kept: str
    advised: str


def export(
    directory: Path, out: Path, precision: Precision = "auto", said: Callable[[str], None] = lambda _: None
) -> Exported:
    """Export the encoder in a directory, compare it with torch and write the better graph to `out`.

    `auto` keeps int8 only where it is faster than float32 at equal ranking. `said` is told what is being done.
    Raises ModelError where the model cannot be loaded or exported, where torch and ONNX disagree, where `out`
    holds something, and where what ONNX needs is not installed; `out` is then left as it was.
    """
    if not directory.is_dir():
        raise ModelError(f"没有模型目录 {directory} / no such model directory")
    if is_onnx(directory):
        raise ModelError(f"{directory} 已是 ONNX 模型 / is exported already；请给原来的模型目录")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise ModelError(f"{out} 不是空目录 / not an empty directory；请换一个目录")
    try:
        import onnx  # noqa: F401
        import onnxruntime  # noqa: F401
        import onnxscript  # noqa: F401
    except ImportError as error:
        raise onnx_needed(error) from error
    said("加载 loading")
    reference = TransformerEncoder.open(str(directory))
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".fawen-onnx-") as folder:
        ways = write_graphs(reference, directory, Path(folder), said)
        said("对照 comparing")
        measured = _measure(reference, directory, ways)
        _agreeing(measured["float32"], directory)
        kept = _better(measured) if precision == "auto" else precision
        ready = out.exists()
        for path in ways[kept].iterdir() if ready else ():
            path.rename(out / path.name)
        if not ready:
            ways[kept].rename(out)
    advised = "torch" if measured["torch"].cost.below(measured[kept].cost) else kept
    return Exported(out, tuple(measured.values()), kept, advised)


def write_graphs(
    encoder: TransformerEncoder,
    directory: Path,
    folder: Path,
    said: Callable[[str], None] = lambda _: None,
) -> dict[str, Path]:
    """Write an encoder as a float32 and as an int8 graph, each in a directory of its own that `load` takes.

    Raises ModelError where the model cannot be exported.
    """
    about = _described(encoder, directory)
    ways = {name: folder / name for name in ("float32", "int8")}
    said("导出 exporting")
    _write(encoder, ways["float32"], about)
    said("量化 quantising")
    _quantise(ways["float32"], ways["int8"], about, external=_bytes(encoder, 1) > ONE_FILE)
    return ways


def _bytes(encoder: TransformerEncoder, each: int) -> int:
    return sum(weight.numel() * each for weight in encoder.model.parameters())


def _described(encoder: TransformerEncoder, directory: Path) -> Description:
    """Return the facts to be kept. Raises ModelError where a graph would lose some."""
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

    modules = list(encoder.model)
    if not isinstance(modules[0], Transformer):
        raise ModelError(
            f"{directory} 不是 Transformer 模型({type(modules[0]).__name__})，无须转换 / not a transformer, nothing to export"
        )
    pooling = [module for module in modules if isinstance(module, Pooling)]
    if any(encoder.prompts) and not all(module.include_prompt for module in pooling):
        raise ModelError(
            f"{directory} 取均值时不计提示语，不能导出 / leaves its prompts out of pooling: cannot be exported"
        )
    if getattr(modules[0].tokenizer, "backend_tokenizer", None) is None:
        raise ModelError(
            f"{directory} 的分词器没有 tokenizer.json 形式 / its tokenizer has no tokenizer.json"
        )
    query, passage = encoder.prompts
    modes = [str(module.pooling_mode) for module in pooling]
    return Description(
        source=directory.resolve().name,
        precision="float32",
        dims=encoder.dims,
        max_tokens=encoder.max_tokens,
        pooling=" ".join(modes) or "own",
        query_prompt=query,
        passage_prompt=passage,
    )


def _whole(encoder: TransformerEncoder) -> torch.nn.Module:
    """Return the model from tokens to unit vectors, in single precision."""
    import torch

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.parts = torch.nn.ModuleList(encoder.model)

        def forward(
            self,
            input_ids: torch.Tensor,
            attention_mask: torch.Tensor,
            token_type_ids: torch.Tensor | None = None,
        ) -> torch.Tensor:
            features: dict[str, Any] = {"input_ids": input_ids, "attention_mask": attention_mask}
            if token_type_ids is not None:
                features["token_type_ids"] = token_type_ids
            for part in self.parts:
                features = part(features)
            return torch.nn.functional.normalize(features["sentence_embedding"], dim=-1)

    return Whole().float().eval()


def _write(encoder: TransformerEncoder, folder: Path, about: Description) -> None:
    import torch

    folder.mkdir()
    tokenizer = encoder.model.tokenizer
    backend = tokenizer.backend_tokenizer
    backend.no_truncation()
    backend.enable_padding(
        direction=tokenizer.padding_side,
        pad_id=tokenizer.pad_token_id or 0,
        pad_type_id=tokenizer.pad_token_type_id,
        pad_token=tokenizer.pad_token or "",
    )
    backend.save(str(folder / TOKENIZER_FILE))
    features = encoder.model.preprocess(["整改措施有多少条", "执行"])
    names = [name for name in ("input_ids", "attention_mask", "token_type_ids") if name in features]
    axes = {0: torch.export.Dim("texts"), 1: torch.export.Dim("tokens")}
    graph = folder / about.model
    with _quiet():
        try:
            program = torch.onnx.export(
                _whole(encoder),
                tuple(features[name] for name in names),
                None,
                input_names=names,
                output_names=["vectors"],
                dynamo=True,
                dynamic_shapes=tuple(axes for _ in names),
                verbose=False,
            )
        except (torch.onnx.errors.OnnxExporterError, RuntimeError, ValueError) as error:
            reason = first_line(error)
            raise ModelError(
                f"{about.source} 不能导出 / cannot be exported: {reason}。请直接用原目录 --model"
            ) from error
        if program is None:
            raise ModelError(f"{about.source} 不能导出 / cannot be exported")
        program.save(str(graph), external_data=_bytes(encoder, 4) > ONE_FILE)
    _describe(folder, about)


def _quantise(source: Path, folder: Path, about: Description, external: bool) -> None:
    """Write the graph with weights of products and of embeddings in int8; activations are scaled as they come."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    folder.mkdir()
    with _quiet():
        quantize_dynamic(
            str(source / about.model),
            str(folder / about.model),
            weight_type=QuantType.QInt8,
            per_channel=True,
            use_external_data_format=external,
        )
    for weights in folder.glob(f"{about.model}.*"):
        shutil.copymode(folder / about.model, weights)
    shutil.copyfile(source / TOKENIZER_FILE, folder / TOKENIZER_FILE)
    _describe(folder, about.model_copy(update={"precision": "int8"}))


def _describe(folder: Path, about: Description) -> None:
    (folder / DESCRIPTION_FILE).write_text(about.model_dump_json(indent=1) + "\n", encoding="utf-8")


def _measure(reference: TransformerEncoder, directory: Path, ways: dict[str, Path]) -> dict[str, Measured]:
    encoders: list[Encoder] = [reference, *(OnnxEncoder.open(folder) for folder in ways.values())]
    taken = costs(encoders)
    found: dict[str, Measured] = {}
    for name, folder, encoder, cost in zip(
        ("torch", *ways), (directory, *ways.values()), encoders, taken, strict=True
    ):
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
        found[name] = Measured(name, size, agreement(reference, encoder), cost, *start_up(folder))
    return found


def _agreeing(exported: Measured, directory: Path) -> None:
    close = exported.agreement
    if not (close.cosine >= NEAR and close.equal_ranking):
        raise ModelError(
            f"{directory}: ONNX 与 torch 不一致 / they disagree：最低余弦 cosine {close.cosine:.5f}，"
            f"首位相同 same first {close.same_first:.0%}。未写出；请直接用原目录 --model"
        )


def _better(measured: dict[str, Measured]) -> Literal["float32", "int8"]:
    small, full = measured["int8"], measured["float32"]
    return "int8" if small.agreement.equal_ranking and small.cost.below(full.cost) else "float32"


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the exporter's notes on its own insides to itself."""
    disabled = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(disabled)
