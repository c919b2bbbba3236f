"""Summaries against the facts that they should carry; no model judges.

A line of facts: `report` (the whole of it) or `question` (a topic); `must`: facts, each with `fact`, `numbers`,
`evidence` (verbatim), `weight` and, where it is not that of the line, `report`; `distractors`: figures that no short
summary should open with.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.cases import CaseError, Spellings, json_lines
from eval.matching import digits, folded, holds, not_years
from eval.metrics.score import Part, Score, mean
from eval.reports import Place, Places, ReportParagraphs

__all__ = ["Fact", "Facts", "Summarize", "load_facts", "score_summaries", "summarize_cases"]

# A summary shows its first claims before anything is scrolled.
_LEAD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What a summary should say; without numbers its words are matched."""

    fact: str
    numbers: tuple[Spellings, ...]
    report: str
    evidence: str
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the summary of one report, or the answer to one topic, should carry."""

    report: str = ""
    question: str = ""
    must: tuple[Fact, ...]
    distractors: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return self.question or self.report


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    """A claim's folded text and the paragraphs that it cites."""

    text: str
    places: frozenset[Place]


# From a report or a topic to a summary on the wire, of which claims and citations are read.
Summarize = Callable[[Facts], Mapping[str, Any]]


def summarize_cases(
    summarize: Summarize, facts_path: Path, out_path: Path, *, progress: Callable[[int, int], None] | None = None
) -> None:
    """Write a summary for each line of facts; the file is only replaced when all are there."""
    wanted = load_facts(facts_path)
    out_path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = out_path.with_name(out_path.name + ".part")
    with unfinished.open("w", encoding="utf-8", newline="\n") as out:
        for done, facts in enumerate(wanted, start=1):
            key = {"question": facts.question} if facts.question else {"report": facts.report}
            out.write(json.dumps({**summarize(facts), **key}, ensure_ascii=False) + "\n")
            if progress:
                progress(done, len(wanted))
    unfinished.replace(out_path)


def load_facts(path: Path) -> tuple[Facts, ...]:
    """Raises CaseError, with the number of the line, where a field is missing or of another kind."""
    loaded = []
    for number, record in json_lines(path):
        try:
            home = record.get("report", "")
            facts = Facts(
                report=home,
                question=record.get("question", ""),
                must=tuple(
                    Fact(
                        fact=fact["fact"],
                        numbers=tuple((n,) if isinstance(n, str) else tuple(n) for n in fact["numbers"]),
                        report=fact.get("report", home),
                        evidence=fact["evidence"],
                        weight=int(fact["weight"]),
                    )
                    for fact in record["must"]
                ),
                distractors=tuple(d for d in record.get("distractors", ()) if isinstance(d, str)),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise CaseError(f"{path} 第 {number} 行不是一条摘要要点（{error}）。") from error
        if not facts.id or not facts.must:
            raise CaseError(f"{path} 第 {number} 行缺少 report 或 question，或没有要点。")
        loaded.append(facts)
    return tuple(loaded)


def score_summaries(facts_path: Path, summaries_path: Path, reports: ReportParagraphs) -> tuple[Score, ...]:
    """Weighted recall of facts, misquoting claims, distractors among the first claims, and length in characters.

    A fact is carried when one claim holds all its figures, or half of its character pairs if it has none, and cites
    a paragraph that holds its evidence.  A summary that is not there carries nothing.
    """
    places = Places(reports)
    claims = _load_claims(summaries_path, places)
    rows = [(facts, claims.get(facts.id, ())) for facts in load_facts(facts_path)]
    lead = tuple(Part(id=f.id, value=_distracted(f, said)) for f, said in rows)
    return (
        mean("fact_recall", (Part(id=f.id, value=_recalled(f, said, places)) for f, said in rows)),
        mean("claim_misquote", (Part(id=f.id, value=_misquoting(said, places)) for f, said in rows)),
        Score(name="lead_distractors", value=sum(p.value for p in lead), parts=lead, is_mean=False),
        mean("characters", (Part(id=f.id, value=sum(len(claim.text) for claim in said)) for f, said in rows)),
    )


def _recalled(facts: Facts, said: Sequence[_Claim], places: Places) -> float:
    carried = sum(fact.weight for fact in facts.must if _carried(fact, said, places))
    return carried / sum(fact.weight for fact in facts.must)


def _carried(fact: Fact, said: Iterable[_Claim], places: Places) -> bool:
    gold = places.holding(fact.report, fact.evidence)
    return any(gold & claim.places and _told(fact, claim.text) for claim in said)


def _told(fact: Fact, text: str) -> bool:
    if fact.numbers:
        return all(holds(text, number) for number in fact.numbers)
    pairs = _pairs(folded(fact.fact))
    return len(pairs & _pairs(text)) * 2 >= len(pairs)


def _pairs(text: str) -> set[str]:
    return {text[start : start + 2] for start in range(len(text) - 1)}


def _misquoting(said: Sequence[_Claim], places: Places) -> float:
    bad = sum(bool(not_years(digits(claim.text) - digits(*map(places.text, claim.places)))) for claim in said)
    return bad / max(1, len(said))


def _distracted(facts: Facts, said: Sequence[_Claim]) -> int:
    return sum(holds(claim.text, (figure,)) for claim in said[:_LEAD] for figure in facts.distractors)


def _load_claims(path: Path, places: Places) -> dict[str, tuple[_Claim, ...]]:
    loaded = {}
    for number, record in json_lines(path):
        try:
            cited = {c["mark"]: places.holding(c["report"], c["quote"]) for c in record["citations"]}
            loaded[record.get("question") or record["report"]] = tuple(_claims(record["claims"], cited))
        except (KeyError, TypeError) as error:
            raise CaseError(f"{path} 第 {number} 行不是一份摘要（缺少 {error}）。") from error
    return loaded


def _claims(stored: Iterable[Mapping[str, Any]], cited: Mapping[int, frozenset[Place]]) -> Iterator[_Claim]:
    for claim in stored:
        marked = (cited.get(mark, frozenset()) for mark in claim["citations"])
        yield _Claim(text=folded(claim["text"]), places=frozenset[Place]().union(*marked))
