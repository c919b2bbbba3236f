"""Numerals in Chinese text: 1,268.5, ８８６８, 三千二百, 二十一点七, 3.65万亿, 三千七百多万 → Decimal.

Everything here works on *folded* text, in which each character has been replaced by its plain form one for one, so that
every offset is also an offset into the text as printed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

# The 1950s are printed in traditional characters, the 1990s with full-width digits.
_TRADITIONAL = (
    "萬億兩餘個點噸畝戶條項○增張雙長減產達約過報從歷較縣鄉農業積場頭種級開現實佔幣總車輛臺島為與對來於後當應這門間數據連續斷學歲",
    "万亿两余个点吨亩户条项〇增张双长减产达约过报从历较县乡农业积场头种级开现实占币总车辆台岛为与对来于后当应这门间数据连续断学岁",
)
_WIDE = ("．％＋－−﹣～∶：／（）•・\u00a0\u3000", ".%+---~::/()··  ")
_FOLD = {wide: wide - 0xFEE0 for first, last in ("０９", "ＡＺ", "ａｚ") for wide in range(ord(first), ord(last) + 1)}
_FOLD |= str.maketrans(*_TRADITIONAL) | str.maketrans(*_WIDE)

# The 1956 and 1980 reports group thousands with the comma that elsewhere ends a clause: １３，７６２，０９０元.
_COMMA_THOUSANDS = re.compile(r"(?<![0-9０-９.．])[0-9０-９]{1,3}(?:，[0-9０-９]{3})+(?![0-9０-９])")


def fold(text: str) -> str:
    """`text` with each character in its plain form: same length, half-width digits, simplified characters."""
    return _COMMA_THOUSANDS.sub(lambda m: m.group().replace("，", ","), text).translate(_FOLD)


DIGITS = {"〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_ASCII_DIGITS = frozenset("0123456789")
_STEPS = {"十": 10, "百": 100, "千": 1000}
HAN = "〇零一二两三四五六七八九十百千万亿"

SCALES = {
    "万亿": Decimal(10) ** 12, "亿万": Decimal(10) ** 12, "千亿": Decimal(10) ** 11, "百亿": Decimal(10) ** 10,
    "十亿": Decimal(10) ** 9, "亿": Decimal(10) ** 8, "万万": Decimal(10) ** 8, "千万": Decimal(10) ** 7,
    "百万": Decimal(10) ** 6, "十万": Decimal(10) ** 5, "万": Decimal(10) ** 4, "千": Decimal(10) ** 3,
    "百": Decimal(10) ** 2, "": Decimal(1),
}  # fmt: skip

_SECTION = re.compile(
    r"(?:([一二两三四五六七八九])千)?(?:[零〇]?([一二两三四五六七八九])百)?"
    r"(?:[零〇]?([一二两三四五六七八九])?(十))?(?:[零〇]?([一二两三四五六七八九]))?"
)


def _section(text: str) -> int | None:
    """三千七百二十一 → 3721; None if that is not how a number below 10,000 is written."""
    if not text or text in "零〇":
        return 0 if text else None
    if text in ("百", "千"):
        return _STEPS[text]
    match = _SECTION.fullmatch(text)
    if match is None:
        return None
    thousands, hundreds, tens, ten, ones = match.groups()
    last = DIGITS[ones] if ones else 0
    # 三千二 is short for 3200, 一百五 for 150, unless a 零 stands between.
    if ones and text[-2:-1] in ("千", "百"):
        last *= _STEPS[text[-2]] // 10
    return (
        (DIGITS[thousands] if thousands else 0) * 1000
        + (DIGITS[hundreds] if hundreds else 0) * 100
        + ((DIGITS[tens] if tens else 1) * 10 if ten else 0)
        + last
    )


def chinese_value(text: str) -> Decimal | None:
    """The value of a Chinese numeral (三千二百, 一万亿, 二十一点七, 百万), or None if it is not well formed.

    Digits in a row (二〇二三) name a year, not an amount: see `digits_in_a_row`.
    """
    whole, point, fraction = text.partition("点")
    if point:
        if not fraction or any(c not in DIGITS or c == "两" for c in fraction):
            return None
        value = chinese_value(whole)
        return None if value is None else value + Decimal("0." + "".join(str(DIGITS[c]) for c in fraction))
    for mark in ("亿", "万"):
        if mark in text:
            before, _, after = text.rpartition(mark)
            high = chinese_value(before) if before else Decimal(1)
            low = chinese_value(after.lstrip("零〇") or "零") if after else Decimal(0)
            if high is None or low is None or high >= 10**8 or (not before and after):
                return None
            # 两万五 is short for 25,000.
            if len(after) == 1 and after in DIGITS and mark == "万":
                low *= 1000
            scale = SCALES[mark]
            return high * scale + low if low < scale else None
    value_below = _section(text)
    return None if value_below is None else Decimal(value_below)


def digits_in_a_row(text: str) -> int | None:
    """二〇二三, 一九七八, 二0二三 → 2023, 1978, 2023; None if anything else stands among the digits."""
    digits = "".join(str(DIGITS[c]) if c in DIGITS and c != "两" else c for c in text)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None


@dataclass(frozen=True, slots=True)
class Numeral:
    """A numeral as read: its span, value with 万/亿 multiplied out, 多/余 inside it and how it is written."""

    start: int
    end: int
    mantissa: Decimal
    scale: Decimal
    inner: str  # 多 or 余 standing inside or right after the numeral
    han: bool
    bare_scale: bool  # 百, 千万: a scale without a number before it

    @property
    def value(self) -> Decimal:
        return self.mantissa * self.scale


_SCALE = r"(?:万亿|亿万|百亿|千亿|十亿|百万|千万|十万|万万|亿|万|千(?![瓦米克伏卡兆分帕焦赫])|百(?!分))"
_ARABIC = re.compile(
    r"(?P<spaced>[0-9](?: [0-9])+(?: ?\. ?[0-9](?: [0-9])*)?(?![0-9.]))"
    r"|(?P<plain>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9])|[0-9]+(?:[.·][0-9]+)?)"
)
_AFTER_ARABIC = re.compile(
    rf" ?(?P<inner>[多余]?)(?P<scale>{_SCALE})?(?:(?P<later>[多余](?!名))(?P<more>(?<=[百千].)[万亿]|(?<=万.)亿)?)?"
)
_LOW_WAN = re.compile(r"([0-9]{1,4})万")
_HAN = re.compile(
    r"(?:[〇零一二两三四五六七八九十万亿]|[百千](?![瓦米克伏卡兆分帕焦赫])){1,40}(?:点[〇零一二三四五六七八九]{1,20})?"
)
_HAN_TAIL = re.compile(r"([多余])((?:[十百千]?[万亿])?(?:亿)?)")


def _arabic(folded: str, at: int) -> Numeral | None:
    match = _ARABIC.match(folded, at)
    if match is None:
        return None
    printed = match["spaced"] or match["plain"]
    mantissa = Decimal(printed.replace(" ", "").replace(",", "").replace("·", "."))
    tail = _AFTER_ARABIC.match(folded, match.end())
    assert tail is not None  # every part of it may be empty
    scale = (tail["scale"] or "") + (tail["more"] or "")  # 5千余万
    inner = tail["inner"] or tail["later"] or ""
    if not scale and not inner:
        return Numeral(at, match.end(), mantissa, Decimal(1), "", False, False)
    value, end = mantissa * SCALES[scale], tail.end()
    # 14亿1178万人
    if scale == "亿" and not inner and (low := _LOW_WAN.match(folded, end)):
        value, end = value + Decimal(low[1]) * SCALES["万"], low.end()
        return Numeral(at, end, value, Decimal(1), "", False, False)
    return Numeral(at, end, mantissa, SCALES[scale], inner, False, False)


def _chinese(folded: str, at: int) -> Numeral | None:
    match = _HAN.match(folded, at)
    if match is None:
        return None
    printed = match.group()
    value = chinese_value(printed) if printed[0] not in "〇零" else None
    if value is None:
        return None
    end, scale, inner = match.end(), Decimal(1), ""
    if tail := _HAN_TAIL.match(folded, end):
        inner, end, scale = tail[1], tail.end(), SCALES.get(tail[2], Decimal(1))
    mantissa, last = value, printed[-1]
    if scale == 1 and last in "万亿" and len(printed) > 1 and value % SCALES[last] == 0:
        mantissa, scale = value / SCALES[last], SCALES[last]  # 三百万 is 300 of 万, for ranges such as 二至三百万
    return Numeral(at, end, mantissa, scale, inner, True, printed[0] in "百千万亿")


def small_number(text: str) -> int:
    """The number that a single character says: 五, 两, 5.  Raises ValueError."""
    numeral = read_numeral(text, 0)
    if len(text) != 1 or numeral is None:
        raise ValueError(text)
    return int(numeral.value)


def read_numeral(folded: str, at: int) -> Numeral | None:
    """The numeral that starts at `at` in folded text, or None."""
    return _arabic(folded, at) if folded[at : at + 1] in _ASCII_DIGITS else _chinese(folded, at)
