"""What people say in everyday words and what reports say for it: 扫大街的 is 环卫工人, GDP is 地区生产总值.

The words stand in data/thesaurus.tsv, whose head explains its columns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib.resources import files
from typing import NamedTuple

from index.text import normalise_with_offsets, simplify

__all__ = ["Expansion", "Thesaurus", "load_thesaurus"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """A word of a question, `everyday` as printed in `question[start:end]`, and what reports say for it."""

    start: int
    end: int
    everyday: str
    alternatives: tuple[str, ...]


class _Entry(NamedTuple):
    number: int  # of its line
    everyday: tuple[str, ...]
    official: tuple[str, ...]
    both_ways: bool


class Thesaurus:
    """Everyday words and those of reports.  Latin letters match in either case."""

    def __init__(self, lines: Iterable[str], *, source: str = "thesaurus") -> None:
        """Reads three columns parted by tabs; empty lines and lines that begin with # are skipped.

        Raises ValueError, naming `source` and the line, where a line is ill-formed, says what another
        line has said, or closes a circle.
        """
        entries = [
            _parsed(line.rstrip("\r\n"), number, source)
            for number, line in enumerate(lines, start=1)
            if line.strip() and not line.startswith("#")
        ]
        _refuse_repetition(entries, source)
        _refuse_circles(entries, source)
        self._alternatives: dict[str, tuple[str, ...]] = {}
        for entry in entries:
            if entry.both_ways:
                alike = (*entry.official, *entry.everyday)
                self._alternatives |= {word.lower(): tuple(w for w in alike if w != word) for word in alike}
        synonyms = dict(self._alternatives)
        one_way = [entry for entry in entries if not entry.both_ways]
        for entry in one_way:
            further = (same for word in entry.official for same in _synonyms(word.lower(), synonyms))
            reached = tuple(dict.fromkeys((*entry.official, *further)))
            self._alternatives |= {word.lower(): reached for word in entry.everyday}
        self._everyday: dict[str, list[str]] = defaultdict(list)
        for entry in one_way:
            for word in entry.official:
                self._everyday[word.lower()] += entry.everyday
        # Official words are looked for too, though they lead nowhere: inside 农民工 nobody says 民工.
        known = self._alternatives.keys() | {word.lower() for entry in entries for word in entry.official}
        self._lengths: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        for word in known:
            self._lengths[word[0]][len(word)].add(word)

    def __len__(self) -> int:
        """How many words have alternatives."""
        return len(self._alternatives)

    def alternatives(self, word: str) -> tuple[str, ...]:
        """What reports say for exactly this word, closest first; nothing where nothing else is known."""
        return self._alternatives.get(word.lower(), ())

    def growing(self, word: str) -> tuple[str, ...]:
        """What is said for the growth of what a word names: 经济增长 for that of GDP, by whichever name."""
        named = (f"{name}增长".lower() for name in (word, *self.alternatives(word)))
        return tuple(dict.fromkeys(said for name in named for said in self._everyday.get(name, ())))

    def expansions(self, question: str) -> list[Expansion]:
        """The words of a question that have alternatives, in order; longer words first, none overlaps another.

        Full-width, traditional and spaced-out forms count as what they stand for; spans are those of `question`.
        """
        folded, offsets = normalise_with_offsets(question)
        text = simplify(folded)
        found: list[Expansion] = []
        taken: set[int] = set()
        for start, end in sorted(self._occurrences(text), key=lambda span: (span[0] - span[1], span)):
            if not taken.isdisjoint(range(start, end)):
                continue
            taken.update(range(start, end))
            if alternatives := self.alternatives(text[start:end]):
                first, last = offsets[start], offsets[end - 1] + 1
                found.append(Expansion(start=first, end=last, everyday=question[first:last], alternatives=alternatives))
        return sorted(found, key=lambda expansion: expansion.start)

    def _occurrences(self, text: str) -> Iterable[tuple[int, int]]:
        for start in range(len(text)):
            for length, words in self._lengths.get(text[start].lower(), {}).items():
                end = start + length
                if text[start:end].lower() in words and not (_cuts_latin(text, start) or _cuts_latin(text, end)):
                    yield start, end


@cache
def load_thesaurus() -> Thesaurus:
    """The thesaurus that comes with the package, read once."""
    path = files("rag") / "data" / "thesaurus.tsv"
    return Thesaurus(path.read_text(encoding="utf-8").splitlines(), source=path.name)


def _synonyms(word: str, synonyms: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Other words for `word`; for the growth of a thing, the growth of it by its other names (GDP增长)."""
    yield from synonyms.get(word, ())
    if word.endswith("增长"):
        yield from (f"{same}增长" for same in synonyms.get(word.removesuffix("增长"), ()))


def _cuts_latin(text: str, position: int) -> bool:
    """Whether a boundary here would cut a Latin word or a number: AI is not in AIGC."""
    around = text[position - 1 : position + 1]
    return 0 < position < len(text) and around.isascii() and around.isalnum()


def _parsed(line: str, number: int, source: str) -> _Entry:
    columns = line.split("\t")
    words = [tuple(column.split(" ")) for column in columns[:2]]
    if len(columns) != 3 or columns[2] not in (">", "=") or not all(words[0] + words[1]):
        raise ValueError(f"{source}, line {number}: {line!r} is not everyday words, official words and > or =")
    return _Entry(number, words[0], words[1], columns[2] == "=")


def _refuse_repetition(entries: list[_Entry], source: str) -> None:
    """Everyday words and synonyms stand on one line each, and no line names a word twice."""
    lines: dict[str, int] = {}
    for entry in entries:
        words = [word.lower() for word in entry.everyday + entry.official]
        owned = words if entry.both_ways else words[: len(entry.everyday)]
        if len(set(words)) < len(words):
            raise ValueError(f"{source}, line {entry.number}: a word stands there twice")
        for word in owned:
            if word in lines:
                raise ValueError(f"{source}, line {entry.number}: {word!r} stands on line {lines[word]} already")
            lines[word] = entry.number


def _refuse_circles(entries: list[_Entry], source: str) -> None:
    """Where > leads from a word back to it, = is meant."""
    one_way = [entry for entry in entries if not entry.both_ways]
    number = {word: entry.number for entry in one_way for word in entry.everyday}
    leads = {word: entry.official for entry in one_way for word in entry.everyday}
    try:
        TopologicalSorter(leads).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        raise ValueError(f"{source}, line {number[circle[0]]}: {'、'.join(circle)} lead in a circle; use =") from error
