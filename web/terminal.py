"""Answers, passages and findings in the terminal.  Report text is printed as text: rich takes no markup from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from index.store import ReportCard
from index.types import Hit
from rag.types import Answer, Citation
from web.doctor import Finding


def print_answer(answer: Answer, console: Console) -> None:
    """The answer, then each quote with its place; a refusal with what comes nearest, marked as no answer."""
    console.print(Text(answer.text, style="bold" if answer.status == "answered" else "yellow"))
    for number, option in enumerate(answer.options, start=1):
        console.print(Text(f"  {number}. {option}"))
    for citation in answer.citations:
        console.print(_quoted(citation, f"[{citation.mark}]"))
    nearest = answer.refusal.nearest if answer.refusal else ()
    if nearest:
        console.print("\n相近内容（不是这个问题的答案）：", style="dim")
    for citation in nearest:
        console.print(_quoted(citation, " · "))
    for note in answer.provenance.notes:
        console.print(Text(note, style="dim"))


def _quoted(citation: Citation, mark: str) -> Padding:
    section = f" {citation.section[-1]}" if citation.section else ""
    place = Text(f"{mark} {citation.title}{section} 第 {citation.paragraph} 段\n", style="cyan")
    return Padding(place + Text(f"“{citation.quote}”", style="default"), (1, 0, 0, 0))


def print_hits(hits: Sequence[Hit], titles: Mapping[str, str], console: Console) -> None:
    """Passages, best first."""
    if not hits:
        console.print("没有找到。")
    for hit in hits:
        chunk = hit.chunk
        console.print(Text(f"{hit.rank:>3}. {titles[chunk.report]} 第 {chunk.paragraph} 段", style="cyan"))
        console.print(Padding(Text(chunk.text), (0, 0, 0, 5)))


def print_cards(cards: Sequence[ReportCard], console: Console) -> None:
    """The loaded reports as a table."""
    table = Table("编号", "标题", "地区", "年份", box=None, header_style="bold")
    for heading in ("段落", "字数"):
        table.add_column(heading, justify="right")
    for card in cards:
        counts = (f"{card.paragraphs:,}", f"{card.characters:,}")
        table.add_row(*map(Text, (card.id, card.title, card.region, str(card.year), *counts)))
    console.print(table)
    console.print(f"共 {len(cards)} 份，{sum(card.characters for card in cards):,} 字。")


def print_findings(findings: Sequence[Finding], console: Console) -> None:
    """What was examined, how it is, and what to do where it is not well."""
    for finding in findings:
        mark = Text("✓ ", style="green") if finding.is_well else Text("✗ ", style="red")
        console.print(mark + Text(f"{finding.subject}：{finding.state}"))
        if finding.remedy:
            console.print(Text(f"    怎么办：{finding.remedy}", style="yellow"))


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
