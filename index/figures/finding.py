"""Find the figures in a text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from index.figures.amounts import amount, doubling, percent, ratio
from index.figures.dates import date
from index.figures.numerals import HAN, SCALES, fold, read_numeral
from index.figures.ordinals import five_year_plan, ordinal
from index.figures.reader import Reader
from index.figures.units import PERCENT
from index.types import Figure

# Each looks at one place of the text.  Dates come first, for a year would else be read as an amount of years.
_RECOGNISERS: tuple[Callable[[Reader, int], Figure | None], ...] = (
    date,
    five_year_plan,
    ordinal,
    doubling,
    percent,
    ratio,
    amount,
)
_START = re.compile(rf"[0-9{HAN}翻]")
_LIST_SIGN = re.compile(r" ?[、和及与] ?")
_SCALE = re.compile(r"[0-9](万亿|千亿|百亿|千万|百万|亿|万)")


def find_figures(text: str) -> list[Figure]:
    """The figures of a text in their order, none overlapping; `text[f.start:f.end] == f.text` for each."""
    reader = Reader(text)
    figures: list[Figure] = []
    at = 0
    while match := _START.search(reader.folded, at):
        at = match.start()
        found = next((figure for recognise in _RECOGNISERS if (figure := recognise(reader, at))), None)
        if found and (not figures or found.start >= figures[-1].end):
            figures.append(found)
            at = found.end
        else:
            numeral = read_numeral(reader.folded, at)
            at = numeral.end if numeral else at + 1
    return _with_what_lists_say_once(reader.folded, figures)


def printed_scale(figure: Figure) -> str:
    """The scale that a figure is printed in: 万亿 of 3.65万亿元, "" of 640套 and of Chinese numerals."""
    match = _SCALE.search(fold(figure.text))
    return match[1] if match else ""


def _with_what_lists_say_once(folded: str, figures: list[Figure]) -> list[Figure]:
    """In 增长4.1%、5.2% both have the kind of the first, in 3500万、2300万人次 the unit of the last."""
    for k in range(len(figures) - 1, 0, -1):
        figure, last = figures[k - 1], figures[k]
        if figure.unit or figure.kind != "amount" or not last.unit or last.kind in ("date", "ordinal", "rank"):
            continue
        if _LIST_SIGN.fullmatch(folded, figure.end, last.start):
            scale = SCALES[printed_scale(last)] if folded[figure.end - 1].isascii() else Decimal(1)
            upper = figure.upper and figure.upper * scale
            figures[k - 1] = replace(figure, unit=last.unit, kind=last.kind, value=figure.value * scale, upper=upper)
    for k in range(1, len(figures)):
        first, figure = figures[k - 1], figures[k]
        listed = figure.unit == first.unit and _LIST_SIGN.fullmatch(folded, first.end, figure.start)
        if listed and figure.unit in (PERCENT, "‰"):
            figures[k] = replace(figure, kind=first.kind)
    return figures
