"""`python -m bench.growth [--chunks 10000 100000 1000000]`: search as the library grows, the product's and others'.

The samples' chunks, 270 as in a real report, are put down to one invented county after another, each figure drawn
anew.  A chunk's vector is that of the sample's chunk with noise of its own, as embedding a million texts takes hours.
Searched is by the product's own retriever: words, meaning, and how well whole reports fit.  Questions name the place
and a chunk's own words; they are put to all reports, to a tenth of them, and to the one that is meant.  Embedding the
question comes on top and is told apart.  Each size and each program is built and searched in processes of their own.

Prints a Markdown table and writes the latencies as growth.svg beside it.  `--with langchain txtai` searches the same
texts and vectors by these, up to `--with-most` chunks.
"""

from __future__ import annotations

import argparse
import re
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import islice, product
from multiprocessing import get_context
from pathlib import Path
from random import Random
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from bench.plotting import line_plot
from eval.baselines.searches import SEARCHES
from index.chunking import chunk_report, searched_text
from index.embedders import Embedder, Progress, build_embedder
from index.keywords import KeywordIndex, WholeReports
from index.loading import load_report
from index.retriever import Retriever
from index.store import ReportIndex
from index.types import Chunk, Scope
from index.vectors import VectorIndex

ROOT = Path(__file__).parent.parent
NAMES = ("青白玄苍碧紫金银朱墨翠丹赤黛素", "崖溪渡桥坪坡湾台塘岭洲屿浦港林", "东西南北中上下前后新旧大小长远", "县区市")
QUESTIONS = 200
_BLOCK = 8192
_NOISE = 0.01
_FIGURE = re.compile(r"\d+(?:\.\d+)?(?!\d|\.|年)")
_SCOPES = ("all", "a tenth", "one")
DRAWN = {"wenbao, all": ("p50", "p95"), "wenbao, one": ("p50", "p95"), **dict.fromkeys(SEARCHES, ("p50",))}
Result = TypeVar("Result")


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__)
    arguments.add_argument("--chunks", nargs="+", type=int, default=[10_000, 100_000, 1_000_000])
    arguments.add_argument("--with", nargs="*", dest="others", default=[], choices=[*SEARCHES])
    arguments.add_argument("--with-most", type=int, default=100_000)
    given = arguments.parse_args()
    lines: dict[str, list[tuple[float, float]]] = {}

    def told(*cells: object) -> None:
        print(f"| {' | '.join(map(str, cells))} |", flush=True)

    def spread(name: str, count: int, seconds: Sequence[float]) -> str:
        ends = median(seconds) * 1e3, quantiles(seconds, n=20)[-1] * 1e3
        for end, milliseconds in zip(("p50", "p95"), ends, strict=True):
            if end in DRAWN.get(name, ()):
                lines.setdefault(f"{name} {end}", []).append((count, milliseconds))
        return "{:.1f} / {:.1f}".format(*ends)

    told("chunks", "", "build s", "build GB", "disk MB", "open s", "search GB", *map("{}, ms".format, _SCOPES), "R@5")
    told(*["---"] * 11)
    for count in given.chunks:
        with TemporaryDirectory() as scratch:
            built, memory = _apart(build, count, Path(scratch))
            size = sum(path.stat().st_size for path in Path(scratch).rglob("*") if path.is_file())
            opened, searched, seconds, found = _apart(search, count, Path(scratch))
        costs = f"{built:.0f}", f"{memory:.1f}", f"{size / 1e6:,.0f}", f"{opened:.2f}", f"{searched:.1f}"
        times = [spread(f"wenbao, {scope}", count, seconds[scope]) for scope in _SCOPES]
        told(f"{count:,}", "wenbao", *costs, *times, " / ".join(f"{found[scope]:.2f}" for scope in _SCOPES))
        for name in given.others if count <= given.with_most else ():
            built, memory, took, recall = _apart(search_by, name, count)
            time_ = spread(name, count, took)
            told(f"{count:,}", name, f"{built:.0f}", f"{memory:.1f}", *["–"] * 3, time_, "–", "–", f"{recall:.2f}")
    (Path(__file__).parent / "growth.svg").write_text(line_plot(lines, "chunks", "milliseconds"), encoding="utf-8")


def _apart(work: Callable[..., Result], *arguments: object) -> Result:
    """What a process of its own makes of it, so that its memory is its own."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def build(count: int, folder: Path) -> tuple[float, float]:
    """Write words and vectors under `folder`.  Seconds, drawing texts and vectors left out, and peak GB."""
    world = _World(count)
    vectors, texts = world.vectors(), list(world.texts())
    started = time.perf_counter()
    VectorIndex.build(vectors).save(folder / "vectors.faiss")
    del vectors
    (folder / "keywords").mkdir()
    KeywordIndex.build(texts).save(folder / "keywords")
    return time.perf_counter() - started, _gigabytes()


def search(count: int, folder: Path) -> tuple[float, float, dict[str, list[float]], dict[str, float]]:
    """Seconds to open, peak GB, and for each scope the seconds of each question and R@5."""
    world = _World(count)
    asked = world.questions()
    started = time.perf_counter()
    grown = _Grown(folder, world)
    retriever = Retriever(cast(ReportIndex, grown), world.embedder)
    opened = time.perf_counter() - started
    seconds: dict[str, list[float]] = {scope: [] for scope in _SCOPES}
    found = dict.fromkeys(_SCOPES, 0.0)
    for row, question in asked:
        report = row // len(world.cut)
        for scope in _SCOPES:
            step = {"all": 0, "a tenth": 10, "one": world.reports}[scope]
            reports = frozenset(map(str, range(report % step, world.reports, step))) if step else None
            began = time.perf_counter()
            hits = retriever.search(question, 10, Scope(reports=reports))
            seconds[scope].append(time.perf_counter() - began)
            found[scope] += any(hit.chunk.paragraph == row for hit in hits[:5]) / len(asked)
    return opened, _gigabytes(), seconds, found


def search_by(name: str, count: int) -> tuple[float, float, list[float], float]:
    """Another program over the same texts and vectors: seconds to build, peak GB, seconds of each question, R@5."""
    world = _World(count)
    texts = list(world.texts())
    asked = world.questions()
    world.embedder.stored = world.vectors().astype(np.float32)
    started = time.perf_counter()
    find = SEARCHES[name](texts, world.embedder)
    built = time.perf_counter() - started
    seconds, found = [], 0
    for row, question in asked:
        began = time.perf_counter()
        best = [place for place, _ in find(question, 10)]
        seconds.append(time.perf_counter() - began)
        found += row in best[:5]
    return built, _gigabytes(), seconds, found / len(asked)


class _World:
    """So many chunks of invented counties, the same each time."""

    def __init__(self, count: int) -> None:
        models = ROOT / "var" / "models"
        models.mkdir(parents=True, exist_ok=True)
        self.count = count
        files = sorted((ROOT / "samples").glob("*.txt"))
        self.cut = [chunk for path in files for chunk in chunk_report(load_report(path))]
        self.reports = -(-count // len(self.cut))
        self.embedder = _Prepared(build_embedder("default", models))

    def texts(self) -> Iterator[str]:
        """What keyword search sees of each chunk, one invented county after another."""
        return islice(self._endless(), self.count)

    def _endless(self) -> Iterator[str]:
        draw = Random(0)

        def drawn(match: re.Match[str]) -> str:
            return str(round(float(match[0]) * draw.uniform(0.5, 2), 1 if "." in match[0] else None))

        for letters in product(*NAMES):
            for chunk in self.cut:
                region = chunk.context.split()[0]
                yield _FIGURE.sub(drawn, searched_text(chunk)).replace(region, "".join(letters))

    def vectors(self) -> NDArray[np.float16]:
        """`(count, dim)`, L2-normalised."""
        seeds = self.embedder.real.encode_document([chunk.text for chunk in self.cut])
        made = np.empty((self.count, seeds.shape[1]), np.float16)
        draw = np.random.default_rng(0)
        for start in range(0, self.count, _BLOCK):
            rows = np.arange(start, min(start + _BLOCK, self.count)) % len(self.cut)
            noisy = seeds[rows] + _NOISE * draw.standard_normal((len(rows), seeds.shape[1]), np.float32)
            made[start : start + _BLOCK] = noisy / np.linalg.norm(noisy, axis=1, keepdims=True)
        return made

    def questions(self) -> list[tuple[int, str]]:
        """Rows drawn at random, each with a question for it, embedded already: the place and the chunk's first words,
        figures left out."""
        rows = set(Random(0).sample(range(self.count), QUESTIONS))
        asked = []
        for row, text in enumerate(self.texts()):
            context, _, said = text.partition("\n")
            if row in rows and len(said) > 20:
                asked.append((row, f"{context.split()[0]}{re.sub(r'[0-9.%]+', '', said)[:24]}是多少"))
        self.embedder.prepare([question for _, question in asked])
        return asked


class _Prepared:
    """An embedder whose vectors are there before they are asked for."""

    def __init__(self, real: Embedder) -> None:
        self.real = real
        self.name, self.fingerprint, self.dim = real.name, real.fingerprint, real.dim
        self.stored: NDArray[np.float32] = np.empty((0, real.dim), np.float32)
        self._read = 0
        self._questions: dict[str, NDArray[np.float32]] = {}

    def prepare(self, questions: list[str]) -> None:
        self._questions = dict(zip(questions, self.real.encode_query(questions), strict=True))

    def encode_query(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self._questions[text] for text in texts])

    def encode_document(self, texts: Sequence[str], *, progress: Progress | None = None) -> NDArray[np.float32]:
        """The next of those stored."""
        self._read += len(texts)
        return self.stored[self._read - len(texts) : self._read]


class _Grown:
    """What the retriever asks of an index; a hit is the number of its row alone."""

    def __init__(self, folder: Path, world: _World) -> None:
        self.keywords = KeywordIndex.load(folder / "keywords")
        self.vectors = VectorIndex.load(folder / "vectors.faiss")
        self._size = len(world.cut)
        bounds = np.minimum(np.arange(world.reports + 1) * self._size, world.count)
        self.places = (np.arange(world.count) // self._size).astype(np.int32)
        self.whole_reports = WholeReports(self.keywords, bounds)

    def require(self, embedder: Embedder) -> None:
        """Any embedder will do."""

    def mask(self, scope: Scope) -> NDArray[np.bool_] | None:
        if scope.reports is None:
            return None
        allowed = np.zeros(len(self.places), np.bool_)
        for report in map(int, scope.reports):
            allowed[report * self._size : (report + 1) * self._size] = True
        return allowed

    def chunk(self, row: int) -> Chunk:
        return Chunk(report=str(self.places[row]), paragraph=row, start=0, end=0, text="", context="")


def _gigabytes() -> float:
    """The most memory that this process has taken, files that are mapped into it included."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1 << 30 if sys.platform == "darwin" else 1 << 20)


if __name__ == "__main__":
    main()
