"""The sample reports and the questions over them fit each other."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from eval.cases import Case, CaseType, load_cases, without_answer
from eval.matching import folded, holds
from eval.metrics.right_missing_wrong import verdict
from eval.reports import Places, ReportFolder
from eval.trials import Given, match_trials

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "samples"
TEXTS = {path.stem: path.read_text("utf-8") for path in sorted(SAMPLES.glob("*.txt"))}
CASES = load_cases(ROOT / "eval" / "data" / "samples.jsonl")

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)


def test_five_reports_of_three_places() -> None:
    assert set(TEXTS) == {"鲤城区_2023", "云岭区_2022", "云岭区_2023", "云岭区_2024", "青禾县_2024"}


@pytest.mark.parametrize("name", TEXTS)
def test_the_title_names_region_and_year_and_says_what_the_text_is(name: str) -> None:
    region, year = name.split("_")
    title, *rest = TEXTS[name].splitlines()
    assert title.startswith(f"{region}{year}年政府工作报告")
    assert "虚构" in title or "改写" in title
    assert any("虚构" in line or "不是报告原文" in line for line in rest[:2])


def test_built_and_newly_started_homes_stand_side_by_side() -> None:
    assert "保障性租赁住房全年建成640套、新开工建设590套" in TEXTS["鲤城区_2023"]


@pytest.mark.parametrize(
    ("target", "result"),
    [
        # met
        (("云岭区_2022", "固定资产投资增长10%"), ("云岭区_2023", "固定资产投资增长10.6%，超过预期目标0.6个百分点")),
        (("云岭区_2022", "新增义务教育学位2000个"), ("云岭区_2023", "新增义务教育学位2130个")),
        (("云岭区_2023", "既有住宅加装电梯25部"), ("云岭区_2024", "既有住宅加装电梯31部、累计60部")),
        (("云岭区_2023", "建设“骑手驿站”20个"), ("云岭区_2024", "建成“骑手驿站”22个")),
        # missed
        (("云岭区_2022", "地区生产总值增长7.5%左右"), ("云岭区_2023", "增长4.6%，低于7.5%左右的年初预期")),
        (("云岭区_2022", "既有住宅加装电梯20部"), ("云岭区_2023", "计划20部、实际完成17部")),
        (("云岭区_2023", "固定资产投资增长9%"), ("云岭区_2024", "增长7.2%，未达到9%的年度目标")),
        (("云岭区_2023", "电动自行车充电端口5000个"), ("云岭区_2024", "新建电动自行车充电端口4620个")),
    ],
)
def test_targets_of_one_year_meet_results_in_the_next(target: tuple[str, str], result: tuple[str, str]) -> None:
    for report, clause in (target, result):
        assert clause in TEXTS[report]


@pytest.mark.parametrize("values", [("46公里", "48公里"), ("3.58万户", "3.62万户")])
def test_one_report_contradicts_itself_on_purpose(values: tuple[str, str]) -> None:
    for value in values:
        assert value in TEXTS["云岭区_2024"]


def test_there_are_enough_questions_of_every_kind() -> None:
    assert len(CASES) >= 200
    kinds = [case.type for case in CASES]
    assert all(kinds.count(kind) >= 5 for kind in get_args(CaseType))


def test_no_question_is_asked_twice() -> None:
    assert len({(case.question, case.history) for case in CASES}) == len(CASES)


@each_case
def test_evidence_is_verbatim_and_holds_the_figures(case: Case) -> None:
    for passage in (*case.evidence, *([case.near] if case.near else [])):
        assert passage.text in TEXTS[passage.report]
    for number in case.numbers:
        assert any(holds(folded(passage.text), number) for passage in case.evidence)


@each_case
def test_gold_reports_are_those_of_the_evidence(case: Case) -> None:
    assert set(case.reports) <= set(TEXTS)
    assert {passage.report for passage in case.evidence} <= set(case.reports)
    assert bool(case.reports) != without_answer(case)


@each_case
def test_a_question_has_what_its_kind_needs(case: Case) -> None:
    assert bool(case.history) == (case.type == "followup")
    assert bool(case.near) == (case.type in ("near_miss", "false_premise"))
    assert bool(case.evidence) != without_answer(case)
    if case.type == "trap":
        assert case.wrong
        assert all(any(holds(folded(text), (wrong,)) for text in TEXTS.values()) for wrong in case.wrong)


@each_case
def test_the_gold_answer_is_right(case: Case) -> None:
    status = "refused" if without_answer(case) else "clarify" if case.type == "ambiguous" else "answered"
    given = Given(id=case.id, text=case.answer, status=status)
    [trial] = match_trials([case], {case.id: given}, Places(ReportFolder(SAMPLES)))
    assert verdict(trial) == "right"
    assert all(gold.places for gold in trial.evidence)
