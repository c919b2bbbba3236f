"""Whether a passage or a sentence accounts for a result or sets a target, and for which years."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.figures.numerals import fold
from index.periods.years import YearMention, find_years
from index.types import Period, Role

Timing = tuple[Period | None, Role]

_REVIEW = re.compile(
    r"回顾|工作总结|总结|工作情况|完成情况|执行情况|主要成就|发展成就|历史性成就|取得的?成[绩就效]|过去[一五三]年|过去的[一五]年|[一五]年来|去年(?:的)?工作|"
    r"上年工作|年工作成效|发展成效|主要工作和|主要成绩"
)
_PLAN = re.compile(
    r"工作安排|总体要求|主要目标|预期目标|发展目标|奋斗目标|目标任务|工作任务|重点任务|重点工作|主要任务|总体思路|工作思路|工作部署|工作打算|工作建议|工作重点|今年(?:的)?(?:工作|政府|重点|经济|发展|主要|要)|"
    r"今后[五三]年|未来[五三]年|下一步|指导思想|基本要求|工作要求|工作举措|展望|远景目标|民生实事|[0-9〇零一二三四五六七八九]{4}年(?:的)?(?:政府)?(?:重点|主要)?(?:工作|任务|目标)"
)
_GOAL = re.compile(r"目标|指标|远景")
_ANNEX = re.compile(r"名词解释|注释|附件|附录|附表|有关词汇|用语说明")

_FUTURE = re.compile(r"力争|确保|计划|预期|目标|争取|拟|将|要|规划|打算|今后|下一步|继续|加快|加强|深入|推动|推进|大力")
_STRONG_FUTURE = re.compile(r"力争|确保|计划(?!生育|经济|单列)|预期目标|目标|争取(?!到)|拟|将|要(?!素|求|闻)|今后|下一步|未来")
_DONE = re.compile(r"完成|建成|已|实现|增长了|了|达到|达|获|连续|累计|成功|圆满|顺利|突破|荣获|入选|蝉联|跃居|升至|降至")
# 比2019年, 较上年, 与2020年相比, 恢复到2019年的: the year is what a figure is measured against, not its own.
_BASE_BEFORE = re.compile(r"(?:比|较|与|同|高于|低于|快于|多于|超过|超|恢复到|恢复至|相当于|是|为|达到|达|占)$")
_BASE_AFTER = re.compile(r"(?:同期|年度)?(?:底|末)?(?:的|水平|相比|同期|增|提|下|减|翻|高|净)")


def passage_timing(headings: Sequence[str], text: str, *, delivered: int, inherited: Timing) -> Timing:
    """What the headings above a paragraph, outermost first, and its opening words imply; else what went before it.

    `inherited` is the result for the paragraph before it (`(None, "other")` at the start).  A passage that plans has the
    role "target" where it lists aims and "measure" elsewhere.
    """
    timing = None
    for heading in headings:
        timing = _announced(heading, delivered, timing) or timing
    return _announced_in_text(text, delivered, timing or inherited) or timing or inherited


def _announced(heading: str, delivered: int, outer: Timing | None) -> Timing | None:
    words = fold(heading)
    if _ANNEX.search(words):
        return None, "other"
    mentions = [m for m in find_years(heading, delivered=delivered) if m.period is not None]
    period = mentions[0].period if mentions else None
    if _REVIEW.search(words) and not (period and period.first >= delivered):
        return period or (outer[0] if outer and outer[1] == "done" else Period(first=delivered - 1, last=delivered - 1)), "done"
    if _PLAN.search(words) and not (period and period.last < delivered):
        role: Role = "target" if _GOAL.search(words) else "measure"
        return period or (outer[0] if outer and outer[1] != "done" else None) or Period(first=delivered, last=delivered), role
    if period and period.first >= delivered and len(words) < 40 and outer is None:
        return period, "measure"
    return None


_OPENING_REVIEW = re.compile(
    r"^.{0,12}(?:回顾过去|过去[一五]年|过去的[一五]年|[一五]年来|(?:刚刚)?过去的[0-9]{4}年|(?:去年|[0-9]{4}年)(?:以来)?[，是])|现在，?我代表.{0,20}报告工作"
)
_OPENING_PLAN = re.compile(
    r"^.{0,8}(?:今年(?:是|的|工作|政府|经济|我|，)|做好今年|[0-9]{4}年(?:是|的?(?:政府)?工作|经济社会发展)).{0,80}(?:要|目标|重点|任务|安排|必须|坚持)"
    r"|主要预期目标|重点(?:抓好|做好|推进)(?:以下|[一二三四五六七八九十]+个?方面)"
)


def _announced_in_text(text: str, delivered: int, current: Timing) -> Timing | None:
    opening = fold(text[:160])
    mentions = [m for m in find_years(opening, delivered=delivered) if m.period is not None]
    period = mentions[0].period if mentions else None
    if current[1] in ("other", "done") and _OPENING_PLAN.search(opening) and not (period and period.last < delivered):
        return period or Period(first=delivered, last=delivered), "target" if _GOAL.search(opening) else "measure"
    if current[1] == "other" and _OPENING_REVIEW.search(opening) and not (period and period.first >= delivered):
        return period or Period(first=delivered - 1, last=delivered - 1), "done"
    return None


def sentence_timing(sentence: str, span: tuple[int, int] | None, *, delivered: int, passage: Timing) -> Timing:
    """The period and role of a sentence, or of the figure at `span` in it, within a passage of the given timing.

    The nearest year before a figure is its own, unless it is only what the figure is compared with (比2019年增长).
    """
    folded = fold(sentence)
    mentions = [m for m in find_years(sentence, delivered=delivered) if m.period is not None and not _in_title(folded, m)]
    own = [m for m in mentions if not _is_base(folded, m, span)]
    if span is not None:
        before = [m for m in own if m.end <= span[0]]
        mention = before[-1] if before else None
    else:
        mention = own[0] if own else None
    period = mention.period if mention else None
    role = _role(folded, span, period, delivered, passage[1])
    if period is not None and mention is not None and role == "done" and period.last >= delivered and period.first < delivered:
        period = Period(first=period.first, last=delivered - 1)  # “十四五”以来, told before its end
    if period is None:
        period = _default_period(role, delivered, passage)
    return period, role


def _role(folded: str, span: tuple[int, int] | None, period: Period | None, delivered: int, passage: Role) -> Role:
    clause = folded[: span[0]] if span else folded
    clause = re.split(r"[；;。！？]", clause)[-1]
    future, done = bool(_STRONG_FUTURE.search(clause)), bool(_DONE.search(clause))
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
        return planned
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


def _in_title(folded: str, mention: YearMention) -> bool:
    """Whether the mention stands in 《…》, the name of a document."""
    return folded.rfind("《", 0, mention.start) > folded.rfind("》", 0, mention.start)


def _is_base(folded: str, mention: YearMention, span: tuple[int, int] | None) -> bool:
    before, after = folded[max(0, mention.start - 3) : mention.start], folded[mention.end : mention.end + 6]
    compared = _BASE_BEFORE.search(before)
    if compared is None:
        return False
    if compared.group() in ("比", "较", "与", "同", "高于", "低于", "快于", "多于"):
        return True
    return bool(_BASE_AFTER.match(after))
