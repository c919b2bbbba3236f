"""What a route takes: the desk, and who comes to it, in a role that reaches far enough."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from rag.settings import Settings
from web.auth import caller_of
from web.desk import Caller, Desk, View
from web.errors import NotAllowed
from web.journal import Channel

__all__ = ["Administering", "AtDesk", "Calling", "Editing", "UnderSettings", "Viewing"]


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


AtDesk = Annotated[Desk, Depends(_desk)]
UnderSettings = Annotated[Settings, Depends(_settings)]


def _caller(request: Request) -> Caller:
    if request.url.path.startswith("/v1/"):
        channel: Channel = "openai"
    else:
        channel = "embed" if request.headers.get("x-wenbao-channel") == "embed" else "api"
    return caller_of(request, channel)


Calling = Annotated[Caller, Depends(_caller)]


def _view(desk: AtDesk, caller: Calling) -> View:
    return desk.view(caller)


# What the visitor may see.
Viewing = Annotated[View, Depends(_view)]


def _editor(view: Viewing) -> View:
    if not view.caller.visitor.may("editor"):
        raise NotAllowed("您没有改动报告的权限。请联系管理员。")
    return view


def _admin(caller: Calling) -> Caller:
    if not caller.visitor.may("admin"):
        raise NotAllowed("只有管理员可以看记录。")
    return caller


# The same for whom reports may be changed by, and the caller where it is an admin.
Editing = Annotated[View, Depends(_editor)]
Administering = Annotated[Caller, Depends(_admin)]
