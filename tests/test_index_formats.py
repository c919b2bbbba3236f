"""Every format an office has: what was read is what the paper says."""

from __future__ import annotations

import datetime
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import LoadError
from index.figures import find_figures
from index.loading import likeness, load_report, read_report, unpack
from index.loading.document import Document
from index.loading.docx import load_docx
from index.loading.html import load_html, load_mhtml
from index.loading.layout import Page, compose
from index.loading.lines import Glyph
from index.loading.numbering import written
from index.loading.ocr import load_image
from index.loading.ofd import load_ofd
from index.loading.passages import numbered, raised
from index.loading.pdf import load_pdf
from index.loading.tables import table_sentences
from index.loading.xlsx import load_xlsx
from tests.documents import (
    REPORT,
    docx,
    ofd,
    ofd_report,
    ofd_text,
    paragraph,
    pdf_report,
    pdf_table,
    run,
    web_page,
    word_table,
    zipped,
)

SAMPLE = [line.strip() for line in Path("samples/云岭区_2024.txt").read_text().splitlines() if line.strip()]

DELIVERED = "2024-01-09"


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


# Tables -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "sentences"),
    [
        (
            [["指标", "单位", "目标", "完成"], ["城镇新增就业", "人", "7000", "7500"]],
            ["城镇新增就业：目标 7000人，完成 7500人。"],
        ),
        (
            [["指标", "单位", "完成", "同比增长"], ["地区生产总值", "亿元", "322.5", "6.8%"]],
            ["地区生产总值：完成 322.5亿元，同比增长 6.8%。"],
        ),
        # A unit never goes to a column that is not in it.
        (
            [["指标（亿元）", "完成", "增速"], ["财政收入", "20.1", "6.3"], ["税收（万元）", "9", "2"]],
            ["财政收入：完成 20.1，增速 6.3。", "税收：完成 9万元，增速 2。"],
        ),
        ([["指标", "增长（%）"], ["固定资产投资（不含农户）", "7.2"]], ["固定资产投资（不含农户）：增长 7.2%。"]),
        (
            [["表1"] * 3, ["单位：万元"] * 3, ["项目", "目标", "完成"], ["财政收入", "1,200", "约1300"]],
            ["表1", "单位：万元", "财政收入：目标 1,200万元，完成 约1300万元。"],
        ),
        (
            [["指标", "2023年", "2023年"], ["指标", "目标", "完成"], ["学位（个）", "2400", "2460以上"]],
            ["学位：2023年目标 2400个，2023年完成 2460个以上。"],
        ),
        ([["年份", "2022", "2023"], ["发电量（千瓦时）", "300", "—"]], ["发电量：2022年 300千瓦时。"]),
        ([["年份", "学位（个）"], ["2022", "1080"]], ["2022年：学位 1080个。"]),
        ([["类别", "指标", "单位", "目标"], ["就业", "新增", "人", "7000"]], ["就业 新增：目标 7000人。"]),
        (
            [["序号", "事项", "完成情况", "责任单位"], ["1", "扩学位", "建成3所，新增2460个", "教育局"]],
            ["扩学位：完成情况：建成3所，新增2460个；责任单位：教育局。"],
        ),
        ([["固定资产投资", "8.5%"], ["学位", "2460个"]], ["固定资产投资：8.5%。", "学位：2460个。"]),
        ([["指标", "完成"], ["甲", "1"], ["二、民生"] * 2, ["乙", "2"]], ["甲：完成 1。", "二、民生", "乙：完成 2。"]),
    ],
)
def test_a_row_is_a_sentence_that_names_its_figures(rows: list[list[str]], sentences: list[str]) -> None:
    assert table_sentences(rows) == sentences


@given(st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 10**6)), min_size=1, max_size=8))
def test_no_cell_of_a_table_is_lost(cells: list[tuple[int, int]]) -> None:
    rows = [
        ["指标", "单位", "目标", "完成"],
        *([f"指标{'甲乙丙丁戊己庚辛'[i]}", "个", str(a), str(b)] for i, (a, b) in enumerate(cells)),
    ]
    sentences = table_sentences(rows)
    assert len(sentences) == len(cells)
    for sentence, (a, b) in zip(sentences, cells, strict=True):
        assert [figure.value for figure in find_figures(sentence)] == [a, b]


@pytest.mark.parametrize(
    ("text", "before", "becomes"),
    [
        ("2", "绿地12m", "²"),
        ("-6", "10", "⁻⁶"),
        ("1", "建成640套", ""),
        ("[12]", "新增学位", ""),
        ("①", "持续增长", ""),
        ("th", "19", "th"),
    ],
)
def test_raised_text(text: str, before: str, becomes: str) -> None:
    assert raised(text, before) == becomes


def test_a_list_number_does_not_run_into_a_figure() -> None:
    assert numbered("1.", "640套住房") == "1. 640套住房"
    assert numbered("一、", "2023年工作回顾") == "一、2023年工作回顾"


# Web pages --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("charset", ["utf-8", "gb2312"])
def test_a_web_page_is_its_article(charset: str) -> None:
    assert texts(load_html(web_page(REPORT, charset=charset), "云岭区_2024.html")) == list(REPORT)


def test_a_web_page_saved_with_its_pictures() -> None:
    from email.mime.multipart import MIMEMultipart
    from email.mime.text import MIMEText

    saved = MIMEMultipart("related")
    saved.attach(MIMEText(web_page(REPORT).decode(), "html", "utf-8"))
    saved.attach(MIMEText("body{}", "css"))
    assert texts(load_mhtml(saved.as_bytes(), "a.mhtml")) == list(REPORT)
    with pytest.raises(LoadError, match="不是完好的网页归档"):
        load_mhtml(b"Content-Type: text/plain\n\n640", "a.mhtml")


def test_a_web_page_without_paragraphs_has_breaks() -> None:
    page = f"<body><table><tr><td>{'<br><br>　　'.join(REPORT)}</td></tr></table></body>"
    assert texts(load_html(page.encode(), "a.htm")) == list(REPORT)


def test_what_a_browser_hides_or_raises() -> None:
    page = (
        "<div><p>全年建成保障房640套<sup>[1]</sup>，新增绿地12km<sup>2</sup>。</p><p style='display:none'>隐藏999个。</p>"
        "<ol start=2><li>建学校3所</li><li>2460个学位</li></ol><p>字里<b>行</b>\n间。</p></div>"
    )
    assert texts(load_html(page.encode(), "a.html")) == [
        "全年建成保障房640套，新增绿地12km²。",
        "2.建学校3所",
        "3. 2460个学位",
        "字里行间。",
    ]


def test_a_web_page_saved_by_an_office_program() -> None:
    page = (
        "<div title=header><p>云岭区人民政府文件 第999号</p></div><ol><li><p><span>1.</span>新增学位2460个。</p></li></ol>"
        "<ol start=2><li><p><span>2.</span>640套住房建成。</p></li></ol><div title=footer><p>— 1 —</p></div>"
    )
    assert texts(load_html(page.encode(), "a.html")) == ["1.新增学位2460个。", "2. 640套住房建成。"]


def test_a_table_in_a_web_page() -> None:
    page = """<div><p>主要指标完成情况如下，各项指标均好于预期，具体见下表。</p><table><tr><th rowspan=2>指标<th colspan=2>2023年</tr>
    <tr><td>目标<td>完成</tr><tr><td>学位（个）<td>2400<td>2460</table></div>"""
    document = load_html(page.encode(), "a.html")
    assert texts(document)[1:] == ["学位：2023年目标 2400个，2023年完成 2460个。"]
    assert document.tables == 1


# Word -------------------------------------------------------------------------------------------------------

NUMBERING = """<w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl>
<w:lvl w:ilvl="3"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="·"/></w:lvl></w:abstractNum>
<w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="8"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="2"><w:startOverride w:val="1"/></w:lvlOverride></w:num>"""


def item(text: str, level: int, number: int = 7) -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def test_automatic_numbers_are_printed() -> None:
    body = "".join(
        [
            item("2023年工作回顾", 0),
            item("民生", 1),
            item("改革", 1),
            item("640套住房", 2),
            item("学位", 2),
            item("列项", 3),
            item("安排", 0),
            item("产业", 1),
            item("学位", 2),
            item("重新编号", 2, 8),
            item("接着编", 2, 8),
            item("不编号", 2, 0),
        ]
    )
    assert texts(load_docx(docx(body, numbering=NUMBERING), "a.docx")) == [
        "一、2023年工作回顾",
        "（一）民生",
        "（二）改革",
        "1. 640套住房",
        "2.学位",
        "列项",
        "二、安排",
        "（一）产业",
        "1.学位",
        "1.重新编号",
        "2.接着编",
        "不编号",
    ]


@pytest.mark.parametrize(
    ("number", "form", "printed"),
    [
        (10, "chineseCounting", "十"),
        (11, "chineseCountingThousand", "十一"),
        (20, "japaneseCounting", "二十"),
        (105, "chineseCounting", "一百零五"),
        (110, "chineseCounting", "一百一十"),
        (12, "ideographDigital", "一二"),
        (3, "ideographTraditional", "丙"),
        (21, "chineseLegalSimplified", "贰拾壹"),
        (3, "decimalEnclosedCircle", "③"),
        (4, "upperRoman", "IV"),
        (28, "lowerLetter", "bb"),
        (5, "decimalFullWidth", "５"),
        (5, "decimalZero", "05"),
        (7, "neverHeardOf", "7"),
    ],
)
def test_number_formats(number: int, form: str, printed: str) -> None:
    assert written(number, form) == printed


def test_headings_by_style_and_numbers_by_style() -> None:
    styles = """<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>
    <w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:basedOn w:val="a"/><w:pPr><w:outlineLvl w:val="0"/>
    <w:numPr><w:numId w:val="7"/></w:numPr></w:pPr></w:style>
    <w:style w:type="paragraph" w:styleId="mine"><w:name w:val="我的标题"/><w:basedOn w:val="1"/></w:style>
    <w:style w:type="paragraph" w:styleId="t"><w:name w:val="toc 1"/></w:style>"""
    style = '<w:pStyle w:val="{}"/>'.format
    body = (
        paragraph("2023年工作回顾……3", style("t"))
        + paragraph("2023年工作回顾", style("mine"))
        + paragraph("正文。")
        + paragraph("2024年工作安排", style("1"))
        + paragraph("误用标题样式的一整段话，写了很多内容。而且不止一句话，显然不是标题。", '<w:outlineLvl w:val="1"/>')
    )
    blocks = load_docx(docx(body, styles=styles, numbering=NUMBERING), "a.docx").blocks
    assert [(block.level, block.text[:12]) for block in blocks] == [
        (1, "一、2023年工作回顾"),
        (None, "正文。"),
        (1, "二、2024年工作安排"),
        (None, "误用标题样式的一整段话，"),
    ]


def test_tracked_changes_are_read_as_accepted() -> None:
    gone = "<w:del><w:r><w:delText>460</w:delText></w:r></w:del>"
    new = f"<w:ins>{run('640')}</w:ins>"
    body = (
        paragraph(run("建成") + gone + new + run("套"))
        + paragraph(run("新增学"), "<w:rPr><w:del/></w:rPr>")
        + paragraph(run("位1080个"))
        + f"<w:p><w:moveFrom>{run('移走的话')}</w:moveFrom></w:p>"
        + f"<w:p><w:moveTo>{run('移来的话')}</w:moveTo></w:p>"
    )
    document = load_docx(docx(body), "a.docx")
    assert texts(document) == ["建成640套", "新增学位1080个", "移来的话"]
    assert "修订" in document.notes[0]


def test_notes_boxes_breaks_and_what_is_hidden() -> None:
    box = (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><w:txbxContent>{paragraph("文本框：学位2460个")}'
        f"</w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>{paragraph('重复')}"
        "</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    body = (
        paragraph(
            run("建成640套")
            + '<w:r><w:footnoteReference w:id="2"/></w:r>'
            + run("，绿地12m")
            + run("2", '<w:vertAlign w:val="superscript"/>')
        )
        + paragraph(run("上一行") + "<w:r><w:br/></w:r>" + run("下一行") + box)
        + paragraph(run("看得见") + run("看不见", "<w:vanish/>"))
        + paragraph(
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>' + run("域结果3件")
        )
    )
    notes = f'<w:footnote w:type="separator" w:id="0">{paragraph("—")}</w:footnote><w:footnote w:id="2">{paragraph("含在建。")}</w:footnote>'
    assert texts(load_docx(docx(body, footnotes=notes), "a.docx")) == [
        "建成640套，绿地12m²",
        "注：含在建。",
        "上一行",
        "下一行",
        "文本框：学位2460个",
        "看得见",
        "域结果3件",
    ]


def test_a_table_in_word() -> None:
    merged = '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>' + paragraph("就业")
    rows = [["领域", "指标", "单位", "完成"], [merged, "城镇新增", "人", "7500"]]
    rows.append(["<w:tcPr><w:vMerge/></w:tcPr>" + paragraph(""), "再就业", "人", "712"])
    document = load_docx(docx(word_table(rows) + word_table([["各位代表："], ["请予审议。"]])), "a.docx")
    assert texts(document) == ["就业 城镇新增：完成 7500人。", "就业 再就业：完成 712人。", "各位代表：", "请予审议。"]
    assert document.tables == 1


# Excel ------------------------------------------------------------------------------------------------------


def test_a_workbook_shows_what_its_cells_show() -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "主要指标"
    for row in (
        ["云岭区2024年主要指标", None, None, None],
        [None, None, None, "单位：万元"],
        ["指标", "目标", "完成", "增长率"],
        ["财政收入", 1200, 1300.5, 0.083],
        ["税收", 0.1 + 0.2, "=B4*2", -0.061],
        ["截至", datetime.date(2023, 12, 31), None, None],
    ):
        sheet.append(row)
    sheet.merge_cells("A1:D1")
    for cell, code in (("D4", "0.0%"), ("D5", "0.0%"), ("C4", "#,##0.00")):
        sheet[cell].number_format = code
    sheet.row_dimensions[7].hidden = True
    sheet.append(["隐藏行", 1, 2, 3])
    book.create_sheet("底稿").sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    document = load_xlsx(buffer.getvalue(), "a.xlsx")
    assert texts(document) == [
        "云岭区2024年主要指标",
        "单位：万元",
        "财政收入：目标 1200万元，完成 1,300.50万元，增长率 8.3%。",
        "税收：目标 0.3万元，增长率 -6.1%。",
        "截至：目标：2023年12月31日。",
    ]
    assert document.tables == 1
    assert "1 张隐藏的工作表" in document.notes[0]
    assert "1 个公式" in document.notes[1]


# PDF and OFD ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", [1, 2])
def test_a_pdf_is_its_paragraphs(columns: int) -> None:
    document = load_pdf(pdf_report(SAMPLE, columns=columns), "a.pdf")
    assert texts(document) == SAMPLE
    assert document.pages == document.blocks[-1].page
    assert document.blocks[0].page == 1


def test_a_ruled_table_in_a_pdf() -> None:
    rows = [["指标", "单位", "目标", "完成"], ["城镇新增就业", "人", "7000", "7500"], ["失业率", "%", "4", "3.5"]]
    document = load_pdf(pdf_table(rows, above="主要指标如下。", below="以上均已完成。"), "a.pdf")
    assert texts(document) == [
        "主要指标如下。",
        "城镇新增就业：目标 7000人，完成 7500人。",
        "失业率：目标 4%，完成 3.5%。",
        "以上均已完成。",
    ]
    assert document.tables == 1


def test_an_ofd_is_its_paragraphs() -> None:
    document = load_ofd(ofd_report(SAMPLE), "a.ofd")
    assert texts(document) == SAMPLE
    assert document.pages == document.blocks[-1].page


def test_ofd_places_characters_by_steps_and_matrices() -> None:
    step = '<ofd:TextObject Boundary="20 20 80 6" Size="5"><ofd:TextCode X="0" Y="4" DeltaX="g 3 5">建成学校</ofd:TextCode>'
    step += '<ofd:TextCode X="20" Y="4" DeltaX="2.5 2.5">640</ofd:TextCode></ofd:TextObject>'
    scaled = '<ofd:TextObject Boundary="20 30 80 6" CTM="5 0 0 5 0 0" Size="1"><ofd:TextCode X="0" Y="0.8" DeltaX="1 1 1">新增学位</ofd:TextCode></ofd:TextObject>'
    unseen = '<ofd:TextObject Visible="false" Boundary="20 40 80 6" Size="5"><ofd:TextCode X="0" Y="4">看不见</ofd:TextCode></ofd:TextObject>'
    # Objects may come in any order; what counts is where they stand.
    assert texts(load_ofd(ofd([scaled + unseen + step]), "a.ofd")) == ["建成学校640", "新增学位"]


def test_a_ruled_table_in_an_ofd() -> None:
    rows = [["指标", "单位", "完成"], ["学位", "个", "2460"], ["失业率", "%", "3.5"]]
    content = "".join(
        ofd_text(cell, 32 + 40 * c, 52 + 10 * r) for r, row in enumerate(rows) for c, cell in enumerate(row)
    )
    across = "".join(f"M 0 {10 * r} L 120 {10 * r} " for r in range(4))
    down = "".join(f"M {40 * c} 0 L {40 * c} 30 " for c in range(4))
    content += f'<ofd:PathObject Boundary="30 50 120 30"><ofd:AbbreviatedData>{across}{down}</ofd:AbbreviatedData></ofd:PathObject>'
    assert texts(load_ofd(ofd([content]), "a.ofd")) == ["学位：完成 2460个。", "失业率：完成 3.5%。"]


def line(text: str, x: float, top: float, *, sure: bool = True) -> list[Glyph]:
    return [Glyph(c, x + 12 * i, top, x + 12 * i + 12, top + 12, sure) for i, c in enumerate(text)]


def test_doubt_is_kept_with_the_characters_it_is_of() -> None:
    glyphs = line("　　建成住房六", 50, 100) + line("四", 134, 100, sure=False) + line("〇套，新增学位", 146, 100)
    glyphs += line("二〇套", 50, 118, sure=False)
    (block,) = compose([Page(width=300, height=800, glyphs=glyphs)]).blocks
    assert block.text == "建成住房六四〇套，新增学位二〇套"
    assert [block.text[a:b] for a, b in block.doubtful] == ["四", "二〇套"]


def test_a_centred_title_of_two_lines_is_one() -> None:
    glyphs = line("二〇二四年一月九日在云岭区第三届人民代表大会第", 50, 100) + line("三次会议上", 158, 120)
    glyphs += [glyph for i in range(5) for glyph in line("字" * 23, 50, 160 + 20 * i)]
    blocks = compose([Page(width=380, height=800, glyphs=glyphs)]).blocks
    assert blocks[0].text == "二〇二四年一月九日在云岭区第三届人民代表大会第三次会议上"


def test_a_figure_broken_over_pages_is_one_figure() -> None:
    first = line("全年建成保障性租赁住房一共是六百四", 74, 700) + line("—1—", 290, 770)
    second = line("十套，新增学位一千个。", 50, 100) + line("—2—", 290, 770)
    filler = [glyph for i in range(5) for glyph in line("字" * 19, 50, 200 + 20 * i)]
    document = compose([Page(width=600, height=800, glyphs=filler + first), Page(width=600, height=800, glyphs=second)])
    assert document.blocks[-1].text == "全年建成保障性租赁住房一共是六百四十套，新增学位一千个。"
    assert document.blocks[-1].page == 1


def test_a_note_at_the_foot_of_a_page_does_not_break_the_paragraph_above_it() -> None:
    first = [glyph for i in range(5) for glyph in line("字" * 19, 50, 600 + 20 * i)] + line("建成六百四", 74, 700)
    first += line("十套" + "字" * 12, 134, 700)
    note = [Glyph(c, 50 + 8 * i, 740, 58 + 8 * i, 748) for i, c in enumerate("①不含人才住房35套。")]
    second = line("新增学位一千个。", 50, 100) + [g for i in range(5) for g in line("字" * 19, 50, 200 + 20 * i)]
    pages = [Page(width=328, height=800, glyphs=first + note), Page(width=328, height=800, glyphs=second)]
    blocks = compose(pages).blocks
    at = next(i for i, block in enumerate(blocks) if block.text.startswith("建成"))
    assert blocks[at].text.startswith("建成六百四十套") and blocks[at].text.endswith("新增学位一千个。")
    assert (blocks[at + 1].text, blocks[at + 1].page) == ("注：不含人才住房35套。", 1)


def test_latin_letters_of_another_height_do_not_break_a_paragraph() -> None:
    def mixed(text: str, top: float) -> list[Glyph]:
        return [
            Glyph(c, 50 + 12 * i, top - 3 * c.isascii(), 62 + 12 * i, top + 12 + 3 * c.isascii())
            for i, c in enumerate(text)
        ]

    glyphs = mixed("全年地区生产总值完成了预期，增长", 100) + mixed("6.8%，总量322.5亿，增速", 120)
    glyphs += mixed("居全市第3。", 140)
    (block,) = compose([Page(width=300, height=800, glyphs=glyphs)]).blocks
    assert block.text == "全年地区生产总值完成了预期，增长6.8%，总量322.5亿，增速居全市第3。"


def test_the_number_of_an_item_and_a_decimal_are_told_apart_by_the_gap() -> None:
    def item_at(gap: float) -> str:
        glyphs = [Glyph("2", 50, 100, 56, 112), Glyph(".", 56, 100, 59, 112)]
        glyphs += [Glyph(c, 59 + gap + 6 * i, 100, 65 + gap + 6 * i, 112) for i, c in enumerate("640")]
        return compose([Page(width=300, height=800, glyphs=glyphs)]).blocks[0].text

    assert (item_at(7), item_at(3.5), item_at(0)) == ("2. 640", "2.640", "2.640")


def test_what_is_crossed_out_in_a_pdf_is_left_out() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.setFont("STSong-Light", 14)
    canvas.drawString(60, 700, "全年建成住房四六〇六四〇套，新增学位二四六〇个，惠及群众。")
    canvas.line(60 + 14 * 6, 705, 60 + 14 * 9, 705)
    canvas.line(60 + 14 * 9, 697, 60 + 14 * 12, 697)  # underlined
    canvas.save()
    document = load_pdf(buffer.getvalue(), "a.pdf")
    assert texts(document)[0].replace(" ", "") == "全年建成住房六四〇套，新增学位二四六〇个，惠及群众。"
    assert document.notes == ("第 1 页有划掉的文字，没有读取。",)


# Files ------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "云岭区_2024.ofd").write_bytes(ofd_report(SAMPLE))
    (tmp_path / "云岭区_2024.pdf").write_bytes(pdf_report(SAMPLE))
    (tmp_path / "云岭区_2024.html").write_bytes(web_page(SAMPLE))
    (tmp_path / "云岭区_2024.docx").write_bytes(docx("".join(map(paragraph, SAMPLE))))
    return tmp_path


@pytest.mark.parametrize("ending", ["ofd", "pdf", "html", "docx"])
def test_a_report_is_the_same_from_every_format(folder: Path, ending: str) -> None:
    expected = load_report("samples/云岭区_2024.txt")
    report, parsed = read_report(folder / f"云岭区_2024.{ending}")
    assert [(p.text, p.headings, p.role, p.period) for p in report.paragraphs] == [
        (p.text, p.headings, p.role, p.period) for p in expected.paragraphs
    ]
    assert (report.region, report.year, report.title) == (expected.region, expected.year, expected.title)
    assert parsed.paragraphs == len(SAMPLE)
    assert parsed.figures == sum(len(find_figures(line)) for line in SAMPLE)
    assert (parsed.doubtful, parsed.notes) == (0, ())
    assert parsed.seconds > 0
    assert parsed.delivered == DELIVERED


def test_an_archive_of_one_report_is_that_report(folder: Path) -> None:
    (folder / "下载.zip").write_bytes(zipped({"报告/云岭区_2024.html": web_page(SAMPLE), "说明.xyz": b""}))
    report, parsed = read_report(folder / "下载.zip")
    assert (report.id, report.region, parsed.name) == ("云岭区_2024", "云岭区", "下载.zip")


def test_an_archive_of_several_is_unpacked_first(folder: Path) -> None:
    source = folder / "三年.zip"
    source.write_bytes(zipped({f"../../云岭区_{year}.txt": f"云岭区{year}年政府工作报告" for year in (2022, 2023)}))
    with pytest.raises(LoadError, match="2 份文件"):
        load_report(source)
    target = folder / "unpacked"
    target.mkdir()
    assert [path.relative_to(target).name for path in unpack(source, target)] == ["云岭区_2022.txt", "云岭区_2023.txt"]
    assert sorted(path.name for path in target.iterdir()) == ["云岭区_2022.txt", "云岭区_2023.txt"]


def test_the_same_report_is_known_again_and_so_is_its_next_version(folder: Path) -> None:
    text = load_report("samples/云岭区_2024.txt")
    assert likeness(text, load_report(folder / "云岭区_2024.docx")) == "same"
    revised = [line.replace("640", "650") for line in SAMPLE[:-1]]
    (folder / "云岭区_2024_修订.txt").write_text("\n".join(revised))
    assert likeness(text, load_report(folder / "云岭区_2024_修订.txt")) == "version"
    assert likeness(text, load_report("samples/云岭区_2023.txt")) == "other"
    assert likeness(load_report("samples/青禾县_2024.txt"), text) == "other"


def test_what_needs_an_office_program_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from index.loading import office

    monkeypatch.setattr(office, "_program", lambda: None)
    with pytest.raises(LoadError, match=r"需要安装 LibreOffice.*\.docx"):
        office.load_office(b"{\\rtf1 a}", "云岭区_2024.rtf")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_rich_text_by_an_office_program(tmp_path: Path) -> None:
    text = r"\par ".join("".join(f"\\u{ord(c)}?" for c in line) for line in REPORT)
    (tmp_path / "云岭区_2024.rtf").write_bytes(f"{{\\rtf1\\ansi {text}\\par}}".encode())
    report = load_report(tmp_path / "云岭区_2024.rtf")
    assert [paragraph.text for paragraph in report.paragraphs] == list(REPORT)


def test_scans_need_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from index.loading import ocr

    ocr._engine.cache_clear()
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    with pytest.raises(LoadError, match=r"pip install 'wenbao\[ocr\]'"):
        ocr.load_image(scanned(["建成640套。"]), "a.png")


def of_picture(png: bytes) -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.open(io.BytesIO(png)).save(buffer, "PDF", resolution=150)
    return buffer.getvalue()


def ofd_of_picture(png: bytes) -> bytes:
    return ofd(
        ['<ofd:ImageObject ID="9" Boundary="0 0 190 45" ResourceID="7"/>'],
        resources='<ofd:MultiMedias><ofd:MultiMedia ID="7" Type="Image"><ofd:MediaFile>page.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias>',
        files={"Doc_0/Res/page.png": png},
    )


@pytest.mark.parametrize(
    ("load", "written_as"),
    [(load_image, bytes), (load_pdf, of_picture), (load_ofd, ofd_of_picture)],
    ids=["png", "pdf", "ofd"],
)
def test_a_scan_is_read_and_says_so(
    load: Callable[[bytes, str], Document], written_as: Callable[[bytes], bytes]
) -> None:
    pytest.importorskip("rapidocr")
    picture = scanned(["全年建成保障性租赁住房640套，新增学位2460个。", "城镇新增就业7500人，增长6.8%。"])
    document = load(written_as(picture), "a")
    figures = [figure.text for block in document.blocks for figure in find_figures(block.text)]
    assert figures == ["640套", "2460个", "7500人", "6.8%"]
    assert "请核对原件" in document.notes[0]


def test_in_print_too_small_to_recognise_every_figure_is_doubtful() -> None:
    pytest.importorskip("rapidocr")
    (block,) = load_image(scanned(["全年建成保障性租赁住房640套，新增学位2460个。"], size=14), "a.png").blocks
    figures = find_figures(block.text)
    assert figures
    assert all(any(a < figure.end and figure.start < b for a, b in block.doubtful) for figure in figures)


def scanned(lines: list[str], size: int = 34) -> bytes:
    """A picture of these lines; needs a Chinese font."""
    from PIL import Image, ImageDraw, ImageFont

    font = next(Path("/usr/share/fonts").rglob("NotoSerifCJK-Regular.ttc"), None)
    if font is None:
        pytest.skip("no Chinese font is installed")
    image = Image.new("L", (1100, 90 * len(lines) + 80), 245)
    for i, text in enumerate(lines):
        ImageDraw.Draw(image).text((60, 50 + 90 * i), text, 20, ImageFont.truetype(str(font), size))
    buffer = io.BytesIO()
    image.rotate(0.6, fillcolor=245).save(buffer, "PNG")
    return buffer.getvalue()
