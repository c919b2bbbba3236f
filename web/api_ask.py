"""Asking and reading: /api/ask as JSON or as a stream, search, paragraphs, examples."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict
from hashlib import sha256
from typing import Annotated, Any, TypeVar

from anyio import CancelScope
from fastapi import APIRouter, Path, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.concurrency import run_in_threadpool

from index.errors import UnknownReport, WenbaoError
from rag.settings import Settings
from rag.types import Answer, Claim, Turn
from web.desk import View
from web.ending import Ending
from web.errors import Stopping
from web.problems import described
from web.visit import UnderSettings, Viewing
from web.wire import AnswerWire, AskRequest, ParagraphWire, SearchRequest, SearchWire

__all__ = ["EVENT_STREAM", "STREAM_HEADERS", "event", "fitting", "opened_stream", "passages", "routes", "wants_stream"]

_Item = TypeVar("_Item")

EVENT_STREAM = "text/event-stream"
STREAM_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # nginx passes each event on at once

_ASK = """返回和网页上一样的回答。请求头 `Accept: text/event-stream` 时改为逐句返回：

- `event: claim` 一句已核对的话（`ClaimWire`）；
- `event: answer` 最后是整个回答（`AnswerWire`）；
- `event: error` 中途出错（`status`、`kind`、`detail`）。

关闭连接就停止作答。"""


# The routes that need no more than a reader.
routes = APIRouter(prefix="/api", tags=["提问"])


def fitting(text: str, field: str, settings: Settings) -> None:
    """Raise RequestValidationError where a field is longer than questions may be."""
    if len(text) > settings.question_characters:
        fault = {"loc": ("body", field), "msg": f"最多 {settings.question_characters} 个字"}
        raise RequestValidationError([fault])


@routes.post("/ask", summary="问一个问题", description=_ASK, responses={200: {"model": AnswerWire}})
async def ask(body: AskRequest, request: Request, view: Viewing, settings: UnderSettings) -> Response:
    fitting(body.question, "question", settings)
    history = [Turn(question=turn.question, answer=turn.answer) for turn in body.history]
    scope = view.narrowed(regions=body.regions, years=body.years, reports=body.reports)
    if not wants_stream(request):
        answer = await view.ending.run(view.ask, body.question, history, scope=scope)
        return JSONResponse(answer.to_wire())
    items = await opened_stream(view.stream(body.question, history, scope=scope), view.ending)
    return StreamingResponse(_events(items), media_type=EVENT_STREAM, headers=STREAM_HEADERS)


@routes.post("/search", summary="找相近的原文，不作答", responses={200: {"model": SearchWire}})
def search(body: SearchRequest, view: Viewing, settings: UnderSettings) -> JSONResponse:
    fitting(body.query, "query", settings)
    scope = view.narrowed(regions=body.regions, years=body.years, reports=body.reports)
    return JSONResponse({"passages": passages(view, body.query, body.k, scope)})


@routes.get("/paragraphs/{report}/{number}", summary="读一段原文", responses={200: {"model": ParagraphWire}})
def paragraph(
    report: Annotated[str, Path(description="报告编号")],
    number: Annotated[int, Path(ge=1, le=1_000_000, description="段号")],
    view: Viewing,
) -> JSONResponse:
    for candidate in view.paragraphs(report):
        if candidate.number == number:
            return JSONResponse(
                {
                    "report": report,
                    "paragraph": number,
                    "section": candidate.headings,
                    "page": candidate.page,
                    "text": candidate.text,
                    "sha256": sha256(candidate.text.encode()).hexdigest(),
                }
            )
    raise UnknownReport(f"报告 {report!r} 没有第 {number} 段。")


@routes.get("/examples", summary="可以问的问题举例")
def examples(view: Viewing) -> dict[str, list[str]]:
    return {"examples": view.examples()}


def passages(view: View, query: str, k: int, scope: Any) -> list[dict[str, Any]]:
    """What search finds, as it goes over the wire."""
    cards = {card.id: card for card in view.cards}
    return [
        {
            "rank": hit.rank,
            "report": hit.chunk.report,
            "title": cards[hit.chunk.report].title,
            "region": cards[hit.chunk.report].region,
            "year": cards[hit.chunk.report].year,
            "paragraph": hit.chunk.paragraph,
            "start": hit.chunk.start,
            "end": hit.chunk.end,
            "text": hit.chunk.text,
        }
        for hit in view.search(query, k, scope=scope)
    ]


# Streams ----------------------------------------------------------------------------------------------------


def wants_stream(request: Request) -> bool:
    return EVENT_STREAM in request.headers.get("accept", "")


def event(name: str, content: object) -> str:
    """One server-sent event."""
    return f"event: {name}\ndata: {json.dumps(content, ensure_ascii=False)}\n\n"


async def opened_stream(items: Iterator[_Item], ending: Ending) -> AsyncIterator[_Item | WenbaoError]:
    """`items` from a thread, once there is a first one: what goes wrong before that is raised here, with its status.

    What goes wrong later is the last item, and that the server ends.  When whoever reads goes away, `items` is closed.
    """
    first = await ending.run(next, items)

    async def rest() -> AsyncIterator[_Item | WenbaoError]:
        is_running = False
        try:
            yield first
            while (item := await ending.run(next, items, None)) is not None:
                yield item
        except WenbaoError as error:
            is_running = isinstance(error, Stopping)
            yield error
        finally:
            close = getattr(items, "close", None)
            if close is not None and not is_running:
                with CancelScope(shield=True):
                    await run_in_threadpool(close)

    return rest()


async def _events(items: AsyncIterator[Claim | Answer | WenbaoError]) -> AsyncIterator[str]:
    async for item in items:
        if isinstance(item, Answer):
            yield event("answer", item.to_wire())
        elif isinstance(item, Claim):
            yield event("claim", asdict(item))
        else:
            yield event("error", described(item))
