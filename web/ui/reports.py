"""报告 and 关于: what is loaded, read through, and what answers are made of.  Changes go through the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gradio as gr

from index.errors import IndexMissing, WenbaoError
from index.loading import supported_endings
from rag.writing import EXTRACTIVE
from web.accounts import LOCAL
from web.api_reports import described_reports
from web.auth import caller_of
from web.desk import Desk, View
from web.ui import words
from web.ui.ordering import in_order
from web.ui.rendering import loaded_line, render

__all__ = ["Reports"]

_LINES = {"added": words.ADDED, "updated": words.UPDATED, "unchanged": words.UNCHANGED, "removed": words.REMOVED}
_NAMED = 10


class Reports:
    """The handlers of both tabs."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def listed(self, outcome: Mapping[str, Any] | None, request: gr.Request) -> str:
        """The reports, and above them what has just been done, as the API told it."""
        may_edit = caller_of(request, "page").visitor.may("editor")
        problem, reports, order = "", [], dict[str, int]()
        try:
            view = self._view(request)
            reports = described_reports(self._desk, view)
            order = {card.id: place for place, card in enumerate(in_order(view.cards))}
        except WenbaoError as error:
            problem = str(error)
        for report in reports:
            parsing = report["parsing"]
            report["look"] = len(parsing["notes"]) if parsing else 0
        return render(
            "reports",
            reports=sorted(reports, key=lambda report: order[report["id"]]),
            outcome=_told(outcome) if outcome else None,
            may_edit=may_edit,
            endings=",".join(sorted(supported_endings())),
            problem=problem,
        )

    def read(self, report: str, request: gr.Request) -> str:
        """A report from its first paragraph to its last."""
        try:
            view = self._view(request)
            paragraphs = view.paragraphs(report)
        except WenbaoError as error:
            return render("reader", report=None, problem=str(error), headings=(), paragraphs=())
        headings = [
            {"number": p.number, "text": p.text, "depth": min(3, len(p.headings))} for p in paragraphs if p.is_heading
        ]
        card = next(card for card in view.cards if card.id == report)
        return render("reader", report=card, headings=headings, paragraphs=paragraphs, problem="")

    def about(self, _: object, request: gr.Request) -> str:
        """What answers are made of at the moment, and who is asking."""
        visitor = caller_of(request, "page").visitor
        parts, problem = [], ""
        try:
            view = self._view(request)
            made = view.assistant.provenance
            engine = words.EXTRACTIVE if made.engine == EXTRACTIVE else made.engine
            created = view.assistant.indexed.astimezone().strftime("%Y-%m-%d %H:%M")
            if view.cards:
                parts.append((words.LIBRARY, loaded_line(view.cards)))
            parts += [
                (words.ENGINE, engine),
                (words.EMBEDDER, made.embedder),
                (words.GENERATION, words.GENERATION_TEXT.format(name=made.index, created=created)),
            ]
        except IndexMissing:
            parts.append((words.LIBRARY, words.EMPTY))
        except WenbaoError as error:
            problem = str(error)
        parts.append((words.PRIVACY, words.PRIVACY_TEXT))
        if visitor is not LOCAL:
            you = words.YOU_TEXT.format(name=visitor.name, role=words.USER_ROLES[visitor.role])
            parts.append((words.YOU_ARE, you))
        return render("about", parts=parts, problem=problem, may_sign_out=visitor is not LOCAL)

    def _view(self, request: gr.Request) -> View:
        return self._desk.view(caller_of(request, "page"))


def _told(outcome: Mapping[str, Any]) -> dict[str, Any]:
    """An outcome in lines: what came, what changed, what did not and why."""
    lines = []
    for name, line in _LINES.items():
        if ids := outcome.get(name):
            more = words.AND_MORE.format(count=len(ids)) if len(ids) > _NAMED else ""
            lines.append(line.format(names="、".join(ids[:_NAMED]) + more))
    return {"lines": lines, "failed": outcome.get("failed", {}), "duplicates": outcome.get("duplicates", {})}
