"""`wenbao eval public`: benchmarks by others, each with the same search and the same answers."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from web.cli_comparing import evaluate
from web.console import Command, err, out

if TYPE_CHECKING:
    from eval.adapters.benchmark import Benchmark
    from rag.settings import Settings

__all__ = ["evaluate"]

BenchmarkName = Literal["ncp", "cmrc", "rgb"]


@evaluate.command(cls=Command)
def public(
    name: Annotated[BenchmarkName, typer.Argument(help="哪一种", metavar="ncp|cmrc|rgb")],
    path: Annotated[
        Path, typer.Argument(help="ncp：放 docs.jsonl 和 questions.jsonl 的文件夹；cmrc、rgb：文件", metavar="PATH")
    ],
    out_path: Annotated[Path | None, typer.Option("--out", help="逐题的答案和判定写到哪个文件", metavar="FILE")] = None,
    answers: Annotated[
        int, typer.Option(help="每组作答几题，随机抽取，种子固定；0 只看检索", metavar="N", min=0)
    ] = 300,
    keep: Annotated[
        Path | None, typer.Option(help="索引建在哪个文件夹，下次沿用 [默认：用完即删]", metavar="DIR")
    ] = None,
    home: Annotated[
        Path | None, typer.Option(help="模型和设置所在的资料夹 [默认：WENBAO_HOME 或 var]", metavar="DIR")
    ] = None,
) -> None:
    """别人的公开评测集：检索和作答各打分。文件要自己备好，问报不附带。

    ncp：政策文件问答（docs.jsonl、questions.jsonl）。cmrc：CMRC 2018 或 SQuAD 1.1 格式，在全部文章里找。
    rgb：RGB 的中文文件，每题给 5 篇新闻，其中无关的从 0 到 5 篇；全无关时应当不答。
    作答一律摘取原文，标准答案所说的都说到了就算对；摘的是整句，所以没有一字不差（EM）的分。
    """
    from eval.adapters.cmrc import load_cmrc
    from eval.adapters.ncp import load_ncp
    from eval.adapters.rgb import load_rgb
    from rag.settings import Settings

    load = {"ncp": load_ncp, "cmrc": load_cmrc, "rgb": load_rgb}[name]
    benchmark = load(path)
    settings = Settings.load(home=home)
    if keep is not None:
        _measure(benchmark, keep, settings, answers, out_path)
    else:
        with TemporaryDirectory() as scratch:
            _measure(benchmark, Path(scratch), settings, answers, out_path)


def _measure(benchmark: Benchmark, folder: Path, settings: Settings, answers: int, out_path: Path | None) -> None:
    from random import Random

    from eval.adapters.answers import answer_questions, save_replies, score_replies
    from eval.adapters.benchmark import index_benchmark, score_retrieval
    from eval.printing import print_scores
    from rag.assistant import Assistant
    from rag.build import open_embedder
    from web.terminal import counting

    embedder = open_embedder(settings)
    with counting("建索引", err) as progress:
        retriever = index_benchmark(benchmark, folder, embedder, lambda told: progress(told.done, told.total))
    assistant = Assistant(folder, embedder)
    replies = []
    for group, questions in benchmark.groups.items():
        title = " ".join(filter(None, (benchmark.name, group)))
        with counting(f"{title} 检索", err) as progress:
            found = score_retrieval(questions, retriever, progress)
        with counting(f"{title} 作答", err) as progress:
            drawn = Random(0).sample(questions, min(answers, len(questions)))
            answered = list(answer_questions(drawn, assistant, progress))
        print_scores(
            (*found, *(score_replies(answered) if answered else ())), out, title=f"{title}（{len(questions)} 题）"
        )
        replies += answered
    if out_path is not None:
        save_replies(replies, out_path)
        err.print(f"逐题写在 {out_path}", markup=False)
