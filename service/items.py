"""Named things that a list question asks for: documents in 《》, and what reports put in “”."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.records import Paragraph, Report
from indexer.text import sentences
from service.asks import content_words
from service.english_lexicon import in_chinese
from service.fitting import term_share
from service.lexicon import ACT_KINDS
from service.questions import Question

__all__ = ["Item", "named_items"]

ABOUT = 0.5
"""Least share of a question's other words that the sentence of a name must hold."""

_WRITTEN = r"文件|制度|办法|方案|意见|规定|细则|规程|规则|规范|协议|备忘录|指引|指南|清单|纪要|条例|刊物|期刊|报刊|简报|专报|文章|报告|课题|作品|著作"
_CALLED = r"品牌|活动|荣誉称号|荣誉|称号|专栏|栏目|平台|讲堂|课堂|工作法|工作室|模式|机制|行动|工程|项目"
_ANY_WRITTEN = {"文件", "制度"}
_HONOURS = {"荣誉称号", "荣誉", "称号"}
_HONOURED = re.compile(r"获|荣|评为|当选|入选|授予|命名")
_ASKED = re.compile(rf"(?P<written>{_WRITTEN})|(?P<called>{_CALLED})")
_ASKING = re.compile(
    r"请|帮我|列出|列举|罗列|列一下|哪些|有什么|有哪|什么|都有|分别|各院|各家|各|是|了|的|吗|呢|过|所有|全部|名称|名字|叫|？|\?"
)
_TITLE = re.compile(r"《[^《》]{2,60}》")
_NAMES_OF = (
    "(?:[“”][^“”，。；]{{2,20}}[“”][、和及与]?)+(?:等[^，。；“”]{{0,6}}?)?[^，。；“”]{{0,6}}?(?:{kind})"
)
_NAME = re.compile(r"[“”][^“”，。；]{2,20}[“”]")
_CLAUSE_END = re.compile(r"[，。；]")


@dataclass(frozen=True, slots=True)
class Item:
    """A name and where it stands: [start, end) of its paragraph's text, in the sentence [low, high)."""

    report: Report
    paragraph: Paragraph
    start: int
    end: int
    low: int
    high: int

    @property
    def name(self) -> str:
        """The name in its marks, turned the right way round where the source has them wrong."""
        words = self.paragraph.text[self.start : self.end]
        return f"“{words[1:-1]}”" if words[0] in "“”" else words


def named_items(question: Question, scope: Sequence[Report]) -> list[Item]:
    """Return the named things that a question asks to be listed, each once a court; empty where it asks for none.

    A name counts if it is of the kind asked for, and its clause holds an act like the question's (印发, 签署); the
    question's other words must stand in its sentence.
    """
    words = question.rest if question.chinese else " ".join(in_chinese(question.text))
    kinds = list(_ASKED.finditer(words))
    if not kinds:
        return []
    kind = kinds[-1]
    rest = words[: kind.start()] + " " + words[kind.end() :]
    acts = {group for act, group in ACT_KINDS.items() if act in rest}
    about = content_words(_without_acts(_ASKING.sub(" ", rest)))
    found: dict[tuple[str, str], Item] = {}
    for report in scope:
        for item in _names(report, kind[0], written=bool(kind["written"])):
            clause = _clause(item)
            fits = not acts or any(ACT_KINDS[act] in acts for act in ACT_KINDS if act in clause)
            sentence = item.paragraph.text[item.low : item.high]
            path = " ".join(report.section_path(item.paragraph))
            if fits and (not about or term_share(about, f"{sentence} {path}") >= ABOUT):
                found.setdefault((report.court.key, item.name), item)
    return list(found.values())


def _without_acts(words: str) -> str:
    for act in sorted(ACT_KINDS, key=len, reverse=True):
        words = words.replace(act, " ")
    return words


def _names(report: Report, kind: str, written: bool) -> Iterator[Item]:
    named = re.compile(_NAMES_OF.format(kind=kind))
    for paragraph in report.paragraphs:
        if "《" not in paragraph.text and "“" not in paragraph.text:
            continue
        for low, high in sentences(paragraph.text):
            if written:
                spans = [match.span() for match in _TITLE.finditer(paragraph.text, low, high)]
                if kind not in _ANY_WRITTEN:
                    spans = [
                        (start, end)
                        for start, end in spans
                        if kind in paragraph.text[start : end + len(kind) + 3]
                    ]
            elif kind in _HONOURS:
                names = _NAME.finditer(paragraph.text, low, high)
                spans = [name.span() for name in names if _HONOURED.search(paragraph.text, low, name.start())]
            else:
                spans = [
                    name.span()
                    for group in named.finditer(paragraph.text, low, high)
                    for name in _NAME.finditer(paragraph.text, *group.span())
                ]
            for start, end in spans:
                yield Item(report, paragraph, start, end, low, high)


def _clause(item: Item) -> str:
    """Return the words around a name, from the stop before it to the one behind it."""
    text = item.paragraph.text
    stops = [match.end() for match in _CLAUSE_END.finditer(text, item.low, item.start)]
    behind = _CLAUSE_END.search(text, item.end, item.high)
    return (
        text[stops[-1] if stops else item.low : item.start]
        + text[item.end : behind.start() if behind else item.high]
    )
