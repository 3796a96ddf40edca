"""Commands on the index: index, check, rollback."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from service.cli_options import fail, index_option, json_option, model_option, print_json, settings_from
from service.cli_watch import interruptible, keep_up

if TYPE_CHECKING:
    from indexer.build import BuildReport

__all__ = ["check", "index", "rollback"]


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@index_option
@model_option
@click.option(
    "--add", is_flag=True, help="保留索引中已有而本次路径中没有的文件 / keep what is indexed already."
)
@click.option("--max-bytes", type=int, help="单个文件字节上限(FAWEN_MAX_BYTES) / largest file.")
@click.option(
    "--court", default="", help="文件里认不出法院时记作此院 / whose reports those are that name no court."
)
@click.option(
    "--ocr/--no-ocr",
    default=None,
    help="扫描页做文字识别，须装有 tesseract-ocr 与 tesseract-ocr-chi-sim(FAWEN_OCR) / recognise scanned pages.",
)
@click.option(
    "--watch", is_flag=True, help="守候目录，有增删改即更新索引，Ctrl-C 结束 / keep the index up to date."
)
@click.option(
    "--every",
    type=click.FloatRange(0.2),
    default=5.0,
    show_default=True,
    help="守候时查看的间隔秒数 / seconds between looks.",
)
@json_option
def index(
    paths: tuple[Path, ...],
    index: Path | None,
    model: str | None,
    add: bool,
    max_bytes: int | None,
    court: str,
    ocr: bool | None,
    watch: bool,
    every: float,
    as_json: bool,
) -> None:
    """为 PATHS 下的文件建立索引。Index every file under PATHS.

    旧索引一直可用，直到新索引完整写好后一次换上；未变的文字沿用已有向量。
    个别文件有问题时其余照常入库，退出码为 1。支持 .docx .pdf .html .mht .txt .md 及其 .zip；
    .doc 等旧格式须本机装有 LibreOffice。文件夹里的 fawen.toml 或 fawen.csv 可写明法院、年份、标题。

    \b
    fawen index reports                     # 整个目录 a folder
    fawen index 2024.txt --add              # 在原有基础上增加 add to what is there
    fawen index reports --model ./e5-small  # 用本地模型 with a local model
    fawen index reports --watch             # 守候，随时更新 keep up to date
    fawen index reports --ocr               # 扫描件做文字识别 scans too
    """
    settings = settings_from(index=index, model=model, max_bytes=max_bytes, ocr=ocr)
    from indexer.build import build
    from indexer.courts import UNKNOWN, court_of
    from indexer.forms.workers import Bounds
    from models import load

    if court and court_of(court, None) == UNKNOWN:
        fail(f"--court “{court}” 认不出，应如“某市某区人民法院” / no name of a court", status=2)
    encoder = load(settings.model or _encoder_in_use(settings.index))

    def run() -> BuildReport:
        report = build(
            paths,
            settings.index,
            encoder,
            max_bytes=settings.max_bytes,
            add=add,
            progress=True,
            court=court,
            bounds=Bounds(settings.file_seconds, settings.file_memory, settings.ocr),
        )
        if as_json:
            print_json(_build_as_dict(report, settings.index))
        else:
            _show_build(report, settings.index)
        return report

    if watch:
        keep_up(paths, settings.index, run, every)
    elif interruptible(run).problems:
        raise SystemExit(1)


def _encoder_in_use(index: Path) -> str:
    """Return the name of the encoder that an index was made with, the built-in one's for a new index."""
    from indexer.errors import IndexUnusable
    from indexer.store import generations
    from models.encoder import BUILTIN

    try:
        name: str = generations.read_manifest(generations.current(index))["encoder"]["name"]
    except IndexUnusable:
        return BUILTIN
    return name


def _build_as_dict(report: BuildReport, index: Path) -> dict[str, Any]:
    plain = {field.name: getattr(report, field.name) for field in dataclasses.fields(report)}
    plain["reports"] = [
        {"id": r.id, "court": r.court.name, "year": r.year, "title": r.title, "paragraphs": len(r.paragraphs)}
        for r in report.reports
    ]
    plain["superseded"] = [dataclasses.asdict(version) for version in report.superseded]
    plain["kinds"] = [dataclasses.asdict(kind) for kind in report.kinds]
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
    for kind in report.kinds:
        click.echo(
            f"  {kind.kind:<5} {kind.files} 个文件，{kind.reports} 份报告，{kind.sections} 节，{kind.paragraphs} 段，{kind.facts} 条数据，"
            f"{kind.warnings} 条注意，{kind.failed} 个未读出"
            + (f"，{kind.recognised} 页由文字识别" if kind.recognised else "")
        )
    click.echo(
        f"{report.sources} 个文件，{len(report.reports)} 份报告，{report.sections} 节，{report.paragraphs} 段，{report.passages} 个检索单元，{report.facts} 条数据；"
        f"向量新算 {report.vectors_encoded}、沿用 {report.vectors_reused}"
        + (f"；{len(report.problems)} 个文件未入库" if report.problems else "")
    )
    click.echo(f"索引 index: {index}（{report.generation}）")


@click.command()
@index_option
@json_option
def check(index: Path | None, as_json: bool) -> None:
    """核对索引：每个文件的校验和，每个检索单元的引注。Verify an index, every checksum and citation."""
    settings = settings_from(index=index)
    from indexer.citations import CitationError, verify
    from indexer.store import LocalStore

    store = LocalStore.open(settings.index)
    for passage in store.passages():
        source = store.source(passage.source_id)
        if source is None:
            fail(f"{passage.id}: 缺少来源 {passage.source_id} / source missing")
        try:
            verify(passage, source)
        except CitationError as error:
            fail(str(error))
    manifest = store.manifest
    if as_json:
        print_json({"index": str(settings.index), "ok": True, **manifest})
        return
    counts = manifest["counts"]
    click.echo(
        f"完好 sound: {settings.index}（{manifest['generation']}，编码器 {manifest['encoder']['name']}）"
    )
    click.echo(
        f"{counts['sources']} 个文件，{counts['reports']} 份报告，{counts['sections']} 节，{counts['paragraphs']} 段，"
        f"{counts['passages']} 个检索单元，{counts['facts']} 条数据，{len(manifest['files'])} 个索引文件校验和相符，引注逐字相符"
    )


@click.command()
@index_option
def rollback(index: Path | None) -> None:
    """退回上一个完整的索引版本。Return to the generation before the one in use."""
    settings = settings_from(index=index)
    from indexer.store import generations

    if not generations.every(settings.index):
        fail(f"{settings.index} 没有索引 / no index there")
    with generations.locked(settings.index):
        name = generations.rollback(settings.index)
    click.echo(f"已退回 / now using: {name}")
