"""Two figures of a table against each other: the difference with its sign, and the sentence that the gate checks."""

from __future__ import annotations

import re

from rag.comparing import Remark, against_target, difference_between, fell, gap, stage
from rag.evidence import Finding
from rag.types import ComparisonChange

__all__ = ["contrast"]

_VERDICT = re.compile("未达到目标|超额完成目标|完成目标")


def contrast(one: Finding, other: Finding, *, is_target: bool) -> tuple[ComparisonChange, Remark | None]:
    """What `other` exceeds `one` by, or how far the result `other` reached the target `one`.

    The remark speaks of findings 0 (`one`) and 1 (`other`); None where nothing can be worked out, which the note says.
    """
    figures = one.readings[0].figure, other.readings[0].figure
    if figures[0].upper is not None or figures[1].upper is not None:
        return ComparisonChange(note="有一个是区间，不相减"), None
    if {stage(one), stage(other)} == {"begun", "ended"}:
        return ComparisonChange(note="一个是开工的，一个是完工的，不相减"), None
    if fell(one) or fell(other):
        return ComparisonChange(note="有一个是下降的，不相减"), None
    if figures[0].qualifier != figures[1].qualifier and not is_target:
        return ComparisonChange(note=f"“{figures[1].text}”与“{figures[0].text}”说法不同，不相减"), None
    try:
        apart = gap(figures[1], figures[0])
    except ValueError:
        return ComparisonChange(note="单位或口径不同，不作比较"), None
    signed = f"+{apart.text}" if apart.value > 0 else apart.text if apart.value < 0 else "持平"
    if not is_target:
        return ComparisonChange(text=signed, value=apart.value, unit=apart.unit), difference_between(
            (one, other), (0, 1), 1, 0
        )
    remark = next(iter(against_target((one, other), (0, 1))), None)
    verdict = _VERDICT.search(remark.text) if remark else None
    if remark is None or verdict is None:
        return ComparisonChange(note=f"目标写“{figures[0].text}”，是否完成请看原文"), None
    if not remark.computed:
        return ComparisonChange(text=verdict[0]), remark
    return ComparisonChange(text=f"{verdict[0]}（{signed}）", value=apart.value, unit=apart.unit), remark
