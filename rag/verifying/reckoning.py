"""What a claim works out from figures that it cites: differences, sums, order, extremes, trends, target against result.

All of it is worked out again here from the operands that stand in the claim; a result without them is not believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, pairwise, permutations

from index.figures import Difference, difference
from index.figures.units import alike
from index.periods import find_years
from index.regions import gazetteer
from index.types import Figure
from rag.verifying.faults import Fault
from rag.verifying.identity import TARGET_WORDS, Match, absence
from rag.verifying.overlap import units
from rag.verifying.statements import Statement
from rag.verifying.support import Place, Support

_TIE = 0.5
_UP, _DOWN = "增加|增长|提高|上升|多|高|增|升|快|大", "减少|下降|降低|回落|少|低|减|降|慢|小"
_MOVE = rf"(?:更|了|出)?(?P<way>(?P<up>{_UP})|(?P<down>{_DOWN}))(?:了|出)?(?:约)?"
_AGAINST = re.compile(rf"(?P<one>[^，,。；;：:]*?)[比较](?P<other>[^，,。；;：:]*?){_MOVE}$")
_MOVED = re.compile(rf"{_MOVE}$")
_APART = re.compile(r"(?:相差|差距|差额|差|超|超出|高出)[为是约了]*$")
_SUM = re.compile(r"(?:合计|共计|共|总计|总和|之和|累计|总共)[为是约达了]*$")
_EXTREME = re.compile(rf"(?P<who>[^，,。；;：:]*?)[最更](?:(?P<up>{_UP})|(?P<down>{_DOWN}))(?=[（(为是，,])")
_ORDER = re.compile(r"[＜＞<>]")
_TREND = re.compile(
    rf"(?:逐年|有所|持续|连年|年年)(?:(?P<up>{_UP})|(?P<down>{_DOWN}))|保持不变|(?P<turns>先[升降平](?:[后再][升降平])+)"
)
_VERDICT = re.compile(r"(?P<missed>未(?:能)?(?:达到|完成)(?:年初)?目标)|(?:超额)?(?:完成|达到)(?:年初)?目标(?=\W|$)")
_EQUAL = re.compile(r"相同|相等|持平|一样$")
_INCOMPARABLE = re.compile(r"单位或口径不同，不作比较")
_WORDING = re.compile(
    rf"计算值|从[低高]到[高低]|由[低高]到[高低]|{_ORDER.pattern}|[最更](?:{_UP}|{_DOWN})|{_TREND.pattern}|{_VERDICT.pattern}|对比"
    rf"|{_EQUAL.pattern}|{_INCOMPARABLE.pattern}|相差|差距|合计|总和|之和|(?<=，)[减超差]|比|{_UP}|{_DOWN}"
)


def is_reckoned(text: str, support: Support) -> bool:
    """Whether a statement compares figures in words of its own, that is, in words that no passage has."""
    patterns = (_EXTREME, _ORDER, _TREND, _VERDICT, _EQUAL, _INCOMPARABLE)
    return any(not support.stands(match[0]) for pattern in patterns for match in pattern.finditer(text))


def results_among(text: str, matches: Sequence[Match]) -> list[Match]:
    """The figures of a computed statement that are worked out: those that no passage has, and those that its words
    compare with others, even where a passage happens to have them."""
    placed = [match for match in matches if match.places]
    compared = [match for match in placed if _AGAINST.search(text[: match.context.start])]
    if len(placed) - len(compared) < 2:
        compared = []
    return [match for match in matches if not match.places or match in compared]


def without_reckoning(statement: Statement) -> Statement:
    """The statement without the words by which it compares: the rest has to stand in the source."""
    text = _WORDING.sub("，", statement.text)
    return replace(statement, text=text, body=text, label=_WORDING.sub("，", statement.label))


def reckoning_faults(
    statement: Statement, matches: Sequence[Match], before: Sequence[Match], support: Support
) -> Iterator[Fault]:
    """What is worked out wrongly in a statement that compares figures; `before` are those of earlier statements."""
    text = statement.body
    if _INCOMPARABLE.search(text):
        return
    results = results_among(text, matches)
    own = [match for match in matches if match not in results]
    operands = own if len(own) > 1 else [*before, *own]
    for result in results:
        yield from _result_faults(text, result, operands, support)
    for found in (_EXTREME.finditer(text), _EQUAL.finditer(text), _TREND.finditer(text), _VERDICT.finditer(text)):
        for words in found:
            if not _holds(words, text, operands):
                yield _wrong(words[0])
    yield from _order_faults(text, own)
    for named, match in _named(text, own):
        if not (_fits_any(named, match) and _fits_best(named, match, own)):
            yield Fault(kind="computed_wrong", text=named, detail=f"“{match.figure.text}”不是{named}的数字")


def _wrong(words: str) -> Fault:
    return Fault(kind="computed_wrong", text=words, detail=f"按所引数字重新计算，“{words}”不成立")


def _gap(one: Match, other: Match) -> Difference | None:
    """`one` minus `other`; None if they cannot be subtracted.  Things counted may differ in measure word (部, 台), and
    bare percentages in brackets do not say whether they are growth or share."""
    first, second = one.figure, other.figure
    if {first.kind, second.kind} == {"growth", "share"}:
        second = replace(second, kind=first.kind)
    for subtrahend in (second, replace(second, unit=first.unit) if first.kind == second.kind == "amount" else second):
        try:
            return difference(first, subtrahend)
        except ValueError:
            continue
    return None


def _sign(one: Match, other: Match) -> int | None:
    gap = _gap(one, other)
    return None if gap is None else (gap.value > 0) - (gap.value < 0)


def _result_faults(text: str, result: Match, operands: Sequence[Match], support: Support) -> Iterator[Fault]:
    figure, before = result.figure, text[: result.context.start].rstrip("（(")
    if len(operands) < 2:
        yield absence(figure, support)
        return
    totals = [sum(m.figure.value for m in group) for group in (operands, *combinations(operands, 2)) if _alike(group)]
    if _SUM.search(before) and figure.value in totals and alike(figure.unit, operands[0].figure.unit):
        return
    rounded = bool(figure.qualifier)
    pairs = [
        (a, b)
        for a, b in permutations(operands, 2)
        if _is_gap(figure, _gap(a, b)) and (rounded or a.figure.qualifier == b.figure.qualifier)
    ]
    if not pairs:
        yield _wrong(figure.text)
        return
    if text[: result.context.start].endswith(("（", "(")):
        return  # the same difference printed once more: 0.53万元（5300元）
    if against := _AGAINST.search(before):
        fitting = [(a, b) for a, b in pairs if _fits_any(against["one"], a) and _fits_any(against["other"], b)]
        lacks = [_lack(against["one"], a) + _lack(against["other"], b) for a, b in fitting]
        fitting = [pair for pair, lack in zip(fitting, lacks, strict=True) if lack <= min(lacks) + _TIE]
        way = 1 if against["up"] else -1
    elif moved := _MOVED.search(before):
        fitting = [(a, b) for a, b in pairs if _year(a) > _year(b)]
        way = 1 if moved["up"] else -1
    elif _APART.search(before):
        return
    else:
        yield _wrong(figure.text)
        return
    if not any(_sign(a, b) == way for a, b in fitting):
        yield _wrong(f"{before}{figure.text}")


def _alike(group: Sequence[Match]) -> bool:
    figures = [match.figure for match in group]
    return all(alike(a.unit, b.unit) and a.kind == b.kind for a, b in pairwise(figures))


def _is_gap(figure: Figure, gap: Difference | None) -> bool:
    if gap is None or gap.value == 0:
        return False
    return figure.value == abs(gap.value) and alike(figure.unit, gap.unit)


def _year(match: Match) -> int:
    return max((period.last for place in match.places[:1] for period in place.periods[:1]), default=0)


def _fits(words: str, place: Place) -> bool:
    """Whether years and places named in the words are those of the figure."""
    years = [m.period for m in find_years(words, delivered=place.sentence.delivered) if m.period]
    region = place.sentence.source.region
    own = set(gazetteer().named(region))
    named = [m for m in gazetteer().find_regions(words) if not m.bare]
    return all(year in (*place.periods, *place.sentence.told) for year in years[-1:]) and all(
        not own.isdisjoint(m.regions) or region.startswith(m.name) or m.name in place.sentence.text for m in named
    )


def _fits_any(words: str, match: Match) -> bool:
    return any(_fits(words, place) for place in match.places)


def _lack(words: str, match: Match) -> float:
    bare = re.sub(r"\d{4}年", "，", words)
    return min(place.lack(units(bare)) for place in match.places)


def _fits_best(words: str, match: Match, others: Sequence[Match]) -> bool:
    """Whether the words are rather those of the figure than of any other."""
    return _lack(words, match) <= min((_lack(words, other) for other in others), default=9.0) + _TIE


def _named(text: str, operands: Sequence[Match]) -> Iterator[tuple[str, Match]]:
    """The words right before each operand, back to the last mark."""
    for match in operands:
        before = re.split(r"[，,。；;：:（(＜＞<>、]", text[: match.context.start])[-1]
        yield before, match


def _holds(words: re.Match[str], text: str, operands: Sequence[Match]) -> bool:
    groups = words.groupdict()
    if words.re is _VERDICT:
        return _verdict_holds(bool(groups["missed"]), text, operands)
    if words.re is _EQUAL:
        return len(operands) > 1 and all(_sign(a, b) == 0 for a, b in pairwise(operands))
    if words.re is _TREND:
        return _trend_holds(words, operands)
    winner = next((match for match in operands if match.context.start >= words.end()), None)
    rivals = [match for match in operands if match is not winner]
    if winner is None or not rivals or not _fits_any(groups["who"], winner):
        return False
    if not _fits_best(groups["who"], winner, rivals):
        return False
    fitting = (0, 1) if groups["up"] else (0, -1)
    return all(_sign(winner, rival) in fitting for rival in rivals)


def _trend_holds(words: re.Match[str], operands: Sequence[Match]) -> bool:
    ordered = sorted(operands, key=_year)
    if len({_year(match) for match in ordered}) < max(2, len(ordered)):
        return False
    signs = [_sign(later, earlier) for earlier, later in pairwise(ordered)]
    if words["turns"]:
        moves = [{"升": 1, "降": -1, "平": 0}[turn] for turn in re.findall("[升降平]", words["turns"])]
        runs = [sign for i, sign in enumerate(signs) if i == 0 or signs[i - 1] != sign]
        return runs == moves
    return set(signs) == {1 if words["up"] else -1 if words["down"] else 0}


def _verdict_holds(missed: bool, text: str, operands: Sequence[Match]) -> bool:
    """Whether the result reached the target; of a target such as 4%以内 the result may not be higher."""
    targets = [m for m in operands if _is_target(m, text)]
    results = [m for m in operands if m not in targets]
    if len(targets) != 1 or len(results) != 1:
        return False
    sign = _sign(results[0], targets[0])
    told = any(map(_tells_target, targets[0].places)) and not all(map(_tells_target, results[0].places))
    if sign is None or not told:
        return False
    ceiling = re.search(r"以内|以下|不[高大多]于|不超过|低于|少于", targets[0].figure.qualifier)
    return missed == (sign > 0 if ceiling else sign < 0)


def _is_target(match: Match, text: str) -> bool:
    """Whether the words before a figure call it the target; if they say nothing, whether the source does."""
    before = re.split(r"[，,、。；;：:（(－]", text[: match.context.start])[-1]
    if TARGET_WORDS.search(before) or "实际" in before:
        return "实际" not in before
    return any(map(_tells_target, match.places))


def _tells_target(place: Place) -> bool:
    return place.timing[1] != "done" or any(map(TARGET_WORDS.search, place.context.own))


def _order_faults(text: str, operands: Sequence[Match]) -> Iterator[Fault]:
    for one, other in pairwise(operands):
        sign = _ORDER.search(text[one.context.end : other.context.start])
        if sign and _sign(one, other) != (-1 if sign[0] in "＜<" else 1):
            yield _wrong(f"{one.figure.text}{sign[0]}{other.figure.text}")
