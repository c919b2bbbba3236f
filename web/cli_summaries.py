"""`wenbao summarize`, `wenbao changes` and `wenbao eval summarize`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from web.cli_eval import evaluate
from web.console import Command, Save, UsageError, err, out

if TYPE_CHECKING:
    from rag.types import Claim, Summary, SummaryProgress

__all__ = ["changes", "evaluate", "summarize"]

_LENGTHS = {"brief": "brief", "page": "page", "full": "full", "三句话": "brief", "一页": "page", "详版": "full"}
_STYLES = {"points": "points", "document": "document", "要点": "points", "公文段落": "document"}

Home = Annotated[Path | None, typer.Option(help="资料夹 [默认：WENBAO_HOME 或 var]", metavar="DIR")]
Engine = Annotated[str | None, typer.Option(help="作答方式 [默认：extractive]", metavar="NAME")]
Length = Annotated[str, typer.Option(help="三句话（brief）、一页（page，700 字以内）或详版（full）", metavar="LENGTH")]
Json = Annotated[bool, typer.Option("--json", help="只输出 JSON")]


def summarize(
    reports: Annotated[list[str] | None, typer.Argument(help="报告编号，可以几份", metavar="REPORT")] = None,
    about: Annotated[str, typer.Option(help="只概括一个主题，如“鲤城区2022年的住房保障和就业”", metavar="TEXT")] = "",
    section: Annotated[str, typer.Option(help="只概括标题里有这些字的一节", metavar="TEXT")] = "",
    length: Length = "一页",
    style: Annotated[str, typer.Option(help="要点（points）或公文段落（document）", metavar="STYLE")] = "要点",
    save: Save = None,
    as_json: Json = False,
    home: Home = None,
    engine: Engine = None,
) -> None:
    """概括报告、一节或一个主题：完成的和打算做的分开，每句附原文出处，写明覆盖了多少。按 Ctrl-C 停止。"""
    from rag.settings import Settings
    from rag.types import SummaryLength, SummaryRequest, SummaryStyle
    from web.terminal import answering

    if not reports and not about:
        raise UsageError("请写明概括哪份报告（编号见 wenbao reports），或用 --about 写明主题")
    request = SummaryRequest(
        reports=tuple(reports or ()),
        section=section,
        question=about,
        length=cast("SummaryLength", _one_of(_LENGTHS, length, "--length")),
        style=cast("SummaryStyle", _one_of(_STYLES, style, "--style")),
    )
    assistant = answering(Settings.load(home=home, engine=engine), err)
    _print(_drained(assistant.stream_summary(request)), as_json, save)


def changes(
    one: Annotated[str, typer.Argument(help="一份报告的编号", metavar="REPORT")],
    other: Annotated[str, typer.Argument(help="同一地区另一年的", metavar="REPORT")],
    length: Length = "一页",
    save: Save = None,
    as_json: Json = False,
    home: Home = None,
) -> None:
    """比较同一地区两年的报告：哪些主题和项目是新出现的，哪些不再提。"""
    from rag.build import build_assistant
    from rag.settings import Settings
    from rag.types import SummaryLength

    size = cast("SummaryLength", _one_of(_LENGTHS, length, "--length"))
    assistant = build_assistant(Settings.load(home=home))
    _print(_drained(assistant.stream_whats_new(one, other, size)), as_json, save)


@evaluate.command("summarize", cls=Command)
def summarize_facts(
    facts: Annotated[Path, typer.Argument(help="要点，JSONL，每行有 report 或 question", metavar="FACTS")],
    out_path: Annotated[Path, typer.Option("--out", help="结果写到哪个文件", metavar="FILE")],
    home: Home = None,
    engine: Engine = None,
) -> None:
    """逐行概括一份报告或一个主题，每行一份 JSON。"""
    from eval.summaries import summarize_cases
    from eval.summarizing import summaries_by
    from rag.settings import Settings
    from web.terminal import answering, counting

    assistant = answering(Settings.load(home=home, engine=engine), err)
    with counting("概括", err) as progress:
        summarize_cases(summaries_by(assistant), facts, out_path, progress=progress)


def _one_of(known: dict[str, str], given: str, option: str) -> str:
    if given not in known:
        raise UsageError(f"{option} 只能是 {'、'.join(known)}，不能是 {given}")
    return known[given]


def _drained(items: Iterator[SummaryProgress | Claim | Summary]) -> Summary:
    """The summary, with a bar for the sections meanwhile."""
    from rag.types import Summary, SummaryProgress
    from web.terminal import counting

    with counting("读报告", err) as progress:
        for item in items:
            if isinstance(item, SummaryProgress):
                progress(item.done, item.total)
            elif isinstance(item, Summary):
                return item
    raise AssertionError("a summary ends with the summary")


def _print(summary: Summary, as_json: bool, save: Path | None) -> None:
    from web.terminal import print_summary, save_document

    save_document(summary, save, err)
    if as_json:
        typer.echo(json.dumps(summary.to_wire(), ensure_ascii=False))
    else:
        print_summary(summary, out)
