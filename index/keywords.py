"""BM25 over characters and their bigrams.

Chinese has no spaces: a segmenter that cuts 保障性租赁住房 one way in the report and another way in
the question loses the match.  Bigrams cannot disagree, and on government reports they find more.
"""

from __future__ import annotations

import json
import math
from array import array
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from statistics import fmean

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped]

from index.fusion import top
from index.text import keyword_tokens

__all__ = ["KeywordIndex"]

# How soon a repeated token stops counting, and how much a long text is marked down: less than is usual for whole
# documents, as chunks are short and of much the same length (measured on reports and, alike, on policy notices).
K1 = 0.6
B = 0.3

# The usual of whole documents, for a report taken as one text.
WHOLE_K1 = 1.2
WHOLE_B = 0.75

_MATRIX = ("data", "indices", "indptr")


class KeywordIndex:
    """How often each token stands in each text; scores are worked out when asked for.

    `counts` is a matrix of texts × tokens in compressed sparse columns: the texts of a token lie side by
    side.  As it holds counts and not scores, a new generation takes over the rows of an older one
    without reading a text again, though every score changes.
    """

    def __init__(self, vocabulary: dict[str, int], counts: sparse.csc_array, lengths: NDArray[np.int32]) -> None:
        self._vocabulary = vocabulary
        self._counts = counts
        self._lengths = lengths

    def __len__(self) -> int:
        return len(self._lengths)

    @classmethod
    def build(
        cls, texts: Sequence[str], *, earlier: KeywordIndex | None = None, origin: NDArray[np.int64] | None = None
    ) -> KeywordIndex:
        """Text i is row i.  Where `origin[i]` is not -1, that row of `earlier` is taken over and the text not read.

        The vocabulary is that of these texts alone, in order: equal texts give equal files, and no
        word of a removed text stays behind.
        """
        if origin is None:
            origin = np.full(len(texts), -1)
        known, new = np.flatnonzero(origin >= 0), np.flatnonzero(origin < 0).tolist()
        vocabulary = {} if earlier is None else dict(earlier._vocabulary)
        tokens, ends = array("i"), array("i", [0])
        for i in new:
            tokens.extend(vocabulary.setdefault(token, len(vocabulary)) for token in keyword_tokens(texts[i]))
            ends.append(len(tokens))
        counts = sparse.csr_array(
            (np.ones(len(tokens), np.uint16), np.asarray(tokens), np.asarray(ends)), shape=(len(new), len(vocabulary))
        )
        counts.sum_duplicates()
        if earlier is not None:
            kept = earlier._counts.tocsr()[origin[known]]
            kept.resize(len(known), len(vocabulary))
            counts = sparse.vstack([kept, counts], format="csr")[np.argsort(np.concatenate([known, new]))]

        columns = counts.tocsc()
        in_use = np.diff(columns.indptr) > 0
        words = sorted(token for token, column in vocabulary.items() if in_use[column])
        columns = columns[:, [vocabulary[word] for word in words]]
        lengths = columns.sum(axis=1, dtype=np.int32)
        return cls({word: column for column, word in enumerate(words)}, columns, lengths)

    def save(self, folder: Path) -> None:
        """Write arrays and the vocabulary, a JSON list in the order of the columns.  Raises OSError."""
        for name in _MATRIX:
            np.save(folder / f"{name}.npy", getattr(self._counts, name), allow_pickle=False)
        np.save(folder / "lengths.npy", self._lengths, allow_pickle=False)
        (folder / "vocabulary.json").write_text(json.dumps([*self._vocabulary], ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> KeywordIndex:
        """Map the arrays into memory and read the vocabulary.  Raises OSError and ValueError."""
        words = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
        data, indices, indptr, lengths = (
            np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in (*_MATRIX, "lengths")
        )
        counts = sparse.csc_array((data, indices, indptr), shape=(len(lengths), len(words)))
        return cls({word: column for column, word in enumerate(words)}, counts, lengths)

    def scores(self, query: str) -> NDArray[np.float32]:
        """The BM25 score of every text, `(n,)`; 0 where it shares no token with the query.

        As Lucene computes it: Kamphuis, de Vries, Boytsov, Lin, “Which BM25 do you mean?”, ECIR 2020.
        """
        total = np.zeros(len(self), np.float32)
        for column, bound in self._weights(query):
            rows, found = self._postings(column)
            counts = found.astype(np.float32)
            total[rows] += bound * counts / (counts + self._discounts[rows])
        return total

    def search(
        self, query: str, k: int, *, within: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The `k` best rows, best first, with their scores, of those that `within` allows and that share a token."""
        if within is None:
            rows, scores = np.arange(len(self)), self.scores(query)
        else:
            rows = np.flatnonzero(within)
            scores = self.scores_of(query, rows)
        rows, scores = rows[scores > 0], scores[scores > 0]
        best = top(scores, k)
        return rows[best], scores[best]

    def scores_of(self, query: str, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """The scores of these rows, `(len(rows),)`, the rows in rising order; other rows cost nothing."""
        total = np.zeros(len(rows), np.float32)
        if not len(rows):
            return total
        discounts = self._discounts[rows]
        for column, bound in self._weights(query):
            texts, counts = self._postings(column)
            span = slice(*np.searchsorted(texts, np.array([rows[0], rows[-1] + 1], texts.dtype)))
            texts, counts = texts[span], counts[span]
            if not len(texts):
                continue
            if len(texts) < len(rows):
                at = np.searchsorted(rows, texts)
                held = rows[at] == texts
                at, counts = at[held], counts[held].astype(np.float32)
            else:
                found = np.minimum(np.searchsorted(texts, rows.astype(texts.dtype)), len(texts) - 1)
                at = np.flatnonzero(texts[found] == rows)
                counts = counts[found[at]].astype(np.float32)
            total[at] += bound * counts / (counts + discounts[at])
        return total

    def scores_of_groups(self, query: str, groups: NDArray[np.int32], n: int) -> NDArray[np.float32]:
        """The scores `(n,)` of groups of texts, each taken as one text; `groups` `(texts,)`: which each belongs to."""
        total = np.zeros(n, np.float32)
        lengths = np.bincount(groups, weights=self._lengths, minlength=n)
        discounts = WHOLE_K1 * (1 - WHOLE_B + WHOLE_B * lengths * n / max(lengths.sum(), 1))
        for token, weight in Counter(keyword_tokens(query)).items():
            if (column := self._vocabulary.get(token)) is not None:
                rows, found = self._postings(column)
                counts = np.bincount(groups[rows], weights=found, minlength=n)
                holding = np.count_nonzero(counts)
                total += weight * math.log1p((n - holding + 0.5) / (holding + 0.5)) * counts / (counts + discounts)
        return total

    def _weights(self, query: str) -> list[tuple[int, np.float32]]:
        """The columns of the query's tokens with what each is worth."""
        return [
            (column, np.float32(weight * self._idf(token)))
            for token, weight in Counter(keyword_tokens(query)).items()
            if (column := self._vocabulary.get(token)) is not None
        ]

    def _postings(self, column: int) -> tuple[NDArray[np.int32], NDArray[np.uint16]]:
        """The rows, rising, that hold a token, and how often."""
        span = slice(*self._counts.indptr[column : column + 2])
        return self._counts.indices[span], self._counts.data[span]

    def idf(self, word: str) -> float:
        """How telling a word is: the mean inverse document frequency of its pairs of characters."""
        tokens = keyword_tokens(word)
        pairs = [token for token in tokens if len(token) > 1] or tokens
        return fmean(map(self._idf, pairs)) if pairs else 0.0

    def _idf(self, token: str) -> float:
        column = self._vocabulary.get(token)
        holding = 0 if column is None else int(self._counts.indptr[column + 1] - self._counts.indptr[column])
        return math.log1p((len(self) - holding + 0.5) / (holding + 0.5))

    @cached_property
    def _discounts(self) -> NDArray[np.float32]:
        """What a text's length adds to the denominator."""
        relative = self._lengths / self._lengths.mean()
        return np.asarray(K1 * (1 - B + B * relative), np.float32)
