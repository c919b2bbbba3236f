"""One ranking out of several: pure functions of scores."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["min_max", "reciprocal_rank", "top", "weighted"]

Scores = NDArray[np.float32]


def top(scores: Scores, k: int) -> NDArray[np.int64]:
    """Where the `k` highest of `scores` `(n,)` stand, highest first; of equal ones the first."""
    if k < 1:
        return np.empty(0, np.int64)
    candidates = np.arange(len(scores))
    if k < len(scores):
        candidates = np.flatnonzero(scores >= np.partition(scores, -k)[-k])
    return candidates[np.argsort(-scores[candidates], kind="stable")][:k]


def min_max(scores: Scores) -> Scores:
    """`scores` `(n,)` moved and stretched to 0 … 1; all 0 where they are equal."""
    span = np.ptp(scores) if len(scores) else 0.0
    return (scores - scores.min()) / span if span else np.zeros_like(scores)


def weighted(searches: Sequence[Scores], weights: Sequence[float]) -> Scores:
    """Scores `(n,)` that several searches gave the same n candidates, each brought to 0 … 1, added by weight.

    The convex combination of Bruch, Gai, Ingber, “An Analysis of Fusion Functions for Hybrid Retrieval”, TOIS 2023.
    """
    return np.average([min_max(scores) for scores in searches], axis=0, weights=weights).astype(np.float32)


def reciprocal_rank(searches: Sequence[Scores], weights: Sequence[float], damping: float = 60) -> Scores:
    """The mean, by weight, of 1 / (damping + rank) over the ranks, from 1, that several searches gave n candidates.

    Cormack, Clarke, Büttcher, “Reciprocal Rank Fusion Outperforms Condorcet and Individual Rank Learning Methods”,
    SIGIR 2009.
    """
    ranks = [np.argsort(np.argsort(-scores, kind="stable")) + 1 for scores in searches]
    return np.average([1 / (damping + rank) for rank in ranks], axis=0, weights=weights).astype(np.float32)
