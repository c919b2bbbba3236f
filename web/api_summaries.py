"""Summaries over HTTP: /api/summarize and /api/changes, as JSON or as a stream with its progress."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict
from typing import Literal, get_args

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, Field, model_validator

from index.errors import WenbaoError
from rag.types import Claim, PartKind, Summary, SummaryLength, SummaryProgress, SummaryRequest, SummaryStyle
from web.api_ask import EVENT_STREAM, STREAM_HEADERS, event, fitting, opened_stream, wants_stream
from web.desk import View
from web.problems import described
from web.visit import UnderSettings, Viewing
from web.wire import CitationWire, ClaimWire, ProvenanceWire, RefusalWire, ScopeWire, Sent, Short, Text

__all__ = ["ChangesRequest", "SummarizeRequest", "routes", "summary_request"]

_SUMMARIZE = """概括报告、一节或一个主题。请求头 `Accept: text/event-stream` 时改为逐步返回：

- `event: progress` 读到第几节（`done`、`total`、`section`）；
- `event: claim` 一句已核对的话；
- `event: summary` 最后是整份概括；
- `event: error` 中途出错。

关闭连接就停止。"""

routes = APIRouter(prefix="/api", tags=["概括"])

_Items = Iterator[SummaryProgress | Claim | Summary]


class SummarizeRequest(Sent):
    reports: list[Short] = Field(default=[], max_length=100, description="报告编号", examples=[["云岭区_2024"]])
    section: Short = Field(default="", description="只概括标题里有这些字的一节")
    question: Text = Field(default="", description="只概括一个主题，如“云岭区2023年的就业和住房”")
    length: Literal[get_args(SummaryLength)] = Field(  # type: ignore[valid-type]
        default="page"
    )
    style: Literal[get_args(SummaryStyle)] = Field(  # type: ignore[valid-type]
        default="points", description="points 要点，document 公文段落"
    )

    @model_validator(mode="after")
    def _says_what(self) -> SummarizeRequest:
        if not self.reports and not self.question:
            raise ValueError("要写明 reports 或 question")
        return self


class ChangesRequest(Sent):
    reports: tuple[Short, Short] = Field(
        description="同一地区两年报告的编号", examples=[["云岭区_2023", "云岭区_2024"]]
    )
    length: Literal[get_args(SummaryLength)] = Field(default="page")  # type: ignore[valid-type]


class PartWire(BaseModel):
    """一个小标题下的各句。"""

    heading: str
    kind: Literal[get_args(PartKind)] = Field(  # type: ignore[valid-type]
        description="done 完成的，planned 打算做的，appeared 新出现的，gone 不再提的"
    )
    claims: list[ClaimWire]
    paragraphs: list[str] = Field(description="给人看的段落，带标号")
    report: str


class FailedSectionWire(BaseModel):
    """没能概括的一节。"""

    report: str
    section: str
    reason: str


class CoverageWire(BaseModel):
    """概括了多少，漏下什么。"""

    sections: int
    covered_sections: int
    indicators: int
    covered_indicators: int
    left_out: list[CitationWire] = Field(description="没有写进去的量化内容，按原文顺序")
    failed: list[FailedSectionWire]
    text: str = Field(description="如“覆盖 12/14 节，46/61 个量化指标”")


class SummaryWire(BaseModel):
    """一份概括；网页、接口和导出用的都是它。"""

    id: str
    title: str
    length: str
    style: str
    scope: ScopeWire
    text: str
    parts: list[PartWire]
    claims: list[ClaimWire]
    citations: list[CitationWire]
    coverage: CoverageWire
    refusal: RefusalWire | None
    provenance: ProvenanceWire


@routes.post("/summarize", summary="概括", description=_SUMMARIZE, responses={200: {"model": SummaryWire}})
async def summarize(body: SummarizeRequest, request: Request, view: Viewing, settings: UnderSettings) -> Response:
    fitting(body.question, "question", settings)
    view.require(*body.reports)
    view.check_in()
    return await _answered(view.assistant.stream_summary(summary_request(body), scope=view.scope), request, view)


@routes.post("/changes", summary="两年报告之间什么是新的", responses={200: {"model": SummaryWire}})
async def changes(body: ChangesRequest, request: Request, view: Viewing) -> Response:
    view.require(*body.reports)
    view.check_in()
    return await _answered(view.assistant.stream_whats_new(*body.reports, body.length, scope=view.scope), request, view)


def summary_request(body: SummarizeRequest) -> SummaryRequest:
    """What a request wants summarised."""
    return SummaryRequest(
        reports=tuple(body.reports),
        section=body.section,
        question=body.question,
        length=body.length,
        style=body.style,
    )


async def _answered(items: _Items, request: Request, view: View) -> Response:
    if wants_stream(request):
        stream = await opened_stream(items, view.ending)
        return StreamingResponse(_events(stream), media_type=EVENT_STREAM, headers=STREAM_HEADERS)
    *_, summary = await view.ending.run(list, items)
    assert isinstance(summary, Summary)
    return JSONResponse(summary.to_wire())


async def _events(items: AsyncIterator[SummaryProgress | Claim | Summary | WenbaoError]) -> AsyncIterator[str]:
    async for item in items:
        if isinstance(item, Summary):
            yield event("summary", item.to_wire())
        elif isinstance(item, Claim):
            yield event("claim", asdict(item))
        elif isinstance(item, SummaryProgress):
            yield event("progress", asdict(item))
        else:
            yield event("error", described(item))
