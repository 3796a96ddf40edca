"""Lines joined into paragraphs, watermarks left out, and no character lost or moved."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.lines import Kind, blocks
from indexer.watermarks import watermarks
from tests.samples import OTHER, REPORT, TITLE, report, reports, source

HEAD = "组织干警深入渔港码头走访调研，听取渔民对海上劳务纠纷处理的意见，"
TAIL = "逐项研究改进办法并公开答复，渔民评价良好。"
NEXT = "选派法官到边远乡镇驻点办公，配合当地组织排查邻里矛盾。"

PIECES = st.sampled_from(
    [
        "目录", TITLE, "江州市青禾区人民法院", "2022年工作总结①", "一、审判", "（一）刑事", "1.重罪", "（1）量刑", "①细目",
        "一是快。", "第一，准。", "# 标题", "## 小标题", "- 项", "**重点**", "| 表 | 格 |", "2022年1月5日", "（2023年1月12日）",
        "——在会上的讲话", HEAD, TAIL, NEXT, "关注公众号：渔港法苑", "某某公众号整理，", "www.example.com", "“引", "语”", "。", "；",
        "：", " ", "\u3000", "\xa0", "\ufeff", "\n", "\r\n", "\r", "\n\n", "\u2028", "\x0c", "A word", "12", "……3",
    ]
)  # fmt: skip
GENRE = st.lists(PIECES, max_size=40).map("".join)
ANY = st.one_of(
    GENRE, st.text(max_size=60), st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=25).map("".join)
)


def texts(text: str, name: str = "样本.txt") -> list[str]:
    return [paragraph.text for paragraph in report(text, name).paragraphs]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\n\u3000\u3000", " \n "])
def test_a_break_inside_a_sentence_is_joined(newline: str) -> None:
    text = f"{TITLE}\n{HEAD}{newline}{TAIL}\n{NEXT}\n"
    found = report(text)
    first, second = found.paragraphs
    assert (first.text, second.text) == (HEAD + TAIL, NEXT)
    assert text[first.start : first.end] == f"{HEAD}{newline}{TAIL}"
    assert found.repairs == 1


def test_a_break_anywhere_after_a_sentences_first_clause_is_joined() -> None:
    for at in range(HEAD.index("，") + 1, len(HEAD)):
        assert texts(f"{TITLE}\n{HEAD[:at]}\n{HEAD[at:]}{TAIL}\n") == [HEAD + TAIL], HEAD[:at]


def test_a_paragraph_wrapped_at_a_fixed_width_is_one() -> None:
    whole = (HEAD + TAIL[:-1] + "，" + NEXT[:-1] + "，") * 3 + TAIL
    for width in (18, 25, 38):
        lines = [whole[i : i + width] for i in range(0, len(whole), width)]
        assert texts(f"{TITLE}\n" + "\n".join(lines) + "\n") == [whole], width


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\n\n"])
def test_a_break_after_a_full_stop_begins_a_paragraph(newline: str) -> None:
    found = report(f"{TITLE}{newline}{HEAD}{TAIL}{newline}{NEXT}{newline}")
    assert [paragraph.text for paragraph in found.paragraphs] == [HEAD + TAIL, NEXT]
    assert found.repairs == 0


def test_a_blank_line_ends_a_paragraph_whatever_stands_before_it() -> None:
    assert texts(f"{TITLE}\n{HEAD}\n\n{NEXT}\n") == [HEAD, NEXT]


def test_a_full_stop_inside_closing_quotes_ends_a_paragraph() -> None:
    assert texts(f"{TITLE}\n渔民说：“判得公道。”\n{NEXT}\n") == ["渔民说：“判得公道。”", NEXT]


def test_a_space_parts_latin_words_over_a_break_and_not_chinese() -> None:
    assert texts(f"{TITLE}\n{HEAD}采用open\nsource方案，\n{TAIL}\n")[0].count("open\nsource") == 1


def test_carriage_returns_do_not_move_offsets() -> None:
    text = REPORT.replace("\n", "\r\n")
    unix, dos = report(REPORT), report(text)
    assert [p.text for p in dos.paragraphs] == [p.text for p in unix.paragraphs]
    assert all(text[p.start : p.end] == p.text for p in dos.paragraphs)


@pytest.mark.parametrize(
    "mark",
    [
        "渔港文秘公众号整理，",
        "写作材料库网站收集整理，",
        "更多材料请关注公众号渔港写作，",
        "更多材料请加QQ群123456789，",
        "更多内容尽在“秘书之友”微信公众号，",
        "关注微信公众号：渔港法苑，",
        "欢迎关注公众号“秘书之友”，",
        "扫码关注秘书之友公众号，",
        "点击关注秘书之友，",
        "搜索公众号秘书之友，",
        "加微信yugang2021获取更多范文，",
        "（来源：渔港公文网整理）",
        "（本文转自渔港公文网站）",
        "（微信号：yugang_2021）",
        "公众号：秘书之友，",
        "知识星球：秘书之友，",
        "公众号“秘书之友”整理，",
        "微信公众号【秘书之友】整理，",
        "秘书之友（公众号）整理，",
        "秘书之友微信公众号独家整理发布，",
        "由公文写作网收集整理，",
        "某某范文网首发，",
        "来自：秘书之友公众号，",
        "转载自秘书之友公众号，",
        "本文由渔港文库整理发布，",
        "本资料由秘书之友公众号整理，",
        "版权归秘书之友所有，",
        "未经授权不得转载，",
        "www.yugang-wenmi.com，",
        "www.yugang-wenmi.com整理，",
        "https://wenku.example.com/a/1.html，",
    ],
)
def test_an_insertion_that_promotes_an_account_is_left_out_of_the_text_and_stays_in_the_quote(
    mark: str,
) -> None:
    sentence = HEAD + TAIL
    text = f"{TITLE}\n{HEAD}{mark}{TAIL}\n{NEXT}\n"
    first = report(text).paragraphs[0]
    assert first.text == sentence
    assert text[first.start : first.end] == f"{HEAD}{mark}{TAIL}"


@pytest.mark.parametrize(
    "line", ["公众号：秘书之友", "渔港文秘公众号整理", "www.yugang-wenmi.com", "更多材料请关注公众号渔港写作"]
)
def test_a_line_that_only_promotes_an_account_is_no_paragraph(line: str) -> None:
    assert texts(f"{TITLE}\n{HEAD}{TAIL}\n{line}\n{NEXT}\n") == [HEAD + TAIL, NEXT]


@pytest.mark.parametrize(
    "sentence",
    [
        "通过微信公众号发布信息120条，编发普法漫画15期。",
        "在“渔港法苑”公众号推送典型案例36篇，阅读量超过10万人次。",
        "开通微信公众号和视频号，全年发布短视频85条。",
        "我院微信公众号整理发布典型案例20篇。",
        "依托门户网站整理公开裁判文书9800份。",
        "本院公众号关注人数达到4.6万人。",
        "建成诉讼服务网，网上立案9100件。",
        "引导当事人关注12368热线，提供全天候咨询。",
        "在人民法院公告网、江州法院网发布公告700余条。",
        "加强与媒体合作，被报纸、网站采用稿件310篇。",
        "江州法院微信公众号收集整理群众意见46条，逐条回复。",
        "组织干警关注公众号动态，及时回应网友留言230条。",
        "对互联网平台出具的司法建议进行了整理。",
        "典型案件经江州发布视频号独家报道，引起关注。",
        "案例被中央电视台网站首发，反响良好。",
        "法院新闻被人民网、新华网首发，共4篇。",
        "普法漫画作品在微信公众号首发，很受欢迎。",
        "微信公众号原创内容占比过半。",
        "组建微信群整理案件线索，及时反馈。",
        "指导企业微信公众号整理合规风险，防患未然。",
        "诉讼服务网收集整理意见，逐条研究。",
        "引导群众关注微信公众号“江州法院”，方便查询。",
        "案件信息公布于www.example.com，供公众查询。",
        "江州法院网（www.yugang.gov.cn）改版上线。",
        "当事人登录“www.example.com”网站提交材料。",
        "集约送达平台（www.example.com）上线运行。",
        "开通邮箱fayuan@yugang.gov.cn，接收建议。",
        "微信公众号：阅读量增长三成，视频号：播放量翻番。",
    ],
)
def test_what_the_court_does_with_its_own_accounts_is_text(sentence: str) -> None:
    assert watermarks(sentence) == []
    assert texts(f"{TITLE}\n{HEAD}{sentence}\n") == [HEAD + sentence]


@given(ANY, st.sampled_from(["稿.txt", "稿.md"]))
def test_any_text_is_read_into_ordered_paragraphs_made_of_source_characters(text: str, name: str) -> None:
    end = 0
    for found in reports(text, name):
        assert 0 <= found.start <= found.end <= len(text)
        for paragraph in found.paragraphs:
            assert paragraph.text == "".join(text[a:b] for a, b in paragraph.pieces)
            assert paragraph.text.strip()
            assert end <= paragraph.start <= paragraph.pieces[0][0]
            assert all(a < b for a, b in paragraph.pieces)
            gaps = zip(paragraph.pieces, paragraph.pieces[1:], strict=False)
            assert all(before < after for (_, before), (after, _) in gaps)
            assert paragraph.pieces[-1][1] <= paragraph.end
            assert found.start <= paragraph.start < paragraph.end <= found.end
            assert paragraph.section is None or paragraph.section < len(found.sections)
            end = paragraph.end


@given(GENRE, st.sampled_from(["稿.txt", "稿.md"]))
def test_sections_nest_and_hold_their_paragraphs(text: str, name: str) -> None:
    for found in reports(text, name):
        for at, section in enumerate(found.sections):
            if section.parent is not None:
                outer = found.sections[section.parent]
                assert section.parent < at
                assert outer.rank < section.rank
                assert outer.start <= section.start <= section.end <= outer.end
        for paragraph in found.paragraphs:
            if paragraph.section is not None:
                section = found.sections[paragraph.section]
                assert section.start <= paragraph.start < paragraph.end <= section.end


def covered(text: str, markdown: bool) -> set[int]:
    """Places of the text that a block of any kind has, watermarks inside it included."""
    return {at for block in blocks(text, markdown) for at in range(block.start, block.end)}


@given(GENRE)
def test_no_word_is_lost(text: str) -> None:
    """Every letter and digit stands in a block, unless its line is a watermark or in a table of contents."""
    if "目录" in text:
        return
    lost = {at for at, char in enumerate(text) if re.match(r"\w", char)} - covered(text, markdown=False)
    lines = [(line.start(), line[0]) for line in re.finditer(r"[^\s\ufeff][^\r\n]*(?<![\s\ufeff])", text)]
    marked = {begin + at for begin, line in lines for a, b in watermarks(line) for at in range(a, b)}
    assert not lost - marked


@given(GENRE)
def test_every_heading_and_paragraph_reaches_the_report(text: str) -> None:
    found = reports(text)
    kept = [p.start for r in found for p in r.paragraphs] + [s.start for r in found for s in r.sections]
    made = [b.start for b in blocks(text, markdown=False) if b.kind in (Kind.HEADING, Kind.PARAGRAPH)]
    assert sorted(kept) == sorted(made)


def test_a_report_parses_the_same_alone_and_within_a_compilation() -> None:
    alone = [[p.text for p in report(text).paragraphs] for text in (REPORT, OTHER)]
    together = [[p.text for p in found.paragraphs] for found in reports(f"{REPORT}\n{OTHER}")]
    assert together == alone


def test_a_place_in_a_paragraphs_text_is_found_in_the_source() -> None:
    text = f"{TITLE}\n{HEAD}\r\n渔港文秘公众号整理，{TAIL}\n"
    paragraph = report(text).paragraphs[0]
    for at in range(len(paragraph.text)):
        start, end = paragraph.source_span(at, at + 1)
        assert text[start:end] == paragraph.text[at]
    start, end = paragraph.source_span(0, len(paragraph.text))
    assert (start, end) == (paragraph.start, paragraph.end)


@pytest.mark.parametrize("span", [(-1, 2), (3, 3), (5, 2), (0, 10_000)])
def test_a_place_outside_a_paragraph_is_refused(span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="outside"):
        report(f"{TITLE}\n{HEAD}{TAIL}\n").paragraphs[0].source_span(*span)


def test_the_id_of_a_source_ties_its_reports_to_it() -> None:
    made = source(REPORT + OTHER)
    assert [found.source_id for found in reports(REPORT + OTHER)] == [made.id, made.id]
