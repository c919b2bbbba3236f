"""What a question takes for granted: checked against the report before it is answered.

Two kinds are checked: a figure that the question asserts (增长4%), and a standing or success
(创历史新高, 圆满完成目标).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.figures import direction, is_beyond, is_mark, same_figure
from index.types import Figure
from rag.evidence import Finding, Lack
from rag.resolving import Resolver
from rag.scoping import Catalog
from rag.terms import content_words
from rag.understanding import Ask, Query

# Claims of rank or success that a report makes in so many words, if it makes them.
_STANDING = re.compile(
    r"(?:再?创)?(?:历史)?新高|(?:居|位居|排名|名列)?(?:全国|全省|全球|世界)?第[一二三](?!个[呢，,的])|首位|首[个家座条]|第一[个家座条]|头一[个家座条]|翻番|翻[一两]番|全部完成|超额完成|圆满完成|如期完成|顺利完成"
)
_SUCCESS = re.compile(r"(?:圆满|全部|都|如期|顺利|超额|提前|已经?)(?:完成|实现|达到)|(?:完成|实现|达到)了(?!多少|几)")
_FAILED = re.compile(r"(?:没有|没能|未能|尚未|并未|未)(?:如期|全面|完全|按期)?(?:实现|完成|达到)")

# Being the first of something is claimed of one thing only: the report may say which, or which place it took.
_FIRST_OF = re.compile(r"(?:首|头一|第一)[个家座条](?P<what>[^，,。；;？?！!]{2,})")
_ORDINAL = re.compile(r"(?:首|头一|第[一二三四五六七八九十\d]+)[个家座条]")
_RECORD = re.compile("新高")

_OVER = frozenset("过 超 逾 多 余".split())
_WAY = re.compile("增长|增加|上升|提高|提升|下降|减少|降低|下跌|回落")
_WAYS = {"up": "上升，不是下降", "down": "下降，不是上升"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Premise:
    """A premise that the report contradicts or does not bear out: what to tell, and what the report does say.

    `notice` holds no figure but those of the question.
    """

    notice: str
    findings: tuple[Finding, ...]


def check_premises(query: Query, found: Sequence[Finding], catalog: Catalog, resolver: Resolver) -> Premise | None:
    """The correction of what `query` asserts and the report does not; None if nothing is wrong."""
    return (
        _denied(query, found, catalog, resolver)
        or _other_figure(query, catalog, resolver)
        or _without_standing(query, found, catalog, resolver)
    )


def _denied(query: Query, found: Sequence[Finding], catalog: Catalog, resolver: Resolver) -> Premise | None:
    if not _SUCCESS.search(query.question) or re.search(r"吗|是否|有没有|没|未", query.question):
        return None
    for ask in (*(ask for _, ask in query.premises), *query.asks):
        denial = resolver.saying(ask, catalog, _FAILED) if ask.region is not None else None
        if denial is not None:
            rest = tuple(finding for finding in found if finding.readings)
            return Premise(notice="所问的前提有误：报告写明没有实现。", findings=(denial, *rest))
    return None


def _other_figure(query: Query, catalog: Catalog, resolver: Resolver) -> Premise | None:
    for figure, ask in query.premises:
        # Which way it moved is what may be wrong: the figure is looked for without it.
        words = tuple(word for word in ask.words if not _WAY.fullmatch(word))
        plain = replace(ask, words=words, text=_WAY.sub(" ", ask.text)) if words else ask
        actual = resolver.resolve(plain, query, catalog)
        if isinstance(actual, Lack) or actual.carried < 0.6:
            continue
        said = actual.readings[0].figure
        ways = direction(ask.text, figure), direction(actual.statement.text, said)
        turned = all(ways) and ways[0] != ways[1]
        same = same_figure(said, figure) or said.value == figure.value
        if (same and not turned) or _is_passed(ask.text, figure, said):
            continue
        if same:
            return Premise(notice=f"所问的前提有误：报告写的是{_WAYS[ways[1]]}。", findings=(actual,))
        source = _beside(actual, figure) or resolver.trace(actual.ask, figure, catalog)
        notice = f"所问的前提有误：报告写的不是“{figure.text}”{_said_as(actual, source)}。"
        return Premise(notice=notice, findings=(actual, source) if source else (actual,))
    return None


def _is_passed(text: str, figure: Figure, said: Figure) -> bool:
    """Whether the asserted figure is a mark that the report's one lies beyond: 过万亿元 is true of 11377亿元."""
    at = text.find(figure.text)
    passed = figure.qualifier in _OVER or is_mark(figure, text[max(0, at - 4) : max(0, at)])
    return passed and is_beyond(said, figure)


def _beside(actual: Finding, figure: Figure) -> Finding | None:
    """The asserted figure in the very sentence: 81个定线落图，10个启动修缮."""
    for reading in actual.statement.readings:
        if (reading.figure.value, reading.figure.unit) == (figure.value, figure.unit):
            return replace(actual, readings=(reading,), span=reading.clause, period=reading.period, role=reading.role)
    return None


def _said_as(actual: Finding, source: Finding | None) -> str:
    """What the asserted figure is instead, for it is seldom made up."""
    if source is None or (source.statement is actual.statement and source.span == actual.span):
        return ""
    if source.period != actual.period:
        return "，这是另一年的"
    return "，这是目标" if source.role in ("target", "measure") else "，这说的是另一件事"


def _without_standing(query: Query, found: Sequence[Finding], catalog: Catalog, resolver: Resolver) -> Premise | None:
    asserted = _STANDING.search(query.question)
    if asserted is None or re.search(r"吗|是否|哪|第几|有没有", query.question):
        return None
    figures = [finding for finding in found if finding.readings]
    if not figures or any(asserted[0][-2:] in finding.statement.text[slice(*finding.span)] for finding in figures):
        return None
    holder = _holder(query, figures[0].ask, asserted[0], catalog, resolver)
    notice = f"所问的前提未得到证实：引用的原文没有“{asserted[0]}”的说法。"
    return Premise(notice=notice, findings=(*figures, *filter(None, [holder])))


def _holder(query: Query, ask: Ask, asserted: str, catalog: Catalog, resolver: Resolver) -> Finding | None:
    """What has the asserted standing, or the standing it has: 首个百亿级产业 is another one, it is the 第3个."""
    if first := _FIRST_OF.search(query.question):
        words, pattern = tuple(content_words(first["what"])), _ORDINAL
    elif _RECORD.search(asserted):
        words, pattern = tuple(word for word in ask.words if word not in asserted and asserted not in word), _RECORD
    else:
        return None
    bare = replace(ask, words=words, shared=())
    return resolver.saying(bare, catalog, pattern, closely=True) if words else None
