"""What else a report gives for a figure that is found: two values of one thing cannot both be right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.statements import Reading, Statement
from rag.evidence import Finding
from rag.terms import content_words, is_light


def contradictions(finding: Finding, statements: Sequence[Statement]) -> list[Finding]:
    """Where the report of `statements` has another plain value for the same words, year and role."""
    if len(finding.readings) != 1 or (key := _identity(finding.readings[0])) is None:
        return []
    values = {finding.readings[0].figure.value}
    others: list[Finding] = []
    for statement in statements:
        for reading in statement.readings if statement is not finding.statement else ():
            if reading.figure.value not in values and _identity(reading) == key:
                values.add(reading.figure.value)
                others.append(
                    replace(finding, statement=statement, readings=(reading,), span=reading.clause, contradicts=True)
                )
    return others


def _identity(reading: Reading) -> tuple[object, ...] | None:
    """What two figures share that cannot both be right; None for one that says too little or is no exact value."""
    figure = reading.figure
    words = content_words(reading.printed.replace(figure.text, ""))
    letters = frozenset("".join(words))  # 新改建 is 新建改建
    inexact = reading.is_base or figure.upper is not None or figure.qualifier
    if inexact or reading.period is None or all(map(is_light, words)) or len(letters) < 4:
        return None
    return letters, figure.unit, figure.kind, reading.period, reading.role
