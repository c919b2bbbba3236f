"""Tools for agents by the Model Context Protocol: at /mcp over HTTP, or `wenbao mcp` over stdin and stdout.

Each tool gives what the API gives: the text for the model to read, and the same as structured content.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Annotated, Any

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, TextContent, ToolAnnotations
from pydantic import Field

from index.errors import WenbaoError
from index.ledger import LedgerRole
from rag.figures import ROLE_NAMES, FigureQuery
from rag.settings import Settings
from rag.types import ComparisonRequest
from web.api_ask import passages
from web.auth import caller_of
from web.desk import Caller, Desk, View
from web.openai import sources

__all__ = ["build_mcp"]

_INSTRUCTIONS = (
    "问报：向已载入的政府工作报告提问。每个数字都由程序核对过，必须在所引段落里。"
    "转述时保留 [1] 这样的标号和出处，不要改动数字；报告里没有的，如实说没有。"
)
_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)

Question = Annotated[str, Field(min_length=1, description="一个问题，写明地区和年份，如 云岭区2023年新建多少套保障房")]
Words = Annotated[str, Field(min_length=1, description="要找的内容，如 保障性租赁住房")]
Regions = Annotated[Sequence[str], Field(max_length=100, description="只在这些地区的报告里找，如 云岭区；空着不限")]
Years = Annotated[
    Sequence[int], Field(max_length=100, description="只在这些年份作的报告里找（2024 年的报告回顾 2023 年）")
]
SpokenYears = Annotated[Sequence[int], Field(max_length=30, description="只要说的是这些年份的数；空着不限")]
Roles = Annotated[
    Sequence[LedgerRole], Field(max_length=4, description="done 完成，target 目标，cumulative 累计；空着不限")
]
Compared = Annotated[
    str, Field(min_length=1, description="比什么，写明指标、地区和年份，如 云岭区和青禾县2023年地区生产总值")
]
Number = Annotated[int, Field(ge=1, le=50, description="最多几条")]


def build_mcp(desk: Desk, settings: Settings) -> MCPServer:
    """The server with its tools, not yet run."""
    server = MCPServer("wenbao", title="问报", instructions=_INSTRUCTIONS)

    async def answered(context: Context, text: str, work: Callable[[View], tuple[str, Any]]) -> CallToolResult:
        if len(text) > settings.question_characters:
            raise ToolError(f"最多 {settings.question_characters} 个字。")
        try:
            said, content = await desk.ending.run(lambda: work(desk.view(_caller(context))))
        except WenbaoError as error:
            raise ToolError(str(error)) from error
        return CallToolResult(content=[TextContent(type="text", text=said)], structured_content=content)

    @server.tool(title="提问", annotations=_READS)
    async def ask(question: Question, context: Context, regions: Regions = (), years: Years = ()) -> CallToolResult:
        """向政府工作报告提问，得到核对过的回答和出处。没有就说没有，不明确就反问。"""

        def work(view: View) -> tuple[str, Any]:
            answer = view.ask(question, scope=view.narrowed(regions=regions, years=years))
            options = "".join(f"\n- {option}" for option in answer.options)
            return f"{answer.text}{options}\n{sources(answer)}".rstrip(), _plain(answer.to_wire())

        return await answered(context, question, work)

    @server.tool(title="查找原文", annotations=_READS)
    async def search(
        query: Words,
        context: Context,
        k: Number = 10,
        regions: Regions = (),
        years: Years = (),
    ) -> CallToolResult:
        """列出最相近的原文段落，不作答。"""

        def work(view: View) -> tuple[str, Any]:
            found = passages(view, query, k, view.narrowed(regions=regions, years=years))
            lines = [f"{hit['title']} 第{hit['paragraph']}段：{hit['text']}" for hit in found]
            return "\n".join(lines) or "没有找到。", {"passages": found}

        return await answered(context, query, work)

    @server.tool(title="查数", annotations=_READS)
    async def figures(
        words: Words, context: Context, k: Number = 10, regions: Regions = (), years: SpokenYears = (), role: Roles = ()
    ) -> CallToolResult:
        """列出报告里某个指标的数：数值、单位、哪一年、完成还是目标、在第几段。"""

        def work(view: View) -> tuple[str, Any]:
            view.check_in()
            query = FigureQuery(words=words, regions=tuple(regions), years=tuple(years), roles=tuple(role), limit=k)
            page = view.assistant.figures(query, scope=view.scope)
            lines = [
                f"{figure.citation.title} 第{figure.citation.paragraph}段：“{figure.citation.quote}”"
                f"（{figure.period or ''}{ROLE_NAMES[figure.role]}：{figure.name} {figure.text}）"
                for figure in page.figures
            ]
            return "\n".join(lines) or "没有找到。", page.to_wire()

        return await answered(context, words, work)

    @server.tool(title="对比", annotations=_READS)
    async def compare(question: Compared, context: Context) -> CallToolResult:
        """把指标在几个地区、几年的数排成一张表，每个数附出处；目标和完成也可以对着看。"""

        def work(view: View) -> tuple[str, Any]:
            view.check_in()
            comparison = view.assistant.compare(ComparisonRequest(question=question), scope=view.scope)
            said = [claim.text for claim in comparison.claims]
            told = comparison.refusal.message if comparison.refusal else "\n".join([*said, *comparison.notes])
            return f"{comparison.title}\n{told}\n{sources(comparison)}".rstrip(), comparison.to_wire()

        return await answered(context, question, work)

    return server


def _caller(context: Context) -> Caller:
    """Who sent the request; over stdin, whoever started the program."""
    request: Any = None
    with suppress(ValueError):
        request = context.request_context.request
    return Caller(channel="mcp") if request is None else caller_of(request, "mcp")


def _plain(wire: dict[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(wire, ensure_ascii=False))
    return plain
