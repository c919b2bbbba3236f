"""question + earlier turns + loaded reports → Query: what is asked, of which place, for which years, in which role.

A question is cut at its marks into segments.  A segment with a slot (多少, 哪些 …) is asked; one without gives the
indicator that the others share, or says how the results are to be compared.  Every ask is made whole: place × period ×
role, so that what follows never needs to look back at the question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from index.figures import find_figures
from index.text import normalise
from index.types import Figure, FigureKind, Period, Role
from rag.scoping import AskedPeriods, Catalog, asked_periods
from rag.terms import content_words, is_light
from rag.types import Turn
from rag.wording import (
    ACTIONS,
    COLLOQUIAL,
    DIFFERENCE,
    DONE,
    EACH,
    EXTREMUM,
    FACT_SLOT,
    FIGURE_NOUN,
    FIGURE_SLOT,
    GROWTH,
    LIST_SLOT,
    NATIONAL,
    ORDER,
    OTHER_PAPER,
    PLANNED,
    POINTS,
    SHARE,
    SLOT,
    STOCK,
    TARGET,
    TREND,
    YES_NO,
)

Need = Literal["figure", "list", "fact", "yesno"]
Comparison = Literal["difference", "extremum", "trend", "order"]

_SEGMENT = re.compile(r"[，,；;。？！?!：:\n]+")
_CONJUNCTION = re.compile(r"、|和|与|及|以及")
_FOLLOWUP = re.compile(r"呢[？?]?$|^(那|其中|这个|它|他们|她们|该|上面|当初|前一年|上一年|再前|还有)|还有吗|这个数")
_EXCLUDED = re.compile(r"(?<![是])(?:不是|不含|不包括|不算)(?!一年|不)([\u4e00-\u9fff]{2,6})")
_EARLIER = re.compile(r"前一年|上一年|上年度?(?!同期)|再往前|再前")
_LATER = re.compile(r"后一年|下一年|次年|第二年")


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
    role: Role | None = None
    text: str = ""  # the words of the question that ask it, places and years taken out
    stock: bool = False  # asks for what there is in all, not for what came anew
    colloquial: bool = False  # asked in everyday words, which reports do not use
    excluded: tuple[str, ...] = ()  # words that the question rules out: 不是中心城区
    given: tuple[Figure, ...] = ()  # figures that the question states itself: not what it asks for

    @property
    def folded(self) -> str:
        """`text` as it is matched."""
        return normalise(self.text)


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
    now: int | None = None


def understand(question: str, history: Sequence[Turn], catalog: Catalog) -> Query:
    """Read `question` against the catalog, with what earlier turns leave open filled in from them."""
    read = _read(question, catalog)
    if history:
        read = _carry_over(read, [_read(turn.question, catalog) for turn in history if turn.question.strip()], catalog)
    return _made_whole(read, catalog)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Segment:
    """A stretch of the question between two marks."""

    text: str  # without places and years
    periods: tuple[Period, ...]
    roles: tuple[Role, ...]
    words: tuple[str, ...]
    asks: bool  # holds a slot that wants something found
    compares: bool = False  # says how results are to be compared
    premises: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """A question taken to pieces, before gaps are filled."""

    question: str
    regions: tuple[str, ...]
    unknown: tuple[str, ...]
    periods: tuple[Period, ...]
    segments: tuple[_Segment, ...]
    comparisons: frozenset[Comparison]
    versus: tuple[Period, Period] | None
    shift: int = 0  # years to move what an earlier turn asked: 那前一年呢 is -1

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(word for segment in self.segments for word in segment.words))

    @property
    def roles(self) -> tuple[Role, ...]:
        return tuple(dict.fromkeys(role for segment in self.segments for role in segment.roles))


def _read(question: str, catalog: Catalog) -> _Reading:
    places = catalog.places(question)
    now = catalog.newest(places.loaded)
    shift = -1 if _EARLIER.search(places.rest) else 1 if _LATER.search(places.rest) else 0
    rest = _LATER.sub(" ", _EARLIER.sub(" ", places.rest))
    whole = asked_periods(rest, now=now)
    segments = [_segment(part, now) for part in _split(rest)]
    segments = [segment for segment in segments if segment.text.strip()]
    return _Reading(
        question=question,
        regions=places.loaded,
        unknown=places.unknown,
        periods=whole.periods,
        segments=tuple(segments),
        comparisons=_comparisons(rest),
        versus=_versus(rest, now),
        shift=shift if not whole.periods else 0,
    )


def _split(text: str) -> list[str]:
    """Segments between marks; also at 、 and 和 where every piece has a slot of its own (开工了几个、完工了几个)."""
    pieces: list[str] = []
    for part in _SEGMENT.split(text):
        inner = re.split(r"、|(?<=[个家项件条套户人名次元辆台])和", part)
        if len(inner) > 1 and all(SLOT.search(piece) for piece in inner):
            pieces.extend(inner)
        else:
            pieces.append(part)
    return pieces


def _segment(text: str, now: int | None) -> _Segment:
    years = asked_periods(text, now=now)
    roles: list[Role] = []
    if TARGET.search(years.rest):
        roles.append("target")
    if DONE.search(years.rest):
        roles.append("done")
    wants = any(slot.search(years.rest) for slot in (FIGURE_SLOT, LIST_SLOT, FACT_SLOT, YES_NO))
    words = tuple(content_words(_SLOT_WORDS.sub(" ", _without_slots(years.rest))))
    compares = bool(_comparisons(text))
    only_compares = compares and all(word in _COMPARING_WORDS or is_light(word) for word in words)
    return _Segment(
        text=years.rest.strip(),
        periods=years.periods,
        roles=tuple(roles),
        words=() if only_compares else words,
        asks=wants and not only_compares,
        compares=compares,
        premises=_premises(years.rest),
    )


_SLOT_WORDS = re.compile(r"从[低高]到[低高]|由[低高]到[低高]|排一?下|走势|趋势|[降升涨]没[降升涨]|[哪几][年月日省市区县]|哪[一两二三四五六七八九十几]?[个家项件条种位座所处名类份只支些]?|有些|名单|名称")


def _without_slots(text: str) -> str:
    """The text without its slots and the units after them: 改造 村卫生室 of “改造多少家村卫生室”."""
    kept = text
    for slot in reversed(list(re.finditer(r"多少|百分之几|(?<!哪)几|哪几", text))):
        after = text[slot.end() :]
        figures = find_figures("3" + after)
        length = figures[0].end - 1 if figures and figures[0].start == 0 else 0
        kept = f"{kept[: slot.start()]} {kept[slot.end() + length :]}"
    return kept


def _premises(text: str) -> tuple[Figure, ...]:
    """Figures that the text asserts; those at a slot (哪两家) and spans of years are none."""
    return tuple(
        figure
        for figure in find_figures(_SLOT_WORDS.sub(lambda match: " " * len(match[0]), text))
        if figure.kind not in ("date", "ordinal", "rank") and figure.unit not in ("", "年", "级")
    )


_COMPARING_WORDS = frozenset("百分点 达 逐年 最高 最低 最多 最少 更高 更低 高 低 快 慢 增加 减少 超 超了 下降 上升 降 升 涨 排 谁 多出 高出 增 减 共降 共增 少了 多了 年比 一年比一年".split())


def _comparisons(text: str) -> frozenset[Comparison]:
    found: set[Comparison] = set()
    if DIFFERENCE.search(text):
        found.add("difference")
    if EXTREMUM.search(text):
        found.add("extremum")
    if TREND.search(text):
        found.add("trend")
    if ORDER.search(text):
        found.add("order")
    return frozenset(found)


def _versus(text: str, now: int | None) -> tuple[Period, Period] | None:
    """(2025, 2024) of “2025年比2024年”."""
    for part in _SEGMENT.split(text):
        left, mark, right = part.partition("比")
        if mark:
            before, after = asked_periods(left, now=now), asked_periods(right, now=now)
            if before.periods and after.periods and before.periods[-1] != after.periods[0]:
                return before.periods[-1], after.periods[0]
    return None


def _carry_over(read: _Reading, earlier: list[_Reading], catalog: Catalog) -> _Reading:
    """Fill from earlier turns what this one leaves open: place, year, and the indicator when it names none."""
    last_regions = next((turn.regions for turn in reversed(earlier) if turn.regions), ())
    last_periods = next((turn.periods for turn in reversed(earlier) if turn.periods), ())
    depends = bool(_FOLLOWUP.search(read.question)) or not read.regions
    if not depends:
        return read
    if read.shift and last_periods:
        periods: tuple[Period, ...] = tuple(Period(first=p.first + read.shift, last=p.last + read.shift) for p in last_periods)
    else:
        periods = read.periods or last_periods
    before = _merged_words(earlier)
    segments = read.segments
    telling = [word for word in read.words if not is_light(word)]
    asked = any(segment.asks for segment in segments)
    if not telling:
        # 那建成的呢: the new word replaces the one of its kind, the indicator stays
        kept = [word for word in before if not (read.words and word in ACTIONS)]
        last = earlier[-1].segments
        own = read.segments[0] if read.segments else None
        carried = tuple(
            replace(
                segment,
                words=tuple(dict.fromkeys([*(w for w in segment.words if w in kept or w not in before), *read.words])),
                text=segment.text,
                roles=read.roles or segment.roles,
                periods=(),
                asks=segment.asks or not any(s.asks for s in last),
            )
            for segment in last
        )
        if asked and own is not None and FIGURE_SLOT.search(own.text):
            carried = tuple(replace(segment, text=f"{segment.text} {own.text}") if segment.asks else segment for segment in carried)
        segments = carried or segments
    elif re.match(r"(那|其中|占|总|这|它|还)", read.question.strip()):
        context = _Segment(text="", periods=(), roles=(), words=tuple(word for word in before if word not in read.words and word not in ACTIONS), asks=False)
        segments = (context, *segments)
    return replace(
        read,
        regions=read.regions or last_regions,
        periods=periods,
        segments=segments,
        versus=read.versus,
    )


def _merged_words(earlier: list[_Reading]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for turn in earlier[-2:] for word in turn.words))


def _made_whole(read: _Reading, catalog: Catalog) -> Query:
    regions = read.regions or _implied(read, catalog)
    now = catalog.newest(regions)
    shared: list[str] = []
    asks: list[Ask] = []
    carried_periods: tuple[Period, ...] = ()
    seen_roles = read.roles
    whole_periods = _expanded(read)
    asking = [segment for segment in read.segments if segment.asks]
    if not asking and read.segments:
        read = replace(read, segments=tuple(replace(segment, asks=bool(segment.words)) for segment in read.segments[:1]) + read.segments[1:])
    for segment in read.segments:
        own_periods = _segment_periods(segment, read)
        carried_periods = own_periods or carried_periods
        if not segment.asks:
            shared.extend(segment.words)
            continue
        periods = own_periods or (carried_periods if carried_periods and len(read.periods) > 1 and not _lists_years(read) else ()) or whole_periods
        roles: tuple[Role | None, ...] = segment.roles or ((seen_roles[0],) if len(seen_roles) == 1 else (None,))
        if "target" in segment.roles and re.search(r"目标.{0,4}完成|完成.{0,6}目标", segment.text):
            roles = ("target", "done")
        several = len(whole_periods) > 1 or len(regions) > 1
        first_words: tuple[str, ...] = ()
        for words, text in _items(segment):
            if several and read.comparisons:
                words = tuple(word for word in words if word not in _COMPARING_WORDS)
            telling = [word for word in words if not is_light(word)]
            siblings = first_words or (asks[0].words if asks else ())
            first_words = first_words or words
            base = tuple(dict.fromkeys(word for word in (*shared, *siblings) if word not in words))
            need, measure, kind = _need(text, segment.text, read.question)
            if need == "yesno" and len(roles) > 1:
                need = "figure"
            for region in regions or (None,):
                for period in periods or (None,):
                    for role in roles:
                        if role is None and not PLANNED.search(read.question) and _reviewed(catalog, region, period):
                            role = "done"
                        asks.append(
                            Ask(
                                words=words if telling or not base else (*base, *words),
                                shared=base if telling else (),
                                need=need,
                                measure=measure,
                                kind=kind,
                                region=region,
                                period=period,
                                role=role,
                                text=read.question if len(asking) == 1 else text,
                                colloquial=bool(COLLOQUIAL.search(read.question)),
                                excluded=tuple(_EXCLUDED.findall(read.question)),
                                stock=bool(STOCK.search(read.question)),
                                given=tuple(figure for s in read.segments for figure in s.premises),
                            )
                        )
    asks = list(dict.fromkeys(ask for ask in asks if ask.words))
    paper = OTHER_PAPER.search(read.question)
    return Query(
        question=read.question,
        standalone=_standalone(read, whole_periods),
        regions=regions,
        unknown_regions=read.unknown,
        periods=whole_periods,
        asks=tuple(_merged(asks)),
        comparisons=read.comparisons,
        premises=tuple(
            (figure, Ask(words=segment.words, need="figure", measure=figure.unit, kind=figure.kind if figure.kind in ("growth", "points") else None, region=region, period=period, role="done", text=segment.text))
            for segment in read.segments
            for figure in segment.premises
            for region in regions[:1]
            for period in (whole_periods[:1] or (None,))
            if segment.words
        ),
        versus=read.versus,
        other_paper=paper[0] if paper else "",
        now=now,
    )


def _reviewed(catalog: Catalog, region: str | None, period: Period | None) -> bool:
    """Whether the report that accounts for the period is loaded, so that a result is to be expected."""
    return region is not None and period is not None and any(card.year == period.last + 1 for card in catalog.by_region[region])


def _implied(read: _Reading, catalog: Catalog) -> tuple[str, ...]:
    """The place where none is named: the only one loaded, the only one with reports on the years, or the nation."""
    if read.unknown:
        return ()
    able = [region for region in catalog.by_region if all(catalog.tiers(region, period, None) for period in read.periods)]
    if len(able) == 1:
        return (able[0],)
    if catalog.national in able and NATIONAL.search(read.question):
        return (catalog.national,)
    return ()


def _merged(asks: list[Ask]) -> list[Ask]:
    """Asks about the same cell that name nothing new (目标完成了吗? 目标和实际各是多少) are one."""
    kept: list[Ask] = []
    for ask in asks:
        twin = next(
            (
                i
                for i, other in enumerate(kept)
                if (other.region, other.period, other.role) == (ask.region, ask.period, ask.role)
                and {word for word in (*ask.words, *ask.shared) if not is_light(word)} <= {*other.words, *other.shared}
                and not ({*ask.words} & ACTIONS - {*other.words})
                and ask.measure in ("", other.measure)
            ),
            None,
        )
        if twin is None:
            kept.append(ask)
    return kept


def _lists_years(read: _Reading) -> bool:
    """Whether the years stand in one list or range, so that every ask is meant for each of them."""
    return any(len(segment.periods) > 1 or any(period.years > 1 for period in segment.periods) for segment in read.segments)


def _segment_periods(segment: _Segment, read: _Reading) -> tuple[Period, ...]:
    if read.versus and set(segment.periods) <= set(read.versus) and not segment.asks:
        return ()
    return _expand(segment.periods, read.question) if segment.periods else ()


def _expanded(read: _Reading) -> tuple[Period, ...]:
    return _expand(read.periods, read.question)


def _expand(periods: tuple[Period, ...], question: str) -> tuple[Period, ...]:
    """A stretch of years is taken year by year where the question wants each, else as one (五年累计)."""
    if any(period.years > 1 for period in periods) and (EACH.search(question) or TREND.search(question)) and not re.search(r"年均|累计|五年来|“?十[一二三四五]五”?", question):
        years = [year for period in periods for year in range(period.first, period.last + 1)]
        return tuple(Period(first=year, last=year) for year in dict.fromkeys(years))
    if len(periods) == 1 and periods[0].years > 1 and re.search(r"从.{2,8}[到至].{2,24}(增加|减少|提高|下降|多|少)了?多少", question):
        return Period(first=periods[0].first, last=periods[0].first), Period(first=periods[0].last, last=periods[0].last)
    if len(periods) > 1:  # 这三年（2023、2024、2025）: the single years say it all
        single = tuple(period for period in periods if period.years == 1)
        return single or periods
    return periods


def _items(segment: _Segment) -> list[tuple[tuple[str, ...], str]]:
    """(words, text) of each thing that one slot asks for: “A和B各有多少” and “多少件A、B” are two, anything else one."""
    head, slot, tail = segment.text, "", ""
    match = re.search(r"各|分别|多少|几", segment.text)
    if match:
        head, slot, tail = segment.text[: match.start()], match[0], segment.text[match.start() :]
    for text, lead in ((_without_slots(tail), head), (head, "")) if slot else ((head, ""),):
        pieces = [piece for piece in _CONJUNCTION.split(text) if any(not is_light(word) for word in content_words(piece))]
        if 1 < len(pieces) <= 6 and (slot or re.search("[数率量额](和|与|、|及)", head)):
            words = content_words(_SLOT_WORDS.sub(" ", lead))
            return [(tuple(dict.fromkeys([*words, *content_words(_SLOT_WORDS.sub(" ", piece))])), piece) for piece in pieces]
    return [(segment.words, segment.text)]


def _need(text: str, segment: str, question: str) -> tuple[Need, str, FigureKind | None]:
    """What the slot wants: its need, the unit asked for and the kind of figure; `text` is one item of the `segment`."""
    if re.search(r"几连冠|几月几日|何时|什么时候", text):
        return "fact", "", None
    kind: FigureKind | None = None
    if POINTS.search(text) or re.search(r"(占比|比重|率).{0,8}(提高|提升|上升|下降|降低|增加|减少)了?(多少|几)", text):
        kind = "points"
    elif GROWTH.search(text):
        kind = "growth"
    elif SHARE.search(text):
        kind = "share"
    measure = _measure(text) or _measure(segment)
    if kind is not None and measure not in ("%", "个百分点"):
        measure = ""
    if _comparisons(question) and not LIST_SLOT.search(segment):
        return "figure", measure, kind
    if any(FIGURE_SLOT.search(part) or FIGURE_NOUN.search(part.strip()) for part in (segment, text)):
        return "figure", measure, kind
    if LIST_SLOT.search(segment) or LIST_SLOT.search(question):
        return "list", _measure(re.sub(r"哪([几两二三四五六七八九十])", r"几", segment)), None
    if FACT_SLOT.search(segment):
        return "fact", "", None
    if YES_NO.search(segment):
        return "yesno", "", None
    return ("figure" if _figure_like(segment) else "fact"), measure, kind


def _figure_like(segment: str) -> bool:
    return bool(FIGURE_NOUN.search(segment.strip()) or re.search(r"[量率额数值]$", segment.strip()))


def _measure(segment: str) -> str:
    """The unit asked for: 套 of “多少套”, parsed as a figure with a number put in for the slot."""
    if re.search(r"多少(钱|资金|金额|投资)|(钱|资金|金额|投资额?)(是|有|为)?多少", segment):
        return "元"
    match = re.search(r"(多少|百分之几|(?<!哪)几)", segment)
    if not match:
        ending = re.search(r"(家|件|套|户|个|台|人|项|条)数", segment)
        return ending[1] if ending else ""
    if match[0] == "百分之几":
        return "%"
    after = segment[match.end() :]
    figures = find_figures("3" + after)
    return figures[0].unit if figures and figures[0].start == 0 else ""


def _standalone(read: _Reading, periods: tuple[Period, ...]) -> str:
    """The question with what was carried over put in front, for people and for search."""
    parts: list[str] = []
    for region in read.regions:
        if region not in read.question and not any(region.startswith(read.question[i : i + 2]) for i in range(len(read.question) - 1)):
            parts.append(region)
    if periods and not read.periods or read.shift:
        parts.extend(str(period) for period in periods)
    missing = [word for word in read.words if word not in read.question]
    return " ".join([*parts, *missing, read.question]) if parts or missing else read.question


Alternatives = Callable[[str], tuple[str, ...]]
__all__ = ["AskedPeriods", "Ask", "Comparison", "Need", "Query", "understand"]
