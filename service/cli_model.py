"""Commands on encoders: fetch one where there is a network, check one where there is none."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli_options import json_option, print_json

if TYPE_CHECKING:
    from models.fetch import Checked

__all__ = ["model"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def model() -> None:
    """下载与核对编码模型。Fetch and check encoders.

    \b
    fawen model fetch multilingual-e5-small ./e5-small   # 联网机器上 on a connected machine
    fawen model check ./e5-small                         # 拷到内网后 after copying it over
    fawen index reports --model ./e5-small
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
    """核对模型目录：文件、格式、维数、提示语，并试算向量。Check a model's directory by using it."""
    from models.fetch import check as check_model

    _show(check_model(directory), as_json)


def _show(found: Checked, as_json: bool) -> None:
    if as_json:
        print_json({**dataclasses.asdict(found), "directory": str(found.directory)})
        return
    click.echo(
        f"完好 sound: {found.directory}（{found.megabytes:g} MB，许可 licence {found.licence or '未知 unknown'}）"
    )
    click.echo(
        f"向量 {found.dims} 维，每窗最多 {found.window_chars} 字 / {found.dims} dims, windows of {found.window_chars} characters"
    )
    click.echo(f"提示语 prompts: 问题 query {found.query_prompt!r}，段落 passage {found.passage_prompt!r}")
    click.echo(f"指纹 fingerprint: {found.fingerprint}")
