"""The command that serves MCP over standard input and output."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import click

from service.cli_options import fail, index_option, model_option, settings_from

__all__ = ["mcp"]


@click.command()
@index_option
@model_option
def mcp(index: Path | None, model: str | None) -> None:
    """以标准输入输出提供 MCP 工具，供 Claude、Cherry Studio 等启动。Serve MCP over stdin and stdout.

    \b
    客户端设置 client configuration:
      {"mcpServers": {"fawen": {"command": "fawen", "args": ["mcp", "--index", "索引目录"]}}}
    网络方式 over HTTP: fawen serve，地址 http://主机:8000/mcp
    """
    settings = settings_from(index=index, model=model)
    if find_spec("mcp") is None:
        fail("没有安装 MCP 组件：pip install 'fawen[mcp]' / the MCP package is not installed")
    import asyncio

    from service.engine import Engine
    from service.web.mcp import build_server

    base = (settings.public_url or f"http://{settings.host}:{settings.port}").rstrip("/")
    server = build_server(
        Engine(settings.index, settings.model, settings.reranker, settings.rerank_most), lambda: base
    )
    asyncio.run(server.run_stdio_async())
