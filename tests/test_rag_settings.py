"""Settings: where a value comes from, and what is said of a wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import SettingsError
from rag.settings import Settings


@pytest.fixture(autouse=True)
def bare_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_defaults_need_no_file() -> None:
    settings = Settings.load()
    assert (settings.home, settings.host, settings.port, settings.engine) == (
        Path("var"),
        "127.0.0.1",
        7860,
        "extractive",
    )


def test_an_argument_beats_the_environment_which_beats_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "wenbao.toml").write_text("port = 8001\nquestion_characters = 99", encoding="utf-8")
    assert Settings.load(home=tmp_path).port == 8001
    monkeypatch.setenv("WENBAO_PORT", "8002")
    assert Settings.load(home=tmp_path).port == 8002
    assert Settings.load(home=tmp_path, port=8003).port == 8003
    assert Settings.load(home=tmp_path).question_characters == 99


def test_the_home_of_the_environment_is_where_the_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "资料"
    home.mkdir()
    (home / "wenbao.toml").write_text("port = 8001", encoding="utf-8")
    monkeypatch.setenv("WENBAO_HOME", str(home))
    assert Settings.load().port == 8001


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("prot = 8001", "没有 prot 这一项，可用的有：asks_per_minute、"),
        ('port = "八千"', "port：应是整数（现为 '八千'"),
        ("port = 0", "port：不能小于 1"),
        ('engine = "猜"', "engine：应是 extractive、local"),
        ('home = "别处"', "不能写 home"),
        ("port = ", "不是正确的 TOML"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, file: str, words: str) -> None:
    (tmp_path / "wenbao.toml").write_text(file, encoding="utf-8")
    with pytest.raises(SettingsError, match=words):
        Settings.load(home=tmp_path)


def test_a_misspelt_variable_is_an_error_not_a_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENBAO_PROT", "8001")
    with pytest.raises(SettingsError, match="WENBAO_PROT 不是设置项"):
        Settings.load()
