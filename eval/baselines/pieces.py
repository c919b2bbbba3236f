"""Reports cut as the usual recipe cuts them: by length, with an overlap, whatever stands on the border."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from langchain_text_splitters import RecursiveCharacterTextSplitter

from index.text import split_sentences
from index.types import Paragraph, Report, Sentence

__all__ = ["Piece", "cut"]

CHARACTERS = 500
OVERLAP = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Up to 500 characters of a report, and the paragraphs that they touch with the sentences touched in each."""

    report: Report
    text: str
    touched: tuple[tuple[Paragraph, tuple[Sentence, ...]], ...]


def cut(reports: Iterable[Report]) -> list[Piece]:
    """RecursiveCharacterTextSplitter, 500 characters with 50 of overlap, over the paragraphs as lines."""
    splitter = RecursiveCharacterTextSplitter(chunk_size=CHARACTERS, chunk_overlap=OVERLAP, add_start_index=True)
    return [
        Piece(
            report=report,
            text=piece.page_content,
            touched=tuple(_touched(report, start, start + len(piece.page_content))),
        )
        for report in reports
        for piece in splitter.create_documents(["\n".join(paragraph.text for paragraph in report.paragraphs)])
        for start in (piece.metadata["start_index"],)
    ]


def _touched(report: Report, start: int, end: int) -> Iterator[tuple[Paragraph, tuple[Sentence, ...]]]:
    """`start`, `end`: in the report's paragraphs joined by one character."""
    first = 0
    for paragraph in report.paragraphs:
        last = first + len(paragraph.text)
        if first < end and start < last:
            yield (
                paragraph,
                tuple(s for s in split_sentences(paragraph.text) if first + s.start < end and start < first + s.end),
            )
        first = last + 1
