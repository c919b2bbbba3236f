"""Evidence near the top, discounted by rank."""

from __future__ import annotations

from collections.abc import Sequence
from math import log2

from eval.metrics.score import Part, Score, mean
from eval.rankings import Ranking

__all__ = ["ndcg"]


def ndcg(rankings: Sequence[Ranking], k: int = 10) -> Score:
    """Normalised discounted cumulative gain of the first k paragraphs, each with or without evidence.

    Järvelin and Kekäläinen 2002, in the form with 1/log2(rank + 1).
    """
    return mean(f"ndcg@{k}", (Part(id=r.id, value=_ndcg(r, k)) for r in rankings if r.evidence))


def _ndcg(ranking: Ranking, k: int) -> float:
    gain = sum(1 / log2(rank + 1) for rank, place in enumerate(ranking.places[:k], start=1) if place & ranking.gold)
    ideal = sum(1 / log2(rank + 1) for rank in range(1, min(k, len(ranking.gold)) + 1))
    return gain / ideal if ideal else 0.0
