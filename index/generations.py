"""How an index lies on disk: generations, each built beside the old one and swapped in whole.

    <home>/index/CURRENT                                   the name of the generation in force
    <home>/index/lock                                      held by whoever writes
    <home>/index/generations/000003-9f2c4e81ab03/          a number that grows, and the hash of …
        manifest.json                                      … this, which holds the hash of every other file
        …

So the name in CURRENT proves every byte.  A file once published is never written again, and a reader that
has opened a generation keeps it: its files are all open, and deleted ones last as long as that.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from index.errors import IndexDamaged, IndexLocked, IndexMismatch, IndexMissing, IndexUnwritable

__all__ = [
    "FORMAT",
    "current_generation",
    "disk_errors",
    "draft",
    "exclusive",
    "generation_folder",
    "publish",
    "read_manifest",
    "verify",
]

# Raised whenever files of an older version can no longer be read, or would be read wrongly.
FORMAT = 2

REBUILD = "请运行 wenbao index <报告所在的文件夹> --rebuild 重建索引。"

_MANIFEST = "manifest.json"
_DRAFT = "draft"


def current_generation(home: Path) -> str:
    """The name of the generation in force; cheap enough to ask before every question.  Raises IndexMissing."""
    try:
        return _pointer(home).read_text(encoding="ascii").strip()
    except FileNotFoundError as exc:
        raise IndexMissing(f"{home} 里还没有索引。请先运行 wenbao index <报告所在的文件夹>。") from exc


def generation_folder(home: Path, generation: str) -> Path:
    return home / "index" / "generations" / generation


@contextmanager
def exclusive(home: Path) -> Iterator[None]:
    """Be the only one that writes.  Raises IndexLocked at once if somebody else is, and IndexUnwritable."""
    with disk_errors(home):
        (home / "index" / "generations").mkdir(parents=True, exist_ok=True)
        lock = FileLock(home / "index" / "lock", timeout=0)
        try:
            lock.acquire()
        except Timeout as exc:
            raise IndexLocked("另一个程序正在更新索引，请等它结束后再试。") from exc
    try:
        yield
    finally:
        lock.release()


@contextmanager
def draft(home: Path) -> Iterator[Path]:
    """An empty folder to build a generation in; whatever happens, nothing of it stays unless it was published.

    Only within `exclusive`.  Raises IndexUnwritable when the disk is full or may not be written.
    """
    folder = home / "index" / "generations" / _DRAFT
    shutil.rmtree(folder, ignore_errors=True)  # left by a process that was killed
    with disk_errors(home):
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def publish(home: Path, folder: Path, description: Mapping[str, Any]) -> str:
    """Turn a draft into the generation in force, in one step, and return its name.

    The manifest is `description` with the format and the size and SHA-256 of every file.  All is on the
    disk before CURRENT names it.  Raises OSError, and then the old generation stands.
    """
    files = {
        path.relative_to(folder).as_posix(): {"bytes": path.stat().st_size, "sha256": _digest(path)}
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    manifest = json.dumps({"format": FORMAT, **description, "files": files}, ensure_ascii=False, indent=1).encode()
    (folder / _MANIFEST).write_bytes(manifest)
    for path in [*folder.rglob("*"), folder]:
        _sync(path)

    generations, pointer = folder.parent, _pointer(home)
    generation = f"{_next_number(generations):06d}-{sha256(manifest).hexdigest()[:12]}"
    following = pointer.with_suffix(".new")
    following.write_text(f"{generation}\n", encoding="ascii")
    _sync(following)
    folder.rename(generations / generation)
    _sync(generations)
    following.replace(pointer)
    _sync(pointer.parent)
    for old in generations.iterdir():
        if old.name != generation:  # what was removed must not be found on the disk either
            shutil.rmtree(old, ignore_errors=True)  # Windows keeps what a reader has open until the next time
    return generation


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a generation of this format, with all its files in place.  Raises IndexDamaged, IndexMismatch."""
    try:
        written = (folder / _MANIFEST).read_bytes()
    except OSError as exc:
        raise IndexDamaged(f"索引的清单 {folder / _MANIFEST} 无法读取。{REBUILD}") from exc
    if sha256(written).hexdigest()[:12] != folder.name.rpartition("-")[2]:
        raise IndexDamaged(f"索引的清单 {folder / _MANIFEST} 被改动过。{REBUILD}")
    manifest: dict[str, Any] = json.loads(written)
    if manifest["format"] != FORMAT:
        raise IndexMismatch(f"索引的格式是第 {manifest['format']} 版，本程序用的是第 {FORMAT} 版。{REBUILD}")
    for name, expected in manifest["files"].items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != expected["bytes"]:
            raise IndexDamaged(f"索引的文件 {path} 不在或大小不对。{REBUILD}")
    return manifest


def verify(folder: Path) -> None:
    """Compare every file with the hash in the manifest.  Raises IndexDamaged, which names the first that differs."""
    for name, expected in read_manifest(folder)["files"].items():
        if _digest(folder / name) != expected["sha256"]:
            raise IndexDamaged(f"索引的文件 {folder / name} 被改动过。{REBUILD}")


_UNWRITABLE = {
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超出磁盘配额",
    errno.EROFS: "磁盘只读",
    errno.EACCES: "没有写权限",
    errno.EPERM: "没有写权限",
}


@contextmanager
def disk_errors(home: Path) -> Iterator[None]:
    """Say in words what keeps a disk from being written."""
    try:
        yield
    except OSError as exc:
        if exc.errno not in _UNWRITABLE:
            raise
        raise IndexUnwritable(f"无法写入 {home}：{_UNWRITABLE[exc.errno]}。原有的索引没有改动。") from exc


def _pointer(home: Path) -> Path:
    return home / "index" / "CURRENT"


def _next_number(generations: Path) -> int:
    return 1 + max((int(path.name.partition("-")[0]) for path in generations.glob("*-*")), default=0)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    if path.is_dir() and os.name == "nt":
        return  # Windows cannot open folders and does not need to
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
