"""Answers, passages and findings in the terminal.  Report text is printed as text: rich takes no markup from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from index.loading import ParseReport
from index.store import ReportCard
from index.types import Hit
from rag.assistant import Assistant
from rag.build import build_assistant, open_writer
from rag.exporting import Exportable, export, format_of
from rag.figures import ROLE_NAMES, FigurePage
from rag.settings import Settings
from rag.types import Answer, Citation, Comparison, Summary
from web.doctor import Finding


def print_answer(answer: Answer, console: Console) -> None:
    """The answer, then each quote with its place; a refusal with what comes nearest, marked as no answer."""
    _line(answer.text, console, "bold" if answer.status == "answered" else "yellow")
    for number, option in enumerate(answer.options, start=1):
        _line(f"  {number}. {option}", console)
    for citation in answer.citations:
        _print_quote(f"[{citation.mark}]", citation, console)
    nearest = answer.refusal.nearest if answer.refusal else ()
    if nearest:
        _line("\n相近内容（不是这个问题的答案）：", console, "dim")
    for citation in nearest:
        _print_quote("·", citation, console)
    for note in answer.provenance.notes:
        _line(note, console, "dim")


def print_summary(summary: Summary, console: Console) -> None:
    """The summary with its coverage, then each quote with its place."""
    _line(summary.title, console, "bold")
    for part in summary.parts:
        _line(f"\n{part.heading}", console, "bold")
        for paragraph in part.paragraphs:
            _line(f"  {paragraph}", console)
    if summary.refusal:
        _line(summary.refusal.message, console, "yellow")
    else:
        _line(f"\n{summary.coverage.text}", console, "dim")
    for citation in summary.citations:
        _print_quote(f"[{citation.mark}]", citation, console)
    for note in summary.provenance.notes:
        _line(note, console, "dim")


def print_comparison(comparison: Comparison, console: Console) -> None:
    """The table with marks, what follows from it, what it lacks, then each quote with its place."""
    _line(comparison.title, console, "bold")
    if comparison.refusal:
        _line(comparison.refusal.message, console, "yellow")
        return
    changes = [comparison.change_heading] if comparison.change_heading else []
    table = Table(comparison.row_heading, *comparison.columns, *changes, box=None, header_style="bold")
    for row in comparison.rows:
        cells = [f"{cell.text or '—'}{''.join(f'[{mark}]' for mark in cell.citations)}" for cell in row.cells]
        table.add_row(*map(Text, (row.label, *cells, *((row.change.text if row.change else "") for _ in changes))))
    console.print(table)
    for remark in comparison.remarks:
        _line(remark.text, console)
    for note in comparison.notes:
        _line(note, console, "yellow")
    for citation in comparison.citations:
        _print_quote(f"[{citation.mark}]", citation, console)


def print_figures(page: FigurePage, console: Console) -> None:
    """Figures of the ledger, a line each, with where they stand."""
    if not page.figures:
        _line("没有找到。", console)
        return
    table = Table("地区", "年份", "指标", "数", "", "出处", box=None, header_style="bold")
    for figure in page.figures:
        place = f"{figure.citation.report} 第{figure.citation.paragraph}段"
        when, role = str(figure.period or ""), ROLE_NAMES[figure.role]
        table.add_row(*map(Text, (figure.citation.region, when, figure.name, figure.text, role, place)))
    console.print(table)
    shown = f"第 {page.offset + 1}—{page.offset + len(page.figures)} 个" if page.next or page.offset else "全部"
    _line(f"共 {page.total} 个，以上是{shown}。", console, "dim")


def save_document(item: Exportable, path: Path | None, console: Console) -> None:
    """Write a document where a path is given; the ending of its name says in which format."""
    if path is not None and (kind := format_of(path.name)):
        path.write_bytes(export(item, kind, datetime.now(UTC)))
        _line(f"已存为 {path}", console, "dim")


def _print_quote(mark: str, citation: Citation, console: Console) -> None:
    section = f" {citation.section[-1]}" if citation.section else ""
    _line(f"\n{mark} {citation.title}{section} 第 {citation.paragraph} 段", console, "cyan")
    _line(f"    “{citation.quote}”", console)


def print_hits(hits: Sequence[Hit], titles: Mapping[str, str], console: Console) -> None:
    """Passages, best first."""
    if not hits:
        _line("没有找到。", console)
    for hit in hits:
        _line(f"{hit.rank:>3}. {titles[hit.chunk.report]} 第 {hit.chunk.paragraph} 段", console, "cyan")
        _line(f"     {hit.chunk.text}", console)


def print_cards(cards: Sequence[ReportCard], parsings: Mapping[str, ParseReport | None], console: Console) -> None:
    """The loaded reports as a table, with what was read of their files."""
    table = Table("编号", "标题", "地区", "年份", box=None, header_style="bold")
    for heading in ("段落", "字数", "页", "标题数", "表", "数字", "存疑"):
        table.add_column(heading, justify="right")
    for card in cards:
        parsing = parsings[card.id]
        read: tuple[str, ...] = ("",) * 5
        if parsing is not None:
            numbers = (parsing.pages, parsing.headings, parsing.tables, parsing.figures, parsing.doubtful)
            read = tuple("" if number is None else f"{number:,}" for number in numbers)
        counts = (f"{card.paragraphs:,}", f"{card.characters:,}", *read)
        table.add_row(*map(Text, (card.id, card.title, card.region, str(card.year), *counts)))
    console.print(table)
    console.print(f"共 {len(cards)} 份，{sum(card.characters for card in cards):,} 字。")


def print_findings(findings: Sequence[Finding], console: Console) -> None:
    """What was examined, how it is, and what to do where it is not well."""
    for finding in findings:
        mark, style = ("✓", "") if finding.is_well else ("✗", "red")
        _line(f"{mark} {finding.subject}：{finding.state}", console, style)
        if finding.remedy:
            _line(f"    怎么办：{finding.remedy}", console, "yellow")


def _line(text: str, console: Console, style: str = "") -> None:
    """Text as it is, broken only by the terminal, so that what is piped or copied stays whole."""
    console.print(Text(text, style=style), soft_wrap=True)


def bars(console: Console) -> Progress:
    """Bars with a count, the time left, and the `name` of what is at hand; gone when done."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[name]}", markup=False),
        console=console,
        transient=True,
    )


@contextmanager
def counting(what: str, console: Console) -> Iterator[Callable[[int, int], None]]:
    """A bar that is told how many are done and how many there are."""
    with bars(console) as progress:
        task = progress.add_task(what, total=None, name="")
        yield lambda done, total: progress.update(task, completed=done, total=total)


def answering(settings: Settings, console: Console) -> Assistant:
    """The assistant with its language model, if the settings want one, ready: a bar shows how far it is."""
    with counting("准备大模型（MB）", console) as progress:
        return build_assistant(
            settings,
            writer=lambda: open_writer(settings, lambda done, total: progress(done >> 20, total >> 20)),
        )
