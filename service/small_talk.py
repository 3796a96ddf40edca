"""Greetings, thanks, farewells, and questions about the service itself, with what to say to them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from indexer.records import Court
from indexer.text import has_han
from service.english_courts import english_name
from service.wording import court_name

__all__ = ["is_small_talk", "small_talk_reply"]

_END = r"[\s。！!？?~～,，.呀啊哦呢啦]*"
_THANKS = re.compile(
    rf"(?:(?:好的?|嗯|行)[,，\s]*)?(?:谢谢|多谢|感谢|谢了|辛苦|麻烦你|thanks?|thank you|thx|cheers)(?:你们?|您|了|啦|(?: you)?(?: (?:so|very) much| a lot)?)?{_END}",
    re.IGNORECASE,
)
_BYE = re.compile(
    rf"(?:再见|拜拜|回头见|先这样|没事了|不用了|没有了|没了|bye|goodbye|see you){_END}", re.IGNORECASE
)
_OKAY = re.compile(
    rf"(?:好的?|嗯+|行|可以|明白了?|知道了|了解了?|收到|懂了|对|是的|不错|很好|ok(?:ay)?|got it|i see|great|fine){_END}",
    re.IGNORECASE,
)
_HELLO = re.compile(
    rf"(?:你好|您好|大家好|早上好|上午好|中午好|下午好|晚上好|早|嗨|哈喽|在吗|在不在|有人吗|ping|测试(?:一下)?|hi|hello|hey|test|good (?:morning|afternoon|evening))(?: there)?{_END}",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(?:你好[,，]?\s*)?(?:请问)?(?:你是谁|你是什么|你叫什么(?:名字)?|介绍(?:一下)?(?:你)?自己|(?:你|您)?(?:都)?(?:能|会|可以)(?:做|干|查|问|回答|帮我做)(?:些|点)?(?:什么|啥|哪些(?:问题|事)?)|"
    r"(?:你)?有(?:什么|哪些)功能|(?:你)?怎么(?:用|使用)|如何使用|使用(?:说明|方法)|帮助|help|who are you|what (?:can|do) you do|what are you|how do i use (?:this|you)|"
    r"(?:都)?(?:有|收录了?)(?:哪些|什么)(?:法院的)?报告|能查哪些(?:法院|报告))"
    rf"{_END}",
    re.IGNORECASE,
)
_KINDS = (_THANKS, _BYE, _HELLO, _ABOUT, _OKAY)


def is_small_talk(text: str) -> bool:
    """Tell whether a turn greets, thanks or asks after the service, and asks nothing of the reports."""
    return any(kind.fullmatch(text.strip()) for kind in _KINDS)


def small_talk_reply(text: str, courts: Iterable[Court]) -> str:
    """Return a short reply to small talk, in its language; `courts` are those whose reports can be asked about."""
    said, chinese = text.strip(), has_han(text)
    if _THANKS.fullmatch(said):
        return "不客气。还想查什么，直接问即可。" if chinese else "You are welcome. Ask on whenever you like."
    if _BYE.fullmatch(said):
        return "再见。" if chinese else "Goodbye."
    if _OKAY.fullmatch(said) and not _HELLO.fullmatch(said):
        return "好的。还想查什么，直接问即可。" if chinese else "Fine. Ask on whenever you like."
    if chinese:
        names = "、".join(court_name(court) for court in courts)
        return (
            f"我只回答所收录的法院工作报告写了什么，逐条附出处。收录：{names}。"
            "可以问数量（各院整改措施有多少条？）、比较（哪个法院最多？）、做法（怎么抓作风建设？），也可以接着追问。"
        )
    names = ", ".join(english_name(court) for court in courts)
    return (
        f"I answer what the indexed court work reports state, every statement cited. Reports of: {names}. "
        "Ask for figures (How many measures did each court draw up?), comparisons, or what was done."
    )
