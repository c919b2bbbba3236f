"""Silence where there is an answer."""

from __future__ import annotations

from collections.abc import Sequence

from eval.cases import without_answer
from eval.metrics.score import Part, Score, mean
from eval.trials import Trial

__all__ = ["false_refusal"]


def false_refusal(trials: Sequence[Trial]) -> Score:
    """The share of questions with an answer that got none.

    Ambiguous questions and false premises count among them, but silence on those is not held against the assistant.
    """
    return mean(
        "false_refusal", (Part(id=t.id, value=float(_refused(t))) for t in trials if not without_answer(t.case))
    )


def _refused(trial: Trial) -> bool:
    return not trial.text and trial.case.type not in ("ambiguous", "false_premise")
