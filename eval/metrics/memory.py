"""How much memory answering takes."""

from __future__ import annotations

from collections.abc import Sequence

from eval.metrics.score import Part, Score
from eval.trials import Trial

__all__ = ["memory"]


def memory(trials: Sequence[Trial]) -> Score:
    """The most megabytes that the answering process had taken by the last of its answers."""
    parts = tuple(
        Part(id=t.id, value=t.answer.megabytes) for t in trials if t.answer and t.answer.megabytes is not None
    )
    value = max((part.value for part in parts), default=None)
    return Score(name="megabytes", value=value, parts=parts, is_mean=False)
