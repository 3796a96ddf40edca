"""Promotional insertions: clauses that name an account or a site and belong to no sentence of the report.

Copied reports carry lines such as “某某公众号整理”. A clause counts as one when the whole of it says that an
account or site compiled the text, asks the reader to follow one, gives its name or address, or claims the
copyright. A clause in which somebody does something with an account (通过微信公众号发布…) does not, nor one
that goes on with what was compiled or followed.
"""

from __future__ import annotations

import re

from indexer.records import Span

__all__ = ["watermarks"]

_ACCOUNT = r"(?:微信)?(?:公众号|公众平台|服务号|订阅号|视频号)|微信号|头条号|百家号|抖音号|小红书号?|知识星球|QQ群|微信群|小程序|APP"
_TRADE = r"(?:文秘|公文|范文|文库|材料|资料|写作|秘书|笔杆|政论|课件|文稿|文档)"
_SITE = rf"{_TRADE}[\u4e00-\u9fff]{{0,3}}?(?:网站|网|库|论坛|平台)|文库|资料库|材料库|论坛|网站"
_CHANNEL = rf"(?:{_ACCOUNT}|{_SITE})"
_WORD = r"[\u4e00-\u9fffA-Za-z0-9·_-]"
_NAME = rf"[“\"《【]?{_WORD}{{1,14}}?[”\"》】]?"
_SOURCE = rf"(?:{_NAME}(?:{_CHANNEL}|[（(]{_CHANNEL}[）)])|(?:{_ACCOUNT}){_NAME}|{_TRADE}{_WORD}{{0,6}}?网)"
_COMPILED = r"(?:独家|原创)?(?:编辑整理|收集整理|搜集整理|整理|收集|搜集|汇编|采编|编辑|供稿|版权所有)(?:发布|提供|制作|分享|首发|出品)?"
_ISSUED = r"(?:独家|原创|首发|出品|发布|提供|制作|分享|转载)(?:发布|首发|提供|出品|制作)?"
_TEXT = r"(?:(?:本文|本资料|本材料|以上(?:内容|材料)?|文章|资料|材料|内容)(?:均)?)"
_FROM = r"(?:来源于|来源|来自|转自|转载自|转载于|摘自|出自|选自)[:：]?"
_MORE = r"(?:更多[^，。；！？\n]{0,12}?[，,]?)"
_TAIL = r"(?:(?:可|即可|免费)?(?:获取|领取|下载|查看|了解|阅读)[^，。；！？\n]{0,12})"
_ASK = r"(?:请|欢迎|敬请)?(?:微信)?(?:点击|扫码|扫一扫|长按|搜索|搜一搜)?"
_ADDRESS = r"(?:https?://|www\.)[A-Za-z0-9_./?=&%#~-]*[A-Za-z0-9/]|(?:[A-Za-z0-9-]+\.)+(?:com|cn|net|org)(?![A-Za-z0-9@])"

_BEFORE = r"(?:(?<=^)|(?<=[，。；、！？：,;!?\n（(【\[]))"
_AFTER = r"(?=\s*(?:[，。；、！？,;!?\n）)】\]]|$))"

_RULES = (
    re.compile(rf"{_BEFORE}(?:{_TEXT}由?|{_FROM})?{_SOURCE}{_COMPILED}{_AFTER}"),
    re.compile(
        rf"{_BEFORE}{_TEXT}?由?(?=[“\"《【]?{_WORD}{{0,12}}?{_TRADE}){_SOURCE}(?:{_COMPILED}|{_ISSUED})(?![了的出])"
    ),
    re.compile(rf"{_BEFORE}(?:{_TEXT}{_FROM}|转载?自[:：]?|摘自[:：]?|来自[:：]|来源[:：]){_SOURCE}{_AFTER}"),
    re.compile(
        rf"{_BEFORE}{_MORE}?{_ASK}(?:关注|订阅|添加|加入|搜索|加)(?:我们的|本)?[:：]?"
        rf"(?:(?:{_CHANNEL})[:：]?{_NAME}|{_NAME}(?:{_CHANNEL})){_TAIL}?{_AFTER}"
    ),
    re.compile(rf"{_BEFORE}{_MORE}(?:尽在|请见|请看|请上){_SOURCE}{_AFTER}"),
    re.compile(rf"{_BEFORE}(?:请|欢迎)?(?:点击|扫码|长按|搜索)关注{_NAME}{_AFTER}"),
    re.compile(
        rf"{_BEFORE}{_MORE}?(?:请|可)?(?:加|添加)(?:微信|QQ)[群号]?[:：]?[A-Za-z0-9_-]{{4,20}}{_TAIL}?{_AFTER}"
    ),
    re.compile(rf"{_BEFORE}(?:{_ACCOUNT}|微信|QQ)[:：]\s*{_NAME}{_TAIL}?{_AFTER}"),
    re.compile(
        rf"{_BEFORE}版权(?:归[^，。；！？\n]{{1,16}})?所有(?:[，,]?(?:侵权|翻印|违者)必究)?{_AFTER}"
        rf"|{_BEFORE}(?:未经(?:授权|许可|允许|同意)[，,]?)(?:不得|禁止|请勿|严禁)转载{_AFTER}"
    ),
    re.compile(
        rf"(?:{_BEFORE}(?:{_TEXT}?{_FROM}|网址[:：]?|出处[:：]?|下载[:：]?))?"
        rf"(?<![A-Za-z0-9@./:-])(?<![于在为是到从至入“\"「、])(?<![网站台][（(])(?<!登录)(?<!访问)(?<!网址)(?<!官网)(?<!网站)(?<!链接)(?<!邮箱)(?<!平台)"
        rf"(?>{_ADDRESS})(?:{_COMPILED}|{_ISSUED})?(?![”、\"」]|的|网站|网址|网页|主页|首页)"
    ),
)
_HINT = re.compile(
    rf"{_ACCOUNT}|{_TRADE}|论坛|网站|微信|QQ|关注|版权|转载|https?://|www\.|\.(?:com|cn|net|org)"
)
"""What every rule needs somewhere; most paragraphs have none of it, and are done with in one look."""
_NOT_PROMOTION = re.compile(
    r"我院|本院|全院|法院|法庭|干警|法官|党组|累计|全年|(?<!\d)\d+[余多]?(?:篇|期|条|次|个|人|件|万)|gov\.cn"
    r"|[被把将对向]|通过|利用|依托|运用|借助|负责|组织|安排|开展|加强|建立|建成|建设|开通|打造|设立|组建|指导|推动|引导|邀请"
    r"|及时|定期|同步|专人|动态|留言|舆情|评论|粉丝|阅读量|增长|提升|翻番"
)
_DOES_SOMETHING = re.compile(r"[被在经由于把将向]|通过|利用|依托|运用|借助")
_LONGEST_LIST = 400
_OPENERS, _CLOSERS, _STOPS = "（(【[", "）)】]", "，,、；;"


def watermarks(text: str) -> list[Span]:
    """Return the spans of promotional insertions, each with the one comma or bracket pair that it brought."""
    found: list[Span] = []
    if _HINT.search(text) is None:
        return found
    for rule in _RULES:
        for match in rule.finditer(text):
            if _NOT_PROMOTION.search(match[0]) or _continues_a_list(text, match.start()):
                continue
            start, end = _with_punctuation(text, match.start(), match.end())
            if not any(start < other_end and other_start < end for other_start, other_end in found):
                found.append((start, end))
    return sorted(found)


def _continues_a_list(text: str, start: int) -> bool:
    """Tell whether a clause after 、 is an item of what is done with sites (被人民网、某某网…)."""
    if text[start - 1 : start] != "、":
        return False
    before = re.split(r"[，。；！？,;!?\n]", text[max(0, start - _LONGEST_LIST) : start])[-1]
    return _DOES_SOMETHING.search(before) is not None


def _with_punctuation(text: str, start: int, end: int) -> Span:
    before, after = text[start - 1 : start], text[end : end + 1]
    if before and before in _OPENERS and after == _CLOSERS[_OPENERS.index(before)]:
        return start - 1, end + 1
    if after and after in _STOPS:
        return start, end + 1
    return start, end
