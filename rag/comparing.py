"""Findings against one another: differences, order, highest and lowest, direction over the years, target and result.

Every number worked out here is marked 计算值 and cites its operands; nothing is worked out that was not asked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.figures import Difference, difference, direction, same_figure
from index.types import Figure, Period
from rag.evidence import Finding
from rag.fitting import dimension
from rag.terms import is_light
from rag.understanding import Query
from rag.wording import EXTREMUM


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A sentence about several findings; `of` are their positions. `computed`: it holds a figure worked out here."""

    text: str
    of: tuple[int, ...]
    computed: bool = False


def remarks(query: Query, findings: Sequence[Finding]) -> list[Remark]:
    """What `query` wants said about its findings taken together; [] when it asks for no comparison."""
    said: list[Remark] = []
    groups = [group for group in _comparable(findings) if len(group) > 1]
    for group in groups:
        about = f"{''.join(findings[group[0]].ask.words)}：" if len(groups) > 1 else ""
        said.extend(replace(remark, text=about + remark.text) for remark in _remarks(query, findings, group))
    return said


def _remarks(query: Query, findings: Sequence[Finding], group: Sequence[int]) -> list[Remark]:
    said = against_target(findings, group)
    roles = {findings[i].ask.role for i in group}
    rows = [i for i in group if findings[i].ask.role != "target"] if {"target", "done"} <= roles else group
    if len(rows) < 2:
        return said
    if {"begun", "ended"} <= {stage(findings[i]) for i in rows} or len({fell(findings[i]) for i in rows}) > 1:
        return [*said, Remark(text=_INCOMPARABLE, of=tuple(rows))]
    asked = query.comparisons
    if "order" in asked:
        said.append(_order(query, findings, rows))
    if "extremum" in asked:
        said.append(_extremes(query, findings, rows))
    if "trend" in asked or not asked:
        said.extend(_trend(findings, rows))
    # A difference that nobody asked for is one more figure to be taken for the answer.
    if "difference" in asked or ("trend" in asked and len(rows) == len(query.periods) == 2):
        said.extend(_differences(query, findings, rows))
    return said


def stage(finding: Finding) -> str:
    """Whether a figure counts what was begun or what was ended: 开工24个 and 完工27个 are not compared."""
    own = finding.readings[0].printed
    return "begun" if re.search("开工|启动", own) else "ended" if re.search("完工|竣工|建成|投用|投产", own) else ""


def fell(finding: Finding) -> bool:
    """Whether a rate of change is one of decline: 下降3.3% is not 3.3% to be set beside 增长5%."""
    reading = finding.readings[0]
    return reading.figure.kind == "growth" and direction(finding.statement.text, reading.figure) == "down"


def _comparable(findings: Sequence[Finding]) -> list[list[int]]:
    """Positions of findings about one indicator, in the order of the asks."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for position, finding in enumerate(findings):
        if finding.readings:
            groups.setdefault(_indicator(finding), []).append(position)
    return list(groups.values())


def _indicator(finding: Finding) -> tuple[str, ...]:
    """What a finding was looked for by; 年初定了多少台 and 实际装了多少台 leave the thing to what both share."""
    words = {*finding.ask.words, *finding.ask.shared}
    return tuple(sorted(word for word in words if not is_light(word))) or tuple(sorted(words))


def _figure(finding: Finding) -> Figure:
    return finding.readings[0].figure


def _name(findings: Sequence[Finding], rows: Sequence[int], i: int) -> str:
    """What tells row i from the others: its place, its year or both."""
    ask = findings[i].ask
    parts = []
    if len({findings[j].ask.region for j in rows}) > 1 and ask.region:
        parts.append(ask.region)
    if len({findings[j].ask.when for j in rows}) > 1 and ask.when:
        parts.append(str(ask.when))
    return "".join(parts) or str(ask.when or ask.region or "")


def _ordered(findings: Sequence[Finding], rows: Sequence[int]) -> list[int] | None:
    """Rows from the lowest to the highest figure; None when their units cannot be reconciled."""
    base = _figure(findings[rows[0]])
    keyed = []
    for i in rows:
        try:
            keyed.append((gap(_figure(findings[i]), base).value, i))
        except ValueError:
            return None
    return [i for _, i in sorted(keyed, key=lambda pair: pair[0])]


def gap(one: Figure, other: Figure) -> Difference:
    """`one` minus `other`; things counted may differ in their measure word (部, 台).  Raises ValueError."""
    if (
        one.unit != other.unit
        and not dimension(one.unit)
        and not dimension(other.unit)
        and "amount" == one.kind == other.kind
    ):
        other = replace(other, unit=one.unit)
    return difference(one, other)


# 每年增加多少: each year against the one before.
_STEPS = re.compile("(?:每|逐|各)年(?:的?[净新]?[增减涨降]|[多少])")
_INCOMPARABLE = "单位或口径不同，不作比较"
# A target that sets a limit (4%以内) is met by what stays within it; how far within is no figure worth telling.
_LIMIT = re.compile(r"以内|以下|不[高大多]于|不超过|低于|少于")

# Whether a little less still meets a target of about so much (5%左右), is not for a program to say.
_ROUGH = frozenset({"左右", "约", "大约", "近", "接近", "上下"})


def _order(query: Query, findings: Sequence[Finding], rows: Sequence[int]) -> Remark:
    ordered = _ordered(findings, rows)
    if ordered is None:
        return Remark(text=_INCOMPARABLE, of=tuple(rows))
    descending = bool(re.search(r"[从由按][高多大]到", query.question))
    if descending:
        ordered.reverse()
    mark = "＞" if descending else "＜"
    text = mark.join(_named(findings, rows, i) for i in ordered)
    return Remark(text=f"{'从高到低' if descending else '从低到高'}：{text}", of=tuple(ordered))


def _extremes(query: Query, findings: Sequence[Finding], rows: Sequence[int]) -> Remark:
    ordered = _ordered(findings, rows)
    if ordered is None:
        return Remark(text=_INCOMPARABLE, of=tuple(rows))
    words = [next(filter(None, match.groups()[::-1])) for match in EXTREMUM.finditer(query.question)] or ["高"]
    said: list[str] = []
    named: set[int] = set()
    degree = "最" if len(rows) > 2 or "最" in query.question else "更"
    for word in dict.fromkeys(words):
        best = ordered[0] if word in "少低小慢" else ordered[-1]
        tied = [i for i in rows if same_figure(_figure(findings[i]), _figure(findings[best]))]
        names = "、".join(_name(findings, rows, i) for i in tied)
        said.append(f"{names}{degree}{word}（{_figure(findings[best]).text}）")
        named.update(tied)
    said.extend(_named(findings, rows, i) for i in rows if i not in named)
    return Remark(text="，".join(said), of=tuple(rows))


def _named(findings: Sequence[Finding], rows: Sequence[int], i: int) -> str:
    return f"{_name(findings, rows, i)}{_figure(findings[i]).text}"


def _trend(findings: Sequence[Finding], rows: Sequence[int]) -> list[Remark]:
    years = [i for i in rows if findings[i].ask.when is not None]
    if len({findings[i].ask.region for i in years}) != 1 or len({findings[i].ask.when for i in years}) < 2:
        return []
    years.sort(key=lambda i: _first(findings[i].ask.when))
    signs: list[int] = []
    for before, after in pairwise(years):
        try:
            change = gap(_figure(findings[after]), _figure(findings[before])).value
        except ValueError:
            return [Remark(text=_INCOMPARABLE, of=tuple(rows))]
        signs.append((change > 0) - (change < 0))
    shape = _shape(signs)
    row = "，".join(_named(findings, rows, i) for i in years)
    return [Remark(text=f"{row}，{shape}", of=tuple(years))]


def _first(period: Period | None) -> int:
    return period.first if period else 0


def _shape(signs: Sequence[int]) -> str:
    if all(sign > 0 for sign in signs):
        return "逐年增加" if len(signs) > 1 else "有所增加"
    if all(sign < 0 for sign in signs):
        return "逐年下降" if len(signs) > 1 else "有所下降"
    if all(sign == 0 for sign in signs):
        return "保持不变"
    moves = ["升" if sign > 0 else "降" if sign < 0 else "平" for sign in signs]
    runs = [move for position, move in enumerate(moves) if position == 0 or moves[position - 1] != move]
    if len(runs) == 2:
        return f"先{runs[0]}后{runs[1]}"
    return "".join(f"{'先' if position == 0 else '再'}{move}" for position, move in enumerate(runs))


def _differences(query: Query, findings: Sequence[Finding], rows: Sequence[int]) -> list[Remark]:
    pairs: list[tuple[int, int]] = []
    if query.versus:
        later, earlier = query.versus
        after = [i for i in rows if findings[i].ask.when == later]
        before = [i for i in rows if findings[i].ask.when == earlier]
        pairs = [(a, b) for a in after for b in before if findings[a].ask.region == findings[b].ask.region]
    elif len(rows) == 2:
        a, b = rows
        years = (findings[a].ask.when, findings[b].ask.when)
        if all(years) and years[0] != years[1]:
            a, b = sorted(rows, key=lambda i: -_first(findings[i].ask.when))
            pairs = [(a, b)]
        else:
            ordered = _ordered(findings, rows)
            pairs = [(ordered[-1], ordered[0])] if ordered else [(a, b)]
    elif _STEPS.search(query.question) and len({findings[i].ask.region for i in rows}) == 1:
        steps = sorted(rows, key=lambda i: _first(findings[i].ask.when))
        pairs = [(after, before) for before, after in pairwise(steps)]
    else:
        ordered = _ordered(findings, rows)
        pairs = [(ordered[-1], ordered[0])] if ordered else []
        if ordered is None:
            return [Remark(text=_INCOMPARABLE, of=tuple(rows))]
    return [difference_between(findings, rows, a, b) for a, b in pairs]


def difference_between(findings: Sequence[Finding], rows: Sequence[int], a: int, b: int) -> Remark:
    """What finding `a` exceeds finding `b` by, or that they cannot be compared; `rows` say what tells them apart."""
    try:
        apart = gap(_figure(findings[a]), _figure(findings[b]))
    except ValueError:
        return Remark(text=_INCOMPARABLE, of=(a, b))
    names = _name(findings, rows, a), _name(findings, rows, b)
    forward = _first(findings[a].ask.when) > _first(findings[b].ask.when)
    more, less = ("增加", "减少") if forward else ("多", "少")
    way = more if apart.value > 0 else less
    if apart.value == 0:
        operands = f"{_figure(findings[a]).text}、{_figure(findings[b]).text}"
        return Remark(text=f"计算值：{names[0]}与{names[1]}相同（{operands}）", of=(a, b), computed=True)
    size = (apart if apart.value > 0 else gap(_figure(findings[b]), _figure(findings[a]))).text
    return Remark(
        text=f"计算值：{names[0]}比{names[1]}{way}{size}（{_figure(findings[a]).text}－{_figure(findings[b]).text}）",
        of=(a, b),
        computed=True,
    )


def against_target(findings: Sequence[Finding], group: Sequence[int]) -> list[Remark]:
    """Target against result of the same place and year."""
    said: list[Remark] = []
    for i in group:
        if findings[i].ask.role != "target":
            continue
        for j in group:
            same = (findings[i].ask.region, findings[i].ask.when) == (findings[j].ask.region, findings[j].ask.when)
            if findings[j].ask.role != "done" or not same:
                continue
            target, result = _figure(findings[i]), _figure(findings[j])
            if fell(findings[i]) != fell(findings[j]):
                continue
            try:
                apart = gap(result, target)
            except ValueError:
                said.append(Remark(text=_INCOMPARABLE, of=(i, j)))
                continue
            limit = bool(_LIMIT.search(target.qualifier))
            kept = apart.value <= 0 if limit else apart.value >= 0
            if not kept and target.qualifier in _ROUGH:
                continue
            # What differs in its qualifier is not subtracted: of 5%以上 it is not known by how much 5.4% exceeds it.
            exact = not limit and target.qualifier == result.qualifier
            word = "未达到目标" if not kept else "超额完成目标" if exact and apart.value > 0 else "完成目标"
            if apart.value != 0 and exact:
                way = "多" if apart.value > 0 else "少"
                size = (apart if apart.value > 0 else gap(target, result)).text
                said.append(
                    Remark(
                        text=f"计算值：{word}，实际比目标{way}{size}（{result.text}－{target.text}）",
                        of=(i, j),
                        computed=True,
                    )
                )
            else:
                said.append(Remark(text=f"对比目标{target.text}、实际{result.text}：{word}", of=(i, j)))
    return said
