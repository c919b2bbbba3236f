"""What a question asks to be summarised: which reports, work done or planned, of which years, on which themes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.text import normalise
from index.types import Period
from rag import refusing
from rag.points import Point
from rag.scoping import Catalog
from rag.terms import Term, content_words, is_light, match
from rag.themes import Theme, load_themes, themes_in
from rag.thesaurus import load_thesaurus
from rag.types import PartKind, Refusal
from rag.understanding import Query, understand

__all__ = ["ON_TOPIC", "Portion", "Topic", "read_topic"]

# From this relevance on a point belongs to a topic.
ON_TOPIC = 0.5

_DONE = re.compile(r"完成|成绩|成效|成就|取得|做了|结果|进展|回顾|怎么样|实现|落实")
_PLANNED = re.compile(r"目标|计划|安排|部署|打算|定了|定多少|任务|规划|举措|措施|要做|将")
_DELIVERED = re.compile(r"(?:年|份)[^，。？?]{0,14}报告")
_COMMAND = re.compile(
    r"概括|总结|梳理|归纳|摘要|要点|介绍|概述|简述|说说|谈谈|讲讲|请|帮我|一下|主要|取得|成绩|成效|成就|进展|情况|变化|安排|部署"
    r"|措施|举措|政策|两份|几份|各份|地区|方面|领域|工作|报告|政府|做了|定了|多少|怎么样|有什么|哪些|什么|目标|计划|完成|任务|增加|保障|分别"
)
_CARRIED, _BESIDE, _SAME_SENTENCE, _SAME_HEADING = 1.0, 0.6, 0.5, 0.3
_LIVELIHOOD = frozenset({"居民收入", "新增就业", "就业创业", "住房保障", "教育", "医疗", "养老托育", "社会保障"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """What is wanted of one report: work done, planned or both; of `period`, or of the report's own years if None."""

    report: str
    kinds: frozenset[PartKind]
    period: Period | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """Themes, and words that belong to none; without either everything is wanted.  `beside`: themes wanted less."""

    themes: tuple[Theme, ...] = ()
    beside: tuple[Theme, ...] = ()
    words: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.themes or self.words)

    def carried(self, text: str) -> bool:
        """Whether a text speaks of the topic."""
        folded = normalise(text).lower()
        return any(theme in self.themes for theme in themes_in(text)) or any(
            match(word, folded) >= 0.6 for word in self.words
        )

    def relevance(self, point: Point) -> float:
        """How far a point belongs to the topic, 0 to 1."""
        if self.carried(point.text):
            return _CARRIED
        if own := themes_in(point.text):
            return _BESIDE if any(theme in self.beside for theme in own) else 0.0  # it has a theme of its own
        if self.carried(point.statement.text):
            return _SAME_SENTENCE
        above = (*point.statement.paragraph.headings[-1:], point.statement.topic)
        return _SAME_HEADING if self.carried("。".join(above)) else 0.0


def read_topic(question: str, catalog: Catalog, reports: Sequence[str] = ()) -> tuple[Topic, list[Portion]] | Refusal:
    """The topic of a question and the portions of reports to look in; `reports`, if any, are settled already."""
    query = understand(question, (), catalog)
    asked: set[PartKind] = set()
    if _DONE.search(question):
        asked.add("done")
    if _PLANNED.search(question):
        asked.add("planned")
    portions = _portions(query, question, asked, catalog, reports)
    if not portions:
        return _no_report(query, catalog)
    return _topic(query), portions


def _portions(
    query: Query, question: str, asked: set[PartKind], catalog: Catalog, reports: Sequence[str]
) -> list[Portion]:
    kinds: frozenset[PartKind] = frozenset(asked or {"done", "planned"})
    if reports:
        return [Portion(report=report, kinds=kinds) for report in reports]
    found: list[Portion] = []
    for region in query.regions:
        by_year = {card.year: card.id for card in catalog.by_region[region]}
        named = sorted({ask.delivered for ask in query.asks if ask.delivered and ask.region in (None, region)})
        if named:
            found += [Portion(report=by_year[year], kinds=kinds) for year in named if year in by_year]
            continue
        if not query.periods:
            found += [Portion(report=by_year[max(by_year)], kinds=kinds)] if by_year else []
        for period in query.periods:
            if _DELIVERED.search(question) and period.years == 1 and period.first in by_year:
                found.append(Portion(report=by_year[period.first], kinds=kinds))
                continue
            here: list[Portion] = []
            if "done" in kinds and period.last + 1 in by_year:
                here.append(Portion(report=by_year[period.last + 1], kinds=frozenset({"done"}), period=period))
            if "planned" in kinds and period.first in by_year and (asked or not here):
                here.append(Portion(report=by_year[period.first], kinds=frozenset({"planned"}), period=period))
            found += here
    return list(dict.fromkeys(found))


def _topic(query: Query) -> Topic:
    rest = normalise(query.question)
    for region in query.regions:
        rest = rest.replace(region, " ")
    themes: dict[str, Theme] = {}
    asked = sorted({word for theme in load_themes() for word in theme.asked}, key=len, reverse=True)
    for word in asked:
        if word in rest:
            rest = rest.replace(word, " ")
            themes |= {theme.name: theme for theme in load_themes() if word in theme.asked}
    beside: tuple[Theme, ...] = ()
    if len(themes) > 1 and re.search("等[^，。]{0,2}民生", normalise(query.question)):
        themes.pop("民生投入", None)  # 就业、教育等民生方面: the general word for those named and their like
        beside = tuple(theme for theme in load_themes() if theme.name in _LIVELIHOOD and theme.name not in themes)
    known = {word for ask in query.asks for word in (*ask.words, *ask.shared)}
    left = [
        word
        for word in content_words(_COMMAND.sub(" ", rest))
        if any(word in other or other in word for other in known) and not is_light(word)
    ]
    alternatives = load_thesaurus().alternatives
    return Topic(
        themes=tuple(themes.values()),
        beside=beside,
        words=tuple(Term(text=word, alternatives=alternatives(word)) for word in left),
    )


def _no_report(query: Query, catalog: Catalog) -> Refusal:
    if query.unknown_regions:
        return refusing.unknown_place(query, catalog)
    if query.regions and query.asks:
        return refusing.unknown_year(query.regions[0], query.asks[0], catalog)
    return refusing.nothing_asked(catalog)
