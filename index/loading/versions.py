"""Whether two reports are one: the same file once more under another name or format, or a newer version of it."""

from __future__ import annotations

from typing import Literal

from index.text import normalise, simplify
from index.types import Report

__all__ = ["Likeness", "likeness"]

# same: word for word, whatever the format · version: the same report, changed here and there · other: another report
Likeness = Literal["same", "version", "other"]

_PIECE = 12
# Reports of one place in two years share phrases, under a tenth of these pieces; drafts and final text well over half.
_VERSION = 0.5


def likeness(one: Report, other: Report) -> Likeness:
    """How alike two reports are by their text; a report of another year or place is never a version."""
    first, second = _text(one), _text(other)
    if first == second:
        return "same"
    if (one.region, one.year) != (other.region, other.year):
        return "other"
    pieces, others = _pieces(first), _pieces(second)
    shared = len(pieces & others) / max(min(len(pieces), len(others)), 1)
    return "version" if shared >= _VERSION else "other"


def _text(report: Report) -> str:
    return "".join(simplify(normalise(paragraph.text)) for paragraph in report.paragraphs).replace(" ", "")


def _pieces(text: str) -> set[str]:
    return {text[i : i + _PIECE] for i in range(max(len(text) - _PIECE + 1, 1))}
