"""A question as it is typed → one spelling of it, free of what says nothing: courtesy, purpose, short years.

What people see keeps their own spelling; only what is understood is spelled so.
"""

from __future__ import annotations

import re

from index.figures.numerals import fold
from index.text import simplify

__all__ = ["plain_question"]

# 麻烦帮我查一下, 您好，请问: what comes before a question and asks nothing.
_COURTESY = re.compile(
    r"^(?:[，,。！!、~～\s]|您好|你好|大家好|老师|小编|小报|请问一?下?|请教一?下?|请|麻烦|劳驾|拜托|烦请|辛苦|打扰一?下?|不好意思"
    r"|(?:能不能|可不可以|可否|能否|能|可以)?(?:帮我|帮忙|帮我们|给我|给我们|替我)+(?=[查找看问搜核统列整讲说])"
    r"|(?:我们?|俺)?(?:想|要|需要|急需)(?:要)?(?:请问|问|了解|知道|咨询|查|看看|核实|确认)(?:一下|下)?"
    r"|(?:查|搜|问|核实|核对|咨询|看)(?:一下|一查|询)|(?:查|找|搜)(?:找|出)?(?=.{6})(?!处|办|获|封|补|明|扣|结|控)"
    r"|(?:你|您)?(?:知道|晓得|清楚)(?=.{4})|(?:现在|目前)?(?:我|我们)(?:正)?在?写.{0,8}?[，,]|关于(?=.{4}))+"
)
# …，写材料用 / 谢谢: what comes after it.
_PURPOSE = re.compile(
    r"[，,。！!？?\s、]+(?:我|我们|领导|主任|局长|处长)?(?:要|想|等着|急着|今天|明天|马上)*"
    r"(?:(?:写|做|编|整|报|交|发)[^，,。？?]{0,6}?(?:材料|报告|汇报|总结|方案|稿子?|信息|简报|调研|台账|ppt)[^，,。？?]{0,4}"
    r"|[^，,。？?]{0,4}?(?:急用|很急|有急用|要用|用一下|备用)|(?:非常|多)?(?:谢谢|感谢|多谢|谢了)[^，,。？?]{0,4}|辛苦了?|麻烦了?|拜托了?|急"
    r"|(?:请|麻烦)?(?:尽快|尽早|速速?)?(?:回复|告知|答复|提供|帮忙)(?:一下|下)?|(?:请|要|并)?(?:给出|附上?|注明|标明|标出|说明)(?:一下)?(?:出处|来源|依据|原文)"
    r"|(?:要|请给)?(?:准确|权威|官方|具体)的?(?:数字|数据|说法))[。！!？?~～\s]*$",
    re.IGNORECASE,
)
# 23年 is a year, 近20年, 用3年 and 20年来 are spans of time.
_SHORT_YEAR = re.compile(
    r"(?<![\d.近去这每第满超约前后用在过逾历时续整达近乎期])(?P<year>\d\d)年(?!来|间|期|以上|以下|以内|内|之内|以后|之后|后|历史|多|一遇|前|[～~\-—至到]|制|级|义务|免费)"
)
_SHORT_LIST = re.compile(
    r"(?<![\d.])(?P<year>\d\d)(?P<joint>年?(?:[、和与跟及到至]|[-—~～]+))(?=(?:\d\d年|\d{4}(?:年|[、和与跟及到至])))"
)
# 八五期间, where the marks of the plan are left out; 十四五 is known without.
_PLAN = re.compile(r"(?<![“十\d])([一二三四六七八九]五)(?=期间|时期|计划|规划|末)")
_HUNDREDS = (1900, 2000)


def plain_question(question: str, *, now: int | None) -> str:
    """`question` in simplified characters and half-width digits, with 23年 as 2023年, without courtesy and purpose.

    `now` is the newest year of delivery; a short year is the latest such year up to the one after it.
    """
    asked = simplify(fold(question)).strip()
    while (shorter := _PURPOSE.sub("", asked)) != asked and shorter:
        asked = shorter
    bare = _COURTESY.sub("", asked)
    asked = bare if len(bare) >= 2 else asked
    asked = _PLAN.sub(r"“\1”", asked)
    return _SHORT_YEAR.sub(lambda m: f"{_long(m['year'], now)}年", _long_lists(asked, now))


def _long_lists(text: str, now: int | None) -> str:
    """23、24、25年 and 23年到25年 with their years written out."""
    before = ""
    while before != text:
        before, text = text, _SHORT_LIST.sub(lambda m: f"{_long(m['year'], now)}{m['joint']}", text)
    return text


def _long(year: str, now: int | None) -> str:
    """2023 of 23, 1982 of 82; the short form where neither century can be meant."""
    years = [hundred + int(year) for hundred in _HUNDREDS]
    possible = [long for long in years if 1949 <= long <= (now or years[-1]) + 1]
    return str(possible[-1]) if possible else year
