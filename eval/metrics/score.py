"""What every measure returns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = ["Part", "Score", "mean", "share"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The score of one case.  `weight`: how many things it is the mean of, such as the citations of one answer."""

    id: str
    value: float
    weight: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One score and the individual ones; `value` is None where the measure applies to no case.

    `is_mean`: the value is the weighted mean of the parts, not a percentile of them.
    """

    name: str
    value: float | None
    parts: tuple[Part, ...]
    is_mean: bool = True


def mean(name: str, parts: Iterable[Part]) -> Score:
    """The score that is the weighted mean of its parts; parts without weight are left out."""
    kept = tuple(part for part in parts if part.weight)
    total = sum(part.weight for part in kept)
    value = sum(part.value * part.weight for part in kept) / total if total else None
    return Score(name=name, value=value, parts=kept)


def share(case: str, held: Sequence[bool]) -> Part:
    """The part of one case of which several things held or not; without weight if there were none."""
    return Part(id=case, value=sum(held) / len(held) if held else 0.0, weight=len(held))
