"""Work in threads that a server which is stopping does not wait for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from anyio import CancelScope
from starlette.concurrency import run_in_threadpool

from web.errors import Stopping

__all__ = ["Ending"]

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


class Ending:
    """Who waits for work in threads, until the server ends; for the thread of its event loop."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def begin(self) -> None:
        """Send home everybody who still waits."""
        for ending in self._waiting:
            if not ending.done():
                ending.set_result(None)

    async def run(
        self, function: Callable[_Given, _Result], *arguments: _Given.args, **named: _Given.kwargs
    ) -> _Result:
        """What `function` returns or raises in a thread.  Raises Stopping, the thread being left to itself, once the
        server ends; who is cancelled otherwise leaves when the thread has come back."""
        work = asyncio.ensure_future(run_in_threadpool(function, *arguments, **named))
        ending = asyncio.get_running_loop().create_future()
        self._waiting.add(ending)
        try:
            await asyncio.wait({work, ending}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            with CancelScope(shield=True):
                await asyncio.wait({work})
            work.exception()
            raise
        finally:
            self._waiting.discard(ending)
        if not work.done():
            raise Stopping("问报正在停止，没有答完。请稍后再试。")
        return work.result()
