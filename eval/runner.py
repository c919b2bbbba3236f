"""Puts an assistant to a file of cases, and writes what it answers or finds."""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from eval.cases import Case, CaseError, json_lines, load_cases
from eval.rankings import ranked
from eval.reports import ReportParagraphs
from index.types import Hit
from rag.types import Answer, Turn

__all__ = ["Assistant", "Failure", "Progress", "Run", "answer_cases", "retrieve_cases", "write_hits"]

_log = logging.getLogger(__name__)

# Called with how many cases are done and how many there are.
Progress = Callable[[int, int], None]


class Answering(Protocol):
    """Whatever answers: the assistant, or a baseline."""

    def ask(self, question: str, history: Sequence[Turn], /) -> Answer: ...


class Assistant(Answering, ReportParagraphs, Protocol):
    """What evaluation needs of an assistant."""

    def search(self, question: str, k: int, /, *, history: Sequence[Turn]) -> Sequence[Hit]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A case at which the assistant broke down, with the message."""

    id: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a run did: cases done now, cases kept from an earlier run, and those that failed."""

    done: int
    kept: int
    failures: tuple[Failure, ...]


def answer_cases(
    assistant: Answering, cases_path: Path, out_path: Path, *, jobs: int = 1, progress: Progress | None = None
) -> Run:
    """Answer each case that `out_path` has no answer to yet, one line a case: the wire format plus id, seconds and
    megabytes, the most memory taken so far.

    `jobs` threads ask at once; lines come in the order of completion.  A case that breaks down costs the others
    nothing: it is reported, not written, and asked again by the next run.
    Raises CaseError for a bad line and for answers that belong to other questions.
    """
    cases = load_cases(cases_path)
    answered = _resume(out_path, {case.id: case.question for case in cases})
    left = [case for case in cases if case.id not in answered]

    def ask(case: Case) -> dict[str, Any]:
        started = time.perf_counter()
        answer = assistant.ask(case.question, case.history)
        seconds = time.perf_counter() - started
        return {**answer.to_wire(), "id": case.id, "seconds": seconds, "megabytes": _megabytes()}

    out_path.parent.mkdir(parents=True, exist_ok=True)
    failures = []
    with out_path.open("a", encoding="utf-8", newline="\n") as out:
        for done, result in enumerate(_each(left, ask, jobs), start=1):
            if isinstance(result, Failure):
                failures.append(result)
            else:
                out.write(json.dumps(result, ensure_ascii=False) + "\n")
                out.flush()
            if progress:
                progress(len(answered) + done, len(cases))
    return Run(done=len(left) - len(failures), kept=len(answered), failures=tuple(failures))


def retrieve_cases(
    assistant: Assistant, cases_path: Path, out_path: Path, *, k: int, progress: Progress | None = None
) -> Run:
    """Write the first `k` paragraphs found for each case, best first; see `write_hits`."""
    return write_hits(lambda case: _paragraphs_found(assistant, case, k), cases_path, out_path, progress=progress)


def write_hits(
    find: Callable[[Case], list[dict[str, Any]]], cases_path: Path, out_path: Path, *, progress: Progress | None = None
) -> Run:
    """Write what is found for each case, a line each: id, hits and seconds.

    The file is written anew, and only replaced when the run is through.
    """
    cases = load_cases(cases_path)
    out_path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = out_path.with_name(out_path.name + ".part")
    failures = []

    def search(case: Case) -> dict[str, Any]:
        started = time.perf_counter()
        hits = find(case)
        return {"id": case.id, "hits": hits, "seconds": time.perf_counter() - started}

    with unfinished.open("w", encoding="utf-8", newline="\n") as out:
        for done, result in enumerate(_each(cases, search, jobs=1), start=1):
            if isinstance(result, Failure):
                failures.append(result)
            else:
                out.write(json.dumps(result, ensure_ascii=False) + "\n")
            if progress:
                progress(done, len(cases))
    unfinished.replace(out_path)
    return Run(done=len(cases) - len(failures), kept=0, failures=tuple(failures))


def _megabytes() -> float | None:
    """The most memory that this process has taken; None on Windows, which does not tell."""
    if sys.platform == "win32":
        return None
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(most / (1 << 20 if sys.platform == "darwin" else 1 << 10), 1)


def _paragraphs_found(assistant: Assistant, case: Case, k: int) -> list[dict[str, Any]]:
    found = ranked(
        lambda depth: assistant.search(case.question, depth, history=case.history),
        lambda chunk: (chunk.report, chunk.paragraph),
        k,
    )
    return [
        {"report": report, "paragraph": number, "text": _text_of(assistant, report, number), "score": hit.score}
        for (report, number), hit in found
    ]


def _text_of(assistant: Assistant, report: str, number: int) -> str:
    return next(p.text for p in assistant.report_paragraphs(report) if p.number == number)


def _each(
    cases: Sequence[Case], work: Callable[[Case], dict[str, Any]], jobs: int
) -> Iterator[dict[str, Any] | Failure]:
    """What comes of each case, in the order of completion; whoever stops early cancels what has not begun."""

    def attempt(case: Case) -> dict[str, Any] | Failure:
        try:
            return work(case)
        except Exception as error:  # one broken case must not cost the others
            _log.exception("case %s broke down", case.id)
            return Failure(id=case.id, message=str(error) or type(error).__name__)

    if jobs == 1:
        yield from map(attempt, cases)
        return
    pool = ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="case")
    try:
        for future in as_completed([pool.submit(attempt, case) for case in cases]):
            yield future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _resume(path: Path, questions: dict[str, str]) -> set[str]:
    """The ids that `path` already answers; a last line broken off by a crash is cut away.

    Raises CaseError where an id is there with another question.
    """
    if not path.exists():
        return set()
    _cut_broken_end(path)
    answered = set()
    for number, record in json_lines(path):
        case = record.get("id")
        if case not in questions:
            raise CaseError(f"{path} 第 {number} 行的 id {case!r} 不在题目中，请换一个 --out 文件。")
        if record.get("question") != questions[case]:
            raise CaseError(f"{path} 第 {number} 行（id {case!r}）答的是另一个问题，请换一个 --out 文件。")
        answered.add(case)
    return answered


def _cut_broken_end(path: Path) -> None:
    """Lines are written whole with their line end: what follows the last one was broken off."""
    with path.open("rb+") as file:
        content = file.read()
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            _log.warning("cut %d bytes of an unfinished line from %s", len(content) - whole, path)
            file.truncate(whole)
            file.flush()
            os.fsync(file.fileno())
