from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from eval.cases import CaseError
from eval.reports import ReportFolder
from eval.summaries import Facts, load_facts, score_summaries, summarize_cases

HOMES = "全年建成住房640套、新开工590套。"
SCHOOL = "第一小学获评省级示范校。"
MUST: list[dict[str, object]] = [
    {"fact": "建成640套、新开工590套", "numbers": ["640套", "590套"], "evidence": HOMES, "weight": 3},
    {"fact": "第一小学为省级示范校", "numbers": [], "evidence": SCHOOL, "weight": 1},
]
FACTS: dict[str, object] = {
    "report": "甲区_2023",
    "must": MUST,
    "distractors": ["7个", 8],
}
CITATIONS = [
    {"mark": 1, "report": "甲区_2023", "quote": "新开工590套"},
    {"mark": 2, "report": "甲区_2023", "quote": "第一小学"},
    {"mark": 3, "report": "甲区_2023", "quote": "没有这句"},
]


def jsonl(path: Path, *rows: Mapping[str, object]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def scores(
    folder: Path, claims: Sequence[tuple[str, list[int]]], facts: Mapping[str, object] = FACTS
) -> dict[str, Any]:
    (folder / "甲区_2023.txt").write_text(f"标题\n{HOMES}\n{SCHOOL}\n", "utf-8")
    summary = {
        "report": "甲区_2023",
        "claims": [{"text": text, "citations": marks} for text, marks in claims],
        "citations": CITATIONS,
    }
    found = score_summaries(jsonl(folder / "f.jsonl", facts), jsonl(folder / "s.jsonl", summary), ReportFolder(folder))
    return {score.name: score.value for score in found}


@pytest.mark.parametrize(
    ("claims", "recall"),
    [
        ([("建成640套，新开工590套", [1]), ("第一小学成为省级示范校", [2])], 1),
        ([("建成640套，新开工590套", [1])], 0.75),
        # all figures in one claim
        ([("建成640套", [1]), ("新开工590套", [1])], 0),
        # and the paragraph of the evidence cited
        ([("建成640套，新开工590套", [2])], 0),
        ([("建成640套，新开工590套", [])], 0),
        ([("建成640套，新开工590套", [3])], 0),
        ([("建成640套，新开工590套", [9])], 0),
        # half of the character pairs where there is no figure
        ([("省级示范校有第一小学", [2])], 0.25),
        ([("学校很好", [2])], 0),
        ([], 0),
    ],
)
def test_a_fact_is_carried_by_one_claim_that_cites_its_paragraph(
    tmp_path: Path, claims: Sequence[tuple[str, list[int]]], recall: float
) -> None:
    assert scores(tmp_path, claims)["fact_recall"] == recall


def test_a_claim_misquotes_if_its_own_paragraphs_lack_a_figure(tmp_path: Path) -> None:
    claims: list[tuple[str, list[int]]] = [
        ("2022年建成640套", [1]),
        ("新开工590套", [2]),
        ("新开工591套", [1]),
        ("好", []),
    ]
    assert scores(tmp_path, claims)["claim_misquote"] == 0.5


def test_distractors_count_among_the_first_three_claims(tmp_path: Path) -> None:
    claims: list[tuple[str, list[int]]] = [("有7个", []), ("有17个", []), ("好", []), ("又有7个", [])]
    assert scores(tmp_path, claims)["lead_distractors"] == 1
    assert scores(tmp_path, claims)["characters"] == 12


def test_a_summary_that_is_not_there_carries_nothing(tmp_path: Path) -> None:
    topic = {"question": "住房如何", "must": [{**fact, "report": "甲区_2023"} for fact in MUST]}
    assert scores(tmp_path, [("建成640套，新开工590套", [1])], topic)["fact_recall"] == 0


def test_summaries_are_written_with_the_key_of_their_facts(tmp_path: Path) -> None:
    def summarize(facts: Facts) -> Mapping[str, Any]:
        return {"id": "x", "claims": [{"text": facts.id, "citations": []}], "citations": []}

    facts = jsonl(tmp_path / "f.jsonl", FACTS, {"question": "住房如何", "must": MUST})
    out = tmp_path / "new" / "s.jsonl"
    seen: list[tuple[int, int]] = []
    summarize_cases(summarize, facts, out, progress=lambda done, of: seen.append((done, of)))
    written = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [row.get("report") for row in written] == ["甲区_2023", None]
    assert [row.get("question") for row in written] == [None, "住房如何"]
    assert seen == [(1, 2), (2, 2)]


@pytest.mark.parametrize(
    "row",
    [
        {"must": MUST},
        {"report": "甲区_2023"},
        {"report": "甲区_2023", "must": []},
        {"report": "甲区_2023", "must": [{"fact": "建成"}]},
        {"report": "甲区_2023", "must": ["建成"]},
    ],
)
def test_a_bad_line_of_facts_is_named(tmp_path: Path, row: Mapping[str, object]) -> None:
    with pytest.raises(CaseError, match="第 2 行"):
        load_facts(jsonl(tmp_path / "f.jsonl", FACTS, row))


def test_a_bad_line_of_summaries_is_named(tmp_path: Path) -> None:
    facts = jsonl(tmp_path / "f.jsonl", FACTS)
    with pytest.raises(CaseError, match="第 1 行不是一份摘要"):
        score_summaries(facts, jsonl(tmp_path / "s.jsonl", {"report": "甲区_2023"}), ReportFolder(tmp_path))


def test_the_facts_of_the_samples_stand_in_the_samples() -> None:
    root = Path(__file__).parent.parent
    texts = {path.stem: path.read_text("utf-8") for path in (root / "samples").glob("*.txt")}
    wanted = load_facts(root / "eval" / "data" / "summaries.jsonl")
    assert len(wanted) >= 5
    for facts in wanted:
        for fact in facts.must:
            assert fact.evidence in texts[fact.report]
            assert all(number in fact.evidence for spellings in fact.numbers for number in spellings)
