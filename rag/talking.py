"""What people say to a program that is no question about reports: greetings, thanks, who are you, write me a poem."""

from __future__ import annotations

import re
from typing import Literal

__all__ = ["Talk", "small_talk"]

Talk = Literal["greeting", "thanks", "identity", "task"]

_MARKS = re.compile(r"[\s，,。.！!？?~～、…]+")
_WHOLE: dict[Talk, str] = {
    "greeting": r"(?:你好|您好|大家好|哈喽|嗨|hi|hello|hey|早上好|早安|[上中下]午好|晚上好|晚安|在吗"
    r"|在不在|有人吗|你在吗|喂)+[啊呀吗哦]?",
    "thanks": r"(?:谢谢|多谢|感谢|谢了|辛苦|好的|好|行|可以|明白|知道|收到|了解|嗯+|哦+|噢|ok|okay|再见|拜拜"
    r"|不用了?|没事|没有|哈+|厉害|不错|很好|太好|真棒)+[了啊呀吧你您嗯的]*",
    "identity": r"你(?:是|叫)(?:谁|什么|啥|哪个|不是)?.{0,8}"
    r"|(?:介绍|说说|讲讲)(?:一下)?你自己|你(?:会|能)(?:做|干|说|回答|帮).{0,8}"
    r"|(?:怎么|如何)(?:用|使用|提问|问).{0,6}|(?:这|这里)是(?:什么|干什么)的?|你有什么(?:用|功能)|帮助|使用说明|help",
    "task": r"(?:你)?(?:给|帮|替|请)?(?:我|大家)?(?:写|作|编|做|画|唱|讲|翻译|生成|来)"
    r"(?:一|个|首|篇|段|份|张|下).{0,20}",
}
# A poem, the weather, a sum: whatever stands around it, no report tells it.
_ELSEWHERE = re.compile(
    r"(?:写|作|背|念)[一二三两首个点段篇给我]*(?:诗|歌|小说|作文|情书)"
    r"|讲.{0,3}(?:笑话|故事)|(?:今天|明天|现在).{0,4}(?:天气|几点|星期几|几号)"
)
_PATTERNS = {talk: re.compile(pattern, re.IGNORECASE) for talk, pattern in _WHOLE.items()}


def small_talk(question: str) -> Talk | None:
    """What is said where nothing is asked of the reports; None for a question."""
    said = _MARKS.sub("", question)
    if _ELSEWHERE.search(said):
        return "task"
    return next((talk for talk, pattern in _PATTERNS.items() if pattern.fullmatch(said)), None)
