"""Runs the page and the API in one process until it is interrupted."""

from __future__ import annotations

import logging
import socket
from ipaddress import ip_address
from logging.handlers import RotatingFileHandler
from pathlib import Path
from threading import Thread

import uvicorn

from index.errors import SettingsError, WenbaoError
from rag.build import build_assistant
from rag.settings import Settings
from web.api import build_web
from web.console import out
from web.desk import Desk


def serve(settings: Settings) -> None:
    """Serve until Ctrl-C; the address is printed once it can be opened.

    Raises SettingsError for an address that others could reach, or that is taken.
    """
    if not _is_loopback(settings.host):
        raise SettingsError(
            f"还不能在 {settings.host} 上开放：本版没有登录，谁连上都能看到全部报告。"
            "请用 127.0.0.1；别人要用，请在前面放一个带登录的反向代理。"
        )
    with _bound(settings) as listener:
        _log_into(settings.home)
        desk = Desk(lambda: build_assistant(settings))
        app = build_web(desk, settings)
        Thread(target=_warm, args=(desk,), daemon=True).start()
        out.print(
            f"问报已启动，请在浏览器打开 http://{_in_url(settings.host)}:{settings.port}/ （按 Ctrl-C 停止）",
            markup=False,
            soft_wrap=True,
        )
        config = uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=2)
        try:
            uvicorn.Server(config).run(sockets=[listener])
        except KeyboardInterrupt:  # uvicorn raises it again once all is shut down
            out.print("已停止。")


def _warm(desk: Desk) -> None:
    """Load the models while the first question is being typed."""
    try:
        desk.assistant.search("政府工作报告", 1)
    except WenbaoError as error:
        logging.getLogger(__name__).warning("%s", error)


def _log_into(home: Path) -> None:
    """Warnings and errors go to the terminal and to a file that stays small."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        kept = RotatingFileHandler(home / "wenbao.log", maxBytes=5_000_000, backupCount=3, encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"资料夹 {home} 写不了（{error.strerror}）。请检查权限，或用 --home 换一个。") from error
    form = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    logging.basicConfig(level=logging.WARNING, format=form, handlers=[logging.StreamHandler(), kept], force=True)


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


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
