"""The library changed by command: a bar while it runs, then what went in and what did not."""

from __future__ import annotations

from collections.abc import Callable
from getpass import getuser
from time import perf_counter

from rich.text import Text

from index.building import Outcome, Progress
from index.store import ReportIndex
from rag.build import open_embedder
from rag.settings import Settings
from web.accounts import Accounts
from web.console import err, out
from web.journal import Journal
from web.library import Library
from web.records import Records
from web.terminal import bars

STAGES = {"load": "读取文件", "read": "读出数字", "embed": "计算向量"}


def change_library(
    settings: Settings, what: str, change: Callable[[Library, Callable[[Progress], object]], Outcome]
) -> bool:
    """Do `change`, show how far it is, keep it in the journal as `what`; whether all files could be read.

    Raises what `Library` raises; the index is then as it was.
    """
    started = perf_counter()
    records = Records(settings.home)
    library = Library(settings.home, lambda: open_embedder(settings), Accounts(records))
    with bars(err) as shown:
        tasks = {
            stage: shown.add_task(words, total=None, name="", visible=stage == "load" and what != "remove")
            for stage, words in STAGES.items()
        }

        def show(progress: Progress) -> None:
            shown.update(
                tasks[progress.stage], completed=progress.done, total=progress.total, name=progress.name, visible=True
            )

        outcome = change(library, show)
    subjects = (*outcome.added, *outcome.updated, *outcome.removed)
    Journal(records, settings.audit_days).note_change(getuser(), "cli", "", what, subjects)
    if what == "remove":
        out.print(f"已移除 {len(outcome.removed)} 份：{'、'.join(outcome.removed)}", markup=False)
    else:
        _print(outcome, settings, perf_counter() - started)
    return not outcome.failed


def _print(outcome: Outcome, settings: Settings, seconds: float) -> None:
    counts = (("新增", outcome.added), ("更新", outcome.updated), ("未变", outcome.unchanged))
    err.print("，".join(f"{word} {len(reports)} 份" for word, reports in counts) + f"，用时 {seconds:.1f} 秒。")
    if outcome.generation is not None:
        opened = ReportIndex.open(settings.home)
        err.print(f"现有 {len(opened.cards)} 份报告，{sum(card.characters for card in opened.cards):,} 字。")
        for report in (*outcome.added, *outcome.updated):
            parsing = opened.parsing(report)
            for note in parsing.notes if parsing else ():
                err.print(Text(f"  {report}：{note}", style="yellow"))
    if outcome.removed:
        err.print(f"换下了 {len(outcome.removed)} 份旧的：{'、'.join(outcome.removed)}", markup=False)
    if outcome.duplicates:
        err.print(f"{len(outcome.duplicates)} 个文件已经有了：")
        for source, reason in outcome.duplicates.items():
            err.print(Text(f"  {source}：{reason}"))
    if outcome.failed:
        err.print(f"{len(outcome.failed)} 个文件没有读进来：", style="red")
        for source, reason in outcome.failed.items():
            err.print(Text(f"  {source}：{reason}"))
