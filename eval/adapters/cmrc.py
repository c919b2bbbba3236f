"""Passages with questions answered by a span: CMRC 2018 as its authors publish it, and the form of SQuAD 1.1."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from eval.adapters.benchmark import Asked, Benchmark, BenchmarkError
from eval.fields import FieldError, objects, text, texts

__all__ = ["load_cmrc"]

# Passages of an encyclopedia: any year will do.
_YEAR = 2018


def load_cmrc(path: Path) -> Benchmark:
    """Raises BenchmarkError for a file that is missing, no JSON or of neither form; it names the passage."""
    try:
        stored = json.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise BenchmarkError(f"读不到 {path}（{error.strerror}）。") from error
    except ValueError as error:
        raise BenchmarkError(f"{path} 不是 JSON（{error}）。") from error
    documents: dict[str, str] = {}
    questions: list[Asked] = []
    try:
        for name, content, asked in _squad(stored) if isinstance(stored, dict) else _cmrc(stored):
            documents[name] = content
            questions.extend(asked)
    except FieldError as fault:
        place = f"第 {len(documents) + 1} 段文章："
        raise BenchmarkError(f"{path} 不是 CMRC 2018 或 SQuAD 的格式，{place}{fault}。") from None
    return Benchmark(name=path.stem, documents=documents, questions=tuple(questions), year=_YEAR)


Passage = tuple[str, str, list[Asked]]


def _cmrc(stored: Any) -> Iterator[Passage]:
    for passage in objects({"文件": stored}, "文件"):
        name = text(passage, "context_id", needed=True)
        yield (
            name,
            text(passage, "context_text", needed=True),
            [
                _asked(question, ("query_id", "query_text"), _spelt(question), name)
                for question in objects(passage, "qas")
            ],
        )


def _spelt(question: Mapping[str, Any]) -> Iterator[str]:
    """Its answers; the published file has numbers among them, as a spreadsheet makes them of figures and dates."""
    given = question.get("answers", [])
    if isinstance(given, list):
        given = [str(int(a) if a == int(a) else a) if isinstance(a, int | float) else a for a in given]
    yield from texts({"answers": given}, "answers")


def _squad(stored: Mapping[str, Any]) -> Iterator[Passage]:
    for number, article in enumerate(objects(stored, "data")):
        for place, passage in enumerate(objects(article, "paragraphs")):
            name = f"{number}-{place}"
            yield (
                name,
                text(passage, "context", needed=True),
                [
                    _asked(
                        question,
                        ("id", "question"),
                        (text(answer, "text", needed=True) for answer in objects(question, "answers")),
                        name,
                    )
                    for question in objects(passage, "qas")
                ],
            )


def _asked(record: Mapping[str, Any], fields: tuple[str, str], answers: Iterable[str], document: str) -> Asked:
    """`fields` hold the question's id and the question; any of the answers is right."""
    id_, question = (text(record, field, needed=True) for field in fields)
    spellings = tuple(dict.fromkeys(answers))
    if not spellings:
        raise FieldError(f"问题 {id_!r} 没有答案")
    return Asked(id=id_, question=question, answers=(spellings,), document=document)
