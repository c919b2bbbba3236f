"""question + earlier turns + loaded reports → Query: what is asked, of which place, for which years, in which role.

A question is cut at its marks into segments.  A segment with a slot (多少, 哪些 …) is asked; one without gives the
indicator that the others share, or says how the results are to be compared.  Every ask is made whole: place × period ×
role, so that what follows never needs to look back at the question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

from index.text import normalise
from index.types import Figure, FigureKind, Period, Role
from rag.carrying import read_question
from rag.items import items_of
from rag.reading import Comparison, Need, Reading, Segment, need_of
from rag.scoping import Catalog
from rag.terms import is_light
from rag.types import Turn
from rag.wording import (
    ACTIONS,
    COLLOQUIAL,
    COMPARING_WORDS,
    COURSE,
    EACH,
    FIGURE_SLOT,
    LEVELS,
    LIST_SLOT,
    MONEY,
    NATIONAL,
    OTHER_PAPER,
    PLANNED,
    SLOT,
    STOCK,
    TREND,
)

_MOST_YEARS = 5
_PART_OF = re.compile("(?:里面?|中|当中|之中|内)$")
_EXCLUDED = re.compile(r"(?<!是)(?:不是|不含|不包括|不算)(?!一年|不)([\u4e00-\u9fff]{2,6})")


# Asked for at every figure that is looked at.
_folded = lru_cache(maxsize=256)(normalise)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One thing to find: `words` name it, `shared` words belong to the whole question and weigh less.

    `measure` is the unit word asked for (套), "" if none; `kind` the kind of figure, None if any will do.
    """

    words: tuple[str, ...]
    shared: tuple[str, ...] = ()
    need: Need
    measure: str = ""
    kind: FigureKind | None = None
    region: str | None = None
    period: Period | None = None
    delivered: int | None = None  # the year of delivery of the report that is meant
    role: Role | None = None
    text: str = ""  # the words of the question that ask it, places and years taken out
    said: str = ""  # the same with the words that lead up to it: what is searched for by meaning
    stock: bool = False  # asks for what there is in all, not for what came anew
    colloquial: bool = False  # asked in everyday words, which reports do not use
    excluded: tuple[str, ...] = ()  # words that the question rules out: 不是中心城区
    open: bool = False  # typed in key words that don't say whether a figure or a fact is wanted
    likely: str = ""  # the unit that such a thing is given in, where none is asked for
    mentioned: str = ""  # the place that must be named, where the report of what it is part of is looked into
    given: tuple[Figure, ...] = ()  # figures that the question states itself: not what it asks for

    @property
    def when(self) -> Period | None:
        """The years asked about, or that of the report that is meant."""
        return self.period or (Period(first=self.delivered, last=self.delivered) if self.delivered else None)

    @property
    def folded(self) -> str:
        """`text` as it is matched."""
        return _folded(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question understood.  `asks` share one order: by indicator, then place, then year."""

    question: str
    standalone: str
    regions: tuple[str, ...]
    unknown_regions: tuple[str, ...]
    periods: tuple[Period, ...]
    asks: tuple[Ask, ...]
    comparisons: frozenset[Comparison]
    premises: tuple[tuple[Figure, Ask], ...] = ()
    versus: tuple[Period, Period] | None = None  # 2025年比2024年: (2025, 2024)
    other_paper: str = ""
    plain: str = ""  # the question in one spelling, without courtesy
    leans: bool = False  # it can't be read without the turns before it

    @property
    def unasked_places(self) -> tuple[str, ...]:
        """Places without a report that stood beside others as places, not as words of what is asked (与香港的合作)."""
        said = "".join(word for ask in self.asks for word in (*ask.words, *ask.shared))
        return tuple(name for name in self.unknown_regions if name not in said)

    either: bool = False  # its places are not compared: what one of them tells is the answer


def understand(question: str, history: Sequence[Turn], catalog: Catalog) -> Query:
    """Read `question` against the catalog, with what earlier turns leave open filled in from them."""
    return replace(_made_whole(read_question(question, history, catalog), catalog), question=question)


def _made_whole(read: Reading, catalog: Catalog) -> Query:
    regions = read.regions or _implied(read, catalog)
    shared: list[str] = []
    asks: list[Ask] = []
    carried_periods: tuple[Period, ...] = ()
    whole_periods = _expanded(read) or _course(read, regions, catalog)
    asking = [segment for segment in read.segments if segment.asks]
    asking = [one for one in asking if one.words or FIGURE_SLOT.search(one.text)] or asking  # not 请列出名称
    if not asking and read.segments:
        read = replace(
            read,
            segments=tuple(replace(segment, asks=bool(segment.words)) for segment in read.segments[:1])
            + read.segments[1:],
        )
    leads = [segment.text for segment in read.segments if not segment.asks]
    for segment in read.segments:
        own_periods = _segment_periods(segment, read)
        carried_periods = own_periods or carried_periods
        if not segment.asks:
            shared.extend(segment.words)
            continue
        seen_roles = _roles_for(segment, read)
        periods = (
            own_periods
            or (carried_periods if carried_periods and len(read.periods) > 1 and not _lists_years(read) else ())
            or whole_periods
        )
        roles: tuple[Role | None, ...] = segment.roles or ((seen_roles[0],) if len(seen_roles) == 1 else (None,))
        if "target" in segment.roles and re.search(r"目标.{0,4}完成|完成.{0,6}目标", segment.text):
            roles = ("target", "done")
        several = len(whole_periods) > 1 or len(regions) > 1 or len(roles) > 1
        first_words: tuple[str, ...] = ()
        for words, text in items_of(segment):
            if several and read.comparisons:
                words = tuple(word for word in words if word not in COMPARING_WORDS)
            telling = [word for word in words if not is_light(word) and word not in COMPARING_WORDS]
            siblings = first_words or (asks[0].words if asks else ())
            first_words = first_words or words
            base = tuple(dict.fromkeys(word for word in (*shared, *siblings) if word not in words))
            # 新设的经营主体里，企业有多少: the part is asked for, light as its word may be.
            if base and leads and _PART_OF.search(leads[-1]):
                telling = list(words)
            stock = bool(STOCK.search(read.question if len(asking) == 1 else segment.text))
            if stock and not ACTIONS.intersection(words):  # 新增多少家，总数多少: of what, but not how many anew
                base = tuple(word for word in base if word not in ("新增", "新建"))
            need, measure, kind = need_of(text, segment.text, read.question)
            money = bool(words) and bool(MONEY.search(words[-1]))
            is_open = need == "fact" and not SLOT.search(read.question)
            if is_open and money:
                need, is_open = "figure", False
            if need == "yesno" and len(roles) > 1:
                need = "figure"
            for region in regions or (None,):
                for period, delivered in product(periods or (None,), read.delivered or (None,)):
                    teller, mentioned = _teller(catalog, region, period, delivered)
                    partner = next((other for other in regions if read.related and other != region), None)
                    beside = (catalog.gazetteer.short(partner),) if partner else ()
                    for role in roles:
                        if (
                            role is None
                            and delivered is None
                            and not PLANNED.search(read.question)
                            and _reviewed(catalog, region, period)
                        ):
                            role = "done"
                        asks.append(
                            Ask(
                                words=(*beside, *(words if telling or not base else (*base, *words))),
                                shared=base if telling else (),
                                need=need,
                                open=is_open,
                                measure=measure,
                                likely="元"
                                if not kind and role != "target" and words and MONEY.search(words[-1])
                                else "",
                                kind=kind,
                                region=teller,
                                mentioned=mentioned,
                                period=period,
                                delivered=delivered,
                                role=role,
                                text=read.question if len(asking) == 1 and not read.leans else text,
                                said="，".join((*(base if read.leans else leads), text)),
                                colloquial=bool(COLLOQUIAL.search(read.question)),
                                excluded=tuple(_EXCLUDED.findall(read.question)),
                                stock=stock,
                                given=tuple(figure for s in read.segments for figure in s.premises),
                            )
                        )
    asks = list(dict.fromkeys(ask for ask in asks if ask.words))
    paper = OTHER_PAPER.search(read.question)
    return Query(
        question=read.question,
        standalone=_standalone(read, whole_periods),
        plain=read.question,
        leans=read.leans,
        regions=regions,
        unknown_regions=read.unknown,
        periods=whole_periods,
        asks=tuple(_merged(asks)),
        comparisons=read.comparisons,
        premises=tuple(
            (
                figure,
                Ask(
                    words=segment.words,
                    need="figure",
                    measure=figure.unit,
                    kind=figure.kind if figure.kind in ("growth", "points") else None,
                    region=region,
                    period=period,
                    role="done",
                    text=segment.text,
                ),
            )
            for segment in read.segments
            for figure in segment.premises
            for region in regions[:1]
            for period in (whole_periods[:1] or (None,))
            if segment.words
        ),
        versus=read.versus,
        either=read.related,
        other_paper=paper[0] if paper else "",
    )


def _roles_for(segment: Segment, read: Reading) -> tuple[Role, ...]:
    """The roles said outside of what other segments ask after it: 增长多少，目标是多少 begins with the result."""
    before = read.segments[: read.segments.index(segment)]
    return tuple(dict.fromkeys(role for s in read.segments if not s.asks or s in before for role in s.roles))


def _reviewed(catalog: Catalog, region: str | None, period: Period | None) -> bool:
    """Whether the report that accounts for the period is loaded, so that a result is to be expected."""
    return (
        region is not None
        and period is not None
        and any(card.year == period.last + 1 for card in catalog.by_region[region])
    )


def _teller(
    catalog: Catalog, region: str | None, period: Period | None, delivered: int | None
) -> tuple[str | None, str]:
    """The place whose reports tell of `region` in those years, and the name to look for if it is a greater one.

    The nation's report of 1992 tells of 上海 in 1991, where its own begin later.
    """
    if region is None or catalog.tiers(region, period, None, delivered):
        return region, ""
    years = {delivered} if delivered else {period.last, period.last + 1} if period else set()
    for above in catalog.above(region):
        if years & {card.year for card in catalog.by_region[above]}:
            return above, catalog.gazetteer.short(region)
    return region, ""


def _implied(read: Reading, catalog: Catalog) -> tuple[str, ...]:
    """The place where none is named: the only one loaded, the only one with reports on the years, or the nation."""
    if read.unknown:
        return ()
    able = [region for region in of_level(read.question, catalog.by_region) if _speaks(catalog, region, read)]
    if len(able) == 1:
        return (able[0],)
    if catalog.national in able and NATIONAL.search(read.question):
        return (catalog.national,)
    return ()


def of_level(question: str, regions: Iterable[str]) -> list[str]:
    """Those of the level that the question speaks of: 全省, 我市."""
    endings = next((endings for word, endings in LEVELS if word.search(question)), ("",))
    return [region for region in regions if region.endswith(endings)]


def _speaks(catalog: Catalog, region: str, read: Reading) -> bool:
    """Whether reports of `region` are loaded that account for or plan every year asked about."""
    years = {card.year for card in catalog.by_region[region]}
    return all(year in years for year in read.delivered) and all(
        {period.last, period.last + 1} & years for period in read.periods
    )


def _merged(asks: list[Ask]) -> list[Ask]:
    """Asks about the same cell that name nothing new (目标完成了吗? 目标和实际各是多少) are one."""
    kept: list[Ask] = []
    for ask in asks:
        telling = {word for word in (*ask.words, *ask.shared) if not is_light(word)}
        has_twin = any(
            (other.region, other.when, other.role) == (ask.region, ask.when, ask.role)
            and telling <= {*other.words, *other.shared}
            and not ({*ask.words} & ACTIONS - {*other.words})
            and ask.measure in ("", other.measure)
            and ask.kind in (None, other.kind)
            and ask.stock == other.stock
            for other in kept
        )
        if not has_twin:
            kept.append(ask)
    return kept


def _lists_years(read: Reading) -> bool:
    """Whether the years stand in one list or range, so that every ask is meant for each of them."""
    return any(
        len(segment.periods) > 1 or any(period.years > 1 for period in segment.periods) for segment in read.segments
    )


def _segment_periods(segment: Segment, read: Reading) -> tuple[Period, ...]:
    if read.versus and set(segment.periods) <= set(read.versus) and not segment.asks:
        return ()
    return _expand(segment.periods, read.question) if segment.periods else ()


def _expanded(read: Reading) -> tuple[Period, ...]:
    return _expand(read.periods, read.question)


def _course(read: Reading, regions: Sequence[str], catalog: Catalog) -> tuple[Period, ...]:
    """The years meant by 这几年…趋势: the latest that the reports of the place account for."""
    if len(regions) != 1 or not COURSE.search(read.question) or LIST_SLOT.search(read.question):
        return ()
    years = sorted({card.year - 1 for card in catalog.by_region[regions[0]]})[-_MOST_YEARS:]
    return tuple(Period(first=year, last=year) for year in years) if len(years) > 1 else ()


def _expand(periods: tuple[Period, ...], question: str) -> tuple[Period, ...]:
    """A stretch of years is taken year by year where the question wants each, else as one (五年累计)."""
    if (
        any(period.years > 1 for period in periods)
        and (EACH.search(question) or TREND.search(question))
        and not re.search(r"年均|累计|五年来|“?十[一二三四五]五”?", question)
    ):
        years = [year for period in periods for year in range(period.first, period.last + 1)]
        return tuple(Period(first=year, last=year) for year in dict.fromkeys(years))
    if (
        len(periods) == 1
        and periods[0].years > 1
        and re.search(r"从.{2,8}[到至].{2,24}(增加|减少|提高|下降|多|少)了?多少", question)
    ):
        return Period(first=periods[0].first, last=periods[0].first), Period(
            first=periods[0].last, last=periods[0].last
        )
    if len(periods) > 1:  # 这三年（2023、2024、2025）: the single years say it all
        single = tuple(period for period in periods if period.years == 1)
        return single or periods
    return periods


def _standalone(read: Reading, periods: tuple[Period, ...]) -> str:
    """The question with what was carried over put in front, for people and for search."""
    parts: list[str] = []
    for region in read.regions:
        if region not in read.question and not any(
            region.startswith(read.question[i : i + 2]) for i in range(len(read.question) - 1)
        ):
            parts.append(region)
    if (periods and not read.periods) or read.shift:
        parts.extend(str(period) for period in periods)
    asked = read.question.lower()
    missing = [word for word in read.words if word not in asked]
    return " ".join([*parts, *missing, read.question]) if parts or missing else read.question
