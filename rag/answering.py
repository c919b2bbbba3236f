"""The way of a question, on one page: understand → settle the scope → search → choose evidence → draft → verify.

`stream` yields each claim as soon as it has passed the gate and the finished `Answer` last; whoever wants the whole
drains it.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from index.store import ReportIndex
from index.types import Hit, Scope
from rag import refusing
from rag.comparing import remarks
from rag.drafting import Citations, Draft, draft, quotation
from rag.evidence import Finding, Lack
from rag.planning import comparison_of
from rag.premises import Premise, check_premises
from rag.recalling import about_earlier, remembered, told_about
from rag.resolving import Resolver
from rag.scoping import Catalog
from rag.talking import small_talk
from rag.turns import Turns
from rag.types import Answer, AnswerScope, Citation, Claim, Provenance, Refusal, Status, Turn
from rag.understanding import Ask, Query, understand
from rag.verifying import Fault
from rag.wording import LEVELS, WHICH_PLACE
from rag.writing import EXTRACTIVE, Extracts, Writer, Writing

_OPTIONS = 6
_EXAMPLES = 3
_DOUBTFUL = "原件此处辨认不清，请核对原件。"
_CONTRADICTED = "同一份报告里有不同的写法，都已列出，请核对原文。"
_GUESSED = "报告里没有所问的说法，下面是意思最接近的一处，请核对："


@dataclass(slots=True)
class _Stages:
    """Seconds spent in each stage."""

    seconds: dict[str, float] = field(default_factory=dict)
    _since: float = field(default_factory=time.perf_counter)

    def done(self, stage: str) -> None:
        now = time.perf_counter()
        self.seconds[stage] = round(self.seconds.get(stage, 0.0) + now - self._since, 4)
        self._since = now


class Answering:
    """Answers questions over one generation of an index."""

    def __init__(self, opened: ReportIndex, resolver: Resolver, writer: Writer) -> None:
        self._index = opened
        self._turns = Turns()
        self._resolver = resolver
        self._writer = writer

    def stream(self, question: str, history: Sequence[Turn], scope: Scope) -> Iterator[Claim | Answer]:
        """Verified claims one by one, then the whole answer."""
        about, position = about_earlier(question, history), remembered(history)
        if about is None or position is None:
            yield from self._asked(question, history, scope, self._writer)
            return
        for item in self._asked(history[position].question, history[:position], scope, Extracts()):
            if isinstance(item, Answer):
                item = replace(item, question=question, text=f"{told_about(about, item)}\n{item.text}")
            yield item

    def _asked(self, question: str, history: Sequence[Turn], scope: Scope, writer: Writer) -> Iterator[Claim | Answer]:
        stages = _Stages()
        catalog = Catalog(self._index.cards, scope)
        query = understand(question, history, catalog)
        stages.done("understand")
        if (talk := small_talk(query.plain)) is not None or not query.asks:
            named = frozenset(card.id for region in query.regions for card in catalog.by_region[region])
            examples = tuple(self._resolver.examples(_EXAMPLES, Scope(reports=named) if named else scope))
            refusal = refusing.not_asked(talk, query, catalog)
            yield self._refused(query, refusal, examples, stages, status="clarify" if examples else "refused")
            return
        if not query.regions and not query.unknown_regions and query.comparisons and WHICH_PLACE.search(query.plain):
            refusal, examples = refusing.nothing_to_compare(query, catalog)
            yield self._refused(query, refusal, examples, stages, status="clarify" if examples else "refused")
            return
        hopeless = _hopeless(query, catalog)
        if hopeless is not None:
            yield self._refused(query, hopeless, (), stages)
            return
        with self._turns.taken():
            resolved = self._resolver.resolve_all(query, catalog)
            findings = [item for item in resolved if isinstance(item, Finding)]
            premise = check_premises(query, findings, catalog, self._resolver)
        stages.done("search")
        lacks = [item for item in resolved if isinstance(item, Lack)]
        unclear = next((lack for lack in lacks if lack.kind == "ambiguous"), None)
        if unclear is not None and premise is None:
            yield self._clarify(query, unclear, catalog, stages)
            return
        yield from self._answer(query, catalog, findings, lacks, premise, stages, writer)

    def _answer(
        self,
        query: Query,
        catalog: Catalog,
        findings: list[Finding],
        lacks: list[Lack],
        premise: Premise | None,
        stages: _Stages,
        writer: Writer,
    ) -> Iterator[Claim | Answer]:
        citations = Citations(self._index.card)
        if premise is not None:
            findings, lacks = list(premise.findings), []
        drafts = draft(findings, [] if premise else remarks(query, findings), citations)
        stages.done("draft")
        claims: list[Claim] = []
        lines: list[str] = [premise.notice] if premise else []
        if premise is None and any(finding.is_guess for finding in findings):
            lines.append(_GUESSED)
        by_mark = {citation.mark: citation for citation in citations.all}
        dropped: list[str] = []

        def check(claim: Claim, cited: Mapping[int, Citation]) -> tuple[Fault, ...]:
            return self._resolver.faults(claim, cited, query.question)

        def standing() -> Iterator[Draft]:
            for item in drafts:
                if faults := check(item.claim(), by_mark):
                    dropped.append(f"一句未通过核对，未显示：{faults[0].detail}")
                else:
                    yield item

        # What corrects the question, or rests on meaning alone, is said in the program's own words.
        writing = (Extracts() if lines else writer).begin(check)
        for item in writing.write(query, standing(), by_mark):
            claim = item.claim()
            claims.append(claim)
            lines.append(claim.text)
            if item.source is not None:
                by_mark[item.source.mark] = item.source
                lines.append(quotation(item.source))
            if any(by_mark[mark].doubtful for mark in claim.citations):
                lines.append(_DOUBTFUL)
            yield claim
        if any(finding.contradicts for finding in findings):
            lines.append(_CONTRADICTED)
        stages.done("verify")
        notes = (*dropped, *writing.notes)
        if not claims:
            lack = (
                lacks[0]
                if lacks
                else Lack(ask=query.asks[0], kind="not_found", nearest=findings[0] if findings else None)
            )
            yield self._refused_for(query, lack, catalog, stages, notes)
            return
        missing = [refusing.refuse(lack, self._titles(lack.ask, catalog), ()).message for lack in lacks]
        if unknown := query.unasked_places:
            missing.append(f"没有载入{'、'.join(unknown)}的政府工作报告。")
        used = {mark for claim in claims for mark in claim.citations}
        yield Answer(
            id=uuid.uuid4().hex,
            question=query.question,
            standalone_question=query.standalone,
            status="answered",
            scope=self._scope(query, findings),
            text="\n".join([*lines, *dict.fromkeys(missing)]),
            claims=tuple(claims),
            citations=tuple(citation for mark, citation in by_mark.items() if mark in used),
            refusal=Refusal(kind="false_premise", message=premise.notice) if premise else None,
            provenance=self._provenance(stages, notes, writing),
            comparison=None if premise else comparison_of(query, catalog),
        )

    def search(self, question: str, k: int, history: Sequence[Turn], scope: Scope) -> list[Hit]:
        """The best passages for a question, within the places and years that it names."""
        catalog = Catalog(self._index.cards, scope)
        return self._resolver.search(understand(question, history, catalog), catalog, k)

    # -- what is not an answer -------------------------------------------------------------------

    def _refused_for(
        self, query: Query, lack: Lack, catalog: Catalog, stages: _Stages, notes: tuple[str, ...] = ()
    ) -> Answer:
        if lack.kind == "out_of_corpus" and lack.ask.region:
            return self._refused(query, refusing.unknown_year(lack.ask.region, lack.ask, catalog), (), stages)
        citations = Citations(self._index.card)
        nearest = (citations.cite(lack.nearest),) if lack.nearest is not None and lack.nearest.carried >= 0.4 else ()
        return self._refused(
            query, refusing.refuse(lack, self._titles(lack.ask, catalog), nearest), (), stages, notes=notes
        )

    def _refused(
        self,
        query: Query,
        refusal: Refusal,
        options: tuple[str, ...],
        stages: _Stages,
        status: Status = "refused",
        notes: tuple[str, ...] = (),
    ) -> Answer:
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
        options = tuple(f"{'、'.join(query.regions)}{name}{_bare(query, lack.ask, catalog)}" for name in shown)
        return self._refused(query, Refusal(kind="ambiguous", message=message), options, stages, status="clarify")

    def _titles(self, ask: Ask, catalog: Catalog) -> list[str]:
        if ask.region is None:
            return []
        return [
            self._index.card(report).title
            for report in catalog.reports(ask.region, ask.period, ask.role, ask.delivered)
        ]

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

    def _provenance(self, stages: _Stages, notes: tuple[str, ...], writing: Writing | None = None) -> Provenance:
        return Provenance(
            engine=writing.engine if writing else EXTRACTIVE,
            prompt=writing.prompt if writing else "",
            index=self._index.generation,
            embedder=self._index.embedder,
            seconds=dict(stages.seconds),
            notes=notes,
        )


def _bare(query: Query, ask: Ask, catalog: Catalog) -> str:
    """The question without the places that it names or means (我市), whole though it may lean on earlier turns."""
    if query.leans:
        return f"{refusing.what(ask)}{f'多少{ask.measure}' if ask.need == 'figure' else '是什么'}？"
    rest = WHICH_PLACE.sub("", catalog.places(query.plain).rest)
    for word, _ in LEVELS:
        rest = word.sub("", rest)
    return re.sub(r"\s+(?![0-9A-Za-z])|(?<![0-9A-Za-z])\s+", "", rest)


def _hopeless(query: Query, catalog: Catalog) -> Refusal | None:
    """Why no search is worth while: another kind of paper, an unknown place, a year that no report covers."""
    if query.other_paper:
        return refusing.other_paper(query)
    if query.unknown_regions and not query.regions:
        return refusing.unknown_place(query, catalog)
    for region, asks in groupby(query.asks, key=lambda ask: ask.region):
        if region is not None:
            bare = [ask for ask in asks if not catalog.tiers(region, ask.period, ask.role, ask.delivered)]
            if len(bare) == len([ask for ask in query.asks if ask.region == region]):
                return refusing.unknown_year(region, bare[0], catalog)
    return None
