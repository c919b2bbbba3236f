"""Two runs over the same cases: how far apart they are, and whether that can be chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.cases import Case
from eval.metrics.right_missing_wrong import Verdict, verdict
from eval.metrics.score import Score
from eval.trials import Trial

__all__ = ["Change", "Difference", "changes", "difference", "differences"]

_DRAWS = 5000
_LEVEL = 0.95

Pairs = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`value` is the second run's score less the first's.

    `interval` (95 %) and `p`, the chance of a difference as large where there is none, are None for a score that is no
    mean and where fewer than two cases count.
    """

    name: str
    first: float | None
    second: float | None
    interval: tuple[float, float] | None = None
    p: float | None = None

    @property
    def value(self) -> float | None:
        return None if self.first is None or self.second is None else self.second - self.first

    @property
    def is_beyond_noise(self) -> bool:
        return self.p is not None and self.p < 1 - _LEVEL


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A case that the two runs answered with different verdicts."""

    case: Case
    first: Verdict
    second: Verdict


def differences(first: Sequence[Score], second: Sequence[Score]) -> tuple[Difference, ...]:
    """The difference in each score that both have, in the order of the first."""
    others = {score.name: score for score in second}
    return tuple(difference(score, others[score.name]) for score in first if score.name in others)


def difference(first: Score, second: Score, *, seed: int = 0) -> Difference:
    """The paired difference of two scores, case by case.

    Interval: percentile bootstrap over cases.  Test: two-sided randomisation, the runs swapped at random within each
    case (Efron and Tibshirani, chapters 13 and 15).  The parts of one case stay together.
    """
    told = Difference(name=first.name, first=first.value, second=second.value)
    ids = list(dict.fromkeys(part.id for score in (first, second) for part in score.parts))
    if not (first.is_mean and second.is_mean) or told.value is None or len(ids) < 2:
        return told
    one, other = _pairs(first, ids), _pairs(second, ids)
    random = np.random.default_rng(seed)
    drawn = random.integers(len(ids), size=(_DRAWS, len(ids)))
    moved = _means(other[:, drawn]) - _means(one[:, drawn])
    low, high = np.nanquantile(moved, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
    swapped = random.random((_DRAWS, len(ids))) < 0.5
    mixed = [np.where(swapped, b[:, None, :], a[:, None, :]) for a, b in ((one, other), (other, one))]
    by_chance = np.abs(_means(mixed[1]) - _means(mixed[0]))
    as_large = np.count_nonzero(by_chance >= abs(told.value) - 1e-12)
    return Difference(
        name=told.name,
        first=told.first,
        second=told.second,
        interval=(float(low), float(high)),
        p=(1 + as_large) / (1 + np.count_nonzero(~np.isnan(by_chance))),
    )


def changes(first: Sequence[Trial], second: Sequence[Trial]) -> tuple[Change, ...]:
    """The cases whose verdict changed, losses first."""
    order: dict[Verdict, int] = {"right": 2, "missing": 1, "wrong": 0}
    found = [
        Change(case=a.case, first=verdict(a), second=verdict(b))
        for a, b in zip(first, second, strict=True)
        if verdict(a) != verdict(b)
    ]
    return tuple(sorted(found, key=lambda change: order[change.second] - order[change.first]))


def _pairs(score: Score, ids: Sequence[str]) -> Pairs:
    """Sums and weights of each case, `(2, cases)`; a case that the score does not count has no weight."""
    parts = {part.id: part for part in score.parts}
    kept = [(part.value * part.weight, part.weight) if (part := parts.get(key)) else (0.0, 0) for key in ids]
    return np.array(kept, dtype=float).T


def _means(pairs: Pairs) -> NDArray[np.float64]:
    """Weighted means over the last axis, NaN where nothing has weight."""
    sums, weights = pairs[0].sum(axis=-1), pairs[1].sum(axis=-1)
    means: NDArray[np.float64] = np.divide(sums, weights, out=np.full_like(sums, np.nan), where=weights > 0)
    return means
