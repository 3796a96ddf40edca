"""Commands that ask the index: search, ask, facts, eval."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli_options import (
    index_option,
    json_option,
    model_option,
    print_json,
    reranker_option,
    settings_from,
)

if TYPE_CHECKING:
    from service.search import Hit

__all__ = ["ask", "evaluate", "facts", "search"]


@click.command()
@click.argument("query", nargs=-1, required=True)
@index_option
@model_option
@reranker_option
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
@json_option
def search(
    query: tuple[str, ...],
    index: Path | None,
    model: str | None,
    reranker: Path | None,
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
    settings = settings_from(index=index, model=model, reranker=reranker)
    words = " ".join(query).strip()
    if not words:
        raise click.UsageError("QUERY 不能为空 / must not be empty")
    from service.engine import Engine
    from service.search import Filters, Mode

    engine = Engine(settings.index, settings.model, settings.reranker, settings.rerank_most)
    result = engine.search(
        words, top_k=top_k, mode=Mode(mode), filters=Filters(court=court, year=year), per_court=per_court
    )
    if as_json:
        from service.web.schemas import Hit as HitSchema

        print_json({"query": words, "hits": [HitSchema.of(hit).model_dump() for hit in result.hits]})
        return
    for hit in result.hits:
        _show_hit(hit)
    if not result.hits:
        click.echo("没有找到相关段落 / no passage found")


def _show_hit(hit: Hit) -> None:
    from service.places import paragraph

    citation = hit.citation
    click.secho(f"{hit.rank:>2}  {hit.score:.2f}  {citation.court}  {citation.year or ''}", bold=True)
    click.secho("    " + " › ".join(citation.section_path or ("前言",)), dim=True)
    text, at = "", 0
    for start, end in hit.highlights:
        text += hit.passage.text[at:start] + click.style(hit.passage.text[start:end], fg="yellow", bold=True)
        at = end
    click.echo(f"    {text}{hit.passage.text[at:]}")
    click.secho(
        f"    {citation.report_title} {paragraph(citation)}  {citation.source} [{citation.start}, {citation.end})\n",
        dim=True,
    )


@click.command()
@click.argument("question", nargs=-1, required=True)
@index_option
@model_option
@reranker_option
@click.option("--court", multiple=True, help="只看这家法院，可多次 / only this court; repeatable.")
@click.option("--year", type=int, multiple=True, help="只看这一年度，可多次 / only this year; repeatable.")
@json_option
def ask(
    question: tuple[str, ...],
    index: Path | None,
    model: str | None,
    reranker: Path | None,
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
    settings = settings_from(index=index, model=model, reranker=reranker)
    words = " ".join(question).strip()
    if not words:
        raise click.UsageError("QUESTION 不能为空 / must not be empty")
    from service.engine import Engine
    from service.places import paragraph
    from service.search import Filters

    found = Engine(settings.index, settings.model, settings.reranker, settings.rerank_most).answer(
        words, filters=Filters(court=court, year=year)
    )
    if as_json:
        from service.web.answer_schemas import AnswerReply

        print_json(AnswerReply.of(found, 0.0).model_dump(exclude={"took_ms"}))
        return
    click.echo(found.text)
    if found.citations:
        click.echo()
    for number, citation in enumerate(found.citations, 1):
        place = " › ".join(citation.section_path or ("前言",))
        click.secho(f"[{number}] {citation.report_title}，{place}，{paragraph(citation)}", dim=True)
        click.secho(f"    “{citation.quote}” {citation.source} [{citation.start}, {citation.end})", dim=True)


@click.command()
@index_option
@click.option("--court", multiple=True, help="只看这家法院，可多次 / only this court; repeatable.")
@click.option("--year", type=int, multiple=True, help="只看这一年度，可多次 / only this year; repeatable.")
@click.option("--object", "about", default="", help="所计事物含这些字 / words in the object.")
@click.option("--unit", default="", help="单位 / unit.")
@click.option("--csv", "as_csv", is_flag=True, help="输出 CSV / print CSV.")
@json_option
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
    settings = settings_from(index=index)
    from service.engine import Engine
    from service.wording import figure

    total, found = Engine(settings.index, settings.model).facts(
        courts=court, years=year, about=about, unit=unit
    )
    if as_json:
        from service.web.answer_schemas import Fact

        print_json({"total": total, "facts": [Fact.of(fact).model_dump() for fact in found]})
    elif as_csv:
        from service import sheets

        sys.stdout.buffer.write(sheets.as_csv(found))
    else:
        for fact in found:
            click.echo(
                f"{fact.court.name}  {fact.year or ''}  {fact.fact.object}  {figure(fact.fact)}  （{fact.fact.context}）"
            )
        click.echo(f"共 {total} 条 / {total} figures")


@click.command(name="eval")
@click.argument("gold", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--facts",
    "facts_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="数据标准答案(JSON Lines) / gold facts.",
)
@click.option("--verbose", is_flag=True, help="列出失分的题目 / list what lost points.")
@index_option
@model_option
@reranker_option
@json_option
def evaluate(
    gold: Path,
    facts_file: Path | None,
    verbose: bool,
    index: Path | None,
    model: str | None,
    reranker: Path | None,
    as_json: bool,
) -> None:
    """用题目文件 GOLD(JSON Lines)评测检索、数据与回答。Score retrieval, facts and answers against gold.

    每行含 id、type、query、passages(应检出的原文)，计数题另有 answers(court、number、number_start)。
    """
    settings = settings_from(index=index, model=model, reranker=reranker)
    from service.engine import Engine
    from service.evaluate import read_facts, read_gold, score_answers, score_facts, score_retrieval
    from service.search import Mode

    questions = read_gold(gold)
    engine = Engine(settings.index, settings.model, settings.reranker, settings.rerank_most)
    lost: list[str] = []
    figures = {mode.value: score_retrieval(engine, questions, mode) for mode in Mode}
    answers = score_answers(engine, questions, lost)
    facts = score_facts(engine, read_facts(facts_file), questions, lost) if facts_file else {}
    if verbose:
        click.echo("\n".join(lost), err=True)
    if as_json:
        print_json({"questions": len(questions), "retrieval": figures, "answers": answers, "facts": facts})
        return
    click.echo(f"{'':24}" + "".join(f"{mode:>10}" for mode in figures))
    for name in figures["hybrid"]:
        click.echo(f"{name:24}" + "".join(f"{figures[mode][name]:>10.3f}" for mode in figures))
    for name, value in {**answers, **{f"facts_{name}": value for name, value in facts.items()}}.items():
        click.echo(f"{name:24}{value:>10.3f}")
