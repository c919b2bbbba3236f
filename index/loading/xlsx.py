"""Excel workbooks (xlsx): each filled range a table, figures as the sheet shows them (0.065 shown as 0.0% is 6.5%)."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from index.errors import DocumentTooLarge, LoadError
from index.loading.containers import Container
from index.loading.document import Document
from index.loading.tables import is_layout, table_sentences
from index.structure import Block

__all__ = ["load_xlsx"]

_MOST_CELLS = 1_000_000
_DEFAULT_TITLE = re.compile(r"(?:Sheet|工作表)\s*\d*", re.IGNORECASE)
_MERGED = re.compile(rb"""mergeCell\s[^>]*?ref\s*=\s*["']([A-Za-z0-9:$]{1,40})["']""")
_QUOTED = re.compile(r'"([^"]*)"|\\(.)')
_PATTERN = re.compile(r"(?P<thousands>#,##)?(?P<whole>[#0]+)(?:\.(?P<decimals>[0#]+))?(?P<percent>\s*%)?")
_IGNORED = re.compile(r"_.|\*.|\[\$[^\]]*\]|\[[A-Za-z0-9]+\]")


def load_xlsx(data: bytes, name: str) -> Document:
    """The visible tables of a workbook, a paragraph a row.  Raises `LoadError` where it is damaged or locked."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise LoadError(f"“{name}”设有打开密码，或其实是旧版 Excel（.xls）。请去掉密码，另存为 .xlsx 再导入。")
    container = Container(data, name)
    container.verify()
    if (
        sum(_area(ref) for part in container if "worksheets" in part for ref in _MERGED.findall(container.read(part)))
        > _MOST_CELLS
    ):
        raise _too_large(name)
    try:
        shown = load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
        written = load_workbook(io.BytesIO(data), keep_links=False)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, OSError) as exc:
        raise LoadError(f"“{name}”不是完好的 Excel 工作簿，打不开。请用原软件打开后另存为 .xlsx。") from exc
    blocks: list[Block] = []
    tables = lost = 0
    sheets = [sheet for sheet in shown.worksheets if sheet.sheet_state == "visible"]
    for sheet in sheets:
        if sheet.max_row * sheet.max_column > _MOST_CELLS:
            raise _too_large(name)
        lost += _without_result(sheet, written[sheet.title])
        grids = list(_grids(sheet))
        if grids and len(sheets) > 1 and not _DEFAULT_TITLE.fullmatch(sheet.title):
            blocks.append(Block(text=sheet.title, level=1))
        for grid in grids:
            tables += not is_layout(grid)
            lines = [c for row in grid for c in dict.fromkeys(row) if c] if is_layout(grid) else table_sentences(grid)
            blocks += [Block(text=line) for line in lines]
    notes = []
    if hidden := len(shown.worksheets) - len(sheets):
        notes.append(f"有 {hidden} 张隐藏的工作表没有读取。")
    if lost:
        notes.append(f"有 {lost} 个公式单元格没有保存结果，没有读取。请用 Excel 打开并保存一次再导入。")
    return Document(blocks=tuple(blocks), tables=tables, notes=tuple(notes))


def _too_large(name: str) -> DocumentTooLarge:
    return DocumentTooLarge(f"“{name}”的工作表过大，不像是指标表。请只保留需要的部分再导入。")


def _area(reference: bytes) -> int:
    """How many cells a range such as A5:D8 has: the library makes an object of each."""
    try:
        left, top, right, bottom = range_boundaries(reference.decode())
    except ValueError:
        return 0
    return (right - left + 1) * (bottom - top + 1) if left and top and right and bottom else _MOST_CELLS


def _without_result(shown: Worksheet, written: Worksheet) -> int:
    return sum(
        cell.data_type == "f" and shown.cell(cell.row, cell.column).value is None
        for row in written.iter_rows()
        for cell in row
        if isinstance(cell, Cell)
    )


def _grids(sheet: Worksheet) -> Iterator[list[list[str]]]:
    """The tables of a sheet: what empty rows part, hidden rows and columns left out."""
    spread = {
        (row, column): _shown(sheet.cell(merged.min_row, merged.min_col))
        for merged in sheet.merged_cells.ranges
        for row in range(merged.min_row, merged.max_row + 1)
        for column in range(merged.min_col, merged.max_col + 1)
    }
    grid: list[list[str]] = []
    for row in sheet.iter_rows():
        number = row[0].row or 0
        if sheet.row_dimensions[number].hidden:
            continue
        cells = [
            spread.get((number, cell.column or 0), "") if isinstance(cell, MergedCell) else _shown(cell)
            for cell in row
            if not sheet.column_dimensions[get_column_letter(cell.column or 1)].hidden
        ]
        if any(cells):
            grid.append(cells)
        elif grid:
            yield _trimmed(grid)
            grid = []
    if grid:
        yield _trimmed(grid)


def _trimmed(grid: list[list[str]]) -> list[list[str]]:
    """Without empty columns; a title that only stands in its first cell reaches from edge to edge."""
    kept = [c for c in range(len(grid[0])) if any(row[c] for row in grid)]
    rows = [[row[c] for c in kept] for row in grid]
    if len(kept) >= 2:
        for i, row in enumerate(rows):
            filled = [cell for cell in row if cell]
            if len(filled) > 1 and len(set(filled)) > 1:
                break
            rows[i] = [filled[0]] * len(kept)
    return rows


def _shown(cell: Cell | MergedCell) -> str:
    value = cell.value
    if value is None or cell.data_type == "e":  # "e": #REF! and the like, which are no content
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime.datetime | datetime.date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, int | float | Decimal):
        return _formatted(Decimal(repr(value)) if isinstance(value, float) else Decimal(value), cell.number_format)
    return " ".join(str(value).split())


def _formatted(value: Decimal, code: str) -> str:
    """A number as its number format shows it (ECMA-376 part 1, 18.8.31); unusual formats show it in full."""
    sections = code.split(";")
    section = sections[1] if value < 0 and len(sections) > 1 else sections[0]
    literals: list[str] = []

    def kept(match: re.Match[str]) -> str:
        literals.append(match[1] if match[1] is not None else match[2])
        return chr(0xE000 + len(literals) - 1)

    plain = _IGNORED.sub("", _QUOTED.sub(kept, section)).strip()
    match = _PATTERN.search(plain)
    if code == "General" or match is None or re.search(r"[?/,E@]", plain[: match.start()] + plain[match.end() :]):
        return _general(value)
    number = abs(value) if value < 0 and len(sections) > 1 else value
    number = number * 100 if match["percent"] else number
    decimals = match["decimals"] or ""
    text = f"{number.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP):{',' if match['thousands'] else ''}f}"
    for _ in range(len(decimals) - len(decimals.rstrip("#"))):
        text = text.removesuffix("0")
    shown = plain[: match.start()] + text.rstrip(".") + (match["percent"] or "").strip() + plain[match.end() :]
    shown = re.sub("[\ue000-\uf8ff]", lambda mark: literals[ord(mark[0]) - 0xE000], shown).strip()
    return f"-{shown[1:-1]}" if value < 0 and shown[0] == "(" and shown[-1] == ")" else shown


def _general(value: Decimal) -> str:
    """At most 11 digits, as Excel shows what has no format: 0.30000000000000004 is 0.3."""
    return f"{Decimal(f'{value:.11g}'):f}" if value != value.to_integral_value() else f"{value:.0f}"
