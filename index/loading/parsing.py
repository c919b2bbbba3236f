"""What was read of a file, in numbers, so that people see at once where something is missing."""

from __future__ import annotations

from dataclasses import dataclass

from index.figures import find_figures
from index.loading.delivery import delivered_by, delivered_on
from index.loading.document import Document
from index.types import Report

__all__ = ["ParseReport", "parse_report"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseReport:
    """`pages` is None where the format has none; `doubtful` counts figures that touch what was hard to read.

    `notes` are Chinese sentences on what to look at; `seconds` is what reading took.  `delivered` (as 2024-01-09) and
    `speaker` are "" where the report does not say.
    """

    name: str
    pages: int | None
    paragraphs: int
    headings: int
    tables: int
    figures: int
    doubtful: int
    notes: tuple[str, ...]
    seconds: float
    delivered: str = ""
    speaker: str = ""


def parse_report(report: Report, document: Document, *, name: str, seconds: float) -> ParseReport:
    """The numbers of a report that was made from a document."""
    figures = [(paragraph, figure) for paragraph in report.paragraphs for figure in find_figures(paragraph.text)]
    doubtful = sum(paragraph.is_doubtful(figure.start, figure.end) for paragraph, figure in figures)
    day = delivered_on(document.blocks)
    notes = [*document.notes, f"有 {doubtful} 处数字辨认不清，请核对原件。"] if doubtful else document.notes
    return ParseReport(
        name=name,
        pages=document.pages,
        paragraphs=len(report.paragraphs),
        headings=sum(paragraph.is_heading for paragraph in report.paragraphs),
        tables=document.tables,
        figures=len(figures),
        doubtful=doubtful,
        notes=tuple(notes),
        seconds=round(seconds, 3),
        delivered=day.isoformat() if day else "",
        speaker=delivered_by(document.blocks),
    )
