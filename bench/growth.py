"""`python -m bench.growth [--chunks 10000 100000 1000000]`: search as the library grows.

Chunks of the sample reports are put down to invented counties, each figure drawn anew; a chunk's vector is that of
the sample's chunk with noise of its own, as embedding a million texts takes hours.  A search is words, meaning and
their fusion, over both stores, without embedding the question.  Questions name the place and a chunk's own words;
scoped ones look into that report alone.  Prints a Markdown table and writes the latencies as growth.svg beside it.
"""

from __future__ import annotations

import argparse
import re
import resource
import time
from collections.abc import Iterator
from itertools import islice, product
from pathlib import Path
from random import Random
from statistics import quantiles
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from bench.plotting import line_plot
from index.chunking import chunk_report
from index.embedders import build_embedder
from index.fusion import weighted
from index.keywords import KeywordIndex
from index.loading import load_report
from index.types import Chunk
from index.vectors import VectorIndex

ROOT = Path(__file__).parent.parent
NAMES = ("青白玄苍碧紫金银朱墨翠丹赤黛素", "崖溪渡桥坪坡湾台塘岭洲屿浦港林", "东西南北中上下前后新旧大小长远", "县区市")
QUESTIONS = 60
_DEPTH = 200
_FIGURE = re.compile(r"\d+(?:\.\d+)?(?!\d|\.|年)")


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__)
    arguments.add_argument("--chunks", nargs="+", type=int, default=[10_000, 100_000, 1_000_000])
    given = arguments.parse_args()
    print(
        "| chunks | build s | size MB | memory MB | open s | unscoped p50 / p95 ms | scoped p50 / p95 ms | R@5 both |"
    )
    print("|---|---|---|---|---|---|---|---|")
    lines: dict[str, list[tuple[int, float]]] = {}
    for count in given.chunks:
        with TemporaryDirectory() as scratch:
            measured = _measure(count, Path(scratch))
        for name, milliseconds in measured.items():
            lines.setdefault(name, []).append((count, milliseconds))
    (Path(__file__).parent / "growth.svg").write_text(line_plot(lines, "chunks", "milliseconds"), encoding="utf-8")


def _measure(count: int, folder: Path) -> dict[str, float]:
    models = ROOT / "var" / "models"
    models.mkdir(parents=True, exist_ok=True)
    cut = [chunk for path in sorted((ROOT / "samples").glob("*.txt")) for chunk in chunk_report(load_report(path))]
    embedder = build_embedder("default", models)
    seeds = embedder.encode_document([chunk.text for chunk in cut])
    started = time.perf_counter()
    rows = np.arange(count) % len(cut)
    texts = list(islice(_texts(cut), count))
    KeywordIndex.build(texts).save(_folder(folder / "keywords"))
    VectorIndex.build(_noisy(seeds, rows)).save(folder / "vectors.faiss")
    built = time.perf_counter() - started
    started = time.perf_counter()
    words, meaning = KeywordIndex.load(folder / "keywords"), VectorIndex.load(folder / "vectors.faiss")
    opened = time.perf_counter() - started
    draw = Random(0)
    asked = [row for row in draw.sample(range(count), QUESTIONS) if len(texts[row]) > 40]
    vectors = embedder.encode_query([_question(texts[row]) for row in asked])
    whole: list[float] = []
    scoped: list[float] = []
    found = [0, 0]
    for row, vector in zip(asked, vectors, strict=True):
        first = row - row % len(cut)
        within = np.zeros(count, np.bool_)
        within[first : first + len(cut)] = True
        for seconds, mask, place in ((whole, None, 0), (scoped, within, 1)):
            began = time.perf_counter()
            best = _search(words, meaning, _question(texts[row]), vector, mask)
            seconds.append(time.perf_counter() - began)
            found[place] += row in best[:5]
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    plot = {}
    cells = []
    for name, seconds in (("unscoped", whole), ("scoped", scoped)):
        cuts = quantiles(seconds[2:], n=20)
        cells.append(f"{cuts[9] * 1e3:.1f} / {cuts[-1] * 1e3:.1f}")
        plot[f"{name} p50"], plot[f"{name} p95"] = cuts[9] * 1e3, cuts[-1] * 1e3
    accuracy = " / ".join(f"{hits / len(asked):.2f}" for hits in found)
    row_of = (f"{count:,}", f"{built:.0f}", f"{size / 1e6:,.0f}", f"{memory:,.0f}", f"{opened:.2f}", *cells, accuracy)
    print(f"| {' | '.join(row_of)} |", flush=True)
    return plot


def _texts(cut: list[Chunk]) -> Iterator[str]:
    """What keyword search sees of each chunk, one invented report after another."""
    draw = Random(0)

    def drawn(match: re.Match[str]) -> str:
        return str(round(float(match[0]) * draw.uniform(0.5, 2), 1 if "." in match[0] else None))

    for letters in product(*NAMES):
        name = "".join(letters)
        for chunk in cut:
            text = _FIGURE.sub(drawn, chunk.text)
            yield f"{chunk.context}\n{text}".replace(chunk.context.split()[0], name)


def _question(text: str) -> str:
    """The place and the chunk's own first words, figures left out."""
    context, _, said = text.partition("\n")
    return f"{context.split()[0]}{re.sub(r'[0-9.%]+', '', said)[:24]}是多少"


def _noisy(seeds: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float16]:
    vectors = np.empty((len(rows), seeds.shape[1]), np.float16)
    draw = np.random.default_rng(0)
    for start in range(0, len(rows), 8192):
        block = slice(start, start + 8192)
        noisy = seeds[rows[block]] + draw.normal(0, 0.01, (len(rows[block]), seeds.shape[1])).astype(np.float32)
        vectors[block] = noisy / np.linalg.norm(noisy, axis=1, keepdims=True)
    return vectors


def _search(
    words: KeywordIndex,
    meaning: VectorIndex,
    question: str,
    vector: NDArray[np.float32],
    within: NDArray[np.bool_] | None,
) -> list[int]:
    """As `Retriever.search` does it."""
    found, _ = words.search(question, _DEPTH, within=within)
    near, _ = meaning.search(vector, _DEPTH, within=within)
    rows = np.union1d(found, near)
    scores = weighted([words.scores_of(question, rows), meaning.vectors(rows) @ vector], (0.9, 0.1))
    return [int(row) for row in rows[np.argsort(-scores)]]


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


if __name__ == "__main__":
    main()
