"""Evidence among the first k paragraphs found."""

from __future__ import annotations

from collections.abc import Sequence

from eval.metrics.score import Part, Score, mean
from eval.rankings import Ranking
from eval.reports import Place

__all__ = ["all_at_k", "recall_at_k"]


def recall_at_k(rankings: Sequence[Ranking], k: int) -> Score:
    """The mean share of a question's evidence that stands among its first k paragraphs."""
    return mean(f"recall@{k}", (Part(id=r.id, value=_found(r, k) / len(r.evidence)) for r in rankings if r.evidence))


def all_at_k(rankings: Sequence[Ranking], k: int) -> Score:
    """The share of questions with all their evidence among the first k paragraphs."""
    return mean(
        f"all@{k}", (Part(id=r.id, value=float(_found(r, k) == len(r.evidence))) for r in rankings if r.evidence)
    )


def _found(ranking: Ranking, k: int) -> int:
    first = frozenset[Place]().union(*ranking.places[:k])
    return sum(bool(places & first) for places in ranking.evidence)
