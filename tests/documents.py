"""Documents of every format, written from lines of text or from raw parts: what the loaders are tested on.

The writers know nothing of the loaders; each follows the format's own specification.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from html import escape

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

REPORT = (
    "云岭区2024年政府工作报告",
    "——2024年1月9日在云岭区第三届人民代表大会第三次会议上",
    "各位代表：",
    "现在，我代表区人民政府，向大会报告工作，请予审议，并请政协委员和其他列席人员提出意见。",
    "一、2023年工作回顾",
    "全年实现地区生产总值322.5亿元，增长6.8%；规模以上工业增加值增长7.9%；固定资产投资增长7.2%，未达到9%的年度目标；"
    "社会消费品零售总额123.9亿元，增长8.1%；一般公共预算收入20.1亿元，其中税收收入14.7亿元，占比73.1%。",
    "（一）民生保障有力有效",
    "筹集保障性租赁住房898套，其中开工590套、建成640套；新增学位2,460个，改造老旧小区27个、惠及居民8436户。"
    "城乡低保标准分别提高到每人每月815元和640元，城镇新增就业6006人，年末城镇登记失业率3.5%。",
    "二、2024年工作安排",
    "今年主要预期目标是：地区生产总值增长6.5%左右，城镇新增就业6000人以上，空气质量优良天数比例力争达到88%，"
    "细颗粒物平均浓度控制在31.5微克/立方米以内，一般公共预算收入增长5%，新增学位1800个，建设口袋公园10个。",
)


def zipped(parts: Mapping[str, str | bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip package of these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


# Word -------------------------------------------------------------------------------------------------------


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(content: str, properties: str = "") -> str:
    """A paragraph of runs, or of plain text where no tag opens it."""
    runs = content if content.startswith("<") else run(content)
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def word_table(rows: Sequence[Sequence[str]]) -> str:
    cells = ("".join(f"<w:tc>{cell if '<' in cell else paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def docx(body: str, **parts: str) -> bytes:
    """A Word document with this body; `parts` are the contents of styles, numbering, footnotes, endnotes."""
    related = "".join(
        f'<Relationship Id="r{i}" Type="{_OFFICE}/{kind}" Target="{kind}.xml"/>' for i, kind in enumerate(parts)
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="r" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}/relationships">{related}</Relationships>',
            "word/document.xml": f"<w:document {W} "
            'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
            'xmlns:v="urn:schemas-microsoft-com:vml">'
            f"<w:body>{body}</w:body></w:document>",
            **{f"word/{kind}.xml": f"<w:{kind} {W}>{content}</w:{kind}>" for kind, content in parts.items()},
        }
    )


# OFD --------------------------------------------------------------------------------------------------------


def ofd(pages: Sequence[str], *, resources: str = "", files: Mapping[str, bytes] | None = None) -> bytes:
    """An OFD document of A4 pages with this content (objects of GB/T 33190, 8.2 to 9), resources and other files."""
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    listed = "".join(f'<ofd:Page ID="{i}" BaseLoc="Pages/Page_{i}/Content.xml"/>' for i in range(len(pages)))
    return zipped(
        {
            "OFD.xml": f'<ofd:OFD {space} Version="1.0" DocType="OFD"><ofd:DocBody>'
            "<ofd:DocInfo><ofd:DocID>1</ofd:DocID></ofd:DocInfo>"
            "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
            "Doc_0/Document.xml": f"<ofd:Document {space}><ofd:CommonData><ofd:MaxUnitID>99</ofd:MaxUnitID><ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes><ofd:PageArea>"
            f"<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages>{listed}</ofd:Pages>"
            "</ofd:Document>",
            **{
                f"Doc_0/Pages/Page_{i}/Content.xml": f'<ofd:Page {space}><ofd:Content><ofd:Layer ID="1">{content}'
                "</ofd:Layer></ofd:Content></ofd:Page>"
                for i, content in enumerate(pages)
            },
            "Doc_0/DocumentRes.xml": f'<ofd:Res {space} BaseLoc="Res">{resources}</ofd:Res>',
            **(files or {}),
        }
    )


def ofd_text(text: str, x: float, y: float, size: float = 4.2) -> str:
    """A line of text whose upper left corner is at (x, y) millimetres, its steps counted as writers of OFD do."""
    steps = [size * (0.5 if character.isascii() else 1.0) for character in text[:-1]]
    delta: list[str] = []
    for i, step in enumerate(steps):
        if i and steps[i - 1] == step and delta[-3:-2] == ["g"]:
            delta[-2] = str(int(delta[-2]) + 1)
        else:
            delta += ["g", "1", f"{step:g}"]
    width = sum(steps) + size
    return (
        f'<ofd:TextObject ID="2" Boundary="{x:g} {y:g} {width:g} {size:g}" Font="3" Size="{size:g}">'
        f'<ofd:TextCode X="0" Y="{0.8 * size:g}" DeltaX="{" ".join(delta)}">{escape(text)}</ofd:TextCode></ofd:TextObject>'
    )


def ofd_report(lines: Sequence[str], *, per_page: int = 38) -> bytes:
    """A report as office programs lay it out: lines of 40 characters, paragraphs indented by two, pages numbered."""
    rows = [row for line in lines for row in set_lines(line)]
    pages = []
    for start in range(0, len(rows), per_page):
        texts = [
            ofd_text(text, 20 + 4.2 * indent, 25 + 6.5 * i)
            for i, (indent, text) in enumerate(rows[start : start + per_page])
        ]
        pages.append("".join(texts) + ofd_text(f"— {start // per_page + 1} —", 100, 282))
    return ofd(pages)


def set_lines(text: str, *, width: int = 40) -> list[tuple[int, str]]:
    """A paragraph in lines of so many wide characters: (indent, text); figures and closing marks are not parted."""
    words: list[str] = []
    for character in text:
        joined = words and ((character.isascii() and words[-1][-1].isascii()) or character in "，。；：、！？”）》%％")
        words[-1:] = [words[-1] + character] if joined else [*words[-1:], character]
    lines: list[tuple[int, str]] = [(2, "")]
    for word in words:
        indent, line = lines[-1]
        if indent + breadth(line + word) > width:
            lines.append((0, word))
        else:
            lines[-1] = (indent, line + word)
    return lines


def breadth(text: str) -> float:
    return sum(0.5 if character.isascii() else 1.0 for character in text)


# PDF --------------------------------------------------------------------------------------------------------


def pdf_report(lines: Sequence[str], *, columns: int = 1, head: str = "云岭区人民政府文件") -> bytes:
    """A report as a PDF of A4 pages with running head and page numbers; needs reportlab."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    size, gap = 12, 24
    width = int((A4[0] - 120 - gap * (columns - 1)) / columns / size)
    rows = [row for line in lines for row in set_lines(line, width=width)]
    per_page = 34
    for page, start in enumerate(range(0, len(rows), per_page * columns)):
        canvas.setFont("STSong-Light", 9)
        canvas.drawString(60, A4[1] - 40, head)
        canvas.drawCentredString(A4[0] / 2, 36, f"— {page + 1} —")
        canvas.setFont("STSong-Light", size)
        for i, (indent, text) in enumerate(rows[start : start + per_page * columns]):
            column, row = divmod(i, per_page)
            x: float = 60 + column * (width * size + gap) + indent * size
            for character in text:  # one by one: the font's own Latin letters are narrower than half a character
                canvas.drawString(x, A4[1] - 80 - row * 20, character)
                x += size * breadth(character)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def pdf_table(rows: Sequence[Sequence[str]], *, above: str = "", below: str = "") -> bytes:
    """A PDF with a ruled table between two lines of text; needs reportlab."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    canvas.setFont("STSong-Light", 11)
    top, height, wide = A4[1] - 140, 24, 110
    canvas.drawString(60, top + 30, above)
    canvas.grid([60 + wide * i for i in range(len(rows[0]) + 1)], [top - height * i for i in range(len(rows) + 1)])
    for i, row in enumerate(rows):
        for k, cell in enumerate(row):
            canvas.drawString(64 + wide * k, top - height * i - 16, cell)
    canvas.drawString(60, top - height * len(rows) - 30, below)
    canvas.save()
    return buffer.getvalue()


# Web pages --------------------------------------------------------------------------------------------------


def web_page(lines: Sequence[str], *, charset: str = "utf-8") -> bytes:
    """A report on a page of a government site, with all that stands around it there."""
    article = "".join(f'<p style="text-indent:2em">　　{escape(line)}</p>\n' for line in lines[1:])
    menu = "".join(
        f'<li><a href="/{i}/">{name}</a></li>' for i, name in enumerate(("首页", "政务公开", "政务服务", "互动交流"))
    )
    return f"""<!DOCTYPE html><html><head><meta charset="{charset}"><title>{lines[0]}_云岭区人民政府门户网站</title>
<meta name="ArticleTitle" content="{lines[0]}"><style>.a{{color:red}}</style><script>var n = 12345;</script></head>
<body><div class="head"><ul>{menu}</ul><form><input value="请输入关键词"><button>搜索</button></form></div>
<div class="crumbs">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; 政府工作报告</div>
<div class="wrap"><div class="left"><ul><li><a href="/x">区政府召开第35次常务会议，研究部署今年一季度重点工作，审议通过3个文件</a></li></ul></div>
<div class="main"><h1>{lines[0]}</h1><div class="info">来源：区政府办公室　发布时间：2024-01-15 09:30　浏览次数：1286 字号：[大 中 小]</div>
<div class="TRS_Editor">{article}</div><div>责任编辑：李明</div><div>【打印本页】</div><div>上一篇：区政府办关于2023年度绩效考核的通报</div></div></div>
<div class="footer"><p>主办单位：云岭区人民政府办公室　承办单位：云岭区大数据中心</p><p>网站标识码：3500000001　闽ICP备10000001号</p></div></body></html>
""".encode("gb18030" if charset == "gb2312" else charset)
