"""Summaries of the sample reports: what is told, under which heading, with which address, and what is owned up to."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from index.errors import UnknownReport
from index.types import Scope
from rag.composing import unmarked
from rag.types import Claim, PartKind, Summary, SummaryPart, SummaryProgress, SummaryRequest
from rag.verifying import Fault
from tests.rag_world import assistant, is_address

WHOLE = SummaryRequest(reports=("云岭区_2024",))


def summary(request: SummaryRequest = WHOLE) -> Summary:
    return assistant().summarize(request)


def said(part: SummaryPart) -> str:
    return unmarked("".join(claim.text for claim in part.claims))


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("done", "地区生产总值322.5亿元，增长6.8%"),
        ("done", "城镇新增就业5986人"),
        ("done", "新增学位2460个"),
        ("done", "10件民生实事完成9件"),
        ("planned", "地区生产总值增长6.5%左右"),
        ("planned", "城镇新增就业6000人以上"),
        ("planned", "旅游总收入突破50亿元"),
    ],
)
def test_a_page_tells_headlines_and_livelihood_results_apart_from_plans(kind: PartKind, words: str) -> None:
    told = {part.kind: said(part) for part in summary().parts[:2]}
    assert words in told[kind]
    assert words not in told["planned" if kind == "done" else "done"]


def test_headings_say_the_year_and_whether_it_is_done() -> None:
    assert [part.heading for part in summary().parts] == [
        "2023年完成情况",
        "2024年目标和安排",
        "2021—2023年完成情况",
    ]


def test_what_comes_first_is_a_headline() -> None:
    assert summary().claims[0].text.startswith("地区生产总值322.5亿元")


@pytest.mark.parametrize(("length", "characters", "claims"), [("brief", 200, 3), ("page", 700, 20), ("full", 2400, 80)])
def test_each_length_keeps_to_its_size(length: str, characters: int, claims: int) -> None:
    told = summary(replace(WHOLE, length=length))  # type: ignore[arg-type]
    assert 0 < len(told.claims) <= claims
    assert characters / 3 < sum(len(unmarked(claim.text)) for claim in told.claims) <= characters


def test_every_claim_stands_in_the_quotes_that_it_cites() -> None:
    told = summary()
    by_mark = {citation.mark: citation for citation in told.citations}
    assert all(is_address(citation) for citation in told.citations)
    assert {mark for claim in told.claims for mark in claim.citations} == by_mark.keys()
    for claim in told.claims:
        for words, mark in re.findall(r"([^\[\]]+)\[(\d+)\]", claim.text):
            quote = by_mark[int(mark)].quote
            assert all(piece in quote for piece in re.split("[，；]", words) if piece)


def test_a_paragraph_of_office_prose_says_the_same_as_points() -> None:
    points, document = summary(), summary(replace(WHOLE, style="document"))
    assert [claim.text for claim in document.claims] == [claim.text for claim in points.claims]
    assert all(len(part.paragraphs) == 1 for part in document.parts)
    assert all(len(part.paragraphs) == len(part.claims) for part in points.parts)


def test_coverage_counts_what_is_told_and_cites_what_is_left_out() -> None:
    page, full = summary(), summary(replace(WHOLE, length="full"))
    for told in (page, full):
        coverage = told.coverage
        assert 0 < coverage.covered_sections <= coverage.sections
        assert 0 < coverage.covered_indicators < coverage.indicators
        assert coverage.text in told.text
        assert all(is_address(citation) for citation in coverage.left_out)
        assert not {c.mark for c in coverage.left_out} & {c.mark for c in told.citations}
    assert full.coverage.covered_indicators > page.coverage.covered_indicators
    assert full.coverage.indicators == page.coverage.indicators
    assert any("①" not in c.quote and "停车泊位" in c.quote for c in page.coverage.left_out)


def test_a_section_is_summarised_alone() -> None:
    told = summary(replace(WHOLE, section="民生保障"))
    assert {citation.section[-1] for citation in told.citations} == {"（六）民生保障有力有效"}
    assert told.coverage.sections == 1


@pytest.mark.parametrize(
    ("question", "words", "without"),
    [
        ("概括云岭区2023年在住房和养老方面的工作", ["租赁住房898套", "新建长者食堂8家"], ["地区生产总值", "招商"]),
        ("概括云岭区2023年的就业目标", ["城镇新增就业6200人以上"], ["城镇新增就业5986人"]),
        ("概括云岭区2023年就业的完成情况", ["城镇新增就业5986人"], ["6200人"]),
        ("概括2023年云岭区政府工作报告的就业目标", ["城镇新增就业6200人以上"], ["6000人以上"]),
        ("云岭区2023年和2024年两份报告中就业的目标有什么变化", ["6200人以上", "6000人以上"], ["5986人"]),
    ],
)
def test_a_question_settles_theme_place_year_and_role(question: str, words: list[str], without: list[str]) -> None:
    told = unmarked("".join(claim.text for claim in summary(SummaryRequest(question=question)).claims))
    assert all(word in told for word in words)
    assert not any(word in told for word in without)


@pytest.mark.parametrize(
    ("question", "kind", "words"),
    [
        ("概括上海市2023年的工作", "out_of_corpus", "上海市"),
        ("概括云岭区2009年的工作", "out_of_corpus", "云岭区"),
        ("概括云岭区2023年的航天工作", "not_found", "没有找到"),
    ],
)
def test_what_cannot_be_summarised_is_refused_without_support(question: str, kind: str, words: str) -> None:
    told = summary(SummaryRequest(question=question))
    assert told.refusal is not None and told.refusal.kind == kind and words in told.refusal.message
    assert not told.claims and not told.citations


def test_several_reports_are_told_one_after_the_other() -> None:
    told = summary(SummaryRequest(reports=("云岭区_2024", "青禾县_2024")))
    assert [part.heading[:3] for part in told.parts] == sorted(
        (part.heading[:3] for part in told.parts), key="云青".find
    )
    assert {part.report for part in told.parts} == {"云岭区_2024", "青禾县_2024"}
    for part in told.parts:
        cited = {mark for claim in part.claims for mark in claim.citations}
        assert {c.report for c in told.citations if c.mark in cited} == {part.report}


def test_progress_comes_first_then_claims_then_the_summary() -> None:
    items = list(assistant().stream_summary(WHOLE))
    kinds = [type(item) for item in items]
    assert kinds == sorted(kinds, key=[SummaryProgress, Claim, Summary].index)
    assert kinds.count(Summary) == 1
    progress = [item for item in items if isinstance(item, SummaryProgress)]
    assert [(one.done, one.total) for one in progress] == [(n, len(progress)) for n in range(1, len(progress) + 1)]
    assert tuple(item for item in items if isinstance(item, Claim)) == items[-1].claims  # type: ignore[union-attr]


def test_a_hidden_report_is_unknown() -> None:
    with pytest.raises(UnknownReport, match="云岭区_2024"):
        assistant().summarize(WHOLE, scope=Scope(reports=frozenset({"青禾县_2024"})))


def test_what_the_gate_stops_is_not_told_and_a_section_without_a_sound_word_is_disclosed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def check(claim: Claim, cited: object) -> tuple[Fault, ...]:
        stopped = "租赁住房" in claim.text or "长者食堂" in claim.text
        return (Fault(kind="figure_absent", text="", detail="核对不上"),) if stopped else ()

    monkeypatch.setattr(assistant()._summarizing, "_check", check)
    told = summary(SummaryRequest(question="概括云岭区2023年的住房保障工作", reports=("云岭区_2024",)))
    assert "租赁住房" not in unmarked("".join(claim.text for claim in told.claims))
    assert "（六）突出共建共享，办好10件民生实事" in [failed.section for failed in told.coverage.failed]
    assert "未能概括" in told.coverage.text


def test_the_wire_has_claims_parts_and_coverage() -> None:
    wire = summary().to_wire()
    assert [claim["text"] for claim in wire["claims"]] == [c["text"] for part in wire["parts"] for c in part["claims"]]
    assert wire["coverage"]["text"].startswith("覆盖 ")
