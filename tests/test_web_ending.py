"""A server that stops lets nobody wait for work that may take minutes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from threading import Event

import pytest

from index.errors import WenbaoError
from web.api_ask import opened_stream
from web.ending import Ending
from web.errors import Stopping


def test_who_waits_is_sent_home_and_the_work_left_to_itself() -> None:
    stuck = Event()

    async def waiting() -> None:
        ending = Ending()
        asyncio.get_running_loop().call_later(0.05, ending.begin)
        with pytest.raises(Stopping, match="正在停止"):
            await ending.run(stuck.wait, 30)
        stuck.set()

    asyncio.run(waiting())


def test_a_stream_ends_with_the_word_that_the_server_stops() -> None:
    stuck = Event()

    def items() -> Iterator[str]:
        yield "一句"
        stuck.wait(30)

    async def read() -> list[str | WenbaoError]:
        ending = Ending()
        stream = await opened_stream(items(), ending)
        asyncio.get_running_loop().call_later(0.05, ending.begin)
        read = [item async for item in stream]
        stuck.set()
        return read

    first, last = asyncio.run(read())
    assert first == "一句" and isinstance(last, Stopping)


def test_who_goes_away_leaves_nothing_running() -> None:
    going_on, ended = Event(), Event()

    def items() -> Iterator[str]:
        try:
            yield "一句"
            going_on.wait(30)
            yield "又一句"
        finally:
            ended.set()

    async def leave() -> None:
        stream = await opened_stream(items(), Ending())
        await anext(stream)
        reading = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0.05)
        reading.cancel()
        await asyncio.sleep(0.05)
        going_on.set()
        with pytest.raises(asyncio.CancelledError):
            await reading

    asyncio.run(leave())
    assert ended.is_set()
