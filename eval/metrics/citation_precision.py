"""Citations that support the answer asked for."""

from __future__ import annotations

from collections.abc import Sequence

from eval.matching import holds
from eval.metrics.score import Score, mean, share
from eval.trials import Cited, Trial

__all__ = ["citation_precision"]


def citation_precision(trials: Sequence[Trial]) -> Score:
    """The share of citations whose paragraph holds gold evidence, or a gold figure in a gold report."""
    return mean("citation_precision", (share(t.id, [_supports(t, cited) for cited in t.citations]) for t in trials))


def _supports(trial: Trial, cited: Cited) -> bool:
    gold = frozenset[tuple[str, int]]().union(*(evidence.places for evidence in trial.evidence))
    if gold & cited.paragraphs.keys():
        return True
    return cited.report in trial.case.reports and any(
        holds(text, number) for text in cited.paragraphs.values() for number in trial.case.numbers
    )
