"""Set phrases of the genre that hold numerals but state no figure: slogans, doctrines, congresses, institutions.

A reviewed lexicon of Party and court language; local plans are found by rule, not listed: what
stands in quotation marks anywhere in a source is a name everywhere in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from indexer.records import Span

__all__ = ["named_spans"]

_LISTED = (
    # doctrine and discipline
    "两个确立 两个维护 两个责任 两个结合 两个毫不动摇 两个一以贯之 两个一百年 三个规定 三个区分开来 三个务必 三个表率 三个以案 三个责任 三个清单 "
    "三会一课 三重一大 三严三实 三不腐 三不一体 三个效果 三个自信 三个导向 三个不得 三个注重 三项机制 三项纪律 三大攻坚战 三同步 三落实 "
    "四个意识 四个自信 四个全面 四个伟大 四个服从 四个亲自 四种形态 四风 四史 四责协同 四个铁一般 四个坚持 四个融入 四类案件 四个到位 "
    "五位一体 五个必须 五个过硬 五个坚持 五大发展理念 五个一批 五项要求 六项纪律 六稳 六保 六个必须坚持 六大纪律 七个有之 八项规定 九个坚持 "
    "十个严禁 十个坚决 十个明确 十四个坚持 十三个方面成就 十六字方针 一岗双责 一案双查 一把手 一带一路 一国两制 两学一做 两优一先 两代表一委员 "
    "一号检察建议 一号文件 一站式 一体化 一件事 双随机一公开 双百政策 三农 三合一 三审合一 二合一 四合一 "
    "两会 两院 两高 两委 两微 两端 两级法院 三级法院 四级法院 四级两审 一审 二审 三审 再审 两造 一二审 三级联审 三级联动 两级联动 三级 两级 "
    "四大检察 十佳 百优 双百 双重组织生活 双提升 双报到 双向 百日攻坚 百年大计 百姓 千方百计 百尺竿头 万无一失 "
    "三下乡 三支一扶 两不愁三保障 五险一金 三资 三调联动 三所一庭 三员一室 五老 四点半 八小时外 八小时以外 "
    "千家万户 千头万绪 万事 万众 千秋 三令五申 十四五 十三五 十二五 十五五 "
).split()
_RULES = (
    # ordinals, congresses, sessions, documents, dates
    r"第[一二三四五六七八九十百\d]+(?:届|次|批|期|期次|条|款|项|个|名|位|轮|季度|[一-鿿])?",
    r"(?:党的|中共|人大|政协|工会|团|妇女)?[一二三四五六七八九十]{1,3}大(?:精神|报告|以来|代表|召开|[，。、”])",
    r"[一二三四五六七八九十]{1,3}届(?:[一二三四五六七八九十]{1,2}次)?",
    r"[一二三四五六七八九十]{1,2}次(?:全体?会议|全会|会议|党代会|代表大会)",
    r"[〔\[（(]\d{4}[〕\]）)]\d*号?|(?:第\d+|\d(?<!\d\d)\d*)号(?!\w)|\d{4}年度?|[〇○零一二三四五六七八九]{4}年度?|\d{1,2}月(?:份|底|初|中旬|\d{1,2}日)?|(?<!\d)\d{1,2}日(?!期|常)|\d{1,2}[:：]\d{2}|(?:上|中|下)旬",
    r"[一二三四\d](?:季度|月份)|上半年|下半年|半年|周[一二三四五六日]",
    # courts, ranks, places and other names with a numeral inside
    r"[一二三四五六七八九十\d]{1,2}(?:中院|中法院|中级|分院|分局|庭(?!审)|楼|号楼|等奖|等功|级(?:法官|检察官|高级|主任|调研员|英模|企业|培训|联)|线|路|环)",
    r"[刑民行执赔立审][一二三四五六七八九]庭|民事审判第.庭",
    r"(?:[京津冀沪渝川粤港澳苏浙皖鲁豫晋陕甘宁青藏疆滇黔桂琼闽赣湘鄂辽吉黑蒙两]{2,12}|海峡两)[一二三四五六七八九两]?(?:省|地|市|岸)",
    r"[一-鿿]?一(?:体|线|致|起|并|直|定|旦|些|切|般|样|律|贯|向|度|时|同|方面|系列|批|手|步|以贯之|如既往|抓到底|刻不停|流|把|种|经|味|心|意|视|员|面|举|场|路|站|网|码|键|张网|盘棋|揽子|对一|届|线|老一小|国|次性|大批|下|生|向|季度)",
    r"统一|唯一|万一|单一|之一(?!党|干|的)|逐一|专一|其一|划一|合一|归一|[进下上这那同每某另哪初]一[步次批个项名件线届轮季度]*",
    r"[首每某另][一二两三四五六七八九十\d]*(?:个|批|次|例|家|位|名|周|月|年|季度|届|场|期|项|件|半年)|[上下][一两](?:个|批|次|年|月|周|届)",
    r"(?:五四|五一|七一|八一|三八|六一|十一)(?=红旗|奖章|青年|妇女|劳动|表彰|前夕|期间|国庆|建军|儿童|之际|[”」])",
    r"[一二三四五六七八九][五](?=普法|规划|改革|纲要)|[一二三四五六七八九]中(?=院|全会|法院)",
    r"(?:二|两|双|三|四|五|六|七|八|九|十)(?:者|方|委|院|区|风|农|端|线|旁|侧|岸|极|国|军|维|化|同步|公|力|边|手|重|向|级|地|害)",
    r"[一-鿿]?[一二三四五六七八九十][老小][一-鿿]?",
    # plans and posts that carry a term of years; durations as attributes
    r"[一二三四五六七八九十两\d]{1,2}年(?:行动|规划|计划|方案|任务|禁期|期|制|一届|来|内|以来)",
    r"(?:近|这|过去|连续|前|后)[一二两三四五六七八九十\d]{1,2}年",
    r"\d(?<!\d\d)\d*小时(?:值班|值守|服务|在线|开放|响应|全天候|不打烊|自助|运行)",
    # sums of digits in schemes, versions, hotlines
    r"\d(?<!\d\d)\d*(?:[+＋×xX/]\d+)+(?:[+＋][A-Za-zN])?|(?<![A-Za-z])[A-Za-z]{1,20}\d+|\d(?<!\d\d)\d*[+＋]",
    r"(?<!\d)1(?:23\d\d|10|19|20|22)(?!\d)(?=热线|平台|电话|便民|诉讼|信访|，|、|举报|服务)",
    # pairs of numerals in parallel phrases: 一支部一品牌, 三听三看, 一廊一基地, 一月一主题
    r"([一二两三四五六七八九十])(?!个|名|篇|项|条|次|件|家|等奖)[一-鿿]{1,3}[、]?\1(?!个|名|篇|项|条|次|件|家|等奖)[一-鿿]{1,3}",
    r"[一二三四五六七八九十][、]?(?=[二三四五六七八九十][、])|一、二、三等奖|(?<=、)[二三四五六]等奖|[一二三四五六七八九十](?=[是要][，：一-鿿])",
)
_LISTED_PATTERN = "|".join(sorted(map(re.escape, _LISTED), key=len, reverse=True))
_NAMED = tuple(re.compile(pattern) for pattern in (_LISTED_PATTERN, *_RULES))
_QUOTED_FIGURE = re.compile(r"“[^“”，。；：]{2,14}”")
_QUOTED = re.compile(r"[“”\"‘’「『]([^“”\"‘’「」『』，。；：]{2,14})[“”\"‘’」』]")
_TITLED = re.compile(r"《[^》]{1,80}》")
_SHORTEST, _LONGEST = 3, 8
_NUMERAL = re.compile(r"[一二两三四五六七八九十百千双]")
_AFTER_QUOTE = re.compile(
    r"(?<=[“”\"‘’「『])[一二两三四五六七八九十百千双\d][一-鿿\d＋+]{1,8}(?=[“”\"‘’」』])"
)


def named_spans(text: str, quoted: frozenset[str]) -> list[Span]:
    """Return the spans of a text in which a numeral is part of a name, date, ordinal or slogan.

    `quoted` are the names with numerals that the source puts in quotation marks somewhere.
    """
    found = [match.span() for pattern in (*_NAMED, _TITLED) for match in pattern.finditer(text)]
    found += [match.span() for match in _QUOTED.finditer(text) if _is_name(match[1])]
    found += [match.span() for match in _QUOTED_FIGURE.finditer(text)]
    found += [match.span() for match in _AFTER_QUOTE.finditer(text)]
    for at in (match.start() for match in _NUMERAL.finditer(text) if quoted):
        found += [
            (at, at + length) for length in range(_SHORTEST, _LONGEST + 1) if text[at : at + length] in quoted
        ]
    return sorted(found)


def _is_name(quoted: str) -> bool:
    """Tell a quoted name or slogan (三个规定, 光荣在党50年) from quoted words around a figure of their own."""
    return not re.search(r"\d{1,6}(?:余|多)?(?:条|项|次|件|人次|篇)$", quoted)


def quoted_names(texts: Iterable[str]) -> frozenset[str]:
    """Return the names that begin with a numeral and stand in quotation marks in any of the texts."""
    return frozenset(
        match[1]
        for text in texts
        for match in _QUOTED.finditer(text)
        if _NUMERAL.match(match[1]) and _SHORTEST <= len(match[1]) <= _LONGEST
    )
