"""`wenbao index` at work: a bar while it runs, then what went in and what did not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter

from rich.text import Text

from index.building import Outcome, Progress, update
from index.corrections import Correction
from index.store import ReportIndex
from rag.build import open_embedder
from rag.settings import Settings
from web.console import err
from web.terminal import bars

STAGES = {"load": "读取文件", "embed": "计算向量"}


def add_reports(
    settings: Settings,
    paths: Sequence[Path],
    corrections: Mapping[str, Correction],
    *,
    replace: bool = False,
    rebuild: bool = False,
) -> bool:
    """Bring the files, and those in folders and archives, into the index; whether all of them could be read.

    `corrections` are by file name; with `replace` a report takes the place of an earlier version of it.
    Raises what `index.building.update` raises; the index is then as it was.
    """
    started = perf_counter()
    embedder = open_embedder(settings)
    with bars(err) as shown:
        tasks = {
            stage: shown.add_task(words, total=None, name="", visible=stage == "load")
            for stage, words in STAGES.items()
        }

        def show(progress: Progress) -> None:
            shown.update(
                tasks[progress.stage], completed=progress.done, total=progress.total, name=progress.name, visible=True
            )

        outcome = update(
            settings.home,
            [path.absolute() for path in paths],  # a report can be corrected from any folder later
            embedder,
            corrections=corrections,
            rebuild=rebuild,
            twins="replace" if replace else "ask",
            progress=show,
        )
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
