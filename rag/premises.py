"""What a question takes for granted: checked against the report before it is answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from index.figures import same_figure
from rag.comparing import Remark
from rag.evidence import Finding, Lack
from rag.understanding import Ask, Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Premise:
    """A premise that the report contradicts: what it says instead and what to tell the person."""

    findings: tuple[Finding, ...]
    remarks: tuple[Remark, ...]


def check_premises(query: Query, resolve: Callable[[Ask], Finding | Lack]) -> Premise | None:
    """The correction of a figure that the question asserts and the report gives otherwise; None if nothing is wrong."""
    for figure, ask in query.premises:
        actual = resolve(ask)
        if isinstance(actual, Lack) or actual.carried < 0.7 or same_figure(actual.readings[0].figure, figure):
            continue
        said = actual.readings[0].figure
        if said.value == figure.value:
            continue
        return Premise(
            findings=(actual,),
            remarks=(Remark(text=f"所问的前提有误：报告写的是{said.text}，不是{figure.text}", of=(0,)),),
        )
    return None
