"""Figures over HTTP: /api/figures asks the ledger, /api/compare sets figures side by side."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Annotated, Literal, get_args

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, Field, model_validator

from index.errors import WenbaoError
from index.figures import Direction
from index.ledger import LedgerRole
from index.types import FigureKind, Level
from rag.figures import FigureQuery
from rag.types import CellStatus, ComparedRole, Comparison, ComparisonProgress, ComparisonRequest
from web.api_ask import EVENT_STREAM, STREAM_HEADERS, event, fitting, opened_stream, wants_stream
from web.problems import described
from web.visit import UnderSettings, Viewing
from web.wire import CitationWire, ClaimWire, ProvenanceWire, RefusalWire, ScopeWire, Sent, Short, Text

__all__ = ["CompareRequest", "comparison_request", "routes"]

_COMPARE = """把同一个指标在几个地区、几年的数排成一张表，目标和完成也可以对着看。每个数照原文写，附出处；
差额由程序计算，标明“计算值”；单位或口径不同的照列，但不比较，`notes` 里写明。

`question` 可以代替其余各项，如“比较湖北和湖南2025年地区生产总值增速”；各项和它都没写明的，按已载入的报告补全。

请求头 `Accept: text/event-stream` 时先返回进度：`event: progress`（`done`、`total`），最后是 `event: comparison`，
或 `event: error`。关闭连接就停止。"""

_FIGURES = """从各份报告读出的每一个数：指标、数值、单位、说的是哪一年、是完成还是目标、在第几段。
写了 `words` 就按相近程度排列，不写就按报告和原文的顺序。`next` 是下一页的 `offset`，没有下一页时为空。"""

routes = APIRouter(prefix="/api", tags=["数据"])

Year = Annotated[int, Field(ge=1949, le=2100)]


class CompareRequest(Sent):
    indicators: list[Short] = Field(default=[], max_length=12, description="指标", examples=[["城镇新增就业"]])
    regions: list[Short] = Field(default=[], max_length=100, description="地区，不写就是全部", examples=[["云岭区"]])
    years: list[Year] = Field(
        default=[], max_length=30, description="数字所说的年份（不是作报告的年份）", examples=[[2022, 2023]]
    )
    roles: list[Literal[get_args(ComparedRole)]] = Field(  # type: ignore[valid-type]
        default=[], max_length=2, description="done 完成数，target 目标；两样都写就对着看", examples=[["done"]]
    )
    level: Literal[get_args(Level)] | None = Field(  # type: ignore[valid-type]
        default=None, description="没写地区时，只看这一级的，如 province"
    )
    question: Text = Field(default="", description="一句话，代替以上没写的各项")

    @model_validator(mode="after")
    def _says_what(self) -> CompareRequest:
        if not self.indicators and not self.question.strip():
            raise ValueError("要写明 indicators 或 question")
        return self


class CellWire(BaseModel):
    """一格：一个地区一年的完成数或目标。"""

    region: str
    year: int
    role: Literal[get_args(ComparedRole)]  # type: ignore[valid-type]
    status: Literal[get_args(CellStatus)] = Field(  # type: ignore[valid-type]
        description="given 有，incomparable 有但单位或口径不同，missing 没有"
    )
    text: str = Field(description="照原文写的数，如“5.5%左右”")
    value: float | None = Field(description="数值，换算掉万和亿：1.7万家是 17000；下降3.3%是 -3.3")
    upper: float | None = Field(description="区间的上限")
    unit: str
    qualifier: str = Field(description="约、以上、左右等")
    kind: str | None
    indicator: str = Field(description="报告里的说法")
    report: str
    claim: str = Field(description="已核对的一句话，带标号")
    citations: list[int]
    note: str = Field(description="为什么没有，或为什么不能比较")


class ChangeWire(BaseModel):
    """差额（计算值）；算不了时 `note` 写明原因。"""

    text: str = Field(description="如“+0.5个百分点”")
    value: float | None
    unit: str
    claim: str = Field(description="已核对的一句话，写明由哪两个数算出")
    citations: list[int]
    note: str


class RowWire(BaseModel):
    label: str
    cells: list[CellWire]
    change: ChangeWire | None


class ComparisonWire(BaseModel):
    """一张对比表；网页、接口和导出用的都是它。"""

    id: str
    title: str
    scope: ScopeWire
    row_heading: str = Field(description="各行是什么：地区、年份或指标")
    columns: list[str]
    change_heading: str = Field(description="差额一列的标题；没有这一列时为空")
    rows: list[RowWire]
    remarks: list[ClaimWire] = Field(description="从整张表看出的，已核对")
    notes: list[str] = Field(description="缺什么、什么没有比较，以及为什么")
    claims: list[ClaimWire] = Field(description="以上所有已核对的话")
    citations: list[CitationWire]
    chart: str = Field(description="图，SVG；画不了时为空")
    refusal: RefusalWire | None
    provenance: ProvenanceWire


class PeriodWire(BaseModel):
    first: int
    last: int


class FigureWire(BaseModel):
    """报告里的一个数。"""

    indicator: str = Field(description="指标，照原文写")
    name: str = Field(description="指标，去掉了时间、程度等")
    text: str
    value: float
    upper: float | None
    unit: str
    qualifier: str
    kind: Literal[get_args(FigureKind)]  # type: ignore[valid-type]
    role: Literal[get_args(LedgerRole)] = Field(  # type: ignore[valid-type]
        description="done 完成，target 目标，cumulative 累计，other 其他"
    )
    period: PeriodWire | None = Field(description="说的是哪年到哪年")
    direction: Literal[get_args(Direction)] = Field(  # type: ignore[valid-type]
        description="up 增加，down 下降（数值仍照原文，下降3.3%是 3.3），空的是没有说"
    )
    start: int = Field(description="在段里从第几个字起，从 0 数")
    end: int
    citation: CitationWire


class FiguresWire(BaseModel):
    total: int = Field(description="一共多少个")
    offset: int
    figures: list[FigureWire]
    next: int | None


@routes.post("/compare", summary="对比", description=_COMPARE, responses={200: {"model": ComparisonWire}})
async def compare(body: CompareRequest, request: Request, view: Viewing, settings: UnderSettings) -> Response:
    fitting(body.question, "question", settings)
    view.check_in()
    items = view.assistant.stream_comparison(comparison_request(body), scope=view.scope)
    if wants_stream(request):
        stream = await opened_stream(items, view.ending)
        return StreamingResponse(_events(stream), media_type=EVENT_STREAM, headers=STREAM_HEADERS)
    *_, comparison = await view.ending.run(list, items)
    assert isinstance(comparison, Comparison)
    return JSONResponse(comparison.to_wire())


async def _events(items: AsyncIterator[ComparisonProgress | Comparison | WenbaoError]) -> AsyncIterator[str]:
    async for item in items:
        if isinstance(item, Comparison):
            yield event("comparison", item.to_wire())
        elif isinstance(item, ComparisonProgress):
            yield event("progress", asdict(item))
        else:
            yield event("error", described(item))


def comparison_request(body: CompareRequest) -> ComparisonRequest:
    """What a request wants compared."""
    return ComparisonRequest(
        indicators=tuple(body.indicators),
        regions=tuple(body.regions),
        years=tuple(body.years),
        roles=tuple(dict.fromkeys(body.roles)),
        level=body.level,
        question=body.question,
    )


@routes.get("/figures", summary="查数", description=_FIGURES, responses={200: {"model": FiguresWire}})
def figures(
    view: Viewing,
    words: Annotated[Short, Query(description="指标，如 城镇新增就业")] = "",
    region: Annotated[list[Short], Query(max_length=100, description="地区，可以几个")] = [],  # noqa: B006
    year: Annotated[list[Year], Query(max_length=30, description="数字所说的年份，可以几个")] = [],  # noqa: B006
    role: Annotated[list[LedgerRole], Query(max_length=4, description="完成、目标还是累计")] = [],  # noqa: B006
    kind: Annotated[list[FigureKind], Query(max_length=8, description="哪一类数")] = [],  # noqa: B006
    offset: Annotated[int, Query(ge=0, le=1_000_000, description="从第几个起")] = 0,
    limit: Annotated[int, Query(ge=1, le=200, description="最多几个")] = 50,
) -> JSONResponse:
    view.check_in()
    query = FigureQuery(
        words=words,
        regions=tuple(region),
        years=tuple(year),
        roles=tuple(role),
        kinds=tuple(kind),
        offset=offset,
        limit=limit,
    )
    return JSONResponse(view.assistant.figures(query, scope=view.scope).to_wire())
