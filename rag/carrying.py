"""What a follow-up question leaves open, filled in from the turns before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from index.types import Period
from rag.reading import Reading, Segment, read_alone
from rag.scoping import Catalog
from rag.terms import is_light
from rag.types import Turn
from rag.wording import ACTIONS, STOCK

_FOLLOWUP = re.compile(r"呢[？?]?$|^(那|其中|这个|它|他们|她们|该|上面|当初|前一年|上一年|再前|还有)|还有吗|这个数")
# A question that names something and leaves to the last one what is wanted of it.
_ELLIPSIS = re.compile(r"^(那|其中|占|总|这|它|还)|呢[？?]?$")
# 这两项各多少: of what the last two turns asked about.
_BOTH = re.compile(
    r"(?:这|那|上面|以上|前面)的?(?P<n>[两二三四五六几])(?:个|项|类|种|样|者|件|组)|(?P<two>[两二]者)|[它他]们各|分别"
)
_COUNTS = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "几": 6}
_WHICH_OF = re.compile(r"^(?:那)?第(?P<n>[一二三四])个(?:地方)?(?:呢|[，,]|的)")
# 今年再建几家: what comes anew is asked, whatever was asked before.
_ANEW = re.compile("再(?:新?[建增添开改]|次)|还要")
# 有效期内的一共多少家: of what, was said before.
_HEADLESS = re.compile(
    r"的(?:呢|吗|话|[又一总共都]*[有是]?(?:多少|几|哪))|的[？?]?$|那[边头]|^(?:城镇|城市|农村|乡村|市区|县城)[又是有]*(?:多少|几)"
)
# A question that names so much is whole.
_WHOLE = 3


def read_question(question: str, history: Sequence[Turn], catalog: Catalog) -> Reading:
    """The pieces of `question`, with what it leaves open taken from earlier turns."""
    earlier: list[Reading] = []
    for asked in [*(turn.question for turn in history if turn.question.strip()), question]:
        read = read_alone(asked, catalog, _last_regions(earlier))
        earlier.append(_carried_over(read, earlier) if earlier else read)
    return earlier[-1] if question.strip() else read_alone(question, catalog)


def _last_regions(earlier: Sequence[Reading]) -> tuple[str, ...]:
    return next((turn.regions for turn in reversed(earlier) if turn.regions), ())


def _one_of(question: str, regions: tuple[str, ...]) -> tuple[str, ...]:
    """第二个呢: one of the places of the last turn."""
    place = _WHICH_OF.search(question)
    number = _COUNTS.get(place["n"], 0) if place else 0
    return regions[number - 1 : number] if 0 < number <= len(regions) and len(regions) > 1 else regions


def _carried_over(read: Reading, earlier: Sequence[Reading]) -> Reading:
    """Fill from earlier turns what this one leaves open: place, year, and the indicator when it names none."""
    if not _FOLLOWUP.search(read.question) and read.regions:
        return read
    periods = read.periods or (() if read.delivered else _last_periods(earlier))
    if read.shift and periods:
        periods = tuple(Period(first=p.first + read.shift, last=p.last + read.shift) for p in periods)
    delivered = read.delivered or (earlier[-1].delivered if not read.periods else ())
    if read.shift:
        delivered = tuple(year + read.shift for year in delivered)
    regions = read.regions or _one_of(read.question, _last_regions(earlier))
    if read.comparisons and not read.regions and not read.periods:
        regions, periods = _cells_to_compare(earlier, regions, periods)
    return replace(
        read,
        leans=True,
        regions=regions,
        periods=periods,
        delivered=delivered,
        segments=_segments(read, earlier),
    )


def _cells_to_compare(
    earlier: Sequence[Reading], regions: tuple[str, ...], periods: tuple[Period, ...]
) -> tuple[tuple[str, ...], tuple[Period, ...]]:
    """哪个多, 差多少: of the places, or else the years, that the last turns asked the same about."""
    same = [turn for turn in earlier if {*turn.words} == {*earlier[-1].words}]
    places = tuple(dict.fromkeys(region for turn in same for region in turn.regions))
    if len(places) > 1:
        return places, periods
    years = tuple(dict.fromkeys(period for turn in same for period in turn.periods))
    return regions, years if len(years) > 1 else periods


def _last_periods(earlier: Sequence[Reading]) -> tuple[Period, ...]:
    return next((turn.periods for turn in reversed(earlier) if turn.periods), ())


def _segments(read: Reading, earlier: Sequence[Reading]) -> tuple[Segment, ...]:
    telling = [word for word in read.words if not is_light(word)]
    both = _BOTH.search(read.question)
    if not telling and both:
        return tuple(_again(segment, read) for segment in _asked_before(earlier, both["n"] or "两")) or read.segments
    if not telling:
        return _of_the_same(read, earlier[-1])
    one_place = len(earlier[-1].regions) > 1 and _WHICH_OF.search(read.question)
    if len(telling) < _WHOLE and (one_place or _ELLIPSIS.search(read.question) or _HEADLESS.search(read.question)):
        return _of_the_last(read, earlier[-1])
    return read.segments


def _asked_before(earlier: Sequence[Reading], number: str) -> list[Segment]:
    """The last so many things asked for, in the order of asking."""
    asked = [segment for turn in earlier for segment in turn.segments if segment.asks]
    return asked[-_COUNTS[number] :]


def _again(segment: Segment, read: Reading) -> Segment:
    """What was asked for before, in the years and role of this question."""
    return replace(
        segment,
        text=" ".join([segment.text, *(own.text for own in read.segments if own.asks)]),
        roles=read.roles or segment.roles,
        periods=(),
        asks=True,
    )


def _of_the_same(read: Reading, last: Reading) -> tuple[Segment, ...]:
    """The last indicator again: 那前一年呢; in 那建成的呢 the new word replaces the one of its kind."""
    acts = any(word in ACTIONS for word in read.words)
    kept = [word for word in last.words if not (acts and word in ACTIONS)]
    if _ANEW.search(read.question):
        kept = [word for word in kept if not STOCK.search(word)]
    own = " ".join(segment.text for segment in read.segments)
    asks = any(segment.asks for segment in last.segments)
    carried = []
    for segment in last.segments:
        words = [word for word in segment.words if word in kept] + [word for word in read.words if len(word) > 1]
        text = f"{segment.text} {own}" if segment.asks or not asks else segment.text
        carried.append(
            replace(
                segment,
                text=text,
                words=tuple(dict.fromkeys(words)),
                roles=read.roles or segment.roles,
                periods=(),
                asks=segment.asks or not asks,
            )
        )
    return tuple(carried) or read.segments


def _of_the_last(read: Reading, last: Reading) -> tuple[Segment, ...]:
    """Part of the last indicator or something about it: 其中公办的呢, 农村的呢."""
    context = Segment(
        text="",
        periods=(),
        roles=(),
        words=tuple(word for word in last.words if word not in read.words and word not in ACTIONS),
        asks=False,
    )
    wanted = next((segment for segment in last.segments if segment.asks), None)
    segments = read.segments
    if wanted is not None and not any(segment.asks for segment in segments):
        own = replace(segments[0], text=f"{wanted.text} {segments[0].text}", asks=True)
        segments = (replace(own, roles=own.roles or wanted.roles), *segments[1:])
    return (context, *segments)
