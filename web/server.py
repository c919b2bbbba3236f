"""Runs the page and the API in one process until it is interrupted."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
from contextlib import suppress
from threading import Thread, current_thread
from threading import enumerate as threads
from time import monotonic

import uvicorn

from index.errors import SettingsError, WenbaoError
from rag.settings import Settings
from web.api import build_web
from web.auth import require_auth
from web.console import out
from web.desk import Desk, open_desk
from web.ending import Ending
from web.logs import log_into

# An open page holds a connection that never ends by itself.
_LAST_SECONDS = 5
_TO_PART = 1


class _Server(uvicorn.Server):
    """What takes too long is told that the server ends, before its connection is cut."""

    def __init__(self, config: uvicorn.Config, ending: Ending) -> None:
        super().__init__(config)
        self._ending = ending

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        asyncio.get_running_loop().call_later(_LAST_SECONDS, self._ending.begin)
        await super().shutdown(sockets)


def serve(settings: Settings) -> None:
    """Serve until Ctrl-C or SIGTERM; answers on their way get some seconds more.  Prints the address once it is open.

    Raises SettingsError for an address that others could reach without a login, or that is taken.
    """
    desk = open_desk(settings)
    require_auth(settings, desk.accounts)
    with _bound(settings) as listener:
        log_into(settings.home, settings.log)
        app = build_web(desk, settings)
        Thread(target=_warm, args=(desk,), daemon=True).start()
        address = f"http://{_in_url(settings.host)}:{settings.port}/"
        out.print(f"问报已启动，请在浏览器打开 {address} （按 Ctrl-C 停止）", markup=False, soft_wrap=True)
        # Whom to believe about where a request comes from, is for the gate to say.
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=_LAST_SECONDS + _TO_PART,
        )
        # uvicorn raises the signal again once all is shut down: to be stopped is no failure, whoever asks for it.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with suppress(KeyboardInterrupt):
            _Server(config, desk.ending).run(sockets=[listener])
        desk.close()
        out.print("已停止。")
        _leave()


def _leave() -> None:
    """End the process although a thread waits for a model, which may take minutes; others get a moment to end."""
    until = monotonic() + _TO_PART
    stuck = [thread for thread in threads() if thread is not current_thread() and not thread.daemon]
    for thread in stuck:
        thread.join(max(0.0, until - monotonic()))
    if any(thread.is_alive() for thread in stuck):
        logging.shutdown()
        sys.stdout.flush()
        os._exit(0)


def _warm(desk: Desk) -> None:
    """Load the models while the first question is being typed."""
    try:
        desk.assistant.search("政府工作报告", 1)
    except WenbaoError as error:
        logging.getLogger(__name__).warning("%s", error)


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


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
