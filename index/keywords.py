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

__all__ = ["KeywordIndex", "WholeReports"]

# How soon a repeated token stops counting, and how much a long text is marked down: less than is usual for whole
# documents, as chunks are short and of much the same length (measured on reports and, alike, on policy notices).
K1 = 0.6
B = 0.3

# The usual of whole documents, for a report taken as one text.
WHOLE_K1 = 1.2
WHOLE_B = 0.75

# Of so few rows each is scored; reading every list of rows in full would take longer.
_FEW = 4096

# Sums in another order may differ in their last digits.
_ROUNDING = np.float32(1 - 1e-5)

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
        self._peaks: dict[int, float] = {}

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

    def search(
        self, query: str, k: int, *, within: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The `k` best rows, best first, with their scores, of those that `within` allows and that share a token."""
        rows = None if within is None else np.flatnonzero(within)
        if rows is None or len(rows) > _FEW:
            rows = self._contenders(query, k, within)
        scores = self.scores_of(query, rows)
        rows, scores = rows[scores > 0], scores[scores > 0]
        best = top(scores, k)
        return rows[best], scores[best]

    def scores_of(self, query: str, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """The BM25 scores of these rows, `(len(rows),)`, the rows in rising order; other rows cost nothing.

        As Lucene computes it: Kamphuis, de Vries, Boytsov, Lin, “Which BM25 do you mean?”, ECIR 2020.
        """
        total = np.zeros(len(rows), np.float32)
        for column, weight in self._weights(query):
            at, gains = self._gains(column, weight, rows)
            total[at] += gains
        return total

    def _contenders(self, query: str, k: int, within: NDArray[np.bool_] | None) -> NDArray[np.int64]:
        """Rows, rising, with the best `k` among them.

        The rarest tokens come first.  Once the k-th best row is ahead by more than all tokens that are left can give,
        no new row can catch up, and the long lists of 年 and 的 are looked up for the rows in the lead alone.
        MaxScore: Turtle, Flood, “Query Evaluation: Strategies and Optimizations”, IPM 1995.
        """
        tokens = sorted(self._weights(query), key=lambda token: -token[1])
        left = np.cumsum([0.0, *(weight * self._peak(column) for column, weight in reversed(tokens))])[-2::-1]
        total = np.zeros(len(self), np.float32)
        rows, fresh, read, seen = np.empty(0, np.int64), [], 0, 0
        is_open = True
        for (column, weight), rest in zip(tokens, left, strict=True):
            if is_open:
                texts, counts = self._postings(column)
                if within is not None:
                    allowed = within[texts]
                    texts, counts = texts[allowed], counts[allowed]
                fresh.append(texts[total[texts] == 0])
                total[texts] += self._gain(weight, counts, self._discounts[texts])
                read += len(texts)
                seen += len(fresh[-1])
                if seen < k or read < len(rows):
                    continue  # looking for the k-th best row costs as much as reading so many more
                rows, fresh, read = np.concatenate([rows, *fresh]), [], 0
            else:
                at, gains = self._gains(column, weight, rows)
                total[rows[at]] += gains
            scores = total[rows]
            least = np.partition(scores, -k)[-k] * _ROUNDING
            if is_open and least > rest:
                is_open = False
                rows = np.flatnonzero(total)  # the same rows, rising: a fraction of the time of sorting them
                scores = total[rows]
            if not is_open:
                rows = rows[scores + rest >= least]
        return np.flatnonzero(total) if is_open else rows

    def _gains(
        self, column: int, weight: np.float32, rows: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Which of these rows, in rising order, hold a token, and what it adds to the score of each."""
        texts, counts = self._postings(column)
        if not len(rows) or not len(texts):
            return np.empty(0, np.int64), np.empty(0, np.float32)
        span = slice(*np.searchsorted(texts, np.array([rows[0], rows[-1] + 1], texts.dtype)))
        texts, counts = texts[span], counts[span]
        if len(texts) < len(rows):
            at = np.searchsorted(rows, texts)
            held = rows[at] == texts
            at, counts = at[held], counts[held]
        else:
            found = np.minimum(np.searchsorted(texts, rows.astype(texts.dtype)), len(texts) - 1)
            at = np.flatnonzero(texts[found] == rows)
            counts = counts[found[at]]
        return at, self._gain(weight, counts, self._discounts[rows[at]])

    @staticmethod
    def _gain(weight: np.float32, counts: NDArray[np.uint16], discounts: NDArray[np.float32]) -> NDArray[np.float32]:
        times = counts.astype(np.float32)
        return weight * times / (times + discounts)

    def _peak(self, column: int) -> float:
        """No text gets more than this part of a token's weight."""
        if column not in self._peaks:
            most = float(self._postings(column)[1].max())
            self._peaks[column] = most / (most + self._least_discount)
        return self._peaks[column]

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

    @cached_property
    def _least_discount(self) -> float:
        return float(self._discounts.min())


class WholeReports:
    """The same words, each report taken as one text; safe to share between threads.

    `bounds` `(reports + 1,)`: the rows of report i are bounds[i] to bounds[i + 1].  Reports are scored when asked for;
    what depends on no query is worked out once.
    """

    def __init__(self, words: KeywordIndex, bounds: NDArray[np.int64]) -> None:
        self._words = words
        self._bounds = bounds
        total = np.concatenate([[0], np.cumsum(words._lengths, dtype=np.int64)])
        lengths = np.diff(total[bounds])
        self._discounts = WHOLE_K1 * (1 - WHOLE_B + WHOLE_B * lengths * len(lengths) / max(total[-1], 1))
        self._holding: dict[int, int] = {}

    def scores_of(self, query: str, reports: NDArray[np.integer]) -> NDArray[np.float32]:
        """The BM25 scores `(len(reports),)` of these reports: their parts of the lists are read, and no others."""
        total = np.zeros(len(reports), np.float32)
        n, discounts = len(self._discounts), self._discounts[reports]
        bounds = np.stack([self._bounds[reports], self._bounds[reports + 1]]).astype(np.int32)
        for token, weight in Counter(keyword_tokens(query)).items():
            if (column := self._words._vocabulary.get(token)) is not None:
                counts, holding = self._counts(column, bounds), self._reports_holding(column)
                idf = math.log1p((n - holding + 0.5) / (holding + 0.5))
                total += weight * idf * counts / (counts + discounts)
        return total

    def _counts(self, column: int, bounds: NDArray[np.int32]) -> NDArray[np.int64]:
        """How often a token stands in each of the reports whose first rows and ends `bounds` `(2, reports)` holds."""
        rows, found = self._words._postings(column)
        first, end = np.searchsorted(rows, bounds)
        sizes = end - first
        ends = np.cumsum(sizes)
        at = np.arange(sizes.sum()) + np.repeat(first - ends + sizes, sizes)
        sums = np.concatenate([[0], np.cumsum(found[at], dtype=np.int64)])
        return np.asarray(sums[ends] - sums[ends - sizes], np.int64)

    def _reports_holding(self, column: int) -> int:
        if column not in self._holding:
            of = np.searchsorted(self._bounds, self._words._postings(column)[0], side="right")
            self._holding[column] = 1 + int(np.count_nonzero(of[1:] != of[:-1]))
        return self._holding[column]
