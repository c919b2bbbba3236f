"""Find the figures in a text and say what kind each is.

A recogniser looks at one place of the folded text and returns a figure or None; they are tried in order, dates first
because a year would else be read as an amount of years.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from index.figures.kinds import percent_kind
from index.figures.numerals import HAN, SCALES, Numeral, chinese_value, digits_in_a_row, fold, read_numeral
from index.figures.units import PERCENT, POINTS, UNIT, canonical, counted_in_han
from index.types import Figure, FigureKind

_HAN_DIGITS = tuple(c for c in HAN if c not in "零〇")
_LIST_SIGN = re.compile(r" ?[、和及与] ?")
_PRINTED_SCALE = re.compile(r"[0-9](万亿|千亿|百亿|千万|百万|亿|万)")
_START = re.compile(rf"[0-9{HAN}翻]")

_BEFORE = re.compile(
    r"(?:不低于|不少于|不高于|不多于|不超过|不大于|不小于|超过|突破|接近|将近|大约|至少|最多|低于|高于|少于|多于|大于|小于|不足|不到"
    r"|(?<![赶反苏湘赣])超|逾|(?<![附邻临靠最])近|(?<![签合节契公条预违履邀制特相简集])约|(?<![通经不度超])过|(?<![以迈站规线台跃登踏])上) ?$"
)
_AFTER = re.compile(r" ?(?:以上|以下|以内|之内|左右|上下|有余|多(?![个种条项名家元次年样云式方边功层地渠])|余(?![名家个项种万额]))")
_RANGE = re.compile(r" ?(?:—{1,2}|–|-|~|至|到) ?")


def _number(text: str) -> Decimal | None:
    value = chinese_value(text) if not text[0].isascii() else Decimal(text)
    return value


class _Reader:
    """One text being read: as printed, folded, and where the quotation marks are."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded = fold(text)
        self.quoted = [(m.start(), m.end()) for m in re.finditer(r"“[^“”]{1,24}”", text)]

    def in_quotes(self, at: int) -> bool:
        return any(start < at < end for start, end in self.quoted)

    def figure(
        self, start: int, end: int, value: Decimal, unit: str, kind: FigureKind, upper: Decimal | None = None, qualifier: str = ""
    ) -> Figure:
        return Figure(
            start=start, end=end, text=self.text[start:end], value=value, upper=upper, unit=unit, qualifier=qualifier, kind=kind
        )

    # --- dates -----------------------------------------------------------------------------------------------------

    def date(self, at: int) -> Figure | None:
        """2024年, 1月10日, 7·15, 2021—2025年: the value is 2024, 110, 715, 2021 (upper 2025)."""
        if match := _YEARS.match(self.folded, at):
            first, last = _year(match["first"]), _year(match["last"])
            if first is not None and last is not None and first < last:
                return self.figure(at, match.end(), Decimal(first), "年", "date", Decimal(last))
        if (match := _DATE.match(self.folded, at)) and match.end() > at:
            year = _year(match["year"]) if match["year"] else None
            month, day = (int(_number(match[part]) or 0) if match[part] else None for part in ("month", "day"))
            if match["year"] and year is None:
                return None  # 建城2215年 counts years
            named = year is not None or (month and day) or self.folded[at].isascii()
            if named and (month is None or 1 <= month <= 12) and (day is None or 1 <= day <= 31):
                value, unit = 0, ""
                for part, name in ((year, "年"), (month, "月"), (day, "日")):
                    if part is not None:
                        value, unit = value * 100 + part, name
                return self.figure(at, match.end(), Decimal(value), unit, "date")
        if match := _MONTH_DAY.match(self.folded, at):
            month, day = int(match[1]), int(match[2])
            if 1 <= month <= 12 and 1 <= day <= 31 and self.in_quotes(at):
                return self.figure(at, match.end(), Decimal(month * 100 + day), "日", "date")
        if match := _MONTHS.match(self.folded, at):
            return self.figure(at, match.end(), Decimal(match[1]), "月", "date", Decimal(match[2]))
        return None

    # --- ordinals and ranks ----------------------------------------------------------------------------------------

    def five_year_plan(self, at: int) -> Figure | None:
        match = _PLAN.match(self.folded, at)
        if match is None or not (match["modern"] or self.in_quotes(at)):
            return None
        value = chinese_value(match.group()[:-1])
        return None if value is None else self.figure(at, match.end(), value, "五年规划", "ordinal")

    def ordinal(self, at: int) -> Figure | None:
        """第3位, 居全国第二, 前三, 第七届, 3号线, 一期, 八连冠."""
        match = _NUMBER.match(self.folded, at)
        if match is None or (value := _number(match.group())) is None:
            return None
        before, after = self.folded[max(0, at - 1) : at], match.end()
        if before in ("第", "前"):
            rest = _RANK_WORD.match(self.folded, after)
            if before == "第" and rest and rest.group() in ("位", "名"):
                return self.figure(at - 1, rest.end(), value, rest.group(), "rank")
            if before == "前" and rest and (rest.group() in ("位", "强") or _RANKING.search(self.clause(at - 1))):
                return self.figure(at - 1, rest.end(), value, rest.group(), "rank")
            if _RANKING.search(self.clause(at - 1)) and _BORDER.match(self.folded, after):
                return self.figure(at - 1, after, value, "", "rank")
            unit = _ORDINAL_UNIT.match(self.folded, after) or UNIT.match(self.folded, after)
            if before == "第" and unit and "%" not in unit.group():
                return self.figure(at - 1, unit.end(), value, unit.group().strip(), "ordinal")
            return None
        unit = _LABEL_UNIT.match(self.folded, after) or (
            None if self.folded[at].isascii() else _HAN_LABEL_UNIT.match(self.folded, after)
        )
        if unit and (value < 100 or unit.group() in ("届", "号", "周年")) and self.folded[at - 1 : after] != "新一":
            return self.figure(at, unit.end(), value, unit.group(), "ordinal")
        return None

    def clause(self, end: int) -> str:
        """The folded words before `end` back to the last clause border."""
        return re.split(r"[，,。；;：:！？\n]", self.folded[max(0, end - 40) : end])[-1]

    # --- amounts ---------------------------------------------------------------------------------------------------

    def doubling(self, at: int) -> Figure | None:
        """翻番, 翻两番: the value is how many times it doubles, the unit 番."""
        match = _DOUBLING.match(self.folded, at)
        if match is None:
            return None
        times = (_number(match[1]) if match[1] else Decimal(1)) or Decimal(1)
        end, qualifier = self._after(match.end())
        return self.figure(at, end, times, "番", "multiple", qualifier=qualifier)

    def ratio(self, at: int) -> Figure | None:
        """1.84:1 is 1.84 of ":1"; 三分之一 and 1/3 are a third of the unit ""; terms of 9.7:39.5:50.8 are left alone."""
        if match := _FRACTION.match(self.folded, at):
            below, above = (_number(g) for g in match.groups())
            if below and above is not None and above < below:
                start, before = self._before(at)
                end, after = self._after(match.end())
                return self.figure(start, end, above / below, "", "share", qualifier=_joined(before, after))
        if match := _SLASH.match(self.folded, at):
            above, below = Decimal(match[1]), Decimal(match[2])
            if above < below and not self.in_quotes(at):
                start, before = self._before(at)
                end, after = self._after(match.end())
                return self.figure(start, end, above / below, "", "share", qualifier=_joined(before, after))
        if (match := _PROPORTION.match(self.folded, at)) and self.folded[at - 1 : at] != ":":
            start, before = self._before(at)
            end, after = self._after(match.end())
            return self.figure(
                start, end, Decimal(match[1]), ":" + match[2], "multiple", qualifier=_joined(before, after)
            )
        return None

    def percent(self, at: int) -> Figure | None:
        """百分之二十一点七, 千分之三, 百分之六到七."""
        match = _PER_HUNDRED.match(self.folded, at)
        if match is None:
            return None
        numeral = read_numeral(self.folded, match.end())
        if numeral is None:
            return None
        upper, end = None, numeral.end
        if again := _PER_HUNDRED_RANGE.match(self.folded, end):
            far = read_numeral(self.folded, again.end())
            if far is not None and far.value > numeral.value:
                upper, end = far.value, far.end
        start, before = self._before(at)
        end, after = self._after(end)
        unit = {"百": PERCENT, "千": "‰", "万": "‱"}[match.group()[0]]
        return self._percentage(start, end, numeral.value, upper, unit, _joined(before, numeral.inner or after))

    def amount(self, at: int) -> Figure | None:
        numeral = read_numeral(self.folded, at)
        if numeral is None or self._is_label(numeral):
            return None
        start, before = self._before(at)
        value, upper, end = numeral.value, None, numeral.end
        inner = numeral.inner
        unit = UNIT.match(self.folded, end)
        if far := self._far_end(numeral, unit):
            other, unit = far
            if not numeral.scale != 1 and other.scale != 1 and numeral.mantissa < other.mantissa:
                value = numeral.mantissa * other.scale
            if value >= other.value:
                return self._single(at, start, numeral, UNIT.match(self.folded, end), before)
            upper, end, inner = other.value, other.end, other.inner or inner
        return self._finish(at, start, end, value, upper, unit, before, inner, numeral)

    def _single(self, at: int, start: int, numeral: Numeral, unit: re.Match[str] | None, before: str) -> Figure | None:
        return self._finish(at, start, numeral.end, numeral.value, None, unit, before, numeral.inner, numeral)

    def _far_end(self, numeral: Numeral, unit: re.Match[str] | None) -> tuple[Numeral, re.Match[str] | None] | None:
        """The far end of a range that starts with `numeral`, and the unit that both share."""
        end = unit.end() if unit else numeral.end
        sign = _RANGE.match(self.folded, end)
        if sign is None or (sign.group().strip() in ("到", "至") and unit and unit["unit"] in ("年", "天")):
            return None
        other = read_numeral(self.folded, sign.end())
        if other is None or (other.han and other.bare_scale):
            return None
        far_unit = UNIT.match(self.folded, other.end)
        if far_unit is None:
            return (other, unit) if unit is None and other.scale != 1 else None
        if unit is not None and canonical(unit["unit"]) != canonical(far_unit["unit"]):
            return None
        return other, far_unit

    def _finish(
        self, at: int, start: int, end: int, value: Decimal, upper: Decimal | None, unit: re.Match[str] | None, before: str,
        inner: str, numeral: Numeral,
    ) -> Figure | None:  # fmt: skip
        if unit is None:
            if not self._stands_alone(numeral, before, end):
                return None
            end, after = self._after(end)
            return self.figure(start, end, value, "", "amount", upper, _joined(before, inner or after))
        printed = unit["unit"]
        if numeral.han and not self._counts(numeral, printed, unit, before, upper):
            return None
        end, after = self._after(unit.end())
        qualifier = _joined(before, inner or after)
        name = canonical(printed)
        if name == "年" and before in ("近", "突破", "过"):
            start, qualifier = at, _joined("", inner or after)  # 近三年 names a period and does not round one
        if name == "成":
            return self._percentage(start, end, value * 10, upper and upper * 10, PERCENT, qualifier)
        if name in (PERCENT, "‰"):
            if self.folded[start - 1 : start] == "-" and _MINUS.search(self.folded[max(0, start - 8) : start]):
                start, value = start - 1, -value
            return self._percentage(start, end, value, upper, name, qualifier)
        kind: FigureKind = "points" if name == POINTS else "multiple" if name == "倍" else "amount"
        if name == "年":
            if _PLANNED_YEARS.match(self.folded, unit.end()):
                return None
            if _YEARS_BEFORE.search(self.folded[max(0, start - 3) : start]) or _YEARS_AFTER.match(self.folded, unit.end()):
                kind = "date"
        return self.figure(start, end, value, name, kind, upper, qualifier)

    def _percentage(
        self, start: int, end: int, value: Decimal, upper: Decimal | None, unit: str, qualifier: str
    ) -> Figure:
        return self.figure(start, end, value, unit, percent_kind(self.folded, start, end), upper, qualifier)

    def _before(self, at: int) -> tuple[int, str]:
        match = _BEFORE.search(self.folded, max(0, at - 5), at)
        if match and match.group()[0] in "过上" and self.folded[at] not in "百千万亿十一二三四五六七八九0123456789":
            return at, ""
        if match and match.group()[0] == "上" and self.folded[at] not in "百千万亿":
            return at, ""
        return (at - len(match.group()), match.group().strip()) if match else (at, "")

    def _after(self, end: int) -> tuple[int, str]:
        match = _AFTER.match(self.folded, end)
        return (match.end(), match.group().strip()) if match else (end, "")

    def _is_label(self, numeral: Numeral) -> bool:
        """Digits that name something: G60, 5G, 1+2+3, 7×24, 324国道, （3）, a list number at the start of a line."""
        before, after = self.folded[max(0, numeral.start - 2) : numeral.start], self.folded[numeral.end : numeral.end + 4]
        if numeral.han:
            return self.in_quotes(numeral.start) or before[-1:] in _HAN_DIGITS or bool(_HAN_NAMES_BEFORE.search(before))
        if re.search(r"[A-Za-z+×.·*#][-]?$|[A-Za-z]-$", before) or re.match(r" ?[+×*]", after):
            return True
        if re.match(r"[A-Za-z]", after) and not UNIT.match(self.folded, numeral.end):
            return True
        if re.match(r"(?:国道|省道|县道|高速|热线|级地震|世纪|年代)", after) or re.match(r"千伏|kV|KV|kv|强(?![化劲弱])", after):
            return True
        if before.endswith(("道", "省道", "国道")) and after[:1] in ("线", "改", "、", "和"):
            return True
        line = self.folded[self.folded.rfind("\n", 0, numeral.start) + 1 : numeral.start]
        return not line.strip(" (") and bool(re.match(r" ?[.、)](?![0-9])", after))

    def _stands_alone(self, numeral: Numeral, before: str, end: int) -> bool:
        """Whether a number without a unit is a figure: it has a scale or a point, or words around it say so."""
        if numeral.han:
            return bool(before) and numeral.value >= 10**8  # 超千亿
        printed = self.folded[numeral.start : numeral.end]
        if numeral.scale != 1 or numeral.inner or "," in printed:
            return True
        near = self.folded[numeral.start - 1 : numeral.start] + self.folded[end : end + 1]
        if self.in_quotes(numeral.start) and re.search(r"[“”]", near):
            return False
        if near in ("()", "[]", "〔〕") or (len(printed) == 4 and printed[:2] in ("19", "20")):
            return False
        return bool(
            "." in printed
            or before
            or _LISTED.match(self.folded, end)
            or _SAYS_VALUE.search(self.folded[max(0, numeral.start - 3) : numeral.start])
            or _BARE_NOUN.match(self.folded, end)
        )

    def _counts(
        self, numeral: Numeral, printed: str, unit: re.Match[str], before: str, upper: Decimal | None
    ) -> bool:
        """Whether a Chinese numeral with this unit is a count and not part of a word."""
        word = self.folded[numeral.start : numeral.end]
        if printed in ("成", "倍", PERCENT):
            return not self.folded.startswith(("成不变",), unit.start())
        if numeral.bare_scale:
            return bool(before or numeral.inner or _AFTER.match(self.folded, unit.end())) and counted_in_han(printed)
        if not counted_in_han(printed) or (word in ("一", "二") and upper is None):
            return False
        return not _HAN_IDIOM.match(self.folded, numeral.start)


def _joined(before: str, after: str) -> str:
    return f"{before}…{after}" if before and after else before or after


def _year(text: str) -> int | None:
    year = digits_in_a_row(text.replace(" ", ""))
    return year if year is not None and 1840 <= year <= 2100 else None


_Y = r"(?:[12] ?[0-9] ?[0-9] ?[0-9]|[一二][〇零0一二三四五六七八九]{3})"
_D = r"(?:[0-9]{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_YEARS = re.compile(rf"(?<![0-9.])(?P<first>{_Y}) ?年? ?(?:—{{1,2}}|–|-|~|至|到) ?(?P<last>{_Y}) ?年(?!代)")
_DATE = re.compile(
    rf"(?<![0-9.])(?:(?P<year>{_Y}) ?年(?!代))?(?: ?(?P<month>{_D}) ?月(?!革命|均))?(?: ?(?P<day>{_D}) ?日(?![均内产处游/]))?"
)
_MONTH_DAY = re.compile(r"(?<![0-9.·])([0-9]{1,2})·([0-9]{1,2})(?![0-9%]| ?[万亿])")
_MONTHS = re.compile(r"(?<![0-9.])([0-9]{1,2})月?(?:—{1,2}|–|-|~|至|到)([0-9]{1,2})月(?!均)")
_PLAN = re.compile(r"(?P<modern>十[一二三四五六]五(?![个家项年万亿十百千条名人户件]))|(?:十|[六七八九])五(?=”)|[一二三四五]五(?=”(?:计划|时期|期间|规划|末))")
_NUMBER = re.compile(rf"[0-9]+(?![0-9.])|[{HAN}]+")
_RANK_WORD = re.compile(r"[位名强]")
_RANKING = re.compile(r"排|居|列|位|名次|全国|全省|全市|全区|全州|全县|世界|全球|西部|中部|东部|同类|进入|跻身|跃升|跃居|升至|晋级|副省级|百强")
_BORDER = re.compile(r"[，,、。；;：:！？）)\n“”]|$")
_ORDINAL_UNIT = re.compile(r"阶段|季度|家(?!园)|[届次批期轮号个条章代站步场天年]")
_LABEL_UNIT = re.compile(r"号线|号(?![召称角脉令])|连[冠胜增丰升降]|届(?!时|满)|周年")
# Stages and meetings are numbered in Chinese: 机场三期, 十四届五次全会; 培训班12期 counts.
_HAN_LABEL_UNIT = re.compile(r"期(?![间望限货末]|叠加)|次(?=(?:、[一二三四五六七八九十]+次)*(?:和[一二三四五六七八九十]+次)?(?:全会|全体会议|会议|党代会|历次))")
_DOUBLING = re.compile(r"翻(?:([0-9.]+|[一两二三四五])番|(?:了)?番)")
_PER_HUNDRED = re.compile(r"[百千万]分之")
_PER_HUNDRED_RANGE = re.compile(r"(?:—{1,2}|-|~|至|到)(?:[百千]分之)?")
_FRACTION = re.compile(r"([二三四五六七八九十0-9]{1,3})分之([一二两三四五六七八九十0-9]{1,3})")
_SLASH = re.compile(r"(?<![0-9.])([1-9])/([1-9][0-9]?)(?![0-9/.]|[A-Za-z])")
_PROPORTION = re.compile(r"(?<![0-9.:])([0-9]+(?:\.[0-9]+)?):([0-9]+(?:\.[0-9]+)?)(?![0-9:.]|分)")
_MINUS = re.compile(r"(?:[增降为是至到速幅长]|[，、(（])-$")
_SAYS_VALUE = re.compile(r"[达为至到仅共约增降]$")
_LISTED = re.compile(rf"(?:[、和与][0-9.]+[万亿]*)*[、和与][0-9.]+[万亿]*(?!号|期|届|月|日|年|级|[0-9.]){UNIT.pattern}")
_BARE_NOUN = re.compile(r"(?:余|多)?(?:省|市|县|区|镇|乡|村|国|企业|校)(?![道委直级])")
# 三年行动 is a name; 过去五年, 五年来 say when.
_PLANNED_YEARS = re.compile(r"(?:滚动|倍增|提升|攻坚|治本|专项|建设|发展|综合)*(?:行动|计划|规划|攻坚|纲要|大计|工程|任务)")
_YEARS_BEFORE = re.compile(r"(?:过去的?|今后|未来|近|最近|这|前|头|后)$")
_YEARS_AFTER = re.compile(r"来|间(?!断)|累计|年均|共|增长|新增|完成|总")
_HAN_NAMES_BEFORE = re.compile(r"[第初周]$")
_HAN_IDIOM = re.compile(
    r"三次产业|八项规定|四项基本原则|四个现代化|九年(?:义务|一贯)|两头乌|两个(?:确立|维护|毫不动摇|结合|大局|文明|百年|一百年|根本|健康|轮子)|[三四五]个(?:代表|意识|自信|全面|必由之路|务必)"
    r"|[三五]位一体|两位数|三支一扶|五家渠|七台河|[九三]台[区县]|五台山|三对|一对|[三四五六七八九]处|三河|九龙|十个一"
)

Recogniser = Callable[[_Reader, int], Figure | None]
_RECOGNISERS: tuple[Recogniser, ...] = (
    _Reader.date,
    _Reader.five_year_plan,
    _Reader.ordinal,
    _Reader.doubling,
    _Reader.percent,
    _Reader.ratio,
    _Reader.amount,
)


def find_figures(text: str) -> list[Figure]:
    """The figures of a text in their order, none overlapping; `text[f.start:f.end] == f.text` for each."""
    reader = _Reader(text)
    figures: list[Figure] = []
    at = 0
    while match := _START.search(reader.folded, at):
        at = match.start()
        found = next((f for recognise in _RECOGNISERS if (f := recognise(reader, at)) is not None), None)
        if found is not None and (not figures or found.start >= figures[-1].end):
            figures.append(found)
            at = found.end
        else:
            numeral = read_numeral(reader.folded, at)
            at = numeral.end if numeral else at + 1
    return _carried(reader.folded, figures)


def _carried(folded: str, figures: list[Figure]) -> list[Figure]:
    """What lists say once: in 增长4.1%、5.2% both have the kind of the first, in 3500万、2300万人次 the unit of the last."""
    for k in range(len(figures) - 1, 0, -1):
        before, figure = figures[k - 1], figures[k]
        if before.unit or before.kind != "amount" or not figure.unit or figure.kind in ("date", "ordinal", "rank"):
            continue
        if _LIST_SIGN.fullmatch(folded[before.end : figure.start]):
            scale = Decimal(1)
            if before.text[-1] in "0123456789" and (printed := _PRINTED_SCALE.search(fold(figure.text))):
                scale = SCALES[printed[1]]
            upper = before.upper and before.upper * scale
            figures[k - 1] = replace(before, unit=figure.unit, kind=figure.kind, value=before.value * scale, upper=upper)
    for k in range(1, len(figures)):
        before, figure = figures[k - 1], figures[k]
        if figure.unit == before.unit and figure.unit in (PERCENT, "‰") and _LIST_SIGN.fullmatch(folded[before.end : figure.start]):
            figures[k] = replace(figure, kind=before.kind)
    return figures
