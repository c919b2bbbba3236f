"""Which loader reads which kind of file.

A new format is one module with a function from the file's bytes and name to a `Document`, and one line here.  Loaders
raise `LoadError` or its kinds, with the file's name in the message.  All but plain text run in a process of their own:
there is hardly a library for such formats that no file has ever brought down.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from index.errors import UnknownFormat
from index.loading.document import Document
from index.loading.worker import load_apart

__all__ = ["ARCHIVE", "Loader", "ending_of", "load", "loader_for", "supported_endings"]

Loader = Callable[[bytes, str], Document]

ARCHIVE = ".zip"
_TEXT = {
    ".txt": "plain.load_plain",
    ".text": "plain.load_plain",
    ".md": "markdown.load_markdown",
    ".markdown": "markdown.load_markdown",
}
_APART = {
    ".html": "html.load_html",
    ".htm": "html.load_html",
    ".mhtml": "html.load_mhtml",
    ".mht": "html.load_mhtml",
    ".docx": "docx.load_docx",
    ".docm": "docx.load_docx",
    ".doc": "office.load_office",
    ".wps": "office.load_office",
    ".rtf": "office.load_office",
    ".odt": "office.load_office",
    ".xlsx": "xlsx.load_xlsx",
    ".xls": "office.load_office",
    ".et": "office.load_office",
    ".pdf": "pdf.load_pdf",
    ".ofd": "ofd.load_ofd",
    ".png": "ocr.load_image",
    ".jpg": "ocr.load_image",
    ".jpeg": "ocr.load_image",
    ".tif": "ocr.load_image",
    ".tiff": "ocr.load_image",
    ".bmp": "ocr.load_image",
}
_LOADERS = {**_TEXT, **_APART}


def supported_endings() -> tuple[str, ...]:
    """The file name endings that can be read, in lower case, with the dot."""
    return (*_LOADERS, ARCHIVE)


def load(data: bytes, name: str) -> Document:
    """What stands in a file of this name, read in a process of its own unless it is text.  Raises `LoadError`."""
    ending = ending_of(name)
    return loader_for(ending)(data, name) if ending in _TEXT else load_apart(ending, data, name)


def loader_for(ending: str) -> Loader:
    """The loader for an ending that is supported, to be called in this process."""
    module, function = _LOADERS[ending].split(".")
    loader: Loader = getattr(import_module(f"index.loading.{module}"), function)
    return loader


def ending_of(name: str) -> str:
    """The supported ending that a name has.  Raises `UnknownFormat`."""
    dot = name.rfind(".")
    ending = name[dot:].lower() if dot > 0 else ""
    if ending in supported_endings():
        return ending
    kind = f"“{ending}”文件" if ending else "没有扩展名的文件"
    raise UnknownFormat(f"不能读取“{name}”：还不支持{kind}。请另存为 {'、'.join(supported_endings())} 之一再导入。")
