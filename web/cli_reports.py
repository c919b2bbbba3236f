"""`wenbao reports`: what is loaded, take it out, correct what is known of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from web.console import Command, command_group, out

reports = command_group("查看、移除已载入的报告，或更正它的地区、年份、标题。")

Home = Annotated[Path | None, typer.Option(help="资料夹 [默认：WENBAO_HOME 或 var]", metavar="DIR")]
Id = Annotated[str, typer.Argument(help="报告的编号，见 wenbao reports list", metavar="ID")]


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
