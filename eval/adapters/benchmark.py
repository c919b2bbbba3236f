"""A benchmark by others: documents, and questions that some of them answer; indexed and searched as reports are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from eval.cases import Spellings
from eval.matching import folded, holds
from eval.metrics.ndcg import ndcg
from eval.metrics.recall_at_k import recall_at_k
from eval.metrics.reciprocal_rank import mean_reciprocal_rank
from eval.metrics.score import Part, Score, mean
from eval.rankings import Ranking, ranked
from index.building import Progress, update
from index.corrections import Correction
from index.embedders import Embedder
from index.errors import IndexMissing, WenbaoError
from index.regions import NATION
from index.retriever import Retriever
from index.store import ReportIndex
from index.types import Hit, Scope

__all__ = ["Asked", "Benchmark", "BenchmarkError", "Searcher", "index_benchmark", "score_retrieval"]

_DEPTH = 10


class BenchmarkError(WenbaoError):
    """A benchmark's file is missing or of another form than its authors publish."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question and what a right answer to it says.

    `answers`: things that are all to be said, each in any of its spellings.  `document`: where the answer stands;
    `is_answered` False: it does not, and silence is right.  `is_alone`: no other document may be looked at, so that
    there is none to find.  `group`: what the question is counted under.
    """

    id: str
    question: str
    answers: tuple[Spellings, ...]
    document: str
    is_answered: bool = True
    is_alone: bool = False
    group: str = ""

    @property
    def scope(self) -> Scope:
        return Scope(reports=frozenset({self.document}) if self.is_alone else None)

    def is_said_in(self, text: str) -> bool:
        """Whether a text says all that a right answer says; upper and lower case are the same."""
        shown = folded(text).lower()
        return all(holds(shown, tuple(spelling.lower() for spelling in answer)) for answer in self.answers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """`documents`: text by id; `year`: when they were written, roughly."""

    name: str
    documents: Mapping[str, str]
    questions: tuple[Asked, ...]
    year: int

    def __post_init__(self) -> None:
        for name in self.documents:
            if Path(name).name != name:
                raise BenchmarkError(f"{self.name} 的文档编号 {name!r} 不能用作文件名。")
        for asked in self.questions:
            if asked.document not in self.documents:
                raise BenchmarkError(f"{self.name} 的问题 {asked.id!r} 指向不存在的文档 {asked.document!r}。")

    @property
    def groups(self) -> dict[str, tuple[Asked, ...]]:
        """The questions of each group, in their order."""
        names = dict.fromkeys(asked.group for asked in self.questions)
        return {name: tuple(asked for asked in self.questions if asked.group == name) for name in names}


class Searcher(Protocol):
    """What is measured: the product's retriever."""

    def search(self, query: str, k: int, scope: Scope, /) -> Sequence[Hit]: ...


def index_benchmark(
    benchmark: Benchmark, home: Path, embedder: Embedder, progress: Callable[[Progress], object] = lambda _: None
) -> Retriever:
    """The product's own index of the documents, built under `home`, and a search over it.

    The documents are put down to the nation and one year, the same for all, so that neither helps to find them.
    Raises BenchmarkError if a document could not be indexed or `home` holds other reports, and what `update` raises.
    """
    try:
        others = {card.id for card in ReportIndex.open(home).cards} - benchmark.documents.keys()
    except IndexMissing:
        others = set()
    if others:
        raise BenchmarkError(f"{home} 里已有别的报告（如 {min(others)}），评测要用另一个文件夹。")
    folder = home / "documents"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in benchmark.documents.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
    corrections: dict[str, Correction] = {
        f"{name}.txt": {"region": NATION.name, "year": benchmark.year} for name in benchmark.documents
    }
    outcome = update(home, [folder], embedder, corrections=corrections, twins="keep", progress=progress)
    if outcome.failed:
        file, reason = next(iter(outcome.failed.items()))
        raise BenchmarkError(f"{benchmark.name} 有 {len(outcome.failed)} 份文档没有建成索引，如 {file}：{reason}")
    return Retriever(ReportIndex.open(home, embedder), embedder)


def score_retrieval(
    questions: Sequence[Asked], searcher: Searcher, progress: Callable[[int, int], object] = lambda *_: None
) -> tuple[Score, ...]:
    """Recall at 1, 5 and 10, MRR@10 and nDCG@10 of documents, each standing where its best chunk stands, where there is
    more than one; and how often the very best chunk says the answer.  Questions that have none are left out.

    `progress` is called with how many questions are done and how many there are.
    """
    rankings, said = [], []
    for done, asked in enumerate(questions, 1):
        if asked.is_answered:
            search = partial(_search, searcher, asked)
            found = ranked(search, lambda chunk: chunk.report, 1 if asked.is_alone else _DEPTH)
            is_said = bool(found) and asked.is_said_in(found[0][1].chunk.text)
            said.append(Part(id=asked.id, value=float(is_said)))
            if not asked.is_alone:
                rankings.append(_ranking(asked, [document for document, _ in found]))
        progress(done, len(questions))
    found_where = [*(recall_at_k(rankings, k) for k in (1, 5, 10)), mean_reciprocal_rank(rankings), ndcg(rankings)]
    return (*(score for score in found_where if score.parts), mean("said@1", said))


def _search(searcher: Searcher, asked: Asked, depth: int) -> Sequence[Hit]:
    return searcher.search(asked.question, depth, asked.scope)


def _ranking(asked: Asked, documents: Sequence[str]) -> Ranking:
    """A document counts as one place, whatever paragraph of it was found."""
    return Ranking(
        id=asked.id,
        places=tuple(frozenset({(document, 1)}) for document in documents),
        evidence=(frozenset({(asked.document, 1)}),),
    )
