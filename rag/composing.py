"""Chosen points → claims under headings: neighbours told together, each run of words with the mark of its quote."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby, pairwise

from index.types import Period
from rag.drafting import Citations
from rag.points import Point
from rag.retelling import Extract, Retell, verbatim
from rag.types import Citation, Claim, PartKind, SummaryPart, SummaryStyle
from rag.verifying import Fault

__all__ = ["Check", "Group", "Line", "compose", "label", "unmarked"]

# What the gate holds against a claim.
Check = Callable[[Claim, Mapping[int, Citation]], tuple[Fault, ...]]

_LONGEST_CLAIM = 90
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
    """The points that one claim is to tell."""

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


def _extracts(line: Line, citations: Citations, check: Check) -> list[Extract]:
    """The runs of words that a line is told in, each with its quote."""
    extracts: list[Extract] = []
    for _, run in groupby(line.points, key=lambda point: (point.place[:2], point.statement.start)):
        points = tuple(run)
        together = _extract(points, citations)
        if len(points) == 1 or _is_sound([together], check):
            extracts.append(together)
        else:
            extracts += [_extract((point,), citations) for point in points]
    return extracts


def _extract(points: Sequence[Point], citations: Citations) -> Extract:
    """Points of one statement in one run of words, with the quote that holds them."""
    statement = points[0].statement
    words = points[0].text
    for before, after in pairwise(points):
        between = statement.text[before.end : after.start]
        words += (between if _PUNCTUATION.fullmatch(between) else "，") + after.text
    return Extract(
        words=words,
        citation=citations.at(statement, statement.start + points[0].start, statement.start + points[-1].end),
        label=label(points[0].kind, points[0].period),
    )


def _claim(extracts: Sequence[Extract], *, labelled: bool = False) -> Claim:
    head = extracts[0].label if labelled else ""
    text = "；".join(f"{extract.words}[{extract.citation.mark}]" for extract in extracts)
    return Claim(text=f"{head}{text}。", citations=tuple(dict.fromkeys(e.citation.mark for e in extracts)))


def _is_sound(extracts: Sequence[Extract], check: Check) -> bool:
    return not check(_claim(extracts, labelled=True), {e.citation.mark: e.citation for e in extracts})


def stands(point: Point, citations: Citations, check: Check) -> bool:
    """Whether a point by itself passes the gate, told under the heading it belongs to."""
    return _is_sound([_extract((point,), citations)], check)


def compose(
    groups: Iterable[Group],
    citations: Citations,
    check: Check,
    most: int,
    style: SummaryStyle,
    retell: Retell = verbatim,
) -> Iterator[Claim | SummaryPart]:
    """The claims of each group as they pass the gate, at most `most` in all, then the part that they make.

    Of several the very first is told as it is printed: who waits for a model has something to read at once.
    """
    waiting = list(groups)
    shares = _shares([len(group.points) for group in waiting], most)
    for number, (group, share) in enumerate(zip(waiting, shares, strict=True)):
        told = [_extracts(line, citations, check) for line in lines(group.points, share)]
        at_once = told[:1] if number == 0 and len(told) > 1 else []
        rest = chain.from_iterable(told[len(at_once) :])
        words = chain(verbatim([*chain.from_iterable(at_once)]), retell([*rest]))
        claims: list[Claim] = []
        for extracts in told:
            reworded = [replace(extract, words=next(words)) for extract in extracts]
            sound = next((one for one in (reworded, extracts) if _is_sound(one, check)), None)
            if sound is not None:
                claims.append(_claim(sound))
                yield claims[-1]
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
