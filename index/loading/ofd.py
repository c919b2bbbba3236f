"""OFD, the national format for official documents (GB/T 33190-2016): a zip of XML that says where each character is.

OFD.xml names a document, Document.xml its pages, each page its text objects: a boundary in millimetres, a font size,
and text codes with the place of their first character (X, Y) and the steps to the next ones (DeltaX, DeltaY).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from lxml import etree

from index.errors import DocumentTooLarge, LoadError
from index.loading import limits
from index.loading.containers import Container
from index.loading.document import Document
from index.loading.layout import Page, Rule, compose
from index.loading.lines import Glyph
from index.loading.ocr import ExtraMissing, read_picture

__all__ = ["load_ofd"]

_POINTS = 72 / 25.4  # in a millimetre
_MOST_PAGES = 1_000
_MOST_STEPS = 20_000
_PAPER = (210.0, 297.0)
_THIN = 0.9
# Of GB/T 33190 table 36: S and M move, L draws a line, B Q A curves, C closes.
_STROKE = re.compile(r"([SMLBQAC])([^SMLBQAC]*)")
_Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def load_ofd(data: bytes, name: str) -> Document:
    """The paragraphs of an OFD with their pages; page templates (running heads, frames) are left out.

    Pages that are pictures need the extra `ocr`.  Raises `LoadError` where the package is damaged or locked.
    """
    container = Container(data, name)
    root = container.xml("OFD.xml")
    if any(part.lower().endswith(("encryptions.xml", "decryptseed.dat")) for part in container):
        raise LoadError(f"“{name}”是加密的 OFD，打不开。请先在 OFD 阅读器里去掉加密再导入。")
    pages: list[Page] = []
    scanned = 0
    for entry in root.iter("{*}DocRoot"):
        document = _joined("", entry.text or "")
        description = container.xml(document)
        paper = _paper(description.find("{*}CommonData/{*}PageArea"), _PAPER)
        pictures = _pictures(container, document, description)
        listed = description.findall("{*}Pages/{*}Page")
        if len(pages) + len(listed) > _MOST_PAGES:
            raise DocumentTooLarge(f"“{name}”超过 {_MOST_PAGES} 页的上限。请只保留报告部分再导入。")
        for page in listed:
            content = container.xml(_joined(posixpath.dirname(document), page.get("BaseLoc", "")))
            pages.append(_page(content, paper))
            image = next(content.iter("{*}ImageObject"), None)
            if not pages[-1].glyphs and image is not None:
                scanned += 1
                part = pictures.get(image.get("ResourceID", ""), "")
                pages[-1] = _recognised(container, part, _numbers(image.get("Boundary") or ""))
            limits.extend()
    notes = [f"有 {scanned} 页是扫描图像，文字由识别得来，数字请核对原件。"] if scanned else []
    composed = compose(pages)
    return Document(blocks=composed.blocks, pages=len(pages), tables=composed.tables, notes=tuple(notes))


def _pictures(container: Container, document: str, description: etree._Element) -> dict[str, str]:
    """The pictures of a document by their resource id."""
    pictures = {}
    for listed in description.iter("{*}PublicRes", "{*}DocumentRes"):
        part = _joined(posixpath.dirname(document), listed.text or "")
        resources = container.xml(part)
        folder = posixpath.join(posixpath.dirname(part), resources.get("BaseLoc", ""))
        for medium in resources.iter("{*}MultiMedia"):
            pictures[medium.get("ID", "")] = _joined(folder, medium.findtext("{*}MediaFile") or "")
    return pictures


def _recognised(container: Container, part: str, boundary: list[float]) -> Page:
    wide = boundary[2] if len(boundary) == 4 and boundary[2] > 0 else _PAPER[0]
    try:
        return read_picture(container.read(part), container.name, width=wide * _POINTS)
    except ExtraMissing as exc:
        raise LoadError(f"“{container.name}”里有的页是扫描图像，需要识别文字。{exc}") from exc


def _joined(folder: str, location: str) -> str:
    """Locations are relative to the file that names them, or to the package where they begin with a slash."""
    location = location.strip()
    return location.lstrip("/") if location.startswith("/") else posixpath.normpath(posixpath.join(folder, location))


def _paper(area: etree._Element | None, default: tuple[float, float]) -> tuple[float, float]:
    box = None if area is None else area.findtext("{*}PhysicalBox")
    numbers = _numbers(box or "")
    return (numbers[2], numbers[3]) if len(numbers) == 4 and min(numbers[2:]) > 0 else default


def _page(content: etree._Element, paper: tuple[float, float]) -> Page:
    width, height = _paper(content.find("{*}Area"), paper)
    glyphs = [glyph for element in content.iter("{*}TextObject") for glyph in _glyphs(element)]
    rules = [rule for element in content.iter("{*}PathObject") for rule in _rules(element)]
    return Page(width=width * _POINTS, height=height * _POINTS, glyphs=glyphs, rules=rules)


def _glyphs(element: etree._Element) -> Iterator[Glyph]:
    if element.get("Visible") == "false":
        return
    matrix, (left, top) = _matrix(element), _origin(element)
    size = _number(element.get("Size"), 4.0)
    stretch = _number(element.get("HScale"), 1.0)
    x = y = 0.0
    for code in element.iterfind("{*}TextCode"):
        text = code.text or ""
        x, y = _number(code.get("X"), x), _number(code.get("Y"), y)
        across, down = _steps(code.get("DeltaX")), _steps(code.get("DeltaY"))
        at_x, at_y = x, y
        for i, character in enumerate(text):
            advance = size * stretch * (0.5 if character.isascii() else 1.0)
            step = across[i] if i < len(across) else (0.0 if down else advance)
            # The place is that of the base line; four fifths of a character stand above it.
            if not character.isspace():
                upper, lower = (at_x, at_y - 0.8 * size), (at_x + advance, at_y + 0.2 * size)
                yield Glyph(character, *_box(_moved(matrix, *upper), _moved(matrix, *lower), left, top))
            at_x, at_y = at_x + step, at_y + (down[i] if i < len(down) else 0.0)


def _rules(element: etree._Element) -> Iterator[Rule]:
    """The straight lines of a path, and its boundary where that is as thin as a line."""
    matrix, (left, top) = _matrix(element), _origin(element)
    boundary = _numbers(element.get("Boundary") or "")
    if len(boundary) == 4 and min(boundary[2:]) < _THIN:
        yield Rule(*_box((0.0, 0.0), (boundary[2], boundary[3]), left, top))
        return
    strokes = _STROKE.findall(element.findtext("{*}AbbreviatedData") or "")
    at = first = (0.0, 0.0)
    for drawn, printed in strokes[:_MOST_STEPS]:
        numbers = _numbers(printed)
        end = first if drawn == "C" else (numbers[-2], numbers[-1]) if len(numbers) >= 2 else at
        if drawn in "LC":
            (ax, ay), (bx, by) = _moved(matrix, *at), _moved(matrix, *end)
            if min(abs(ax - bx), abs(ay - by)) < _THIN:
                yield Rule(*_box((ax, ay), (bx, by), left, top))
        elif drawn in "SM":
            first = end
        at = end


def _box(a: tuple[float, float], b: tuple[float, float], left: float, top: float) -> tuple[float, float, float, float]:
    """The box between two corners, moved by (left, top), in points."""
    x0, x1, y0, y1 = min(a[0], b[0]), max(a[0], b[0]), min(a[1], b[1]), max(a[1], b[1])
    return (left + x0) * _POINTS, (top + y0) * _POINTS, (left + x1) * _POINTS, (top + y1) * _POINTS


def _origin(element: etree._Element) -> tuple[float, float]:
    numbers = _numbers(element.get("Boundary") or "")
    return (numbers[0], numbers[1]) if len(numbers) == 4 else (0.0, 0.0)


def _matrix(element: etree._Element) -> _Matrix:
    numbers = _numbers(element.get("CTM") or "")
    if len(numbers) != 6:
        return _IDENTITY
    a, b, c, d, e, f = numbers
    return a, b, c, d, e, f


def _moved(matrix: _Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _steps(printed: str | None) -> list[float]:
    """The steps between characters; g 3 2.5 stands for 2.5 2.5 2.5."""
    steps: list[float] = []
    words = iter((printed or "").split())
    for word in words:
        if word == "g":
            count, step = next(words, "0"), _number(next(words, None), 0.0)
            steps += [step] * min(int(count) if count.isdecimal() else 0, _MOST_STEPS - len(steps))
        else:
            steps.append(_number(word, 0.0))
        if len(steps) >= _MOST_STEPS:
            break
    return steps


def _numbers(printed: str) -> list[float]:
    return [_number(word, 0.0) for word in printed.split()]


def _number(printed: str | None, default: float) -> float:
    try:
        number = float(printed) if printed else default
    except ValueError:
        return default
    return number if abs(number) < 1e6 else default  # NaN compares as false
