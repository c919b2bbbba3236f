"""Compare figures, convert and subtract them, and print a value the way reports do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from index.figures.finding import printed_scale
from index.figures.numerals import SCALES
from index.figures.units import PERCENT, POINTS, alike, conversion
from index.types import Figure

# Qualifiers with one meaning; 以上 includes the figure itself and 超 does not.
_MEANINGS = {
    "over": "超 超过 逾 突破 多 余 过 上 高于 多于 大于 有余",
    "at least": "以上 及以上 不低于 不少于 不小于 至少",
    "about": "约 大约 左右 上下",
    "near": "近 接近 将近",
    "below": "低于 少于 小于 不足 不到",
    "at most": "及以下 不超过 不高于 不多于 不大于 最多 以下 以内 之内",
}
_MEANING = {word: meaning for meaning, words in _MEANINGS.items() for word in words.split()}


def _meanings(qualifier: str) -> frozenset[str]:
    return frozenset(_MEANING.get(word, word) for word in qualifier.split("…") if word)


_PASSED = re.compile("突破|跨[过越]|迈[过上]|超过|越过")


def is_mark(figure: Figure, before: str = "") -> bool:
    """Whether a figure is called a mark that was passed (突破8000公里), by its qualifier or the words `before` it."""
    return bool(_PASSED.search(figure.qualifier) or _PASSED.search(before))


def is_beyond(figure: Figure, mark: Figure) -> bool:
    """Whether a figure may be what a passed mark stands for: 8184公里 for 8000公里, but no multiple of it."""
    return figure.unit == mark.unit and mark.value < figure.value < 2 * mark.value


def same_figure(one: Figure, other: Figure) -> bool:
    """Whether two figures say the same: value, range, unit (人 is 名), meaning of the qualifier and kind of quantity.

    A percentage may be called growth here and share there, for that depends on the words around it, which may differ.
    """
    kinds = {one.kind, other.kind}
    return (
        one.value == other.value
        and one.upper == other.upper
        and (alike(one.unit, other.unit) or kinds == {"rank"})  # 全省第2位 is 全省第二
        and _meanings(one.qualifier) == _meanings(other.qualifier)
        and (len(kinds) == 1 or kinds == {"growth", "share"})
    )


def convert(value: Decimal, unit: str, to: str) -> Decimal:
    """`value` of `unit` in the unit `to`.  Raises ValueError if the two measure different things."""
    factor = conversion(unit, to)
    if factor is None:
        raise ValueError(f"{unit or '无单位的数'}不能换算为{to or '无单位的数'}")
    return value * factor


def _plain(value: Decimal) -> str:
    printed = format(value.normalize(), "f")
    return printed.rstrip("0").rstrip(".") if "." in printed else printed


def _scaled(value: Decimal, scale: str) -> str:
    return _plain(value / SCALES[scale]) + scale


def _natural_scale(value: Decimal) -> str:
    """The largest of 亿, 万 and nothing in which the value prints exactly with at most four decimals."""
    for scale in ("亿", "万"):
        scaled = abs(value) / SCALES[scale]
        if scaled >= 1 and scaled * 10_000 == (scaled * 10_000).to_integral_value():
            return scale
    return ""


def render(value: Decimal, unit: str) -> str:
    """A value as reports print it: 1268.5亿元, 640套, 5.2%, 1.84:1, 翻两番 as 2番."""
    return _scaled(value, "" if unit in (PERCENT, POINTS, "‰", "倍", "年") else _natural_scale(value)) + unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What one figure exceeds another by: in `unit`, printed in `text`; `approximate` if either figure is qualified."""

    value: Decimal
    unit: str
    text: str
    approximate: bool


def difference(one: Figure, other: Figure) -> Difference:
    """`one` minus `other`, printed in the larger of their scales, and plainly besides if that differs.

    3.8万亿元 - 3.65万亿元 is 0.15万亿元（1500亿元）.  Two percentages differ by 个百分点.  Raises ValueError, in words
    for people, if the two cannot be subtracted.
    """
    for figure in (one, other):
        if figure.upper is not None:
            raise ValueError(f"“{figure.text}”是一个区间，不能相减")
        if figure.kind in ("date", "ordinal") or figure.unit.startswith(":") or figure.unit == "番":
            raise ValueError(f"“{figure.text}”不是可以相减的数量")
    kinds = {one.kind, other.kind}
    if len(kinds) > 1:
        raise ValueError(f"“{one.text}”和“{other.text}”不是同一类数字，不能相减")
    factor = conversion(other.unit, one.unit)
    if factor is None:
        raise ValueError(f"“{one.text}”和“{other.text}”的单位不同，不能相减")
    approximate = bool(one.qualifier or other.qualifier)
    value, unit = one.value - other.value * factor, one.unit
    if unit == PERCENT:
        return Difference(value=value, unit=POINTS, text=_plain(value) + POINTS, approximate=approximate)
    scale = max(printed_scale(one), printed_scale(other), key=lambda s: SCALES[s])
    text, plain = _scaled(value, scale) + unit, render(value, unit)
    if text != plain and abs(value) < SCALES[scale] and scale != "万":  # 0.13万人 is how reports say it
        text = f"{text}（{plain}）"
    return Difference(value=value, unit=unit, text=text, approximate=approximate)
