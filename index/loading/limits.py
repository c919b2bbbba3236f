"""What a process that reads a stranger's file may take: memory, time, no core dumps, no large files."""

from __future__ import annotations

import os
import signal

__all__ = ["SECONDS", "extend", "impose"]

# A report takes a second; the slowest page of a scan, on a slow machine, half a minute.
SECONDS = 120
_MOST_MEMORY = 6 * 1024**3  # addresses, not all of them used: the recogniser of characters maps 3 GB
_MOST_WRITTEN = 512 * 1024**2


def impose() -> None:
    """Binds this process for good: past the limits it is ended by the system, even inside a C library.

    Windows has no such limits; there only the parent's watch remains.
    """
    if os.name != "posix":
        return
    import resource

    for limit, most in (
        (resource.RLIMIT_AS, _MOST_MEMORY),
        (resource.RLIMIT_FSIZE, _MOST_WRITTEN),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(limit)
        resource.setrlimit(limit, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    os.nice(5)  # whoever asks a question goes first
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(SECONDS)


def extend() -> None:
    """A page is done: the time for the next begins, if this process is timed at all."""
    if os.name == "posix" and signal.getitimer(signal.ITIMER_REAL)[0] > 0:
        signal.alarm(SECONDS)
