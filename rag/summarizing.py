"""Summaries: reports, a section or a theme, read section by section, told in the most wanted points.

`stream` yields how far the reading has come, then each claim as it passes the gate, and the `Summary` last.  Whoever
stops listening stops the work.
"""

from __future__ import annotations

import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from index.errors import UnknownReport
from index.statements import Statement, Statements
from index.store import ReportIndex
from index.types import Paragraph, Period, Scope
from rag.composing import Check, Group, compose, stands
from rag.covering import Section, coverage
from rag.drafting import Citations
from rag.points import Point, points_of
from rag.retelling import Retelling, verbatim
from rag.salience import Weighed, weigh
from rag.scoping import Catalog
from rag.selecting import AGAIN, select
from rag.topics import ON_TOPIC, Portion, Topic, read_topic
from rag.types import (
    AnswerScope,
    Citation,
    Claim,
    PartKind,
    Provenance,
    Refusal,
    Summary,
    SummaryLength,
    SummaryPart,
    SummaryProgress,
    SummaryRequest,
)
from rag.writing import EXTRACTIVE, Writer

__all__ = ["Summarizing"]

_NOTHING = "没有找到可以概括的内容。"
_HEADINGS: Mapping[PartKind, str] = {"done": "完成情况", "planned": "目标和安排"}
# A model needs more words for the same: so much is left to it.
_ROOM_FOR_WORDS = 0.1
# So much of a summary tells of work done, and so much of work planned, if there is as much to tell.
_LEAST_SHARE = 0.25
# Of a theme, what belongs to it is wanted even where nobody would want it of the whole report; figures more.
_LEAST_OF_TOPIC, _LEAST_WITHOUT_FIGURE = 0.5, 0.3
# Who asks for a theme wants to be told more than once of it.
_AGAIN_OF_TOPIC = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class _Size:
    """How long a summary may be: characters without marks, claims."""

    characters: int
    claims: int


_SIZES: Mapping[SummaryLength, _Size] = {
    "brief": _Size(characters=200, claims=3),
    "page": _Size(characters=700, claims=20),
    "full": _Size(characters=2400, claims=80),
}


_WHOLE = Topic()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What is to be read, and for what."""

    title: str
    portions: tuple[Portion, ...]
    topic: Topic = _WHOLE
    section: str = ""


class Summarizing:
    """Summarises reports of one generation of an index.

    `check` is the gate; a model that `writer` has rewords what was chosen.
    """

    def __init__(self, opened: ReportIndex, statements: Statements, check: Check, writer: Writer) -> None:
        self._index = opened
        self._statements = statements
        self._check = check
        self._writer = writer

    def stream(self, request: SummaryRequest, scope: Scope) -> Iterator[SummaryProgress | Claim | Summary]:
        """Progress and verified claims, then the whole summary.  Raises UnknownReport."""
        started = time.perf_counter()
        catalog = Catalog(self._index.cards, scope)
        plan = self._plan(request, catalog)
        if isinstance(plan, Refusal):
            yield self._summary(request, _Plan(title=request.question, portions=()), [], (), (), started, plan)
            return
        sections: list[Section] = []
        for section, done, total in self._read(plan):
            sections.append(section)
            yield SummaryProgress(done=done, total=total, section=section.name)
        read = time.perf_counter()
        size, retelling = _SIZES[request.length], None
        if (model := self._writer.model) is not None:
            room = int(_ROOM_FOR_WORDS * size.characters)
            size, retelling = replace(size, characters=size.characters - room), Retelling(model, self._check, room)
        citations = Citations(self._index.card)
        groups = list(self._groups(plan, sections, size, citations, request.length))
        parts: list[SummaryPart] = []
        for item in compose(groups, citations, self._check, size.claims, request.style, retelling or verbatim):
            if isinstance(item, Claim):
                yield item
            else:
                parts.append(item)
        seconds = {"read": round(read - started, 4)}
        yield self._summary(request, plan, sections, parts, citations.all, started, seconds=seconds, told=retelling)

    # -- what to read ----------------------------------------------------------------------------

    def _plan(self, request: SummaryRequest, catalog: Catalog) -> _Plan | Refusal:
        for report in request.reports:
            if report not in catalog.ids:
                raise UnknownReport(f"没有编号为 {report!r} 的报告。用 wenbao reports 查看已载入的报告。")
        if request.question:
            read = read_topic(request.question, catalog, request.reports)
            if isinstance(read, Refusal):
                return read
            return _Plan(title=request.question, portions=tuple(read[1]), topic=read[0], section=request.section)
        if not request.reports:
            return Refusal(kind="not_found", message="请选择要概括的报告，或写明要概括什么。")
        titles = "、".join(self._index.card(report).title for report in request.reports)
        return _Plan(
            title="：".join(filter(None, (titles, request.section))),
            portions=tuple(Portion(report=r, kinds=frozenset({"done", "planned"})) for r in request.reports),
            section=request.section,
        )

    def _read(self, plan: _Plan) -> Iterator[tuple[Section, int, int]]:
        """Each section of each portion with its points, and which of how many it is."""
        found: dict[tuple[int, str, tuple[str, ...]], list[Paragraph]] = defaultdict(list)
        for number, portion in enumerate(plan.portions):
            for paragraph in self._index.report(portion.report).paragraphs:
                if not paragraph.is_heading and _is_within(paragraph, plan.section):
                    found[number, portion.report, paragraph.headings[:2]].append(paragraph)
        statements = {portion.report: _by_paragraph(self._statements.of(portion.report)) for portion in plan.portions}
        for done, ((number, report, headings), paragraphs) in enumerate(found.items(), start=1):
            section = Section(report=report, name=headings[-1] if headings else "开头")
            for paragraph in paragraphs:
                for statement in statements[report].get(paragraph.number, ()):
                    section.points += points_of(statement, plan.topic.carried if plan.topic else None)
            section.points = [point for point in section.points if _is_wanted(point, plan.portions[number])]
            yield section, done, len(found)

    # -- what to tell ----------------------------------------------------------------------------

    def _groups(
        self, plan: _Plan, sections: Sequence[Section], size: _Size, citations: Citations, length: SummaryLength
    ) -> Iterator[Group]:
        """The chosen points of each report, under the headings that they are told under."""
        by_report: dict[str, list[Point]] = defaultdict(list)
        for section in sections:
            by_report[section.report] += section.points
        tried: dict[int, bool] = {}

        def is_sound(item: Weighed) -> bool:
            if id(item.point) not in tried:
                tried[id(item.point)] = stands(item.point, Citations(self._index.card), self._check)
            return tried[id(item.point)]

        for report, points in by_report.items():
            years = _main_periods(points, plan.portions, report)
            wanted = [point for point in points if (point.kind, point.period) in years]
            weighed = _weighed(wanted, plan.topic)
            room = max(size.characters // len(by_report), _SIZES["brief"].characters)
            take = partial(select, stands=is_sound, again=_AGAIN_OF_TOPIC if plan.topic else AGAIN)
            chosen = _balanced(weighed, room, take)
            region = self._index.card(report).region if len(by_report) > 1 else ""
            yield from _grouped([item.point for item in chosen], years, region, by_section=length == "full")
        for section in sections:
            outcomes = [tried[id(point)] for point in section.points if id(point) in tried]
            section.tried, section.stopped = len(outcomes), outcomes.count(False)

    def _summary(
        self,
        request: SummaryRequest,
        plan: _Plan,
        sections: Sequence[Section],
        parts: Sequence[SummaryPart],
        citations: Sequence[Citation],
        started: float,
        refusal: Refusal | None = None,
        seconds: Mapping[str, float] | None = None,
        told: Retelling | None = None,
    ) -> Summary:
        used = {mark for part in parts for claim in part.claims for mark in claim.citations}
        cited = [citation for citation in citations if citation.mark in used]
        covered = coverage(sections, plan.topic, parts, cited, Citations(self._index.card))
        if not parts and refusal is None:
            refusal = Refusal(kind="not_found", message=_NOTHING)
        reports = tuple(dict.fromkeys(portion.report for portion in plan.portions))
        lines = [plan.title]
        for part in parts:
            lines += [part.heading, *part.paragraphs]
        lines.append(refusal.message if refusal else covered.text)
        return Summary(
            id=uuid.uuid4().hex,
            title=plan.title,
            length=request.length,
            style=request.style,
            scope=AnswerScope(
                regions=tuple(dict.fromkeys(self._index.card(report).region for report in reports)),
                years=tuple(dict.fromkeys(self._index.card(report).year for report in reports)),
                reports=reports,
            ),
            text="\n".join(lines),
            parts=tuple(parts),
            citations=tuple(cited),
            coverage=covered,
            refusal=refusal,
            provenance=Provenance(
                engine=told.engine if told else EXTRACTIVE,
                prompt=told.prompt if told else "",
                notes=tuple(told.notes) if told else (),
                index=self._index.generation,
                embedder=self._index.embedder,
                seconds={**(seconds or {}), "all": round(time.perf_counter() - started, 4)},
            ),
        )


def _by_paragraph(statements: Sequence[Statement]) -> dict[int, list[Statement]]:
    found: dict[int, list[Statement]] = defaultdict(list)
    for statement in statements:
        found[statement.paragraph.number].append(statement)
    return found


def _is_within(paragraph: Paragraph, section: str) -> bool:
    return not section or any(section in heading for heading in paragraph.headings)


def _is_wanted(point: Point, portion: Portion) -> bool:
    return point.kind in portion.kinds and portion.period in (None, point.period)


def _main_periods(
    points: Sequence[Point], portions: Sequence[Portion], report: str
) -> list[tuple[PartKind, Period | None]]:
    """The times that are told of a report, in the order of telling: of each kind the year and the span of years that
    most is said of; what it says of others in passing is left out."""
    named = [(kind, p.period) for p in portions if p.report == report and p.period for kind in sorted(p.kinds)]
    if named:
        return list(dict.fromkeys(named))
    found: list[tuple[PartKind, Period | None]] = []
    for is_span in (False, True):
        for kind in ("done", "planned"):
            counted = Counter(
                point.period
                for point in points
                if point.kind == kind and point.period is not None and (point.period.years > 1) == is_span
            )
            found += [(kind, period) for period, _ in counted.most_common(1)]
    return found


def _weighed(points: Sequence[Point], topic: Topic) -> list[Weighed]:
    weighed = weigh(points)
    if not topic:
        return weighed
    wanted: list[Weighed] = []
    for item in weighed:
        if (relevance := topic.relevance(item.point)) >= ON_TOPIC:
            least = _LEAST_OF_TOPIC if item.point.readings else _LEAST_WITHOUT_FIGURE
            wanted.append(replace(item, chance=relevance * (least + (1 - least) * item.chance)))
    return wanted


def _balanced(
    weighed: Sequence[Weighed], characters: int, take: Callable[[Sequence[Weighed], int], list[Weighed]]
) -> list[Weighed]:
    """The points chosen by `take`; neither work done nor work planned crowds the other out."""
    chosen = take(weighed, characters)
    for kind in ("done", "planned"):
        own = [item for item in weighed if item.point.kind == kind]
        if _length([item for item in chosen if item.point.kind == kind]) < _LEAST_SHARE * characters:
            kept = take(own, int(_LEAST_SHARE * characters))
            others = [item for item in weighed if item.point.kind != kind]
            return [*take(others, characters - _length(kept)), *kept]
    return chosen


def _length(chosen: Sequence[Weighed]) -> int:
    return sum(len(item.point.text) + 1 for item in chosen)


def _grouped(
    points: Sequence[Point], periods: Sequence[tuple[PartKind, Period | None]], region: str, *, by_section: bool
) -> Iterator[Group]:
    for kind, period in periods:
        here = [point for point in points if (point.kind, point.period) == (kind, period)]
        by_heading: dict[str, list[Point]] = defaultdict(list)
        for point in here:
            headings = point.statement.paragraph.headings[:2]
            by_heading[headings[-1] if by_section and headings else ""].append(point)
        for section, found in by_heading.items():
            heading = f"{region}{period}{_HEADINGS[kind]}"
            yield Group(
                heading=f"{heading}：{section}" if section else heading,
                kind=kind,
                points=tuple(found),
                report=found[0].statement.report,
            )
