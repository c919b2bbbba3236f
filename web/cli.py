"""`wenbao`: every command in one place.  Each imports what it runs: --help is instant."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from web.cli_access import keys, listed, log, users
from web.cli_figures import compare, figures
from web.cli_public import evaluate
from web.cli_reports import reports, stated
from web.cli_summaries import changes, summarize
from web.console import Command, Save, UsageError, command_group, err, out

if TYPE_CHECKING:
    from rag.settings import Settings

app = command_group("问报：向政府工作报告提问，得到准确的数字和它所在的原文段落。")
app.add_typer(reports, name="reports")
app.add_typer(users, name="users")
app.add_typer(keys, name="keys")
app.add_typer(log, name="log")
app.add_typer(evaluate, name="eval")
app.command(cls=Command)(summarize)
app.command(cls=Command)(changes)
app.command(cls=Command)(compare)
app.command(cls=Command)(figures)

Home = Annotated[Path | None, typer.Option(help="资料夹 [默认：WENBAO_HOME 或 var]", metavar="DIR")]
ENGINES = (
    "作答方式：extractive 摘取原文（默认）、local 或 local:<GGUF文件>、transformers:<文件夹>、openai:<地址>#<模型名>"
)
Engine = Annotated[str | None, typer.Option(help=ENGINES, metavar="NAME")]


@app.callback(invoke_without_command=True)
def main(ctx: typer.Context) -> None:
    if ctx.invoked_subcommand is None:
        out.print(ctx.get_help())


@app.command("index", cls=Command)
def index_reports(
    paths: Annotated[list[Path], typer.Argument(help="报告文件或文件夹（docx、pdf、ofd、txt 等）", metavar="PATH…")],
    home: Home = None,
    region: Annotated[str | None, typer.Option(help="报告的地区，文件名和正文里都没有时用；只能配一个文件")] = None,
    year: Annotated[int | None, typer.Option(help="作报告的年份，同上", min=1949, max=2100)] = None,
    title: Annotated[str | None, typer.Option(help="报告的标题，同上")] = None,
    groups: Annotated[str, typer.Option(help="只给这些组看，逗号分隔；不写人人可看", metavar="A,B")] = "",
    replace: Annotated[bool, typer.Option("--replace", help="已有同一份报告或它的旧版，换成这一份")] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="全部重读重建，索引打不开或换了向量模型时用")] = False,
) -> None:
    """添加或更新报告；没有变过的文件不重做。有文件没读进来时退出码为 1，其余的照样可查。"""
    from web.indexing import change_library

    correction = stated(region=region, year=year, title=title)
    if correction and (len(paths) > 1 or paths[0].is_dir()):
        raise UsageError("--region、--year、--title 一次只能配一个文件")
    if correction and paths[0].suffix.lower() == ".zip":
        raise UsageError(f"请写明是压缩包里的哪一份，如 {paths[0]}/报告.docx")
    corrections = {paths[0].name: correction} if correction else {}
    if not change_library(
        _settings(home),
        "add",
        lambda library, progress: library.add(
            paths,
            corrections=corrections,
            rebuild=rebuild,
            twins="replace" if replace else "ask",
            groups=listed(groups) or None,
            progress=progress,
        ),
    ):
        raise typer.Exit(1)


@app.command(cls=Command)
def ask(
    question: Annotated[str, typer.Argument(help="问题", metavar="QUESTION")],
    as_json: Annotated[bool, typer.Option("--json", help="只输出答案的 JSON")] = False,
    save: Save = None,
    home: Home = None,
    engine: Engine = None,
) -> None:
    """问一个问题，答案附原文出处。"""
    from web.terminal import answering, print_answer, save_document

    answer = answering(_settings(home, engine=engine), err).ask(question)
    save_document(answer, save, err)
    if as_json:
        typer.echo(json.dumps(answer.to_wire(), ensure_ascii=False))
    else:
        print_answer(answer, out)


@app.command(cls=Command)
def search(
    query: Annotated[str, typer.Argument(help="要找的内容", metavar="QUERY")],
    k: Annotated[int, typer.Option("-k", help="列出几条", min=1, max=1000)] = 10,
    home: Home = None,
) -> None:
    """找与内容最相近的原文，不作答。"""
    from rag.build import build_assistant
    from web.terminal import print_hits

    assistant = build_assistant(_settings(home))
    print_hits(assistant.search(query, k), {card.id: card.title for card in assistant.cards}, out)


@app.command(cls=Command)
def serve(
    host: Annotated[str | None, typer.Option(help="监听的地址 [默认：127.0.0.1]")] = None,
    port: Annotated[int | None, typer.Option(help="监听的端口 [默认：7860]", min=1, max=65535)] = None,
    home: Home = None,
    engine: Engine = None,
) -> None:
    """打开网页和接口，按 Ctrl-C 停止。"""
    from web.server import serve as run

    run(_settings(home, host=host, port=port, engine=engine))


@app.command(cls=Command)
def mcp(home: Home = None, engine: Engine = None) -> None:
    """供本机的智能体调用：MCP 工具，走标准输入输出。"""
    from web.desk import open_desk
    from web.mcp import build_mcp

    settings = _settings(home, engine=engine)
    build_mcp(open_desk(settings), settings).run("stdio")


@app.command(cls=Command)
def doctor(home: Home = None) -> None:
    """检查装了什么、模型和索引好不好，以及该怎么办。有问题时退出码为 1。"""
    from web.doctor import examine
    from web.terminal import print_findings

    findings = examine(_settings(home))
    print_findings(findings, out)
    if not all(finding.is_well for finding in findings):
        raise typer.Exit(1)


def _settings(home: Path | None, **arguments: object) -> Settings:
    from rag.settings import Settings

    return Settings.load(home=home, **arguments)
