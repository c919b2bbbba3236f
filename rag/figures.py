"""The ledger asked in plain words: which figures the reports give for an indicator, best fitting first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from index.figures import Direction
from index.ledger import LedgerRole, LedgerRow
from index.store import ReportIndex
from index.structure import section_at
from index.text import normalise
from index.types import FigureKind, Period, Scope
from rag.drafting import Citations
from rag.scoping import Catalog
from rag.terms import Term, content_words, match
from rag.types import Citation, plain_numbers

__all__ = ["ROLE_NAMES", "FigurePage", "FigureQuery", "Figures", "LedgerFigure", "fit"]

# What people call the roles.
ROLE_NAMES: Mapping[LedgerRole, str] = {"done": "完成", "target": "目标", "cumulative": "累计", "other": "其他"}

# So much of the words must stand with a figure; so much is taken off for what its name says besides.
_ENOUGH = 0.6
_BESIDES = 0.15
# Reading the figures of a report takes a tenth of a second.
_ASKED = 16
_EDGE = "，,、；;。：: "


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureQuery:
    """Which figures of the ledger are wanted, best fitting first; an empty list is no limit.

    `words` name the indicator in plain words; `years` are those that the figures speak of.
    """

    words: str = ""
    regions: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    roles: tuple[LedgerRole, ...] = ()
    kinds: tuple[FigureKind, ...] = ()
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFigure:
    """A figure of a report: `start`/`end` its span in the paragraph of the `citation`, which quotes its clause.

    Of a decline (`direction` down) the `value` is how far, as printed: 下降3.3% is 3.3.
    """

    indicator: str
    name: str
    text: str
    value: Decimal
    upper: Decimal | None
    unit: str
    qualifier: str
    kind: FigureKind
    role: LedgerRole
    period: Period | None
    direction: Direction
    start: int
    end: int
    citation: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class FigurePage:
    """Some of the figures that were found: those from `offset` on, of `total`; `next` is where the rest begins."""

    total: int
    offset: int
    figures: tuple[LedgerFigure, ...]
    next: int | None = None

    def to_wire(self) -> dict[str, Any]:
        """The JSON object of the documented format."""
        wire: dict[str, Any] = plain_numbers(asdict(self))
        return wire


class Figures:
    """Finds figures in the ledger of one generation; `term` weighs a word by how rare it is."""

    def __init__(self, opened: ReportIndex, term: Callable[[str], Term]) -> None:
        self._index = opened
        self._term = term

    def find(self, query: FigureQuery, scope: Scope) -> FigurePage:
        """The page of what fits; without words all figures, in the order of the reports and their texts."""
        catalog = Catalog(self._index.cards, scope)
        regions = catalog.named(query.regions)
        reports = [card.id for card in catalog.cards if not regions or card.region in regions]
        rows = self._index.ledger.rows(reports, years=query.years, roles=query.roles, kinds=query.kinds)
        found = self._fitting(query.words, rows) if query.words.strip() else list(rows)
        end = query.offset + query.limit
        citations = Citations(self._index.card)
        return FigurePage(
            total=len(found),
            offset=query.offset,
            figures=tuple(self._figure(row, citations) for row in found[query.offset : end]),
            next=end if end < len(found) else None,
        )

    def common(self, k: int, scope: Scope) -> list[str]:
        """The `k` indicators that most reports name, as far as a few of them, from all over, tell."""
        reports = [card.id for card in Catalog(self._index.cards, scope).cards]
        asked = reports[:: -(-len(reports) // _ASKED)] if reports else []
        named = Counter(
            name
            for report in asked
            for name in dict.fromkeys(
                row.name for row in self._index.ledger.rows([report]) if row.role == "done" and not row.is_base
            )
        )
        # One that the reports word alike says the same in each; the shortest names say too little.
        often = [name for name, count in named.most_common() if len(name) > 3 and count > len(asked) // 4]
        return often[:k]

    def _fitting(self, words: str, rows: Iterable[LedgerRow]) -> list[LedgerRow]:
        terms = [self._term(word) for word in content_words(words)]
        scored = [(fit(terms, row), row) for row in rows]
        return [row for score, row in sorted(scored, key=lambda pair: -pair[0]) if score >= _ENOUGH]

    def _figure(self, row: LedgerRow, citations: Citations) -> LedgerFigure:
        paragraph = self._index.paragraph(row.report, row.paragraph)
        start, end = row.start, row.end
        while start < row.figure.start and paragraph.text[start] in _EDGE:
            start += 1
        while end > row.figure.end and paragraph.text[end - 1] in _EDGE:
            end -= 1
        figure = row.figure
        return LedgerFigure(
            indicator=row.indicator,
            name=row.name,
            text=figure.text,
            value=figure.value,
            upper=figure.upper,
            unit=figure.unit,
            qualifier=figure.qualifier,
            kind=figure.kind,
            role=row.role,
            period=row.period,
            direction=row.direction,
            start=figure.start,
            end=figure.end,
            citation=citations.within(paragraph, section_at(paragraph, row.start), start, end),
        )


@lru_cache(maxsize=1 << 17)
def _folded(name: str) -> str:
    return normalise(name).lower()


def carried_by(terms: Sequence[Term], words: str) -> float:
    """The share of the terms' weight that words carry, 0 to 1."""
    total = sum(term.weight for term in terms)
    return sum(term.weight * match(term, _folded(words)) for term in terms) / total if total else 0.0


def fit(terms: Sequence[Term], row: LedgerRow) -> float:
    """How well a row's indicator carries the terms, 0 to 1: less for what is lacking and for what it says besides."""
    name = _folded(row.name)
    said = set("".join(word for term in terms for word in (term.text, *term.alternatives)))
    besides = sum(character not in said for character in name) / len(name) if name else 1.0
    return carried_by(terms, name) - _BESIDES * besides
