"""Characters at places on pages → paragraphs in reading order: what PDF, OFD and scans have in common.

Such files know where each character stands and nothing of lines, columns or paragraphs.  All lengths are in points,
y grows downwards.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import groupby, takewhile
from statistics import median

from index.figures import find_figures
from index.loading.document import Document
from index.loading.lines import WIDE_GAP, Glyph, Line, lines_of
from index.loading.ruling import Rule, RuledTable, ruled_tables
from index.loading.tables import header_rows_of, is_layout, table_sentences
from index.structure import Block

__all__ = ["Page", "Rule", "compose"]


@dataclass(slots=True, kw_only=True)
class Page:
    """A page as a loader found it."""

    width: float
    height: float
    glyphs: list[Glyph]
    rules: list[Rule] = field(default_factory=list)


_PAGE_NUMBER = re.compile(
    r"[-—–―·•~～|\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:[\s,，/／·|]*(?:共\s*)?\d{1,4}(?:\s*页)?)?[-—–―·•~～|\s]*|[ivxlc]{1,6}"
)
_OUTERMOST = 2  # lines at either edge of a page that may be running heads
_EDGE = 0.14
_FEWEST_FULL_LINES = 4
_NOTE = re.compile(r"(?:[\[［〔]\d{1,2}[\]］〕]|\d{1,2}(?!\d|[.．]\d)|[①-⑳*＊※])\s*(?!\d*[、.．])")
_NUMERAL = "[一二三四五六七八九十]{1,3}"
_STARTS = re.compile(rf"{_NUMERAL}、|[（(]{_NUMERAL}[）)]|第{_NUMERAL}[章节条部]|[—―]{{2}}")
_ENDS = re.compile(r"[。！？；：…][”’）」』]?$")
_UNBROKEN = re.compile(r"(?:[0-9A-Za-z.,%％—－\-]+[、，]?)*(?:[^0-9A-Za-z][，。、；：！？”’）》]*)?")


def compose(pages: Sequence[Page]) -> Document:
    """The paragraphs of all pages: columns in order, running heads and page numbers left out, tables as sentences.

    A paragraph that a line, column or page breaks is one paragraph, on the page where it begins.
    """
    tables = [ruled_tables(page.rules) for page in pages]
    lines = [
        lines_of([glyph for glyph in page.glyphs if not any(table.holds(glyph) for table in found)])
        for page, found in zip(pages, tables, strict=True)
    ]
    running = _running_heads(pages, lines)
    blocks: list[Block] = []
    count = 0
    paragraph: _Paragraph | None = None
    notes: list[Block] = []  # from the foot of a page; they come after the paragraph that goes on above them
    earlier: tuple[RuledTable, list[list[str]]] | None = None
    for number, (page, found) in enumerate(zip(pages, tables, strict=True), start=1):
        kept = [line for line in lines[number - 1] if (number, id(line)) not in running]
        foot = _foot(page, kept)
        for item in _in_order(page, [line for line in kept if line not in foot], found):
            if isinstance(item, Line):
                earlier = None
                if paragraph and paragraph.goes_on_with(item, same_page=paragraph.last_page == number):
                    paragraph.add(item, number)
                    continue
                blocks += [*([paragraph.block()] if paragraph else []), *notes]
                paragraph, notes = _Paragraph(item, number), []
            else:
                blocks += [*([paragraph.block()] if paragraph else []), *notes]
                paragraph, notes = None, []
                grid, unsure = _grid(item, page.glyphs)
                if is_layout(grid):
                    blocks += [Block(text=c, page=number) for row in grid for c in dict.fromkeys(row) if c]
                    continue
                goes_on = earlier is not None and earlier[0].continues_in(item)
                header = earlier[1] if goes_on and earlier else grid[: header_rows_of(grid)]
                body = grid if goes_on and grid[: len(header)] != header else grid[len(header) :]
                count += not goes_on
                for sentence in table_sentences([*header, *body], header_rows=len(header)):
                    blocks.append(Block(text=sentence, page=number, doubtful=_spans(sentence, unsure)))
                earlier = item, header
        notes += _notes(foot, number)
    blocks += [*([paragraph.block()] if paragraph else []), *notes]
    return Document(blocks=tuple(block for block in blocks if block.text), pages=len(pages), tables=count)


class _Paragraph:
    def __init__(self, line: Line, page: int) -> None:
        self.page = self.last_page = page
        self._last = line
        self._text = line.text
        self._doubtful = list(line.doubtful)

    def goes_on_with(self, line: Line, *, same_page: bool) -> bool:
        last, size = self._last, max(self._last.size, 1.0)
        alike = last.text.isascii() or line.text.isascii() or 0.88 < line.size / size < 1.14
        if not alike or max(last.parts, line.parts) > 2:
            return False
        if same_page and last.left == line.left and not -0.5 * size < line.top - last.bottom < 1.6 * size:
            return False
        ended = _ENDS.search(last.text) is not None
        # Text breaks where the next word does not fit: if it would have, the paragraph was at its end.
        if last.right - last.x1 > _breadth(line.text, size) + (0.9 if ended else 2.5) * size:
            return False
        indent, rest = line.x0 - line.left, line.right - line.x1
        if not ended and indent > 3 * size and abs(indent - rest) < 1.5 * size:
            return True  # the second line of a centred title
        return indent <= 1.2 * size and not (ended and _STARTS.match(line.text))

    def add(self, line: Line, page: int) -> None:
        between = " " if _both_words(self._text, line.text) else ""
        start = len(self._text) + len(between)
        self._text += between + line.text
        self._doubtful += [(a + start, b + start) for a, b in line.doubtful]
        self._last, self.last_page = line, page

    def block(self, *, note: bool = False) -> Block:
        """The paragraph; a note as 注：, its mark left out."""
        cut, head = (_mark(self._text) if note else 0), "注：" if note and not self._text.startswith("注") else ""
        moved = len(head) - cut
        doubtful = tuple((a + moved, b + moved) for a, b in self._doubtful if a >= cut)
        return Block(text=head + self._text[cut:], page=self.page, doubtful=doubtful)


def _breadth(text: str, size: float) -> float:
    """How wide the beginning of a line is that cannot be broken."""
    unbroken = _UNBROKEN.match(text)
    return sum(0.55 if character.isascii() else 1.0 for character in unbroken[0]) * size if unbroken else size


def _both_words(before: str, after: str) -> bool:
    """Latin words are parted by the end of a line; a figure is not: 1,0|80个."""
    return (before[-1] + after[0]).isascii() and before[-1].isalpha() and after[0].isalpha()


# Notes ------------------------------------------------------------------------------------------------------


def _foot(page: Page, lines: Sequence[Line]) -> list[Line]:
    """The notes at the foot of a page: set smaller than its text, under a short rule or with a mark before them."""
    body = median([line.size for line in lines] or [0.0])
    upwards = sorted(lines, key=lambda line: line.top, reverse=True)
    small = list(takewhile(lambda line: line.size < 0.88 * body and line.top > page.height / 2, upwards))[::-1]
    if not small or len(small) == len(lines):
        return []
    above, top = max(line.bottom for line in upwards[len(small) :]), small[0].top
    ruled = any(r.horizontal and r.x1 - r.x0 < page.width / 2 and above - 2 < r.top < top + 2 for r in page.rules)
    return small if ruled or _mark(small[0].text) else []


def _mark(text: str) -> int:
    """How long the mark of a note is at the beginning of a text; what is a figure is no mark."""
    mark = _NOTE.match(text)
    return mark.end() if mark and not any(figure.start == 0 for figure in find_figures(text[:40])) else 0


def _notes(foot: Sequence[Line], page: int) -> Iterator[Block]:
    note: _Paragraph | None = None
    for line in _framed(list(foot)):
        if note and not _mark(line.text) and note.goes_on_with(line, same_page=True):
            note.add(line, page)
            continue
        yield from [note.block(note=True)] if note else []
        note = _Paragraph(line, page)
    yield from [note.block(note=True)] if note else []


# Pages ------------------------------------------------------------------------------------------------------


def _running_heads(pages: Sequence[Page], lines: Sequence[list[Line]]) -> set[tuple[int, int]]:
    """Page numbers, and what stands at the edge of several pages at the same height."""
    edges: list[tuple[int, Line, tuple[str, int]]] = []
    for number, (page, found) in enumerate(zip(pages, lines, strict=True), start=1):
        ordered = sorted(found, key=lambda line: line.top)
        outermost = {id(line): line for line in ordered[:_OUTERMOST] + ordered[-_OUTERMOST:]}.values()
        for line in outermost:
            if line.top < _EDGE * page.height or line.bottom > (1 - _EDGE) * page.height:
                edges.append((number, line, (re.sub(r"[\d\s]+", "#", line.text), round(line.top / 6))))
    counts = Counter(key for _, _, key in edges)
    often = max(2, len(pages) // 4)
    return {
        (number, id(line))
        for number, line, (text, height) in edges
        if _PAGE_NUMBER.fullmatch(line.text)
        or sum(counts[text, height + shift] for shift in (-1, 0, 1)) >= often + (len(pages) > 2)
    }


def _in_order(page: Page, lines: list[Line], tables: list[RuledTable]) -> Iterator[Line | RuledTable]:
    """Lines and tables of a page in the order in which they are read."""
    tops = sorted(tables, key=lambda table: table.top)
    for i, table in enumerate([*tops, None]):
        above = tops[i - 1].top if i else float("-inf")
        below = float("inf") if table is None else table.top
        yield from _columns(page, [line for line in lines if above <= (line.top + line.bottom) / 2 < below])
        if table is not None:
            yield table


def _columns(page: Page, lines: list[Line]) -> Iterator[Line]:
    """Lines from top to bottom; where they leave a gutter in the middle of the page, the left ones first."""
    lines = sorted(lines, key=lambda line: (line.top, line.x0))
    gutter = _gutter(page, lines)
    if gutter is None:
        yield from _framed(lines, page.width)
        return
    for crossing, group in groupby(lines, key=lambda line: line.x0 < gutter < line.x1):
        band = list(group)
        left = [line for line in band if line.x1 <= gutter]
        right = [line for line in band if line.x0 >= gutter]
        for column in (band,) if crossing or min(len(left), len(right)) < 2 else (left, right):
            yield from _framed(column)


def _gutter(page: Page, lines: list[Line]) -> float | None:
    """The x of an empty strip between two columns that hold most lines of the page."""
    if len(lines) < 8:
        return None
    best: tuple[float, float] | None = None
    for step in range(35, 66):
        x = page.width * step / 100
        crossing = sum(line.x0 < x < line.x1 for line in lines)
        left, right = sum(line.x1 <= x for line in lines), sum(line.x0 >= x for line in lines)
        if min(left, right) >= max(4, 0.12 * len(lines)) and crossing <= 0.25 * len(lines):
            near = min((abs(edge - x) for line in lines for edge in (line.x0, line.x1)), default=0.0)
            best = max(best or (0.0, 0.0), (near - crossing * 100, x)) if best else (near - crossing * 100, x)
    return best[1] if best else None


def _framed(lines: list[Line], page_width: float | None = None) -> Iterator[Line]:
    """One column's lines with its edges; what stands side by side in it is one line again.

    Where too few lines reach as far as the longest to show the right edge, it mirrors the left one of the page.
    """
    groups: list[list[Line]] = []
    for line in lines:
        if groups and line.top < (groups[-1][0].top + groups[-1][0].bottom) / 2:
            groups[-1].append(line)
        else:
            groups.append([line])
    rows = [reduce(_side_by_side, sorted(group, key=lambda part: part.x0)) for group in groups]
    left = min((row.x0 for row in rows), default=0.0)
    ends = sorted((row.x1 for row in rows), reverse=True)
    # A line or two may reach further: what stands above the columns of a page.
    right = next((end for end in ends if sum(end - 0.5 * rows[0].size <= x for x in ends) * 10 >= len(ends)), 0.0)
    if page_width is not None and sum(right - row.x1 < 2 * row.size for row in rows) < _FEWEST_FULL_LINES:
        right = max(right, page_width - left)
    for row in rows:
        row.left, row.right = left, right
        yield row


def _side_by_side(first: Line, second: Line) -> Line:
    start = len(first.text) + 1
    doubtful = first.doubtful + [(a + start, b + start) for a, b in second.doubtful]
    apart = second.x0 - first.x1 > 2 * WIDE_GAP * first.size
    text, parts = f"{first.text} {second.text}", first.parts + (second.parts if apart else second.parts - 1)
    return Line(text, first.x0, first.top, second.x1, max(first.bottom, second.bottom), doubtful, parts)


# Tables -----------------------------------------------------------------------------------------------------


def _grid(table: RuledTable, glyphs: Sequence[Glyph]) -> tuple[list[list[str]], set[str]]:
    """The texts of a table's cells, and those cells in which a character is doubtful."""
    held: dict[int, list[Glyph]] = {}
    for glyph in glyphs:
        if (cell := table.cell(glyph)) is not None:
            held.setdefault(cell, []).append(glyph)
    texts: dict[int, str] = {}
    unsure: set[str] = set()
    for cell, members in held.items():
        lines = sorted(lines_of(members), key=lambda line: (round(line.top), line.x0))
        texts[cell] = "".join(line.text for line in lines)
        if any(line.doubtful for line in lines):
            unsure.add(texts[cell])
    return [[texts.get(cell, "") for cell in row] for row in table.cells], unsure


def _spans(sentence: str, unsure: set[str]) -> tuple[tuple[int, int], ...]:
    found = (match for text in unsure if text for match in re.finditer(re.escape(text), sentence))
    return tuple((match.start(), match.end()) for match in found)
