"""What every request passes on its way in and every response on its way out: a number, limits, headers, the log."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from contextvars import ContextVar
from time import perf_counter
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as Connection

from web.errors import TooMuchSent
from web.metrics import Metrics
from web.problems import problem

__all__ = ["REQUEST", "BodyLimit", "ConfiningHeaders", "Observed", "UnderPath"]

log = logging.getLogger("wenbao.access")

# The number of the request at hand, for the log.
REQUEST: ContextVar[str] = ContextVar("request", default="")
_NUMBER = re.compile(r"[\w-]{1,64}")

# Whatever a library puts on the page, the browser asks no other host.  Gradio evaluates templates: hence unsafe-*.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors "
)
# The embedded page has nothing inline.
_EMBED_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors "
)
# What files may weigh is said by a setting; nothing else comes near this.
_BODY = 4 << 20
_UPLOADS = re.compile(r"/api/reports(/[^/]+)?$|/gradio_api/upload$")


class Observed:
    """Numbers each request, logs it once it is answered, and counts it.

    Neither the query nor any header is logged: there may be secrets in them.
    """

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, connection: Connection, receive: Receive, send: Send) -> None:
        if connection["type"] != "http":
            await self._app(connection, receive, send)
            return
        told = Headers(scope=connection).get("x-request-id", "")
        number = told if _NUMBER.fullmatch(told) else uuid4().hex
        connection.setdefault("state", {})["request"] = number
        token = REQUEST.set(number)
        started, status = perf_counter(), 500

        async def numbered(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = number
            await send(message)

        try:
            await self._app(connection, receive, numbered)
        finally:
            seconds = perf_counter() - started
            route = getattr(connection.get("route"), "path", "page")
            self._metrics.note_request(connection["method"], route, status, seconds)
            admitted = connection["state"].get("admitted")
            visitor = admitted.visitor.name if admitted and admitted.visitor else ""
            log.info(
                "%s %s %s",
                connection["method"],
                connection["path"],
                status,
                extra={
                    "status": status,
                    "milliseconds": round(seconds * 1000, 1),
                    "visitor": visitor,
                    "client": admitted.client if admitted else "",
                },
            )
            REQUEST.reset(token)


class ConfiningHeaders:
    """Keeps the browser on this host and the page out of others' frames, but for the embedded page on listed sites."""

    def __init__(self, app: ASGIApp, *, embed_origins: Sequence[str]) -> None:
        self._app = app
        everywhere = {"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}
        self._page = {
            **everywhere,
            "Content-Security-Policy": f"{_POLICY}'self'",
            "X-Frame-Options": "SAMEORIGIN",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        }
        allowed = " ".join(("'self'", *embed_origins))
        self._embed = {**everywhere, "Content-Security-Policy": _EMBED_POLICY + allowed}

    async def __call__(self, connection: Connection, receive: Receive, send: Send) -> None:
        headers = self._embed if connection.get("path") == "/embed" else self._page

        async def confined(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(headers)
            await send(message)

        await self._app(connection, receive, confined)


class BodyLimit:
    """Refuses a request whose body is over the limit, however its length is told."""

    def __init__(self, app: ASGIApp, *, upload_bytes: int) -> None:
        self._app = app
        self._upload_bytes = upload_bytes

    async def __call__(self, connection: Connection, receive: Receive, send: Send) -> None:
        if connection["type"] != "http":
            await self._app(connection, receive, send)
            return
        limit = self._upload_bytes if _UPLOADS.search(connection["path"]) else _BODY
        error = TooMuchSent(f"内容超过 {limit >> 20} MB 的上限，请分几次发送。")
        told = Headers(scope=connection).get("content-length", "")
        if told.isdecimal() and int(told) > limit:
            await problem(error, connection)(connection, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise error
            return message

        await self._app(connection, counted, send)


class UnderPath:
    """Takes the path that a proxy puts before ours away again, if it was so kind as to leave it on."""

    def __init__(self, app: ASGIApp, *, root_path: str) -> None:
        self._app = app
        self._root = root_path

    async def __call__(self, connection: Connection, receive: Receive, send: Send) -> None:
        if self._root and connection["type"] in ("http", "websocket"):
            path = connection["path"]
            if path == self._root or path.startswith(f"{self._root}/"):
                path = path.removeprefix(self._root) or "/"
                connection = {**connection, "path": path, "raw_path": path.encode()}
        await self._app(connection, receive, send)
