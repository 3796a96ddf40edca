"""How far words are supported by others: shares of characters that stand in the same bigrams."""

from __future__ import annotations

import re

from indexer.text import HAN
from service.framing import FRAME, same_acts
from service.lexicon import canonical

__all__ = [
    "LEAST_SHARE",
    "carries_matter",
    "either_wording",
    "matter",
    "qualifiers_supported",
    "same_wording",
    "share_supported",
    "similarity",
    "unfound",
    "without_cases",
]

LEAST_SHARE = 0.6
_JOINTS = frozenset(
    "替给帮长短则又仍并使让令把被将该且而所得地着过到出起来去后前内外间时等名人次则皆即亦若如因故经给予受获得做作用开进再更很较非之乎而且但却且虽并或及以于自向往朝对跟同与共计数量件条项起种类处院方面者们您我他她它度另无未没不高低"
)
"""Characters that join words, deny or compare, which are checked elsewhere: one in a row may be missing from the cited words."""

_OPPOSITES = (
    "前后 内外 高低 上下 受行 出入 进退 收付 增减 升降 快慢 买卖 原被 正副 男女 新旧 公私 授受 长短".split()
)
_OPPOSITE: dict[str, str] = {
    char: "".join(pair.replace(char, "") for pair in _OPPOSITES if char in pair)
    for char in "".join(_OPPOSITES)
}
"""受贿 is no 行贿, though 受 alone may join words."""
_WORD = re.compile(rf"[{HAN}]+|[a-z0-9]+")
_TURNS_SENSE = re.compile(
    r"拒绝|取消|停止|缺乏|失败|虚假|造假|隐瞒|每[一-鿿]|平均|[人日月周年户]均|累计|连续|首[次批个家例创位]|唯一|率先|"
    r"历年|往年|去年|上年|同期|同比|环比|曾|大幅|多数|少数|过半|半数|(?<![”」年])部分(?!给出|显示|说明|[写提指载中里])|个别|仅|只(?!有)|至少|至多|[上中下]旬|[上下]半年|"
    r"[月年季][初中末底]|季度|[加长升降落少低减增]至|[加长升降落少低减增]到(?!位)|全[国省]"
)
_HANDED = "移交|移送|转交|交办|反馈"
_HANDED_TO = re.compile(
    rf"(?:{_HANDED})[^，,；;。]*向 *(?P<behind>[{HAN}]{{2}})|向(?P<ahead>[{HAN}]{{2}})[^，,；;。]*(?:{_HANDED})"
)
_TO_WHOM = rf"[向给][^，,；;。]*(?:{_HANDED})|(?:{_HANDED})[^，,；;。]*[给至到]|(?:{_HANDED})"
"""What was handed over, and to whom: 甲组移交的 was not handed to it."""
_WHOLE = re.compile(r"(?<!占)全部|(?<!占)所有|全体|一律|悉数|均|都(?!市)|全都")
_SAME_TIME = re.compile(r"[比较与同](?:上年|去年)(?:同期)?(?:相比)?|同期相比")
_MORE_THAN_BEFORE = re.compile(r"同比[，,]?多(?:了|出)?(?=[近约超逾]?\d)")
_LESS_THAN_BEFORE = re.compile(r"同比[，,]?少了?(?=[近约超逾]?\d)")
_RISEN_TO = re.compile(r"(?:增加|上升|提高|提升|增长|升高|扩大|[增升])(?:至|到(?!位))了?")
_FALLEN_TO = re.compile(r"(?:缩短|下降|降低|减少|压缩|压降|回落|[降减])(?:至|到(?!位)|为)了?")
_FROM = re.compile(
    r"(?P<change>缩短|下降|降低|减少|压缩|上升|提高|提升|增加|[升降增减])(?P<to>至|到|为)(?P<now>[近约超]?\d[\d.]*[^\d，,。；;（(]{0,4})"
    r"[，,（(](?:而|比)?(?:此前|原来|原先|之前|原)的?(?:为|是|则为)?(?P<before>[近约超]?\d[\d.]*[^\d，,。；;）)]{0,4})"
)
"""A change told backwards: 缩短至48天，此前为61天."""
_AGAINST = re.compile(r"[与同](?P<year>上年|去年)(?P<was>的?[近约超]?\d[\d.]*[^\d，,。；;]{0,3}?)相比[，,]?")
"""与上年的96条相比，增长…: than last year's."""
_RANKED = re.compile(r"(?:位列|位居|名列|列居|排名|排在|排|居|列)(?:为|在)?(?=第)")


def similarity(one: str, other: str) -> int:
    """Return how many bigrams of Chinese characters two texts share."""
    return len(_bigrams(one) & _bigrams(other))


def _bigrams(text: str) -> set[str]:
    return {run[i : i + 2] for run in re.findall(rf"[{HAN}]+", text) for i in range(len(run) - 1)}


def same_wording(text: str) -> str:
    """Return the text with the ways of saying a comparison with last year, a rank, or a change to a value made one."""
    text = _AGAINST.sub(r"较\g<year>\g<was>", text.replace("上一年", "上年"))
    text = _FROM.sub(r"由\g<before>\g<change>\g<to>\g<now>", text)
    text = _FALLEN_TO.sub("降至", _RISEN_TO.sub("增至", text))
    text = _MORE_THAN_BEFORE.sub("同比增加", _LESS_THAN_BEFORE.sub("同比减少", _SAME_TIME.sub("同比", text)))
    return _RANKED.sub("排名", text)


def matter(text: str) -> str:
    """Return the text with every wording that means the same put as one, so that words can be held against words."""
    return canonical(same_acts(same_wording(text)))


def either_wording(text: str) -> str:
    """Return supporting words as they stand and with the wordings that mean the same put as one."""
    return f"{matter(text)} {text}"


def qualifiers_supported(stated: str, support: str, of_several: bool) -> bool:
    """Tell whether every word that narrows or widens what is said (每月, 平均, 部分, 上旬) is in the supporting words.

    全部, 都 and the like stand for one another; said of several courts, they only gather them.
    """
    handed = _HANDED_TO.search(stated)
    if handed and not re.search(rf"{_TO_WHOM}{handed['behind'] or handed['ahead']}", support):
        return False
    if not of_several and _WHOLE.search(stated) and not _WHOLE.search(support):
        return False
    return all(match[0] in support for match in _TURNS_SENSE.finditer(stated))


def carries_matter(stated: str) -> bool:
    """Tell whether words say anything besides joints and verbs of reporting."""
    return any(counts for word in _WORD.findall(stated) for counts, _ in _marks(word, ""))


def share_supported(stated: str, support: str) -> bool:
    """Tell whether what is stated is made of the supporting words.

    Words that carry no matter are left out; of the rest at least LEAST_SHARE must be supported, and none may not be
    but a joint by itself, or a character that is there in another place.
    """
    for word in _WORD.findall(stated):
        if _turned_round(word, support):
            return False
        marks = _marks(word, support)
        run = 0
        for char, (counts, supported) in zip(word, marks, strict=True):
            if not counts:
                run = 0
                continue
            run = 0 if supported else run + 1
            if run > 1 or (run and char not in _JOINTS and char not in support):
                return False
    return _share(stated, support) >= LEAST_SHARE


def _turned_round(word: str, support: str) -> bool:
    """Tell whether a pair of characters is in the supporting words with one of them turned into its opposite alone."""
    return any(
        pair not in support and f"{pair[:at]}{other}{pair[at + 1 :]}" in support
        for pair in (word[i : i + 2] for i in range(len(word) - 1))
        for at, char in enumerate(pair)
        for other in _OPPOSITE.get(char, "")
    )


def without_cases(stated: str, support: str) -> str:
    """Return words without the 案件 that the unit 件 says already, where the supporting words name no case."""
    return stated if "案" in support else stated.replace("案件", "")


def unfound(stated: str, support: str) -> tuple[str, ...]:
    """Return the words, or parts of words, of what is stated that the supporting words do not hold, joints left out."""
    found: list[str] = []
    for word in _WORD.findall(stated):
        missing = "".join(
            char if counts and not supported else " "
            for char, (counts, supported) in zip(word, _marks(word, support), strict=True)
        )
        found += [part for part in missing.split() if set(part) - _JOINTS]
    return tuple(dict.fromkeys(found))


def almost_supported(stated: str, support: str, whole: str) -> bool:
    """Tell whether of what is stated no more is missing from the supporting words than what stands beside them elsewhere.

    诉前 may be missing before 调解成功率, where the whole has 诉前调解; what it has beside other words only may not.
    """
    for word in _WORD.findall(stated):
        marks = _marks(word, support)
        missing = [
            i for i, (counts, held) in enumerate(marks) if counts and not held and word[i] not in _JOINTS
        ]
        held = [i for i, (counts, supported) in enumerate(marks) if counts and supported]
        for i in missing:
            before, behind = (
                max((k for k in held if k < i), default=i),
                min((k for k in held if k > i), default=i),
            )
            if not any(
                len(beside) > 1 and beside in whole for beside in (word[before : i + 1], word[i : behind + 1])
            ):
                return False
    return _share(stated, support) >= LEAST_SHARE


def _share(stated: str, support: str) -> float:
    """Return the share, of the characters that carry matter, of those in the supporting words; 1 where none does."""
    known, total = 0, 0
    for word in _WORD.findall(stated):
        for char, (counts, supported) in zip(word, _marks(word, support), strict=True):
            total += counts and (supported or char not in _JOINTS)
            known += counts and supported
    return known / total if total else 1.0


def _marks(word: str, support: str) -> list[tuple[bool, bool]]:
    """Return for each character whether it carries matter, and whether the supporting words hold it in its place."""
    if word[0] < "\u3400":
        return [(True, word in support)] * len(word)
    glue = [False] * len(word)
    for match in FRAME.finditer(word):
        for i in range(*match.span()):
            glue[i] = True
    supported = [len(word) == 1 and word in support] * len(word)
    for i in range(len(word) - 1):
        if word[i : i + 2] in support:
            supported[i] = supported[i + 1] = True
    return [(not glue[i], supported[i]) for i in range(len(word))]
