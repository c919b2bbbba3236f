"""Zip packages and the XML in them, read within limits: docx, xlsx, OFD and archives come this way.

A package may be made to hurt: kilobytes that unpack to terabytes, XML entities that grow or that reach for other
files, names that lead out of a folder.  Nothing here writes to disk, resolves an entity or follows an address.
"""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

from index.errors import DocumentTooLarge, LoadError

__all__ = ["Container", "parse_xml"]

# Reports take some hundred kilobytes unpacked, with pictures some ten megabytes.
_MOST_ENTRIES = 10_000
_MOST_BYTES = 256 * 1024 * 1024
# Text packs to a tenth, repetitive XML to a hundredth; below this size no ratio hurts.
_HIGHEST_RATIO, _HARMLESS = 200, 8 * 1024 * 1024
# A declaration stands before the root element, perhaps in UTF-16.
_PROLOGUE = 65536
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800

# Faults of a broken package as zipfile lets them through; RuntimeError is what it says of passwords.
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)


class Container:
    """A zip package in memory.  Raises `LoadError` and `DocumentTooLarge`, naming the file `name`."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self._left = _MOST_BYTES
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _FAULTS as exc:
            raise LoadError(
                f"“{name}”已损坏或没有下载完整，打不开。请重新获取文件，或用原软件打开后另存一份。"
            ) from exc
        entries = self._zip.infolist()
        if len(entries) > _MOST_ENTRIES:
            raise DocumentTooLarge(
                f"“{name}”里有 {len(entries)} 个文件，超过 {_MOST_ENTRIES} 个的上限。请拆分后再导入。"
            )
        self._entries = {entry.filename.replace("\\", "/").lstrip("/"): entry for entry in entries}

    def __contains__(self, part: str) -> bool:
        return part in self._entries

    def __iter__(self) -> Iterator[str]:
        """The names of the files in it; links, which lead elsewhere once unpacked, are none."""
        return (part for part, entry in self._entries.items() if not entry.is_dir() and not _is_link(entry))

    def printed_name(self, part: str) -> str:
        """The name of a part for people: Chinese names that old Windows programs wrote in GBK are read as such."""
        entry = self._entries[part]
        if entry.flag_bits & _UTF8_NAME or entry.filename.isascii():
            return part
        try:
            return entry.filename.encode("cp437").decode("gb18030").replace("\\", "/").lstrip("/")
        except UnicodeError:
            return part

    def read(self, part: str) -> bytes:
        """The bytes of a part, at most so many in all; a part that is missing is a fault of the file."""
        entry = self._entries.get(part)
        if entry is None:
            raise LoadError(f"“{self.name}”缺少必需的部分 {part}，可能已损坏。请用原软件打开后另存一份。")
        if entry.flag_bits & _ENCRYPTED:
            raise LoadError(f"“{self.name}”设有密码，打不开。请先去掉密码再导入。")
        if entry.file_size > max(_HARMLESS, _HIGHEST_RATIO * entry.compress_size) or entry.file_size > self._left:
            raise DocumentTooLarge(
                f"“{self.name}”解压后过大（单个文件 {entry.file_size >> 20} MB），没有导入。请检查文件来源。"
            )
        try:
            with self._zip.open(entry) as opened:
                data = opened.read(entry.file_size + 1)
        except _FAULTS as exc:
            raise LoadError(f"“{self.name}”已损坏，其中的 {part} 读不出来。请重新获取文件。") from exc
        self._left -= len(data)
        return data

    def verify(self) -> None:
        """Reads every XML part for limits and declarations, before a library that knows of neither gets the package."""
        for part in self:
            data = self.read(part)
            if part.endswith((".xml", ".rels")) and b"<!DOCTYPE" in data[:_PROLOGUE].replace(b"\0", b""):
                raise _declared(self.name)

    def xml(self, part: str) -> etree._Element:
        """The root of an XML part."""
        return parse_xml(self.read(part), f"{self.name}”中的“{part}")


def parse_xml(data: bytes, name: str) -> etree._Element:
    """The root element.  Document type declarations, which these formats forbid, are refused with all entities."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as exc:
        raise LoadError(f"“{name}”不是完好的 XML（{_reason(exc)}）。请用原软件打开后另存一份。") from exc
    if b"<!DOCTYPE" in data[:_PROLOGUE].replace(b"\0", b""):
        raise _declared(name)
    return root


def _is_link(entry: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(entry.external_attr >> 16)


def _declared(name: str) -> LoadError:
    return LoadError(f"“{name}”带有文档类型声明（DTD），可能有害，没有导入。请检查文件来源。")


def _reason(exc: Exception) -> str:
    text = str(exc)
    if "depth" in text.lower():
        return "嵌套过深"
    return "内容过长" if "too long" in text or "huge" in text.lower() else "已损坏"
