"""What a question becomes and what an answer is made of.

`Answer.to_wire()` is the one format that the page, the API, exports and scripts share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

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
