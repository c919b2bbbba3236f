"""The index as it is read: one generation, opened whole and never changed."""

from __future__ import annotations

import mmap
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter
from pydantic_core import to_json

from index.chunking import context_of
from index.corrections import Correction
from index.embedders import Embedder
from index.errors import IndexDamaged, IndexMismatch, UnknownReport
from index.generations import REBUILD, current_generation, generation_folder, read_manifest, verify
from index.keywords import KeywordIndex, WholeReports
from index.ledger import READING, Ledger
from index.loading.parsing import ParseReport
from index.types import Chunk, Level, Paragraph, Report, Scope
from index.vectors import VectorIndex

__all__ = [
    "CHUNKS",
    "CLAUSES",
    "CLAUSE_VECTORS",
    "KEYWORDS",
    "LEDGER",
    "REPORTS",
    "SPAN",
    "VECTORS",
    "ReportCard",
    "ReportIndex",
    "report_line",
]

# The files of a generation.
REPORTS = "reports.jsonl"
LEDGER = "ledger.jsonl"
CHUNKS = "chunks.npy"
VECTORS = "vectors.faiss"
CLAUSES = "clauses.npy"
CLAUSE_VECTORS = "clause_vectors.npy"
KEYWORDS = "keywords"

# A row of CHUNKS and CLAUSES: the paragraph's number, the span in it, and the `content_key` of what was embedded.
SPAN = np.dtype([("paragraph", "<u4"), ("start", "<u4"), ("end", "<u4"), ("key", "V16")])

# numpy reads the heads of its files with `ast`, which in Python 3.11 fails now and then in two threads at once.
_OPENING = Lock()

_REPORT = TypeAdapter(Report)
_PARAGRAPH = TypeAdapter(Paragraph)

# Reports kept parsed, of some 20,000 characters each.
_PARSED = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCard:
    """What is known of a report without reading it; `characters` are those of its paragraphs."""

    id: str
    title: str
    region: str
    level: Level
    year: int
    source: str = ""
    sha256: str = ""
    paragraphs: int
    characters: int
    chunks: int = 0

    @classmethod
    def of(cls, report: Report, chunks: int) -> ReportCard:
        """The card of a report that is cut into so many chunks."""
        return cls(
            id=report.id,
            title=report.title,
            region=report.region,
            level=report.level,
            year=report.year,
            source=report.source,
            sha256=report.sha256,
            paragraphs=len(report.paragraphs),
            characters=report.characters,
            chunks=chunks,
        )


class ReportIndex:
    """One generation, mapped into memory; safe to read from many threads.

    `cards` are in the order of their ids.  Row i of `chunks`, `vectors` and `keywords` is one chunk, row i of `clauses`
    and `clause_vectors` one clause with a figure; the rows of a report lie side by side, in the order of its text and
    the reports' in that of the cards.
    """

    current_generation = staticmethod(current_generation)

    def __init__(self, home: Path, generation: str) -> None:
        self.folder = generation_folder(home, generation)
        manifest = read_manifest(self.folder)
        self.generation = generation
        self.created: str = manifest["created"]
        self.embedder: str = manifest["embedder"]["name"]
        self.fingerprint: str = manifest["embedder"]["fingerprint"]
        self.cards = tuple(ReportCard(**entry["card"]) for entry in manifest["reports"])
        self.corrections: dict[str, Correction] = {e["card"]["id"]: e["correction"] for e in manifest["reports"]}
        self._parsings = {entry["card"]["id"]: entry.get("parsing") for entry in manifest["reports"]}
        self._lines = {entry["card"]["id"]: slice(*entry["span"]) for entry in manifest["reports"]}
        has_ledger = manifest.get("ledger") == READING
        self._ledger_lines = {e["card"]["id"]: slice(*e["ledger"]) for e in manifest["reports"] if has_ledger}
        self._places = {card.id: place for place, card in enumerate(self.cards)}
        self._ends = list(accumulate(card.chunks for card in self.cards))
        self._clause_ends = list(accumulate(entry["clauses"] for entry in manifest["reports"]))
        try:
            with _OPENING:
                self.chunks: NDArray[np.void] = _array(self.folder / CHUNKS)
                self.clauses: NDArray[np.void] = _array(self.folder / CLAUSES)
                self.clause_vectors: NDArray[np.float16] = _array(self.folder / CLAUSE_VECTORS)
                self.vectors = VectorIndex.load(self.folder / VECTORS)
                self.keywords = KeywordIndex.load(self.folder / KEYWORDS)
                self._text = _mapped(self.folder / REPORTS)
                self._ledger = _mapped(self.folder / LEDGER) if has_ledger else b""
        except (OSError, ValueError) as exc:
            raise IndexDamaged(f"索引 {self.folder} 无法读取（{exc}）。{REBUILD}") from exc
        self._parsed = lru_cache(_PARSED)(self._parse)
        self.ledger = Ledger(self.ledger_line, self.report)

    @classmethod
    def open(cls, home: Path, embedder: Embedder | None = None) -> ReportIndex:
        """The generation in force, in a fraction of a second: texts are read when asked for.

        Raises IndexMissing, IndexDamaged, and IndexMismatch for an index of another format, or of another embedding
        model than `embedder`.
        """
        generation = current_generation(home)
        while True:
            try:
                opened = cls(home, generation)
                break
            except IndexDamaged:
                # A writer may have swapped in the next one meanwhile and swept this one away.
                newer = current_generation(home)
                if newer == generation:
                    raise
                generation = newer
        if embedder is not None:
            opened.require(embedder)
        return opened

    def require(self, embedder: Embedder) -> None:
        """Raise IndexMismatch unless this index was built with that embedding model."""
        if embedder.fingerprint != self.fingerprint:
            raise IndexMismatch(
                f"索引是用向量模型 {self.embedder!r} 建的，现在设置的是 {embedder.name!r}。"
                f"请把设置 embedder 改回去，或者{REBUILD}"
            )

    def verify(self) -> None:
        """Compare every file with its hash; takes seconds.  Raises IndexDamaged."""
        verify(self.folder)

    def card(self, report: str) -> ReportCard:
        """What is known of a report.  Raises UnknownReport."""
        return self.cards[self._place(report)]

    def _place(self, report: str) -> int:
        try:
            return self._places[report]
        except KeyError:
            raise UnknownReport(f"没有编号为 {report!r} 的报告。用 wenbao reports 查看已载入的报告。") from None

    def report(self, report: str) -> Report:
        """A whole report.  Raises UnknownReport."""
        self.card(report)
        return self._parsed(report)

    def parsing(self, report: str) -> ParseReport | None:
        """What was read of its file, in numbers; None where an older program read it.  Raises UnknownReport."""
        numbers = self._parsings[self.card(report).id]
        return None if numbers is None else ParseReport(**{**numbers, "notes": tuple(numbers["notes"])})

    def paragraph(self, report: str, number: int) -> Paragraph:
        """The paragraph of that number, from 1; the rest of its report is not read.

        Raises UnknownReport, also where the report has no such paragraph.
        """
        line = self._lines[self.card(report).id]
        start = self._text.find(b'{"report":%b,"number":%d,' % (to_json(report), number), line.start, line.stop)
        if start < 0:
            raise UnknownReport(f"报告 {report!r} 没有第 {number} 段。")
        end = self._text.find(b',{"report":', start, line.stop)
        # Nothing else looks like these two: within a string, JSON writes \" for ".
        return _PARAGRAPH.validate_json(self._text[start : line.stop if end < 0 else end].removesuffix(b"]}\n"))

    def rows(self, report: str) -> range:
        """The rows of a report's chunks.  Raises UnknownReport."""
        return _side_by_side(self._ends, self._place(report))

    def clause_rows(self, report: str) -> range:
        """The rows of a report's clauses with figures.  Raises UnknownReport."""
        return _side_by_side(self._clause_ends, self._place(report))

    @cached_property
    def places(self) -> NDArray[np.int32]:
        """Which of `cards` each row belongs to, `(chunks,)`."""
        return np.repeat(np.arange(len(self.cards), dtype=np.int32), [card.chunks for card in self.cards])

    @cached_property
    def whole_reports(self) -> WholeReports:
        """Keyword search of `cards`, each report as one text."""
        return WholeReports(self.keywords, np.array([0, *self._ends]))

    def mask(self, scope: Scope) -> NDArray[np.bool_] | None:
        """Which rows a scope allows, `(chunks,)`; None if all.  Reports that are not loaded have no rows."""
        if scope.reports is None or scope.reports >= self._places.keys():
            return None
        allowed = np.zeros(len(self.chunks), np.bool_)
        for report in scope.reports & self._places.keys():
            rows = self.rows(report)
            allowed[rows.start : rows.stop] = True
        return allowed

    def chunk(self, row: int) -> Chunk:
        """The chunk of a row, as it was embedded."""
        card = self.cards[bisect_right(self._ends, row)]
        number, start, end = (int(self.chunks[row][name]) for name in ("paragraph", "start", "end"))
        paragraph = self.paragraph(card.id, number)
        return Chunk(
            report=card.id,
            paragraph=number,
            start=start,
            end=end,
            text=paragraph.text[start:end],
            context=context_of(card.region, card.year, paragraph),
        )

    def line(self, report: str) -> bytes:
        """A report as it is stored."""
        return self._text[self._lines[report]]

    def ledger_line(self, report: str) -> bytes | None:
        """A report's rows of the ledger as they are stored; None where an older program wrote the index."""
        return self._ledger[self._ledger_lines[report]] if report in self._ledger_lines else None

    def _parse(self, report: str) -> Report:
        return _REPORT.validate_json(self.line(report))


def report_line(report: Report) -> bytes:
    """A report as one line of JSON."""
    return _REPORT.dump_json(report) + b"\n"


def _array(path: Path) -> NDArray[Any]:
    mapped: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    return mapped


def _side_by_side(ends: Sequence[int], place: int) -> range:
    return range(ends[place - 1] if place else 0, ends[place])


def _mapped(path: Path) -> mmap.mmap | bytes:
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if path.stat().st_size else b""
