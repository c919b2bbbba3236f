"""How long a person waits."""

from __future__ import annotations

from collections.abc import Sequence

from eval.metrics.score import Part, Score
from eval.trials import Trial

__all__ = ["latency"]


def latency(trials: Sequence[Trial], percentile: int) -> Score:
    """The seconds within which `percentile` % of the answers came, by nearest rank; for 50 the median.

    Raises ValueError unless 0 < percentile < 100.
    """
    if not 0 < percentile < 100:
        raise ValueError(f"a percentile lies between 0 and 100, not {percentile}")
    parts = [Part(id=t.id, value=t.answer.seconds) for t in trials if t.answer and t.answer.seconds is not None]
    values = sorted(part.value for part in parts)
    value: float | None = None
    if values:
        middle = len(values) * percentile // 100
        even_median = percentile == 50 and len(values) % 2 == 0
        value = (values[middle - 1] + values[middle]) / 2 if even_median else values[middle]
    return Score(name=f"seconds_p{percentile}", value=value, parts=tuple(parts), is_mean=False)
