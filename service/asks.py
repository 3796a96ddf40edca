"""What is counted in a question: each thing asked for, with its unit, qualifiers and acts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from indexer.objects import cut_predicate, is_act, split_acts
from indexer.units import UNIT, same_unit, unit_asked
from service.lexicon import ACT_KINDS, in_official_words

__all__ = [
    "ANY_YEAR",
    "CHANGE",
    "EACH_COURT",
    "HOW_MANY",
    "SHARE",
    "Ask",
    "Kind",
    "chinese_asks",
    "content_words",
    "paired_asks",
]


ANY_YEAR = 0
"""As the earlier year asked for: whichever the report gives."""


class Kind(StrEnum):
    """What sort of answer a question wants."""

    COUNT = "count"
    COMPARE = "compare"
    LIST = "list"
    PASSAGE = "passage"


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing asked for: alternative objects, unit, qualifying words, names that must occur, and acts.

    `words` are all that ask for it; `inherited` objects are those of the part before (…几期，有多少人次).
    `past` is the earlier year whose figures it asks for; `planned`, that only what is intended does.
    `court` is the key of the only court that it is asked of (甲院走访和乙院接访，哪边多). `whose` is "own" or "area"
    where the question tells a court's own figures from those of all courts of its area.
    """

    objects: tuple[str, ...]
    unit: str | None
    qualifiers: str
    names: tuple[str, ...]
    acts: frozenset[str]
    change: bool
    share: bool
    words: str = ""
    counted: bool = True
    alternatives: bool = False
    inherited: bool = False
    past: int | None = None
    planned: bool = False
    court: str | None = None
    whose: str = ""


EACH_COURT = re.compile(
    r"各(?:个|家|级)?(?:法院|中院|院)|每(?:个|家|一家|一个)(?:法院|中院|院)|哪(?:个|家|些|几家|一家|一个)(?:法院|中院|院)|哪(?:边|家|方)(?!企业|单位|公司|媒体|报)|谁家"
    r"|(?:[两二三四五六七八九十\d]+|几|多)(?:个|家)(?:法院|中院|院(?![落里子内校]))|(?:全部|所有)(?:法院|中院)"
    r"|\b(?:each|every|all(?:\s+the)?|which|per|both|the\s+(?:two|three|four|five))\s+(?:of\s+the\s+)?(?:\w+\s+)?courts?\b",
    re.IGNORECASE,
)
HOW_MANY = re.compile(
    r"百分之(?:几|多少)|多少|几成|多大(?=比例|比重)|几(?=[个条项次场名件份家期篇人位批轮类种天部所处成封起户回趟艘笔点])|(?:一共|共)?有没有统计"
)
_COMPARING = re.compile(
    r"最[多少高低大小长短快慢]|更[多少高低大小]|[差多]多少|(?<!减)少多少|相差|差距|差几[个条项次场名件份人]?|[多少]几[个条项次场名件份人]|谁家?|[多少高低](?=$|[，,。？?])|排名|排序|名列|对比|比较"
)
CHANGE = re.compile(
    r"[高低多少涨降升减增快慢长短]了|(?:提高|上升|增长|提升|增加|下降|降低|减少|升高|压降|压减|压缩|缩短)(?![到至为][多几])|同比|环比|增幅|降幅|[比较](?:上年|去年|上一年|往年)(?:同期)?(?:多|少|高|低)"
)
SHARE = re.compile(
    r"百分之(?:几|多少)|百分比|百分点|几成|占比|比例|比重|占[^，。？]{1,12}的?多少(?![一-鿿])|幅度|增幅|降幅|率(?:是|为|有|达|提高|上升|下降|降低)?多少|percent|what share|proportion|what rate",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[“\"「『《]([^”\"」』》]{2,24})[”\"」』》]")
_SEGMENT = re.compile(r"[，,。；;？?！!]")
_POLITE = re.compile(
    r"(?:合|加)(?:起来|在一起|到一起)|(?<!第)一年(?:下来|里|到头|当中|间)?(?![一-鿿]{0,2}[以之]|度|期|制|多)|"
    r"(?:麻烦|劳驾|辛苦|想|请|帮(?:我们?|忙)|能不能|可以|可否)*(?:您|你|大家)?(?:给我?)?"
    r"(?:请教|询问|请问|问|核对|核实|确认|查询|查|看看?|统计|梳理|汇总|说说?|介绍|算|列)(?:一)?下(?!降|发|沉|乡)"
    r"|(?:麻烦|劳驾|辛苦)(?:帮我?|您|你)*|谢谢|感谢您?|到底"
)
_EVERYDAY = frozenset(
    "拿 得 有 做 搞 办 开 发 签 定 去 来 给 评 收 派 扣 卖 捐 拍 立 结 审 判 送 建 设 用 请 提 查 抓 处".split()
)
_ASKING = re.compile(
    r"(?:给我|帮忙|按|分)?(?:法院|院)?(?:都|分别|逐一|挨个)?(?:列|报|说|讲|查|看|统计|汇总|介绍)(?:一下|一遍|说|报|看)|分(?:法院|院|别)(?:列|报|说|统计)|(?:是)?怎么(?:说|写|讲)的?|(?:各院|有关|相关|具体)情况(?:如何|怎样)?|统计数字|通过|一年(?=开|办|搞|做)|"
    r"[比较](?:上年|去年|上一年|往年|同期)|本级(?:自己)?|本院自己|自己(?=[收审办结执发受])|请问|请|今年|本年度?|比一比|(?:这|上|近)?一年(?=[开办搞做定帮谈提审召组发走])|[两几]家法院|告诉我|帮我|查一下|查查|想知道|了解|一共|总共|共计|合计|分别|各自|各有|各|都有|都|到底|究竟|大概|大约|全年|年度内|报告(?:里|中)?(?:提到|说|写)?的?|的是哪.*$|是哪.*$|"
    r"又?是多少|有多少|有几|多少|几(?=[个条项次场名件份家期篇人位批轮类种天部所处成封起户回趟艘笔])|百分之几|哪些|哪(?:个|家)|什么|怎么样|如何|吗|呢|吧|啊|所有|项数|及数量|列出|列举|罗列|[里]"
)
_PARTICLES = re.compile(
    r"^(?:各(?:类|种|项)|[做搞办](?=[一-鿿]{3})|又|的|了|过|出|到|有|是|为|在|各|共(?!产|青|同)|和|及|与|、|来|所|于|对|从|被|就|把|将|得)+|(?:的|了|过|出|到|有|是|为|在|各|共(?!产|青|同)|和|及|与|、|里|中|上|方面|(?<!用)时|总数|数量|最|更|多|少|比|超|达|打算|准备)+$"
)
_TAIL = re.compile(
    r"(?:一共|总共|共计|分别|各自|各|都|全年|到底|究竟)*"
    r"(?:[搞弄]|[定做发办开提签拿得扣清降训帮查抓评卖捐送请聘招选派建写](?=了|过|出|得|掉|成|到|回|完|下))"
    r"(?:了|过|出来|出去|出|得|掉|成|到|回|完|下来|下)*$"
)
_COURTS_THEMSELVES = {"法院", "院", "中院", "报告"}
_ON_CASES = {"审结", "受理", "执结", "办结", "新收", "审执结", "结案", "收案"}
_CASES = {"案件", "案子", "案", "官司", "件案子", "各类案件"}
_CASE_ACT_NAMES = ("受理", "执结", "审结")
_CASE_ACTS = re.compile(
    r"(?P<受理>受理|新收|收(?:案|到|进|了)|接(?:到|了)|立了)|(?P<执结>执结|执行(?:了|完|掉))"
    r"|(?P<审结>审执结|审结|办结|结(?:案|了|掉)|审(?:了|完)|判了|办(?:了|完))"
)
_CASES_THEN_ACT = re.compile(
    r"^(?P<cases>[^\s]{2,}案件?)(?P<act>审执结|审结|办结|受理|新收|执结|调解|化解)(?:了)?$"
)
_SUFFERED = re.compile(r"(?:受到?|被)[^，。？]{0,6}?(处分|处理|问责|表彰|表扬|嘉奖|立案审查|通报|批评|约谈)")
_OF_THE_COURT = re.compile(r"^(?:来|到|去|在|报告)?(?:法院|本院|院里|报告)(?:的数)?(?=[一-鿿]{2})")
_MONEY = re.compile(
    r"(?:钱|资金|金额)[^，。？]{0,4}[多少高低]|(?:多少|几)[^，。？]{0,8}?(?:钱|资金|金额|款(?!项))|(?:多少|几)[万亿]?元"
)
_DONE = re.compile(r"(?:开展|召开|组织|举办|制定|举行|完成|参加|获得|接受|发出|发送|帮助|开)(?:了|过)?$")
_ORDINARY = re.compile(
    r"[被后前时里定了的把给在对由以为来去到出所已还也都才就又来帮做搞掉跟和与]|从(?![严业优])"
)
_FROM_TO = re.compile(
    r"[从由](?:多少|几)[一-鿿]{0,3}?(?:缩短|压缩|压减|压降|下降|降低|降|减少|减|提高|提升|上升|升|增加|增长|增)[到至为](?=多少|几)"
)
"""从71天缩短到58天 as it is asked: what it was is asked for too."""
_AGAIN = re.compile(r"(?:又|呢|如何|怎样|怎么样)")
_INTENDED = re.compile(r"(?:明年|来年|下一?年|下一?步)的?|(?:目标|计划|打算)(?:值|数)?(?:又?是|为)?")
_UNIT_NOUN = re.compile(r"(?P<unit>人次|场次|(?:次|件|人|条|项|场|名|篇)(?=数))(?:数量|总数|数)?$")


def chinese_asks(text: str, kind: Kind) -> tuple[Ask, ...]:
    """Read what a Chinese question, its courts and years blanked out, asks for; one ask or more."""
    text = in_official_words(_POLITE.sub(" ", text))
    plain = _FROM_TO.sub(" ", text)
    if plain != text and kind is Kind.COUNT:
        return tuple(
            asked
            for ask in chinese_asks(plain, kind)
            for asked in ((ask,) if ask.inherited else (replace(ask, past=ANY_YEAR), ask))
        )
    segments = [segment for segment in _SEGMENT.split(text) if segment.strip()]
    if kind not in (Kind.COUNT, Kind.COMPARE):
        return (_ask(" ".join(segments), "", kind),)
    asking = [
        i
        for i, segment in enumerate(segments)
        if HOW_MANY.search(segment) or (i and _INTENDED.search(segment) and _AGAIN.search(segment))
    ]
    asking = asking[:1] + [i for i in asking[1:] if not _asks_the_same(segments[i])]
    if kind is Kind.COMPARE or not asking:
        return (_ask(" ".join(segments), "", kind),)
    found: list[Ask] = []
    for place, i in enumerate(asking):
        start = asking[place - 1] + 1 if place else 0
        before = " ".join(segments[start:i])
        planned = place > 0 and _INTENDED.search(segments[i]) is not None
        for nth, part in enumerate(_several(_INTENDED.sub(" ", segments[i]) if planned else segments[i])):
            asks = _one_by_one(_ask(part, "" if nth else before, kind))
            found.extend(replace(ask, planned=True) if planned else ask for ask in asks)
    topic = content_words(_ASKING.sub(" ", " ".join(segments[: asking[0]])))
    for place in range(1, len(found)):
        if topic and not found[place].qualifiers:
            found[place] = replace(found[place], qualifiers=topic)
        if not found[place].objects or found[place].objects == (found[place].unit,):
            found[place] = replace(found[place], objects=found[place - 1].objects, inherited=True)
    return tuple(ask for ask in found if ask.objects and not _asked_already(ask, found)) or (
        _ask(" ".join(segments), "", kind),
    )


def _asked_already(ask: Ask, asks: Sequence[Ask]) -> bool:
    """Tell whether an ask without a thing of its own (又是多少) only asks again for what one before it does."""
    return ask.inherited and any(
        (other.objects, other.change, other.past, other.planned)
        == (ask.objects, ask.change, ask.past, ask.planned)
        and (ask.unit is None or ask.unit == other.unit)
        for other in asks[: asks.index(ask)]
    )


def _asks_the_same(segment: str) -> bool:
    """Tell whether a segment only asks again for what the one before did: 各院分别是多少."""
    left = _ASKING.sub("", HOW_MANY.sub("", EACH_COURT.sub("", segment)))
    return not _PARTICLES.sub("", left.strip()).strip()


def paired_asks(things: Sequence[tuple[str, str]], comparing: str) -> tuple[Ask, ...]:
    """Return what is asked of each of several courts, given (court key, words), where each is asked for its own.

    `comparing` are the words behind them, which may name the unit. Empty where a court is given no thing of its own.
    """
    own = [(court, _OWN_THING.sub("", words)) for court, words in things]
    if any(len(content_words(_COMPARING.sub(" ", words))) < 2 for _, words in own):
        return ()
    asks = [(court, _ask(words, "", Kind.COMPARE)) for court, words in own]
    unit = next((match[0] for match in UNIT.finditer(comparing)), None)
    return tuple(replace(ask, court=court, unit=ask.unit or unit) for court, ask in asks if ask.objects)


_OWN_THING = re.compile(r"^[\s的]+|[\s的]*(?:和|与|跟|同|及|、|，|相?比)*\s*$")


def _one_by_one(ask: Ask) -> list[Ask]:
    """Ask for each of several things by itself; other names for one thing (in brackets) stay together."""
    if len(ask.objects) < 2 or ask.alternatives:
        return [ask]
    return [replace(ask, objects=(item,)) for item in ask.objects]


def _several(segment: str) -> list[str]:
    """Split a segment that asks several numbers in a row: 走访多少次、解决多少困难."""
    parts = re.split(r"[、和]", segment)
    if sum(HOW_MANY.search(part) is not None for part in parts) < 2:
        return [segment]
    joined: list[str] = []
    for part in parts:
        if joined and not HOW_MANY.search(joined[-1]):
            joined[-1] += "、" + part
        else:
            joined.append(part)
    return joined


def _ask(segment: str, before: str, kind: Kind) -> Ask:
    names = tuple(name for name in _QUOTED.findall(segment + before))
    change = CHANGE.search(segment) is not None and kind is not Kind.LIST
    share = SHARE.search(segment) is not None
    alternatives = re.findall(r"[（(]([^（）()]{1,16})[）)]", segment)
    other_units = [words for words in alternatives if UNIT.fullmatch(words)]
    alternatives = [words for words in alternatives if not UNIT.fullmatch(words)]
    plain = re.sub(r"[（(][^（）()]*[）)]", "", segment)
    if kind is Kind.COMPARE:
        plain = re.sub(
            r"的?(?:法院|院)?相?比(?=\s*$|\s)|的(?:法院|院)(?=\s|$)", " ", _COMPARING.sub(" ", plain)
        )
    unit: str | None = _unit_compared(segment) if kind is Kind.COMPARE else None
    after = qualifiers = ""
    asked = list(HOW_MANY.finditer(plain))
    head = plain
    if asked:
        head, tail = plain[: asked[-1].start()], plain[asked[-1].end() :]
        named = unit_asked(tail)
        if tail[:1] == "点" or tail[:2] == "个点":
            unit, tail = "个百分点", tail[tail.index("点") + 1 :]
        elif named is not None:
            unit, tail = named, tail[len(named) :]
        elif asked[-1][0].startswith("百分之"):
            unit = "%"
        after, predicate = cut_predicate(_PARTICLES.sub("", _ASKING.sub("", tail)))
        after, qualifiers = (
            _PARTICLES.sub("", re.split(r"当(?![事地年庭场选])|做(?!法)", after)[0]),
            predicate or after[len(after.rstrip()) :],
        )
        if re.search(r"当(?![事地年庭场选])", tail):
            qualifiers = tail
    passive = _SUFFERED.search(qualifiers)
    if passive:
        after, qualifiers = passive[1], f"{after} {qualifiers}"
    head = CHANGE.sub(" ", head) if change and not after else head
    head = _ASKING.sub(" ", head)
    if not after.strip():
        words, unit = _noun_of(head or _ASKING.sub(" ", before), unit)
        if not words and before:
            head = _ASKING.sub(" ", before)
            words, unit = _noun_of(head, unit)
        if not words and unit in {"件", None} and _CASE_ACTS.search(head):
            words = _cases_done(head, "案件")
        after = words
        qualifiers = f"{_before_last(head, words)} {qualifiers}"
    else:
        qualifiers = f"{head} {qualifiers}"
    if unit is not None and any(not same_unit(unit, other) for other in other_units):
        unit = None
    whole = f"{before} {segment}"
    acts = frozenset(group for act, group in ACT_KINDS.items() if act in whole and act not in after)
    objects = [_OF_THE_COURT.sub("", part) for part in re.split(r"、|和|及|或者?|与", after) if part]
    objects = [part for part in objects if part.strip() not in _COURTS_THEMSELVES]
    if _MONEY.search(segment) and unit is None:
        unit = "元"
        objects = _paid(objects, head)
    objects = [f"{part}案件" if part.strip() in _ON_CASES else part for part in objects]
    objects = [_CASES_THEN_ACT.sub(r"\g<act>\g<cases>", part) for part in objects]
    objects = [_cases_done(head, part) if part.strip() in _CASES else part for part in objects]
    objects = [re.sub(r"[“”\"《》「」『』\s]", "", item) for item in (*objects, *alternatives)]
    return Ask(
        objects=tuple(dict.fromkeys(item for item in objects if item)),
        unit=unit,
        qualifiers=content_words(f"{_ASKING.sub(' ', before)} {qualifiers}"),
        names=names,
        acts=acts,
        change=change,
        share=share or unit in {"%", "个百分点"},
        words=_ASKING.sub(" ", EACH_COURT.sub(" ", f"{whole} {' '.join(alternatives)}")),
        counted=kind in (Kind.COUNT, Kind.COMPARE),
        alternatives=bool(alternatives),
    )


def _paid(objects: Sequence[str], head: str) -> list[str]:
    """Name money by what it is paid for: 要回了多少钱 asks for what was got back, 救助钱 for 救助金."""
    named = [re.sub(r"(?:的)?(?:钱|资金|金额|款)$", "", part.strip()) for part in objects]
    if any(len(part) >= 2 for part in named):
        return [part or "金额" for part in named]
    words, _ = _noun_of(head, None)
    return [words or "金额"]


def _unit_compared(text: str) -> str | None:
    """Return the unit that a comparison asks the difference in: 多几次."""
    asked = re.search(r"[多少差]几(?!乎)|[多少差]多少", text)
    return unit_asked(text, asked.end()) if asked else None


def _cases_done(head: str, cases: str) -> str:
    """Name cases by what was done with them: 收了…案子 are 受理案件, cases of no act stay what they are."""
    done = list(_CASE_ACTS.finditer(head))
    return f"{next(act for act in _CASE_ACT_NAMES if done[-1][act])}案件" if done else cases


def _before_last(head: str, words: str) -> str:
    at = head.rfind(words) if words else -1
    return head[:at] if at >= 0 else head


def _noun_of(words: str, unit: str | None) -> tuple[str, str | None]:
    """Return the noun phrase a verb phrase ends in, and the unit it names itself (人次, 次数)."""
    text = ""
    for piece in reversed(words.split()):
        text = _PARTICLES.sub("", _without_tail(piece))
        if len(text) == 1 and UNIT.fullmatch(text):
            unit = unit or text
        elif text and text not in _COURTS_THEMSELVES and text not in _EVERYDAY:
            break
        else:
            text = ""
    noun = _UNIT_NOUN.search(text)
    if noun is not None and len(text) > len(noun[0]) + 1:
        unit, text = unit or noun["unit"], text[: noun.start()]
    text = _DONE.sub("", _PARTICLES.sub("", text))
    tail = text.rsplit("的", 1)[-1]
    if len(tail) >= 2:
        text = tail
    _, noun_words = split_acts(text)
    return _PARTICLES.sub("", noun_words) or text, unit


_VERBS_ONLY = re.compile(
    r"干警|全院|全体|本院|我院|制定|开展|组织|召开|举办|出台|参加|提出|推动|落实|查摆|梳理|发了|发布|签了|签署|为了|全年|一共|做了|进行|获得|得|被评为|评为|接了|开了|的|了(?!解)|(?<![一-鿿])(?:[跟为当接开是和与在对被把]|中(?![心国央院级层小介])|从(?![严业优]))|[、，,。？?“”\"《》（）()]"
)


def _without_tail(words: str) -> str:
    """Drop the everyday verb that a phrase trails off in: 整改措施定了, 司法建议发得."""
    shorter = _TAIL.sub("", words)
    return shorter if len(shorter) > 1 else words


def content_words(words: str) -> str:
    """Return the words of a phrase that carry its meaning, without verbs of asking and function words."""
    words = " ".join(map(_without_tail, words.split()))
    kept = _ORDINARY.sub(
        " ", _VERBS_ONLY.sub(" ", re.sub(r"(?<![一-鿿])[一-鿿]{1,2}得(?![一-鿿])", " ", words))
    ).split()
    return " ".join(word for word in kept if len(word) > 1 and not is_act(word))
