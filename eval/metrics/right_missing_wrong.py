"""Right, missing or wrong: +1, 0, -1, so that a wrong figure costs more than silence.

Scoring rule of CRAG (arXiv 2406.04744).  No model judges: figures and words are matched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from eval.cases import Case, without_answer
from eval.matching import digits, folded, holds, not_years, position
from eval.metrics.score import Part, Score, mean
from eval.trials import Trial

__all__ = ["Verdict", "points_of", "right_missing_wrong", "share_of", "verdict"]

Verdict = Literal["right", "missing", "wrong"]

_POINTS: dict[Verdict, float] = {"right": 1.0, "missing": 0.0, "wrong": -1.0}

# A paragraph poured out is no answer: more other figures than this make it wrong where figures are asked.
_SPARE_FIGURES = 4
_FIGURE_TYPES = ("number", "trap", "multi_number", "paraphrase", "followup")


def right_missing_wrong(trials: Sequence[Trial]) -> Score:
    """The mean of +1, 0 and -1, from -1 to 1."""
    return points_of((t.id, verdict(t)) for t in trials)


def points_of(verdicts: Iterable[tuple[str, Verdict]]) -> Score:
    """The same of verdicts, each with the id of its case."""
    return mean("score", (Part(id=case, value=_POINTS[given]) for case, given in verdicts))


def share_of(trials: Sequence[Trial], of: Verdict) -> Score:
    """The share of cases with one verdict."""
    return mean(of, (Part(id=t.id, value=float(verdict(t) == of)) for t in trials))


def verdict(trial: Trial) -> Verdict:
    """What the answer is worth, by the type of its case."""
    case, shown = trial.case, trial.text
    if without_answer(case):
        return "wrong" if shown else "right"
    if case.type == "ambiguous":
        return _of_ambiguous(trial)
    if not shown:
        # Refusing to go along with a false premise is right even if nothing is put in its place.
        return "right" if case.type == "false_premise" else "missing"
    return "right" if _says_it(case, shown) else "wrong"


def _of_ambiguous(trial: Trial) -> Verdict:
    """Asking back is right, and so is an answer for each of several reports with all figures wanted."""
    if trial.asked_back:
        return "right"
    if not trial.text:
        return "missing"
    several = len({cited.report for cited in trial.citations}) > 1
    return "right" if several and all(holds(trial.text, n) for n in trial.case.numbers) else "wrong"


def _says_it(case: Case, shown: str) -> bool:
    return (
        all(holds(shown, number) for number in case.numbers)
        and all(any(folded(word) in shown for word in spellings) for spellings in case.keywords)
        and _worked_out(case, shown)
        and not _poured_out(case, shown)
        and not _look_alike_first(case, shown)
    )


def _worked_out(case: Case, shown: str) -> bool:
    """Whether the results that the gold answer states are there."""
    for result in case.computed:
        if figures := digits(result):
            if figures <= digits(case.answer) and not figures <= digits(shown):
                return False
        elif folded(result) in folded(case.answer) and folded(result) not in shown:
            return False
    return True


def _poured_out(case: Case, shown: str) -> bool:
    if not case.numbers or case.type not in _FIGURE_TYPES:
        return False
    expected = digits(*(s for spellings in case.numbers for s in spellings), case.question, *case.computed)
    return len(not_years(digits(shown) - expected)) > _SPARE_FIGURES


def _look_alike_first(case: Case, shown: str) -> bool:
    """Whether a look-alike stands before the figure asked for, as if it were the answer."""
    if case.type != "trap" or not case.numbers:
        return False
    first = min(position(shown, number) for number in case.numbers)
    return any(0 <= position(shown, (wrong,)) < first for wrong in case.wrong)
