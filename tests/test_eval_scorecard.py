from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from eval.cases import CaseError
from eval.printing import print_scorecard, print_scores
from eval.reports import ReportFolder
from eval.scorecard import score_answers, score_hits
from index.errors import UnknownReport

HOMES = "全年建成住房640套、新开工590套。"
CASES: list[dict[str, object]] = [
    {
        "id": "a", "type": "trap", "question": "甲区新开工多少套", "reports": ["甲区_2023"], "answer": "590套",
        "numbers": ["590套"], "wrong": ["640套"], "evidence": [{"report": "甲区_2023", "text": HOMES}],
    },
    {"id": "b", "type": "unanswerable", "question": "甲区[bold]有多少辆车"},
    {
        "id": "c", "type": "number", "question": "甲区就业多少人", "reports": ["甲区_2023"], "answer": "80人",
        "numbers": ["80人"], "evidence": [{"report": "甲区_2023", "text": "报告中没有的话"}],
    },
]  # fmt: skip
QUOTE = [{"report": "甲区_2023", "quote": "新开工590套"}]
ANSWERS: list[dict[str, object]] = [
    {"id": "a", "status": "answered", "text": "新开工590套。[1]", "citations": QUOTE, "seconds": 0.5},
    {"id": "b", "status": "answered", "text": "有77辆", "citations": QUOTE, "seconds": 1.5},
]


def jsonl(path: Path, rows: Sequence[Mapping[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


@pytest.fixture
def reports(tmp_path: Path) -> ReportFolder:
    (tmp_path / "甲区_2023.txt").write_text(f"甲区2023年政府工作报告\n\n{HOMES}\n", "utf-8")
    return ReportFolder(tmp_path)


def test_the_scorecard_of_a_run(tmp_path: Path, reports: ReportFolder) -> None:
    card = score_answers(jsonl(tmp_path / "c.jsonl", CASES), jsonl(tmp_path / "a.jsonl", ANSWERS), reports)
    assert card.cases == 3
    assert card.value("score") == 0
    assert card.value("misquote_rate") == 0.5
    assert card.value("anchored") == 1
    assert card.value("false_answer") == 1
    assert card.value("seconds_p50") == 1.0
    assert {kind: dict(counts) for kind, counts in card.by_type.items()} == {
        "number": {"missing": 1},
        "trap": {"right": 1},
        "unanswerable": {"wrong": 1},
    }
    assert [(fault.case.id, fault.verdict, fault.misquoted) for fault in card.faults] == [
        ("b", "wrong", ("77",)),
        ("c", "missing", ()),
    ]
    assert card.unplaced == (("c", "报告中没有的话"),)
    assert json.loads(json.dumps(card.to_json()))["scores"]["right"]["value"] == pytest.approx(1 / 3)


def test_the_printed_scorecard_shows_figures_and_faults(tmp_path: Path, reports: ReportFolder) -> None:
    card = score_answers(jsonl(tmp_path / "c.jsonl", CASES), jsonl(tmp_path / "a.jsonl", ANSWERS), reports)
    console = Console(record=True, width=120, file=StringIO())
    print_scorecard(card, console, show=1)
    printed = console.export_text()
    assert "错引数字的回答" in printed
    assert "甲区[bold]有多少辆车（引文中没有：77）" in printed
    assert "另有 1 题未列出" in printed
    assert "1 条证据在报告中找不到原文（如题 c）" in printed


def test_a_case_without_a_type_cannot_be_scored(tmp_path: Path, reports: ReportFolder) -> None:
    cases = jsonl(tmp_path / "c.jsonl", [{"id": "a", "question": "多少套"}])
    with pytest.raises(CaseError, match="'a' 没有 type"):
        score_answers(cases, jsonl(tmp_path / "a.jsonl", ANSWERS), reports)


@pytest.mark.parametrize("row", [{"id": "a", "text": "590套"}, {"text": "590套", "status": "answered"}])
def test_a_line_that_is_no_answer_is_named(tmp_path: Path, reports: ReportFolder, row: dict[str, object]) -> None:
    cases = jsonl(tmp_path / "c.jsonl", CASES)
    with pytest.raises(CaseError, match="第 1 行缺少 id、text 或 status"):
        score_answers(cases, jsonl(tmp_path / "a.jsonl", [row]), reports)


def test_the_scores_of_a_search(tmp_path: Path, reports: ReportFolder) -> None:
    hits: list[dict[str, object]] = [
        {"id": "a", "hits": [{"report": "甲区_2023", "paragraph": n, "text": "", "score": 1.0} for n in (1, 2)]}
    ]
    scores = score_hits(jsonl(tmp_path / "c.jsonl", CASES), jsonl(tmp_path / "h.jsonl", hits), reports)
    found = {score.name: score.value for score in scores}
    assert (found["all@1"], found["all@5"], found["mrr@10"]) == (0, 0.5, 0.25)
    console = Console(record=True, width=120, file=StringIO())
    print_scores(scores, console, title="检索")
    assert "mrr@10" in console.export_text()


def test_a_line_that_is_no_search_result_is_named(tmp_path: Path, reports: ReportFolder) -> None:
    hits = jsonl(tmp_path / "h.jsonl", [{"id": "a", "hits": [{"report": "甲区_2023"}]}])
    with pytest.raises(CaseError, match="第 1 行不是一条检索结果"):
        score_hits(jsonl(tmp_path / "c.jsonl", CASES), hits, reports)


@pytest.mark.parametrize("name", ["乙县_2023", "../甲区_2023"])
def test_a_folder_knows_only_its_own_reports(reports: ReportFolder, name: str) -> None:
    with pytest.raises(UnknownReport):
        reports.report_paragraphs(name)


def test_paragraphs_are_numbered_without_empty_lines(reports: ReportFolder) -> None:
    assert [(p.number, p.text) for p in reports.report_paragraphs("甲区_2023")] == [
        (1, "甲区2023年政府工作报告"),
        (2, HOMES),
    ]
