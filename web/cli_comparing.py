"""`wenbao eval`, what is made of runs: the difference between two, a page to read, what to stand beside."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from web.cli_eval import Cases, Home, Out, evaluate, report_run, texts_of
from web.console import Command, err, out

__all__ = ["evaluate"]

Answers = Annotated[Path, typer.Argument(help="eval answer 写出的文件", metavar="ANSWERS")]
BaselineName = Literal["langchain", "bm25", "txtai", "haystack"]
Reports = Annotated[Path | None, typer.Option(help="报告文件夹，不用索引来核对", metavar="DIR")]


@evaluate.command(cls=Command)
def compare(
    cases: Cases,
    first: Annotated[Path, typer.Argument(help="先一次 eval answer 写出的文件", metavar="A")],
    second: Annotated[Path, typer.Argument(help="后一次的", metavar="B")],
    reports: Reports = None,
    home: Home = None,
    show: Annotated[int, typer.Option(help="列出几道结果变了的题", min=0)] = 10,
) -> None:
    """比较两次作答：逐题配对，差多少，是不是偶然。"""
    from eval.comparison import changes, differences
    from eval.printing import print_differences
    from eval.scorecard import load_trials, score_trials

    texts = texts_of(reports, home)
    one, other = (load_trials(cases, answers, texts) for answers in (first, second))
    told = differences(score_trials(one).headline, score_trials(other).headline)
    print_differences(told, changes(one, other), out, names=(first.stem, second.stem), show=show)


@evaluate.command(cls=Command)
def gate(
    cases: Cases,
    answers: Answers,
    baseline: Annotated[Path, typer.Option(help="基准：每题以前的结果，JSON", metavar="FILE")],
    accept: Annotated[bool, typer.Option("--accept", help="把这一次写成新的基准；有错引的数字就不写")] = False,
    reports: Reports = None,
    home: Home = None,
) -> None:
    """把关：得分比基准降得不像偶然，或有一个错引的数字，退出码就为 1。"""
    from eval.regression import load_record, regressions, save_record
    from eval.scorecard import load_trials

    trials = load_trials(cases, answers, texts_of(reports, home))
    problems = regressions(trials, {} if accept else load_record(baseline))
    for problem in problems:
        err.print(problem, style="red", markup=False)
    if problems:
        raise typer.Exit(1)
    if accept:
        save_record(trials, baseline)
    out.print("通过：没有错引的数字，" + ("已写下新的基准" if accept else "得分没有不像偶然的下降"))


@evaluate.command(cls=Command)
def report(
    cases: Cases,
    answers: Answers,
    out_path: Annotated[Path, typer.Option("--out", help="写到哪个 HTML 文件", metavar="FILE")],
    title: Annotated[str | None, typer.Option(help="页上的标题 [默认：ANSWERS 的文件名]")] = None,
    baseline: Annotated[Path | None, typer.Option(help="对照：另一次 eval answer 写出的文件", metavar="FILE")] = None,
    home: Home = None,
) -> None:
    """写一页 HTML：总分、分题型、分地区、用时，答得不对的每一题和丢在哪一步。不联网就能看。"""
    from eval.losses import search_again
    from eval.page import render_page
    from eval.scorecard import load_trials
    from rag.build import build_assistant
    from rag.settings import Settings

    assistant = build_assistant(Settings.load(home=home))
    trials = load_trials(cases, answers, assistant)
    against = load_trials(cases, baseline, assistant) if baseline else ()
    page = render_page(
        trials,
        search_again(assistant, trials),
        title=title or answers.stem,
        baseline=against,
        baseline_title=baseline.stem if baseline else "",
    )
    out_path.parent.mkdir(parents=True, exist_ok=True)
    out_path.write_text(page, encoding="utf-8")
    err.print(f"写在 {out_path}，用浏览器打开", markup=False)


@evaluate.command(cls=Command)
def baseline(
    name: Annotated[BaselineName, typer.Argument(help="同什么比", metavar="langchain|bm25|txtai|haystack")],
    cases: Cases,
    out_path: Out,
    hits: Annotated[Path | None, typer.Option(help="检索结果另写到哪个文件，供 score --hits", metavar="FILE")] = None,
    k: Annotated[int, typer.Option("-k", help="--hits 中每题列出几段", min=1, max=1000)] = 50,
    home: Home = None,
) -> None:
    """同样的报告、题目和向量模型，换一种常见做法来答，好与问报比较。

    报告按 500 字切块（重叠 50 字）：langchain 只比向量（FAISS），bm25 只比字词，txtai 和 haystack 两者兼用
    （先 pip install -e '.[baselines]'）。不用语言模型：答案是最相近的 4 块里与问题最相合的一句，不核对，也不拒答。
    """
    from eval.baselines.baseline import Baseline
    from eval.runner import answer_cases, write_hits
    from index.store import ReportIndex
    from rag.build import open_embedder
    from rag.settings import Settings
    from web.terminal import counting

    settings = Settings.load(home=home)
    opened = ReportIndex.open(settings.home)
    compared = Baseline(name, opened, open_embedder(settings))
    with counting("作答", err) as progress:
        run = answer_cases(compared, cases, out_path, progress=progress)
    report_run(run, out_path)
    if hits:
        with counting("检索", err) as progress:
            run = write_hits(lambda case: compared.found(case, k), cases, hits, progress=progress)
        report_run(run, hits)


@evaluate.command(cls=Command)
def generate(
    out_path: Annotated[Path, typer.Option("--out", help="题目写到哪个文件", metavar="FILE")],
    each: Annotated[int, typer.Option(help="每种题最多几道", min=1, max=10_000)] = 50,
    seed: Annotated[int, typer.Option(help="换一个数，就换一批题")] = 0,
    home: Home = None,
) -> None:
    """用已载入的报告出题：问数、易混、只有别的年份、跨年；答案取自报告里的数字。"""
    from eval.generating import generate_cases, save_cases
    from index.store import ReportIndex
    from rag.settings import Settings

    cases = generate_cases(ReportIndex.open(Settings.load(home=home).home), each, seed)
    if not cases:
        err.print("这些报告里没有可以出题的数字", style="red")
        raise typer.Exit(1)
    save_cases(cases, out_path)
    err.print(
        f"出了 {len(cases)} 道题，写在 {out_path}。请过目后再用：题目由程序读出，读错的地方题目也错。", markup=False
    )
