"""What people are told when something fails: an error of ours in its own words, any other by a number in the log."""

from __future__ import annotations

import logging
from uuid import uuid4

from index.errors import WenbaoError
from web.ui import words

__all__ = ["told"]

_log = logging.getLogger(__name__)


def told(error: Exception) -> str:
    """The words for an error that is being handled; one that nobody foresaw is logged with its number."""
    if isinstance(error, WenbaoError):
        return str(error)
    number = uuid4().hex[:8]
    _log.error("the page failed, number %s", number, exc_info=error)
    return words.ERROR_UNEXPECTED.format(number=number)
