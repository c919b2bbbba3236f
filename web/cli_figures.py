"""`wenbao compare` and `wenbao figures`: the ledger on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from web.console import Save, UsageError, err, out

if TYPE_CHECKING:
    from index.ledger import LedgerRole
    from index.types import Level
    from rag.types import ComparedRole

__all__ = ["compare", "figures"]

Home = Annotated[Path | None, typer.Option(help="资料夹 [默认：WENBAO_HOME 或 var]", metavar="DIR")]
Json = Annotated[bool, typer.Option("--json", help="只输出 JSON")]
Regions = Annotated[list[str] | None, typer.Option("--region", help="地区，可以写几次；不写不限", metavar="REGION")]
Years = Annotated[list[int] | None, typer.Option("--year", help="数字所说的年份，可以写几次", min=1949, max=2100)]
Roles = Annotated[list[str] | None, typer.Option("--role", help="完成（done）或目标（target），可以都写")]


def compare(
    indicators: Annotated[list[str], typer.Argument(help="指标，可以几个；或一句话，如“各省2026年GDP增长目标”")],
    region: Regions = None,
    year: Years = None,
    role: Roles = None,
    level: Annotated[str | None, typer.Option(help="不写地区时只看这一级：province、city、county")] = None,
    chart: Annotated[Path | None, typer.Option(help="图另存为 SVG 文件", metavar="FILE")] = None,
    save: Save = None,
    as_json: Json = False,
    home: Home = None,
) -> None:
    """把指标在几个地区、几年的数排成一张表，每个数附出处；完成与目标也可以对着看。"""
    from rag.build import build_assistant
    from rag.settings import Settings
    from rag.types import ComparisonRequest
    from web.terminal import print_comparison, save_document

    is_question = len(indicators) == 1 and not (region or year or level)
    request = ComparisonRequest(
        indicators=() if is_question else tuple(indicators),
        question=indicators[0] if is_question else "",
        regions=tuple(region or ()),
        years=tuple(year or ()),
        roles=cast("tuple[ComparedRole, ...]", _roles(role, "done", "target")),
        level=cast("Level | None", level),
    )
    comparison = build_assistant(Settings.load(home=home)).compare(request)
    if chart is not None and comparison.chart:
        chart.write_text(comparison.chart, encoding="utf-8")
    save_document(comparison, save, err)
    if as_json:
        typer.echo(json.dumps(comparison.to_wire(), ensure_ascii=False))
    else:
        print_comparison(comparison, out)


def figures(
    words: Annotated[str, typer.Argument(help="指标，如 城镇新增就业；不写就按原文顺序全列")] = "",
    region: Regions = None,
    year: Years = None,
    role: Annotated[list[str] | None, typer.Option(help="完成、目标、累计或其他，可以写几次")] = None,
    limit: Annotated[int, typer.Option("-k", "--limit", help="最多几个", min=1, max=1000)] = 20,
    offset: Annotated[int, typer.Option(help="从第几个起", min=0)] = 0,
    as_json: Json = False,
    home: Home = None,
) -> None:
    """查报告里的数：指标、数值、哪一年、完成还是目标、在第几段。"""
    from rag.build import build_assistant
    from rag.figures import FigureQuery
    from rag.settings import Settings
    from web.terminal import print_figures

    query = FigureQuery(
        words=words,
        regions=tuple(region or ()),
        years=tuple(year or ()),
        roles=_roles(role, "done", "target", "cumulative", "other"),
        offset=offset,
        limit=limit,
    )
    page = build_assistant(Settings.load(home=home)).figures(query)
    if as_json:
        typer.echo(json.dumps(page.to_wire(), ensure_ascii=False))
    else:
        print_figures(page, out)


def _roles(given: list[str] | None, *known: LedgerRole) -> tuple[LedgerRole, ...]:
    """The roles that are called so, or named by their codes."""
    from rag.figures import ROLE_NAMES

    named: dict[str, LedgerRole] = {name: role for role in known for name in (ROLE_NAMES[role], role)}
    if unknown := [role for role in given or () if role not in named]:
        raise UsageError(f"--role 只能是 {'、'.join(ROLE_NAMES[role] for role in known)}，不能是 {unknown[0]}")
    return tuple(dict.fromkeys(named[role] for role in given or ()))
