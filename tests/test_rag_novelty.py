"""Two years' reports: what the later one names for the first time, and what it no longer names."""

from __future__ import annotations

import pytest

from index.errors import UnknownReport
from index.types import Scope
from rag.novelty import unsaid
from tests.rag_world import assistant, is_address, report, statements, target


def names(said: str, other: str) -> dict[str, bool]:
    found = unsaid(statements(report(target(said))), statements(report(target(other), year=2023)), lambda word: 0.5)
    return {name.text: name.is_project for name in found}


@pytest.mark.parametrize(
    ("said", "other", "found"),
    [
        # a project is named by what it is, once
        ("建设云岭至青禾高速公路，实施农村供水提升工程。", "建设美丽乡村。", {"农村供水提升工程": True}),
        # or in quotation marks
        ("推行“民声一键达”办理机制。", "推行首问负责制。", {"民声一键达": False}),
        # what the other report says in another form is not new
        ("实施“百千万工程”建设。", "实施百县千镇万村高质量发展工程。", {}),
        # a phrase has to stand in several places
        ("培育低空经济产业。拓展低空经济场景。", "培育海洋产业。", {"低空经济": False}),
        ("培育低空经济产业。", "培育海洋产业。", {}),
    ],
)
def test_names_that_the_other_report_lacks(said: str, other: str, found: dict[str, bool]) -> None:
    told = names(said, other)
    assert found.items() <= told.items()
    if not found:
        assert not told


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("开展保交房专项行动。", {"保交房专项行动"}),  # a name is not cut in a word
        ("新建12个污水治理工程。", set()),  # kinds that are counted are not named
        ("两个园区入选国家碳达峰试点。", {"国家碳达峰试点"}),  # a sentence is no name
        ("客流量保持高速增长。", set()),
        ("年均浓度下降。年均浓度再降。", set()),  # nor is what is measured
        ("提请审议规划纲要（草案）。修改规划纲要（草案）。", set()),
        ("企业“筋强骨壮”。推行“一网通管”。", {"一网通管"}),  # nor is a saying
    ],
)
def test_what_is_no_name_of_a_theme_or_project(said: str, found: set[str]) -> None:
    assert set(names(said, "建设美丽乡村。")) == found


def test_two_years_of_one_place_are_told_apart_with_addresses() -> None:
    told = assistant().whats_new("云岭区_2024", "云岭区_2023")
    assert told.title == "云岭区2024年政府工作报告（虚构样例）与2023年相比"
    assert {part.kind for part in told.parts} == {"appeared", "gone"}
    cited = {citation.mark: citation for citation in told.citations}
    for part in told.parts:
        year = 2024 if part.kind == "appeared" else 2023
        assert {cited[mark].year for claim in part.claims for mark in claim.citations} == {year}
    assert all(is_address(citation) for citation in told.citations)
    assert "无还本续贷" in told.text


@pytest.mark.parametrize(("other", "words"), [("青禾县_2024", "同一个地区"), ("云岭区_2024", "不同年份")])
def test_reports_that_cannot_be_compared_are_refused(other: str, words: str) -> None:
    told = assistant().whats_new("云岭区_2024", other)
    assert told.refusal is not None and words in told.refusal.message and words in told.text
    assert not told.claims


def test_a_hidden_report_is_unknown() -> None:
    with pytest.raises(UnknownReport):
        assistant().whats_new("云岭区_2023", "云岭区_2024", scope=Scope(reports=frozenset({"云岭区_2024"})))
