"""Conversations of the page, kept so that they survive a reload and a restart; each belongs to one visitor."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from sqlite3 import Connection

from pydantic import TypeAdapter, ValidationError

from rag.types import Answer, Claim
from web.errors import UnknownConversation
from web.records import Records

__all__ = ["Conversation", "Conversations", "Exchange", "Limits"]

# A visitor keeps this many; the ones longest untouched give way.
_MOST = 200
_TITLE = 60
_UNREADABLE = "这一问是另一个版本的问报记下的，读不出来。请重新提问。"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Where a person wants an answer to be looked for; `years` are those of delivery, nothing chosen is no limit."""

    regions: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    reports: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.regions or self.years or self.reports)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A question and what there is of its answer: claims while they come, then the answer, or an error for people.

    `is_stopped`: the person, or a lost connection, ended it before its answer was whole.
    """

    question: str
    limits: Limits = Limits()
    claims: tuple[Claim, ...] = ()
    answer: Answer | None = None
    error: str = ""
    is_stopped: bool = False

    @property
    def is_pending(self) -> bool:
        return self.answer is None and not self.error and not self.is_stopped


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One line of the list; `changed` is when it was last asked in."""

    id: str
    title: str
    changed: datetime


_EXCHANGE = TypeAdapter(Exchange)


class Conversations:
    """Every visitor's own, in the records of a home; safe to share between threads.

    Asking in, renaming or removing another visitor's raises UnknownConversation, as does one that is not there.
    """

    def __init__(self, records: Records, days: int) -> None:
        self._records = records
        self._days = days

    def listed(self, visitor: str) -> list[Conversation]:
        """A visitor's conversations, the latest first."""
        rows = self._records.rows(
            "SELECT id, title, changed FROM conversations WHERE visitor = ? ORDER BY changed DESC, rowid DESC", visitor
        )
        return [
            Conversation(id=row["id"], title=row["title"], changed=datetime.fromisoformat(row["changed"]))
            for row in rows
        ]

    def exchanges(self, conversation: str, visitor: str) -> tuple[Exchange, ...]:
        """All of a conversation, first to last.  Raises UnknownConversation."""
        self._require(conversation, visitor)
        rows = self._records.rows(
            "SELECT question, content FROM exchanges WHERE conversation = ? ORDER BY number", conversation
        )
        return tuple(_read(row["question"], row["content"]) for row in rows)

    def begin(self, conversation: str, visitor: str, exchange: Exchange) -> int:
        """Add a question to a conversation, which begins with it if it is new; the question's number in it."""
        now = datetime.now(UTC)
        with self._records.writing() as database:
            owner = database.execute("SELECT visitor FROM conversations WHERE id = ?", (conversation,)).fetchone()
            if owner is None:
                title = exchange.question[:_TITLE]
                values = (conversation, visitor, title, now.isoformat())
                database.execute("INSERT INTO conversations (id, visitor, title, changed) VALUES (?, ?, ?, ?)", values)
                self._forget(database, visitor, now)
            elif owner["visitor"] != visitor:
                raise UnknownConversation("没有这个对话，可能已被删除。请开一个新对话。")
            else:
                database.execute("UPDATE conversations SET changed = ? WHERE id = ?", (now.isoformat(), conversation))
            last = database.execute(
                "SELECT coalesce(max(number), 0) AS last FROM exchanges WHERE conversation = ?", (conversation,)
            ).fetchone()
            number: int = last["last"] + 1
            content = _EXCHANGE.dump_json(exchange).decode()
            database.execute(
                "INSERT INTO exchanges VALUES (?, ?, ?, ?, 1)", (conversation, number, exchange.question, content)
            )
        return number

    def keep(self, conversation: str, number: int, exchange: Exchange) -> None:
        """Keep what an exchange has become; one that is finished stays as it is, as does one that was removed."""
        content = _EXCHANGE.dump_json(exchange).decode()
        with self._records.writing() as database:
            database.execute(
                "UPDATE exchanges SET content = ?, pending = ? WHERE conversation = ? AND number = ? AND pending",
                (content, exchange.is_pending, conversation, number),
            )

    def rename(self, conversation: str, visitor: str, title: str) -> None:
        """Give a conversation another title; an empty one leaves it as it is."""
        self._require(conversation, visitor)
        if title := " ".join(title.split())[:_TITLE]:
            with self._records.writing() as database:
                database.execute("UPDATE conversations SET title = ? WHERE id = ?", (title, conversation))

    def remove(self, conversation: str, visitor: str) -> None:
        """Delete a conversation with all that was said in it."""
        self._require(conversation, visitor)
        with self._records.writing() as database:
            database.execute("DELETE FROM conversations WHERE id = ?", (conversation,))

    def _require(self, conversation: str, visitor: str) -> None:
        row = self._records.row("SELECT visitor FROM conversations WHERE id = ?", conversation)
        if row is None or row["visitor"] != visitor:
            raise UnknownConversation("没有这个对话，可能已被删除。请开一个新对话。")

    def _forget(self, database: Connection, visitor: str, now: datetime) -> None:
        """Let go of what is older than the days that are set, and of more than a list can hold."""
        before = (now - timedelta(days=self._days)).isoformat()
        database.execute("DELETE FROM conversations WHERE changed < ?", (before,))
        database.execute(
            "DELETE FROM conversations WHERE visitor = ? AND id NOT IN"
            " (SELECT id FROM conversations WHERE visitor = ? ORDER BY changed DESC LIMIT ?)",
            (visitor, visitor, _MOST),
        )


def _read(question: str, content: str) -> Exchange:
    try:
        return _EXCHANGE.validate_json(content)
    except ValidationError:
        _log.warning("an exchange that another version kept cannot be read", exc_info=True)
        return Exchange(question=question, error=_UNREADABLE)
