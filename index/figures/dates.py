"""Dates among the figures: 2024年, 二〇二四年一月, 1月10日, 7·15, 2021—2025年."""

from __future__ import annotations

import re
from decimal import Decimal

from index.figures.numerals import digits_in_a_row
from index.figures.reader import Reader, number
from index.types import Figure

YEAR = r"(?:[12] ?[0-9] ?[0-9] ?[0-9]|[一二][〇零0一二三四五六七八九]{3})"
YEARS = re.compile(rf"(?<![0-9.])(?P<first>{YEAR}) ?年? ?(?:—{{1,2}}|–|-|~|至|到) ?(?P<last>{YEAR}) ?年(?!代)")
_DAY = r"(?:[0-9]{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_DATE = re.compile(
    rf"(?<![0-9.])(?:(?P<year>{YEAR}) ?年(?!代))?(?: ?(?P<month>{_DAY}) ?月(?!革命|均))?"
    rf"(?: ?(?P<day>{_DAY}) ?日(?![均内产处游/]))?"
)
_MONTH_DAY = re.compile(r"(?<![0-9.·])([0-9]{1,2})·([0-9]{1,2})(?![0-9%]| ?[万亿])")
_MONTHS = re.compile(r"(?<![0-9.])([0-9]{1,2})月?(?:—{1,2}|–|-|~|至|到)([0-9]{1,2})月(?!均)")


def year_of(printed: str) -> int | None:
    """2023, 二〇二三 or 2 0 2 3 as a year between 1840 and 2100; None for anything else."""
    year = digits_in_a_row(printed.replace(" ", ""))
    return year if year is not None and 1840 <= year <= 2100 else None


def date(reader: Reader, at: int) -> Figure | None:
    """The date at `at`: 2024年 is 2024 of 年, 1月10日 is 110 of 日, 2024年1月10日 is 20240110 of 日."""
    folded = reader.folded
    if match := YEARS.match(folded, at):
        first, last = year_of(match["first"]), year_of(match["last"])
        if first is not None and last is not None and first < last:
            return reader.figure(at, match.end(), Decimal(first), "年", "date", upper=Decimal(last))
    if (match := _DATE.match(folded, at)) and match.end() > at:
        return _calendar_date(reader, match)
    if match := _MONTH_DAY.match(folded, at):
        month, day = int(match[1]), int(match[2])
        if 1 <= month <= 12 and 1 <= day <= 31 and reader.in_quotes(at):
            return reader.figure(at, match.end(), Decimal(month * 100 + day), "日", "date")
    if match := _MONTHS.match(folded, at):
        return reader.figure(at, match.end(), Decimal(match[1]), "月", "date", upper=Decimal(match[2]))
    return None


def _calendar_date(reader: Reader, match: re.Match[str]) -> Figure | None:
    year = year_of(match["year"]) if match["year"] else None
    if match["year"] and year is None:
        return None  # 建城2215年 counts years
    month, day = (int(number(match[part]) or 0) if match[part] else None for part in ("month", "day"))
    if not (year is not None or (month and day) or reader.folded[match.start()].isascii()):
        return None
    if (month is not None and not 1 <= month <= 12) or (day is not None and not 1 <= day <= 31):
        return None
    value, unit = 0, ""
    for part, name in ((year, "年"), (month, "月"), (day, "日")):
        if part is not None:
            value, unit = value * 100 + part, name
    return reader.figure(match.start(), match.end(), Decimal(value), unit, "date")
