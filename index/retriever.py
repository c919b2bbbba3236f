"""From a question to the chunks that may answer it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.embedders import Embedder
from index.fusion import top, weighted
from index.store import ReportIndex
from index.types import Hit, Scope

__all__ = ["Retriever"]

# Words against meaning.  With nine parts of ten, search finds at least as much as by words alone, in and out of a
# settled scope; with half and half, or by ranks instead of scores, it finds less.
_WEIGHTS = (0.9, 0.1)

# The same of whole reports, where one's nearness in meaning is that of its nearest chunk.
_REPORT_WEIGHTS = (0.7, 0.3)

# A chunk's own fit against that of its report: the place, the year and the subject may be named once, far from the
# statement that answers (measured on policy notices).
_CHUNK_AND_REPORT = (0.3, 0.7)

# The best of each search are weighed against each other: at least so many.
_CANDIDATES = 200

# A question is looked up in one report after the other, and the examples are asked by many: their vectors are kept.
_KEPT_QUERIES = 1024


class Retriever:
    """Searches one generation of an index; safe to share between threads.

    The scope is settled before anything is ranked: what lies outside takes no place from what lies inside.
    Raises IndexMismatch if the index was built with another embedding model.
    """

    def __init__(self, opened: ReportIndex, embedder: Embedder) -> None:
        opened.require(embedder)
        self._index = opened
        self._vector = lru_cache(_KEPT_QUERIES)(lambda query: embedder.encode_query([query])[0])

    def search(self, query: str, k: int, scope: Scope = Scope(), *, by_report: bool = True) -> list[Hit]:
        """The `k` best chunks by words and meaning together.

        `by_report`: those of reports that fit as a whole first; without it each chunk stands for itself, so that
        every report that has something to say is heard.
        """
        within = self._index.mask(scope)
        vector = self._vector(query)
        deep = max(k, _CANDIDATES)
        found, _ = self._index.keywords.search(query, deep, within=within)
        near, _ = self._index.vectors.search(vector, deep, within=within)
        rows = np.union1d(found, near)
        by_word = self._index.keywords.scores_of(query, rows)
        meaning = self._index.vectors.vectors(rows) @ vector
        scores = weighted([by_word, meaning], _WEIGHTS)
        places = self._index.places[rows]
        if by_report and len(np.unique(places)) > 1:
            scores = weighted([scores, self._of_reports(query, places, meaning)], _CHUNK_AND_REPORT)
        best = top(scores, k)
        return self._hits(rows[best], scores[best])

    def _of_reports(self, query: str, places: NDArray[np.int32], meaning: NDArray[np.float32]) -> NDArray[np.float32]:
        """How well the report of each candidate fits, `(candidates,)`."""
        reports, at = np.unique(places, return_inverse=True)
        words = self._index.whole_reports.scores_of(query, reports)
        nearest = np.full(len(reports), -1, np.float32)
        np.maximum.at(nearest, at, meaning)
        return weighted([words, nearest], _REPORT_WEIGHTS)[at]

    def search_keywords(self, query: str, k: int, scope: Scope = Scope()) -> list[Hit]:
        """The `k` best chunks by words alone, of those that share a word with the query."""
        return self._hits(*self._index.keywords.search(query, k, within=self._index.mask(scope)))

    def search_vectors(self, query: str, k: int, scope: Scope = Scope()) -> list[Hit]:
        """The `k` chunks nearest in meaning."""
        return self._hits(*self._index.vectors.search(self._vector(query), k, within=self._index.mask(scope)))

    def nearness(self, query: str, scope: Scope, *, clauses: bool) -> dict[tuple[str, int, int], float]:
        """The cosines of all chunks in scope, or of all clauses with figures, by report, paragraph and start.

        A clause says one thing; a chunk, which is a sentence or two, says several, and its vector is their mean.
        """
        vector, index = self._vector(query), self._index
        near: dict[tuple[str, int, int], float] = {}
        for card in index.cards:
            if card.id in scope:
                rows = index.clause_rows(card.id) if clauses else index.rows(card.id)
                spans = (index.clauses if clauses else index.chunks)[rows.start : rows.stop]
                vectors = (
                    index.clause_vectors[rows.start : rows.stop] if clauses else index.vectors.vectors(np.array(rows))
                )
                starts = zip(spans["paragraph"].tolist(), spans["start"].tolist(), strict=True)
                cosines = (vectors.astype(np.float32) @ vector).tolist()
                near |= {(card.id, *start): cosine for start, cosine in zip(starts, cosines, strict=True)}
        return near

    def _hits(self, rows: NDArray[np.int64], scores: NDArray[np.float32]) -> list[Hit]:
        return [
            Hit(chunk=self._index.chunk(row), score=float(score), rank=rank)
            for rank, (row, score) in enumerate(zip(rows.tolist(), scores, strict=True), 1)
        ]
