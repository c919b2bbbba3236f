"""Answers where there is none."""

from __future__ import annotations

from collections.abc import Sequence

from eval.cases import without_answer
from eval.metrics.score import Part, Score, mean
from eval.trials import Trial

__all__ = ["false_answer"]


def false_answer(trials: Sequence[Trial]) -> Score:
    """The share of questions without an answer that got one."""
    return mean("false_answer", (Part(id=t.id, value=float(bool(t.text))) for t in trials if without_answer(t.case)))
