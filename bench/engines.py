"""Answers with an engine, timed: `python -m bench.engines CASES.jsonl --home DIR --engine local --out ANSWERS.jsonl`.

Answers come one after the other, as one official would ask.  Prints how many were in the model's words, how many of its
lines were replaced, seconds to the first verified sentence and to the end, and the peak memory of this process, the
model included where it runs in it.  `wenbao eval` scores the answers.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from eval.cases import Case, load_cases
from rag.assistant import Assistant
from rag.build import build_assistant, open_writer
from rag.settings import Settings
from rag.types import Answer
from rag.writing import EXTRACTIVE

_REPLACED = re.compile(r"大模型写的 (\d+) 句没有通过核对")


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m bench.engines", description=__doc__)
    arguments.add_argument("cases", type=Path)
    arguments.add_argument("--home", type=Path, required=True)
    arguments.add_argument("--engine", default=EXTRACTIVE)
    arguments.add_argument("--out", type=Path, required=True)
    given = arguments.parse_args()
    settings = Settings.load(home=given.home, engine=given.engine)
    assistant = build_assistant(settings, writer=lambda: open_writer(settings))
    firsts: list[float] = []
    ends: list[float] = []
    worded = replaced = 0
    with given.out.open("w", encoding="utf-8") as out:
        for case in load_cases(given.cases):
            answer, first, end = timed(assistant, case)
            out.write(json.dumps(answer.to_wire() | {"id": case.id, "seconds": end}, ensure_ascii=False) + "\n")
            firsts += [first] if first is not None else []
            ends += [end]
            worded += answer.provenance.engine != EXTRACTIVE
            replaced += sum(int(match[1]) for note in answer.provenance.notes if (match := _REPLACED.search(note)))
    print(f"answers      {len(ends)}, {worded} in the model's words, {replaced} of its lines replaced")
    print(f"first        {quantiles(firsts)}")
    print(f"end          {quantiles(ends)}")
    print(f"memory       {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB at most")


def timed(assistant: Assistant, case: Case) -> tuple[Answer, float | None, float]:
    """The answer, the seconds to its first claim (None if it has none) and to its end."""
    started = time.perf_counter()
    first = None
    for item in assistant.stream(case.question, case.history):
        if isinstance(item, Answer):
            return item, first, time.perf_counter() - started
        first = first or time.perf_counter() - started
    raise AssertionError("a stream ends with its answer")


def quantiles(seconds: Sequence[float]) -> str:
    return f"p50 {statistics.median(seconds):.2f} s, p95 {statistics.quantiles(seconds, n=20)[-1]:.2f} s"


if __name__ == "__main__":
    main()
