"""Whether a passage or a sentence accounts for a result or sets a target, and for which years."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.figures.binding import row_of
from index.figures.numerals import fold
from index.periods.years import YearMention, find_years
from index.types import Period, Role

Timing = tuple[Period | None, Role]

_REVIEW = re.compile(
    r"回顾|决算|工作总结|总结|工作情况|完成情况|执行情况|主要成就|发展成就|历史性成就|取得.{0,8}成[绩就效]"
    r"|过去[一五三]年|过去的[一五]年|[一五]年来|去年(?:的)?工作|上年工作|年工作成效|发展成效|主要工作和"
    r"|主要成绩"
)
_PLAN = re.compile(
    r"工作安排|总体要求|主要目标|预期目标|发展目标|奋斗目标|目标任务|工作任务|重点任务|重点工作|主要任务"
    r"|总体思路|工作思路|工作部署|工作打算|工作建议|工作重点|今年(?:的)?(?:工作|政府|重点|经济|发展|主要|要)"
    r"|今后[五三]年|未来[五三]年|下一步|指导思想|基本要求|工作要求|工作举措|展望|远景目标|民生实事"
    r"|[0-9〇零一二三四五六七八九]{4}年(?:的)?(?:政府)?(?:重点|主要)?(?:工作|任务|目标)"
)
_GOAL = re.compile(r"目标|指标|远景")
_GLOSSARY = re.compile(r"名词解释|注释|有关词汇|用语说明")
_ANNEX = re.compile(r"附件|附录|附表")

_FUTURE = re.compile(r"力争|确保|计划(?!生育|经济|单列)|预期目标|目标|争取(?!到)|拟|将|要(?!素|求|闻)|今后|下一步|未来")
_ALREADY = re.compile(
    r"已经?(?:由|达|有|建|完成|实现|累计|连续|突破|超|形成|开|落|增|降|占|发)|目前(?:已|有|全)|现有|现已"
    r"|现在，?[^，]{0,12}(?:已|有)"
)
_DONE = re.compile(
    r"完成|建成|已|实现|增长了|了|达到|达|获|连续|累计|成功|圆满|顺利|突破|荣获|入选|蝉联|跃居|升至|降至"
)
# 超过9%的年度目标, 低于7.5%左右的年初预期: told of a result, the figure itself is what was aimed at.
_AIMED = re.compile(r" ?的(?:年初|年度|全年|原定|既定|省定|市定|国家|预定|计划)*(?:预期|目标|要求|任务)(?!数)")
# A year that a figure is only measured against: 比2019年, 较上年, 恢复到2019年的, 是2019年的1.2倍, 前五年之和.
_COMPARED = re.compile(r"(?:比|较|与|同|高于|低于|快于|多于)(?:去年|上年|前年)?$")
_EQUALLED = re.compile(r"(?:超过|超|恢复到|恢复至|相当于|等于|是|为|达到|达|占|创|近)$")
_AS_A_BASE = re.compile(r"(?:同期|年度)?(?:底|末)?(?:的|水平|相比|同期|增|提|下|减|翻|高|净)|之和|总和")
# 近5年来首次, 2000年以前发布的, 完成2025年目标: no time of the figure's own either.
_NO_TIME = re.compile(
    r"来?的?(?:首次|首个|最|新高|新低|未|第一)|[底末]?(?:以前|之前|前)|的?(?:实际)?(?:水平)?的?基础"
    r"|”?(?:规划)?(?:目标|任务|规划|纲要|指标)"
)
# 从2020年的11万亩增加到31万亩: the year belongs to the first figure only.
_FROM = re.compile(r"(?:从|由|自)$")
_CHANGED_TO = re.compile(r"[高加长升降小大少展增缩化变整转涨减低退补落跃][到至为了成]|跃居|增|降到|升到")


def passage_timing(headings: Sequence[str], text: str, *, delivered: int, inherited: Timing) -> Timing:
    """What the headings above a paragraph, outermost first, and its opening words imply; else what went before it.

    `inherited` is the result for the paragraph before it, `(None, "other")` at the start of a report or of a new part.
    A passage that plans has the role "target" where it lists aims and "measure" elsewhere.  A review that covers one
    year and five (“十四五”时期和2025年工作回顾) changes between them where a paragraph opens with 一年来 or 五年来.
    """
    told: Timing | None = None
    for heading in headings:
        told = _told_by_heading(heading, delivered, told) or told
    if any(_GLOSSARY.search(words) for words in (*headings, text[:24])) or _ANNEX.match(text):
        return None, "other"
    if told is None:
        return _told_by_opening(text, delivered, inherited) or inherited
    period, role = told
    if role != "done" and (past := _looks_back(text, delivered)):
        return past, "done"
    spoken_of = _reviewed(text, delivered) if role == "done" else None
    times = next((t for heading in reversed(headings) if (t := _times(heading, delivered))), [])
    if len(times) > 1:  # “十四五”时期和2025年工作回顾, “十四五”成就和“十五五”目标: the paragraphs say which
        if spoken_of is None and (coming := _planned(text, delivered)):
            return coming, "target" if role == "done" else role
        if spoken_of is None and inherited[0] is not None and inherited[1] != "other":
            return inherited
    elif role == "done":
        # Where a file lost the heading of the plan, that of the review still stands above.
        if aims := _aims(text, delivered):
            return aims, "target"
        if inherited[1] in ("target", "measure") and not text.startswith(headings[0]):
            return inherited
        if spoken_of is None and inherited[1] == "done" and not _times(headings[-1], delivered):
            spoken_of = inherited[0]
    return spoken_of or period, role


def _times(words: str, delivered: int) -> list[Period]:
    times = [m.period for m in find_years(words, delivered=delivered) if m.period is not None]
    if re.search(r"一年和五年|成就的五年", words):
        times.append(Period(first=delivered - 5, last=delivered - 1))
    return times


def _told_by_heading(heading: str, delivered: int, outer: Timing | None) -> Timing | None:
    words = fold(heading)
    times = _times(heading, delivered)
    past = next((t for t in times if t.first < delivered), None)
    coming = next((t for t in times if t.last >= delivered), None)
    within = outer[1] if outer else "other"
    if _REVIEW.search(words) and (past or not (times or within in ("target", "measure"))):
        period = past and Period(first=past.first, last=min(past.last, delivered - 1))
        known = outer[0] if outer and within == "done" else None
        return period or known or Period(first=delivered - 1, last=delivered - 1), "done"
    if _PLAN.search(words) and (coming or not (times or within == "done")):
        role: Role = "target" if _GOAL.search(words) else "measure"
        known = outer[0] if outer and within != "done" else None
        return coming or known or Period(first=delivered, last=delivered), role
    if coming and coming.first >= delivered and outer is None and len(words) < 40:
        return coming, "measure"
    return None


_ONE_YEAR = (
    r"(?:一年来|(?:刚刚)?过去的?这?一年|去年|刚刚过去的[0-9]{4}年"
    r"|[0-9]{4}年(?:是|，|,|以来|我[们市省区州县]|全[市省区州县]))"
)
_FIVE_YEARS = r"(?:五年来|过去的?五年|这五年|五年间|“?十[一二三四五]五”?(?:时期|期间|以来))"
_OPENING_REVIEW = re.compile(rf"^[^。]{{0,12}}?(?:回顾|回望)?(?:{_ONE_YEAR}|{_FIVE_YEARS})")
_OPENING_AIMS = re.compile(r"^[^。]{0,30}主要预期目标")
_REPORTS = re.compile(r"现在，?我代表.{0,24}报告(?:政府)?工作")
_OPENING_PLAN = re.compile(
    r"^.{0,8}(?:今年(?:是|的|工作|政府|经济|我|，)|做好今年|[0-9]{4}年(?:是|的?(?:政府)?工作|经济社会发展))"
    r".{0,80}(?:要|目标|重点|任务|安排|必须|坚持)"
    r"|^.{0,30}主要预期目标|重点(?:抓好|做好|推进)(?:以下|[一二三四五六七八九十]+个?方面)"
)


def _reviewed(text: str, delivered: int) -> Period | None:
    """The time that the opening words of a paragraph in a review name, if any."""
    match = _OPENING_REVIEW.match(fold(text[:48]))
    times = _times(text[: match.end() + 1], delivered) if match else []
    if match and not times and "五年" in match.group():
        times = [Period(first=delivered - 5, last=delivered - 1)]
    return next((Period(first=t.first, last=min(t.last, delivered - 1)) for t in times if t.first < delivered), None)


_OPENING_FIVE_YEARS = re.compile(rf"^[^。]{{0,6}}?{_FIVE_YEARS}")


def _looks_back(text: str, delivered: int) -> Period | None:
    """The years, all past, of which a paragraph under a heading that plans opens by telling (“十四五”时期，…)."""
    match = _OPENING_FIVE_YEARS.match(fold(text[:24]))
    times = _times(text[: match.end() + 1], delivered) if match else []
    if match and not times and "五年" in match.group():
        times = [Period(first=delivered - 5, last=delivered - 1)]
    return next((t for t in times if t.last < delivered), None)


_OPENING_AIM = re.compile(r"^[^。]{0,6}?(?:今后五年|未来五年|“?十[一二三四五六]五”?(?:时期|期间)|今年|到?[0-9]{4}年)")


def _planned(text: str, delivered: int) -> Period | None:
    """The time that the opening words of a paragraph in a plan for several times name, if any."""
    match = _OPENING_AIM.match(fold(text[:24]))
    times = _times(text[: match.end() + 1], delivered) if match else []
    return next((t for t in times if t.first >= delivered), None)


def _aims(text: str, delivered: int) -> Period | None:
    """The year whose aims a paragraph opens with, if any: 2026年经济社会发展主要预期目标是…"""
    match = _OPENING_AIMS.match(fold(text[:48]))
    times = _times(text[: match.end()], delivered) if match else []
    return next((t for t in times if t.first >= delivered), None)


def _told_by_opening(text: str, delivered: int, current: Timing) -> Timing | None:
    """What a paragraph without telling headings says at its start: 过去一年… or 今年主要预期目标…"""
    opening = fold(text[:160])
    past = _reviewed(text, delivered)
    if current[1] in ("other", "done") and past is not None:
        return past, "done"
    if current[1] == "other" and _REPORTS.search(opening):
        return Period(first=delivered - 1, last=delivered - 1), "done"
    times = _times(opening, delivered)
    if "民生实事" in opening and len(text) < 40 and times and times[0].first == delivered:
        return times[0], "measure"
    if current[1] in ("other", "done") and _OPENING_PLAN.search(opening) and (not times or times[0].last >= delivered):
        period = times[0] if times else Period(first=delivered, last=delivered)
        return period, "target" if _GOAL.search(opening) else "measure"
    return None


_PAST_YEAR = re.compile(r"\W*(?:刚刚)?(?:过去的?一年|一年来)[，,]")
_AHEAD = re.compile(r"\W*(?:今年|新的一年|下一步|[0-9]{4}年)")


def running_timings(sentences: Sequence[str], *, delivered: int, passage: Timing) -> list[Timing]:
    """The timing of the passage at each of its sentences: one that plans may tell of 过去一年 until it says 今年."""
    timings, now = [], passage
    for sentence in sentences:
        if _PAST_YEAR.match(sentence):
            now = (Period(first=delivered - 1, last=delivered - 1), "done")
        elif _AHEAD.match(sentence):
            now = passage
        timings.append(now)
    return timings


def sentence_timing(sentence: str, span: tuple[int, int] | None, *, delivered: int, passage: Timing) -> Timing:
    """The period and role of a sentence, or of the figure at `span` in it, within a passage of the given timing.

    The nearest year before a figure is its own, unless it is only what the figure is compared with (比2019年增长).
    """
    if span and (row := row_of(sentence, span[0])):
        return _cell_timing(sentence, span, row, delivered, passage)
    folded = fold(sentence)
    end = span[0] if span else len(folded)
    mentions = [m for m in find_years(sentence, delivered=delivered) if m.period is not None and m.end <= end]
    own = [m for m in mentions if _is_own(folded, m, end if span else m.end)]
    mention = (own[-1] if span else own[0]) if own else None
    period = mention.period if mention else None
    role = _role(folded, span, period, delivered, passage[1])
    if span and role == "done" and _AIMED.match(folded, span[1]):
        return period or _default_period(role, delivered, passage), "target"
    if mention and period and role == "done" and period.last >= delivered:
        if mention.kind in ("plan", "span") and period.first < delivered:
            period = Period(first=period.first, last=delivered - 1)  # “十四五”以来, told before its end
        elif mention.kind == "relative" and passage[1] == "done" and passage[0] is not None:
            period = passage[0]  # a report written in December calls the year that it reviews 今年
    return period or _default_period(role, delivered, passage), role


# The name of a column whose figures were aimed at, also in a table that accounts for results.
_AIM = re.compile(r"目标|计划|预期")


def _cell_timing(sentence: str, span: tuple[int, int], row: tuple[int, int], delivered: int, passage: Timing) -> Timing:
    """A cell's time and role are what its row and its column say, not what its neighbours do."""
    column = max(sentence.rfind(mark, 0, span[0]) for mark in "：，；") + 1
    words = f"{sentence[slice(*row)]}，{sentence[column : span[0]].strip()}"
    period, role = sentence_timing(
        words + sentence[slice(*span)],
        (len(words), len(words) + span[1] - span[0]),
        delivered=delivered,
        passage=passage,
    )
    return period, "target" if _AIM.search(words) else role


def _is_own(folded: str, mention: YearMention, end: int) -> bool:
    """Whether a year or span before a figure that starts at `end` tells the figure's own time."""
    before, after = folded[max(0, mention.start - 6) : mention.start], folded[mention.end : mention.end + 8]
    if folded.rfind("《", 0, mention.start) > folded.rfind("》", 0, mention.start):
        return False  # in the name of a document
    if _COMPARED.search(before) or _NO_TIME.match(after):
        return False
    if _EQUALLED.search(before) and _AS_A_BASE.match(after):
        return False
    return not (_FROM.search(before) and _CHANGED_TO.search(folded[mention.end : end]))


def _role(folded: str, span: tuple[int, int] | None, period: Period | None, delivered: int, passage: Role) -> Role:
    clause = folded[: span[0]] if span else folded
    clause = re.split(r"[；;。！？]", clause)[-1]
    future, done = bool(_FUTURE.search(clause)), bool(_DONE.search(clause))
    planned: Role = "target" if span is not None else "measure"
    if period is not None:
        if period.last < delivered:
            return "done"
        if period.first >= delivered:
            return "done" if passage == "done" and done and not future and period.last == delivered else planned
        return planned if passage in ("target", "measure") or (future and not done) else "done"
    if passage == "done":
        return "done"
    if passage in ("target", "measure"):
        return "done" if _ALREADY.search(re.split(r"[，,：:]", clause)[-1]) else planned
    if future:
        return planned
    return "done" if done else "other"


def _default_period(role: Role, delivered: int, passage: Timing) -> Period | None:
    period, passage_role = passage
    same = (role == "done") == (passage_role == "done")
    if period is not None and same:
        return period
    if role == "done":
        return Period(first=delivered - 1, last=delivered - 1)
    return Period(first=delivered, last=delivered) if role in ("target", "measure") else None
