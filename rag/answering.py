"""The way of a question, on one page: understand → settle the scope → search → choose evidence → draft → verify.

`stream` yields each claim as soon as it has passed the gate and the finished `Answer` last; whoever wants the whole
drains it.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, zip_longest

from index.retriever import Retriever
from index.store import ReportCard, ReportIndex
from index.types import Chunk, Hit, Paragraph, Scope
from rag import refusing
from rag.comparing import remarks
from rag.drafting import Citations, draft, quotation
from rag.evidence import ALIKE, ENOUGH, Evidence, Finding, Lack
from rag.premises import Premise, check_premises
from rag.scoping import Catalog
from rag.statements import Statement, Statements
from rag.types import Answer, AnswerScope, Claim, Provenance, Refusal, Status, Turn
from rag.understanding import Ask, Query, understand
from rag.verifying import verify

ENGINE = "extractive"
_SEARCHED = 60
_OPTIONS = 6
_GUESSED = "报告里没有所问的说法，下面是意思最接近的一处，请核对："
# How many findings are put to the gate before an ask is given up.
_TRIED = 4


@dataclass(slots=True)
class _Stages:
    """Seconds spent in each stage."""

    seconds: dict[str, float] = field(default_factory=dict)
    _since: float = field(default_factory=time.perf_counter)

    def done(self, stage: str) -> None:
        now = time.perf_counter()
        self.seconds[stage] = round(self.seconds.get(stage, 0.0) + now - self._since, 4)
        self._since = now


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


class Answering:
    """Answers questions over one generation of an index."""

    def __init__(self, opened: ReportIndex, retriever: Retriever, statements: Statements, evidence: Evidence) -> None:
        self._index = opened
        self._retriever = retriever
        self._statements = statements
        self._evidence = evidence

    def stream(self, question: str, history: Sequence[Turn], scope: Scope) -> Iterator[Claim | Answer]:
        """Verified claims one by one, then the whole answer."""
        stages = _Stages()
        catalog = Catalog(self._index.cards, scope)
        query = understand(question, history, catalog)
        stages.done("understand")
        refusal = _hopeless(query, catalog)
        if refusal is not None:
            yield self._refused(query, refusal, (), stages)
            return
        resolved = self._resolve_all(query, catalog)
        findings = [item for item in resolved if isinstance(item, Finding)]
        premise = check_premises(
            query,
            findings,
            lambda ask: self.resolve(ask, query, catalog),
            lambda ask, pattern: self._evidence.statements_with(ask, self._in_scope(ask, catalog), pattern),
        )
        stages.done("search")
        lacks = [item for item in resolved if isinstance(item, Lack)]
        unclear = next((lack for lack in lacks if lack.kind == "ambiguous"), None)
        if unclear is not None and premise is None:
            yield self._clarify(query, unclear, catalog, stages)
            return
        yield from self._answer(query, catalog, findings, lacks, premise, stages)

    def _answer(
        self, query: Query, catalog: Catalog, findings: list[Finding], lacks: list[Lack], premise: Premise | None, stages: _Stages
    ) -> Iterator[Claim | Answer]:
        citations = Citations(self._index.card)
        if premise is not None:
            findings, lacks = list(premise.findings), []
        drafts = draft(findings, [] if premise else remarks(query, findings), citations)
        stages.done("draft")
        claims: list[Claim] = []
        lines: list[str] = [premise.notice] if premise else []
        if any(finding.is_guess for finding in findings):
            lines.append(_GUESSED)
        by_mark = {citation.mark: citation for citation in citations.all}
        dropped = []
        source = _Source(self._index)
        for item in drafts:
            claim = item.claim()
            faults = verify(claim, by_mark, source, question=query.question)
            if faults:
                dropped.append(f"一句未通过核对，未显示：{faults[0].detail}")
                continue
            claims.append(claim)
            lines.append(claim.text)
            if item.source is not None:
                lines.append(quotation(item.source))
            yield claim
        stages.done("verify")
        if not claims:
            lack = lacks[0] if lacks else Lack(ask=query.asks[0], kind="not_found", nearest=findings[0] if findings else None)
            yield self._refused_for(query, lack, catalog, stages, tuple(dropped))
            return
        missing = [refusing.refuse(lack, self._titles(lack.ask, catalog), ()).message for lack in lacks]
        used = {mark for claim in claims for mark in claim.citations}
        yield Answer(
            id=uuid.uuid4().hex,
            question=query.question,
            standalone_question=query.standalone,
            status="answered",
            scope=self._scope(query, findings),
            text="\n".join([*lines, *dict.fromkeys(missing)]),
            claims=tuple(claims),
            citations=tuple(citation for citation in citations.all if citation.mark in used),
            refusal=Refusal(kind="false_premise", message=premise.notice) if premise else None,
            provenance=self._provenance(stages, tuple(dropped)),
        )

    # -- one ask ---------------------------------------------------------------------------------

    def _resolve_all(self, query: Query, catalog: Catalog) -> list[Finding | Lack]:
        """Every ask resolved in turn; what one sentence says of several asks is taken from that sentence."""
        resolved: list[Finding | Lack] = []
        taken: list[Finding] = []
        for ask in query.asks:
            item = self.resolve(ask, query, catalog, taken)
            resolved.append(item)
            if isinstance(item, Finding):
                taken.append(item)
        return resolved

    def resolve(self, ask: Ask, query: Query, catalog: Catalog, taken: Sequence[Finding] = ()) -> Finding | Lack:
        """The finding that answers `ask`, or what is lacking; `taken` answer the asks before it."""
        if ask.region is None:
            return self._resolve_anywhere(ask, catalog)
        found = [
            finding if position == 0 else _marked_down(finding, 0.05 * position)
            for position, tier in enumerate(catalog.tiers(ask.region, ask.period, ask.role))
            for finding in self._findings(ask, tier)
            if position < 2 or not finding.fault
        ]
        cell = (ask.region, ask.period, ask.role)
        beside = [one for one in taken if (one.ask.region, one.ask.period, one.ask.role) == cell]
        chosen = choose(ask, [_beside(finding, beside) for finding in found], lambda one: self._stands(one, query))
        if isinstance(chosen, Finding) and chosen.readings and ask.period is None:
            return self._of_one_year(ask, chosen, found, catalog)
        return chosen

    def _stands(self, finding: Finding, query: Query) -> bool:
        """Whether a claim made of this finding alone passes the gate."""
        citations = Citations(self._index.card)
        (only,) = draft([finding], [], citations)
        by_mark = {citation.mark: citation for citation in citations.all}
        return not verify(only.claim(), by_mark, _Source(self._index), question=query.question)

    def _of_one_year(self, ask: Ask, chosen: Finding, found: Sequence[Finding], catalog: Catalog) -> Finding | Lack:
        """Asked without a year where several reports give it for their own: asked back."""
        rivals = {chosen.period: chosen}
        for finding in found:
            same = not finding.fault and finding.carried >= chosen.carried - ALIKE and finding.score >= chosen.score - 2 * ALIKE
            if same and finding.readings[0].figure.unit == chosen.readings[0].figure.unit:
                rivals.setdefault(finding.period, finding)
        reports = {finding.statement.report for finding in rivals.values()}
        if len(rivals) < 2 or len(reports) < 2:
            return chosen
        return Lack(ask=ask, kind="ambiguous", nearest=chosen, options=tuple(str(period) for period in sorted(filter(None, rivals), key=lambda p: -p.last)))

    def _in_scope(self, ask: Ask, catalog: Catalog) -> list[Statement]:
        reports = [id for tier in catalog.tiers(ask.region or "", ask.period, ask.role) for id in tier]
        return [statement for report in reports for statement in self._statements.of(report)]

    def _findings(self, ask: Ask, reports: Sequence[str]) -> list[Finding]:
        statements = [statement for report in reports for statement in self._statements.of(report)]
        return self._evidence.findings(ask, statements, self._meaning(ask, Scope(reports=frozenset(reports)), statements))

    def _meaning(self, ask: Ask, scope: Scope, statements: Sequence[Statement]) -> Mapping[tuple[str, int, int], float]:
        """How near in meaning each statement is to the ask, 0 to 1 among those in scope."""
        hits = self._retriever.search_vectors(ask.text or "".join(ask.words), _SEARCHED, scope)
        if not hits:
            return {}
        top, floor = hits[0].score, hits[-1].score
        width = max(top - floor, 1e-6)
        spans: dict[tuple[str, int], list[tuple[int, int, float]]] = {}
        for hit in hits:
            chunk = hit.chunk
            spans.setdefault((chunk.report, chunk.paragraph), []).append((chunk.start, chunk.end, (hit.score - floor) / width))
        near: dict[tuple[str, int, int], float] = {}
        for statement in statements:
            for start, end, score in spans.get((statement.report, statement.paragraph.number), ()):
                if start <= statement.start < end:
                    near[statement.report, statement.paragraph.number, statement.start] = score
        return near

    def search(self, question: str, k: int, history: Sequence[Turn], scope: Scope) -> list[Hit]:
        """The best passages for a question: what answers each ask in turn, then what the index finds in its scope."""
        catalog = Catalog(self._index.cards, scope)
        query = understand(question, history, catalog)
        ranked: list[Statement] = []
        rows: list[list[Finding]] = []
        reports: set[str] = set()
        for ask in query.asks:
            if ask.region is None:
                continue
            ids = [id for tier in catalog.tiers(ask.region, ask.period, ask.role) for id in tier]
            reports.update(ids)
            rows.append(self._findings(ask, ids))
        for findings in zip_longest(*rows):
            ranked.extend(finding.statement for finding in findings if finding is not None)
        within = Scope(reports=frozenset(reports) or catalog.ids)
        hits = self._retriever.search(query.standalone, k, within)
        chunks = [_chunk(statement) for statement in dict.fromkeys(ranked)][:k] + [hit.chunk for hit in hits]
        best: dict[tuple[str, int], Chunk] = {}
        for chunk in chunks:
            best.setdefault((chunk.report, chunk.paragraph), chunk)
        return [Hit(chunk=chunk, score=1 / rank, rank=rank) for rank, chunk in enumerate(list(best.values())[:k], 1)]

    def examples(self, k: int, scope: Scope = Scope()) -> list[str]:
        """Up to `k` questions on figures of the loaded reports, one a report, spread over them."""
        catalog = Catalog(self._index.cards, scope)
        step = max(1, len(catalog.cards) // k)
        asked = [self._example(card) for card in catalog.cards[:: -step][: 2 * k]]
        return [question for question in asked if question][:k]

    def _example(self, card: ReportCard) -> str:
        for statement in self._statements.of(card.id):
            for reading in statement.readings:
                figure, words = reading.figure, reading.printed
                plain = reading.role == "done" and reading.period is not None and reading.period.years == 1
                bare = words.removesuffix(figure.text)
                if plain and figure.kind == "amount" and bare != words and 6 <= len(bare) <= 16 and not re.search(r"[\d“”、（）]", bare):
                    return f"{card.region}{reading.period}{bare}多少{figure.unit}？"
        return ""

    def _resolve_anywhere(self, ask: Ask, catalog: Catalog) -> Finding | Lack:
        """Without a place: answered if only one place speaks of it, else asked back."""
        reports = catalog.ids
        if ask.period is not None:
            reports = frozenset(id for region in catalog.by_region for tier in catalog.tiers(region, ask.period, ask.role) for id in tier)
            if not reports:
                return Lack(ask=ask, kind="out_of_corpus")
        hits = self._retriever.search("".join(ask.words), _SEARCHED, Scope(reports=reports))
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
            if not finding.fault and finding.carried >= ENOUGH:
                best.setdefault(region_of[finding.statement.report], finding)
        if not best:
            return choose(ask, found, lambda one: True)
        ranked = sorted(best.items(), key=lambda item: -item[1].score)
        rivals = [region for region, finding in ranked if finding.score > ranked[0][1].score - 2 * ALIKE]
        if len(rivals) == 1:
            return ranked[0][1]
        return Lack(ask=ask, kind="ambiguous", nearest=ranked[0][1], options=tuple(rivals))

    # -- what is not an answer -------------------------------------------------------------------

    def _refused_for(self, query: Query, lack: Lack, catalog: Catalog, stages: _Stages, notes: tuple[str, ...] = ()) -> Answer:
        if lack.kind == "out_of_corpus" and lack.ask.region:
            return self._refused(query, refusing.unknown_year(lack.ask.region, lack.ask, catalog), (), stages)
        citations = Citations(self._index.card)
        nearest = (citations.cite(lack.nearest),) if lack.nearest is not None and lack.nearest.carried >= 0.4 else ()
        return self._refused(query, refusing.refuse(lack, self._titles(lack.ask, catalog), nearest), (), stages, notes=notes)

    def _refused(self, query: Query, refusal: Refusal, options: tuple[str, ...], stages: _Stages, status: Status = "refused", notes: tuple[str, ...] = ()) -> Answer:
        return Answer(
            id=uuid.uuid4().hex,
            question=query.question,
            standalone_question=query.standalone,
            status=status,
            scope=self._scope(query, ()),
            text=refusal.message,
            refusal=refusal,
            options=options,
            provenance=self._provenance(stages, notes),
        )

    def _clarify(self, query: Query, lack: Lack, catalog: Catalog, stages: _Stages) -> Answer:
        shown = lack.options[:_OPTIONS]
        more = "等" if len(lack.options) > _OPTIONS else ""
        what = "哪一年" if query.regions else "哪个地区" if query.periods else "哪个地区和年份"
        message = f"有多份报告写到这件事，各不相同，请说明是{what}：{'、'.join(shown)}{more}。"
        options = tuple(f"{'、'.join(query.regions)}{name}{_bare(query)}" if query.regions else f"{name}{query.question}" for name in shown)
        return self._refused(query, Refusal(kind="ambiguous", message=message), options, stages, status="clarify")

    def _titles(self, ask: Ask, catalog: Catalog) -> list[str]:
        if ask.region is None:
            return []
        return [self._index.card(id).title for tier in catalog.tiers(ask.region, ask.period, ask.role) for id in tier]

    def _scope(self, query: Query, findings: Sequence[Finding]) -> AnswerScope:
        regions = query.regions or tuple(dict.fromkeys(self._index.card(f.statement.report).region for f in findings))
        years = [year for period in query.periods for year in range(period.first, period.last + 1)]
        if not years:
            years = [year for f in findings if f.period for year in range(f.period.first, f.period.last + 1)]
        return AnswerScope(
            regions=regions,
            years=tuple(dict.fromkeys(years)),
            reports=tuple(dict.fromkeys(finding.statement.report for finding in findings)),
        )

    def _provenance(self, stages: _Stages, notes: tuple[str, ...]) -> Provenance:
        return Provenance(
            engine=ENGINE, index=self._index.generation, embedder=self._index.embedder, seconds=dict(stages.seconds), notes=notes
        )


def _chunk(statement: Statement) -> Chunk:
    return Chunk(report=statement.report, paragraph=statement.paragraph.number, start=statement.start, end=statement.end, text=statement.text, context="")


def choose(ask: Ask, found: list[Finding], stands: Callable[[Finding], bool]) -> Finding | Lack:
    """The best finding without a fault that `stands`, unless a faulty one carries the words of the ask clearly better."""
    found = sorted(found, key=lambda finding: -finding.score)
    sound = [finding for finding in found if not finding.fault and finding.is_enough]
    faulty = max((f for f in found if f.fault and f.carried >= ENOUGH), key=lambda f: f.carried, default=None)
    # Another year's or role's passage on the very thing says that this one lacks it; for names and facts a loose one doesn't.
    margin = 0.12 if ask.need == "figure" else 0.35
    if sound and (faulty is None or sound[0].carried >= faulty.carried - margin):
        standing = next((finding for finding in sound[:_TRIED] if finding.score >= sound[0].score - 0.2 and stands(finding)), None)
        if standing is not None:
            return standing
    if faulty is not None and faulty.fault:
        return Lack(ask=ask, kind=faulty.fault, nearest=faulty)
    return Lack(ask=ask, kind="not_found", nearest=found[0] if found else None)


def _beside(finding: Finding, taken: Sequence[Finding]) -> Finding:
    """Raised where it stands in the sentence that answers another ask of the question, lowered where it is that answer."""
    for other in taken:
        if finding.readings and finding.readings == other.readings and finding.ask.words != other.ask.words:
            return _marked_down(finding, 0.15)
        if finding.statement is other.statement and finding.readings:
            return replace(finding, carried=finding.carried + 0.15, score=finding.score + 0.1)
    return finding


def _bare(query: Query) -> str:
    """The question without the places that it names."""
    rest = query.question
    for region in query.regions:
        rest = rest.replace(region, "")
    return rest


def _marked_down(finding: Finding, by: float) -> Finding:
    return replace(finding, score=finding.score - by)


def _hopeless(query: Query, catalog: Catalog) -> Refusal | None:
    """Why no search is worth while: another kind of paper, an unknown place, a year that no report covers."""
    if query.other_paper:
        return refusing.other_paper(query)
    if query.unknown_regions and not query.regions:
        return refusing.unknown_place(query, catalog)
    if not query.asks:
        return refusing.nothing_asked(catalog)
    for region, asks in groupby(query.asks, key=lambda ask: ask.region):
        if region is not None:
            bare = [ask for ask in asks if not catalog.tiers(region, ask.period, ask.role)]
            if len(bare) == len([ask for ask in query.asks if ask.region == region]):
                return refusing.unknown_year(region, bare[0], catalog)
    return None
