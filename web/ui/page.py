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
from web.auth import caller_of
from web.desk import Desk, View
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

    def _view(self, request: gr.Request) -> View:
        return self._desk.view(caller_of(request, "page"))

    def welcome(self, request: gr.Request) -> str:
        """What can be asked of the reports as they are now."""
        try:
            view = self._view(request)
            if not view.cards:
                return render_welcome((), ())
            return render_welcome(view.cards, view.examples(), notice=view.assistant.notice)
        except WenbaoError as error:
            return render_welcome((), (), problem=str(error))

    def restart(self, request: gr.Request) -> tuple[str, str, list[Exchange]]:
        """A fresh conversation."""
        return self.welcome(request), render_conversation((), {}), []

    def ask(
        self, exchanges: list[Exchange], event: gr.EventData, request: gr.Request
    ) -> Iterator[tuple[str, list[Exchange]]]:
        """Show the question at once, each claim as it is verified, then the answer or what went wrong."""
        earlier = exchanges[1 - REMEMBERED :]
        titles = self._titles(request)
        for exchange in self._answering(str(event.question).strip(), earlier, request):
            yield render_conversation([*earlier, exchange], titles), [*earlier, exchange]

    def source(self, address: dict[str, Any], request: gr.Request) -> str:
        """The panel for the mark that carries this address."""
        source = Source(**address)
        try:
            paragraphs = self._view(request).paragraphs(source.report)
        except UnknownReport:
            paragraphs = ()
        return render_source(source, self._titles(request).get(source.report, source.report), paragraphs)

    def _titles(self, request: gr.Request) -> dict[str, str]:
        try:
            return {card.id: card.title for card in self._view(request).cards}
        except WenbaoError:  # the answer says so; here ids will do
            return {}

    def _answering(self, question: str, earlier: list[Exchange], request: gr.Request) -> Iterator[Exchange]:
        exchange = Exchange(question=question)
        if len(question) > self._limit:
            yield replace(exchange, error=words.TOO_LONG.format(count=len(question), limit=self._limit))
            return
        yield exchange
        history = [Turn(question=e.question, answer=e.answer.text) for e in earlier if e.answer]
        try:
            for item in self._view(request).stream(question, history):
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

    def source(address: dict[str, Any], request: gr.Request) -> str:  # gradio marks it, and a method takes no mark
        return page.source(address, request)

    with gr.Blocks(title=words.TITLE, analytics_enabled=False, fill_width=True) as blocks:
        exchanges = gr.State([])
        with gr.Column(elem_id="wenbao"):
            masthead = _html("masthead", render_masthead(), "element, () => trigger('restart')")
            welcome = _html("welcome", render_welcome((), ()), "element, question => trigger('ask', {question})")
            conversation = _html(
                "conversation", render_conversation((), {}), "element, watch, question => trigger('ask', {question})"
            )
            # Opened through a call of its own: of several events gradio may show the first one's result last.
            _html("panel", render_source(None), "element, props, server.source", server_functions=[source])
            composer = _html(
                "composer", render_composer(question_characters), "element, question => trigger('ask', {question})"
            )

        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        for asker in (welcome, conversation, composer):
            asker.ask(
                page.ask, exchanges, [conversation, exchanges], concurrency_limit=4, concurrency_id="ask", **quiet
            )
        masthead.restart(page.restart, None, [welcome, conversation, exchanges], **quiet)
        blocks.load(page.welcome, None, welcome, **quiet)
    return blocks


def _html(name: str, value: str, arguments: str, **options: Any) -> gr.HTML:
    """A part of the page, made alive by the function of its name in page.js."""
    script = f"wenbao.{name}({arguments})"
    return gr.HTML(value, elem_id=name, js_on_load=script, apply_default_css=False, **options)


def page_options() -> dict[str, Any]:
    """What mounting the page takes: the look, the script, and everything of Gradio's own switched off."""
    ui = files("web.ui")
    look = ui.joinpath("look.css").read_text(encoding="utf-8")
    script = ui.joinpath("page.js").read_text(encoding="utf-8")
    lost = f":root {{ --lost: '{words.LOST}'; }}"
    spoken = json.dumps({"copied": words.COPIED, "failed": words.COPY_FAILED}, ensure_ascii=False)
    return {
        "theme": gr.themes.Base(font=FONTS, font_mono=("ui-monospace", "monospace")),
        # Not `css`, which gradio rewrites to hold inside its own container only.
        "head": f"<style>{lost}\n{look}</style><script>const WORDS = {spoken};\n{script}</script>",
        "footer_links": [],
        "run_history": False,
        "ssr_mode": False,
        "mcp_server": False,
        "pwa": False,
        "enable_monitoring": False,
        "show_error": False,
    }
