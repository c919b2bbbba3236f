"""Markdown: the text that a reader sees, without the marks for emphasis, links and headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.loading.decoding import decode
from index.loading.document import Document
from index.loading.passages import numbered
from index.loading.tables import table_sentences
from index.structure import Block

__all__ = ["load_markdown"]

_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n.*?\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
# A line that ends so ends a paragraph, though Markdown would join the next line to it.
_PARAGRAPH_END = "。！？：；”"


def load_markdown(data: bytes, name: str) -> Document:
    """The paragraphs and headings of a Markdown file.

    Items of numbered lists keep their number (1.…); tables become sentences; front matter and comments are left out.
    Raises `UnknownFormat`.
    """
    tokens = MarkdownIt("commonmark").enable("table").parse(_FRONT_MATTER.sub("", decode(data, name)))
    return Document(
        blocks=tuple(block for block in _blocks(tokens) if block.text),
        tables=sum(token.type == "table_open" for token in tokens),
    )


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    number = ""
    level: int | None = None
    grid: list[list[str]] = []
    row: list[str] = []
    for token in tokens:
        match token.type:
            case "heading_open":
                level = int(token.tag[1:])
            case "heading_close":
                level = None
            case "list_item_open":
                number = f"{token.info}{token.markup}" if token.info else ""
            case "th_open" | "td_open":
                row.append("")
            case "tr_close":
                grid.append(row)
                row = []
            case "table_close":
                yield from (Block(text=sentence) for sentence in table_sentences(grid, header_rows=1))
                grid = []
            case "inline" if row:
                row[-1] = "".join(_lines(token.children or []))
            case "inline":
                for line in _lines(token.children or []):
                    yield Block(text=numbered(number, line).strip(), level=level)
                    number = ""
            case "fence" | "code_block":
                yield from (Block(text=line.strip()) for line in token.content.splitlines())
            case "html_block":
                yield from (Block(text=_TAG.sub("", line).strip()) for line in token.content.splitlines())


def _lines(children: Sequence[Token]) -> list[str]:
    lines = [""]
    for child in children:
        match child.type:
            case "text" | "code_inline":
                lines[-1] += child.content
            case "image":
                lines[-1] += child.content
            case "hardbreak":
                lines.append("")
            case "softbreak":
                if lines[-1].endswith(tuple(_PARAGRAPH_END)):
                    lines.append("")
                elif lines[-1][-1:].isascii():
                    lines[-1] += " "
    return [line.strip() for line in lines]
