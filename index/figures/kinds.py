"""What a percentage says, growth or share, and which way a figure moved."""

from __future__ import annotations

import re
from typing import Literal

from index.figures.numerals import fold
from index.types import Figure, FigureKind

Direction = Literal["up", "down", ""]

_UP = (
    r"增长|增加(?!值)|增至|增到|增幅|增速|提高|提升|上升|上涨|上浮|上调|扩大|涨幅|攀升|增收|递增|新增"
    r"|增(?![加值设])|升(?!级)|涨|扩(?![建容])|高于|快于|高出|翻|多于|多出|还多"
)
_DOWN = (
    r"下降|减少|降低|回落|下滑|下调|下浮|压减|压缩|缩短|缩小|收窄|负增长|降幅|跌|降|减|缩|低于|慢于|少于|少了|还少|节约"
)
# 提高到95% gives a level, 提高9.5% a change; 增量的63% is a share whatever grew.
_LEVEL = re.compile(r"(?:到|至|为|达|占|在|占比|比重|超|过|比例|前|(?<![增上下]长)的) ?$")
_RATE_OF_CHANGE = re.compile(r"(?:增长率|增速|增幅|涨幅|降幅)[^，]{0,10}$")
_CHANGE = re.compile(rf"{_UP}|{_DOWN}|同比|年均|增长率|增加值")
_SHARE = re.compile(r"占|比重|比例|覆盖率|失业率|[^长]率|强度|度|达|完成")
_CHANGE_AFTER = re.compile(r"(?:左右|以上)?的?(?:中高)?(?:年均|经济)?(?:增长|增速|增幅|速度|涨幅|降幅|目标增长)")


def _clause(folded: str, start: int) -> str:
    return re.split(r"[，,。；;！？\n]", folded[max(0, start - 40) : start])[-1]


def percent_kind(folded: str, start: int, end: int) -> FigureKind:
    """growth or share, by the words of the clause nearest before the percentage."""
    if _CHANGE_AFTER.match(folded, end):
        return "growth"
    clause = _clause(folded, start)
    if _LEVEL.search(clause) and not _RATE_OF_CHANGE.search(clause):
        return "share"
    changes, shares = list(_CHANGE.finditer(clause)), list(_SHARE.finditer(clause))
    last_change = changes[-1].end() if changes else -1
    last_share = shares[-1].end() if shares else -1
    return "growth" if last_change > last_share else "share"


_MOVE = re.compile(rf"(?P<down>{_DOWN})|(?P<up>{_UP})")


def direction(text: str, figure: Figure) -> Direction:
    """Which way the words before a figure in its clause say it moved, "" if they say nothing."""
    moves = list(_MOVE.finditer(_clause(fold(text), figure.start)))
    if not moves:
        return ""
    return "down" if moves[-1]["down"] else "up"
