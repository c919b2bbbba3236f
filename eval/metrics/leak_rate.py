"""Citations from a place or a year that was not asked about: sibling reports read much alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from eval.metrics.score import Score, mean, share
from eval.trials import Trial

__all__ = ["region_leak", "year_leak"]


def region_leak(trials: Sequence[Trial]) -> Score:
    """The share of citations that come from a region without a gold report."""
    return _leak("region_leak", trials, lambda report: report.rpartition("_")[0])


def year_leak(trials: Sequence[Trial]) -> Score:
    """The share of citations that come from a report of a year in which no gold report was delivered."""
    return _leak("year_leak", trials, lambda report: report.rpartition("_")[2])


def _leak(name: str, trials: Sequence[Trial], key: Callable[[str], str]) -> Score:
    """Reports are named 地区_年份.  Cases without gold reports and ambiguous ones allow any scope."""
    scoped = [t for t in trials if t.text and t.case.reports and t.case.type != "ambiguous"]
    return mean(name, (share(t.id, _strayed(t, key)) for t in scoped))


def _strayed(trial: Trial, key: Callable[[str], str]) -> list[bool]:
    asked = {key(report) for report in trial.case.reports}
    return [key(cited.report) not in asked for cited in trial.citations]
