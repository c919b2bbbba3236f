"""Questions about the answer just given: which year is that figure of, what place, where does it stand.

The question before is answered again, from the reports as they are now, and its claims are what they always are:
verified, with their addresses.  Only what was asked about them is said in front, from those addresses.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from rag.types import Answer, Citation, Turn

__all__ = ["About", "about_earlier", "remembered", "told_about"]

About = Literal["year", "place", "source"]

_POLITE = re.compile(r"^(?:那么|请问|你|您|麻烦)+|[吗呢啊呀吧]$")
_THING = r"(?:[个些项条份句段]|数字?|数据|数值|指标|结果|结论|说法|答案|回答|话|信息|引文|原文|内容|的|是)"
_POINTING = rf"(?:(?:刚才|上面|前面|以上|上述|这|那|它|该|此)(?:说|讲|给|答|引)?{_THING}*)+"
_REPORT = r"(?:[份篇个]?(?:报告|文件|材料)的?)"
_PATTERNS: dict[About, str] = {
    "year": rf"(?:属于|指的|说的|指|说)?是?(?:哪一?个?(?:年度|年份|年)|什么时候|何时){_THING}*",
    "place": rf"(?:属于|指的|说的|指|说)?是?(?:哪个?(?:地方|地区|省|市|县|区|城市)|哪里|哪儿){_THING}*",
    "source": rf"(?:出自|来自|来源于|引自|取自|写在|依据的?|从|在|出现在)是?"
    rf"(?:哪一?{_REPORT}?(?:第?几|哪)?一?[段节页章]?|第?几[段页]|哪里|哪儿|什么地方|何处)"
    rf"(?:来|找到|查到|看到|写|说|得出)?{_THING}*"
    rf"|的?(?:出处|来源|依据|原文)(?:是|在)?(?:什么|哪里|哪儿|哪一?段|哪一?{_REPORT})?",
}
_BARE_SOURCE = re.compile(r"(?:出处|来源|依据|原文)(?:是|在)?(?:什么|哪里|哪儿|哪一?段)?")


def about_earlier(question: str, history: Sequence[Turn]) -> About | None:
    """What `question` wants to know of the answer before it; None if it asks for something of its own."""
    asked = _POLITE.sub("", re.sub(r"[\s？?。！!，,、：:]", "", question))
    if not history:
        return None
    if _BARE_SOURCE.fullmatch(asked):
        return "source"
    return next(
        (about for about, pattern in _PATTERNS.items() if re.fullmatch(f"{_POINTING}(?:{pattern})", asked)), None
    )


def remembered(history: Sequence[Turn]) -> int | None:
    """The position of the last turn that asked something of the reports."""
    asked = (at for at in reversed(range(len(history))) if about_earlier(history[at].question, history[:at]) is None)
    return next(asked, None)


def told_about(about: About, answer: Answer) -> str:
    """What an answer's scope and citations say to the question about it, in a line for people."""
    if answer.status != "answered":
        return "上一个问题没有查到答案："
    if about == "place":
        return f"是{'、'.join(answer.scope.regions)}的："
    if about == "year":
        titles = "、".join(dict.fromkeys(f"《{citation.title}》" for citation in answer.citations))
        return f"是{'、'.join(f'{year}年' for year in sorted(answer.scope.years))}的，见{titles}："
    return f"出自{'；'.join(map(_place, answer.citations))}："


def _place(citation: Citation) -> str:
    section = f"“{citation.section[-1]}”，" if citation.section else ""
    return f"《{citation.title}》，{section}第{citation.paragraph}段[{citation.mark}]"
