"""The command line."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import json
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
from pydantic import ValidationError

from indexer.errors import FawenError
from service.settings import Settings

if TYPE_CHECKING:
    from indexer.build import BuildReport
    from service.search import Hit

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
            _fail(str(error))


def _fail(message: str, status: int = 1) -> NoReturn:
    click.secho(f"错误 error: {message}", err=True, fg="red")
    raise SystemExit(status)


def _settings(**flags: Any) -> Settings:
    """Read the settings, flags over environment. Exits with status 2 where one is invalid."""
    try:
        return Settings(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, entry['loc']))}: {entry['msg']}" for entry in error.errors()]
        _fail("设置有误 / invalid setting: " + "; ".join(lines), status=2)


def _index_option(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--index",
        type=click.Path(path_type=Path, file_okay=False),
        help="索引目录(FAWEN_INDEX，缺省在用户数据目录) / index directory.",
    )(function)


def _model_option(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--model",
        help="编码模型：builtin、名称或本地目录(FAWEN_MODEL) / encoder: builtin, a name or a directory.",
    )(function)


def _json_option(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON.")(function)


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


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
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@_index_option
@_model_option
@click.option(
    "--add", is_flag=True, help="保留索引中已有而本次路径中没有的文件 / keep what is indexed already."
)
@click.option("--max-bytes", type=int, help="单个文件字节上限(FAWEN_MAX_BYTES) / largest file.")
@_json_option
def index(
    paths: tuple[Path, ...],
    index: Path | None,
    model: str | None,
    add: bool,
    max_bytes: int | None,
    as_json: bool,
) -> None:
    """为 PATHS 下的文件建立索引。Index every file under PATHS.

    旧索引一直可用，直到新索引完整写好后一次换上；未变的文字沿用已有向量。
    个别文件有问题时其余照常入库，退出码为 1。

    \b
    fawen index reports                     # 整个目录 a folder
    fawen index 2024.txt --add              # 在原有基础上增加 add to what is there
    fawen index reports --model ./e5-small  # 用本地模型 with a local model
    """
    settings = _settings(index=index, model=model, max_bytes=max_bytes)
    from indexer.build import build
    from models import load

    report = build(
        paths,
        settings.index,
        load(settings.model or "builtin"),
        max_bytes=settings.max_bytes,
        add=add,
        progress=True,
    )
    if as_json:
        _print_json(_build_as_dict(report, settings.index))
    else:
        _show_build(report, settings.index)
    if report.problems:
        raise SystemExit(1)


def _build_as_dict(report: BuildReport, index: Path) -> dict[str, Any]:
    plain = {field.name: getattr(report, field.name) for field in dataclasses.fields(report)}
    plain["reports"] = [
        {"id": r.id, "court": r.court.name, "year": r.year, "title": r.title, "paragraphs": len(r.paragraphs)}
        for r in report.reports
    ]
    plain["problems"] = [{"file": p.path, "code": p.code, "reason": p.reason} for p in report.problems]
    return {"index": str(index), **plain}


def _show_build(report: BuildReport, index: Path) -> None:
    for one in report.reports:
        click.echo(
            f"  {one.court.name}  {one.year or '年份未知'}  {one.title}  {len(one.sections)} 节 {len(one.paragraphs)} 段"
        )
    for warning in report.warnings:
        click.secho(f"注意 warning: {warning}", err=True, fg="yellow")
    for problem in report.problems:
        click.secho(f"未入库 skipped: {problem}", err=True, fg="red")
    if report.kept:
        click.echo(f"沿用已入库的 / kept from before: {'、'.join(report.kept)}")
    if report.dropped:
        click.echo(
            f"不再入库(--add 可保留，fawen rollback 可退回) / no longer indexed: {'、'.join(report.dropped)}"
        )
    click.echo(
        f"{report.sources} 个文件，{len(report.reports)} 份报告，{report.sections} 节，{report.paragraphs} 段，{report.passages} 个检索单元，{report.facts} 条数据；"
        f"向量新算 {report.vectors_encoded}、沿用 {report.vectors_reused}"
        + (f"；{len(report.problems)} 个文件未入库" if report.problems else "")
    )
    click.echo(f"索引 index: {index}（{report.generation}）")


@main.command()
@click.argument("query", nargs=-1, required=True)
@_index_option
@_model_option
@click.option(
    "--top-k", "-k", type=click.IntRange(1, 100), default=10, show_default=True, help="几条 / how many."
)
@click.option(
    "--mode",
    type=click.Choice(["hybrid", "dense", "lexical"]),
    default="hybrid",
    show_default=True,
    help="综合、语义、字面",
)
@click.option(
    "--court", multiple=True, help="只看这家法院，任何称呼均可，可多次 / only this court; repeatable."
)
@click.option("--year", type=int, multiple=True, help="只看这一年度，可多次 / only this year; repeatable.")
@click.option("--per-court", is_flag=True, help="每家法院都给出最相关的段落 / every court gets its best.")
@_json_option
def search(
    query: tuple[str, ...],
    index: Path | None,
    model: str | None,
    top_k: int,
    mode: str,
    court: tuple[str, ...],
    year: tuple[int, ...],
    per_court: bool,
    as_json: bool,
) -> None:
    """检索 QUERY，按相关度列出段落与引注。Rank passages for QUERY, with citations.

    \b
    fawen search 各院整改措施有多少条
    fawen search 廉政风险排查 --court 三中院 --json
    fawen search "rectification measures" -k 5
    """
    settings = _settings(index=index, model=model)
    words = " ".join(query).strip()
    if not words:
        raise click.UsageError("QUERY 不能为空 / must not be empty")
    from service.engine import Engine
    from service.search import Filters, Mode

    engine = Engine(settings.index, settings.model)
    result = engine.search(
        words, top_k=top_k, mode=Mode(mode), filters=Filters(court=court, year=year), per_court=per_court
    )
    if as_json:
        _print_json(
            {
                "query": words,
                "hits": [
                    {
                        "rank": hit.rank,
                        "score": hit.score,
                        "passage_id": hit.passage.id,
                        "text": hit.passage.text,
                        "highlights": [{"start": a, "end": b} for a, b in hit.highlights],
                        "citation": dataclasses.asdict(hit.citation),
                    }
                    for hit in result.hits
                ],
            }
        )
        return
    for hit in result.hits:
        _show_hit(hit)
    if not result.hits:
        click.echo("没有找到相关段落 / no passage found")


def _show_hit(hit: Hit) -> None:
    citation = hit.citation
    click.secho(f"{hit.rank:>2}  {hit.score:.2f}  {citation.court}  {citation.year or ''}", bold=True)
    click.secho("    " + " › ".join(citation.section_path or ("前言",)), dim=True)
    text, at = "", 0
    for start, end in hit.highlights:
        text += hit.passage.text[at:start] + click.style(hit.passage.text[start:end], fg="yellow", bold=True)
        at = end
    click.echo(f"    {text}{hit.passage.text[at:]}")
    click.secho(
        f"    {citation.report_title} 第 {citation.paragraph} 段  {citation.source} [{citation.start}, {citation.end})\n",
        dim=True,
    )


@main.command()
@click.argument("question", nargs=-1, required=True)
@_index_option
@_model_option
@click.option("--court", multiple=True, help="只看这家法院，可多次 / only this court; repeatable.")
@click.option("--year", type=int, multiple=True, help="只看这一年度，可多次 / only this year; repeatable.")
@_json_option
def ask(
    question: tuple[str, ...],
    index: Path | None,
    model: str | None,
    court: tuple[str, ...],
    year: tuple[int, ...],
    as_json: bool,
) -> None:
    """回答 QUESTION，逐条附引注；报告没有写的，如实说没有。Answer QUESTION, every statement cited.

    \b
    fawen ask 各院整改措施有多少条
    fawen ask 哪个法院的整改措施最多 --year 2023
    fawen ask "How many rectification measures did each court draw up?"
    """
    settings = _settings(index=index, model=model)
    words = " ".join(question).strip()
    if not words:
        raise click.UsageError("QUESTION 不能为空 / must not be empty")
    from service.engine import Engine
    from service.search import Filters

    found = Engine(settings.index, settings.model).answer(words, filters=Filters(court=court, year=year))
    if as_json:
        from service.web.schemas import AnswerReply

        _print_json(AnswerReply.of(found, 0.0).model_dump(exclude={"took_ms"}))
        return
    click.echo(found.text)
    if found.citations:
        click.echo()
    for number, citation in enumerate(found.citations, 1):
        place = " › ".join(citation.section_path or ("前言",))
        click.secho(f"[{number}] {citation.report_title}，{place}，第 {citation.paragraph} 段", dim=True)
        click.secho(f"    “{citation.quote}” {citation.source} [{citation.start}, {citation.end})", dim=True)


@main.command()
@_index_option
@click.option("--court", multiple=True, help="只看这家法院，可多次 / only this court; repeatable.")
@click.option("--year", type=int, multiple=True, help="只看这一年度，可多次 / only this year; repeatable.")
@click.option("--object", "about", default="", help="所计事物含这些字 / words in the object.")
@click.option("--unit", default="", help="单位 / unit.")
@click.option("--csv", "as_csv", is_flag=True, help="输出 CSV / print CSV.")
@_json_option
def facts(
    index: Path | None,
    court: tuple[str, ...],
    year: tuple[int, ...],
    about: str,
    unit: str,
    as_csv: bool,
    as_json: bool,
) -> None:
    """列出报告载明的数据。List the figures that the reports state.

    \b
    fawen facts --object 整改措施
    fawen facts --court 三中院 --csv > 三中院.csv
    """
    settings = _settings(index=index)
    from service.engine import Engine
    from service.wording import figure

    total, found = Engine(settings.index, settings.model).facts(
        courts=court, years=year, about=about, unit=unit
    )
    if as_json:
        from service.web.schemas import Fact

        _print_json({"total": total, "facts": [Fact.of(fact).model_dump() for fact in found]})
    elif as_csv:
        from service.web import sheets

        sys.stdout.buffer.write(sheets.as_csv(found))
    else:
        for fact in found:
            click.echo(
                f"{fact.court.name}  {fact.year or ''}  {fact.fact.object}  {figure(fact.fact)}  （{fact.fact.context}）"
            )
        click.echo(f"共 {total} 条 / {total} figures")


@main.command()
@_index_option
@_model_option
@click.option("--host", help="监听地址(FAWEN_HOST) / address.")
@click.option("--port", type=int, help="端口(FAWEN_PORT) / port.")
@click.option("--access-log", is_flag=True, default=None, help="记录每个请求 / log every request.")
@click.option("--show-settings", is_flag=True, help="列出全部设置后退出 / print every setting and exit.")
def serve(
    index: Path | None,
    model: str | None,
    host: str | None,
    port: int | None,
    access_log: bool | None,
    show_settings: bool,
) -> None:
    """启动网页与接口。Serve the page and the API.

    索引更新后自动换用，不断开请求。密钥等设置见 --show-settings。
    """
    settings = _settings(index=index, model=model, host=host, port=port, access_log=access_log)
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
        _fail(f"不能监听 {settings.host}:{settings.port} / cannot listen there: {error.strerror}")
    shown_host = f"[{settings.host}]" if ":" in settings.host else settings.host
    click.echo(
        f"法问 Fawen  http://{shown_host}:{listener.getsockname()[1]}  {len(store.reports())} 份报告，{len(store)} 段  索引 {settings.index}"
    )
    config = uvicorn.Config(app, access_log=settings.access_log, log_level="warning")
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])


@main.command()
@_index_option
@_json_option
def check(index: Path | None, as_json: bool) -> None:
    """核对索引：每个文件的校验和，每个检索单元的引注。Verify an index, every checksum and citation."""
    settings = _settings(index=index)
    from indexer.citations import CitationError, verify
    from indexer.store import LocalStore

    store = LocalStore.open(settings.index)
    for passage in store.passages():
        source = store.source(passage.source_id)
        if source is None:
            _fail(f"{passage.id}: 缺少来源 {passage.source_id} / source missing")
        try:
            verify(passage, source)
        except CitationError as error:
            _fail(str(error))
    manifest = store.manifest
    if as_json:
        _print_json({"index": str(settings.index), "ok": True, **manifest})
        return
    counts = manifest["counts"]
    click.echo(
        f"完好 sound: {settings.index}（{manifest['generation']}，编码器 {manifest['encoder']['name']}）"
    )
    click.echo(
        f"{counts['sources']} 个文件，{counts['reports']} 份报告，{counts['sections']} 节，{counts['paragraphs']} 段，"
        f"{counts['passages']} 个检索单元，{counts['facts']} 条数据，{len(manifest['files'])} 个索引文件校验和相符，引注逐字相符"
    )


@main.command()
@_index_option
def rollback(index: Path | None) -> None:
    """退回上一个完整的索引版本。Return to the generation before the one in use."""
    settings = _settings(index=index)
    from indexer.store import generations

    if not generations.every(settings.index):
        _fail(f"{settings.index} 没有索引 / no index there")
    with generations.locked(settings.index):
        name = generations.rollback(settings.index)
    click.echo(f"已退回 / now using: {name}")


@main.command(name="eval")
@click.argument("gold", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@_index_option
@_model_option
@_json_option
def evaluate(gold: Path, index: Path | None, model: str | None, as_json: bool) -> None:
    """用题目文件 GOLD(JSON Lines)评测检索。Score retrieval against gold questions.

    每行含 id、type、query、passages(应检出的原文)。
    """
    settings = _settings(index=index, model=model)
    from service.engine import Engine
    from service.evaluate import read_gold, score_retrieval
    from service.search import Mode

    questions = read_gold(gold)
    engine = Engine(settings.index, settings.model)
    figures = {mode.value: score_retrieval(engine, questions, mode) for mode in Mode}
    if as_json:
        _print_json({"questions": len(questions), "retrieval": figures})
        return
    names = list(figures["hybrid"])
    click.echo(f"{'':24}" + "".join(f"{mode:>10}" for mode in figures))
    for name in names:
        click.echo(f"{name:24}" + "".join(f"{figures[mode][name]:>10.3f}" for mode in figures))
