"""Promotional insertions: clauses that name an account or a site and belong to no sentence of the report.

Copied reports carry lines such as “某某公众号整理”. A clause counts as one when it says that an account or
site compiled the text, asks the reader to follow one, or is a bare address; a clause in which the court does
something with an account (通过微信公众号发布…) does not.
"""

from __future__ import annotations

import re

from indexer.records import Span

__all__ = ["watermarks"]

_CHANNEL = (
    r"(?:微信公众号|公众号|公众平台|服务号|订阅号|视频号|头条号|百家号|微信号|抖音号|小红书|知识星球|QQ群|微信群|文库|资料库|"
    r"资料网|材料网|文秘网|公文网|范文网|论坛|网站|小程序|APP|网)"
)
_COMPILED = r"(?:收集|搜集|汇编|采编)?(?:整理|编辑整理|搜集|收集|采编|出品|首发|原创|独家|版权所有)(?:发布|提供|制作|分享|首发)?"
_ADDRESS = r"(?:https?://|www\.)[\w./?=&%#~-]+|[\w-]+(?:\.[\w-]+)*\.(?:com|cn|net|org)(?:\.cn)?(?![\w@])"
_ACTS = (
    r"(?!在|由|被|经|于|通过|依托|利用|运用|借助|与|向|以|用|开|建|打造|推|先后|获|我|本(?!文)|全|市|院|法院)"
)
_NAME = r"[“\"《【]?[\u4e00-\u9fffA-Za-z0-9·\-_ ]{1,14}?[”\"》】]?"
_BEFORE = r"(?:(?<=^)|(?<=[，。；、！？：,;!?\n（(【\[]))"

_RULES = (
    re.compile(
        rf"{_BEFORE}{_ACTS}(?:本文|以上内容|资料|材料)?(?:来源|由|来自)?[:：]?{_NAME}{_CHANNEL}{_COMPILED}"
    ),
    re.compile(
        rf"{_BEFORE}(?:更多[^，。；！？\n]{{0,12}}[，,]?)?(?:欢迎|敬请|请)?(?:扫码|搜索|微信搜索|长按)?"
        rf"(?:关注|订阅|添加|加入|搜索)(?:微信)?[:：]?{_CHANNEL}[:：]?[“\"]?[\u4e00-\u9fffA-Za-z0-9·_-]{{1,14}}[”\"]?"
        rf"(?=[，。；！？,;!?\n）)】\]]|$)"
    ),
    re.compile(
        rf"{_BEFORE}(?:微信)?(?:公众号|微信号|视频号|QQ群)[:：]\s*[“\"]?[\u4e00-\u9fffA-Za-z0-9·_-]{{1,20}}[”\"]?"
    ),
    re.compile(rf"(?:来源|网址|出处|转自|下载)?[:：]?\s*(?:{_ADDRESS})"),
)
_COURT_ACTS = re.compile(r"我院|本院|全院|法院|干警|法官|党组|累计|全年|篇|期|条|人次|余人|万")
_OPENERS, _CLOSERS, _STOPS = "（(【[", "）)】]", "，,、；;"


def watermarks(text: str) -> list[Span]:
    """Return the spans of promotional insertions, each with the one comma or bracket pair that it brought."""
    found: list[Span] = []
    for rule in _RULES:
        for match in rule.finditer(text):
            if _COURT_ACTS.search(match[0]):
                continue
            start, end = _with_punctuation(text, match.start(), match.end())
            if not any(start < other_end and other_start < end for other_start, other_end in found):
                found.append((start, end))
    return sorted(found)


def _with_punctuation(text: str, start: int, end: int) -> Span:
    before, after = text[start - 1 : start], text[end : end + 1]
    if before and before in _OPENERS and after == _CLOSERS[_OPENERS.index(before)]:
        return start - 1, end + 1
    if after and after in _STOPS:
        return start, end + 1
    return start, end
