"""Citations whose quote can be found where they say."""

from __future__ import annotations

from collections.abc import Sequence

from eval.metrics.score import Score, mean, share
from eval.trials import Trial

__all__ = ["anchored"]


def anchored(trials: Sequence[Trial]) -> Score:
    """The share of citations whose quote stands verbatim in the report that they name."""
    return mean("anchored", (share(t.id, [bool(cited.paragraphs) for cited in t.citations]) for t in trials))
