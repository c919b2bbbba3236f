"""Two runs compared, the step that lost a case, and the page that shows both."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from eval.cases import Case, CaseError, Passage
from eval.comparison import changes, difference
from eval.losses import Step, lost_at
from eval.metrics.followup_retention import followup_retention
from eval.metrics.memory import memory
from eval.metrics.score import Part, Score, mean
from eval.page import render_page
from eval.regression import load_record, regressions, save_record
from eval.reports import Places
from eval.scorecard import load_trials
from eval.trials import Given, Trial, match_trials
from index.types import Paragraph

TEXTS = {"甲县_2024": ["新建保障房590套，建成640套。", "新增学位1080个。"], "乙县_2024": ["新建保障房12套。"]}


class Reports:
    def report_paragraphs(self, report: str) -> list[Paragraph]:
        texts = TEXTS.get(report, [])
        return [Paragraph(report=report, number=n, text=text) for n, text in enumerate(texts, start=1)]


CASE = Case(
    id="q",
    type="number",
    question="甲县2023年新建保障房多少套",
    reports=("甲县_2024",),
    answer="590套",
    numbers=(("590套",),),
    evidence=(Passage(report="甲县_2024", text="新建保障房590套"),),
)
RIGHT = Given(id="q", text="590套。[1]", status="answered", quotes=(("甲县_2024", "新建保障房590套"),), seconds=0.2)
WRONG = replace(RIGHT, text="640套。[1]", quotes=(("甲县_2024", "建成640套"),))
SILENT = Given(id="q", text="没有提到", status="refused", refusal="not_found")


def trial(given: Given | None, case: Case = CASE) -> Trial:
    (made,) = match_trials([case], {given.id: given} if given else {}, Places(Reports()))
    return made


@pytest.mark.parametrize(
    ("given", "found", "step"),
    [
        (RIGHT, (), None),
        (WRONG, (), "draft"),  # 640 stands in the paragraph that holds the evidence
        (replace(WRONG, text="12套。[1]", quotes=(("乙县_2024", "新建保障房12套"),)), (), "scope"),
        (replace(SILENT, refusal="out_of_corpus"), (("甲县_2024", 1),), "scope"),
        (SILENT, (), "search"),
        (SILENT, (("甲县_2024", 1),), "evidence"),
        (replace(SILENT, nearest=(("甲县_2024", "新增学位1080个"),)), (("甲县_2024", 1),), "evidence"),
        (replace(SILENT, notes=("一句未通过核对，未显示：数字不符",)), (("甲县_2024", 1),), "gate"),
        (None, (), "draft"),
    ],
)
def test_the_step_that_lost_a_case(given: Given | None, found: tuple[tuple[str, int], ...], step: Step | None) -> None:
    assert lost_at(trial(given), {"q": found}) == step


def run(values: str, name: str = "right") -> Score:
    return mean(name, (Part(id=str(n), value=float(value)) for n, value in enumerate(values)))


def test_no_difference_is_told_as_none() -> None:
    told = difference(run("1101" * 10), run("1101" * 10))
    assert (told.value, told.interval, told.p, told.is_beyond_noise) == (0.0, (0.0, 0.0), 1.0, False)


def test_a_few_changes_may_be_chance_and_many_are_not() -> None:
    few = difference(run("1" * 40), run("1" * 38 + "00"))
    many = difference(run("1" * 40), run("1" * 30 + "0" * 10))
    assert not few.is_beyond_noise and few.p is not None and few.p == pytest.approx(0.5, abs=0.05)
    assert many.is_beyond_noise and many.p is not None and many.p < 0.01
    assert many.interval is not None and many.interval[0] < -0.25 < many.interval[1] < 0


def test_cases_of_one_run_only_and_scores_that_are_no_means() -> None:
    one = difference(run("11"), mean("right", [Part(id="0", value=1.0)]))
    assert one.value == 0.0
    seconds = Score(name="seconds_p50", value=1.0, parts=(), is_mean=False)
    told = difference(seconds, replace(seconds, value=1.5))
    assert (told.value, told.interval, told.p) == (0.5, None, None)
    assert difference(mean("right", []), run("1")).value is None


def test_losses_come_before_gains() -> None:
    other = replace(CASE, id="r")
    before = (trial(RIGHT), trial(replace(SILENT, id="r"), other))
    after = (trial(WRONG), trial(replace(RIGHT, id="r"), other))
    assert [(c.case.id, c.first, c.second) for c in changes(before, after)] == [
        ("q", "right", "wrong"),
        ("r", "missing", "right"),
    ]


@pytest.mark.parametrize(
    ("given", "value"), [(RIGHT, 1.0), (SILENT, 0.0), (replace(RIGHT, quotes=(("乙县_2024", "新建保障房12套"),)), 0.0)]
)
def test_a_follow_up_stays_with_its_report(given: Given, value: float) -> None:
    assert followup_retention([trial(given, replace(CASE, type="followup"))]).value == value
    assert followup_retention([trial(given)]).value is None


def test_memory_is_the_most_that_was_taken() -> None:
    trials = [trial(replace(RIGHT, megabytes=megabytes)) for megabytes in (100.0, 300.0, None)]
    assert memory(trials).value == 300.0


HOSTILE = '</script><script>alert("q")</script>'


def test_the_page_shows_each_failure_and_nothing_from_elsewhere() -> None:
    asked = replace(CASE, question=CASE.question + HOSTILE)
    page = render_page([trial(WRONG, asked)], {}, title="一次评测", baseline=[trial(RIGHT)], baseline_title="上一次")
    assert HOSTILE not in page
    assert not re.findall(r"https?://|@import|<link|src=", page)
    (article,) = re.findall(r"<article.*?</article>", page, re.DOTALL)
    for words in ("640套", "新建保障房590套", "建成640套", "成文：引到了证据，没有答对", "对照：对"):
        assert words in article
    assert "与 上一次 相比" in page and "<polyline" in page


def test_a_page_without_failures_without_times() -> None:
    page = render_page([trial(replace(RIGHT, seconds=None))], {}, title="都对")
    assert "<article" not in page and "<polyline" not in page and "相比" not in page


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, Mapping[str, object]], Path]:
    def written(name: str, record: Mapping[str, object]) -> Path:
        path = tmp_path / name
        path.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
        return path

    return written


def test_what_an_answer_left_behind_is_read_from_the_wire(write: Callable[[str, Mapping[str, object]], Path]) -> None:
    case = {"id": "q", "type": "number", "question": "问"}
    wire = {
        "id": "q",
        "text": "没有",
        "status": "refused",
        "scope": {"reports": ["甲县_2024"]},
        "refusal": {"kind": "target_only", "nearest": [{"report": "甲县_2024", "quote": "新增学位1080个"}]},
        "provenance": {"engine": "extractive", "notes": ["一句"]},
        "megabytes": 12,
    }
    (made,) = load_trials(write("cases.jsonl", case), write("answers.jsonl", wire), Reports())
    given = made.answer
    assert given is not None
    assert (given.refusal, given.searched, given.nearest) == (
        "target_only",
        ("甲县_2024",),
        (("甲县_2024", "新增学位1080个"),),
    )
    assert (given.notes, given.engine, given.megabytes) == (("一句",), "extractive", 12.0)


# The gate ---------------------------------------------------------------------------------------------------


def many(wrong: int) -> list[Trial]:
    """Forty cases, so many of them answered wrong."""
    cases = [replace(CASE, id=str(n)) for n in range(40)]
    return [trial(replace(WRONG if n < wrong else RIGHT, id=case.id), case) for n, case in enumerate(cases)]


@pytest.mark.parametrize(("wrong", "passes"), [(0, True), (2, True), (12, False)])
def test_only_a_drop_beyond_noise_is_held_against_a_run(tmp_path: Path, wrong: int, passes: bool) -> None:
    record = tmp_path / "baseline.json"
    save_record(many(0), record)
    problems = regressions(many(wrong), load_record(record))
    assert (problems == []) is passes
    assert passes or "得分由 1.000 降到 0.400" in problems[0]


def test_a_better_run_and_new_cases_pass(tmp_path: Path) -> None:
    record = tmp_path / "baseline.json"
    save_record(many(12)[:20], record)
    assert regressions(many(0), load_record(record)) == []


def test_one_misquoted_figure_is_one_too_many() -> None:
    (problem,) = regressions([trial(replace(RIGHT, text="591套。[1]"))], {})
    assert "591" in problem


@pytest.mark.parametrize("content", [None, "[]", '{"q": "good"}', "right"])
def test_a_record_that_is_none_is_named(tmp_path: Path, content: str | None) -> None:
    record = tmp_path / "baseline.json"
    if content is not None:
        record.write_text(content)
    with pytest.raises(CaseError, match="--accept"):
        load_record(record)
