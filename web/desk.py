"""Where page, API and all other ways in fetch what they show: the assistant, narrowed to what the visitor may see.

Nobody asks the assistant past a `View`, so that a hidden report takes no part in an answer, a count, a choice, an
example or a refusal, and every question is in the journal.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from time import perf_counter
from uuid import uuid4

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from index.building import Outcome
from index.embedders import Embedder
from index.errors import IndexMissing, UnknownReport
from index.store import ReportCard
from index.types import Hit, Paragraph, Scope
from rag.assistant import Assistant
from rag.build import begin_writer, build_assistant, open_embedder
from rag.settings import Settings
from rag.types import Answer, Claim, Turn
from web.accounts import LOCAL, Accounts, Visitor
from web.conversations import Conversations
from web.ending import Ending
from web.errors import TooManyQuestions
from web.journal import Asked, Channel, Journal
from web.library import Library
from web.metrics import Metrics
from web.records import Records

__all__ = ["Caller", "Desk", "View", "open_desk"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A visitor in one request: the way in, the address (of the person, not of a proxy), and the request's number."""

    visitor: Visitor = LOCAL
    channel: Channel = "cli"
    client: str = ""
    request: str = ""


class Desk:
    """The assistant of a running server, and what belongs to it; safe to share between threads.

    A server may start before anything is indexed, and reports may come and go under it: each question is answered
    from what is indexed now, so what was removed can no longer be found.
    """

    def __init__(
        self,
        open_assistant: Callable[[], Assistant],
        *,
        library: Library,
        accounts: Accounts,
        journal: Journal,
        conversations: Conversations,
        asks_per_minute: int,
    ) -> None:
        self.library = library
        self.accounts = accounts
        self.journal = journal
        self.conversations = conversations
        self.metrics = Metrics()
        self.ending = Ending()
        self._unfinished: dict[str, tuple[Asked, list[str]]] = {}
        self._open = open_assistant
        self._assistant: Assistant | None = None
        self._lock = Lock()
        self.limiter = MovingWindowRateLimiter(MemoryStorage())
        self._asks_per_minute = asks_per_minute

    @property
    def assistant(self) -> Assistant:
        """Over everything, for whoever applies a scope.  Raises IndexMissing while nothing is indexed, and whatever
        else opening an index raises."""
        with self._lock:
            if self._assistant is None:
                self._assistant = self._open()
            else:
                self._assistant.reload()
            return self._assistant

    def require_ready(self) -> None:
        """Raise what keeps questions from being answered; that nothing is indexed yet, does not."""
        with suppress(IndexMissing):
            _ = self.assistant

    def view(self, caller: Caller) -> View:
        """What a visitor may see and ask, as of now.  Raises as `assistant` does, but for IndexMissing."""
        return View(self, caller)

    def check_in(self, caller: Caller) -> None:
        """Count a question.  Raises TooManyQuestions."""
        if self._asks_per_minute:
            limit = RateLimitItemPerMinute(self._asks_per_minute)
            who = (caller.visitor.name, caller.client if caller.visitor is LOCAL else "")
            if not self.limiter.hit(limit, *who):
                raise TooManyQuestions(f"问得太快了：每分钟最多 {self._asks_per_minute} 个问题，请稍后再问。")

    def begin(self, asked: Asked, said: list[str]) -> str:
        """Note that a question is being answered, and where what is said of it is collected; its number."""
        number = uuid4().hex
        self._unfinished[number] = asked, said
        return number

    def finish(self, asked: Asked, number: str, answer: Answer) -> None:
        """Keep the answer in the journal."""
        self._unfinished.pop(number, None)
        self.journal.note_answer(asked, answer)

    def break_off(self, number: str) -> None:
        """Keep in the journal what was said so far, unless the question is answered."""
        if (unfinished := self._unfinished.pop(number, None)) is not None:
            asked, said = unfinished
            self.journal.note_unfinished(asked, number, said)

    def close(self) -> None:
        """Break off what is still being answered: the server ends."""
        for number in list(self._unfinished):
            self.break_off(number)

    def note_outcome(self, caller: Caller, what: str, outcome: Outcome) -> None:
        """Keep in the journal which reports came, changed and went."""
        subjects = (*outcome.added, *outcome.updated, *outcome.removed)
        self.journal.note_change(caller.visitor.name, caller.channel, caller.request, what, subjects)

    def show_to(self, caller: Caller, reports: Collection[str], groups: Collection[str] | None) -> None:
        """Say who may see reports, as `Accounts.show_to`, and keep in the journal who said so."""
        self.accounts.show_to(reports, groups)
        who = "all" if groups is None else ",".join(sorted(groups)) or "admins"
        self.journal.note_change(caller.visitor.name, caller.channel, caller.request, f"show to {who}", [*reports])


class View:
    """The reports that one visitor may see, and the assistant over them and nothing else.

    `cards` are empty while nothing is indexed; then asking raises IndexMissing.
    """

    def __init__(self, desk: Desk, caller: Caller) -> None:
        self._desk = desk
        self.caller = caller
        try:
            cards = desk.assistant.cards
        except IndexMissing:
            cards = ()
        self.scope: Scope = desk.accounts.visible(caller.visitor, cards)
        self.cards: tuple[ReportCard, ...] = tuple(card for card in cards if card.id in self.scope)

    def narrowed(
        self,
        *,
        regions: Collection[str] = (),
        years: Collection[int] = (),
        reports: Collection[str] | None = None,
    ) -> Scope:
        """The visible reports of these places, delivered in these years, with these ids; an empty list is no limit.

        Only `reports` None is no limit: none of no reports can be found.
        """
        if not regions and not years and reports is None:
            return self.scope
        return Scope(
            reports=frozenset(
                card.id
                for card in self.cards
                if (not regions or card.region in regions)
                and (not years or card.year in years)
                and (reports is None or card.id in reports)
            )
        )

    @property
    def assistant(self) -> Assistant:
        """For what has no method here; hand it `scope` or a part of it, and `check_in` before long work."""
        return self._desk.assistant

    @property
    def ending(self) -> Ending:
        """What long work is run by, so that the server can end without it."""
        return self._desk.ending

    def check_in(self) -> None:
        """Count a question of this visitor.  Raises TooManyQuestions."""
        self._desk.check_in(self.caller)

    def ask(self, question: str, history: Sequence[Turn] = (), *, scope: Scope = Scope()) -> Answer:
        """The whole answer: `stream` drained."""
        *_, answer = self.stream(question, history, scope=scope)
        assert isinstance(answer, Answer)
        return answer

    def stream(
        self, question: str, history: Sequence[Turn] = (), *, scope: Scope = Scope()
    ) -> Iterator[Claim | Answer]:
        """Each verified claim, the Answer last, from what is visible within `scope`; noted in the journal.

        Raises TooManyQuestions, and what asking raises.
        """
        self.check_in()
        asked, said = self._asked(question, history), list[str]()
        number, status, started = self._desk.begin(asked, said), "stopped", perf_counter()
        self._desk.metrics.asking()
        try:
            for item in self.assistant.stream(question, history, scope=self.scope.within(scope)):
                if isinstance(item, Answer):
                    self._desk.finish(asked, number, item)
                    status = item.status
                else:
                    said.append(item.text)
                yield item
        finally:
            self._desk.metrics.note_answer(self.caller.channel, status, perf_counter() - started)
            self._desk.break_off(number)

    def search(self, query: str, k: int, *, scope: Scope = Scope()) -> list[Hit]:
        """The `k` best visible passages within `scope`; noted in the journal.  Raises TooManyQuestions."""
        self.check_in()
        hits = self.assistant.search(query, k, scope=self.scope.within(scope))
        passages = [(hit.chunk.report, hit.chunk.paragraph, hit.chunk.text) for hit in hits]
        self._desk.journal.note_passages(self._asked(query), uuid4().hex, passages)
        return hits

    def paragraphs(self, report: str) -> tuple[Paragraph, ...]:
        """All paragraphs of a visible report.  Raises UnknownReport, for a hidden one too."""
        self.require(report)
        return self.assistant.report_paragraphs(report)

    def require(self, *reports: str) -> None:
        """Raise UnknownReport unless all these are loaded and visible."""
        known = {card.id for card in self.cards}
        for report in reports:
            if report not in known:
                raise UnknownReport(f"没有编号为 {report!r} 的报告。")

    def examples(self) -> list[str]:
        """Questions that the visible reports can answer."""
        return self.assistant.examples(scope=self.scope) if self.cards else []

    def indicators(self, k: int) -> list[str]:
        """The `k` indicators of which most visible reports give figures."""
        return self.assistant.indicators(k, scope=self.scope) if self.cards else []

    def _asked(self, question: str, history: Sequence[Turn] = ()) -> Asked:
        caller = self.caller
        return Asked(
            visitor=caller.visitor.name,
            channel=caller.channel,
            request=caller.request,
            question=question,
            history=history,
        )


def open_desk(settings: Settings, embedder: Embedder | None = None) -> Desk:
    """The desk over a home; `embedder` in place of the one that the settings name.  Loads no embedder yet."""
    records = Records(settings.home)
    accounts = Accounts(records)
    library = Library(settings.home, lambda: embedder or open_embedder(settings), accounts)
    writer = begin_writer(settings)
    return Desk(
        lambda: build_assistant(settings, lambda: library.embedder, lambda: writer),
        library=library,
        accounts=accounts,
        journal=Journal(records, settings.audit_days),
        conversations=Conversations(records, settings.audit_days),
        asks_per_minute=settings.asks_per_minute,
    )
