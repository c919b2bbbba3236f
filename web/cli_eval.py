"""`wenbao eval`: put questions from a file, write what comes, score it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from web.console import Command, command_group, err, out

if TYPE_CHECKING:
    from eval.reports import ReportParagraphs
    from eval.runner import Run
    from index.store import ReportIndex
    from index.types import Paragraph

evaluate = command_group("评测：批量作答、批量检索、评分。")

Cases = Annotated[Path, typer.Argument(help="题目，JSONL，每行一题", metavar="CASES")]
Out = Annotated[Path, typer.Option("--out", help="结果写到哪个文件", metavar="FILE")]
Home = Annotated[Path | None, typer.Option(help="资料夹 [默认：WENBAO_HOME 或 var]", metavar="DIR")]


@evaluate.command(cls=Command)
def answer(
    cases: Cases,
    out_path: Out,
    home: Home = None,
    engine: Annotated[str | None, typer.Option(help="作答方式 [默认：extractive]", metavar="NAME")] = None,
    jobs: Annotated[int, typer.Option(help="同时作答几题", min=1, max=64)] = 1,
) -> None:
    """逐题作答，每题一行 JSON；中断后再执行会从断处接着做。有题没答成时退出码为 1。"""
    from eval.runner import answer_cases
    from rag.settings import Settings
    from web.terminal import answering, counting

    assistant = answering(Settings.load(home=home, engine=engine), err)
    with counting("作答", err) as progress:
        run = answer_cases(assistant, cases, out_path, jobs=jobs, progress=progress)
    report_run(run, out_path)


@evaluate.command(cls=Command)
def retrieve(
    cases: Cases,
    out_path: Out,
    k: Annotated[int, typer.Option("-k", help="每题列出几段", min=1, max=1000)] = 50,
    home: Home = None,
) -> None:
    """逐题检索，每题一行 JSON，列出最相近的段落。"""
    from eval.runner import retrieve_cases
    from rag.build import build_assistant
    from rag.settings import Settings
    from web.terminal import counting

    assistant = build_assistant(Settings.load(home=home))
    with counting("检索", err) as progress:
        run = retrieve_cases(assistant, cases, out_path, k=k, progress=progress)
    report_run(run, out_path)


@evaluate.command(cls=Command)
def score(
    cases: Cases,
    results: Annotated[Path, typer.Argument(help="eval answer 或 eval retrieve 写出的文件", metavar="FILE")],
    hits: Annotated[bool, typer.Option("--hits", help="FILE 是 eval retrieve 写出的")] = False,
    reports: Annotated[Path | None, typer.Option(help="报告文件夹，不用索引来核对", metavar="DIR")] = None,
    home: Home = None,
    show: Annotated[int, typer.Option(help="列出几道有问题的题", min=0)] = 10,
) -> None:
    """按题目评分，不用模型当裁判。"""
    from eval.printing import print_scorecard, print_scores
    from eval.scorecard import score_answers, score_hits

    texts = texts_of(reports, home)
    if hits:
        print_scores(score_hits(cases, results, texts), out, title="检索")
    else:
        print_scorecard(score_answers(cases, results, texts), out, show=show)


def texts_of(reports: Path | None, home: Path | None) -> ReportParagraphs:
    """What answers are checked against: a folder of text files, or the index of the home."""
    from eval.reports import ReportFolder
    from index.store import ReportIndex
    from rag.settings import Settings

    return ReportFolder(reports) if reports else _Indexed(ReportIndex.open(Settings.load(home=home).home))


class _Indexed:
    """The paragraphs of an index, for which no model has to be loaded."""

    def __init__(self, opened: ReportIndex) -> None:
        self._opened = opened

    def report_paragraphs(self, report_id: str) -> Sequence[Paragraph]:
        return self._opened.report(report_id).paragraphs


def report_run(run: Run, path: Path) -> None:
    err.print(f"完成 {run.done} 题，沿用以前的 {run.kept} 题，写在 {path}", markup=False)
    for failure in run.failures:
        err.print(f"  {failure.id}：{failure.message}", style="red", markup=False)
    if run.failures:
        raise typer.Exit(1)
