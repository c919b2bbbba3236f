"""`python -m bench.indexing [FOLDER] [--reports 20]`: where the seconds go when reports are indexed, stage by stage.

The stages of `wenbao index`, one after the other, of this many reports drawn from the folder (the samples if none is
given).  Prints a Markdown table: wall-clock seconds and characters a second; loading the model comes once for all.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TypeVar

from index.chunking import chunk_report, content_key, searched_text
from index.embedders import build_embedder
from index.keywords import KeywordIndex
from index.ledger import ledger_line, read_rows
from index.loading import load_report
from index.vectors import VectorIndex

ROOT = Path(__file__).parent.parent
Made = TypeVar("Made")


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m bench.indexing", description=__doc__)
    arguments.add_argument("folder", nargs="?", type=Path, default=ROOT / "samples")
    arguments.add_argument("--reports", type=int, default=20)
    arguments.add_argument("--embedder", default="default")
    given = arguments.parse_args()
    files = sorted(given.folder.glob("*.txt"))
    files = Random(0).sample(files, min(given.reports, len(files)))
    seconds: dict[str, float] = {}

    def timed(stage: str, work: Callable[[], Made]) -> Made:
        started = time.perf_counter()
        made = work()
        seconds[stage] = time.perf_counter() - started
        return made

    reports = timed("load, structure", lambda: [load_report(file) for file in files])
    chunks = timed("chunks", lambda: [chunk for report in reports for chunk in chunk_report(report)])
    timed("keys", lambda: [content_key(searched_text(chunk)) for chunk in chunks])
    timed("ledger", lambda: [ledger_line(read_rows(report)) for report in reports])
    embedder = build_embedder(given.embedder, ROOT / "var" / "models")
    timed("model (once)", lambda: embedder.encode_document([""]))
    vectors = timed("embedding", lambda: embedder.encode_document([chunk.text for chunk in chunks]))
    words = timed("keywords", lambda: KeywordIndex.build([searched_text(chunk) for chunk in chunks]))
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        timed("saving words", lambda: words.save(folder))
        timed("saving vectors", lambda: VectorIndex.build(vectors).save(folder / "vectors.faiss"))
    characters = sum(report.characters for report in reports)
    print(f"{len(reports)} reports, {characters:,} characters, {len(chunks):,} chunks\n")
    print("| stage | seconds | characters a second |\n|---|---|---|")
    for stage, spent in [*seconds.items(), ("all but the model", sum(seconds.values()) - seconds["model (once)"])]:
        print(f"| {stage} | {spent:.2f} | {characters / spent:,.0f} |")


if __name__ == "__main__":
    main()
