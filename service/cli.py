"""The command line."""

from __future__ import annotations

import contextlib
import io
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from indexer.errors import FawenError
from service.cli_ask import ask, evaluate, facts, search
from service.cli_index import check, index, rollback
from service.cli_mcp import mcp
from service.cli_model import model as model_command
from service.cli_options import fail, index_option, model_option, reranker_option, settings_from

__all__ = ["main"]


class _Group(click.Group):
    """Shows foreseen errors as one line and exit status 1."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run; characters that the terminal's encoding lacks are replaced, not a reason to fail."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")
        return super().main(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        from models import ModelError

        try:
            return super().invoke(ctx)
        except (FawenError, ModelError) as error:
            fail(str(error))


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("fawen"), prog_name="fawen")
def main() -> None:
    """Fawen 法问：检索法院工作报告，结果逐条带可核对的引注。

    Search Chinese court work reports; every hit carries a citation that can be checked.

    \b
    fawen index 报告目录          # 建立索引 build an index
    fawen ask 整改措施有多少条     # 回答 answer
    fawen search 廉政风险排查      # 检索 search
    fawen serve                   # 网页与接口 page and API on http://127.0.0.1:8000
    """


@main.command()
@index_option
@model_option
@reranker_option
@click.option("--host", help="监听地址(FAWEN_HOST) / address.")
@click.option("--port", type=int, help="端口(FAWEN_PORT) / port.")
@click.option("--access-log", is_flag=True, default=None, help="记录每个请求 / log every request.")
@click.option("--show-settings", is_flag=True, help="列出全部设置后退出 / print every setting and exit.")
def serve(
    index: Path | None,
    model: str | None,
    reranker: Path | None,
    host: str | None,
    port: int | None,
    access_log: bool | None,
    show_settings: bool,
) -> None:
    """启动网页与接口。Serve the page and the API.

    索引更新后自动换用，不断开请求。密钥等设置见 --show-settings。
    """
    settings = settings_from(
        index=index, model=model, reranker=reranker, host=host, port=port, access_log=access_log
    )
    if show_settings:
        for name, value in settings.shown().items():
            click.echo(f"{name}={value}")
        return
    import logging
    import socket

    import uvicorn

    from service.web.app import create_app

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    app = create_app(settings)
    store = app.state.engine.store
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        fail(f"不能监听 {settings.host}:{settings.port} / cannot listen there: {error.strerror}")
    shown_host = f"[{settings.host}]" if ":" in settings.host else settings.host
    click.echo(
        f"法问 Fawen  http://{shown_host}:{listener.getsockname()[1]}  {len(store.reports())} 份报告，{len(store)} 段  索引 {settings.index}"
    )
    config = uvicorn.Config(app, access_log=settings.access_log, log_level="warning")
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])


for command in (index, search, ask, facts, check, rollback, evaluate, mcp, model_command):
    main.add_command(command)
