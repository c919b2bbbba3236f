"""The product as one object: ask, stream, search, read.  Every front end holds one and nothing below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Lock

from index.embedders import Embedder
from index.loading import ParseReport
from index.retriever import Retriever
from index.statements import Statements
from index.store import ReportCard, ReportIndex
from index.types import Hit, Paragraph, Scope
from rag.answering import Answering
from rag.evidence import Evidence
from rag.figures import FigurePage, FigureQuery, Figures
from rag.renewing import Renewing
from rag.resolving import Resolver
from rag.summarizing import Summarizing
from rag.tabulating import Tabulating
from rag.thesaurus import load_thesaurus
from rag.types import (
    Answer,
    Claim,
    Comparison,
    ComparisonProgress,
    ComparisonRequest,
    Provenance,
    Summary,
    SummaryLength,
    SummaryProgress,
    SummaryRequest,
    Turn,
)
from rag.writing import EXTRACTIVE, Extracts, Writer

_EXAMPLES = 4


class Assistant:
    """Answers from the newest generation of the index under `home`; safe to share between threads.

    Raises what opening an index raises: IndexMissing, IndexMismatch, IndexDamaged.
    """

    def __init__(self, home: Path, embedder: Embedder, writer: Writer = Extracts()) -> None:
        self._home = home
        self._embedder = embedder
        self._writer = writer
        self._lock = Lock()
        self._open()

    def _open(self) -> None:
        opened = ReportIndex.open(self._home, self._embedder)
        retriever = Retriever(opened, self._embedder)
        evidence = Evidence(opened.keywords.idf, load_thesaurus())
        self._index = opened
        statements = Statements(opened.report)
        self._resolver = Resolver(opened, retriever, statements, evidence)
        check = partial(self._resolver.faults, question="")
        self._summarizing = Summarizing(opened, statements, check, self._writer)
        self._renewing = Renewing(opened, statements, check)
        self._answering = Answering(opened, self._resolver, self._writer)
        self._figures = Figures(opened, evidence.term)
        self._tabulating = Tabulating(opened, self._resolver, statements, evidence)

    def reload(self) -> bool:
        """Turn to a newer generation if one has been written; whether there was one."""
        with self._lock:
            if ReportIndex.current_generation(self._home) == self._index.generation:
                return False
            self._open()
            return True

    @property
    def notice(self) -> str:
        """What people should know of how answers are worded at the moment; "" if nothing."""
        return self._writer.notice

    @property
    def provenance(self) -> Provenance:
        """What answers are made of at the moment."""
        model = self._writer.model
        return Provenance(
            engine=model.name if model else EXTRACTIVE, index=self._index.generation, embedder=self._index.embedder
        )

    @property
    def indexed(self) -> datetime:
        """When the index in force was written."""
        return datetime.fromisoformat(self._index.created)

    @property
    def cards(self) -> tuple[ReportCard, ...]:
        """The loaded reports."""
        return tuple(self._index.cards)

    def ask(self, question: str, history: Sequence[Turn] = (), *, scope: Scope = Scope()) -> Answer:
        """The whole answer: `stream` drained."""
        *_, answer = self.stream(question, history, scope=scope)
        assert isinstance(answer, Answer)
        return answer

    def stream(
        self, question: str, history: Sequence[Turn] = (), *, scope: Scope = Scope()
    ) -> Iterator[Claim | Answer]:
        """Each verified claim as soon as it stands, the finished Answer last."""
        return self._answering.stream(question, history, scope)

    def summarize(self, request: SummaryRequest, *, scope: Scope = Scope()) -> Summary:
        """The whole summary: `stream_summary` drained.  Raises UnknownReport."""
        *_, summary = self.stream_summary(request, scope=scope)
        assert isinstance(summary, Summary)
        return summary

    def stream_summary(
        self, request: SummaryRequest, *, scope: Scope = Scope()
    ) -> Iterator[SummaryProgress | Claim | Summary]:
        """How far the reading is, each verified claim as soon as it stands, the finished Summary last.

        Closing it stops the work.  Raises UnknownReport.
        """
        return self._summarizing.stream(request, scope)

    def whats_new(self, one: str, other: str, length: SummaryLength = "page", *, scope: Scope = Scope()) -> Summary:
        """What appeared and what is gone between two years' reports of one place.  Raises UnknownReport."""
        *_, summary = self.stream_whats_new(one, other, length, scope=scope)
        assert isinstance(summary, Summary)
        return summary

    def stream_whats_new(
        self, one: str, other: str, length: SummaryLength = "page", *, scope: Scope = Scope()
    ) -> Iterator[SummaryProgress | Claim | Summary]:
        """The same as it is found, the finished Summary last.  Raises UnknownReport."""
        return self._renewing.stream((one, other), length, scope)

    def compare(self, request: ComparisonRequest, *, scope: Scope = Scope()) -> Comparison:
        """Figures of places, years and roles side by side, each verified, with what differs between them."""
        *_, comparison = self.stream_comparison(request, scope=scope)
        assert isinstance(comparison, Comparison)
        return comparison

    def stream_comparison(
        self, request: ComparisonRequest, *, scope: Scope = Scope()
    ) -> Iterator[ComparisonProgress | Comparison]:
        """How far the looking up is, the comparison last.  Closing it stops the work."""
        return self._tabulating.stream(request, scope)

    def figures(self, query: FigureQuery, *, scope: Scope = Scope()) -> FigurePage:
        """What the ledger has for an indicator, place, year and role."""
        return self._figures.find(query, scope)

    def indicators(self, k: int, *, scope: Scope = Scope()) -> list[str]:
        """The `k` indicators of which most reports in scope give figures."""
        return self._figures.common(k, scope)

    def search(self, question: str, k: int, *, history: Sequence[Turn] = (), scope: Scope = Scope()) -> list[Hit]:
        """The `k` passages that best fit the question, best first, within the places and years that it names."""
        return self._answering.search(question, k, history, scope)

    def report_paragraphs(self, report: str) -> tuple[Paragraph, ...]:
        """All paragraphs of a report.  Raises UnknownReport."""
        return self._index.report(report).paragraphs

    def parsing(self, report: str) -> ParseReport | None:
        """What was read of a report's file, in numbers; None where an older program read it.  Raises UnknownReport."""
        return self._index.parsing(report)

    def examples(self, *, scope: Scope = Scope()) -> list[str]:
        """Questions that the reports in scope can answer, made from figures in them."""
        return self._resolver.examples(_EXAMPLES, scope)
