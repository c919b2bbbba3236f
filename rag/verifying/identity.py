"""Whether a figure of a claim is the source's: value, unit and qualifier, what it is a figure of, its year and role."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.figures import convert, find_figures, is_beyond, is_mark, same_figure
from index.figures.units import alike
from index.periods import find_years
from index.text import normalise
from index.types import Figure
from rag.verifying.contexts import Context, contexts
from rag.verifying.faults import Fault
from rag.verifying.overlap import blanked, folded, quoted_names, units, weight
from rag.verifying.statements import Statement
from rag.verifying.support import Demand, Place, Support, demand

# Costs closer than this say nothing about which of two places is meant.
_TIE = 0.3
# A claim with fewer words than this around a figure (“590套。”) is read as an answer to its question.
_BARE = 1.5
_TELLING = 4.0

TARGET_WORDS = re.compile(r"目标|计划(?!生育|单列)|力争|预期|预计|争取|拟(?=[建新实完投])|打算|确保")
DONE_WORDS = re.compile(r"完成|实现|建成|达到|已|实际|办结|竣工")
_PLANNED = re.compile(r"目标|计划(?!生育|单列)|力争|预期|预计|确保(?!了)|争取(?!到)")
# Before digits they change the figure, also where they look like the end of another word (节|约67%).
_QUALIFYING = ("约", "近", "超", "逾")
_SENTENCE_PART = re.compile(r"[，,；;。！？\n]")
# 亿元以上项目, 上亿人次, 超百万户: a size without a number.
_SIZE = re.compile(
    r"[\u4e00-\u9fff]?(?:[百千]?[万亿]+|[百千]万|[百千十]亿|[千百])(?:美元|[元人户家亩吨头级场])[\u4e00-\u9fff]?"
    r"|[\u4e00-\u9fff]?(?:(?<![\d百千万亿])[百千]?[万亿]+(?=\W|市场|$)|(?:美元|元)(?=以[上下内]|级|项目))[\u4e00-\u9fff]?"
)
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_LOOSE_DIGITS = re.compile(r"\d+(?:\.\d+)?[\u4e00-\u9fff]?|[〇零一二两三四五六七八九十百千万亿]{3,}")
# What a figure counts: what came in addition, on the average, or altogether.
_FLOWS = re.compile("新增|净增|累计|年均|人均|日均")
_ENDS = re.compile(r"[^，,。；;]{0,8}[到至为][^，,。；;\d]{0,3}\d")
_ASKING = re.compile(r"多少|几[个家项件条套户人]|什么|哪[些个里]|是否|吗|呢|请问|[？?]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A figure of a claim and the places of the source that say it, the best first; none for what is worked out."""

    context: Context
    demand: Demand
    places: tuple[Place, ...]

    @property
    def figure(self) -> Figure:
        assert self.context.figure is not None  # match_figures has only such
        return self.context.figure

    @property
    def is_bare(self) -> bool:
        """Whether hardly a word right beside the figure, 目标 and the like aside, says what it is a figure of."""
        words = DONE_WORDS.sub("，", TARGET_WORDS.sub("，", "，".join(self.context.own)))
        return weight(units(words)) < _TELLING


def match_figures(statement: Statement, support: Support) -> list[Match]:
    """Every figure of the statement, dates and ordinals aside, with the places that have the same."""
    matches = []
    for context in contexts(statement.text, delivered=support.delivered):
        wanted, figure = demand(context, statement.label, statement.told), context.figure
        places = [
            place
            for place in support.figures
            if any(figure and other and _same(figure, other) for other in (place.figure, place.context.qualified))
        ]
        places.sort(key=lambda place: place.cost(wanted))
        matches.append(Match(context=context, demand=wanted, places=tuple(places)))
    return matches


def _same(one: Figure, other: Figure) -> bool:
    """The same figure, also in another unit if it converts exactly."""
    if same_figure(one, other):
        return True
    if alike(one.unit, other.unit) or one.kind != other.kind:
        return False
    try:
        value = convert(one.value, one.unit, other.unit)
        upper = None if one.upper is None else convert(one.upper, one.unit, other.unit)
    except ValueError:
        return False
    return same_figure(replace(one, value=value, upper=upper, unit=other.unit), other)


def absence(figure: Figure, support: Support) -> Fault:
    """What exactly is wrong with a figure that no passage has."""
    printed = _DIGITS.findall(normalise(figure.text)) or [figure.text]
    for other in (place.figure for place in support.figures if place.figure):
        detail = f"原文写的是“{other.text}”，不是“{figure.text}”"
        if other.value == figure.value and other.upper == figure.upper and alike(other.unit, figure.unit):
            return Fault(kind="qualifier_dropped", text=figure.text, detail=detail)
        if _DIGITS.findall(normalise(other.text)) == printed:
            return Fault(kind="unit_changed", text=figure.text, detail=detail)
    return Fault(kind="figure_absent", text=figure.text, detail=f"所引段落里没有“{figure.text}”")


def repeated(matches: Sequence[Match]) -> Iterator[Fault]:
    """A figure said more often than the source has it, as when it took its neighbour's place in a list."""
    said = Counter(folded(match.figure.text) for match in matches if match.places)
    for match in matches:
        if 0 < len(match.places) < said.pop(folded(text := match.figure.text), 0):
            yield Fault(kind="neighbour_figure", text=text, detail=f"“{text}”在原文里没有说这么多次")


def misordered(matches: Sequence[Match]) -> Iterator[Fault]:
    """Two figures of a list without words of their own (分别增长5%、6%) in another order than the source's."""
    for one, other in pairwise(match for match in matches if match.places):
        first, second = one.places[0], other.places[0]
        in_a_row = one.context.clause == other.context.clause and not any(map(units, other.context.own))
        if in_a_row and first.sentence is second.sentence and first.context.start > second.context.start:
            yield Fault(
                kind="neighbour_figure", text=other.figure.text, detail=f"“{other.figure.text}”在原文里排在前面"
            )


def _is_milestone(rival: Place, place: Place) -> bool:
    """Whether the sentence names a mark that its figure has passed: 突破8000公里、达8184公里 are of one thing."""
    mark, figure = rival.figure, place.figure
    if mark is None or figure is None or rival.sentence is not place.sentence:
        return False
    return is_mark(mark) and is_beyond(figure, mark)


def _is_start(match: Match, rival: Place) -> bool:
    """Whether the claim has the figure for the start of a change, and the rival is the end of that one."""
    start = match.context.moved == "from" and rival.context.moved == "to"
    return start and any(rival.sentence is place.sentence for place in match.places)


def identity_faults(match: Match, statement: Statement, support: Support, question: str) -> list[Fault]:
    """Whether a figure that the source has is claimed of what the source says it of."""
    wanted = match.demand
    places = match.places
    if wanted.weight < _BARE and question:
        asked = units(_ASKING.sub("，", question))
        wanted = Demand(words=((1.0, 0.0, asked),), said=wanted.said, told=wanted.told)
        places = tuple(sorted(places, key=lambda place: place.cost(wanted)))
    figure, least = match.figure, places[0].cost(wanted)
    if wanted.weight >= _BARE:
        rivals = [place for place in support.figures if place not in places and _comparable(figure, place.figure)]
        rivals = [rival for rival in rivals if not _is_milestone(rival, places[0]) and not _is_start(match, rival)]
        better = min(rivals, key=lambda rival: rival.cost(wanted), default=None)
        if better is not None and better.figure and better.cost(wanted) < least - _TIE:
            detail = f"“{figure.text}”在原文里说的是另一件事，与这里相符的是“{better.figure.text}”"
            return [Fault(kind="neighbour_figure", text=figure.text, detail=detail)]
    tied = [place for place in places if place.cost(wanted) <= least + _TIE]
    if all(any(map(place.is_foreign, wanted.near)) for place in tied):
        return [Fault(kind="neighbour_figure", text=figure.text, detail=f"原文的“{figure.text}”说的不是这件事")]
    found = [list(_place_faults(match, statement, place)) for place in tied]
    return min(found, key=len)


def _comparable(one: Figure, other: Figure | None) -> bool:
    if other is None or not alike(one.unit, other.unit):
        return False
    return one.kind == other.kind or {one.kind, other.kind} <= {"growth", "share"}


def _place_faults(match: Match, statement: Statement, place: Place) -> Iterator[Fault]:
    context, figure = match.context, match.figure
    loose, there = statement.text[: context.start][-1:], place.sentence.text[: place.context.start][-1:]
    if loose in _QUALIFYING and loose != there:
        yield Fault(kind="qualifier_dropped", text=loose + figure.text, detail=f"原文没有写“{loose}{figure.text}”")
    ways = {context.direction, place.context.direction}
    if "down" in ways and len(ways) > 1:
        yield Fault(kind="direction_changed", text=figure.text, detail=f"“{figure.text}”的增减方向与原文不符")
    told = match.demand.told
    # 由76.2%提高到79.5%: the year told is that of the figure in which the change ends.
    starts = context.moved == place.context.moved == "from" and _ENDS.match(statement.text, context.end)
    if told is not None and told not in place.periods and not starts:
        period = "、".join(map(str, place.periods)) or "未写明的年份"
        yield Fault(kind="year_changed", text=str(told), detail=f"原文里“{figure.text}”是{period}的，不是{told}的")
    yield from _sense_faults(match, statement, place)
    yield from _role_faults(match, statement, place)


def _sense_faults(match: Match, statement: Statement, place: Place) -> Iterator[Fault]:
    """Whether a figure is the same end of a movement, counts in the same manner and goes with the same names."""
    context, figure, told = match.context, match.figure, match.demand.told
    said = f"{statement.label}，{statement.text}"
    if context.moved and place.context.moved and context.moved != place.context.moved:
        yield Fault(kind="neighbour_figure", text=figure.text, detail=f"“{figure.text}”在原文里是变化的另一头")
    of_its_own_year = told is not None and told == place.context.told
    if place.context.moved == "from" and not of_its_own_year and not re.search("[由从自原]", said):
        yield Fault(kind="neighbour_figure", text=figure.text, detail=f"“{figure.text}”在原文里是变化之前的数")
    for word in _FLOWS.findall("，".join(place.context.own)):
        if word not in said and word in place.context.clause:
            yield Fault(kind="neighbour_figure", text=figure.text, detail=f"原文说的是“{word}”的数")
    for word in _FLOWS.findall("，".join(context.own)):
        if word not in place.sentence.text:
            yield Fault(kind="neighbour_figure", text=figure.text, detail=f"原文没有说“{figure.text}”是“{word}”的")
    named = quoted_names(context.clause)
    for name in named:
        taken = name not in place.context.clause and quoted_names(place.context.clause) - named
        if taken or not (name.lower() in place.scope or name in place.context.clause):
            yield Fault(kind="name_absent", text=name, detail=f"“{figure.text}”在原文里说的不是“{name}”")


def _role_faults(match: Match, statement: Statement, place: Place) -> Iterator[Fault]:
    context = match.context
    before = _SENTENCE_PART.split(statement.text[: context.start])[-1]
    after = _SENTENCE_PART.split(statement.text[context.end :])[0]
    said = f"{statement.label}，{before}，{after}"
    figure, role = match.figure.text, place.timing[1]
    source = place.sentence.text
    as_target = TARGET_WORDS.search(statement.label) or any(word not in source for word in TARGET_WORDS.findall(said))
    labelled_done = DONE_WORDS.search(statement.label) and not TARGET_WORDS.search(statement.label)
    as_done = not TARGET_WORDS.search(said) and any(word not in source for word in DONE_WORDS.findall(said))
    planned = _PLANNED.search("，".join([*place.context.own, place.context.shared]))
    if role == "done" and as_target:
        yield Fault(kind="role_swapped", text=figure, detail=f"“{figure}”在原文里是完成数，不是目标")
    elif role in ("target", "measure") and (labelled_done or as_done):
        yield Fault(kind="role_swapped", text=figure, detail=f"“{figure}”在原文里是目标，不是完成数")
    elif planned and not TARGET_WORDS.search(f"{statement.label}，{statement.text[: context.end]}，{after}"):
        yield Fault(kind="role_swapped", text=figure, detail=f"原文写明“{figure}”是计划或目标，这里没有写")


def other_figure_faults(text: str, support: Support) -> Iterator[Fault]:
    """Dates, ordinals and digits that are no figures (5G, 1+2+3): each stands in a passage or above it."""
    figures, printed = find_figures(text), support.printed
    sources = [f"{passage.paragraph.text}\n{passage.above}" for passage in support.passages]
    for figure in figures:
        if figure.kind == "ordinal" and not support.stands(figure.text):
            there = [other for source in sources for other in find_figures(source) if other.kind == "ordinal"]
            if not any(_same(figure, other) for other in there):
                yield Fault(kind="figure_absent", text=figure.text, detail=f"所引段落里没有“{figure.text}”")
        elif figure.kind == "date" and figure.unit in ("月", "日"):
            days = {_day(other) for source in sources for other in find_figures(source) if other.kind == "date"}
            if _day(figure) not in days:
                yield Fault(kind="figure_absent", text=figure.text, detail=f"所引段落里没有“{figure.text}”")
    spans = [(figure.start, figure.end) for figure in figures]
    rest = blanked(text, [*spans, *((mention.start, mention.end) for mention in find_years(text, delivered=None))])
    for size in _SIZE.findall(rest):
        if not any(folded(size) in source for source in printed):
            yield Fault(kind="unit_changed", text=size, detail=f"所引段落里没有“{size}”")
    for match in _LOOSE_DIGITS.finditer(folded(rest)):
        whole = r"(?!\.?\d|[万亿千百%‰])" if match[0][-1].isdigit() else ""
        alone = re.compile(rf"(?<!\d)(?<!\d\.){re.escape(match[0])}{whole}")
        if not any(alone.search(source) for source in printed):
            yield Fault(kind="figure_absent", text=match[0], detail=f"所引段落里没有“{match[0]}”")


def _day(figure: Figure) -> tuple[int, int | None, str]:
    """Month and day of a date, whether or not its year is printed."""
    digits = int(figure.value) % (10000 if figure.unit == "日" else 100)
    return digits, None if figure.upper is None else int(figure.upper), figure.unit
