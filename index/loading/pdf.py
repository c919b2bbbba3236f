"""PDF: characters and lines of each page by PDFium; pages that are pictures go through character recognition."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from index.errors import DocumentTooLarge, LoadError
from index.loading import limits
from index.loading.document import Document
from index.loading.layout import Page, Rule, compose
from index.loading.lines import Glyph
from index.loading.ocr import ExtraMissing, recognise

__all__ = ["load_pdf"]

_MOST_PAGES = 1_000
_MOST_GLYPHS = 40_000  # on one page
_POINTS_PER_INCH = 72
_SCAN_RESOLUTION = 200
_MOST_PIXELS = 30_000_000
_FEWEST_GLYPHS = 20
# Above this share of characters without a meaning the text of a page is no text.
_UNREADABLE = 0.1
_PRIVATE = range(0xE000, 0xF900)
_MOST_PATHS = 20_000
_THIN = 2.5
_MOST_STRIKES = 200  # more lines than these on a page are a drawing or a form
# PDFium answers in whole units: points are asked for far apart and finely.
_FAR, _FINE = 1_000, 100


def load_pdf(data: bytes, name: str) -> Document:
    """The paragraphs of a PDF with their pages; scanned pages need the extra `ocr`.

    Raises `LoadError` where it is damaged, locked or its fonts do not say what their characters are.
    """
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as exc:
        if "password" in str(exc).lower():
            raise LoadError(f"“{name}”设有打开密码。请先去掉密码（打开后另存一份）再导入。") from exc
        raise LoadError(f"“{name}”不是完好的 PDF，可能没有下载完整。请重新获取文件。") from exc
    if len(document) > _MOST_PAGES:
        raise DocumentTooLarge(f"“{name}”有 {len(document)} 页，超过 {_MOST_PAGES} 页的上限。请只保留报告部分再导入。")
    pages: list[Page] = []
    found: dict[str, list[int]] = {}
    for number in range(1, len(document) + 1):
        try:
            opened = document[number - 1]
        except pypdfium2.PdfiumError as exc:
            raise LoadError(f"“{name}”的第 {number} 页已损坏，读不出来。请重新获取文件。") from exc
        page, faults = _page(opened, name, number)
        scanned = len(page.glyphs) < _FEWEST_GLYPHS and _is_picture(opened)
        if fault := "字体没有编码表" if faults.unreadable > _UNREADABLE else "是扫描图像" if scanned else "":
            page = _recognised(opened, name, fault)
            found.setdefault(f"{fault}，文字由识别得来，数字请核对原件。", []).append(number)
        elif faults.hidden:
            found.setdefault("是扫描图像，所附的文字层由他人识别，数字请核对原件。", []).append(number)
        elif faults.struck:
            found.setdefault("有划掉的文字，没有读取。", []).append(number)
        pages.append(page)
        opened.close()
        limits.extend()
    composed = compose(pages)
    notes = tuple(f"第 {_ranges(numbers)} 页{what}" for what, numbers in found.items())
    return Document(blocks=composed.blocks, pages=len(pages), tables=composed.tables, notes=notes)


class _Placing:
    """From a page's own coordinates to points from the upper left corner as it is read.

    PDFium knows the way to the page as shown (its box, its rotation); `quarters` undoes text that stands on its side.
    """

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self.width, self.height = page.get_size()
        self.quarters = 0
        self._frame = [self._shown(page, *point) for point in ((0, 0), (_FAR, 0), (0, _FAR))]

    def _shown(self, page: pypdfium2.PdfPage, x: int, y: int) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        size = int(self.width * _FINE), int(self.height * _FINE)
        pdfium.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, across, down)
        return across.value / _FINE, down.value / _FINE

    def point(self, x: float, y: float) -> tuple[float, float]:
        (ox, oy), (ax, ay), (bx, by) = self._frame
        across, down = ox + ((ax - ox) * x + (bx - ox) * y) / _FAR, oy + ((ay - oy) * x + (by - oy) * y) / _FAR
        match self.quarters:
            case 1:
                return down, self.width - across
            case 2:
                return self.width - across, self.height - down
            case 3:
                return self.height - down, across
        return across, down

    def box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        (ax, ay), (bx, by) = self.point(x0, y0), self.point(x1, y1)
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)

    def quarter(self, angle: float) -> int | None:
        """How many quarter turns clockwise text at this angle is shown; None for what leans, such as watermarks."""
        (ox, oy), (ax, ay), (bx, by) = self._frame
        across = (ax - ox) * math.cos(angle) + (bx - ox) * math.sin(angle)
        down = (ay - oy) * math.cos(angle) + (by - oy) * math.sin(angle)
        turns = math.atan2(down, across) / (math.pi / 2)
        return round(turns) % 4 if abs(turns - round(turns)) < 0.05 else None


@dataclass(frozen=True, slots=True)
class _Faults:
    """What a page's text has against it.

    `unreadable` is the share of its characters without a meaning; `hidden`: it lies unseen over a picture; `struck`:
    some of it is crossed out, and left out.
    """

    unreadable: float
    hidden: bool
    struck: bool


def _page(page: pypdfium2.PdfPage, name: str, number: int) -> tuple[Page, _Faults]:
    text = page.get_textpage()
    count = text.count_chars()
    if count > _MOST_GLYPHS:
        raise DocumentTooLarge(f"“{name}”的第 {number} 页有 {count} 个字符，不像是一份报告。请检查后再导入。")
    placing = _Placing(page)
    found = [character for i in range(count) if (character := _character(text, i, placing))]
    quarters = Counter(character.quarter for character in found if character.quarter is not None)
    placing.quarters = quarters.most_common(1)[0][0] if quarters else 0
    upright = [character for character in found if character.quarter == placing.quarters]
    hidden = sum(character.unseen for character in upright) > len(upright) / 2
    unreadable = sum(character.unreadable for character in upright) / max(len(upright), 1)
    size = (placing.width, placing.height)
    width, height = size if placing.quarters % 2 == 0 else size[::-1]
    rules = [Rule(*placing.box(*rule)) for rule in _rules(page)]
    glyphs = [Glyph(character.text, *placing.box(*character.box), sure=not hidden) for character in upright]
    kept = _unstruck(glyphs, rules)
    faults = _Faults(unreadable, hidden, struck=len(kept) < len(glyphs))
    return Page(width=width, height=height, glyphs=kept, rules=rules), faults


def _unstruck(glyphs: list[Glyph], rules: list[Rule]) -> list[Glyph]:
    """The glyphs through whose middle no line is drawn: 460 struck out before 640 must not be read as 460640."""
    lines = [rule for rule in rules if rule.horizontal]
    if len(lines) > _MOST_STRIKES:
        return glyphs

    def is_struck(glyph: Glyph) -> bool:
        middle, height = (glyph.x0 + glyph.x1) / 2, glyph.bottom - glyph.top
        upper, lower = glyph.top + 0.3 * height, glyph.bottom - 0.3 * height
        return any(rule.x0 < middle < rule.x1 and upper < rule.top and rule.bottom < lower for rule in lines)

    return [glyph for glyph in glyphs if not is_struck(glyph)]


@dataclass(frozen=True, slots=True)
class _Character:
    text: str
    box: tuple[float, float, float, float]
    quarter: int | None
    unseen: bool
    unreadable: bool


def _character(page: pypdfium2.PdfTextPage, i: int, placing: _Placing) -> _Character | None:
    code = pdfium.FPDFText_GetUnicode(page, i)
    if pdfium.FPDFText_IsGenerated(page, i) == 1 or code in (0x20, 0x0A, 0x0D, 0xA0, 0x3000):
        return None
    box = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(page, i, box):
        return None
    unmapped = pdfium.FPDFText_HasUnicodeMapError(page, i) == 1
    strange = code < 0x20 or code in _PRIVATE or code == 0xFFFD or 0xD800 <= code < 0xE000
    thing = pdfium.FPDFText_GetTextObject(page, i)
    unseen = bool(thing) and pdfium.FPDFTextObj_GetTextRenderMode(thing) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
    return _Character(
        "\ufffd" if strange else chr(code),
        (box.left, box.bottom, box.right, box.top),
        placing.quarter(pdfium.FPDFText_GetCharAngle(page, i)),
        unseen,
        unmapped or strange,
    )


def _rules(page: pypdfium2.PdfPage) -> Iterator[tuple[float, float, float, float]]:
    """The straight lines that are drawn on a page, and the filled boxes so thin that they look like lines."""
    for thing in islice(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH]), _MOST_PATHS):
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(thing, fill, stroke)
        left, bottom, right, top = thing.get_bounds()
        if min(right - left, top - bottom) <= _THIN:
            yield left, bottom, right, top
        elif stroke.value:
            yield from _strokes(thing)


def _strokes(path: pypdfium2.PdfObject) -> Iterator[tuple[float, float, float, float]]:
    matrix = path.get_matrix()
    first = last = (0.0, 0.0)
    for i in range(min(pdfium.FPDFPath_CountSegments(path), _MOST_PATHS)):
        segment = pdfium.FPDFPath_GetPathSegment(path, i)
        x, y = ctypes.c_float(), ctypes.c_float()
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = matrix.on_point(x.value, y.value)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        ends = [point] if kind == pdfium.FPDF_SEGMENT_LINETO else []
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            first = point
        if pdfium.FPDFPathSegment_GetClose(segment):
            ends.append(first)
        for end in ends:
            if min(abs(end[0] - last[0]), abs(end[1] - last[1])) <= _THIN:
                yield (*last, *end)
            last = end
        last = point if not ends else last


def _is_picture(page: pypdfium2.PdfPage) -> bool:
    width, height = page.get_size()
    for image in islice(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE]), 100):
        left, bottom, right, top = image.get_bounds()
        if (right - left) * (top - bottom) > 0.3 * width * height:
            return True
    return False


def _recognised(page: pypdfium2.PdfPage, name: str, why: str) -> Page:
    width, height = page.get_size()
    scale = min(_SCAN_RESOLUTION / _POINTS_PER_INCH, math.sqrt(_MOST_PIXELS / max(width * height, 1)))
    image = page.render(scale=scale, rev_byteorder=True).to_numpy()
    try:
        return recognise(image, resolution=scale * _POINTS_PER_INCH)
    except ExtraMissing as exc:
        raise LoadError(f"“{name}”里有的页{why}，需要识别文字。{exc}") from exc


def _ranges(numbers: list[int]) -> str:
    """1—3、5"""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and ranges[-1][-1] == number - 1:
            ranges[-1] = [ranges[-1][0], number]
        else:
            ranges.append([number])
    return "、".join("—".join(map(str, span)) for span in ranges)
