"""Runs the page and the API in one process until it is interrupted."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from ipaddress import ip_address

import uvicorn

from index.errors import SettingsError
from rag.build import build_assistant
from rag.settings import Settings
from web.api import build_web
from web.desk import Desk

log = logging.getLogger(__name__)


def serve(settings: Settings, *, announce: Callable[[str], object] = print) -> None:
    """Serve until Ctrl-C; `announce` is told the address once it can be opened.

    Raises SettingsError for an address that others could reach, or that is taken.
    """
    if not _is_loopback(settings.host):
        raise SettingsError(
            f"还不能在 {settings.host} 上开放：本版没有登录，谁连上都能看到全部报告。"
            "请用 127.0.0.1；别人要用，请在前面放一个带登录的反向代理。"
        )
    with _bound(settings) as listener:
        desk = Desk(lambda: build_assistant(settings))
        app = build_web(desk, settings)
        announce(f"问报已启动，请在浏览器打开 http://{settings.host}:{settings.port}/ （按 Ctrl-C 停止）")
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2)
        uvicorn.Server(config).run(sockets=[listener])


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _bound(settings: Settings) -> socket.socket:
    """A listening socket, taken before the models are loaded so that a busy port is known at once."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise SettingsError(
            f"端口 {settings.port} 用不了（{error.strerror}）。可能已有一个问报在运行；另开一个请用 --port 换端口。"
        ) from error
    return listener
