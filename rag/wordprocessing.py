"""Word files set like official papers (GB/T 9704): the only module that touches python-docx."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

__all__ = ["Word"]

_TITLE, _BODY, _NOTE, _FOOT = 22, 16, 10.5, 9
_LINE = 28
# The fonts that the standard names; Word falls back to another of the kind where one is missing.
_SONG, _FANG, _HEI = "宋体", "仿宋", "黑体"
_MARK = re.compile(r"(\[\d{1,3}\])")
_WIDE = 6  # columns that still go across a page that stands


class Word:
    """A paper being written from top to bottom.

    `notes` are what the marks in its text stand for: each becomes a footnote where its mark is first met, and later
    marks refer to it.  A mark without one stays as it is.
    """

    def __init__(self, title: str, notes: Mapping[str, str] | None = None) -> None:
        self._document = Document()
        self._notes = notes or {}
        self.noted: dict[str, int] = {}  # the marks met so far, and the numbers of their footnotes
        self._document.core_properties.title = title[:255]
        section = self._document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
        section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
        self._number_pages(section)
        paragraph = self._paragraph(title, _SONG, _TITLE, is_bold=True)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_after = Pt(_LINE)

    def part(self, heading: str, paragraphs: Sequence[str]) -> None:
        """A heading, if there is one, and its paragraphs."""
        if heading:
            self._indented(self._paragraph(heading, _HEI, _BODY)).paragraph_format.keep_with_next = True
        for text in paragraphs:
            self._indented(self._paragraph(text, _FANG, _BODY))

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """A table with ruled lines, its first row repeated on each page; a wide one turns the page."""
        if len(rows[0]) > _WIDE:
            section = self._document.sections[0]
            section.orientation = WD_ORIENT.LANDSCAPE
            section.page_width, section.page_height = Cm(29.7), Cm(21)
            section.top_margin = section.bottom_margin = Cm(2.6)
        table = self._document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
        for number, texts in enumerate(rows):
            for cell, text in zip(table.add_row().cells, texts, strict=True):
                paragraph = cell.paragraphs[0]
                self._runs(paragraph, text, _HEI if number == 0 else _FANG, _NOTE)
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
                # Chinese characters fill their line: without air they touch the rules.
                paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(3)
                cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        for row in table.rows:
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        self._document.add_paragraph()

    def status(self, lines: Sequence[str]) -> None:
        """What was checked, when and against what."""
        for number, line in enumerate(lines):
            paragraph = self._paragraph(line, _HEI if number == 0 else _SONG, _NOTE, line=18)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            paragraph.paragraph_format.space_before = Pt(14 if number == 0 else 0)

    def sources(self, heading: str, lines: Sequence[str]) -> None:
        """Quotes with their places, in small type."""
        paragraph = self._paragraph(heading, _HEI, _NOTE + 1.5, line=20)
        paragraph.paragraph_format.space_before = Pt(14)
        paragraph.paragraph_format.keep_with_next = True
        for text in lines:
            note = self._document.add_paragraph()
            self._run(note, text, _SONG, _NOTE)
            note.paragraph_format.left_indent, note.paragraph_format.first_line_indent = Pt(21), Pt(-21)
            note.paragraph_format.space_after = Pt(3)

    def saved(self) -> bytes:
        if self.noted:
            self._save_notes()
        out = BytesIO()
        self._document.save(out)
        return out.getvalue()

    def _paragraph(self, text: str, font: str, size: float, *, is_bold: bool = False, line: float = _LINE) -> Any:
        paragraph = self._document.add_paragraph()
        paragraph.paragraph_format.line_spacing = Pt(line)
        paragraph.paragraph_format.space_after = Pt(0)
        self._runs(paragraph, text, font, size, is_bold=is_bold)
        return paragraph

    @staticmethod
    def _indented(paragraph: Any) -> Any:
        paragraph.paragraph_format.first_line_indent = Pt(2 * _BODY)
        return paragraph

    def _runs(self, paragraph: Any, text: str, font: str, size: float, *, is_bold: bool = False) -> None:
        """Text with its marks raised."""
        for piece in filter(None, _MARK.split(text)):
            if (mark := piece[1:-1]) in self._notes and _MARK.fullmatch(piece):
                self._note(paragraph, mark, font, size)
                continue
            run = self._run(paragraph, piece, font, size)
            run.bold = is_bold
            run.font.superscript = bool(_MARK.fullmatch(piece)) or None

    def _note(self, paragraph: Any, mark: str, font: str, size: float) -> None:
        """The footnote of a mark, or the number of the one that it has."""
        number = self.noted.get(mark)
        if number is not None:
            self._field(paragraph, f" NOTEREF note{number} \\h ", str(number), font, size)
            return
        number = self.noted[mark] = len(self.noted) + 1
        bookmark = {"w:id": str(number), "w:name": f"note{number}"}
        paragraph._p.append(_element("w:bookmarkStart", **bookmark))
        run = self._run(paragraph, "", font, size)
        run.font.superscript = True
        run._element.append(_element("w:footnoteReference", **{"w:id": str(number)}))
        paragraph._p.append(_element("w:bookmarkEnd", **{"w:id": str(number)}))

    def _save_notes(self) -> None:
        """The footnotes as a part of their own, which python-docx does not know of."""
        notes = _element("w:footnotes")
        for number, kind in ((-1, "separator"), (0, "continuationSeparator")):
            line = _element("w:footnote", **{"w:type": kind, "w:id": str(number)})
            line.append(OxmlElement("w:p"))
            Paragraph(line[0], self._document._body).add_run()._element.append(_element(f"w:{kind}"))
            notes.append(line)
        for mark, number in self.noted.items():
            note = _element("w:footnote", **{"w:id": str(number)})
            note.append(OxmlElement("w:p"))
            paragraph = Paragraph(note[0], self._document._body)
            paragraph.paragraph_format.space_after = Pt(0)
            run = self._run(paragraph, "", _SONG, _FOOT)
            run.font.superscript = True
            run._element.append(_element("w:footnoteRef"))
            self._run(paragraph, f" {self._notes[mark]}", _SONG, _FOOT)
            notes.append(note)
        uri, body = PackURI("/word/footnotes.xml"), self._document.part
        part = Part(uri, CONTENT_TYPE.WML_FOOTNOTES, serialize_part_xml(notes), body.package)
        body.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)

    @staticmethod
    def _run(paragraph: Any, text: str, font: str, size: float) -> Any:
        run = paragraph.add_run(text)
        run.font.size, run.font.name = Pt(size), "Times New Roman"
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
        return run

    def _number_pages(self, section: Any) -> None:
        paragraph = section.footer.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self._run(paragraph, "— ", _SONG, 14)
        self._field(paragraph, "PAGE", "", _SONG, 14)
        self._run(paragraph, " —", _SONG, 14)

    def _field(self, paragraph: Any, instruction: str, shown: str, font: str, size: float) -> None:
        """What Word works out, and what is shown until it has; a reference to a note is raised."""
        for kind, text in (("begin", ""), ("", instruction), ("separate", ""), ("shown", shown), ("end", "")):
            run = self._run(paragraph, text if kind == "shown" else "", font, size)
            run.font.superscript = bool(shown) or None
            if kind == "":
                code = _element("w:instrText", **{"xml:space": "preserve"})
                code.text = text
                run._element.append(code)
            elif kind != "shown":
                run._element.append(_element("w:fldChar", **{"w:fldCharType": kind}))


def _element(tag: str, **attributes: str) -> Any:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(name), value)
    return element
