"""问报 inside other sites' pages: /embed for an iframe, /embed.js for a button that opens it.

    <script src="https://…/embed.js" data-region="云岭区" data-year="2024" data-token="…" async></script>

What is shown comes through the same API as everywhere else, with the ticket that the host page hands over; no cookie
is read, so it works where browsers block those of third parties.  Which sites may show it is said by the header
`frame-ancestors`; the browser refuses all others.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from fastapi import APIRouter
from starlette.responses import Response

__all__ = ["routes"]

_KINDS = {
    "embed.html": "text/html; charset=utf-8",
    "embed-page.js": "text/javascript; charset=utf-8",
    "embed.js": "text/javascript; charset=utf-8",
    "embed.css": "text/css; charset=utf-8",
}

routes = APIRouter(include_in_schema=False)


@cache
def _content(name: str) -> bytes:
    return files("web").joinpath("embedding", name).read_bytes()


def _file(name: str) -> Response:
    return Response(_content(name), headers={"Content-Type": _KINDS[name], "Cache-Control": "no-cache"})


@routes.get("/embed")
def page() -> Response:
    return _file("embed.html")


@routes.get("/embed-page.js")
def script() -> Response:
    return _file("embed-page.js")


@routes.get("/embed.css")
def look() -> Response:
    return _file("embed.css")


@routes.get("/embed.js")
def button() -> Response:
    return _file("embed.js")
