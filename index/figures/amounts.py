"""Amounts, percentages, multiples and ratios: 近9000人次, 5%—5.5%, 两成, 百分之二十一点七, 翻两番, 三分之一, 1.84:1."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from index.figures.kinds import percent_kind
from index.figures.numerals import HAN, Numeral, read_numeral
from index.figures.reader import Reader, joined, number
from index.figures.units import PERCENT, POINTS, UNIT, canonical, counted_in_han
from index.types import Figure, FigureKind

_DOUBLING = re.compile(r"翻(?:([0-9.]+|[一两二三四五])番|(?:了)?番)")
_PER_HUNDRED = re.compile(r"([百千万])分之")
_PER_HUNDRED_FAR = re.compile(r"(?:—{1,2}|-|~|至|到)(?:[百千]分之)?")
_FRACTION = re.compile(
    r"(?P<below>[二三四五六七八九十0-9]{1,3})分之(?P<above>[一二两三四五六七八九十0-9]{1,3})"
    r"|(?<![0-9.])(?P<over>[1-9])/(?P<under>[1-9][0-9]?)(?![0-9/.A-Za-z])"
)
_PROPORTION = re.compile(r"(?<![0-9.:])([0-9]+(?:\.[0-9]+)?):([0-9]+(?:\.[0-9]+)?)(?![0-9:.]|分)")
_RANGE = re.compile(r" ?(?:—{1,2}|–|-|~|至|到) ?")
_MINUS = re.compile(r"(?:[增降为是至到速幅长]|[，、(])-$")

# Digits that are part of a name.
_NAME_BEFORE = re.compile(r"[A-Za-z+×.·*#]-?$")
# 投放AED1200台 counts, CRH380 and PM10 are names.
_LATIN_WORD = re.compile(r"[A-Za-z]{2}$")
_COUNTER = re.compile(r"余?[万亿]*(?:台|套|家|个|人|名|处|件|辆|座|项|亩|吨|元|%|张|部|根|只|架|场|次)")
_NAME_AFTER = re.compile(r" ?[+×*]|国道|省道|县道|高速|热线|级地震|世纪|年代|千伏|[kK][vV]|强(?![化劲弱])")
_ROAD = re.compile(r"[国省县]道$")
_LIST_NUMBER = re.compile(r" ?[.、)](?![0-9])")
_HAN_DIGITS = tuple(c for c in HAN if c not in "零〇")
_HAN_NAME_BEFORE = re.compile(r"[第初周]$")
_HAN_IDIOM = re.compile(
    r"三次产业|八项规定|四项基本原则|四个现代化|九年(?:义务|一贯)|两头乌|两位数|三支一扶|五家渠|七台河|[九三]台[区县]|五台山|三对|十个一"
    r"|两个(?:确立|维护|毫不动摇|结合|大局|文明|百年|一百年|根本|健康|轮子)|[三四五]个(?:代表|意识|自信|全面|必由之路|务必)"
    r"|[三五]位一体|[三四五六七八九]处(?=级)"
)

# A number without a unit is a figure where the words around it say so.
_SAYS_VALUE = re.compile(r"[达为至到仅共约增降]$")
_BARE_NOUN = re.compile(r"(?:省|市|县|区|镇|乡|村|国|企业|校)(?![道委直级])")
_LISTED = re.compile(rf"(?:[、和与][0-9.]+[万亿]*)*[、和与][0-9.]+[万亿]*(?!号|期|届|月|日|年|级|[0-9.]){UNIT.pattern}")

# 三年行动 is a name; 过去五年, 五年来 and 五年累计 say when.
_PLANNED_YEARS = re.compile(
    r"(?:滚动|倍增|提升|攻坚|治本|专项|建设|发展|综合)*(?:行动|计划|规划|攻坚|纲要|大计|工程|任务)"
)
_YEARS_BEFORE = re.compile(r"(?:过去的?|今后|未来|近|最近|这|前|头|后)$")
_YEARS_AFTER = re.compile(r"来|间(?!断)|前|累计|年均|共|增长|新增|完成|总")


def doubling(reader: Reader, at: int) -> Figure | None:
    """翻番, 翻两番: the value is how many times it doubles, the unit 番."""
    match = _DOUBLING.match(reader.folded, at)
    if match is None:
        return None
    times = number(match[1]) if match[1] else Decimal(1)
    end, qualifier = reader.after(match.end())
    return None if times is None else reader.figure(at, end, times, "番", "multiple", qualifier=qualifier)


def ratio(reader: Reader, at: int) -> Figure | None:
    """1.84:1 is 1.84 of ":1"; 三分之一 and 1/3 are a third of the unit ""."""
    if match := _FRACTION.match(reader.folded, at):
        above = number(match["above"] or match["over"])
        below = number(match["below"] or match["under"])
        named = match["over"] is not None and reader.in_quotes(at)
        if above is None or not below or above >= below or named:
            return None
        value, unit = above / below, ""
        kind: FigureKind = "share"
    elif match := _PROPORTION.match(reader.folded, at):
        value, unit, kind = Decimal(match[1]), ":" + match[2], "multiple"
    else:
        return None
    start, before = reader.before(at)
    end, after = reader.after(match.end())
    return reader.figure(start, end, value, unit, kind, qualifier=joined(before, after))


def percent(reader: Reader, at: int) -> Figure | None:
    """百分之二十一点七, 千分之三, 百分之六到七."""
    match = _PER_HUNDRED.match(reader.folded, at)
    numeral = read_numeral(reader.folded, match.end()) if match else None
    if match is None or numeral is None:
        return None
    upper, end = None, numeral.end
    if again := _PER_HUNDRED_FAR.match(reader.folded, end):
        far = read_numeral(reader.folded, again.end())
        if far is not None and far.value > numeral.value:
            upper, end = far.value, far.end
    start, before = reader.before(at)
    end, after = reader.after(end)
    unit = {"百": PERCENT, "千": "‰", "万": "‱"}[match[1]]
    kind = percent_kind(reader.folded, start, end)
    qualifier = joined(before, numeral.inner or after)
    return reader.figure(start, end, numeral.value, unit, kind, upper=upper, qualifier=qualifier)


@dataclass(frozen=True, slots=True)
class _Quantity:
    """A number or a range with the unit after it, as matched."""

    numeral: Numeral
    value: Decimal
    upper: Decimal | None
    end: int  # of the last digit or scale
    inner: str
    unit: re.Match[str] | None


def amount(reader: Reader, at: int) -> Figure | None:
    """A number with its unit and qualifiers: 18.9万套（间）, 1.5万—2万, 三千七百多万平方米, 5%左右, 两成."""
    numeral = read_numeral(reader.folded, at)
    if numeral is None or _names_something(reader, numeral):
        return None
    quantity = _quantity(reader.folded, numeral)
    start, before = reader.before(at)
    if quantity.unit is None:
        if not _stands_alone(reader, quantity, before):
            return None
        end, after = reader.after(quantity.end)
        qualifier = joined(before, quantity.inner or after)
        return reader.figure(start, end, quantity.value, "", "amount", upper=quantity.upper, qualifier=qualifier)
    if numeral.han and not _counts(reader, quantity, quantity.unit, before):
        return None
    end, after = reader.after(quantity.unit.end())
    return _measured(reader, quantity, quantity.unit, (at, start, end), before, quantity.inner or after)


def _measured(
    reader: Reader, quantity: _Quantity, unit: re.Match[str], span: tuple[int, int, int], before: str, after: str
) -> Figure | None:
    at, start, end = span
    folded, name = reader.folded, canonical(unit["unit"])
    value, upper, qualifier = quantity.value, quantity.upper, joined(before, after)
    kind: FigureKind = "points" if name == POINTS else "multiple" if name == "倍" else "amount"
    if name == "年":
        if _PLANNED_YEARS.match(folded, unit.end()):
            return None
        if before in ("近", "突破", "过"):
            start, qualifier = at, after  # 近三年 names a period and does not round one
        told_after = _YEARS_AFTER.match(folded, unit.end()) and not folded.endswith(("连续", "历时"), 0, start)
        if told_after or _YEARS_BEFORE.search(folded, 0, start):
            kind = "date"
    elif name == "成":
        value, upper, name = value * 10, upper and upper * 10, PERCENT
        kind = percent_kind(folded, start, end)
    elif name in (PERCENT, "‰"):
        if _MINUS.search(folded, 0, start):
            start, value = start - 1, -value
        kind = percent_kind(folded, start, end)
    return reader.figure(start, end, value, name, kind, upper=upper, qualifier=qualifier)


def _quantity(folded: str, numeral: Numeral) -> _Quantity:
    unit = UNIT.match(folded, numeral.end)
    alone = _Quantity(numeral, numeral.value, None, numeral.end, numeral.inner, unit)
    near_end = unit.end() if unit else numeral.end
    sign = _RANGE.match(folded, near_end)
    if sign is None or (unit and unit["unit"] in ("年", "天") and sign.group().strip() in ("到", "至")):
        return alone
    far = read_numeral(folded, sign.end())
    if far is None or (far.han and far.bare_scale):
        return alone
    far_unit = UNIT.match(folded, far.end)
    if far_unit is None and (unit is not None or far.scale == 1):
        return alone
    if unit is not None and far_unit is not None and canonical(unit["unit"]) != canonical(far_unit["unit"]):
        return alone
    value = numeral.value
    if numeral.scale == 1 and far.scale != 1 and numeral.mantissa < far.mantissa:
        value = numeral.mantissa * far.scale  # 1.5—2万
    if value >= far.value:
        return alone
    return _Quantity(numeral, value, far.value, far.end, far.inner or numeral.inner, far_unit or unit)


def _names_something(reader: Reader, numeral: Numeral) -> bool:
    """Digits that name: G60, 5G, 1+2+3, 7×24, 324国道, a list number before a line; quoted Chinese numerals."""
    folded, start, end = reader.folded, numeral.start, numeral.end
    before = folded[max(0, start - 2) : start]
    if numeral.han:
        return reader.in_quotes(start) or before[-1:] in _HAN_DIGITS or bool(_HAN_NAME_BEFORE.search(before))
    if _NAME_AFTER.match(folded, end):
        return True
    if _NAME_BEFORE.search(before):
        return not (_LATIN_WORD.search(before) and _COUNTER.match(folded, end))
    if re.match(r"[A-Za-z]", folded[end : end + 1]) and not UNIT.match(folded, end):
        return True
    if _ROAD.search(before) and folded[end : end + 1] in ("线", "改", "、", "和"):
        return True
    line = folded[folded.rfind("\n", 0, start) + 1 : start]
    return not line.strip(" (") and bool(_LIST_NUMBER.match(folded, end))


def _stands_alone(reader: Reader, quantity: _Quantity, before: str) -> bool:
    """Whether a number without a unit is a figure: it has a scale or a point, or words around it say so."""
    folded, numeral, end = reader.folded, quantity.numeral, quantity.end
    if numeral.han:
        return bool(before) and numeral.value >= 10**8  # 超千亿
    printed = folded[numeral.start : numeral.end]
    if numeral.scale != 1 or numeral.inner or "," in printed:
        return True
    around = folded[max(0, numeral.start - 1) : numeral.start] + folded[end : end + 1]
    if reader.in_quotes(numeral.start) and re.search(r"[“”]", around):
        return False
    if around in ("()", "[]", "〔〕", "［］") or (len(printed) == 4 and printed[:2] in ("19", "20")):
        return False
    return bool(
        "." in printed
        or before
        or _LISTED.match(folded, end)
        or _SAYS_VALUE.search(folded, 0, numeral.start)
        or _BARE_NOUN.match(folded, end)
    )


def _counts(reader: Reader, quantity: _Quantity, unit: re.Match[str], before: str) -> bool:
    """Whether a Chinese numeral with this unit is a count and not part of a word."""
    folded, numeral, printed = reader.folded, quantity.numeral, unit["unit"]
    if printed in ("成", "倍", PERCENT):
        return not folded.startswith("成不变", unit.start())
    if not counted_in_han(printed) or _HAN_IDIOM.match(folded, numeral.start):
        return False
    if numeral.bare_scale:  # 超百场, 亿元以上
        return bool(before or numeral.inner or reader.after(unit.end())[1])
    return folded[numeral.start : numeral.end] not in ("一", "二") or quantity.upper is not None
