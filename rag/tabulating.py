"""Figures side by side: indicators × places × years × roles, from the ledger, each through the gate.

A cell shows what the same words would be answered with; what is not comparable is shown, and said to be so.
"""

from __future__ import annotations

import re
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest

from index.figures.naming import name_of
from index.ledger import LedgerRow
from index.statements import Statements
from index.store import ReportIndex
from index.types import Scope
from rag.charting import draw
from rag.choosing import choose
from rag.comparing import Remark, fell, remarks
from rag.contrasting import contrast
from rag.drafting import Citations, draft
from rag.evidence import Evidence, Finding, Lack
from rag.figures import carried_by, fit
from rag.fitting import dimension
from rag.laying import Layout, Place, lay_out
from rag.planning import Plan, Subject, plan
from rag.reading import Comparison as Told
from rag.resolving import Resolver, in_tiers
from rag.scoping import Catalog
from rag.types import (
    AnswerScope,
    Claim,
    Comparison,
    ComparisonCell,
    ComparisonChange,
    ComparisonProgress,
    ComparisonRequest,
    ComparisonRow,
    Provenance,
    Refusal,
    RefusalKind,
)
from rag.understanding import Ask, Query
from rag.writing import EXTRACTIVE

__all__ = ["Tabulating"]

# Rows of the ledger whose statements are looked at for a cell, and what a fitting year and role are worth among them.
_LOOKED_AT = 12
_FITTING = 0.2
# A figure's own words must carry so much: a cell stands alone, without the sentence around it.
_ENOUGH = 0.5
# A figure of another unit or of something narrower is shown only if it carries this much of the words.
_SURE = 0.8
# Of more places than these, the chart shows who is highest.
_MOST_TOLD = 8
_NAMED = 8
_LACKS: Mapping[RefusalKind, str] = {
    "not_found": "报告没有写到",
    "other_period": "只有其他年份的数",
    "target_only": "只有目标，没有完成数",
    "result_only": "只有完成数，没有目标",
    "other_unit": "只有其他口径的数",
}
_UNLOADED = "没有载入写这一年的报告"
# 农村居民人均可支配收入 is not set beside 居民人均可支配收入.
_NARROWER = re.compile(
    r"城镇|农村|城乡|城市|民间|工业|制造业|服务业|农业|税收|人均|规模以上|规上|限上|限额以上|第[一二三]产业|[一二三]产|高技术|国有"
)
_Measured = tuple[str, frozenset[str]]
_UNLIKE = "单位或口径不同，不作比较"
_UNPROVED = "没有通过核对，不显示"
_QUALIFIED = "“左右”“以上”等按所写的数值作图和比较。"
_NOTHING = "没有找到可以比较的数字。"


@dataclass(frozen=True, slots=True)
class _Filled:
    """A cell with the finding that it shows."""

    cell: ComparisonCell
    finding: Finding | None = None

    @property
    def comparable(self) -> Finding | None:
        return self.finding if self.cell.status == "given" else None


class Tabulating:
    """Sets figures of one generation of an index side by side."""

    def __init__(self, opened: ReportIndex, resolver: Resolver, statements: Statements, evidence: Evidence) -> None:
        self._index = opened
        self._resolver = resolver
        self._statements = statements
        self._evidence = evidence

    def stream(self, request: ComparisonRequest, scope: Scope) -> Iterator[ComparisonProgress | Comparison]:
        """How far the looking up is, the table last; a refusal in it where there is none."""
        started = time.perf_counter()
        catalog = Catalog(self._index.cards, scope)
        axes = plan(request, catalog)
        if isinstance(axes, Refusal):
            yield self._refused(request, axes, started)
            return
        layout, citations = lay_out(axes), Citations(self._index.card)
        places = [place for line in layout.lines for place in line.places]
        found: dict[Place, list[Finding]] = {}
        for done, place in enumerate(places):
            yield ComparisonProgress(done=done, total=len(places))
            found[place] = in_tiers(place.ask, catalog, self._look)
        filled = self._filled(found, catalog, citations)
        if not any(one.finding for one in filled.values()):
            yield self._refused(request, Refusal(kind="not_found", message=_NOTHING), started, axes)
            return
        rows = tuple(self._rows(layout, filled, citations))
        said = tuple(self._remarks(layout, filled, citations))
        yield Comparison(
            id=uuid.uuid4().hex,
            title=layout.title,
            scope=AnswerScope(
                regions=axes.regions,
                years=axes.years,
                reports=tuple(dict.fromkeys(citation.report for citation in citations.all)),
            ),
            row_heading=layout.row_heading,
            columns=layout.columns,
            change_heading=layout.change_heading if any(row.change for row in rows) else "",
            rows=rows,
            remarks=said,
            notes=tuple(_notes(layout, filled)),
            citations=citations.all,
            chart="" if len(axes.subjects) > 1 else draw(layout.title, layout.columns, rows, by_year=layout.by_year),
            provenance=self._provenance(started),
        )

    # -- cells -----------------------------------------------------------------------------------

    def _filled(
        self, found: Mapping[Place, Sequence[Finding]], catalog: Catalog, citations: Citations
    ) -> dict[Place, _Filled]:
        first = {place: self._chosen(place, findings) for place, findings in found.items()}
        by_subject: dict[Subject, list[Finding | Lack]] = defaultdict(list)
        for place, chosen in first.items():
            by_subject[place.subject].append(chosen)
        usually = {subject: _usual(chosen) for subject, chosen in by_subject.items()}
        filled: dict[Place, _Filled] = {}
        for place, chosen in first.items():
            usual = usually[place.subject]
            if isinstance(chosen, Finding) and _measured(chosen) != usual:
                alike = self._chosen(place, [one for one in found[place] if one.fault or _measured(one) == usual])
                chosen = alike if isinstance(alike, Finding) else chosen
            if isinstance(chosen, Finding) and (_measured(chosen) == usual or chosen.carried >= _SURE):
                filled[place] = self._shown(place, chosen, citations, note=_unlike(chosen, usual))
            elif isinstance(chosen, Finding):
                filled[place] = _Filled(_missing(place, _LACKS["other_unit"]))
            else:
                delivered = place.year + 1 if place.role == "done" else place.year
                is_loaded = any(card.year == delivered for card in catalog.by_region.get(place.region, ()))
                filled[place] = _Filled(_missing(place, _LACKS[chosen.kind] if is_loaded else _UNLOADED))
        return filled

    def _chosen(self, place: Place, found: Sequence[Finding]) -> Finding | Lack:
        ask = place.ask
        return choose(ask, list(found), lambda finding: self._resolver.stands(finding, ask.text))

    def _look(self, ask: Ask, reports: Sequence[str]) -> list[Finding]:
        """What the statements say whose figures, by the ledger, are likeliest meant."""
        terms = self._evidence.terms(ask)

        def likely(row: LedgerRow) -> float:
            in_role = (row.role == "target") == (ask.role == "target")
            return fit(terms, row) + _FITTING * (row.period == ask.period) + _FITTING * in_role

        places: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        for row in nlargest(_LOOKED_AT, self._index.ledger.rows(reports), key=likely):
            places[row.report][row.paragraph].append(row.figure.start)
        statements = [
            statement
            for report, paragraphs in places.items()
            for statement in self._statements.within(report, paragraphs)
            if any(statement.start <= at < statement.end for at in paragraphs[statement.paragraph.number])
        ]
        found = self._evidence.findings(ask, statements, {})
        return [finding for finding in found if carried_by(terms, finding.readings[0].indicator) >= _ENOUGH]

    def _shown(self, place: Place, finding: Finding, citations: Citations, *, note: str) -> _Filled:
        (claim,) = draft([finding], [], citations)
        reading = finding.readings[0]
        figure, sign = reading.figure, -1 if fell(finding) else 1
        cell = ComparisonCell(
            region=place.region,
            year=place.year,
            role=place.role,
            status="incomparable" if note else "given",
            text=f"下降{figure.text}" if sign < 0 else figure.text,
            value=sign * figure.value,
            upper=None if figure.upper is None else sign * figure.upper,
            unit=figure.unit,
            qualifier=figure.qualifier,
            kind=figure.kind,
            indicator=reading.indicator,
            report=finding.statement.report,
            claim=claim.text,
            citations=claim.marks,
            note=note,
        )
        return _Filled(cell, finding)

    # -- what is worked out ----------------------------------------------------------------------

    def _rows(self, layout: Layout, filled: Mapping[Place, _Filled], citations: Citations) -> Iterator[ComparisonRow]:
        before: Place | None = None
        for line in layout.lines:
            pair: tuple[Place | None, Place] = (before, line.places[0])
            if layout.change in ("target", "columns"):
                pair = line.places[0], line.places[1]
            earlier, later = (filled[place] if place else None for place in pair)
            change = None
            if layout.change and earlier and later and earlier.finding and later.finding:
                change = self._change(layout, earlier, later, citations)
            yield ComparisonRow(
                label=line.label, cells=tuple(filled[place].cell for place in line.places), change=change
            )
            before = line.places[0]

    def _change(self, layout: Layout, one: _Filled, other: _Filled, citations: Citations) -> ComparisonChange:
        if one.comparable is None or other.comparable is None:
            return ComparisonChange(note=_UNLIKE)
        change, remark = contrast(one.comparable, other.comparable, is_target=layout.change == "target")
        if remark is None:
            return change
        claim = self._claim(remark, [one.comparable, other.comparable], citations)
        if claim is None:
            return ComparisonChange(note=_UNPROVED)
        return ComparisonChange(
            text=change.text, value=change.value, unit=change.unit, claim=claim.text, citations=claim.citations
        )

    def _remarks(self, layout: Layout, filled: Mapping[Place, _Filled], citations: Citations) -> Iterator[Claim]:
        """The course over the years, or which place is highest and by how much."""
        if len(layout.columns) > 1 or layout.row_heading == "指标":
            return
        findings = [one.comparable for one in filled.values() if one.comparable]
        if len(findings) < 2 or (len(findings) > _MOST_TOLD and not layout.by_year):
            return
        wanted: frozenset[Told] = frozenset({"trend"} if layout.by_year else {"extremum", "difference"})
        query = Query(
            question="", standalone="", regions=(), unknown_regions=(), periods=(), asks=(), comparisons=wanted
        )
        for remark in remarks(query, findings):
            if claim := self._claim(remark, findings, citations):
                yield claim

    def _claim(self, remark: Remark, findings: Sequence[Finding], citations: Citations) -> Claim | None:
        """The remark with the marks of its operands, if the gate lets it pass."""
        marks = tuple(dict.fromkeys(citations.cite(findings[i]).mark for i in remark.of))
        text = f"{remark.text}。{''.join(f'[{mark}]' for mark in marks)}"
        claim = Claim(text=text, citations=marks, computed=remark.computed)
        by_mark = {citation.mark: citation for citation in citations.all}
        return None if self._resolver.faults(claim, by_mark, "") else claim

    def _refused(
        self, request: ComparisonRequest, refusal: Refusal, started: float, axes: Plan | None = None
    ) -> Comparison:
        return Comparison(
            id=uuid.uuid4().hex,
            title=lay_out(axes).title if axes else request.question or "、".join(request.indicators),
            scope=AnswerScope(regions=axes.regions, years=axes.years) if axes else AnswerScope(),
            row_heading="",
            columns=(),
            refusal=refusal,
            provenance=self._provenance(started),
        )

    def _provenance(self, started: float) -> Provenance:
        return Provenance(
            engine=EXTRACTIVE,
            index=self._index.generation,
            embedder=self._index.embedder,
            seconds={"all": round(time.perf_counter() - started, 4)},
        )


def _missing(place: Place, note: str) -> ComparisonCell:
    return ComparisonCell(region=place.region, year=place.year, role=place.role, status="missing", note=note)


def _measured(finding: Finding) -> _Measured:
    """What a figure is measured as and what it is of alone: only figures of which both are the same are compared."""
    reading = finding.readings[0]
    figure = reading.figure
    measure = figure.kind if figure.kind != "amount" else f"amount {dimension(figure.unit)}"
    return measure, frozenset(_NARROWER.findall(reading.indicator))


def _unlike(finding: Finding, usual: _Measured) -> str:
    """Why a figure is not compared with what most cells have; "" if it is."""
    measured = _measured(finding)
    if measured == usual:
        return ""
    return _UNLIKE if measured[0] != usual[0] else f"口径是“{name_of(finding.readings[0].indicator)}”，不作比较"


def _usual(chosen: Iterable[Finding | Lack]) -> _Measured:
    """What most cells give their figures as."""
    counted = Counter(_measured(one) for one in chosen if isinstance(one, Finding))
    return max(counted, key=lambda measured: counted[measured], default=("", frozenset()))


def _notes(layout: Layout, filled: Mapping[Place, _Filled]) -> Iterator[str]:
    """What the table lacks and why, and what is not compared."""
    reasons: dict[str, list[str]] = defaultdict(list)
    for line in layout.lines:
        for column, place in zip(layout.columns, line.places, strict=True):
            cell = filled[place].cell
            if cell.note:
                name = line.label if len(layout.columns) == 1 else f"{line.label}（{column}）"
                reasons[cell.note].append(name)
    for reason, names in reasons.items():
        more = f"等 {len(names)} 处" if len(names) > _NAMED else ""
        yield f"{reason}：{'、'.join(names[:_NAMED])}{more}。"
    if any(one.cell.status == "given" and one.cell.qualifier for one in filled.values()):
        yield _QUALIFIED
