"""What reports speak of: themes with their words, and how much each matters in a summary (data/themes.tsv)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["HEADLINE", "Theme", "load_themes", "parse_themes", "themes_asked", "themes_in"]

HEADLINE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """`weight` as the head of the file explains; `asked` are a question's words for it, `pattern` finds a report's."""

    name: str
    weight: int
    asked: tuple[str, ...]
    pattern: re.Pattern[str]


@cache
def load_themes() -> tuple[Theme, ...]:
    """The themes that are shipped, in the order of the file."""
    return parse_themes(files("rag").joinpath("data/themes.tsv").read_text("utf-8").splitlines())


def parse_themes(lines: Iterable[str]) -> tuple[Theme, ...]:
    """Raises ValueError, with the number of the line, for what the head of the file does not allow."""
    themes: dict[str, Theme] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        columns = line.split("\t")
        if len(columns) != 4 or not re.fullmatch(r"-?\d", columns[1]) or columns[0] in themes:
            raise ValueError(f"themes.tsv, line {number}: {line!r}")
        words = [re.escape(word).replace("\\~", "[^，。；、]{0,6}") for word in columns[3].split(" ")]
        themes[columns[0]] = Theme(
            name=columns[0],
            weight=int(columns[1]),
            asked=tuple(columns[2].split(" ")),
            pattern=re.compile("|".join(words)),
        )
    return tuple(themes.values())


def themes_in(text: str) -> list[Theme]:
    """The themes that a text of a report speaks of, in the order of the file.

    Words within longer ones of another theme don't count: 单位生产总值能耗 speaks of energy, not of the economy's size.
    """
    found = [(theme, match.span()) for theme in load_themes() for match in theme.pattern.finditer(text)]

    def is_within(inner: tuple[int, int], outer: tuple[int, int]) -> bool:
        return outer[0] <= inner[0] and inner[1] <= outer[1] and inner != outer

    said = (
        theme
        for theme, span in found
        if not any(other is not theme and is_within(span, longer) for other, longer in found)
    )
    return list(dict.fromkeys(said))


def themes_asked(word: str) -> list[Theme]:
    """The themes that a word of a question asks for."""
    return [theme for theme in load_themes() if word in theme.asked]
