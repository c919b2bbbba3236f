"""Ordinals and ranks among the figures: 第七届, 3号线, 一期, “十四五”, 八连冠; 第3位, 居全国第二, 前三."""

from __future__ import annotations

import re

from index.figures.numerals import HAN, chinese_value
from index.figures.reader import Reader, number
from index.figures.units import UNIT
from index.types import Figure

# “八五” is also a campaign of legal education and 五五 a shopping feast, so the old plans need their quotation marks.
_PLAN = re.compile(
    r"(?P<modern>十[一二三四五六]五(?![个家项年万亿十百千条名人户件]))"
    r"|(?:十|[六七八九])五(?=”)|[一二三四五]五(?=”(?:计划|时期|期间|规划|末))"
)
_DIGITS = re.compile(rf"[0-9]+(?![0-9.])|[{HAN}]{{1,40}}")
_RANK_WORD = re.compile(r"[位名强]")
_RANKING = re.compile(
    r"排|居|列|位|名次|全国|全省|全市|全区|全州|全县|世界|全球|西部|中部|东部|同类|进入|跻身|跃升|跃居|升至|晋级|副省级|百强"
)
_BORDER = re.compile(r"[，,、。；;：:！？）)\n“”]|$")
_AFTER_DI = re.compile(r"阶段|季度|家(?!园)|[届次批期轮号个条章代站步场天年]")
_NUMBERED = re.compile(r"号线|号(?![召称角脉令])|连[冠胜增丰升降]|届(?!时|满)|周年")
# Stages and meetings are numbered in Chinese: 机场三期, 十四届五次全会; 培训班12期 counts.
_NUMBERED_IN_HAN = re.compile(
    r"期(?![间望限货末]|叠加)"
    r"|次(?=(?:、[一二三四五六七八九十]+次)*(?:和[一二三四五六七八九十]+次)?(?:全会|全体会议|会议|党代会|历次))"
)


def five_year_plan(reader: Reader, at: int) -> Figure | None:
    """“十四五” is the 14th of 五年规划."""
    match = _PLAN.match(reader.folded, at)
    if match is None or not (match["modern"] or reader.in_quotes(at)):
        return None
    value = chinese_value(match.group()[:-1])
    return None if value is None else reader.figure(at, match.end(), value, "五年规划", "ordinal")


def ordinal(reader: Reader, at: int) -> Figure | None:
    """An ordinal or a rank whose number starts at `at`; 第 and 前 belong to its text."""
    folded = reader.folded
    match = _DIGITS.match(folded, at)
    if match is None or (value := number(match.group())) is None:
        return None
    end, mark = match.end(), folded[max(0, at - 1) : at]
    if mark in ("第", "前"):
        leading = "前" if mark == "前" else ""  # 前三 is not 第三
        ranked = bool(_RANKING.search(reader.clause(at - 1)))
        rank = _RANK_WORD.match(folded, end)
        if rank and (ranked or rank.group() in (("位", "名") if mark == "第" else ("位", "强"))):
            return reader.figure(at - 1, rank.end(), value, rank.group(), "rank", qualifier=leading)
        if ranked and _BORDER.match(folded, end):
            return reader.figure(at - 1, end, value, "", "rank", qualifier=leading)
        unit = _AFTER_DI.match(folded, end) or UNIT.match(folded, end)
        if mark == "第" and unit and "%" not in unit.group():
            return reader.figure(at - 1, unit.end(), value, unit.group().strip(), "ordinal")
        return None
    unit = _NUMBERED.match(folded, end)
    if unit is None and not folded[at].isascii():
        unit = _NUMBERED_IN_HAN.match(folded, end)
    if unit is None or (value >= 100 and unit.group() not in ("届", "号", "周年")):
        return None
    if match.group() == "一" and (unit.group() == "届" or folded[at - 1 : at] == "新"):
        return None  # 新一期计划, 办成一届盛会
    return reader.figure(at, unit.end(), value, unit.group(), "ordinal")
