"""What a cited paragraph offers in support of a claim: its figures and clauses, each with the words that it belongs to.

A figure of a claim is looked for by value; *which* of the source's figures it is, words decide: a place in the source
costs what it fails to give of the claim's words, and half of what it says itself and the claim leaves out.  Words are
compared by pairs of characters, so that neither a word list nor a segmentation decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from index.figures import Binding, Direction, bind_figures, direction
from index.periods import find_years, sentence_timing
from index.text import normalise, simplify, split_clauses, split_sentences
from index.types import Figure, Paragraph, Period, Role

# What a word costs that stands k pieces before a place, above it in the report, or nowhere near it.
_PER_PIECE, _FARTHEST, _ABOVE, _ABSENT = 0.12, 0.6, 0.7, 1.0
_SUBJECT, _SHARED = 0.1, 0.05
_LEFT_OUT = 0.5  # what the place says itself and the claim does not
_OTHER_YEAR = 3.0
_OPENING = 12

_TOKEN = re.compile(r"[\u3007\u3400-\u9fff]|[A-Za-z]+|\d+(?:\.\d+)?")
_WEIGHTLESS = frozenset("的了和与及等并在是为也都又而其之以于共各")
_CUTS = re.compile(r"[，,；;。：:、！？!?()（）\n]+")
_CLAUSE_CUT = re.compile(r"[，,；;。：:！？!?()（）\n]")
_UNTOLD = Period(first=1, last=1)

# The weight of a character (or Latin word, or number) and the pairs of neighbours that it is part of.
Unit = tuple[float, tuple[str, ...]]


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """The text in the form in which words are compared: normalised and in simplified characters."""
    return simplify(normalise(text))


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """A figure, or a whole clause, with the words it belongs to, years and figures left out of them.

    `own` are its nearest words, `shared` what a list with 分别 says once, `subject` what the sentence has been speaking
    of, `before` the pieces before it, nearest first.  `told` is the time that the sentence itself states for it, `clause`
    the text of its clause, folded.
    """

    start: int
    end: int
    figure: Figure | None = None
    own: tuple[str, ...]
    shared: str = ""
    subject: str = ""
    before: tuple[str, ...] = ()
    told: Period | None = None
    direction: Direction = ""
    clause: str = ""


def contexts(text: str, *, delivered: int) -> list[Context]:
    """The figures of a sentence, dates and ordinals aside, each with its words."""
    bindings = bind_figures(text)
    bare = _without_figures(text, bindings, delivered)
    items = _list_items(text, bindings)
    found = []
    for k, binding in enumerate(bindings):
        figure = binding.figure
        spans = [binding.left, binding.right]
        shared, begin = "", min(binding.left[0], figure.start)
        if k in items:
            item, tail, begin = items[k]
            spans = [item, binding.right]
            shared = bare[slice(*tail)]
        predicate = bare[slice(*binding.predicate)] if binding.predicate else ""
        if k in items:
            predicate = bare[text.rfind("分别", begin, figure.start) : figure.start]
        subject = bare[slice(*binding.subject)] if binding.subject and k not in items else ""
        found.append(
            Context(
                start=figure.start,
                end=figure.end,
                figure=figure,
                own=tuple(words for a, b in spans if (words := bare[a:b])),
                shared=f"{shared}，{predicate}",
                subject=subject,
                before=tuple(piece for piece in reversed(_CUTS.split(bare[:begin])) if piece),
                told=_told(text, (figure.start, figure.end), delivered),
                direction=direction(text, figure),
                clause=folded(_CLAUSE_CUT.split(text[: figure.start])[-1] + _CLAUSE_CUT.split(text[figure.start :])[0]),
            )
        )
    return found


def clause_contexts(text: str, *, delivered: int) -> list[Context]:
    """The clauses of a sentence, each with what stands before it."""
    bare = _without_figures(text, bind_figures(text), delivered)
    return [
        Context(
            start=clause.start,
            end=clause.end,
            own=tuple(piece for piece in _CUTS.split(bare[clause.start : clause.end]) if piece),
            before=tuple(piece for piece in reversed(_CUTS.split(bare[: clause.start])) if piece),
            told=_told(text, (clause.end, clause.end), delivered),
        )
        for clause in split_clauses(text)
    ]


def _told(text: str, span: tuple[int, int], delivered: int) -> Period | None:
    """The time that the sentence states for a place in it; None where only the passage could tell."""
    period, _ = sentence_timing(text, span, delivered=delivered, passage=(_UNTOLD, "done"))
    return None if period == _UNTOLD else period


def _without_figures(text: str, bindings: Sequence[Binding], delivered: int) -> str:
    """The sentence at the same length, with commas for its figures and years and for 分别."""
    spans = [match.span() for match in re.finditer("分别", text)]
    spans += [(b.figure.start, b.figure.end) for b in bindings]
    spans += [(m.start, m.end) for m in find_years(text, delivered=delivered) if m.kind in ("year", "range", "relative")]
    bare = list(text)
    for start, end in spans:
        bare[start:end] = "，" * (end - start)
    return "".join(bare)


def _list_items(text: str, bindings: Sequence[Binding]) -> dict[int, tuple[tuple[int, int], tuple[int, int], int]]:
    """For each figure of a list with 分别: its item, the end of the last item that all share, and where the list begins.

    甲、乙产业产值分别为3亿元、4亿元，分别增长5%、6%: 产业产值 is shared, and the second run has the items of the first.
    """
    found: dict[int, tuple[tuple[int, int], tuple[int, int], int]] = {}
    items: list[tuple[int, int]] = []
    for run in _runs(text, bindings):
        first = bindings[run[0]]
        if first.predicate and text[slice(*first.predicate)].startswith("分别"):
            items = [bindings[k].left for k in run]
        elif len(items) != len(run) or "分别" not in text[slice(*first.left)]:
            continue
        last = items[-1]
        for k, item in zip(run, items, strict=True):
            tail = min(last[1], last[0] + item[1] - item[0])
            found[k] = (item, (tail, last[1]), items[0][0])
    return found


def _runs(text: str, bindings: Sequence[Binding]) -> list[list[int]]:
    """Numbers of figures that follow one another with nothing but 、 or 和 between."""
    runs: list[list[int]] = []
    for k, binding in enumerate(bindings):
        between = text[bindings[k - 1].figure.end : binding.figure.start] if k else "。"
        if k and re.fullmatch(r"\s?[、和及与，,]\s?(?:以及)?", between):
            runs[-1].append(k)
        else:
            runs.append([k])
    return [run for run in runs if len(run) > 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What the claim says around one of its figures or in one of its clauses, weighted: what a place must give."""

    words: tuple[tuple[float, tuple[Unit, ...]], ...]
    said: frozenset[str]
    told: Period | None
    clause: str = ""

    @property
    def weight(self) -> float:
        return sum(size * weight(words) for size, words in self.words)


def demand(context: Context, label: str = "", told: Period | None = None) -> Demand:
    """The demand of a claim's context; `label` is what stands before the claim's colon, `told` its year."""
    zones = [*((1.0, words) for words in context.own), (1.0, context.shared), (0.8, context.subject), (0.8, label)]
    zones += [(0.5**k, words) for k, words in enumerate(context.before, start=1)]
    return Demand(
        words=tuple((size, units(words)) for size, words in zones if words and size > 0.05),
        said=frozenset().union(*(keys(words) for _, words in zones)),
        told=context.told or told,
        clause=context.clause,
    )


class Place:
    """A figure or clause of a source, to be held against demands."""

    def __init__(self, context: Context, sentence: SourceSentence) -> None:
        self.context = context
        self.sentence = sentence

    @property
    def figure(self) -> Figure | None:
        return self.context.figure

    @cached_property
    def levels(self) -> dict[str, float]:
        """What each pair of characters costs here."""
        context = self.context
        zones = [(min(_FARTHEST, _PER_PIECE * k), words) for k, words in enumerate(context.before, start=1)]
        zones += [(_SUBJECT, context.subject), (_SHARED, context.shared), *((0.0, words) for words in context.own)]
        levels: dict[str, float] = {}
        for cost, words in sorted(zones, reverse=True):
            levels.update(dict.fromkeys(keys(words), cost))
        return levels

    @cached_property
    def own_units(self) -> tuple[Unit, ...]:
        return tuple(unit for words in self.context.own for unit in units(words))

    @cached_property
    def timing(self) -> tuple[Period | None, Role]:
        return sentence_timing(
            self.sentence.text,
            (self.context.start, self.context.end) if self.figure else (self.context.end, self.context.end),
            delivered=self.sentence.delivered,
            passage=self.sentence.passage,
        )

    @property
    def periods(self) -> tuple[Period, ...]:
        """The times that the place may be said to speak of: its own, or else what the sentences before it imply."""
        period = self.timing[0]
        carried = None if self.context.told else self.sentence.carried
        return tuple(p for p in (period, carried) if p is not None)

    @cached_property
    def scope(self) -> str:
        """All that comes before the end of the place in its paragraph, and what stands above that: folded, lower-case."""
        return self.sentence.text_until(self.context.end).lower()

    def lack(self, words: Iterable[Unit]) -> float:
        """The weight of the words, each by how far away from the place it stands."""
        levels, above = self.levels, self.sentence.above
        return sum(
            size * min(levels[key] if key in levels else _ABOVE if above(key) else _ABSENT for key in own) for size, own in words
        )

    def cost(self, demand: Demand) -> float:
        """How badly the place fits: 0 where it says the same in the same words, or where the claim is a clause of it."""
        other_year = demand.told and self.periods and demand.told not in self.periods
        quoted = self.figure and demand.clause in self.sentence.folded and folded(self.figure.text) in demand.clause
        return (
            sum(size * self.lack(words) for size, words in demand.words)
            + (0.0 if quoted else _LEFT_OUT * lacking(self.own_units, demand.said))
            + (_OTHER_YEAR if other_year else 0.0)
        )


class SourceSentence:
    """A sentence of a cited paragraph; `carried` is the time that the sentences before it speak of."""

    def __init__(self, text: str, start: int, source: Passage, number: int, carried: Period | None) -> None:
        self.text = text
        self.start = start
        self.source = source
        self.delivered = source.delivered
        self.passage = (source.paragraph.period, source.paragraph.role)
        self.carried = carried
        self._number = number

    def above(self, key: str) -> bool:
        """Whether the headings or an earlier sentence have this pair of characters."""
        return self.source.first_seen.get(key, self._number) < self._number

    def text_until(self, end: int) -> str:
        """The paragraph up to an offset of this sentence, folded, with what stands above it."""
        return f"{self.source.folded_above}\n{folded(self.source.paragraph.text[: self.start + end])}"

    @cached_property
    def folded(self) -> str:
        return folded(self.text)

    @cached_property
    def figures(self) -> tuple[Place, ...]:
        return tuple(Place(context, self) for context in contexts(self.text, delivered=self.delivered))

    @cached_property
    def clauses(self) -> tuple[Place, ...]:
        return tuple(Place(context, self) for context in clause_contexts(self.text, delivered=self.delivered))

    @cached_property
    def told(self) -> tuple[Period, ...]:
        """Every time that the sentence names."""
        return tuple(m.period for m in find_years(self.text, delivered=self.delivered) if m.period is not None)

    @cached_property
    def topic_year(self) -> Period | None:
        """The time that the sentence opens with, and that may hold for those after it."""
        mentions = find_years(self.text[:_OPENING], delivered=self.delivered)
        return mentions[0].period if mentions else None


class Passage:
    """A cited paragraph with what its report says above it: the words, figures and clauses that may be claimed of it."""

    def __init__(self, paragraph: Paragraph, *, title: str, region: str, delivered: int) -> None:
        self.paragraph = paragraph
        self.region = region
        self.delivered = delivered
        self.above = f"{title}。{region}。{'。'.join(paragraph.headings)}"
        self.folded = folded(paragraph.text)
        self.folded_above = folded(self.above)
        self.keys = keys(paragraph.text) | keys(self.above)

    @cached_property
    def first_seen(self) -> dict[str, int]:
        """The number of the sentence, from 0, that has a pair of characters first; -1 for headings and title."""
        seen = dict.fromkeys(keys(self.above), -1)
        for number, sentence in enumerate(self.sentences):
            for key in keys(sentence.text):
                seen.setdefault(key, number)
        return seen

    @cached_property
    def sentences(self) -> tuple[SourceSentence, ...]:
        carried: Period | None = None
        found: list[SourceSentence] = []
        for number, sentence in enumerate(split_sentences(self.paragraph.text)):
            found.append(SourceSentence(sentence.text, sentence.start, self, number, carried))
            carried = found[-1].topic_year or carried
        return tuple(found)

    @cached_property
    def figures(self) -> tuple[Place, ...]:
        return tuple(place for sentence in self.sentences for place in sentence.figures)

    @cached_property
    def clauses(self) -> tuple[Place, ...]:
        return tuple(place for sentence in self.sentences for place in sentence.clauses)


@lru_cache(maxsize=512)
def passage(paragraph: Paragraph, title: str, region: str, delivered: int) -> Passage:
    """The passage of a paragraph, kept: one paragraph supports many claims."""
    return Passage(paragraph, title=title, region=region, delivered=delivered)
