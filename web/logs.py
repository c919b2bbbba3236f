"""The log: JSON lines in a file that stays small, text or JSON on the terminal; never a key, a ticket or a password."""

from __future__ import annotations

import json
import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, Literal

from index.errors import SettingsError
from web.accounts import SECRET
from web.perimeter import REQUEST

__all__ = ["log_into"]

# What a log entry may carry beside its words.
_EXTRA = ("status", "milliseconds", "visitor", "client")


class _Clean(logging.Formatter):
    """Whatever looks like a key or ticket is blotted out, in messages and tracebacks alike."""

    def format(self, record: logging.LogRecord) -> str:
        return SECRET.sub("wb-***", super().format(record))


class _Json(_Clean):
    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "request": REQUEST.get(),
            "message": record.getMessage(),
            **{name: getattr(record, name) for name in _EXTRA if hasattr(record, name)},
        }
        if record.exc_info:
            entry["trace"] = self.formatException(record.exc_info)
        return SECRET.sub("wb-***", json.dumps(entry, ensure_ascii=False))


def log_into(home: Path, terminal: Literal["text", "json"]) -> None:
    """Everything from INFO on of our own, warnings of libraries.  Raises SettingsError for a home that is read-only.

    On a terminal that shows text, the requests are left out: people read it.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        kept = RotatingFileHandler(home / "wenbao.log", maxBytes=5_000_000, backupCount=3, encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"资料夹 {home} 写不了（{error.strerror}）。请检查权限，或用 --home 换一个。") from error
    kept.setFormatter(_Json())
    shown = logging.StreamHandler()
    if terminal == "json":
        shown.setFormatter(_Json())
    else:
        shown.setFormatter(_Clean("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        shown.setLevel(logging.WARNING)
    logging.basicConfig(level=logging.WARNING, handlers=[shown, kept], force=True)
    for own in ("wenbao", "web", "rag", "index"):
        logging.getLogger(own).setLevel(logging.INFO)
