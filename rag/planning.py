"""What a comparison is to show: indicators, places, years and roles, made whole from the request and what is loaded."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.regions import place_order
from index.types import Level, Period
from rag import refusing
from rag.reading import need_of
from rag.scoping import Catalog, asked_periods
from rag.terms import content_words, is_light
from rag.types import ComparedRole, ComparisonRequest, Refusal
from rag.understanding import Ask, Query, understand
from rag.wording import DIFFERENCE, DONE, EACH, EXTREMUM, ORDER, SLOT, SLOT_WORDS, TARGET, TREND

__all__ = ["Plan", "Subject", "comparison_of", "plan"]

MOST_CELLS = 600
_MOST_YEARS = 12
_GROWS = re.compile(r"增长(?![点极])|增速|增幅|涨幅|增长率")
_ALL = "(?:各个?|所有的?|每个|全部|哪[个些几]?|31个|全国各?)"
_EVERY: Sequence[tuple[re.Pattern[str], Level]] = (
    (re.compile(rf"{_ALL}(?:省区市|省市区|省级|省份|省)"), "province"),
    (re.compile(rf"{_ALL}(?:地级)?(?:城市|市)(?!场)"), "city"),
    (re.compile(rf"{_ALL}(?:区县|县区|县市|县|区)"), "county"),
)
# What a question says besides its indicators: how they are to be looked at, and when.
_BESIDES = (SLOT_WORDS, TREND, EXTREMUM, DIFFERENCE, ORDER, EACH, SLOT)
_ASIDE = re.compile(
    r"比较|对比|相比|比一比|看看?|列出?|做?(?:一张|成|个)表格?|图表?|情况|如何|这几年|近几年|最近几年|历年来?|几年来?|年间?"
    r"|请|帮我|给我|一下|是|有|吗|呢|之间|各自|和完成|完成"
)
_PARTS = re.compile(r"[、，,；;。：:？?！!\s]+|以及|和|与|及")

_ROLE = re.compile(r"的?(?:预期|年度|主要)?目标(?:完成)?(?:情况)?$|完成情况$|完成数?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """An indicator: its name for people, and what is asked of each place, year and role."""

    label: str
    ask: Ask

    def at(self, region: str, year: int, role: ComparedRole) -> Ask:
        """The ask for one cell."""
        return replace(self.ask, region=region, period=Period(first=year, last=year), role=role)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The axes of a table; none is empty."""

    subjects: tuple[Subject, ...]
    regions: tuple[str, ...]
    years: tuple[int, ...]
    roles: tuple[ComparedRole, ...]


def plan(request: ComparisonRequest, catalog: Catalog) -> Plan | Refusal:
    """The axes that a request means, or why there are none."""
    query = understand(request.question, (), catalog) if request.question.strip() else None
    subjects = tuple(map(_subject, request.indicators or indicators_in(request.question, catalog)))
    if not subjects:
        return refusing.nothing_asked(catalog)
    regions = catalog.named(request.regions) or _regions(request, query, catalog)
    if query and query.unknown_regions and not regions:
        return refusing.unknown_place(query, catalog)
    if not any(catalog.by_region.get(region) for region in regions):
        return Refusal(kind="out_of_corpus", message=refusing.loaded(catalog))
    roles = request.roles or _roles(request)
    years = tuple(sorted(set(request.years))) or _named_years(query)
    if not roles:
        roles = _likely_roles(regions, years, catalog)
    years = years or _years(regions, roles, catalog)
    cells = len(subjects) * len(regions) * len(years) * len(roles)
    if cells > MOST_CELLS:
        message = f"要比较的太多了：{cells} 格，最多 {MOST_CELLS} 格。请减少指标、地区或年份。"
        return Refusal(kind="ambiguous", message=message)
    return Plan(subjects=subjects, regions=regions, years=years, roles=roles)


def comparison_of(query: Query, catalog: Catalog) -> ComparisonRequest | None:
    """The table that shows what a question in the chat asks of several places, years or roles; None if of one only."""
    indicators = indicators_in(query.question, catalog) or tuple(dict.fromkeys(map(refusing.what, query.asks)))
    years = _named_years(query)
    asked = {ask.role for ask in query.asks}
    roles: tuple[ComparedRole, ...] = tuple(role for role in ("target", "done") if role in asked)
    several = len(query.regions) > 1 or len(years) > 1 or len(roles) > 1
    if not several or not query.regions or any(ask.need in ("list", "fact") for ask in query.asks):
        return None
    return ComparisonRequest(indicators=indicators, regions=query.regions, years=years, roles=roles)


def _subject(indicator: str) -> Subject:
    label = _ROLE.sub("", indicator).strip() or indicator
    text = f"{indicator}多少"
    kind = need_of(text, text, text)[2]
    if _GROWS.search(indicator):
        # That it grows, its kind says: 固定资产投资下降 answers too, and 社会消费品零售总额增长 does not.
        kind, bare = "growth", _GROWS.sub("", indicator)
        indicator, text = (bare, f"{bare}多少") if content_words(bare) else (indicator, text)
    words = tuple(content_words(indicator)) or (indicator.strip(),)
    ask = Ask(words=words, need="figure", kind=kind, text=text)
    return Subject(label=label, ask=ask)


def indicators_in(question: str, catalog: Catalog) -> tuple[str, ...]:
    """The indicators that a question names, without places, years and what is to be done with them."""
    rest = asked_periods(catalog.places(question).rest, now=catalog.newest(())).rest
    for words in (*(words for words, _ in _EVERY), _ASIDE, *_BESIDES):
        rest = words.sub(" ", rest)
    parts = [part.removeprefix("的").removesuffix("的") for part in _PARTS.split(rest)]
    return tuple(dict.fromkeys(part for part in parts if any(not is_light(word) for word in content_words(part))))


def _regions(request: ComparisonRequest, query: Query | None, catalog: Catalog) -> tuple[str, ...]:
    level = request.level or next((level for words, level in _EVERY if words.search(request.question)), None)
    if level is None and query and (query.regions or query.unknown_regions):
        return query.regions
    places = {(card.region, card.level) for card in catalog.cards if level in (None, card.level)}
    return tuple(dict.fromkeys(name for name, _ in sorted(places, key=lambda place: place_order(*place))))


def _roles(request: ComparisonRequest) -> tuple[ComparedRole, ...]:
    named = f"{request.question} {' '.join(request.indicators)}"
    is_target = bool(TARGET.search(named))
    is_done = bool(DONE.search(named) or re.search("目标.{0,4}完成|完成情况", named))
    if is_target and is_done:
        return ("target", "done")
    return ("target",) if is_target else ("done",) if is_done else ()


def _named_years(query: Query | None) -> tuple[int, ...]:
    years = {year for period in query.periods for year in range(period.first, period.last + 1)} if query else set()
    return tuple(sorted(years)[-_MOST_YEARS:])


def _likely_roles(regions: Sequence[str], years: Sequence[int], catalog: Catalog) -> tuple[ComparedRole, ...]:
    """Results, unless no report can account yet for any of the years."""
    delivered = {card.year for region in regions for card in catalog.by_region[region]}
    return ("done",) if not years or any(year + 1 in delivered for year in years) else ("target",)


def _years(regions: Sequence[str], roles: Sequence[ComparedRole], catalog: Catalog) -> tuple[int, ...]:
    """All years that one place has reports on; of several places the latest that most of them have."""
    back = 0 if roles == ("target",) else 1
    found = Counter(year for region in regions for year in {card.year - back for card in catalog.by_region[region]})
    if len(regions) == 1:
        return tuple(sorted(found)[-_MOST_YEARS:])
    return (max(found, key=lambda year: (found[year], year)),)
