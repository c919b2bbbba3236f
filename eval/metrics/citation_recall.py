"""Gold evidence that is cited."""

from __future__ import annotations

from collections.abc import Sequence

from eval.cases import without_answer
from eval.metrics.score import Score, mean, share
from eval.trials import Trial

__all__ = ["citation_recall"]


def citation_recall(trials: Sequence[Trial]) -> Score:
    """The share of gold evidence whose paragraph is cited; where the assistant asked back nothing is due."""
    return mean(
        "citation_recall",
        (share(t.id, _cited(t)) for t in trials if not without_answer(t.case) and not t.asked_back),
    )


def _cited(trial: Trial) -> list[bool]:
    cited = {place for citation in trial.citations for place in citation.paragraphs}
    return [bool(gold.places & cited) for gold in trial.evidence]
