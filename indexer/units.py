"""Measure words (量词) and other units that figures of the genre are given in; reviewed by hand.

Longer units come before the shorter ones they begin with. Basis: 《现代汉语八百词》's table of measure words
and GB 3100 for units of measure, narrowed to what administrative and judicial reports count.
"""

from __future__ import annotations

import re

__all__ = ["HAN_ONLY_IN_NAMES", "UNIT", "comparable_units", "same_unit", "unit_asked", "unit_kind"]

_COMPOUND = (
    "个百分点", "百分点", "个方面", "个环节", "个维度", "个层面", "个批次", "个工作日", "个小时", "个月", "个季度",
    "艘次", "周年", "海里", "部门", "省市", "县区", "篇次", "场次", "人次", "件次", "项次", "户次", "批次", "车次", "班次", "家次", "案次", "条次", "人(次)", "件(次)", "篇(次)",
    "万元", "亿元", "平方米", "平方公里", "公里", "千米", "工作日", "小时", "分钟", "分之一", "人民币元",
)  # fmt: skip
_SINGLE = (
    "条", "项", "个", "次", "名", "件", "篇", "期", "份", "家", "人", "部", "天", "年", "月", "日", "周", "地", "课", "类", "批", "封",
    "届", "轮", "套", "处", "所", "间", "台", "辆", "册", "本", "幅", "位", "户", "起", "宗", "例", "点", "对", "组", "支", "队", "门",
    "节", "堂", "首", "块", "面", "张", "只", "座", "栋", "米", "亩", "吨", "字", "页", "句", "员", "元", "倍", "场", "种", "款", "枚",
    "版", "集", "段", "站", "卷", "把", "顶", "%", "‰", "岁", "辑", "档", "桩", "团", "站点", "层", "级", "方面", "考评", "学时", "课时", "分", "艘", "笔", "度", "成", "株", "趟", "回", "箱", "幢", "匹", "盏", "讲", "股", "通",
)  # fmt: skip

UNIT = re.compile("|".join(re.escape(unit) for unit in sorted((*_COMPOUND, *_SINGLE), key=len, reverse=True)))

HAN_ONLY_IN_NAMES = frozenset(
    "地 级 层 面 年 月 日 周 届 点 字 部 线 方面 人 天 节 把 对 组 支 站 队 门 员 段 版 首 块 只 集 卷 团 页 所 户 种 分 学时 周年 成 度 回 部门 省市 县区 讲 股 通".split()
)
"""Units that, after a Chinese numeral, make a compound word far more often than a count (三地, 两级, 三年, 四个方面)."""

_IN_A_WORD = re.compile(
    r"成[果绩员效本]|项目|条例|部门|家[庭属长]|名[单额]|期[限刊]|度假|点位|场所|门[诊户]|级别|起诉|次数|人[员民数大均才]|位置|处[分罚理]|对象|站点|集体|"
    r"类[型案]|卷宗|年[度限]|件均|段落|组织|层级|种类|册子|点名"
)


def unit_asked(text: str, at: int = 0) -> str | None:
    """Return the unit that stands at a place of a question, or None where it begins a word (多少成果)."""
    match = UNIT.match(text, at)
    return None if match is None or _IN_A_WORD.match(text, at) else match[0]


_KINDS = (
    ({"%", "％", "‰", "个百分点", "百分点", "分之一", "成"}, "share"),
    ({"人", "名", "位", "员"}, "people"),
    ({"人次", "户次"}, "visits"),
    (
        {
            "次",
            "场",
            "场次",
            "期",
            "批次",
            "批",
            "轮",
            "届",
            "班次",
            "节",
            "堂",
            "课",
            "课时",
            "车次",
            "回",
            "趟",
        },
        "times",
    ),
    ({"条", "项", "个", "款", "点", "类", "种", "方面", "个方面"}, "items"),
    ({"件", "起", "宗", "例", "件次", "案次"}, "cases"),
    ({"篇", "部", "份", "册", "本", "封", "幅", "首", "篇次", "张", "枚"}, "works"),
    ({"家", "个单位", "户", "所", "处", "部门", "艘", "艘次"}, "bodies"),
    ({"元", "万元", "亿元"}, "money"),
    ({"天", "年", "月", "日", "周", "小时", "分钟", "个月", "个小时", "个工作日", "工作日", "周年"}, "time"),
)


def unit_kind(unit: str) -> str:
    """Return the kind of things a unit counts; a unit of no other kind is its own."""
    return next((kind for units, kind in _KINDS if unit in units), unit)


def same_unit(one: str, other: str) -> bool:
    """Tell whether two units can count the same things (条 and 项; 场 and 次)."""
    return one == other or unit_kind(one) == unit_kind(other)


def comparable_units(one: str, other: str) -> bool:
    """Tell whether two units may name one count: both of things, the same kind, or 个, which stands for most."""
    kinds = {unit_kind(one), unit_kind(other)}
    if kinds == {"people", "visits"} or not kinds & _PARTICULAR:
        return True
    return same_unit(one, other) or ("个" in (one, other) and not kinds & {"share", "money", "time"})


_PARTICULAR = {"people", "visits", "times", "share", "money", "time"}
"""Kinds that are not taken for one another; of things, people say whichever unit comes first (几份 or 几件 of 司法建议)."""
