"""The page: a conversation, the source panel beside it, the box to ask in.  Gradio carries events, templates show."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from typing import Any
from uuid import uuid4

import gradio as gr

from index.errors import UnknownReport, WenbaoError
from rag.types import Answer, Turn
from web.desk import Desk
from web.ui import words
from web.ui.rendering import (
    Exchange,
    Source,
    render_composer,
    render_conversation,
    render_masthead,
    render_source,
    render_welcome,
)

log = logging.getLogger(__name__)

FONTS = ("system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif")  # the reader's own
# A session remembers this many exchanges; older ones leave the page.
REMEMBERED = 50


class Page:
    """The event handlers of the page; what differs between people is in the Gradio session."""

    def __init__(self, desk: Desk, *, question_characters: int) -> None:
        self._desk = desk
        self._limit = question_characters

    def welcome(self) -> str:
        """What can be asked of the reports as they are now."""
        try:
            cards = self._desk.cards
            return render_welcome(cards, self._desk.assistant.examples() if cards else [])
        except WenbaoError as error:
            log.warning("%s", error)
            return render_welcome((), (), problem=str(error))

    def restart(self) -> tuple[str, str, str, list[Exchange]]:
        """A fresh conversation."""
        return self.welcome(), render_conversation((), {}), render_source(None), []

    def ask(self, exchanges: list[Exchange], event: gr.EventData) -> Iterator[tuple[str, Any, list[Exchange]]]:
        """Show the question at once, each claim as it is verified, then the answer or what went wrong.

        The panel is emptied first: an earlier question's source must not stand beside a refusal.
        """
        earlier, panel = exchanges[1 - REMEMBERED :], render_source(None)
        for exchange in self._answering(str(event.question).strip(), earlier):
            yield render_conversation([*earlier, exchange], self._titles), panel, [*earlier, exchange]
            panel = gr.skip()

    def open_source(self, event: gr.EventData) -> str:
        """The panel for the mark that was clicked."""
        source = Source(**event._data)
        try:
            paragraphs = self._desk.assistant.report_paragraphs(source.report)
        except UnknownReport:
            paragraphs = ()
        return render_source(source, self._titles.get(source.report, source.report), paragraphs)

    @property
    def _titles(self) -> dict[str, str]:
        try:
            return {card.id: card.title for card in self._desk.cards}
        except WenbaoError:  # the answer says so; here ids will do
            return {}

    def _answering(self, question: str, earlier: list[Exchange]) -> Iterator[Exchange]:
        exchange = Exchange(question=question)
        if len(question) > self._limit:
            yield replace(exchange, error=words.TOO_LONG.format(count=len(question), limit=self._limit))
            return
        yield exchange
        history = [Turn(question=e.question, answer=e.answer.text) for e in earlier if e.answer]
        try:
            for item in self._desk.assistant.stream(question, history):
                if isinstance(item, Answer):
                    yield replace(exchange, answer=item)
                else:
                    exchange = replace(exchange, claims=(*exchange.claims, item))
                    yield exchange
        except WenbaoError as error:
            yield replace(exchange, error=str(error))
        except Exception:
            number = uuid4().hex[:8]
            log.exception("question %s failed", number)
            yield replace(exchange, error=words.ERROR_UNEXPECTED.format(number=number))


def build_page(desk: Desk, *, question_characters: int) -> gr.Blocks:
    """The Gradio blocks, not yet served."""
    page = Page(desk, question_characters=question_characters)
    with gr.Blocks(title=words.TITLE, analytics_enabled=False, fill_width=True) as blocks:
        exchanges = gr.State([])
        with gr.Column(elem_id="wenbao"):
            masthead = _html(
                render_masthead(), "masthead", "wenbao.masthead(element, {restart: () => trigger('restart')})"
            )
            welcome = _html(page.welcome(), "welcome", "wenbao.welcome(element, {ask: d => trigger('ask', d)})")
            conversation = _html(
                render_conversation((), {}),
                "conversation",
                "wenbao.conversation(element, watch, {ask: d => trigger('ask', d), select: d => trigger('select', d)})",
            )
            panel = _html(render_source(None), "panel", "wenbao.panel(element, watch)")
            composer = _html(
                render_composer(question_characters),
                "composer",
                "wenbao.composer(element, {ask: d => trigger('ask', d)})",
            )

        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        for asker in (welcome, conversation, composer):
            asker.ask(
                page.ask,
                exchanges,
                [conversation, panel, exchanges],
                concurrency_limit=4,
                concurrency_id="ask",
                **quiet,
            )
        # Not "always_last": gradio then answers the last click with the data of the first.
        conversation.select(page.open_source, None, panel, concurrency_limit=None, trigger_mode="multiple", **quiet)
        masthead.restart(page.restart, None, [welcome, conversation, panel, exchanges], **quiet)
        blocks.load(page.welcome, None, welcome, **quiet)
    return blocks


def page_options() -> dict[str, Any]:
    """What mounting the page takes: the look, the script, and everything of Gradio's own switched off."""
    ui = files("web.ui")
    look = ui.joinpath("look.css").read_text(encoding="utf-8")
    script = ui.joinpath("page.js").read_text(encoding="utf-8")
    spoken = json.dumps({"copied": words.COPIED, "failed": words.COPY_FAILED}, ensure_ascii=False)
    return {
        "theme": gr.themes.Base(font=FONTS, font_mono=("ui-monospace", "monospace")),
        # Not `css`, which gradio rewrites to hold inside its own container only.
        "head": f"<style>{look}</style><script>const WORDS = {spoken};\n{script}</script>",
        "footer_links": [],
        "run_history": False,
        "ssr_mode": False,
        "mcp_server": False,
        "pwa": False,
        "enable_monitoring": False,
        "show_error": False,
    }


def _html(value: str, name: str, script: str) -> gr.HTML:
    return gr.HTML(value, elem_id=name, js_on_load=script, apply_default_css=False)
