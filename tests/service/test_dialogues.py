"""Dialogues of several turns over the sample reports: what each turn is understood as, and what it is answered."""

from __future__ import annotations

import re

import pytest

from service.chat import answer_turn
from service.conversation import understood
from service.engine import Engine
from service.followups import About, AboutAnswer, about_answer
from service.search import Filters
from service.small_talk import is_small_talk

Step = tuple[str, str, str]
"""What is said, the whole question it is understood as (“=” for unchanged), words of the answer."""

DIALOGUES: dict[str, list[Step]] = {
    "courts, years and things change one at a time": [
        ("各院整改措施有多少条？", "=", "合计137条"),
        ("那二中院呢？", "二中院的整改措施有多少条？", "某市第二中级人民法院：整改措施126项"),
        ("2022年呢", "2022年二中院的整改措施有多少条？", "没有2022年的报告"),
        ("2023年呢？", "2023年二中院的整改措施有多少条？", "整改措施126项"),
        ("那一中院的志愿服务呢", "2023年一中院的志愿服务有多少？", "志愿活动50次"),
    ],
    "from one court to the most of all": [
        ("一中院开展志愿服务多少次？", "=", "志愿活动50次"),
        ("三中院呢？", "三中院开展志愿服务多少次？", "志愿服务118次"),
        ("那哪个法院最多？", "哪个法院的志愿服务最多？", "较多，为118次"),
        ("其他法院呢", "各院志愿服务有多少？", "未载明：某市第二中级人民法院"),
    ],
    "a comparison narrowed to one court": [
        ("哪个法院的整改措施最多？", "=", "某市第一中级人民法院最多"),
        ("那二中院呢", "二中院的整改措施有多少？", "整改措施126项"),
        ("最少的呢？", "哪个法院的整改措施最少？", "某市第二中级人民法院最少"),
    ],
    "what was done, not how many": [
        ("二中院怎么开展主题教育？", "=", "某市第二中级人民法院：“"),
        ("那一中院呢？", "一中院怎么开展主题教育？", "某市第一中级人民法院：“主题教育采用"),
        ("党建考核呢", "一中院怎么开展党建考核？", "某市第一中级人民法院：“"),
    ],
    "lists": [
        ("一中院有哪些不足？", "=", "某市第一中级人民法院：“"),
        ("二中院呢", "二中院有哪些不足？", "短板"),
        ("那荣誉呢？", "二中院有哪些荣誉？", "全国优秀法官"),
    ],
    "pronouns reach back past a question of all courts": [
        ("三中院党组会议开了多少次？", "=", "党组会议55次"),
        ("各院整改措施有多少条？", "=", "3家法院中"),
        ("三中院党组会议开了多少次？", "=", "党组会议55次"),
        ("它的志愿服务呢", "三中院的志愿服务有多少？", "志愿服务118次"),
        ("该院排查廉政风险多少个？", "三中院排查廉政风险多少个？", "廉政风险299个"),
    ],
    "one court held against others": [
        ("一中院整改措施有多少条", "=", "合计252条"),
        ("比三中院呢？", "一中院和三中院谁的整改措施更多？", "相差115条"),
        ("出处呢？", "一中院和三中院谁的整改措施更多？", "“对应细化整改措施59条”[1]"),
    ],
    "English": [
        ("How many rectification measures did the first intermediate court draw up?", "=", "252 in all"),
        (
            "What about the second court?",
            "How many rectification measures did the second court draw up?",
            "126 (“126项整改措施悉数落地”)",
        ),
        (
            "and in 2022?",
            "How many rectification measures did the second court draw up in 2022?",
            "holds no report for 2022",
        ),
        (
            "what about each court in 2023?",
            "How many rectification measures did each court draw up in 2023?",
            "126 (“126项整改措施悉数落地”)",
        ),
    ],
    "two languages": [
        ("各院整改措施有多少条", "=", "合计137条"),
        ("what about the second court?", "某市第二中级人民法院的整改措施有多少条？", "整改措施126项"),
        ("那三中院呢？", "三中院的整改措施有多少条？", "合计137条"),
    ],
    "a court that is not indexed, and back": [
        ("各院聘任特约监督员多少名", "=", "新一届特约监督员聘任21名"),
        ("那青山区法院呢？", "青山区法院聘任特约监督员多少名？", "没有青山区法院的报告"),
        ("那三中院呢", "三中院聘任特约监督员多少名？", "特约监督员聘任21名"),
    ],
    "small talk is no topic": [
        ("你好", "=", "我只回答所收录的法院工作报告"),
        ("各院开展志愿服务多少次？", "=", "118次"),
        ("谢谢！", "=", "不客气"),
        ("那一中院呢", "一中院开展志愿服务多少次？", "志愿活动50次"),
    ],
    "a new question is not a follow-up": [
        ("二中院整改措施有多少条？", "=", "整改措施126项"),
        ("三中院发文数量减少多少？", "=", "减少16.5％"),
        ("各院排查廉政风险多少个？", "=", "廉政风险299个"),
        ("那去年呢", "2022年各院排查廉政风险多少个？", "没有2022年的报告"),
    ],
    "a whole question keeps the court spoken of, until all are asked for": [
        ("三中院党组会议开了多少次？", "=", "党组会议55次"),
        ("志愿服务组织了多少次？", "三中院志愿服务组织了多少次？", "志愿服务118次"),
        ("一中院呢", "一中院志愿服务组织了多少次？", "志愿活动50次"),
        ("聘任特约监督员多少名？", "一中院聘任特约监督员多少名？", "人大代表10名"),
        ("各院聘任特约监督员多少名？", "=", "3家法院中，2家"),
        ("排查廉政风险多少个？", "=", "未载明：某市第一中级人民法院、某市第二中级人民法院"),
    ],
    "the year goes on too, and changes": [
        ("2023年三中院召开党组会议多少次？", "=", "党组会议55次"),
        ("议定决策事宜多少项？", "2023年三中院议定决策事宜多少项？", "决策事宜230项"),
        ("2022年呢", "2022年三中院议定决策事宜多少项？", "没有2022年的报告"),
        ("今年呢", "2023年三中院议定决策事宜多少项？", "决策事宜230项"),
        ("那前年呢", "2021年三中院议定决策事宜多少项？", "没有2021年的报告"),
    ],
    "an item in full, and where it stands": [
        ("三中院整改措施有多少条？", "=", "合计137条"),
        (
            "第二条详细说说",
            "三中院整改措施有多少条？",
            "第2条所在段落的原文：\n某市中级人民法院：“保持反腐高压。",
        ),
        ("第九条全文", "三中院整改措施有多少条？", "只有3条引注，没有第9条"),
        ("出处在哪", "三中院整改措施有多少条？", "推动作风转变，第12段：“对应细化整改措施59条”[1]"),
        ("还有呢", "三中院整改措施有多少条？", "除已引的以外，相关的段落还有：\n某市中级人民法院：“"),
    ],
    "why, in full, and more": [
        ("二中院怎么开展主题教育？", "=", "某市第二中级人民法院：“"),
        ("为什么", "二中院怎么开展主题教育？", "未必写原因"),
        ("详细说说", "二中院怎么开展主题教育？", "所在段落的原文："),
        ("还有吗", "二中院怎么开展主题教育？", "相关的段落还有：\n某市第二中级人民法院：“"),
        ("怎么培养年轻干部？", "二中院怎么培养年轻干部？", "建起储备库"),
    ],
    "pronouns of every kind": [
        ("一中院12368热线接听电话多少次？", "=", "电话17496次"),
        ("上面那个法院的网上立案呢", "一中院的网上立案有多少？", "网上立案1371件"),
        ("该院的司法建议有多少个？", "一中院的司法建议有多少个？", "司法建议35个"),
        ("其廉政作品有多少个", "一中院廉政作品有多少个？", "廉政作品17个"),
    ],
    "talk between questions": [
        ("你好", "=", "我只回答所收录的法院工作报告"),
        ("你能做什么？", "=", "可以问数量"),
        ("三中院举办审判实务专业培训多少场？", "=", "审判实务专业培训89场"),
        ("好的", "=", "好的。"),
        ("全年讲解廉洁文化阵地多少场次？", "三中院全年讲解廉洁文化阵地多少场次？", "32场次"),
        ("再见", "=", "再见。"),
    ],
    "another topic": [
        ("三中院整改措施有多少条？", "=", "合计137条"),
        ("换个话题，各院志愿服务多少次？", "各院志愿服务多少次？", "3家法院中，2家"),
        ("哪个最多？", "哪个法院的志愿服务最多？", "较多，为118次"),
        ("整改措施有多少条？", "=", "3家法院中，3家"),
    ],
    "English, carried on": [
        ("How many rectification measures did the first intermediate court draw up?", "=", "252 in all"),
        (
            "How many volunteer services were organised?",
            "How many volunteer services were organised at No. 1 Intermediate People's Court?",
            "50 times",
        ),
        (
            "what about the No. 3 Intermediate Court?",
            "How many volunteer services were organised at the No. 3 Intermediate Court?",
            "118 times",
        ),
        (
            "where does it say that?",
            "How many volunteer services were organised at the No. 3 Intermediate Court?",
            "The sources:",
        ),
        (
            "what else?",
            "How many volunteer services were organised at the No. 3 Intermediate Court?",
            "Besides what was cited",
        ),
        ("thanks", "=", "You are welcome"),
    ],
    "from Chinese to English and back": [
        ("一中院志愿服务多少次？", "=", "志愿活动50次"),
        (
            "How many hotline calls were answered?",
            "How many hotline calls were answered at No. 1 Intermediate People's Court?",
            "17496 times",
        ),
        ("三中院呢？", "三中院的热线有多少？", "未载明“热线”的数量"),
    ],
    "two courts are no one court": [
        ("三中院和一中院谁的整改措施更多？", "=", "相差115条"),
        ("志愿服务多少次？", "=", "3家法院中，2家"),
        ("第一条原文", "志愿服务多少次？", "第1条所在段落的原文：\n某市中级人民法院：“涵养文明新风。"),
        ("全省情况怎么样？", "=", "“"),
    ],
}


@pytest.mark.parametrize("name", DIALOGUES)
def test_each_turn_is_understood_and_answered(engine: Engine, name: str) -> None:
    said: list[str] = []
    for words, whole, answered in DIALOGUES[name]:
        said.append(words)
        turn = answer_turn(engine, said, Filters())
        assert turn.question == (words if whole == "=" else whole)
        assert answered in turn.text, (words, turn.text)
        assert (turn.preface != "") == (turn.question != words)


@pytest.mark.parametrize("name", DIALOGUES)
def test_a_whole_question_is_left_as_it_is(engine: Engine, name: str) -> None:
    reports = engine.store.reports()
    courts = [report.court for report in reports]
    for words, whole, _ in DIALOGUES[name]:
        asked = words if whole == "=" else whole
        assert understood([asked], courts, [2023]).question == asked


def test_what_is_carried_on_is_said_with_how_to_ask_of_all(engine: Engine) -> None:
    turn = answer_turn(engine, ["三中院党组会议开了多少次？", "志愿服务组织了多少次？"], Filters())
    assert turn.preface == "（承上文：三中院；要问全部法院，请说“各院……”）"
    turn = answer_turn(engine, ["三中院党组会议开了多少次？", "那志愿服务呢"], Filters())
    assert turn.preface.startswith("按“")


@pytest.mark.parametrize(
    ("words", "what", "number"),
    [
        ("出处在哪", About.SOURCES, 0),
        ("哪里写的？", About.SOURCES, 0),
        ("还有呢", About.MORE, 0),
        ("继续", About.MORE, 0),
        ("为什么这么少？", About.WHY, 0),
        ("第二条详细说说", About.ITEM, 2),
        ("展开说说第3点", About.ITEM, 3),
        ("[1]的原文", About.ITEM, 1),
        ("tell me more about the second one", About.ITEM, 2),
        ("详细说说", About.ITEM, 0),
    ],
)
def test_turns_about_the_answer_are_told_apart(words: str, what: About, number: int) -> None:
    assert about_answer(words) == AboutAnswer(what, number)


@pytest.mark.parametrize(
    "words",
    [
        "其他的呢",
        "第二家法院呢",
        "还有哪些不足？",
        "为什么结案率下降？",
        "第三季度审结多少件",
        "2023年呢",
        "一中院呢",
        "原因分析写了什么",
    ],
)
def test_questions_are_not_about_the_answer(words: str) -> None:
    assert about_answer(words) is None


@pytest.mark.parametrize(
    "words", ["出处在哪", "还有呢", "为什么", "第一条详细说说", "where does it say that", "more"]
)
def test_a_turn_about_the_answer_before_any_is_told_so(engine: Engine, words: str) -> None:
    for turns in ([words], ["你好", words]):
        turn = answer_turn(engine, turns, Filters())
        assert turn.answer is None
        assert ("前面还没有回答" if turn.chinese else "no answer yet") in turn.text


@pytest.mark.parametrize("turn", ["what else?", "why", "tell me more about item 1", "where does it say that"])
def test_turns_about_an_english_answer_are_answered_in_english(engine: Engine, turn: str) -> None:
    text = answer_turn(
        engine, ["How many volunteer services did the first intermediate court do?", turn], Filters()
    ).text
    bare = re.sub(r"“[^”]*(?:“[^”]*”[^”]*)*”", "", text)
    assert "：" not in bare
    if turn != "where does it say that":
        assert "No. 1 Intermediate People's Court (某市第一中级人民法院): “" in text


def test_more_goes_on_where_it_left_off_and_ends(engine: Engine) -> None:
    said, seen = ["三中院开展志愿服务多少次？"], set[str]()
    for _ in range(20):
        said.append("还有呢")
        turn = answer_turn(engine, said, Filters())
        assert turn.answer is not None
        quotes = {citation.quote for citation in turn.answer.citations}
        assert not quotes & seen
        seen |= quotes
        if not quotes:
            assert turn.text == "没有更多相关的段落了。"
            return
    raise AssertionError("it never ends")


def test_a_knowledge_set_holds_in_every_turn(engine: Engine) -> None:
    within = Filters(court=("一中院",))
    first = answer_turn(engine, ["各院志愿服务多少次？"], within)
    assert "三中院" not in first.text
    other = answer_turn(engine, ["各院志愿服务多少次？", "那三中院呢？"], within)
    assert other.question == "三中院志愿服务多少次？"
    assert "118次" not in other.text


def test_turns_of_nothing_and_without_end_are_answered(engine: Engine) -> None:
    reports = engine.store.reports()
    courts = [report.court for report in reports]
    with pytest.raises(ValueError, match="turn"):
        understood([], courts, [2023])
    for odd in ("？", "呢", "那", "那呢？", "的", "2023", "?" * 500, "那" * 500, "what about", "\u200b"):
        assert isinstance(understood([odd], courts, [2023]).question, str)
        assert isinstance(understood(["各院整改措施有多少条", odd], courts, [2023]).question, str)
    long = ["各院整改措施有多少条", *(["那二中院呢？", "那一中院呢？"] * 40)]
    assert understood(long, courts, [2023]).question == "一中院的整改措施有多少条？"


@pytest.mark.parametrize(
    ("words", "talk"),
    [
        ("你好！", True),
        ("谢谢", True),
        ("Thank you", True),
        ("thanks", True),
        ("你好，各院志愿服务多少次", False),
    ],
)
def test_small_talk_is_told_from_questions(words: str, talk: bool) -> None:
    assert is_small_talk(words) is talk
