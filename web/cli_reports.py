"""`wenbao reports`: what is loaded, take it out, correct what is known of it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from web.console import Command, UsageError, command_group, out

if TYPE_CHECKING:
    from index.loading import ParseReport

reports = command_group("查看、移除已载入的报告，或更正它的地区、年份、标题。")

Home = Annotated[Path | None, typer.Option(help="资料夹 [默认：WENBAO_HOME 或 var]", metavar="DIR")]


AsJson = Annotated[bool, typer.Option("--json", help="只输出 JSON，连同读到了什么：页、标题、表、数字、存疑处")]


@reports.callback(invoke_without_command=True)
def main(ctx: typer.Context, as_json: AsJson = False, home: Home = None) -> None:
    if ctx.invoked_subcommand is None:
        listed(as_json=as_json, home=home)


@reports.command("list", cls=Command)
def listed(as_json: AsJson = False, home: Home = None) -> None:
    """列出已载入的报告。"""
    from index.store import ReportIndex
    from rag.settings import Settings
    from web.terminal import print_cards

    opened = ReportIndex.open(Settings.load(home=home).home)
    parsings = {card.id: opened.parsing(card.id) for card in opened.cards}
    if as_json:
        listing = [{**asdict(card), "parsing": _plain(parsings[card.id])} for card in opened.cards]
        typer.echo(json.dumps({"reports": listing}, ensure_ascii=False))
    else:
        print_cards(opened.cards, parsings, out)


def _plain(parsing: ParseReport | None) -> dict[str, object] | None:
    return None if parsing is None else asdict(parsing)


@reports.command(cls=Command)
def remove(
    ids: Annotated[list[str], typer.Argument(help="报告的编号，见 wenbao reports list", metavar="ID…")],
    home: Home = None,
) -> None:
    """把报告从索引里移除，之后再也查不到；源文件不动，在网页上传的那一份副本一并删除。"""
    from rag.settings import Settings
    from web.indexing import change_library

    change_library(Settings.load(home=home), "remove", lambda library, _: library.remove(ids))


@reports.command(cls=Command)
def correct(
    report: Annotated[str, typer.Argument(help="报告的编号，见 wenbao reports list", metavar="ID")],
    region: Annotated[str | None, typer.Option(help="地区")] = None,
    year: Annotated[int | None, typer.Option(help="作报告的年份", min=1949, max=2100)] = None,
    title: Annotated[str | None, typer.Option(help="标题")] = None,
    home: Home = None,
) -> None:
    """更正报告的地区、年份或标题；以后重建索引也照此办理。源文件要还在原处。"""
    from rag.settings import Settings
    from web.indexing import change_library

    correction = stated(region=region, year=year, title=title)
    if not correction:
        raise UsageError("要更正什么？请写 --region、--year 或 --title")
    if not change_library(
        Settings.load(home=home),
        "correct",
        lambda library, progress: library.correct(report, correction, progress=progress),
    ):
        raise typer.Exit(1)


@reports.command(cls=Command)
def show(
    ids: Annotated[list[str], typer.Argument(help="报告的编号，见 wenbao reports list", metavar="ID…")],
    groups: Annotated[str, typer.Option(help="只给这些组看，逗号分隔", metavar="A,B")] = "",
    everybody: Annotated[bool, typer.Option("--everybody", help="人人可看")] = False,
    nobody: Annotated[bool, typer.Option("--nobody", help="只有管理员能看")] = False,
    home: Home = None,
) -> None:
    """设定谁能看报告；看不到的人，提问、计数、建议里都没有它。"""
    from getpass import getuser

    from index.store import ReportIndex
    from rag.settings import Settings
    from web.accounts import Visitor
    from web.cli_access import listed as named
    from web.desk import Caller, open_desk

    if [bool(groups), everybody, nobody].count(True) != 1:
        raise UsageError("请写 --groups、--everybody 或 --nobody 之一")
    settings = Settings.load(home=home)
    for report in ids:
        ReportIndex.open(settings.home).card(report)
    caller = Caller(visitor=Visitor(name=getuser(), role="admin"))
    open_desk(settings).show_to(caller, ids, None if everybody else named(groups))
    out.print("已设定。")


def stated(**values: str | int | None) -> dict[str, str | int]:
    """Those that were given."""
    return {name: value for name, value in values.items() if value is not None}
