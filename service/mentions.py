"""The courts that a sentence names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.numerals import quantities
from indexer.text import fold

__all__ = ["Mention", "in_groups", "mentions", "names_many", "number_of_courts"]

_ANY_COURT = re.compile(r"[一-鿿]{0,10}?(?:法院|中院|高院)")
_NAME_START = re.compile(r"[和与及由在是对向为的将把　]")
_SHORTEST_NAME = 2
_KINDS = frozenset("省市州县区")
_PART_OF_A_NAME = re.compile(r"(?![和与及由在是对向为的将把据按而但经从到]|\s)[一-鿿]")
_FRAMES = frozenset("其中 载明 报告 显示 指出 表示 提到 写明 包括 分别".split())
_GENERAL = re.compile(
    r"(?:^|各|[两三]级|走进|来到|进入|参观|两|家|个|名|全市|全省|全国|基层|辖区|有的|有些|一些|个别|部分|少数|多数|[省市州县区]{2}|其他|其余|所有|本|该|上级|下级|我|全|　)(?:人民)?(?:法院|中院|高院)$"
)


_MANY = re.compile(
    r"(?:各|每|两|三|四|五|几|多|全|全市|全省|全国|辖区|基层|其他|其余|所有|上级|下级)(?:家|个|级|地|区)*(?:人民)?(?:法院|中院|院(?!长|党|内|团|机))"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A court named at [start, end); several keys where courts share the name."""

    start: int
    end: int
    courts: frozenset[str]


def mentions(
    words: str, names: Sequence[tuple[str, frozenset[str]]], quotes: str = ""
) -> list[Mention] | None:
    """Return the courts that folded words name, in order; None where they name one that is not known.

    `names` come longest first. A court that the cited words name so (芦荻县法院) is part of what they tell.
    """
    found: list[Mention] = []
    rest = words
    for name, courts in names:
        written = fold(name)
        theirs = written[0] in _KINDS and written in quotes
        at = _alone(rest, written, 0)
        while at >= 0:
            if not theirs:
                found.append(Mention(at, at + len(written), courts))
            rest = rest[:at] + "　" * len(written) + rest[at + len(written) :]
            at = _alone(rest, written, at + 1)
    for match in _ANY_COURT.finditer(rest):
        name = _NAME_START.split(match[0])[-1]
        held = name if len(name) > _SHORTEST_NAME else match[0][-len(name) - 1 :]
        if not _GENERAL.search(match[0]) and not (len(held) > _SHORTEST_NAME and held in quotes):
            return None
    return sorted(found, key=lambda mention: mention.start)


def _alone(rest: str, name: str, start: int) -> int:
    """Return where a name stands; a general one (省法院) not within another's (全省法院, 芦荻县法院). -1: nowhere."""
    at = rest.find(name, start)
    while (
        at > 0
        and name[0] in _KINDS
        and _PART_OF_A_NAME.match(rest[at - 1])
        and rest[max(at - 2, 0) : at] not in _FRAMES
    ):
        at = rest.find(name, at + 1)
    return at


def names_many(bare: str, support: str) -> bool:
    """Tell whether words speak of courts in general (各院, 全市法院) where the supporting words do not."""
    return any(match[0] not in support for match in _MANY.finditer(bare))


def in_groups(words: str, named: Sequence[Mention]) -> list[list[Mention]]:
    """Return the courts that are named in one breath (甲院、乙院和丙院) together."""
    groups: list[list[Mention]] = []
    for mention in named:
        joint = words[groups[-1][-1].end : mention.start] if groups else "。"
        if re.fullmatch(r"[、和与及跟以,，\s]{0,3}", joint):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    return groups


def number_of_courts(words: str) -> int:
    """Return of how many courts words speak without a name (三家法院), 0 for none."""
    match = re.search(r"([两二三四五六七八九十\d]+)家(?:[中高]级)?(?:人民)?法院", words)
    return int(next((quantity.value for quantity in quantities(match[1])), 0)) if match else 0
