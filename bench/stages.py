"""`python -m bench.stages CASES --home DIR [--clients 1 10 20]`: where the seconds of an answer go, stage by stage.

So many threads ask one assistant, each its own part of the cases; extracts, no server in between.  Prints a Markdown
table of p50 / p95 in milliseconds; a stage that a question never reaches takes 0 of it.  Embedding the question and
waiting for a turn are part of finding, and the first is told apart; `whole` is what a person waits.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path
from statistics import median, quantiles
from threading import local

import numpy as np
from numpy.typing import NDArray

from eval.cases import Case, load_cases
from index.embedders import Embedder
from rag.assistant import Assistant
from rag.build import open_embedder
from rag.settings import Settings

STAGES = {"understand": "understand", "embed": "embed", "search": "find", "draft": "draft", "verify": "verify"}


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m bench.stages", description=__doc__)
    arguments.add_argument("cases", type=Path)
    arguments.add_argument("--home", type=Path, required=True)
    arguments.add_argument("--clients", nargs="+", type=int, default=[1, 10, 20])
    arguments.add_argument("--questions", type=int, default=200, help="how many all clients ask together")
    given = arguments.parse_args()
    cases = load_cases(given.cases)
    embedder = _Timed(open_embedder(Settings.load(home=given.home)))
    print(f"| clients | {' | '.join(STAGES.values())} | whole | answers a second |")
    print("|---" * (len(STAGES) + 3) + "|")
    for clients in given.clients:
        assistant = Assistant(given.home, embedder)  # a new one, which remembers no question
        assistant.ask(cases[0].question)  # and has opened its files
        told, elapsed = _run(assistant, embedder, list(islice(cycle(cases), given.questions)), clients)
        cells = [_spread([seconds.get(stage, 0.0) for seconds in told]) for stage in (*STAGES, "whole")]
        print(f"| {clients} | {' | '.join(cells)} | {len(told) / elapsed:.1f} |", flush=True)


def _run(
    assistant: Assistant, embedder: _Timed, cases: Sequence[Case], clients: int
) -> tuple[list[dict[str, float]], float]:
    """The seconds of each answer by stage, and of all together."""

    def ask(case: Case) -> dict[str, float]:
        embedder.spent.seconds = 0.0
        started = time.perf_counter()
        answer = assistant.ask(case.question, case.history)
        return {
            **answer.provenance.seconds,
            "embed": embedder.spent.seconds,
            "whole": time.perf_counter() - started,
        }

    started = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        told = list(pool.map(ask, cases))
    return told, time.perf_counter() - started


def _spread(seconds: Sequence[float]) -> str:
    return f"{median(seconds) * 1e3:.0f} / {quantiles(seconds, n=20)[-1] * 1e3:.0f}"


class _Timed:
    """An embedder that counts, in each thread, the seconds that questions take."""

    def __init__(self, real: Embedder) -> None:
        self.name, self.fingerprint, self.dim = real.name, real.fingerprint, real.dim
        self.encode_document = real.encode_document
        self.spent = local()
        self._real = real

    def encode_query(self, texts: Sequence[str]) -> NDArray[np.float32]:
        started = time.perf_counter()
        vectors = self._real.encode_query(texts)
        self.spent.seconds = getattr(self.spent, "seconds", 0.0) + time.perf_counter() - started
        return vectors


if __name__ == "__main__":
    main()
