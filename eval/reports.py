"""Where a quote stands in the reports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from eval.matching import folded
from index.errors import UnknownReport
from index.types import Paragraph

__all__ = ["Place", "Places", "ReportFolder", "ReportParagraphs"]

# Report and paragraph number.
Place = tuple[str, int]


class ReportParagraphs(Protocol):
    """Whatever knows the paragraphs of reports: the assistant, or a folder of text files."""

    def report_paragraphs(self, report: str, /) -> Sequence[Paragraph]:
        """The paragraphs in order; UnknownReport if there is no such report."""
        ...


class ReportFolder:
    """Reports as plain text files, a paragraph a line, so that answers can be scored without an index."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def report_paragraphs(self, report: str) -> Sequence[Paragraph]:
        path = self._folder / f"{report}.txt"
        if path.parent != self._folder or not path.is_file():
            raise UnknownReport(f"{self._folder} 中没有报告 {report!r}，请检查 --reports 指向的文件夹。")
        lines = [line.strip() for line in path.read_text("utf-8-sig").split("\n") if line.strip()]
        return [Paragraph(report=report, number=n, text=line) for n, line in enumerate(lines, start=1)]


class Places:
    """Finds quotes in reports, character for character once both are folded."""

    def __init__(self, reports: ReportParagraphs) -> None:
        self._reports = reports
        self._texts: dict[str, dict[int, str]] = {}

    def text(self, place: Place) -> str:
        """The folded text of a paragraph that `holding` returned."""
        report, number = place
        return self._paragraphs(report)[number]

    def holding(self, report: str, quote: str) -> frozenset[Place]:
        """The paragraphs of a report that hold a quote; none for an empty quote or an unknown report."""
        wanted = folded(quote)
        if not wanted:
            return frozenset()
        return frozenset((report, number) for number, text in self._paragraphs(report).items() if wanted in text)

    def _paragraphs(self, report: str) -> dict[int, str]:
        if report not in self._texts:
            try:
                paragraphs = self._reports.report_paragraphs(report)
            except UnknownReport:  # an answer may cite a report that does not exist: that is a finding, not an error
                paragraphs = ()
            self._texts[report] = {p.number: folded(p.text) for p in paragraphs}
        return self._texts[report]
