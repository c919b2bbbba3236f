"""Errors on the wire: `application/problem+json` (RFC 9457), and under /v1 the shape that OpenAI's clients read."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import Scope as Connection

from index.errors import (
    DocumentTooLarge,
    IndexLocked,
    IndexUnusable,
    LoadError,
    ModelMissing,
    UnknownReport,
    WenbaoError,
)
from web.errors import (
    AccountError,
    Cancelled,
    NotAllowed,
    RecordsUnusable,
    SignInNeeded,
    Stopping,
    TooManyQuestions,
    TooMuchSent,
    UnknownAnswer,
    UnknownConversation,
)
from web.rejections import rejection

__all__ = ["PROBLEM", "answer_problems", "described", "problem", "status_of"]

log = logging.getLogger(__name__)

PROBLEM = "application/problem+json"
# The first that an error is an instance of; what is on no line is the request's fault.
_STATUS: tuple[tuple[type[WenbaoError], int], ...] = (
    (SignInNeeded, 401),
    (NotAllowed, 403),
    (UnknownReport, 404),
    (UnknownAnswer, 404),
    (UnknownConversation, 404),
    (Cancelled, 409),
    (IndexLocked, 409),
    (DocumentTooLarge, 413),
    (TooMuchSent, 413),
    (LoadError, 422),
    (AccountError, 422),
    (TooManyQuestions, 429),
    (IndexUnusable, 503),
    (ModelMissing, 503),
    (RecordsUnusable, 503),
    (Stopping, 503),
)
_TITLES = {
    400: "请求有误",
    401: "需要登录",
    403: "不允许",
    404: "没有找到",
    405: "不能这样用",
    409: "有冲突",
    413: "太大",
    422: "内容有误",
    429: "太频繁",
    500: "内部错误",
    503: "暂不可用",
}
_HEADERS = {401: {"WWW-Authenticate": "Bearer"}, 429: {"Retry-After": "60"}}


def status_of(error: WenbaoError) -> int:
    """The HTTP status that says what an error says."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 400)


def described(error: WenbaoError) -> dict[str, Any]:
    """An error within a stream, where it is too late for a status."""
    return {"status": status_of(error), "kind": type(error).__name__, "detail": str(error)}


def problem(error: WenbaoError, connection: Connection) -> JSONResponse:
    """The response to an error of ours."""
    return _problem(connection, status_of(error), type(error).__name__, str(error))


def answer_problems(app: FastAPI) -> None:
    """Have every error answered so; what was not foreseen is logged and told by its number alone."""
    app.add_exception_handler(WenbaoError, _on_wenbao_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(Exception, _on_surprise)


def _problem(
    connection: Connection, status: int, kind: str, detail: str, more: Mapping[str, Any] | None = None
) -> JSONResponse:
    number = connection.get("state", {}).get("request", "")
    headers = _HEADERS.get(status)
    if connection["path"].startswith("/v1/"):
        fault = {"message": detail, "type": kind, "param": None, "code": kind, "request_id": number}
        return JSONResponse({"error": fault}, status_code=status, headers=headers)
    content = {
        "type": "about:blank",
        "title": _TITLES.get(status, "出错了"),
        "status": status,
        "detail": detail,
        "kind": kind,
        "request_id": number,
        **(more or {}),
    }
    return JSONResponse(content, status_code=status, headers=headers, media_type=PROBLEM)


def _on_wenbao_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, WenbaoError)
    return problem(error, request.scope)


def _on_invalid_request(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    wrong = [{"field": ".".join(map(str, fault["loc"])), "message": rejection(fault)} for fault in error.errors()]
    detail = "请求有误。" + "；".join(f"{fault['field']}：{fault['message']}" for fault in wrong)
    return _problem(request.scope, 422, "InvalidRequest", detail, {"errors": wrong})


def _on_http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    details = {404: "没有这个地址。", 405: "这个地址不能这样用。"}
    return _problem(request.scope, error.status_code, "HTTPError", details.get(error.status_code, str(error.detail)))


def _on_surprise(request: Request, error: Exception) -> JSONResponse:
    log.error("unexpected", exc_info=error)
    return _problem(
        request.scope, 500, "Unexpected", "出了意外的错误，已记入日志。请把这个编号告诉管理员：" + _number(request)
    )


def _number(request: Request) -> str:
    return str(request.scope.get("state", {}).get("request", ""))
