"""Files made to hurt whoever opens them, and files that came to harm: what each must end in.

`HOSTILE` maps a file name to how it is made and what loading it must say: a pattern of the message, or "" where the file
can be read without harm, its dangerous part left alone.
"""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable

from tests.documents import REPORT, W, docx, ofd, ofd_report, ofd_text, paragraph, run, web_page, word_table, zipped

__all__ = ["HOSTILE"]

_BODY = "".join(map(paragraph, REPORT))
_TEXT = "\n".join(REPORT)
_MEGABYTE = 1 << 20
_LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
_BILLION_LAUGHS = f'<!DOCTYPE x [<!ENTITY l0 "640">{_LAUGHS}]>'
_READS_A_FILE = '<!DOCTYPE x [<!ENTITY leak SYSTEM "file:///etc/passwd">]>'
_ASKS_THE_NETWORK = '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/evil.dtd">'
_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(4096)


def word(prologue: str, content: str = "&l9;", encoding: str = "utf-8") -> bytes:
    """A Word document whose main part opens with a declaration."""
    main = f'<?xml version="1.0" encoding="{encoding}"?>{prologue}<w:document {W}><w:body><w:p><w:r><w:t>{content}</w:t></w:r></w:p></w:body></w:document>'
    return replaced(docx(_BODY), "word/document.xml", main.encode(encoding))


def replaced(package: bytes, name: str, content: bytes | None) -> bytes:
    """A package with one part changed, added or, with None, taken out."""
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        parts: dict[str, str | bytes] = {part: opened.read(part) for part in opened.namelist() if part != name}
    return zipped(parts if content is None else {**parts, name: content})


def workbook(rows: str, *, strings: str = "", merged: str = "") -> bytes:
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="{kind}.sharedStrings+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook {space} xmlns:r="{office}"><sheets><sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="r2" Type="{office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
            "xl/sharedStrings.xml": strings or f"<sst {space}/>",
            "xl/worksheets/sheet1.xml": f"<worksheet {space}><sheetData>{rows}</sheetData>{merged}</worksheet>",
        }
    )


def cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


_INDICATORS = f'<row r="1">{cell("A1", "指标")}{cell("B1", "完成")}</row><row r="2">{cell("A2", "云岭区新增学位")}{cell("B2", "1080个")}</row>'


def pdf(objects: list[bytes], *, root: int = 1) -> bytes:
    """A PDF of these objects, numbered from 1."""
    out = io.BytesIO(b"%PDF-1.7\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, root, start))
    return out.getvalue()


def one_page(
    content: bytes,
    *,
    resources: bytes = b"<<>>",
    box: bytes = b"[0 0 595 842]",
    more: tuple[bytes, ...] = (),
    action: bytes = b"",
) -> bytes:
    packed = zlib.compress(content, 9)
    return pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R%s>>" % action,
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox%s/Resources%s/Contents 4 0 R>>" % (box, resources),
            b"<</Length %d/Filter/FlateDecode>>\nstream\n%s\nendstream" % (len(packed), packed),
            *more,
        ]
    )


def pdf_of(lines: tuple[str, ...] = REPORT, *, password: str = "", pages: int = 1) -> bytes:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=password or None)
    for _ in range(pages):
        canvas.setFont("STSong-Light", 9)
        for i, line in enumerate(lines):
            canvas.drawString(40, 800 - 16 * i, line[:55])
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def png(width: int, height: int) -> bytes:
    """A picture that says it is this large and holds next to nothing."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


def archive(change: Callable[[zipfile.ZipFile], None]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        change(package)
    return buffer.getvalue()


def flagged(data: bytes) -> bytes:
    """An archive whose entries say that they are encrypted."""
    changed = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(signature)
        while at >= 0:
            changed[at + offset] |= 1
            at = changed.find(signature, at + 1)
    return bytes(changed)


def patched(data: bytes, signature: bytes, offset: int, value: bytes) -> bytes:
    at = data.rfind(signature) + offset
    return data[:at] + value + data[at + len(value) :]


def many(package: zipfile.ZipFile) -> None:
    for i in range(10_001):
        package.writestr(f"{i}.txt", "")


def doubled(package: zipfile.ZipFile) -> None:
    package.writestr("甲/云岭区_2024.txt", _TEXT)
    package.writestr("乙/云岭区_2024.txt", _TEXT)


def linked(package: zipfile.ZipFile) -> None:
    entry = zipfile.ZipInfo("云岭区_2024.txt")
    entry.external_attr = 0o120777 << 16
    package.writestr(entry, "/etc/passwd")


def nested_tables(depth: int) -> bytes:
    table = paragraph("最里面")
    for _ in range(depth):
        table = word_table([[table]])
    return docx(_BODY + table)


def relations(target: str, mode: str = "Internal") -> bytes:
    content = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" '
        f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="{target}" TargetMode="{mode}"/></Relationships>'
    )
    return replaced(docx(_BODY), "_rels/.rels", content.encode())


def numbered(start: str, level: str) -> bytes:
    numbering = (
        f'<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="{level}"><w:start w:val="{start}"/><w:numFmt w:val="upperRoman"/>'
        '<w:lvlText w:val="%1、"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    style = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>'
    return docx(_BODY + paragraph("第一", style), numbering=numbering)


def noise(size: int) -> bytes:
    return random.Random(7).randbytes(size)


_NO_MAP = (
    b"<</Type/Font/Subtype/Type0/BaseFont/AAAAAA+Hidden/Encoding/Identity-H/DescendantFonts[6 0 R]>>",
    b"<</Type/Font/Subtype/CIDFontType2/BaseFont/AAAAAA+Hidden/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor 7 0 R>>",
    b"<</Type/FontDescriptor/FontName/AAAAAA+Hidden/Flags 4/FontBBox[0 0 1000 1000]/ItalicAngle 0/Ascent 800/Descent -200/CapHeight 700/StemV 80>>",
)
_CYCLE = (
    '<w:style w:type="paragraph" w:styleId="a"><w:basedOn w:val="b"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="b"><w:basedOn w:val="a"/></w:style>'
)

_PLAIN_ZIP = zipped({"云岭区_2024.txt": _TEXT})
_DAMAGED = "损坏|没有下载完整"

HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    # Archives
    "炸弹.zip": (lambda: zipped({"云岭区_2024.txt": bytes(64 * _MEGABYTE)}), "解压后过大"),
    "套娃.zip": (lambda: zipped({"a.zip": zipped({"a.zip": _PLAIN_ZIP})}), "里面还是压缩包"),
    "万件.zip": (lambda: archive(many), "10001 个文件"),
    "出走.zip": (lambda: zipped({"../../../../tmp/云岭区_2024.txt": _TEXT}), ""),
    "绝对.zip": (lambda: zipped({"/etc/云岭区_2024.txt": _TEXT}), ""),
    "盘符.zip": (lambda: zipped({"C:\\Windows\\..\\云岭区_2024.txt": _TEXT}), ""),
    "加密.zip": (lambda: flagged(_PLAIN_ZIP), "密码"),
    "截断.zip": (lambda: _PLAIN_ZIP[:-40], _DAMAGED),
    "谎报.zip": (lambda: patched(_PLAIN_ZIP, b"PK\x01\x02", 24, struct.pack("<I", 10)), _DAMAGED),
    "怪法.zip": (lambda: patched(_PLAIN_ZIP, b"PK\x01\x02", 10, struct.pack("<H", 97)), _DAMAGED),
    "校验.zip": (lambda: patched(_PLAIN_ZIP, b"PK\x01\x02", 16, b"\0\0\0\0"), _DAMAGED),
    "空包.zip": (lambda: zipped({}), "没有能读取的报告"),
    "只有文件夹.zip": (lambda: zipped({"报告/": b""}), "没有能读取的报告"),
    "同名.zip": (lambda: archive(doubled), "两个文件都叫"),
    "链接.zip": (lambda: archive(linked), "没有能读取的报告"),
    "长名.zip": (lambda: zipped({"云" * 300 + "_2024.txt": _TEXT}), "文件名超过"),
    "乱码.zip": (lambda: b"PK\x03\x04" + noise(5000), _DAMAGED),
    "前缀.zip": (lambda: b"MZ" + noise(2000) + _PLAIN_ZIP, ""),
    # Word
    "炸弹_2024.docx": (lambda: word("", " " * (64 * _MEGABYTE)), "解压后过大"),
    "十亿笑_2024.docx": (lambda: word(_BILLION_LAUGHS), "文档类型声明|XML"),
    "平方_2024.docx": (lambda: word(f'<!DOCTYPE x [<!ENTITY q "{"六" * 50_000}">]>', "&q;" * 5000), "文档类型声明|XML"),
    "偷读_2024.docx": (lambda: word(_READS_A_FILE, "&leak;"), "文档类型声明|XML"),
    "联网_2024.docx": (lambda: word(_ASKS_THE_NETWORK, "正文"), "文档类型声明|XML"),
    "双字节_2024.docx": (lambda: word(_READS_A_FILE, "&leak;", "utf-16"), "文档类型声明|XML"),
    "参数实体_2024.docx": (
        lambda: word('<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>', "正文"),
        "文档类型声明|XML",
    ),
    "外链_2024.docx": (lambda: relations("http://127.0.0.1:9/a.xml", "External"), "不是 Word 文档"),
    "越界_2024.docx": (lambda: relations("../../../../etc/passwd"), "不是 Word 文档"),
    "百层表_2024.docx": (lambda: nested_tables(100), "嵌套过深"),
    "三十层表_云岭区_2024.docx": (lambda: nested_tables(30), ""),
    "万层_2024.docx": (lambda: docx("<w:sdt>" * 10_000 + "</w:sdt>" * 10_000), "嵌套过深"),
    "无正文_2024.docx": (lambda: replaced(docx(_BODY), "word/document.xml", None), "不是 Word 文档"),
    "空正文_2024.docx": (lambda: replaced(docx(_BODY), "word/document.xml", f"<w:document {W}/>".encode()), "没有正文"),
    "宏_云岭区_2024.docm": (lambda: replaced(docx(_BODY), "word/vbaProject.bin", noise(3000)), ""),
    "密码_2024.docx": (lambda: _LOCKED, "密码"),
    "截断_2024.docx": (lambda: docx(_BODY)[:700], _DAMAGED),
    "坏标签_2024.docx": (lambda: docx("<w:p><w:r>"), "不是完好的 XML"),
    "循环样式_云岭区_2024.docx": (lambda: docx(_BODY + paragraph("正文", '<w:pStyle w:val="a"/>'), styles=_CYCLE), ""),
    "巨跨_云岭区_2024.docx": (
        lambda: docx(
            _BODY
            + word_table([['<w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr>' + paragraph("甲"), "乙"], ["丙", "丁"]])
        ),
        "",
    ),
    "巨号_云岭区_2024.docx": (lambda: numbered("99999999999999", "0"), ""),
    "怪层_云岭区_2024.docx": (lambda: numbered("1", "999"), ""),
    "不是数_云岭区_2024.docx": (
        lambda: docx(_BODY + paragraph("甲", '<w:numPr><w:ilvl w:val="x"/><w:numId w:val="1"/></w:numPr>')),
        "",
    ),
    "动态交换_云岭区_2024.docx": (
        lambda: docx(
            _BODY + paragraph("<w:r><w:instrText>DDEAUTO c:\\\\cmd.exe /k calc</w:instrText></w:r>" + run("结果"))
        ),
        "",
    ),
    "巨属性_2024.docx": (lambda: docx(_BODY + f'<w:p w:x="{"六" * (11 * _MEGABYTE // 3)}"/>'), "XML|过大"),
    "文本冒充_2024.docx": (lambda: _TEXT.encode(), _DAMAGED),
    "只有图_2024.docx": (lambda: replaced(docx(""), "word/media/1.png", png(9, 9)), "只有图片"),
    "网页冒充_云岭区_2024.doc": (lambda: web_page(REPORT), ""),
    "文本冒充_2024.wps": (lambda: _TEXT.encode(), "不是 .wps 文档"),
    "密码_2024.doc": (lambda: _LOCKED, "密码|需要安装 LibreOffice"),
    "新瓶旧名_云岭区_2024.doc": (lambda: docx(_BODY), ""),
    # Excel
    "十亿笑_云岭区_2024.xlsx": (
        lambda: workbook(_INDICATORS, strings=f"{_BILLION_LAUGHS}<sst>&l9;</sst>"),
        "文档类型声明",
    ),
    "天边_云岭区_2024.xlsx": (
        lambda: workbook(_INDICATORS + f'<row r="1048576">{cell("XFD1048576", "1")}</row>'),
        "过大",
    ),
    "巨并_云岭区_2024.xlsx": (
        lambda: workbook(_INDICATORS, merged='<mergeCells count="1"><mergeCell ref="A5:XFD1048576"/></mergeCells>'),
        "过大",
    ),
    "公式_云岭区_2024.xlsx": (
        lambda: workbook(_INDICATORS + '<row r="3"><c r="A3"><f>cmd|\'/c calc\'!A1</f></c></row>'),
        "",
    ),
    "密码_云岭区_2024.xlsx": (lambda: _LOCKED, "密码"),
    "截断_云岭区_2024.xlsx": (lambda: workbook(_INDICATORS)[:600], _DAMAGED),
    "冒充_云岭区_2024.xlsx": (lambda: docx(_BODY), "不是完好的 Excel|损坏"),
    # PDF
    "截断_2024.pdf": (lambda: pdf_of()[:300], "不是完好的 PDF|空的"),
    "密码_2024.pdf": (lambda: pdf_of(password="秘密1"), "密码"),
    "五千页_2024.pdf": (lambda: pdf_of(("一",), pages=5000), "5000 页"),
    "只有头_2024.pdf": (lambda: b"%PDF-1.7\n", "不是完好的 PDF"),
    "乱码_2024.pdf": (lambda: b"%PDF-1.7\n" + noise(20_000), "不是完好的 PDF"),
    "自指_2024.pdf": (
        lambda: pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"]),
        "损坏|空的|不是完好",
    ),
    "深括号_2024.pdf": (
        lambda: pdf([b"<</Type/Catalog/Pages 2 0 R/X " + b"[" * 100_000 + b"]" * 100_000 + b">>"]),
        "不是完好的 PDF|空的",
    ),
    "假页数_2024.pdf": (
        lambda: pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 2000000000>>"]),
        "页的上限|不是完好|空的|损坏",
    ),
    "流炸弹_2024.pdf": (lambda: one_page(b" " * (200 * _MEGABYTE)), "空的|内存|损坏|没有读完"),
    "巨页_2024.pdf": (lambda: one_page(b"", box=b"[0 0 1e9 1e9]"), "空的|损坏"),
    "脚本_2024.pdf": (
        lambda: one_page(b"", action=b"/OpenAction<</S/JavaScript/JS(app.launchURL('http://127.0.0.1'))>>"),
        "空的",
    ),
    "十万字一页_2024.pdf": (
        lambda: one_page(
            b"BT /F 1 Tf 10 10 Td " + (b"(" + b"6" * 25_000 + b") Tj ") * 4 + b"ET",
            resources=b"<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>",
        ),
        "100000 个字符",
    ),
    "无编码表_2024.pdf": (
        lambda: one_page(
            b"BT /F 20 Tf 50 700 Td <" + b"00410042" * 40 + b"> Tj ET", resources=b"<</Font<</F 5 0 R>>>>", more=_NO_MAP
        ),
        "空的|ocr|地区|年|编码表",
    ),
    # OFD
    "缺文档_2024.ofd": (lambda: replaced(ofd_report(REPORT), "Doc_0/Document.xml", None), "缺少必需的部分"),
    "缺入口_2024.ofd": (lambda: zipped({"a.xml": "<a/>"}), "缺少必需的部分"),
    "偷读_2024.ofd": (
        lambda: replaced(ofd_report(REPORT), "OFD.xml", f"{_READS_A_FILE}<x>&leak;</x>".encode()),
        "文档类型声明|XML",
    ),
    "巨步_云岭区_2024.ofd": (
        lambda: ofd([ofd_text("云岭区2024年政府工作报告", 20, 20).replace('DeltaX="g', 'DeltaX="g 999999999 1 g')]),
        "",
    ),
    "非数_云岭区_2024.ofd": (
        lambda: ofd([ofd_text("云岭区2024年政府工作报告", 20, 20).replace('X="0"', 'X="NaN"')]),
        "",
    ),
    "无穷_云岭区_2024.ofd": (
        lambda: ofd([ofd_text("云岭区2024年政府工作报告", 20, 20).replace('X="0"', 'X="1e999"')]),
        "",
    ),
    "越界_2024.ofd": (
        lambda: replaced(
            ofd_report(REPORT), "OFD.xml", b"<OFD><DocBody><DocRoot>../../../etc/passwd</DocRoot></DocBody></OFD>"
        ),
        "缺少必需的部分",
    ),
    "五千页_2024.ofd": (lambda: ofd([ofd_text("一", 20, 20)] * 5000), "1000 页的上限"),
    "只有图_2024.ofd": (
        lambda: ofd(['<ofd:ImageObject ID="9" Boundary="0 0 210 297" ResourceID="1"/>']),
        "缺少必需的部分",
    ),
    "加密_2024.ofd": (lambda: replaced(ofd_report(REPORT), "Encryptions.xml", b"<x/>"), "加密"),
    # Web pages
    "万层_云岭区_2024.html": (lambda: web_page(REPORT).replace(b"<body>", b"<body>" + b"<div>" * 50_000), ""),
    "十亿笑_云岭区_2024.html": (lambda: _BILLION_LAUGHS.encode() + web_page(REPORT) + b"&l9;", ""),
    "巨跨_云岭区_2024.html": (
        lambda: web_page(REPORT).replace(
            b"</h1>", "</h1><table><tr><td colspan=999999999 rowspan=99999>甲<td>乙</tr><tr><td>丙</table>".encode()
        ),
        "",
    ),
    "二进制_2024.html": (lambda: noise(5000), "不是能识别的文本"),
    "谎报编码_云岭区_2024.html": (lambda: web_page(REPORT).replace(b"utf-8", b"utf-7"), ""),
    "只有脚本_2024.html": (lambda: b"<html><script>document.write('640')</script></html>", "空的"),
    # Pictures
    "截断_2024.png": (lambda: png(1000, 1000)[:60], "不是完好的图片"),
    "炸弹_2024.png": (lambda: png(30_000, 30_000), "不是完好的图片|像素"),
    "冒充_2024.jpg": (lambda: _TEXT.encode(), "不是完好的图片"),
    "循环_2024.tif": (
        lambda: b"II*\0\x08\0\0\0" + struct.pack("<HHHII", 1, 256, 4, 1, 100) + struct.pack("<I", 8),
        "不是完好的图片",
    ),
}
