"""Reports in the order in which an office lists places."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from index.regions import gazetteer
from index.store import ReportCard
from index.types import Level

__all__ = ["in_order"]

_LEVELS: tuple[Level, ...] = get_args(Level)


def in_order(cards: Iterable[ReportCard]) -> list[ReportCard]:
    """The nation first, then provinces, cities, counties, each by the codes of GB/T 2260, the newest report first."""
    return sorted(cards, key=lambda card: (_LEVELS.index(card.level), _code(card), card.region, -card.year))


def _code(card: ReportCard) -> str:
    """That of a place which the gazetteer lacks comes after all others."""
    places = gazetteer().named(card.region)
    return next((place.code for place in places if place.level == card.level and place.code), "999999")
