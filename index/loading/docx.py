"""Word documents (docx): the text as printed, with what Word adds by itself and without what was struck out.

Read from the XML, for what a reader sees of a document is not what stands in its text: list numbers are counted,
tracked changes kept beside what they replaced, notes and text boxes stored elsewhere.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from index.errors import LoadError
from index.loading.containers import Container
from index.loading.document import Document
from index.loading.numbering import Numbering, W, whole
from index.loading.passages import joined_lines, numbered, raised
from index.loading.tables import is_layout, table_sentences
from index.structure import Block

__all__ = ["load_docx"]

_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_LONGEST_HEADING = 60
# Struck out, moved away, or not text at all; the fallback says once more what a newer element says.
_SKIPPED = frozenset(str.split("del moveFrom instrText delText pPr rPr fldData rt sectPr")) | {f"{_COMPATIBLE}Fallback"}
_CHARACTERS = {"noBreakHyphen": "-", "tab": " ", "ptab": " ", "cr": "\n"}


@dataclass(slots=True)
class _Text:
    """A paragraph being read: what belongs to it but stands outside its line comes after it."""

    line: str = ""
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Style:
    """What a paragraph style, with those that it is based on, says of its paragraphs."""

    level: int | None
    number: tuple[str, int] | None
    contents: bool


def load_docx(data: bytes, name: str) -> Document:
    """The paragraphs of a Word document, tables as sentences, notes and text boxes after their paragraph.

    Raises `LoadError` for files that are damaged, locked with a password or no Word documents.
    """
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise LoadError(f"“{name}”设有打开密码，或其实是旧版 Word（.doc）。请去掉密码，另存为 .docx 再导入。")
    container = Container(data, name)
    main = _target(container, "", "officeDocument")
    if main is None:
        raise LoadError(f"“{name}”不是 Word 文档，可能改过扩展名。请用原软件打开，另存为 .docx。")
    reader = _Reader(container, main)
    blocks = tuple(reader.blocks())
    if not blocks and any("/media/" in part for part in container):
        raise LoadError(f"“{name}”里只有图片，没有文字。请在 Word 里另存为 PDF 再导入，以便识别图片里的文字。")
    return Document(blocks=blocks, tables=reader.tables, notes=tuple(reader.notes))


def _target(container: Container, part: str, kind: str) -> str | None:
    """The part that `part` ("" for the package) refers to as its `kind`."""
    folder, file = posixpath.split(part)
    relations = posixpath.join(folder, "_rels", f"{file}.rels")
    if relations not in container:
        return None
    for relation in container.xml(relations).iter(f"{_RELATIONS}Relationship"):
        if relation.get("Type", "").endswith(f"/{kind}") and relation.get("TargetMode") != "External":
            target = relation.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            return path if path in container else None
    return None


class _Reader:
    def __init__(self, container: Container, main: str) -> None:
        if _STRICT in container.read(main)[:4096]:
            raise LoadError(f"“{container.name}”存为“严格 Open XML”格式，读不了。请在 Word 里另存为普通的 .docx。")
        self.tables = 0
        self.notes: list[str] = []
        root = container.xml(main)
        body = root.find(f"{W}body")
        if body is None:
            raise LoadError(f"“{container.name}”里没有正文，可能已损坏。请用 Word 打开后另存一份。")
        self._body = body
        parts = {kind: _target(container, main, kind) for kind in ("styles", "numbering", "footnotes", "endnotes")}
        roots = {kind: container.xml(part) for kind, part in parts.items() if part}
        self._numbering = Numbering(roots.get("numbering"))
        self._styles = _styles(roots.get("styles"))
        self._default_style = _default_style(roots.get("styles"))
        self._notes: dict[tuple[str, str], etree._Element] = {
            (kind, note.get(f"{W}id", "")): note
            for kind in ("footnotes", "endnotes")
            if kind in roots
            for note in roots[kind]
            if note.get(f"{W}type") in (None, "normal")
        }
        if any(next(body.iter(f"{W}{tag}"), None) is not None for tag in ("ins", "del", "moveTo", "moveFrom")):
            self.notes.append("文档里有未接受的修订，已按全部接受读取。")

    def blocks(self) -> Iterator[Block]:
        yield from self._content(self._body)

    def _content(self, parent: etree._Element) -> Iterator[Block]:
        held = ""  # of a paragraph whose end was struck out: it runs on into the next
        for element in _children(parent):
            if element.tag == f"{W}tbl":
                yield from self._table(element)
            elif element.tag == f"{W}p":
                text = _Text()
                self._read(element, text)
                line = held + text.line
                held = ""
                if element.find(f"{W}pPr/{W}rPr/{W}del") is not None:
                    held = line
                else:
                    yield from self._paragraph(element, line)
                yield from self._beside(text)
        if held.strip():
            yield Block(text=joined_lines(held))

    def _paragraph(self, element: etree._Element, line: str) -> Iterator[Block]:
        style = self._styles.get(_setting(element, "pStyle") or self._default_style)
        if style and style.contents:
            return
        number = self._number(element, style) if line.strip() else ""
        level = _outline(element.find(f"{W}pPr"), style)
        pieces = [" ".join(piece.split()) for piece in line.split("\n")]
        for piece in (piece for piece in pieces if piece):
            heading = level is not None and len(piece) <= _LONGEST_HEADING and "。" not in piece[:-1]
            yield Block(text=numbered(number, piece), level=level if heading else None)
            number = ""

    def _number(self, element: etree._Element, style: _Style | None) -> str:
        direct = element.find(f"{W}pPr/{W}numPr")
        number, level = style.number if style and style.number else ("", 0)
        if direct is not None:
            number = _setting_of(direct, "numId") or number
            level = whole(_setting_of(direct, "ilvl")) or level
        return self._numbering.following(number, level) if number not in ("", "0") else ""

    def _beside(self, text: _Text) -> Iterator[Block]:
        for box in text.boxes:
            yield from self._content(box)
        for key in text.notes:
            if (note := self._notes.get(key)) is not None:
                content = "".join(block.text for block in self._content(note))
                yield from [Block(text=f"注：{content}")] if content else []

    def _read(self, element: etree._Element, text: _Text) -> None:
        for child in element:
            match str(child.tag).removeprefix(W):
                case "r":
                    self._run(child, text)
                case "t":
                    text.line += child.text or ""
                case "br":
                    text.line += "\n" if child.get(f"{W}type", "textWrapping") == "textWrapping" else ""
                case "sym":
                    text.line += _symbol(child)
                case "footnoteReference" | "endnoteReference" as reference:
                    text.notes.append((reference.removesuffix("Reference") + "s", child.get(f"{W}id", "")))
                case "txbxContent":
                    text.boxes.append(child)
                case tag if tag in _CHARACTERS:
                    text.line += _CHARACTERS[tag]
                case tag if tag == f"{_MATH}t":
                    text.line += child.text or ""
                case tag if tag not in _SKIPPED:
                    self._read(child, text)

    def _run(self, run: etree._Element, text: _Text) -> None:
        properties = run.find(f"{W}rPr")
        if _is_on(properties, "vanish"):
            return
        piece = _Text()
        self._read(run, piece)
        is_raised = properties is not None and _setting_of(properties, "vertAlign") == "superscript"
        text.line += raised(piece.line, text.line) if is_raised else piece.line
        text.boxes += piece.boxes
        text.notes += piece.notes

    def _table(self, table: etree._Element) -> Iterator[Block]:
        cells = [
            (row, [cell for cell in _children(row) if cell.tag == f"{W}tc"])
            for row in _children(table)
            if row.tag == f"{W}tr" and row.find(f"{W}trPr/{W}del") is None
        ]
        contents = {cell: list(self._content(cell)) for _, row in cells for cell in row}
        grid = _grid([row for _, row in cells], {cell: _cell(blocks) for cell, blocks in contents.items()})
        if is_layout(grid):
            yield from (block for _, row in cells for cell in row for block in contents[cell])
        else:
            self.tables += 1
            marked = sum(_is_on(row.find(f"{W}trPr"), "tblHeader") for row, _ in cells)
            yield from (Block(text=s) for s in table_sentences(grid, header_rows=marked or None))


def _children(parent: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs, tables, rows or cells in an element, whatever controls and changes are wrapped around them."""
    for child in parent:
        if child.tag in (f"{W}p", f"{W}tbl", f"{W}tr", f"{W}tc"):
            yield child
        elif child.tag == f"{W}sdt":
            content = child.find(f"{W}sdtContent")
            gallery = child.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
            if content is not None and (gallery is None or gallery.get(f"{W}val") != "Table of Contents"):
                yield from _children(content)
        elif child.tag in (f"{W}ins", f"{W}moveTo", f"{W}customXml", f"{W}smartTag"):
            yield from _children(child)


def _cell(blocks: list[Block]) -> str:
    text = ""
    for block in blocks:
        text += ("；" if text and text[-1] not in "。；，：！？、" else "") + block.text
    return text


def _grid(rows: list[list[etree._Element]], texts: dict[etree._Element, str]) -> list[list[str]]:
    grid: list[list[str]] = []
    for row in rows:
        cells: list[str] = []
        for cell in row:
            properties = cell.find(f"{W}tcPr")
            merge = None if properties is None else properties.find(f"{W}vMerge")
            text = texts[cell]
            if merge is not None and merge.get(f"{W}val") != "restart" and grid and len(cells) < len(grid[-1]):
                text = grid[-1][len(cells)]
            span = "" if properties is None else _setting_of(properties, "gridSpan")
            cells += [text] * (min(int(span), 200) if span.isdecimal() and len(span) < 5 else 1)
        grid.append(cells)
    width = max(map(len, grid), default=0)
    return [row + [""] * (width - len(row)) for row in grid]


def _symbol(element: etree._Element) -> str:
    """Symbols lie in a private area of symbol fonts; a tick or a dot that has no character is left out."""
    code = int(element.get(f"{W}char", "0")[-4:] or "0", 16)
    return chr(code) if 0x20 <= code < 0xD800 or 0xF900 <= code < 0xFFF0 else ""


def _styles(root: etree._Element | None) -> dict[str, _Style]:
    if root is None:
        return {}
    elements = {style.get(f"{W}styleId", ""): style for style in root.iterfind(f"{W}style")}
    return {key: _style(key, elements) for key in elements}


def _style(key: str, elements: dict[str, etree._Element]) -> _Style:
    level: int | None = None
    number: tuple[str, int] | None = None
    contents, seen = False, set[str]()
    while key in elements and key not in seen:
        seen.add(key)
        element = elements[key]
        properties = element.find(f"{W}pPr")
        level = _outline(properties, None) if level is None else level
        listed = None if properties is None else properties.find(f"{W}numPr")
        if number is None and listed is not None and _setting_of(listed, "numId"):
            number = _setting_of(listed, "numId"), whole(_setting_of(listed, "ilvl"))
        contents = contents or _setting_of(element, "name").lower().startswith("toc ")
        key = _setting_of(element, "basedOn")
    return _Style(level, number, contents)


def _default_style(root: etree._Element | None) -> str:
    styles = [] if root is None else root.findall(f"{W}style")
    default = (s for s in styles if s.get(f"{W}type") == "paragraph" and s.get(f"{W}default") in ("1", "true"))
    return next((style.get(f"{W}styleId", "") for style in default), "")


def _outline(properties: etree._Element | None, style: _Style | None) -> int | None:
    """The heading level from 1; Word counts outline levels from 0, 9 being running text."""
    printed = "" if properties is None else _setting_of(properties, "outlineLvl")
    if printed.isdecimal():
        return int(printed) + 1 if int(printed) < 9 else None
    return style.level if style else None


def _setting(element: etree._Element, name: str) -> str:
    properties = element.find(f"{W}pPr")
    return "" if properties is None else _setting_of(properties, name)


def _setting_of(properties: etree._Element, name: str) -> str:
    found = properties.find(f"{W}{name}")
    return "" if found is None else found.get(f"{W}val", "")


def _is_on(properties: etree._Element | None, name: str) -> bool:
    found = None if properties is None else properties.find(f"{W}{name}")
    return found is not None and found.get(f"{W}val", "1") not in ("0", "false", "off", "none")
