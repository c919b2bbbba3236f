"""What is new: two years' reports of one place, told by what appeared and what is no longer there."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence

from index.errors import UnknownReport
from index.statements import Statement, Statements
from index.store import ReportIndex
from index.types import Scope
from rag.composing import Check
from rag.drafting import Citations
from rag.novelty import Name, unsaid
from rag.types import (
    AnswerScope,
    Claim,
    Coverage,
    PartKind,
    Provenance,
    Refusal,
    Summary,
    SummaryLength,
    SummaryPart,
    SummaryProgress,
)

__all__ = ["Renewing"]

# How many themes and how many projects are told, each way.
_MOST: Mapping[SummaryLength, int] = {"brief": 3, "page": 8, "full": 40}
_HEADINGS: Mapping[tuple[PartKind, bool], str] = {
    ("appeared", False): "{later}年报告新出现的主题",
    ("appeared", True): "{later}年报告新出现的项目",
    ("gone", False): "{earlier}年报告有、{later}年报告没有提到的主题",
    ("gone", True): "{earlier}年报告有、{later}年报告没有提到的项目",
}
_TWO_PLACES = "只能比较同一个地区的两份报告，{one}和{other}不是。"
_SAME_YEAR = "请选择不同年份的两份报告。"
_NOTHING = "没有找到新出现或不再提到的主题和项目。"
# A word that no report has: as rare as can be.
_UNHEARD_OF = "龘龘"
_EDGE = " ，,、；;。：:！!"


class Renewing:
    """Tells two reports of one place apart; `check` is the gate."""

    def __init__(self, opened: ReportIndex, statements: Statements, check: Check) -> None:
        self._index = opened
        self._statements = statements
        self._check = check

    def stream(
        self, reports: tuple[str, str], length: SummaryLength, scope: Scope
    ) -> Iterator[SummaryProgress | Claim | Summary]:
        """Progress and verified claims, then the whole; which report is the later one, their years say.

        Raises UnknownReport.
        """
        started = time.perf_counter()
        if hidden := [report for report in reports if report not in scope]:
            raise UnknownReport(f"没有编号为 {hidden[0]!r} 的报告。用 wenbao reports 查看已载入的报告。")
        earlier, later = sorted(map(self._index.card, reports), key=lambda card: card.year)
        refusal = None
        if earlier.region != later.region:
            refusal = Refusal(kind="other_scope", message=_TWO_PLACES.format(one=earlier.title, other=later.title))
        elif earlier.year == later.year:
            refusal = Refusal(kind="other_period", message=_SAME_YEAR)
        parts: list[SummaryPart] = []
        citations = Citations(self._index.card)
        if refusal is None:
            before, now = self._statements.of(earlier.id), self._statements.of(later.id)
            both: tuple[tuple[PartKind, str, Sequence[Statement], Sequence[Statement]], ...] = (
                ("appeared", later.id, now, before),
                ("gone", earlier.id, before, now),
            )
            for done, (kind, report, said, other) in enumerate(both):
                yield SummaryProgress(done=done, total=len(both), section=self._index.card(report).title)
                names = unsaid(said, other, self._rarity())
                for is_project in (False, True):
                    claims: list[Claim] = []
                    for claim in self._claims([n for n in names if n.is_project == is_project], citations):
                        claims.append(claim)
                        yield claim
                        if len(claims) == _MOST[length]:
                            break
                    if claims:
                        heading = _HEADINGS[kind, is_project].format(earlier=earlier.year, later=later.year)
                        texts = tuple(claim.text for claim in claims)
                        parts.append(
                            SummaryPart(
                                heading=heading, kind=kind, claims=tuple(claims), paragraphs=texts, report=report
                            )
                        )
            if not parts:
                refusal = Refusal(kind="not_found", message=_NOTHING)
        title = f"{later.title}与{earlier.year}年相比"
        lines = [line for part in parts for line in (part.heading, *part.paragraphs)]
        used = {mark for part in parts for claim in part.claims for mark in claim.citations}
        sections = {(p.report, p.headings[:2]) for r in reports for p in self._index.report(r).paragraphs}
        yield Summary(
            id=uuid.uuid4().hex,
            title=title,
            length=length,
            style="points",
            scope=AnswerScope(
                regions=tuple(dict.fromkeys((earlier.region, later.region))),
                years=(earlier.year, later.year),
                reports=(earlier.id, later.id),
            ),
            text="\n".join([title, *lines, *([refusal.message] if refusal else [])]),
            parts=tuple(parts),
            citations=tuple(citation for citation in citations.all if citation.mark in used),
            coverage=Coverage(
                sections=len(sections), covered_sections=len(sections), indicators=0, covered_indicators=0
            ),
            refusal=refusal,
            provenance=Provenance(
                engine="extractive",
                index=self._index.generation,
                embedder=self._index.embedder,
                seconds={"all": round(time.perf_counter() - started, 4)},
            ),
        )

    def _rarity(self) -> Callable[[str], float]:
        idf = self._index.keywords.idf
        most = max(idf(_UNHEARD_OF), 1.0)
        return lambda word: idf(word) / most

    def _claims(self, names: Sequence[Name], citations: Citations) -> Iterator[Claim]:
        """A claim for each name that passes the gate: the name and the clause that tells of it, or the clause alone."""
        told: set[int] = set()
        for name in names:
            start, end = name.clause
            words = name.statement.text[start:end].strip(_EDGE)
            first = name.statement.start + name.statement.text.index(words, start)
            citation = citations.at(name.statement, first, first + len(words))
            if citation.mark in told:
                continue  # another name in the same clause
            told.add(citation.mark)
            for text in (f"{name.text}：{words}[{citation.mark}]。", f"{words}[{citation.mark}]。"):
                claim = Claim(text=text, citations=(citation.mark,))
                if not self._check(claim, {citation.mark: citation}):
                    yield claim
                    break
