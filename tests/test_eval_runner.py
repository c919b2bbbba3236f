"""A scripted assistant is put to cases: what is written, what a second run keeps, what a crash leaves."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from eval.cases import CaseError
from eval.runner import answer_cases, retrieve_cases
from index.errors import ModelMissing
from index.types import Chunk, Hit, Paragraph
from rag.types import Answer, AnswerScope, Provenance, Turn

CASES = [
    {"id": "a", "question": "建成多少套？"},
    {"id": "b", "question": "那新开工的呢？", "history": [{"question": "建成多少套？", "answer": "640套。"}]},
    {"id": "c", "question": "坏问题"},
]


class Scripted:
    """Answers from the number of earlier turns, and breaks down when told so."""

    def __init__(self, broken: str = "") -> None:
        self.asked: list[str] = []
        self.broken = broken
        self._lock = threading.Lock()

    def ask(self, question: str, history: Sequence[Turn]) -> Answer:
        with self._lock:
            self.asked.append(question)
        if question == self.broken:
            raise ModelMissing("没有模型，请先安装。")
        return Answer(
            id="run-time id",
            question=question,
            standalone_question=question,
            status="answered",
            scope=AnswerScope(),
            text=f"前面有{len(history)}问",
            provenance=Provenance(engine="scripted"),
        )

    def search(self, question: str, k: int, *, history: Sequence[Turn]) -> Sequence[Hit]:
        # paragraph 2 is cut into many chunks that crowd out paragraph 3
        numbers = [1, 2, 2, 2, 2, 3][:k]
        return [
            Hit(
                chunk=Chunk(report="甲区_2024", paragraph=n, start=rank, end=rank + 1, text="段", context=""),
                score=1 / rank,
                rank=rank,
            )
            for rank, n in enumerate(numbers, start=1)
        ]

    def report_paragraphs(self, report_id: str) -> Sequence[Paragraph]:
        return [Paragraph(report=report_id, number=n, text=f"第{n}段全文") for n in (1, 2, 3)]


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cases.jsonl"
    path.write_text("".join(json.dumps(case, ensure_ascii=False) + "\n" for case in CASES), "utf-8")
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "new" / "answers.jsonl"


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_each_case_gets_a_line_in_wire_format_with_id_and_seconds(cases: Path, out: Path) -> None:
    run = answer_cases(Scripted(), cases, out)
    assert (run.done, run.kept, run.failures) == (3, 0, ())
    written = lines(out)
    assert [line["id"] for line in written] == ["a", "b", "c"]
    assert [line["text"] for line in written] == ["前面有0问", "前面有1问", "前面有0问"]
    assert all(line["seconds"] >= 0 and line["provenance"]["engine"] == "scripted" for line in written)
    assert "建成多少套" in out.read_text("utf-8")  # readable, not escaped


def test_a_second_run_asks_only_what_is_left(cases: Path, out: Path) -> None:
    answer_cases(Scripted(), cases, out)
    out.write_text("".join(out.read_text("utf-8").splitlines(keepends=True)[:2]), "utf-8")
    assistant = Scripted()
    run = answer_cases(assistant, cases, out)
    assert assistant.asked == ["坏问题"]
    assert (run.done, run.kept) == (1, 2)
    assert [line["id"] for line in lines(out)] == ["a", "b", "c"]


@pytest.mark.parametrize("cut", [1, 5, 30])
def test_a_line_broken_off_by_a_crash_is_answered_again(cases: Path, out: Path, cut: int) -> None:
    answer_cases(Scripted(), cases, out)
    out.write_bytes(out.read_bytes()[:-cut])
    assistant = Scripted()
    answer_cases(assistant, cases, out)
    assert assistant.asked == ["坏问题"]
    assert [line["id"] for line in lines(out)] == ["a", "b", "c"]


def test_a_line_broken_off_inside_a_character(cases: Path, out: Path) -> None:
    out.parent.mkdir()
    out.write_bytes('{"id": "a", "text": "套'.encode()[:-1])
    assert answer_cases(Scripted(), cases, out).done == 3
    assert len(lines(out)) == 3


def test_one_broken_case_costs_the_others_nothing(cases: Path, out: Path) -> None:
    run = answer_cases(Scripted(broken="建成多少套？"), cases, out)
    assert [(f.id, f.message) for f in run.failures] == [("a", "没有模型，请先安装。")]
    assert [line["id"] for line in lines(out)] == ["b", "c"]
    again = answer_cases(Scripted(), cases, out)
    assert (again.done, again.kept) == (1, 2)


@pytest.mark.parametrize("jobs", [1, 4])
def test_jobs_and_progress(cases: Path, out: Path, jobs: int) -> None:
    seen: list[tuple[int, int]] = []
    answer_cases(Scripted(), cases, out, jobs=jobs, progress=lambda done, of: seen.append((done, of)))
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert {line["id"] for line in lines(out)} == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"id": "a", "question": "另一个问题"}', "答的是另一个问题，请换一个 --out"),
        ('{"id": "z", "question": "建成多少套？"}', "'z' 不在题目中，请换一个 --out"),
        ('{"id": "a", ', "第 1 行不是 JSON"),
    ],
)
def test_answers_to_other_questions_are_not_built_upon(cases: Path, out: Path, line: str, told: str) -> None:
    out.parent.mkdir()
    out.write_text(line + "\n", "utf-8")
    with pytest.raises(CaseError, match=told):
        answer_cases(Scripted(), cases, out)
    assert out.read_text("utf-8") == line + "\n"


@pytest.mark.parametrize(("k", "expected"), [(1, [1]), (2, [1, 2]), (3, [1, 2, 3]), (9, [1, 2, 3])])
def test_paragraphs_are_ranked_each_once(cases: Path, out: Path, k: int, expected: list[int]) -> None:
    assert retrieve_cases(Scripted(), cases, out, k=k).done == 3
    first = lines(out)[0]
    assert first["id"] == "a"
    assert [hit["paragraph"] for hit in first["hits"]] == expected
    assert first["hits"][0] == {"report": "甲区_2024", "paragraph": 1, "text": "第1段全文", "score": 1.0}
    scores = [hit["score"] for hit in first["hits"]]
    assert scores == sorted(scores, reverse=True)
    assert list(out.parent.iterdir()) == [out]
