"""Follow-ups that stay with the place and the year of the conversation."""

from __future__ import annotations

from collections.abc import Sequence

from eval.metrics.score import Part, Score, mean
from eval.trials import Trial

__all__ = ["followup_retention"]


def followup_retention(trials: Sequence[Trial]) -> Score:
    """The share of follow-up questions answered from the reports that they are about, and from no other."""
    return mean(
        "followup_retention",
        (Part(id=t.id, value=float(_stayed(t))) for t in trials if t.case.type == "followup" and t.case.reports),
    )


def _stayed(trial: Trial) -> bool:
    cited = {citation.report for citation in trial.citations}
    return bool(trial.text) and bool(cited) and cited <= set(trial.case.reports)
