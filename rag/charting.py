"""A comparison as a picture: bars for places, a line for years.  SVG text with no script and no font of its own.

Its colours are the page's (`currentColor`; `--chart-1` to `--chart-4` where these are set), so that it reads in light
and dark alike and prints.  What is drawn is what may be compared; every figure stands beside its mark as printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from rag.types import ComparisonCell, ComparisonRow

__all__ = ["draw"]

# The picture is drawn this wide and shown at most so wide: letters stay legible on a phone and modest on a screen.
_WIDTH, _SHOWN = 440, 620
_COLOURS = (
    "var(--chart-1, #a8281e)",
    "var(--chart-2, #7d8793)",
    "var(--chart-3, #2f6f8f)",
    "var(--chart-4, #b7791f)",
)
_BAR, _GAP, _TOP = 13, 9, 26
_LINE_HEIGHT = 250
_MOST_BARS = 130


@dataclass(frozen=True, slots=True)
class _Series:
    """One column of the table: its name, and for each row the cell that may be compared, or None."""

    name: str
    cells: tuple[ComparisonCell | None, ...]


def draw(title: str, columns: Sequence[str], rows: Sequence[ComparisonRow], *, by_year: bool) -> str:
    """The picture of a table whose cells are all of one indicator; "" where fewer than two figures may be compared."""
    series = [
        _Series(name, tuple(_drawn(row.cells[position]) for row in rows)) for position, name in enumerate(columns)
    ]
    series = [one for one in series if any(one.cells)][: len(_COLOURS)]
    count = sum(cell is not None for one in series for cell in one.cells)
    if count < 2 or count > _MOST_BARS:
        return ""
    labels = [row.label for row in rows]
    has_course = by_year and max(sum(cell is not None for cell in one.cells) for one in series) > 2
    body, height = _lines(labels, series) if has_course else _bars(labels, series, in_order=by_year)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-label="{escape(title)}" '
        f'viewBox="0 0 {_WIDTH} {height}" style="width:100%;max-width:{_SHOWN}px;height:auto" fill="currentColor" '
        f'font-family="inherit" font-size="12">{"".join(_legend(series))}{body}</svg>'
    )


def _drawn(cell: ComparisonCell) -> ComparisonCell | None:
    return cell if cell.status == "given" and cell.value is not None else None


def _legend(series: Sequence[_Series]) -> Iterator[str]:
    """The names of the series; one alone is named by the title."""
    at = 0.0
    for one, colour in zip(series if len(series) > 1 else (), _COLOURS, strict=False):
        yield f'<rect x="{at:.0f}" y="4" width="10" height="10" rx="2" fill="{colour}"/>'
        yield _text(at + 15, 13, one.name)
        at += 15 + _length(one.name) + 18


def _text(x: float, y: float, words: str, anchor: str = "start", extra: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{extra}>{escape(words)}</text>'


def _length(words: str, size: float = 12) -> float:
    """About how wide words are printed: a Chinese character is as wide as high, others are about half as wide."""
    return sum(size if ord(character) > 0x2E7F else size * 0.56 for character in words)


def _ends(cells: Sequence[ComparisonCell]) -> list[Decimal]:
    return [end for cell in cells for end in (cell.value, cell.upper) if end is not None]


# Bars --------------------------------------------------------------------------------------------


def _bars(labels: Sequence[str], series: Sequence[_Series], *, in_order: bool) -> tuple[str, int]:
    """Lying bars from nought, the longest first unless the rows have an order of their own."""
    rows = [position for position in range(len(labels)) if any(one.cells[position] for one in series)]
    if not in_order:
        rows.sort(key=lambda position: -_weight([one.cells[position] for one in series]))
    cells = [cell for position in rows for one in series if (cell := one.cells[position])]
    left = min(132.0, max(_length(labels[position]) for position in rows) + 8)
    right = max(_length(cell.text) for cell in cells) + 8
    least, most = min(Decimal(0), *_ends(cells)), max(Decimal(0), *_ends(cells))
    span = float(most - least) or 1.0

    def x(value: Decimal) -> float:
        return left + float(value - least) / span * (_WIDTH - left - right)

    said: list[str] = []
    top = float(_TOP if len(series) > 1 else 4)
    for position in rows:
        height = _BAR * len(series)
        said.append(_text(left - 8, top + height / 2 + 4, _fitted(labels[position], left - 8), "end"))
        for number, one in enumerate(series):
            if cell := one.cells[position]:
                said.append(_bar(cell, x, top + number * _BAR, _COLOURS[number]))
        top += height + _GAP
    zero, start = x(Decimal(0)), _TOP if len(series) > 1 else 2
    said.append(f'<path d="M{zero:.1f} {start}V{top - _GAP + 2:.0f}" stroke="currentColor" opacity=".35"/>')
    return "".join(said), int(top)


def _weight(cells: Sequence[ComparisonCell | None]) -> Decimal:
    """By what a row is sorted: the last of its figures."""
    return next((cell.value for cell in reversed(cells) if cell and cell.value is not None), Decimal(0))


def _bar(cell: ComparisonCell, x: Callable[[Decimal], float], y: float, colour: str) -> str:
    """A bar with its figure; of a range the part up to its far end is faint."""
    assert cell.value is not None  # _drawn
    parts = [_beam(x(Decimal(0)), x(cell.value), y, colour, 1.0)]
    if cell.upper is not None:
        parts.append(_beam(x(cell.value), x(cell.upper), y, colour, 0.35))
    end = max(x(Decimal(0)), *(x(value) for value in _ends([cell])))
    parts.append(_text(end + 4, y + _BAR - 3, cell.text, extra=' font-size="11"'))
    return "".join(parts)


def _beam(one: float, other: float, y: float, colour: str, opacity: float) -> str:
    start, width = min(one, other), max(1.0, abs(other - one))
    faint = f' opacity="{opacity}"' if opacity < 1 else ""
    return f'<rect x="{start:.1f}" y="{y:.1f}" width="{width:.1f}" height="{_BAR - 2}" fill="{colour}"{faint}/>'


def _fitted(words: str, width: float) -> str:
    """A name cut to the room there is."""
    while _length(words) > width and len(words) > 2:
        words = f"{words.rstrip('…')[:-1]}…"
    return words


# Lines -------------------------------------------------------------------------------------------


def _lines(labels: Sequence[str], series: Sequence[_Series]) -> tuple[str, int]:
    """A line for each series over the years; where a year is missing, the line is broken."""
    cells = [cell for one in series for cell in one.cells if cell]
    least, most = min(_ends(cells)), max(_ends(cells))
    span = float(most - least) or float(abs(most)) or 1.0
    side = max(_length(cell.text) for cell in cells) / 2 + 4
    top, bottom = _TOP + 24, _LINE_HEIGHT - 44
    step = (_WIDTH - 2 * side) / max(1, len(labels) - 1)

    def point(position: int, value: Decimal) -> tuple[float, float]:
        return side + position * step, bottom - float(value - least) / span * (bottom - top)

    said = [f'<path d="M0 {bottom + 22}H{_WIDTH}" stroke="currentColor" opacity=".25"/>']
    crowded = step < max(_length(label) for label in labels) + 6
    for position, label in enumerate(labels):
        short = label.removesuffix("年")[-2:] if crowded else label
        said.append(_text(side + position * step, bottom + 38, short, "middle"))
    for number, one in enumerate(series):
        said += _line(one, point, _COLOURS[number], below=number % 2 == 1)
    return "".join(said), _LINE_HEIGHT


def _line(
    series: _Series, point: Callable[[int, Decimal], tuple[float, float]], colour: str, *, below: bool
) -> Iterator[str]:
    path, broken = "", True
    for position, cell in enumerate(series.cells):
        if cell is None or cell.value is None:
            broken = True
            continue
        x, y = point(position, cell.value)
        path += f"{'M' if broken else 'L'}{x:.1f} {y:.1f}"
        broken = False
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>'
        yield _text(x, y + (17 if below else -9), cell.text, "middle", ' font-size="11"')
    yield f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
