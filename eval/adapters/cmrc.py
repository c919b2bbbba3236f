"""Passages with questions answered by a span: CMRC 2018 as its authors publish it, and the form of SQuAD 1.1."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from eval.adapters.benchmark import Asked, Benchmark, BenchmarkError

__all__ = ["load_cmrc"]


def load_cmrc(path: Path) -> Benchmark:
    """Raises BenchmarkError for a file that is missing, no JSON or of neither form."""
    documents: dict[str, str] = {}
    questions: list[Asked] = []
    try:
        stored = json.loads(path.read_text("utf-8"))
        for name, text, asked in _squad(stored) if isinstance(stored, dict) else _cmrc(stored):
            documents[name] = text
            questions.extend(asked)
    except OSError as error:
        raise BenchmarkError(f"读不到 {path}（{error.strerror}）。") from error
    except (KeyError, TypeError, ValueError) as error:
        raise BenchmarkError(f"{path} 不是 CMRC 2018 或 SQuAD 的格式（{error}）。") from error
    return Benchmark(name=path.stem, documents=documents, questions=tuple(questions))


Passage = tuple[str, str, list[Asked]]


def _cmrc(stored: list[Mapping[str, Any]]) -> Iterator[Passage]:
    for passage in stored:
        name = passage["context_id"]
        yield (
            name,
            passage["context_text"],
            [
                Asked(id=q["query_id"], question=q["query_text"], answers=_distinct(q["answers"]), document=name)
                for q in passage["qas"]
            ],
        )


def _squad(stored: Mapping[str, Any]) -> Iterator[Passage]:
    for number, article in enumerate(stored["data"]):
        for place, passage in enumerate(article["paragraphs"]):
            name = f"{number}-{place}"
            yield (
                name,
                passage["context"],
                [
                    Asked(
                        id=q["id"],
                        question=q["question"],
                        answers=_distinct(answer["text"] for answer in q["answers"]),
                        document=name,
                    )
                    for q in passage["qas"]
                ],
            )


def _distinct(answers: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(answers))
