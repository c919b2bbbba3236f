"""Nearest neighbours by cosine: the only file that touches faiss."""

from __future__ import annotations

import math
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamaged
from index.fusion import top

__all__ = ["VectorIndex"]

# Rows converted at a time, so that a large index is built and copied in little memory.
_BLOCK = 8192

# From so many rows on, every core scans its share of them …
_SPLIT = 100_000
_CORES = os.cpu_count() or 1
_SCANS = ThreadPoolExecutor(_CORES, thread_name_prefix="scan")

# … and from so many on, the rows are sorted into cells, and a search looks into the nearest of these alone: into one
# of eight, where 19 of 20 of the best five among 75,000 passages are found.  A scope as small as _FEW rows is always
# compared whole.
_CELLS_FROM = 250_000
_PROBED = 1 / 8
_TRAINING = 64
_FEW = 50_000


class VectorIndex:
    """Vectors in half precision; row i belongs to the i-th chunk.

    Up to _CELLS_FROM rows are compared exactly (45,000 take some 5 ms on one core), more by cells (IVF).  Every
    cosine that is given is exact, and a scope narrows a search *before* it ranks.
    """

    def __init__(self, vectors: faiss.Index) -> None:
        self._vectors = vectors
        self._cells = int(vectors.nlist) if isinstance(vectors, faiss.IndexIVF) else 0

    def __len__(self) -> int:
        return int(self._vectors.ntotal)

    @property
    def dim(self) -> int:
        return int(self._vectors.d)

    @classmethod
    def build(cls, vectors: NDArray[np.floating]) -> VectorIndex:
        """From L2-normalised vectors, `(n, dim)` of any float type."""
        built = _exact(vectors.shape[1]) if len(vectors) < _CELLS_FROM else _celled(vectors)
        for start in range(0, len(vectors), _BLOCK):
            built.add(np.ascontiguousarray(vectors[start : start + _BLOCK], dtype=np.float32))
        return cls(built)

    def save(self, path: Path) -> None:
        """Write one file.  Raises OSError."""
        with path.open("wb") as file:
            # faiss's own writer turns a full disk into a RuntimeError; through Python's it stays an OSError.
            faiss.write_index(self._vectors, faiss.PyCallbackIOWriter(file.write))  # type: ignore[attr-defined]

    @classmethod
    def load(cls, path: Path) -> VectorIndex:
        """Map the file into memory; nothing is read before it is needed.  Raises IndexDamaged."""
        try:
            return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC))
        except RuntimeError as exc:
            raise IndexDamaged(f"向量文件 {path} 无法读取，请运行 wenbao index … --rebuild 重建索引") from exc

    def search(
        self, query: NDArray[np.float32], k: int, *, within: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The `k` rows nearest to `query` `(dim,)`, best first, with their cosines, of those that `within` allows."""
        if within is not None:
            allowed = np.flatnonzero(within)
            if not self._cells or len(allowed) <= _FEW:
                return self._among(allowed, query, k)
            return self._in_cells(query, k, within, len(allowed) / len(self))
        if self._cells:
            return self._in_cells(query, k, None, 1.0)
        if len(self) < _SPLIT:
            return self._between(0, len(self), query, k)
        step = -(-len(self) // _CORES)
        parts = list(_SCANS.map(lambda start: self._between(start, start + step, query, k), range(0, len(self), step)))
        rows, scores = (np.concatenate(column) for column in zip(*parts, strict=True))
        best = top(scores, k)
        return rows[best], scores[best]

    def _in_cells(
        self, query: NDArray[np.float32], k: int, within: NDArray[np.bool_] | None, share: float
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Of the nearest cells: of the more, the smaller the share of rows that is allowed."""
        probed = min(self._cells, math.ceil(self._cells * _PROBED / share))
        selector = {} if within is None else {"sel": faiss.IDSelectorBitmap(np.packbits(within, bitorder="little"))}  # type: ignore[call-arg, arg-type]
        parameters = faiss.SearchParametersIVF(nprobe=probed, **selector)  # type: ignore[call-arg]
        scores, rows = self._vectors.search(query[np.newaxis], k, params=parameters)
        found = rows[0] >= 0
        return rows[0][found], scores[0][found]

    def _among(
        self, rows: NDArray[np.int64], query: NDArray[np.float32], k: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The nearest of these rows alone, which are read in blocks."""
        blocks = (self.vectors(rows[start : start + _BLOCK]) @ query for start in range(0, len(rows), _BLOCK))
        scores = np.concatenate([np.empty(0, np.float32), *blocks])
        best = top(scores, k)
        return rows[best], scores[best]

    def _between(
        self, start: int, end: int, query: NDArray[np.float32], k: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        end = min(end, len(self))
        k = min(k, end - start)
        if k < 1:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        whole = (start, end) == (0, len(self))
        selector = faiss.IDSelectorRange(start, end, True)
        parameters = None if whole else faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        scores, rows = self._vectors.search(query[np.newaxis], k, params=parameters)
        return rows[0], scores[0]

    def vectors(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """The vectors of these rows, `(len(rows), dim)`, exactly as stored: saving them again loses nothing."""
        if not len(rows):
            return np.empty((0, self.dim), np.float32)
        return self._vectors.reconstruct_batch(rows)


def _exact(dim: int) -> faiss.Index:
    return faiss.IndexScalarQuantizer(dim, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)


def _celled(vectors: NDArray[np.floating]) -> faiss.Index:
    """Cells around means of a sample, none of the vectors in them yet."""
    count, dim = vectors.shape
    cells = int(2 * count**0.5)
    half, cosine = faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    built = faiss.IndexIVFScalarQuantizer(faiss.IndexFlatIP(dim), dim, cells, half, cosine, False)
    built.cp.spherical = True
    sample = np.linspace(0, count - 1, min(count, cells * _TRAINING)).astype(np.int64)
    built.train(np.ascontiguousarray(vectors[sample], dtype=np.float32))
    built.make_direct_map(True)  # where each row lies
    return built
