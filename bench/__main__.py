"""`python -m bench [FOLDER]`: how fast reports are indexed and questions answered here, and what that takes.

Without a folder: the samples, and as many reports as asked for that are made from them by renaming the place.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from itertools import islice, product
from pathlib import Path
from tempfile import TemporaryDirectory

from index.store import ReportIndex

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "samples"
CASES = ROOT / "eval" / "data" / "samples.jsonl"
# Two characters make the name of a place that is on no map.
NAMES = ("青白玄苍碧紫金银朱墨", "崖溪渡桥坪坡湾台塘岭")


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    arguments.add_argument("folder", nargs="?", type=Path, help="reports to index instead of generated ones")
    arguments.add_argument("--reports", type=int, default=40, help="how many to generate (at most 100)")
    arguments.add_argument("--cases", type=Path, default=CASES, help="questions to answer")
    given = arguments.parse_args()
    with TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        folder = given.folder or _generated(Path(scratch) / "reports", given.reports)
        first, again = (_run("index", folder, SAMPLES, "--home", home) for _ in range(2))
        characters = sum(card.characters for card in ReportIndex.open(home).cards)
        size = sum(path.stat().st_size for path in (home / "index").rglob("*") if path.is_file())
        answers = Path(scratch) / "answers.jsonl"
        _run("eval", "answer", given.cases, "--out", answers, "--home", home)
        seconds = [json.loads(line)["seconds"] for line in answers.read_text(encoding="utf-8").splitlines()]
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        f"indexed      {characters:,} characters in {first:.1f} s, {characters / first:,.0f} a second, start included"
    )
    print(f"again        {again:.1f} s, nothing changed")
    print(f"index        {size / 1e6:.1f} MB")
    print(f"memory       {memory:,.0f} MB at most")
    p95 = statistics.quantiles(seconds, n=20)[-1]
    print(f"answers      {len(seconds)}, p50 {statistics.median(seconds):.3f} s, p95 {p95:.3f} s")


def _generated(folder: Path, count: int) -> Path:
    folder.mkdir(parents=True)
    text = (SAMPLES / "云岭区_2024.txt").read_text(encoding="utf-8")
    for first, second in islice(product(*NAMES), count):
        name = f"{first}{second}县"
        (folder / f"{name}_2024.txt").write_text(text.replace("云岭区", name), encoding="utf-8")
    return folder


def _run(*arguments: object) -> float:
    started = time.perf_counter()
    code = "from web.cli import app; app()"
    subprocess.run([sys.executable, "-c", code, *map(str, arguments)], cwd=ROOT, check=True)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
