"""Questions made from the figures of any loaded reports, with the answers that the ledger knows: for one's own reports.

A figure is asked for only where its report gives its indicator once for the year and role, so that the answer is one.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path
from random import Random

from eval.cases import Case, CaseType, Passage
from index.ledger import LedgerRow
from index.store import ReportCard, ReportIndex

__all__ = ["generate_cases", "save_cases"]

# What is readable as a question: a name of some length with nothing in it that belongs to its sentence.
_SHORTEST, _LONGEST = 4, 16
_UNREADABLE = re.compile(r"[\d“”、（）()《》，,：:]|^[的和及与等为在]|其中|分别|以[上下内]|比上年|[同环]比|达到?$")
_ASKED = {"done": "", "cumulative": "累计", "target": "目标"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fact:
    """A figure that can be asked for; `quote` is the clause that it stands in."""

    region: str
    year: int
    row: LedgerRow
    quote: str

    @property
    def name(self) -> str:
        return self.row.name

    @property
    def asked(self) -> str:
        """The question's words for it, without place and year."""
        unit = self.row.figure.unit
        wanted = f"多少{unit}" if self.row.figure.kind == "amount" and unit else "是多少"
        return f"{self.name}{_ASKED[self.row.role]}{wanted}"

    @property
    def passage(self) -> Passage:
        return Passage(report=self.row.report, text=self.quote)


def generate_cases(opened: ReportIndex, each: int, seed: int = 0) -> list[Case]:
    """Up to `each` questions of each kind, spread over the reports; the same for the same index and seed.

    number: one figure · trap: another figure of its unit stands in the same clause · near_miss: the figure of a year
    that no report of the place speaks of · cross_year: the figures of two years.
    """
    facts = {card.id: list(_facts(opened, card)) for card in opened.cards}
    regions: dict[str, list[_Fact]] = defaultdict(list)
    for found in facts.values():
        for fact in found:
            regions[fact.region].append(fact)
    everything = [fact for found in facts.values() for fact in found]
    kinds: dict[CaseType, Sequence[Callable[[str], Case]]] = {
        "number": [_number(fact) for fact in everything],
        "trap": [case for fact in everything for case in _traps(fact, opened)],
        "near_miss": [_near_miss(found, regions[found.region]) for found in everything],
        "cross_year": [case for found in regions.values() for case in _cross_years(found)],
    }
    made: list[Case] = []
    for kind, cases in kinds.items():
        chosen = Random(f"{seed}{kind}").sample(cases, min(each, len(cases)))
        made += [case(f"g-{kind}-{number:03}") for number, case in enumerate(chosen, start=1)]
    return made


def save_cases(cases: Iterable[Case], path: Path) -> None:
    """Write them in the format that eval/data/README.md describes.  Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for case in cases:
            file.write(json.dumps(asdict(case), ensure_ascii=False) + "\n")


def _facts(opened: ReportIndex, card: ReportCard) -> Iterator[_Fact]:
    rows = opened.ledger.of(card.id)
    texts = {paragraph.number: paragraph.text for paragraph in opened.report(card.id).paragraphs}
    met = Counter((row.name, row.period, row.role) for row in rows)
    for row in rows:
        if (
            row.role in _ASKED
            and row.period is not None
            and row.period.years == 1
            and not row.is_base
            and row.figure.kind in ("amount", "growth", "share")
            and row.figure.upper is None
            and _SHORTEST <= len(row.name) <= _LONGEST
            and not _UNREADABLE.search(row.name)
            and met[row.name, row.period, row.role] == 1
        ):
            quote = texts[row.paragraph][row.start : row.end]
            yield _Fact(region=card.region, year=row.period.first, row=row, quote=quote)


def _number(fact: _Fact) -> Callable[[str], Case]:
    return lambda name: Case(
        id=name,
        type="number",
        question=f"{fact.region}{fact.year}年{fact.asked}？",
        reports=(fact.row.report,),
        answer=fact.row.figure.text,
        numbers=((fact.row.figure.text,),),
        evidence=(fact.passage,),
    )


def _traps(fact: _Fact, opened: ReportIndex) -> Iterator[Callable[[str], Case]]:
    """Where its clause has another figure of the same unit, by another name."""
    row = fact.row
    alike = [
        other.figure.text
        for other in opened.ledger.of(row.report)
        if (other.paragraph, other.start, other.end) == (row.paragraph, row.start, row.end)
        and other.figure.unit == row.figure.unit
        and other.figure.value != row.figure.value
        and other.figure.text not in row.figure.text
    ]
    if alike:
        yield lambda name: Case(
            id=name,
            type="trap",
            question=f"{fact.region}{fact.year}年{fact.asked}？",
            reports=(row.report,),
            answer=row.figure.text,
            numbers=((row.figure.text,),),
            wrong=tuple(dict.fromkeys(alike)),
            evidence=(fact.passage,),
        )


def _near_miss(fact: _Fact, known: Sequence[_Fact]) -> Callable[[str], Case]:
    year = min(other.year for other in known) - 2  # a year before the earliest may still be told in passing
    return lambda name: Case(
        id=name,
        type="near_miss",
        question=f"{fact.region}{year}年{fact.asked}？",
        wrong=(fact.row.figure.text,),
        near=fact.passage,
        note=f"只有{fact.year}年的",
    )


def _cross_years(known: Sequence[_Fact]) -> Iterator[Callable[[str], Case]]:
    """Pairs of years whose results one place gives for one indicator in one unit."""
    by_name: Mapping[tuple[str, str], dict[int, _Fact]] = defaultdict(dict)
    for fact in known:
        if fact.row.role == "done":
            by_name[fact.name, fact.row.figure.unit].setdefault(fact.year, fact)
    for (indicator, _), years in by_name.items():
        for one, other in combinations(sorted(years), 2):
            yield _cross_year(indicator, years[one], years[other])


def _cross_year(indicator: str, one: _Fact, other: _Fact) -> Callable[[str], Case]:
    return lambda name: Case(
        id=name,
        type="cross_year",
        question=f"{one.region}{one.year}年和{other.year}年{indicator}分别是多少？",
        reports=tuple(dict.fromkeys((one.row.report, other.row.report))),
        answer="、".join(f"{fact.year}年{fact.row.figure.text}" for fact in (one, other)),
        numbers=tuple((fact.row.figure.text,) for fact in (one, other)),
        evidence=(one.passage, other.passage),
    )
