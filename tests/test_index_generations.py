"""Generations: swapped in whole, proved by hash, written by one at a time, untouched by whatever fails."""

from __future__ import annotations

import errno
import multiprocessing
from pathlib import Path

import pytest

from index import generations
from index.errors import IndexDamaged, IndexLocked, IndexMismatch, IndexMissing, IndexUnwritable
from index.generations import current_generation, draft, exclusive, generation_folder, publish, read_manifest, verify


def published(home: Path, text: str) -> str:
    with exclusive(home), draft(home) as folder:
        (folder / "part").mkdir()
        (folder / "part" / "words.txt").write_text(text, encoding="utf-8")
        return publish(home, folder, {"written": text})


def text_of(home: Path, generation: str) -> str:
    return (generation_folder(home, generation) / "part" / "words.txt").read_text(encoding="utf-8")


def folders(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "index" / "generations").iterdir())


def test_nothing_is_there_before_the_first(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="wenbao index"):
        current_generation(tmp_path)


def test_the_newest_is_in_force_and_the_only_one(tmp_path: Path) -> None:
    names = [published(tmp_path, text) for text in ("甲", "乙", "丙")]
    assert current_generation(tmp_path) == names[-1]
    assert folders(tmp_path) == names[2:]
    assert text_of(tmp_path, names[-1]) == "丙"
    assert [name.partition("-")[0] for name in names] == ["000001", "000002", "000003"]


def test_the_name_proves_the_manifest_and_the_manifest_every_file(tmp_path: Path) -> None:
    folder = generation_folder(tmp_path, published(tmp_path, "甲"))
    assert list(read_manifest(folder)["files"]) == ["part/words.txt"]
    verify(folder)
    (folder / "part" / "words.txt").write_text("乙", encoding="utf-8")  # as long as before
    read_manifest(folder)
    with pytest.raises(IndexDamaged, match=r"words\.txt"):
        verify(folder)


@pytest.mark.parametrize("harm", ["cut short", "removed", "manifest altered", "manifest removed"])
def test_damage_is_seen_on_opening(tmp_path: Path, harm: str) -> None:
    folder = generation_folder(tmp_path, published(tmp_path, "甲乙"))
    words, manifest = folder / "part" / "words.txt", folder / "manifest.json"
    match harm:
        case "cut short":
            words.write_text("甲", encoding="utf-8")
        case "removed":
            words.unlink()
        case "manifest altered":
            manifest.write_text(manifest.read_text(encoding="utf-8").replace("甲", "丁"), encoding="utf-8")
        case "manifest removed":
            manifest.unlink()
    with pytest.raises(IndexDamaged, match="--rebuild"):
        read_manifest(folder)


def test_another_format_is_a_mismatch_that_names_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = generation_folder(tmp_path, published(tmp_path, "甲"))
    monkeypatch.setattr(generations, "FORMAT", generations.FORMAT + 1)
    with pytest.raises(IndexMismatch, match="--rebuild"):
        read_manifest(folder)


@pytest.mark.parametrize(
    ("failure", "seen_as"),
    [
        (KeyboardInterrupt(), KeyboardInterrupt),
        (OSError(errno.ENOSPC, "No space left on device"), IndexUnwritable),
        (OSError(errno.EROFS, "Read-only file system"), IndexUnwritable),
        (RuntimeError("bug"), RuntimeError),
    ],
)
@pytest.mark.parametrize("moment", ["while writing", "while syncing", "while swapping"])
def test_whatever_fails_the_old_generation_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException, seen_as: type[BaseException], moment: str
) -> None:
    old = published(tmp_path, "甲")

    def fail(*_: object) -> None:
        raise failure

    with pytest.raises(seen_as), monkeypatch.context() as patched:
        if moment == "while syncing":
            patched.setattr(generations, "_sync", fail)
        if moment == "while swapping":
            patched.setattr(Path, "replace", fail)
        with exclusive(tmp_path), draft(tmp_path) as folder:
            (folder / "words.txt").write_text("乙", encoding="utf-8")
            if moment == "while writing":
                fail()
            publish(tmp_path, folder, {})
    assert current_generation(tmp_path) == old
    verify(generation_folder(tmp_path, old))
    new = published(tmp_path, "丙")
    assert folders(tmp_path) == [new]


def test_what_a_killed_writer_left_is_cleared_away(tmp_path: Path) -> None:
    published(tmp_path, "甲")
    left = generation_folder(tmp_path, "draft")
    left.mkdir()
    (left / "half.bin").write_bytes(b"1")
    new = published(tmp_path, "乙")
    assert folders(tmp_path) == [new]
    assert list(read_manifest(generation_folder(tmp_path, new))["files"]) == ["part/words.txt"]


def test_one_writes_at_a_time(tmp_path: Path) -> None:
    with exclusive(tmp_path), pytest.raises(IndexLocked, match="另一个程序"), exclusive(tmp_path):
        pass
    with exclusive(tmp_path):
        pass


def _hold(home: Path, held: object, release: object) -> None:
    with exclusive(home):
        held.set()  # type: ignore[attr-defined]
        release.wait(30)  # type: ignore[attr-defined]


def test_the_lock_holds_between_processes_and_falls_with_them(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    held, release = spawn.Event(), spawn.Event()
    other = spawn.Process(target=_hold, args=(tmp_path, held, release))
    other.start()
    assert held.wait(30)
    with pytest.raises(IndexLocked), exclusive(tmp_path):
        pass
    other.kill()
    other.join()
    with exclusive(tmp_path):
        pass


def test_a_home_that_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(IndexUnwritable, match=str(tmp_path)), exclusive(tmp_path):
        pass
