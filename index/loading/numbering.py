"""The automatic numbers of a Word document: 一、（一）1. that stand nowhere in its text but are printed before it.

Follows ECMA-376 part 1, 17.9: a paragraph points to a num, that to an abstract definition of nine levels, each with a
format, a start and a pattern such as （%1）.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

__all__ = ["Numbering", "W", "whole", "written"]

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_COUNTING = (
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
)
_LEVELS = 9


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    form: str
    pattern: str
    legal: bool


class Numbering:
    """Counts on as paragraphs come; `root` is that of numbering.xml, None where a document has none."""

    def __init__(self, root: etree._Element | None) -> None:
        self._abstract: dict[str, dict[int, _Level]] = {}
        self._numbers: dict[str, str] = {}
        self._overrides: dict[tuple[str, int], int] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._restarted: set[tuple[str, int]] = set()
        if root is None:
            return
        for definition in root.iterfind(f"{W}abstractNum"):
            levels = {whole(e.get(f"{W}ilvl")): _level(e) for e in definition.iterfind(f"{W}lvl")}
            self._abstract[definition.get(f"{W}abstractNumId", "")] = levels
        for number in root.iterfind(f"{W}num"):
            key = number.get(f"{W}numId", "")
            self._numbers[key] = _value(number, "abstractNumId")
            for override in number.iterfind(f"{W}lvlOverride"):
                if start := _value(override, "startOverride"):
                    self._overrides[key, whole(override.get(f"{W}ilvl"))] = whole(start)

    def following(self, number: str, level: int) -> str:
        """The number printed before the next paragraph of this list and level; "" for bullets and unknown lists."""
        abstract = self._numbers.get(number, "")
        levels = self._abstract.get(abstract, {})
        if level not in levels or level >= _LEVELS:
            return ""
        counts = self._counts.setdefault(abstract, [None] * _LEVELS)
        if (number, level) in self._overrides and (number, level) not in self._restarted:
            self._restarted.add((number, level))
            counts[level] = self._overrides[number, level]
        else:
            count = counts[level]
            counts[level] = levels[level].start if count is None else count + 1
        counts[level + 1 :] = [None] * (_LEVELS - level - 1)
        text = levels[level].pattern
        if levels[level].form in ("bullet", "none"):
            return ""
        for above in range(level + 1):
            if f"%{above + 1}" in text and above in levels:
                count = counts[above]
                shown = levels[above].start if count is None else count
                form = "decimal" if levels[level].legal else levels[above].form
                text = text.replace(f"%{above + 1}", written(shown, form))
        return text


def written(number: int, form: str) -> str:
    """A number as one of Word's number formats (ST_NumberFormat) prints it."""
    match form:
        case _ if form in _COUNTING:
            return _counted(number)
        case "chineseLegalSimplified" | "ideographLegalTraditional":
            return _counted(number).translate(str.maketrans(_DIGITS + "十百", _LEGAL + "拾佰"))
        case "ideographDigital" | "japaneseDigitalTenThousand" | "taiwaneseDigital":
            return "".join(_DIGITS[int(digit)] for digit in str(number))
        case "ideographTraditional":
            return _STEMS[(number - 1) % 10]
        case "ideographZodiac":
            return _BRANCHES[(number - 1) % 12]
        case "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" if 1 <= number <= 20:
            return chr(0x2460 + number - 1)
        case "decimalFullWidth" | "decimalFullWidth2":
            return "".join(chr(0xFF10 + int(digit)) for digit in str(number))
        case "decimalZero":
            return f"{number:02d}"
        case "lowerLetter" | "upperLetter":
            letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 % 10 + 1)
            return letter.upper() if form == "upperLetter" else letter
        case "lowerRoman" | "upperRoman" if 1 <= number < 50:
            return _roman(number).upper() if form == "upperRoman" else _roman(number)
        case "ideographEnclosedCircle" if 1 <= number <= 10:
            return chr(0x3220 + number - 1)  # ㈠, as Word prints it
        case _:
            return str(number)


def _counted(number: int) -> str:
    if not 0 < number < 1000:
        return str(number)
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        while number >= value:
            text, number = text + letters, number - value
    return text


def _level(element: etree._Element) -> _Level:
    start = _value(element, "start")
    return _Level(
        start=whole(start) if start else 0,
        form=_value(element, "numFmt") or "decimal",
        pattern=_value(element, "lvlText"),
        legal=element.find(f"{W}isLgl") is not None,
    )


def _value(element: etree._Element, child: str) -> str:
    found = element.find(f"{W}{child}")
    return "" if found is None else found.get(f"{W}val", "")


def whole(printed: str | None) -> int:
    """The number printed in an attribute, 0 for what is none."""
    return int(printed) if printed and printed.isdecimal() and len(printed) < 9 else 0
