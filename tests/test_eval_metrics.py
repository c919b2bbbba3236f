"""Every measure on hand-made cases whose value can be worked out on paper."""

from __future__ import annotations

from collections.abc import Sequence
from math import log2
from typing import Any

import pytest

from eval.bootstrap import interval
from eval.cases import Case, Passage
from eval.metrics.anchored import anchored
from eval.metrics.citation_precision import citation_precision
from eval.metrics.citation_recall import citation_recall
from eval.metrics.false_answer import false_answer
from eval.metrics.false_refusal import false_refusal
from eval.metrics.latency import latency
from eval.metrics.leak_rate import region_leak, year_leak
from eval.metrics.misquote import misquote_rate, misquoted
from eval.metrics.ndcg import ndcg
from eval.metrics.recall_at_k import all_at_k, recall_at_k
from eval.metrics.reciprocal_rank import mean_reciprocal_rank
from eval.metrics.right_missing_wrong import right_missing_wrong, share_of, verdict
from eval.metrics.score import Part, Score, mean
from eval.rankings import Ranking
from eval.reports import Place, Places
from eval.trials import Given, Trial, match_trials
from index.errors import UnknownReport
from index.types import Paragraph

REPORTS = {
    "甲区_2023": ["标题", "建成住房640套、新开工590套。", "新增就业7500人，增长3.2%。"],
    "甲区_2024": ["标题", "建成住房700套、新开工610套。"],
    "乙县_2023": ["标题", "建成住房210套。"],
}


class Library:
    def report_paragraphs(self, report_id: str) -> Sequence[Paragraph]:
        if report_id not in REPORTS:
            raise UnknownReport(report_id)
        return [Paragraph(report=report_id, number=n, text=t) for n, t in enumerate(REPORTS[report_id], start=1)]


HOMES = "建成住房640套、新开工590套"


def case(kind: str, **fields: Any) -> Case:
    return Case(**{"id": "q", "question": "甲区新开工多少套住房", "type": kind, "reports": ("甲区_2023",), **fields})


def trial(
    of: Case, text: str = "", *quotes: tuple[str, str], status: str = "answered", seconds: float | None = None
) -> Trial:
    given = Given(id=of.id, text=text, status=status, quotes=quotes, seconds=seconds)
    return match_trials([of], {of.id: given}, Places(Library()))[0]


def silence(of: Case) -> Trial:
    return match_trials([of], {}, Places(Library()))[0]


NUMBER = case("number", numbers=(("590套",),), evidence=(Passage(report="甲区_2023", text=HOMES),))
TRAP = case("trap", numbers=(("590套",),), wrong=("640套",), evidence=NUMBER.evidence)
LIST = case("list", keywords=(("甲村",), ("乙村", "乙社区")))
COMPUTED = case(
    "cross_year", numbers=(("640套",), ("700套",)), computed=("多60套", "逐年增加"), answer="640套、700套，多60套"
)
NONE = case("unanswerable", reports=())
NEAR = case("near_miss", reports=(), near=Passage(report="甲区_2024", text="新开工610套"))
PREMISE = case("false_premise", numbers=(("3.2%",),), keywords=(("目标", "不是"),))
AMBIGUOUS = case("ambiguous", numbers=(("640套",), ("210套",)))


@pytest.mark.parametrize(
    ("of", "text", "status", "expected"),
    [
        (NUMBER, "新开工590套。[1]", "answered", "right"),
        (NUMBER, "新开工 590 套", "answered", "right"),
        (NUMBER, "新开工５９０套", "answered", "right"),
        (NUMBER, "新开工1590套", "answered", "wrong"),
        (NUMBER, "没有找到。", "refused", "missing"),
        (NUMBER, "请问是哪一年？", "clarify", "missing"),
        (NUMBER, "", "answered", "missing"),
        # four other figures are allowed, years and those of the question aside; a fifth is one too many
        (NUMBER, "2022年：590套，另有1个、2个、3个、4个", "answered", "right"),
        (NUMBER, "2022年：590套，另有1个、2个、3个、4个、5个", "answered", "wrong"),
        (TRAP, "新开工590套，另建成640套", "answered", "right"),
        (TRAP, "建成640套、新开工590套", "answered", "wrong"),
        (TRAP, "640套", "answered", "wrong"),
        (LIST, "甲村和乙社区", "answered", "right"),
        (LIST, "甲村", "answered", "wrong"),
        # only results that the gold answer states are wanted: 60 is, 逐年增加 is not
        (COMPUTED, "640套、700套，多了60套", "answered", "right"),
        (COMPUTED, "640套、700套", "answered", "wrong"),
        (NONE, "没有找到", "refused", "right"),
        (NONE, "请问是哪个区？", "clarify", "right"),
        (NONE, "610套", "answered", "wrong"),
        (NEAR, "只有610套", "answered", "wrong"),
        (PREMISE, "与报告不符", "refused", "right"),
        (PREMISE, "不是，实际增长3.2%", "answered", "right"),
        (PREMISE, "增长3.2%", "answered", "wrong"),
        (AMBIGUOUS, "请问是哪个区？", "clarify", "right"),
        (AMBIGUOUS, "没有找到", "refused", "missing"),
        (AMBIGUOUS, "甲区640套", "answered", "wrong"),
    ],
)
def test_verdicts(of: Case, text: str, status: str, expected: str) -> None:
    assert verdict(trial(of, text, status=status)) == expected


def test_an_ambiguous_question_may_be_answered_for_each_report() -> None:
    quotes = [("甲区_2023", "建成住房640套"), ("乙县_2023", "建成住房210套")]
    assert verdict(trial(AMBIGUOUS, "甲区640套，乙县210套", *quotes)) == "right"
    assert verdict(trial(AMBIGUOUS, "甲区640套", *quotes)) == "wrong"


def test_what_is_not_answered_is_missing() -> None:
    assert verdict(silence(NUMBER)) == "missing"
    assert verdict(silence(NONE)) == "right"


def test_a_wrong_answer_costs_more_than_silence() -> None:
    trials = [trial(NUMBER, "590套"), trial(NUMBER, "没有", status="refused"), trial(NUMBER, "640套")]
    score = right_missing_wrong(trials)
    assert score.value == 0
    assert [part.value for part in score.parts] == [1, 0, -1]
    assert share_of(trials, "wrong").value == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("text", "quotes", "extra"),
    [
        ("新开工590套", [("甲区_2023", "新开工590套")], set()),
        # the whole paragraph bears out, not just the quote
        ("新开工590套，建成640套", [("甲区_2023", "新开工590套")], set()),
        ("新开工590套", [("甲区_2024", "新开工610套")], {"590"}),
        ("新开工590套", [], {"590"}),
        ("2022年新开工590套[12]", [("甲区_2023", "新开工590套")], set()),
        ("新开工59.0套", [("甲区_2023", "新开工590套")], {"59.0"}),
    ],
)
def test_a_figure_outside_the_cited_paragraphs_is_a_misquote(
    text: str, quotes: list[tuple[str, str]], extra: set[str]
) -> None:
    assert misquoted(trial(NUMBER, text, *quotes)) == extra


def test_misquotes_are_counted_among_answers_only() -> None:
    refused = trial(NUMBER, "另有999套", status="refused")
    assert misquote_rate([refused]).value is None
    assert misquote_rate([refused, trial(NUMBER, "999套"), trial(NUMBER, "好")]).value == 0.5


def test_figures_of_the_question_and_gold_results_are_no_misquotes() -> None:
    of = case("cross_year", question="比300套多吗", computed=("多60套",))
    assert misquoted(trial(of, "比300套多60套")) == set()


def test_anchored_is_counted_by_citation() -> None:
    first = trial(NUMBER, "590套", ("甲区_2023", "新开工590套"), ("甲区_2023", "新开工591套"), ("丙市_2023", "新开工"))
    second = trial(NUMBER, "590套", ("甲区_2023", "新开工 590套"))
    assert anchored([first, second, trial(NUMBER, "590套")]).value == 0.5


def test_a_citation_supports_if_its_paragraph_holds_evidence_or_a_gold_figure() -> None:
    of = case("number", numbers=(("7500人",),), evidence=(Passage(report="甲区_2023", text=HOMES),))
    quotes = [
        ("甲区_2023", "建成住房"),  # the paragraph of the evidence
        ("甲区_2023", "增长3.2%"),  # the paragraph of the figure
        ("甲区_2024", "建成住房"),  # neither
        ("甲区_2023", "不存在"),
    ]
    assert citation_precision([trial(of, "7500人", *quotes)]).value == 0.5


def test_citation_recall_counts_evidence() -> None:
    of = case(
        "cross_year",
        evidence=(Passage(report="甲区_2023", text=HOMES), Passage(report="甲区_2024", text="新开工610套")),
    )
    assert citation_recall([trial(of, "590套", ("甲区_2023", "建成住房640套"))]).value == 0.5
    assert citation_recall([silence(of)]).value == 0
    assert citation_recall([trial(of, "哪一年？", status="clarify")]).value is None


def test_false_answers_and_false_refusals() -> None:
    trials = [
        trial(NONE, "610套"),
        trial(NEAR, "没有", status="refused"),
        trial(NUMBER, "没有", status="refused"),
        trial(NUMBER, "590套"),
        trial(PREMISE, "不符", status="refused"),
        trial(AMBIGUOUS, "哪个区？", status="clarify"),
    ]
    assert false_answer(trials).value == 0.5
    assert false_refusal(trials).value == 0.25


def test_leaks_by_region_and_by_year() -> None:
    leaking = trial(
        NUMBER,
        "590套",
        ("甲区_2023", "建成住房"),
        ("甲区_2024", "建成住房"),
        ("乙县_2023", "建成住房"),
        ("乙县_2024", ""),
    )
    assert region_leak([leaking]).value == 0.5
    assert year_leak([leaking]).value == 0.5
    assert region_leak([trial(AMBIGUOUS, "640套", ("乙县_2023", "建成住房"))]).value is None


@pytest.mark.parametrize(
    ("seconds", "median", "high"),
    [
        ([1.0], 1.0, 1.0),
        ([3.0, 1.0], 2.0, 3.0),
        ([1.0, 2.0, 9.0], 2.0, 9.0),
        ([float(n) for n in range(1, 101)], 50.5, 96.0),
    ],
)
def test_latency(seconds: list[float], median: float, high: float) -> None:
    trials = [trial(NUMBER, "590套", seconds=s) for s in seconds] + [silence(NUMBER)]
    assert latency(trials, 50).value == median
    assert latency(trials, 95).value == high


def test_no_latency_without_times() -> None:
    assert latency([silence(NUMBER)], 50).value is None
    with pytest.raises(ValueError, match="between 0 and 100"):
        latency([], 100)


def ranks(*numbers: int) -> tuple[frozenset[Place], ...]:
    return tuple(frozenset({place}) for place in places(*numbers))


def places(*numbers: int) -> tuple[Place, ...]:
    return tuple(("甲区_2023", number) for number in numbers)


RANKINGS = [
    Ranking(id="both", places=ranks(7, 3, 8, 5), evidence=(frozenset(places(3)), frozenset(places(5)))),
    Ranking(id="none", places=ranks(1, 2), evidence=(frozenset(places(9)),)),
    Ranking(id="first", places=ranks(4), evidence=(frozenset(places(4, 6)),)),
    Ranking(id="unplaced", places=ranks(4), evidence=(frozenset(),)),
]


def values(score: Score) -> list[float]:
    return [part.value for part in score.parts]


def test_recall_at_k() -> None:
    assert values(recall_at_k(RANKINGS, 1)) == [0, 0, 1, 0]
    assert values(recall_at_k(RANKINGS, 2)) == [0.5, 0, 1, 0]
    assert values(recall_at_k(RANKINGS, 4)) == [1, 0, 1, 0]
    assert values(all_at_k(RANKINGS, 2)) == [0, 0, 1, 0]
    assert all_at_k(RANKINGS, 4).value == 0.5


def test_mean_reciprocal_rank() -> None:
    score = mean_reciprocal_rank(RANKINGS)
    assert values(score) == [0.5, 0, 1, 0]
    assert score.value == 0.375
    assert values(mean_reciprocal_rank(RANKINGS, 1)) == [0, 0, 1, 0]


def test_ndcg() -> None:
    ideal = 1 + 1 / log2(3)
    assert values(ndcg(RANKINGS)) == pytest.approx([(1 / log2(3) + 1 / log2(5)) / ideal, 0, 1 / ideal, 0])


def test_a_mean_is_weighted_and_none_of_nothing() -> None:
    parts = [Part(id="a", value=1.0, weight=3), Part(id="b", value=0.0), Part(id="c", value=0.0, weight=0)]
    score = mean("share", parts)
    assert score.value == 0.75
    assert len(score.parts) == 2
    assert mean("share", []).value is None


def test_the_interval_holds_the_mean_and_narrows_with_more_cases() -> None:
    few = mean("right", [Part(id=str(n), value=float(n % 2)) for n in range(20)])
    many = mean("right", [Part(id=str(n), value=float(n % 2)) for n in range(2000)])
    low, high = interval(few) or (1.0, 0.0)
    assert low < 0.5 < high
    narrow = interval(many)
    assert narrow
    assert narrow[1] - narrow[0] < high - low
    assert interval(few) == interval(few)


def test_no_interval_of_one_case_or_of_a_percentile() -> None:
    assert interval(mean("right", [Part(id="a", value=1.0)])) is None
    assert interval(latency([trial(NUMBER, "590套", seconds=1.0)] * 3, 50)) is None
