"""How much of what it summarises a summary tells, and what it leaves out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from rag.composing import unmarked
from rag.drafting import Citations
from rag.points import Point
from rag.topics import ON_TOPIC, Topic
from rag.types import Citation, Coverage, FailedSection, SummaryPart

__all__ = ["Section", "coverage"]

_UNSOUND = "摘出的话都没有通过核对"


@dataclass(slots=True)
class Section:
    """A section as it was read: its points in order, how many of them were put to the gate and how many it stopped."""

    report: str
    name: str
    points: list[Point] = field(default_factory=list)
    tried: int = 0
    stopped: int = 0


def coverage(
    sections: Sequence[Section],
    topic: Topic,
    parts: Sequence[SummaryPart],
    told: Sequence[Citation],
    unused: Citations,
) -> Coverage:
    """What was told of the sections that say something; `unused` cites what was left out, marked after `told`."""
    by_mark = {citation.mark: citation for citation in told}
    said: dict[tuple[str, int], list[tuple[Citation, str]]] = defaultdict(list)
    for part in parts:
        for claim in part.claims:
            for citation in (by_mark[mark] for mark in claim.citations):
                said[citation.report, citation.paragraph].append((citation, unmarked(claim.text)))

    def is_told(point: Point) -> bool:
        report, number, start = point.place
        figures = [reading.figure.text for reading in point.readings]
        return any(
            citation.start <= start < citation.end
            and (point.text in text or (figures and all(figure in text for figure in figures)))  # or reworded
            for citation, text in said[report, number]
        )

    counted = covered = covered_sections = saying = 0
    left_out: list[Citation] = []
    failed: list[FailedSection] = []
    for section in sections:
        points = [point for point in section.points if not topic or topic.relevance(point) >= ON_TOPIC]
        saying += bool(points)
        covered_sections += any(is_told(point) for point in points)
        for point in points:
            counted += len(point.readings)
            if is_told(point):
                covered += len(point.readings)
            elif point.readings:
                first = point.statement.start
                left_out.append(unused.at(point.statement, first + point.start, first + point.end))
        if section.tried and section.tried == section.stopped:
            failed.append(FailedSection(report=section.report, section=section.name, reason=_UNSOUND))
    last = max(by_mark, default=0)
    return Coverage(
        sections=saying,
        covered_sections=covered_sections,
        indicators=counted,
        covered_indicators=covered,
        left_out=tuple(replace(citation, mark=last + citation.mark) for citation in left_out),
        failed=tuple(failed),
    )
