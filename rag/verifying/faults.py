"""What can be wrong with a claim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FaultKind = Literal[
    "format",  # remains of a prompt or of markup, or another language
    "unknown_mark",  # a mark without a citation, a claim without a mark, or marks that the claim doesn't list
    "altered_quote",  # a citation that is not what stands at its address
    "figure_absent",
    "unit_changed",
    "qualifier_dropped",  # or added
    "neighbour_figure",  # a figure of the paragraph, but of something else
    "direction_changed",
    "year_changed",
    "role_swapped",  # a target told as a result, or the other way round
    "region_swapped",
    "name_absent",
    "words_absent",
    "negation_flipped",
    "computed_wrong",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why a claim is not shown: `text` is the part at fault, `detail` says to people what is wrong with it."""

    kind: FaultKind
    text: str
    detail: str
