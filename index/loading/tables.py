"""Tables → sentences that say what each figure is a figure of.

城镇新增就业 | 人 | 7000 | 7500 under 指标 | 单位 | 目标 | 完成 becomes 城镇新增就业：目标 7000人，完成 7500人。
A figure out of its table is worth nothing; in its sentence it can be found, told apart and cited.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from index.figures import find_figures

__all__ = ["Grid", "header_rows_of", "is_layout", "table_sentences"]

# Rows of cells, equally long; a cell that spans several rows or columns stands in each of them.
Grid = Sequence[Sequence[str]]

_NUMBER = re.compile(r"([约近超]?[-+−－±]?\d[\d,，]*(?:\.\d+)?)(以上|以下|以内|左右)?")
_FIGURE = re.compile(r"[约近超逾达]?[-+−－±≥≤>＜<]?\s*\d[\d,，]*(?:\.\d+)?\s*[^\d\s，。；：、]{0,8}(?:以上|以内|左右)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_BRACKETED = re.compile(r"\s*[（(\[【]\s*([^（）()\[\]【】\d]{1,10})\s*[)）\]】]\s*$")
_CAPTION_UNIT = re.compile(r"(?:计量)?单位\s*[：:]\s*([^\s，；、)）]{1,10})")
_SERIAL, _UNIT = re.compile(r"序\s*号|编\s*号|No\.?", re.IGNORECASE), re.compile(r"(?:计量)?单\s*位")
# Columns whose figures are not in the unit of the row: 322.5亿元 grew by 6.8, not by 6.8亿元.
_OWN_UNIT = re.compile(r"增|减|降|同比|环比|比重|占|率|幅|速|[%％]|排名|位次|序|指数|倍")
_NOTHING = re.compile(r"[\s\-—－–―/／\\…]*|无数据")
_MOST_HEADER_ROWS = 3
_LONGEST_NAME = 40
_LONGEST_CELL = 400


def is_layout(grid: Grid) -> bool:
    """Whether a table only arranges running text: one row, one column, or cells as long as paragraphs."""
    columns = max((len(row) for row in grid), default=0)
    return len(grid) < 2 or columns < 2 or any(len(cell) > _LONGEST_CELL for row in grid for cell in row)


def table_sentences(grid: Grid, *, header_rows: int | None = None) -> list[str]:
    """One sentence a row, the names of row and columns in it, units from wherever the table prints them.

    Rows that are one cell from edge to edge (titles, 单位：万元, notes) stay as they are.  Without `header_rows` these
    are found: the rows above the first figure.
    """
    sentences: list[str] = []
    caption_unit = ""
    body: list[list[str]] = []
    for row in ([" ".join(cell.split()) for cell in row] for row in grid):
        if len(set(row)) == 1 and len(row) > 1:
            if unit := _CAPTION_UNIT.search(row[0]):
                caption_unit = caption_unit or _unit(unit[1])
            if body:
                sentences += _rows(body, header_rows, caption_unit)
                # Under a title in its midst a table goes on with the header that it has.
                body = body[: header_rows_of(body) if header_rows is None else header_rows]
                header_rows = len(body)
            if not _NOTHING.fullmatch(row[0]):
                sentences.append(row[0])
        elif any(not _NOTHING.fullmatch(cell) for cell in row):
            body.append(row)
    return sentences + (_rows(body, header_rows, caption_unit) if body else [])


def _rows(rows: Grid, header_rows: int | None, caption_unit: str) -> list[str]:
    count = header_rows_of(rows) if header_rows is None else header_rows
    headers = [_joined(row[column] for row in rows[:count]) for column in range(len(rows[0]))]
    body = rows[count:]
    unit_column = next((c for c, header in enumerate(headers) if _UNIT.fullmatch(header)), None)
    skipped = {c for c, header in enumerate(headers) if _SERIAL.fullmatch(header)} | {unit_column}
    columns = [c for c in range(len(headers)) if c not in skipped]
    if unit_column is not None and not any(_unit(row[unit_column]) for row in body):
        columns = sorted([*columns, unit_column])  # 单位 in the sense of 责任单位
        unit_column = None
    names = _name_columns(body, columns)
    sentences = (_sentence(row, headers, columns, names, unit_column, caption_unit) for row in body)
    return [sentence for sentence in sentences if sentence]


def header_rows_of(rows: Grid) -> int:
    """The rows above the first figure; where all is words, the first row and those tied to it by merged cells."""
    if len(rows) < 2 or _has_figure(rows[0]):
        return 0
    count = 1
    while count < min(_MOST_HEADER_ROWS, len(rows) - 1) and not _has_figure(rows[count]) and _tied(rows, count):
        count += 1
    return count


def _has_figure(row: Sequence[str]) -> bool:
    return any(_FIGURE.fullmatch(cell) and not _YEAR.match(cell) for cell in row[1:])


def _tied(rows: Grid, count: int) -> bool:
    above, row = rows[count - 1], rows[count]
    return any(
        above[c] and (above[c] == row[c] or (c and above[c] == above[c - 1] and row[c] != row[c - 1]))
        for c in range(len(row))
    )


def _name_columns(body: Grid, columns: Sequence[int]) -> list[int]:
    """The first column, and those beside it that hold short words where figures follow."""
    figures = {c for c in columns for row in body if _FIGURE.fullmatch(row[c])}
    if not figures - set(columns[:1]):
        return list(columns[:1])
    leading = [c for c in columns if c < min(figures - set(columns[:1]))]
    return [c for c in leading if all(len(row[c]) <= _LONGEST_NAME for row in body)] or list(columns[:1])


def _sentence(
    row: Sequence[str],
    headers: Sequence[str],
    columns: Sequence[int],
    names: Sequence[int],
    unit_column: int | None,
    caption_unit: str,
) -> str:
    row_unit = "" if unit_column is None else _unit(row[unit_column])
    name = _joined((row[c] for c in names), " ")
    if not row_unit and (bracketed := _BRACKETED.search(name)) and (row_unit := _unit(bracketed[1])):
        name = name[: bracketed.start()]
    if _YEAR.fullmatch(name) and names and re.search("年", headers[names[0]]):
        name += "年"
    parts = []
    for c in columns:
        if c in names or _NOTHING.fullmatch(row[c]):
            continue
        header, unit = headers[c], ""
        if (bracketed := _BRACKETED.search(header)) and (unit := _unit(bracketed[1])):
            header = header[: bracketed.start()]
        elif not _OWN_UNIT.search(header):
            unit = row_unit or caption_unit
        parts.append(_part(header, row[c], unit))
    if not parts:
        return name
    separator = "，" if all(len(part) <= _LONGEST_NAME and "，" not in part for part in parts) else "；"
    sentence = (f"{name}：" if name else "") + separator.join(parts)
    return sentence if sentence[-1] in "。！？；" else sentence + "。"


def _part(header: str, cell: str, unit: str) -> str:
    if number := _NUMBER.fullmatch(cell):
        cell = number[1] + unit + (number[2] or "")
    if _YEAR.fullmatch(header):
        header += "年"
    if not header:
        return cell
    # A space keeps 2023年 and 7500 apart; where both are digits only a colon does.
    return f"{header} {cell}" if _FIGURE.fullmatch(cell) and not header[-1].isdigit() else f"{header}：{cell}"


def _joined(cells: Iterable[str], separator: str = "") -> str:
    return separator.join(dict.fromkeys(cell for cell in cells if cell))


@lru_cache(maxsize=256)
def _unit(printed: str) -> str:
    """The unit, if a figure can have it: 亿元 and %, but not 不含农户."""
    unit = printed.strip()
    figures = find_figures(f"5{unit}") if unit else []
    return unit if len(figures) == 1 and figures[0].text == f"5{unit}" and figures[0].kind != "date" else ""
