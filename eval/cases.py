"""Questions with known answers, one JSON object a line; the fields are described in eval/data/README.md."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

from eval.fields import FieldError, objects, record_of, spellings, text, texts
from index.errors import WenbaoError
from rag.types import Turn

__all__ = ["Case", "CaseError", "CaseType", "Passage", "json_lines", "load_cases", "parsed_lines", "without_answer"]

Parsed = TypeVar("Parsed")

CaseType = Literal[
    "number",  # one figure is asked
    "multi_number",  # several figures belong to the answer
    "trap",  # a look-alike stands beside the asked figure
    "list",  # names are asked
    "fact",  # who, what, where, why
    "paraphrase",  # everyday words that hardly occur in the report
    "cross_year",
    "cross_region",
    "followup",  # cannot be understood without its history
    "unanswerable",
    "near_miss",  # only a close figure exists: another year, unit or scope
    "false_premise",  # the report contradicts what the question takes for granted
    "ambiguous",  # region or year cannot be known
]

# One thing that must be found, in any of its spellings.
Spellings = tuple[str, ...]


class CaseError(WenbaoError):
    """A line of a file of cases or answers cannot be used; the message names file, line and remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A verbatim piece of a report."""

    report: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question and what a right answer to it is.

    `type` is None where only a question is given: it can be answered, not scored.
    """

    id: str
    question: str
    history: tuple[Turn, ...] = ()
    type: CaseType | None = None
    reports: tuple[str, ...] = ()
    answer: str = ""
    numbers: tuple[Spellings, ...] = ()
    computed: tuple[str, ...] = ()
    keywords: tuple[Spellings, ...] = ()
    wrong: tuple[str, ...] = ()
    evidence: tuple[Passage, ...] = ()
    near: Passage | None = None
    note: str = ""


def without_answer(case: Case) -> bool:
    """Whether no loaded report answers the case, so that silence is right."""
    return case.type in ("unanswerable", "near_miss")


def load_cases(path: Path) -> tuple[Case, ...]:
    """The cases of a JSONL file in its order; empty lines are skipped.

    Raises CaseError for the first line that is no case, and for an id that occurs twice.
    """
    cases: dict[str, Case] = {}
    for number, case in parsed_lines(path, _case):
        if case.id in cases:
            raise CaseError(f"{path} 第 {number} 行：id {case.id!r} 与前面的题重复，请改成唯一的编号。")
        cases[case.id] = case
    if not cases:
        raise CaseError(f"{path} 中没有题目，请检查文件。")
    return tuple(cases.values())


def json_lines(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Each JSON object with its line number, from 1; CaseError for a line that is none or an unreadable file."""
    try:
        content = path.read_text("utf-8-sig")
    except OSError as error:
        raise CaseError(f"读不到 {path}（{error.strerror}），请检查路径和权限。") from error
    except UnicodeDecodeError as error:
        raise CaseError(f"{path} 不是 UTF-8 编码，请转换后再用。") from error
    for number, line in enumerate(content.split("\n"), start=1):  # not splitlines: U+2028 may stand in a question
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise CaseError(f"{path} 第 {number} 行不是 JSON（第 {error.colno} 个字符处）：{line[:40]!r}") from error
        if not isinstance(record, dict):
            raise CaseError(f"{path} 第 {number} 行应是一个 JSON 对象，现在是 {line[:40]!r}")
        yield number, record


def parsed_lines(path: Path, parse: Callable[[Mapping[str, Any]], Parsed]) -> Iterator[tuple[int, Parsed]]:
    """What `parse` makes of each line, with its number; CaseError also for a line that it raises FieldError for."""
    for number, record in json_lines(path):
        try:
            yield number, parse(record)
        except FieldError as fault:
            raise CaseError(f"{path} 第 {number} 行：{fault}。") from None


def _case(record: Mapping[str, Any]) -> Case:
    kind = record.get("type")
    if kind is not None and kind not in get_args(CaseType):
        raise FieldError(f"type 是 {kind!r}，只能是 {'、'.join(get_args(CaseType))} 之一")
    near = record.get("near")
    return Case(
        id=text(record, "id", needed=True),
        question=text(record, "question", needed=True),
        history=tuple(
            Turn(question=text(t, "question", needed=True), answer=text(t, "answer"))
            for t in objects(record, "history")
        ),
        type=kind,
        reports=tuple(texts(record, "reports")),
        answer=text(record, "answer"),
        numbers=tuple(spellings(record, "numbers")),
        computed=tuple(texts(record, "computed")),
        keywords=tuple(spellings(record, "keywords")),
        wrong=tuple(texts(record, "wrong")),
        evidence=tuple(_passage(p) for p in objects(record, "evidence")),
        near=None if near is None else _passage(record_of(near, "near")),
        note=text(record, "note"),
    )


def _passage(record: Mapping[str, Any]) -> Passage:
    return Passage(report=text(record, "report", needed=True), text=text(record, "text", needed=True))
