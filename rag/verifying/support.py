"""What a cited paragraph offers in support of a claim: places, that is figures and clauses, to be held against demands.

A figure of a claim is looked for by value; *which* of the source's figures it is, words decide: a place in the source
costs what it fails to give of the claim's words, and half of what it says itself and the claim leaves out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from index.periods import Timing, find_years, running_timings, sentence_timing
from index.text import split_sentences
from index.types import Figure, Paragraph, Period, Role
from rag.verifying.contexts import PIECE_CUTS, Context, clause_contexts, contexts
from rag.verifying.overlap import Unit, folded, keys, lacking, units, weight

# What a word costs that stands k pieces before a place, above it in the report, or nowhere near it.
_PER_PIECE, _FARTHEST, _ABOVE, _ABSENT = 0.2, 0.6, 0.7, 1.0
_SUBJECT, _SHARED = 0.2, 0.02
_PER_PIECE_OF_CLAUSE, _FARTHEST_OF_CLAUSE = 0.4, 0.55  # a clause says its own predicate
# What a figure's own words cost that the claim leaves out, and the most that they may; a clause's cost little.
_LEFT_OUT, _MOST_LEFT_OUT, _LEFT_OUT_OF_CLAUSE = 0.5, 1.5, 0.1
_OTHER_YEAR = 3.0
# Words of less weight tell no noun; words of less weight tell nothing.
_OWN_NOUN, _TELLING = 5.0, 4.0
# A year so near the beginning of a sentence may hold for those after it.
_OPENING = 12

_QUOTES = re.compile(r"[“”\"《》]")
# 由31家增加到86家: the words of a movement do not tell its ends apart from anything else.
_MOVES = re.compile(
    r"(?:增加|提高|提升|上升|增长|扩大|壮大|发展|下降|降低|减少|缩小|压缩|缩短|整合)[到至为]|达到?|[由从]|全年|全部"
)
# 总里程达8667公里, 累计达到891家 at the end of five years; 累计新增达 is all five years'.
_REACHED = re.compile(r"(?:[增提上扩壮升]\w{0,2}[到至]|达到?|突破|稳定在|保持在)\w{0,4}$")
_SUMMED = re.compile(r"累计(?!分?别?达)|年均|合计|新增|净增")
# 新开工保障房590套，建成640套: what the second has in common with the first is the noun.
_LEADING_VERBS = re.compile(
    "^，*(?:新建|新?开工|建设|[改扩]建|建成|完成|竣工|交付|实现|筹集|新增|净增|推出|投用|改造|启动)+"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What the claim says around one of its figures or in one of its clauses, weighted: what a place must give."""

    words: tuple[tuple[float, float, tuple[Unit, ...]], ...]  # weight, how far away the claim has them, the words
    said: frozenset[str]
    told: Period | None
    clause: str = ""
    near: tuple[tuple[Unit, ...], ...] = ()  # what the claim says right around the figure, and each piece of it

    @property
    def weight(self) -> float:
        return sum(size * weight(words) for size, _, words in self.words)


def demand(context: Context, label: str = "", told: Period | None = None) -> Demand:
    """The demand of a claim's context; `label` is what stands before the claim's colon, `told` its year."""
    # What stands farther off says less where a figure has a noun of its own.
    farther = 0.15 if sum(weight(units(words)) for words in context.own) >= _OWN_NOUN else 0.5
    near = [*((1.0, 0.0, words) for words in context.own), (1.0, _SHARED, context.shared)]
    near += [(0.8, _SUBJECT, _LEADING_VERBS.sub("", context.subject)), (0.8, _FARTHEST, label)]
    far = [
        (farther * 0.5 ** (k - 1), _PER_PIECE * k, _LEADING_VERBS.sub("", words))
        for k, words in enumerate(context.before[:4], start=1)
    ]
    return Demand(
        words=tuple((size, away, units(words)) for size, away, words in [*near, *far] if words),
        said=frozenset().union(*(keys(words) for _, _, words in near)),
        told=context.told or told,
        clause=context.clause,
        near=(
            tuple(unit for words in (*context.own, context.shared) for unit in units(words)),
            *(units(piece) for words in context.own for piece in PIECE_CUTS.split(_QUOTES.sub("，", words)) if piece),
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
        reached = Period(first=period.last, last=period.last) if period and self._is_reached else None
        return tuple(p for p in (period, carried, reached) if p is not None)

    @property
    def _is_reached(self) -> bool:
        """Whether the figure is the state at the end of its time, not what all of it added up to."""
        words = PIECE_CUTS.split(self.sentence.text[: self.context.start])[-1]
        return self.context.moved == "to" or bool(_REACHED.search(words) and not _SUMMED.search(words))

    @cached_property
    def scope(self) -> str:
        """All that comes before the end of the place in its paragraph, and what stands above: folded, lower-case."""
        return self.sentence.text_until(self.context.end).lower()

    def lack(self, words: Iterable[Unit], away: float = 0.0) -> float:
        """The weight of the words, each by how much farther than `away` it stands from the place."""
        return sum(size * max(0.0, self._level(own) - away) for size, own in words)

    def _foreign(self, words: Iterable[Unit]) -> float:
        return sum(size for size, own in words if self._level(own) >= _FARTHEST)

    def is_foreign(self, words: Sequence[Unit]) -> bool:
        """Whether most of the words, if they are enough to tell, do not stand near the place in its sentence."""
        return weight(words) >= _TELLING and self._foreign(words) > weight(words) / 2

    def _level(self, own: tuple[str, ...]) -> float:
        levels, above = self.levels, self.sentence.above
        return min(levels[key] if key in levels else _ABOVE if above(key) else _ABSENT for key in own)

    def cost(self, demand: Demand) -> float:
        """How badly the place fits: 0 where it says the same in the same words, or the claim is a clause of it."""
        other_year = demand.told and self.periods and demand.told not in self.periods
        quoted = self.figure and demand.clause in self.sentence.folded and folded(self.figure.text) in demand.clause
        return (
            sum(size * self.lack(words, away) for size, away, words in demand.words)
            + (0.0 if quoted else self._left_out(demand))
            + (_OTHER_YEAR if other_year else 0.0)
        )


class SourceSentence:
    """A sentence of a cited paragraph; `carried` is the time that the sentences before it speak of, `passage` the
    timing of what it stands in."""

    def __init__(
        self, text: str, start: int, source: Passage, number: int, carried: Period | None, passage: Timing
    ) -> None:
        self.text = text
        self.start = start
        self.source = source
        self.delivered = source.delivered
        self.passage = passage
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
        return tuple(
            mention.period for mention in mentions if mention.period is not None and mention.kind != "relative"
        )

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
    """A cited paragraph with what its report says above it: the words, figures and clauses that it offers."""

    def __init__(self, paragraph: Paragraph, *, region: str, delivered: int) -> None:
        self.paragraph = paragraph
        self.region = region
        self.delivered = delivered
        self.above = "。".join([region, *paragraph.headings])
        self.folded = folded(paragraph.text)
        self.folded_above = folded(self.above)
        self.keys = keys(paragraph.text) | keys(self.above)

    @cached_property
    def first_seen(self) -> dict[str, int]:
        """The number of the sentence, from 0, that has a pair of characters first; -1 for what stands above."""
        seen = dict.fromkeys(keys(self.above), -1)
        for number, sentence in enumerate(self.sentences):
            for key in keys(sentence.text):
                seen.setdefault(key, number)
        return seen

    @cached_property
    def sentences(self) -> tuple[SourceSentence, ...]:
        carried: Period | None = None
        found: list[SourceSentence] = []
        sentences = split_sentences(self.paragraph.text)
        timings = running_timings(
            [sentence.text for sentence in sentences],
            delivered=self.delivered,
            passage=(self.paragraph.period, self.paragraph.role),
        )
        for number, (sentence, timing) in enumerate(zip(sentences, timings, strict=True)):
            found.append(SourceSentence(sentence.text, sentence.start, self, number, carried, timing))
            carried = found[-1].topic_year or carried
        return tuple(found)


@lru_cache(maxsize=512)
def passage(paragraph: Paragraph, region: str, delivered: int) -> Passage:
    """The passage of a paragraph, kept: one paragraph supports many claims."""
    return Passage(paragraph, region=region, delivered=delivered)


class Support:
    """The passages that one part of a claim cites, taken together."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.passages = tuple(passages)
        self.delivered = self.passages[0].delivered
        self.regions = tuple(dict.fromkeys(passage.region for passage in self.passages))

    @cached_property
    def printed(self) -> tuple[str, ...]:
        """The folded text of each passage with what stands above it."""
        return tuple(f"{passage.folded}\n{passage.folded_above}" for passage in self.passages)

    def stands(self, words: str) -> bool:
        """Whether a passage has just these words."""
        return any(folded(words) in text for text in self.printed)

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset().union(*(passage.keys for passage in self.passages))

    @cached_property
    def sentences(self) -> tuple[SourceSentence, ...]:
        return tuple(sentence for passage in self.passages for sentence in passage.sentences)

    @cached_property
    def figures(self) -> tuple[Place, ...]:
        return tuple(place for sentence in self.sentences for place in sentence.figures)
