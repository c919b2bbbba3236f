"""Questions made from any loaded reports: readable by the scorer, and with one answer that stands in the report."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from eval.cases import Case, load_cases
from eval.generating import generate_cases, save_cases
from index.building import update
from index.embedders import HashEmbedder
from index.store import ReportIndex
from tests.rag_world import SAMPLES


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> ReportIndex:
    home = tmp_path_factory.mktemp("home")
    update(home, [SAMPLES], HashEmbedder())
    return ReportIndex.open(home)


@pytest.fixture(scope="module")
def cases(opened: ReportIndex) -> list[Case]:
    return generate_cases(opened, 8)


def test_each_kind_is_asked_and_can_be_scored(cases: list[Case], tmp_path: Path) -> None:
    assert Counter(case.type for case in cases) == {"number": 8, "trap": 8, "near_miss": 8, "cross_year": 8}
    save_cases(cases, tmp_path / "cases.jsonl")
    assert list(load_cases(tmp_path / "cases.jsonl")) == cases


def test_the_answer_stands_verbatim_in_the_evidence(cases: list[Case], opened: ReportIndex) -> None:
    for case in cases:
        for passage in filter(None, (*case.evidence, case.near)):
            assert any(passage.text in paragraph.text for paragraph in opened.report(passage.report).paragraphs)
        for (figure,) in case.numbers:
            assert any(figure in passage.text for passage in case.evidence)


def test_a_trap_has_the_other_figure_beside_its_own(cases: list[Case]) -> None:
    for case in filter(lambda case: case.type == "trap", cases):
        (passage,) = case.evidence
        assert case.wrong
        assert all(wrong in passage.text and (wrong,) not in case.numbers for wrong in case.wrong)


def test_the_same_seed_makes_the_same_questions(cases: list[Case], opened: ReportIndex) -> None:
    assert generate_cases(opened, 8) == cases
    assert generate_cases(opened, 8, seed=1) != cases
