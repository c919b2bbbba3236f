"""How far down the first piece of evidence stands."""

from __future__ import annotations

from collections.abc import Sequence

from eval.metrics.score import Part, Score, mean
from eval.rankings import Ranking

__all__ = ["mean_reciprocal_rank"]


def mean_reciprocal_rank(rankings: Sequence[Ranking], k: int = 10) -> Score:
    """The mean of 1/rank of the first paragraph with evidence among the first k, 0 where there is none."""
    return mean(f"mrr@{k}", (Part(id=r.id, value=_reciprocal(r, k)) for r in rankings if r.evidence))


def _reciprocal(ranking: Ranking, k: int) -> float:
    ranks = (rank for rank, place in enumerate(ranking.places[:k], start=1) if place & ranking.gold)
    first = next(ranks, None)
    return 1 / first if first else 0.0
