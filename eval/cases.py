"""Questions with known answers, one JSON object a line; the fields are described in eval/data/README.md."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from index.errors import WenbaoError
from rag.types import Turn

__all__ = ["Case", "CaseError", "CaseType", "Passage", "json_lines", "load_cases", "without_answer"]

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
    for number, record in json_lines(path):
        try:
            case = _case(record)
        except _FieldError as fault:
            raise CaseError(f"{path} 第 {number} 行：{fault}。") from None
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


class _FieldError(Exception):
    """What is wrong with one field, without the place."""


def _case(record: Mapping[str, Any]) -> Case:
    kind = record.get("type")
    if kind is not None and kind not in get_args(CaseType):
        raise _FieldError(f"type 是 {kind!r}，只能是 {'、'.join(get_args(CaseType))} 之一")
    near = record.get("near")
    return Case(
        id=_text(record, "id", needed=True),
        question=_text(record, "question", needed=True),
        history=tuple(
            Turn(question=_text(t, "question", needed=True), answer=_text(t, "answer"))
            for t in _objects(record, "history")
        ),
        type=kind,
        reports=tuple(_texts(record, "reports")),
        answer=_text(record, "answer"),
        numbers=tuple(_spellings(record, "numbers")),
        computed=tuple(_texts(record, "computed")),
        keywords=tuple(_spellings(record, "keywords")),
        wrong=tuple(_texts(record, "wrong")),
        evidence=tuple(_passage(p) for p in _objects(record, "evidence")),
        near=None if near is None else _passage(_object(near, "near")),
        note=_text(record, "note"),
    )


def _passage(record: Mapping[str, Any]) -> Passage:
    return Passage(report=_text(record, "report", needed=True), text=_text(record, "text", needed=True))


def _text(record: Mapping[str, Any], field: str, *, needed: bool = False) -> str:
    value = record.get(field, "")
    if not isinstance(value, str):
        raise _FieldError(f"{field} 应是文字，现在是 {value!r}")
    if needed and not value.strip():
        raise _FieldError(f"缺少 {field}")
    return value


def _items(record: Mapping[str, Any], field: str) -> list[Any]:
    value = record.get(field, [])
    if not isinstance(value, list):
        raise _FieldError(f"{field} 应是列表，现在是 {value!r}")
    return value


def _texts(record: Mapping[str, Any], field: str) -> Iterator[str]:
    for item in _items(record, field):
        if not isinstance(item, str) or not item:
            raise _FieldError(f"{field} 中应都是文字，现在有 {item!r}")
        yield item


def _spellings(record: Mapping[str, Any], field: str) -> Iterator[Spellings]:
    for item in _items(record, field):
        yield tuple(_texts({field: item if isinstance(item, list) else [item]}, field))
        if item == []:
            raise _FieldError(f"{field} 中有空列表")


def _objects(record: Mapping[str, Any], field: str) -> Iterator[Mapping[str, Any]]:
    for item in _items(record, field):
        yield _object(item, field)


def _object(value: Any, field: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _FieldError(f"{field} 应是 JSON 对象，现在是 {value!r}")
    return value
