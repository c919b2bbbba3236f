"""Searches over pieces by other programs, each as its documentation sets it up, all with the product's embedding model.

Each builder takes texts and the model, and gives a search: the places of the best k texts with their scores.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

import numpy as np

from index.embedders import Embedder
from index.errors import WenbaoError
from index.keywords import KeywordIndex
from index.vectors import VectorIndex

__all__ = ["SEARCHES", "BaselineError", "Search"]

Search = Callable[[str, int], Sequence[tuple[int, float]]]


class BaselineError(WenbaoError):
    """A program to compare with is not installed."""


def _missing(name: str) -> BaselineError:
    return BaselineError(f"没有安装 {name}，它只用于对比评测。请先运行 pip install -e '.[baselines]'。")


def dense(texts: Sequence[str], embedder: Embedder) -> Search:
    """LangChain's recipe: vectors of the pieces in FAISS, the nearest to the question."""
    vectors = VectorIndex.build(embedder.encode_document(texts))

    def search(question: str, k: int) -> Sequence[tuple[int, float]]:
        rows, scores = vectors.search(embedder.encode_query([question])[0], k)
        return list(zip(rows.tolist(), scores.tolist(), strict=True))

    return search


def bm25(texts: Sequence[str], embedder: Embedder) -> Search:
    """BM25 alone, over characters and pairs of them; the model is not used."""
    keywords = KeywordIndex.build(texts)

    def search(question: str, k: int) -> Sequence[tuple[int, float]]:
        rows, scores = keywords.search(question, k)
        return list(zip(rows.tolist(), scores.tolist(), strict=True))

    return search


def txtai(texts: Sequence[str], embedder: Embedder) -> Search:
    """txtai's hybrid search, half vectors and half BM25.  Raises BaselineError."""
    try:
        from txtai import Embeddings
    except ImportError as error:
        raise _missing("txtai") from error
    encode: Callable[[list[str]], np.ndarray] = embedder.encode_document

    def transform(batch: list[str]) -> np.ndarray:
        return encode(batch)

    hybrid = Embeddings(method="external", transform=transform, hybrid=True)
    hybrid.index(texts)
    encode = embedder.encode_query  # what txtai asks for from here on are questions

    def search(question: str, k: int) -> Sequence[tuple[int, float]]:
        return [(int(row), float(score)) for row, score in hybrid.search(question, k)]

    return search


def haystack(texts: Sequence[str], embedder: Embedder) -> Search:
    """Haystack's BM25 and vectors in memory, joined by reciprocal ranks.

    Its pattern for words takes a whole Chinese clause for one: characters and digits are given instead.  Raises
    BaselineError.
    """
    try:
        os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"  # read on import: nothing leaves the machine
        from haystack import Document
        from haystack.components.joiners import DocumentJoiner
        from haystack.document_stores.in_memory import InMemoryDocumentStore
    except ImportError as error:
        raise _missing("haystack") from error
    store = InMemoryDocumentStore(
        bm25_tokenization_regex=r"\d+(?:\.\d+)?|\w", embedding_similarity_function="dot_product"
    )
    vectors = embedder.encode_document(texts)
    store.write_documents(
        [
            Document(id=str(row), content=text, embedding=vector.tolist())
            for row, (text, vector) in enumerate(zip(texts, vectors, strict=True))
        ]
    )
    joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion")

    def search(question: str, k: int) -> Sequence[tuple[int, float]]:
        words = store.bm25_retrieval(question, top_k=k)
        meaning = store.embedding_retrieval(embedder.encode_query([question])[0].tolist(), top_k=k)
        joined = joiner.run(documents=[words, meaning], top_k=k)["documents"]
        return [(int(found.id), float(found.score or 0)) for found in joined]

    return search


SEARCHES: dict[str, Callable[[Sequence[str], Embedder], Search]] = {
    "langchain": dense,
    "bm25": bm25,
    "txtai": txtai,
    "haystack": haystack,
}
