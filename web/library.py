"""The reports of a home as people change them: added, replaced, corrected, removed; one way for page, API and command.

A file that is uploaded is kept under `<home>/reports`, in a folder of its own, for as long as its report is loaded, so
that it can be read again when it is corrected or the index rebuilt.  Files that are indexed where they lie stay there.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event, Lock
from types import MappingProxyType
from typing import BinaryIO
from uuid import uuid4

from index.building import Outcome, Progress, remove, update
from index.corrections import Correction
from index.embedders import Embedder
from index.errors import IndexMissing, IndexUnusable, LoadError
from index.generations import disk_errors
from index.intake import Twins
from index.store import ReportCard, ReportIndex
from index.types import Scope
from web.accounts import Accounts
from web.errors import Cancelled

__all__ = ["Library"]

_FOLDER = "reports"
_UNFIT = re.compile(r'[\x00-\x1f<>:"|?*]')
_NAME_BYTES = 200


class Library:
    """What is loaded in a home, and how it changes.  Every change is whole or not at all.

    Who may see a report is settled before it can be found: `groups` empty, nobody but admins; None, as it was, which
    for a new report is everybody.  `visible` are the reports that whoever changes something may see, and so change.
    """

    def __init__(self, home: Path, open_embedder: Callable[[], Embedder], accounts: Accounts) -> None:
        self._home = home.absolute()
        self._open_embedder = open_embedder
        self._accounts = accounts
        self._embedder: Embedder | None = None
        self._lock = Lock()

    @property
    def embedder(self) -> Embedder:
        """The embedding model, opened once.  Raises ModelMissing."""
        with self._lock:
            if self._embedder is None:
                self._embedder = self._open_embedder()
            return self._embedder

    def add(
        self,
        paths: Sequence[Path],
        *,
        corrections: Mapping[str, Correction] = MappingProxyType({}),
        rebuild: bool = False,
        twins: Twins = "ask",
        groups: Collection[str] | None = None,
        visible: Scope = Scope(),
        progress: Callable[[Progress], object] = lambda _: None,
        stop: Event | None = None,
    ) -> Outcome:
        """Bring files, and those in folders and archives, into the index; they stay where they lie.

        `corrections` are by file name.  Raises Cancelled once `stop` is set, and what `index.building.update` raises;
        the index is then as it was.
        """

        def report(step: Progress) -> None:
            if stop is not None and stop.is_set():
                raise Cancelled("已停止，原有的报告没有改动。")
            progress(step)

        def admit(reports: Collection[str]) -> None:
            if taken := [report for report in reports if report in hidden]:
                raise LoadError(f"名字“{taken[0]}”已有别的报告用了，请改名后再加入，或联系管理员。")
            if groups is not None:
                self._accounts.show_to(reports, groups)

        cards = self._cards()
        hidden = {card.id for card in cards if card.id not in visible}
        before = _sources(cards)
        outcome = update(
            self._home,
            [path.absolute() for path in paths],  # a report can be corrected from any folder later
            self.embedder,
            corrections=corrections,
            rebuild=rebuild,
            twins=twins,
            progress=report,
            admit=admit,
        )
        self._sweep(before)
        return replace(
            outcome, failed=_discreet(outcome.failed, hidden), duplicates=_discreet(outcome.duplicates, hidden)
        )

    def upload(
        self,
        files: Mapping[str, BinaryIO],
        *,
        correction: Correction = MappingProxyType({}),
        twins: Twins = "ask",
        groups: Collection[str] | None = None,
        visible: Scope = Scope(),
        progress: Callable[[Progress], object] = lambda _: None,
        stop: Event | None = None,
    ) -> Outcome:
        """Take in the contents of files by their names, and keep a copy of each that is a report.

        `correction` (region, year, level, title) is for one file alone.  Raises what `add` raises, and LoadError for a
        name that is none.
        """
        if correction and len(files) != 1:
            raise LoadError("地区、年份、标题一次只能配一个文件。")
        kept = [self._home / _FOLDER / uuid4().hex / _file_name(name) for name in files]
        try:
            with disk_errors(self._home):
                for path, content in zip(kept, files.values(), strict=True):
                    path.parent.mkdir(parents=True)
                    with path.open("wb") as copy:
                        shutil.copyfileobj(content, copy)
            corrections = {kept[0].name: correction} if correction else {}
            outcome = self.add(
                kept,
                corrections=corrections,
                twins=twins,
                groups=groups,
                visible=visible,
                progress=progress,
                stop=stop,
            )
            return replace(outcome, failed=self._bare(outcome.failed), duplicates=self._bare(outcome.duplicates))
        finally:
            self._sweep(kept)

    def remove(self, reports: Collection[str]) -> Outcome:
        """Take reports out, with the copies of their files that are kept here.

        Raises UnknownReport before anything is changed, and what `index.building.remove` raises.
        """
        before = _sources(self._cards())
        outcome = remove(self._home, reports)
        self._sweep(before)
        return outcome

    def correct(
        self,
        report: str,
        correction: Correction,
        *,
        progress: Callable[[Progress], object] = lambda _: None,
        stop: Event | None = None,
    ) -> Outcome:
        """Say what region, year, level or title a report has; its file is read again, and has to be there.

        Raises UnknownReport, and what `add` raises.
        """
        source = Path(ReportIndex.open(self._home).card(report).source)
        return self.add([source], corrections={source.name: correction}, progress=progress, stop=stop)

    def _cards(self) -> tuple[ReportCard, ...]:
        """What is loaded, as far as the index can be opened."""
        try:
            return ReportIndex.open(self._home).cards
        except IndexUnusable:
            return ()

    def _bare(self, reasons: Mapping[str, str]) -> dict[str, str]:
        """Without the place where copies are kept, which says nothing to people and is nobody's business."""
        place = re.compile(re.escape(f"{self._home / _FOLDER}/") + "[0-9a-f]{32}/")
        return {place.sub("", source): place.sub("", reason) for source, reason in reasons.items()}

    def _sweep(self, files: Collection[Path]) -> None:
        """Delete the copies among `files` that no loaded report comes from; nobody's own files."""
        own = self._home / _FOLDER
        folders = {own / path.relative_to(own).parts[0] for path in files if path.is_relative_to(own)}
        if not folders:
            return
        try:
            loaded = _sources(ReportIndex.open(self._home).cards)
        except IndexMissing:
            loaded = []
        except IndexUnusable:  # what it holds cannot be known, so nothing is thrown away
            return
        for folder in folders:
            if not any(source.is_relative_to(folder) for source in loaded):
                shutil.rmtree(folder, ignore_errors=True)


def _sources(cards: Collection[ReportCard]) -> list[Path]:
    return [Path(card.source) for card in cards]


def _discreet(reasons: Mapping[str, str], hidden: Collection[str]) -> dict[str, str]:
    """Why files are not in, without a word on reports that are hidden."""
    return {
        source: "与一份您看不到的报告重复，没有加入。请联系管理员。"
        if any(f"“{report}”" in reason for report in hidden)
        else reason
        for source, reason in reasons.items()
    }


def _file_name(name: str) -> str:
    """The last part of a name as some other system gave it, fit to be a file's here."""
    bare = name.replace("\\", "/").rpartition("/")[2].strip()
    if not bare.strip(".") or _UNFIT.search(bare) or len(bare.encode()) > _NAME_BYTES:
        raise LoadError(f"文件名 {name[:80]!r} 不能用。请改成“地区_年份”加文件格式，如 鲤城区_2023.docx。")
    return bare
