"""A source file → a Report: read once, hashed, split into paragraphs, put down to a place and a year."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from time import perf_counter

from index.errors import EmptyDocument, LoadError
from index.loading.archive import members
from index.loading.document import Document
from index.loading.files import bytes_of
from index.loading.formats import ARCHIVE, ending_of, load
from index.loading.metadata import find_metadata
from index.loading.parsing import ParseReport, parse_report
from index.structure import build_paragraphs
from index.types import Report

__all__ = ["load_report", "read_report"]


def load_report(path: str | PathLike[str], *, overrides: Mapping[str, object] | None = None) -> Report:
    """The report in a file; `overrides` (region, year, level, title) win over what name and text say.

    Raises `LoadError` and its kinds, with a message for people that says what to do.
    """
    return read_report(path, overrides=overrides)[0]


def read_report(
    path: str | PathLike[str], *, overrides: Mapping[str, object] | None = None, known_as: Path | None = None
) -> tuple[Report, ParseReport]:
    """The report in a file or in an archive of one, and what was read in numbers.

    `known_as` is the file's name for people where it lies elsewhere, unpacked.  Raises as `load_report` does.
    """
    source = Path(path)
    started = perf_counter()
    ending = ending_of(source.name)
    data = content = bytes_of(source)
    name = source
    if ending == ARCHIVE and data:
        found = members(data, source.name)
        if len(found) > 1:
            raise LoadError(
                f"“{source.name}”里有 {len(found)} 份文件，一次只能读一份。请先解压，再导入解压出的文件夹。"
            )
        bare, content = found.popitem()
        name = source.with_name(bare)
    document = load(content, name.name) if content.strip() else Document(blocks=())
    if not document.blocks:
        raise EmptyDocument(f"“{source.name}”是空的，没有可读的文字。请检查文件是否导出完整。")
    metadata = find_metadata(known_as or name, document.blocks, overrides or {})
    report = Report(
        id=name.stem,
        title=metadata.title,
        region=metadata.region,
        level=metadata.level,
        year=metadata.year,
        source=str(known_as or source),
        sha256=hashlib.sha256(data).hexdigest(),
        paragraphs=build_paragraphs(document.blocks, report=name.stem, delivered=metadata.year),
    )
    return report, parse_report(report, document, name=source.name, seconds=perf_counter() - started)
