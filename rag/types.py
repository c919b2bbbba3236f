"""What a question becomes and what an answer is made of.

`Answer.to_wire()` is the one format that the page, the API, exports and scripts share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Status = Literal["answered", "refused", "clarify"]

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
    """The address of a quote: `quote` is exactly `paragraph.text[start:end]`, `sha256` that of the whole paragraph."""

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
