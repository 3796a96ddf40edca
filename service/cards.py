"""Answers as chat platforms show them: short Markdown or plain text, within the platform's length."""

from __future__ import annotations

import re
from collections.abc import Callable

from indexer.citations import Citation
from service.chat import Turn
from service.markdown import place

__all__ = ["as_markdown", "as_text", "flat", "question_in"]

_MARK = re.compile(r"\[(\d{1,4})\]")
_ACTING = str.maketrans("[]<>*`|~#_", "［］＜＞＊＇｜～＃＿")
_AT = re.compile(r"@[^\s@]{1,40}\s*")
REFERENCES = 6
_MORE = {True: "……（余下见链接）", False: "… (the rest behind the links)"}


def question_in(text: str) -> str:
    """Return what is asked in a message, without the robot's name before or after it."""
    return _AT.sub(" ", text.replace("\u2005", " ").replace("\u00a0", " ")).strip()


def flat(text: str) -> str:
    """Return text with the characters that these platforms' Markdown acts on in their full-width forms."""
    return text.translate(_ACTING)


def as_markdown(turn: Turn, base: str, most_bytes: int) -> str:
    """Return a turn's answer as Markdown, every [n] a link, the citations listed below."""
    citations = turn.answer.citations if turn.answer else ()
    body = _linked(turn, citations, lambda number, url: f"[【{number}】]({url})", base)
    listed = [
        f"[【{number}】{flat(place(citation, chinese=turn.chinese))}]({base}{citation.url})"
        for number, citation in enumerate(citations[:REFERENCES], 1)
    ]
    return _fitted(
        [*body, *(["", "**引注**" if turn.chinese else "**Citations**", *listed] if listed else [])],
        "\n\n",
        most_bytes,
        turn.chinese,
    )


def as_text(turn: Turn, base: str, most_bytes: int) -> str:
    """Return a turn's answer as text in which only links are marked up, as WeCom's text messages allow."""
    citations = turn.answer.citations if turn.answer else ()
    return _fitted(
        _linked(turn, citations, lambda number, url: f'<a href="{url}">【{number}】</a>', base),
        "\n",
        most_bytes,
        turn.chinese,
    )


def _linked(
    turn: Turn, citations: tuple[Citation, ...], link: Callable[[int, str], str], base: str
) -> list[str]:
    lines = []
    for line in [turn.preface, *turn.text.split("\n")]:
        pieces = _MARK.split(line)
        out = [flat(pieces[0])]
        for number, after in zip(pieces[1::2], pieces[2::2], strict=True):
            known = 1 <= int(number) <= len(citations)
            out.append(link(int(number), base + citations[int(number) - 1].url) if known else f"【{number}】")
            out.append(flat(after))
        if line:
            lines.append("".join(out))
    return lines


def _fitted(lines: list[str], joint: str, most_bytes: int, chinese: bool) -> str:
    """Join lines, leaving out whole ones from the first that does not fit."""
    kept: list[str] = []
    room = most_bytes - len((joint + _MORE[chinese]).encode())
    for line in lines:
        room -= len((joint + line).encode())
        if room < 0:
            return joint.join([*kept, _MORE[chinese]])
        kept.append(line)
    return joint.join(kept)
