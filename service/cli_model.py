"""Commands on encoders: fetch one where there is a network, check one where there is none."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli_options import json_option, print_json

if TYPE_CHECKING:
    from models.fetch import Checked, CheckedReranker
    from models.onnx_export import Exported, Precision

__all__ = ["model"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def model() -> None:
    """下载、核对与转换编码模型。Fetch, check and export encoders.

    \b
    fawen model fetch multilingual-e5-small ./e5-small   # 联网机器上 on a connected machine
    fawen model check ./e5-small                         # 拷到内网后 after copying it over
    fawen model onnx ./e5-small ./e5-small-onnx          # 无须 torch 即可运行 runs without torch
    fawen index reports --model ./e5-small-onnx
    """


@model.command()
@click.argument("name")
@click.argument("directory", type=click.Path(path_type=Path))
@json_option
def fetch(name: str, directory: Path, as_json: bool) -> None:
    """把模型 NAME 下载到 DIRECTORY(空目录)，只取 safetensors，随后核对。Download a model and check it.

    NAME 是全名(BAAI/bge-m3)，已知模型可用短名(bge-m3)。
    """
    from models.fetch import fetch as fetch_model

    _show(fetch_model(name, directory, progress=sys.stderr.isatty()), as_json)


@model.command()
@click.argument("directory", type=click.Path(path_type=Path))
@json_option
def check(directory: Path, as_json: bool) -> None:
    """核对编码模型或重排模型的目录：文件、格式，并试算。Check an encoder's or a reranker's directory by using it."""
    from models.fetch import check as check_model

    _show(check_model(directory), as_json)


@model.command()
@click.argument("directory", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--precision",
    type=click.Choice(["auto", "float32", "int8"]),
    default="auto",
    show_default=True,
    help="auto：排序相同且更快才用 int8 / int8 only where faster at equal ranking.",
)
@json_option
def onnx(directory: Path, out: Path, precision: Precision, as_json: bool) -> None:
    """把 DIRECTORY 中的 Transformer 模型转成 ONNX，写到 OUT(空目录)。Export a transformer encoder to ONNX.

    导出 float32 与 int8 两种，与 torch 逐一对照：向量余弦、排序、速度、启动、内存；只留测下来更好的一种。
    OUT 可直接用于 --model 或 FAWEN_MODEL，运行时不加载 torch。须先 pip install 'fawen[onnx]'。
    """
    from models.onnx_export import export

    loud = sys.stderr.isatty() and not as_json

    def said(words: str) -> None:
        if loud:
            click.echo(f"{words} …", err=True)

    done = export(directory, out, precision, said)
    if as_json:
        print_json({**dataclasses.asdict(done), "directory": str(done.directory)})
        return
    _show_measured(done)


def _show_measured(done: Exported) -> None:
    names = ("MB", "cosine", "first", "first 5", "ms/query", "passages/s", "start s", "memory MB")
    click.echo(f"{'':10}" + "".join(f"{name:>12}" for name in names))
    for one in done.measured:
        same, cost = one.agreement, one.cost
        click.echo(
            f"{one.name:10}{one.megabytes:>12.1f}{same.cosine:>12.5f}{same.same_first:>12.0%}{same.same_five:>12.0%}"
            f"{cost.query_ms:>12.2f}{cost.passages_per_second:>12.1f}{one.start_seconds:>12.2f}{one.start_megabytes:>12.0f}"
        )
    click.echo(
        "cosine、first、first 5：与 torch 相比的最低余弦、答对者首位不变、前五位相同的比例 / compared with torch"
    )
    click.echo(f"已写出 written: {done.directory}（{done.kept}）")
    if done.advised == "torch":
        click.echo(
            "本机上原目录(torch)编码更快；ONNX 启动快、占内存少 / here the original encodes faster; ONNX starts faster and holds less memory"
        )
    else:
        click.echo(f"建议使用 use: --model {done.directory}（{done.kept}）")


def _show(found: Checked | CheckedReranker, as_json: bool) -> None:
    from models.fetch import CheckedReranker

    if as_json:
        kind = "reranker" if isinstance(found, CheckedReranker) else "encoder"
        print_json({"kind": kind, **dataclasses.asdict(found), "directory": str(found.directory)})
        return
    click.echo(
        f"完好 sound: {found.directory}（{found.megabytes:g} MB，许可 licence {found.licence or '未知 unknown'}）"
    )
    if isinstance(found, CheckedReranker):
        click.echo(f"重排模型 reranker: fawen serve --reranker {found.directory}")
        return
    click.echo(
        f"向量 {found.dims} 维，每窗最多 {found.window_chars} 字 / {found.dims} dims, windows of {found.window_chars} characters"
    )
    click.echo(f"提示语 prompts: 问题 query {found.query_prompt!r}，段落 passage {found.passage_prompt!r}")
    click.echo(f"指纹 fingerprint: {found.fingerprint}")
