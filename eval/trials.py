"""A case, what was answered to it, and where both stand in the reports: what every answer metric looks at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.cases import Case, CaseError, json_lines
from eval.matching import folded
from eval.reports import Place, Places

__all__ = ["Cited", "Given", "Gold", "Trial", "gold_of", "load_answers", "match_trials"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a person got: the fields of an answer on the wire that scoring reads.  `seconds` None: not measured.

    `quotes` are report and quote of each citation, `nearest` those shown as no support; `searched` the reports in the
    scope that was used; `megabytes` is the most memory that the process had taken when it answered.
    """

    id: str
    text: str
    status: str
    quotes: tuple[tuple[str, str], ...] = ()
    nearest: tuple[tuple[str, str], ...] = ()
    refusal: str = ""
    searched: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    engine: str = ""
    seconds: float | None = None
    megabytes: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A citation and the paragraphs that hold its quote, with their folded text; none if it stands nowhere."""

    report: str
    quote: str
    paragraphs: Mapping[Place, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """A piece of evidence and the paragraphs that hold it."""

    report: str
    text: str
    places: frozenset[Place]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """`answer` is None where the case was not answered at all, which counts as silence."""

    case: Case
    answer: Given | None
    citations: tuple[Cited, ...]
    evidence: tuple[Gold, ...]

    @property
    def id(self) -> str:
        return self.case.id

    @property
    def text(self) -> str:
        """The folded text that was shown as an answer; empty for a refusal, a question back, or silence."""
        return folded(self.answer.text) if self.answer and self.answer.status == "answered" else ""

    @property
    def asked_back(self) -> bool:
        return self.answer is not None and self.answer.status == "clarify"


def match_trials(cases: Iterable[Case], answers: Mapping[str, Given], places: Places) -> tuple[Trial, ...]:
    """One trial a case, in the order of the cases."""
    return tuple(
        Trial(
            case=case,
            answer=answers.get(case.id),
            citations=tuple(
                Cited(report=report, quote=quote, paragraphs={p: places.text(p) for p in places.holding(report, quote)})
                for report, quote in (answers[case.id].quotes if case.id in answers else ())
            ),
            evidence=gold_of(case, places),
        )
        for case in cases
    )


def gold_of(case: Case, places: Places) -> tuple[Gold, ...]:
    """The evidence of a case with its places."""
    return tuple(Gold(report=p.report, text=p.text, places=places.holding(p.report, p.text)) for p in case.evidence)


def load_answers(path: Path) -> dict[str, Given]:
    """The answers of a JSONL file by id, the later of two with one id.

    Raises CaseError for a line without an id, a text or a status.
    """
    answers = {}
    for number, record in json_lines(path):
        if not all(isinstance(record.get(field), str) for field in ("id", "text", "status")):
            raise CaseError(f"{path} 第 {number} 行缺少 id、text 或 status，不是一条答案。")
        refusal, provenance = record.get("refusal") or {}, record.get("provenance") or {}
        answers[record["id"]] = Given(
            id=record["id"],
            text=record["text"],
            status=record["status"],
            quotes=_quotes(record.get("citations")),
            nearest=_quotes(refusal.get("nearest")),
            refusal=refusal.get("kind") or "",
            searched=tuple((record.get("scope") or {}).get("reports") or ()),
            notes=tuple(provenance.get("notes") or ()),
            engine=provenance.get("engine") or "",
            seconds=_number(record.get("seconds")),
            megabytes=_number(record.get("megabytes")),
        )
    return answers


def _quotes(citations: Sequence[Mapping[str, Any]] | None) -> tuple[tuple[str, str], ...]:
    return tuple((c.get("report") or "", c.get("quote") or "") for c in citations or ())


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
