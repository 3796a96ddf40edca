"""Report titles, their year and genre, and tables of contents."""

from __future__ import annotations

import re

from indexer.courts import name_in_title
from indexer.numbering import numbered
from indexer.text import squeeze

__all__ = [
    "bare_title",
    "contents_end",
    "genre_of",
    "is_court_line",
    "is_front_line",
    "is_title",
    "year_of",
    "years_of",
]

_GENRES = (
    ("通报", "通报"),
    ("公报", "公报"),
    ("讲话", "讲话"),
    ("致辞", "讲话"),
    ("方案", "方案"),
    ("计划", "方案"),
    ("要点", "方案"),
    ("意见", "意见"),
    ("总结", "总结"),
    ("综述", "总结"),
    ("汇报", "报告"),
    ("白皮书", "白皮书"),
    ("纪要", "纪要"),
    ("通知", "通知"),
    ("公告", "通知"),
    ("说明", "说明"),
    ("工作情况", "报告"),
    ("报告", "报告"),
)
_NOTE = re.compile(r"(?:[①-⑳㈠-㈩]|[（(【\[〔][^（）()【】\[\]〔〕]{1,24}[）)】\]〕]|\*|摘要|全文|摘登)+$")
_LEADERS = re.compile(r"[\s.．。·…‥—_-]*[（(]?\d{1,3}[）)]?\s*$|[\s.．·…‥]{2,}$")
_CONTENTS = re.compile(r"^[\s#【\[]*目\s*[录錄次][\s】\]]*$")
_FRONT_LINE = re.compile(
    r"^(?:(?:[—–─]{1,3}|-{2,3}).{4,60}|[（(][^（()）]{2,60}[）)]"
    r"|(?:\d{4}|[〇○零一二三四五六七八九]{4})年(?:度|[\d元一二三四五六七八九十]{1,2}月(?:[\d一二三四五六七八九十]{1,3}日)?[^，。；：]{0,40})?"
    r"|[^，。；]{2,30}法院(?:党组书记|党组成员|院长|代理院长|副院长|、)+[^，。；]{1,20})$"
)
_SALUTATION = re.compile(r"^(?:各位|尊敬的|同志们|主任|主席|审判长)[^。，；]{0,24}[：:]$")
_YEAR = re.compile(r"(20\d{2}|19\d{2}|[二一][〇○零九][〇○零一二三四五六七八九]{2})\s*(?:年度|年|财年)")
_RANGE = re.compile(r"20\d{2}\s*年?\s*[-—–~至到]+\s*(20\d{2})\s*年")
_RANGE_IN_TITLE = re.compile(r"(20\d{2})年?(?:度)?[-—–~至到]+(20\d{2})年")
_OF_YEAR = re.compile(r"(?:一、|^)?(20\d{2})年(?:度)?(?:工作|主要工作|的主要工作|以来)")
_OPENING_YEAR = re.compile(r"^\s*(20\d{2})年(?:以来|来|度)?[，,]")
_DELIVERED = re.compile(r"(20\d{2})年(\d{1,2})月\d{1,2}日")
_LONGEST_NOTED = 200
"""Characters of a title with the notes behind it, or of an entry of a table of contents with its leaders."""
_HAN_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")


def bare_title(line: str) -> str:
    """Return a title without markdown marks, spaces, and the ① or （摘要） after it."""
    text = squeeze(line).lstrip("#").strip("*_")
    shorter = _NOTE.sub("", text)
    return shorter or text


def is_title(line: str) -> bool:
    """Tell whether a line reads as the title of a court's report."""
    if len(squeeze(line)) > _LONGEST_NOTED:
        return False
    text = bare_title(line)
    if not 6 <= len(text) <= 90 or re.search(r"[。；！？，：]", text):
        return False
    mark = numbered(line.strip())
    if mark is not None and not mark.markdown:
        return False
    return genre_of(text) is not None and re.search(r"法院|党组|(?<![集提])[中高]院", text) is not None


def is_court_line(line: str) -> bool:
    """Tell whether a line is nothing but a court's name, as titles over two lines begin."""
    if len(squeeze(line)) > _LONGEST_NOTED:
        return False
    text = bare_title(line)
    return (
        len(text) <= 40
        and re.search(r"法院(?:党组|机关党委)?$", text) is not None
        and bool(name_in_title(text))
    )


def is_front_line(line: str) -> bool:
    """Tell whether a line is a subtitle, date, or speaker, as they stand between title and text."""
    text = line.strip()
    if _SALUTATION.match(text):
        return True
    return len(text) <= 64 and _FRONT_LINE.match(text) is not None and not text.endswith(("。", "；"))


def genre_of(title: str) -> str | None:
    """Return the genre a title's last words name (报告, 通报, 讲话, …), or None."""
    bare = bare_title(title)
    return next((genre for words, genre in _GENRES if bare.endswith(words)), None)


def contents_end(lines: list[str]) -> int:
    """Return how many lines at the head of a source are its table of contents (0 where it has none).

    After a line 目录, entries are the lines that come again further down, leaders and page numbers aside.
    """
    head = next((i for i, line in enumerate(lines) if line.strip()), None)
    while head is not None and not _CONTENTS.match(lines[head]):
        following = next(
            (i for i in range(head + 1, min(head + 4, len(lines))) if _CONTENTS.match(lines[i])), None
        )
        if following is None or any("。" in line for line in lines[head:following]):
            return 0
        head = following
    if head is None:
        return 0
    keys = [_entry(line) for line in lines]
    later: dict[str, int] = {key: i for i, key in enumerate(keys) if key}
    end = head + 1
    for i in range(head + 1, len(lines)):
        if not keys[i]:
            continue
        dotted = re.search(r"[.．·…]{3,}", lines[i]) is not None
        if later[keys[i]] <= i and not dotted:
            break
        end = i + 1
    return end


def _entry(line: str) -> str:
    """Return what an entry of a table of contents says of its heading; a line too long for one is itself."""
    return bare_title(_LEADERS.sub("", line)) if len(line) <= _LONGEST_NOTED else line


def year_of(title: str, front: list[str], opening: str, headings: list[str]) -> int | None:
    """Return the year a report is about.

    The title's own year first; else a heading's or the opening's (2023年，…); else the year before the day it
    was delivered, when that day lies in the first quarter, as reports to a congress do; else that year.
    """
    for text in (title, *front[:1]):
        ranged = _RANGE.search(text)
        if ranged:
            return int(ranged[1])
        plain = _YEAR.search(text)
        if plain and not _DELIVERED.search(text):
            return int(plain[1].translate(_HAN_DIGITS))
    for text in headings:
        found = _OF_YEAR.search(text)
        if found:
            return int(found[1])
    found = _OPENING_YEAR.search(opening)
    if found:
        return int(found[1])
    for text in front:
        day = _DELIVERED.search(text)
        if day:
            return int(day[1]) - (int(day[2]) <= 3)
    found = _YEAR.search(opening)
    return int(found[1].translate(_HAN_DIGITS)) if found else None


def years_of(title: str, year: int | None) -> range:
    """Return the years that a report is of, given the last of them: several where its title names a range."""
    found = _RANGE_IN_TITLE.search(squeeze(title))
    if found and year is not None and int(found[1]) < int(found[2]) == year:
        return range(int(found[1]), year + 1)
    return range(0) if year is None else range(year, year + 1)
