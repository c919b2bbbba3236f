"""Years in text: 2023年, 二〇二三年, 2021—2025年, 去年, 过去五年, “十四五” → Period.

A report delivered in year Y reviews Y-1 and plans Y: 去年 is Y-1, 今年 is Y, 过去五年 Y-5 to Y-1, 今后五年 Y to Y+4.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from index.figures.dates import YEAR, YEARS, year_of
from index.figures.numerals import chinese_value, fold
from index.types import Period

# year 2023年 · range 2021—2025年, 2020年以来 · relative 去年 · span 过去五年 · plan “十四五”
YearKind = Literal["year", "range", "relative", "span", "plan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class YearMention:
    """Words that name years, with their span; `period` is None where they cannot be resolved without more knowledge."""

    start: int
    end: int
    period: Period | None
    kind: YearKind


_N = r"(?:[0-9]{1,2}|[一两二三四五六七八九十]{1,3})"
_YEAR = re.compile(rf"(?<![0-9.])(?P<year>{YEAR}) ?年(?!代)(?P<since>以来|起|至今)?")
_RELATIVE = re.compile(
    r"(?<![当往历])(?P<now>今年|本年度|本年(?!级))|(?<!失)(?P<last>去年|上年|上一年|过去的?一年|(?<![这统])一年来)|(?P<before>前年(?!度))"
    r"|(?P<next>明年|来年|下一年)"
)
_SPAN = re.compile(
    rf"(?P<past>过去的?|近|最近|这|前|前面)(?P<n>{_N}) ?个?年(?!级|代|度)(?:来|间|多来)?"
    rf"|(?<![近过去最这第])(?P<m>{_N}) ?年来"
    rf"|(?P<future>今后|未来|接下来的?)(?P<f>{_N}) ?(?:到[0-9一二三四五六七八九十]+)?年"
)
_PLAN = re.compile(
    r"(?P<open>“)?(?P<modern>十[一二三四五六]五(?![个家项年万亿十百千条名人户件]))(?P<close>”)?(?:规划)?(?P<point>期?末|(?:圆满|胜利|决战)?收官|(?:良好)?开局|开好局|起步)?"
    r"|“(?P<old>(?:十|[六七八九])(?=五”(?!普法))|[一二三四五](?=五”(?:计划|时期|期间|规划|末)))五”(?P<old_point>期?末)?|第(?P<nth>[一二三四五六七八九十]{1,3})个五年(?:计划|规划)"
)
_TERM = re.compile(r"本届政府|(?:五年|5年)任期")

# The first year of each five-year plan, by its number; the third was put off to 1966.
_PLAN_STARTS = {1: 1953, 2: 1958} | {n: 1966 + 5 * (n - 3) for n in range(3, 31)}


def _count(printed: str) -> int | None:
    value = int(printed) if printed.isascii() else chinese_value(printed)
    return int(value) if value is not None else None


def _absolute(match: re.Match[str], delivered: int | None) -> tuple[Period | None, YearKind] | None:
    year = year_of(match["year"])
    if year is None:
        return None
    if match["since"] and delivered is not None and year < delivered:
        return Period(first=year, last=max(year, delivered - 1)), "range"
    return Period(first=year, last=year), "year"


def _range(match: re.Match[str], delivered: int | None) -> tuple[Period | None, YearKind] | None:
    first, last = year_of(match["first"]), year_of(match["last"])
    return (Period(first=first, last=last), "range") if first and last and first < last else None


def _relative(match: re.Match[str], delivered: int | None) -> tuple[Period | None, YearKind] | None:
    if delivered is None:
        return None, "relative"
    offset = {"now": 0, "last": -1, "before": -2, "next": 1}[match.lastgroup or "now"]
    return Period(first=delivered + offset, last=delivered + offset), "relative"


def _span(match: re.Match[str], delivered: int | None) -> tuple[Period | None, YearKind] | None:
    count = _count(match["n"] or match["m"] or match["f"])
    if not count or count > 80:
        return None
    if delivered is None:
        return None, "span"
    first = delivered if match["future"] else delivered - count
    return Period(first=first, last=first + count - 1), "span"


def _plan(match: re.Match[str], delivered: int | None) -> tuple[Period | None, YearKind] | None:
    printed = match["modern"][:-1] if match["modern"] else match["old"] or match["nth"]
    number = _count(printed)
    if number not in _PLAN_STARTS:
        return None
    first = _PLAN_STARTS[number]
    point = match["point"] or match["old_point"] or ""
    if point.endswith(("末", "收官")):
        return Period(first=first + 4, last=first + 4), "plan"
    if point:
        return Period(first=first, last=first), "plan"
    return Period(first=first, last=first + 4), "plan"


def _term(match: re.Match[str], delivered: int | None) -> tuple[Period | None, YearKind] | None:
    # A term of five years ends with the report of 1993, 1998 … 2023; in other years only its report could tell.
    if delivered is not None and delivered % 5 == 3:
        return Period(first=delivered - 5, last=delivered - 1), "span"
    return None, "span"


_Reading = Callable[[re.Match[str], "int | None"], "tuple[Period | None, YearKind] | None"]
_READINGS: tuple[tuple[re.Pattern[str], _Reading], ...] = (
    (YEARS, _range),
    (_YEAR, _absolute),
    (_PLAN, _plan),
    (_RELATIVE, _relative),
    (_SPAN, _span),
    (_TERM, _term),
)


def find_years(text: str, *, delivered: int | None) -> list[YearMention]:
    """The mentions of years in a text in their order, relative ones resolved against the year of delivery if given."""
    folded = fold(text)
    mentions: list[YearMention] = []
    taken = bytearray(len(text))
    for pattern, reading in _READINGS:
        for match in pattern.finditer(folded):
            start, end = match.span()
            read = None if any(taken[start:end]) else reading(match, delivered)
            if read is not None:
                mentions.append(YearMention(start=start, end=end, period=read[0], kind=read[1]))
                taken[start:end] = bytes([1]) * (end - start)
    return sorted(mentions, key=lambda m: m.start)
