"""对比: figures of places and years in one table, each with its source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Any

import gradio as gr
from pydantic import TypeAdapter

from index.errors import WenbaoError
from rag.types import Comparison, ComparisonProgress, ComparisonRequest
from web.auth import caller_of
from web.desk import Desk, View
from web.errors import TooMuchSent
from web.ui import words
from web.ui.faults import told
from web.ui.ordering import in_order
from web.ui.rendering import line_parts, quote_line, render, sources_of
from web.ui.stopping import Number, Stops

__all__ = ["Comparing", "render_comparison"]

_SUGGESTED = 10
_EXAMPLES = 3
# Seconds between two words on how far it is: hundreds of cells may take no longer than that.
_PAUSE = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class _Begun:
    work: Number
    wanted: ComparisonRequest


_BEGUN = TypeAdapter(_Begun)


class Comparing:
    """The handlers of the tab."""

    def __init__(self, desk: Desk, *, question_characters: int) -> None:
        self._desk = desk
        self._limit = question_characters
        self._stops = Stops()

    def form(self, _: object, request: gr.Request) -> str:
        """What can be compared, of the reports as they are now."""
        try:
            view, problem = self._view(request), ""
            cards, indicators = in_order(view.cards), view.indicators(_SUGGESTED)
        except WenbaoError as error:
            cards, indicators, problem = [], [], str(error)
        # A report gives figures of the year before and aims for its own.
        years = sorted({year for card in cards for year in (card.year - 1, card.year)}, reverse=True)
        hint = ""
        if cards and indicators:
            hint = words.COMPARE_HINT.format(region=cards[0].region, indicator=indicators[0])
        return render(
            "comparing",
            cards=cards,
            indicators=indicators,
            regions=list(dict.fromkeys(card.region for card in cards)),
            levels=[level for level in words.LEVELS if any(card.level == level for card in cards)],
            years=years,
            hint=hint,
            limit=self._limit,
            problem=problem,
        )

    def start(self, _: object, request: gr.Request) -> str:
        """What stands there before the first comparison."""
        try:
            view = self._view(request)
            indicators, cards = view.indicators(_EXAMPLES), view.cards
        except WenbaoError:  # the form says so
            return render_comparison()
        return render_comparison(
            examples=[
                words.COMPARE_HINT_LINE.format(region=cards[i % len(cards)].region, indicator=indicator)
                for i, indicator in enumerate(indicators)
            ]
        )

    def stop(self, work: str, request: gr.Request) -> None:
        """End a comparison at its next cell."""
        self._stops.stop(work, request)

    def compare(self, event: gr.EventData, request: gr.Request) -> Iterator[str]:
        """How far it is, then the table or what went wrong; nothing more once it is stopped."""
        begun = _BEGUN.validate_python(event._data)
        wanted, shown = begun.wanted, partial(render_comparison, work=begun.work)
        yield shown(is_pending=True)
        try:
            length = len(wanted.question) + sum(map(len, wanted.indicators))
            if length > self._limit:
                raise TooMuchSent(words.TOO_LONG.format(count=length, limit=self._limit))
            view = self._view(request)
            view.check_in()
            said = monotonic()
            for item in view.assistant.stream_comparison(wanted, scope=view.scope):
                if self._stops.has(begun.work, request):
                    return
                if isinstance(item, Comparison):
                    yield shown(item)
                elif monotonic() - said > _PAUSE:
                    said = monotonic()
                    yield shown(is_pending=True, progress=item)
        except Exception as error:
            yield shown(error=told(error))

    def _view(self, request: gr.Request) -> View:
        return self._desk.view(caller_of(request, "page"))


def render_comparison(
    comparison: Comparison | None = None,
    *,
    is_pending: bool = False,
    progress: ComparisonProgress | None = None,
    error: str = "",
    work: str = "",
    examples: list[str] | None = None,
) -> str:
    """A table with its chart, or why there is none; without either, what the tab is for.

    `work` is the number of what it was made for.
    """
    shown: dict[str, Any] = {"sources": {}, "remarks": (), "chart": "", "copied": "", "quotes": ""}
    if comparison is not None:
        shown = {
            "sources": sources_of(comparison.citations, comparison.claims),
            "remarks": [{"parts": list(line_parts(c.text)), "computed": c.computed} for c in comparison.remarks],
            "chart": comparison.chart,
            "copied": _as_text(comparison),
            "quotes": "\n".join(quote_line(c.quote, c.title, c.section, c.paragraph) for c in comparison.citations),
        }
    return render(
        "comparison",
        comparison=comparison,
        is_pending=is_pending,
        progress=progress,
        error=error,
        work=work,
        examples=examples or [],
        **shown,
    )


def _as_text(comparison: Comparison) -> str:
    """The table with tabs between its cells, as a spreadsheet takes it, and below it what was worked out."""
    headings = [comparison.row_heading, *comparison.columns, comparison.change_heading]
    lines = [comparison.title, "\t".join(filter(None, headings))]
    for row in comparison.rows:
        cells = [cell.text or cell.note for cell in row.cells]
        if comparison.change_heading:
            cells.append((row.change.text or row.change.note) if row.change else "")
        lines.append("\t".join((row.label, *cells)))
    return "\n".join([*lines, *(claim.text for claim in comparison.remarks), *comparison.notes])
