"""Summaries with an engine, timed: `python -m bench.summaries FACTS.jsonl --home DIR --engine local --out OUT.jsonl`.

One after the other; `--only` takes those whose number in the file is given.  Prints for each the seconds to the first
line, to the first in other words than the report's, and to the end, and how many lines are in other words.  OUT is what
`wenbao eval summarize` writes.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Mapping
from pathlib import Path

from eval.summaries import Facts, load_facts
from eval.summarizing import summaries_by
from rag.assistant import Assistant
from rag.build import build_assistant, open_writer
from rag.settings import Settings
from rag.types import Citation, Claim, Summary, SummaryRequest
from rag.writing import EXTRACTIVE

_CLAUSE = re.compile(r"[^，,、；;。：:\s]+")
_MARK = re.compile(r"\[\d+\]")


class Timed:
    """An assistant whose next summary is timed."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self.line = ""

    def summarize(self, request: SummaryRequest) -> Summary:
        started = time.perf_counter()
        heard: list[tuple[float, Claim]] = []
        for item in self._assistant.stream_summary(request):
            if isinstance(item, Claim):
                heard.append((time.perf_counter() - started, item))
            elif isinstance(item, Summary):
                end = time.perf_counter() - started
                quotes = {citation.mark: citation for citation in item.citations}
                reworded = [seconds for seconds, claim in heard if not is_printed(claim, quotes)]
                first, own = heard[0][0] if heard else end, f"{reworded[0]:.1f} s" if reworded else "none"
                self.line = (
                    f"first {first:.1f} s, first in other words {own}, end {end:.1f} s, {len(reworded)} of {len(heard)}"
                )
                return item
        raise AssertionError("a stream ends with its summary")


def is_printed(claim: Claim, citations: Mapping[int, Citation]) -> bool:
    """Whether every clause of a claim stands in a quote of its own."""
    quotes = [citations[mark].quote for mark in claim.citations]
    return all(any(clause in quote for quote in quotes) for clause in _CLAUSE.findall(_MARK.sub("；", claim.text)))


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m bench.summaries", description=__doc__)
    arguments.add_argument("facts", type=Path)
    arguments.add_argument("--home", type=Path, required=True)
    arguments.add_argument("--engine", default=EXTRACTIVE)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--only", type=int, nargs="+")
    given = arguments.parse_args()
    settings = Settings.load(home=given.home, engine=given.engine)
    timed = Timed(build_assistant(settings, writer=lambda: open_writer(settings)))
    summarize = summaries_by(timed)
    wanted: list[Facts] = list(load_facts(given.facts))
    with given.out.open("w", encoding="utf-8") as out:
        for facts in [wanted[number - 1] for number in given.only] if given.only else wanted:
            key = {"question": facts.question} if facts.question else {"report": facts.report}
            out.write(json.dumps({**summarize(facts), **key}, ensure_ascii=False) + "\n")
            out.flush()
            print(f"{facts.question or facts.report}: {timed.line}", flush=True)


if __name__ == "__main__":
    main()
