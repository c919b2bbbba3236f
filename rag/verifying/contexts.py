"""The figures and clauses of a sentence, of a claim or of a report alike, each with the words that it belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from index.figures import Binding, Direction, bind_figures, direction
from index.periods import find_years, sentence_timing
from index.text import split_clauses
from index.types import Figure, Period
from rag.verifying.overlap import blanked, folded

PIECE_CUTS = re.compile(r"[，,；;。：:、！？!?()（）\n]+")
_CLAUSE_CUT = re.compile(r"[，,；;。：:！？!?()（）\n]")
_LIST_NUMBER = re.compile(r"\s*(?:[（(]?\d{1,2}(?:[)）、]|[.．](?!\d))|[①-⑳])")
_ADDED = re.compile(r"[（(][^（）()]+[）)](?=\w)")
_MOVED_TO = re.compile(r"^(?:\D{0,4}(?:[增提上扩壮发下降减缩压整升]\D{0,2}[到至为]|[到至]))")
# Names of measures and indicators, which say nothing of how a figure moved.
_NO_MOVE = re.compile("减税|降费|减负|减排|减灾|降碳|降本|增值|增加值|增效|增收|缓税|缓费|新增|多(?=[次项个家名种元])")
_UNTOLD = Period(first=1, last=1)

End = Literal["", "from", "to"]
# For a figure of a list: the span of its item, the span of what all items share, where the list begins.
_Item = tuple[tuple[int, int], tuple[int, int], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """A figure, or a whole clause, with the words it belongs to, years and figures left out of them.

    `own` are its nearest words, `shared` what a list with 分别 says once, `subject` what the sentence has been speaking
    of, `before` the pieces before it, nearest first, `clause` its clause, folded.  `told` is the time that the sentence
    itself states for it.  `qualified` is the figure with the 超 or 近 that its list has before the first figure, and
    `moved` which end of a movement (由31家增加到86家) it is.
    """

    start: int
    end: int
    figure: Figure | None = None
    own: tuple[str, ...]
    shared: str = ""
    subject: str = ""
    before: tuple[str, ...] = ()
    told: Period | None = None
    direction: Direction = ""
    clause: str = ""
    qualified: Figure | None = None
    moved: End = ""


@dataclass(frozen=True, slots=True)
class _Reading:
    """A sentence read once: `kept` is it without list number, years and 分别, `bare` without its figures as well."""

    bindings: tuple[Binding, ...]
    kept: str
    bare: str
    dated: bool


@lru_cache(maxsize=4096)
def _read(text: str, delivered: int) -> _Reading:
    bindings = tuple(bind_figures(text))
    years = find_years(text, delivered=delivered)
    number = _LIST_NUMBER.match(text)
    spans = [(m.start, m.end) for m in years if m.kind in ("year", "range", "relative")]
    kept = blanked(text, [*spans, *(m.span() for m in re.finditer("分别", text)), *([number.span()] if number else [])])
    bare = blanked(kept, [(binding.figure.start, binding.figure.end) for binding in bindings])
    return _Reading(bindings, kept, bare, any(mention.period for mention in years))


def contexts(text: str, *, delivered: int) -> list[Context]:
    """The figures of a sentence, dates and ordinals aside, each with its words; what brackets add comes before."""
    reading = _read(text, delivered)
    bindings, bare = reading.bindings, reading.bare
    items = _list_items(text, bindings)
    moving = _NO_MOVE.sub(lambda match: "，" * len(match[0]), text)
    found = []
    for k, binding in enumerate(bindings):
        figure, qualified = binding.figure, _qualified(bindings, k, items)
        if qualified is not None and re.search("分别$", text[: bindings[_first(k, items)].figure.start]):
            figure, qualified = qualified, None
        added = _ADDED.match(text, *binding.left)
        left = (added.end(), binding.left[1]) if added else binding.left
        spans, begin = [left, binding.right], min(left[0], binding.figure.start)
        predicate = bare[slice(*binding.predicate)] if binding.predicate else ""
        subject = bare[slice(*binding.subject)] if binding.subject else ""
        shared = []
        if k in items:
            item, tail, begin = items[k]
            spans, subject = [item, binding.right], ""
            shared.append(bare[slice(*tail)])
            predicate = bare[text.rfind("分别", begin, figure.start) : figure.start]
        elif k and not PIECE_CUTS.search(text[bindings[k - 1].figure.end : figure.start]):
            # 由31家增加到86家 is of one subject; in 亿元以上项目20个 a figure is part of the name.
            shared.append(subject if _moved(text, bindings, k) else bindings[k - 1].figure.text)
        found.append(
            Context(
                start=figure.start,
                end=figure.end,
                figure=figure,
                own=tuple(words for a, b in spans if (words := bare[a:b])),
                shared="，".join([*shared, predicate]),
                subject=subject,
                before=_pieces_before(reading.kept[:begin]),
                told=_told(text, (figure.start, figure.end), delivered) if reading.dated else None,
                direction=direction(moving, figure),
                qualified=qualified,
                moved=_moved(text, bindings, k),
                clause=folded(_CLAUSE_CUT.split(text[: figure.start])[-1] + _CLAUSE_CUT.split(text[figure.start :])[0]),
            )
        )
    return found


def _moved(text: str, bindings: Sequence[Binding], k: int) -> End:
    """Which end of a movement the figure is."""
    ends: tuple[tuple[int, End], ...] = ((k, "from"), (k - 1, "to"))
    for near, end in ends:
        if 0 <= near < len(bindings) - 1:
            start = bindings[near]
            between = text[start.figure.end : bindings[near + 1].figure.start]
            if _MOVED_TO.match(between) and re.search("[由从]", text[slice(*start.left)]):
                return end
    return ""


def clause_contexts(text: str, *, delivered: int) -> list[Context]:
    """The clauses of a sentence, each with what stands before it; a subject added in brackets stands before it too."""
    reading = _read(text, delivered)
    found = []
    for clause in split_clauses(text):
        added = _ADDED.match(text, clause.start, clause.end)
        begin = added.end() if added else clause.start
        found.append(
            Context(
                start=clause.start,
                end=clause.end,
                own=tuple(piece for piece in PIECE_CUTS.split(reading.bare[begin : clause.end]) if piece),
                before=_pieces_before(reading.kept[:begin]),
                told=_told(text, (clause.end, clause.end), delivered) if reading.dated else None,
            )
        )
    return found


def _pieces_before(text: str) -> tuple[str, ...]:
    """The pieces of a text between its marks, the last first."""
    return tuple(piece for piece in reversed(PIECE_CUTS.split(text)) if piece)


def _told(text: str, span: tuple[int, int], delivered: int) -> Period | None:
    """The time that the sentence states for a place in it; None where only the passage could tell."""
    period, _ = sentence_timing(text, span, delivered=delivered, passage=(_UNTOLD, "done"))
    return None if period == _UNTOLD else period


def _list_items(text: str, bindings: Sequence[Binding]) -> dict[int, _Item]:
    """For each figure of a list with 分别: its item, what all items share (the end of the last), its beginning.

    甲、乙产业产值分别为3亿元、4亿元，分别增长5%、6%: 产业产值 is shared, and the second run has the items of the first.
    """
    found: dict[int, _Item] = {}
    for run in _runs(text, bindings):
        first, count = bindings[run[0]].figure.start, len(run)
        start = max((match.end() for match in _CLAUSE_CUT.finditer(text, 0, first)), default=0)
        at = text.find("分别", start, first)
        if at < 0:
            continue
        items = _split_items(text, start, at, count)
        before = range(run[0] - count, run[0])
        has_no_noun = len(text[start:at].strip()) <= len("同比")
        if has_no_noun and before[0] >= 0 and not re.search("[；;]", text[bindings[before[0]].figure.start : at]):
            items = [found[k][0] if k in found else bindings[k].left for k in before]
        if not items:
            continue
        last = items[-1]
        for k, item in zip(run, items, strict=True):
            tail = min(last[1], last[0] + item[1] - item[0])
            found[k] = (item, (tail, last[1]), items[0][0])
    return found


_ITEM_CUTS = (re.compile("、"), re.compile("、|和|与|及|以及"), re.compile("(?<=城)(?=乡)"))


def _split_items(text: str, start: int, end: int, count: int) -> list[tuple[int, int]]:
    """The items of a list, as many as `count`; [] if the text between doesn't split so."""
    for cut in _ITEM_CUTS:
        cuts = [match.span() for match in cut.finditer(text, start, end)]
        if len(cuts) == count - 1:
            edges = [start, *(edge for span in cuts for edge in span), end]
            return list(zip(edges[::2], edges[1::2], strict=True))
    return []


def _first(k: int, items: dict[int, _Item]) -> int:
    """The number of the first figure of the list that figure k is in."""
    return next(j for j in range(k, -1, -1) if j - 1 not in items or items[j - 1][2] != items[k][2])


def _qualified(bindings: Sequence[Binding], k: int, items: dict[int, _Item]) -> Figure | None:
    """The figure with the qualifier before the first of its list, which may hold for all: 分别超110公里、45公里."""
    if k not in items or bindings[k].figure.qualifier:
        return None
    first = bindings[_first(k, items)].figure
    leading = bool(first.qualifier) and first.text.startswith(first.qualifier)
    return replace(bindings[k].figure, qualifier=first.qualifier) if leading else None


def _runs(text: str, bindings: Sequence[Binding]) -> list[list[int]]:
    """Numbers of figures that follow one another with nothing but 、 or 和 between."""
    runs: list[list[int]] = []
    for k, binding in enumerate(bindings):
        between = text[bindings[k - 1].figure.end : binding.figure.start] if k else "。"
        if k and re.fullmatch(r"(?:/\S{1,2})?\s?(?:[、和及与]|以及)\s?", between):
            runs[-1].append(k)
        else:
            runs.append([k])
    return [run for run in runs if len(run) > 1]
