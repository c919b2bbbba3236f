"""Scores of a run on one page: in all, by type of question, and what went wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.bootstrap import interval
from eval.cases import Case, CaseError, load_cases
from eval.metrics.anchored import anchored
from eval.metrics.citation_precision import citation_precision
from eval.metrics.citation_recall import citation_recall
from eval.metrics.false_answer import false_answer
from eval.metrics.false_refusal import false_refusal
from eval.metrics.followup_retention import followup_retention
from eval.metrics.latency import latency
from eval.metrics.leak_rate import region_leak, year_leak
from eval.metrics.memory import memory
from eval.metrics.misquote import misquote_rate, misquoted
from eval.metrics.ndcg import ndcg
from eval.metrics.recall_at_k import all_at_k, recall_at_k
from eval.metrics.reciprocal_rank import mean_reciprocal_rank
from eval.metrics.right_missing_wrong import Verdict, right_missing_wrong, share_of, verdict
from eval.metrics.score import Score
from eval.rankings import load_rankings, match_rankings
from eval.reports import Places, ReportParagraphs
from eval.trials import Given, Trial, load_answers, match_trials

__all__ = ["Fault", "Scorecard", "load_trials", "score_answers", "score_hits", "score_trials"]

_DEPTHS = (1, 5, 10, 50)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A case that was not answered right, or whose answer misquotes."""

    case: Case
    answer: Given | None
    verdict: Verdict
    misquoted: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """`headline`: each score once, with its individual scores; `by_type`: how often each verdict was given.

    `unplaced`: evidence, as (case id, text), that stands in no report, so that it can't be found or cited: the
    cases don't fit the reports.
    """

    cases: int
    headline: tuple[Score, ...]
    by_type: Mapping[str, Counter[Verdict]]
    faults: tuple[Fault, ...]
    unplaced: tuple[tuple[str, str], ...]

    def value(self, name: str) -> float | None:
        """The headline score of that name; KeyError if there is none."""
        return {score.name: score.value for score in self.headline}[name]

    def to_json(self) -> dict[str, Any]:
        """Scores with their 95 % intervals, verdicts by type, and the ids of faulty cases."""
        return {
            "cases": self.cases,
            "scores": {s.name: {"value": s.value, "interval": interval(s)} for s in self.headline},
            "by_type": {kind: dict(counts) for kind, counts in self.by_type.items()},
            "faults": [{"id": f.case.id, "verdict": f.verdict, "misquoted": list(f.misquoted)} for f in self.faults],
            "unplaced": [list(pair) for pair in self.unplaced],
        }


def load_trials(cases_path: Path, answers_path: Path, reports: ReportParagraphs) -> tuple[Trial, ...]:
    """Each case with what was answered to it; cases without an answer count as silence.

    Raises CaseError for a bad line, and for a case without a type.
    """
    cases = load_cases(cases_path)
    for case in cases:
        if case.type is None:
            raise CaseError(f"{cases_path} 中的题 {case.id!r} 没有 type，只能作答，不能评分。")
    return match_trials(cases, load_answers(answers_path), Places(reports))


def score_answers(cases_path: Path, answers_path: Path, reports: ReportParagraphs) -> Scorecard:
    """Judge a file of answers.  Raises as `load_trials` does."""
    return score_trials(load_trials(cases_path, answers_path, reports))


def score_trials(trials: Sequence[Trial]) -> Scorecard:
    """Judge what was answered."""
    by_type: dict[str, Counter[Verdict]] = {}
    for trial in trials:
        by_type.setdefault(str(trial.case.type), Counter())[verdict(trial)] += 1
    return Scorecard(
        cases=len(trials),
        headline=(
            right_missing_wrong(trials),
            share_of(trials, "right"),
            share_of(trials, "missing"),
            share_of(trials, "wrong"),
            misquote_rate(trials),
            anchored(trials),
            citation_precision(trials),
            citation_recall(trials),
            false_answer(trials),
            false_refusal(trials),
            region_leak(trials),
            year_leak(trials),
            followup_retention(trials),
            latency(trials, 50),
            latency(trials, 95),
            memory(trials),
        ),
        by_type=dict(sorted(by_type.items())),
        faults=tuple(fault for trial in trials if (fault := _fault(trial))),
        unplaced=tuple((t.id, gold.text) for t in trials for gold in t.evidence if not gold.places),
    )


def score_hits(cases_path: Path, hits_path: Path, reports: ReportParagraphs) -> tuple[Score, ...]:
    """Judge a file of search results on the cases with evidence: recall, all evidence found, MRR, nDCG."""
    rankings = match_rankings(load_cases(cases_path), load_rankings(hits_path), Places(reports))
    return (
        *(all_at_k(rankings, k) for k in _DEPTHS),
        *(recall_at_k(rankings, k) for k in _DEPTHS),
        mean_reciprocal_rank(rankings),
        ndcg(rankings),
    )


def _fault(trial: Trial) -> Fault | None:
    given, extra = verdict(trial), tuple(sorted(misquoted(trial)))
    if given == "right" and not extra:
        return None
    return Fault(case=trial.case, answer=trial.answer, verdict=given, misquoted=extra)
