"""The command line of the recipe; each step reads what the one before it wrote."""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import numpy as np

from models.training.sources import READERS, write_pairs

__all__ = ["main"]


def sources(options: argparse.Namespace) -> None:
    options.out.mkdir(parents=True, exist_ok=True)
    for name, (reader, folder) in READERS.items():
        count = write_pairs(options.out / f"{name}.tsv.xz", reader(options.originals / folder))
        print(f"{name}: {count} pairs")


def prepare(options: argparse.Namespace) -> None:
    from models.training.data import prepare as prepare_pairs
    from models.training.vocabulary import Sizes

    prepare_pairs(options.pairs, options.mono, options.evaluation, options.work, Sizes())


def train(options: argparse.Namespace) -> None:
    import torch

    from models.static import quantize
    from models.training.net import Recipe
    from models.training.net import train as train_table

    torch.set_num_threads(options.threads)
    recipe = Recipe(dims=options.dims, steps=options.steps, seed=options.seed)
    table, losses = train_table(options.work, recipe)
    options.out.mkdir(parents=True, exist_ok=True)
    np.save(options.out / "float.npy", table)
    rows, scales = quantize(table)
    np.save(options.out / "table.npy", rows)
    np.save(options.out / "scales.npy", scales)
    shutil.copy(options.work / "tokenizer.json", options.out)
    (options.out / "losses.json").write_text(json.dumps(losses), encoding="utf-8")


def combine(options: argparse.Namespace) -> None:
    from models.static import quantize
    from models.training.combine import combine as combine_tables

    table = combine_tables([np.load(run / "float.npy") for run in options.runs], options.dims)
    options.out.mkdir(parents=True, exist_ok=True)
    rows, scales = quantize(table, bits=4)
    np.save(options.out / "table.npy", rows)
    np.save(options.out / "scales.npy", scales)
    shutil.copy(options.runs[0] / "tokenizer.json", options.out)


def translate(options: argparse.Namespace) -> None:
    from models.training.translation import aligned, learn, write

    table = learn(aligned(options.pairs, options.evaluation))
    write(options.out, table)
    print(f"{len(table)} words, {options.out.stat().st_size / 1e6:.1f} MB")


def evaluate(options: argparse.Namespace) -> None:
    from models.static import StaticEncoder
    from models.training.evaluate import TASKS
    from models.training.evaluate import evaluate as ranks_of

    print(f"{'recall@1 / @5':20}" + "".join(f"{task:>16}" for task in TASKS))
    found = {
        path: ranks_of(StaticEncoder.open(path, str(path)), options.evaluation) for path in options.models
    }
    for path, ranks in found.items():
        cells = [f"{(ranks[task] < 1).mean():.3f} / {(ranks[task] < 5).mean():.3f}" for task in TASKS]
        print(f"{path.name:20}" + "".join(f"{cell:>16}" for cell in cells))
    if len(found) > 1:
        for k in (1, 5):
            values = [np.array([(ranks[task] < k).mean() for ranks in found.values()]) for task in TASKS]
            print(
                f"{f'@{k}, mean ± spread':20}"
                + "".join(f"{one.mean():>9.3f} ±{np.ptp(one) / 2:.3f}" for one in values)
            )


def export(options: argparse.Namespace) -> None:
    for name in ("table.npy", "scales.npy"):
        shutil.copy(options.run / name, options.out)
    tokenizer = json.loads((options.run / "tokenizer.json").read_text(encoding="utf-8"))
    tokenizer["model"]["vocab"] = [[token, round(score, 3)] for token, score in tokenizer["model"]["vocab"]]
    compact = json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":"))
    (options.out / "tokenizer.json").write_text(compact, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.training", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="STEP")
    step = commands.add_parser(
        "sources", help="turn originals, downloaded as README.md says, into pairs files"
    )
    step.add_argument("originals", type=Path)
    step.add_argument("out", type=Path)
    step.set_defaults(run_step=sources)
    step = commands.add_parser("prepare", help="fold, clear, augment and tokenize pairs; build the tokenizer")
    step.add_argument("pairs", type=Path, nargs="+", help="folders of NAME.tsv.xz")
    step.add_argument("--mono", type=Path, required=True, help="mono.txt.xz: Chinese text, one line each")
    step.add_argument("--evaluation", type=Path, required=True, help="public sets, to keep out of training")
    step.add_argument("--work", type=Path, required=True)
    step.set_defaults(run_step=prepare)
    step = commands.add_parser("train", help="train a table")
    step.add_argument("--work", type=Path, required=True)
    step.add_argument("--out", type=Path, required=True)
    step.add_argument("--seed", type=int, default=0)
    step.add_argument("--dims", type=int, default=512)
    step.add_argument("--steps", type=int, default=2600)
    step.add_argument("--threads", type=int, default=2)
    step.set_defaults(run_step=train)
    step = commands.add_parser(
        "combine", help="make one model of runs that differ in their seed, in four bits"
    )
    step.add_argument("runs", type=Path, nargs="+")
    step.add_argument("--out", type=Path, required=True)
    step.add_argument("--dims", type=int, default=768)
    step.set_defaults(run_step=combine)
    step = commands.add_parser("translate", help="learn word translations, English to Chinese")
    step.add_argument("pairs", type=Path, nargs="+", help="folders of NAME.tsv.xz")
    step.add_argument("--evaluation", type=Path, required=True, help="public sets, to keep out of training")
    step.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "builtin" / "translations.tsv")
    step.set_defaults(run_step=translate)
    step = commands.add_parser("evaluate", help="score models alone on the public sets")
    step.add_argument("models", type=Path, nargs="+")
    step.add_argument("--evaluation", type=Path, required=True)
    step.set_defaults(run_step=evaluate)
    step = commands.add_parser("export", help="put a trained model where the package ships it")
    step.add_argument("run", type=Path)
    step.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "builtin")
    step.set_defaults(run_step=export)
    options = parser.parse_args()
    options.run_step(options)


if __name__ == "__main__":
    main()
