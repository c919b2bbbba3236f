"""Small rules that keep figures whole where a format holds a paragraph in pieces."""

from __future__ import annotations

import re

__all__ = ["joined_lines", "numbered", "raised"]

_POWERS = str.maketrans("0123456789-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻")
_MARK = re.compile(r"\s*[\[［【(（〔]?\s*(?:注?\s*\d{1,3}|[*＊†※]|注|[①-⑳]|[a-z])\s*[\]］】)）〕]?\s*")
_LATIN_END = re.compile(r"[A-Za-zμ](?![A-Za-z]{5})$")
_WIDE = "[^\x00-\x7f]"
_BREAK = re.compile(rf"(?<={_WIDE})\s*\n\s*|\s*\n\s*(?={_WIDE})")


def raised(text: str, before: str) -> str:
    """What raised text becomes in a line: m2 is m², 10-6 a power; the mark of a note is left out.

    A mark must not run into the figure before it: 640套1 is 640套, not 1 of anything.
    """
    powers = text.strip()
    if re.fullmatch(r"[-−]?\d{1,2}", powers) and (_LATIN_END.search(before) or before.endswith("10")):
        return powers.translate(_POWERS)
    return "" if _MARK.fullmatch(text) else text


def numbered(number: str, text: str) -> str:
    """A list's number before its text: 1. and 640套 must not become 1.640套."""
    return f"{number} {text}" if number[-1:] in (".", "．", *"0123456789") and text[:1].isdigit() else number + text


def joined_lines(text: str) -> str:
    """One line of several: a line break next to Chinese is no space, one between Latin words is."""
    return " ".join(_BREAK.sub("", text).split())
