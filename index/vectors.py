"""Nearest neighbours by cosine: the only file that touches faiss."""

from __future__ import annotations

import math
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
_CORES = faiss.omp_get_max_threads()
_SCANS = ThreadPoolExecutor(_CORES, "scan", faiss.omp_set_num_threads, (1,))

# … and from so many on, the rows are sorted into cells, and a search looks into the nearest of these alone: into one
# of eight, where 19 of 20 of the best five among 75,000 passages are found.
_CELLS_FROM = 250_000
_PROBED = 1 / 8
_TRAINING = 64

# So few rows of a scope are picked out of their cells one by one (1.7 µs each); going through all cells takes as long
# for 1,500 rows among 600,000.
_FEW = 1500


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
        faiss.omp_set_num_threads(_CORES)
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
        k = min(k, len(self))
        if k < 1:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        faiss.omp_set_num_threads(1)  # for a single query the threads of a team wait longer than they work
        if within is not None:
            allowed = np.flatnonzero(within)
            if self._cells and len(allowed) <= _FEW:
                return self._among(allowed, query, k)
            # A list of eight rows a byte, which is looked into before a row is compared.
            selector = faiss.IDSelectorBitmap(np.packbits(within, bitorder="little"))  # type: ignore[call-arg, arg-type]
            return self._nearest(query, k, len(allowed), selector)
        if self._cells or len(self) < _SPLIT:
            return self._nearest(query, k, len(self), None)
        step = -(-len(self) // _CORES)
        shares = (faiss.IDSelectorRange(start, start + step, True) for start in range(0, len(self), step))
        parts = _SCANS.map(lambda share: self._nearest(query, k, step, share), shares)
        rows, scores = (np.concatenate(column) for column in zip(*parts, strict=True))
        best = top(scores, k)
        return rows[best], scores[best]

    def _nearest(
        self, query: NDArray[np.float32], k: int, allowed: int, selector: faiss.IDSelector | None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Of the rows that the selector allows; where there are cells, of the more, the fewer rows are allowed."""
        parameters: faiss.SearchParameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        if self._cells:
            probed = min(self._cells, math.ceil(self._cells * _PROBED * len(self) / max(allowed, 1)))
            parameters = faiss.SearchParametersIVF(sel=selector, nprobe=probed)  # type: ignore[call-arg]
        scores, rows = self._vectors.search(query[np.newaxis], k, params=parameters)
        found = rows[0] >= 0
        return rows[0][found], scores[0][found]

    def _among(
        self, rows: NDArray[np.int64], query: NDArray[np.float32], k: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The nearest of these rows alone."""
        scores = self.vectors(rows) @ query
        best = top(scores, k)
        return rows[best], scores[best]

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
