"""A question taken to pieces: segments between its marks, with the places, years, roles and words of each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from index.figures import find_figures
from index.types import Figure, FigureKind, Period, Role
from rag.scoping import Catalog, asked_periods, reports_named, without_apposed
from rag.spelling import plain_question
from rag.terms import content_words, is_light
from rag.wording import (
    COMPARING_WORDS,
    DIFFERENCE,
    DONE,
    EXTREMUM,
    FACT_SLOT,
    FIGURE_NOUN,
    FIGURE_SLOT,
    GROWTH,
    LIST_SLOT,
    ORDER,
    PLANNED_RESULT,
    POINTS,
    SHARE,
    SLOT,
    SLOT_WORDS,
    TARGET,
    TREND,
    YES_NO,
)

Need = Literal["figure", "list", "fact", "yesno"]
Comparison = Literal["difference", "extremum", "trend", "order"]

# 比年初目标低: what is asked is the gap, not the target.
_AGAINST_TARGET = re.compile(r"[比较](?:年初|预期|计划|原定)?的?(?:目标|预期|计划)")
# 恢复到2019年的110%: the year compared with is not the year asked about.
_BASE_YEAR = re.compile(r"(?:恢复到|相当于)(?:了)?\d{4}年的?")
# 比去年增长多少: the rate that a report gives, not last year's figure.
_ON_YEAR = re.compile(r"[比较](?:上一?|去|前一)年(?:同期)?(?=增长|增速|增幅|涨|下降|降)")
_SEGMENT = re.compile(r"[，,；;。？！?!：:\n]+")
_WHICH = re.compile(r"哪一?[年个]|何时|什么时候|几几?年|谁")
# 10亿元以上项目, 千亿级产业: a size that tells one kind from another.
_OF_A_KIND = re.compile(r"(?:以[上下]|级)的?(?=[\u4e00-\u9fff])(?!的?(?:吗|是|了|，))")
# What the step is, where the figures on both sides are asked as well.
_STEP = re.compile(r"(?:[增减]加?|减少|[^增]长|[涨降升高多少])了?(?:多少|几)")
# 学位新增多少个，床位呢
_AND_THIS = re.compile(r"呢\s*$")
# 报告怎么说的: the report's words are what every answer gives.
_HOW_SAID = re.compile(r"(?:怎么|如何|咋)(?:说|写|讲|提|表述)")
_EARLIER = re.compile(r"前一年|上一年|上年度?(?!同期)|再往前|再前|[再更]早(?:一?[点些]儿?|一年)?")
_LATER = re.compile(r"后一年|下一年|次年|第二年")


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of the question between two marks."""

    text: str  # without places and years
    periods: tuple[Period, ...]
    roles: tuple[Role, ...]
    words: tuple[str, ...]
    asks: bool  # holds a slot that wants something found
    premises: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A question taken to pieces, before gaps are filled."""

    question: str
    regions: tuple[str, ...]
    unknown: tuple[str, ...]
    periods: tuple[Period, ...]
    segments: tuple[Segment, ...]
    comparisons: frozenset[Comparison]
    versus: tuple[Period, Period] | None
    leans: bool = False  # what it leaves open was taken from earlier turns
    related: bool = False  # two places of which either may tell: 宁波给凉山投了多少
    delivered: tuple[int, ...] = ()  # 2024年的政府工作报告: the years of delivery of the reports that are named
    shift: int = 0  # years to move what an earlier turn asked: 那前一年呢 is -1

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(word for segment in self.segments for word in segment.words))

    @property
    def roles(self) -> tuple[Role, ...]:
        return tuple(dict.fromkeys(role for segment in self.segments for role in segment.roles))


def read_alone(question: str, catalog: Catalog, before: Sequence[str] = ()) -> Reading:
    """The pieces of `question`; where it names no place, 今年 is counted from the reports of those named `before`."""
    plain = plain_question(question, now=catalog.newest(()))
    places = catalog.places(plain)
    delivered, named = reports_named(places.rest, now=catalog.newest(places.loaded or before))
    named = _ON_YEAR.sub("同比", named)
    now = delivered[-1] if delivered else catalog.newest(places.loaded or before)
    shift = -1 if _EARLIER.search(named) else 1 if _LATER.search(named) else 0
    rest = without_apposed(_BASE_YEAR.sub(" ", _LATER.sub(" ", _EARLIER.sub(" ", named))), now=now)
    whole = asked_periods(rest, now=now)
    several = max(len(whole.periods), len(places.loaded), len(delivered)) > 1 or whole.is_range
    segments = [segment for part in _split(rest) if (segment := _segment(part, now, several)).text.strip()]
    return Reading(
        question=plain,
        regions=places.loaded,
        unknown=places.unknown,
        periods=whole.periods,
        delivered=delivered,
        related=places.related,
        segments=_judged(segments),
        comparisons=comparisons_in(rest) | ({"difference"} if several and _asks_for_step(segments) else set()),
        versus=_versus(rest, now),
        shift=shift if not whole.periods and not delivered else 0,
    )


def _asks_for_step(segments: Sequence[Segment]) -> bool:
    return any(not segment.asks and not segment.words and _STEP.search(segment.text) for segment in segments)


def _judged(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """床位呢 asks what was asked before it; in PM2.5浓度，谁的空气更好 who is ahead is asked of what stands before."""
    first = next((position for position, segment in enumerate(segments) if segment.asks), len(segments))
    segments = [
        replace(segment, asks=True, text=f"{segments[first].text} {segment.text}")
        if position > first and not segment.asks and _AND_THIS.search(segment.text) and segment.words
        else segment
        for position, segment in enumerate(segments)
    ]
    named = any(not segment.asks and any(not is_light(word) for word in segment.words) for segment in segments)
    if not named:
        return tuple(segments)
    return tuple(
        replace(segment, asks=False, words=())
        if EXTREMUM.search(segment.text) and not FIGURE_SLOT.search(segment.text)
        else segment
        for segment in segments
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


def _segment(text: str, now: int | None, several: bool) -> Segment:
    """`several`: there is something to compare, so that 增加了几座 asks for the difference."""
    years = asked_periods(text, now=now)
    roles = _roles(years.rest)
    # 占比比 提高: the year compared with is gone, and so is the word that compares.
    words = tuple(content_words(SLOT_WORDS.sub(" ", without_slots(re.sub(r"[比较](?=\s)", " ", years.rest)))))
    empty = all(word in COMPARING_WORDS or is_light(word) for word in words)
    compares = bool(comparisons_in(text)) or (several and bool(_STEP.search(text)))
    only_compares = compares and empty and not roles
    wants = any(slot.search(years.rest) for slot in (FIGURE_SLOT, LIST_SLOT, FACT_SLOT, YES_NO)) and not (
        empty and _HOW_SAID.search(years.rest)
    )
    return Segment(
        text=years.rest.strip(),
        periods=years.periods,
        roles=roles,
        words=() if only_compares else words,
        asks=wants and not only_compares,
        premises=_premises(years.rest),
    )


def _roles(text: str) -> tuple[Role, ...]:
    if _AGAINST_TARGET.search(text) and comparisons_in(text):
        return "target", "done"
    roles: list[Role] = []
    bare = _AGAINST_TARGET.sub("", text)
    if TARGET.search(bare):
        roles.append("target")
    if DONE.search(PLANNED_RESULT.sub(" ", bare)):
        roles.append("done")
    return tuple(roles)


def without_slots(text: str) -> str:
    """The text without its slots and the units after them: 改造 村卫生室 of “改造多少家村卫生室”."""
    kept = text
    for slot in reversed(list(re.finditer(r"百分之(?:几|多少)|多少|(?<!哪)几|哪几", text))):
        after = text[slot.end() :]
        figures = find_figures("3" + after)
        length = figures[0].end - 1 if figures and figures[0].start == 0 else 0
        kept = f"{kept[: slot.start()]} {kept[slot.end() + length :]}"
    return kept


def _premises(text: str) -> tuple[Figure, ...]:
    """Figures that the text asserts; those at a slot (哪两家), spans of years and what only says which are none."""
    if _WHICH.search(text):  # 哪一年突破10万亿元
        return ()
    return tuple(
        figure
        for figure in find_figures(SLOT_WORDS.sub(lambda match: " " * len(match[0]), text))
        if figure.kind not in ("date", "ordinal", "rank")
        and figure.unit not in ("", "年", "级")
        and not _OF_A_KIND.match(text, figure.end)
    )


def comparisons_in(text: str) -> frozenset[Comparison]:
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


def need_of(text: str, segment: str, question: str) -> tuple[Need, str, FigureKind | None]:
    """What the slot wants: its need, the unit asked for and the kind of figure; `text` is one item of the `segment`."""
    if re.search(r"几连冠|几月几日|何时|什么时候|第几[次批期轮]|几届", text):
        return "fact", "", None
    kind: FigureKind | None = None
    if POINTS.search(text) or re.search(r"(占比|比重|率).{0,8}(提高|提升|上升|下降|降低|增加|减少)了?(多少|几)", text):
        kind = "points"
    elif GROWTH.search(text):
        kind = "growth"
    elif SHARE.search(text):
        kind = "share"
    measure = _measure(text) or _measure(segment)
    if kind == "growth" and measure not in ("", "%", "个百分点", "倍", "番"):  # 比2023年增长多少亿元
        kind = None
    if kind is not None and measure not in ("%", "个百分点"):
        measure = ""
    if comparisons_in(question) and not LIST_SLOT.search(segment):
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
    match = re.search(r"(百分之几|百分之多少|多少|(?<![哪这近])几)", segment)
    if not match:
        ending = re.search(r"(家|件|套|户|个|台|人|项|条)数", segment)
        return ending[1] if ending else ""
    if match[0].startswith("百分之"):
        return "%"
    after = segment[match.end() :]
    figures = find_figures("3" + after)
    return figures[0].unit if figures and figures[0].start == 0 else ""
