"""The name of an indicator: the words of a figure without what says when, where, how sure and by how much.

全省地区生产总值同比增长, 力争地区生产总值增长 and 地区生产总值 have one name; 新建 and 建成 stay in theirs, for what is
begun is not what is done.
"""

from __future__ import annotations

import re

from index.figures.numerals import fold

_PLAN = r"“?十[一二三四五]五”?"
_YEAR = re.compile(
    r"(?:从|自|由|到|至|以|较|比|与)?(?:(?:19|20)\d\d年?(?:—|-|至|到))?(?:(?:19|20)\d\d|[一二三四五六七八九〇零]{4})年"
    r"(?:以来|底|末|初|度)?的?"
    r"|平均每年|今年(?:以来)?|去年(?:同期)?|上年(?:同期)?|前年|明年|本年度?|全年|年内|年[底末初均]|每年|过去[一五]年|[一五]年来"
    rf"|五年间?(?!规划|计划)|{_PLAN}(?:期间|时期|以来|期?末)|第?[1-4一二三四]季度|上半年|下半年|截至|截止|目前|当前"
)
# Words that go off at either end, again and again; none of them tells one indicator from another.  What may follow
# without making another word of it stands in brackets.
_EITHER_END = r"""
全[省市区县州旗盟国镇] 我[省市区县州旗国]们? [，,、；;：:—\s] 其中 分别 预期 预计 力争 确保 争取 努力
计划(?!生育|经济|单列) 目标 大体 大致 总体 已经? 将 要(?!素) 均(?!衡|等) 都(?!市) 约(?!定|束) 近(?=$) 超过? 逾 突破
完成(?!率) 实现(?!率) 达到?(?!标) 控制 保持 稳定(?=在|$) 维持 位居 位列 居(?!民|住) 同比 环比 同口径 可?按?可比口径
按可比价格? 按不变价格?(?:计算)? 扣除价格因素 名义 相比 继续 持续 进一步 基本(?=$|完成|实现) 成功 累计 总共
合计
"""
_FIRST = "的 为(?!民) 使 又 再(?!生|就|制) 并(?!购|网) 且 也 了(?!解) 是 以上 以下 左右 以内 [）)”》]"
_LAST = """
的 了 为 到 至 在 由 从 比 较 占 达 是 有 共 近 仅 只 等 于 还 又 再 各 以上 以下 左右 以内 提高 提升 上升 上涨 增长
(?<![新净])增加 增至 增到 增速 增幅 涨幅 下降 降低 降至 降幅 回落 减少 扩大 缩小 升至 高于 低于 快于 跃居 超出 翻
(?<![新净])增 (?<!提)升 降 减 未 年度 年初 [（(“《]
"""
# 从2.77%提高到, 稳定在…水平: where a change starts, and what frames a level.
_FRAME = re.compile(r"[由从][^，、]{0,6}\d[^，、]*$|(?:稳定|保持|控制)在(?:水平)?$")


def _any_of(*words: str) -> str:
    return "|".join("|".join(words).split())


_HEAD = re.compile(rf"^(?:{_any_of(_EITHER_END, _FIRST)})+")
_TAIL = re.compile(rf"(?:{_any_of(_EITHER_END, _LAST)})+$")


def name_of(indicator: str) -> str:
    """The name in an indicator as printed; as printed where nothing else would be left of it."""
    words, before = _YEAR.sub("", _FRAME.sub("", fold(indicator))), ""
    while words != before:
        before = words
        words = _TAIL.sub("", _FRAME.sub("", _HEAD.sub("", words)))
    return words or fold(indicator)
