"""The ruled tables of a page, found by their lines."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

__all__ = ["Boxed", "Rule", "RuledTable", "ruled_tables"]

_NEAR = 3.0  # points within which two lines meet, or are the two edges of one
_SHORTEST = 6.0
# A page of drawings has thousands of lines and no table.
_MOST_RULES = 5_000


class Boxed(Protocol):
    @property
    def x0(self) -> float: ...
    @property
    def top(self) -> float: ...
    @property
    def x1(self) -> float: ...
    @property
    def bottom(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line, horizontal or vertical, in points from the upper left corner."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def horizontal(self) -> bool:
        return self.x1 - self.x0 >= self.bottom - self.top


@dataclass(frozen=True, slots=True)
class RuledTable:
    """`xs` and `ys` are the lines between columns and rows; `cells[row][column]` numbers cells, merged ones alike."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[tuple[int, ...], ...]

    @property
    def top(self) -> float:
        return self.ys[0]

    def holds(self, box: Boxed) -> bool:
        return self.cell(box) is not None

    def cell(self, box: Boxed) -> int | None:
        """The cell in which the middle of a box lies."""
        column = bisect_right(self.xs, (box.x0 + box.x1) / 2) - 1
        row = bisect_right(self.ys, (box.top + box.bottom) / 2) - 1
        inside = 0 <= column < len(self.xs) - 1 and 0 <= row < len(self.ys) - 1
        return self.cells[row][column] if inside else None

    def continues_in(self, other: RuledTable) -> bool:
        """Whether the other has the same columns, as the rest of a table on the next page has."""
        same = zip(self.xs, other.xs, strict=False)
        return len(self.xs) == len(other.xs) and all(abs(a - b) < 2 * _NEAR for a, b in same)


def ruled_tables(rules: Sequence[Rule]) -> list[RuledTable]:
    """The tables that these lines draw: at least two rows and two columns whose lines meet."""
    long = [rule for rule in rules if max(rule.x1 - rule.x0, rule.bottom - rule.top) >= _SHORTEST]
    if len(long) > _MOST_RULES:
        return []
    tables = (_table(group) for group in _groups(long))
    return [table for table in tables if table is not None]


def _groups(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Lines that meet, directly or by way of others."""
    groups: list[list[Rule]] = []
    for rule in rules:
        met = [group for group in groups if any(_meet(rule, other) for other in group)]
        groups = [group for group in groups if group not in met] + [[rule, *(r for group in met for r in group)]]
    return groups


def _meet(a: Rule, b: Rule) -> bool:
    return a.x0 <= b.x1 + _NEAR and b.x0 <= a.x1 + _NEAR and a.top <= b.bottom + _NEAR and b.top <= a.bottom + _NEAR


def _table(group: Sequence[Rule]) -> RuledTable | None:
    horizontal = [rule for rule in group if rule.horizontal]
    vertical = [rule for rule in group if not rule.horizontal]
    ys, xs = _levels((rule.top + rule.bottom) / 2 for rule in horizontal), _levels((r.x0 + r.x1) / 2 for r in vertical)
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 2 or columns < 2:
        return None
    number = [[row * columns + column for column in range(columns)] for row in range(rows)]

    def merge(old: int, new: int) -> None:
        for row in number:
            row[:] = [new if cell == old else cell for cell in row]

    for row in range(rows):
        for column in range(columns):
            x, y = (xs[column] + xs[column + 1]) / 2, (ys[row] + ys[row + 1]) / 2
            if column + 1 < columns and not any(_crosses(r, xs[column + 1], y) for r in vertical):
                merge(number[row][column + 1], number[row][column])
            if row + 1 < rows and not any(_crosses(r, x, ys[row + 1]) for r in horizontal):
                merge(number[row + 1][column], number[row][column])
    return RuledTable(xs, ys, tuple(map(tuple, number)))


def _crosses(rule: Rule, x: float, y: float) -> bool:
    return rule.x0 - _NEAR <= x <= rule.x1 + _NEAR and rule.top - _NEAR <= y <= rule.bottom + _NEAR


def _levels(values: Iterable[float]) -> tuple[float, ...]:
    levels: list[float] = []
    for value in sorted(values):
        if not levels or value - levels[-1] > _NEAR:
            levels.append(value)
    return tuple(levels)
