"""The genre's lexicon: wordings that mean the same, and everyday words for what reports word otherwise.

General to court work reports; reviewed by hand. Used to compare a question's words with a report's.
"""

from __future__ import annotations

import re

from indexer.text import fold

__all__ = [
    "ACT_KINDS",
    "canonical",
    "in_official_words",
    "in_report_words",
    "variants",
    "variants_at",
]

_SAME: tuple[tuple[str, ...], ...] = (
    ("合作", "协作"),
    ("事项", "事宜"),
    ("志愿服务", "志愿活动", "志愿服务活动"),
    ("提高", "提升", "上升", "增长", "升高", "增加"),
    ("下降", "降低", "减少", "压降", "回落", "压减", "压缩", "少了", "减了", "降了"),
    ("签署", "签订", "签了", "签过", "会签"),
    ("召开", "开了", "开过", "举行"),
    ("担任", "当选为", "充任"),
    ("干警", "工作人员", "同志", "职工"),
    ("问题", "毛病"),
    ("党建工作", "党的建设工作", "党建"),
    ("党组会", "党组会议"),
    ("审结案件", "结案"),
    ("审结", "审执结", "办结", "审理执行完毕"),
    ("受理案件", "收案", "收到案件"),
    ("受理", "新收", "收了", "收进"),
    ("案件", "案子", "官司"),
    ("培训", "训练", "轮训", "参训"),
    ("扣押", "扣了", "扣留"),
    ("回函", "回复", "反馈函"),
    ("群众", "老百姓", "百姓"),
    ("普法宣传", "讲法", "法律宣传", "法治宣传", "法制宣传", "送法"),
    ("走访", "跑基层", "跑企业", "下去跑"),
    ("廉政谈话", "廉洁提醒", "廉洁谈话", "廉政提醒谈话"),
    ("工资报酬", "工钱", "薪水", "欠薪", "劳动报酬"),
    ("追回", "要回来", "要回", "讨回", "追讨"),
    ("执行到位", "执行回来", "执行回"),
    ("审理天数", "审理用时", "审理时间", "审理周期"),
    (
        "旁听庭审",
        "看开庭",
        "看庭审",
        "听开庭",
        "到法庭旁听",
        "来法庭旁听",
        "法庭旁听",
        "旁听开庭",
        "旁听审判",
        "庭审旁听",
    ),
    ("先进典型", "典型人物"),
    ("领导小组会", "领导小组会议"),
    ("便民利民", "便民", "利民", "惠民"),
    ("学习班", "读书班"),
    ("文书", "裁判文书"),
    ("人民陪审员", "陪审员"),
    ("微党课", "党课"),
    ("讲座", "辅导讲座", "讲课"),
    ("巡察", "巡视巡察", "巡视"),
    ("获奖", "得奖", "拿奖"),
    ("参与", "参加", "出席"),
    ("规章制度", "制度规范", "规章制度规范", "建章立制"),
    ("下基层", "深入基层", "到基层"),
    ("难题", "困难", "难事"),
    ("采纳", "被采纳", "采用"),
    ("参观", "参观考察", "考察"),
    ("党课", "专题党课"),
    ("调研报告", "调查报告"),
    ("司法救助金", "救助金", "救助款", "救助钱", "救助资金"),
    ("谈话提醒", "提醒谈话", "约谈提醒"),
    (
        "网上立案",
        "网络立案",
        "在线立案",
        "线上立案",
        "网络立的案子",
        "网上立的案子",
        "网络立的案",
        "网上立的案",
    ),
    ("船舶", "船只", "船"),
    ("拍卖", "卖了", "卖掉", "卖出"),
    ("捐款", "捐了", "捐出", "捐钱", "捐赠"),
    ("防控措施", "防控办法", "防范措施"),
    ("未结案件", "老案", "陈案", "积案", "未结案"),
)
_CANONICAL = {fold(word): group[0] for group in _SAME for word in group}
_GROUPS = {group[0]: group for group in _SAME}
_VARIANT = re.compile(
    "|".join(
        re.escape(word) + ("(?!件)" if word.endswith("案") else "")
        for word in sorted(_CANONICAL, key=len, reverse=True)
    )
)
"""A word that ends in 案 is no part of a longer one: 执结案件 has no 结案."""

ACT_KINDS: dict[str, str] = {
    act: kind
    for kind, acts in {
        "find": "查摆 梳理 排查 发现 查找 认领 剖析 自查 检视",
        "solve": "解决 化解 破解 整改完成 办结 销号 帮助解决",
        "adopt": "制定 制订 提出 细化 出台 形成 明确 完善 修订 建立 健全 推出 印发",
        "hold": "召开 举办 开展 组织 举行 承办 主持",
        "attend": "参加 参与 旁听 观摩 列席 出席",
        "win": "获 获评 荣获 获得 荣立 入选 当选 评为 被评为 表彰",
        "invite": "邀请 聘任 选聘 接待 接受",
        "accept": "受理 新收 接收 接听 收到",
        "punish": "处分 问责 查处 约谈 函询 立案 移送",
        "publish": "发布 刊发 刊登 发表 转发 报道 采纳",
        "sign": "签署 签订",
    }.items()
    for act in acts.split()
}


def canonical(text: str) -> str:
    """Return the text folded, each wording of the lexicon replaced by the one its group is known by."""
    return _VARIANT.sub(lambda match: _CANONICAL[match[0]], fold(text))


def variants(text: str) -> list[str]:
    """Return all wordings that the lexicon has for words of the text, those in it included."""
    found = (_GROUPS[_CANONICAL[match[0]]] for match in _VARIANT.finditer(fold(text)))
    return list(dict.fromkeys(word for group in found for word in group))


def variants_at(text: str) -> list[tuple[int, int, list[str]]]:
    """Return the characters [start, end) of each word of a folded text that the lexicon has, and its other wordings.

    Other wordings of one character are left out: they stand in too many other words.
    """
    return [
        (
            *match.span(),
            [word for word in map(fold, _GROUPS[_CANONICAL[match[0]]]) if word != match[0] and len(word) > 1],
        )
        for match in _VARIANT.finditer(text)
    ]


_ASKED_AS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), words)
    for pattern, words in (
        (
            r"不足|短板|缺点|弱点|差距|薄弱|存在[^，。？]{0,6}问题|承认[^，。？]{0,8}问题|shortcoming|weakness",
            "还存在以下问题 不够 还需 不到位 不充分 仍需 有待 不足",
        ),
        (r"下一步|打算|今后|明年|接下来|next step|plans? for", "下一步 将坚持 持续推进"),
        (r"打招呼|递条子|说情|托关系|插手案件|过问案件", "三个规定 干预司法 过问案件 填报"),
        (r"送礼|吃喝|奢靡|享乐", "四风 中央八项规定 公务接待"),
        (r"泄密|涉密|保密|外泄", "保密"),
        (r"打官司|起诉", "诉讼 立案"),
        (r"开会太多|文件太多|材料太多", "文山会海 基层减负"),
    )
)


_OFFICIAL: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"(?:通过|在)?(?:网络|网上|线上)立(?:上|下)?(?:的|了)?(?:案子|案件|案)(?:子|件)?", "网上立案"),
        (r"(?:来|到|去)?(?:法院|法庭)?(?:旁听|观看|看|听)(?:了)?(?:开庭|庭审|审案|审案子)", "旁听庭审"),
        (r"(?:当|做|任|兼任)(?:了|上)?(?=[^，。？]{0,6}(?:副校长|辅导员|委员|代表))", "担任"),
        (r"(?<=平均)用(?=了?(?:多少|几))", "用时"),
        (r"(?:老|旧|陈年|积压的?|没结的|长期没结的)案(?:子|件)?", "未结案件"),
        (r"跑(?:了)?(?=企业|基层|社区|部门|一线)", "走访"),
        (r"(?:开(?:的)?会)(?=和|、|及|的?(?:次数|数量)|[^，。？]{0,8}(?:百分之|压减|减少|下降))", "会议数量"),
        (r"发(?:的)?文(?:件)?(?=[^，。？]{0,8}(?:百分之|压减|减少|下降|少了))", "发文数量"),
        (r"(?:写|投)(?:的)?(?:稿子|稿件|信息)", "信息稿件"),
        (r"(?:犯错|出事|违纪)(?:的|了)?(?:人|干部|干警)?(?:挨|受|被)(?:了)?(?:处分|处理|罚)", "受到处分"),
        (r"(?:挨|背)(?:了)?处分", "受到处分"),
        (r"(?:赔|赔偿)(?:给)?(?:了)?(?=多少钱)", "赔偿金额"),
        (r"(?:打|接)(?:了|到|进来)?(?:的)?(?:热线)?电话", "接听电话"),
        (r"(?:办|做)(?:了|成)?(?:的)?(?:实在事|好事|实事)", "办实事"),
        (r"(?:拿|得|捧)(?:了|到|回)?(?=[^，。？]{0,8}(?:奖|荣誉|称号))", "获"),
    )
)


def in_official_words(question: str) -> str:
    """Return a question with everyday phrases put as reports put them: 通过网络立的案子 as 网上立案."""
    for pattern, words in _OFFICIAL:
        question = pattern.sub(words, question)
    return question


def in_report_words(question: str) -> str:
    """Return the wording in which reports speak of what a question asks in everyday words, "" where none is known."""
    return " ".join(words for pattern, words in _ASKED_AS if pattern.search(question))
