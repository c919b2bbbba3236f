"""Answers, summaries and comparisons as documents: Word set like an official paper, Markdown, Excel.

Only what an assistant has made is exported, never text that somebody sends: each claim keeps its mark, each mark its
verbatim quote at the end, and the document says whether it was checked, when, and against which index.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any, Literal

from rag.types import Answer, Citation, Comparison, Summary
from rag.writing import EXTRACTIVE

__all__ = ["ENDINGS", "MEDIA_TYPES", "Exportable", "Format", "export", "format_of"]

Exportable = Answer | Summary | Comparison
Format = Literal["docx", "markdown", "xlsx"]

ENDINGS: Mapping[Format, str] = {"docx": ".docx", "markdown": ".md", "xlsx": ".xlsx"}
MEDIA_TYPES: Mapping[Format, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "markdown": "text/markdown; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

_CHECKED = "已核对：文中数字、名称均见于所引段落"
_DOUBTFUL = "存疑：出处{marks}的原件有辨认不清之处，请核对原件；其余已核对"
_UNCHECKED = "未核对：没有可引为依据的原文"
_COMPUTED = "含计算值：由所引数字算出，不是原文"
_WHEN = "核对时间 {at}，索引版本 {generation}，{engine}"
_SOURCES = "出处"
_NEAREST = "相近内容（不是答案）"
_MARK = re.compile(r"\[(\d{1,3})\]")
# What neither XML nor a terminal takes.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A heading ("" for none) with the paragraphs below it."""

    heading: str
    paragraphs: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Paper:
    """What every format writes: `table` has its headings first; marks stand in texts as [1]."""

    title: str
    parts: Sequence[_Part]
    table: Sequence[Sequence[str]]
    status: Sequence[str]
    sources: Sequence[tuple[int, Citation]]
    nearest: Sequence[Citation]


def format_of(name: str) -> Format | None:
    """The format that a file's name asks for; None if none is known by it."""
    return next((kind for kind, ending in ENDINGS.items() if name.lower().endswith(ending)), None)


def export(item: Exportable, kind: Format, at: datetime) -> bytes:
    """The document as bytes; `at` is when the item was made and checked."""
    return _WRITERS[kind](_paper(item, at))


# What is written ------------------------------------------------------------------------------------------------


def _paper(item: Exportable, at: datetime) -> _Paper:
    title, parts, table = _content(item)
    return _Paper(
        title=_clean(title),
        parts=parts,
        table=table,
        status=_status(item, at),
        sources=[(citation.mark, citation) for citation in item.citations],
        nearest=item.refusal.nearest if item.refusal else (),
    )


def _content(item: Exportable) -> tuple[str, list[_Part], list[list[str]]]:
    if isinstance(item, Answer):
        return item.standalone_question, [_Part(heading="", paragraphs=_lines(item.text))], []
    if isinstance(item, Summary):
        parts = [_Part(heading=part.heading, paragraphs=[_clean(p) for p in part.paragraphs]) for part in item.parts]
        refused = [_Part(heading="", paragraphs=_lines(item.refusal.message))] if item.refusal else []
        is_about_change = any(part.kind in ("appeared", "gone") for part in item.parts)
        told = [] if item.refusal or is_about_change else [item.coverage.text]
        # Under the report's own title a summary would pass for the report.
        title = item.title if is_about_change else f"摘要：{item.title}"
        return title, [*parts, *refused, *(_Part(heading="", paragraphs=[line]) for line in told)], []
    said = [*(claim.text for claim in item.remarks), *item.notes, *([item.refusal.message] if item.refusal else [])]
    return item.title, [_Part(heading="", paragraphs=[_clean(line) for line in said])], _table(item)


def _table(comparison: Comparison) -> list[list[str]]:
    if not comparison.rows:
        return []
    heading = [comparison.change_heading] if comparison.change_heading else []
    table = [[comparison.row_heading, *comparison.columns, *heading]]
    for row in comparison.rows:
        cells = [_marked(cell.text or cell.note or "—", cell.citations) for cell in row.cells]
        change = [row.change.text or row.change.note or "—" if row.change else "—"] if heading else []
        table.append([row.label, *cells, *change])
    return [[_clean(cell) for cell in row] for row in table]


def _marked(text: str, marks: Sequence[int]) -> str:
    return text + "".join(f"[{mark}]" for mark in marks)


def _status(item: Exportable, at: datetime) -> list[str]:
    doubtful = [citation.mark for citation in item.citations if citation.doubtful]
    if not item.claims or not item.citations or item.refusal:
        first = _UNCHECKED
    elif doubtful:
        first = _DOUBTFUL.format(marks="".join(f"[{mark}]" for mark in doubtful))
    else:
        first = _CHECKED
    made = item.provenance
    lines = [first, *([_COMPUTED] if any(claim.computed for claim in item.claims) else [])]
    engine = "摘录原文" if made.engine == EXTRACTIVE else f"行文 {made.engine}"
    stamp = at.astimezone().strftime("%Y-%m-%d %H:%M")
    return [*lines, _WHEN.format(at=stamp, generation=made.index or "—", engine=engine), *map(_clean, made.notes)]


def _place(citation: Citation) -> str:
    """Title, year of delivery where the title lacks it, section, paragraph and page."""
    year = "" if str(citation.year) in citation.title else f"（{citation.year}年）"
    page = f"，第 {citation.page} 页" if citation.page else ""
    section = f"，{citation.section[-1]}" if citation.section else ""
    return _clean(f"{citation.title}{year}{section}，第 {citation.paragraph} 段{page}")


def _quote(citation: Citation) -> str:
    return _clean(f"“{citation.quote}”——{_place(citation)}{'（存疑）' if citation.doubtful else ''}")


def _lines(text: str) -> list[str]:
    return [_clean(line) for line in text.split("\n") if line.strip()]


def _clean(text: str) -> str:
    return _CONTROL.sub("", text)


# Markdown -------------------------------------------------------------------------------------------------------

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$&])")
_LIST = re.compile(r"^(\s*\d*)([-+=]|(?<=\d)[.)](?=\s|$))")


def _markdown(paper: _Paper) -> bytes:
    lines = [f"# {_plain(paper.title)}", ""]
    for part in paper.parts:
        lines += [f"## {_plain(part.heading)}", ""] if part.heading else []
        for paragraph in part.paragraphs:
            lines += [_noted(paragraph), ""]
    if paper.table:
        head, *rows = [[_noted(cell) for cell in row] for row in paper.table]
        lines += [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)] + [""]
    lines += ["---", "", *(f"> {_noted(line)}  " for line in paper.status), ""]
    lines += [f"[^{mark}]: {_plain(_quote(citation))}" for mark, citation in paper.sources]
    if paper.nearest:
        lines += ["", f"## {_NEAREST}", "", *(f"- {_plain(_quote(citation))}" for citation in paper.nearest)]
    return ("\n".join(lines) + "\n").encode()


def _plain(text: str) -> str:
    """Text that Markdown shows as it is."""
    return _LIST.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", text).replace("\n", " "))


def _noted(text: str) -> str:
    """The same, its marks as notes."""
    pieces = _MARK.split(text)
    return "".join(f"[^{piece}]" if number % 2 else _plain(piece) for number, piece in enumerate(pieces))


# Excel ----------------------------------------------------------------------------------------------------------


def _xlsx(paper: _Paper) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    body = book.active
    assert body is not None
    body.title = "内容"
    if paper.table:
        _fill(body, paper.table, widths=[14, *[22] * (len(paper.table[0]) - 1)])
        rest = [["说明"], *([paragraph] for part in paper.parts for paragraph in part.paragraphs)]
        if len(rest) > 1:
            _fill(book.create_sheet("说明"), rest, widths=[90])
    else:
        rows = [[part.heading, paragraph] for part in paper.parts for paragraph in part.paragraphs]
        _fill(body, [["小标题", paper.title], *rows], widths=[24, 90])
    heads = ["标号", "引文", "报告", "年份", "章节", "段", "页", "存疑"]
    sources = [_cells(str(mark), citation) for mark, citation in paper.sources]
    sources += [_cells(_NEAREST, citation) for citation in paper.nearest]
    _fill(book.create_sheet(_SOURCES), [heads, *sources], widths=[8, 70, 32, 8, 40, 6, 6, 6])
    _fill(book.create_sheet("核对"), [["核对"], *([line] for line in paper.status)], widths=[90])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _cells(mark: str, citation: Citation) -> list[str]:
    place = (citation.title, str(citation.year), " › ".join(citation.section), str(citation.paragraph))
    return [mark, citation.quote, *place, str(citation.page or ""), "是" if citation.doubtful else ""]


def _fill(sheet: Any, rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
    """Rows of text under a bold first one.  Text stays text: one that opens with = + - @ is never a formula."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            cell = sheet.cell(row=number, column=column)
            cell.value = _clean(text)
            cell.data_type, cell.number_format = "s", "@"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 1:
                cell.font = Font(bold=True)
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"


# Word -----------------------------------------------------------------------------------------------------------


def _docx(paper: _Paper) -> bytes:
    from rag.wordprocessing import Word

    # Beside a table notes would fill its page and more: there they follow as a list.
    word = Word(paper.title, {} if paper.table else {str(mark): _quote(citation) for mark, citation in paper.sources})
    for part in paper.parts if not paper.table else ():
        word.part(part.heading, part.paragraphs)
    if paper.table:
        word.table(paper.table)
        for part in paper.parts:
            word.part(part.heading, part.paragraphs)
    word.status(paper.status)
    if rest := [(mark, citation) for mark, citation in paper.sources if str(mark) not in word.noted]:
        word.sources(_SOURCES, [f"[{mark}] {_quote(citation)}" for mark, citation in rest])
    if paper.nearest:
        word.sources(_NEAREST, [_quote(citation) for citation in paper.nearest])
    return word.saved()


_WRITERS: Mapping[Format, Callable[[_Paper], bytes]] = {"docx": _docx, "markdown": _markdown, "xlsx": _xlsx}
