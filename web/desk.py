"""The assistant of a running server: there once something is indexed, and always over the newest generation."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from index.errors import IndexMissing
from index.store import ReportCard
from rag.assistant import Assistant


class Desk:
    """Where the page and the API fetch the assistant from, safe to share between threads.

    A server may start before anything is indexed, and reports may come and go under it: each question is answered
    from what is indexed now, so what was removed can no longer be found.
    """

    def __init__(self, open_assistant: Callable[[], Assistant]) -> None:
        self._open = open_assistant
        self._assistant: Assistant | None = None
        self._lock = Lock()

    @property
    def assistant(self) -> Assistant:
        """Raises IndexMissing while nothing is indexed, and whatever else opening an index raises."""
        with self._lock:
            if self._assistant is None:
                self._assistant = self._open()
            else:
                self._assistant.reload()
            return self._assistant

    @property
    def cards(self) -> tuple[ReportCard, ...]:
        """The loaded reports; none while nothing is indexed.  Raises what makes an index unusable."""
        try:
            return self.assistant.cards
        except IndexMissing:
            return ()
