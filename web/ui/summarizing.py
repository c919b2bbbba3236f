"""摘要: a report, a section, a theme or what is new, told claim by claim while it is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Literal

import gradio as gr
from pydantic import StringConstraints, TypeAdapter

from index.errors import UnknownReport, WenbaoError
from rag.themes import load_themes
from rag.types import Claim, Summary, SummaryLength, SummaryProgress, SummaryRequest, SummaryStyle
from web.auth import caller_of
from web.desk import Desk, View
from web.errors import TooMuchSent
from web.ui import words
from web.ui.faults import told
from web.ui.ordering import in_order
from web.ui.rendering import Source, line_parts, quote_line, render, sources_of
from web.ui.stopping import Number, Stops

__all__ = ["Summarizing", "render_summary"]

_Text = Annotated[str, StringConstraints(max_length=20_000)]
# Themes that a click asks for are those that matter at least so much in a summary.
_LIVELIHOOD = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What the form says; `other` is the earlier report that one is held against."""

    kind: Literal["report", "section", "topic", "changes"] = "report"
    report: _Text = ""
    other: _Text = ""
    section: _Text = ""
    topic: _Text = ""
    length: SummaryLength = "page"
    style: SummaryStyle = "points"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Begun:
    work: Number
    wanted: _Wanted


_BEGUN = TypeAdapter(_Begun)


class Summarizing:
    """The handlers of the tab."""

    def __init__(self, desk: Desk, *, question_characters: int) -> None:
        self._desk = desk
        self._limit = question_characters
        self._stops = Stops()

    def form(self, _: object, request: gr.Request) -> str:
        """What can be summarised, of the reports as they are now."""
        themes = [theme.name for theme in load_themes() if theme.weight == _LIVELIHOOD]
        try:
            cards, problem = in_order(self._view(request).cards), ""
        except WenbaoError as error:
            cards, problem = [], str(error)
        first = max(cards, key=lambda card: card.year).id if cards else ""
        return render("summarizing", cards=cards, first=first, themes=themes, limit=self._limit, problem=problem)

    def sections(self, report: str, request: gr.Request) -> list[str]:
        """The headings of a report under which something stands, outer ones before those within."""
        try:
            paragraphs = self._view(request).paragraphs(report)
        except UnknownReport:
            return []
        return list(dict.fromkeys(heading for p in paragraphs if not p.is_heading for heading in p.headings))

    def stop(self, work: str, request: gr.Request) -> None:
        """End a summary at its next step."""
        self._stops.stop(work, request)

    def summarize(self, event: gr.EventData, request: gr.Request) -> Iterator[str]:
        """How far the reading is, each claim as it is verified, then the summary or what went wrong."""
        begun = _BEGUN.validate_python(event._data)
        shown = partial(render_summary, work=begun.work)
        yield shown(is_pending=True)
        said: list[Claim] = []
        progress: SummaryProgress | None = None
        try:
            for item in self._items(begun.wanted, self._view(request)):
                if self._stops.has(begun.work, request):
                    return
                if isinstance(item, Summary):
                    yield shown(item)
                    return
                if isinstance(item, SummaryProgress):
                    progress = item
                else:
                    said.append(item)
                yield shown(is_pending=True, progress=progress, said=said)
        except Exception as error:
            yield shown(error=told(error))

    def _items(self, wanted: _Wanted, view: View) -> Iterator[SummaryProgress | Claim | Summary]:
        if len(wanted.topic) > self._limit:
            raise TooMuchSent(words.TOO_LONG.format(count=len(wanted.topic), limit=self._limit))
        view.require(*filter(None, (wanted.report, wanted.other)))
        view.check_in()
        if wanted.kind == "changes":
            return view.assistant.stream_whats_new(wanted.other, wanted.report, wanted.length, scope=view.scope)
        asked = SummaryRequest(
            reports=(wanted.report,) if wanted.report else (),
            section=wanted.section if wanted.kind == "section" else "",
            question=wanted.topic if wanted.kind == "topic" else "",
            length=wanted.length,
            style=wanted.style,
        )
        return view.assistant.stream_summary(asked, scope=view.scope)

    def _view(self, request: gr.Request) -> View:
        return self._desk.view(caller_of(request, "page"))


def render_summary(
    summary: Summary | None = None,
    *,
    is_pending: bool = False,
    progress: SummaryProgress | None = None,
    said: Sequence[Claim] = (),
    error: str = "",
    work: str = "",
) -> str:
    """A summary, what of it has been said so far, or why there is none; without any of these, what the tab is for.

    `work` is the number of what it was made for.
    """
    shown: dict[str, Any] = {"sources": {}, "parts": (), "left_out": (), "copied": "", "quotes": ""}
    if summary is not None:
        quotes = [quote_line(c.quote, c.title, c.section, c.paragraph) for c in summary.citations]
        numbered = [f"[{c.mark}] {quote}" for c, quote in zip(summary.citations, quotes, strict=True)]
        shown = {
            "sources": sources_of(summary.citations, summary.claims),
            "parts": [(part.heading, [list(line_parts(line)) for line in part.paragraphs]) for part in summary.parts],
            "left_out": [(citation, Source.of(citation)) for citation in summary.coverage.left_out],
            "copied": "\n".join([summary.text, *numbered]),
            "quotes": "\n".join(quotes),
        }
    lines = [list(line_parts(claim.text)) for claim in said]
    return render(
        "summary",
        summary=summary,
        is_pending=is_pending,
        progress=progress,
        said=lines,
        error=error,
        work=work,
        **shown,
    )
