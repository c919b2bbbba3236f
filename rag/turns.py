"""Who computes next, where more people ask than there are cores."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

__all__ = ["Turns"]


class Turns:
    """So many at a time, in the order in which they came.

    Twenty threads that all compute hand Python's lock to each other some hundred times a question: everybody waits
    several times as long as in a queue, and whoever is unlucky without end.  (Python's own semaphores keep no order.)
    """

    def __init__(self, n: int = os.cpu_count() or 1) -> None:
        self._free = n
        self._waiting: deque[Lock] = deque()
        self._lock = Lock()

    def __len__(self) -> int:
        """How many are waiting."""
        return len(self._waiting)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for a turn and hold it; it can't be taken twice."""
        turn = Lock()
        turn.acquire()
        with self._lock:
            if self._free:
                self._free -= 1
                turn.release()
            else:
                self._waiting.append(turn)
        turn.acquire()
        try:
            yield
        finally:
            with self._lock:
                if self._waiting:
                    self._waiting.popleft().release()
                else:
                    self._free += 1
