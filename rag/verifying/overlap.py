"""How much of one text stands in another, by pairs of neighbouring characters: no list of words decides."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from index.text import NOTE_MARK, normalise, simplify

# The weight of a character (or Latin word, or number) and the pairs of neighbours that it is part of.
Unit = tuple[float, tuple[str, ...]]

_TOKEN = re.compile(r"[\u3007\u3400-\u9fff]|[A-Za-z]+|\d+(?:\.\d+)?")
_WEIGHTLESS = frozenset("的了和与及等并在是为也都又而其之以于共各")


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """The text in which words are compared: normalised, in simplified characters, without the marks of footnotes."""
    return NOTE_MARK.sub("", simplify(normalise(text))).replace("GDP", "生产总值")


@lru_cache(maxsize=8192)
def _tokens(text: str) -> tuple[tuple[str, bool], ...]:
    """The tokens of a text and whether each stands right after the one before it."""
    end, found = -1, []
    for match in _TOKEN.finditer(folded(text)):
        found.append((match[0], match.start() == end))
        end = match.end()
    return tuple(found)


@lru_cache(maxsize=8192)
def units(text: str) -> tuple[Unit, ...]:
    """The words of a text, to be looked for among the `keys` of another; those that carry nothing are left out."""
    tokens, found = _tokens(text), []
    for i, (token, joined) in enumerate(tokens):
        if token in _WEIGHTLESS:
            continue
        own = [tokens[i - 1][0] + token] if joined else []
        if i + 1 < len(tokens) and tokens[i + 1][1]:
            own.append(token + tokens[i + 1][0])
        found.append((2.0 if token[0] < "\u3007" else 1.0, tuple(own) or (token,)))
    return tuple(found)


@lru_cache(maxsize=8192)
def keys(text: str) -> frozenset[str]:
    """Every pair of neighbouring tokens of a text and every single one."""
    tokens = _tokens(text)
    joined = {a + b for (a, _), (b, adjoins) in pairwise(tokens) if adjoins}
    return frozenset(joined.union(token for token, _ in tokens))


def weight(words: Iterable[Unit]) -> float:
    return sum(size for size, _ in words)


def lacking(words: Iterable[Unit], among: frozenset[str]) -> float:
    """The weight of the words that do not stand in what `among` are the keys of."""
    return sum(size for size, own in words if among.isdisjoint(own))


# A name or title in marks of quotation; its words are the one group that matched.
QUOTED = re.compile(r"《([^《》]+)》|“([^“”]+)”|「([^「」]+)」|\"([^\"]+)\"")


def quoted_names(text: str) -> set[str]:
    """What stands in marks of quotation, folded."""
    return {folded(next(filter(None, match.groups()))) for match in QUOTED.finditer(text)}


def blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text at the same length, with commas for the spans."""
    bare = list(text)
    for start, end in spans:
        bare[start:end] = "，" * (end - start)
    return "".join(bare)
