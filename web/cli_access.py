"""`wenbao users`, `wenbao keys`, `wenbao log`: who may come in, and what was asked."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from web.console import Command, command_group, out

if TYPE_CHECKING:
    from web.accounts import Account, Accounts
    from web.journal import Journal

users = command_group("添加、列出、删除能登录的人。")
keys = command_group("添加、列出、删除程序用的密钥。")
log = command_group("查看提问记录、改动记录和评价；把评价导出为评测题。")

Home = Annotated[Path | None, typer.Option(help="资料夹 [默认：WENBAO_HOME 或 var]", metavar="DIR")]
Name = Annotated[str, typer.Argument(help="名字", metavar="NAME")]
Role = Annotated[
    Literal["reader", "editor", "admin"], typer.Option(help="reader 提问，editor 还能改动报告，admin 还能看记录")
]
Groups = Annotated[str, typer.Option(help="所在的组，逗号分隔；限定了组的报告，只有这些组能看", metavar="A,B")]
Count = Annotated[int, typer.Option("-n", help="最近几条", min=1, max=100_000)]


@users.command("add", cls=Command)
def add_user(name: Name, role: Role = "reader", groups: Groups = "", home: Home = None) -> None:
    """添加一个人，或改他的密码、角色和组。密码在终端里问，也可以从标准输入读。"""
    if sys.stdin.isatty():
        password = typer.prompt("密码（至少 10 个字符）", hide_input=True, confirmation_prompt="再输一次")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    _accounts(home).put_user(name, password, role, listed(groups))
    out.print(f"{name} 现在可以登录了。", markup=False)


@users.command("list", cls=Command)
def list_users(home: Home = None) -> None:
    """列出能登录的人。"""
    _print(_accounts(home).users())


@users.command("remove", cls=Command)
def remove_user(name: Name, home: Home = None) -> None:
    """删除一个人，他的登录立即失效。"""
    _accounts(home).remove_user(name)
    out.print(f"已删除 {name}。", markup=False)


@keys.command("add", cls=Command)
def add_key(name: Name, role: Role = "reader", groups: Groups = "", home: Home = None) -> None:
    """生成一个密钥，只显示这一次；放在请求头 Authorization: Bearer 里。"""
    typer.echo(_accounts(home).make_key(name, role, listed(groups)))


@keys.command("list", cls=Command)
def list_keys(home: Home = None) -> None:
    """列出密钥的名字、角色和组。"""
    _print(_accounts(home).keys())


@keys.command("remove", cls=Command)
def remove_key(name: Name, home: Home = None) -> None:
    """删除一个密钥，它和它发出的通行证立即失效。"""
    _accounts(home).remove_key(name)
    out.print(f"已删除 {name}。", markup=False)


@log.command("asks", cls=Command)
def show_asks(count: Count = 20, home: Home = None) -> None:
    """谁在什么时候问了什么，给他看了哪些段落；每条一行 JSON。"""
    _echo(_journal(home).asks(limit=count))


@log.command("changes", cls=Command)
def show_changes(count: Count = 20, home: Home = None) -> None:
    """谁在什么时候改动了哪些报告；每条一行 JSON。"""
    _echo(_journal(home).changes(limit=count))


@log.command("feedback", cls=Command)
def show_feedback(home: Home = None) -> None:
    """列出评价；每条一行 JSON。"""
    _echo(list(_journal(home).feedback()))


@log.command("cases", cls=Command)
def export_cases(
    verdict: Annotated[Literal["up", "down", "all"], typer.Option(help="哪些评价：up 有用，down 有误")] = "down",
    home: Home = None,
) -> None:
    """把评价导出为评测题（JSONL），wenbao eval 可直接读。"""
    _echo(list(_journal(home).cases(None if verdict == "all" else verdict)))


def listed(groups: str) -> list[str]:
    """The groups in an option, with either comma between."""
    return [group.strip() for group in groups.replace("，", ",").split(",") if group.strip()]


def _accounts(home: Path | None) -> Accounts:
    from rag.settings import Settings
    from web.accounts import Accounts
    from web.records import Records

    return Accounts(Records(Settings.load(home=home).home))


def _journal(home: Path | None) -> Journal:
    from rag.settings import Settings
    from web.journal import Journal
    from web.records import Records

    settings = Settings.load(home=home)
    return Journal(Records(settings.home), settings.audit_days)


def _print(accounts: Sequence[Account]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table("名字", "角色", "组", "添加于", box=None, header_style="bold")
    for account in accounts:
        table.add_row(*map(Text, (account.name, account.role, "、".join(account.groups), account.created)))
    out.print(table)


def _echo(lines: Sequence[object]) -> None:
    for line in lines:
        typer.echo(json.dumps(line, ensure_ascii=False))
