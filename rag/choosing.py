"""Of all that is found for an ask, the finding that answers it, or what is lacking."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rag.evidence import AHEAD, ENOUGH, Finding, Lack
from rag.understanding import Ask

# How many findings are put to the gate before an ask is given up.
_TRIED = 4


def choose(ask: Ask, found: list[Finding], stands: Callable[[Finding], bool]) -> Finding | Lack:
    """The best sound finding that `stands`, unless a faulty one carries the words of the ask clearly better."""
    found = sorted(found, key=lambda finding: -finding.score)
    sound = [finding for finding in found if not finding.fault and finding.is_enough]
    if sound and sound[0].is_guess:  # what words don't tell, meaning does
        sound.sort(key=lambda finding: -finding.guessed)
        sound = [] if _is_one_of_many(sound[0], found) else sound[:1]
    faulty = max((f for f in found if f.fault and f.carried >= ENOUGH), key=lambda f: f.carried, default=None)
    # Another year's passage on the very thing says that this one lacks it; for names and facts a loose one doesn't, and
    # of everyday words no passage carries many.
    margin = 0.35 if ask.need != "figure" or ask.colloquial else 0.28 if _is_next_plan(ask, faulty) else 0.22
    least = -1.0 if faulty is None else faulty.carried - margin
    if sound and sound[0].carried >= least:
        near_best = [one for one in sound[:_TRIED] if one.score >= sound[0].score - 0.2 and one.carried >= least]
        standing = next((finding for finding in near_best if stands(finding)), None)
        if standing is not None:
            return standing
    if faulty is not None and faulty.fault:
        return Lack(ask=ask, kind=faulty.fault, nearest=faulty)
    return Lack(ask=ask, kind="not_found", nearest=found[0] if found else None)


def _is_one_of_many(guess: Finding, found: Sequence[Finding]) -> bool:
    """Whether a figure of another clause, or a statement of another chunk, is about as good a guess.

    What is as near to the last bit stands in the same clause or chunk.
    """
    return any(
        not other.fault and other.guessed > guess.guessed - AHEAD and other.near != guess.near for other in found
    )


def _is_next_plan(ask: Ask, faulty: Finding | None) -> bool:
    """Whether it is what any report plans for another year than the one asked about: no sign of a lack."""
    return faulty is not None and faulty.fault == "target_only" and faulty.period != ask.period
