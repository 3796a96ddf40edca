"""What a number counts, and the matter it belongs to, read from the words on both sides of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.records import Span
from indexer.units import UNIT, unit_kind

__all__ = ["Phrase", "acts_in", "context_of", "counted_object", "cut_predicate", "is_act", "split_acts"]

LONGEST_OBJECT = 32
LONGEST_CONTEXT = 48
_MOST_ACTS = 24
"""Characters. Acts in a row can be cut in as many ways as there are pairs of them, and four are the most anyone writes."""

_IN_NUMBERS = r"(?<!\d)[,:]|[,:](?!\d)"
"""A comma or colon that is none of 4,850万元 or 12:30."""
_STOP = re.compile(rf"[，。；：！？;!?\n]|{_IN_NUMBERS}")
_ENUM = re.compile(rf"[、，。；：！？;!?（）()\n]|{_IN_NUMBERS}")
_ACTS = (
    "研究制定|研究提出|制定修订|修订完善|建立健全|健全完善|梳理查摆|查摆剖析|梳理排查|组织开展|组织召开|组织举办|组织参加|编辑印发|研究决定|"
    "制定|制订|细化|提出|形成|出台|印发|下发|编发|发布|制发|发出|发放|建立|健全|完善|修订|明确|梳理|查摆|排查|发现|查找|查处|解决|破解|化解|认领|"
    "拿出|列出|排出|议定|发表|出版|召开|举办|开展|组织(?!生活|建设|关系|路线|原则|力|部|机构|处理|调整|奖)|参加|承办|主持|研究|审议|听取|接受|接待|接听|接收|执行到位|发送|送达|邀请|聘任|选聘|选派|选树|"
    "选拔|招录|遴选|推荐|评选|获评|荣获|获得|获(?!奖)|荣立|入选|当选|被评为|评为|打造|设立|设置|成立|建成|搭建|开设|开通|推出|推行|推动|完成|办理|办好|答复|"
    "回复|报送|上报|刊发|刊登|拍摄|创作|签署|签订|走访|观摩|约谈|函询|问责|处理|处分|给予|作出|做出|移送|追缴|挽回|减免|转化|转化为|运用|编印|精选|撰写|汇编|征集|收集|收到|"
    "新建|新立|新设|废止|修改|兑付|拘留|罚款|录入|采纳|承担|挖掘培养|选树|结对|录制|投入|筹集|追回|调解|速裁|拍卖|成交"
)
_ADVERBS = (
    "累计|先后|分别|力争|争取|确保|努力|全年|共有|已有|目前|现有|其中|以及|并且|同时|依法|妥善|高效|及时|主动|认真|积极|有效|成功|圆满|扎实|持续|新增|共|共计|一年来|今年以来|"
    "我院|本院|全院|院党组|各(?:类|项|种)|通过|对(?!口|外|象)|将|把|向|与|同(?!志)|和|及|在(?!线|职|押|校|编)|经(?!济|营|验)|由|被(?!告|执行)|从(?!业)|以|并|也|又|还|均|已|约(?!谈)|近|达|了|着|的|再(?!审)|就"
)
_LEADING = re.compile(rf"^(?>[—–-]+|{_ADVERBS})+(?=[一-鿿A-Za-z“《\"]{{2}})")
_ACT = re.compile(
    rf"(?:{_ACTS})(?:出(?=[一-鿿]{{2}})|了)?(?=[一-鿿A-Za-z“《\"])(?!率|金额|总额|数量|案|人次?(?:$|，)|标的|比例|质量|到位|效率|成功|员|室|会(?:$|[、和及]))"
)
_SINGLE_ACT = re.compile(rf"{_ACTS}|解封|查封|冻结|慰问|捐款|下沉|救助|指导|审理")
_ACTS_ALONE = re.compile(rf"(?:{_ACTS})+")
_TRAILING = re.compile(
    r"(?>累计|共计|合计|总计|先后|分别|全年|平均|已达|达到|(?<![送抵表])达|共有|共|计|已|近|约|超过|超|逾|为|有|各|均|等|：|:|同比|环比|较年初|较上年末|较上年|较去年同期|上升|下降|增长|增加|减少|"
    r"提高|提升|降低|降至|升至|增至|减至|缩短至|高出|的|了|至|到|缩短|多|余|不少于|涉及|中|举办|召开|开展|组织|完成|刊登|发表|印发|编发|下发|高达|仅|(?<=[率数量间期天时长])[压降升增减提])+$"
)
_AFTER_STOP = re.compile(
    rf"在(?!职|线|建|校|岗|编|押)|被(?!告|执行)|获(?!奖)|荣获|荣立|入选|登上|参与|参加|受到|受(?=表彰|聘|邀)|评为|(?<!行)为(?!民|群众|基层|企|主)|(?<!关|由|基)于|"
    rf"(?<!理|自|缘)由|从(?!业|严|优|重)|到(?!位率|庭|场|期|岗)|(?<!方|导|定|流|意|转|面)向|对(?!象|策|外|接)|已(?!决)|均(?!衡|等)|全部|悉数|分别|逐一|逐项|陆续|并(?!购)|以(?!上|案|内|下)|较(?!大|重|高|多)|同比|进行|"
    rf"纳入|得到|来自|来院|讨回|要回|判处|指派|下沉|述责|述职|设置|核定|值守|到场|(?<!要|于|但|凡|就)是|实现|贯穿|用于|共计|涉及|涵盖|覆盖|旁听|走进|前往|赴|全面(?!从)|如期|按期|列席|当选|占|达到|及时|担任|巩固|把|将|让|使(?!用|命)|"
    rf"签署|签订|开展|举办|组织(?!生活|建设|关系|路线|原则|力|部|机构|处理|调整|奖)|编印|细化|落实到|研究(?!室|成果|会|院|报告)|调动|撰写|移送|审结|办结|执结|制定|制订|提出|出台|建立|完善|查摆|排查|追缴|挽回|化解|发放|问责|联合|拿出|列出|排出|得到|(?:和|及|与)(?=(?:{_ACTS}|落实|贯彻|推进|加强))"
)
_NOUN_HEAD = re.compile(r"^[一-鿿A-Za-z“”\"《》·、和及与\-X＋+]+")
_TOPIC = re.compile(
    r"针对|围绕|聚焦|结合|对照|根据|按照|为落实|落实|贯彻|深入开展|扎实开展|开展|召开|举办|在[^，。；]{2,24}(?:中|期间|过程中|方面|工作中)|"
    r"《|专项|主题教育|考核|巡视|巡察|审计|专题|活动|反馈|整治|行动|工程"
)
_NUMBERED = re.compile(rf"^(?:[\d０-９一二两三四五六七八九十百千]+(?:余|多)?(?:{UNIT.pattern}))+")
_INVITED = re.compile(
    r"(?:邀请|组织|接待|吸引|安排)([一-鿿、]{2,20}?)(?:考察|观摩|参观|旁听|来院|参加|视察|走进|调研|座谈|列席|参与|监督)"
)
_STRONG_TOPIC = re.compile(
    r"针对|围绕|聚焦|结合|对照|在[^，。；]{2,24}(?:中|期间|过程中)$|《[^》]*(?:方案|意见|规定|计划)》"
)
_FIGURE = re.compile(r"[\d０-９]+(?:余|多)?[条项个次名件篇期份家人场]")
_KINDS_OF = re.compile(r"各(?:类|种|项)(?=[一-鿿]{2})")
_WON = re.compile(r"[，、]$|荣?获得?|荣膺|摘得|斩获|取得|夺得")
_FILLER = re.compile(r"^(?:并|同时|其中|此外|另外|全年|先后|累计|共)*")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A number with its unit [start, end) in its sentence, and the facts just before and after it."""

    text: str
    sentence: Span
    start: int
    end: int
    previous: Span | None
    next_start: int | None
    unit: str


def counted_object(phrase: Phrase) -> tuple[str, str]:
    """Return the counted object and the clause that states it.

    What follows the unit is the object (126项整改措施) unless a stop, a verb or the next number follows at
    once; then it is what precedes the number (整改措施59条). A bare 各1个 or 二等奖1个 takes over what the figure
    before it shares.
    """
    clause_start, clause_end = _clause(phrase)
    clause = phrase.text[clause_start:clause_end]
    after = _after(phrase, clause_end)
    before = _before(phrase, clause_start)
    if after:
        return _KINDS_OF.sub("", after), clause
    if before:
        return _with_shared_head(phrase, _KINDS_OF.sub("", before)), clause
    rest = phrase.text[phrase.end : clause_end]
    return _TRAILING.sub("", rest.strip("“”\"'（）()、"))[:LONGEST_OBJECT] or phrase.unit, clause


def split_acts(words: str) -> tuple[str, str]:
    """Split a verb phrase into its acts and what they act on: 制定整改措施 into 制定 and 整改措施."""
    acts = list(_ACT.finditer(words))
    cut = acts[-1].end() if acts else 0
    return "".join(act[0] for act in acts), _LEADING.sub("", words[cut:])


def acts_in(words: str) -> frozenset[str]:
    """Return the acts that words name."""
    return frozenset(match[0] for match in _SINGLE_ACT.finditer(words))


def is_act(words: str) -> bool:
    """Tell whether words are acts alone (研究制定), with nothing that they act on."""
    return len(words) <= _MOST_ACTS and _ACTS_ALONE.fullmatch(words) is not None


def cut_predicate(words: str) -> tuple[str, str]:
    """Split a noun phrase from the predicate behind it: 法官担任副校长 into 法官 and 担任副校长."""
    stop = _AFTER_STOP.search(words)
    return (words[: stop.start()], words[stop.start() :]) if stop else (words, "")


def _clause(phrase: Phrase) -> Span:
    start = phrase.sentence[0]
    for match in _STOP.finditer(phrase.text, phrase.sentence[0], phrase.start):
        start = match.end()
    stop = _STOP.search(phrase.text, phrase.end, phrase.sentence[1])
    return start, stop.start() if stop else phrase.sentence[1]


def _after(phrase: Phrase, clause_end: int) -> str:
    limit = min(clause_end, phrase.next_start or clause_end)
    words = phrase.text[phrase.end : limit]
    if not words and limit == phrase.next_start:
        words = _NUMBERED.sub("", phrase.text[limit:clause_end])
    head = _NOUN_HEAD.match(words)
    if head is None:
        return ""
    words = head[0]
    stop = _AFTER_STOP.search(words)
    if stop is not None:
        words = words[: stop.start()]
    listed = words.split("、")
    whole = limit == clause_end and stop is None and all(len(part) >= 2 for part in listed)
    words = words if whole else listed[0]
    words = re.sub(r"^(?:的|左右|以上|以下|以内|及|和|与)+|(?:的|等|和|及|与|“|《)+$", "", words)
    return words[:LONGEST_OBJECT] if len(words) >= 2 else ""


def _before(phrase: Phrase, clause_start: int) -> str:
    """Return the noun phrase before a number, or "" where what stands there belongs to the figure before it."""
    low, high = clause_start, phrase.start
    if phrase.previous is not None and phrase.previous[1] > clause_start:
        between = phrase.text[phrase.previous[1] : high]
        if (
            between.strip("、和及与")
            and not re.match(r"[、和及与]|.*、", between)
            and not _ACT.search(between)
        ):
            return ""
        own = between and between[-1] not in "、和及与"
        low, high = (phrase.previous[1], high) if own else (clause_start, phrase.previous[0])
    words = _TRAILING.sub("", re.sub(r"[（(][^（）()]*[）)]$", "", phrase.text[low:high]))
    if not words.strip("、和及与，"):
        return ""
    marks = [match.end() for match in re.finditer(r"等(?!奖|级|候)", words) if match.end() < len(words) - 1]
    if marks and "、" not in words[marks[-1] :]:
        words = words[marks[-1] :]
    segments = words.lstrip("、和及与").split("、")
    kept = segments[-1]
    for segment in reversed(segments[:-1]):
        if len(kept) + len(segment) > LONGEST_OBJECT:
            break
        kept = f"{segment}、{kept}"
    invited = _INVITED.search(phrase.text[low:high])
    if invited is not None and unit_kind(phrase.unit) in {"people", "visits"}:
        return (
            _TRAILING.sub("", words[words.find(invited[1]) :])[:LONGEST_OBJECT]
            if invited[1] in words
            else invited[1]
        )
    acts = list(_ACT.finditer(kept))
    if acts:
        kept = kept[acts[-1].end() :]
    return _balanced(_LEADING.sub("", kept).strip('"（）()、'))[-LONGEST_OBJECT:]


def _balanced(words: str) -> str:
    """Drop quotation and title marks that have lost their partner."""
    for left, right in ("“”", "《》"):
        if words.count(left) != words.count(right):
            words = words.replace(left, "").replace(right, "")
    return words


def _with_shared_head(phrase: Phrase, words: str) -> str:
    """Give 二等奖1个 the head it shares with the prize before it: 优秀庭审一等奖2个、二等奖1个."""
    if phrase.previous is None or not re.fullmatch(
        r"(?:[特一二三四]等|优秀|优胜|鼓励|金|银|铜|提名)奖", words
    ):
        return words
    earlier = re.findall(
        r"([一-鿿A-Za-z“”]{2,16}?)(?:[特一二三四]等|优秀|优胜|鼓励|金|银|铜|提名)奖",
        phrase.text[phrase.sentence[0] : phrase.start],
    )
    heads = [_LEADING.sub("", _WON.split(head)[-1]) for head in earlier]
    return f"{heads[-1]}{words}" if heads and len(heads[-1]) >= 2 else words


def context_of(phrase: Phrase, path: Sequence[str]) -> str:
    """Return the matter a figure belongs to: the nearest clause before it that names an event or plan.

    Failing that, its own clause's opening, the lead sentence, or the heading.
    """
    clause_start, clause_end = _clause(phrase)
    own = phrase.text[clause_start:clause_end]
    clauses = [part for part in _STOP.split(phrase.text[phrase.sentence[0] : clause_start]) if part]
    lead_in = phrase.text[clause_start : phrase.start]
    tells = _TOPIC.search(lead_in) and len(lead_in) > 8 and not _FIGURE.search(lead_in)
    before = [part for part in reversed(clauses) if len(part) >= 4]
    named = own if tells else next(filter(_STRONG_TOPIC.search, before), None)
    named = named or next(filter(_TOPIC.search, before), None)
    if named:
        return _FILLER.sub("", named)[:LONGEST_CONTEXT]
    return path[-1][:LONGEST_CONTEXT] if path else own[:LONGEST_CONTEXT]
