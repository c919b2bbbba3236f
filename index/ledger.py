"""The indicator ledger: every figure of a report as a row (indicator, value, unit, role, period, place in the text).

A report's rows are read once, when it is indexed, and kept with the generation as one line of JSON.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from pydantic import TypeAdapter

from index.figures import Direction, direction
from index.figures.naming import name_of
from index.statements import Reading, Statement, statements_of
from index.types import Figure, FigureKind, Period, Report

__all__ = ["READING", "Ledger", "LedgerRole", "LedgerRow", "ledger_line", "read_rows"]

# done: what a year or several brought · target: what is aimed at · cumulative: what there is or was done in all up to
# a time · other: what the report does not account for (what others say, glossaries)
LedgerRole = Literal["done", "target", "cumulative", "other"]

# Raised whenever rows would be read otherwise than before: those of an older program are then read anew.
READING = 1

_KEPT_REPORTS = 400
_CUMULATIVE = re.compile(
    r"累计|总数|总量|总规模|存量|保有|现有|已有|共有|拥有|历年|截至|截止|目前|在册|在校|在院|在库|在孵|全[省市区县州国]有"
)


_MEASURED_YEARS = re.compile(r"(?:连续|历时|[达为至到满]|提前|延长|缩短)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """A figure of a report.  `figure.start`/`figure.end` are its span in the paragraph, `start`/`end` that of the
    clause to quote it with.

    `indicator` is what it is a figure of, as printed; `name` the same without what says when and how sure.
    `is_base`: it is only what a change starts from (从2.77%提高到…).  `direction` is the way it says something moved:
    下降3.3% has the value 3.3.
    """

    report: str
    paragraph: int
    start: int
    end: int
    figure: Figure
    indicator: str
    name: str
    role: LedgerRole
    period: Period | None
    is_base: bool = False
    direction: Direction = ""


_ROWS = TypeAdapter(tuple[LedgerRow, ...])


def read_rows(report: Report) -> tuple[LedgerRow, ...]:
    """The rows of a report in the order of its text.  Dates and ordinals (第七届) are words there, not figures."""
    return tuple(
        _row(statement, reading)
        for statement in statements_of(report)
        for reading in statement.readings
        if not _tells_time(statement, reading)
    )


def _tells_time(statement: Statement, reading: Reading) -> bool:
    """Whether a number of years says when (五年合计, 这五年) and not how much (连续9年, 缩短到2年)."""
    start = reading.figure.start
    return reading.figure.unit == "年" and not _MEASURED_YEARS.search(statement.text, max(0, start - 4), start)


def _row(statement: Statement, reading: Reading) -> LedgerRow:
    figure, at = reading.figure, statement.start
    return LedgerRow(
        report=statement.report,
        paragraph=statement.paragraph.number,
        start=at + reading.clause[0],
        end=at + reading.clause[1],
        figure=replace(figure, start=at + figure.start, end=at + figure.end),
        indicator=reading.indicator,
        name=name_of(reading.indicator),
        role=_role(statement, reading),
        period=reading.period,
        is_base=reading.is_base,
        direction="" if figure.kind == "rank" else direction(statement.text, figure),
    )


def _role(statement: Statement, reading: Reading) -> LedgerRole:
    if reading.role == "measure":
        return "target"
    if reading.role == "done" and reading.figure.kind == "amount":
        before = statement.text[reading.clause[0] : reading.figure.start]
        if _CUMULATIVE.search(reading.printed.partition(reading.figure.text)[0] + before):
            return "cumulative"
    return reading.role


def ledger_line(rows: tuple[LedgerRow, ...]) -> bytes:
    """The rows of a report as they are stored."""
    return _ROWS.dump_json(rows, exclude_defaults=True) + b"\n"


class Ledger:
    """The rows of the reports of one generation; safe to read from many threads.

    `line` gives a report's stored rows, None where an older program wrote the index; then
    they are read from `open_report`.
    """

    def __init__(self, line: Callable[[str], bytes | None], open_report: Callable[[str], Report]) -> None:
        self._line = line
        self._open = open_report
        self.of = lru_cache(_KEPT_REPORTS)(self._of)

    def _of(self, report: str) -> tuple[LedgerRow, ...]:
        """All rows of a report, in the order of its text.  Raises UnknownReport."""
        line = self._line(report)
        return read_rows(self._open(report)) if line is None else _ROWS.validate_json(line)

    def rows(
        self,
        reports: Collection[str],
        *,
        years: Collection[int] = (),
        roles: Collection[LedgerRole] = (),
        kinds: Collection[FigureKind] = (),
    ) -> Iterator[LedgerRow]:
        """The rows of these reports, in their order; an empty list is no limit, a year any that a period holds."""
        for report in reports:
            for row in self.of(report):
                if (
                    (not roles or row.role in roles)
                    and (not kinds or row.figure.kind in kinds)
                    and (not years or (row.period is not None and any(year in row.period for year in years)))
                ):
                    yield row
