"""Files → what an update takes in: each report once, what is unchanged, what is there already, what cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import file_digest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from index.corrections import Correction
from index.errors import LoadError
from index.loading import ARCHIVE, ParseReport, likeness, read_report, supported_endings, unpack
from index.store import ReportCard, ReportIndex
from index.types import Report

__all__ = ["Intake", "Loaded", "Twins", "take_in"]

# What becomes of a report that is loaded already under another name, word for word or in another version.
# ask: it stays out and people are told · replace: it takes the other's place · keep: both are in.
Twins = Literal["ask", "replace", "keep"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A report as its file and the correction to it say; `parsing` is None where an older program read the file."""

    report: Report
    correction: Correction
    parsing: ParseReport | None


@dataclass(slots=True, kw_only=True)
class Intake:
    """New and changed reports by id, ids of unchanged ones, and for files the reason why they are not in.

    `duplicates` need nothing more, `failed` do; `replaced` are ids whose place a new report takes.
    """

    loaded: dict[str, Loaded] = field(default_factory=dict)
    unchanged: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    duplicates: dict[str, str] = field(default_factory=dict)
    replaced: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _File:
    """A file as people name it, `archive.zip/member.txt` included, and where its bytes lie."""

    named: Path
    at: Path


def take_in(
    sources: Iterable[Path],
    corrections: Mapping[str, Correction],
    earlier: ReportIndex | None,
    *,
    rereads: bool,
    twins: Twins,
    progress: Callable[[int, int, str], object],
) -> Intake:
    """Read what is new or changed in these files, and in those of folders and archives.

    `progress` is told how many files are done, how many there are and the name of the one at hand.
    """
    intake = Intake()
    with TemporaryDirectory(prefix="wenbao-") as scratch:
        files = [file for source in sources for file in _files(source, Path(scratch), intake.failed)]
        _load(files, corrections, None if rereads else earlier, intake, progress)
    if twins != "keep":
        _part_twins(intake, earlier, replaces=twins == "replace")
    return intake


# Files ------------------------------------------------------------------------------------------------------


def _files(source: Path, scratch: Path, failed: dict[str, str]) -> Iterator[_File]:
    """The file, the reports of the archive, or the files of the folder and of the folders in it that can be reports."""
    if source.is_dir():
        endings = supported_endings()
        inside = (path for path in source.rglob("*") if path.suffix.lower() in endings and path.name[0] not in ".~")
        files = sorted(path for path in inside if path.is_file())
        if not files:
            failed[str(source)] = f"文件夹里没有能读取的报告（{'、'.join(endings)}）。"
        for file in files:
            yield from _files(file, scratch, failed)
    elif source.suffix.lower() == ARCHIVE:
        yield from _members(source, scratch, failed)
    elif source.parent.suffix.lower() == ARCHIVE and source.parent.is_file():
        members = list(_members(source.parent, scratch, failed))
        found = [member for member in members if member.named.name == source.name]
        if members and not found:
            failed[str(source)] = f"压缩包里没有“{source.name}”。请检查名字。"
        yield from found
    else:
        yield _File(source, source)


def _members(archive: Path, scratch: Path, failed: dict[str, str]) -> Iterator[_File]:
    folder = scratch / str(len(list(scratch.iterdir())))
    folder.mkdir()
    try:
        yield from (_File(archive / path.name, path) for path in unpack(archive, folder))
    except LoadError as exc:
        failed[str(archive)] = str(exc)


def _digest(file: Path) -> str:
    """The SHA-256 of its bytes; "" where it cannot be read, which `read_report` explains better."""
    try:
        with file.open("rb") as opened:
            return file_digest(opened, "sha256").hexdigest()
    except OSError:
        return ""


def _identity(name: str, digest: str, correction: Correction) -> tuple[str, str, tuple[tuple[str, str | int], ...]]:
    """What decides whether a file has to be read again."""
    return name, digest, tuple(sorted(correction.items()))


def _load(
    files: list[_File],
    corrections: Mapping[str, Correction],
    earlier: ReportIndex | None,
    intake: Intake,
    progress: Callable[[int, int, str], object],
) -> None:
    cards = () if earlier is None else earlier.cards
    known = {
        _identity(Path(card.source).name, card.sha256, earlier.corrections[card.id]): card.id
        for card in cards
        if earlier is not None
    }
    taken: dict[str, tuple[str, Path]] = {}
    for done, file in enumerate(files):
        name = file.named.name
        progress(done, len(files), name)
        digest, correction = _digest(file.at), corrections.get(name, {})
        report, entry = known.get(_identity(name, digest, correction)), None
        if report is None:
            try:
                read, parsing = read_report(file.at, overrides=correction, known_as=file.named)
            except LoadError as exc:
                intake.failed[str(file.named)] = str(exc)
                continue
            entry, report = Loaded(report=read, correction=correction, parsing=parsing), read.id
        first_digest, first = taken.setdefault(report, (digest, file.named))
        if first_digest != digest:
            intake.failed[str(file.named)] = f"与“{first}”同名而内容不同。报告以文件名为编号，请改名后再加入。"
        elif entry is not None:
            intake.loaded[report] = entry
        elif report not in intake.unchanged:
            intake.unchanged.append(report)
    progress(len(files), len(files), "")


# Reports that are there already -----------------------------------------------------------------------------


_COPY = "与报告“{other.id}”一字不差，没有重复加入。要换成这一份，请加 --replace。"
_VERSION = "像是报告“{other.id}”的另一版，没有加入。要换成这一版，请加 --replace；要留原来的，不用做什么。"
_MISTAKEN = (
    "与报告“{other.id}”（{other.region}，{other.year}年）是同一个文件，地区或年份却不同，没有加入。"
    "请换成正确的文件；如果弄错的是先加入的，请先执行 wenbao reports remove {other.id}。"
)


def _part_twins(intake: Intake, earlier: ReportIndex | None, *, replaces: bool) -> None:
    """Of reports that are one and the same only one stays in: the one that is in, unless the new one `replaces` it."""
    cards = () if earlier is None else earlier.cards
    held = {card.id: card for card in cards if card.id not in intake.loaded}

    def opened(report: str) -> Report:
        if earlier is None or report in intake.loaded:
            return intake.loaded[report].report
        return earlier.report(report)

    known = {card.id for card in cards}
    for report in sorted(intake.loaded, key=lambda report: (report not in known, report)):
        new = intake.loaded[report].report
        replaced = set()
        for other in held.values():
            is_twin = (new.region, new.year) == (other.region, other.year)
            kind = likeness(new, opened(other.id)) if is_twin else "same" if new.sha256 == other.sha256 else "other"
            if kind == "other":
                continue
            if is_twin and replaces and other.id not in intake.loaded:
                replaced.add(other.id)
            else:
                told, words = (intake.duplicates, _COPY) if kind == "same" else (intake.failed, _VERSION)
                told, words = (told, words) if is_twin else (intake.failed, _MISTAKEN)
                told[new.source] = words.format(other=other)
                break
        else:
            intake.replaced |= replaced
            held = {key: card for key, card in held.items() if key not in replaced}
            held[report] = ReportCard.of(new, chunks=0)
            continue
        del intake.loaded[report]
