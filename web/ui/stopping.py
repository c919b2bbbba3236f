"""What people on the page have stopped.  Each piece of work looks here between its steps and ends itself.

Gradio's own cancelling ends whatever runs of a kind for a browser, so also what was asked a moment after.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Annotated

import gradio as gr
from pydantic import StringConstraints, TypeAdapter

from web.auth import caller_of

__all__ = ["Number", "Stops"]

# The browser makes it up for each thing that it asks for.
Number = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]

_NUMBER: TypeAdapter[str] = TypeAdapter(Number)
# A stop may come before its work has begun to run, so none is forgotten until it is long past.
_REMEMBERED = 10_000


class Stops:
    """The numbers of what was stopped, each by the visitor who asked for it; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._stopped: OrderedDict[tuple[str, str], None] = OrderedDict()

    def stop(self, number: str, request: gr.Request) -> None:
        """End the visitor's work of this number at its next step; called from the browser without the queue."""
        work = (caller_of(request, "page").visitor.name, _NUMBER.validate_python(number))
        with self._lock:
            self._stopped[work] = None
            if len(self._stopped) > _REMEMBERED:
                self._stopped.popitem(last=False)

    def has(self, number: str, request: gr.Request) -> bool:
        """Whether the visitor has stopped the work of this number."""
        return (caller_of(request, "page").visitor.name, number) in self._stopped
