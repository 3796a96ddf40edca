"""More reports of our own writing, for what the sample reports do not hold."""

from __future__ import annotations

__all__ = ["GARDEN", "HOSTILE", "REPAIRED", "WATERMARK", "busy_court", "quiet_court"]

GARDEN = """某州中级人民法院2021年度工作报告
一、绿化庭院
栽种花木。全院在春天种下银杏三十二棵，给花坛浇水四百次，值班室前的苗圃由法警照料。
二、借阅图书
办好书屋。书屋开放二百天，5G网络覆盖阅览室，读者借走小说77册，归还率达到16.5％。
"""

HOSTILE = """某市北山区人民法院2020年<script>alert(1)</script>工作报告
一、<img src=x onerror=alert(2)>接待来访
接待来访。全年接待来访<b>九十</b>人次，&lt;转义&gt;之后仍是原样，末尾有"引号"与'撇号'。
"""

WATERMARK = "（更多范文关注公众号小树写作）"

REPAIRED = f"""某市南湖区人民法院2019年工作报告
一、湖面巡查
组织巡查。全年组织湖面巡查八十次，发现漂浮
物{WATERMARK}四百处，当日清理完毕，岸边步道随之恢复通行。
"""


def busy_court(paragraphs: int) -> str:
    """A long report, every paragraph of which is about lending books."""
    lines = [
        f"书屋借阅。第{n}周书屋借出图书{n + 100}册，读者归还图书{n + 90}册。"
        for n in range(1, paragraphs + 1)
    ]
    return "某市东城区人民法院2022年工作报告\n一、书屋\n" + "\n".join(lines) + "\n"


def quiet_court() -> str:
    """A report of one paragraph that has little to do with books."""
    return "某市西城区人民法院2022年工作报告\n一、食堂\n食堂供餐。食堂每天供应午饭，院里图书角摆在门口。\n"
