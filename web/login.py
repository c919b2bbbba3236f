"""Signing in to the page: a form, and a cookie that no other site's page can use."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from jinja2 import Environment, Template
from limits import RateLimitItemPerMinute
from starlette.responses import HTMLResponse, RedirectResponse, Response

from web.auth import COOKIE, cookie_of
from web.visit import AtDesk, UnderSettings

__all__ = ["routes"]

# Wrong passwords a minute, of one address and for one name.
_TRIES = RateLimitItemPerMinute(10)


routes = APIRouter(include_in_schema=False)


@cache
def _template() -> Template:
    page = files("web").joinpath("login.html").read_text(encoding="utf-8")
    return Environment(autoescape=True).from_string(page)


def _form(back: str, problem: str = "", status: int = 200) -> HTMLResponse:
    return HTMLResponse(_template().render(back=_within(back), problem=problem), status_code=status)


@routes.get("/login")
def shown(back: str = "") -> Response:
    return _form(back)


@routes.post("/login")
def signed_in(
    request: Request,
    desk: AtDesk,
    settings: UnderSettings,
    name: Annotated[str, Form(max_length=64)],
    password: Annotated[str, Form(max_length=1000)],
    back: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    client = request.state.admitted.client
    tries = (f"address {client}", f"name {name}")
    if not all(desk.limiter.test(_TRIES, one) for one in tries):
        return _form(back, "试的次数太多，请过一分钟再试。", 429)
    ticket = desk.accounts.signed_in(name, password, settings.session_hours)
    if ticket is None:
        for one in tries:
            desk.limiter.hit(_TRIES, one)
        desk.journal.note_change(name, "page", request.state.request, "failed login", [client])
        return _form(back, "名字或密码不对。", 401)
    response = RedirectResponse(_within(back) or "./", status_code=303)
    response.set_cookie(
        COOKIE,
        ticket,
        max_age=settings.session_hours * 3600,
        path=settings.root_path or "/",
        httponly=True,
        samesite="lax",
        secure=request.state.admitted.is_secure,
    )
    return response


@routes.post("/logout")
def signed_out(request: Request, desk: AtDesk, settings: UnderSettings) -> Response:
    if ticket := cookie_of(request.headers):
        desk.accounts.end_ticket(ticket)
    response = RedirectResponse("login", status_code=303)
    response.delete_cookie(COOKIE, path=settings.root_path or "/")
    return response


def _within(back: str) -> str:
    """A place on this server to go back to, relative to the login; "" for any other."""
    parts = urlsplit(back)
    is_own = not parts.scheme and not parts.netloc and not back.startswith(("/", "\\"))
    return back if is_own and back.isprintable() and "\\" not in back else ""
