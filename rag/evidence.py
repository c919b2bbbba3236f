"""Asks → the statements and figures that answer them, or what kind of answer is lacking.

A figure answers an ask when the words of the ask stand with it (its own words count full, its clause, its sentence and
its headings less and less), when it is of the kind and unit asked for, and when it speaks of the asked years in the
asked role.  The last two are conditions, not scores: what fails them is kept only to say what exists instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.statements import Reading, Statement
from index.text import normalise
from index.types import Period, Role
from rag.fitting import (
    Fault,
    counts_its_items,
    echo,
    foreign,
    in_all,
    is_milestone,
    is_reached,
    other_action,
    other_kind,
    other_middle,
    other_size,
    other_step,
    other_variant,
    reading_time_fault,
    time_fault,
    too_few,
    turned,
    unit_fault,
    whole_of,
)
from rag.terms import Term, is_light, match
from rag.thesaurus import Thesaurus
from rag.types import RefusalKind
from rag.understanding import Ask

ENOUGH = 0.5  # share of an ask's weight that must be carried for an answer
_ENOUGH_SAID = 0.75  # the same for a passage: words that go with many things carry half an ask anywhere
_NEAREST = 0.9
_GUESSED = 0.53  # what is asked for in everyday words must reach so much, and be ahead of the next by:
AHEAD = 0.1
_NEARLY = 0.4
ALIKE = 0.06  # scores this close are a tie
_SHARED = 0.25
# Bounds of a word's weight, and the share of the greatest possible rarity from which on an everyday word is strange.
_LEAST, _GREATEST, _RARE = 1.5, 5.0, 0.6
_UNHEARD_OF = "龘龘"
_LOOKED_AT = 40
# Where a word of the ask may stand, and what it is worth there: with the figure, before it, behind it, above it.
_ZONES = {"own": 1.0, "near": 0.85, "earlier": 0.75, "heading": 0.5, "later": 0.45, "before": 0.4}
# Why is told by a cause; what else has the words of the question does not answer.
_WHY = re.compile(r"为什么|为何|为啥|原因|怎么会")
_CAUSE = re.compile(
    r"受[^，。]{2,20}(?:影响|制约|拖累)|由于|因(?![此素为地而势])|因为|原因|导致|叠加|所致|得益于|归功于|主要是|为了|旨在|[拉带]动"
)
_DEFINITION = re.compile(r"指|什么意思|含义|是什么")

# How telling a word is within the loaded reports: its inverse document frequency.
Idf = Callable[[str], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What answers an ask: a statement, the figures in it that do (none for a fact), and how well (0 to about 1.3)."""

    ask: Ask
    statement: Statement
    readings: tuple[Reading, ...] = ()
    score: float
    carried: float  # share of the ask's words found, 0 to 1
    fault: Fault = ""
    period: Period | None = None
    role: Role = "other"
    span: tuple[int, int] = (0, 0)  # the clauses that matter, in the statement's text
    near: float = 0.0  # in meaning, at most 1; 0 is what all in scope are on average
    counted: bool = False  # names several things and says how many, in the asked unit
    is_item: bool = False  # one of a list that stands over several sentences
    contradicts: bool = False  # it gives another value than the finding that it was looked up for

    @property
    def is_enough(self) -> bool:
        """Whether it carries the ask well enough to answer it."""
        return self._says_it or self.is_guess

    @property
    def _says_it(self) -> bool:
        return self.carried >= (ENOUGH if self.readings or self.counted else _ENOUGH_SAID)

    @property
    def is_guess(self) -> bool:
        """Whether it rests on nearness in meaning more than on words: to be said so."""
        if self._says_it:
            return False
        if not self.ask.colloquial:  # 累计培训 is 累计参训 where unit and meaning agree
            return bool(self.ask.measure and self.readings) and self.near >= _NEAREST and self.carried >= _NEARLY
        return self.guessed >= _GUESSED

    @property
    def guessed(self) -> float:
        """How much meaning, and words and unit besides, say for a guess."""
        counted = any(reading.figure.unit == self.ask.measure for reading in self.readings)
        return self.near + max(0.0, self.carried) / 2 + 0.1 * (bool(self.ask.measure) and counted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """Why an ask has no answer, with the nearest finding; `options` are what to choose from when it is unclear."""

    ask: Ask
    kind: RefusalKind
    nearest: Finding | None = None
    options: tuple[str, ...] = ()


class Evidence:
    """Scores statements against asks."""

    def __init__(self, idf: Idf, thesaurus: Thesaurus) -> None:
        self._idf = idf
        self._thesaurus = thesaurus
        self._most = max(idf(_UNHEARD_OF), 1.0)

    def terms(self, ask: Ask) -> list[Term]:
        """The words of the ask with their weights: rare ones weigh more, those that go with anything a third."""
        shares = dict.fromkeys(ask.shared, _SHARED) | dict.fromkeys(ask.words, 1.0)
        terms = [self.term(word, share, colloquial=ask.colloquial) for word, share in shares.items()]
        if ask.kind != "growth":
            return terms
        return [replace(term, alternatives=(*term.alternatives, *self._thesaurus.growing(term.text))) for term in terms]

    def term(self, word: str, share: float = 1.0, *, colloquial: bool = False) -> Term:
        """A word with its weight, of which `share` counts."""
        idf = self._idf(word)
        strange = min(1.0, max(0.0, (idf / self._most - _RARE) / (1 - _RARE))) if colloquial else 0.0
        weight = share * min(max(idf, _LEAST), _GREATEST) * (0.3 if is_light(word) else 1.0)
        return Term(text=word, alternatives=self._thesaurus.alternatives(word), weight=weight, strange=strange)

    def statement_with(
        self, ask: Ask, statements: Iterable[Statement], pattern: re.Pattern[str], *, closely: bool
    ) -> Finding | None:
        """The statement that carries the ask best among those that match `pattern`; `closely`: in the same clauses."""
        terms = self.terms(ask)
        total = sum(term.weight for term in terms) or 1.0
        found = [
            finding
            for statement in statements
            if pattern.search(statement.text)
            for finding in self._in_statement(replace(ask, need="fact"), terms, total, statement, {})
            if finding.carried >= ENOUGH and (not closely or pattern.search(statement.text[slice(*finding.span)]))
        ]
        return max(found, key=lambda finding: finding.score, default=None)

    def findings(
        self, ask: Ask, statements: Iterable[Statement], meaning: Mapping[tuple[str, int, int], float]
    ) -> list[Finding]:
        """The best findings for `ask`, best first, faulty ones among them.

        `meaning` maps (report, paragraph, start) to how near in meaning that is, at most 1: a figure's clause where a
        figure is asked for, else the statement.
        """
        terms = self.terms(ask)
        total = sum(term.weight for term in terms) or 1.0
        rough: list[tuple[float, Statement, dict[int, float]]] = []
        for statement in statements:
            if statement.paragraph.is_heading and len(statement.text) < 30:
                continue
            if any(word in statement.folded for word in ask.excluded) or ask.mentioned not in statement.folded:
                continue
            carried = (
                sum(
                    term.weight
                    * max(
                        match(term, statement.folded),
                        0.5 * match(term, statement.heading),
                        0.4 * match(term, statement.before),
                    )
                    for term in terms
                )
                / total
            )
            starts = {reading.clause[0] for reading in statement.readings} if ask.need == "figure" else {0}
            at = (statement.report, statement.paragraph.number)
            near = {start: meaning.get((*at, statement.start + start), 0.0) for start in starts}
            rough.append((carried + 0.5 * max(near.values(), default=0.0), statement, near))
        rough.sort(key=lambda row: -row[0])
        found: list[Finding] = []
        for _, statement, near in rough[:_LOOKED_AT]:
            found.extend(self._in_statement(ask, terms, total, statement, near))
        found.sort(key=lambda finding: -finding.score)
        return found

    def _in_statement(
        self, ask: Ask, terms: Sequence[Term], total: float, statement: Statement, nearness: Mapping[int, float]
    ) -> list[Finding]:
        """`nearness`: that of each clause, by its start in the statement, or that of the statement, by 0."""
        if ask.need == "figure":
            return [
                self._figure(ask, terms, total, statement, reading, nearness.get(reading.clause[0], 0.0))
                for reading in statement.readings
            ]
        near = nearness.get(0, 0.0)
        zones = {"sentence": statement.folded, "heading": statement.heading, "before": statement.before}
        carried = _carried(terms, zones, {"sentence": 1.0, "heading": 0.5, "before": 0.3}, near) / total + 0.15 * near
        period, role = statement.timing
        span = _clauses_with(terms, statement)
        bonus, counted, items = 0.0, False, 0
        if ask.need == "list":
            counted = bool(ask.measure) and any(reading.figure.unit == ask.measure for reading in statement.readings)
            items = len(re.findall(r"、|”“|》《", statement.text))
            carried -= 0.5 * too_few(ask, statement)
            bonus = 0.1 * counted + 0.1 * counts_its_items(ask, statement) + 0.08 * bool(items) + 0.01 * min(items, 8)
        if _DEFINITION.search(ask.folded) and any(word in statement.folded for word in ask.words[:1]):
            bonus += 0.3 * bool(
                re.search(re.escape(ask.words[0]) + r"[^,，。;]{0,6}(:|：|是指|指的是|即|,包括)", statement.folded)
            )
        if _WHY.search(ask.folded):
            carried += 0.25 if _CAUSE.search(statement.folded) else -0.3
        compact = 0.1 * min(1.0, 60 / max(20, len(statement.text)))
        return [
            Finding(
                ask=ask,
                statement=statement,
                score=carried + 0.3 * near + bonus + compact + 0.15 * _phrases(ask, statement.folded),
                carried=carried,
                fault=time_fault(ask, ask.period if _is_within(period, ask.period) else period, role),
                period=period,
                role=role,
                span=span,
                near=near,
                counted=counted and items > 0 and ask.measure != "个",
            )
        ]

    def _figure(
        self, ask: Ask, terms: Sequence[Term], total: float, statement: Statement, reading: Reading, near: float
    ) -> Finding:
        zones = {
            "own": reading.own,
            "near": reading.near,
            "earlier": reading.earlier,
            "later": reading.later,
            "heading": statement.heading,
            "before": statement.before,
        }
        carried = _carried(terms, zones, _ZONES, near) / total
        # Which of several figures in one sentence is meant, hangs on the light words too: 新建 or 建成.
        even = [replace(term, weight=max(0.6, min(1.0, term.weight))) for term in terms]
        chosen = _carried(even, zones, _ZONES, near) / sum(term.weight for term in even)
        wrong_unit, bonus = unit_fault(ask, reading)
        bonus += 0.2 * in_all(ask, reading)
        if any(figure.value == reading.figure.value and figure.unit == reading.figure.unit for figure in ask.given):
            bonus -= 0.3
        bonus -= 0.3 * (reading.is_base or is_milestone(statement, reading))
        bonus -= 0.15 * turned(ask, statement, reading) + 0.3 * whole_of(ask, statement, reading)
        bonus -= 0.1 * other_variant(terms, statement, reading)
        bonus += 0.15 * echo(ask, reading) - 0.3 * other_step(ask, reading)
        other = (1.8 if ask.kind == "share" else 1.0) * foreign(terms, reading)
        other += 0.2 * other_middle(ask, reading) + 0.2 * other_action(ask, statement, reading)
        other += 0.35 * other_kind(ask, terms, statement, reading)
        other += 0.3 * other_size(ask, reading)
        carried -= other
        wrong_time = reading_time_fault(ask, reading)
        score = 0.5 * (carried + chosen - other) + 0.3 * near + bonus
        return Finding(
            ask=ask,
            statement=statement,
            readings=(reading,),
            score=score - (0.25 if wrong_unit else 0.0) - (0.2 if wrong_time else 0.0),
            carried=carried,
            fault=wrong_unit or wrong_time,
            period=ask.period if is_reached(ask, reading.period, reading.role, reading.own) else reading.period,
            role=reading.role,
            span=reading.clause,
            near=near,
        )


def _is_within(period: Period | None, asked: Period | None) -> bool:
    """Whether what is told of a year lies in the years asked about: 到2025年 of 今后五年."""
    return period is not None and asked is not None and asked.first <= period.first and period.last <= asked.last


def _carried(terms: Sequence[Term], zones: Mapping[str, str], weights: Mapping[str, float], near: float) -> float:
    total = 0.0
    for term in terms:
        best = 0.9 * term.strange * near
        for zone, weight in weights.items():
            if weight > best:
                best = max(best, weight * match(term, zones[zone]))
        total += term.weight * best
    return total


def _phrases(ask: Ask, text: str) -> float:
    """The share of neighbouring words of the ask that stand together in `text` too (古城保护日)."""
    pairs = [one + two for one, two in pairwise(ask.words) if one + two in ask.folded]
    return sum(pair in text for pair in pairs) / len(pairs) if pairs else 0.0


def _clauses_with(terms: Sequence[Term], statement: Statement) -> tuple[int, int]:
    """From the first to the last clause that carries a telling term."""
    heavy = max((term.weight for term in terms), default=0.0)
    touched = [
        (start, end)
        for start, end in statement.clauses
        if any(
            term.weight >= 0.5 * heavy and match(term, normalise(statement.text[start:end])) >= 0.6 for term in terms
        )
    ]
    return (touched[0][0], touched[-1][1]) if touched else (0, len(statement.text))
