"""Invented reports and small helpers that tests share."""

from __future__ import annotations

import hashlib
from pathlib import Path

from indexer.passages import passages_of
from indexer.records import Passage, Report, Source
from indexer.reports import parse

MAX_BYTES = 1_000_000

TITLE = "江州市中级人民法院2021年工作报告"

REPORT = f"""{TITLE}
2021年，江州中院围绕中心任务履行审判职责，全年受理案件18400件，审结17950件。
一、保障经济发展
办好涉企案件。审结商事纠纷5200件，平均用时缩短9天，为小微企业减免诉讼费共计210万元，回访企业86家，编写合同风险提示手册3册，推动解除超标的查封117件。
护航绿色江州。审结环境资源案件132件，发出补种复绿令17份，聘请生态观察员24名，会同渔政、林业部门开展联合巡查11次，增殖放流鱼苗60万尾，水源地案件全部公开审理。
二、回应群众关切
办好民生案件。审结婚姻家庭案件2300件，设立家事调解室6个，发放司法救助金380万元，为老年人、残疾人提供上门立案服务，探望权纠纷的自动履行率明显上升。
便利群众诉讼。开通渔港巡回审判点4处，网上立案9100件，诉讼服务热线接听电话3.2万次，在边远乡镇设立共享法庭19个，当事人就近参加庭审，少跑了许多路。
三、存在的不足
一年来的工作还有差距，部分案件审理周期偏长，年轻法官办理疑难案件的经验有待积累。
"""

OTHER = """江州市青禾区人民法院2022年工作总结
2022年，青禾区法院立足辖区实际，扎实做好各项审判执行工作。
一、执行工作
全年执结案件3100件，到位金额2.6亿元，将失信被执行人410名纳入名单，组织夜间执行9次。
二、队伍建设
举办业务讲座22期，选送骨干15人次到上级法院学习，两个集体获得表彰。
"""


def source(text: str, name: str = "样本.txt") -> Source:
    """A source as `files.read` would make it."""
    data = text.encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(data).hexdigest()
    return Source(id=digest[:16], name=name, sha256=digest, text=text)


def reports(text: str, name: str = "样本.txt") -> list[Report]:
    """The reports of a text."""
    return parse(source(text, name))


def report(text: str, name: str = "样本.txt") -> Report:
    """The only report of a text."""
    (only,) = reports(text, name)
    return only


def passages(text: str, name: str = "样本.txt") -> list[Passage]:
    """All passages of a text."""
    return [passage for found in reports(text, name) for passage in passages_of(found)]


def write(folder: Path, **texts: str) -> Path:
    """Write `name='text'` as folder/name.txt and return the folder."""
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8", newline="")
    return folder
