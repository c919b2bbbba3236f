"""What people think of answers, the log of questions, tickets for pages elsewhere, and who one is."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from web.accounts import Visitor
from web.auth import secret_of
from web.errors import NotAllowed
from web.journal import Verdict
from web.visit import Administering, AtDesk, Calling
from web.wire import FeedbackRequest, LogWire, TicketRequest, TicketWire, VisitorWire

__all__ = ["routes"]


# The log is for admins.
routes = APIRouter(prefix="/api", tags=["记录"])


@routes.get("/me", summary="我是谁", responses={200: {"model": VisitorWire}})
def me(caller: Calling) -> JSONResponse:
    visitor = caller.visitor
    return JSONResponse({"name": visitor.name, "role": visitor.role, "groups": sorted(visitor.groups)})


@routes.post("/feedback", summary="评价一个回答", status_code=204)
def judge(body: FeedbackRequest, desk: AtDesk, caller: Calling) -> None:
    desk.journal.judge(body.answer, caller.visitor.name, body.verdict, reason=body.reason, comment=body.comment)


@routes.get("/feedback", summary="列出评价")
def judged(desk: AtDesk, caller: Administering) -> dict[str, Any]:
    return {"feedback": list(desk.journal.feedback())}


@routes.get(
    "/feedback/cases",
    summary="把评价导出为评测题",
    description="每行一题（JSONL），`wenbao eval` 可直接读；`verdict=down` 只要有误的。",
    response_class=Response,
    responses={200: {"content": {"application/x-ndjson": {}}}},
)
def cases(desk: AtDesk, caller: Administering, verdict: Verdict | None = "down") -> Response:
    lines = "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in desk.journal.cases(verdict))
    return Response(lines, media_type="application/x-ndjson")


@routes.get("/log", summary="提问记录", responses={200: {"model": list[LogWire]}})
def log(desk: AtDesk, caller: Administering, limit: Annotated[int, Query(ge=1, le=10_000)] = 100) -> JSONResponse:
    return JSONResponse(desk.journal.asks(limit=limit))


@routes.get("/changes", summary="改动记录")
def changes(
    desk: AtDesk, caller: Administering, limit: Annotated[int, Query(ge=1, le=10_000)] = 100
) -> list[dict[str, Any]]:
    return desk.journal.changes(limit=limit)


@routes.post(
    "/tickets",
    summary="为嵌入的网页领一张通行证",
    description="由另一个系统的后台用自己的密钥领取，再交给它的网页；不会超出密钥自己的权限，到时失效。",
    responses={200: {"model": TicketWire}},
)
def ticket(body: TicketRequest, request: Request, desk: AtDesk, caller: Calling) -> JSONResponse:
    visitor = Visitor(name=body.name, role="reader", groups=frozenset(body.groups))
    made = desk.accounts.make_ticket(secret_of(request.headers), visitor, timedelta(minutes=body.minutes))
    if made is None:
        raise NotAllowed("只有密钥能领通行证。")
    return JSONResponse({"ticket": made, "minutes": body.minutes})
