"""What the commands share: options, settings, and the way errors and JSON are printed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click
from pydantic import ValidationError

from service.settings import Settings

__all__ = [
    "fail",
    "index_option",
    "json_option",
    "model_option",
    "print_json",
    "reranker_option",
    "settings_from",
]


def fail(message: str, status: int = 1) -> NoReturn:
    click.secho(f"错误 error: {message}", err=True, fg="red")
    raise SystemExit(status)


def settings_from(**flags: Any) -> Settings:
    """Read the settings, flags over environment. Exits with status 2 where one is invalid."""
    try:
        return Settings(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, entry['loc']))}: {entry['msg']}" for entry in error.errors()]
        fail("设置有误 / invalid setting: " + "; ".join(lines), status=2)


def index_option(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--index",
        type=click.Path(path_type=Path, file_okay=False),
        help="索引目录(FAWEN_INDEX，缺省在用户数据目录) / index directory.",
    )(function)


def model_option(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--model",
        help="编码模型：builtin、名称或本地目录(FAWEN_MODEL) / encoder: builtin, a name or a directory.",
    )(function)


def reranker_option(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--reranker",
        type=click.Path(path_type=Path, file_okay=False),
        help="重排模型目录，缺省不用(FAWEN_RERANKER) / cross-encoder's directory; none by default.",
    )(function)


def json_option(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON.")(function)


def print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))
