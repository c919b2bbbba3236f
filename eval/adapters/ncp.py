"""Government policy notices with questions answered verbatim in one of them, after the NCP policy QA contest.

Two files in one folder: `docs.jsonl` with id and text, `questions.jsonl` with qid, question, answer and gold_doc.
"""

from __future__ import annotations

from pathlib import Path

from eval.adapters.benchmark import Asked, Benchmark, BenchmarkError
from eval.cases import json_lines

__all__ = ["load_ncp"]


def load_ncp(folder: Path) -> Benchmark:
    """Raises CaseError for a bad line and BenchmarkError for one of another form."""
    try:
        return Benchmark(
            name="ncp_policy_qa",
            documents={record["id"]: record["text"] for _, record in json_lines(folder / "docs.jsonl")},
            questions=tuple(
                Asked(
                    id=record["qid"],
                    question=record["question"],
                    answers=(record["answer"],),
                    document=record["gold_doc"],
                )
                for _, record in json_lines(folder / "questions.jsonl")
            ),
        )
    except KeyError as error:
        raise BenchmarkError(f"{folder} 不是 ncp_policy_qa 的格式：缺少 {error}。") from error
