"""Misquoted figures: the one thing that must not happen."""

from __future__ import annotations

from collections.abc import Sequence

from eval.matching import digits, not_years
from eval.metrics.score import Part, Score, mean
from eval.trials import Trial

__all__ = ["misquote_rate", "misquoted"]


def misquote_rate(trials: Sequence[Trial]) -> Score:
    """The share of answers given with a figure that their own citations do not bear out."""
    return mean("misquote_rate", (Part(id=t.id, value=float(bool(misquoted(t)))) for t in trials if t.text))


def misquoted(trial: Trial) -> set[str]:
    """The figures shown that stand in no paragraph cited, nor in the question, nor among the gold results.

    Years are left aside: an answer may name the year of a report.
    """
    if not trial.text or trial.answer is None:
        return set()
    borne_out = digits(trial.case.question, *trial.case.computed)
    for cited in trial.citations:
        borne_out |= digits(cited.quote, *cited.paragraphs.values())
    return not_years(digits(trial.answer.text) - borne_out)
