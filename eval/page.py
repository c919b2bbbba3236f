"""A run on one HTML page that needs nothing else: scores, where they come from, and every case that went wrong."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from eval.bootstrap import interval
from eval.cases import Case
from eval.comparison import Change, Difference, changes, differences
from eval.losses import Step, lost_at
from eval.metrics.latency import latency
from eval.metrics.misquote import misquoted
from eval.metrics.right_missing_wrong import Verdict, verdict
from eval.printing import NAMES
from eval.reports import Place
from eval.scorecard import score_trials
from eval.trials import Trial

__all__ = ["render_page"]

_TEMPLATES = Environment(
    loader=PackageLoader("eval"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
# Scores that a reader wants to see before anything else.
_FIRST = ("score", "right", "wrong", "misquote_rate", "citation_precision", "seconds_p50")
_LESS_IS_BETTER = frozenset(
    str.split(
        "missing wrong misquote_rate false_answer false_refusal region_leak year_leak seconds_p50 seconds_p95 megabytes"
    )
)
STEPS: Mapping[Step, str] = {
    "scope": "范围：找错了地区、年份，或没找",
    "search": "检索：没有找到证据所在的段落",
    "evidence": "取证：找到了，没有选中",
    "draft": "成文：引到了证据，没有答对",
    "gate": "核对：写出来了，没有通过核对",
}
_TICKS = (0.001, 0.01, 0.1, 1, 10, 100)  # seconds
VERDICTS: Mapping[Verdict, str] = {"right": "对", "missing": "未答", "wrong": "错"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """Verdicts of the cases of one kind, place or year."""

    name: str
    right: int
    missing: int
    wrong: int

    @property
    def total(self) -> int:
        return self.right + self.missing + self.wrong

    @property
    def share(self) -> float:
        return self.right / self.total


@dataclass(frozen=True, slots=True, kw_only=True)
class _Failure:
    case: Case
    verdict: Verdict
    step: Step
    status: str
    text: str
    refusal: str
    quotes: Sequence[tuple[str, str]]
    nearest: Sequence[tuple[str, str]]
    notes: Sequence[str]
    misquoted: Sequence[str]
    before: Verdict | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Curve:
    """The share of answers that had come by a time, as the points of an SVG polyline."""

    name: str
    points: str
    p50: float
    p95: float


def render_page(
    trials: Sequence[Trial],
    found: Mapping[str, tuple[Place, ...]],
    *,
    title: str,
    baseline: Sequence[Trial] = (),
    baseline_title: str = "",
) -> str:
    """The page; `found` are the places of a search by case id, `baseline` the trials of a run over the same cases."""
    card = score_trials(trials)
    compared: tuple[Difference, ...] = ()
    changed: tuple[Change, ...] = ()
    if baseline:
        compared = differences(score_trials(baseline).headline, card.headline)
        changed = changes(baseline, trials)
    scores = sorted(card.headline, key=lambda s: _FIRST.index(s.name) if s.name in _FIRST else len(_FIRST))
    engines = {trial.answer.engine for trial in trials if trial.answer and trial.answer.engine}
    return _TEMPLATES.get_template("report.html").render(
        title=title,
        cases=card.cases,
        engine="、".join(sorted(engines)),
        scores=[(NAMES[s.name], s, interval(s)) for s in scores],
        first=len([s for s in scores if s.name in _FIRST]),
        tables=(
            ("题型", _rows(trials, lambda case: [str(case.type)])),
            ("地区", _rows(trials, lambda case: [report.rpartition("_")[0] for report in case.reports])),
            ("报告年份", _rows(trials, lambda case: [report.rpartition("_")[2] for report in case.reports])),
        ),
        ticks=[(tick, _across(tick)) for tick in _TICKS],
        curves=_curves([(title, trials), *([(baseline_title, baseline)] if baseline else [])]),
        failures=[_failure(t, found, {b.id: verdict(b) for b in baseline}) for t in trials if lost_at(t, found)],
        unplaced=card.unplaced,
        compared=[(NAMES[d.name], d, _sense(d)) for d in compared],
        changed=changed,
        baseline_title=baseline_title,
        number=_number,
        steps=STEPS,
        verdicts=VERDICTS,
    )


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:,.0f}" if value >= 100 else f"{value:.3f}"


def _rows(trials: Iterable[Trial], keys: Callable[[Case], Sequence[str]]) -> list[_Row]:
    counts: dict[str, Counter[Verdict]] = {}
    for trial in trials:
        for key in dict.fromkeys(keys(trial.case) or ["—"]):
            counts.setdefault(key, Counter())[verdict(trial)] += 1
    return [
        _Row(name=name, right=count["right"], missing=count["missing"], wrong=count["wrong"])
        for name, count in sorted(counts.items())
    ]


def _sense(told: Difference) -> str:
    """Whether a difference is one for the better or the worse; "" where it may be chance."""
    if not told.is_beyond_noise or not told.value:
        return ""
    return "better" if (told.value < 0) == (told.name in _LESS_IS_BETTER) else "worse"


def _failure(trial: Trial, found: Mapping[str, tuple[Place, ...]], before: Mapping[str, Verdict]) -> _Failure:
    answer, step = trial.answer, lost_at(trial, found)
    assert step is not None
    return _Failure(
        case=trial.case,
        verdict=verdict(trial),
        step=step,
        status=answer.status if answer else "",
        text=answer.text if answer else "",
        refusal=answer.refusal if answer else "",
        quotes=answer.quotes if answer else (),
        nearest=answer.nearest if answer else (),
        notes=answer.notes if answer else (),
        misquoted=sorted(misquoted(trial)),
        before=before.get(trial.id),
    )


def _curves(runs: Sequence[tuple[str, Sequence[Trial]]]) -> list[_Curve]:
    """A curve for each run that was timed."""
    curves = []
    for name, trials in runs:
        median, late = latency(trials, 50), latency(trials, 95)
        seconds = sorted(part.value for part in median.parts)
        points = (f"{_across(s)},{300 - 300 * (place + 1) / len(seconds):.1f}" for place, s in enumerate(seconds))
        if median.value is not None and late.value is not None:
            curves.append(_Curve(name=name, points=" ".join(points), p50=median.value, p95=late.value))
    return curves


def _across(seconds: float) -> float:
    """Where a time stands on the plot, 0 to 1000: in logarithms, for one answer may take a thousand times another."""
    low, high = (math.log10(edge) for edge in (_TICKS[0], _TICKS[-1]))
    place = (math.log10(max(seconds, _TICKS[0])) - low) / (high - low)
    return round(1000 * min(place, 1.0), 1)
