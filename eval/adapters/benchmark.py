"""A benchmark of retrieval: documents, and questions each answered by one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from eval.metrics.ndcg import ndcg
from eval.metrics.recall_at_k import recall_at_k
from eval.metrics.reciprocal_rank import mean_reciprocal_rank
from eval.metrics.score import Score
from eval.rankings import Ranking, ranked
from index.building import update
from index.corrections import Correction
from index.embedders import Embedder
from index.errors import WenbaoError
from index.regions import NATION
from index.retriever import Retriever
from index.store import ReportIndex
from index.types import Hit, Scope

__all__ = ["Asked", "Benchmark", "BenchmarkError", "Searcher", "index_benchmark", "score_retrieval"]

_DEPTH = 10
_YEAR = 2020


class BenchmarkError(WenbaoError):
    """A benchmark's file is missing or of another form than its authors publish."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, answers that are each right, and the document that they come from."""

    id: str
    question: str
    answers: tuple[str, ...]
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """`documents`: text by id."""

    name: str
    documents: Mapping[str, str]
    questions: tuple[Asked, ...]

    def __post_init__(self) -> None:
        for asked in self.questions:
            if asked.document not in self.documents:
                raise BenchmarkError(f"{self.name} 的问题 {asked.id!r} 指向不存在的文档 {asked.document!r}。")


class Searcher(Protocol):
    """What is measured: the product's retriever."""

    def search(self, query: str, k: int, scope: Scope, /) -> Sequence[Hit]: ...


def index_benchmark(benchmark: Benchmark, home: Path, embedder: Embedder) -> Retriever:
    """The product's own index of the documents, built under `home`, and a search over it.

    The documents are put down to the nation and one year, the same for all, so that neither helps to find them.
    Raises BenchmarkError if a document could not be indexed, and what `update` raises.
    """
    folder = home / "documents"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in benchmark.documents.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
    corrections: dict[str, Correction] = {
        f"{name}.txt": {"region": NATION.name, "year": _YEAR} for name in benchmark.documents
    }
    outcome = update(home, [folder], embedder, corrections=corrections, twins="keep")
    if outcome.failed:
        file, reason = next(iter(outcome.failed.items()))
        raise BenchmarkError(f"{benchmark.name} 有 {len(outcome.failed)} 份文档没有建成索引，如 {file}：{reason}")
    return Retriever(ReportIndex.open(home, embedder), embedder)


def score_retrieval(benchmark: Benchmark, searcher: Searcher) -> tuple[Score, ...]:
    """Recall at 1, 5 and 10, MRR@10 and nDCG@10 of documents, each standing where its best chunk stands."""
    rankings = [_ranking(asked, searcher) for asked in benchmark.questions]
    return (*(recall_at_k(rankings, k) for k in (1, 5, 10)), mean_reciprocal_rank(rankings), ndcg(rankings))


def _ranking(asked: Asked, searcher: Searcher) -> Ranking:
    """A document counts as one place, whatever paragraph of it was found."""
    found = ranked(lambda depth: searcher.search(asked.question, depth, Scope()), lambda chunk: chunk.report, _DEPTH)
    return Ranking(
        id=asked.id,
        places=tuple(frozenset({(document, 1)}) for document, _ in found),
        evidence=(frozenset({(asked.document, 1)}),),
    )
