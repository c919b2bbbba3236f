"""Word files set like official papers (GB/T 9704): the only module that touches python-docx."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

__all__ = ["Word"]

_TITLE, _BODY, _NOTE = 22, 16, 10.5
_LINE = 28
# The fonts that the standard names; Word falls back to another of the kind where one is missing.
_SONG, _FANG, _HEI = "宋体", "仿宋", "黑体"
_MARK = re.compile(r"(\[\d{1,3}\])")
_WIDE = 6  # columns that still go across a page that stands


class Word:
    """A paper being written from top to bottom."""

    def __init__(self, title: str) -> None:
        self._document = Document()
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
        for number, row in enumerate(rows):
            cells = table.add_row().cells
            for cell, text in zip(cells, row, strict=True):
                paragraph = cell.paragraphs[0]
                self._runs(paragraph, text, _HEI if number == 0 else _FANG, _NOTE)
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        properties = table.rows[0]._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:tblHeader"))
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
            run = self._run(paragraph, piece, font, size)
            run.bold = is_bold
            run.font.superscript = bool(_MARK.fullmatch(piece)) or None

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
        run = self._run(paragraph, "", _SONG, 14)
        for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
            element = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                element.set(qn("w:fldCharType"), kind)
            else:
                element.text = text
            run._element.append(element)
        self._run(paragraph, " —", _SONG, 14)
