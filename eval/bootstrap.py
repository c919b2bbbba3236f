"""How sure a score is, given that the questions might have been others."""

from __future__ import annotations

import numpy as np

from eval.metrics.score import Score

__all__ = ["interval"]


def interval(score: Score, *, level: float = 0.95, resamples: int = 2000, seed: int = 0) -> tuple[float, float] | None:
    """The percentile bootstrap interval of a mean, questions drawn with replacement.

    The parts of one question stay together, as its citations are not independent of each other.
    None for a score that is no mean, and where fewer than two questions count.
    Efron and Tibshirani, An Introduction to the Bootstrap, chapter 13.
    """
    if not score.is_mean or len(score.parts) < 2:
        return None
    values = np.array([part.value for part in score.parts])
    weights = np.array([part.weight for part in score.parts], dtype=float)
    drawn = np.random.default_rng(seed).integers(len(values), size=(resamples, len(values)))
    means = (values * weights)[drawn].sum(axis=1) / weights[drawn].sum(axis=1)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
