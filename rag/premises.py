"""What a question takes for granted: checked against the report before it is answered.

Two kinds are checked: a figure that the question asserts (增长4%), and a standing or success
(创历史新高, 圆满完成目标).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from index.figures import direction, same_figure
from rag.evidence import Finding, Lack
from rag.understanding import Ask, Query

# Claims of rank or success that a report makes in so many words, if it makes them.
_STANDING = re.compile(
    r"(?:再?创)?(?:历史)?新高|(?:居|位居|排名|名列)?(?:全国|全省|全球|世界)?第[一二三]|首位|首[个家座条]|第一[个家座条]|头一[个家座条]|翻番|翻[一两]番|全部完成|超额完成|圆满完成|如期完成|顺利完成"
)
_SUCCESS = re.compile(r"(?:圆满|全部|都|如期|顺利|超额|提前|已经?)(?:完成|实现|达到)|(?:完成|实现|达到)了(?!多少|几)")
_FAILED = re.compile(r"(?:没有|没能|未能|尚未|并未|未)(?:如期|全面|完全|按期)?(?:实现|完成|达到)")

_WAY = re.compile("增长|增加|上升|提高|提升|下降|减少|降低|下跌|回落")
_WAYS = {"up": "上升，不是下降", "down": "下降，不是上升"}

Resolve = Callable[[Ask], Finding | Lack]
# The statement that denies what an ask takes for granted, if there is one.
Deny = Callable[[Ask, re.Pattern[str]], Finding | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Premise:
    """A premise that the report contradicts or does not bear out: what to tell, and what the report does say.

    `notice` holds no figure but those of the question.
    """

    notice: str
    findings: tuple[Finding, ...]


def check_premises(query: Query, found: Sequence[Finding], resolve: Resolve, deny: Deny) -> Premise | None:
    """The correction of what `query` asserts and the report does not; None if nothing is wrong."""
    return _denied(query, found, deny) or _other_figure(query, resolve) or _without_standing(query, found)


def _denied(query: Query, found: Sequence[Finding], deny: Deny) -> Premise | None:
    if not _SUCCESS.search(query.question) or re.search(r"吗|是否|有没有|没|未", query.question):
        return None
    for ask in (*(ask for _, ask in query.premises), *query.asks):
        denial = deny(ask, _FAILED) if ask.region is not None else None
        if denial is not None:
            rest = tuple(finding for finding in found if finding.readings)
            return Premise(notice="所问的前提有误：报告写明没有实现。", findings=(denial, *rest))
    return None


def _other_figure(query: Query, resolve: Resolve) -> Premise | None:
    for figure, ask in query.premises:
        # Which way it moved is what may be wrong: the figure is looked for without it.
        words = tuple(word for word in ask.words if not _WAY.fullmatch(word))
        actual = resolve(replace(ask, words=words, text=_WAY.sub(" ", ask.text)) if words else ask)
        if isinstance(actual, Lack) or actual.carried < 0.6:
            continue
        said = actual.readings[0].figure
        ways = direction(ask.text, figure), direction(actual.statement.text, said)
        turned = all(ways) and ways[0] != ways[1]
        same = same_figure(said, figure) or said.value == figure.value
        if same and not turned:
            continue
        wrong = f"报告写的是{_WAYS[ways[1]]}" if same else f"报告写的不是“{figure.text}”"
        return Premise(notice=f"所问的前提有误：{wrong}。", findings=(actual,))
    return None


def _without_standing(query: Query, found: Sequence[Finding]) -> Premise | None:
    asserted = _STANDING.search(query.question)
    if asserted is None or re.search(r"吗|是否|哪|第几|有没有", query.question):
        return None
    figures = [finding for finding in found if finding.readings]
    if not figures or any(asserted[0][-2:] in finding.statement.text[slice(*finding.span)] for finding in figures):
        return None
    return Premise(notice=f"所问的前提未得到证实：引用的原文没有“{asserted[0]}”的说法。", findings=tuple(figures))
