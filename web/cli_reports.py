"""`wenbao reports`: what is loaded, take it out, correct what is known of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from web.console import Command, UsageError, command_group, out

reports = command_group("查看、移除已载入的报告，或更正它的地区、年份、标题。")

Home = Annotated[Path | None, typer.Option(help="资料夹 [默认：WENBAO_HOME 或 var]", metavar="DIR")]


@reports.callback(invoke_without_command=True)
def main(ctx: typer.Context) -> None:
    if ctx.invoked_subcommand is None:
        listed()


@reports.command("list", cls=Command)
def listed(home: Home = None) -> None:
    """列出已载入的报告。"""
    from index.store import ReportIndex
    from rag.settings import Settings
    from web.terminal import print_cards

    print_cards(ReportIndex.open(Settings.load(home=home).home).cards, out)


@reports.command(cls=Command)
def remove(
    ids: Annotated[list[str], typer.Argument(help="报告的编号，见 wenbao reports list", metavar="ID…")],
    home: Home = None,
) -> None:
    """把报告从索引里移除，之后再也查不到；源文件不动。"""
    from index.building import remove as take_out
    from rag.settings import Settings

    outcome = take_out(Settings.load(home=home).home, ids)
    out.print(f"已移除 {len(outcome.removed)} 份：{'、'.join(outcome.removed)}", markup=False)


@reports.command(cls=Command)
def correct(
    report: Annotated[str, typer.Argument(help="报告的编号，见 wenbao reports list", metavar="ID")],
    region: Annotated[str | None, typer.Option(help="地区")] = None,
    year: Annotated[int | None, typer.Option(help="作报告的年份", min=1949, max=2100)] = None,
    title: Annotated[str | None, typer.Option(help="标题")] = None,
    home: Home = None,
) -> None:
    """更正报告的地区、年份或标题；以后重建索引也照此办理。源文件要还在原处。"""
    from index.store import ReportIndex
    from rag.settings import Settings
    from web.indexing import add_reports

    correction = stated(region=region, year=year, title=title)
    if not correction:
        raise UsageError("要更正什么？请写 --region、--year 或 --title")
    settings = Settings.load(home=home)
    source = Path(ReportIndex.open(settings.home).card(report).source)
    if not add_reports(settings, [source], {source.name: correction}):
        raise typer.Exit(1)


def stated(**values: str | int | None) -> dict[str, str | int]:
    """Those that were given."""
    return {name: value for name, value in values.items() if value is not None}
