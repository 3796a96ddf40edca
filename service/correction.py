"""A second turn with the language model: the sentences that did not pass the check, and what may stand in their place."""

from __future__ import annotations

import json
from collections.abc import Sequence

from service.llm import Messages
from service.verification import Checked

__all__ = ["corrected", "correction"]

_TASK = """以下句子没有通过与“依据”的核对，不能采用。请逐句重写，一句一行，可以拆成几句：先写法院名称，再按原来的顺序照抄所注编号“原文”里的有关字词，不换说法，不添字，句末仍注编号。不能这样写的不写。规则不变，只输出重写的句子。"""
_TASK_IN_ENGLISH = """The sentences below did not pass the check against “依据” and cannot be used. Rewrite each on a line of its own, as several short ones if need be: the court, then the words of “原文” in English one by one, those in “terms” exactly as given there, and nothing besides; end with the number of the citation. Leave out what cannot be written so. The rules stand. Reply with the rewritten sentences only."""
_FAULTS = {
    "citation": "没有注明依据的编号，或依据里没有这个编号",
    "markup": "含有链接或标记",
    "court": "没有写明法院，或不是所注编号的法院",
    "number": "数字、单位或所数的事项与“原文”不一致",
    "comparison": "比较或排名不能由所注的数字得出",
    "unsupported": "有“原文”没有的字词，或改变了原意",
}
_FAULTS_IN_ENGLISH = {
    "citation": "no citation, or one that is not there",
    "markup": "links or markup",
    "court": "no court, or not the one cited",
    "number": "a number, its unit or what it counts is not so in “原文”",
    "comparison": "a comparison that the cited numbers do not give",
    "unsupported": "words that are not in “原文”, or another meaning",
}


def correction(asked: Messages, reply: str, sentences: Sequence[Checked], chinese: bool) -> Messages:
    """Return what the model is told of those of its sentences that failed; empty where none is worth another try.

    What neither cites nor counts (a greeting, an opinion) is not.
    """
    wrong = [
        {"句子": sentence.text, "问题": _what_is_wrong(sentence, chinese)}
        for sentence in sentences
        if _worth_it(sentence)
    ]
    if not wrong:
        return []
    task = _TASK if chinese else _TASK_IN_ENGLISH
    return [
        *asked,
        {"role": "assistant", "content": reply},
        {"role": "user", "content": f"{task}\n{json.dumps(wrong, ensure_ascii=False)}"},
    ]


def _what_is_wrong(sentence: Checked, chinese: bool) -> str:
    fault = (_FAULTS if chinese else _FAULTS_IN_ENGLISH)[sentence.fault]
    if not sentence.unfound:
        return fault
    words = "、".join(sentence.unfound) if chinese else ", ".join(sentence.unfound)
    return f"{fault}；“原文”里找不到：{words}" if chinese else f"{fault}; not found in “原文”: {words}"


def corrected(first: Sequence[Checked], second: Sequence[Checked]) -> list[Checked]:
    """Return the kept sentences of a reply, those of the second turn where the one stood that they replace."""
    replaced: dict[int, list[Checked]] = {}
    for sentence in second:
        for place, old in enumerate(first):
            if sentence.kept and _worth_it(old) and (not old.cites or {*old.cites} & {*sentence.cites}):
                replaced.setdefault(place, []).append(sentence)
                break
    return [
        sentence
        for place, old in enumerate(first)
        for sentence in ([old] if old.kept else replaced.get(place, ()))
    ]


def _worth_it(sentence: Checked) -> bool:
    return not sentence.kept and (bool(sentence.cites) or any(char.isdigit() for char in sentence.text))
