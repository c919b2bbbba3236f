"""How much a point matters to a reader who wants the gist of a whole report.

The weights are log-odds.  They were fitted on the key facts of a few reports of all levels, checked on reports left
out of the fit, and rounded; what they say is general: a report's headline indicators come first, then livelihood,
projects with money in them, and what stands out in the nation; small counts and procedure hardly matter.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from rag.points import LEANS, Point
from rag.themes import HEADLINE, Theme, load_themes, themes_in

_START = -2.4
# By the weight of the best theme: from detail (-1) to headline indicators (3).
_BY_THEME = {-1: -1.0, 0: 0.2, 1: 0.5, 2: 1.5, 3: 3.0}
_NO_THEME = -0.6
_IN_HEADLINE_PARAGRAPH = 1.4
_OPENS_PARAGRAPH = 0.4
# A headline indicator told once is told of parts further on: 对东盟出口, 高技术产业投资.
_OF_A_PART = -1.0
_SMALL_COUNT = -1.2
_NO_FIGURE = -1.6
_SEVERAL_YEARS = -1.2
_FOREMOST = 0.9
_SEVERAL_FIGURES = 0.4
_TELLING_KIND = 0.3
_LONG = -0.4
# What it is of stands in a sentence before it.
_HANGS = -2.0
# Told among plans, it is how things are: 我国有上亿市场主体.
_STATE = -2.0

_LEAST_HEADLINES = 3
_FEW, _LONG_POINT = 20, 30
_FIRST = re.compile(
    r"(?:全[国省]|世界|全球|大陆)[^，。；]{0,8}(?:第一|首[位个批创家])|居[^，。；]{0,4}(?:首位|第一)|唯一|首个"
)
_IS_STATE = re.compile(r"(?:我[国省市区县州])?(?:[全共现]*有|已|目前|现)")
_LARGE = re.compile(r"[万亿]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A point with its chance of being wanted, 0 to 1, and the theme that it is wanted for.

    One that `leads` gives the size or growth of the whole economy, first: no summary goes without it.
    """

    point: Point
    chance: float
    theme: Theme | None
    leads: bool = False

    @property
    def is_headline(self) -> bool:
        return self.theme is not None and self.theme.weight == HEADLINE


def weigh(points: Sequence[Point]) -> list[Weighed]:
    """The points of one report in their order, weighed."""
    themes = [_theme(point) for point in points]
    headlines: dict[int, int] = defaultdict(int)
    for point, theme in zip(points, themes, strict=True):
        headlines[point.place[1]] += theme is not None and theme.weight == HEADLINE and bool(point.readings)
    weighed, seen, first_told = [], set[int](), dict[tuple[object, ...], int]()
    for point, theme in zip(points, themes, strict=True):
        number, leads = point.place[1], False
        odds = _odds(point, theme)
        if theme is not None and theme.weight == HEADLINE and point.readings:
            key = (theme.name, point.kind, point.period)
            leads = theme is load_themes()[0] and key not in first_told
            odds += _OF_A_PART * (first_told.setdefault(key, number) != number)
        odds += _IN_HEADLINE_PARAGRAPH * (headlines[number] >= _LEAST_HEADLINES and bool(point.readings))
        odds += _OPENS_PARAGRAPH * (number not in seen)
        seen.add(number)
        weighed.append(Weighed(point=point, chance=1 / (1 + math.exp(-odds)), theme=theme, leads=leads))
    return weighed


def _theme(point: Point) -> Theme | None:
    """The weightiest theme of a point; a detail only where nothing else is told."""
    return max(themes_in(point.text), key=lambda theme: theme.weight, default=None)


def _odds(point: Point, theme: Theme | None) -> float:
    text = point.text
    figures = [reading.figure for reading in point.readings if reading.figure.unit != "年"]  # 三年 measures no work
    return (
        _START
        + (_NO_THEME if theme is None else _BY_THEME[theme.weight])
        + _FOREMOST * bool(_FIRST.search(text))
        + _NO_FIGURE * (not figures)
        + _SEVERAL_FIGURES * (len(figures) > 1)
        + _TELLING_KIND * any(f.kind in ("growth", "share") or bool(_LARGE.search(f.text)) for f in figures)
        + _SMALL_COUNT * (bool(figures) and all(f.kind == "amount" and abs(f.value) < _FEW for f in figures))
        + _SEVERAL_YEARS * (point.period is not None and point.period.years > 1)
        + _LONG * (len(text) > _LONG_POINT)
        + _STATE * (point.kind == "planned" and bool(_IS_STATE.match(text)))
        + _HANGS * bool(LEANS.match(text) and not point.adds)
    )
