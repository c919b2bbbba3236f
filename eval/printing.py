"""A scorecard in the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from eval.bootstrap import interval
from eval.comparison import Change, Difference
from eval.metrics.score import Score
from eval.scorecard import Fault, Scorecard

__all__ = ["NAMES", "print_differences", "print_scorecard", "print_scores"]

# What each score is called; for the terminal and the page.
NAMES = {
    "score": "得分（错一题倒扣）",
    "right": "答对",
    "missing": "未答",
    "wrong": "答错",
    "misquote_rate": "错引数字的回答",
    "anchored": "引文逐字在原文",
    "citation_precision": "引用准确率",
    "citation_recall": "证据引用率",
    "false_answer": "不该答而答",
    "false_refusal": "该答而未答",
    "region_leak": "引到别的地区",
    "year_leak": "引到别的年份",
    "followup_retention": "追问沿用地区和年份",
    "seconds_p50": "用时中位数（秒）",
    "seconds_p95": "用时 95 分位（秒）",
    "megabytes": "内存峰值（MB）",
    "said@1": "第一条检索结果里有答案",
    "out_of_corpus": "未答中：题中的地区或年份没有资料",
    "fact_recall": "要点召回（加权）",
    "claim_misquote": "错引数字的句子",
    "lead_distractors": "开头出现的次要数字（个）",
    "characters": "字数",
}


def print_scorecard(scorecard: Scorecard, console: Console, *, show: int = 10) -> None:
    """Print the headline with 95 % intervals, the verdicts by type, and the first `show` faults."""
    print_scores(scorecard.headline, console, title=f"总分（{scorecard.cases} 题）")
    console.print(_by_type(scorecard))
    for fault in scorecard.faults[:show]:
        console.print(_told(fault))
    if len(scorecard.faults) > show:
        console.print(f"另有 {len(scorecard.faults) - show} 题未列出。")
    if scorecard.unplaced:
        lost = f"{len(scorecard.unplaced)} 条证据在报告中找不到原文（如题 {scorecard.unplaced[0][0]}）"
        console.print(f"注意：{lost}，题目与报告可能不配套。", style="bold")


def print_scores(scores: Sequence[Score], console: Console, *, title: str) -> None:
    """Print each score with the 95 % interval of a mean and the number of cases behind it."""
    table = Table("指标", title=title)
    for heading in ("分值", "95% 区间", "题数"):
        table.add_column(heading, justify="right")
    for score in scores:
        table.add_row(NAMES.get(score.name, score.name), _value(score), _range(score), str(len(score.parts)))
    console.print(table)


def print_differences(
    told: Sequence[Difference], changed: Sequence[Change], console: Console, *, names: tuple[str, str], show: int
) -> None:
    """Print two runs side by side, and the first `show` cases that they answered with different verdicts."""
    table = Table("指标", title="逐题配对比较")
    for heading in (*names, "差", "95% 区间", "p"):
        table.add_column(heading, justify="right")
    for one in told:
        values = ("—" if value is None else f"{value:.3f}" for value in (one.first, one.second))
        apart = "—" if one.value is None else f"{one.value:+.3f}"
        bounds = "—" if one.interval is None else f"{one.interval[0]:+.3f} 至 {one.interval[1]:+.3f}"
        chance = "—" if one.p is None else f"{one.p:.3f}"
        style = "bold" if one.is_beyond_noise else ""
        table.add_row(NAMES.get(one.name, one.name), *values, apart, bounds, chance, style=style)
    console.print(table)
    console.print(f"粗体的差不像是偶然（p < 0.05）。{len(changed)} 题的结果变了。")
    for change in changed[:show]:
        words = f"  {NAMES[change.first]} → {NAMES[change.second]}  {change.case.id} [{change.case.type}] "
        console.print(Text(words + change.case.question))


def _value(score: Score) -> str:
    return "—" if score.value is None else f"{score.value:.3f}"


def _range(score: Score) -> str:
    bounds = interval(score)
    return "—" if bounds is None else f"{bounds[0]:.3f} 至 {bounds[1]:.3f}"


def _by_type(scorecard: Scorecard) -> Table:
    table = Table("题型", title="分题型")
    for heading in ("对", "未答", "错"):
        table.add_column(heading, justify="right")
    for kind, counts in scorecard.by_type.items():
        table.add_row(kind, str(counts["right"]), str(counts["missing"]), str(counts["wrong"]))
    return table


def _told(fault: Fault) -> Text:
    """Plain text, as questions and answers hold brackets that rich would take for markup."""
    head = f"{NAMES[fault.verdict]} {fault.case.id} [{fault.case.type}] {fault.case.question}"
    if fault.misquoted:
        head += f"（引文中没有：{'、'.join(fault.misquoted)}）"
    given = f"{fault.answer.status} {fault.answer.text[:160]}" if fault.answer else "没有作答"
    return Text(f"{head}\n    应答 {fault.case.answer or '（无答案）'}\n    实答 {given}")
