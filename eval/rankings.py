"""What a search found for a case, beside where its evidence stands: what every retrieval metric looks at."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from eval.cases import Case, CaseError, json_lines, without_answer
from eval.reports import Place, Places
from eval.trials import gold_of
from index.types import Chunk, Hit

__all__ = ["Ranking", "load_rankings", "match_rankings", "ranked"]

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """What was found, best first: a paragraph at each rank, or those that a piece of a baseline touches.

    `evidence`: for each piece of evidence the places that hold it.
    """

    id: str
    places: tuple[frozenset[Place], ...]
    evidence: tuple[frozenset[Place], ...]

    @property
    def gold(self) -> frozenset[Place]:
        return frozenset[Place]().union(*self.evidence)


def match_rankings(
    cases: Iterable[Case], found: Mapping[str, tuple[frozenset[Place], ...]], places: Places
) -> tuple[Ranking, ...]:
    """One ranking for each case with evidence; what was not searched counts as nothing found."""
    return tuple(
        Ranking(
            id=case.id,
            places=found.get(case.id, ()),
            evidence=tuple(gold.places for gold in gold_of(case, places)),
        )
        for case in cases
        if case.evidence and not without_answer(case)
    )


def load_rankings(path: Path) -> dict[str, tuple[frozenset[Place], ...]]:
    """The ranked places of a JSONL file by id; CaseError for a line that is no result of a search."""
    rankings = {}
    for number, record in json_lines(path):
        try:
            rankings[str(record["id"])] = tuple(
                frozenset((str(hit["report"]), int(number)) for number in hit.get("paragraphs") or [hit["paragraph"]])
                for hit in record["hits"]
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise CaseError(f"{path} 第 {number} 行不是一条检索结果，缺少 id、hits、report 或 paragraph。") from error
    return rankings


def ranked(search: Callable[[int], Sequence[Hit]], of: Callable[[Chunk], Key], k: int) -> list[tuple[Key, Hit]]:
    """The first `k` things that the chunks found are `of`, each where its best chunk stands.

    `search` is asked for more chunks until they are of `k` things or there are no more.
    """
    asked = k
    while True:
        hits = search(asked)
        best: dict[Key, Hit] = {}
        for hit in hits:
            best.setdefault(of(hit.chunk), hit)
        if len(best) >= k or len(hits) < asked:
            return list(best.items())[:k]
        asked *= 2
