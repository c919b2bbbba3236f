"""Each ask of a question resolved within its scope: search, evidence, and the gate as the last judge of a finding."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from statistics import fmean, pstdev

from index.retriever import Retriever
from index.statements import Statement, Statements
from index.store import ReportCard, ReportIndex
from index.types import Chunk, Figure, Hit, Paragraph, Period, Role, Scope
from rag.choosing import choose
from rag.contradicting import contradictions
from rag.drafting import Citations, draft
from rag.evidence import ALIKE, ENOUGH, Evidence, Finding, Lack
from rag.gathering import gathered
from rag.reading import Need
from rag.scoping import Catalog
from rag.types import Citation, Claim
from rag.understanding import Ask, Query, of_level
from rag.verifying import Fault, verify
from rag.wording import DONE

_SEARCHED = 60
# A paragraph is counted once, however many of its chunks are found.
_CHUNKS = 4
# From here on a figure is what key words ask for.
_PLAIN = 0.7
# 近三年, 2021至2024年 may mean each of the years; a sum or an average may not.
_YEARS = re.compile(r"[近去]的?[两二三四五六0-9]+年|\d年?[至到—–~～-]+\d")
_SUM = re.compile(r"累计|总|合计|共|年均|平均|[两二三四五六]年[来间]|“?十[一二三四五]五")
_MOST_YEARS = 6
# So many standard deviations above the mean of all that is in scope, nothing can be nearer in meaning.
_FAR_OUT = 5
_HALVES = ("城镇", "农村")
# A plan may be meant: 今年要淘汰多少, 三年的报告里提高到多少.
_PLAN = re.compile(r"(?<![重主需必])要(?![求素点闻])|将|拟|报告[里中]?|安排")
_FINISHED = re.compile(r"了(?![解吗])|过(?=哪|几|多)|获|评为|入选|成功|新开通|建成|[办做]成")
# Places whose words fit nearly as well are all meant.
_RIVAL = 0.2


@dataclass(frozen=True, slots=True)
class _Source:
    """The index as the gate looks things up in it."""

    opened: ReportIndex

    def paragraph(self, report: str, number: int) -> Paragraph:
        return self.opened.paragraph(report, number)

    def delivered(self, report: str) -> int:
        return self.opened.card(report).year

    def region(self, report: str) -> str:
        return self.opened.card(report).region


class Resolver:
    """Finds what answers an ask in one generation of an index."""

    def __init__(self, opened: ReportIndex, retriever: Retriever, statements: Statements, evidence: Evidence) -> None:
        self._index = opened
        self._retriever = retriever
        self._statements = statements
        self._evidence = evidence
        self._source = _Source(opened)

    def faults(self, claim: Claim, citations: Mapping[int, Citation], question: str) -> tuple[Fault, ...]:
        """What the gate holds against a claim."""
        return verify(claim, citations, self._source, question=question)

    def resolve_all(self, query: Query, catalog: Catalog) -> list[Finding | Lack]:
        """Every ask resolved in turn; what one sentence says of several asks is taken from that sentence."""
        if (change := self._change(query, catalog)) is not None:
            return [change]
        resolved: list[Finding | Lack] = []
        taken: list[Finding] = []
        for ask in query.asks:
            for item in self._resolved(ask, query, catalog, taken):
                resolved.append(item)
                if isinstance(item, Finding):
                    taken.append(item)
                    resolved.extend(self._other_half(item))
                    if not query.comparisons:
                        resolved.extend(contradictions(item, self._statements.of(item.statement.report)))
        return [max(taken, key=lambda one: one.score)] if query.either and taken else resolved

    def _resolved(self, ask: Ask, query: Query, catalog: Catalog, taken: Sequence[Finding]) -> Sequence[Finding | Lack]:
        """What answers `ask`; a stretch of years that is nowhere given as one, year by year."""
        if items := self._items(ask, query, catalog):
            return items
        whole = self.resolve(ask, query, catalog, taken)
        period = ask.period
        if isinstance(whole, Finding) or period is None or not 1 < period.years <= _MOST_YEARS:
            return [whole]
        if not _YEARS.search(query.question) or _SUM.search(query.question):
            return [whole]
        years = [Period(first=year, last=year) for year in range(period.first, period.last + 1)]
        plain: Need = "figure" if ask.open else ask.need
        each = [
            self.resolve(replace(ask, period=year, need=plain, open=False), query, catalog, taken) for year in years
        ]
        return each if sum(isinstance(item, Finding) for item in each) > 1 else [whole]

    def _change(self, query: Query, catalog: Catalog) -> Finding | None:
        """By how much a rate rose between years far apart, where a report says so itself: 五年提高6.5个百分点."""
        if query.versus is None or len(query.regions) != 1 or query.asks[0].kind not in ("points", "growth"):
            return None
        later, earlier = query.versus
        whole = Period(first=earlier.last + 1, last=later.last) if later.last > earlier.last + 1 else None
        change = self.resolve(replace(query.asks[0], period=whole), query, catalog) if whole else None
        return change if isinstance(change, Finding) and change.period == whole else None

    def _items(self, ask: Ask, query: Query, catalog: Catalog) -> list[Finding]:
        """What `ask` wants listed, where one report has it over several sentences and all of it passes the gate."""
        if ask.need != "list" or ask.region is None:
            return []
        if ask.role == "done" and _means_plan(query, ask):
            ask = replace(ask, role=None)
        for report in catalog.reports(ask.region or "", ask.period, ask.role, ask.delivered):
            items = gathered(ask, self._statements.of(report))
            if items and all(self.stands(item, query.question) for item in items):
                return items
        return []

    def _other_half(self, finding: Finding) -> list[Finding]:
        """The figure for 农村 beside that for 城镇, where the question is of 城乡 and a list unfolds into both."""
        if not finding.readings or not any("城乡" in word for word in finding.ask.words):
            return []
        (reading,) = finding.readings
        halves = [half for half in _HALVES if reading.printed.startswith(half)]
        rest = reading.printed.replace(reading.figure.text, "").removeprefix("".join(halves))
        return [
            replace(finding, readings=(other,), span=other.clause)
            for other in finding.statement.readings
            for half in _HALVES
            if halves and half not in halves and other.printed.replace(other.figure.text, "") == half + rest
        ]

    def resolve(self, ask: Ask, query: Query, catalog: Catalog, taken: Sequence[Finding] = ()) -> Finding | Lack:
        """The finding that answers `ask`, or what is lacking; `taken` answer the asks before it."""
        if ask.open:
            figure = self.resolve(replace(ask, need="figure", open=False), query, catalog, taken)
            if isinstance(figure, Finding) and figure.carried >= _PLAIN:
                return figure
        if ask.region is None:
            return self._resolve_anywhere(ask, catalog)
        found = in_tiers(ask, catalog, self._findings)
        cell = (ask.region, ask.when, ask.role)
        beside = [one for one in taken if (one.ask.region, one.ask.when, one.ask.role) == cell]
        chosen = choose(
            ask, [_beside(finding, beside) for finding in found], lambda one: self.stands(one, query.question)
        )
        if isinstance(chosen, Lack) and chosen.kind == "target_only" and _means_plan(query, ask):
            # That a result was meant was only assumed: the target, called so, is what there is.
            return self.resolve(replace(ask, role="target"), query, catalog, taken)
        if isinstance(chosen, Finding) and chosen.readings and ask.period is None:
            return self._of_one_year(ask, chosen, found, catalog)
        return chosen

    def stands(self, finding: Finding, question: str) -> bool:
        """Whether a claim made of this finding alone passes the gate."""
        citations = Citations(self._index.card)
        (only,) = draft([finding], [], citations)
        by_mark = {citation.mark: citation for citation in citations.all}
        return not self.faults(only.claim(), by_mark, question)

    def _of_one_year(self, ask: Ask, chosen: Finding, found: Sequence[Finding], catalog: Catalog) -> Finding | Lack:
        """Asked without a year where several reports give it for their own: asked back."""
        rivals = {chosen.period: chosen}
        for finding in found:
            same = (
                not finding.fault
                and finding.carried >= chosen.carried - ALIKE
                and finding.score >= chosen.score - 2 * ALIKE
            )
            if same and finding.readings[0].figure.unit == chosen.readings[0].figure.unit:
                rivals.setdefault(finding.period, finding)
        reports = {finding.statement.report for finding in rivals.values()}
        if len(rivals) < 2 or len(reports) < 2:
            return chosen
        return Lack(
            ask=ask,
            kind="ambiguous",
            nearest=chosen,
            options=tuple(str(period) for period in sorted(filter(None, rivals), key=lambda p: -p.last)),
        )

    def _in_scope(self, ask: Ask, catalog: Catalog) -> list[Statement]:
        return self._in_reports(catalog.reports(ask.region or "", ask.period, ask.role, ask.delivered))

    def _in_reports(self, reports: Sequence[str]) -> list[Statement]:
        return [statement for report in reports for statement in self._statements.of(report)]

    def saying(self, ask: Ask, catalog: Catalog, pattern: re.Pattern[str], *, closely: bool = False) -> Finding | None:
        """The statement in scope that carries the ask and matches `pattern`; `closely`: in the same clauses."""
        return self._evidence.statement_with(ask, self._in_scope(ask, catalog), pattern, closely=closely)

    def trace(self, ask: Ask, figure: Figure, catalog: Catalog) -> Finding | None:
        """Where the reports that account for or plan the asked years give `figure` in the words of the ask."""
        roles: tuple[Role, ...] = ("done", "target")
        reports = [
            report for role in roles for report in catalog.reports(ask.region or "", ask.period, role, ask.delivered)
        ]
        giving = [
            statement
            for statement in self._in_reports(list(dict.fromkeys(reports)))
            if any(_same_value(reading.figure, figure) for reading in statement.readings)
        ]
        return next(
            (
                finding
                for finding in self._evidence.findings(ask, giving, {})
                if _same_value(finding.readings[0].figure, figure) and finding.carried >= ENOUGH
            ),
            None,
        )

    def _findings(self, ask: Ask, reports: Sequence[str]) -> list[Finding]:
        statements = self._in_reports(reports)
        return self._evidence.findings(
            ask, statements, self._meaning(ask, Scope(reports=frozenset(reports)), statements)
        )

    def _meaning(self, ask: Ask, scope: Scope, statements: Sequence[Statement]) -> Mapping[tuple[str, int, int], float]:
        """How near in meaning each statement in scope is to the ask, or each clause where a figure is asked for.

        By report, paragraph and start: how far its cosine stands out from all others, at most 1.
        """
        cosines = self._retriever.nearness(ask.said or "".join(ask.words), scope, clauses=ask.need == "figure")
        if not cosines:
            return {}
        mean, far_out = fmean(cosines.values()), _FAR_OUT * max(pstdev(cosines.values()), 1e-6)
        near = {at: min(1.0, (cosine - mean) / far_out) for at, cosine in cosines.items()}
        if ask.need == "figure":
            return near
        starts: dict[tuple[str, int], list[int]] = defaultdict(list)
        for report, paragraph, start in near:
            starts[report, paragraph].append(start)
        of_statements: dict[tuple[str, int, int], float] = {}
        for statement in statements:
            at = (statement.report, statement.paragraph.number)
            if chunk := bisect_right(starts[at], statement.start):
                of_statements[*at, statement.start] = near[*at, starts[at][chunk - 1]]
        return of_statements

    def search(self, query: Query, catalog: Catalog, k: int) -> list[Hit]:
        """The best passages for a question: what answers each ask in turn, then what the index finds in its scope."""
        ranked: list[Statement] = []
        rows: list[list[Finding]] = []
        reports: set[str] = set()
        for ask in query.asks:
            if ask.region is None:
                continue
            ids = catalog.reports(ask.region, ask.period, ask.role, ask.delivered)
            reports.update(ids)
            rows.append(self._findings(ask, ids))
        for findings in zip_longest(*rows):
            ranked.extend(finding.statement for finding in findings if finding is not None)
        within = Scope(reports=frozenset(reports) or catalog.ids)
        hits = self._retriever.search(query.standalone, k * _CHUNKS, within)
        chunks = [_chunk(statement) for statement in dict.fromkeys(ranked)][:k] + [hit.chunk for hit in hits]
        best: dict[tuple[str, int], Chunk] = {}
        for chunk in chunks:
            best.setdefault((chunk.report, chunk.paragraph), chunk)
        return [Hit(chunk=chunk, score=1 / rank, rank=rank) for rank, chunk in enumerate(list(best.values())[:k], 1)]

    def examples(self, k: int, scope: Scope = Scope()) -> list[str]:
        """Up to `k` questions on figures of the loaded reports, one a report, spread over them."""
        catalog = Catalog(self._index.cards, scope)
        step = max(1, len(catalog.cards) // k)
        asked = [self._example(card) for card in catalog.cards[::-step][: 2 * k]]
        return [question for question in asked if question][:k]

    def _example(self, card: ReportCard) -> str:
        for statement in self._statements.of(card.id):
            for reading in statement.readings:
                figure, words = reading.figure, reading.printed
                plain = reading.role == "done" and reading.period is not None and reading.period.years == 1
                bare = words.removesuffix(figure.text)
                if (
                    plain
                    and figure.kind == "amount"
                    and bare != words
                    and 6 <= len(bare) <= 16
                    and not re.search(r"[\d“”、（）]", bare)
                ):
                    return f"{card.region}{reading.period}{bare}多少{figure.unit}？"
        return ""

    def _resolve_anywhere(self, ask: Ask, catalog: Catalog) -> Finding | Lack:
        """Without a place: answered if only one place speaks of it, else asked back."""
        reports = frozenset(
            report
            for region in of_level(ask.text, catalog.by_region)
            for report in catalog.reports(region, ask.period, ask.role, ask.delivered)
        )
        if not reports:
            return Lack(ask=ask, kind="out_of_corpus")
        hits = self._retriever.search("".join(ask.words), _SEARCHED, Scope(reports=reports), by_report=False)
        places = {(hit.chunk.report, hit.chunk.paragraph) for hit in hits}
        statements = [
            statement
            for report in dict.fromkeys(hit.chunk.report for hit in hits)
            for statement in self._statements.of(report)
            if (report, statement.paragraph.number) in places
        ]
        found = self._evidence.findings(ask, statements, {})
        region_of = {card.id: card.region for card in catalog.cards}
        best: dict[str, Finding] = {}
        for finding in found:
            if not finding.fault and finding.carried >= (ENOUGH if ask.need == "figure" else _PLAIN):
                best.setdefault(region_of[finding.statement.report], finding)
        if not best:
            return choose(ask, found, lambda one: True)
        ranked = sorted(best.items(), key=lambda item: -item[1].score)
        rivals = {region: finding for region, finding in ranked if finding.carried > ranked[0][1].carried - _RIVAL}
        if len(rivals) == 1:
            return ranked[0][1]
        first = sorted(rivals, key=lambda region: region != catalog.national)
        latest: dict[str, Period] = {}
        for finding in found:
            region = region_of[finding.statement.report]
            best_one = rivals.get(region)
            if best_one and finding.period and not finding.fault and finding.role == best_one.role:
                known = latest.get(region, finding.period)
                if finding.carried > best_one.carried - ALIKE and finding.period.last >= known.last:
                    latest[region] = finding.period
        options = (f"{region}{latest.get(region, '') if ask.when is None else ''}" for region in first)
        return Lack(ask=ask, kind="ambiguous", nearest=ranked[0][1], options=tuple(options))


def _means_plan(query: Query, ask: Ask) -> bool:
    """Whether a plan answers: one is meant, or names and facts are asked for and no word says that they are done."""
    return (bool(_PLAN.search(query.question)) or ask.need in ("list", "fact")) and not (
        DONE.search(query.question) or _FINISHED.search(query.question)
    )


def _same_value(one: Figure, other: Figure) -> bool:
    return one.value == other.value and one.unit == other.unit


def _chunk(statement: Statement) -> Chunk:
    return Chunk(
        report=statement.report,
        paragraph=statement.paragraph.number,
        start=statement.start,
        end=statement.end,
        text=statement.text,
        context="",
    )


def in_tiers(ask: Ask, catalog: Catalog, look: Callable[[Ask, Sequence[str]], list[Finding]]) -> list[Finding]:
    """What `look` finds in the reports of the asked place, those for its years first and marked down least."""
    return [
        finding if position == 0 else _marked_down(finding, 0.05 * position)
        for position, tier in enumerate(catalog.tiers(ask.region or "", ask.period, ask.role, ask.delivered))
        for finding in look(ask, tier)
        if position < 2 or not finding.fault
    ]


def _beside(finding: Finding, taken: Sequence[Finding]) -> Finding:
    """Raised where it stands in the sentence that answers another ask, lowered where it is that very answer."""
    for other in taken:
        if finding.readings and finding.readings == other.readings and finding.ask.words != other.ask.words:
            return _marked_down(finding, 0.15)
        if finding.statement is other.statement and finding.readings:
            return replace(finding, carried=finding.carried + 0.15, score=finding.score + 0.1)
    return finding


def _marked_down(finding: Finding, by: float) -> Finding:
    return replace(finding, score=finding.score - by)
