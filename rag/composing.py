"""Chosen points → claims under headings: neighbours told together, each run of words with the mark of its quote."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from index.types import Period
from rag.drafting import Citations
from rag.points import Point
from rag.types import Citation, Claim, PartKind, SummaryPart, SummaryStyle
from rag.verifying import Fault

__all__ = ["Check", "Group", "Line", "compose", "label", "unmarked"]

# What the gate holds against a claim.
Check = Callable[[Claim, Mapping[int, Citation]], tuple[Fault, ...]]

_LONGEST_CLAIM = 60
_PUNCTUATION = re.compile(r"[，,、；;\s]*")
_MARK = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Points of one kind and time that stand under one heading, in their order."""

    heading: str
    kind: PartKind
    points: tuple[Point, ...]
    report: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A claim before it is put to the gate: `points` it tells, and the words that place and time it."""

    points: tuple[Point, ...]

    def __len__(self) -> int:
        return sum(len(point.text) + 1 for point in self.points)


def label(kind: PartKind, period: Period | None) -> str:
    """What goes before a claim when the gate reads it, as the heading does when people do."""
    role = "目标" if kind == "planned" else ""
    return f"{period or ''}{role}：" if period or role else ""


def unmarked(text: str) -> str:
    """A claim without its marks: what its length is counted by."""
    return _MARK.sub("", text)


def lines(points: Sequence[Point], most: int) -> list[Line]:
    """The points as at most `most` lines, those of a paragraph together, none longer than need be."""
    made: list[Line] = []
    for _, beside in groupby(points, key=lambda point: point.place[:2]):
        held: tuple[Point, ...] = ()
        for _, run in groupby(beside, key=lambda point: point.statement.start):
            said = tuple(run)
            if held and len(Line(points=held + said)) > _LONGEST_CLAIM:
                made.append(Line(points=held))
                held = ()
            held += said
        made.append(Line(points=held))
    while len(made) > max(1, most):
        shortest = min(
            range(len(made) - 1), key=lambda i: (_parted(made[i], made[i + 1]), len(made[i]) + len(made[i + 1]))
        )
        made[shortest : shortest + 2] = [Line(points=made[shortest].points + made[shortest + 1].points)]
    return made


def _parted(one: Line, other: Line) -> bool:
    """Whether two lines stand in different sections."""
    return one.points[-1].statement.paragraph.headings[:2] != other.points[0].statement.paragraph.headings[:2]


def claim_of(line: Line, citations: Citations, check: Check) -> Claim | None:
    """The claim that a line makes, without the words of it that do not pass the gate; None if nothing is left."""
    told: list[tuple[str, int]] = []
    for _, run in groupby(line.points, key=lambda point: (point.place[:2], point.statement.start)):
        points = tuple(run)
        together = _told(points, citations)
        if len(points) == 1 or not _faults([together], points, citations, check):
            told.append(together)
        else:
            told += [_told((point,), citations) for point in points]
    if not told or _faults(told, line.points, citations, check):
        return None
    return _claim(told)


def _told(points: Sequence[Point], citations: Citations) -> tuple[str, int]:
    """Points of one statement in one run of words, and the mark of the quote that holds them."""
    statement = points[0].statement
    words = points[0].text
    for before, after in pairwise(points):
        between = statement.text[before.end : after.start]
        words += (between if _PUNCTUATION.fullmatch(between) else "，") + after.text
    citation = citations.at(statement, statement.start + points[0].start, statement.start + points[-1].end)
    return words, citation.mark


def _claim(told: Sequence[tuple[str, int]], head: str = "") -> Claim:
    text = "；".join(f"{words}[{mark}]" for words, mark in told)
    return Claim(text=f"{head}{text}。", citations=tuple(dict.fromkeys(mark for _, mark in told)))


def _faults(
    told: Sequence[tuple[str, int]], points: Sequence[Point], citations: Citations, check: Check
) -> tuple[Fault, ...]:
    head = label(points[0].kind, points[0].period)
    return check(_claim(told, head), {citation.mark: citation for citation in citations.all})


def stands(point: Point, citations: Citations, check: Check) -> bool:
    """Whether a point by itself passes the gate, told under the heading it belongs to."""
    return not _faults([_told((point,), citations)], (point,), citations, check)


def compose(
    groups: Iterable[Group], citations: Citations, check: Check, most: int, style: SummaryStyle
) -> Iterator[Claim | SummaryPart]:
    """The claims of each group as they pass the gate, at most `most` in all, then the part that they make."""
    waiting = list(groups)
    shares = _shares([len(group.points) for group in waiting], most)
    for group, share in zip(waiting, shares, strict=True):
        claims: list[Claim] = []
        for line in lines(group.points, share):
            if (claim := claim_of(line, citations, check)) is not None:
                claims.append(claim)
                yield claim
        if claims:
            texts = tuple(claim.text for claim in claims)
            yield SummaryPart(
                heading=group.heading,
                kind=group.kind,
                claims=tuple(claims),
                paragraphs=texts if style == "points" else ("".join(texts),),
                report=group.report,
            )


def _shares(sizes: Sequence[int], most: int) -> list[int]:
    """How many claims each group may make: in proportion to its points, one at least."""
    total = sum(sizes) or 1
    return [max(1, int(most * size / total)) for size in sizes]
