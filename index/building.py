"""The index as it is written: reports added, changed and removed, everything else taken over as it is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Literal

import numpy as np
from numpy.typing import NDArray

from index.chunking import chunk_report, content_key, searched_text
from index.corrections import Correction, load_corrections, save_corrections
from index.embedders import Embedder
from index.errors import IndexMissing, IndexUnusable
from index.generations import disk_errors, draft, exclusive, publish
from index.intake import Loaded, Twins, take_in
from index.keywords import KeywordIndex
from index.ledger import READING, ledger_line, read_rows
from index.loading import ParseReport
from index.store import (
    CHUNKS,
    CLAUSE_VECTORS,
    CLAUSES,
    KEYWORDS,
    LEDGER,
    REPORTS,
    SPAN,
    VECTORS,
    ReportCard,
    ReportIndex,
    report_line,
)
from index.vectors import VectorIndex

__all__ = ["Outcome", "Progress", "remove", "update"]

# Texts handed to the model at once: many, as it puts those of equal length together, but not a million.
_BLOCK = 8192

# Instead of a row of the earlier generation: a piece that was not in it.
_NEW = -1

# A piece's row in the earlier generation by its `content_key`.
_Rows = Mapping[bytes, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an update has come: files loaded, then figures read report by report, then pieces embedded; `name` is
    the file or report at hand."""

    stage: Literal["load", "read", "embed"]
    done: int
    total: int
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was done: ids of reports, and by file the reason why it is not in.

    `failed` need a hand, `duplicates` are in already under another name.  `generation` is the one now in force, None
    if there is still none; `embedded` counts chunks.
    """

    generation: str | None
    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    failed: Mapping[str, str] = field(default_factory=dict)
    duplicates: Mapping[str, str] = field(default_factory=dict)
    embedded: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pieces:
    """What of a report is embedded: its chunks, or its clauses with figures.

    `spans` are rows of `SPAN`, `origin` each one's row in the earlier generation, or _NEW; `texts` are those of the
    new ones.
    """

    spans: NDArray[np.void]
    origin: NDArray[np.int64]
    texts: Sequence[str]

    @classmethod
    def cut(
        cls, spans: Sequence[tuple[int, int, int]], texts: Sequence[str], keys: Sequence[bytes], rows: _Rows
    ) -> _Pieces:
        """Pieces as they were cut; where a key is in `rows`, that row is taken over."""
        return cls(
            spans=np.array([(*span, key) for span, key in zip(spans, keys, strict=True)], SPAN),
            origin=np.array([rows.get(key, _NEW) for key in keys], np.int64),
            texts=[text for text, key in zip(texts, keys, strict=True) if key not in rows],
        )

    @classmethod
    def kept(cls, spans: NDArray[np.void], rows: range) -> _Pieces:
        """These rows of the earlier generation."""
        return cls(spans=spans[rows.start : rows.stop], origin=np.arange(rows.start, rows.stop), texts=())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A report's share of the next generation; `searched` is what key words see of its chunks that are new."""

    card: ReportCard
    correction: Correction
    parsing: ParseReport | None
    line: bytes
    ledger: bytes
    chunks: _Pieces
    clauses: _Pieces
    searched: Sequence[str]


def update(
    home: Path,
    sources: Iterable[Path],
    embedder: Embedder,
    *,
    corrections: Mapping[str, Correction] = MappingProxyType({}),
    rebuild: bool = False,
    twins: Twins = "ask",
    progress: Callable[[Progress], object] = lambda _: None,
    admit: Callable[[Collection[str]], object] = lambda _: None,
) -> Outcome:
    """Add or replace the reports in these files, and in the files of these folders and archives; all others stay.

    `corrections`, by file name, hold for later updates too, once the file could be read with them.
    A file whose bytes and correction are unchanged is not read again, a chunk whose text and context are unchanged
    not embedded again.  A file that cannot be read is named in the outcome, and the rest goes in.  With `rebuild`
    everything is read and embedded anew, and an index that cannot be opened gives way to these reports.  `twins`
    says what becomes of a report that is in already under another name, perhaps in another version.  `admit` is told
    the ids of what is new, changed or replaced before that happens, and may raise.

    Raises IndexLocked, IndexUnwritable, IndexDamaged, IndexMismatch and SettingsError.  Whatever is raised,
    KeyboardInterrupt included, the index is as it was.
    """
    with exclusive(home):
        earlier = _earlier(home, embedder, rebuild)
        known = set() if earlier is None else {card.id for card in earlier.cards}
        stored = load_corrections(home)
        given = {name: {**stored.get(name, {}), **correction} for name, correction in corrections.items()}
        intake = take_in(
            sources,
            {**stored, **given},
            earlier,
            rereads=rebuild,
            twins=twins,
            progress=lambda done, total, name: progress(Progress(stage="load", done=done, total=total, name=name)),
        )
        loaded = intake.loaded
        outcome = Outcome(
            generation=None if earlier is None else earlier.generation,
            added=tuple(sorted(loaded.keys() - known)),
            updated=tuple(sorted(loaded.keys() & known)),
            unchanged=tuple(intake.unchanged),
            removed=tuple(sorted(intake.replaced)),
            failed=intake.failed,
            duplicates=intake.duplicates,
        )
        read = {Path(entry.report.source).name for entry in loaded.values()}
        if confirmed := {name: correction for name, correction in given.items() if name in read}:
            with disk_errors(home):
                save_corrections(home, {**stored, **confirmed})
        if rebuild and earlier is not None:
            rest = {card.id: _reread(earlier, card.id) for card in earlier.cards if card.id not in intake.replaced}
            loaded, earlier = {**rest, **loaded}, None
        if not loaded:
            return outcome
        chunks, clauses = ({}, {}) if earlier is None else (_rows(earlier.chunks), _rows(earlier.clauses))
        parts = []
        for done, (report, entry) in enumerate(loaded.items()):
            progress(Progress(stage="read", done=done, total=len(loaded), name=report))
            parts.append(_cut(entry, chunks, clauses))
        progress(Progress(stage="read", done=len(loaded), total=len(loaded)))
        if earlier is not None:
            parts += [_kept(earlier, report) for report in known - loaded.keys() - intake.replaced]
        parts.sort(key=lambda part: part.card.id)
        vectors = _vectors(parts, embedder, earlier, progress)
        mark = {"name": embedder.name, "fingerprint": embedder.fingerprint, "dim": embedder.dim}
        admit(loaded.keys() | intake.replaced)
        generation = _publish(home, parts, vectors, mark, earlier)
        return replace(outcome, generation=generation, embedded=sum(len(part.chunks.texts) for part in parts))


def remove(home: Path, reports: Iterable[str]) -> Outcome:
    """Take reports out, their texts, vectors and words alike; their files and corrections stay where they are.

    Raises UnknownReport before anything is changed, IndexMissing, and what `update` raises.
    """
    with exclusive(home):
        earlier = ReportIndex.open(home)
        gone = {earlier.card(report).id for report in reports}
        parts = [_kept(earlier, card.id) for card in earlier.cards if card.id not in gone]
        vectors = (
            earlier.vectors.vectors(_origin([part.chunks for part in parts])),
            earlier.clause_vectors[_origin([part.clauses for part in parts])],
        )
        mark = {"name": earlier.embedder, "fingerprint": earlier.fingerprint, "dim": earlier.vectors.dim}
        return Outcome(generation=_publish(home, parts, vectors, mark, earlier), removed=tuple(sorted(gone)))


def _earlier(home: Path, embedder: Embedder, rebuild: bool) -> ReportIndex | None:
    try:
        return ReportIndex.open(home, None if rebuild else embedder)
    except IndexMissing:
        return None
    except IndexUnusable:
        if not rebuild:
            raise
        return None


def _reread(earlier: ReportIndex, report: str) -> Loaded:
    return Loaded(
        report=earlier.report(report), correction=earlier.corrections[report], parsing=earlier.parsing(report)
    )


def _rows(spans: NDArray[np.void]) -> _Rows:
    return {key.tobytes(): row for row, key in enumerate(spans["key"])}


def _cut(entry: Loaded, chunk_rows: _Rows, clause_rows: _Rows) -> _Part:
    """A report's pieces, those that stand in the earlier generation by their rows."""
    report = entry.report
    chunks, ledger = chunk_report(report), read_rows(report)
    searched = [searched_text(chunk) for chunk in chunks]
    clauses = [*dict.fromkeys((row.paragraph, row.start, row.end) for row in ledger)]
    printed = {paragraph.number: paragraph.text for paragraph in report.paragraphs}
    texts = [printed[number][start:end] for number, start, end in clauses]
    keys = [content_key(text) for text in searched]
    return _Part(
        card=ReportCard.of(report, chunks=len(chunks)),
        correction=entry.correction,
        parsing=entry.parsing,
        line=report_line(report),
        ledger=ledger_line(ledger),
        chunks=_Pieces.cut(
            [(chunk.paragraph, chunk.start, chunk.end) for chunk in chunks],
            [chunk.text for chunk in chunks],
            keys,
            chunk_rows,
        ),
        clauses=_Pieces.cut(clauses, texts, [content_key(text) for text in texts], clause_rows),
        searched=["" if key in chunk_rows else text for key, text in zip(keys, searched, strict=True)],
    )


def _kept(earlier: ReportIndex, report: str) -> _Part:
    rows = earlier.rows(report)
    return _Part(
        card=earlier.card(report),
        correction=earlier.corrections[report],
        parsing=earlier.parsing(report),
        line=earlier.line(report),
        ledger=earlier.ledger_line(report) or ledger_line(earlier.ledger.of(report)),
        chunks=_Pieces.kept(earlier.chunks, rows),
        clauses=_Pieces.kept(earlier.clauses, earlier.clause_rows(report)),
        searched=[""] * len(rows),
    )


def _origin(pieces: Sequence[_Pieces]) -> NDArray[np.int64]:
    return np.concatenate([np.empty(0, np.int64), *(piece.origin for piece in pieces)])


def _vectors(
    parts: Sequence[_Part], embedder: Embedder, earlier: ReportIndex | None, progress: Callable[[Progress], object]
) -> tuple[NDArray[np.float16], NDArray[np.float16]]:
    """The vectors of all chunks and of all clauses: those of the earlier generation, the rest embedded now."""
    chunks, clauses = [part.chunks for part in parts], [part.clauses for part in parts]
    distinct: dict[str, int] = {}  # what several reports say in the same words is embedded once
    texts = (text for piece in (*chunks, *clauses) for text in piece.texts)
    which = np.array([distinct.setdefault(text, len(distinct)) for text in texts], np.int64)
    unique = list(distinct)
    fresh = np.empty((len(unique), embedder.dim), np.float16)
    done = 0

    def embedded(count: int) -> None:
        nonlocal done
        done += count
        progress(Progress(stage="embed", done=done, total=len(unique)))

    embedded(0)
    for start in range(0, len(unique), _BLOCK):
        block = slice(start, start + _BLOCK)
        fresh[block] = embedder.encode_document(unique[block], progress=embedded)

    made: list[NDArray[np.float16]] = []
    for pieces in (chunks, clauses):
        origin = _origin(pieces)
        new = origin == _NEW
        vectors = np.empty((len(origin), embedder.dim), np.float16)
        if earlier is not None:
            known = earlier.vectors.vectors if pieces is chunks else earlier.clause_vectors.__getitem__
            vectors[~new] = known(origin[~new])
        vectors[new] = fresh[which[: np.count_nonzero(new)]]
        which = which[np.count_nonzero(new) :]
        made.append(vectors)
    return made[0], made[1]


def _publish(
    home: Path,
    parts: Sequence[_Part],
    vectors: tuple[NDArray[np.floating], NDArray[np.float16]],
    mark: Mapping[str, object],
    earlier: ReportIndex | None,
) -> str:
    of_chunks, of_clauses = vectors
    with draft(home) as folder:
        entries = []
        with (folder / REPORTS).open("wb") as texts, (folder / LEDGER).open("wb") as ledger:
            for part in parts:
                entry = {
                    "card": asdict(part.card),
                    "correction": part.correction,
                    "parsing": None if part.parsing is None else asdict(part.parsing),
                    "span": _written(texts, part.line),
                    "ledger": _written(ledger, part.ledger),
                    "clauses": len(part.clauses.spans),
                }
                entries.append(entry)
        np.save(folder / CHUNKS, np.concatenate([np.empty(0, SPAN), *(part.chunks.spans for part in parts)]))
        np.save(folder / CLAUSES, np.concatenate([np.empty(0, SPAN), *(part.clauses.spans for part in parts)]))
        np.save(folder / CLAUSE_VECTORS, of_clauses)
        VectorIndex.build(of_chunks).save(folder / VECTORS)
        (folder / KEYWORDS).mkdir()
        searched = [text for part in parts for text in part.searched]
        words = None if earlier is None else earlier.keywords
        origin = _origin([part.chunks for part in parts])
        KeywordIndex.build(searched, earlier=words, origin=origin).save(folder / KEYWORDS)
        description = {
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "embedder": mark,
            "paragraphs": sum(part.card.paragraphs for part in parts),
            "characters": sum(part.card.characters for part in parts),
            "chunks": len(of_chunks),
            "ledger": READING,
            "reports": entries,
        }
        return publish(home, folder, description)


def _written(file: BinaryIO, line: bytes) -> list[int]:
    """The span of the line that was added to the file."""
    start = file.tell()
    file.write(line)
    return [start, file.tell()]
