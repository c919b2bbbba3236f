"""Government policy notices with questions answered verbatim in one of them, after the NCP policy QA contest.

Two files in one folder: `docs.jsonl` with id and text, `questions.jsonl` with qid, question, answer and gold_doc.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval.adapters.benchmark import Asked, Benchmark
from eval.cases import parsed_lines
from eval.fields import text

__all__ = ["load_ncp"]

# The notices are of the first months of the epidemic.
_YEAR = 2020


def load_ncp(folder: Path) -> Benchmark:
    """Raises CaseError for a line that is bad or of another form, BenchmarkError for a question without its notice."""
    documents = dict(document for _, document in parsed_lines(folder / "docs.jsonl", _document))
    questions = tuple(asked for _, asked in parsed_lines(folder / "questions.jsonl", _asked))
    return Benchmark(name="ncp_policy_qa", documents=documents, questions=questions, year=_YEAR)


def _document(record: Mapping[str, Any]) -> tuple[str, str]:
    return text(record, "id", needed=True), text(record, "text", needed=True)


def _asked(record: Mapping[str, Any]) -> Asked:
    return Asked(
        id=text(record, "qid", needed=True),
        question=text(record, "question", needed=True),
        answers=((text(record, "answer", needed=True),),),
        document=text(record, "gold_doc", needed=True),
    )
