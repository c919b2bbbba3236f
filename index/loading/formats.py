"""Which loader reads which kind of file.

A new format is one module with a function from the file's bytes and name to blocks, and one line here.
Loaders raise `LoadError` or its kinds, with the file's name in the message; heavy libraries are imported inside them.
"""

from __future__ import annotations

from collections.abc import Callable

from index.errors import UnknownFormat
from index.loading.markdown import load_markdown
from index.loading.plain import load_plain
from index.structure import Block

__all__ = ["Loader", "loader_for", "supported_endings"]

Loader = Callable[[bytes, str], list[Block]]

_LOADERS: dict[str, Loader] = {
    ".txt": load_plain,
    ".text": load_plain,
    ".md": load_markdown,
    ".markdown": load_markdown,
}


def supported_endings() -> tuple[str, ...]:
    """The file name endings that can be read, in lower case, with the dot."""
    return tuple(_LOADERS)


def loader_for(name: str) -> Loader:
    """The loader for a file of this name.  Raises `UnknownFormat`."""
    dot = name.rfind(".")
    ending = name[dot:].lower() if dot > 0 else ""
    if ending in _LOADERS:
        return _LOADERS[ending]
    kind = f"“{ending}”文件" if ending else "没有扩展名的文件"
    raise UnknownFormat(f"不能读取“{name}”：还不支持{kind}。请另存为 {'、'.join(_LOADERS)} 之一再导入。")
