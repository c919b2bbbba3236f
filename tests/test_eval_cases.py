from __future__ import annotations

from pathlib import Path

import pytest

from eval.cases import Case, CaseError, Passage, load_cases
from rag.types import Turn


def written(folder: Path, *lines: str) -> Path:
    path = folder / "cases.jsonl"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_a_question_alone_is_a_case(tmp_path: Path) -> None:
    path = written(tmp_path, '{"id": "a", "question": "建成多少套？"}')
    assert load_cases(path) == (Case(id="a", question="建成多少套？"),)


def test_all_fields(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        '{"id": "a", "type": "followup", "question": "那新开工的呢？",'
        ' "history": [{"question": "建成多少套？", "answer": "640套。"}], "reports": ["甲区_2024"], "answer": "590套",'
        ' "numbers": ["590套", ["3家", "三家"]], "computed": ["多50套"], "keywords": ["开工", ["甲", "乙"]], "wrong": ["640套"],'
        ' "evidence": [{"report": "甲区_2024", "text": "新开工590套"}], "near": {"report": "甲区_2023", "text": "近"}, "note": "备注"}',
    )
    [case] = load_cases(path)
    assert case.history == (Turn(question="建成多少套？", answer="640套。"),)
    assert case.numbers == (("590套",), ("3家", "三家"))
    assert case.keywords == (("开工",), ("甲", "乙"))
    assert case.evidence == (Passage(report="甲区_2024", text="新开工590套"),)
    assert case.near == Passage(report="甲区_2023", text="近")


def test_empty_lines_and_a_byte_order_mark_are_skipped(tmp_path: Path) -> None:
    path = written(tmp_path, '\ufeff{"id": "a", "question": "一"}', "", "  ", '{"id": "b", "question": "二\u2028三"}')
    assert [case.id for case in load_cases(path)] == ["a", "b"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"id": "b", "question": ', "第 2 行不是 JSON"),
        ('["b"]', "第 2 行应是一个 JSON 对象"),
        ('{"question": "二"}', "第 2 行：缺少 id"),
        ('{"id": "b", "question": " "}', "第 2 行：缺少 question"),
        ('{"id": 7, "question": "二"}', "第 2 行：id 应是文字，现在是 7"),
        ('{"id": "a", "question": "二"}', "第 2 行：id 'a' 与前面的题重复"),
        ('{"id": "b", "question": "二", "type": "numbers"}', "第 2 行：type 是 'numbers'，只能是 number、multi_number"),
        ('{"id": "b", "question": "二", "numbers": "590套"}', "第 2 行：numbers 应是列表"),
        ('{"id": "b", "question": "二", "numbers": [590]}', "第 2 行：numbers 中应都是文字，现在有 590"),
        ('{"id": "b", "question": "二", "numbers": [[]]}', "第 2 行：numbers 中有空列表"),
        ('{"id": "b", "question": "二", "evidence": [{"report": "甲区_2024"}]}', "第 2 行：缺少 text"),
        ('{"id": "b", "question": "二", "near": "近"}', "第 2 行：near 应是 JSON 对象"),
        ('{"id": "b", "question": "二", "history": ["一"]}', "第 2 行：history 应是 JSON 对象"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, told: str) -> None:
    path = written(tmp_path, '{"id": "a", "question": "一"}', line)
    with pytest.raises(CaseError, match=told):
        load_cases(path)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="读不到"):
        load_cases(tmp_path / "none.jsonl")
    path = tmp_path / "cases.jsonl"
    path.write_bytes("{}".encode("utf-16"))
    with pytest.raises(CaseError, match="不是 UTF-8"):
        load_cases(path)
    with pytest.raises(CaseError, match="没有题目"):
        load_cases(written(tmp_path, ""))
