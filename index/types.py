"""What an index is made of: values that never change once made.

Offsets are 0-based and half-open and count characters of the text they belong to; paragraph
numbers start at 1.  A paragraph's `text` is exactly what stands in the source, so a
citation (report, number, start, end) can be checked with one slice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Level = Literal["national", "province", "city", "county", "township", "unknown"]

# done: a result that the report accounts for; target: a figure it sets out to reach;
# measure: work it plans without a figure to reach; other: everything else (thanks, slogans, notes).
Role = Literal["done", "target", "measure", "other"]

# amount 640套 · growth 增长6% · share 占比42% or a rate such as 95.9% · points 1.2个百分点 · multiple 1.8倍, 翻番
# rank 第3位 · ordinal 第七届, 3号线 · date 2024年, 7月15日
FigureKind = Literal["amount", "growth", "share", "points", "multiple", "rank", "ordinal", "date"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The years, both inclusive, that a statement speaks of: 2023 alone, or 2021 to 2025."""

    first: int
    last: int

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError(f"a period runs forward, not from {self.first} to {self.last}")

    def __str__(self) -> str:
        return f"{self.first}年" if self.first == self.last else f"{self.first}—{self.last}年"

    def __contains__(self, year: int) -> bool:
        return self.first <= year <= self.last

    @property
    def years(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure as it stands in a text.

    `text` is the printed form with its qualifier and unit (近9000人次); `start`/`end` are its span.
    `value` is in base units: 1.7万家 is 17000 of 家, 两成 is 20 of %.  `upper` is the far end of a
    range (5%—5.5%), else None.  `unit` is canonical: no 万/亿, ％ as %, "" where none is printed.
    `qualifier` is what is said of the precision, as printed: 约 超 近 以上 左右 多 余 …, "" if nothing.
    """

    start: int
    end: int
    text: str
    value: Decimal
    upper: Decimal | None = None
    unit: str
    qualifier: str = ""
    kind: FigureKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One paragraph of a report.

    `headings` is the path of headings above it, outermost first, as printed.  `period` and `role`
    are what the place in the report implies; a sentence inside may say otherwise.  `doubtful` are the spans of the
    text that were hard to read in a scan: a figure there may not be what the paper says.
    """

    report: str
    number: int
    text: str
    headings: tuple[str, ...] = ()
    period: Period | None = None
    role: Role = "other"
    is_heading: bool = False
    page: int | None = None
    doubtful: tuple[tuple[int, int], ...] = ()

    def is_doubtful(self, start: int, end: int) -> bool:
        """Whether a span of the text touches what was hard to read."""
        return any(a < end and start < b for a, b in self.doubtful)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence with its span in its paragraph's text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A loaded report.  `id` is the source file's name without its ending; `year` that of delivery.

    `sha256` is that of the source file's bytes.  `title` as printed, or made from region and year.
    """

    id: str
    title: str
    region: str
    level: Level
    year: int
    source: str
    sha256: str
    paragraphs: tuple[Paragraph, ...] = field(repr=False)

    @property
    def characters(self) -> int:
        return sum(len(p.text) for p in self.paragraphs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Whole neighbouring sentences of one paragraph: what is embedded and searched.

    `context` (region, year, headings) goes before the text into keyword search and never into a quote.
    """

    report: str
    paragraph: int
    start: int
    end: int
    text: str
    context: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The reports a search may look at.  None: all; an empty set: nothing can be found."""

    reports: frozenset[str] | None = None

    def __contains__(self, report: str) -> bool:
        return self.reports is None or report in self.reports

    def within(self, other: Scope) -> Scope:
        """What both allow."""
        if self.reports is None:
            return other
        return self if other.reports is None else Scope(reports=self.reports & other.reports)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A chunk found, best first: `rank` from 1; a higher `score` is better, comparable within one search only."""

    chunk: Chunk
    score: float
    rank: int
