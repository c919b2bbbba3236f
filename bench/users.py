"""`python -m bench.users URL CASES`: many people asking a running server at once; how long each waits, and what fails.

Start the server with `asks_per_minute = 0`, or the limit answers in its place.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path

import httpx


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m bench.users", description=__doc__)
    arguments.add_argument("url", help="such as http://127.0.0.1:7860/")
    arguments.add_argument("cases", type=Path, help="a file of eval cases")
    arguments.add_argument("--users", type=int, default=20, help="how many ask at once")
    arguments.add_argument("--each", type=int, default=10, help="questions of each, one after the other")
    given = arguments.parse_args()
    lines = given.cases.read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    # Every user begins elsewhere in the file.
    parts = [list(islice(cycle(questions), user * given.each, (user + 1) * given.each)) for user in range(given.users)]
    started = time.perf_counter()
    with ThreadPoolExecutor(given.users) as pool:
        told = [one for part in pool.map(lambda asked: _user(given.url, asked), parts) for one in part]
    elapsed = time.perf_counter() - started
    seconds = sorted(each for each, _ in told)
    p95 = statistics.quantiles(seconds, n=20)[-1]
    print(f"answers      {len(told)} in {elapsed:.1f} s, {len(told) / elapsed:.1f} a second, {given.users} at once")
    print(f"waiting      p50 {statistics.median(seconds):.2f} s, p95 {p95:.2f} s, at most {seconds[-1]:.2f} s")
    print(f"outcomes     {dict(Counter(outcome for _, outcome in told))}")


def _user(url: str, questions: list[str]) -> list[tuple[float, str]]:
    """Seconds and outcome of each question: the answer's status, or what went wrong."""
    told = []
    with httpx.Client(base_url=url, timeout=120) as client:
        for question in questions:
            started = time.perf_counter()
            try:
                response = client.post("api/ask", json={"question": question})
                outcome = response.json()["status"] if response.is_success else f"HTTP {response.status_code}"
            except httpx.HTTPError as error:
                outcome = type(error).__name__
            told.append((time.perf_counter() - started, outcome))
    return told


if __name__ == "__main__":
    main()
