"""When a report was delivered, and by whom, as its opening says: ——2024年1月9日在…会议上, 区长 李明."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from itertools import pairwise

from index.structure import Block
from index.text import normalise, simplify

__all__ = ["delivered_by", "delivered_on"]

_OPENING, _LONGEST = 12, 120
_DIGIT = "〇○零一二三四五六七八九"
_VALUES = str.maketrans(_DIGIT, "00" + "0123456789")
_NUMBER = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_DATE = re.compile(rf"(\d{{4}}|[一二][{_DIGIT}]{{3}})年({_NUMBER})月({_NUMBER})日")
_MEETING = re.compile("大会|会议")
_OFFICES = "总理|主席|省长|市长|州长|盟长|县长|区长|旗长|专员|行政长官|主任"
# A name has two to five characters, perhaps set apart, or a dot; what comes after it is no part of it.
_SPEAKER = re.compile(
    rf"(?:{_OFFICES})\s*[:：]?\s*([\u4e00-\u9fff](?:\s*[\u4e00-\u9fff]){{1,4}}?(?:·[\u4e00-\u9fff]{{1,8}}?)?)"
    r"(?=$|\s*(?:各位代表|同志|作|在|代表|\(|——|-))"
)
_OFFICE_ALONE, _LONGEST_NAME = re.compile(f"^.{{0,20}}(?:{_OFFICES})$"), 12
_NO_NAME = re.compile("[的得和]|各位|代表|作|报告|同志|人民|政府|关于|工作|讲话")


def delivered_on(blocks: Sequence[Block]) -> datetime.date | None:
    """The day on which the report was read to its congress; None where the opening names none, or several."""
    days = {day for line in _opening(blocks) if _MEETING.search(line) for day in _days(line)}
    if not days:
        days = {day for line in _opening(blocks) if _DATE.fullmatch(line.strip("()—- ")) for day in _days(line)}
    return days.pop() if len(days) == 1 else None


def delivered_by(blocks: Sequence[Block]) -> str:
    """The name of who delivered the report; "" where the opening names nobody, or several."""
    lines = _opening(blocks)
    # 国务院总理 may stand on a line of its own above the name.
    joined = [
        one + other for one, other in pairwise(lines) if _OFFICE_ALONE.search(one) and len(other) <= _LONGEST_NAME
    ]
    found = [match[1] for line in [*lines, *joined] for match in [_SPEAKER.search(line)] if match]
    names = {re.sub(r"\s", "", name) for name in found if not _NO_NAME.search(re.sub(r"\s", "", name))}
    return names.pop() if len(names) == 1 else ""


def _opening(blocks: Sequence[Block]) -> list[str]:
    return [simplify(normalise(block.text)) for block in blocks[:_OPENING] if len(block.text) <= _LONGEST]


def _days(line: str) -> list[datetime.date]:
    days = []
    for year, month, day in _DATE.findall(line):
        try:
            days.append(datetime.date(int(year.translate(_VALUES)), _whole(month), _whole(day)))
        except ValueError:  # 13月, 2月30日: a slip of the pen
            continue
    return days


def _whole(printed: str) -> int:
    """十九 → 19, 二十 → 20, 3 → 3."""
    if printed.isdecimal():
        return int(printed)
    tens, ten, ones = printed.rpartition("十")
    return (int(tens.translate(_VALUES) or 1) * 10 if ten else 0) + int(ones.translate(_VALUES) or 0)
