"""What a cited paragraph offers in support of a claim: its figures and clauses, each with the words that it belongs to.

A figure of a claim is looked for by value; *which* of the source's figures it is, words decide: a place in the source
costs what it fails to give of the claim's words, and half of what it says itself and the claim leaves out.  Words are
compared by pairs of characters, so that neither a word list nor a segmentation decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Literal

from index.figures import Binding, Direction, bind_figures, direction
from index.periods import find_years, sentence_timing
from index.text import normalise, simplify, split_clauses, split_sentences
from index.types import Figure, Paragraph, Period, Role

# What a word costs that stands k pieces before a place, above it in the report, or nowhere near it.
_PER_PIECE, _FARTHEST, _ABOVE, _ABSENT = 0.2, 0.6, 0.7, 1.0
_SUBJECT, _SHARED = 0.2, 0.02
_SUBJECT_SIZE = 0.8
_PER_PIECE_OF_CLAUSE, _FARTHEST_OF_CLAUSE = 0.4, 0.55  # a clause says its own predicate
# What a figure's own words cost that the claim leaves out, and the most that they may; a clause's cost little.
_LEFT_OUT, _MOST_LEFT_OUT, _LEFT_OUT_OF_CLAUSE = 0.5, 1.5, 0.1
_OTHER_YEAR = 3.0
_OPENING = 12
_OWN_NOUN, _TELLING = 5.0, 4.0

_TOKEN = re.compile(r"[\u3007\u3400-\u9fff]|[A-Za-z]+|\d+(?:\.\d+)?")
_WEIGHTLESS = frozenset("的了和与及等并在是为也都又而其之以于共各")
_CUTS = re.compile(r"[，,；;。：:、！？!?()（）\n]+")
_LIST_NUMBER = re.compile(r"\s*(?:[（(]?\d{1,2}(?:[)）、]|[.．](?!\d))|[①-⑳])")
_PIECE_CUTS = re.compile(r"[，,；;。：:、！？!?()（）\n“”\"《》]+")
_CLAUSE_CUT = re.compile(r"[，,；;。：:！？!?()（）\n]")
# 由31家增加到86家: the words of a movement do not tell its ends apart from anything else.
_MOVES = re.compile(r"(?:增加|提高|提升|上升|增长|扩大|壮大|发展|下降|降低|减少|缩小|压缩|缩短|整合)[到至为]|达到?|[由从]|全年|全部")
_MOVED_TO = re.compile(r"^(?:\D{0,4}(?:[增提上扩壮发下降减缩压整升]\D{0,2}[到至为]|[到至]))")
_UNTOLD = Period(first=1, last=1)

# The weight of a character (or Latin word, or number) and the pairs of neighbours that it is part of.
Unit = tuple[float, tuple[str, ...]]


_FOOTNOTE = re.compile(r"\[\d{1,3}\]|【\d{1,3}】|〔\d{1,3}〕")


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """The text in which words are compared: normalised, in simplified characters, without the marks of footnotes."""
    return _FOOTNOTE.sub("", simplify(normalise(text))).replace("GDP", "生产总值")


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

    `own` are its nearest words, `shared` what a list with 分别 says once and a figure in the same words, `subject` what the sentence has been speaking
    of, `before` the pieces before it, nearest first.  `told` is the time that the sentence itself states for it, `clause`
    the text of its clause, folded; `qualified` is the figure with the 超 or 近 that stands before the first of its list;
    `moved` says which end of a movement (由31家增加到86家) it is.
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
    qualified: Figure | None = None
    moved: Literal["", "from", "to"] = ""


@dataclass(frozen=True, slots=True)
class _Reading:
    """A sentence read once: `kept` is it without list number, years and 分别, `bare` without its figures as well."""

    bindings: tuple[Binding, ...]
    kept: str
    bare: str
    dated: bool


@lru_cache(maxsize=4096)
def _read(text: str, delivered: int) -> _Reading:
    bindings = tuple(bind_figures(text))
    years = find_years(text, delivered=delivered)
    number = _LIST_NUMBER.match(text)
    spans = [(m.start, m.end) for m in years if m.kind in ("year", "range", "relative")]
    kept = blanked(text, [*spans, *(m.span() for m in re.finditer("分别", text)), *([number.span()] if number else [])])
    bare = blanked(kept, [(binding.figure.start, binding.figure.end) for binding in bindings])
    return _Reading(bindings, kept, bare, any(mention.period for mention in years))


def contexts(text: str, *, delivered: int) -> list[Context]:
    """The figures of a sentence, dates and ordinals aside, each with its words."""
    reading = _read(text, delivered)
    bindings, bare = reading.bindings, reading.bare
    items = _list_items(text, bindings)
    found = []
    for k, binding in enumerate(bindings):
        figure, qualified = binding.figure, _qualified(bindings, k, items)
        if qualified is not None and re.search("分别$", text[: bindings[_first(k, items)].figure.start]):
            figure, qualified = qualified, None
        spans, begin = [binding.left, binding.right], min(binding.left[0], binding.figure.start)
        predicate = bare[slice(*binding.predicate)] if binding.predicate else ""
        subject = bare[slice(*binding.subject)] if binding.subject else ""
        shared = []
        if k in items:
            item, tail, begin = items[k]
            spans, subject = [item, binding.right], ""
            shared.append(bare[slice(*tail)])
            predicate = bare[text.rfind("分别", begin, figure.start) : figure.start]
        elif k and not _CUTS.search(text[bindings[k - 1].figure.end : figure.start]):
            # 由31家增加到86家 is of one subject; in 亿元以上项目20个 a figure is part of the name.
            shared.append(subject if _moved(text, bindings, k) else bindings[k - 1].figure.text)
        found.append(
            Context(
                start=figure.start,
                end=figure.end,
                figure=figure,
                own=tuple(words for a, b in spans if (words := bare[a:b])),
                shared="，".join([*shared, predicate]),
                subject=subject,
                before=_pieces_before(reading.kept[:begin]),
                told=_told(text, (figure.start, figure.end), delivered) if reading.dated else None,
                direction=direction(text, figure),
                qualified=qualified,
                moved=_moved(text, bindings, k),
                clause=folded(_CLAUSE_CUT.split(text[: figure.start])[-1] + _CLAUSE_CUT.split(text[figure.start :])[0]),
            )
        )
    return found


def _moved(text: str, bindings: Sequence[Binding], k: int) -> Literal["", "from", "to"]:
    """Which end of a movement the figure is."""
    for near, end in ((k, "from"), (k - 1, "to")):
        if 0 <= near < len(bindings) - 1:
            start = bindings[near]
            between = text[start.figure.end : bindings[near + 1].figure.start]
            if _MOVED_TO.match(between) and re.search("[由从]", text[slice(*start.left)]):
                return "from" if end == "from" else "to"
    return ""


def clause_contexts(text: str, *, delivered: int) -> list[Context]:
    """The clauses of a sentence, each with what stands before it."""
    reading = _read(text, delivered)
    return [
        Context(
            start=clause.start,
            end=clause.end,
            own=tuple(piece for piece in _CUTS.split(reading.bare[clause.start : clause.end]) if piece),
            before=_pieces_before(reading.kept[: clause.start]),
            told=_told(text, (clause.end, clause.end), delivered) if reading.dated else None,
        )
        for clause in split_clauses(text)
    ]


def _pieces_before(text: str) -> tuple[str, ...]:
    """The pieces of a text between its marks, the last first."""
    return tuple(piece for piece in reversed(_CUTS.split(text)) if piece)


def _told(text: str, span: tuple[int, int], delivered: int) -> Period | None:
    """The time that the sentence states for a place in it; None where only the passage could tell."""
    period, _ = sentence_timing(text, span, delivered=delivered, passage=(_UNTOLD, "done"))
    return None if period == _UNTOLD else period


def blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text at the same length, with commas for the spans."""
    bare = list(text)
    for start, end in spans:
        bare[start:end] = "，" * (end - start)
    return "".join(bare)


def _list_items(text: str, bindings: Sequence[Binding]) -> dict[int, tuple[tuple[int, int], tuple[int, int], int]]:
    """For each figure of a list with 分别: its item, the end of the last item that all share, and where the list begins.

    甲、乙产业产值分别为3亿元、4亿元，分别增长5%、6%: 产业产值 is shared, and the second run has the items of the first.
    """
    found: dict[int, tuple[tuple[int, int], tuple[int, int], int]] = {}
    for run in _runs(text, bindings):
        first, count = bindings[run[0]].figure.start, len(run)
        start = max((match.end() for match in _CLAUSE_CUT.finditer(text, 0, first)), default=0)
        at = text.find("分别", start, first)
        if at < 0:
            continue
        items = _split_items(text, start, at, count)
        before = range(run[0] - count, run[0])
        if not items and before[0] >= 0 and not re.search("[；;]", text[bindings[before[0]].figure.start : at]):
            items = [found[k][0] if k in found else bindings[k].left for k in before]
        if not items:
            continue
        last = items[-1]
        for k, item in zip(run, items, strict=True):
            tail = min(last[1], last[0] + item[1] - item[0])
            found[k] = (item, (tail, last[1]), items[0][0])
    return found


_ITEM_CUTS = (re.compile("、"), re.compile("、|和|与|及|以及"), re.compile("(?<=城)(?=乡)"))


def _split_items(text: str, start: int, end: int, count: int) -> list[tuple[int, int]]:
    """The items of a list, as many as `count`; [] if the text between doesn't split so."""
    for cut in _ITEM_CUTS:
        cuts = [match.span() for match in cut.finditer(text, start, end)]
        if len(cuts) == count - 1:
            edges = [start, *(edge for span in cuts for edge in span), end]
            return list(zip(edges[::2], edges[1::2], strict=True))
    return []


_Items = dict[int, tuple[tuple[int, int], tuple[int, int], int]]


def _first(k: int, items: _Items) -> int:
    """The number of the first figure of the list that figure k is in."""
    return next(j for j in range(k, -1, -1) if j - 1 not in items or items[j - 1][2] != items[k][2])


def _qualified(bindings: Sequence[Binding], k: int, items: _Items) -> Figure | None:
    """The figure with the qualifier before the first of its list, which may hold for all: 分别突破1100公里、4500公里."""
    if k not in items or bindings[k].figure.qualifier:
        return None
    first = bindings[_first(k, items)].figure
    leading = bool(first.qualifier) and first.text.startswith(first.qualifier)
    return replace(bindings[k].figure, qualifier=first.qualifier) if leading else None


def _runs(text: str, bindings: Sequence[Binding]) -> list[list[int]]:
    """Numbers of figures that follow one another with nothing but 、 or 和 between."""
    runs: list[list[int]] = []
    for k, binding in enumerate(bindings):
        between = text[bindings[k - 1].figure.end : binding.figure.start] if k else "。"
        if k and re.fullmatch(r"(?:/\S{1,2})?\s?(?:[、和及与]|以及)\s?", between):
            runs[-1].append(k)
        else:
            runs.append([k])
    return [run for run in runs if len(run) > 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What the claim says around one of its figures or in one of its clauses, weighted: what a place must give."""

    words: tuple[tuple[float, float, tuple[Unit, ...]], ...]  # weight, how far away the claim has them, the words
    subject: tuple[Unit, ...]
    said: frozenset[str]
    told: Period | None
    clause: str = ""
    near: tuple[tuple[Unit, ...], ...] = ()  # what the claim says right around the figure, and each piece of it

    @property
    def weight(self) -> float:
        return sum(size * weight(words) for size, _, words in self.words) + _SUBJECT_SIZE * weight(self.subject)


def demand(context: Context, label: str = "", told: Period | None = None) -> Demand:
    """The demand of a claim's context; `label` is what stands before the claim's colon, `told` its year."""
    # What stands farther off says less where a figure has a noun of its own.
    farther = 0.15 if sum(weight(units(words)) for words in context.own) >= _OWN_NOUN else 0.5
    near = [*((1.0, 0.0, words) for words in context.own), (1.0, _SHARED, context.shared), (0.8, _FARTHEST, label)]
    far = [(farther * 0.5 ** (k - 1), _PER_PIECE * k, words) for k, words in enumerate(context.before[:4], start=1)]
    return Demand(
        words=tuple((size, away, units(words)) for size, away, words in [*near, *far] if words),
        subject=units(context.subject),
        said=frozenset().union(*(keys(words) for _, _, words in near), keys(context.subject)),
        told=context.told or told,
        clause=context.clause,
        near=(
            tuple(unit for words in (*context.own, context.shared) for unit in units(words)),
            *(units(piece) for words in context.own for piece in _PIECE_CUTS.split(words) if piece),
        ),
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
        step, most = (_PER_PIECE, _FARTHEST - 0.01) if self.figure else (_PER_PIECE_OF_CLAUSE, _FARTHEST_OF_CLAUSE)
        zones = [(min(most, step * k), words) for k, words in enumerate(context.before, start=1)]
        zones += [(_SUBJECT, context.subject), (_SHARED, context.shared), *((0.0, words) for words in context.own)]
        levels: dict[str, float] = {}
        for cost, words in sorted(zones, reverse=True):
            levels.update(dict.fromkeys(keys(words), cost))
        return levels

    @cached_property
    def own_units(self) -> tuple[Unit, ...]:
        return tuple(unit for words in self.context.own for unit in units(_MOVES.sub("，", words)))

    def _left_out(self, demand: Demand) -> float:
        left_out = lacking(self.own_units, demand.said)
        return min(_LEFT_OUT * left_out, _MOST_LEFT_OUT) if self.figure else _LEFT_OUT_OF_CLAUSE * left_out

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
        reached = Period(first=period.last, last=period.last) if period and self.context.moved == "to" else None
        return tuple(p for p in (period, carried, reached) if p is not None)

    @cached_property
    def scope(self) -> str:
        """All that comes before the end of the place in its paragraph, and what stands above that: folded, lower-case."""
        return self.sentence.text_until(self.context.end).lower()

    def lack(self, words: Iterable[Unit], away: float = 0.0) -> float:
        """The weight of the words, each by how much farther than `away` it stands from the place."""
        return sum(size * max(0.0, self._level(own) - away) for size, own in words)

    def _subject_lack(self, words: Sequence[Unit]) -> float:
        """The same for what a claim has been speaking of: half of it, a verb perhaps, may be of an earlier figure alone."""
        absent = self._foreign(words)
        return self.lack(words, _SUBJECT) - (absent if absent <= weight(words) / 2 else 0.0)

    def _foreign(self, words: Iterable[Unit]) -> float:
        return sum(size for size, own in words if self._level(own) >= _FARTHEST)

    def is_foreign(self, words: Sequence[Unit]) -> bool:
        """Whether most of the words, if they are enough to tell, do not stand near the place in its sentence."""
        return weight(words) >= _TELLING and self._foreign(words) > weight(words) / 2

    def _level(self, own: tuple[str, ...]) -> float:
        levels, above = self.levels, self.sentence.above
        return min(levels[key] if key in levels else _ABOVE if above(key) else _ABSENT for key in own)

    def cost(self, demand: Demand) -> float:
        """How badly the place fits: 0 where it says the same in the same words, or where the claim is a clause of it."""
        other_year = demand.told and self.periods and demand.told not in self.periods
        quoted = self.figure and demand.clause in self.sentence.folded and folded(self.figure.text) in demand.clause
        return (
            sum(size * self.lack(words, away) for size, away, words in demand.words)
            + _SUBJECT_SIZE * self._subject_lack(demand.subject)
            + (0.0 if quoted else self._left_out(demand))
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
        """Every time that the sentence names; 上年 and the like are mostly what it compares with."""
        mentions = find_years(self.text, delivered=self.delivered)
        return tuple(mention.period for mention in mentions if mention.period is not None and mention.kind != "relative")

    @cached_property
    def period(self) -> Period | None:
        """The time that the sentence as a whole speaks of."""
        return sentence_timing(self.text, None, delivered=self.delivered, passage=self.passage)[0]

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
