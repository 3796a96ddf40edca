"""Sources of pairs: what each is, its licence, its share of training, and readers of original downloads.

A pairs file is NAME.tsv.xz: one pair a line, left and right parted by a tab. README.md says how to obtain each.
"""

from __future__ import annotations

import json
import lzma
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

__all__ = ["READERS", "SOURCES", "Pair", "Source", "glossary", "read_pairs", "write_pairs"]

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Source:
    """A pairs file: its licence as stated by its origin, and its share of the training batches.

    `ordered` marks files whose neighbouring lines come from one document: half of their batches are made of
    runs of neighbours, which are each other's hard negatives. `switched` asks for a second version whose left
    sides are turned into English word by word.
    """

    name: str
    licence: str
    share: float
    ordered: bool = False
    switched: float = 0.0


SOURCES: tuple[Source, ...] = (
    Source("glossary", "our own writing, Apache-2.0", 1.5),
    Source(
        "moj_law", "public domain (law texts); Open Government Data License, Taiwan, 1.0", 9, ordered=True
    ),
    Source("moj_title", "as moj_law", 1),
    Source("tatoeba", "CC BY 2.0 FR", 8),
    Source("ntrex", "CC BY-SA 4.0", 2, ordered=True),
    Source("pud", "CC BY-SA 3.0", 1),
    Source("wordnet", "WordNet licence (English and Chinese Open Wordnet)", 8),
    Source("cedict", "CC BY-SA 3.0", 12),
    Source("zh_syn", "CC BY-SA 3.0 (from CC-CEDICT)", 4),
    Source("pydocs", "PSF; translations CC0", 5, ordered=True),
    Source("djangodocs", "BSD-3-Clause (Django)", 3, ordered=True),
    Source("reactdocs", "CC BY 4.0", 2, ordered=True),
    Source("difydocs", "CC BY 4.0", 0.3),
    Source("d2l", "Apache-2.0", 0.3),
    Source("drcd", "CC BY-SA 3.0", 7, ordered=True, switched=6),
    Source("cmrc_trial", "CC BY-SA 4.0", 1, ordered=True, switched=1),
    Source("med", "MIT", 2),
    Source("xwlb_head", "MIT (repository; the text is the broadcaster's)", 8, ordered=True, switched=6),
    Source("xwlb_ict", "as xwlb_head", 4),
    Source("xwlb_adj", "as xwlb_head", 2),
    Source("law_title", "law texts, in the public domain in China", 4, ordered=True, switched=3),
    Source("law_ict", "as law_title", 5),
    Source("case_title", "court cases, in the public domain in China", 0.5),
    Source("case_ict", "as case_title", 0.3),
)


def read_pairs(path: Path) -> Iterator[Pair]:
    """Yield the pairs of a NAME.tsv or NAME.tsv.xz. Raises ValueError naming a line without exactly one tab."""
    with lzma.open(path) if path.suffix == ".xz" else path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            text = line.decode().rstrip("\r\n")
            if text.startswith("#") or not text.strip():
                continue
            left, tab, right = text.partition("\t")
            if not tab or "\t" in right:
                raise ValueError(f"{path}:{number}: not two texts parted by one tab")
            yield left, right


def glossary() -> Iterator[Pair]:
    """Yield every alternative on the left of a line of glossary.tsv with every one on its right."""
    for left, right in read_pairs(Path(__file__).with_name("glossary.tsv")):
        for pair in product(re.split("; |；", left), re.split("; |；", right)):
            if pair[0] != pair[1]:
                yield pair


def write_pairs(path: Path, pairs: Iterator[Pair]) -> int:
    """Write pairs as NAME.tsv.xz and return their number; white space within a text becomes one blank."""
    count = 0
    with lzma.open(path, "wt", encoding="utf-8") as file:
        for left, right in pairs:
            left, right = " ".join(left.split()), " ".join(right.split())
            if left and right:
                file.write(f"{left}\t{right}\n")
                count += 1
    return count


_ITEM = re.compile(
    r"^\s*(?:(?:sub)?(?:paragraph|item)s?\s*\d+\s*[.:]?|[(（]?[\da-z一二三四五六七八九十]{1,3}[)）.、])\s*",
    re.I,
)


def _json(path: Path) -> dict[str, object]:
    content: dict[str, object] = json.loads(path.read_text(encoding="utf-8-sig"))
    return content


def _articles(law: dict[str, object]) -> dict[str, str]:
    """Return a law's articles by number; hard line breaks within Chinese text are undone."""
    found: dict[str, str] = {}
    for part in law["法規內容"]:  # type: ignore[attr-defined]
        if "條號" in part:
            found[re.sub(r"[^\d-]", "", part["條號"])] = re.sub(r"\r?\n\s*", "\n", part["條文內容"])
    return found


def _laws(root: Path) -> Iterator[tuple[dict[str, object], dict[str, object]]]:
    """Yield (Chinese, English) of every law whose two versions are of one date."""
    for path in sorted((root / "Eng_FalVMingLing").glob("*.json")):
        other = root / "FalVMingLing" / path.name
        if other.is_file():
            chinese, english = _json(other), _json(path)
            if chinese["最新異動日期"] == english["最新英文異動日期"]:
                yield chinese, english


def moj_law(root: Path) -> Iterator[Pair]:
    """Articles of Taiwan's laws, English and Chinese; items of an article one by one where they agree in number."""
    for chinese, english in _laws(root):
        ours, theirs = _articles(chinese), _articles(english)
        for number in ours:
            if number not in theirs:
                continue
            left, right = theirs[number], ours[number].replace("\n", "")
            if left and right:
                yield left, right
            items = [item for item in re.split(r"(?<=[;.:。；：])\n", theirs[number]) if item.strip()]
            parts = re.findall(r"[^。；：]+[。；：]", right)
            if 1 < len(items) == len(parts):
                for item, part in zip(items, parts, strict=True):
                    yield _ITEM.sub("", item), _ITEM.sub("", part)


def moj_title(root: Path) -> Iterator[Pair]:
    """Names of laws and of their chapters, English and Chinese."""
    for chinese, english in _laws(root):
        yield str(english["英文法規名稱"]), str(chinese["法規名稱"])
        heads = [
            [part["編章節"].strip() for part in law["法規內容"] if "編章節" in part]  # type: ignore[attr-defined]
            for law in (english, chinese)
        ]
        if len(heads[0]) == len(heads[1]):
            for left, right in zip(*heads, strict=True):
                yield (
                    re.sub(r"^(Chapter|Section|Part|Item)\s+\S+\s*", "", left, flags=re.I),
                    re.sub(r"^\s*第\s*\S+\s*[編章節款目]\s*", "", right),
                )


def tatoeba(root: Path) -> Iterator[Pair]:
    """cmn.txt of manythings.org: English, Chinese and their attribution, parted by tabs."""
    for line in (root / "cmn.txt").read_text(encoding="utf-8").splitlines():
        english, chinese = line.split("\t")[:2]
        yield english, chinese


def ntrex(root: Path) -> Iterator[Pair]:
    """NTREX-128: news of 2019 in English and their translation, line by line."""
    left, right = (
        (root / "NTREX-128" / name).read_text(encoding="utf-8").splitlines()
        for name in ("newstest2019-src.eng.txt", "newstest2019-ref.zho-CN.txt")
    )
    yield from zip(left, right, strict=True)


def pud(root: Path) -> Iterator[Pair]:
    """Parallel Universal Dependencies: the sentences of both treebanks by their ids."""
    sides: list[dict[str, str]] = []
    for name in ("en_pud-ud-test.conllu", "zh_pud-ud-test.conllu"):
        text = (root / name).read_text(encoding="utf-8")
        ids = re.findall(r"^# sent_id = (\S+)", text, re.M)
        sides.append(dict(zip(ids, re.findall(r"^# text = (.+)", text, re.M), strict=True)))
    for number, english in sides[0].items():
        if number in sides[1]:
            yield english, sides[1][number]


def wordnet(root: Path) -> Iterator[Pair]:
    """Chinese Open Wordnet: English lemmas, and glosses, of each synset with its Chinese lemmas."""
    chinese: dict[str, list[str]] = defaultdict(list)
    for line in (root / "wn-data-cmn.tab").read_text(encoding="utf-8").splitlines():
        synset, _, word = line.partition("\tcmn:lemma\t")
        if word:
            chinese[synset].append(word.replace("+", "").replace("_", " "))
    for part in ("noun", "verb", "adj", "adv"):
        for line in (root / f"data.{part}").read_text(encoding="utf-8").splitlines():
            if line.startswith("  "):
                continue
            fields, _, gloss = line.partition(" | ")
            cells = fields.split()
            for word in chinese.get(f"{cells[0]}-{cells[2].replace('s', 'a')}", []):
                for lemma in cells[4 : 4 + 2 * int(cells[3], 16) : 2]:
                    yield re.sub(r"\(\w+\)$", "", lemma).replace("_", " "), word
                yield gloss.split(";")[0], word


READERS = {
    "moj_law": (moj_law, "moj"),
    "moj_title": (moj_title, "moj"),
    "tatoeba": (tatoeba, "tatoeba"),
    "ntrex": (ntrex, "ntrex"),
    "pud": (pud, "pud"),
    "wordnet": (wordnet, "wordnet"),
}
"""Readers of originals: pairs file → reader, and the folder that it expects the original in."""
