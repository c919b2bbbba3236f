"""What a question becomes and what an answer is made of.

`Answer.to_wire()` is the one format that the page, the API, exports and scripts share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any, Literal

from index.types import FigureKind, Level

Status = Literal["answered", "refused", "clarify"]

SummaryLength = Literal["brief", "page", "full"]  # 三句话 · 一页 · 详版
SummaryStyle = Literal["points", "document"]  # 要点 · 公文段落
# What the claims under one heading tell: work accounted for, work planned, what a year's report has that the one
# before it lacks, and what it no longer has.
PartKind = Literal["done", "planned", "appeared", "gone"]

# Why there is no answer.  Each kind has its own words in refusing.py.
RefusalKind = Literal[
    "not_found",  # no report in scope mentions it
    "other_period",  # only another year is given
    "target_only",  # a target is given, no result
    "result_only",  # a result is given, no target
    "other_scope",  # only another place is given
    "other_unit",  # only in another unit or as another kind of figure
    "out_of_corpus",  # no such report is loaded
    "ambiguous",  # ask back
    "false_premise",  # the question asserts what the report contradicts
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """An earlier question and the answer that the person saw."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """The address of a quote: `quote` is exactly `paragraph.text[start:end]`, `sha256` that of the whole paragraph.

    `doubtful`: it touches what was hard to read in a scan, so that the paper may say something else.
    """

    mark: int
    report: str
    title: str
    region: str
    year: int
    section: tuple[str, ...]
    paragraph: int
    page: int | None
    start: int
    end: int
    quote: str
    sha256: str
    doubtful: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One sentence of an answer with the marks that support it.

    `computed` says that a figure in it was worked out by code (计算值) from figures that the marks cite.
    """

    text: str
    citations: tuple[int, ...]
    computed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why nothing is claimed, in words for people, with what comes nearest (never as support)."""

    kind: RefusalKind
    message: str
    nearest: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerScope:
    """Where the answer was looked for: places, the years asked about (not of delivery), report ids."""

    regions: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    reports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What made the answer: engine, prompt, index generation, embedder, seconds by stage, notes for people."""

    engine: str
    prompt: str = ""
    index: str = ""
    embedder: str = ""
    seconds: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What every front end renders.  `text` is what a person sees, marks such as [1] included."""

    id: str
    question: str
    standalone_question: str
    status: Status
    scope: AnswerScope
    text: str
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    refusal: Refusal | None = None
    options: tuple[str, ...] = ()
    provenance: Provenance
    comparison: ComparisonRequest | None = None  # the table that shows the same side by side, for Assistant.compare

    def to_wire(self) -> dict[str, Any]:
        """The JSON object of the documented format."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryRequest:
    """What is to be summarised: whole reports, the section of one whose heading has the words `section`, or what a
    `question` asks about, which then names place and years itself unless `reports` do."""

    reports: tuple[str, ...] = ()
    section: str = ""
    question: str = ""
    length: SummaryLength = "page"
    style: SummaryStyle = "points"


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryPart:
    """Claims of one kind under a heading (2025年完成情况), in the order of the text.

    `paragraphs` is what a person reads of them, marks included: a paragraph for each claim, or running text.
    `report` is the one that all claims cite, "" where they cite several.
    """

    heading: str
    kind: PartKind
    claims: tuple[Claim, ...]
    paragraphs: tuple[str, ...]
    report: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedSection:
    """A section that could not be summarised, and why, in words for people."""

    report: str
    section: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of what was to be summarised the claims tell: sections with a claim, quantified indicators told.

    `left_out` are the quantified statements that were not told, in the order of the text; `failed` sections are
    among `sections` and count as not covered.
    """

    sections: int
    covered_sections: int
    indicators: int
    covered_indicators: int
    left_out: tuple[Citation, ...] = ()
    failed: tuple[FailedSection, ...] = ()

    @property
    def text(self) -> str:
        """The line that people read."""
        line = f"覆盖 {self.covered_sections}/{self.sections} 节"
        if self.indicators:
            line += f"，{self.covered_indicators}/{self.indicators} 个量化指标"
        failed = "、".join(section.section for section in self.failed)
        return f"{line}；未能概括：{failed}" if failed else line


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Reports, a section or a theme in a few verified claims; or what is new between two years' reports.

    `text` is what a person sees: headings, claims with their marks, the coverage line.  `refusal` says why there
    are no claims.
    """

    id: str
    title: str
    length: SummaryLength
    style: SummaryStyle
    scope: AnswerScope
    text: str
    parts: tuple[SummaryPart, ...] = ()
    citations: tuple[Citation, ...] = ()
    coverage: Coverage
    refusal: Refusal | None = None
    provenance: Provenance

    @property
    def claims(self) -> tuple[Claim, ...]:
        """All claims in the order in which they are read."""
        return tuple(claim for part in self.parts for claim in part.claims)

    def to_wire(self) -> dict[str, Any]:
        """The JSON object of the documented format."""
        wire = asdict(self)
        wire["claims"] = [asdict(claim) for claim in self.claims]
        wire["coverage"]["text"] = self.coverage.text
        return wire


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryProgress:
    """How far a summary has come: `done` of `total` sections read; `section` is the one at hand."""

    done: int
    total: int
    section: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonProgress:
    """How far a comparison is: `done` of `total` cells looked up."""

    done: int
    total: int


# What a figure in a comparison is: a result, or what was aimed at.
ComparedRole = Literal["done", "target"]
# given: stands and may be compared · incomparable: stands, but in another unit or of another kind · missing
CellStatus = Literal["given", "incomparable", "missing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonRequest:
    """What is to be set side by side: indicators × places × years × roles.

    `years` are those that the figures speak of, not those of delivery.  A `question` (湖北和湖南2025年GDP增速) names
    what the other fields leave empty; what neither names is filled in from the loaded reports, places by `level`.
    """

    indicators: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    roles: tuple[ComparedRole, ...] = ()
    level: Level | None = None
    question: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonCell:
    """What the reports say for one indicator, place, year and role.

    `text` is the figure as printed (5.5%左右), 下降 before it where it tells a decline; `value` and `upper` (the far
    end of a range) are in base units: 1.7万家 is 17000 of 家, 下降3.3% is -3.3.  `claim` is the verified sentence with
    its mark, `citations` its marks, `note` why there is nothing or why it is not comparable.
    """

    region: str
    year: int
    role: ComparedRole
    status: CellStatus
    text: str = ""
    value: Decimal | None = None
    upper: Decimal | None = None
    unit: str = ""
    qualifier: str = ""
    kind: FigureKind | None = None
    indicator: str = ""
    report: str = ""
    claim: str = ""
    citations: tuple[int, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonChange:
    """A difference that was worked out (计算值): `text` with its sign, `claim` the verified sentence with its operands.

    Where none could be, `text` is "" and `note` says why.
    """

    text: str = ""
    value: Decimal | None = None
    unit: str = ""
    claim: str = ""
    citations: tuple[int, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonRow:
    """A line of the table: a cell for each column, and what differs as the table's `change_heading` says."""

    label: str
    cells: tuple[ComparisonCell, ...]
    change: ComparisonChange | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Figures side by side, each as printed with its citation, and what code worked out between them.

    `row_heading` names what the rows are (地区, 年份, 指标), `columns` what stands above the cells; `change_heading` is
    "" where there are no differences.  `remarks` are verified sentences about the whole; `notes` say what could not be
    compared; `chart` is an SVG that takes its colours from the page, "" where there is nothing to draw.
    """

    id: str
    title: str
    scope: AnswerScope
    row_heading: str
    columns: tuple[str, ...]
    change_heading: str = ""
    rows: tuple[ComparisonRow, ...] = ()
    remarks: tuple[Claim, ...] = ()
    notes: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    chart: str = ""
    refusal: Refusal | None = None
    provenance: Provenance

    @property
    def claims(self) -> tuple[Claim, ...]:
        """All verified sentences: of the cells, the differences and the whole."""
        cells = [cell for row in self.rows for cell in row.cells if cell.claim]
        changes = [row.change for row in self.rows if row.change and row.change.claim]
        return (
            *(Claim(text=cell.claim, citations=cell.citations) for cell in cells),
            *(Claim(text=change.claim, citations=change.citations, computed=True) for change in changes),
            *self.remarks,
        )

    def to_wire(self) -> dict[str, Any]:
        """The JSON object of the documented format."""
        wire: dict[str, Any] = plain_numbers(asdict(self) | {"claims": [asdict(claim) for claim in self.claims]})
        return wire


def plain_numbers(value: Any) -> Any:
    """With numbers as JSON has them."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {key: plain_numbers(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain_numbers(item) for item in value]
    return value
