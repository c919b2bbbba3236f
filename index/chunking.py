"""A report cut into the pieces that are embedded and searched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256

from index.text import characters, split_sentences
from index.types import Chunk, Paragraph, Report, Sentence

__all__ = ["CHARACTERS", "chunk_report", "content_key", "context_of", "searched_text"]

# A sentence or two: what answers a question is one statement, and its meaning drowns in those of its neighbours.
CHARACTERS = 80

# The headings nearest to a paragraph say most about it; what counts as a heading may be a whole sentence.
_HEADINGS = 2
_HEADING_CHARACTERS = 24

# A longer heading says something itself, and so does one with a figure in it, its number and years aside.
_TELLING_HEADING_CHARACTERS = 30
_HEADING_NUMBER = re.compile(r"\s*[(（]?\d+[)）.．、]")
_TELLING_DIGIT = re.compile(r"\d(?!\d*\s*年)")


def chunk_report(report: Report, limit: int = CHARACTERS) -> list[Chunk]:
    """Whole neighbouring sentences of one paragraph, packed up to `limit` characters.

    A sentence that is longer than the limit is a chunk by itself.  A short heading without a
    figure gives no chunk: it stands in the context of what is below it.
    """
    return [
        Chunk(
            report=report.id,
            paragraph=paragraph.number,
            start=start,
            end=end,
            text=paragraph.text[start:end],
            context=context_of(report.region, report.year, paragraph),
        )
        for paragraph in report.paragraphs
        if not paragraph.is_heading or _is_telling(paragraph.text)
        for start, end in _packed(split_sentences(paragraph.text), limit)
    ]


def context_of(region: str, delivered: int, paragraph: Paragraph) -> str:
    """What a paragraph leaves unsaid: the place, the year of delivery, the years spoken of, the headings above."""
    period = "" if paragraph.period is None else str(paragraph.period)
    headings = (heading[:_HEADING_CHARACTERS] for heading in paragraph.headings[-_HEADINGS:])
    return " ".join(filter(None, (region, f"{delivered}年报告", period, *headings)))


def searched_text(chunk: Chunk) -> str:
    """What keyword search sees of a chunk; embedded is the text alone, as the scope settles place and year."""
    return f"{chunk.context}\n{chunk.text}"


def content_key(text: str) -> bytes:
    """16 bytes that are the same for equal texts, whatever report they stand in."""
    return sha256(text.encode()).digest()[:16]


def _is_telling(heading: str) -> bool:
    return (
        characters(heading) > _TELLING_HEADING_CHARACTERS
        or _TELLING_DIGIT.search(_HEADING_NUMBER.sub("", heading, count=1)) is not None
    )


def _packed(sentences: Iterable[Sentence], limit: int) -> Iterator[tuple[int, int]]:
    start = end = None
    for sentence in sentences:
        if start is not None and end is not None and sentence.end - start > limit:
            yield start, end
            start = None
        if start is None:
            start = sentence.start
        end = sentence.end
    if start is not None and end is not None:
        yield start, end
