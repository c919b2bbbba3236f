"""The gate, as tables of what may be said of a paragraph and what may not.  `--log-cli-level=INFO` shows the rates by kind."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.loading import load_report
from index.structure import Block, build_paragraphs
from index.types import Report
from rag.types import Claim
from rag.verifying import verify
from tests.gate_claims import Library, cite, true_claims
from tests.gate_mutations import mutants

SAMPLES = Path(__file__).parent.parent / "samples"


def report(region: str, year: int, *lines: str) -> Report:
    name = f"{region}_{year}"
    return Report(
        id=name,
        title=f"{region}{year}年政府工作报告",
        region=region,
        level="county",
        year=year,
        source=f"{name}.txt",
        sha256="",
        paragraphs=build_paragraphs([Block(text=line) for line in lines], report=name, delivered=year),
    )


HOMES = "住有所居。建成保障性租赁住房640套、新建开工590套，长租公寓交付121套。城乡居民基础养老金、低保标准每月分别提高25元、50元。"
HOMES += "社会保险费减征超3000万元，受惠企业近2万家次。白鹭一中跻身省级示范高中，白鹭二中升格为市级示范高中，“夕阳红”食堂开门营业。"
ECONOMY = (
    "全年地区生产总值301.7亿元，增长4.6%，未达到7%的年度目标；出口22.9亿元，下降3.6%；服务业占比42%，提高1.2个百分点。"
)
ECONOMY += "绿色食品、生物医药产业产值分别为63.4亿元、41.7亿元，分别增长9.2%、21.5%。高新技术企业由31家增加到86家。"
ECONOMY += "“智造云”平台接入企业120家，“惠企通”平台兑现资金1.46亿元。3月15日发布5G规划，第七届茶博会如期举办。"
ECONOMY += "计划装电梯20部、装了31部，新建充电桩338个、停车位1024个。"
PLAN = "今年预期目标是：地区生产总值增长6%左右，城镇新增就业6000人以上。建成保障性租赁住房500套，力争引进亿元以上项目20个。"

RANKS = "固定资产投资增长6%，居全省第四。工业增加值增长9.1%，居全省第三。消费品零售额增长4.4%，居全省第七。"
RANKS += "税收收入增长3.9%，居全省第二。居民收入增长5.5%，居全省第五，其中城镇、农村居民收入分别增长4.8%、5.9%。"

REPORT = report(
    "白鹭县", 2023, "白鹭县2023年政府工作报告", "一、2022年工作回顾", HOMES, ECONOMY, RANKS, "二、2023年工作安排", PLAN
)
EARLIER = report(
    "白鹭县",
    2022,
    "白鹭县2022年政府工作报告",
    "一、2021年工作回顾",
    "全年地区生产总值288.4亿元，增长8.1%。新开工住房700套。",
)
OTHER = report(
    "青屏县", 2023, "青屏县2023年政府工作报告", "一、2022年工作回顾", "全年地区生产总值187.6亿元，增长5.9%。"
)
LIBRARY = Library([REPORT, EARLIER, OTHER])


def faults(text: str, *sources: str, computed: bool = False, question: str = "") -> list[str]:
    """The kinds of fault of a claim; its marks are those of the paragraphs that hold `sources`, in order."""
    citations = []
    for mark, words in enumerate(sources, start=1):
        place = next((r, p) for r in LIBRARY.reports.values() for p in r.paragraphs if words in p.text)
        citations.append(replace(cite(*place, words), mark=mark))
    claim = Claim(text=text, citations=tuple(c.mark for c in citations), computed=computed)
    return [fault.kind for fault in verify(claim, citations, LIBRARY, question=question)]


# What the paragraph says may be said: in its own words, as a person would put it, with year and place before it.
SAID = [
    (HOMES, "建成保障性租赁住房640套、新建开工590套。[1]"),
    (HOMES, "新建开工保障性租赁住房590套。[1]"),
    (RANKS, "居民收入增长5.5%，居全省第五。[1]"),
    (HOMES, "（保障性租赁住房）新建开工590套。[1]"),
    (HOMES, "2022年，白鹭县新建开工保障性租赁住房590套，建成640套。[1]"),
    (HOMES, "白鹭县2022年：城乡居民基础养老金每月提高25元。[1]"),
    (HOMES, "低保标准每月提高50元。[1]"),
    (HOMES, "社会保险费减征超0.3亿元，受惠企业近２００００家次。[1]"),
    (HOMES, "白鹭二中升格为市级示范高中。[1]"),
    (HOMES, "保障性租赁住房建成640套[1]，新建开工590套[1]。"),
    (HOMES, "白鹭县2022年：新建开工590套。[1]\n原文：“建成保障性租赁住房640套、新建开工590套，长租公寓交付121套”"),
    (ECONOMY, "2022年地区生产总值301.7亿元，增长4.6%。[1]"),
    (ECONOMY, "2022年白鹭县GDP为301.7亿元。[1]"),
    (ECONOMY, "地区生产总值增长4.6%，没有达到7%的年度目标。[1]"),
    (ECONOMY, "生物医药产业产值41.7亿元，增长21.5%。[1]"),
    (ECONOMY, "绿色食品产业产值增长9.2%。[1]"),
    (ECONOMY, "分别增长9.2%、21.5%。[1]"),
    (ECONOMY, "2022年出口下降3.6%。[1]"),
    (ECONOMY, "（服务业占比）提高1.2个百分点。[1]"),
    (ECONOMY, "高新技术企业从31家增加到86家。[1]"),
    (ECONOMY, "2022年高新技术企业达到86家。[1]"),
    (ECONOMY, "“惠企通”平台兑现资金1.46亿元。[1]"),
    (ECONOMY, "第七届茶博会如期举办，2022年3月15日发布5G规划。[1]"),
    (PLAN, "白鹭县2023年目标：地区生产总值增长6%左右。[1]"),
    (PLAN, "今年力争引进亿元以上项目20个。[1]"),
    (PLAN, "建成保障性租赁住房500套。[1]"),
    (PLAN, "2023年，白鹭县计划建成保障性租赁住房500套。[1]"),
]

# What it does not say, and what the gate calls it.
NOT_SAID = [
    (RANKS, "居民收入增长5.5%，居全省第九。[1]", "figure_absent"),
    (RANKS, "居民收入增长5.5%，居全省第二。[1]", "neighbour_figure"),
    (HOMES, "建成保障性租赁住房641套。[1]", "figure_absent"),
    (HOMES, "建成保障性租赁住房640户。[1]", "unit_changed"),
    (HOMES, "社会保险费减征超3000元。[1]", "unit_changed"),
    (HOMES, "社会保险费减征3000万元。[1]", "qualifier_dropped"),
    (HOMES, "建成保障性租赁住房约640套。[1]", "qualifier_dropped"),
    (HOMES, "新建开工保障性租赁住房640套。[1]", "neighbour_figure"),
    (HOMES, "新开工保障性租赁住房640套。[1]", "neighbour_figure"),
    (HOMES, "建成保障性租赁住房590套。[1]", "neighbour_figure"),
    (HOMES, "长租公寓交付590套。[1]", "neighbour_figure"),
    (HOMES, "城乡居民基础养老金每月提高50元。[1]", "neighbour_figure"),
    (HOMES, "低保标准每月提高25元。[1]", "neighbour_figure"),
    (HOMES, "低保标准每月下降50元。[1]", "direction_changed"),
    (HOMES, "白鹭县2021年：低保标准每月提高50元。[1]", "year_changed"),
    (HOMES, "今年低保标准每月提高50元。[1]", "year_changed"),
    (HOMES, "青屏县2022年：低保标准每月提高50元。[1]", "region_swapped"),
    (HOMES, "2022年全省低保标准每月提高50元。[1]", "region_swapped"),
    (HOMES, "目标：建成保障性租赁住房640套。[1]", "role_swapped"),
    (HOMES, "2022年计划建成保障性租赁住房640套。[1]", "role_swapped"),
    (HOMES, "没有建成保障性租赁住房640套。[1]", "negation_flipped"),
    (HOMES, "白鹭二中跻身省级示范高中。[1]", "name_absent"),
    (HOMES, "白鹭一中跻身国家级示范高中。[1]", "name_absent"),
    (HOMES, "“夕阳美”食堂开门营业。[1]", "name_absent"),
    (HOMES, "县长王建国说低保标准每月提高50元。[1]", "name_absent"),
    (HOMES, "教育事业和医疗卫生事业取得长足进步。[1]", "words_absent"),
    (ECONOMY, "地区生产总值增长4.6个百分点。[1]", "unit_changed"),
    (ECONOMY, "服务业占比提高1.2%。[1]", "unit_changed"),
    (ECONOMY, "地区生产总值301.7亿元，增长3.6%。[1]", "neighbour_figure"),
    (ECONOMY, "绿色食品产业产值增长21.5%。[1]", "neighbour_figure"),
    (ECONOMY, "2022年高新技术企业31家。[1]", "neighbour_figure"),
    (ECONOMY, "出口22.9亿元，增长3.6%。[1]", "direction_changed"),
    (ECONOMY, "地区生产总值增长4.6%，达到7%的年度目标。[1]", "negation_flipped"),
    (ECONOMY, "“惠企通”平台接入企业120家。[1]", "name_absent"),
    (ECONOMY, "“智造云”平台兑现资金1.46亿元。[1]", "name_absent"),
    (ECONOMY, "发布6G规划。[1]", "figure_absent"),
    (ECONOMY, "第八届茶博会如期举办。[1]", "figure_absent"),
    (ECONOMY, "3月16日发布5G规划。[1]", "figure_absent"),
    (PLAN, "2023年完成：地区生产总值增长6%左右。[1]", "role_swapped"),
    (PLAN, "白鹭县引进亿元以上项目20个。[1]", "role_swapped"),
    (PLAN, "力争引进元以上项目20个。[1]", "unit_changed"),
    (PLAN, "白鹭县2022年目标：地区生产总值增长6%左右。[1]", "year_changed"),
]


@pytest.mark.parametrize(("source", "text"), SAID, ids=[text for _, text in SAID])
def test_what_the_paragraph_says_may_be_said(source: str, text: str) -> None:
    assert faults(text, source) == []


@pytest.mark.parametrize(("source", "text", "kind"), NOT_SAID, ids=[text for _, text, _ in NOT_SAID])
def test_what_it_does_not_say_may_not(source: str, text: str, kind: str) -> None:
    assert kind in faults(text, source)


@pytest.mark.parametrize(("text", "passes"), [("590套。[1]", True), ("640套。[1]", False)])
def test_a_bare_figure_answers_its_question(text: str, passes: bool) -> None:
    assert (faults(text, HOMES, question="白鹭县新建开工了多少保障性租赁住房？") == []) is passes


def test_a_name_from_the_question_is_no_answer() -> None:
    assert "name_absent" in faults("张伟出席茶博会。[1]", ECONOMY, question="张伟出席茶博会了吗？")


@given(
    text=st.text(
        alphabet="建成新开工保障房6459.0%％套亿元万个百分点年月日、，。；：“”《》（）[]1由到未不分别增长下降超近第\n ",
        max_size=60,
    )
)
def test_no_claim_whatever_is_an_error(text: str) -> None:
    faults(f"{text}[1]", HOMES, computed=True, question=text)


# Marks, addresses and form -----------------------------------------------------------------------


@pytest.mark.parametrize("text", ["建成640套。", "建成640套。[0]", "建成640套。[99]", "建成640套。[1][2]"])
def test_every_mark_has_a_citation_and_every_claim_a_mark(text: str) -> None:
    assert "unknown_mark" in faults(text, HOMES)


def test_marks_that_the_claim_does_not_list() -> None:
    claim = Claim(text="建成640套。[1]", citations=(1, 2))
    citation = cite(REPORT, REPORT.paragraphs[2], "建成保障性租赁住房640套")
    kinds = [fault.kind for fault in verify(claim, {1: citation, 2: replace(citation, mark=2)}, LIBRARY)]
    assert kinds == ["unknown_mark"]


@pytest.mark.parametrize(
    "change",
    [
        {"quote": "建成保障性租赁住房641套"},
        {"start": 6},
        {"paragraph": 4},
        {"paragraph": 99},
        {"report": "白鹭县_1999"},
        {"sha256": "0" * 64},
        {"region": "青屏县"},
        {"year": 2024},
    ],
    ids=str,
)
def test_a_citation_is_what_stands_at_its_address(change: dict[str, Any]) -> None:
    citation = cite(REPORT, REPORT.paragraphs[2], "建成保障性租赁住房640套")
    claim = Claim(text="建成保障性租赁住房640套。[1]", citations=(1,))
    assert verify(claim, [citation], LIBRARY) == ()
    assert [fault.kind for fault in verify(claim, [replace(citation, **change)], LIBRARY)] == ["altered_quote"]


@pytest.mark.parametrize(
    "text",
    [
        "**建成保障性租赁住房640套**。[1]",
        "答案：建成保障性租赁住房640套。[1]",
        "根据以上材料，建成保障性租赁住房640套。[1]",
        "<|im_end|>建成保障性租赁住房640套。[1]",
        "A total of 640 affordable rental homes were built. [1]",
    ],
)
def test_remains_of_prompts_and_markup(text: str) -> None:
    assert faults(text, HOMES) == ["format"]


def test_each_part_of_a_claim_rests_on_its_own_marks() -> None:
    sources = ("全年地区生产总值301.7亿元", "全年地区生产总值288.4亿元")
    assert faults("2022年地区生产总值301.7亿元[1]，2021年288.4亿元[2]。", *sources) == []
    assert "figure_absent" in faults("2022年地区生产总值301.7亿元[2]，2021年288.4亿元[1]。", *sources)


# What is worked out ------------------------------------------------------------------------------

LATER, BEFORE, ELSEWHERE = "全年地区生产总值301.7亿元", "全年地区生产总值288.4亿元", "全年地区生产总值187.6亿元"

WORKED_OUT = [
    "计算值：2022年比2021年增加13.3亿元（301.7亿元－288.4亿元）。[1][2][3]",
    "2022年301.7亿元[1]，2021年288.4亿元[2]，增加13.3亿元（计算值）[3]。",
    "计算值：白鹭县比青屏县多114.1亿元（301.7亿元－187.6亿元）。[1][2][3]",
    "白鹭县更高（301.7亿元），青屏县更低（187.6亿元）。[1][2][3]",
    "从低到高：青屏县187.6亿元＜白鹭县301.7亿元。[1][2][3]",
    "计算值：白鹭县比青屏县少1.3个百分点（4.6%－5.9%）。[1][2][3]",
    "2021年288.4亿元，2022年301.7亿元，有所增加。[1][2][3]",
    "计算值：301.7亿元、187.6亿元，合计489.3亿元。[1][2][3]",
]
WORKED_OUT_WRONGLY = [
    "计算值：2022年比2021年增加13.4亿元（301.7亿元－288.4亿元）。[1][2][3]",
    "计算值：2022年比2021年减少13.3亿元（301.7亿元－288.4亿元）。[1][2][3]",
    "计算值：2021年比2022年增加13.3亿元（301.7亿元－288.4亿元）。[1][2][3]",
    "计算值：2022年比2021年增加13.3个百分点（301.7亿元－288.4亿元）。[1][2][3]",
    "计算值：2022年比2021年增加13.3亿元（301.7亿元－288.5亿元）。[1][2][3]",
    "计算值：青屏县比白鹭县多114.1亿元（301.7亿元－187.6亿元）。[1][2][3]",
    "青屏县更高（187.6亿元），白鹭县更低（301.7亿元）。[1][2][3]",
    "青屏县更高（301.7亿元），白鹭县更低（187.6亿元）。[1][2][3]",
    "白鹭县最高。[1][2][3]",
    "从低到高：白鹭县301.7亿元＜青屏县187.6亿元。[1][2][3]",
    "2021年288.4亿元，2022年301.7亿元，有所下降。[1][2][3]",
    "有所增加。[1][2][3]",
    "2022年规模以上工业增加值301.7亿元，2021年288.4亿元，有所增加。[1][2][3]",
    "计算值：301.7亿元、187.6亿元，合计499.3亿元。[1][2][3]",
]


@pytest.mark.parametrize("text", WORKED_OUT)
def test_a_result_that_can_be_worked_out_again(text: str) -> None:
    assert faults(text, LATER, BEFORE, ELSEWHERE, computed=True) == []


@pytest.mark.parametrize("text", WORKED_OUT_WRONGLY)
def test_a_result_that_cannot(text: str) -> None:
    assert faults(text, LATER, BEFORE, ELSEWHERE, computed=True)


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("计算值：建成比新建开工多50套（640套－590套）。[1]", True),
        ("计算值：新建开工比建成多50套（640套－590套）。[1]", False),
        ("建成更多（640套），新建开工更少（590套）。[1]", True),
        ("新建开工更多（640套），建成更少（590套）。[1]", False),
        ("新建开工保障性租赁住房640套，更多（640套），建成更少（590套）。[1]", False),
    ],
)
def test_two_figures_of_one_sentence_are_not_mistaken_for_each_other(text: str, passes: bool) -> None:
    assert (faults(text, HOMES, computed=True) == []) is passes


def test_a_result_must_be_marked_as_computed() -> None:
    assert "figure_absent" in faults("2022年301.7亿元，比2021年的288.4亿元增加13.3亿元。[1][2]", LATER, BEFORE)


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("对比目标7%、实际4.6%：未达到目标。[1]", True),
        ("对比目标7%、实际4.6%：超额完成目标。[1]", False),
        ("对比目标4.6%、实际7%：完成目标。[1]", False),
        ("对比目标20部、实际31部：超额完成目标。[1]", True),
        ("计算值：未达到目标，实际比目标少2.4个百分点（4.6%－7%）。[1]", True),
        ("计算值：超额完成目标，实际比目标多2.4个百分点（4.6%－7%）。[1]", False),
        ("计算值：未达到目标，实际比目标少2.5个百分点（4.6%－7%）。[1]", False),
    ],
)
def test_target_against_result(text: str, passes: bool) -> None:
    assert (faults(text, ECONOMY, computed=text.startswith("计算值")) == []) is passes


# Measured on the samples -------------------------------------------------------------------------

REPORTS = [load_report(path) for path in sorted(SAMPLES.glob("*_*.txt"))]
TRUE = true_claims(REPORTS, Random(20240109), 400)


def rates(outcomes: list[tuple[str, bool]]) -> tuple[float, str]:
    """The share that came out right, and a table of it by kind."""
    of, right = Counter(kind for kind, _ in outcomes), Counter(kind for kind, good in outcomes if good)
    rows = [
        f"{kind:20} {right[kind]:5} / {number:5}  {right[kind] / number:.3f}" for kind, number in sorted(of.items())
    ]
    return right.total() / of.total(), "\n".join(rows)


def test_true_claims_pass() -> None:
    library = Library(REPORTS)
    outcomes = [(case.kind, not verify(case.claim, {1: case.citation}, library)) for case in TRUE]
    rate, table = rates(outcomes)
    logging.info("true claims that pass: %.4f\n%s", rate, table)
    assert len(outcomes) >= 300
    assert len({kind for kind, _ in outcomes}) == 8
    assert rate >= 0.99, table


def test_false_claims_are_caught() -> None:
    library = Library(REPORTS)
    made = mutants(TRUE, Random(7), library)
    outcomes = [(kind, bool(verify(case.claim, {1: case.citation}, library))) for kind, case in made]
    rate, table = rates(outcomes)
    logging.info("false claims that are caught: %.4f\n%s", rate, table)
    assert len(outcomes) >= 2000
    assert rate >= 0.99, table
