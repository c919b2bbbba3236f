"""A comparison as a picture: bars for places, a line for years.  SVG text with no script, font or colour of its own.

It takes its colours from the page (`currentColor`, and `--chart-1`, `--chart-2` … where these are set), so that it
reads in light and dark alike and prints.
"""

from __future__ import annotations

from rag.laying import Layout
from rag.types import ComparisonRow

__all__ = ["draw"]


def draw(layout: Layout, rows: tuple[ComparisonRow, ...]) -> str:
    return ""
