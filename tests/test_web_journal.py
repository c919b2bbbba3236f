"""What is kept of questions, and for how long."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests import scripted
from web.accounts import Accounts
from web.journal import Asked, Journal
from web.records import FILE, Records


def asked(question: str) -> Asked:
    return Asked(visitor="zhang", channel="api", request="", question=question)


def test_what_is_older_than_the_days_that_are_set_is_gone_from_the_file_too(tmp_path: Path) -> None:
    records = Records(tmp_path)
    journal = Journal(records, days=30)
    journal.note_unfinished(asked("很久以前的一问"), "old", ["旧的一句"])
    journal.note_unfinished(asked("昨天的一问"), "new", [])
    journal.judge("old", "zhang", "down", comment="旧的评价")
    journal.note_change("zhang", "cli", "", "add", ["旧的报告"])
    with records.writing() as database:
        past = (datetime.now(UTC) - timedelta(days=31)).isoformat()
        database.execute("UPDATE asks SET at = ? WHERE id = 'old'", (past,))
        database.execute("UPDATE changes SET at = ?", (past,))
    assert len(journal.asks()) == 2

    journal = Journal(records, days=30)
    assert [ask["question"] for ask in journal.asks()] == ["昨天的一问"]
    assert list(journal.feedback()) == [] == journal.changes()
    records.close()
    left = (tmp_path / FILE).read_bytes()
    assert "昨天的一问".encode() in left
    for gone in ("很久以前的一问", "旧的一句", "旧的评价", "旧的报告"):
        assert gone.encode() not in left


def test_an_answer_that_the_end_of_the_server_broke_off_is_kept_as_far_as_it_came() -> None:
    desk = scripted.desk(scripted.ScriptedAssistant())
    answered = desk.begin(asked("答完的一问"), [])
    desk.finish(asked("答完的一问"), answered, scripted.answered("答完的一问"))
    desk.begin(asked("没答完的一问"), ["已说的一句"])
    desk.close()
    assert {(ask["question"], ask["status"]) for ask in desk.journal.asks()} == {
        ("答完的一问", "answered"),
        ("没答完的一问", "stopped"),
    }


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make files that belong to others")
def test_a_user_whom_root_adds_can_sign_in_to_a_service_that_runs_as_somebody_else(tmp_path: Path) -> None:
    os.chown(tmp_path, 12345, 12345)
    records = Records(tmp_path)
    Accounts(records).put_user("boss", "correct horse", "admin", ())
    assert {file.name: file.stat().st_uid for file in tmp_path.iterdir()} == {
        FILE: 12345,
        f"{FILE}-wal": 12345,
        f"{FILE}-shm": 12345,
    }
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    records.close()
