"""问答: a question becomes an exchange, streamed sentence by sentence, in a conversation that is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr
from pydantic import TypeAdapter

from index.errors import UnknownReport, WenbaoError
from rag.types import Answer, Turn
from web.auth import caller_of
from web.conversations import Exchange, Limits
from web.desk import Desk, View
from web.ui import words
from web.ui.faults import told
from web.ui.ordering import in_order
from web.ui.rendering import Source, render, render_conversation, render_source, render_welcome
from web.ui.stopping import Number, Stops

__all__ = ["Asking"]

# A follow-up is understood from this many exchanges before it.
_REMEMBERED = 20

_ANYWHERE = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What the browser sends; it makes up both numbers, so that a new conversation needs no round trip."""

    conversation: Number
    work: Number
    question: str = ""
    limits: Limits = _ANYWHERE


_ASKED = TypeAdapter(_Asked)
_SOURCE = TypeAdapter(Source)


class Asking:
    """The handlers of the tab; what differs between people comes with each call."""

    def __init__(self, desk: Desk, *, question_characters: int) -> None:
        self._desk = desk
        self._limit = question_characters
        self._stops = Stops()
        self._working: dict[tuple[str, str], str] = {}

    def ask(self, event: gr.EventData, request: gr.Request) -> Iterator[str]:
        """Show the question at once, each claim as it is verified, then the answer or what went wrong.

        A conversation waits for one answer at a time: its next question, from whatever window, ends the one before.
        It ends without a word when the person stops it, and Gradio closes it when the browser goes away: what stands
        by then is kept.
        """
        asked = _ASKED.validate_python(event._data)
        caller = caller_of(request, "page")
        kept, visitor = self._desk.conversations, caller.visitor.name
        titles = self._titles(request)
        asking = latest = Exchange(question=asked.question.strip(), limits=asked.limits)
        try:
            number = kept.begin(asked.conversation, visitor, asking)
            earlier = [_settled(e) for e in kept.exchanges(asked.conversation, visitor)[: number - 1]]
        except WenbaoError as error:
            yield render_conversation([replace(asking, error=str(error))], titles, asked.work)
            return
        place = visitor, asked.conversation
        if (before := self._working.get(place)) is not None:
            self._stops.stop(before, request)
        self._working[place] = asked.work
        try:
            for latest in self._answering(asking, earlier, request):
                if self._stops.has(asked.work, request):
                    if self._working.get(place) != asked.work:  # this window does not know
                        yield render_conversation([*earlier, replace(latest, is_stopped=True)], titles, asked.work)
                    return
                kept.keep(asked.conversation, number, latest)
                yield render_conversation([*earlier, latest], titles, asked.work)
        finally:
            if latest.is_pending:
                kept.keep(asked.conversation, number, replace(latest, is_stopped=True))
            if self._working.get(place) == asked.work:
                del self._working[place]

    # -- called from the browser without the queue ---------------------------------------------------

    def stop(self, stopped: dict[str, str], request: gr.Request) -> str:
        """The conversation with its last answer left as it is."""
        asked = _ASKED.validate_python(stopped)
        self._stops.stop(asked.work, request)
        return self.open(asked.conversation, request)

    def welcome(self, _: object, request: gr.Request) -> str:
        """What can be asked of the reports as they are now."""
        try:
            view = self._view(request)
            may_add = view.caller.visitor.may("editor")
            if not view.cards:
                return render_welcome((), (), may_add=may_add)
            return render_welcome(view.cards, view.examples(), notice=view.assistant.notice, may_add=may_add)
        except WenbaoError as error:
            return render_welcome((), (), problem=str(error))

    def scope(self, _: object, request: gr.Request) -> str:
        """The choices of place, year and report."""
        try:
            cards = in_order(self._view(request).cards)
        except WenbaoError:  # the welcome says so
            cards = []
        regions = list(dict.fromkeys(card.region for card in cards))
        years = sorted({card.year for card in cards}, reverse=True)
        return render("scope", cards=cards, regions=regions, years=years)

    def conversations(self, _: object, request: gr.Request) -> str:
        """The list of the visitor's conversations."""
        visitor = caller_of(request, "page").visitor.name
        return render("rail", conversations=self._desk.conversations.listed(visitor))

    def open(self, conversation: str, request: gr.Request) -> str:
        """A conversation as it was; empty if there is none of that number."""
        try:
            return self._shown(conversation, request)
        except WenbaoError:
            return render_conversation((), {})

    def rename(self, change: dict[str, str], request: gr.Request) -> str:
        """The list with a conversation under another title."""
        visitor = caller_of(request, "page").visitor.name
        self._desk.conversations.rename(change["conversation"], visitor, change["title"])
        return self.conversations(None, request)

    def remove(self, conversation: str, request: gr.Request) -> str:
        """The list without a conversation."""
        self._desk.conversations.remove(conversation, caller_of(request, "page").visitor.name)
        return self.conversations(None, request)

    def source(self, address: dict[str, Any], request: gr.Request) -> str:
        """The panel for the mark that carries this address."""
        source = _SOURCE.validate_python(address)
        try:
            paragraphs = self._view(request).paragraphs(source.report)
        except UnknownReport:
            paragraphs = ()
        return render_source(source, self._titles(request).get(source.report, source.report), paragraphs)

    # ------------------------------------------------------------------------------------------------

    def _view(self, request: gr.Request) -> View:
        return self._desk.view(caller_of(request, "page"))

    def _titles(self, request: gr.Request) -> dict[str, str]:
        try:
            return {card.id: card.title for card in self._view(request).cards}
        except WenbaoError:  # the answer says so; here ids will do
            return {}

    def _shown(self, conversation: str, request: gr.Request) -> str:
        """Nothing is on its way in a conversation that is opened anew."""
        visitor = caller_of(request, "page").visitor.name
        exchanges = self._desk.conversations.exchanges(conversation, visitor)
        return render_conversation([_settled(exchange) for exchange in exchanges], self._titles(request))

    def _answering(self, exchange: Exchange, earlier: Sequence[Exchange], request: gr.Request) -> Iterator[Exchange]:
        if len(exchange.question) > self._limit:
            message = words.TOO_LONG.format(count=len(exchange.question), limit=self._limit)
            yield replace(exchange, error=message)
            return
        yield exchange
        history = [Turn(question=e.question, answer=e.answer.text) for e in earlier if e.answer][-_REMEMBERED:]
        limits = exchange.limits
        try:
            view = self._view(request)
            scope = view.narrowed(regions=limits.regions, years=limits.years, reports=limits.reports or None)
            for item in view.stream(exchange.question, history, scope=scope):
                if isinstance(item, Answer):
                    yield replace(exchange, answer=item)
                else:
                    exchange = replace(exchange, claims=(*exchange.claims, item))
                    yield exchange
        except Exception as error:
            yield replace(exchange, error=told(error))


def _settled(exchange: Exchange) -> Exchange:
    """An exchange with nothing more on its way."""
    return replace(exchange, is_stopped=True) if exchange.is_pending else exchange
