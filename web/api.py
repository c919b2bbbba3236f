"""The HTTP face: JSON routes and the page, one FastAPI application over one Desk."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import gradio as gr
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as Connection

from index.errors import IndexUnusable, UnknownReport, WenbaoError
from index.types import Scope
from rag.settings import Settings
from rag.types import Turn
from web.desk import Desk
from web.ui.page import build_page, page_options

# Whatever a library puts on the page, the browser asks no other host.  Gradio evaluates templates: hence unsafe-*.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
    "frame-ancestors 'self'; base-uri 'self'; form-action 'self'"
)
CONFINING_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
HISTORY = 20


class ConfiningHeaders:
    """Puts CONFINING_HEADERS on every response, streams included."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, connection: Connection, receive: Receive, send: Send) -> None:
        async def confined(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(CONFINING_HEADERS)
            await send(message)

        await self._app(connection, receive, confined)


class AskedBefore(BaseModel):
    model_config = ConfigDict(extra="forbid")
    question: str = Field(max_length=20_000)
    answer: str = Field(max_length=20_000)


class AskRequest(BaseModel):
    """`reports` narrows the search to these ids; without it all reports are searched."""

    model_config = ConfigDict(extra="forbid")
    question: str = Field(min_length=1)
    history: list[AskedBefore] = Field(default=[], max_length=HISTORY)
    reports: list[str] | None = None


def build_web(desk: Desk, settings: Settings) -> FastAPI:
    """The application: /api/ask, /api/reports, /api/paragraphs, /healthz, and the page at /."""
    # No docs pages: they load their scripts from a CDN.
    app = FastAPI(title="问报", docs_url=None, redoc_url=None)
    # A page elsewhere must not reach a local server by giving its own name this address.
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost", "[::1]", settings.host])
    app.add_middleware(ConfiningHeaders)
    app.add_exception_handler(WenbaoError, _on_wenbao_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)

    @app.post("/api/ask")
    def ask(request: AskRequest) -> dict[str, Any]:
        if len(request.question) > settings.question_characters:
            raise RequestValidationError([{"loc": ("question",), "msg": f"最多 {settings.question_characters} 个字"}])
        history = [Turn(question=turn.question, answer=turn.answer) for turn in request.history]
        scope = Scope(reports=None if request.reports is None else frozenset(request.reports))
        return desk.assistant.ask(request.question, history, scope=scope).to_wire()

    @app.get("/api/reports")
    def reports() -> dict[str, Any]:
        # Not all of a card: where files lie on the server is nobody's business.
        shown = ("id", "title", "region", "level", "year", "paragraphs", "characters")
        return {"reports": [{name: getattr(card, name) for name in shown} for card in desk.cards]}

    @app.get("/api/paragraphs/{report}/{number}")
    def paragraph(report: str, number: int) -> dict[str, Any]:
        for candidate in desk.assistant.report_paragraphs(report):
            if candidate.number == number:
                return {
                    "report": report,
                    "paragraph": number,
                    "section": candidate.headings,
                    "page": candidate.page,
                    "text": candidate.text,
                    "sha256": sha256(candidate.text.encode()).hexdigest(),
                }
        raise UnknownReport(f"报告 {report} 没有第 {number} 段")

    @app.get("/healthz")
    def health() -> dict[str, Any]:
        return {"status": "ok", "reports": len(desk.cards)}

    page = build_page(desk, question_characters=settings.question_characters)
    gr.mount_gradio_app(app, page, path="/", **page_options())
    return app


def _on_wenbao_error(request: Request, error: Exception) -> JSONResponse:
    status = 404 if isinstance(error, UnknownReport) else 503 if isinstance(error, IndexUnusable) else 400
    return JSONResponse({"error": {"kind": type(error).__name__, "message": str(error)}}, status_code=status)


def _on_invalid_request(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    wrong = "；".join(f"{'.'.join(str(part) for part in detail['loc'])}：{detail['msg']}" for detail in error.errors())
    return JSONResponse({"error": {"kind": "InvalidRequest", "message": f"请求有误。{wrong}"}}, status_code=422)
