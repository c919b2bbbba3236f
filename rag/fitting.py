"""Whether a figure fits an ask, beyond the words they share: unit, kind, years, role, direction, step or level.

Some of these rule a figure out (a Fault); the others make it likelier or less likely to be the one that is meant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from index.figures import direction, is_beyond, is_mark, small_number, units
from index.statements import Reading, Statement
from index.text import normalise
from index.types import Figure, Period, Role
from rag.terms import Term, is_light, match
from rag.understanding import Ask
from rag.wording import ACTIONS, FLOW, LIGHT_WORDS

Fault = Literal["", "other_period", "target_only", "result_only", "other_unit"]

_BASE_UNITS = ("番", "元", "美元", "米", "平方米", "吨", "立方米", "千瓦", "千瓦时", "%", "个百分点", "倍", "标准箱")
_TIMES = frozenset("年 月 日 天 小时 分钟 秒 个月 个工作日 工作日 周".split())
_PEOPLE = frozenset("人 名 位 人次 户 户次 人口".split())
_LIGHT = re.compile("|".join(sorted(LIGHT_WORDS, key=len, reverse=True)) + r"|[\W\d的了和等]")
# 数字经济占地区生产总值比重 is no 地区生产总值.
_SHARE_OF = re.compile(r"占.{2,16}[的比]|比重|占比|贡献率")
_SHARE_ASKED = re.compile(r"占|比重|比例|率|份额|几成|百分|贡献")
_PER_HEAD = re.compile("(?<!居民)(?<!农民)[人户亩地]均(?!.{0,4}标准)|单位(?=国内生产总值|地区生产总值|生产总值|gdp)")
_SAYS_PER = re.compile("[人户亩地]均|每[人户亩]|单位")
_DURATION = re.compile(r"多久|[几多少][个]?[年月天日]|时间|天数|时长|年限")
# A value that was reached stands at the end of the years spoken of, not for all of them: 提高到每月815元.
_REACHED = re.compile(r"[到至]|达(?!标)|突破|稳定在|保持在|超过")
_SUMMED = re.compile(r"累计|年均|合计|新增|净增")
_IN_ALL_REACHED = re.compile(r"累计(?:分别)?(?=达)")
# 五年年均增长, 十年增加: the nearest such span before a figure is its own.
_SPAN = re.compile(
    r"([两三四五六七八九十])年(?=年均|累计|合计|增加|增长|来|间)(?!.*[两三四五六七八九十]年(?:年均|累计|合计|增加|增长|来|间))"
)
_RESTRAINED = re.compile(r"控制在|要把|力争|目标|计划(?!生育)")


def time_fault(ask: Ask, period: Period | None, role: Role, own: str = "") -> Fault:
    """Whether a statement's years or role rule it out; `own` are the words of the figure, "" for a fact."""
    if ask.role == "done" and (role in ("target", "measure") or _RESTRAINED.search(own)):
        return "target_only"
    if ask.role == "target" and role == "done":
        return "result_only"
    if (
        ask.period is not None
        and ask.period.years > 1
        and (span := _SPAN.search(own))
        and small_number(span[1]) != ask.period.years
    ):
        return "other_period"
    if ask.period is not None and period is not None and period != ask.period:
        if not own and role == "done" and period.last == ask.period.last == ask.period.first and ask.stock:
            return ""  # a fact of how things stood when those years ended
        return "" if is_reached(ask, period, role, own) else "other_period"
    return ""


# 年均增长6%, 5年增长34%: what several years brought answers for none of them.
_OF_SEVERAL = re.compile(
    r"年均|平均每年|(?<![\d第])(?:[两三四五]|[2-5])年(?:间|来)?(?:累计|合计|共|翻|增长|增加|提高|新增|下降)"
)


def is_reached(ask: Ask, period: Period | None, role: Role, own: str) -> bool:
    """Whether a figure of several years is the state at their end, and the last of them is asked about."""
    return (
        ask.period is not None
        and period is not None
        and role in ("done", "target")
        and ask.period.years == 1 < period.years
        and period.last == ask.period.last
        and bool(_REACHED.search(own))
        and not _SUMMED.search(_IN_ALL_REACHED.sub("", own) if ask.stock else own)
    )


def reading_time_fault(ask: Ask, reading: Reading) -> Fault:
    """The same for a figure, whose own words may name a span of years (十年增加)."""
    of_one = ask.period is not None and ask.period.years == 1 and reading.role == "done"
    if of_one and _OF_SEVERAL.search(reading.own) and not _OF_SEVERAL.search(ask.folded):
        return "other_period"
    return time_fault(ask, reading.period, reading.role, reading.near if _SPAN.search(reading.near) else reading.own)


_THINGS = re.compile(
    r"(?<![\d十百])([2-9]|[两三四五六七八九十])(?![\d十百])(?:大|个|条|项|块|张|家|件|座|位|种|类)(?!字)"
)
_BETWEEN = re.compile("[、，,;；]|”“|》《|[和及与]")
_AT_END = re.compile(r"年末|年底|月末|季度末")
_RISE = re.compile(r"增长|增幅|增速|涨|提高|上升|增加")
_FALL = re.compile(r"下降|降低|降幅|减少|降了")


def turned(ask: Ask, statement: Statement, reading: Reading) -> bool:
    """Whether the figure moves the other way than asked: GDP增速 is not 能耗下降."""
    way = direction(statement.text, reading.figure)
    rise, fall = bool(_RISE.search(ask.text)), bool(_FALL.search(ask.text))
    return rise != fall and ((rise and way == "down") or (fall and way == "up"))


def echo(ask: Ask, reading: Reading) -> float:
    """The share of the figure's own words, in pairs of characters, that the question has as well."""
    own = reading.own.replace(normalise(reading.figure.text), "，")
    pairs = {own[i : i + 2] for i in range(len(own) - 1) if "，" not in own[i : i + 2]}
    return sum(pair in ask.folded for pair in pairs) / len(pairs) if pairs else 0.0


_CHANGES = re.compile("[增减]|提[高升标]|上[涨调升]|下[降调]|[涨降升]|多了|少了|扩")
_RAISED_BY = re.compile(r"(?:提高|上调|上涨|提升|下调|降低|下降)了?[^，到至为\d]{0,2}\d")


def other_step(ask: Ask, reading: Reading) -> bool:
    """Whether a step is asked and a level given or the other way round: 提高60元, 提高到680元."""
    step = bool(re.search(r"(提高|增加|上涨|涨|减少|下降|降低)了?(?:多少|几)", ask.folded))
    level = bool(re.search(r"(提高|增加|上涨|涨|减少|下降|降低|达)[到至]了?(?:多少|几)", ask.folded))
    given = bool(re.search(r"[到至][^，]{0,6}\d", reading.own))
    if not ask.kind and not _CHANGES.search(ask.folded) and _RAISED_BY.search(reading.own):
        return True  # 低保标准多少 does not ask by how much it was raised
    return (step and given) or (
        level and not given and bool(re.search(r"(提高|增加|上涨|减少|下降|降低)", reading.own))
    )


_STOCK = re.compile(r"累计|达到?|总|共|拥有|保有|增[至到加]+[至到]")
_FLOW = re.compile(r"新增|净增|增加|新建|新?认定|新培育|新引进")


def in_all(ask: Ask, reading: Reading) -> int:
    """1 where the figure counts what there is in all and that is asked, or neither; -1 where only one of them does."""
    stock, flow = bool(_STOCK.search(reading.own)), bool(_FLOW.search(reading.own))
    if ask.stock:
        return 1 if stock and not flow else -1 if flow else 0
    if FLOW.search(ask.folded):
        return -1 if re.search("累计|总|共有|拥有|保有", reading.own) and not flow else 0
    return 0


def is_milestone(statement: Statement, reading: Reading) -> bool:
    """Whether the figure is a mark that was passed and the sentence has the value itself: 突破8000公里、达8184公里."""
    text, figure = statement.text, reading.figure
    return _is_mark(text, figure) and any(
        is_beyond(other.figure, figure) and not _is_mark(text, other.figure) for other in statement.readings
    )


def _is_mark(text: str, figure: Figure) -> bool:
    return is_mark(figure, text[max(0, figure.start - 4) : figure.start])


_BEGUN = re.compile("新建|开工|启动|在建|续建")


def other_action(ask: Ask, statement: Statement, reading: Reading) -> bool:
    """Whether the figure is of another thing done than the one asked for: 建成 where 筹集 is asked.

    What was built anew is what was completed, unless what was begun stands beside it.
    """
    asked = ACTIONS & {*ask.words}
    there = {word for word in ACTIONS if word in reading.own}
    missing = {word for word in asked if not match(Term(text=word), reading.earlier)}
    if asked == {"新建"} and there == {"建成"} and not _BEGUN.search(statement.folded):
        return False
    return bool(missing) and missing == asked and bool(there - asked)


_SIZE = re.compile(r"\d+(?:\.\d+)?[十百千万亿]*(?=[^\d，,。；;、]{0,3}以[上下]|级)")


def other_size(ask: Ask, reading: Reading) -> bool:
    """Whether things of another size are counted: 10亿元以上项目 are not 50亿元以上项目."""
    asked, there = {*_SIZE.findall(ask.folded)}, {*_SIZE.findall(reading.own.replace(reading.figure.text, ""))}
    return bool(asked and there) and not asked & there


def too_few(ask: Ask, statement: Statement) -> bool:
    """Whether a number of things is asked for by name (哪三个, 四大产业) and the sentence cannot name so many."""
    asked = _THINGS.search(ask.folded)
    if not asked:
        return False
    return len(_BETWEEN.findall(statement.text)) + 1 < small_number(asked[1])


def counts_its_items(ask: Ask, statement: Statement) -> bool:
    """Whether the sentence lists things and says how many they are in the asked unit: 1号线、2号线、4号线等3条."""
    if not ask.measure:
        return False
    listed = re.compile(
        rf"((?:[^,;。、]+、)+[^,;。、]+?)(?:等|这|共)?(?<!\d)([2-9两三四五六七八九十]){re.escape(ask.measure)}"
    )
    return any(match[1].count("、") + 1 == small_number(match[2]) for match in listed.finditer(statement.folded))


def other_middle(ask: Ask, reading: Reading) -> bool:
    """Whether another word stands where the ask has one: 城镇登记失业率 is not 城镇调查失业率."""
    for before, word, after in zip(ask.words, ask.words[1:], ask.words[2:], strict=False):
        if before + word + after in ask.folded and word not in reading.own:
            gap = re.search(f"{re.escape(before)}(.{{1,4}}){re.escape(after)}", reading.own)
            if gap and gap[1] not in ask.folded and not match(Term(text=word), gap[1]):
                return True
    return False


def other_variant(terms: Sequence[Term], statement: Statement, reading: Reading) -> bool:
    """Whether an asked word stands with a figure beside it, and a variant of it with this one: 同口径, 自然口径."""
    return any(
        len(term.text) > 2
        and term.text not in reading.own
        and term.text[-2:] in reading.own
        and any(term.text in other.own for other in statement.readings)
        for term in terms
    )


_OF_YEAR = re.compile("(?:年度|当年|今年)[^，]{0,4}投资")
# A thing of fewer characters goes with too many kinds.
_THING = 4
_HAN_BEFORE = re.compile(r"[\u4e00-\u9fff]+(?<![后时中内下])$")
_NO_KIND = re.compile("全[国省市区县州]|" + "|".join(sorted(ACTIONS, key=len, reverse=True)))


def whole_of(ask: Ask, statement: Statement, reading: Reading) -> bool:
    """Whether a year's share of an investment is asked and given, and the figure is the whole: 总投资, 年度计划投资."""
    of_year = ask.period is not None and ask.period.years == 1 and "投资" in ask.folded and "总投资" not in ask.folded
    return of_year and "总投资" in reading.own and any(_OF_YEAR.search(other.own) for other in statement.readings)


def other_kind(ask: Ask, terms: Sequence[Term], statement: Statement, reading: Reading) -> bool:
    """Whether the figure is of another kind of the same thing: 八类案件破案率 is not 电信诈骗案件破案率.

    The thing is a run of asked words that the figure's own words have too; its kind is what stands before it.
    """
    for position in range(1, len(ask.words)):
        thing = "".join(ask.words[position:])
        at = reading.own.find(thing)
        if at < 0 or len(thing) < _THING or "".join(ask.words) not in ask.folded:
            continue
        kind = {word for word in ask.words[:position] if not is_light(word) and word not in ACTIONS}
        asked = [term for term in terms if term.text in kind]
        given = _HAN_BEFORE.search(reading.own[:at])
        name = _LIGHT.sub("", _NO_KIND.sub("", given[0])) if given else ""
        return (
            bool(asked)
            and len(name) >= 2
            and not {*name} & {*"".join(kind)}
            and not any(match(term, other.own) for term in asked for other in statement.readings)
        )
    return False


def foreign(terms: Sequence[Term], reading: Reading) -> float:
    """How much the figure's own words name something else: 八类案件破案率 is not 电信诈骗案件破案率."""
    own = reading.own.replace(normalise(reading.figure.text), "")
    rest, covered, total = own, 0.0, 0.0
    for term in terms:
        total += term.weight
        word = next((word for word in (term.text, *term.alternatives) if word in own), None)
        if word is None:
            covered += term.weight * match(term, own)
            rest = "".join(character for character in rest if character not in term.text)
        else:
            covered += term.weight
            rest = rest.replace(word, "")
    share = len(_LIGHT.sub("", rest)) / max(1, len(own))
    return (0.08 + 0.25 * (1 - covered / total)) * share if total else 0.0


def unit_fault(ask: Ask, reading: Reading) -> tuple[Fault, float]:
    """Whether the figure's unit or kind rules it out, and what a fitting one is worth."""
    averaged = bool(re.search("平均|年均", ask.folded)) and not re.search("平均|年均", reading.near)
    if averaged and _AT_END.search(reading.near):
        return "other_unit", 0.0
    if (each := _PER_HEAD.search(reading.own)) and not {each[0], f"每{each[0][0]}"} & {*_SAYS_PER.findall(ask.folded)}:
        return "other_unit", 0.0
    figure = reading.figure
    if ask.kind == "points":
        return ("", 0.1) if figure.kind == "points" else ("", -0.1)
    if ask.kind == "growth":
        plain = figure.unit == "%" and not _SHARE_OF.search(reading.own)
        return ("", 0.15) if figure.kind == "growth" else ("", 0.05) if plain else ("other_unit", 0.0)
    if ask.kind == "share" and ask.measure in ("", "%"):
        return (
            ("", 0.1)
            if figure.unit == "%" and figure.kind != "growth"
            else ("", -0.05)
            if figure.unit == "%"
            else ("other_unit", 0.0)
        )
    if not ask.measure and dimension(figure.unit) == "时间" and not _DURATION.search(ask.folded):
        return "other_unit", 0.0
    if not ask.measure and _SHARE_OF.search(reading.own) and figure.unit == "%" and not _SHARE_ASKED.search(ask.folded):
        return "other_unit", 0.0
    if not ask.measure and ask.likely:
        alike = dimension(figure.unit) == dimension(ask.likely)
        return ("", 0.12) if alike else ("", -0.3) if figure.unit not in ("%", "个百分点") else ("other_unit", 0.0)
    if not ask.measure:
        return "", -0.2 if figure.kind in ("ordinal", "growth", "points") else 0.0
    if ask.measure == figure.unit or units.alike(ask.measure, figure.unit):
        return "", 0.12
    if figure.kind == "ordinal":
        return "other_unit", 0.0
    if not figure.unit and figure.kind == "amount" and dimension(ask.measure) in ("", "人"):
        return "", 0.05  # 减少农村贫困人口1000万
    if {ask.measure, figure.unit} == {"家", "户"}:
        return "", 0.05  # both count firms, and in speech households
    asked, given = dimension(ask.measure), dimension(figure.unit)
    if ask.colloquial and ask.measure == "个" and given == "人":
        return "", 0.05  # 有几个娃
    if asked != given:
        return "other_unit", 0.0
    if asked:
        return "", 0.1
    # Both are counted: 个 goes with most things, other measure words may differ (部, 台) for the same thing.
    return "", 0.1 if "个" in (ask.measure, figure.unit) else 0.0


def dimension(unit: str) -> str:
    """A name for what the unit measures; "" for things counted, 人 for people."""
    unit = unit.partition("/")[0]
    if unit in _PEOPLE:
        return "人"
    if unit in _TIMES:
        return "时间"
    return next((base for base in _BASE_UNITS if units.conversion(unit, base) is not None), "")
