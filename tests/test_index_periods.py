"""Which years a text speaks of, and whether it accounts for a result or sets a target."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.figures import find_figures
from index.periods import Timing, find_years, passage_timing, running_timings, sentence_timing
from index.types import Period, Role

# All in a report delivered in 2024.   text | printed first—last kind [; …]; ? is unresolved
YEARS = """
2023年完成投资20亿元 | 2023年 2023 year
二〇二三年工作回顾 | 二〇二三年 2023 year
二○二三年工作回顾 | 二○二三年 2023 year
一九七八年的水平 | 一九七八年 1978 year
１９９３年国民经济 | １９９３年 1993 year
1 9 9 7 年的产量 | 1 9 9 7 年 1997 year
2021—2025年规划 | 2021—2025年 2021—2025 range
2021-2025年规划 | 2021-2025年 2021—2025 range
2020至2024年累计 | 2020至2024年 2020—2024 range
2020年至2024年累计 | 2020年至2024年 2020—2024 range
二〇二一至二〇二五年 | 二〇二一至二〇二五年 2021—2025 range
2020年以来 | 2020年以来 2020—2023 range
到2025年建成 | 2025年 2025 year
截至2023年底 | 2023年 2023 year
去年实现 | 去年 2023 relative
上年同期 | 上年 2023 relative
今年力争 | 今年 2024 relative
本年度安排 | 本年度 2024 relative
明年建成 | 明年 2025 relative
前年动工 | 前年 2022 relative
过去一年成绩突出 | 过去一年 2023 relative
过去的一年成绩突出 | 过去的一年 2023 relative
一年来，我们奋力前行 | 一年来 2023 relative
五年来，我们奋力前行 | 五年来 2019—2023 span
过去五年，我们奋力前行 | 过去五年 2019—2023 span
近三年年均增长 | 近三年 2021—2023 span
近5年累计 | 近5年 2019—2023 span
这五年是不平凡的 | 这五年 2019—2023 span
三年来持续改善 | 三年来 2021—2023 span
今后五年的目标 | 今后五年 2024—2028 span
未来三年的安排 | 未来三年 2024—2026 span
“十四五”时期 | “十四五” 2021—2025 plan
十四五规划 | 十四五规划 2021—2025 plan
“十三五”期间 | “十三五” 2016—2020 plan
“十二五”规划 | “十二五”规划 2011—2015 plan
“十五五”谋划 | “十五五” 2026—2030 plan
“十五”计划 | “十五” 2001—2005 plan
“九五”计划 | “九五” 1996—2000 plan
“七五”时期 | “七五” 1986—1990 plan
第一个五年计划 | 第一个五年计划 1953—1957 plan
第十二个五年规划 | 第十二个五年规划 2011—2015 plan
到“十四五”末 | “十四五”末 2025 plan
“十四五”收官之年 | “十四五”收官 2025 plan
“十五五”开局之年 | “十五五”开局 2026 plan
本届政府的承诺 | 本届政府 ? span
2022年、2023年分别为 | 2022年 2022 year; 2023年 2023 year
比2019年增长、较上年提高 | 2019年 2019 year; 上年 2023 relative
"""

NO_YEARS = """
九年义务教育
“八五”普法
农业科技“五五”工程
连续13年增长
上世纪90年代
全年接待游客
三年行动计划
建区40周年
2000元补助
青年和少年
历年积累
当年签约
"""


def _rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in row.split("|")] for row in table.strip().splitlines()]


def _spelt(period: Period | None) -> str:
    if period is None:
        return "?"
    return str(period.first) if period.first == period.last else f"{period.first}—{period.last}"


@pytest.mark.parametrize(("text", "expected"), _rows(YEARS))
def test_finds_years(text: str, expected: str) -> None:
    found = [f"{text[m.start : m.end]} {_spelt(m.period)} {m.kind}" for m in find_years(text, delivered=2024)]
    assert found == [e.strip() for e in expected.split(";")]


@pytest.mark.parametrize("text", NO_YEARS.strip().splitlines())
def test_leaves_other_words_alone(text: str) -> None:
    assert find_years(text, delivered=2024) == []


def test_relative_years_need_the_year_of_delivery() -> None:
    assert [m.period for m in find_years("去年和过去五年，2022年", delivered=None)] == [
        None,
        None,
        Period(first=2022, last=2022),
    ]


def test_a_term_ends_with_the_report_of_a_year_that_ends_in_3_or_8() -> None:
    (mention,) = find_years("本届政府的工作", delivered=2023)
    assert mention.period == Period(first=2018, last=2022)


# In a report delivered in 2026.   passage | sentence, the figure in 【】 | its period and role
SENTENCES = """
2025 done | 建成学校【12所】 | 2025 done
2025 done | 全年生产总值增长【5.2%】 | 2025 done
2025 done | 比2019年增长【31%】 | 2025 done
2025 done | 较上年提高【1.2个百分点】 | 2025 done
2025 done | 是2019年的【1.4倍】 | 2025 done
2025 done | 恢复到2019年的【119%】 | 2025 done
2025 done | 高于2020年【3.1个百分点】 | 2025 done
2025 done | 五年来累计建成【100座】 | 2021—2025 done
2025 done | “十四五”以来新增企业【3000家】 | 2021—2025 done
2025 done | 过去五年财政收入年均增长【6%】 | 2021—2025 done
2025 done | 2023年以来整治【80处】 | 2023—2025 done
2025 done | 人均收入从2020年的【10.5万元】提高到2025年的14万元 | 2020 done
2025 done | 人均收入从2020年的10.5万元提高到2025年的【14万元】 | 2025 done
2025 done | 公园由2020年的243座增加到【670座】 | 2025 done
2025 done | 比重由上年的42%提高到【45%】 | 2025 done
2025 done | 到2027年产值达到【3000亿元】 | 2027 target
2025 done | 力争到2027年建成【5条】 | 2027 target
2025 done | 2024年建成10座、2025年建成【12座】 | 2025 done
2025 done | 2024年建成【10座】、2025年建成12座 | 2024 done
2025 done | 预计生产总值增长【5%】 | 2025 done
2025 done | 近五年来首次实现【100%】达标 | 2025 done
2025 done | 降幅为近10年来最大，达【12%】 | 2025 done
2025 done | 提前完成“十四五”目标，覆盖率达【96%】 | 2025 done
2025 done | 在2020年基础上压减【20%】 | 2025 done
2025 done | 对2000年以前建成的【756个】小区实施改造 | 2025 done
2025 done | 入选《2030年行动方案》试点【3个】 | 2025 done
2025 done | 总量是前五年之和，新建【2.7万套】 | 2025 done
2025 done | 今年55项任务全部完成，形成成果【21项】 | 2025 done
2025 done | 连续13年增长，达到【200亿元】 | 2025 done
2025 done | 截至2025年底，总数达【350家】 | 2025 done
2025 done | 2025年，新增就业【1.2万人】；培训3000人 | 2025 done
2025 done | 在2022年获评示范区，入园企业【60家】 | 2022 done
2021—2025 done | 累计完成投资【800亿元】 | 2021—2025 done
2021—2025 done | 2025年生产总值达【1.3万亿元】 | 2025 done
2021—2025 done | 总量突破【1万亿元】 | 2021—2025 done
2021—2025 done | 2024年达到【1.2万亿元】、增长5.8% | 2024 done
2026 measure | 新建学校【10所】 | 2026 target
2026 measure | 力争新增企业【200家】 | 2026 target
2026 measure | 今年新增就业【1万人】以上 | 2026 target
2026 measure | 财政收入比上年增长【5%】 | 2026 target
2026 measure | 到2027年建成【3条】 | 2027 target
2026 measure | 到“十五五”末覆盖率达【98%】 | 2030 target
2026 measure | 目前已建成【16座】 | 2025 done
2026 measure | 建交的城市已经达到【35个】 | 2025 done
2026 measure | 2025年完成了【12个】 | 2025 done
2026 measure | 粮食已经连续【两年】丰收 | 2025 done
2025 done | 从2021至2025年共计减少支出【520亿元】 | 2021—2025 done
2026 measure | 去年建成【12个】 | 2025 done
2026 measure | 预计比上年增加【2万亿元】 | 2026 target
2026 measure | 拟安排专项债【3.9万亿元】 | 2026 target
2026 measure | 2026年建成【8座】 | 2026 target
2026 target | 生产总值增长【5%左右】 | 2026 target
2026 target | 失业率控制在【5.5%以内】 | 2026 target
2026 target | 到2030年人均达到【20万元】 | 2030 target
2026—2030 target | 年均增长【5%以上】 | 2026—2030 target
2026—2030 target | 到2030年达到【98%】 | 2030 target
2026—2030 measure | 建成园区【20个】 | 2026—2030 target
? other | 建成学校【12所】 | 2025 done
? other | 力争建成学校【12所】 | 2026 target
? other | 计划在2027年完成【30公里】 | 2027 target
? other | 2023年完成【30公里】 | 2023 done
? other | 包括【5项】内容 | ? other
? other | 城镇新增就业：目标 7000人，完成 【7500人】。 | 2025 done
? other | 城镇新增就业：目标 【7000人】，完成 7500人。 | 2026 target
2025 done | 城镇新增就业：目标 【7000人】，完成 7500人。 | 2025 target
2025 done | 学位：2024年 1080个，2025年 【2460个】。 | 2025 done
2025 done | 学位：2024年 【1080个】，2025年 2460个。 | 2024 done
2025 done | 民生保障持续改善 | 2025 done
2026 measure | 扎实推进城市更新 | 2026 measure
? other | 要坚持稳中求进 | 2026 measure
? other | 各位代表 | ? other
"""


def _timing(spelt: str) -> Timing:
    years, role = spelt.split()
    first, _, last = years.partition("—")
    period = None if years == "?" else Period(first=int(first), last=int(last or first))
    roles: dict[str, Role] = {"done": "done", "target": "target", "measure": "measure", "other": "other"}
    return period, roles[role]


@pytest.mark.parametrize(("passage", "marked", "expected"), _rows(SENTENCES))
def test_sentence_timing(passage: str, marked: str, expected: str) -> None:
    sentence = marked.replace("【", "").replace("】", "")
    span = None
    if "【" in marked:
        start = marked.index("【")
        span = next((f.start, f.end) for f in find_figures(sentence) if f.start <= start < f.end)
    assert sentence_timing(sentence, span, delivered=2026, passage=_timing(passage)) == _timing(expected)


# In a report delivered in 2026.   headings, outermost first, with > | opening of the paragraph | before | expected
PASSAGES = """
一、2025年工作回顾 | 生产总值增长5%。 | ? other | 2025 done
一、二〇二五年工作回顾 > （一）经济稳中有进 | 新增企业200家。 | ? other | 2025 done
一、过去一年工作回顾 | 民生改善。 | ? other | 2025 done
一、过去五年工作回顾 | 成绩显著。 | ? other | 2021—2025 done
一、2025年工作总结 | 完成投资。 | ? other | 2025 done
一、去年工作 | 完成投资。 | ? other | 2025 done
一、2025年主要工作和“十四五”发展成就 | 五年来，我们攻坚克难。 | 2025 done | 2021—2025 done
一、“十四五”时期和2025年工作回顾 | 这五年，我们攻坚克难。 | ? other | 2021—2025 done
一、“十四五”时期和2025年工作回顾 | 总量跨上新台阶。 | 2021—2025 done | 2021—2025 done
一、“十四五”时期和2025年工作回顾 | 刚刚过去的2025年，成绩不凡。 | 2021—2025 done | 2025 done
一、“十四五”时期和2025年工作回顾 > （一）改革突破 | 新签约12个。 | 2025 done | 2025 done
二、“十四五”成就和“十五五”主要目标 | “十五五”时期，要迈上新台阶。 | 2021—2025 done | 2026—2030 target
二、“十四五”成就和“十五五”主要目标 | ——实力更强。 | 2026—2030 target | 2026—2030 target
二、2026年工作安排 | 抓好项目建设。 | ? other | 2026 measure
二、2026年工作安排 > （一）扩大内需 | 抓好项目建设。 | 2026 measure | 2026 measure
二、关于“十五五”规划纲要的说明 | “十四五”时期，全市发展极不平凡。 | 2026—2030 measure | 2021—2025 done
二、关于“十五五”规划纲要的说明 | “十五五”时期承前启后。 | 2021—2025 done | 2026—2030 measure
二、2026年总体要求和主要目标 | 生产总值增长5%。 | ? other | 2026 target
二、今年重点工作 | 抓好项目。 | ? other | 2026 measure
二、“十五五”时期主要目标任务 | 总量翻番。 | ? other | 2026—2030 target
二、今后五年的奋斗目标 | 总量翻番。 | ? other | 2026—2030 target
三、“十五五”开局之年重点任务 | 抓好项目。 | ? other | 2026 measure
二、2026年工作安排 > （一）重点任务成效 | 抓好项目。 | 2026 measure | 2026 measure
一、2025年工作回顾 > （三）主要目标任务如期完成 | 就业稳定。 | 2025 done | 2025 done
名词解释 | 双随机：一种监管方式。 | 2026 measure | ? other
 | 2025年，全市经济回升向好。 | ? other | 2025 done
 | 过去一年，我们奋力前行。 | ? other | 2025 done
 | 过去五年，我们奋力前行。 | ? other | 2021—2025 done
 | 现在，我代表市人民政府，向大会报告工作，请予审议。 | ? other | 2025 done
 | 今年是“十五五”开局之年，要重点抓好以下工作。 | 2025 done | 2026 measure
 | 今年经济社会发展主要预期目标是：生产总值增长5%。 | 2025 done | 2026 target
一、2025年工作回顾 | 建议2026年全市发展的主要预期目标是：收入增长5%。 | 2025 done | 2026 target
一、2025年工作回顾 | 抓好项目建设。 | 2026 target | 2026 target
 | 民生持续改善。 | 2025 done | 2025 done
 | 抓好项目建设。 | 2026 measure | 2026 measure
 | 各位代表： | ? other | ? other
"""


@pytest.mark.parametrize(("headings", "text", "before", "expected"), _rows(PASSAGES))
def test_passage_timing(headings: str, text: str, before: str, expected: str) -> None:
    path = [h.strip() for h in headings.split(">") if h.strip()]
    assert passage_timing(path, text, delivered=2026, inherited=_timing(before)) == _timing(expected)


_TEXT = st.text(
    alphabet=st.one_of(
        st.sampled_from(
            "0123456789０１２〇○一二三五十年月日前去今明上过来这近届政府第个计划规“”至到—-比较从由的增长目标末"
        ),
        st.characters(),
    ),
    max_size=50,
)


@given(_TEXT, st.one_of(st.none(), st.integers(min_value=1954, max_value=2040)))
def test_never_raises_and_spans_hold(text: str, delivered: int | None) -> None:
    mentions = find_years(text, delivered=delivered)
    assert all(0 <= m.start < m.end <= len(text) for m in mentions)
    assert all(a.end <= b.start for a, b in itertools.pairwise(mentions))


@given(_TEXT, st.integers(min_value=0, max_value=50), st.integers(min_value=1954, max_value=2040))
def test_timing_never_raises(text: str, at: int, delivered: int) -> None:
    passage = passage_timing([text], text, delivered=delivered, inherited=(None, "other"))
    sentence_timing(text, (min(at, len(text)), len(text)), delivered=delivered, passage=passage)


def test_a_plan_that_looks_back_tells_of_results_until_it_turns_ahead() -> None:
    plan: Timing = (Period(first=2024, last=2024), "target")
    past: Timing = (Period(first=2023, last=2023), "done")
    said = ["2024年是关键一年。", "过去一年，成绩来之不易。", "新增就业8万人。", "今年要稳中求进。", "新增就业7万人。"]
    assert running_timings(said, delivered=2024, passage=plan) == [plan, past, past, plan, plan]
