"""The genre's lexicon: wordings that mean the same, and English terms of courts and discipline.

General to court work reports; reviewed by hand. Used to compare a question's words with a report's.
"""

from __future__ import annotations

import re

from indexer.text import fold

__all__ = [
    "ACT_KINDS",
    "canonical",
    "in_chinese",
    "in_chinese_at",
    "in_official_words",
    "in_report_words",
    "terms_in_english",
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
_VARIANT = re.compile("|".join(sorted(map(re.escape, _CANONICAL), key=len, reverse=True)))

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

_ENGLISH: tuple[tuple[str, str], ...] = (
    ("(?:personal safety )?protection orders?|restraining orders?", "人身安全保护令"),
    ("divorce cases?|divorces?", "离婚案件"),
    ("(?:marriage and )?family cases?|family disputes?", "婚姻家庭案件"),
    ("labou?r (?:dispute )?cases?|labou?r disputes?", "劳动争议案件"),
    ("contract cases?|contract disputes?", "合同纠纷案件"),
    ("drug(?:-related)? cases?", "毒品案件"),
    ("(?:gang|organi[sz]ed)[- ]crimes?(?: cases?)?", "涉黑涉恶案件"),
    ("telecom\\w*(?: and online)? frauds?(?: cases?)?", "电信网络诈骗案件"),
    ("drunk(?:en)?[- ]driving(?: cases?)?|dangerous driving(?: cases?)?", "危险驾驶案件"),
    ("juvenile cases?", "未成年人案件"),
    ("state compensation cases?|state compensation", "国家赔偿案件"),
    ("retrial cases?|retrials?", "再审案件"),
    ("appeal cases?|second[- ]instance cases?", "二审案件"),
    ("first[- ]instance cases?", "一审案件"),
    ("foreign[- ]related cases?", "涉外案件"),
    ("long[- ](?:pending|unresolved|standing) cases?", "长期未结案件"),
    ("(?:unresolved|pending|open|unfinished) cases?|cases? still (?:open|pending)", "未结案件"),
    ("defendants?", "被告人"),
    ("criminals|offenders?", "罪犯"),
    ("judgment defaulters?|defaulters?|dishonest (?:debtors|persons)", "失信"),
    ("judicial(?:ly)? detentions?|detained|detentions?", "司法拘留"),
    ("restrict\\w+ (?:on )?(?:high|luxury)[- ]?consumption|consumption restrictions?", "限制高消费"),
    ("enforce\\w+ (?:in place|amount)|money recovered|recovered (?:through|by|in) enforcement", "执行到位"),
    ("judges'? assistants?|assistant judges?", "法官助理"),
    ("clerks?", "书记员"),
    ("quota judges?|post judges?", "员额法官"),
    ("vice[- ](?:principals?|headmasters?)|deputy (?:principals?|headmasters?)", "法治副校长"),
    ("(?:specially )?(?:invited|hired) mediators?|mediators?", "调解员"),
    (
        "deput(?:y|ies) to the people's congress\\w*|people's congress deput(?:y|ies)|npc deput(?:y|ies)|deput(?:y|ies)",
        "人大代表",
    ),
    ("judg(?:e)?ment documents?|judg(?:e)?ments? published|published judg(?:e)?ments?", "裁判文书"),
    ("circuit (?:trials?|hearings?)|mobile (?:trials?|courts?)", "巡回审判"),
    (
        "(?:average )?(?:trial|hearing|handling) (?:length|period|time|days)|length of (?:a )?trials?",
        "平均审理期限",
    ),
    ("(?:litigation )?fees? (?:waived|reduced|exempted|deferred)", "诉讼费 缓减免"),
    ("appearance rate|court appearance of officials", "出庭应诉率"),
    ("withdrawal rate", "撤诉率"),
    ("satisfaction with (?:the )?judg\\w+|acceptance rate of judg\\w+", "服判息诉率"),
    ("three provisions|intervention in cases", "三个规定"),
    ("eight-point (?:rules?|decision|regulations?)", "中央八项规定"),
    ("four (?:forms of )?(?:decadence|bad styles|undesirable work styles)", "四风"),
    ("integrity (?:files?|archives?)", "廉政档案"),
    ("home visits?|family visits?", "家访"),
    ("heart-to-heart talks?|one-on-one talks?", "谈心谈话"),
    ("party (?:disciplinary )?(?:warnings?|punishments?)", "党纪处分"),
    ("clues?|leads?(?= (?:on|of|about))", "问题线索"),
    ("assigned|transferred(?= (?:clues|leads))", "移交"),
    ("judges'? (?:offices?|workstations?|studios?)", "法官工作室"),
    (
        "judicial[- ](?:affairs|conduct)[- ](?:inspections?|supervision)|trial supervision inspections?",
        "审务督察",
    ),
    ("honou?rary titles?|titles? of honou?r", "荣誉称号"),
    ("inspection (?:team|group)", "巡察组"),
    ("volunteer teams?", "志愿服务队"),
    ("urgent (?:problems?|difficulties|needs)", "急难愁盼"),
    ("party lectures?|party classes", "党课"),
    ("typical cases?|model cases?|exemplary cases?", "典型案例"),
    ("(?:conversations?|talks?) (?:of|for|as) remind\\w*|reminder talks?", "谈话提醒"),
    ("criminal cases?", "刑事案件"),
    ("civil(?: and commercial)? cases?", "民商事案件"),
    ("commercial cases?", "商事案件"),
    ("administrative cases?", "行政案件"),
    ("(?:intellectual property|ip) cases?", "知识产权案件"),
    ("bankruptcy cases?", "破产案件"),
    ("environmental?(?: resource)?s? cases?", "环境资源案件"),
    ("enforcement cases?", "执行案件"),
    ("maritime cases?", "海事海商案件"),
    ("financial cases?", "金融案件"),
    ("hours?(?: of)?(?= volunteer| service|[^?]{0,12}volunteer)", "服务时长"),
    ("(?:people|persons|participants|volunteers)(?= (?:took|joined|participat))", "参与人数"),
    (
        "(?:money|amount)[^?]{0,40}?(?:recover|enforce)\\w*|(?:recover|enforce)\\w*[^?]{0,40}?(?:money|amounts?)",
        "执行到位金额",
    ),
    ("rectification measures?", "整改措施"),
    ("corrective measures?", "整改措施"),
    ("prevention and control measures?|preventive measures?|control measures?", "防控措施"),
    ("measures? (?:to|for) (?:the )?(?:convenien\\w+)[^,?]*|convenience measures?", "便民利民举措"),
    ("measures?", "措施"),
    ("integrity risks?|corruption risks?|risks?", "廉政风险"),
    ("problems?|issues|shortcomings?", "问题"),
    ("draw up|drew up|drawn up|formulated?|adopted?|worked out", "制定"),
    ("annual assessment|assessment|appraisal|evaluation", "考核"),
    ("theme education|thematic education|education campaign", "主题教育"),
    (
        "(?:cases?[^?]{0,60}?)?(?:conclude[sd]?|closed?|disposed of|finished|completed)(?: cases?)?",
        "审结案件",
    ),
    ("accept(?:ed)? cases?|cases? (?:accepted|received|filed)", "受理案件"),
    ("cases?", "案件"),
    ("clearance rate|closing rate|conclusion rate", "结案率"),
    ("volunteer(?:ing)? (?:services?|activit\\w+|events?)|volunteer\\w*", "志愿服务"),
    (
        "party (?:leadership |leading )?group meetings?|leading party members'? group meetings?|party committee meetings?",
        "党组会议",
    ),
    ("party building leading group meetings?", "党建工作领导小组会"),
    ("party group", "党组"),
    ("meetings?", "会议"),
    (
        "(?:judicial )?(?:cooperation|collaboration) agreements?|agreements?[^?]{0,24}?cooperation|agreements?",
        "协作协议",
    ),
    ("memorand\\w+", "备忘录"),
    ("judicial (?:recommendations?|suggestions?|proposals?|advice)", "司法建议"),
    ("lectures?|talks?", "讲座"),
    ("training(?: sessions?| courses?)?|trained", "培训"),
    (
        "observ\\w+ (?:court )?(?:trials?|hearings?)|attend\\w* (?:court )?(?:trials?|hearings?)|sat in on[^?]*?(?:trials?|hearings?)",
        "旁听庭审",
    ),
    ("hotline", "热线"),
    ("phone calls?|telephone calls?|calls?", "接听电话"),
    ("supervisors?", "监督员"),
    ("lay judges?|assessors?", "人民陪审员"),
    ("political advisors?|cppcc members?", "政协委员"),
    ("judges?", "法官"),
    ("police|officers?|staff(?: members?)?|personnel|employees", "干警"),
    ("famil(?:y|ies)(?: members?)?|relatives", "家属"),
    ("open days?", "开放日"),
    ("advanced individuals?|model workers?|outstanding individuals?", "先进个人"),
    ("advanced (?:collectives?|groups?|teams?)", "先进集体"),
    ("first prizes?", "一等奖"),
    ("second prizes?", "二等奖"),
    ("third prizes?", "三等奖"),
    ("prizes?|awards?|honou?rs?", "奖"),
    ("disciplin\\w+ (?:punish\\w+|sanction\\w+|action)|disciplined|sanctioned|punished", "处分"),
    ("beijing[-, ]+tianjin[-, ]+(?:and )?hebei", "京津冀"),
    ("beijing[^?]{0,12}hebei", "京津冀"),
    ("xiong'?an", "雄安"),
    ("business environment", "营商环境"),
    ("compliance", "合规"),
    ("chambers? of commerce", "商会"),
    ("trade associations?|industry associations?", "行业协会"),
    ("difficult(?:y|ies)", "困难"),
    ("visits?|visited", "走访"),
    ("study (?:activities|sessions)|learning activities", "学习活动"),
    ("inspections?|supervision checks?", "督察检查"),
    ("integrity (?:works?|artworks?|pieces)", "廉政作品"),
    ("practical (?:things|matters|deeds)|good deeds", "实事"),
    ("burden\\w*[^?]{0,24}grass-?roots|grass-?roots[^?]{0,24}burden\\w*", "基层减负"),
    ("documents? issued|number of documents", "发文数量"),
    ("documents?|regulations?|rules", "文件"),
    ("brands?", "品牌"),
    ("issued?|issuing|published", "印发"),
    ("signed?|signing", "签署"),
    ("articles?|reports? published|media reports?", "篇次"),
    ("year[- ]on[- ]year|rise|rose|increase[sd]?|grow(?:th|n)?|grew", "同比上升"),
    ("fall|fell|decrease[sd]?|drop(?:ped)?|decline[sd]?|reduc\\w+", "下降"),
    ("responsibilit(?:y|ies)", "责任"),
    ("tasks?", "任务"),
    ("research (?:results?|findings|reports?)|surveys?", "调研"),
    ("mediat\\w+", "调解"),
    ("enforce\\w*|execut\\w+", "执行"),
    ("petition\\w*|complaint\\w*", "信访"),
    ("legal publicity|law popularisation|law popularization", "普法宣传"),
    ("live[- ]?stream\\w*", "直播"),
    ("online", "网上"),
    ("filing|filed", "立案"),
    ("mentor\\w*", "导师制 带教"),
    ("ships?|vessels?", "船舶"),
    ("arrest(?:ed|s)?|seiz(?:ed|ures?)", "扣押"),
    ("auction(?:ed|s)?", "拍卖"),
    ("repl(?:y|ies|ied)|responses?", "回函"),
    ("minors?|juveniles?|children", "未成年人"),
    ("environment\\w*", "环境资源"),
    ("bankruptc\\w+|insolvenc\\w+", "破产"),
    ("duty[- ]related crimes?|job[- ]related crimes?", "职务犯罪"),
    ("brib\\w+", "受贿"),
    ("abuse[- ]of[- ]power", "滥用职权"),
    ("people's tribunals?|tribunals?", "人民法庭"),
    ("urban", "城区"),
    ("rural|countryside|villages?", "乡村"),
    ("toured|touring|tours?", "参观"),
    ("observed|observing", "观摩"),
    ("education bases?", "教育基地"),
    ("grass-?roots", "基层"),
    ("civili[sz]ation practices?|civili[sz]ation[- ]practice", "文明实践"),
    ("convenience", "便民"),
    ("research (?:projects?|topics?|subjects?)", "课题"),
    ("warning education|cautionary education", "警示教育"),
    ("special rectification|rectification campaigns?", "专项整治"),
    ("systems?|institutions?", "制度"),
    ("study sessions?|reading classes?", "读书班"),
    ("party branches?", "党支部"),
    ("party members?", "党员"),
    ("heroes|role models?|model individuals?", "先进典型"),
    ("press conferences?", "新闻发布会"),
    ("live broadcasts?|broadcast(?:ed)? live", "直播"),
    ("(?:judicial )?aid (?:funds?|money)|judicial assistance", "司法救助金"),
    ("migrant workers?", "农民工"),
    ("wages?", "工资"),
    ("enterprises?|compan(?:y|ies)|firms?", "企业"),
    ("interviews?", "约谈"),
    ("opinions?|suggestions?|comments?", "意见建议"),
    ("proposals?", "提案"),
    ("rules?", "规则"),
    ("plans?", "方案"),
    ("lists?", "清单"),
    ("courts?", "法院"),
)
_ENGLISH_PATTERNS = tuple(
    (re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE), words) for pattern, words in _ENGLISH
)


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


def in_chinese(question: str) -> list[str]:
    """Return the Chinese terms of the genre that an English question names, in its order."""
    return [words for _, _, words in in_chinese_at(question)]


def in_chinese_at(question: str) -> list[tuple[int, int, str]]:
    """Return the same with the characters [start, end) of the question that each stands for."""
    found: list[tuple[int, int, str]] = []
    for pattern, words in _ENGLISH_PATTERNS:
        for match in pattern.finditer(question):
            if not any(start < match.end() and match.start() < end for start, end, _ in found):
                found.append((match.start(), match.end(), words))
    return sorted(found)


def terms_in_english() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the English terms of the genre, as patterns, with the Chinese that each stands for."""
    return _ENGLISH_PATTERNS


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
