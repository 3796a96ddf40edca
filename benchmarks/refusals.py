"""Questions of everyday life that are refused, and gold questions by topic that are refused too, over our own reports.

    python -m benchmarks.refusals

Behind it, for names that stand in one paragraph alone (in “” or 《》): how often each mode of search puts it first.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from benchmarks.calibration import OFF_TOPIC
from indexer.build import build
from models import load
from service.engine import Engine
from service.evaluate import read_gold
from service.search import Mode

ROOT = Path(__file__).resolve().parents[1]
GOLD = ROOT / "tests/gold"
CORPORA = (
    (ROOT / "reports", GOLD / "samples.jsonl"),
    (GOLD / "four-courts.txt", GOLD / "questions.jsonl"),
    (GOLD / "river-courts.txt", GOLD / "river-questions.jsonl"),
    (GOLD / "coast-courts.txt", GOLD / "coast-questions.jsonl"),
)
MORE = """如何办理护照 孩子上学需要什么材料 车险怎么理赔 感冒吃什么药 这首歌叫什么名字 苹果手机怎么截图 北京到上海的航班 怎么减肥最快
公积金怎么提取 电脑蓝屏怎么办 大学怎么选专业 红酒配什么菜 地球到月亮多远 谁写的红楼梦 怎么煮咖啡 猫粮哪个牌子好 今年放几天假
篮球规则是什么 空调不制冷 怎么做番茄炒蛋""".split()
BY_TOPIC = {"topic", "paraphrase", "list", "english"}
_NAME = re.compile(r"[“《]([一-鿿]{3,12})[”》]")


def main() -> None:
    first = dict.fromkeys(Mode, 0)
    names = 0
    for corpus, gold in CORPORA:
        with tempfile.TemporaryDirectory() as folder:
            build([corpus], Path(folder), load(), max_bytes=10**7)
            engine = Engine(Path(folder))
            everyday = [*OFF_TOPIC, *MORE]
            refused = sum(engine.answer(question).abstained for question in everyday)
            topical = [q for q in read_gold(gold) if q.passages and q.type in BY_TOPIC]
            lost = [question.query for question in topical if engine.answer(question.query).abstained]
            print(
                f"{gold.stem:16} everyday {refused} of {len(everyday)} refused, "
                f"by topic {len(lost)} of {len(topical)}: {'、'.join(lost)}"
            )
            texts = [paragraph.text for report in engine.store.reports() for paragraph in report.paragraphs]
            for name in sorted({name for text in texts for name in _NAME.findall(text)}):
                if sum(name in text for text in texts) != 1:
                    continue
                names += 1
                for mode in Mode:
                    hits = engine.search(name, top_k=1, mode=mode).hits
                    first[mode] += bool(hits) and name in hits[0].passage.text
    print(
        f"{names} names: first " + ", ".join(f"{mode} {count / names:.3f}" for mode, count in first.items())
    )


if __name__ == "__main__":
    main()
