"""What is lost when reports come as Word, PDF or web pages: each form of a corpus is indexed, served and asked.

    python -m benchmarks.conversions ../shared/corpus --gold ../shared/eval

Needs LibreOffice and Chromium. Prints facts and paragraphs of each form beside those of the plain text. With a folder of
gold (score.py, questions.jsonl, facts.jsonl, offsets into a corpus of one text), also what score.py says of a server
on it, the gold's offsets and quotations carried over to the text as extracted.
"""

from __future__ import annotations

import argparse
import difflib
import html
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from indexer.build import build
from indexer.facts import facts_of
from indexer.store.local import LocalStore
from models import load
from tests.servers import running

PAGE = """<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8"><title>{title}</title>
<style>body{{font-family:"Noto Serif CJK SC";font-size:16pt;line-height:1.6}} p{{text-indent:2em;margin:.3em 0}}</style>
</head><body>{body}</body></html>"""


def as_page(text: str, title: str) -> str:
    lines = [line.strip() for line in text.splitlines()]
    return PAGE.format(title=title, body="\n".join(f"<p>{html.escape(line)}</p>" for line in lines if line))


def run(*command: str | Path) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=600)


def office(source: Path, kind: str, out: Path) -> None:
    profile = f"-env:UserInstallation={(out.parent / 'profile').as_uri()}"
    filters = ["--infilter=HTML (StarWriter)"] if source.suffix == ".html" else []
    run("soffice", "--headless", profile, *filters, "--convert-to", kind, "--outdir", out, source)


def convert(corpus: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the forms and the folders that hold every text of the corpus in them."""
    yield "txt", corpus
    places = {form: folder / form for form in ("html", "docx", "office-pdf", "browser-pdf")}
    for place in places.values():
        place.mkdir()
    for path in sorted(corpus.glob("*.txt")):
        page = places["html"] / f"{path.stem}.html"
        page.write_text(as_page(path.read_text(encoding="utf-8"), path.stem), encoding="utf-8")
        office(page, "docx:MS Word 2007 XML", places["docx"])
        office(places["docx"] / f"{path.stem}.docx", "pdf", places["office-pdf"])
        target = places["browser-pdf"] / f"{path.stem}.pdf"
        run(
            "chromium",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            f"--print-to-pdf={target}",
            page.as_uri(),
        )
    yield from places.items()


def stated(index: Path) -> tuple[Counter[tuple[float, str, str]], Counter[str]]:
    store = LocalStore.open(index)
    reports = store.reports()
    facts = Counter((f.number, f.unit, f.object) for report in reports for f in facts_of(report))
    words = Counter("".join(p.text.split()) for report in reports for p in report.paragraphs)
    store.close()
    return facts, words


class Carried:
    """Places and quotations of one text in another that says the same, whatever breaks and blanks either has."""

    def __init__(self, old: str, new: str):
        self._old, self._new = old, new
        kept = [[at for at, char in enumerate(text) if not char.isspace()] for text in (old, new)]
        words = ["".join(text[at] for at in places) for text, places in zip((old, new), kept, strict=True)]
        self._places: dict[int, int] = {}
        for a, b, size in difflib.SequenceMatcher(None, *words, autojunk=False).get_matching_blocks():
            for step in range(size):
                self._places[kept[0][a + step]] = kept[1][b + step]

    def place(self, at: int) -> int:
        while at not in self._places and at < len(self._old):
            at += 1
        return self._places.get(at, len(self._new))

    def words(self, quote: str) -> str:
        start = self._old.find(quote)
        if start < 0:
            return quote
        last = start + len(quote) - 1
        while last not in self._places and last > start:
            last -= 1
        return self._new[self.place(start) : self._places.get(last, start) + 1]

    def gold(self, value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: self.gold(inner, name) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.gold(inner, key) for inner in value]
        if key in {"start", "number_start", "occurrences"}:
            return self.place(value)
        return self.words(value) if key in {"passages", "also_relevant_passages", "quote"} else value


def scored(gold: Path, old: str, index: Path, folder: Path) -> str:
    """Return what the scoring program says of a server on an index of one source."""
    folder.mkdir()
    store = LocalStore.open(index)
    (source,) = store.sources()
    store.close()
    carried = Carried(old, source.text)
    (folder / "text.txt").write_text(source.text, encoding="utf-8", newline="")
    for name in ("questions", "facts"):
        lines = (gold / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        moved = [
            json.dumps(carried.gold(json.loads(line)), ensure_ascii=False) for line in lines if line.strip()
        ]
        (folder / f"{name}.jsonl").write_text("\n".join(moved), encoding="utf-8")
    with running(index, folder / "log") as server:
        told = ["--url", server.url, "--source", source.name, "--text", folder / "text.txt", "--verbose"]
        told += ["--questions", folder / "questions.jsonl", "--facts", folder / "facts.jsonl"]
        ran = subprocess.run(
            [sys.executable, gold / "score.py", *told], capture_output=True, text=True, check=False
        )
    return ran.stdout + ran.stderr


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("corpus", type=Path, help="folder of .txt reports")
    options.add_argument("--gold", type=Path, help="folder with score.py, questions.jsonl and facts.jsonl")
    options.add_argument("--keep", type=Path, help="folder for the converted files and indexes")
    given = options.parse_args()
    encoder = load()
    with tempfile.TemporaryDirectory() as place:
        folder = given.keep or Path(place)
        folder.mkdir(parents=True, exist_ok=True)
        plain = None
        for form, files in convert(given.corpus, folder):
            index = folder / f"index-{form}"
            build([files], index, encoder, max_bytes=10**8)
            facts, words = stated(index)
            plain = plain or (facts, words)
            print(
                f"{form:<12} facts {(facts & plain[0]).total()} of {plain[0].total()},"
                f" paragraphs {(words & plain[1]).total()} of {plain[1].total()}"
            )
            for lost in (plain[0] - facts).elements():
                print(f"{'':<12} lost: {lost}")
            if given.gold:
                (text,) = given.corpus.glob("*.txt")
                old = text.read_bytes().decode("utf-8")
                print(scored(given.gold, old, index, folder / f"score-{form}"), flush=True)


if __name__ == "__main__":
    main()
