"""Which step lost a case that was not answered right: knowing where to look, finding, choosing, telling, the gate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from eval.cases import Case, without_answer
from eval.metrics.misquote import misquoted
from eval.metrics.right_missing_wrong import verdict
from eval.rankings import ranked
from eval.reports import Place
from eval.runner import Assistant
from eval.trials import Trial

__all__ = ["Step", "lost_at", "search_again"]

# scope: another place or year was looked into, or none · search: the evidence is not among the passages found
# evidence: found, but not chosen · draft: cited, but told wrong or not at all · gate: told, but not passed
Step = Literal["scope", "search", "evidence", "draft", "gate"]

# How many paragraphs a search is given to find the evidence.
_DEPTH = 50
_GATE_NOTE = "未通过核对"


def search_again(assistant: Assistant, trials: Iterable[Trial]) -> dict[str, tuple[Place, ...]]:
    """The places that a search finds for each case that cited nothing of its evidence, by case id."""
    lost = [trial.case for trial in trials if trial.evidence and lost_at(trial, {}) == "search"]
    return {case.id: _places(assistant, case) for case in lost}


def _places(assistant: Assistant, case: Case) -> tuple[Place, ...]:
    found = ranked(
        lambda depth: assistant.search(case.question, depth, history=case.history),
        lambda chunk: (chunk.report, chunk.paragraph),
        _DEPTH,
    )
    return tuple(place for place, _ in found)


def lost_at(trial: Trial, found: Mapping[str, tuple[Place, ...]]) -> Step | None:
    """The first step that went wrong; None for a case that is right.  `found` are the places of a search by case id.

    The steps are judged by what they left behind: the scope and the citations of the answer, the notes of the gate.
    """
    if verdict(trial) == "right" and not misquoted(trial):
        return None
    answer = trial.answer
    if without_answer(trial.case):
        cited = {citation.report for citation in trial.citations}
        return "scope" if trial.case.reports and cited.isdisjoint(trial.case.reports) else "evidence"
    if answer is None:
        return "draft"
    looked_into = {*answer.searched, *(report for report, _ in (*answer.quotes, *answer.nearest))}
    strayed = bool(looked_into) and looked_into.isdisjoint(trial.case.reports)
    if strayed or answer.refusal in ("out_of_corpus", "ambiguous", "other_scope"):
        return "scope"
    gold = {place for evidence in trial.evidence for place in evidence.places}
    cited_places = {place for citation in trial.citations for place in citation.paragraphs}
    if gold & cited_places:
        return "draft"
    if not trial.text and any(_GATE_NOTE in note for note in answer.notes):
        return "gate"
    return "evidence" if gold & set(found.get(trial.id, ())) else "search"
