"""People and programs that may come in, and which reports each group may see.

Passwords are kept as scrypt hashes.  Keys and tickets are 256 random bits, so a plain SHA-256 of them cannot be turned
back, and is all that is kept.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from sqlite3 import Row
from typing import Any, Literal, get_args

from index.store import ReportCard
from index.types import Scope
from web.errors import AccountError
from web.records import Records

__all__ = ["LOCAL", "SECRET", "Account", "Accounts", "Role", "Visitor"]

# Each may do what those before it may: ask; add, correct and remove reports; say who may come in and read the log.
Role = Literal["reader", "editor", "admin"]
_RANK = {role: rank for rank, role in enumerate(get_args(Role))}

# What a key or ticket looks like, so that a log can be kept clean of them.
SECRET = re.compile(r"wb-[\w-]{43}")
_SCRYPT: dict[str, Any] = {"n": 2**15, "r": 8, "p": 1, "maxmem": 2**26}
_PASSWORD = 10
_NAME = re.compile(r"[\w.@+-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who is at the door: a person or a program, with what it may do and the groups it belongs to."""

    name: str
    role: Role
    groups: frozenset[str] = frozenset()

    def may(self, role: Role) -> bool:
        """Whether the visitor has at least this role."""
        return _RANK[self.role] >= _RANK[role]


# Whoever sits at this machine, where nobody has to sign in.
LOCAL = Visitor(name="本机", role="admin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A user or a key as it is listed: nothing secret."""

    name: str
    role: Role
    groups: tuple[str, ...]
    created: str


class Accounts:
    """Users, keys, tickets and the visibility of reports, in the records of a home; safe to share between threads."""

    def __init__(self, records: Records) -> None:
        self._records = records

    # -- users ---------------------------------------------------------------------------------------

    def put_user(self, name: str, password: str, role: Role, groups: Iterable[str] = ()) -> None:
        """Add a user, or give an existing one another password, role and groups; earlier logins end."""
        if len(password) < _PASSWORD:
            raise AccountError(f"密码至少 {_PASSWORD} 个字符")
        salt = secrets.token_bytes(16)
        kept = f"{salt.hex()}${_scrypt(password, salt).hex()}"
        values = (_name(name), kept, _role(role), _groups(groups), _now())
        with self._records.writing() as database:
            database.execute("DELETE FROM users WHERE name = ?", (name,))
            database.execute("INSERT INTO users VALUES (?, ?, ?, ?, ?)", values)

    def user(self, name: str) -> Visitor | None:
        row = self._records.row("SELECT * FROM users WHERE name = ?", name)
        return None if row is None else _visitor(row)

    def users(self) -> list[Account]:
        return [_account(row) for row in self._records.rows("SELECT * FROM users ORDER BY name")]

    def remove_user(self, name: str) -> None:
        self._remove("users", name, "没有叫 {name!r} 的用户")

    def signed_in(self, name: str, password: str, hours: int) -> str | None:
        """A ticket for the user of that name and password; None if there is none, after as long a time."""
        row = self._records.row("SELECT password FROM users WHERE name = ?", name)
        salt, _, kept = (row["password"] if row else f"{'00' * 16}$").partition("$")
        right = compare_digest(_scrypt(password, bytes.fromhex(salt)).hex(), kept)
        if row is None or not right:
            return None
        return self._ticket("user", name, Visitor(name=name, role="reader"), timedelta(hours=hours))

    # -- keys and tickets ----------------------------------------------------------------------------

    def make_key(self, name: str, role: Role, groups: Iterable[str] = ()) -> str:
        """A new key, shown this once.  Raises AccountError if the name is taken."""
        key = _secret()
        if self._records.row("SELECT 1 FROM keys WHERE name = ?", name):
            raise AccountError(f"已有叫 {name!r} 的密钥；先删除它，或换一个名字")
        with self._records.writing() as database:
            values = (_name(name), _digest(key), _role(role), _groups(groups), _now())
            database.execute("INSERT INTO keys VALUES (?, ?, ?, ?, ?)", values)
        return key

    def keys(self) -> list[Account]:
        return [_account(row) for row in self._records.rows("SELECT * FROM keys ORDER BY name")]

    def remove_key(self, name: str) -> None:
        """Take a key back, with all tickets that it gave out."""
        self._remove("keys", name, "没有叫 {name!r} 的密钥")

    def make_ticket(self, key: str, visitor: Visitor, lasting: timedelta) -> str | None:
        """A pass for `visitor` that the holder of `key` hands to a page; None if `key` is no key.

        It can never do or see more than the key itself: its role is reader, its groups are among the key's.
        """
        row = self._records.row("SELECT * FROM keys WHERE digest = ?", _digest(key))
        if row is None:
            return None
        own = _visitor(row)
        if own.role != "admin" and not visitor.groups <= own.groups:
            raise AccountError("密钥不属于这些组：" + "、".join(sorted(visitor.groups - own.groups)))
        return self._ticket("key", row["name"], visitor, lasting)

    def bearer(self, secret: str) -> Visitor | None:
        """Whose key or ticket this is; None if nobody's, or no longer."""
        digest = _digest(secret)
        row = self._records.row("SELECT * FROM keys WHERE digest = ?", digest)
        if row is not None:
            return _visitor(row)
        row = self._records.row("SELECT * FROM tickets WHERE digest = ? AND expires > ?", digest, _now())
        if row is None:
            return None
        return self.user(row["user"]) if row["user"] is not None else _visitor(row)

    def end_ticket(self, secret: str) -> None:
        """Sign out."""
        with self._records.writing() as database:
            database.execute("DELETE FROM tickets WHERE digest = ? OR expires <= ?", (_digest(secret), _now()))

    def _ticket(self, origin: Literal["user", "key"], owner: str, visitor: Visitor, lasting: timedelta) -> str:
        secret = _secret()
        expires = (datetime.now(UTC) + lasting).isoformat(timespec="seconds")
        names = {"user": None, "key": None, origin: owner}
        values = (_digest(secret), *names.values(), visitor.name, "reader", _groups(visitor.groups), expires)
        with self._records.writing() as database:
            database.execute("DELETE FROM tickets WHERE expires <= ?", (_now(),))
            database.execute("INSERT INTO tickets VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        return secret

    @property
    def is_empty(self) -> bool:
        """Whether nobody can come in by name or key."""
        return self._records.row("SELECT 1 FROM users UNION SELECT 1 FROM keys") is None

    # -- visibility ----------------------------------------------------------------------------------

    def visible(self, visitor: Visitor, cards: Iterable[ReportCard]) -> Scope:
        """The reports among `cards` that a visitor may know of; an admin, all.

        For others it names every one, so that a report which comes in a moment later is not in it.
        """
        if visitor.role == "admin":
            return Scope()
        kept = self.groups_by_report()
        shown = (card.id for card in cards if card.id not in kept or kept[card.id] & visitor.groups)
        return Scope(reports=frozenset(shown))

    def groups_by_report(self) -> dict[str, frozenset[str]]:
        """The reports that only some may see, and who."""
        rows = self._records.rows("SELECT * FROM visibility")
        return {row["report"]: frozenset(json.loads(row["groups"])) for row in rows}

    def show_to(self, reports: Iterable[str], groups: Collection[str] | None) -> None:
        """Let only these groups see the reports, none but admins where it is empty; all, where it is None."""
        with self._records.writing() as database:
            for report in reports:
                if groups is None:
                    database.execute("DELETE FROM visibility WHERE report = ?", (report,))
                else:
                    database.execute("INSERT OR REPLACE INTO visibility VALUES (?, ?)", (report, _groups(groups)))

    def _remove(self, table: Literal["users", "keys"], name: str, missing: str) -> None:
        with self._records.writing() as database:
            if not database.execute(f"DELETE FROM {table} WHERE name = ?", (name,)).rowcount:
                raise AccountError(missing.format(name=name))


def _visitor(row: Row) -> Visitor:
    return Visitor(name=row["name"], role=row["role"], groups=frozenset(json.loads(row["groups"])))


def _account(row: Row) -> Account:
    return Account(name=row["name"], role=row["role"], groups=tuple(json.loads(row["groups"])), created=row["created"])


def _name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise AccountError(f"名字 {name!r} 不能用：只能有文字、数字和 . @ + - _，最多 64 个")
    return name


def _role(role: str) -> str:
    if role not in _RANK:
        raise AccountError(f"没有 {role!r} 这个角色，可用的有：{'、'.join(_RANK)}")
    return role


def _groups(groups: Iterable[str]) -> str:
    return json.dumps(sorted({_name(group) for group in groups}), ensure_ascii=False)


def _secret() -> str:
    return f"wb-{secrets.token_urlsafe(32)}"


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _scrypt(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, dklen=32, **_SCRYPT)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
