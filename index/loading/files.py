"""A source file's bytes, or why it has none, in words for people."""

from __future__ import annotations

import stat
from pathlib import Path

from index.errors import DocumentTooLarge, LoadError

__all__ = ["bytes_of"]

# The longest report known has 200 kB of text; scans, pictures and archives need more.
_MOST_BYTES = 64 * 1024 * 1024


def bytes_of(source: Path) -> bytes:
    """What is in a file.  Raises `LoadError`, and `DocumentTooLarge` past the limit."""
    try:
        status = source.stat()
        if stat.S_ISDIR(status.st_mode):
            raise LoadError(f"“{source}”是文件夹，不是一份报告。")
        if not stat.S_ISREG(status.st_mode):
            raise LoadError(f"“{source}”不是普通文件，不能导入。")
        if status.st_size > _MOST_BYTES:
            raise DocumentTooLarge(
                f"“{source.name}”有 {status.st_size >> 20} MB，超过 {_MOST_BYTES >> 20} MB 的上限，不像是一份报告。"
                "请拆分或检查后再导入。"
            )
        return source.read_bytes()
    except FileNotFoundError as exc:
        raise LoadError(f"找不到文件“{source}”。请检查路径。") from exc
    except PermissionError as exc:
        raise LoadError(f"没有读取“{source}”的权限。请修改文件权限后再导入。") from exc
    except OSError as exc:
        raise LoadError(f"读取“{source}”失败：{exc.strerror or exc}。请检查磁盘或网络位置后再试。") from exc
