"""The SQLite database of a home: who may come in, what was asked, what people thought of the answers."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

from web.errors import RecordsUnusable

__all__ = ["Records"]

FILE = "records.sqlite"
# What each version added; a database of an earlier one is brought up to the last.
_VERSIONS = (
    (
        """CREATE TABLE users (
        name TEXT PRIMARY KEY, password TEXT NOT NULL, role TEXT NOT NULL, groups TEXT NOT NULL,
        created TEXT NOT NULL)""",
        """CREATE TABLE keys (
        name TEXT PRIMARY KEY, digest TEXT NOT NULL UNIQUE, role TEXT NOT NULL, groups TEXT NOT NULL,
        created TEXT NOT NULL)""",
        # A login (user), or a pass that the holder of a key handed on (key); it dies with whom it comes from.
        """CREATE TABLE tickets (
        digest TEXT PRIMARY KEY, user TEXT REFERENCES users ON DELETE CASCADE,
        key TEXT REFERENCES keys ON DELETE CASCADE, name TEXT NOT NULL, role TEXT NOT NULL, groups TEXT NOT NULL,
        expires TEXT NOT NULL)""",
        # Who may see a report; all may see one that is not listed.  Rows outlast the report: it may come back.
        "CREATE TABLE visibility (report TEXT PRIMARY KEY, groups TEXT NOT NULL)",
        """CREATE TABLE asks (
        id TEXT PRIMARY KEY, at TEXT NOT NULL, visitor TEXT NOT NULL, channel TEXT NOT NULL, request TEXT NOT NULL,
        question TEXT NOT NULL, history TEXT NOT NULL, status TEXT NOT NULL, text TEXT NOT NULL,
        shown TEXT NOT NULL)""",
        "CREATE INDEX asks_at ON asks (at)",
        """CREATE TABLE feedback (
        ask TEXT NOT NULL REFERENCES asks ON DELETE CASCADE, visitor TEXT NOT NULL, at TEXT NOT NULL,
        verdict TEXT NOT NULL, reason TEXT NOT NULL, comment TEXT NOT NULL, PRIMARY KEY (ask, visitor))""",
        """CREATE TABLE changes (
        at TEXT NOT NULL, visitor TEXT NOT NULL, channel TEXT NOT NULL, request TEXT NOT NULL, what TEXT NOT NULL,
        subject TEXT NOT NULL)""",
        "CREATE INDEX changes_at ON changes (at)",
    ),
    (
        """CREATE TABLE conversations (
        id TEXT PRIMARY KEY, visitor TEXT NOT NULL, title TEXT NOT NULL, changed TEXT NOT NULL)""",
        "CREATE INDEX conversations_visitor ON conversations (visitor, changed)",
        """CREATE TABLE exchanges (
        conversation TEXT NOT NULL REFERENCES conversations ON DELETE CASCADE, number INTEGER NOT NULL,
        question TEXT NOT NULL, content TEXT NOT NULL, pending INTEGER NOT NULL, PRIMARY KEY (conversation, number))""",
    ),
)


class Records:
    """One connection that threads share; other processes may use the same file.

    `home` None keeps everything in memory, for as long as the object lives.  Raises RecordsUnusable.
    """

    def __init__(self, home: Path | None) -> None:
        self._lock = RLock()
        try:
            if home is None:
                where = ":memory:"
            else:
                home.mkdir(parents=True, exist_ok=True)
                where = str(home / FILE)
                # Questions and the hashes of passwords are for nobody else on this machine.
                os.close(os.open(where, os.O_CREAT | os.O_RDWR, 0o600))
                _hand_over(home / FILE)
            self._database = sqlite3.connect(where, timeout=10, isolation_level=None, check_same_thread=False)
            self._database.row_factory = sqlite3.Row
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = NORMAL")
            self._database.execute("PRAGMA foreign_keys = ON")
            # What is deleted is overwritten, not only let go of.
            self._database.execute("PRAGMA secure_delete = ON")
            self._prepare()
        except (OSError, sqlite3.Error) as error:
            raise RecordsUnusable(f"{home} 里的 {FILE} 打不开（{error}）。请检查权限和磁盘空间。") from error

    def _prepare(self) -> None:
        with self.writing() as database:
            version = database.execute("PRAGMA user_version").fetchone()[0]
            if version > len(_VERSIONS):
                raise RecordsUnusable(f"{FILE} 是更新的版本写的（第 {version} 版），请升级问报。")
            for statements in _VERSIONS[version:]:
                for statement in statements:
                    database.execute(statement)
            database.execute(f"PRAGMA user_version = {len(_VERSIONS)}")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it, or nothing.  Raises RecordsUnusable when the disk is full or another holds on."""
        with self._lock:
            try:
                self._database.execute("BEGIN IMMEDIATE")
                try:
                    yield self._database
                except BaseException:
                    self._database.execute("ROLLBACK")
                    raise
                self._database.execute("COMMIT")
            except sqlite3.OperationalError as error:
                raise RecordsUnusable(f"{FILE} 写不了（{error}）。请检查权限和磁盘空间。") from error

    def rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        """What a query finds."""
        with self._lock:
            return self._database.execute(query, values).fetchall()

    def row(self, query: str, *values: object) -> sqlite3.Row | None:
        """The first that a query finds."""
        with self._lock:
            found: sqlite3.Row | None = self._database.execute(query, values).fetchone()
            return found

    def close(self) -> None:
        with self._lock:
            self._database.close()


def _hand_over(file: Path) -> None:
    """What root makes in the home of a service belongs to that service, which could not open it else."""
    home = file.parent.stat()
    if os.geteuid() == 0 and file.stat().st_uid != home.st_uid:
        os.chown(file, home.st_uid, home.st_gid)  # SQLite makes its other files the same owner's
