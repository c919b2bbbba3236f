"""Whether a text holds a figure or a word, by characters alone.

A scorer must not read figures with the parser that it judges: nothing here is shared with `index.figures`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from eval.cases import Spellings

__all__ = ["digits", "folded", "holds", "not_years", "position"]

_GROUPED = re.compile(r"(?<=\d)[,\s](?=\d{3})")  # 12,345 and 12 345
_NUMBERED = re.compile(r"^\s*[（(]?\d+(?:[、)）]|\.(?!\d))", re.MULTILINE)  # 1. 2、（3） of a list
_MARK = re.compile(r"\[\d+\]|【\d+】")
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_YEAR = re.compile(r"(?:19|20)\d\d")


def folded(text: str) -> str:
    """The text with full-width forms made narrow, thousands joined and no white space."""
    return "".join(_GROUPED.sub("", unicodedata.normalize("NFKC", text)).split())


def position(text: str, spellings: Spellings) -> int:
    """Where folded `text` holds the wanted thing, else -1; of several spellings found, the last place.

    A figure counts only whole: 90套 is not in 590套, 9.6 not in 9.65.
    """
    return max(_position(text, spelling) for spelling in spellings)


def _position(text: str, spelling: str) -> int:
    wanted = folded(spelling)
    before = r"(?<!\d)(?<!\d\.)" if wanted[:1].isdigit() else ""
    after = r"(?!\d|\.\d)" if wanted[-1:].isdigit() else ""
    found = re.search(before + re.escape(wanted) + after, text)
    return found.start() if found else -1


def holds(text: str, spellings: Spellings) -> bool:
    """Whether folded `text` holds any of the spellings."""
    return position(text, spellings) >= 0


def digits(*texts: str) -> set[str]:
    """The figures of the texts as bare digits (12.5), numbers of list items and citation marks left aside."""
    return {found for text in texts for found in _DIGITS.findall(_MARK.sub("", folded(_NUMBERED.sub("", text))))}


def not_years(figures: Iterable[str]) -> set[str]:
    """The figures that cannot be a year: 1900 to 2099 are left out."""
    return {figure for figure in figures if not _YEAR.fullmatch(figure)}
