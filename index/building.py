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
from index.store import CHUNK, CHUNKS, KEYWORDS, LEDGER, REPORTS, VECTORS, ReportCard, ReportIndex, report_line
from index.types import Chunk
from index.vectors import VectorIndex

__all__ = ["Outcome", "Progress", "remove", "update"]

# Texts handed to the model at once: many, as it puts those of equal length together, but not a million.
_BLOCK = 8192

# Instead of a row of the earlier generation: a chunk that was not in it.
_NEW = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an update has come: files loaded, then figures read report by report, then chunks embedded; `name` is
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
class _Part:
    """A report's share of the next generation.

    `origin` is each chunk's row in the earlier one, or _NEW; then `cut` holds the chunk.
    """

    card: ReportCard
    correction: Correction
    parsing: ParseReport | None
    line: bytes
    ledger: bytes
    chunks: NDArray[np.void]
    origin: NDArray[np.int64]
    cut: Sequence[Chunk | None]


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
        rows = {} if earlier is None else {key.tobytes(): row for row, key in enumerate(earlier.chunks["key"])}
        parts = []
        for done, (report, entry) in enumerate(loaded.items()):
            progress(Progress(stage="read", done=done, total=len(loaded), name=report))
            parts.append(_cut(entry, rows))
        progress(Progress(stage="read", done=len(loaded), total=len(loaded)))
        if earlier is not None:
            parts += [_kept(earlier, report) for report in known - loaded.keys() - intake.replaced]
        parts.sort(key=lambda part: part.card.id)
        vectors = _vectors(parts, embedder, earlier, progress)
        mark = {"name": embedder.name, "fingerprint": embedder.fingerprint, "dim": embedder.dim}
        admit(loaded.keys() | intake.replaced)
        generation = _publish(home, parts, vectors, mark, earlier)
        return replace(outcome, generation=generation, embedded=int(np.count_nonzero(_origin(parts) == _NEW)))


def remove(home: Path, reports: Iterable[str]) -> Outcome:
    """Take reports out, their texts, vectors and words alike; their files and corrections stay where they are.

    Raises UnknownReport before anything is changed, IndexMissing, and what `update` raises.
    """
    with exclusive(home):
        earlier = ReportIndex.open(home)
        gone = {earlier.card(report).id for report in reports}
        parts = [_kept(earlier, card.id) for card in earlier.cards if card.id not in gone]
        vectors = earlier.vectors.vectors(_origin(parts))
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


def _cut(entry: Loaded, rows: Mapping[bytes, int]) -> _Part:
    """A report's chunks, those that stand in the earlier generation by their rows."""
    cut = chunk_report(entry.report)
    keys = [content_key(chunk) for chunk in cut]
    return _Part(
        card=ReportCard.of(entry.report, chunks=len(cut)),
        correction=entry.correction,
        parsing=entry.parsing,
        line=report_line(entry.report),
        ledger=ledger_line(read_rows(entry.report)),
        chunks=np.array([(c.paragraph, c.start, c.end, key) for c, key in zip(cut, keys, strict=True)], CHUNK),
        origin=np.array([rows.get(key, _NEW) for key in keys], np.int64),
        cut=[chunk if key not in rows else None for chunk, key in zip(cut, keys, strict=True)],
    )


def _kept(earlier: ReportIndex, report: str) -> _Part:
    rows = earlier.rows(report)
    return _Part(
        card=earlier.card(report),
        correction=earlier.corrections[report],
        parsing=earlier.parsing(report),
        line=earlier.line(report),
        ledger=earlier.ledger_line(report) or ledger_line(earlier.ledger.of(report)),
        chunks=earlier.chunks[rows.start : rows.stop],
        origin=np.arange(rows.start, rows.stop),
        cut=[None] * len(rows),
    )


def _origin(parts: Sequence[_Part]) -> NDArray[np.int64]:
    return np.concatenate([np.empty(0, np.int64), *(part.origin for part in parts)])


def _vectors(
    parts: Sequence[_Part], embedder: Embedder, earlier: ReportIndex | None, progress: Callable[[Progress], object]
) -> NDArray[np.float16]:
    """Those of the earlier generation where there are, the rest embedded now."""
    origin = _origin(parts)
    vectors = np.empty((len(origin), embedder.dim), np.float16)
    if earlier is not None:
        known = np.flatnonzero(origin != _NEW)
        vectors[known] = earlier.vectors.vectors(origin[known])
    distinct: dict[str, int] = {}  # what several reports say in the same words is embedded once
    texts = (chunk.text for part in parts for chunk in part.cut if chunk is not None)
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
    vectors[origin == _NEW] = fresh[which]
    return vectors


def _publish(
    home: Path,
    parts: Sequence[_Part],
    vectors: NDArray[np.floating],
    mark: Mapping[str, object],
    earlier: ReportIndex | None,
) -> str:
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
                }
                entries.append(entry)
        np.save(folder / CHUNKS, np.concatenate([np.empty(0, CHUNK), *(part.chunks for part in parts)]))
        VectorIndex.build(vectors).save(folder / VECTORS)
        (folder / KEYWORDS).mkdir()
        searched = ["" if chunk is None else searched_text(chunk) for part in parts for chunk in part.cut]
        words = None if earlier is None else earlier.keywords
        KeywordIndex.build(searched, earlier=words, origin=_origin(parts)).save(folder / KEYWORDS)
        description = {
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "embedder": mark,
            "paragraphs": sum(part.card.paragraphs for part in parts),
            "characters": sum(part.card.characters for part in parts),
            "chunks": len(vectors),
            "ledger": READING,
            "reports": entries,
        }
        return publish(home, folder, description)


def _written(file: BinaryIO, line: bytes) -> list[int]:
    """The span of the line that was added to the file."""
    start = file.tell()
    file.write(line)
    return [start, file.tell()]
