"""Reports in the order in which an office lists places."""

from __future__ import annotations

from collections.abc import Iterable

from index.regions import place_order
from index.store import ReportCard

__all__ = ["in_order"]


def in_order(cards: Iterable[ReportCard]) -> list[ReportCard]:
    """Place by place, the newest report first."""
    return sorted(cards, key=lambda card: (place_order(card.region, card.level), -card.year))
