"""Makes the files of this folder from twins/*.txt with the formats' own tools.

Run by hand where LibreOffice and Chromium are installed: `python -m tests.forms.make`. The tests only read what
it wrote. Each file says the same as its twin, in a form of its own.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt

HERE = Path(__file__).parent
EVERY = {
    path.stem: path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    for path in sorted((HERE / "twins").glob("*.txt"))
}
FEW = ("canghai", "hailing", "qinghe")
"""Made in the forms that are hardest only."""
TWINS = {stem: lines for stem, lines in EVERY.items() if stem not in FEW}
HEADINGS = (
    (1, re.compile(r"^(?:第[一二三]部分[ \u3000]|[一二三四]、)|^(?:工作回顾|未来安排)$")),
    (2, re.compile(r"^（[一二三四]）")),
    (3, re.compile(r"^\d\.")),
)
CJK = "Noto Serif CJK SC"


def level_of(line: str) -> int | None:
    return next((level for level, pattern in HEADINGS if pattern.match(line) and "。" not in line), None)


def blocks(lines: list[str]) -> list[str | list[list[str]]]:
    """Lines, with the rows of each table gathered."""
    found: list[str | list[list[str]]] = []
    for line in lines:
        if line.startswith("|"):
            row = [cell.strip() for cell in line.strip("|").split("|")]
            if found and isinstance(found[-1], list):
                found[-1].append(row)
            else:
                found.append([row])
        else:
            found.append(line)
    return found


def new_document() -> Any:
    document = docx.Document()
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = CJK, Pt(16)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), CJK)
    for level in range(1, 4):
        style = document.styles[f"Heading {level}"]
        style.element.rPr.rFonts.set(qn("w:eastAsia"), CJK)
        style.font.size = Pt(16)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    return document


def add_table(document: Any, rows: list[list[str]], width: float = 14) -> None:
    table = document.add_table(len(rows), len(rows[0]))
    table.style = "Table Grid"
    table.autofit = False
    for column in table.columns:
        column.width = Cm(width / len(rows[0]))
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            table.cell(y, x).text = cell
            table.cell(y, x).width = Cm(width / len(row))


def indent(paragraph: Any) -> None:
    paragraph.paragraph_format.first_line_indent = Pt(32)


def page_number(section: Any) -> None:
    section.footer.is_linked_to_previous = False
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run("— ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)
    paragraph.add_run(" —")


def styled(lines: list[str], columns: int = 1) -> Any:
    """Typed numbers, headings by style, a running header, page numbers, a table."""
    document = new_document()
    section = document.sections[0]
    section.header.paragraphs[0].add_run("枫林区人民法院 内部资料").font.size = Pt(9)
    page_number(section)
    for place, block in enumerate(blocks(lines)):
        if isinstance(block, list):
            add_table(document, block, width=14 if columns == 1 else 6.4)
        elif place == 0:
            paragraph = document.add_paragraph(block, style="Title")
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            if columns > 1:
                section = document.add_section(WD_SECTION.CONTINUOUS)
                cols = section._sectPr.xpath("./w:cols")[0]
                cols.set(qn("w:num"), str(columns))
                cols.set(qn("w:space"), "425")
        elif (level := level_of(block)) is not None:
            document.add_paragraph(block, style=f"Heading {level}")
        else:
            indent(document.add_paragraph(block))
    return document


NUMBERING = f"""<w:numbering {nsdecls("w")}>
<w:abstractNum w:abstractNumId="70"><w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:suff w:val="nothing"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:suff w:val="nothing"/><w:lvlText w:val="（%2）"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:suff w:val="nothing"/><w:lvlText w:val="%3."/></w:lvl>
</w:abstractNum><w:num w:numId="70"><w:abstractNumId w:val="70"/></w:num></w:numbering>"""


def automatic(lines: list[str]) -> Any:
    """Headings numbered by Word, not typed; no heading styles."""
    document = new_document()
    definitions = parse_xml(NUMBERING)
    numbering = document.part.numbering_part.element
    numbering.insert(0, definitions[0])
    numbering.append(definitions[-1])
    for place, block in enumerate(blocks(lines)):
        if isinstance(block, list):
            add_table(document, block)
            continue
        level = level_of(block)
        if level is None:
            paragraph = document.add_paragraph(block)
            if place:
                indent(paragraph)
            continue
        words = re.sub(r"^(?:[一二三四]、|（[一二三四]）|\d\.)", "", block)
        properties = document.add_paragraph(words)._p.get_or_add_pPr()
        properties.append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level - 1}"/><w:numId w:val="70"/></w:numPr>')
        )
    return document


def revised(lines: list[str]) -> Any:
    """Tracked changes, a comment, hidden text, a text box, and a table of contents that is none of the text."""
    document = new_document()
    author = 'w:id="9" w:author="某" w:date="2024-01-01T00:00:00Z"'
    contents = document.add_paragraph("一、聚焦公正司法，守好社会安宁\t1")
    contents.style = document.styles.add_style("toc 1", 1)
    for place, block in enumerate(blocks(lines)):
        if isinstance(block, list):
            add_table(document, block)
            continue
        paragraph = document.add_paragraph()
        head, tail = block[: len(block) // 2], block[len(block) // 2 :]
        paragraph.add_run(head)
        if place % 3 == 1:
            paragraph._p.append(
                parse_xml(
                    f"<w:del {nsdecls('w')} {author}><w:r><w:delText>已删去的999件旧话</w:delText></w:r></w:del>"
                )
            )
            inserted = parse_xml(f"<w:ins {nsdecls('w')} {author}><w:r><w:t></w:t></w:r></w:ins>")
            inserted[0][0].text = tail
            paragraph._p.append(inserted)
        elif place % 3 == 2:
            hidden = paragraph.add_run("看不见的888件")
            hidden.font.hidden = True
            paragraph.add_run(tail)
        elif len(block) > 60 and "。" in head:
            cut = block.index("。") + 1
            paragraph.runs[0].text = block[:cut]
            mark = parse_xml(f"<w:rPr {nsdecls('w')}><w:del {author}/></w:rPr>")
            paragraph._p.get_or_add_pPr().append(mark)
            document.add_paragraph(block[cut:])
        else:
            paragraph.add_run(tail)
    return document


BOX = """<w:r {ns}><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx><w:txbxContent>{content}</w:txbxContent></wps:txbx></wps:wsp></w:drawing></mc:Choice>
<mc:Fallback><w:pict><v:textbox><w:txbxContent>{content}</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"""
NAMESPACES = " ".join(
    f'xmlns:{name}="{url}"'
    for name, url in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "v": "urn:schemas-microsoft-com:vml",
    }.items()
)


def boxed(lines: list[str]) -> Any:
    """The last paragraph stands in a text box anchored in the one before; a merged header over two rows."""
    document = new_document()
    found = blocks(lines)
    last = next(place for place in range(len(found) - 1, 0, -1) if isinstance(found[place], str))
    for place, block in enumerate(found):
        if isinstance(block, list):
            add_table(document, block)
        elif place == last:
            content = f"<w:p><w:r><w:t>{block}</w:t></w:r></w:p>"
            document.paragraphs[-1]._p.append(parse_xml(BOX.format(ns=NAMESPACES, content=content)))
        else:
            document.add_paragraph(block)
    return document


FOOTNOTES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>
<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>结案数含诉前调解成功的案件1106件。</w:t></w:r></w:p></w:footnote></w:footnotes>"""


def with_footnote(data: bytes) -> bytes:
    """Put a footnote into a document after its third paragraph."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "word/document.xml":
                cuts = [match.end() for match in re.finditer(b"</w:r></w:p>", part)]
                at = cuts[2] - len(b"</w:p>")
                part = part[:at] + b'<w:r><w:footnoteReference w:id="2"/></w:r>' + part[at:]
            if name == "[Content_Types].xml":
                part = part.replace(
                    b"</Types>",
                    b'<Override PartName="/word/footnotes.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"/></Types>',
                )
            if name == "word/_rels/document.xml.rels":
                part = part.replace(
                    b"</Relationships>",
                    b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes" Target="footnotes.xml"/></Relationships>',
                )
            new.writestr(name, part)
        new.writestr("word/footnotes.xml", FOOTNOTES)
    return written.getvalue()


PAGE = """<!DOCTYPE html><html lang="zh"><head><meta charset="{charset}"><title>{title}_枫林法院网</title>
<style>body{{font-family:"Noto Serif CJK SC",serif;font-size:16px;line-height:1.8}} p{{text-indent:2em;margin:.6em 0}} td,th{{border:1px solid #333;padding:2px 8px}} table{{border-collapse:collapse}} @media print{{.nav,.foot,.crumbs,.sidebar{{display:none}}}}</style>
<script>var seen = "脚本里的777件";</script></head><body>
<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/a">法院概况</a></li><li><a href="/b">新闻中心，共有128条，欢迎浏览。</a></li></ul></div>
<div class="crumbs">当前位置：首页 &gt; 法院公开 &gt; 工作报告</div>
<div class="wrap"><div class="main"><h1>{title}</h1><div class="content" id="zoom">
{content}
</div></div><div class="sidebar"><h3>相关文章</h3><ul><li><a href="/c">某区法院召开会议26次</a></li></ul></div></div>
<div class="foot"><p>版权所有：枫林法院，网站标识码110，电话12368。</p></div></body></html>"""


def markup(lines: list[str], breaks: bool = False) -> str:
    """The twin's lines as HTML, in paragraphs or parted by <br>."""
    out: list[str] = []
    for block in blocks(lines[1:]):
        if isinstance(block, list):
            rows = "\n".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in block)
            out.append(f"<table>{rows}</table>")
        elif breaks:
            out.append(f"&nbsp;&nbsp;&nbsp; {block}<br>\n")
        elif (level := level_of(block)) is not None:
            out.append(f"<h{level + 1}>{block}</h{level + 1}>")
        else:
            out.append(f"<p>{block}</p>")
    return "\n".join(out)


def page(lines: list[str], charset: str = "utf-8", breaks: bool = False) -> str:
    return PAGE.format(charset=charset, title=lines[0], content=markup(lines, breaks))


def wrapped(lines: list[str], width: int, indented: bool) -> str:
    """Lines cut after `width` characters, paragraphs set in by two ideographic spaces or not."""
    out: list[str] = []
    for place, line in enumerate(lines):
        if line.startswith("|") or place == 0:
            out.append(line)
            continue
        rest = ("　　" if indented else "") + line
        out += [rest[at : at + width] for at in range(0, len(rest), width)]
    return "\n".join(out) + "\n"


def with_contents(lines: list[str]) -> str:
    """A table of contents with dots and page numbers before the text, full-width spaces in the headings."""
    heads = [line for line in lines if level_of(line) == 1]
    dotted = [f"{line}{'．' * 12}{page}" for page, line in enumerate(heads, 1)]
    return "\n".join(["目　　录", *dotted, "", *(f"　　{line}" for line in lines)]) + "\n"


def by_office(source: Path, kind: str, folder: Path) -> Path:
    subprocess.run(
        [
            "soffice",
            "--headless",
            f"-env:UserInstallation=file://{folder}/profile",
            "--convert-to",
            kind,
            "--outdir",
            str(folder),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return folder / f"{source.stem}.{kind.split(':')[0]}"


def by_chromium(source: Path, target: Path, header: bool) -> None:
    flags = [] if header else ["--no-pdf-header-footer"]
    subprocess.run(
        [
            "chromium",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            *flags,
            f"--print-to-pdf={target}",
            source.as_uri(),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )


def saved_archive(source: Path, target: Path) -> None:
    """A page as Chromium saves it in one file."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        tab = browser.new_page()
        tab.goto(source.as_uri())
        session = tab.context.new_cdp_session(tab)
        target.write_bytes(session.send("Page.captureSnapshot", {"format": "mhtml"})["data"].encode())
        browser.close()


def scanned(source: Path, target: Path, turn: float, dpi: int = 200) -> None:
    """The pages of a PDF as a scanner gives them: pictures, a little askew, with noise."""
    import numpy as np
    import pypdfium2 as pdfium
    from PIL import Image

    noise = np.random.default_rng(5)
    pages = []
    for page in pdfium.PdfDocument(source):
        sheet = page.render(scale=dpi / 72, grayscale=True).to_pil()
        sheet = sheet.rotate(turn, fillcolor=250, resample=Image.Resampling.BICUBIC)
        dirty = np.asarray(sheet).astype(float) + noise.normal(0, 5, (sheet.height, sheet.width))
        pages.append(Image.fromarray(np.clip(dirty, 0, 255).astype("uint8")))
    pages[0].save(target, save_all=True, append_images=pages[1:], resolution=dpi, quality=30)


def make_scans() -> None:
    """Scans of two twins, which are recognised where tesseract is installed."""
    out = HERE / "scans"
    out.mkdir(exist_ok=True)
    scanned(HERE / "fenglin" / "writer.pdf", out / "fenglin.pdf", 0.4)
    scanned(HERE / "xiangyang" / "writer.pdf", out / "xiangyang.pdf", -0.7)
    scanned(HERE / "wulan" / "writer.pdf", out / "coarse.pdf", 1.5, dpi=72)


def make_few(folder: Path) -> None:
    """Word, one and two columns of PDF, and a PDF with a footnote, of the twins that have no other forms."""
    for stem in FEW:
        lines, out = EVERY[stem], HERE / stem
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        styled(lines).save(out / "styled.docx")
        shutil.copy(by_office(out / "styled.docx", "pdf", folder), out / "writer.pdf")
        styled(lines, columns=2).save(folder / "columns.docx")
        shutil.copy(by_office(folder / "columns.docx", "pdf", folder), out / "columns.pdf")
    noted = folder / "footnote.docx"
    noted.write_bytes(with_footnote((HERE / "hailing" / "styled.docx").read_bytes()))
    shutil.copy(by_office(noted, "pdf", folder), HERE / "hailing" / "footnote.pdf")


def make_bad() -> None:
    """What must be refused and needs a tool to make: encrypted files and a scan."""
    import msoffcrypto
    import pypdf
    from PIL import Image

    out = HERE / "bad"
    out.mkdir(exist_ok=True)
    writer = pypdf.PdfWriter(clone_from=HERE / "xiangyang" / "writer.pdf")
    writer.encrypt("secret", algorithm="AES-256")
    writer.write(out / "encrypted.pdf")
    with (
        (HERE / "xiangyang" / "styled.docx").open("rb") as plain,
        (out / "encrypted.docx").open("wb") as locked,
    ):
        msoffcrypto.OfficeFile(plain).encrypt("secret", locked)
    Image.effect_noise((400, 560), 60).convert("1").save(out / "scanned.pdf")


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for stem, lines in TWINS.items():
            out = HERE / stem
            shutil.rmtree(out, ignore_errors=True)
            out.mkdir()
            styled(lines).save(out / "styled.docx")
            automatic(lines).save(out / "automatic.docx") if stem == "fenglin" else None
            revised(lines).save(out / "revised.docx")
            boxed(lines).save(out / "boxed.docx")
            (out / "page.html").write_text(page(lines), encoding="utf-8")
            (out / "breaks.htm").write_text(page(lines, "gb2312", breaks=True), encoding="gb18030")
            bare = markup(lines).encode("gb18030")
            (out / "undeclared.html").write_bytes(
                b"<html><body><h1>" + lines[0].encode("gb18030") + b"</h1>" + bare + b"</body></html>"
            )
            saved_archive(out / "page.html", out / "page.mht")
            shutil.copy(by_office(out / "styled.docx", "pdf", folder), out / "writer.pdf")
            shutil.copy(by_office(out / "styled.docx", "doc", folder), out / "writer.doc")
            (folder / "again").mkdir(exist_ok=True)
            odt = by_office(out / "styled.docx", "odt", folder)
            shutil.copy(by_office(odt, "docx", folder / "again"), out / "writer.docx")
            styled(lines, columns=2).save(folder / "columns.docx")
            shutil.copy(by_office(folder / "columns.docx", "pdf", folder), out / "columns.pdf")
            by_chromium(out / "page.html", out / "browser.pdf", header=True)
            (out / "gb18030.txt").write_text("\r\n".join(lines), encoding="gb18030", newline="")
            (out / "utf16.txt").write_text("\n".join(lines), encoding="utf-16")
            (out / "wrapped30.txt").write_text(wrapped(lines, 30, indented=True), encoding="utf-8")
            (out / "wrapped38.txt").write_text(wrapped(lines, 38, indented=False), encoding="utf-8")
            (out / "contents.txt").write_text(with_contents(lines), encoding="utf-8")
            (out / "table.md").write_text(
                "\n\n".join(
                    re.sub("^(?=第.部分|[一二三四]、)", "## ", line) if not line.startswith("|") else line
                    for line in lines
                ).replace("|\n\n|", "|\n|"),
                encoding="utf-8",
            )
            for name in ("styled.docx", "automatic.docx", "boxed.docx", "revised.docx"):
                if (out / name).exists() and name == "styled.docx":
                    (out / "footnote.docx").write_bytes(with_footnote((out / name).read_bytes()))
        make_few(folder)
        make_bad()
        make_scans()
        with zipfile.ZipFile(HERE / "mixed.zip", "w", zipfile.ZIP_DEFLATED) as packed:
            for stem in TWINS:
                packed.write(HERE / stem / "styled.docx", f"2023年/{stem}.docx")


if __name__ == "__main__":
    main()
