"""What is said of several figures taken together: differences, order, extremes, direction, target against result."""

from __future__ import annotations

from decimal import Decimal

import pytest

from index.types import Report
from rag.comparing import Remark, remarks
from rag.evidence import Finding
from tests.rag_world import done, report, resolved, target


def compared(question: str, *reports: Report) -> list[Remark]:
    query, found = resolved(question, *reports)
    findings = [finding for finding in found if isinstance(finding, Finding)]
    assert len(findings) == len(found), "every figure compared is found"
    return remarks(query, findings)


def yearly(indicator: str, unit: str, *values: str) -> Report:
    """One paragraph a year, the last of them on 2023."""
    first = 2024 - len(values)
    return report(*(done(f"{indicator}{value}{unit}。", first + i) for i, value in enumerate(values)))


def places(one: str, other: str) -> tuple[Report, Report]:
    return report(done(one), region="北岭县"), report(done(other), region="南浦区")


@pytest.mark.parametrize(
    ("question", "indicator", "unit", "values", "said"),
    [
        ("新增学位相差多少个", "新增学位", "个", ("800", "900"), "2023年比2022年增加100个（900个－800个）"),
        ("新增学位相差多少个", "新增学位", "个", ("900", "800"), "2023年比2022年减少100个（800个－900个）"),
        ("新增学位相差多少个", "新增学位", "个", ("900", "900"), "2023年与2022年相同（900个、900个）"),
        # A rate moves by percentage points.
        ("森林覆盖率相差多少", "森林覆盖率", "%", ("58.2", "59.7"), "2023年比2022年增加1.5个百分点（59.7%－58.2%）"),
    ],
)
def test_a_difference_of_years_has_sign_unit_and_operands(
    question: str, indicator: str, unit: str, values: tuple[str, ...], said: str
) -> None:
    (remark,) = compared(f"北岭县2022年和2023年{question}", yearly(indicator, unit, *values))
    assert remark.text == f"计算值：{said}"
    assert remark.computed
    assert set(remark.of) == {0, 1}


def test_the_year_named_first_is_measured_against_the_other() -> None:
    world = yearly("新增学位", "个", "800", "900")
    (later,) = compared("北岭县新增学位2023年比2022年多多少个", world)
    (earlier,) = compared("北岭县新增学位2022年比2023年少多少个", world)
    assert later.text == "计算值：2023年比2022年增加100个（900个－800个）"
    assert earlier.text == "计算值：2022年比2023年少100个（800个－900个）"


def test_figures_printed_in_different_scales_are_subtracted_as_one() -> None:
    (remark,) = compared("北岭县和南浦区2023年投资相差多少", *places("投资8000万元。", "投资1.2亿元。"))
    assert remark.text.startswith("计算值：南浦区比北岭县多0.4亿元")


@pytest.mark.parametrize(
    ("values", "shape"),
    [
        (("1", "2"), "有所增加"),
        (("2", "1"), "有所下降"),
        (("1", "2", "3"), "逐年增加"),
        (("3", "2", "1"), "逐年下降"),
        (("2", "2", "2"), "保持不变"),
        (("1", "3", "2"), "先升后降"),
        (("3", "1", "2"), "先降后升"),
        (("2", "2", "3"), "先平后升"),
        (("2", "3", "1", "4"), "先升再降再升"),
    ],
)
def test_the_shape_of_a_row_of_years(values: tuple[str, ...], shape: str) -> None:
    years = range(2024 - len(values), 2024)
    (remark,) = compared(f"北岭县{'、'.join(map(str, years))}年新增学位各多少个", yearly("新增学位", "个", *values))
    row = "，".join(f"{year}年{value}个" for year, value in zip(years, values, strict=True))
    assert remark.text == f"{row}，{shape}"
    assert not remark.computed


@pytest.mark.parametrize(
    ("asked", "values", "said"),
    [
        ("最多", ("1", "3", "2"), "2022年最多（3个），2021年1个，2023年2个"),
        ("最少", ("1", "3", "2"), "2021年最少（1个），2022年3个，2023年2个"),
        # All that share the place are named.
        ("最多", ("3", "3", "2"), "2021年、2022年最多（3个），2023年2个"),
    ],
)
def test_the_extreme_is_named_with_its_ties_and_the_rest(asked: str, values: tuple[str, ...], said: str) -> None:
    (remark,) = compared(f"北岭县2021、2022、2023年新增学位哪年{asked}", yearly("新增学位", "个", *values))
    assert remark.text == said


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("从高到低排一下", "从高到低：2021年3个＞2023年2个＞2022年1个"),
        ("从低到高排一下", "从低到高：2022年1个＜2023年2个＜2021年3个"),
    ],
)
def test_order(asked: str, said: str) -> None:
    (remark,) = compared(f"北岭县2021、2022、2023年新增学位{asked}", yearly("新增学位", "个", "3", "1", "2"))
    assert remark.text == said


def test_of_two_places_one_has_more() -> None:
    (remark,) = compared("北岭县和南浦区2023年投资谁多", *places("投资8000万元。", "投资1.2亿元。"))
    assert remark.text == "南浦区更多（1.2亿元），北岭县8000万元"


@pytest.mark.parametrize("asked", ["谁多", "相差多少"])
def test_what_is_measured_differently_is_not_compared(asked: str) -> None:
    (remark,) = compared(f"北岭县和南浦区2023年建设公园{asked}", *places("建设公园12个。", "建设公园30亩。"))
    assert "不作比较" in remark.text
    assert not remark.computed


@pytest.mark.parametrize(
    ("planned", "reached", "verdict"),
    [
        ("加装电梯20部", "加装电梯17部", "未达到目标，实际比目标少3部（17部－20部）"),
        ("加装电梯20部", "加装电梯31部", "超额完成目标，实际比目标多11部（31部－20部）"),
        # Things counted may be counted with another measure word.
        ("加装电梯20部", "加装电梯31台", "超额完成目标，实际比目标多11台（31台－20部）"),
        ("加装电梯20部", "加装电梯20部", "对比目标20部、实际20部：完成目标"),
        ("加装电梯20部", "加装电梯31亩", "单位或口径不同，不作比较"),
        # A target that sets a limit is met from below.
        ("城镇登记失业率控制在4%以内", "城镇登记失业率3.5%", "对比目标4%以内、实际3.5%：完成目标"),
        ("城镇登记失业率控制在4%以内", "城镇登记失业率4.2%", "对比目标4%以内、实际4.2%：未达到目标"),
    ],
)
def test_a_target_against_its_result(planned: str, reached: str, verdict: str) -> None:
    indicator = planned.split("控制")[0].rstrip("0123456789部")
    world = report(target(f"{planned}。", 2023), done(f"{reached}。", 2023))
    (remark,) = compared(f"北岭县2023年{indicator}的目标完成了吗", world)
    assert remark.text.removeprefix("计算值：") == verdict
    assert remark.computed == remark.text.startswith("计算值：")


def test_nothing_is_worked_out_that_was_not_asked_for() -> None:
    assert compared("北岭县2023年新增学位多少个", yearly("新增学位", "个", "800", "900")) == []
    two = report(done("新增学位10个。新增床位20张。"))
    assert compared("北岭县2023年新增学位和新增床位各多少", two) == []


def test_subtraction_is_exact() -> None:
    """0.3 - 0.1 in binary is not 0.2."""
    (remark,) = compared("北岭县2022年和2023年研发投入强度相差多少", yearly("研发投入强度", "%", "0.1", "0.3"))
    assert f"{Decimal('0.3') - Decimal('0.1')}个百分点" in remark.text
