"""The command line's manners: Chinese help, errors on stderr, exit status 1 for failure and 2 for wrong usage."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from typer import rich_utils
from typer.core import TyperCommand, TyperGroup

from index.errors import WenbaoError

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

rich_utils.ARGUMENTS_PANEL_TITLE = "参数"
rich_utils.OPTIONS_PANEL_TITLE = "选项"
rich_utils.COMMANDS_PANEL_TITLE = "命令"
rich_utils.DEFAULT_STRING = "[默认：{}]"
rich_utils.REQUIRED_LONG_STRING = "[必填]"

# typer carries a click of its own, out of which it hands only this.
UsageError: type[Exception] = typer.BadParameter.__bases__[0]
_USAGE = (
    (r"No such option: (\S+).*", r"没有 \1 这个选项"),
    (r"No such command '(.+?)'.*", r"没有 \1 这个命令"),
    (r"Missing (?:argument|option) '(.+?)'.*", r"缺少 \1"),
    (r"Missing command.*", "缺少命令"),
    (r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)", r"多出了 \1"),
    (r"Option '(.+?)' requires an argument.*", r"\1 后面要有值"),
    (r"Invalid value for '(.+?)': .*", r"\1 的值不对"),
)


HELP = "显示这份说明"


def _document(path: Path | None) -> Path | None:
    from rag.exporting import ENDINGS, format_of

    if path is not None and format_of(path.name) is None:
        raise UsageError(f"--save 的文件名要以 {'、'.join(ENDINGS.values())} 结尾，不能是 {path.name}")
    return path


Save = Annotated[Path | None, typer.Option(help="另存为文件：.docx、.md 或 .xlsx", metavar="FILE", callback=_document)]


class Command(TyperCommand):
    """A command with Chinese help."""

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = HELP
        return option


class Group(TyperGroup):
    """A group of commands; whatever goes wrong in one of them becomes a message and an exit status here."""

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = HELP
        return option

    def main(self, *args: Any, **options: Any) -> Any:
        try:
            status = super().main(*args, **{**options, "standalone_mode": False})
        except WenbaoError as error:
            status = _fail(f"错误：{error}", 1)
        except UsageError as error:
            ctx = getattr(error, "ctx", None)
            path = ctx.command_path if ctx else "wenbao"
            status = _fail(f"用法有误：{_in_chinese(error)}。看用法：{path} --help", 2)
        if status == 130:  # Ctrl-C; an index is swapped in whole or not at all
            err.print("已中断，原有的索引没有改动。", style="yellow")
        sys.exit(status or 0)


def command_group(purpose: str) -> typer.Typer:
    """A typer application with these manners."""
    return typer.Typer(
        cls=Group,
        help=purpose,
        add_completion=False,
        no_args_is_help=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["--help", "-h"]},
    )


def _fail(message: str, status: int) -> int:
    err.print(message, markup=False, style="red", soft_wrap=True)
    return status


def _in_chinese(error: Any) -> str:
    message = str(error.format_message()).replace("\n", " ")
    for english, chinese in _USAGE:
        if re.fullmatch(english, message):
            return re.sub(english, chinese, message)
    return message
