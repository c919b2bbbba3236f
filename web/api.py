"""The HTTP face: every route and the page, one FastAPI application over one Desk."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import gradio as gr
from fastapi import FastAPI
from mcp.server.transport_security import TransportSecuritySettings
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from rag.settings import Settings
from web import (
    api_ask,
    api_export,
    api_figures,
    api_records,
    api_reports,
    api_summaries,
    embed,
    login,
    openai,
    operations,
)
from web.auth import Admission, Gate
from web.desk import Desk
from web.glossary import explain
from web.mcp import build_mcp
from web.perimeter import BodyLimit, ConfiningHeaders, Observed, UnderPath
from web.problems import PROBLEM, answer_problems
from web.ui.page import build_page, page_options
from web.wire import ProblemWire

_ABOUT = """向政府工作报告提问，得到准确的数字和它所在的原文段落。

开了登录时，请求头要带 `Authorization: Bearer 密钥`（`wenbao keys add` 生成）。
出错时返回 `application/problem+json`；每个响应的 `X-Request-ID` 是请求编号，查日志用。"""

# Hosts and origins have been looked at by the time a request comes so far.
_GUARDED = TransportSecuritySettings(enable_dns_rebinding_protection=False)

_PROBLEMS: dict[int | str, dict[str, Any]] = {
    code: {"model": ProblemWire, "description": words, "content": {PROBLEM: {}}}
    for code, words in {
        400: "请求有误",
        401: "需要登录",
        403: "不允许",
        404: "没有找到",
        409: "有冲突，或正在更新",
        413: "太大",
        422: "内容有误",
        429: "太频繁",
        503: "暂不可用",
    }.items()
}


class _Described(FastAPI):
    """An application that says in words what each of its fields is."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            explain(super().openapi())
        assert self.openapi_schema is not None
        return self.openapi_schema


def build_web(desk: Desk, settings: Settings) -> FastAPI:
    """The application: the API, what runs it, and the page at /."""
    tools = build_mcp(desk, settings)
    endpoint = tools.streamable_http_app(stateless_http=True, json_response=True, transport_security=_GUARDED)

    @asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[None]:
        async with tools.session_manager.run():
            yield

    # No docs pages: they load their scripts from a CDN.
    app = _Described(
        title="问报",
        description=_ABOUT,
        version="1",
        docs_url=None,
        redoc_url=None,
        responses=_PROBLEMS,
        lifespan=running,
    )
    _surround(app, desk, settings)
    answer_problems(app)
    app.state.desk, app.state.settings = desk, settings
    apis = (api_ask, api_figures, api_summaries, api_export, api_reports, api_records)
    for part in (*apis, openai, embed, login, operations):
        app.include_router(part.routes)
    app.router.routes.extend(endpoint.routes)
    page = build_page(desk, question_characters=settings.question_characters)
    options = {**page_options(), "max_file_size": settings.upload_megabytes << 20, "root_path": settings.root_path}
    gr.mount_gradio_app(app, page, path="/", **options)
    return app


def _surround(app: FastAPI, desk: Desk, settings: Settings) -> None:
    """What every request passes; the last added is the first passed."""
    gate = Gate(settings, desk.accounts)
    app.add_middleware(Admission, gate=gate, embed_origins=settings.embed_origins)
    # Listed sites may call with a key or ticket; never with what the browser adds by itself.
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.embed_origins,
        allow_methods=["GET", "POST"],
        allow_headers=["authorization", "content-type", "x-api-key", "x-wenbao-channel"],
        expose_headers=["x-request-id"],
    )
    app.add_middleware(BodyLimit, upload_bytes=settings.upload_megabytes << 20)
    app.add_middleware(ConfiningHeaders, embed_origins=settings.embed_origins)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=_hosts(settings), www_redirect=False)
    app.add_middleware(Observed, metrics=desk.metrics)
    app.add_middleware(UnderPath, root_path=settings.root_path)


def _hosts(settings: Settings) -> Sequence[str]:
    """Without a login a page elsewhere must not reach this server by giving its own name this address."""
    local = ["127.0.0.1", "localhost", "[::1]", settings.host]
    if settings.hosts:
        return [*local, *settings.hosts]
    return ["*"] if settings.auth else local
