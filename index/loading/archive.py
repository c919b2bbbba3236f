"""Zip archives of reports: what is in them, under names that can do no harm."""

from __future__ import annotations

from os import PathLike
from pathlib import Path, PurePosixPath

from index.errors import EmptyDocument, LoadError
from index.loading.containers import Container
from index.loading.files import bytes_of
from index.loading.formats import ARCHIVE, supported_endings

__all__ = ["members", "unpack"]

_MOST_REPORTS = 1_000
_LONGEST_NAME = 120


def members(data: bytes, name: str) -> dict[str, bytes]:
    """The files in an archive that can be reports, by bare name: folders are left out of it, and so is ../ .

    Raises `LoadError` where the archive is damaged or locked, `EmptyDocument` where there is no such file.
    """
    container = Container(data, name)
    found: dict[str, bytes] = {}
    nested = False
    for part in container:
        bare = PurePosixPath(container.printed_name(part)).name.replace("\0", "")
        ending = PurePosixPath(bare).suffix.lower()
        nested = nested or ending == ARCHIVE
        if bare.startswith((".", "~$")) or "__MACOSX" in part or ending == ARCHIVE or ending not in supported_endings():
            continue
        if len(bare) > _LONGEST_NAME:
            raise LoadError(f"“{name}”里有文件名超过 {_LONGEST_NAME} 字。请改名后再导入。")
        if len(found) == _MOST_REPORTS:
            raise LoadError(f"“{name}”里的文件超过 {_MOST_REPORTS} 份。请分几次导入。")
        if bare in found:
            raise LoadError(f"“{name}”里有两个文件都叫“{bare}”。请改名后再导入。")
        found[bare] = container.read(part)
    if not found:
        inside = "里面还是压缩包，请先解压" if nested else f"里面没有能读取的报告（{'、'.join(supported_endings())}）"
        raise EmptyDocument(f"“{name}”{inside}。请检查文件。")
    return found


def unpack(path: str | PathLike[str], folder: Path) -> list[Path]:
    """Writes the reports of an archive into a folder and says where.  Raises what `members` raises."""
    source = Path(path)
    written = []
    for bare, content in members(bytes_of(source), source.name).items():
        target = folder / bare
        target.write_bytes(content)
        written.append(target)
    return written
