"""Asks → the statements and figures that answer them, or what kind of answer is lacking.

A figure answers an ask when the words of the ask stand with it (its own words count full, its clause, its sentence and
its headings less and less), when it is of the kind and unit asked for, and when it speaks of the asked years in the
asked role.  The last two are conditions, not scores: what fails them is kept only to say what exists instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from index.figures import units
from index.text import normalise
from index.types import Figure, Period, Role
from rag.statements import Reading, Statement
from rag.terms import Idf, Term, match, weighed
from rag.types import RefusalKind
from rag.understanding import Ask

ENOUGH = 0.55  # share of an ask's weight that must be carried for an answer
ALIKE = 0.06  # scores this close are a tie
_SHARED = 0.35
_LOOKED_AT = 40
_ZONES = (("own", 1.0), ("near", 0.85), ("sentence", 0.68), ("heading", 0.5), ("before", 0.4))

Fault = Literal["", "other_period", "target_only", "result_only", "other_unit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What answers an ask: a statement, the figures in it that do (none for a fact), and how well (0 to about 1.3)."""

    ask: Ask
    statement: Statement
    readings: tuple[Reading, ...] = ()
    score: float
    carried: float  # share of the ask's words found, 0 to 1
    fault: Fault = ""
    period: Period | None = None
    role: Role = "other"
    span: tuple[int, int] = (0, 0)  # the clauses that matter, in the statement's text


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """Why an ask has no answer, with the nearest finding; `options` are the places to choose from when it is unclear."""

    ask: Ask
    kind: RefusalKind
    nearest: Finding | None = None
    options: tuple[str, ...] = ()


class Evidence:
    """Scores statements against asks."""

    def __init__(self, idf: Idf, alternatives: Callable[[str], tuple[str, ...]]) -> None:
        self._idf = idf
        self._alternatives = alternatives

    def terms(self, ask: Ask) -> list[Term]:
        return weighed(ask.words, self._idf, self._alternatives) + weighed(ask.shared, self._idf, self._alternatives, _SHARED)

    def findings(self, ask: Ask, statements: Iterable[Statement], meaning: Mapping[tuple[str, int, int], float]) -> list[Finding]:
        """The best findings for `ask`, best first, faulty ones among them.

        `meaning` maps (report, paragraph, start of a statement) to how near it is in meaning, 0 to 1.
        """
        terms = self.terms(ask)
        total = sum(term.weight for term in terms) or 1.0
        rough: list[tuple[float, Statement, float]] = []
        for statement in statements:
            if statement.paragraph.is_heading and len(statement.text) < 30:
                continue
            carried = (
                sum(
                    term.weight
                    * max(match(term, statement.folded), 0.5 * match(term, statement.heading), 0.4 * match(term, statement.before))
                    for term in terms
                )
                / total
            )
            near = meaning.get((statement.report, statement.paragraph.number, statement.start), 0.0)
            rough.append((carried + 0.3 * near, statement, near))
        rough.sort(key=lambda row: -row[0])
        found: list[Finding] = []
        for _, statement, near in rough[:_LOOKED_AT]:
            found.extend(self._in_statement(ask, terms, total, statement, near))
        found.sort(key=lambda finding: -finding.score)
        return found

    def _in_statement(self, ask: Ask, terms: Sequence[Term], total: float, statement: Statement, near: float) -> list[Finding]:
        if ask.need == "figure":
            return [self._figure(ask, terms, total, statement, reading, near) for reading in statement.readings]
        zones = {"sentence": statement.folded, "heading": statement.heading, "before": statement.before}
        carried = _carried(terms, zones, {"sentence": 1.0, "heading": 0.5, "before": 0.3}) / total
        period, role = statement.timing
        span = _clauses_with(terms, statement)
        bonus = 0.0
        if ask.need == "list":
            bonus = 0.08 * bool(re.search(r"、|”“|》《", statement.text[span[0] : span[1]]))
        compact = 0.1 * min(1.0, 60 / max(20, len(statement.text)))
        return [
            Finding(
                ask=ask,
                statement=statement,
                score=carried + 0.3 * near + bonus + compact,
                carried=carried,
                fault=_time_fault(ask, period, role),
                period=period,
                role=role,
                span=span,
            )
        ]

    def _figure(self, ask: Ask, terms: Sequence[Term], total: float, statement: Statement, reading: Reading, near: float) -> Finding:
        zones = {"own": reading.own, "near": reading.near, "sentence": statement.folded, "heading": statement.heading, "before": statement.before}
        carried = _carried(terms, zones, dict(_ZONES)) / total
        unit_fault, bonus = _unit_fault(ask, reading.figure)
        time_fault = _time_fault(ask, reading.period, reading.role)
        return Finding(
            ask=ask,
            statement=statement,
            readings=(reading,),
            score=carried + 0.3 * near + bonus - (0.25 if unit_fault else 0.0) - (0.2 if time_fault else 0.0),
            carried=carried,
            fault=unit_fault or time_fault,
            period=reading.period,
            role=reading.role,
            span=reading.clause,
        )


def _carried(terms: Sequence[Term], zones: Mapping[str, str], weights: Mapping[str, float]) -> float:
    total = 0.0
    for term in terms:
        best = 0.0
        for zone, weight in weights.items():
            if weight > best:
                best = max(best, weight * match(term, zones[zone]))
        total += term.weight * best
    return total


def _clauses_with(terms: Sequence[Term], statement: Statement) -> tuple[int, int]:
    """From the first to the last clause that carries a telling term."""
    heavy = max((term.weight for term in terms), default=0.0)
    touched = [
        (start, end)
        for start, end in statement.clauses
        if any(term.weight >= 0.5 * heavy and match(term, normalise(statement.text[start:end])) >= 0.6 for term in terms)
    ]
    return (touched[0][0], touched[-1][1]) if touched else (0, len(statement.text))


def _time_fault(ask: Ask, period: Period | None, role: Role) -> Fault:
    if ask.role == "done" and role in ("target", "measure"):
        return "target_only"
    if ask.role == "target" and role == "done":
        return "result_only"
    if ask.period is not None and period is not None and period != ask.period:
        return "other_period"
    return ""


def _unit_fault(ask: Ask, figure: Figure) -> tuple[Fault, float]:
    """Whether the figure's unit or kind rules it out, and what a fitting one is worth."""
    if ask.kind == "points":
        return ("", 0.1) if figure.kind == "points" else ("", -0.1)
    if ask.kind == "growth":
        return ("", 0.15) if figure.kind == "growth" else ("other_unit", 0.0)
    if ask.kind == "share" and ask.measure in ("", "%"):
        return ("", 0.1) if figure.unit == "%" and figure.kind != "growth" else ("other_unit", 0.0)
    if not ask.measure:
        if figure.kind == "ordinal":
            return "", -0.1
        return "", 0.0
    if figure.kind == "ordinal":
        return "other_unit", 0.0
    if ask.measure == figure.unit:
        return "", 0.12
    if units.alike(ask.measure, figure.unit):
        return "", 0.05
    return "other_unit", 0.0
