"""What every loader gives back: a file's paragraphs in reading order, and what was met on the way."""

from __future__ import annotations

from dataclasses import dataclass

from index.structure import Block

__all__ = ["Document"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """`pages` is None where the format has none; `notes` are Chinese sentences on what people should look at."""

    blocks: tuple[Block, ...]
    pages: int | None = None
    tables: int = 0
    notes: tuple[str, ...] = ()
