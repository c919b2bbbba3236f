"""Plain text: every line that is not empty is a paragraph."""

from __future__ import annotations

import re

from index.errors import DocumentTooLarge
from index.loading.decoding import decode
from index.loading.document import Document
from index.structure import Block

__all__ = ["load_plain"]

# A whole report has 10 to 60 thousand characters; a single line of more is no report.
_LONGEST_LINE = 200_000
_LINE_END = re.compile("\r\n|[\r\n\f\v\x85\u2028\u2029]")
_BLANK = "\ufeff\u200b\u2060"


def load_plain(data: bytes, name: str) -> Document:
    """The lines of a text file, white space at their ends left out.  Raises `UnknownFormat`, `DocumentTooLarge`."""
    blocks: list[Block] = []
    for line in _LINE_END.split(decode(data, name)):
        text = line.strip().strip(_BLANK).strip()
        if len(text) > _LONGEST_LINE:
            raise DocumentTooLarge(
                f"“{name}”有一行超过 {_LONGEST_LINE // 10_000} 万字，不像是一份报告。"
                "请检查文件内容，按段落分行后再导入。"
            )
        if text:
            blocks.append(Block(text=text))
    return Document(blocks=tuple(blocks))
