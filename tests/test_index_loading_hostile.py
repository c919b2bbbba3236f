"""Whatever is dropped in, the server goes on: a file is read without harm or refused in words for people."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from index.errors import DocumentTooLarge, LoadError
from index.loading import limits, load_report, worker
from tests.hostile import HOSTILE


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files(tmp_path: Path, name: str) -> None:
    make, expected = HOSTILE[name]
    path = tmp_path / name
    path.write_bytes(make())
    if not expected:
        report = load_report(path, overrides={"region": "云岭区", "year": 2024})
        read = "".join(paragraph.text for paragraph in report.paragraphs)
        assert "云岭区" in read
        assert not re.search("root:|cmd.exe|640640640", read)
    else:
        with pytest.raises(LoadError, match=expected) as caught:
            load_report(path)
        assert re.search("请|没有可读的文字", str(caught.value)), "the message says what to do"
        assert "Traceback" not in str(caught.value)
    assert [child.name for child in tmp_path.iterdir()] == [name], "nothing is written beside the file"


def test_there_are_at_least_sixty() -> None:
    assert len(HOSTILE) >= 60


def apart(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Runs a program in place of the loader, within the same limits."""
    run = subprocess.run
    command = [sys.executable, "-c", f"from index.loading import limits; limits.impose(); {program}"]
    monkeypatch.setattr(subprocess, "run", lambda _, **options: run(command, **options))


@pytest.mark.skipif(sys.platform == "win32", reason="the system has no such limits")
@pytest.mark.parametrize(
    ("program", "error", "message"),
    [
        ("import signal; signal.alarm(1)\nwhile True: pass", DocumentTooLarge, "还没有读完"),
        ("x = bytearray(64 << 30)", LoadError, "中断了.*内存"),
        ("import os; os.abort()", LoadError, "中断了"),
        ("import os; os.kill(os.getpid(), 9)", LoadError, "中断了"),
        ("import os; os._exit(0)", LoadError, "中断了"),
        ("print('{not json')", LoadError, "中断了"),
    ],
)
def test_a_loader_that_breaks_down_takes_nothing_with_it(
    monkeypatch: pytest.MonkeyPatch, program: str, error: type[LoadError], message: str
) -> None:
    apart(monkeypatch, program)
    with pytest.raises(error, match=message):
        worker.load_apart(".docx", b"", "云岭区_2024.docx")


def test_more_time_is_given_only_to_a_process_that_is_timed() -> None:
    limits.extend()  # would end this process in two minutes, had it set the alarm
    import signal

    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0
