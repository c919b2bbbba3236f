"""Characters at places → lines, with the gaps, raised marks and doubts that stand in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from index.loading.passages import raised

__all__ = ["WIDE_GAP", "Glyph", "Line", "lines_of"]

_WORD = re.compile(r"[0-9A-Za-z.,%]")
_DECIMAL = re.compile(r"\d[.,]$")  # some fonts leave a gap after it
# In heights of a line: no justified text leaves such a gap, while columns may stand as near as this.
WIDE_GAP = 0.9


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character, or some that were read as one, in its box; `sure`: whether it was read beyond doubt."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    sure: bool = True


@dataclass(slots=True)
class Line:
    """A line, or the part of one that stands in a column; `left` and `right` are the edges of that column."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    doubtful: list[tuple[int, int]]
    parts: int = 1
    left: float = 0.0
    right: float = 0.0

    @property
    def size(self) -> float:
        return self.bottom - self.top


def lines_of(glyphs: Iterable[Glyph]) -> list[Line]:
    """Glyphs that stand side by side, parted where a gap is wider than what justified text leaves."""
    rows: list[list[Glyph]] = []
    levels: list[tuple[float, float]] = []  # middle and height of the tallest glyph of each row
    for glyph in sorted((g for g in glyphs if g.text.strip()), key=lambda g: (g.top + g.bottom) / 2):
        middle, height = (glyph.top + glyph.bottom) / 2, glyph.bottom - glyph.top
        near = [i for i in range(max(0, len(rows) - 6), len(rows)) if _same_row(levels[i], (middle, height))]
        if near:
            best = min(near, key=lambda i: abs(levels[i][0] - middle))
            rows[best].append(glyph)
            if height > levels[best][1]:
                levels[best] = (middle, height)
        else:
            rows.append([glyph])
            levels.append((middle, height))
    return [line for row in rows for line in _segments(sorted(row, key=lambda g: g.x0)) if line.text]


def _same_row(row: tuple[float, float], glyph: tuple[float, float]) -> bool:
    return abs(row[0] - glyph[0]) < 0.45 * max(row[1], glyph[1])


def _segments(row: list[Glyph]) -> Iterator[Line]:
    size = _size(row)
    start = 0
    for i in range(1, len(row) + 1):
        if i == len(row) or row[i].x0 - row[i - 1].x1 > WIDE_GAP * size:
            yield _segment(row[start:i], size)
            start = i


def _size(glyphs: Sequence[Glyph]) -> float:
    """The height of a line's characters; Latin ones among Chinese are of a font whose boxes are higher or lower."""
    wide = [glyph for glyph in glyphs if not glyph.text.isascii()]
    return median(glyph.bottom - glyph.top for glyph in wide or glyphs)


def _segment(glyphs: list[Glyph], size: float) -> Line:
    text, doubtful, previous = "", list[tuple[int, int]](), None
    bottom = max(glyph.bottom for glyph in glyphs)
    mark = ""
    for glyph in [*glyphs, None]:
        small = glyph is not None and glyph.bottom - glyph.top < 0.85 * size and glyph.bottom < bottom - 0.2 * size
        if glyph is not None and small:
            mark += glyph.text
            previous = glyph
            continue
        if mark:
            text += raised(mark, text)
            mark = ""
        if glyph is None:
            break
        gap = glyph.x0 - previous.x1 if previous and text else 0.0
        if gap > 0.75 * size or (gap > 0.25 * size and _WORD.match(text[-1]) and _WORD.match(glyph.text)):
            text += "" if gap <= 0.4 * size and _DECIMAL.search(text) and glyph.text.isdigit() else " "
        if not glyph.sure:
            doubtful.append((len(text), len(text) + len(glyph.text)))
        text += glyph.text
        previous = glyph
    whole = [glyph for glyph in glyphs if glyph.bottom - glyph.top >= 0.8 * size] or glyphs
    whole = [glyph for glyph in whole if not glyph.text.isascii()] or whole
    top, bottom = median(g.top for g in whole), median(g.bottom for g in whole)
    return Line(text, glyphs[0].x0, top, max(g.x1 for g in glyphs), bottom, _merged(doubtful))


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and merged[-1][1] == start:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged
