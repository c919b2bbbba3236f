"""Which points a summary of so many characters takes: the most wanted for their length, spread over what is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise

from index.figures import same_figure
from rag.salience import Weighed

__all__ = ["AGAIN", "select"]

_PER_FURTHER_FIGURE = 0.4
_MOST_FIGURES = 4
AGAIN = 0.75
_BESIDE_A_CHOSEN = 1.6
_LENGTH = 0.9
_LEADING = 3.0
_SEPARATOR = 1
_LEAST_GAIN = 0.03


def select(
    weighed: Sequence[Weighed], characters: int, stands: Callable[[Weighed], bool], again: float = AGAIN
) -> list[Weighed]:
    """The chosen points in the order given; `stands` says whether one may be told at all, and is asked late.

    `again` is how much of its worth each further point of a theme keeps.

    Greedy by gain for length.  A theme told already gains less elsewhere; what stands beside a chosen point in its
    sentence gains more, for together they tell a whole; what only adds to a point is taken only after it.
    """
    left = dict(enumerate(weighed))
    beside = _neighbours(weighed)
    chosen: set[int] = set()
    told: Counter[tuple[str, str]] = Counter()

    def is_repeated(item: Weighed) -> bool:
        figures = [reading.figure for reading in item.point.readings]
        return bool(figures) and any(
            all(any(same_figure(one, reading.figure) for reading in weighed[other].point.readings) for one in figures)
            for other in chosen
            if weighed[other].theme is item.theme
            and (weighed[other].point.kind, weighed[other].point.period) == (item.point.kind, item.point.period)
            and weighed[other].point.statement is not item.point.statement
        )

    def worth(number: int) -> float:
        item = left[number]
        point = item.point
        if is_repeated(item):
            return 0.0
        if point.adds and number - 1 not in chosen & beside[number]:
            return 0.0
        gain = item.chance * (1 + _PER_FURTHER_FIGURE * (min(len(point.readings), _MOST_FIGURES) - 1))
        near = chosen & beside[number]
        if item.leads:
            gain *= _LEADING
        if near:
            gain *= _BESIDE_A_CHOSEN
        elif item.theme is not None:
            gain *= again ** told[point.kind, item.theme.name]
        return gain / (len(point.text) + _SEPARATOR) ** _LENGTH if gain >= _LEAST_GAIN else 0.0

    while left:
        best = max(left, key=lambda number: (worth(number), -number))
        if worth(best) == 0.0:
            break
        item = left.pop(best)
        if len(item.point.text) + _SEPARATOR > characters or not stands(item):
            continue
        characters -= len(item.point.text) + _SEPARATOR
        chosen.add(best)
        if item.theme is not None and not chosen & beside[best]:
            told[item.point.kind, item.theme.name] += 1
    return [weighed[number] for number in sorted(chosen)]


def _neighbours(weighed: Sequence[Weighed]) -> list[set[int]]:
    """For each point the numbers of those before and after it in its sentence."""
    beside: list[set[int]] = [set() for _ in weighed]
    for (i, one), (j, other) in pairwise(enumerate(weighed)):
        if one.point.statement is other.point.statement:
            beside[i].add(j)
            beside[j].add(i)
    return beside
